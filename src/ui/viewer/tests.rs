//! The viewer by keys, wheel and hand; and what its pixels are.

use egui::{
    Event, Key, Modifiers, MouseWheelSource, MouseWheelUnit, PointerButton, Pos2, TouchPhase, Vec2, pos2, vec2,
};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use super::viewer_ui;
use crate::domain::{ImageId, Pixels, Slot};
use crate::message::{Action, Lens, Page, Verb, Zoom};
use crate::ui::picture::{Pane, Panes};
use crate::ui::stage::{Stage, facts, run, stored};
use crate::ui::theme::Metric;

const SIZE: [f32; 2] = [900.0, 640.0];

/// Four images of 1792 by 1024, the second one open.
fn open() -> Stage {
    let mut stage = Stage::with(vec![stored(run(1, "a wide landscape", "1792x1024", 4), "...p")]);
    let image = stage.image(1);
    stage.act(Action::Open(image));
    stage
}

fn window(stage: Stage, pixels_per_point: f32) -> Harness<'static, Stage> {
    let mut harness = stage.window(SIZE, pixels_per_point, |ui, cx| {
        viewer_ui(ui, cx);
    });
    harness.run();
    harness
}

fn lens(harness: &Harness<'_, Stage>) -> Lens {
    harness.state().session.viewer().lens()
}

/// The pane as the viewer divides its window.
fn pane(harness: &Harness<'_, Stage>) -> Pane {
    let room = harness.get_by_label_contains("Image ").rect();
    Pane::new(room.shrink(Metric::PAD), vec2(1792.0, 1024.0), harness.ctx.pixels_per_point())
}

fn wheel(harness: &mut Harness<'_, Stage>, at: Pos2, points: f32) {
    harness.hover_at(at);
    harness.event(Event::MouseWheel {
        unit: MouseWheelUnit::Point,
        delta: vec2(0.0, points),
        phase: TouchPhase::Move,
        source: MouseWheelSource::Wheel,
        modifiers: Modifiers::NONE,
    });
    harness.run_steps(30);
}

#[test]
fn the_wheel_zooms_about_the_pointer() {
    let mut harness = window(open(), 1.0);
    let at = pos2(300.0, 330.0);
    let before = pane(&harness).image_point(&lens(&harness), at);
    wheel(&mut harness, at, 300.0);
    let Zoom::Factor(factor) = lens(&harness).zoom else { panic!("still fits") };
    assert!(factor > pane(&harness).fit() * 2.0, "{factor}");
    let after = pane(&harness).image_point(&lens(&harness), at);
    assert!(((after - before) * vec2(1792.0, 1024.0)).length() < 1.0, "{before:?} {after:?}");
}

#[test]
fn z_shows_the_pixels_under_the_pointer_and_goes_back() {
    let mut harness = window(open(), 1.0);
    let at = pos2(500.0, 250.0);
    let before = pane(&harness).image_point(&lens(&harness), at);
    harness.hover_at(at);
    harness.run_steps(2);
    harness.key_press(Key::Z);
    harness.run_steps(3);
    assert_eq!(lens(&harness).zoom, Zoom::Factor(1.0));
    let after = pane(&harness).image_point(&lens(&harness), at);
    assert!(((after - before) * vec2(1792.0, 1024.0)).length() < 1.0);
    harness.key_press(Key::Z);
    harness.run_steps(3);
    assert_eq!(lens(&harness), Lens::default());
    harness.get_by_label("200 %").click();
    harness.run_steps(3);
    assert_eq!(lens(&harness).zoom, Zoom::Factor(2.0));
    harness.key_press(Key::Minus);
    harness.run_steps(3);
    assert_eq!(lens(&harness).zoom, Zoom::Factor(2.0 / crate::state::Viewer::ZOOM_STEP));
}

#[test]
fn the_hand_drags_and_the_place_stays_from_image_to_image() {
    let mut harness = window(open(), 1.0);
    harness.key_press(Key::Z);
    harness.run_steps(3);
    let before = lens(&harness);
    let (from, by) = (pos2(450.0, 300.0), vec2(-120.0, 40.0));
    let modifiers = Modifiers::NONE;
    let button = |pos, pressed| Event::PointerButton { pos, button: PointerButton::Primary, pressed, modifiers };
    harness.hover_at(from);
    harness.event(button(from, true));
    harness.step();
    for share in [0.5, 1.0] {
        harness.event(Event::PointerMoved(from + by * share));
        harness.step();
    }
    harness.event(button(from + by, false));
    harness.run_steps(3);
    let moved = (Vec2::from(before.centre) - Vec2::from(lens(&harness).centre)) * vec2(1792.0, 1024.0);
    assert!((moved - by).length() < 1.0, "{moved:?}");
    let dragged = lens(&harness);
    harness.key_press(Key::ArrowRight);
    harness.run_steps(3);
    assert_eq!((harness.state().session.viewer().image().unwrap().slot, lens(&harness)), (2, dragged));
    harness.get_by_label_contains("Image 3, a wide landscape, 1792 by 1024");
}

