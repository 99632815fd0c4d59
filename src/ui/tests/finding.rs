//! Search and filters by keys and accessible names in the whole window.

use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};

use crate::domain::{Filter, Found, ImageId, Tallies};
use crate::message::{Action, Event, IndexState, NarrowBy};
use crate::ui::stage::{Stage, look_at, run, stored};

/// Three runs of four images that were there when the window opened, and an index that answers.
fn stage() -> Stage {
    let fern = stored(run(30, "Botanical plate of an imagined fern", "1024x1024", 4), "p.xp");
    let poster = stored(run(20, "Poster for a jazz night", "1024x1792", 4), ".p..");
    let fox = stored(run(10, "A red fox in snow", "1024x1024", 4), "....");
    let mut stage = Stage::with(vec![fern, poster, fox]);
    stage.apply(Event::Index(IndexState::Ready));
    stage
}

fn window() -> Harness<'static, Stage> {
    let mut harness = stage().whole_window([1360.0, 860.0], 1.0);
    harness.run_steps(4);
    harness
}

/// The index answers what was asked last.
fn answer(harness: &mut Harness<'_, Stage>, images: &[ImageId]) {
    let (number, query) = harness.state().asked.clone().expect("a question");
    let spans = query.expect("something is looked for").spans.len();
    let tallies = Tallies {
        models: vec![("dall-e-3".to_owned(), 8), ("flux-pro".to_owned(), 1_234)],
        endpoints: vec![("ramclouds.me".to_owned(), 12)],
        sizes: vec![((1024, 1024), 8), ((1024, 1792), 4)],
        spans: (0..spans).map(|span| usize::from(span < 4) * 12).collect(),
    };
    let found = Found { images: images.to_vec(), tallies: Some(tallies) };
    harness.state_mut().apply(Event::Found { number, found });
    harness.run_steps(3);
}

fn images(harness: &Harness<'_, Stage>) -> Vec<ImageId> {
    harness.state().session.sheet().visible_images().collect()
}

fn search(harness: &mut Harness<'_, Stage>, words: &str) {
    harness.key_press_modifiers(Modifiers::COMMAND, Key::F);
    harness.run_steps(3);
    harness.get_by_label("Search").type_text(words);
    harness.run_steps(3);
}

#[test]
fn a_word_is_typed_the_index_answers_and_esc_shows_everything_again() {
    let mut harness = window();
    let all = images(&harness);
    search(&mut harness, "fern");
    assert_eq!(harness.state().asked.as_ref().unwrap().1.as_ref().unwrap().words, "fern");
    answer(&mut harness, &all[..4]);
    assert_eq!(images(&harness), all[..4]);
    harness.get_by_label("4 of 12 images");
    // What the filter counts and what the tray counts is the same.
    harness.get_by_label("Picks 2");
    harness.get_by_label("2 picks");
    harness.get_by_label("found");
    harness.get_by_label("All 4");
    harness.get_by_label("Unmarked 1");
    harness.key_press(Key::Escape);
    harness.run_steps(4);
    assert_eq!(images(&harness), all);
    assert_eq!(harness.state().asked.as_ref().unwrap().1, None);
    harness.get_by_label("Picks 3");
    harness.get_by_label("3 picks");
    assert!(harness.query_by_label("Filter by model").is_none(), "the row goes with what it was for");
}

