//! Every screen is laid out without a nameless control, a missing glyph or a part outside the window.

use egui::accesskit::Role;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use super::newcomer;
use crate::domain::{Draft, Failure, FailureKind, ImageId, KeyPlace, Settings, ThemeChoice};
use crate::message::{Action, Dialog, Event, PreferencesPage, Verb};
use crate::ui::stage::{NOW, Stage, look_at};

/// Size, scale and theme of the windows looked at. Themes have one layout, so light is looked at in two sizes only.
const WINDOWS: [([f32; 2], f32, ThemeChoice); 6] = [
    ([1360.0, 860.0], 1.0, ThemeChoice::Dark),
    ([1360.0, 860.0], 1.0, ThemeChoice::Light),
    ([900.0, 600.0], 1.0, ThemeChoice::Dark),
    ([900.0, 600.0], 1.0, ThemeChoice::Light),
    ([1360.0, 860.0], 2.0, ThemeChoice::Dark),
    ([2560.0, 1440.0], 1.0, ThemeChoice::Dark),
];

fn screens() -> Vec<(&'static str, Stage)> {
    let mut screens = vec![("first-start", newcomer()), ("empty", Stage::empty()), ("day", Stage::day())];
    let mut stage = Stage::day();
    let image = ImageId { run: stage.newest(), slot: 2 };
    let failure = Failure::free(FailureKind::Refused, "Not retried. The prompt is kept. Nothing was charged.")
        .with_words("Your request was rejected by the safety system.");
    stage.apply(Event::Failed { image, failure });
    stage.act(Action::OpenDialog(Dialog::Details(image)));
    screens.push(("details", stage));
    let mut stage = Stage::day();
    let images = stage.session.sheet().visible_picks();
    stage.act(Action::NoNativeDialog { images, one_file: false });
    screens.push(("path", stage));
    let mut stage = Stage::day();
    stage.act(Action::OpenDialog(Dialog::KeySheet));
    screens.push(("keys", stage));
    let mut stage = Stage::day();
    let endpoint = stage.session.settings().current.clone();
    stage.act(Action::Edit(Draft { prompt: String::new(), ..stage.session.composer().draft().clone() }));
    stage.act(Action::Do(Verb::Generate));
    let problem = Failure::free(FailureKind::Keyring, "The keyring did not answer. The key is kept until the end");
    stage.session.apply(Event::KeyFound { endpoint, place: KeyPlace::Session, problem: Some(problem) }, NOW);
    let failure = Failure::free(FailureKind::Disk, "The disk is full, so they were not written. Free some space");
    stage.apply(Event::Trouble { doing: "Saving preferences".to_owned(), failure });
    stage.act(Action::Do(Verb::ClearPicks));
    screens.push(("problems", stage));
    for page in PreferencesPage::ALL {
        let mut stage = Stage::day();
        stage.act(Action::OpenDialog(Dialog::Preferences(page)));
        screens.push((page.label(), stage));
    }
    screens
}

fn choose(stage: &mut Stage, theme: ThemeChoice) {
    let settings = Settings { theme, ..stage.session.settings().clone() };
    stage.act(Action::Change(Box::new(settings)));
}

#[track_caller]
fn stays_inside(harness: &Harness<'_, Stage>, size: [f32; 2], name: &str) {
    let window = egui::Rect::from_min_size(egui::Pos2::ZERO, size.into());
    for control in ["Start", "Generate 4 images", "Close", "Preferences", "Save picks…"] {
        for node in harness.query_all_by_role_and_label(Role::Button, control) {
            assert!(window.contains_rect(node.rect()), "{control} on {name} in {size:?}: {:?}", node.rect());
        }
    }
}

#[test]
fn every_screen_fits_every_window() {
    for (size, scale, theme) in WINDOWS {
        for (name, mut stage) in screens() {
            choose(&mut stage, theme);
            let mut harness = stage.whole_window(size, scale);
            // Also checks that every control has a name and every glyph a shape.
            harness.run();
            look_at(&mut harness, &format!("{name}-{theme:?}-{}x{}@{scale}", size[0], size[1]));
            stays_inside(&harness, size, name);
        }
    }
}
