//! The profile of one endpoint: name, address, key, limits, what it taught us.

use egui::{Response, Ui};

use super::endpoint_list::use_ui;
use super::{key_ui, learned};
use crate::domain::{Endpoint, EndpointName};
use crate::message::Action;
use crate::ui::cx::Cx;
use crate::ui::icons::Icon;
use crate::ui::theme::{Metric, Type};
use crate::ui::widgets::{Button, Choice, Dropdown, TextField, Tone, label, tick, under_field};

/// Times to choose from, in minutes.
const MINUTES: [u32; 7] = [1, 2, 5, 10, 15, 20, 30];

/// A small label and the gap under it.
pub(super) fn name(ui: &mut Ui, text: &str) -> Response {
    let name = label(ui, text, Type::Small, Tone::Dim);
    ui.add_space(Metric::LABEL_GAP);
    name
}

pub(super) fn form_ui(ui: &mut Ui, cx: &mut Cx<'_>, shown: &EndpointName) {
    let Some(kept) = cx.session.settings().endpoint(shown).cloned() else { return };
    let (edited, known) = profile_ui(ui, cx, &kept);
    plain_http_ui(ui, cx, &edited, &known);
    ui.add_space(Metric::PAD);
    key_ui::key_ui(ui, cx, &edited);
    ui.add_space(Metric::PAD);
    limits_ui(ui, cx, &edited, &known);
    learned::learned_ui(ui, cx, &kept.name);
    ui.add_space(Metric::SHEET_PAD);
    ui.horizontal(|ui| {
        use_ui(ui, cx, &kept.name);
        remove_ui(ui, cx, &kept.name);
    });
}

/// Name and address: the profile as typed, and the name it is kept under from here on in this frame.
///
/// Each is kept when its field is left, so that a key does not move with every letter.
fn profile_ui(ui: &mut Ui, cx: &mut Cx<'_>, kept: &Endpoint) -> (Endpoint, EndpointName) {
    let typed = cx.memory.typed.profile.take().filter(|(name, ..)| *name == kept.name);
    let (_, mut name_text, mut url_text) =
        typed.unwrap_or_else(|| (kept.name.clone(), kept.name.to_string(), kept.base_url.clone()));
    let width = ui.available_width();

    let label = name(ui, "Endpoint name");
    let new_name = EndpointName::new(&name_text);
    let taken = new_name
        .as_ref()
        .is_some_and(|new| *new != kept.name && (new.is_demo() || cx.session.settings().endpoint(new).is_some()));
    let problem = match (&new_name, taken) {
        (None, _) => Some("Give it a name"),
        (Some(_), true) => Some("There is an endpoint of this name already"),
        _ => None,
    };
    let name_field = TextField::line("endpoint name", &mut name_text, width).wrong(problem.is_some());
    let name_field = name_field.show(ui).labelled_by(label.id);
    under_field(ui, problem, None);
    ui.add_space(Metric::PAD);

    let label = name(ui, "Base URL");
    let base = crate::domain::BaseUrl::parse(&url_text);
    let url_field = TextField::line("base url", &mut url_text, width).wrong(base.is_err());
    let url_field = url_field.hint("https://ramclouds.me/v1").show(ui).labelled_by(label.id);
    let goes_to = base.as_ref().ok().map(|base| format!("Requests go to {}", base.generations()));
    under_field(ui, base.as_ref().err().map(ToString::to_string).as_deref(), goes_to.as_deref());

    let usable = new_name.filter(|_| problem.is_none()).unwrap_or_else(|| kept.name.clone());
    let edited = Endpoint { name: usable, base_url: url_text.trim().to_owned(), ..kept.clone() };
    let left = Endpoint {
        name: if name_field.has_focus() { kept.name.clone() } else { edited.name.clone() },
        base_url: if url_field.has_focus() { kept.base_url.clone() } else { edited.base_url.clone() },
        ..kept.clone()
    };
    if left != *kept {
        cx.memory.typed.shown = Some(left.name.clone());
        cx.act(Action::ChangeEndpoint(kept.name.clone(), left.clone()));
    }
    // What is still being typed, or cannot be used, stays in its field; what was kept starts over.
    let waiting = name_field.has_focus() || url_field.has_focus() || problem.is_some();
    cx.memory.typed.profile = waiting.then(|| (left.name.clone(), name_text, url_text));
    (edited, left.name)
}

