//! What every part of the window is handed: what to read, what to keep for itself, and where to put wishes.

use jiff::tz::TimeZone;

use super::memory::Memory;
use super::textures::Textures;
use crate::domain::Timestamp;
use crate::message::{Action, Verb};
use crate::state::Session;

/// The surroundings of one frame.
pub(super) struct Cx<'a> {
    /// What the window shows.
    pub session: &'a Session,
    /// The pictures on the graphics card.
    pub textures: &'a mut Textures,
    /// What only the window remembers.
    pub memory: &'a mut Memory,
    /// What the person asked for in this frame.
    pub actions: &'a mut Vec<Action>,
    /// Now.
    pub now: Timestamp,
    /// The zone times are shown in.
    pub zone: &'a TimeZone,
}

impl Cx<'_> {
    /// The person asked for this.
    pub(super) fn act(&mut self, action: Action) {
        self.actions.push(action);
    }

    /// The person asked for this verb.
    pub(super) fn ask(&mut self, verb: Verb) {
        self.actions.push(Action::Do(verb));
    }
}
