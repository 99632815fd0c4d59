//! Short messages in the corner.

use std::path::PathBuf;

use crate::domain::{ImageId, Mark, Timestamp};
use crate::message::{PreferencesPage, Severity};

/// How many notices are kept: more than fit a small window would only hide each other.
const MOST: usize = 4;

/// How long a notice that is no problem stays, in milliseconds: long enough to read two lines and reach Undo.
const STAYS_MILLIS: u64 = 7_000;

/// What a notice's button does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoticeButton {
    /// Take the last step back.
    Undo,
    /// Open a folder in the file manager.
    OpenFolder(PathBuf),
    /// Open Preferences.
    Preferences(PreferencesPage),
    /// Open the library once more.
    OpenAgain,
    /// Give marks once more that could not be written down.
    Retry(Vec<(ImageId, Mark)>),
}

impl NoticeButton {
    /// The words on the button.
    pub const fn label(&self) -> &'static str {
        match self {
            Self::Undo => "Undo",
            Self::OpenFolder(_) => "Open folder",
            Self::Preferences(_) => "Preferences",
            Self::OpenAgain => "Open again",
            Self::Retry(_) => "Retry",
        }
    }
}

/// A short message in the corner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Its number, for dismissing it.
    pub id: u64,
    /// The message.
    pub text: String,
    /// How loud.
    pub severity: Severity,
    /// One thing to do about it.
    pub button: Option<NoticeButton>,
    /// When it appeared.
    pub born: Timestamp,
}

/// The notices shown now, oldest first.
#[derive(Clone, Debug, Default)]
pub struct Notices {
    shown: Vec<Notice>,
    next: u64,
}

impl Notices {
    /// The notices, oldest first.
    pub fn shown(&self) -> &[Notice] {
        &self.shown
    }

    /// A message that goes away by itself.
    pub(super) fn tell(&mut self, text: impl Into<String>, button: Option<NoticeButton>, now: Timestamp) {
        self.push(text.into(), Severity::Info, button, now);
    }

    /// A problem: stays until dismissed.
    pub(super) fn warn(&mut self, text: impl Into<String>, button: Option<NoticeButton>, now: Timestamp) {
        self.push(text.into(), Severity::Problem, button, now);
    }

    fn push(&mut self, text: String, severity: Severity, button: Option<NoticeButton>, now: Timestamp) {
        self.shown.retain(|notice| notice.text != text);
        self.next += 1;
        self.shown.push(Notice { id: self.next, text, severity, button, born: now });
        if self.shown.len() > MOST {
            let calm = self.shown.iter().position(|notice| notice.severity == Severity::Info).unwrap_or(0);
            self.shown.remove(calm);
        }
    }

    /// The step that can be taken back was: its notice has nothing more to offer.
    pub(super) fn undone(&mut self) {
        self.shown.retain(|notice| notice.button != Some(NoticeButton::Undo));
    }

    /// The marks that could not be written so far, out of their notice: one notice speaks of all of them.
    pub(super) fn take_unwritten(&mut self) -> Vec<(ImageId, Mark)> {
        let mut marks = Vec::new();
        self.shown.retain_mut(|notice| match &mut notice.button {
            Some(NoticeButton::Retry(unwritten)) => {
                marks.append(unwritten);
                false
            }
            _ => true,
        });
        marks
    }

    pub(super) fn dismiss(&mut self, id: u64) {
        self.shown.retain(|notice| notice.id != id);
    }

    /// Drops what has been shown long enough; says when to look again, in milliseconds.
    pub(super) fn tick(&mut self, now: Timestamp) -> Option<u64> {
        let age = |notice: &Notice| now.0.saturating_sub(notice.born.0);
        self.shown.retain(|notice| notice.severity == Severity::Problem || age(notice) < STAYS_MILLIS);
        let calm = self.shown.iter().filter(|notice| notice.severity == Severity::Info);
        calm.map(|notice| STAYS_MILLIS.saturating_sub(age(notice))).min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_go_and_problems_stay() {
        let mut notices = Notices::default();
        notices.tell("saved", None, Timestamp(0));
        notices.warn("disk full", None, Timestamp(0));
        assert_eq!(notices.tick(Timestamp(1_000)), Some(STAYS_MILLIS - 1_000));
        assert_eq!(notices.tick(Timestamp(STAYS_MILLIS)), None);
        assert_eq!(notices.shown().iter().map(|notice| notice.text.as_str()).collect::<Vec<_>>(), ["disk full"]);
        notices.dismiss(notices.shown()[0].id);
        assert!(notices.shown().is_empty());
    }

    #[test]
    fn the_same_words_are_not_piled_up_and_the_pile_is_bounded() {
        let mut notices = Notices::default();
        for _ in 0..3 {
            notices.warn("same", None, Timestamp(0));
        }
        assert_eq!(notices.shown().len(), 1);
        for n in 0..20 {
            notices.tell(format!("{n}"), None, Timestamp(0));
        }
        assert_eq!(notices.shown().len(), MOST);
        assert!(notices.shown().iter().any(|notice| notice.text == "same"));
    }
}
