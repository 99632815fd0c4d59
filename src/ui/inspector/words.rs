//! The prompt as it was asked, and what the model made of it, word by word.

use egui::text::{LayoutJob, TextFormat};
use egui::{Color32, Label, Response, Stroke, Ui};

use super::{BLOCK_GAP, block_title, paragraph, spoken};
use crate::domain::{ImageId, Run, Stretch, Wording, rewording};
use crate::ui::cx::Cx;
use crate::ui::theme::{Metric, Palette, Type, palette};
use crate::ui::widgets::Tone;

/// From here on signs are of scripts that put no spaces between words.
const NO_SPACES_FROM: char = '\u{2e80}';

/// The prompt and, when the model rewrote it, what it made of it. Compared once for each image that is selected.
pub(super) fn words_ui(ui: &mut Ui, cx: &mut Cx<'_>, run: &Run, image: ImageId) {
    let prompt = run.request.prompt.as_str();
    block_title(ui, "Prompt");
    let response = paragraph(ui, prompt, Tone::Text);
    spoken(ui, &response, "Prompt", prompt);
    if let Some(revised) = run.reworded(image.slot) {
        ui.add_space(BLOCK_GAP);
        let title = "Revised by the model";
        block_title(ui, title);
        let known = cx.memory.rewording.take().filter(|(of, _)| *of == image);
        let (_, compared) = known.unwrap_or_else(|| (image, rewording(prompt, revised)));
        let response = match &compared {
            Some(stretches) => compared_ui(ui, stretches),
            None => paragraph(ui, revised, Tone::Dim),
        };
        cx.memory.rewording = Some((image, compared));
        spoken(ui, &response, title, revised);
    }
    ui.add_space(BLOCK_GAP);
}

/// Kept words quiet, the model's own underlined, those left out struck through.
fn compared_ui(ui: &mut Ui, stretches: &[Stretch]) -> Response {
    let colours = palette(ui);
    let mut job = LayoutJob::default();
    for stretch in stretches {
        // A line runs under words, not under the space after them.
        let words = stretch.words.trim_end();
        job.append(words, 0.0, format(stretch.wording, colours));
        if words.ends_with(|sign| sign < NO_SPACES_FROM) {
            job.append(" ", 0.0, format(Wording::Kept, colours));
        }
    }
    let response = ui.add(Label::new(job).wrap().selectable(true));
    let listed = |wording: Wording| {
        let stretches = stretches.iter().filter(|stretch| stretch.wording == wording);
        stretches.map(|stretch| stretch.words.trim()).collect::<Vec<_>>().join("; ")
    };
    let (added, left_out) = (listed(Wording::Added), listed(Wording::LeftOut));
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_description(format!("Added: {added}. Left out: {left_out}"));
    });
    response
}

fn format(wording: Wording, colours: &Palette) -> TextFormat {
    let line = |colour: Color32| Stroke::new(Metric::HAIR, colour);
    let (color, underline, strikethrough) = match wording {
        Wording::Kept => (colours.dim, Stroke::NONE, Stroke::NONE),
        Wording::Added => (colours.text, line(colours.dim), Stroke::NONE),
        Wording::LeftOut => (colours.faint, Stroke::NONE, line(colours.faint)),
    };
    let face = Type::Body;
    TextFormat {
        font_id: face.font(),
        line_height: Some(face.line()),
        color,
        underline,
        strikethrough,
        ..TextFormat::default()
    }
}
