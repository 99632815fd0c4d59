//! The menu through its accessible names, by pointer, by key and by screen reader.

use egui::{Key, Modifiers, accesskit};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::domain::{Failure, FailureKind, ImageId, Mark};
use crate::message::{Action, Event, MenuPart, Page, Verb};
use crate::ui::stage::{Stage, run, stored};

fn window(stage: Stage, size: [f32; 2]) -> Harness<'static, Stage> {
    let mut harness = stage.whole_window(size, 1.0);
    harness.run();
    harness
}

/// One run of four squares in a window too narrow for the inspector.
fn narrow() -> Harness<'static, Stage> {
    window(Stage::with(vec![stored(run(1, "a paper fox", "1024x1024", 4), "....")]), [900.0, 600.0])
}

fn at<'tree>(harness: &'tree Harness<'_, Stage>, place: usize) -> egui_kittest::Node<'tree> {
    let start = format!("{place} of ");
    harness.get_by(move |node| {
        node.role() == accesskit::Role::ListBoxOption && node.label().is_some_and(|label| label.starts_with(&start))
    })
}

fn entries(harness: &Harness<'_, Stage>) -> Vec<String> {
    harness.query_all_by_role(accesskit::Role::MenuItem).filter_map(|item| item.accesskit_node().label()).collect()
}

fn asked(harness: &Harness<'_, Stage>, action: &str) -> bool {
    harness.state().log.iter().any(|logged| logged == action)
}

fn choose(harness: &mut Harness<'_, Stage>, entry: &str) {
    harness.get_by_role_and_label(accesskit::Role::MenuItem, entry).click();
    harness.run();
}

#[test]
fn every_verb_of_the_menu_is_on_it_with_its_keys() {
    let mut harness = narrow();
    at(&harness, 2).click_secondary();
    harness.run();
    let entries = entries(&harness);
    let verbs = Verb::all().into_iter().filter(|verb| verb.menu_part().is_some());
    // Of the one image the menu is opened on there is nothing to compare but the picks.
    let verbs: Vec<Verb> = verbs.filter(|verb| *verb != Verb::Survey).collect();
    for verb in &verbs {
        let label = verb.label();
        assert!(entries.iter().any(|entry| entry == label), "{label} in {entries:?}");
    }
    for other in ["Save…", "Copy as cURL", "Copy as Python", "Copy as JavaScript"] {
        assert!(entries.iter().any(|entry| entry == other), "{other} in {entries:?}");
    }
    assert_eq!(entries.len(), verbs.len() + 4);
    let pick = harness.get_by_role_and_label(accesskit::Role::MenuItem, "Pick");
    assert_eq!(pick.accesskit_node().data().keyboard_shortcut(), Some("P"));
    let parts: Vec<MenuPart> = verbs.iter().filter_map(|verb| verb.menu_part()).collect();
    assert!(parts.contains(&MenuPart::Look) && parts.contains(&MenuPart::Judge) && parts.contains(&MenuPart::Use));
}

#[test]
fn what_the_inspector_offers_can_be_reached_without_it() {
    let mut harness = narrow();
    for (entry, action) in [
        ("Save…", "SaveImages 2"),
        ("Copy image", "Copy"),
        ("Reuse settings", "Reuse"),
        ("Reveal in folder", "Reveal"),
        ("Copy as Python", "CopySnippet Python"),
        ("View large", "View"),
    ] {
        at(&harness, 3).click_secondary();
        harness.run();
        choose(&mut harness, entry);
        assert!(asked(&harness, action), "{entry}: {:?}", harness.state().log);
        assert!(entries(&harness).is_empty(), "{entry} closes the menu");
    }
    assert_eq!(harness.state().session.desk().page(), Page::Viewer);
}

#[test]
fn a_verb_means_the_selection_when_the_image_is_in_it_and_else_the_image() {
    let mut harness = narrow();
    at(&harness, 1).click();
    harness.run();
    at(&harness, 2).click_modifiers(Modifiers::SHIFT);
    harness.run();
    at(&harness, 2).click_secondary();
    harness.run();
    for entry in ["Save 2 images…", "Copy 2 images", "Compare 2 selected"] {
        assert!(entries(&harness).iter().any(|shown| shown == entry), "{entry}");
    }
    choose(&mut harness, "Pick");
    assert_eq!(harness.state().session.sheet().counts().picks, 2);
    at(&harness, 4).click_secondary();
    harness.run();
    choose(&mut harness, "Reject");
    let sheet = harness.state().session.sheet();
    assert_eq!((sheet.counts().picks, sheet.counts().rejected), (2, 1));
    assert_eq!(sheet.mark(harness.state().image(3)), Some(Mark::Reject));
}