#[test]
fn keys_and_frames_move_mark_and_leave() {
    let mut harness = window(open(), 1.0);
    harness.key_press(Key::P);
    harness.run_steps(2);
    harness.get_by_label("Image 2, picked, a wide landscape, 1792 by 1024");
    harness.get_by_label("Frame 4, picked").click();
    harness.run_steps(3);
    assert_eq!(harness.state().session.viewer().image().unwrap().slot, 3);
    harness.key_press(Key::Home);
    harness.run_steps(2);
    assert_eq!(harness.state().session.viewer().image().unwrap().slot, 0);
    harness.key_press(Key::Escape);
    harness.run_steps(2);
    assert_eq!(harness.state().session.desk().page(), Page::Sheet);
    assert_eq!(harness.state().session.sheet().selection().len(), 1);
}

#[test]
fn the_neighbours_are_wished_for_ahead() {
    let mut stage = open();
    stage.paints = false;
    let harness = window(stage, 1.0);
    let wished: Vec<u16> = harness.state().wishes.pictures.iter().map(|image| image.slot).collect();
    assert_eq!(wished, [1, 2, 0]);
}

/// Neighbouring pixels differ, so that half a pixel off would show.
fn pattern(_: ImageId, width: u32, height: u32) -> Pixels {
    let word = |x: u32, y: u32| u32::from_ne_bytes([(x * 37) as u8, (y * 53) as u8, ((x ^ y) * 11) as u8, 255]);
    let words = (0..height).flat_map(|y| (0..width).map(move |x| word(x, y))).collect();
    Pixels::new(width, height, words).unwrap()
}

#[test]
fn a_hundred_percent_is_the_image_pixel_for_pixel() {
    for pixels_per_point in [1.0, 1.25, 2.0] {
        let mut stage = open();
        stage.painter = pattern;
        stage.act(Action::Look(Lens { zoom: Zoom::Factor(1.0), centre: [0.413, 0.567] }));
        let mut harness = window(stage, pixels_per_point);
        let image = harness.state().session.viewer().image().unwrap();
        let picture = harness.render().unwrap();
        let expected = pattern(image, 1792, 1024);
        let pane = pane(&harness);
        let placed = pane.placed(&Panes::one(&pane).settled(&lens(&harness)));
        let corner = placed.min * pixels_per_point;
        let (left, top) = (corner.x.round() as i64, corner.y.round() as i64);
        let mut wrong = 0;
        for y in 200..280_i64 {
            for x in 300..380_i64 {
                let word = expected.words()[((y - top) * 1792 + (x - left)) as usize];
                wrong += usize::from(picture.get_pixel(x as u32, y as u32).0 != word.to_ne_bytes());
            }
        }
        assert_eq!(wrong, 0, "of 6400 pixels at {pixels_per_point}");
    }
}

/// Black and white in turn from pixel to pixel: the finest there is.
fn checks(_: ImageId, width: u32, height: u32) -> Pixels {
    let word = |x: u32, y: u32| if (x + y).is_multiple_of(2) { u32::MAX } else { u32::from_ne_bytes([0, 0, 0, 255]) };
    let words = (0..height).flat_map(|y| (0..width).map(move |x| word(x, y))).collect();
    Pixels::new(width, height, words).unwrap()
}

/// The window's pixels around its middle.
fn middle(harness: &mut Harness<'_, Stage>) -> Vec<[u8; 4]> {
    let picture = harness.render().unwrap();
    (240..300).flat_map(|y| (400..500).map(move |x| (x, y))).map(|(x, y)| picture.get_pixel(x, y).0).collect()
}

