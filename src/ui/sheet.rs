//! Placeholder until its owner's branch is merged.

mod layout;

use egui::Ui;

use super::cx::Cx;

pub(super) fn sheet_ui(_ui: &mut Ui, _cx: &mut Cx<'_>) {}
