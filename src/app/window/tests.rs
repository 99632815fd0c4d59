//! The whole window with the real engine behind it, through accessible names alone: first start, typed, chosen,
//! generated, marked, saved, and the same again at the next start.

use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use egui::accesskit::Role;
use egui::{Context, Key, Modifiers};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use egui_kittest::{Harness, Node};
use jiff::tz::TimeZone;

use super::super::dialogs::Dialogs;
use super::Window;
use crate::domain::Catalogue;
use crate::engine::{self, Options};
use crate::library::{self, Places};
use crate::state::{Session, SessionOptions};

/// Longer than anything takes on a busy machine.
const PATIENCE: Duration = Duration::from_mins(1);
/// Between two looks at the window while it waits for the engine.
const STEP: Duration = Duration::from_millis(20);
const PROMPT: &str = "a paper fox under a red moon";

/// The program's window on the folders of `home`, as `launch` joins it, with no native dialogs and no keyring asked.
fn start(home: &Path) -> Harness<'static, Window> {
    let places = Places::find(Some(home)).unwrap();
    let (settings, problems) = library::load_settings(&places);
    let context: Arc<OnceLock<Context>> = Arc::default();
    let known = Arc::clone(&context);
    let wake: Arc<dyn Fn() + Send + Sync> = Arc::new(move || {
        if let Some(context) = known.get() {
            context.request_repaint();
        }
    });
    let engine_wake = Arc::clone(&wake);
    let wake_engine = Box::new(move || engine_wake());
    let options = Options { places, env_key: None, proxy: None, output: None, has_window: true, wake: wake_engine };
    let engine = engine::start(options).unwrap_or_else(|failure| panic!("{failure:?}"));
    let session = Session::new(SessionOptions {
        settings,
        catalogue: Arc::new(Catalogue::load(None).unwrap()),
        demo: false,
        env_key: false,
        library: None,
        salt: 7,
        zone: TimeZone::UTC,
        problems,
    });
    let (_theme, system_dark): (SyncSender<bool>, Receiver<bool>) = sync_channel(1);
    let dialogs = Dialogs::new(wake, || false);
    let builder = Harness::builder().with_size([1360.0, 860.0]).with_step_dt(1.0 / 60.0);
    let mut harness = builder.build_eframe(move |creation| {
        crate::ui::prepare(&creation.egui_ctx);
        context.set(creation.egui_ctx.clone()).expect("one window");
        Window::new(session, Rc::new(engine), system_dark, dialogs)
    });
    harness.run_steps(3);
    harness
}

/// Steps the window until `seen` is true of it.
#[track_caller]
fn until(harness: &mut Harness<'_, Window>, what: &str, seen: impl Fn(&Harness<'_, Window>) -> bool) {
    let start = Instant::now();
    while !seen(harness) {
        assert!(start.elapsed() < PATIENCE, "{what} did not come; the window shows {:#?}", harness.root());
        std::thread::sleep(STEP);
        harness.step();
    }
}

fn tiles<'a>(harness: &'a Harness<'_, Window>, words: &'a str) -> Vec<Node<'a>> {
    harness
        .query_all_by_label_contains(words)
        .filter(|node| node.accesskit_node().role() == Role::ListBoxOption)
        .collect()
}

fn press(harness: &mut Harness<'_, Window>, name: &str) {
    harness.get_by_label(name).click();
    harness.run_steps(3);
}

fn type_into(harness: &mut Harness<'_, Window>, role: Role, name: &str, text: &str) {
    harness.get_by_role_and_label(role, name).focus();
    harness.run_steps(2);
    harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    harness.run_steps(2);
    harness.get_by_role_and_label(role, name).type_text(text);
    harness.run_steps(2);
}

/// Every image file below a folder.
fn images(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut ahead = vec![folder.to_path_buf()];
    while let Some(folder) = ahead.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                ahead.push(path);
            } else if path.extension().is_some_and(|suffix| suffix == "png") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The first start, the demo endpoint, and two images of it.
