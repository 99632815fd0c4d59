//! First start: three short steps, or one click on the demo endpoint.

use egui::{Align, Align2, CornerRadius, Frame, Layout, Margin, ScrollArea, Shadow, Stroke, Ui, UiBuilder, vec2};

use super::cx::Cx;
use super::preferences::{path_ui, sentences, test_words, where_kept};
use super::theme::{Metric, Type, palette};
use super::widgets::{Button, TextField, Tone, key_field, label, label_at, take_key, under_field};
use crate::domain::{BaseUrl, DEFAULT_BASE_URL, Endpoint, EndpointName, KeyPlace, Secret, check_key};
use crate::message::Action;

const SALT: &str = "first api key";
/// Width of the card, in points.
const CARD: f32 = 640.0;
/// From the card's edge to its contents, in points.
const PAD: f32 = 28.0;

/// What has been typed in the first steps.
pub(super) struct Started {
    base_url: String,
    key: String,
    key_problem: Option<String>,
    /// The card's height in the frame before: it stands in the middle.
    height: f32,
}

impl Default for Started {
    fn default() -> Self {
        Self { base_url: DEFAULT_BASE_URL.to_owned(), key: String::new(), key_problem: None, height: 446.0 }
    }
}

impl Started {
    fn endpoint(&self) -> Option<Endpoint> {
        let base = BaseUrl::parse(&self.base_url).ok()?;
        let name = EndpointName::new(&base.host())?;
        Some(Endpoint { name, base_url: self.base_url.trim().to_owned(), ..Endpoint::default() })
    }

    /// The typed key when it can be one; a wrong one is noted for its field.
    fn secret(&mut self) -> Result<Option<Secret>, ()> {
        if self.key.trim().is_empty() {
            return Ok(None);
        }
        match check_key(&self.key) {
            Ok(key) => Ok(Some(Secret::new(key))),
            Err(problem) => {
                self.key_problem = Some(problem.to_string());
                Err(())
            }
        }
    }
}

/// The page.
pub(super) fn first_start_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let palette = palette(ui);
    let room = ui.max_rect();
    ui.painter().rect_filled(room, 0.0, palette.bg);
    let frame = Frame {
        inner_margin: Margin::same(PAD as i8),
        fill: palette.panel,
        stroke: Stroke::new(Metric::HAIR, palette.line),
        corner_radius: CornerRadius::same(Metric::RADIUS_DIALOG),
        shadow: Shadow { offset: [0, 20], blur: 60, spread: 0, color: palette.shadow },
        ..Frame::default()
    };
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        let width = CARD.min(room.width() - 32.0);
        let top = ((room.height() - cx.memory.started.height) / 2.0).max(16.0);
        ui.add_space(top);
        ui.horizontal_top(|ui| {
            ui.add_space((room.width() - width) / 2.0);
            let card = frame.show(ui, |ui| {
                ui.set_width(width - 2.0 * PAD - 2.0);
                ui.vertical(|ui| card_ui(ui, cx));
            });
            let height = card.response.rect.height();
            if (height - cx.memory.started.height).abs() > 0.5 {
                cx.memory.started.height = height;
                ui.ctx().request_discard("the card's height is known now");
            }
        });
        ui.add_space(16.0);
    });
}

fn card_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    label(ui, "Make a sheet", Type::Heading, Tone::Text);
    label(ui, "Three things, once. All of them can be changed in Preferences.", Type::Body, Tone::Dim);
    ui.add_space(18.0);
    step_ui(ui, "1", |ui| base_ui(ui, cx));
    step_ui(ui, "2", |ui| key_ui(ui, cx));
    step_ui(ui, "3", |ui| {
        label(ui, "Where images are kept", Type::Small, Tone::Dim);
        ui.add_space(Metric::LABEL_GAP);
        let library = cx.session.library();
        let root = cx.session.settings().library.clone().or_else(|| library.root.clone());
        let shown = root.map_or_else(|| "Pictures/Proofsheet".to_owned(), |root| root.to_string_lossy().into_owned());
        let problem = library.problem.as_ref().map(|failure| failure.sentence.clone());
        path_ui(ui, cx, &shown);
        under_field(ui, problem.as_deref(), None);
    });
    let size = vec2(ui.available_width(), Metric::FIELD);
    ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
        let demo = Button::ghost("Try it with the demo endpoint, no key needed").flush();
        let demo = demo.named("Demo endpoint, no key needed");
        if demo.tooltip("Pictures are painted on this computer, without cost").show(ui).clicked() {
            cx.act(Action::TryDemo);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let ready = cx.memory.started.endpoint().is_some();
            if Button::primary("Start").width(67.0).enabled(ready).show(ui).clicked() {
                start(ui, cx);
            }
        });
    });
}

