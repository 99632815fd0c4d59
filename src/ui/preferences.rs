//! Preferences: a list of pages at the left, the page at the right.

mod endpoint_form;
mod endpoint_list;
mod key_ui;
mod learned;
mod pages;

pub(super) use key_ui::{sentences, test_words, where_kept};
pub(super) use pages::path_ui;

use egui::accesskit::Role;
use egui::{Align, Align2, Layout, ScrollArea, Sense, Ui, WidgetInfo, vec2};

use super::cx::Cx;
use super::key_sheet;
use super::theme::{Metric, Type, palette};
use super::widgets::{Dialog, ring};
use crate::domain::EndpointName;
use crate::message::{Action, Dialog as Open, PreferencesPage};

/// Width of the list of pages, in points.
const PAGES: f32 = 150.0;

/// What is being typed; gone when Preferences close.
#[derive(Default)]
pub(super) struct Typed {
    /// The endpoint whose profile is shown; `None` is the current one.
    shown: Option<EndpointName>,
    /// Name and address of that endpoint as typed, with the name it has now.
    profile: Option<(EndpointName, String, String)>,
    /// A key not kept yet.
    key: String,
    /// Why that is no key, after Save key was pressed.
    key_problem: Option<String>,
    /// A kept key is being replaced.
    replacing: bool,
    /// Remove was pressed once.
    removing: bool,
    /// The name pattern.
    pattern: Option<String>,
    /// The proxy.
    proxy: Option<String>,
}

/// The dialog; `true` when it should close.
pub(super) fn preferences_ui(ui: &Ui, cx: &mut Cx<'_>, page: PreferencesPage) -> bool {
    Dialog::new("Preferences", 820.0).height(600.0).show(ui, |ui| {
        let height = ui.available_height();
        ui.allocate_ui_with_layout(vec2(ui.available_width(), height), Layout::left_to_right(Align::Min), |ui| {
            ui.spacing_mut().item_spacing.x = 20.0;
            ui.allocate_ui_with_layout(vec2(PAGES, height), Layout::top_down(Align::Min), |ui| {
                tabs_ui(ui, cx, page);
            });
            let room = vec2(ui.available_width(), height);
            ui.allocate_ui_with_layout(room, Layout::top_down(Align::Min), |ui| {
                ui.spacing_mut().item_spacing.x = Metric::GAP;
                page_ui(ui, cx, page);
            });
        });
    })
}

fn page_ui(ui: &mut Ui, cx: &mut Cx<'_>, page: PreferencesPage) {
    match page {
        PreferencesPage::Endpoints => endpoint_list::endpoints_ui(ui, cx),
        PreferencesPage::Keys => key_sheet::table_ui(ui),
        other => {
            ScrollArea::vertical().id_salt(other.label()).auto_shrink(false).show(ui, |ui| match other {
                PreferencesPage::Saving => pages::saving_ui(ui, cx),
                PreferencesPage::Library => pages::library_ui(ui, cx),
                PreferencesPage::Look => pages::look_ui(ui, cx),
                _ => pages::advanced_ui(ui, cx),
            });
        }
    }
}

fn tabs_ui(ui: &mut Ui, cx: &mut Cx<'_>, page: PreferencesPage) {
    ui.spacing_mut().item_spacing.y = 2.0;
    for other in PreferencesPage::ALL {
        if tab_ui(ui, other, other == page) {
            cx.act(Action::OpenDialog(Open::Preferences(other)));
        }
    }
}

/// One page of the list; `true` when it was pressed.
fn tab_ui(ui: &mut Ui, page: PreferencesPage, on: bool) -> bool {
    let palette = palette(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(PAGES, Metric::ROW), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Tab, ui.is_enabled(), on, page.label()));
    if on || response.hovered() {
        ui.painter().rect_filled(rect, Metric::RADIUS, palette.wash);
    }
    let colour = if on { palette.text } else { palette.dim };
    let at = rect.left_center() + vec2(Metric::CONTROL_PAD, 0.0);
    ui.painter().text(at, Align2::LEFT_CENTER, page.label(), Type::Body.font(), colour);
    ring(ui, &response, rect, Metric::RADIUS);
    response.clicked()
}
