//! The question before the bin is emptied: the one thing the program cannot take back.

use egui::Ui;

use super::cx::Cx;
use super::theme::{Metric, Type};
use super::widgets::{Button, Dialog, Tone, wrapped};
use crate::message::Action;

/// The dialog; `true` when it should close.
pub(super) fn empty_bin_ui(ui: &Ui, cx: &mut Cx<'_>) -> bool {
    let count = cx.session.sheet().counts().binned;
    let mut answer = None;
    let close = Dialog::new("Empty the bin?", 440.0).show(ui, |ui| {
        let words = match count {
            1 => "1 image moves to this computer’s trash.".to_owned(),
            count => format!("{count} images move to this computer’s trash."),
        };
        wrapped(ui, words, Type::Body, Tone::Text);
        ui.add_space(Metric::LABEL_GAP);
        let more = "Undo does not bring them back. Until the trash is emptied too, they can be restored from there.";
        wrapped(ui, more, Type::Small, Tone::Dim);
        ui.add_space(Metric::SHEET_PAD);
        ui.horizontal(|ui| {
            if Button::plain("Empty bin").unless(cx.session.only_shown()).show(ui).clicked() {
                answer = Some(true);
            }
            if Button::ghost("Keep").show(ui).clicked() {
                answer = Some(false);
            }
        });
    });
    if answer == Some(true) {
        cx.act(Action::EmptyBin);
    }
    // The state closes the dialog with the answer.
    close || answer == Some(false)
}
