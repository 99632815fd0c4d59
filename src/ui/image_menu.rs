//! The menu of an image: everything that can be done with it, by right click or by key, wherever it is shown.

use egui::{Id, Popup, PopupAnchor, Pos2, Rect, Response, Ui, accesskit};

use super::cx::Cx;
use super::details;
use super::shortcuts::keys;
use super::widgets::{MenuRow, menu};
use crate::domain::{ImageId, Slot};
use crate::message::{Action, Dialog, MenuPart, Page, Snippet, Verb};
use crate::state::{Compared, Comparison, Session};

/// What the window remembers of the menu.
#[derive(Default)]
pub(super) struct MenuMemory {
    /// The state asks for the menu of this image.
    pub wanted: Option<ImageId>,
    /// Where the pointer asked for it; by key it opens at the image.
    pointed: Option<Pos2>,
    open: Option<Open>,
}

impl MenuMemory {
    /// The menu lies over the window.
    pub(super) const fn is_open(&self) -> bool {
        self.open.is_some()
    }
}

struct Open {
    image: ImageId,
    at: PopupAnchor,
    /// Opened by key: its first row gets the keyboard.
    by_key: bool,
}

/// Something on the menu.
struct Item {
    part: MenuPart,
    text: String,
    keys: Option<String>,
    /// Why it cannot be chosen.
    why_not: Option<String>,
    action: Action,
}

impl Item {
    fn new(part: MenuPart, text: impl Into<String>, action: Action) -> Self {
        Self { part, text: text.into(), keys: None, why_not: None, action }
    }
}

/// The menu's id: there is one at a time.
fn menu_id() -> Id {
    Id::unique("menu of an image")
}

/// Asks for the menu when an image was clicked with the other button, or a screen reader asked for it.
pub(super) fn ask_for_menu(ui: &Ui, cx: &mut Cx<'_>, image: ImageId, response: &Response) {
    ui.ctx().accesskit_node_builder(response.id, |node| node.add_action(accesskit::Action::ShowContextMenu));
    let by_reader =
        ui.input(|input| input.has_accesskit_action_request(response.id, accesskit::Action::ShowContextMenu));
    if response.secondary_clicked() {
        cx.memory.menu.pointed = response.interact_pointer_pos();
    } else if !by_reader {
        return;
    }
    cx.act(Action::OpenMenu(image));
}

/// The open menu, over everything; `place` says where an image is in the window now.
pub(super) fn image_menu_ui(ui: &Ui, cx: &mut Cx<'_>, place: impl Fn(ImageId) -> Option<Rect>) {
    if let Some(image) = cx.memory.menu.wanted.take() {
        let pointed = cx.memory.menu.pointed.take();
        let middle = ui.max_rect().center();
        let at = match (pointed, place(image)) {
            (Some(at), _) => PopupAnchor::Position(at),
            (None, Some(rect)) => PopupAnchor::ParentRect(rect.intersect(ui.max_rect())),
            (None, None) => PopupAnchor::Position(middle),
        };
        cx.memory.menu.open = Some(Open { image, at, by_key: pointed.is_none() });
        ui.memory_mut(|memory| {
            // Without a holder of the keyboard, an arrow goes to the menu's first or last row.
            if let Some(focused) = memory.focused() {
                memory.surrender_focus(focused);
            }
        });
        Popup::open_id(ui.ctx(), menu_id());
    }
    let Some(mut open) = cx.memory.menu.open.take() else { return };
    let mut items = items(ui, cx.session, open.image);
    if Popup::is_id_open(ui.ctx(), menu_id()) && cx.session.desk().dialog().is_none() && !items.is_empty() {
        let popup = Popup::new(menu_id(), ui.ctx().clone(), open.at, ui.layer_id()).open_memory(None);
        let rows: Vec<MenuRow> = rows(&items);
        let chosen = menu(popup.accessible_name("Menu of the image"), ui, &rows, &mut open.by_key);
        if let Some(index) = chosen.filter(|&index| index < items.len()) {
            cx.act(items.swap_remove(index).action);
        }
        if Popup::is_id_open(ui.ctx(), menu_id()) {
            cx.memory.menu.open = Some(open);
            return;
        }
    } else {
        Popup::close_id(ui.ctx(), menu_id());
    }
    // Closed: the images have the keyboard again, unless something else took it.
    let images = cx.memory.images_id;
    ui.memory_mut(|memory| {
        let row = memory.focused().is_none_or(|focused| (0..=items.len()).any(|at| focused == row_id(at)));
        if let Some(images) = images.filter(|_| row) {
            memory.request_focus(images);
        }
    });
}

fn row_id(index: usize) -> Id {
    super::widgets::menu_row_id(menu_id(), index)
}

