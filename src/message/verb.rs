//! The verbs: every thing a person can ask for by key, button or menu, with its label, tooltip and keys.

use super::chord::{Chord, Key};
use crate::domain::Mark;

/// A step of the cursor on the sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// The image before.
    Left,
    /// The image after.
    Right,
    /// The row above.
    Up,
    /// The row below.
    Down,
    /// The first image.
    Home,
    /// The last image.
    End,
    /// A window's height up.
    PageUp,
    /// A window's height down.
    PageDown,
}

impl Direction {
    /// Every direction.
    pub const ALL: [Self; 8] =
        [Self::Left, Self::Right, Self::Up, Self::Down, Self::Home, Self::End, Self::PageUp, Self::PageDown];

    const fn key(self) -> Key {
        match self {
            Self::Left => Key::Left,
            Self::Right => Key::Right,
            Self::Up => Key::Up,
            Self::Down => Key::Down,
            Self::Home => Key::Home,
            Self::End => Key::End,
            Self::PageUp => Key::PageUp,
            Self::PageDown => Key::PageDown,
        }
    }
}

/// Where a verb's keys are alive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// Everywhere, also while typing.
    Everywhere,
    /// While the prompt has the focus.
    Prompt,
    /// On the sheet, in the viewer and in the survey.
    Images,
    /// In the viewer and the survey only.
    Viewing,
}

/// A thing a person can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Verb {
    /// Send the draft.
    Generate,
    /// The prompt before the one shown.
    EarlierPrompt,
    /// The prompt after the one shown.
    LaterPrompt,
    /// Move the cursor.
    Move(Direction),
    /// Move the cursor and extend the selection to it.
    Extend(Direction),
    /// Put the image under the cursor into the selection or take it out.
    Toggle,
    /// Select every image shown.
    SelectAll,
    /// Judge the selection, or the image shown in the viewer.
    Mark(Mark),
    /// Judge and move on to the next image without a mark.
    MarkAndNext(Mark),
    /// Show the image under the cursor large.
    View,
    /// Show the selection side by side.
    Survey,
    /// Show the picks side by side.
    SurveyPicks,
    /// Open the menu of the image under the cursor.
    Menu,
    /// 100 % at the pointer, and back to fit.
    ZoomActual,
    /// Larger.
    ZoomIn,
    /// Smaller.
    ZoomOut,
    /// Show the facts over the image, or over the sheet where the inspector has no room; or hide them.
    Facts,
    /// Back to the sheet.
    Sheet,
    /// Close what is open: a dialog, the viewer, the selection.
    Back,
    /// Save the picks, or the selection when nothing is picked.
    Save,
    /// Copy the image at full quality.
    Copy,
    /// Put the settings of the image's run back into the composer.
    Reuse,
    /// Show the image's file in the file manager.
    Reveal,
    /// Take the pick marks away.
    ClearPicks,
    /// Move the selection, or the image shown in the viewer, to the library's bin.
    Delete,
    /// Move every rejected image shown to the bin.
    BinRejected,
    /// Take the selection out of the bin.
    Restore,
    /// Move what is in the bin into the system's trash.
    EmptyBin,
    /// Take the last step back.
    Undo,
    /// Do the undone step again.
    Redo,
    /// Go to the search box.
    Search,
    /// Show or hide the row of filters.
    Filters,
    /// Open Preferences.
    Preferences,
    /// Show the key sheet.
    KeySheet,
    /// Full screen and back.
    FullScreen,
    /// Hide or show both panels.
    Panels,
}

const MARKS: [Mark; 3] = [Mark::Pick, Mark::Reject, Mark::None];

impl Verb {
    /// Every verb, in the order of the key sheet.
    pub fn all() -> Vec<Self> {
        let mut all = vec![Self::Generate, Self::EarlierPrompt, Self::LaterPrompt];
        all.extend(Direction::ALL.map(Self::Move));
        all.extend(Direction::ALL.map(Self::Extend));
        all.extend([Self::Toggle, Self::SelectAll]);
        all.extend(MARKS.map(Self::Mark));
        all.extend(MARKS.map(Self::MarkAndNext));
        all.extend([
            Self::View,
            Self::Survey,
            Self::SurveyPicks,
            Self::Menu,
            Self::ZoomActual,
            Self::ZoomIn,
            Self::ZoomOut,
            Self::Facts,
            Self::Sheet,
            Self::Back,
            Self::Save,
            Self::Copy,
            Self::Reuse,
            Self::Reveal,
            Self::ClearPicks,
            Self::Delete,
            Self::BinRejected,
            Self::Restore,
            Self::EmptyBin,
            Self::Undo,
            Self::Redo,
            Self::Search,
            Self::Filters,
            Self::Preferences,
            Self::KeySheet,
            Self::FullScreen,
            Self::Panels,
        ]);
        all
    }

