//! The page of endpoints: the list, and beside it the profile of the chosen one.

use egui::accesskit::Role;
use egui::{Align, Align2, Layout, Rect, ScrollArea, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use super::Typed;
use super::endpoint_form::form_ui;
use crate::domain::{Endpoint, EndpointName};
use crate::message::Action;
use crate::state::Endpoints;
use crate::ui::cx::Cx;
use crate::ui::icons::Icon;
use crate::ui::status_bar::key_words;
use crate::ui::theme::{Metric, Type, palette};
use crate::ui::widgets::{Button, Tone, ring, wrapped};

/// Width of the list, in points.
const LIST: f32 = 180.0;
/// Height of an endpoint in the list, in points.
const CARD: f32 = 54.0;

pub(super) fn endpoints_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let names = Endpoints::names(cx.session.settings());
    let shown = cx.memory.typed.shown.clone().filter(|name| names.contains(name));
    let shown = shown.unwrap_or_else(|| cx.session.settings().current.clone());
    ui.with_layout(Layout::left_to_right(Align::Min), |ui| {
        ui.spacing_mut().item_spacing.x = 16.0;
        ui.allocate_ui_with_layout(vec2(LIST, ui.available_height()), Layout::top_down(Align::Min), |ui| {
            let list = ScrollArea::vertical().id_salt("endpoints").auto_shrink([false, true]);
            list.show(ui, |ui| list_ui(ui, cx, &names, &shown));
        });
        ui.allocate_ui_with_layout(ui.available_size(), Layout::top_down(Align::Min), |ui| {
            ui.spacing_mut().item_spacing.x = Metric::GAP;
            ScrollArea::vertical().id_salt("profile").auto_shrink(false).show(ui, |ui| {
                if shown.is_demo() {
                    demo_ui(ui, cx);
                } else {
                    form_ui(ui, cx, &shown);
                }
            });
        });
    });
}

fn list_ui(ui: &mut Ui, cx: &mut Cx<'_>, names: &[EndpointName], shown: &EndpointName) {
    ui.spacing_mut().item_spacing.y = 6.0;
    for name in names {
        if card_ui(ui, cx, name, name == shown) {
            cx.memory.typed = Typed { shown: Some(name.clone()), ..Typed::default() };
        }
    }
    if Button::ghost("Add endpoint").icon(Icon::PLUS).left().width(LIST).show(ui).clicked() {
        add(cx, names);
    }
}

/// A new endpoint under a name nobody has, its address still to be typed.
fn add(cx: &mut Cx<'_>, names: &[EndpointName]) {
    let free = (1..).map(|n| if n == 1 { "New endpoint".to_owned() } else { format!("New endpoint {n}") });
    let name = free.filter_map(|name| EndpointName::new(&name)).find(|name| !names.contains(name));
    let Some(name) = name else { return };
    cx.memory.typed = Typed { shown: Some(name.clone()), ..Typed::default() };
    cx.act(Action::AddEndpoint(Endpoint { name, base_url: String::new(), ..Endpoint::default() }));
}

fn demo_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let text = "The demo endpoint is inside this program. It paints pictures from the words of the prompt on this \
                computer, without a key and without cost, so that everything can be tried.";
    wrapped(ui, text, Type::Body, Tone::Text);
    ui.add_space(6.0);
    wrapped(ui, "Its pictures are not made by a model.", Type::Body, Tone::Dim);
    ui.add_space(Metric::SHEET_PAD);
    use_ui(ui, cx, &EndpointName::demo());
}

/// The button that sends new runs to this endpoint.
pub(super) fn use_ui(ui: &mut Ui, cx: &mut Cx<'_>, name: &EndpointName) {
    let current = cx.session.settings().current == *name;
    let (words, icon) = if current { ("In use", Icon::CHECK) } else { ("Use for new runs", Icon::ARROW_RIGHT) };
    if Button::plain(words).icon(icon).enabled(!current).show(ui).clicked() {
        cx.act(Action::UseEndpoint(name.clone()));
    }
}

fn card_ui(ui: &mut Ui, cx: &Cx<'_>, name: &EndpointName, on: bool) -> bool {
    let palette = palette(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(LIST, CARD), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, ui.is_enabled(), on, name.as_str()));
    let fill = match (on, response.hovered()) {
        (true, _) => palette.raised,
        (false, true) => palette.wash,
        (false, false) => palette.field,
    };
    let line = if on { palette.line_strong } else { palette.line };
    ui.painter().rect(rect, Metric::RADIUS, fill, Stroke::new(Metric::HAIR, line), StrokeKind::Inside);
    let current = cx.session.settings().current == *name;
    let inside = rect.shrink2(vec2(11.0, 0.0));
    let words =
        Rect::from_min_max(pos2(inside.left(), rect.top() + 9.0), pos2(inside.right() - 18.0, rect.top() + 27.0));
    crate::ui::widgets::words(ui, words, name.as_str(), palette.text);
    if current {
        let at = pos2(inside.right(), rect.top() + 18.0);
        ui.painter().text(at, Align2::RIGHT_CENTER, Icon::CHECK.text(), Type::Icon(13.0).font(), palette.text);
    }
    let place = cx.session.endpoints().key_place(name);
    let note = if name.is_demo() { "on this computer, no key" } else { key_words(place).0 };
    let at = pos2(inside.left(), rect.top() + 36.0);
    ui.painter().text(at, Align2::LEFT_CENTER, note, Type::Tiny.font(), palette.dim);
    ring(ui, &response, rect, Metric::RADIUS);
    response.clicked()
}
