//! Moving the cursor and changing the selection.

use std::cmp::Reverse;

use super::selection::Chosen;
use super::{Direction, ImageId, Sheet};

/// Lines a page up or down moves: a window's height at the usual tile size.
const PAGE_LINES: usize = 4;

/// Where the cursor is and what is selected, to be gone back to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::state) struct Focus {
    cursor: Option<ImageId>,
    anchor: Option<ImageId>,
    selection: Chosen,
}

impl Sheet {
    /// Cursor and selection as they are.
    pub(in crate::state) fn focus(&self) -> Focus {
        Focus { cursor: self.cursor, anchor: self.anchor, selection: self.selection.runs().to_vec() }
    }

    /// Cursor and selection as they were, as far as their images are shown.
    pub(in crate::state) fn set_focus(&mut self, focus: Focus) {
        let kept = |image: &ImageId| self.is_shown(*image);
        let (cursor, anchor) = (focus.cursor.filter(kept), focus.anchor.filter(kept));
        (self.cursor, self.anchor) = (cursor, anchor);
        self.selection.set(focus.selection);
        self.keep_selection();
    }

    /// Puts the cursor on an image and selects it alone.
    pub(in crate::state) fn select_only(&mut self, image: ImageId) {
        self.cursor = Some(image);
        self.anchor = Some(image);
        self.selection.clear();
        self.selection.add([image]);
    }

    /// Puts the cursor on an image; the selection stays when the image is in it.
    pub(in crate::state) fn point_at(&mut self, image: ImageId) {
        if self.selection.contains(image) {
            self.cursor = Some(image);
            self.anchor = Some(image);
        } else {
            self.select_only(image);
        }
    }

    pub(in crate::state) fn select_none(&mut self) {
        self.selection.clear();
    }

    pub(in crate::state) fn toggle(&mut self, image: ImageId) {
        if !self.selection.remove(image) {
            self.selection.add([image]);
        }
        self.cursor = Some(image);
        self.anchor = Some(image);
    }

    /// Selects everything from the anchor to an image, which becomes the cursor.
    pub(in crate::state) fn extend_to(&mut self, image: ImageId) {
        let anchor = self.anchor.or(self.cursor).unwrap_or(image);
        if !self.is_shown(anchor) || !self.is_shown(image) {
            return self.select_only(image);
        }
        let forward = (Reverse(anchor.run), anchor.slot) <= (Reverse(image.run), image.slot);
        let (first, last) = if forward { (anchor, image) } else { (image, anchor) };
        let mut between: Vec<ImageId> = self.images_from(first).take_while(|&shown| shown != last).collect();
        between.push(last);
        self.selection.clear();
        self.selection.add(between);
        self.anchor = Some(anchor);
        self.cursor = Some(image);
    }

    pub(in crate::state) fn select_all(&mut self) {
        let stored = self.shown_runs().map(|(run, brief, shown)| (run.id, brief.stored_of(run, &shown.slots)));
        let stored: Chosen = stored.filter(|(_, places)| !places.is_empty()).collect();
        self.selection.set(stored);
        if self.cursor.is_none() {
            let first = self.visible_images().next();
            self.cursor = first;
            self.anchor = self.cursor;
        }
    }

    pub(in crate::state) fn select(&mut self, images: Vec<ImageId>, add: bool) {
        if !add {
            self.selection.clear();
        }
        let shown: Vec<ImageId> = images.into_iter().filter(|&image| self.is_shown(image)).collect();
        self.selection.add(shown);
        if self.cursor.is_none() || !add {
            let first = self.selected().next();
            self.cursor = first.or(self.cursor);
            self.anchor = self.cursor;
        }
    }

    /// Moves the cursor a step and selects what it lands on, or everything on the way.
    pub(in crate::state) fn step(&mut self, direction: Direction, extend: bool) {
        let Some(target) = self.target(direction) else { return };
        if extend { self.extend_to(target) } else { self.select_only(target) }
    }

    fn target(&self, direction: Direction) -> Option<ImageId> {
        let first = self.visible_images().next()?;
        let Some(cursor) = self.cursor else {
            return if direction == Direction::End { self.visible_images().next_back() } else { Some(first) };
        };
        match direction {
            Direction::Home => Some(first),
            Direction::End => self.visible_images().next_back(),
            Direction::Left => self.before(cursor).or(Some(cursor)),
            Direction::Right => self.after(cursor).or(Some(cursor)),
            Direction::Up => self.line_step(cursor, 1, false),
            Direction::Down => self.line_step(cursor, 1, true),
            Direction::PageUp => self.line_step(cursor, PAGE_LINES, false),
            Direction::PageDown => self.line_step(cursor, PAGE_LINES, true),
        }
    }

    /// The image shown after this one.
    pub(in crate::state) fn after(&self, image: ImageId) -> Option<ImageId> {
        self.images_from(image).find(|&shown| shown != image)
    }

    /// The image shown before this one.
    pub(in crate::state) fn before(&self, image: ImageId) -> Option<ImageId> {
        self.images_before(image).next()
    }

    fn line_step(&self, cursor: ImageId, lines: usize, down: bool) -> Option<ImageId> {
        self.lines_away(cursor, lines, down)
            .or_else(|| if down { self.after(cursor) } else { self.before(cursor) })
            .or(Some(cursor))
    }

    /// The stored image after or before this one, for the viewer.
    pub(in crate::state) fn stored_beside(&self, image: ImageId, forward: bool) -> Option<ImageId> {
        let mut next = image;
        loop {
            next = if forward { self.after(next) } else { self.before(next) }?;
            if self.facts(next).is_some() {
                return Some(next);
            }
        }
    }
}
