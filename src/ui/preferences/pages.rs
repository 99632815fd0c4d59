//! The smaller pages: saving, library, look, advanced.

use egui::accesskit::Role;
use egui::{Rect, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::endpoint_form::name;
use crate::domain::{Format, LocalTime, NameFacts, NamePattern, SaveFormat, Settings, Surround, ThemeChoice};
use crate::message::Action;
use crate::ui::cx::Cx;
use crate::ui::icons::Icon;
use crate::ui::status_bar::{grouped, size};
use crate::ui::theme::{Metric, Type, palette, surround};
use crate::ui::widgets::{Button, TextField, Tone, label_at, ring, segmented, under_field, wrapped};

fn change(cx: &mut Cx<'_>, change: impl FnOnce(&mut Settings)) {
    let mut settings = cx.session.settings().clone();
    change(&mut settings);
    cx.act(Action::Change(Box::new(settings)));
}

/// What saved picks are, and how they are named.
pub(super) fn saving_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let format = cx.session.settings().save_format;
    name(ui, "Save format");
    let formats = SaveFormat::ALL.map(|format| (format, format.label().to_owned()));
    let (chosen, _) = segmented(ui, format, &formats);
    if let Some(chosen) = chosen {
        change(cx, |settings| settings.save_format = chosen);
    }
    under_field(ui, None, Some(format_words(format)));
    ui.add_space(Metric::SHEET_PAD);
    let kept = cx.session.settings().name_pattern.clone();
    let mut text = cx.memory.typed.pattern.take().unwrap_or_else(|| kept.as_str().to_owned());
    let label = name(ui, "Name pattern");
    let parsed = NamePattern::parse(&text);
    let suffix = format.wanted().unwrap_or(Format::Png).suffix();
    let width = ui.available_width();
    let field = TextField::line("pattern", &mut text, width).wrong(parsed.is_err());
    let response = field.show(ui).labelled_by(label.id);
    let example = parsed.as_ref().ok().map(|pattern| format!("{}.{suffix}", pattern.stem(&example(cx))));
    under_field(ui, parsed.as_ref().err().map(ToString::to_string).as_deref(), example.as_deref());
    if let (true, Ok(pattern)) = (response.changed(), NamePattern::parse(&text)) {
        change(cx, |settings| settings.name_pattern = pattern);
    }
    cx.memory.typed.pattern = Some(text);
    ui.add_space(Metric::PAD);
    let words: Vec<String> = NamePattern::WORDS.iter().map(|word| format!("{{{word}}}")).collect();
    wrapped(ui, format!("These words are replaced: {}", words.join("  ")), Type::Small, Tone::Dim);
    ui.add_space(6.0);
    wrapped(ui, "Nothing is overwritten: a name that is taken gets a number.", Type::Small, Tone::Dim);
}

/// What a format means for what is saved.
const fn format_words(format: SaveFormat) -> &'static str {
    match format {
        SaveFormat::AsReceived => "Exactly the bytes the server sent, with whatever it signed into them",
        SaveFormat::Png => {
            "PNG files are copied as they came; all others are made into PNG. The library keeps what came"
        }
        SaveFormat::Jpeg => {
            "JPEG files are copied as they came; all others are made into JPEG, with white where they are \
             transparent. The library keeps what came"
        }
    }
}

/// The newest image, or else the design's.
fn example(cx: &Cx<'_>) -> NameFacts {
    let time = LocalTime::new(cx.now, cx.zone);
    let request = cx.session.sheet().visible().first().and_then(|run| cx.session.sheet().run(run.run));
    let request = request.map(|run| &run.request);
    NameFacts {
        date: time.day(),
        time: time.clock().replace(':', ""),
        prompt: request.map_or("A lighthouse at dusk", |request| request.prompt.as_str()).to_owned(),
        model: request.map_or("dall-e-3", |request| request.model.as_str()).to_owned(),
        size: request.and_then(|request| request.size).map_or_else(|| "1024x1024".to_owned(), |size| size.to_string()),
        n: 1,
    }
}

/// Where everything made is kept.
pub(super) fn library_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let library = cx.session.library();
    let root = library.root.clone();
    let shown = root.as_ref().map_or_else(|| "Not open".to_owned(), |root| root.to_string_lossy().into_owned());
    name(ui, "Library folder");
    path_ui(ui, cx, &shown);
    let problem = library.problem.as_ref().map(|failure| failure.sentence.clone());
    let sheet = cx.session.sheet();
    let holds = format!("Holds {} images, {}", grouped(sheet.counts().all), size(sheet.size_bytes()));
    under_field(ui, problem.as_deref(), Some(&holds));
    ui.add_space(Metric::PAD);
    if let Some(root) = root
        && Button::plain("Open folder").icon(Icon::FOLDER_OPEN).show(ui).clicked()
    {
        cx.act(Action::OpenFolder(root));
    }
    ui.add_space(Metric::PAD);
    let text = "Every run has a folder of its own with its images, exactly as they came, and a run.json that says \
                how they were made. The folder can be moved, copied and read without this program.";
    wrapped(ui, text, Type::Small, Tone::Dim);
}

