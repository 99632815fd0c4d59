//! The row of filters over the sheet: model, endpoint, size and time, each choice with how many images it would show.

use egui::{Align, Color32, Layout, Rect, Ui, UiBuilder, pos2, vec2};

use crate::domain::Filter;
use crate::message::{Action, IndexState, NarrowBy};
use crate::ui::cx::Cx;
use crate::ui::icons::Icon;
use crate::ui::status_bar::grouped;
use crate::ui::theme::Type;
use crate::ui::widgets::{Button, Choice, Dropdown, Tone, truncated};

/// The widest filter, in points; a longer name is cut.
const WIDEST: f32 = 190.0;
/// In a filter, what is not words: its edges, and the chevron or the cross.
const AROUND: f32 = 42.0;
/// Room at the right for what is shown, and for taking all filters away; in a narrow window the filters share the rest.
const RIGHT: f32 = 150.0;
/// Width of the lists: names and counts, also where the filter itself is narrow.
const LIST: f32 = 240.0;

/// One filter: how it is named, what it is set to, and what it can be set to.
struct One {
    /// `model`, for its accessible names: "Filter by model".
    what: &'static str,
    /// "Model": what it reads while it is not set.
    title: &'static str,
    /// "Any model".
    any: &'static str,
    /// What it is set to, in words.
    on: Option<String>,
    choices: Vec<(Choice, NarrowBy)>,
    off: NarrowBy,
}

impl One {
    fn shown(&self) -> &str {
        self.on.as_deref().unwrap_or(self.title)
    }
}

pub(in crate::ui) fn filters_ui(ui: &mut Ui, cx: &mut Cx<'_>) {
    let filters = [model(cx), endpoint(cx), size(cx), made(cx)];
    let gaps = ui.spacing().item_spacing.x * filters.len() as f32;
    let words =
        |text: &str| ui.painter().layout_no_wrap(text.to_owned(), Type::Body.font(), Color32::PLACEHOLDER).size().x;
    let widths: Vec<f32> = filters.iter().map(|one| (words(one.shown()) + AROUND).min(WIDEST)).collect();
    let room = (ui.available_width() - RIGHT - gaps).max(0.0);
    let share = (room / widths.iter().sum::<f32>()).min(1.0);
    for (filter, width) in filters.iter().zip(widths) {
        filter_ui(ui, cx, filter, width * share);
    }
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        if cx.session.sheet().finding().is_active() {
            let clear = Button::ghost("Clear").named("Clear search and filters");
            if clear.tooltip("Show everything again").show(ui).clicked() {
                cx.act(Action::SearchFor(String::new()));
                cx.act(Action::ClearFilters);
            }
        }
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| shown_ui(ui, cx));
    });
}

/// How much is shown, or why that is not quite known.
fn shown_ui(ui: &mut Ui, cx: &Cx<'_>) {
    let (text, why) = shown(cx);
    let label = truncated(ui, text.clone(), Type::Small, Tone::Dim);
    if let Some(why) = why {
        label.on_hover_text(why);
    }
}

fn shown(cx: &Cx<'_>) -> (String, Option<String>) {
    let sheet = cx.session.sheet();
    match sheet.finding().index() {
        IndexState::Making => {
            return ("The index is being made".to_owned(), Some(format!("{WITHOUT_INDEX} until it is done")));
        }
        IndexState::Missing(failure) => {
            return ("There is no index".to_owned(), Some(format!("{}. {WITHOUT_INDEX}", failure.sentence)));
        }
        IndexState::Ready => {}
    }
    let (counts, found) = (sheet.counts(), sheet.found());
    let (shown, all) = match sheet.filter() {
        Filter::All => (found.all, counts.all),
        Filter::Unmarked => (found.unmarked, counts.all),
        Filter::Picks => (found.picks, counts.all),
        Filter::Rejected => (found.rejected, counts.all),
        Filter::Bin => (found.binned, counts.binned),
    };
    let images = if all == 1 { "image" } else { "images" };
    (format!("{} of {} {images}", grouped(shown), grouped(all)), None)
}

/// What still works without an index.
const WITHOUT_INDEX: &str = "Search and filters work, but without counts";