fn rows(items: &[Item]) -> Vec<MenuRow> {
    let mut before = None;
    let row = |item: &Item| {
        let begins = before.replace(item.part) != Some(item.part);
        let (text, keys, why_not) = (item.text.clone(), item.keys.clone(), item.why_not.clone());
        MenuRow { text, keys, why_not, begins }
    };
    items.iter().map(row).collect()
}

fn items(ui: &Ui, session: &Session, image: ImageId) -> Vec<Item> {
    let mut items = match session.sheet().slot(image) {
        Some(Slot::Stored(_)) => stored(ui, session, image),
        Some(Slot::Failed(failure)) => vec![
            Item::new(MenuPart::Judge, "Retry", Action::Retry(image)),
            Item::new(MenuPart::Judge, "Edit and retry", Action::EditAndRetry(image)),
            Item::new(MenuPart::Use, "Details", Action::OpenDialog(Dialog::Details(image))),
            Item::new(MenuPart::Use, "Copy details", Action::CopyText(details::as_text(failure))),
            remove(ui, session, image),
        ],
        Some(Slot::Waiting) => vec![
            Item::new(MenuPart::Judge, "Cancel", Action::CancelImage(image)),
            Item::new(MenuPart::Use, Verb::Reuse.label(), Action::Do(Verb::Reuse)),
        ],
        Some(Slot::Gone) | None => return Vec::new(),
    };
    for (snippet, name) in Snippet::ALL {
        items.push(Item::new(MenuPart::Use, format!("Copy as {name}"), Action::CopySnippet(image, snippet)));
    }
    if let Some(why) = session.only_shown() {
        let changes = |item: &&mut Item| match item.action {
            Action::Do(verb) => verb.changes_library(),
            Action::Retry(_) => true,
            _ => false,
        };
        for item in items.iter_mut().filter(changes) {
            item.why_not = Some(why.to_owned());
        }
    }
    // Stable: inside a part the order is that of the verbs.
    items.sort_by_key(|item| item.part);
    items
}

/// What the verbs of the menu mean: the selection, when the image is in it, else the image.
fn meant(session: &Session, image: ImageId) -> Vec<ImageId> {
    let sheet = session.sheet();
    let on_sheet = session.desk().page() == Page::Sheet && sheet.is_selected(image);
    let selection = if on_sheet { sheet.selection() } else { vec![image] };
    selection.into_iter().filter(|&image| sheet.facts(image).is_some()).collect()
}

/// Into the bin, or out of it.
fn remove(ui: &Ui, session: &Session, image: ImageId) -> Item {
    let verb = if session.sheet().is_binned(image) { Verb::Restore } else { Verb::Delete };
    Item { keys: keys(ui, verb), ..Item::new(MenuPart::Remove, verb.label(), Action::Do(verb)) }
}

fn stored(ui: &Ui, session: &Session, image: ImageId) -> Vec<Item> {
    let meant = meant(session, image);
    let mut items = Vec::new();
    for verb in Verb::all() {
        let Some(part) = verb.menu_part() else { continue };
        if part == MenuPart::Look && session.desk().page() != Page::Sheet {
            continue;
        }
        let mut item = Item::new(part, verb.label(), Action::Do(verb));
        match verb {
            // Nothing is judged in the bin.
            Verb::Mark(_) if session.sheet().is_binned(image) => continue,
            Verb::Delete => item = remove(ui, session, image),
            // With several selected, the key compares them.
            Verb::View | Verb::SurveyPicks if meant.len() > 1 => continue,
            Verb::Survey if meant.len() < 2 => continue,
            Verb::Survey | Verb::SurveyPicks => {
                let selected = Comparison { of: Compared::Selection, count: meant.len() };
                let comparison = if verb == Verb::Survey { selected } else { Comparison::picks(session.sheet()) };
                item.text = comparison.words();
                item.why_not = comparison.why_not();
            }
            Verb::Copy if meant.len() > 1 => item.text = format!("Copy {} images", meant.len()),
            _ => {}
        }
        item.keys = match verb {
            // The key means the picks when too few images are selected.
            Verb::SurveyPicks if Comparison::means_picks(session.sheet()) => keys(ui, Verb::Survey),
            _ => keys(ui, verb),
        };
        items.push(item);
    }
    let save = if meant.len() == 1 { "Save…".to_owned() } else { format!("Save {} images…", meant.len()) };
    let first_use = items.iter().position(|item| item.part >= MenuPart::Use).unwrap_or(items.len());
    items.insert(first_use, Item::new(MenuPart::Use, save, Action::SaveImages(meant)));
    items
}

#[cfg(test)]
mod tests;