fn start(ui: &Ui, cx: &mut Cx<'_>) {
    let started = &mut cx.memory.started;
    let (Some(endpoint), Ok(key)) = (started.endpoint(), started.secret()) else { return };
    let _typed = take_key(ui, SALT, &mut started.key);
    // The folder was kept when it was chosen; what is not chosen stays as it is.
    cx.act(Action::FinishFirstStart { endpoint, key, library: None });
}

fn step_ui(ui: &mut Ui, number: &str, contents: impl FnOnce(&mut Ui)) {
    const DISC: f32 = 24.0;
    let palette = palette(ui);
    let whole = ui.available_rect_before_wrap();
    let (disc, room) = whole.split_left_right_at_x(whole.left() + DISC);
    let centre = disc.min + vec2(DISC / 2.0, DISC / 2.0);
    ui.painter().circle_filled(centre, DISC / 2.0, if palette.dark { palette.raised } else { palette.wash });
    label_at(ui, centre, Align2::CENTER_CENTER, number, (Type::Body, palette.text));
    let room = room.with_min_x(room.left() + 14.0);
    ui.scope_builder(UiBuilder::new().max_rect(room).layout(Layout::top_down(Align::Min)), contents);
    ui.add_space(18.0);
}

fn base_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let name = label(ui, "Base URL", Type::Small, Tone::Dim);
    ui.add_space(Metric::LABEL_GAP);
    let base = BaseUrl::parse(&cx.memory.started.base_url);
    let width = ui.available_width();
    let field = TextField::line("first base url", &mut cx.memory.started.base_url, width).wrong(base.is_err());
    field.show(ui).labelled_by(name.id);
    let goes_to = base.as_ref().ok().map(|base| format!("Requests go to {}", base.generations()));
    under_field(ui, base.as_ref().err().map(ToString::to_string).as_deref(), goes_to.as_deref());
}

fn key_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let name = label(ui, "API key", Type::Small, Tone::Dim);
    ui.add_space(Metric::LABEL_GAP);
    let size = vec2(ui.available_width(), Metric::FIELD);
    ui.allocate_ui_with_layout(size, Layout::right_to_left(Align::Center), |ui| {
        let ready = cx.memory.started.endpoint();
        let test = Button::plain("Test").height(Metric::FIELD).enabled(ready.is_some());
        if test.tooltip("Ask the endpoint for its models: costs nothing").show(ui).clicked()
            && let (Some(endpoint), Ok(key)) = (ready, cx.memory.started.secret())
        {
            cx.act(Action::Test(endpoint, key));
        }
        let started = &mut cx.memory.started;
        let width = ui.available_width();
        let response = key_field(ui, SALT, &mut started.key, width, started.key_problem.is_some());
        if response.labelled_by(name.id).changed() {
            started.key_problem = None;
        }
    });
    ui.add_space(Metric::LABEL_GAP);
    let endpoint = cx.memory.started.endpoint();
    let mut parts: Vec<(String, Tone)> = Vec::new();
    if let Some(problem) = &cx.memory.started.key_problem {
        parts.push((problem.clone(), Tone::Danger));
    } else if let Some(found) =
        endpoint.as_ref().and_then(|endpoint| test_words(cx.session.endpoints().models(&endpoint.name)))
    {
        parts.push(found);
    }
    let endpoint_name = endpoint.as_ref().map(|endpoint| endpoint.name.clone());
    let host = endpoint.map_or_else(|| "this endpoint".to_owned(), |endpoint| endpoint.name.to_string());
    let known = endpoint_name.is_some_and(|name| cx.session.endpoints().key_place(&name) == KeyPlace::Keyring);
    if known && cx.memory.started.key.is_empty() {
        parts.push((format!("The keyring holds a key for {host} already. Leave this empty to use it."), Tone::Ok));
    } else {
        parts.push((where_kept(cx.session.endpoints(), &host), Tone::Dim));
    }
    sentences(ui, &parts);
}
