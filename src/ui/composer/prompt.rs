//! The prompt box: grows with its text, counts against the model's limit, is never disabled.

use egui::{Align, CornerRadius, Frame, Id, Layout, Margin, ScrollArea, Stroke, TextEdit, Ui, vec2};

use crate::domain::{Draft, Field};
use crate::ui::cx::Cx;
use crate::ui::memory::Focus;
use crate::ui::theme::{Metric, Type, palette};
use crate::ui::widgets::{Tone, label, under_field};

/// Height of the empty box inside its frame, in points; less in a low window.
const LOWEST: f32 = 116.0;
/// The same, in a window lower than [`LOW_WINDOW`].
const LOWEST_IN_LOW: f32 = 62.0;
/// A window lower than this is low, in points.
const LOW_WINDOW: f32 = 720.0;
/// The box grows up to this height, then scrolls inside; in points.
const TALLEST: f32 = 270.0;

/// The id of the prompt box: keys ask whether it has the keyboard.
pub(in crate::ui) fn prompt_id() -> Id {
    Id::unique("the prompt box")
}

pub(super) fn prompt_ui(ui: &mut Ui, cx: &mut Cx<'_>, draft: &mut Draft) {
    let palette = palette(ui);
    let name = label(ui, Field::Prompt.label(), Type::Small, Tone::Dim);
    ui.add_space(Metric::LABEL_GAP);
    let id = prompt_id();
    let wrong = cx.session.composer().error(Field::Prompt).map(str::to_owned);
    let line = match (&wrong, ui.memory(|memory| memory.has_focus(id))) {
        (Some(_), _) => palette.danger,
        (None, true) => palette.focus,
        (None, false) => palette.line,
    };
    let frame = Frame {
        inner_margin: Margin { left: 0, right: 0, top: 7, bottom: 7 },
        fill: palette.field,
        stroke: Stroke::new(Metric::HAIR, line),
        corner_radius: CornerRadius::same(Metric::RADIUS),
        ..Frame::default()
    };
    frame.show(ui, |ui| {
        let low = ui.ctx().content_rect().height() < LOW_WINDOW;
        ScrollArea::vertical().id_salt("prompt").max_height(TALLEST).min_scrolled_height(TALLEST).show(ui, |ui| {
            let edit = TextEdit::multiline(&mut draft.prompt)
                .id(id)
                .frame(Frame::new().inner_margin(Margin::symmetric(10, 0)))
                .desired_rows(1)
                .min_size(vec2(0.0, if low { LOWEST_IN_LOW } else { LOWEST }))
                .desired_width(f32::INFINITY)
                .hint_text("What the images should show")
                .text_color(palette.text);
            let response = ui.add(edit).labelled_by(name.id);
            if cx.memory.gives_focus(Focus::Prompt) {
                response.request_focus();
            }
        });
    });
    ui.add_space(Metric::LABEL_GAP);
    below_ui(ui, cx);
    under_field(ui, wrong.as_deref(), None);
}

fn below_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let composer = cx.session.composer();
    let chars = composer.prompt_chars();
    let limit = composer.prompt_limit();
    let over = limit.is_some_and(|limit| chars > limit);
    ui.horizontal(|ui| {
        let keys = if crate::ui::shortcuts::is_mac(ui) { "⌥ ↑" } else { "Alt ↑" };
        if composer.has_earlier() {
            label(ui, format!("{keys} earlier prompts"), Type::Tiny, Tone::Dim);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let text = limit.map_or_else(|| chars.to_string(), |limit| format!("{chars} / {limit}"));
            label(ui, text, Type::Tiny, if over { Tone::Danger } else { Tone::Dim });
        });
    });
}