fn filter_ui(ui: &mut Ui, cx: &mut Cx<'_>, one: &One, width: f32) {
    let name = format!("Filter by {}", one.what);
    let mut rows = vec![Choice::new(one.any, one.on.is_none())];
    rows.extend(one.choices.iter().map(|(choice, _)| choice.clone()));
    let dropdown = Dropdown::new(one.what, one.shown(), width).list_width(LIST.max(width)).set(one.on.is_some());
    let (response, chosen) = dropdown.show(ui, &rows);
    let response = response.accessible_name(name);
    let value = one.on.as_deref().unwrap_or(one.any);
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_value(value));
    let chosen = chosen.map(|row| match row.checked_sub(1) {
        Some(row) => one.choices.get(row).map_or(&one.off, |(_, by)| by),
        None => &one.off,
    });
    if let Some(by) = chosen {
        cx.act(Action::Narrow(by.clone()));
    }
    if one.on.is_some() && cross(ui, response.rect, one.what) {
        cx.act(Action::Narrow(one.off.clone()));
    }
}

/// The cross at the right of a filter that is set; `true` when it was pressed.
fn cross(ui: &mut Ui, filter: Rect, what: &str) -> bool {
    let at = Rect::from_center_size(pos2(filter.right() - 14.0, filter.center().y), vec2(22.0, 22.0));
    let mut inside = ui.new_child(UiBuilder::new().id_salt(("clear", what)).max_rect(at));
    let name = format!("Clear {what} filter");
    Button::icon_only(Icon::CROSS, &name).height(22.0).width(22.0).show(&mut inside).clicked()
}

/// The choices with their counts; one that is set is among them even when nothing is left of it.
fn counted<T: PartialEq + Clone>(
    counts: impl Iterator<Item = (T, usize)>,
    on: Option<&T>,
    words: impl Fn(&T) -> String,
) -> Vec<(Choice, T)> {
    let mut counts: Vec<(T, usize)> = counts.collect();
    if let Some(on) = on.filter(|on| !counts.iter().any(|(value, _)| value == *on)) {
        counts.insert(0, (on.clone(), 0));
    }
    let row = |(value, count): (T, usize)| {
        let choice = Choice { note: grouped(count), ..Choice::new(words(&value), on == Some(&value)) };
        (choice, value)
    };
    counts.into_iter().map(row).collect()
}

fn model(cx: &Cx<'_>) -> One {
    let finding = cx.session.sheet().finding();
    let on = finding.narrow().model.as_ref();
    let choices = counted(finding.tallies().models.iter().cloned(), on, String::clone);
    One {
        what: "model",
        title: "Model",
        any: "Any model",
        on: on.cloned(),
        choices: choices.into_iter().map(|(choice, model)| (choice, NarrowBy::Model(Some(model)))).collect(),
        off: NarrowBy::Model(None),
    }
}

fn endpoint(cx: &Cx<'_>) -> One {
    let finding = cx.session.sheet().finding();
    let on = finding.narrow().endpoint.as_ref();
    let choices = counted(finding.tallies().endpoints.iter().cloned(), on, String::clone);
    One {
        what: "endpoint",
        title: "Endpoint",
        any: "Any endpoint",
        on: on.cloned(),
        choices: choices.into_iter().map(|(choice, name)| (choice, NarrowBy::Endpoint(Some(name)))).collect(),
        off: NarrowBy::Endpoint(None),
    }
}

fn size(cx: &Cx<'_>) -> One {
    let finding = cx.session.sheet().finding();
    let on = finding.narrow().size.as_ref();
    let choices = counted(finding.tallies().sizes.iter().copied(), on, |size| in_pixels(*size));
    let shaped = |(choice, size): (Choice, (u32, u32))| {
        let ratio = size.0 as f32 / size.1.max(1) as f32;
        (Choice { ratio: Some(ratio), ..choice }, NarrowBy::Size(Some(size)))
    };
    One {
        what: "size",
        title: "Size",
        any: "Any size",
        on: on.map(|size| in_pixels(*size)),
        choices: choices.into_iter().map(shaped).collect(),
        off: NarrowBy::Size(None),
    }
}

fn made(cx: &Cx<'_>) -> One {
    let finding = cx.session.sheet().finding();
    let on = finding.made();
    // A month without images says nothing.
    let some = finding.whens().filter(|(when, count)| *count > 0 || Some(*when) == on);
    let choices = counted(some, on.as_ref(), ToString::to_string);
    One {
        what: "time",
        title: "Time",
        any: "Any time",
        on: on.map(|when| when.to_string()),
        choices: choices.into_iter().map(|(choice, when)| (choice, NarrowBy::Made(Some(when)))).collect(),
        off: NarrowBy::Made(None),
    }
}

/// `1024 × 1792`
pub(in crate::ui) fn in_pixels((width, height): (u32, u32)) -> String {
    format!("{width} × {height}")
}
