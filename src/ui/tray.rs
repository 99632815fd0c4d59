//! The tray: rises over the sheet when there are picks.

use egui::{Align, CornerRadius, Layout, Rect, Shadow, Stroke, StrokeKind, Ui, UiBuilder, vec2};

use super::cx::Cx;
use super::shortcuts::keys;
use super::theme::{Metric, Type, palette};
use super::top_bar::tooltip;
use super::widgets::{Button, Tone, label};
use crate::message::{Action, Verb};
use crate::state::Comparison;

/// Narrower than this, the tray keeps only what cannot be left out, in points.
const WHOLE_FROM: f32 = 520.0;

/// Narrower than this, the tray does without saying where the picks are, in points.
const WORDS_FROM: f32 = 640.0;

/// Draws the tray into `ui`'s whole room, when there are picks; `true` when it is there.
pub(super) fn tray_ui(ui: &mut Ui, cx: &mut Cx<'_>) -> bool {
    let picks = cx.session.sheet().shown_picks();
    let risen = ui.ctx().animate_bool(ui.scope_id().with("risen"), picks > 0);
    if picks == 0 {
        return false;
    }
    let palette = palette(ui);
    let rect = ui.max_rect().translate(vec2(0.0, (1.0 - risen) * Metric::PAD));
    ui.interact(rect, ui.scope_id().with("ground"), egui::Sense::click_and_drag());
    let shadow = Shadow { offset: [0, 8], blur: 24, spread: 0, color: palette.shadow };
    ui.painter().add(shadow.as_shape(rect, CornerRadius::same(Metric::RADIUS_TRAY)));
    let line = Stroke::new(Metric::HAIR, palette.line);
    ui.painter().rect(rect, Metric::RADIUS_TRAY, palette.raised, line, StrokeKind::Inside);
    let inside = Rect::from_min_max(rect.min + vec2(14.0, 0.0), rect.max - vec2(8.0, 0.0));
    let row = UiBuilder::new().max_rect(inside).layout(Layout::left_to_right(Align::Center));
    let whole = rect.width() >= WHOLE_FROM;
    ui.scope_builder(row, |ui| {
        ui.spacing_mut().item_spacing.x = 10.0;
        let words = if picks == 1 { "1 pick".to_owned() } else { format!("{picks} picks") };
        label(ui, words, Type::BodyStrong, Tone::Pencil);
        if rect.width() >= WORDS_FROM {
            let found = cx.session.sheet().finding().is_active();
            label(ui, if found { "found" } else { "in this sheet" }, Type::Body, Tone::Dim);
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| buttons_ui(ui, cx, whole));
    });
    true
}

fn buttons_ui(ui: &mut Ui, cx: &mut Cx<'_>, whole: bool) {
    let mut save = Button::primary("Save picks…").height(32.0).tooltip(tooltip(ui, Verb::Save));
    if let Some(keys) = keys(ui, Verb::Save).filter(|_| whole) {
        save = save.keys(keys);
    }
    if save.show(ui).clicked() {
        cx.ask(Verb::Save);
    }
    if !whole {
        return;
    }
    let copy =
        Button::plain("Copy").named("Copy picks").tooltip("Copy the one pick at full quality, or the files of all");
    if copy.show(ui).clicked() {
        cx.act(Action::CopyImages(cx.session.sheet().visible_picks()));
    }
    compare_ui(ui, cx);
    let clear = Button::ghost("Clear").tooltip(Verb::ClearPicks.tooltip()).unless(cx.session.only_shown());
    if clear.show(ui).clicked() {
        cx.ask(Verb::ClearPicks);
    }
}

/// Says how many, and has the key when the key means the picks.
fn compare_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let sheet = cx.session.sheet();
    let picks = Comparison::picks(sheet);
    let (words, why_not) = (picks.words(), picks.why_not());
    let mut compare = Button::plain(&words).enabled(why_not.is_none());
    if let Some(keys) = keys(ui, Verb::Survey).filter(|_| Comparison::means_picks(sheet)) {
        compare = compare.keys(keys);
    }
    let tooltip = why_not.unwrap_or_else(|| Verb::SurveyPicks.tooltip().to_owned());
    if compare.tooltip(tooltip).show(ui).clicked() {
        cx.ask(Verb::SurveyPicks);
    }
}
