//! Moving the cursor and changing the selection.

use super::{BTreeSet, Direction, ImageId, Mark, Sheet, Slot};

/// Lines a page up or down moves: a window's height at the usual tile size.
const PAGE_LINES: usize = 4;

/// Where the cursor is and what is selected, to be gone back to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::state) struct Focus {
    cursor: Option<ImageId>,
    anchor: Option<ImageId>,
    selection: BTreeSet<ImageId>,
}

impl Sheet {
    /// Cursor and selection as they are.
    pub(in crate::state) fn focus(&self) -> Focus {
        Focus { cursor: self.cursor, anchor: self.anchor, selection: self.selection.clone() }
    }

    /// Cursor and selection as they were, as far as their images are shown.
    pub(in crate::state) fn set_focus(&mut self, focus: Focus) {
        let shown: BTreeSet<ImageId> = self.visible_images().collect();
        let kept = |image: &ImageId| shown.contains(image);
        self.selection = focus.selection.into_iter().filter(kept).collect();
        self.cursor = focus.cursor.filter(kept);
        self.anchor = focus.anchor.filter(kept);
    }

    /// Puts the cursor on an image and selects it alone.
    pub(in crate::state) fn select_only(&mut self, image: ImageId) {
        self.cursor = Some(image);
        self.anchor = Some(image);
        self.selection = BTreeSet::from([image]);
    }

    /// Puts the cursor on an image; the selection stays when the image is in it.
    pub(in crate::state) fn point_at(&mut self, image: ImageId) {
        if self.selection.contains(&image) {
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
        if !self.selection.remove(&image) {
            self.selection.insert(image);
        }
        self.cursor = Some(image);
        self.anchor = Some(image);
    }

    /// Selects everything from the anchor to an image, which becomes the cursor.
    pub(in crate::state) fn extend_to(&mut self, image: ImageId) {
        let anchor = self.anchor.or(self.cursor).unwrap_or(image);
        let place = |wanted: ImageId| self.visible_images().position(|shown| shown == wanted);
        let (Some(from), Some(to)) = (place(anchor), place(image)) else { return self.select_only(image) };
        let range = from.min(to)..=from.max(to);
        self.selection = self.visible_images().skip(*range.start()).take(range.end() - range.start() + 1).collect();
        self.anchor = Some(anchor);
        self.cursor = Some(image);
    }

    pub(in crate::state) fn select_all(&mut self) {
        let shown: BTreeSet<ImageId> =
            self.visible_images().filter(|&image| matches!(self.slot(image), Some(Slot::Stored(_)))).collect();
        self.selection = shown;
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
        let shown: BTreeSet<ImageId> = self.visible_images().collect();
        self.selection.extend(images.into_iter().filter(|image| shown.contains(image)));
        if self.cursor.is_none() || !add {
            self.cursor = self.selection().first().copied().or(self.cursor);
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
            return if direction == Direction::End { self.visible_images().last() } else { Some(first) };
        };
        match direction {
            Direction::Home => Some(first),
            Direction::End => self.visible_images().last(),
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
        self.visible_images().skip_while(|&shown| shown != image).nth(1)
    }

    /// The image shown before this one.
    pub(in crate::state) fn before(&self, image: ImageId) -> Option<ImageId> {
        let mut last = None;
        for shown in self.visible_images() {
            if shown == image {
                return last;
            }
            last = Some(shown);
        }
        None
    }

    fn line_step(&self, cursor: ImageId, lines: usize, down: bool) -> Option<ImageId> {
        let place = self.lines.iter().enumerate().find_map(|(line, images)| {
            images.iter().position(|&image| image == cursor).map(|column| (line, column, images.len()))
        });
        let Some((line, column, width)) = place else {
            return if down { self.after(cursor) } else { self.before(cursor) }.or(Some(cursor));
        };
        let last = self.lines.len().saturating_sub(1);
        let target = if down { (line + lines).min(last) } else { line.saturating_sub(lines) };
        if target == line {
            return Some(cursor);
        }
        let images = self.lines.get(target)?;
        // The same share of the line's width, so that a step from 6 narrow tiles to 3 wide ones lands below.
        let middle = (2 * column + 1) * images.len() / (2 * width.max(1));
        images.get(middle.min(images.len().saturating_sub(1))).copied()
    }

    /// The next stored image without a mark after this one, else before it.
    pub(in crate::state) fn next_unmarked(&self, image: ImageId) -> Option<ImageId> {
        let open = |&shown: &ImageId| self.mark(shown) == Some(Mark::None);
        let after = self.visible_images().skip_while(|&shown| shown != image).skip(1).find(open);
        after.or_else(|| self.visible_images().take_while(|&shown| shown != image).find(open))
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
