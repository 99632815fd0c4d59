//! What tiles look like, by their pixels.

use egui::{Color32, Pos2, pos2, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use crate::domain::{ImageId, Pixels, Settings, Slot, ThemeChoice};
use crate::message::Action;
use crate::ui::sheet::sheet_ui;
use crate::ui::stage::{Stage, run, stored};

const BLUE: [u8; 4] = [40, 80, 200, 255];

fn blue(_: ImageId, width: u32, height: u32) -> Pixels {
    Pixels::new(width, height, vec![u32::from_ne_bytes(BLUE); (width * height) as usize]).unwrap()
}

/// A picked, a rejected, a selected and a plain image, all of one blue.
fn stage(theme: ThemeChoice) -> Stage {
    let mut stage = Stage::with(vec![stored(run(1, "a blue square", "1024x1024", 4), "px..")]);
    stage.painter = blue;
    let settings = Settings { theme, ..stage.session.settings().clone() };
    stage.act(Action::Change(Box::new(settings)));
    let image = stage.image(2);
    stage.act(Action::Click { image, extend: false, toggle: false });
    stage
}

struct Look {
    harness: Harness<'static, Stage>,
    picture: image::RgbaImage,
    pixels_per_point: f32,
}

impl Look {
    fn new(theme: ThemeChoice, pixels_per_point: f32) -> Self {
        Self::of(stage(theme), pixels_per_point)
    }

    fn of(stage: Stage, pixels_per_point: f32) -> Self {
        let mut harness = stage.window([760.0, 300.0], pixels_per_point, sheet_ui);
        harness.run();
        let picture = harness.render().unwrap();
        Self { harness, picture, pixels_per_point }
    }

    /// The tile announced with this place.
    fn tile(&self, place: usize) -> egui::Rect {
        self.harness.get_by_label_contains(&format!("{place} of 4")).rect()
    }

    fn at(&self, point: Pos2) -> [u8; 4] {
        let pixel = point * self.pixels_per_point;
        self.picture.get_pixel(pixel.x as u32, pixel.y as u32).0
    }
}

fn near(a: [u8; 4], b: impl Into<Rgb>) -> bool {
    let Rgb(b) = b.into();
    a.iter().zip(b).all(|(&a, b)| a.abs_diff(b) <= 3)
}

struct Rgb([u8; 3]);

impl From<Color32> for Rgb {
    fn from(colour: Color32) -> Self {
        Self([colour.r(), colour.g(), colour.b()])
    }
}

impl From<[u8; 4]> for Rgb {
    fn from([r, g, b, _]: [u8; 4]) -> Self {
        Self([r, g, b])
    }
}

#[test]
fn marks_and_selection_look_as_designed() {
    for (theme, bg, selected) in [
        (ThemeChoice::Dark, Color32::from_gray(0x19), Color32::WHITE),
        (ThemeChoice::Light, Color32::from_gray(0xd9), Color32::from_gray(0x1c)),
    ] {
        for pixels_per_point in [1.0, 2.0] {
            let look = Look::new(theme, pixels_per_point);
            let beside = |place: usize, points: f32| {
                let tile = look.tile(place);
                look.at(pos2(tile.left() - points, tile.center().y))
            };
            let pencil = Color32::from_rgb(0xff, 0xc5, 0x3d);
            // One point of air, then three of pencil, then the surround.
            assert!(near(beside(1, 2.5), pencil), "{theme:?} {:?}", beside(1, 2.5));
            assert!(near(beside(1, 5.5), bg), "{theme:?} {:?}", beside(1, 5.5));
            assert!(near(beside(3, 2.0), selected), "{theme:?} {:?}", beside(3, 2.0));
            assert!(near(beside(4, 2.0), bg) && near(beside(2, 2.0), bg), "{theme:?}");
            assert!(near(look.at(look.tile(4).center()), BLUE), "{theme:?}");
            // A rejected image is there at 28 %.
            let mix = |blue: u8, bg: u8| (f32::from(blue) * 0.28 + f32::from(bg) * 0.72).round() as u8;
            let faint = [mix(BLUE[0], bg.r()), mix(BLUE[1], bg.g()), mix(BLUE[2], bg.b()), 255];
            let seen = look.at(look.tile(2).center());
            assert!(near(seen, faint), "{theme:?}: {seen:?}, not {faint:?}");
        }
    }
}

fn white(_: ImageId, width: u32, height: u32) -> Pixels {
    Pixels::new(width, height, vec![u32::MAX; (width * height) as usize]).unwrap()
}

/// Two white images, the second rejected: of another size than was asked for, and from a prompt that was rewritten.
fn white_ones(theme: ThemeChoice) -> Stage {
    let mut run = stored(run(1, "a white square", "1024x1024", 4), ".x..");
    for (place, slot) in run.slots.iter_mut().enumerate() {
        let Slot::Stored(facts) = slot else { continue };
        facts.revised_prompt = Some("A square of pure white".into());
        facts.width = if place < 2 { 768 } else { 1024 };
    }
    let mut stage = Stage::with(vec![run]);
    stage.painter = white;
    let settings = Settings { theme, ..stage.session.settings().clone() };
    stage.act(Action::Change(Box::new(settings)));
    stage
}

#[test]
fn number_and_badge_can_be_read_on_white() {
    for theme in [ThemeChoice::Dark, ThemeChoice::Light] {
        let look = Look::of(white_ones(theme), 2.0);
        for place in [1, 2] {
            let tile = look.tile(place);
            for corner in [tile.left_bottom() + vec2(6.0, -6.0), tile.right_bottom() + vec2(-6.0, -6.0)] {
                let ground = look.at(corner)[0];
                assert!(ground < 0x80, "{theme:?}, tile {place}: white words on {ground:#x}");
            }
            assert!(look.at(tile.center())[0] > ground_of(theme), "the image is not covered");
        }
    }
}

const fn ground_of(theme: ThemeChoice) -> u8 {
    if matches!(theme, ThemeChoice::Light) { 0xd0 } else { 0x40 }
}

#[test]
fn that_a_prompt_was_rewritten_is_told_under_the_pointer_only() {
    let mut look = Look::of(white_ones(ThemeChoice::Dark), 1.0);
    let tile = look.tile(3);
    let corner = tile.right_bottom() + vec2(-6.0, -6.0);
    assert_eq!(look.at(corner)[0], 0xff, "no badge: it has the size asked for");
    look.harness.hover_at(tile.center());
    look.harness.run();
    look.picture = look.harness.render().unwrap();
    assert!(look.at(corner)[0] < 0x80);
}

#[test]
fn thumbnails_have_a_pixel_for_every_pixel_of_the_screen() {
    for (pixels_per_point, tile, least) in [(1.0, 166, 166), (2.0, 166, 332), (1.25, 400, 500), (2.0, 96, 192)] {
        let mut stage = stage(ThemeChoice::Dark);
        stage.paints = false;
        stage.act(Action::TileHeight(tile));
        let mut harness = stage.window([760.0, 600.0], pixels_per_point, sheet_ui);
        harness.run();
        let sizes: Vec<u32> = harness.state().wishes.thumbnails.iter().map(|(_, size)| *size).collect();
        assert!(!sizes.is_empty());
        for size in sizes {
            assert!(size >= least && size as f32 <= least as f32 * 1.34, "{size} for {least}");
        }
    }
}

#[test]
fn a_picture_on_its_way_is_a_quiet_place_of_its_shape() {
    let mut stage = stage(ThemeChoice::Dark);
    stage.paints = false;
    let mut harness = stage.window([760.0, 300.0], 1.0, sheet_ui);
    harness.run();
    let picture = harness.render().unwrap();
    let tile = harness.get_by_label_contains("4 of 4").rect();
    for point in [tile.center(), tile.left_top() + vec2(6.0, 6.0)] {
        let pixel = picture.get_pixel(point.x as u32, point.y as u32).0;
        assert!(near(pixel, Color32::from_gray(0x20)), "{pixel:?}");
    }
}