#[test]
fn the_menu_is_walked_by_keys_alone() {
    for chord in [(Modifiers::NONE, Key::Menu), (Modifiers::SHIFT, Key::F10)] {
        let mut harness = narrow();
        harness.key_press(Key::ArrowRight);
        harness.run();
        harness.key_press_modifiers(chord.0, chord.1);
        harness.run();
        let first = harness.get_by_role_and_label(accesskit::Role::MenuItem, "View large");
        assert!(first.is_focused(), "{chord:?}: {:?}", entries(&harness));
        // Up from the first goes to the last; what cannot be chosen is passed over.
        harness.key_press(Key::ArrowDown);
        harness.run();
        let pick = harness.get_by_role_and_label(accesskit::Role::MenuItem, "Pick");
        assert!(pick.is_focused());
        harness.key_press(Key::Enter);
        harness.run();
        assert_eq!(harness.state().session.sheet().counts().picks, 1);
        assert!(entries(&harness).is_empty());
        // The images have the keyboard again.
        harness.key_press(Key::U);
        harness.run();
        assert_eq!(harness.state().session.sheet().counts().picks, 0);
    }
}

#[test]
fn esc_closes_the_menu_and_nothing_else() {
    let mut harness = narrow();
    at(&harness, 2).click_secondary();
    harness.run();
    assert!(!entries(&harness).is_empty());
    harness.key_press(Key::P);
    harness.run();
    assert_eq!(harness.state().session.sheet().counts().picks, 0, "letters are not for the images now");
    harness.key_press(Key::Escape);
    harness.run();
    assert!(entries(&harness).is_empty());
    assert_eq!(harness.state().session.sheet().selection().len(), 1);
    harness.key_press(Key::P);
    harness.run();
    assert_eq!(harness.state().session.sheet().counts().picks, 1);
}

#[test]
fn a_failed_image_has_a_menu_of_its_own() {
    let mut stage = Stage::with(vec![run(1, "a paper fox", "1024x1024", 2)]);
    let image = ImageId { run: stage.newest(), slot: 1 };
    let failure = Failure::free(FailureKind::ServerBusy, "The server is busy. Nothing was charged.")
        .with_words("overloaded_error");
    stage.apply(Event::Failed { image, failure });
    let mut harness = window(stage, [900.0, 600.0]);
    at(&harness, 2).click_secondary();
    harness.run();
    assert!(!entries(&harness).iter().any(|entry| entry == "Pick"));
    choose(&mut harness, "Details");
    harness.get_by_label("overloaded_error");
    harness.key_press(Key::Escape);
    harness.run();
    for (entry, action) in [
        ("Copy details", "CopyText server_busy: The server is busy. Nothing was charged.\noverloaded_error"),
        ("Edit and retry", "EditAndRetry 1"),
        ("Retry", "Retry 1"),
    ] {
        at(&harness, 2).click_secondary();
        harness.run();
        choose(&mut harness, entry);
        assert!(asked(&harness, action), "{entry}: {:?}", harness.state().log);
    }
}

#[test]
fn a_screen_reader_opens_it_too() {
    let mut harness = narrow();
    let (target_node, target_tree) = at(&harness, 2).accesskit_node().locate();
    let action = accesskit::Action::ShowContextMenu;
    let request = accesskit::ActionRequest { action, target_node, target_tree, data: None };
    harness.event(egui::Event::AccessKitActionRequest(request));
    harness.run();
    choose(&mut harness, "Pick");
    assert_eq!(harness.state().session.sheet().mark(harness.state().image(1)), Some(Mark::Pick));
}

#[test]
fn the_image_shown_large_has_the_menu_too() {
    let mut harness = narrow();
    let image = harness.state().image(1);
    harness.state_mut().act(Action::Open(image));
    harness.run();
    harness.get_by_label_contains("Image 2, a paper fox").click_secondary();
    harness.run();
    assert!(!entries(&harness).iter().any(|entry| entry == "View large"));
    choose(&mut harness, "Pick");
    assert_eq!(harness.state().session.sheet().mark(image), Some(Mark::Pick));
}

#[test]
fn no_notice_lies_over_the_open_menu() {
    let run = stored(run(1, "a paper fox", "1024x1024", 4), "....");
    let mut harness = window(Stage::with(vec![run]), [720.0, 480.0]);
    harness.state_mut().apply(Event::StoppedBefore { reports: "/state/crashes".into() });
    // Where the menu opens depends on how many rows it has: from one of the tiles it opens where the notice is.
    let meets = (1..=4).find_map(|place| {
        at(&harness, place).click();
        harness.run();
        harness.key_press(Key::Menu);
        harness.run();
        let notice = harness.get_by_label_contains("stopped unexpectedly").rect();
        let covered: Vec<String> = entries(&harness)
            .into_iter()
            .filter(|entry| {
                let row = harness.get_by_role_and_label(accesskit::Role::MenuItem, entry).rect();
                notice.contains(row.center())
            })
            .collect();
        if covered.is_empty() {
            harness.key_press(Key::Escape);
            harness.run();
        }
        (!covered.is_empty()).then_some(covered)
    });
    let covered = meets.expect("they meet in a small window");
    let entry = covered.last().expect("they meet");
    let log = harness.state().log.len();
    choose(&mut harness, entry);
    assert!(harness.state().log.len() > log && entries(&harness).is_empty(), "{entry} was chosen");
}
