//! Search and filters: what is typed and chosen goes to the index as a question.

use super::super::sheet::Finding;
use super::Session;
use crate::domain::Timestamp;
use crate::message::{Action, Command};

impl Session {
    pub(super) fn find_action(&mut self, action: Action, now: Timestamp) -> Vec<Command> {
        match action {
            Action::Show(filter) => self.sheet.show(filter),
            Action::SearchFor(words) => self.sheet.look_for(|finding| finding.search_for(words)),
            Action::Narrow(by) => {
                let zone = &self.zone;
                self.sheet.look_for(|finding| finding.narrow_by(by, now, zone));
            }
            Action::ClearFilters => self.sheet.look_for(Finding::clear_filters),
            _ => return Vec::new(),
        }
        self.ask_index(now)
    }

    /// Shows or hides the row of filters.
    pub(super) fn toggle_filters(&mut self, now: Timestamp) -> Vec<Command> {
        self.sheet.look_for(Finding::toggle_row);
        self.ask_index(now)
    }

    /// Asks the index what the sheet shows now; it answers again whenever it changes.
    pub(super) fn ask_index(&mut self, now: Timestamp) -> Vec<Command> {
        let filter = self.sheet.filter();
        let (number, query) = self.sheet.finding_mut().ask(filter, (now, &self.zone));
        vec![Command::Find { number, query: query.map(Box::new) }]
    }
}
