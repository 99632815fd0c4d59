//! The whole window.

use egui::Ui;
use jiff::tz::TimeZone;

use super::cx::Cx;
use super::memory::Memory;
use super::textures::Textures;
use super::{inspector, sheet, survey, theme, viewer};
use crate::domain::Timestamp;
use crate::message::Action;
use crate::state::Session;

/// Gives the toolkit our fonts and styles. Once, before the first frame.
pub fn prepare(ctx: &egui::Context) {
    theme::install(ctx);
}

/// Draws the window and answers with what the person asked for in this frame.
pub fn shell_ui(
    ui: &mut Ui,
    session: &Session,
    textures: &mut Textures,
    memory: &mut Memory,
    now: Timestamp,
    zone: &TimeZone,
) -> Vec<Action> {
    let mut actions = Vec::new();
    let mut cx = Cx { session, textures, memory, actions: &mut actions, now, zone };
    sheet::sheet_ui(ui, &mut cx);
    inspector::inspector_ui(ui, &mut cx);
    viewer::viewer_ui(ui, &mut cx);
    survey::survey_ui(ui, &mut cx);
    actions
}