fn plain_http_ui(ui: &mut Ui, cx: &mut Cx<'_>, edited: &Endpoint, known: &EndpointName) {
    let Ok(base) = edited.base() else { return };
    if !base.is_plain_http() || base.is_loopback() {
        return;
    }
    ui.add_space(6.0);
    let mut agreed = edited.plain_http_agreed;
    let words = format!("Send prompts and the key unencrypted to {}", base.host());
    if tick(ui, &mut agreed, &words).changed() {
        change(cx, edited, known, |endpoint| endpoint.plain_http_agreed = agreed);
    }
}

fn change(cx: &mut Cx<'_>, edited: &Endpoint, known: &EndpointName, change: impl FnOnce(&mut Endpoint)) {
    let mut endpoint = Endpoint { name: known.clone(), ..edited.clone() };
    change(&mut endpoint);
    cx.act(Action::ChangeEndpoint(known.clone(), endpoint));
}

fn limits_ui(ui: &mut Ui, cx: &mut Cx<'_>, edited: &Endpoint, known: &EndpointName) {
    let width = (ui.available_width() - 2.0 * Metric::GAP) / 3.0;
    ui.horizontal_top(|ui| {
        ui.vertical(|ui| {
            ui.set_width(width);
            let label = name(ui, "Requests at once");
            let choices: Vec<Choice> = (1..=Endpoint::REQUESTS_MAX)
                .map(|n| Choice::new(n.to_string(), n == edited.requests_at_once))
                .collect();
            let shown = edited.requests_at_once.to_string();
            let (response, chosen) = Dropdown::new("at once", &shown, width).show(ui, &choices);
            response.labelled_by(label.id);
            if let Some(index) = chosen {
                change(cx, edited, known, |endpoint| endpoint.requests_at_once = index as u8 + 1);
            }
        });
        ui.vertical(|ui| {
            ui.set_width(width);
            let label = name(ui, "Give up after");
            let choices: Vec<Choice> =
                MINUTES.iter().map(|&n| Choice::new(minutes(n * 60), n * 60 == edited.time_limit_secs)).collect();
            let shown = minutes(edited.time_limit_secs);
            let (response, chosen) = Dropdown::new("give up", &shown, width).show(ui, &choices);
            response.labelled_by(label.id);
            if let Some(&minutes) = chosen.and_then(|index| MINUTES.get(index)) {
                change(cx, edited, known, |endpoint| endpoint.time_limit_secs = minutes * 60);
            }
        });
        ui.vertical(|ui| {
            ui.set_width(width);
            let label = name(ui, "Starts with model");
            let mut model = edited.default_model.clone();
            let field = TextField::line("first model", &mut model, width).height(Metric::CONTROL);
            if field.show(ui).labelled_by(label.id).changed() {
                change(cx, edited, known, |endpoint| endpoint.default_model = model);
            }
        });
    });
}

fn minutes(secs: u32) -> String {
    match (secs / 60, secs % 60) {
        (1, 0) => "1 minute".to_owned(),
        (minutes, 0) => format!("{minutes} minutes"),
        (_, _) => format!("{secs} seconds"),
    }
}

/// Removing takes a second press: the key goes too, and cannot be brought back.
fn remove_ui(ui: &mut Ui, cx: &mut Cx<'_>, kept: &EndpointName) {
    if !cx.memory.typed.removing {
        cx.memory.typed.removing = Button::ghost("Remove").icon(Icon::TRASH_2).show(ui).clicked();
        return;
    }
    let words = format!("Remove {kept} and its key");
    if Button::plain(&words).icon(Icon::TRASH_2).show(ui).clicked() {
        cx.memory.typed = super::Typed::default();
        cx.act(Action::RemoveEndpoint(kept.clone()));
    }
    if Button::ghost("Keep").show(ui).clicked() {
        cx.memory.typed.removing = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_read_as_minutes() {
        assert_eq!(
            (minutes(60), minutes(600), minutes(90)),
            ("1 minute".into(), "10 minutes".into(), "90 seconds".into())
        );
    }
}
