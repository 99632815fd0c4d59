//! A few small pictures of what is looked at most, held against those in `tests/snapshots`.
//!
//! `UPDATE_SNAPSHOTS=1 cargo nextest run pictures` makes those anew that differ. Look at them before they are committed.

use std::panic::{AssertUnwindSafe, catch_unwind};

use egui::{Frame, Key, Margin, pos2};
use egui_kittest::kittest::Queryable as _;
use egui_kittest::{Harness, SnapshotOptions, try_image_snapshot_options};
use image::RgbaImage;

use crate::domain::{Draft, Failure, FailureKind, ImageId, Mark, Pixels, Settings, ThemeChoice, Timestamp};
use crate::message::{Action, Event, Verb};
use crate::ui::inspector::inspector_ui;
use crate::ui::sheet::sheet_ui;
use crate::ui::stage::{NOW, Stage, facts};
use crate::ui::theme::palette;
use crate::ui::widgets::Button;

/// Brightness of a pixel may be off by one step of 255, as rasterisers round differently; by two it is another colour.
const THRESHOLD: f32 = 0.6;
/// Pixels at the edges of letters and curves that may be off by more. A line that moves by one point is 30 and more.
const FAILED_PIXELS: usize = 8;

const THEMES: [(ThemeChoice, &str); 2] = [(ThemeChoice::Dark, "dark"), (ThemeChoice::Light, "light")];

/// What the window shows now. Without anything to draw on, the test fails and says what is missing.
#[track_caller]
fn picture(harness: &mut Harness<'_, Stage>) -> RgbaImage {
    let drawn = catch_unwind(AssertUnwindSafe(|| harness.render()));
    let Ok(Ok(picture)) = drawn else {
        panic!(
            "No picture could be drawn: wgpu finds no graphics driver, or it gave up. Pictures need no card, but a \
             driver in software: install mesa-vulkan-drivers (Debian, Ubuntu) or its like, then run the tests again."
        );
    };
    picture
}

#[track_caller]
fn is_as_kept(picture: &RgbaImage, name: &str) {
    let options = SnapshotOptions::new()
        .threshold(THRESHOLD)
        .max_failed_pixels(FAILED_PIXELS)
        .output_path(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/snapshots"));
    if let Err(difference) = try_image_snapshot_options(picture, name, &options) {
        panic!("{difference}");
    }
}

/// A blue sky over a sand-coloured ground: as a file it is nearly nothing.
fn plain(_: ImageId, width: u32, height: u32) -> Pixels {
    let (sky, ground) = (u32::from_ne_bytes([70, 110, 160, 255]), u32::from_ne_bytes([190, 150, 100, 255]));
    let rows = (0..height).map(|y| if y * 3 < height * 2 { sky } else { ground });
    let words = rows.flat_map(|word| std::iter::repeat_n(word, width as usize)).collect();
    Pixels::new(width, height, words).unwrap()
}

fn in_theme(mut stage: Stage, theme: ThemeChoice) -> Stage {
    stage.painter = plain;
    let settings = Settings { theme, ..stage.session.settings().clone() };
    stage.act(Action::Change(Box::new(settings)));
    stage
}

/// One row of all that a tile can be: awaited, an image, picked, rejected, failed, selected.
fn row_of_states() -> Stage {
    let mut stage = Stage::empty();
    let draft = Draft { prompt: "A paper fox".to_owned(), images: 6, ..stage.session.composer().draft().clone() };
    stage.act(Action::Edit(draft));
    stage.now = Timestamp(NOW.0 - 7_000);
    stage.act(Action::Do(Verb::Generate));
    stage.now = NOW;
    let run = stage.newest();
    stage.apply(Event::Sent { run, slots: (0..6).collect() });
    for (slot, mark) in [(1, Mark::None), (2, Mark::Pick), (3, Mark::Reject), (5, Mark::None)] {
        let image = ImageId { run, slot };
        let asked_otherwise = if slot == 2 { 768 } else { 1024 };
        stage.apply(Event::Stored { image, facts: facts(asked_otherwise, asked_otherwise) });
        stage.act(Action::MarkImage(image, mark));
    }
    let failure = Failure::free(FailureKind::Refused, "Not retried. The prompt is kept. Nothing was charged.");
    stage.apply(Event::Failed { image: ImageId { run, slot: 4 }, failure });
    stage.act(Action::TileHeight(152));
    stage.act(Action::Click { image: ImageId { run, slot: 5 }, extend: false, toggle: false });
    stage
}

#[test]
fn tiles_in_all_their_states() {
    for (theme, name) in THEMES {
        let mut harness = in_theme(row_of_states(), theme).window([1020.0, 224.0], 1.0, sheet_ui);
        harness.run();
        is_as_kept(&picture(&mut harness), &format!("tiles-{name}"));
    }
}

#[test]
fn the_primary_button_in_all_its_states() {
    for (theme, name) in THEMES {
        let mut harness = in_theme(Stage::empty(), theme).window([270.0, 112.0], 1.0, |ui, _| {
            let frame = Frame::new().fill(palette(ui).panel).inner_margin(Margin::same(12));
            frame.show(ui, |ui| {
                ui.expand_to_include_rect(ui.max_rect());
                ui.spacing_mut().item_spacing.y = 12.0;
                Button::primary("Generate 4 images").keys("Ctrl Enter").show(ui);
                Button::primary("Start").enabled(false).show(ui);
            });
        });
        harness.run();
        let mut states = vec![picture(&mut harness)];
        let at = harness.get_by_label("Generate 4 images").rect().center();
        harness.hover_at(at);
        harness.run();
        states.push(picture(&mut harness));
        harness.drag_at(at);
        harness.run();
        states.push(picture(&mut harness));
        harness.drop_at(pos2(1.0, 1.0));
        harness.remove_cursor();
        harness.key_press(Key::Tab);
        harness.run();
        assert!(harness.get_by_label("Generate 4 images").is_focused());
        states.push(picture(&mut harness));
        is_as_kept(&beside(&states), &format!("primary-button-{name}"));
    }
}

/// Pictures of one size as one, from left to right.
fn beside(pictures: &[RgbaImage]) -> RgbaImage {
    let (width, height) = pictures[0].dimensions();
    let mut all = RgbaImage::new(width * pictures.len() as u32, height);
    for (place, picture) in (0..).zip(pictures) {
        image::imageops::replace(&mut all, picture, i64::from(width) * place, 0);
    }
    all
}

#[test]
fn the_inspector_of_a_picked_image_with_another_prompt() {
    for (theme, name) in THEMES {
        let mut stage = in_theme(Stage::day(), theme);
        let image = ImageId { run: stage.newest(), slot: 1 };
        stage.act(Action::MarkImage(image, Mark::Pick));
        let mut harness = stage.window([304.0, 850.0], 1.0, |ui, cx| {
            let frame = Frame::new().fill(palette(ui).panel).inner_margin(Margin::same(12));
            frame.show(ui, |ui| inspector_ui(ui, cx));
        });
        harness.run();
        is_as_kept(&picture(&mut harness), &format!("inspector-{name}"));
    }
}
