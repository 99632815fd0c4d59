//! A failure in full: what happened, whether it was charged, the server's own words, and what else is known.

use egui::{CornerRadius, Frame, Label, Margin, RichText, ScrollArea, Stroke, Ui};

use super::cx::Cx;
use super::theme::{Metric, Type, palette};
use super::widgets::{Button, Dialog, Tone, label, wrapped};
use crate::domain::{Failure, ImageId, Slot};
use crate::message::Action;

/// The dialog; `true` when it should close.
pub(super) fn details_ui(ui: &Ui, cx: &mut Cx<'_>, image: ImageId) -> bool {
    // Asked for again meanwhile: there is no failure to show any more.
    let Some(Slot::Failed(failure)) = cx.session.sheet().slot(image) else { return true };
    let failure = failure.clone();
    let mut done = false;
    let close = Dialog::new(failure.title(), 520.0).show(ui, |ui| {
        wrapped(ui, failure.sentence.as_str(), Type::Body, Tone::Text);
        ui.add_space(6.0);
        wrapped(ui, charged(&failure), Type::Small, Tone::Dim);
        for (whose, words) in [("The server's own words", &failure.server_words), ("In detail", &failure.detail)] {
            if let Some(words) = words {
                ui.add_space(Metric::PAD);
                label(ui, whose, Type::Small, Tone::Dim);
                ui.add_space(Metric::LABEL_GAP);
                ui.push_id(whose, |ui| words_ui(ui, words));
            }
        }
        ui.add_space(Metric::SHEET_PAD);
        done = buttons_ui(ui, cx, image, &failure);
    });
    close || done
}

const fn charged(failure: &Failure) -> &'static str {
    match (failure.maybe_billed, failure.retry_safe) {
        (true, true) => "It came in and may have been charged. Retry stores it; nothing is sent",
        (true, false) => "It may have been charged, so it is not sent again by itself",
        (false, true) => "Nothing was charged. Sending it again is safe",
        (false, false) if failure.kind.needs_change() => {
            "Nothing was charged. Sending the same again helps only after a change"
        }
        (false, false) => "Nothing was charged",
    }
}

/// A failure as text to be passed on.
pub(super) fn as_text(failure: &Failure) -> String {
    let lines = [&failure.server_words, &failure.detail].into_iter().flatten();
    lines.fold(format!("{}: {}", failure.kind, failure.sentence), |text, line| text + "\n" + line)
}

fn words_ui(ui: &mut Ui, words: &str) {
    let palette = palette(ui);
    let frame = Frame {
        inner_margin: Margin::same(10),
        fill: palette.field,
        stroke: Stroke::new(Metric::HAIR, palette.line),
        corner_radius: CornerRadius::same(Metric::RADIUS),
        ..Frame::default()
    };
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ScrollArea::vertical().max_height(200.0).show(ui, |ui| {
            let text = RichText::new(words).font(Type::Mono.font()).color(palette.text);
            ui.add(Label::new(text).wrap().selectable(true));
        });
    });
}

/// `true` when the dialog has done its work.
fn buttons_ui(ui: &mut Ui, cx: &mut Cx<'_>, image: ImageId, failure: &Failure) -> bool {
    let mut done = false;
    ui.horizontal(|ui| {
        let retry = Button::plain("Retry").tooltip("Ask for this image again");
        if retry.unless(cx.session.only_shown()).show(ui).clicked() {
            cx.act(Action::Retry(image));
            done = true;
        }
        if Button::plain("Edit").tooltip("Put the prompt and settings back into the composer").show(ui).clicked() {
            cx.act(Action::EditAndRetry(image));
            done = true;
        }
        if Button::ghost("Copy text").show(ui).clicked() {
            cx.act(Action::CopyText(as_text(failure)));
        }
    });
    done
}