    /// It makes, marks, moves or removes something in the library. Not where the library is only shown.
    pub const fn changes_library(self) -> bool {
        matches!(
            self,
            Self::Generate
                | Self::Mark(_)
                | Self::MarkAndNext(_)
                | Self::ClearPicks
                | Self::Delete
                | Self::BinRejected
                | Self::Restore
                | Self::EmptyBin
        )
    }

    /// The words on a button, in a menu and on the key sheet.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Generate => "Generate",
            Self::EarlierPrompt => "Earlier prompt",
            Self::LaterPrompt => "Later prompt",
            Self::Move(_) => "Move in the sheet",
            Self::Extend(_) => "Extend the selection",
            Self::Toggle => "Select or unselect",
            Self::SelectAll => "Select all",
            Self::Mark(Mark::Pick) => "Pick",
            Self::Mark(Mark::Reject) => "Reject",
            Self::Mark(Mark::None) => "Unmark",
            Self::MarkAndNext(Mark::Pick) => "Pick and go on",
            Self::MarkAndNext(Mark::Reject) => "Reject and go on",
            Self::MarkAndNext(Mark::None) => "Unmark and go on",
            Self::View => "View large",
            Self::Survey => "Compare",
            Self::SurveyPicks => "Compare picks",
            Self::Menu => "Menu of the image",
            Self::ZoomActual => "100 % and back to fit",
            Self::ZoomIn => "Zoom in",
            Self::ZoomOut => "Zoom out",
            Self::Facts => "Facts",
            Self::Sheet => "Back to the sheet",
            Self::Back => "Back",
            Self::Save => "Save picks…",
            Self::Copy => "Copy image",
            Self::Reuse => "Reuse settings",
            Self::Reveal => "Reveal in folder",
            Self::ClearPicks => "Clear",
            Self::Delete => "Delete",
            Self::BinRejected => "Bin all rejected",
            Self::Restore => "Restore from the bin",
            Self::EmptyBin => "Empty bin…",
            Self::Undo => "Undo",
            Self::Redo => "Redo",
            Self::Search => "Search prompts",
            Self::Filters => "Filters",
            Self::Preferences => "Preferences",
            Self::KeySheet => "Keys",
            Self::FullScreen => "Full screen",
            Self::Panels => "Hide or show panels",
        }
    }

    /// One sentence more than the label.
    pub const fn tooltip(self) -> &'static str {
        match self {
            Self::Generate => "Send the prompt, from anywhere in the window",
            Self::EarlierPrompt => "Put the prompt before this one into the box",
            Self::LaterPrompt => "Put the prompt after this one into the box",
            Self::Move(_) => "Move the cursor from image to image",
            Self::Extend(_) => "Move the cursor and select everything on the way",
            Self::Toggle => "Put the image under the cursor into the selection, or take it out",
            Self::SelectAll => "Select every image shown",
            Self::Mark(Mark::Pick) => "Mark the selection as picked",
            Self::Mark(Mark::Reject) => "Mark the selection as rejected",
            Self::Mark(Mark::None) => "Take the mark away",
            Self::MarkAndNext(_) => "Mark, then move to the next image without a mark",
            Self::View => "Show the image under the cursor large",
            Self::Survey => "Show 2 to 10 selected images side by side; with fewer selected, the picks",
            Self::SurveyPicks => "Show the picks side by side",
            Self::Menu => "Everything that can be done with the image under the cursor",
            Self::ZoomActual => "One image pixel for one screen pixel, at the pointer",
            Self::ZoomIn => "Show the image larger",
            Self::ZoomOut => "Show the image smaller",
            Self::Facts => "Show what was asked for and what came, or hide it",
            Self::Sheet => "Close the viewer and show the sheet",
            Self::Back => "Close what is open",
            Self::Save => "Save the picks, or the selection when nothing is picked",
            Self::Copy => "Copy the image at full quality; of several images, their files",
            Self::Reuse => "Put the prompt and settings of this run back into the composer",
            Self::Reveal => "Show the original file in the file manager",
            Self::ClearPicks => "Take the mark off every pick; undo brings them back",
            Self::Delete => "Move the selection to the library's bin; undo brings it back",
            Self::BinRejected => "Move every rejected image shown to the bin, as one step",
            Self::Restore => "Put the selection back where it was",
            Self::EmptyBin => "Move what is in the bin into the system's trash",
            Self::Undo => "Take the last step back",
            Self::Redo => "Do the undone step again",
            Self::Search => "Find images by the words of their prompt",
            Self::Filters => "Show images of one model, endpoint, size or time",
            Self::Preferences => "Endpoints, keys, library, look",
            Self::KeySheet => "Every key at a glance",
            Self::FullScreen => "Use the whole screen",
            Self::Panels => "Hide both panels and show them again",
        }
    }

    /// The keys that ask for it, the first one shown on buttons.
    pub fn chords(self) -> Vec<Chord> {
        const fn letter(mark: Mark) -> Key {
            Key::Letter(match mark {
                Mark::Pick => 'P',
                Mark::Reject => 'X',
                Mark::None => 'U',
            })
        }
        match self {
            Self::Generate => vec![Chord::ctrl(Key::Enter)],
            Self::EarlierPrompt => vec![Chord::alt(Key::Up)],
            Self::LaterPrompt => vec![Chord::alt(Key::Down)],
            Self::Move(direction) => vec![Chord::bare(direction.key())],
            Self::Extend(direction) => vec![Chord::shift(direction.key())],
            Self::Toggle => vec![Chord::ctrl(Key::Space)],
            Self::SelectAll => vec![Chord::ctrl(Key::Letter('A'))],
            Self::Mark(mark) => vec![Chord::bare(letter(mark))],
            Self::MarkAndNext(mark) => vec![Chord::shift(letter(mark))],
            Self::View => vec![Chord::bare(Key::Space), Chord::bare(Key::Enter)],
            Self::Survey => vec![Chord::bare(Key::Letter('C')), Chord::bare(Key::Letter('N'))],
            Self::Menu => vec![Chord::bare(Key::Menu), Chord::shift(Key::Function(10))],
            Self::ZoomActual => vec![Chord::bare(Key::Letter('Z'))],
            Self::ZoomIn => vec![Chord::bare(Key::Plus)],
            Self::ZoomOut => vec![Chord::bare(Key::Minus)],
            // A lone I in a hint looks like a bar.
            Self::Facts => vec![Chord::bare(Key::Letter('F')), Chord::bare(Key::Letter('I'))],
            Self::Sheet => vec![Chord::bare(Key::Letter('G'))],
            Self::Back => vec![Chord::bare(Key::Escape)],
            Self::Save => vec![Chord::ctrl(Key::Letter('S'))],
            Self::Copy => vec![Chord::ctrl(Key::Letter('C'))],
            Self::Delete => vec![Chord::bare(Key::Delete)],
            Self::Restore => vec![Chord::bare(Key::Letter('R'))],
            Self::Undo => vec![Chord::ctrl(Key::Letter('Z'))],
            Self::Redo => vec![Chord::ctrl_shift(Key::Letter('Z'))],
            Self::Search => vec![Chord::ctrl(Key::Letter('F'))],
            Self::Filters => vec![Chord::ctrl_shift(Key::Letter('F'))],
            Self::Preferences => vec![Chord::ctrl(Key::Comma)],
            Self::KeySheet => vec![Chord::bare(Key::Function(1))],
            Self::FullScreen => vec![Chord::bare(Key::Function(11))],
            Self::Panels => vec![Chord::ctrl(Key::Letter('B'))],
            Self::SurveyPicks | Self::Reuse | Self::Reveal | Self::ClearPicks | Self::BinRejected | Self::EmptyBin => {
                Vec::new()
            }
        }
    }

    /// Where its keys are alive.
    pub const fn place(self) -> Place {
        match self {
            Self::Generate
            | Self::Back
            | Self::Save
            | Self::Search
            | Self::Filters
            | Self::Preferences
            | Self::KeySheet
            | Self::FullScreen
            | Self::Panels => Place::Everywhere,
            Self::EarlierPrompt | Self::LaterPrompt => Place::Prompt,
            Self::ZoomActual | Self::ZoomIn | Self::ZoomOut => Place::Viewing,
            _ => Place::Images,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_means_two_things() {
        let mut seen: Vec<(Chord, Verb)> = Vec::new();
        for verb in Verb::all() {
            for chord in verb.chords() {
                if let Some((_, other)) = seen.iter().find(|(taken, _)| *taken == chord) {
                    panic!("{} asks for both {verb:?} and {other:?}", chord.shown(false));
                }
                seen.push((chord, verb));
            }
        }
        assert!(seen.len() > 30);
    }

    #[test]
    fn every_verb_says_what_it_does() {
        for verb in Verb::all() {
            assert!(!verb.label().is_empty() && verb.tooltip().len() > verb.label().len() / 2, "{verb:?}");
        }
    }

    #[test]
    fn bare_letters_are_dead_while_typing() {
        for verb in Verb::all() {
            if verb.place() == Place::Everywhere {
                assert!(verb.chords().iter().all(|chord| !chord.types_text()), "{verb:?}");
            }
        }
    }

    #[test]
    fn chords_read_like_keys() {
        assert_eq!(Chord::ctrl_shift(Key::Letter('Z')).shown(false), "Ctrl Shift Z");
        assert_eq!(Chord::ctrl_shift(Key::Letter('Z')).shown(true), "⌘ ⇧ Z");
    }
}
