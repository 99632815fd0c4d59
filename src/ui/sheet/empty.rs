//! The sheet with nothing on it: why, and what to do next.

use egui::{Align2, Rect, Ui, UiBuilder, vec2};

use crate::domain::{Filter, KeyPlace};
use crate::message::{Action, Dialog, PreferencesPage};
use crate::state::{Session, Sheet};
use crate::ui::cx::Cx;
use crate::ui::icons::Icon;
use crate::ui::memory::Focus;
use crate::ui::theme::{Metric, Palette, Type};
use crate::ui::tile::{Place, paint_words};
use crate::ui::top_bar::in_pixels;
use crate::ui::widgets::Button;

/// Width of the words, in points.
const WIDTH: f32 = 380.0;
/// Size of the icon above them.
const ICON: f32 = 28.0;

/// Why there is nothing to see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Empty {
    /// The library cannot be used.
    Library {
        /// It is there but cannot be written, or the like.
        sentence: String,
    },
    /// The library is still being read.
    Opening,
    /// The endpoint has no key.
    NoKey {
        /// Its name.
        endpoint: String,
    },
    /// Nothing was made yet.
    NoImages,
    /// The search and the filters let nothing through.
    NoMatch {
        /// Nothing matches this.
        what: String,
        /// Words are searched for.
        searched: bool,
        /// Filters of the row are set.
        narrowed: bool,
        /// Not all marks are shown.
        by_mark: bool,
    },
    /// No image has the mark that is filtered for, or is in the bin.
    NoMark(Filter),
    /// All that was made is in the bin, or left it.
    Nothing,
}

/// Why the sheet is empty, when it is.
pub(super) fn which(session: &Session) -> Option<Empty> {
    let sheet = session.sheet();
    if !sheet.visible().is_empty() {
        return None;
    }
    let library = session.library();
    if let Some(problem) = &library.problem {
        return Some(Empty::Library { sentence: problem.sentence.clone() });
    }
    if sheet.run_count() == 0 {
        if library.opening {
            return Some(Empty::Opening);
        }
        let endpoint = &session.settings().current;
        let has_key = session.endpoints().key_place(endpoint) != KeyPlace::Missing;
        return Some(if has_key { Empty::NoImages } else { Empty::NoKey { endpoint: endpoint.to_string() } });
    }
    if !sheet.finding().is_active() {
        return Some(if sheet.filter() == Filter::All { Empty::Nothing } else { Empty::NoMark(sheet.filter()) });
    }
    Some(no_match(sheet))
}

fn no_match(sheet: &Sheet) -> Empty {
    let finding = sheet.finding();
    let narrow = finding.narrow();
    let filters = [
        narrow.model.clone(),
        narrow.endpoint.clone(),
        narrow.size.map(in_pixels),
        finding.made().map(|when| when.to_string()),
    ];
    let filters: Vec<String> = filters.into_iter().flatten().collect();
    let mut what = Vec::new();
    if finding.has_words() {
        what.push(format!("“{}”", finding.typed().trim()));
    }
    if !filters.is_empty() {
        what.push(filters.join(", "));
    }
    let place = match sheet.filter() {
        Filter::All => "",
        Filter::Unmarked => " among the unmarked",
        Filter::Picks => " among the picks",
        Filter::Rejected => " among the rejected",
        Filter::Bin => " in the bin",
    };
    Empty::NoMatch {
        what: format!("{}{place}", what.join(" with ")),
        searched: finding.has_words(),
        narrowed: finding.is_narrowed(),
        by_mark: sheet.filter() != Filter::All,
    }
}

/// A button of an empty sheet.
struct Offer {
    label: &'static str,
    does: Does,
}

enum Does {
    Act(fn() -> Action),
    TryAgain,
    FocusPrompt,
}

impl Empty {
    const fn icon(&self) -> Icon {
        match self {
            Self::Library { .. } => Icon::HARD_DRIVE,
            Self::Opening => Icon::CLOCK,
            Self::NoKey { .. } => Icon::KEY_ROUND,
            Self::NoImages | Self::Nothing => Icon::IMAGES,
            Self::NoMatch { .. } => Icon::SEARCH,
            Self::NoMark(_) => Icon::LIST_FILTER,
        }
    }

