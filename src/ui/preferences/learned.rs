//! What an endpoint taught us by refusing something, and how to forget it.

use egui::{Align, Layout, Ui};
use egui_extras::{Column, TableBuilder};

use crate::domain::{EndpointName, Learned};
use crate::message::Action;
use crate::ui::cx::Cx;
use crate::ui::theme::{Metric, Type};
use crate::ui::widgets::{Button, Tone, label, truncated};

pub(super) fn learned_ui(ui: &mut Ui, cx: &mut Cx<'_>, endpoint: &EndpointName) {
    let all = &cx.session.settings().learned;
    let own: Vec<(usize, &Learned)> =
        all.iter().enumerate().filter(|(_, learned)| learned.endpoint == *endpoint).collect();
    if own.is_empty() {
        return;
    }
    ui.add_space(Metric::PAD);
    label(ui, "Learned from this endpoint", Type::Small, Tone::Dim);
    let forget = ui.push_id("learned", |ui| table_ui(ui, &own)).inner;
    if let Some(place) = forget {
        cx.act(Action::ForgetLearned(place));
    }
}

/// The lessons as a table; answers with the place of the one to forget.
fn table_ui(ui: &mut Ui, own: &[(usize, &Learned)]) -> Option<usize> {
    let mut forget = None;
    TableBuilder::new(ui)
        .vscroll(false)
        .cell_layout(Layout::left_to_right(Align::Center))
        .column(Column::remainder().clip(true))
        .column(Column::exact(52.0))
        .body(|body| {
            body.rows(24.0, own.len(), |mut row| {
                let Some((place, learned)) = own.get(row.index()) else { return };
                row.col(|ui| {
                    truncated(ui, sentence(learned), Type::Small, Tone::Text);
                });
                row.col(|ui| {
                    let button = Button::ghost("Forget").flush().small().height(22.0);
                    let right = Layout::right_to_left(Align::Center);
                    if ui.with_layout(right, |ui| button.show(ui)).inner.clicked() {
                        forget = Some(*place);
                    }
                });
            });
        });
    forget
}

fn sentence(learned: &Learned) -> String {
    match learned.parameter.as_str() {
        "n" => format!("{} answers one image a request", learned.model),
        parameter => format!("{} is sent without {parameter}", learned.model),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lessons_read_as_sentences() {
        let learned = |parameter: &str| Learned {
            endpoint: EndpointName::demo(),
            model: "dall-e-3".to_owned(),
            parameter: parameter.to_owned(),
        };
        assert_eq!(sentence(&learned("style")), "dall-e-3 is sent without style");
        assert_eq!(sentence(&learned("n")), "dall-e-3 answers one image a request");
    }
}