fn with_two_images(home: &Path) -> Harness<'static, Window> {
    let mut harness = start(home);
    harness.get_by_label_contains("Demo endpoint").click();
    harness.run_steps(3);
    until(&mut harness, "the sheet", |harness| {
        harness.query_by_role_and_label(Role::MultilineTextInput, "Prompt").is_some()
    });

    type_into(&mut harness, Role::MultilineTextInput, "Prompt", PROMPT);
    press(&mut harness, "Size");
    press(&mut harness, "256 × 256");
    harness.get_by_label("Images").set_value_accesskit(2.0);
    harness.run_steps(3);
    press(&mut harness, "Generate 2 images");
    until(&mut harness, "two places", |harness| tiles(harness, PROMPT).len() == 2);
    until(&mut harness, "two images", |harness| tiles(harness, "256 by 256").len() == 2);
    harness
}

/// The keyboard goes to another window, or comes back.
fn focus(harness: &mut Harness<'_, Window>, has_focus: bool) {
    let root = egui::ViewportId::ROOT;
    harness.input_mut().viewports.get_mut(&root).expect("one window").focused = Some(has_focus);
    harness.step();
}

#[test]
fn a_missing_file_that_is_put_back_shows_when_the_person_comes_back() {
    let folder = tempfile::tempdir().unwrap();
    drop(with_two_images(folder.path()).into_state());
    let file = images(&folder.path().join("Proofsheet")).remove(0);
    let aside = folder.path().join("aside");
    std::fs::rename(&file, &aside).unwrap();
    let mut harness = start(folder.path());
    until(&mut harness, "the other image", |harness| tiles(harness, "256 by 256").len() == 1);
    std::fs::rename(&aside, &file).unwrap();
    let begun = Instant::now();
    // Before the library is read whole, coming back does nothing.
    while tiles(&harness, "256 by 256").len() < 2 {
        assert!(begun.elapsed() < PATIENCE, "it did not come back; the window shows {:#?}", harness.root());
        focus(&mut harness, false);
        focus(&mut harness, true);
        std::thread::sleep(STEP);
    }
}

#[test]
fn a_newcomer_generates_marks_and_saves_and_finds_it_again() {
    let folder = tempfile::tempdir().unwrap();
    let picks = folder.path().join("picks");
    std::fs::create_dir(&picks).unwrap();

    let mut harness = with_two_images(folder.path());
    tiles(&harness, "1 of 2")[0].click();
    harness.run_steps(3);
    harness.key_press(Key::P);
    until(&mut harness, "the pick", |harness| tiles(harness, "1 of 2, picked").len() == 1);

    harness.get_by_label_contains("Save picks");
    harness.key_press_modifiers(Modifiers::COMMAND, Key::S);
    // Without a native dialog the window asks for the folder itself.
    until(&mut harness, "the path field", |harness| {
        harness.query_by_role_and_label(Role::TextInput, "Folder").is_some()
    });
    type_into(&mut harness, Role::TextInput, "Folder", &picks.to_string_lossy());
    press(&mut harness, "Save");
    until(&mut harness, "the saved pick", |_| images(&picks).len() == 1);
    until(&mut harness, "the notice of it", |harness| harness.query_by_label_contains("Saved").is_some());

    let library = folder.path().join("Proofsheet");
    let kept = images(&library);
    assert_eq!(kept.len(), 2);
    let saved = std::fs::read(&images(&picks)[0]).unwrap();
    assert_eq!(saved, std::fs::read(&kept[0]).unwrap(), "a pick is saved as it was received");
    assert_ne!(saved, std::fs::read(&kept[1]).unwrap());

    // The engine goes with its last holder, and writes marks and settings before.
    drop(harness.into_state());

    let mut again = start(folder.path());
    until(&mut again, "the images of before", |harness| tiles(harness, PROMPT).len() == 2);
    assert_eq!(tiles(&again, "1 of 2, picked").len(), 1, "the mark is there again");
    again.get_by_label("Endpoint: Demo");
    until(&mut again, "no trouble", |harness| harness.query_by_label("Retry").is_none());
}