/// A path that is chosen, not typed, with its button.
pub(in crate::ui) fn path_ui(ui: &mut Ui, cx: &mut Cx<'_>, path: &str) {
    let size = vec2(ui.available_width(), Metric::FIELD);
    ui.allocate_ui_with_layout(size, egui::Layout::right_to_left(egui::Align::Center), |ui| {
        if Button::plain("Choose…").height(Metric::FIELD).show(ui).clicked() {
            cx.act(Action::ChooseLibrary);
        }
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), Metric::FIELD), Sense::hover());
        let palette = palette(ui);
        let line = Stroke::new(Metric::HAIR, palette.line);
        ui.painter().rect(rect, Metric::RADIUS, palette.field, line, StrokeKind::Inside);
        let mut inside = ui.new_child(
            egui::UiBuilder::new()
                .max_rect(rect.shrink2(vec2(Metric::CONTROL_PAD, 0.0)))
                .layout(egui::Layout::left_to_right(egui::Align::Center)),
        );
        crate::ui::widgets::truncated(&mut inside, path, Type::Body, Tone::Text);
    });
}

/// Light or dark, and the grey around images.
pub(super) fn look_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    name(ui, "Theme");
    let themes = [(ThemeChoice::System, "System"), (ThemeChoice::Light, "Light"), (ThemeChoice::Dark, "Dark")];
    let themes = themes.map(|(theme, text)| (theme, text.to_owned()));
    let (theme, _) = segmented(ui, cx.session.settings().theme, &themes);
    if let Some(theme) = theme {
        change(cx, |settings| settings.theme = theme);
    }
    ui.add_space(Metric::SHEET_PAD);
    name(ui, "Surround");
    ui.horizontal_top(|ui| {
        for choice in Surround::ALL {
            if swatch_ui(ui, choice, choice == cx.session.settings().surround) {
                change(cx, |settings| settings.surround = choice);
            }
        }
    });
    ui.add_space(Metric::GAP);
    wrapped(ui, "The grey around images on the sheet and in the viewer", Type::Small, Tone::Dim);
}

fn swatch_ui(ui: &mut Ui, choice: Surround, on: bool) -> bool {
    const SIDE: f32 = 56.0;
    let palette = palette(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(SIDE + 8.0, SIDE + 26.0), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, ui.is_enabled(), on, choice.label()));
    let square = Rect::from_min_size(rect.min + vec2(4.0, 4.0), vec2(SIDE, SIDE));
    let line = if response.hovered() { palette.line_strong } else { palette.line };
    let fill = surround(choice, palette);
    ui.painter().rect(square, Metric::RADIUS, fill, Stroke::new(Metric::HAIR, line), StrokeKind::Inside);
    if on {
        let stroke = Stroke::new(2.0, palette.text);
        ui.painter().rect_stroke(square.expand(2.0), Metric::RADIUS + 2, stroke, StrokeKind::Outside);
    }
    let at = pos2(square.center().x, square.bottom() + 6.0);
    let colour = if on { palette.text } else { palette.dim };
    label_at(ui, at, egui::Align2::CENTER_TOP, choice.label(), (Type::Small, colour));
    ring(ui, &response, square.expand(3.0), Metric::RADIUS);
    response.clicked()
}

/// The proxy.
pub(super) fn advanced_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let kept = cx.session.settings().proxy.clone().unwrap_or_default();
    let mut text = cx.memory.typed.proxy.take().unwrap_or_else(|| kept.clone());
    let label = name(ui, "Proxy");
    let width = ui.available_width();
    let wrong = proxy_problem(&text);
    let field = TextField::line("proxy", &mut text, width).hint("http://127.0.0.1:8080").wrong(wrong.is_some());
    let response = field.show(ui).labelled_by(label.id);
    under_field(ui, wrong, Some("Empty: as the system says. Otherwise http://, https:// or socks5://"));
    let wanted = Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    if !response.has_focus() && wrong.is_none() && wanted != cx.session.settings().proxy {
        change(cx, |settings| settings.proxy = wanted);
    }
    cx.memory.typed.proxy = Some(text);
}

fn proxy_problem(text: &str) -> Option<&'static str> {
    let text = text.trim();
    let known = ["http://", "https://", "socks5://", "socks5h://"];
    let rest = known.iter().find_map(|scheme| text.strip_prefix(scheme));
    match (text.is_empty(), rest) {
        (true, _) => None,
        (false, Some(rest)) if !rest.is_empty() && !text.contains(char::is_whitespace) => None,
        _ => Some("A proxy is written like http://127.0.0.1:8080"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_has_a_scheme_and_a_host() {
        for text in ["", "http://127.0.0.1:8080", "socks5h://localhost:9050"] {
            assert_eq!(proxy_problem(text), None, "{text}");
        }
        for text in ["localhost:8080", "ftp://x", "http://", "http://a b"] {
            assert!(proxy_problem(text).is_some(), "{text}");
        }
    }
}