    fn words(&self) -> (String, String) {
        let (title, sentence): (String, &str) = match self {
            Self::Library { sentence } => ("The library cannot be used".to_owned(), sentence),
            Self::Opening => ("Opening the library".to_owned(), ""),
            Self::NoKey { endpoint } => (
                format!("{endpoint} needs a key"),
                "Add it once; it is kept in this computer’s keyring. The demo endpoint works without one.",
            ),
            Self::NoImages => (
                "No images yet".to_owned(),
                "Describe a picture in the prompt box and generate. Everything made is kept here.",
            ),
            Self::Nothing => ("Nothing to show".to_owned(), ""),
            Self::NoMatch { what, searched, .. } => {
                let where_to = if *searched { "Search looks through prompts, revised prompts and models." } else { "" };
                (format!("Nothing matches {what}"), where_to)
            }
            Self::NoMark(Filter::Unmarked) => {
                ("Nothing left to judge".to_owned(), "Every image is picked or rejected; U takes a mark away.")
            }
            Self::NoMark(Filter::Picks) => {
                ("No picks yet".to_owned(), "P marks the selected images as picked; picks are what you save.")
            }
            Self::NoMark(Filter::Bin) => {
                ("The bin is empty".to_owned(), "What you delete is kept here until you empty the bin.")
            }
            Self::NoMark(_) => ("Nothing rejected".to_owned(), "X marks the selected images as rejected."),
        };
        (title, sentence.to_owned())
    }

    fn offers(&self) -> Vec<Offer> {
        let act = |label, action| Offer { label, does: Does::Act(action) };
        let keys = || Action::OpenDialog(Dialog::Preferences(PreferencesPage::Endpoints));
        match self {
            Self::Library { .. } => vec![
                act("Choose folder…", || Action::ChooseLibrary),
                Offer { label: "Try again", does: Does::TryAgain },
            ],
            Self::Opening | Self::Nothing => Vec::new(),
            Self::NoKey { .. } => {
                vec![act("Add the key…", keys), act("Demo endpoint, no key needed", || Action::TryDemo)]
            }
            Self::NoImages => vec![Offer { label: "Write a prompt", does: Does::FocusPrompt }],
            Self::NoMatch { searched, narrowed, by_mark, .. } => {
                let search = searched.then(|| act("Clear the search", || Action::SearchFor(String::new())));
                let filters = narrowed.then(|| act("Clear the filters", || Action::ClearFilters));
                let marks = by_mark.then(|| act("Show all", || Action::Show(Filter::All)));
                [search, filters, marks].into_iter().flatten().collect()
            }
            Self::NoMark(_) => vec![act("Show all", || Action::Show(Filter::All))],
        }
    }
}

/// Says why there is nothing and offers the way on.
pub(super) fn empty_ui(ui: &mut Ui, cx: &mut Cx<'_>, empty: &Empty, palette: &Palette) {
    let area = ui.available_rect_before_wrap();
    let (title, sentence) = empty.words();
    let middle = area.center();
    let width = WIDTH.min(area.width() - 2.0 * Metric::SHEET_PAD);
    let mut y = middle.y - 76.0;
    ui.painter().text(
        egui::pos2(middle.x, y),
        Align2::CENTER_TOP,
        empty.icon().text(),
        Type::Icon(ICON).font(),
        palette.faint,
    );
    y += ICON + 12.0;
    let place = |y, lines| Place { at: egui::pos2(middle.x, y), width, lines, align: egui::Align::Center };
    y = paint_words(ui.painter(), &title, Type::Title, palette.text, place(y, 2)).bottom() + 4.0;
    if !sentence.is_empty() {
        y = paint_words(ui.painter(), &sentence, Type::Body, palette.dim, place(y, 4)).bottom();
    }
    // For a screen reader: the words are painted, not widgets.
    let spoken = ui.interact(
        Rect::from_center_size(middle, vec2(width, 160.0)),
        ui.scope_id().with("empty"),
        egui::Sense::hover(),
    );
    spoken
        .widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Label, true, format!("{title}. {sentence}")));
    offers_ui(ui, cx, empty, egui::pos2(middle.x, y + 16.0));
}

fn offers_ui(ui: &mut Ui, cx: &mut Cx<'_>, empty: &Empty, top: egui::Pos2) {
    let offers = empty.offers();
    let id = ui.scope_id().with("offers");
    // The row is centred by what it measured the frame before.
    let width = ui.data(|data| data.get_temp::<f32>(id)).unwrap_or(0.0);
    let rect = Rect::from_min_size(top - vec2(width / 2.0, 0.0), vec2(f32::INFINITY, Metric::FIELD));
    let row = ui.scope_builder(
        UiBuilder::new().max_rect(rect).layout(egui::Layout::left_to_right(egui::Align::Center)),
        |ui| {
            for offer in offers {
                if Button::plain(offer.label).height(Metric::CONTROL + 2.0).show(ui).clicked() {
                    follow(cx, &offer.does);
                }
            }
        },
    );
    let measured = row.response.rect.width();
    if (measured - width).abs() > 0.5 {
        ui.data_mut(|data| data.insert_temp(id, measured));
        ui.ctx().request_discard("the row is centred by its own width");
    }
}

fn follow(cx: &mut Cx<'_>, does: &Does) {
    match does {
        Does::Act(action) => cx.act(action()),
        Does::FocusPrompt => cx.memory.focus = Some(Focus::Prompt),
        Does::TryAgain => match cx.session.library().root.clone() {
            Some(root) => cx.act(Action::LibraryFolder(root)),
            None => cx.act(Action::ChooseLibrary),
        },
    }
}