#[test]
fn a_filter_is_chosen_by_its_count_and_taken_away_by_one_click() {
    let mut harness = window();
    harness.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::F);
    harness.run_steps(3);
    answer(&mut harness, &[]);
    harness.get_by_label("12 of 12 images");
    let all = images(&harness);
    assert_eq!(all.len(), 12, "nothing is filtered yet");
    harness.get_by_label("Filter by size").click();
    harness.run_steps(3);
    harness.get_by_label("1024 × 1792").click();
    harness.run_steps(3);
    answer(&mut harness, &all[4..8]);
    assert_eq!(images(&harness), all[4..8]);
    let size = harness.get_by_label("Filter by size");
    assert_eq!(size.accesskit_node().value().as_deref(), Some("1024 × 1792"));
    harness.get_by_label("Filter by time").click();
    harness.run_steps(3);
    harness.get_by_label("Last 7 days").click();
    harness.run_steps(3);
    let asked = harness.state().asked.clone().unwrap().1.unwrap();
    assert!(asked.narrow.made.is_some() && asked.narrow.size == Some((1024, 1792)));
    harness.get_by_label("Clear size filter").click();
    harness.run_steps(3);
    let asked = harness.state().asked.clone().unwrap().1.unwrap();
    assert!(asked.narrow.made.is_some() && asked.narrow.size.is_none());
    harness.get_by_label("Clear search and filters").click();
    harness.run_steps(3);
    assert!(!harness.state().session.sheet().finding().is_active());
    assert_eq!(images(&harness), all);
}

#[test]
fn nothing_found_says_what_for_and_clears_each_part() {
    let mut harness = window();
    search(&mut harness, "zebra");
    harness.state_mut().act(Action::Narrow(NarrowBy::Model(Some("dall-e-3".to_owned()))));
    harness.state_mut().act(Action::Show(Filter::Picks));
    harness.run_steps(2);
    answer(&mut harness, &[]);
    harness.get_by_label_contains("Nothing matches “zebra” with dall-e-3 among the picks");
    harness.get_by_label("Clear the filters").click();
    harness.run_steps(3);
    answer(&mut harness, &[]);
    harness.get_by_label_contains("Nothing matches “zebra” among the picks");
    harness.get_by_label("Clear the search").click();
    harness.run_steps(3);
    assert_eq!(images(&harness).len(), 3);
    harness.state_mut().act(Action::Show(Filter::Unmarked));
    harness.run_steps(2);
    assert_eq!(images(&harness).len(), 8);
}

#[test]
fn without_an_index_the_row_says_so_and_the_search_still_works() {
    let mut harness = window();
    harness.state_mut().apply(Event::Index(IndexState::Making));
    search(&mut harness, "fern");
    assert_eq!(images(&harness).len(), 4);
    harness.get_by_label("The index is being made");
    let failure = crate::domain::Failure::free(crate::domain::FailureKind::Disk, "The index cannot be opened");
    harness.state_mut().apply(Event::Index(IndexState::Missing(failure)));
    harness.run_steps(3);
    harness.get_by_label("There is no index");
    assert_eq!(images(&harness).len(), 4);
}

#[test]
fn the_row_keeps_to_its_place_in_every_window() {
    for (name, size, scale, light) in [
        ("finding-wide", [1360.0, 860.0], 1.0, false),
        ("finding-light", [1360.0, 860.0], 1.0, true),
        ("finding-double", [1360.0, 860.0], 2.0, false),
        ("finding-narrow", [900.0, 600.0], 1.0, false),
    ] {
        let mut stage = stage();
        if light {
            let settings = stage.session.settings().clone();
            let settings = crate::domain::Settings { theme: crate::domain::ThemeChoice::Light, ..settings };
            stage.act(Action::Change(Box::new(settings)));
        }
        let mut harness = stage.whole_window(size, scale);
        harness.run_steps(4);
        search(&mut harness, "plate");
        harness.state_mut().act(Action::Narrow(NarrowBy::Size(Some((1024, 1024)))));
        harness.run_steps(2);
        let found = images(&harness)[..4].to_vec();
        answer(&mut harness, &found);
        let clear = harness.get_by_label("Clear search and filters").rect();
        let time = harness.get_by_label("Filter by time").rect();
        let picks = harness.get_by_label("Picks 2").rect();
        assert!(clear.right() <= size[0] && time.right() <= clear.left(), "{name}: {time:?} {clear:?}");
        let search = harness.get_by_label("Search").rect();
        assert!(search.width() >= 80.0 && search.right() <= picks.left(), "{name}: {search:?} {picks:?}");
        look_at(&mut harness, name);
    }
}
