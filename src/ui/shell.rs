//! The whole window: bars, panels, the middle, and what lies over them.

use egui::{CentralPanel, Frame, Margin, Panel, Rect, Ui, UiBuilder, pos2};

use super::composer::composer_ui;
use super::cx::Cx;
use super::image_menu::image_menu_ui;
use super::memory::Memory;
use super::textures::Textures;
use super::theme::{self, Metric, palette};
use super::{
    details, empty_bin, first_start, inspector, key_sheet, notices, preferences, sheet, shortcuts, status_bar,
};
use super::{survey, top_bar, tray, type_path, viewer};
use crate::domain::Timestamp;
use crate::message::{Action, Dialog, Page, Verb};
use crate::state::Session;

/// In a window narrower than this the inspector makes room for the sheet, in points.
const INSPECTOR_FROM: f32 = 1040.0;

/// With less of the sheet left beside the facts, they end above the tray and the notices, in points.
const BESIDE_FACTS: f32 = 260.0;

/// Gives the toolkit our fonts and styles. Once, before the first frame.
pub fn prepare(ctx: &egui::Context) {
    theme::install(ctx);
}

/// Draws the window and answers with what the person asked for in this frame.
pub fn shell_ui(
    ui: &mut Ui,
    session: &Session,
    textures: &mut Textures,
    memory: &mut Memory,
    now: Timestamp,
) -> Vec<Action> {
    let mut actions = Vec::new();
    theme::choose(ui, session.is_dark());
    let mut cx = Cx { session, textures, memory, actions: &mut actions, now, zone: session.zone() };
    cx.textures.begin_frame(ui.input(|input| input.max_texture_side));
    shortcuts::route(ui, &mut cx);
    let window = ui.available_rect_before_wrap();
    let room = match session.desk().page() {
        Page::FirstStart => {
            first_start::first_start_ui(ui, &mut cx);
            window
        }
        Page::Sheet => sheet_page_ui(ui, &mut cx),
        Page::Viewer => viewer::viewer_ui(ui, &mut cx),
        Page::Survey => survey::survey_ui(ui, &mut cx),
    };
    // Under a dialog nothing else can be pressed, so notices go as far out of its way as the window is wide.
    let room = if session.desk().dialog().is_some() { window } else { room };
    image_menu_ui(ui, &mut cx, |image| sheet::seen(ui, image));
    dialog_ui(ui, &mut cx);
    notices::notices_ui(ui, &mut cx, room);
    if let Some(wishes) = cx.textures.end_frame() {
        cx.act(Action::Want(wishes));
    }
    // What was typed in this frame comes before what a key asks for: a prompt is sent with its last words.
    actions.sort_by_key(|action| !matches!(action, Action::Edit(_) | Action::SearchFor(_) | Action::ClearFilters));
    actions
}

/// The page of the sheet; answers with the room where notices cover nothing but images.
fn sheet_page_ui(ui: &mut Ui, cx: &mut Cx<'_>) -> Rect {
    let beside = ui.available_width() >= INSPECTOR_FROM && cx.session.desk().panels_shown();
    if beside {
        facts_stand_beside(cx);
    }
    bar(ui, Panel::top("top bar").exact_size(Metric::TOP_BAR), |ui| top_bar::top_bar_ui(ui, cx));
    bar(ui, Panel::bottom("status bar").exact_size(Metric::STATUS), |ui| status_bar::status_bar_ui(ui, cx, beside));
    if cx.session.desk().panels_shown() {
        composer_ui(ui, cx);
        if beside {
            let frame = Frame::new().fill(palette(ui).panel).inner_margin(Margin::same(Metric::PAD as i8));
            let panel = Panel::right("inspector").exact_size(Metric::INSPECTOR).resizable(false).drag_to_open(false);
            panel.frame(frame).show(ui, |ui| inspector::inspector_ui(ui, cx));
        }
    }
    if cx.session.sheet().finding().row_shown() {
        bar(ui, Panel::top("filters").exact_size(Metric::FILTERS), |ui| top_bar::filters_ui(ui, cx));
    }
    let middle = CentralPanel::default().frame(Frame::new()).show(ui, |ui| {
        let mut room = ui.max_rect();
        sheet::sheet_ui(ui, cx);
        if cx.session.desk().facts_over() && !beside {
            if room.width() - Metric::INSPECTOR < BESIDE_FACTS {
                let above = (cx.session.sheet().shown_picks() > 0).then(|| tray_in(room).top());
                let above = above.into_iter().chain(notices::top(ui, cx)).fold(room.bottom(), f32::min);
                inspector::inspector_over_ui(ui, cx, room.with_max_y(above));
            } else {
                room.set_right(inspector::inspector_over_ui(ui, cx, room));
            }
        }
        let bottom = tray_in(room);
        let mut over = ui.new_child(UiBuilder::new().id_salt("tray").max_rect(bottom));
        if tray::tray_ui(&mut over, cx) { room.with_max_y(bottom.top()) } else { room }
    });
    middle.inner
}

/// Where the tray rises.
fn tray_in(room: Rect) -> Rect {
    Rect::from_min_max(
        pos2(room.left() + Metric::SHEET_PAD, room.bottom() - Metric::TRAY - Metric::PAD),
        pos2(room.right() - Metric::SHEET_PAD, room.bottom() - Metric::PAD),
    )
}

/// Beside the sheet the facts are always there: nothing lies over it, and the key has nothing to show.
fn facts_stand_beside(cx: &mut Cx<'_>) {
    cx.actions.retain(|action| !matches!(action, Action::Do(Verb::Facts)));
    if cx.session.desk().facts_over() {
        cx.ask(Verb::Facts);
    }
}

fn bar(ui: &mut Ui, panel: Panel, contents: impl FnOnce(&mut Ui)) {
    let frame = Frame::new().fill(palette(ui).panel).inner_margin(Margin::symmetric(Metric::PAD as i8, 0));
    panel.resizable(false).drag_to_open(false).frame(frame).show(ui, |ui| {
        ui.horizontal_centered(contents);
    });
}

fn dialog_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let Some(dialog) = cx.session.desk().dialog().cloned() else {
        cx.memory.forget_dialog();
        return;
    };
    let close = match &dialog {
        Dialog::Preferences(page) => preferences::preferences_ui(ui, cx, *page),
        Dialog::KeySheet => key_sheet::key_sheet_ui(ui),
        Dialog::EmptyBin => empty_bin::empty_bin_ui(ui, cx),
        Dialog::Details(image) => details::details_ui(ui, cx, *image),
        Dialog::TypePath { images, one_file } => type_path::type_path_ui(ui, cx, images, *one_file),
    };
    if close {
        cx.act(Action::CloseDialog);
    }
}