#[test]
fn what_is_too_fine_to_show_is_even_and_does_not_shimmer() {
    let mut stage = open();
    stage.painter = checks;
    // Without thumbnails, as while the hand still moves.
    stage.paints = false;
    let image = stage.session.viewer().image().unwrap();
    stage.textures.insert_picture(image, crate::media::with_levels(checks(image, 1792, 1024)));
    let mut harness = window(stage, 1.0);
    for factor in [0.65, 0.5, 0.4, 0.33, 0.27, 0.21] {
        for centre in [[0.5, 0.5], [0.5003, 0.4996]] {
            harness.state_mut().act(Action::Look(Lens { zoom: Zoom::Factor(factor), centre }));
            harness.run_steps(3);
            let seen = middle(&mut harness);
            let (least, most) = (seen.iter().map(|rgba| rgba[0]).min(), seen.iter().map(|rgba| rgba[0]).max());
            assert!(least >= Some(112) && most <= Some(144), "{least:?} to {most:?} at {factor}");
        }
    }
}

#[test]
fn a_picture_beyond_the_cards_limit_is_whole_and_exact_in_pieces() {
    let shown = |limit: Option<usize>, (width, height): (u32, u32), zoom: f32| {
        let mut one = run(1, "a wide landscape", "1792x1024", 1);
        one.slots = vec![Slot::Stored(facts(width, height))];
        let mut stage = Stage::with(vec![one]);
        stage.act(Action::Open(stage.image(0)));
        stage.painter = pattern;
        // Where two pieces meet lies in the middle of what is compared.
        let middle = |side: u32| if side > 1022 { 1022.0 / side as f32 } else { 0.5 };
        let centre = [middle(width), middle(height)];
        stage.act(Action::Look(Lens { zoom: Zoom::Factor(zoom), centre }));
        stage.paints = false;
        let mut harness = stage.window(SIZE, 1.0, |ui, cx| {
            viewer_ui(ui, cx);
        });
        harness.input_mut().max_texture_side = limit;
        harness.run();
        harness.state_mut().paints = true;
        harness.run();
        let image = harness.state().session.viewer().image().unwrap();
        let pieces = harness.state().textures.pieces(image);
        (self::middle(&mut harness), pieces)
    };
    let (wide, high) = ((2000, 400), (400, 2000));
    for (size, zoom) in [(wide, 0.8), (wide, 1.0), (wide, 3.0), (high, 1.0), (high, 1.4)] {
        let (whole, one) = shown(None, size, zoom);
        let (cut, several) = shown(Some(1024), size, zoom);
        assert_eq!((one, several), (1, 2), "at {zoom}");
        let far = whole.iter().zip(&cut).filter(|(a, b)| a.iter().zip(*b).any(|(a, b)| a.abs_diff(*b) > 2)).count();
        assert_eq!(far, 0, "of {} pixels at {zoom}", whole.len());
    }
}

#[test]
fn the_facts_lie_over_the_image_and_go_again() {
    let mut harness = window(open(), 1.0);
    let facts = |harness: &Harness<'_, Stage>| {
        harness.query_by_label_contains("Facts. Model: dall-e-3. Size: 1792 × 1024").is_some()
    };
    assert!(!facts(&harness));
    for (key, shown) in [(Key::F, true), (Key::I, false), (Key::F, true)] {
        harness.key_press(key);
        harness.run_steps(2);
        assert_eq!(facts(&harness), shown);
    }
    harness.key_press(Key::ArrowRight);
    harness.run_steps(2);
    assert!(facts(&harness), "they stay from image to image");
    harness.get_by_label("Facts").click_accesskit();
    harness.run_steps(2);
    assert!(!facts(&harness));
}

#[test]
fn on_the_full_screen_the_image_has_all_of_it() {
    let mut harness = window(open(), 1.0);
    let room = |harness: &Harness<'_, Stage>| harness.get_by_label_contains("Image 2").rect();
    assert!(room(&harness).height() < SIZE[1] - 100.0);
    for verb in [Verb::FullScreen, Verb::Panels] {
        harness.state_mut().act(Action::Do(verb));
        harness.run_steps(3);
        // The test's window has a margin.
        assert_eq!(room(&harness).size(), harness.ctx.content_rect().shrink(8.0).size(), "{verb:?}");
        assert!(harness.query_by_label("Sheet").is_none() && harness.query_by_label("Frame 1").is_none());
        harness.state_mut().act(Action::Do(verb));
        harness.run_steps(3);
        harness.get_by_label("Frame 1");
    }
}

#[test]
fn the_tree_alone_can_judge_a_large_image() {
    let mut harness = window(open(), 1.0);
    for (name, heard) in [("Pick", "Image 2, picked"), ("Reject", "Image 2, rejected"), ("Unmark", "Image 2, a wide")] {
        harness.get_by_label(name).click_accesskit();
        harness.run_steps(2);
        harness.get_by_label_contains(heard);
    }
}
