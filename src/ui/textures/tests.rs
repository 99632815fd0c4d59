//! What is kept, wished for and handed over, frame by frame.

use egui::vec2;

use super::*;
use crate::domain::RunId;

fn image(slot: u16) -> ImageId {
    ImageId { run: RunId::from_number(7), slot }
}

fn pixels(width: u32, height: u32) -> Pixels {
    Pixels::new(width, height, vec![0xff80_4020; (width * height) as usize]).expect("fits")
}

#[test]
fn a_wish_is_said_once_and_taken_back_when_it_came_true() {
    let ctx = Context::default();
    let mut textures = Textures::new();
    textures.begin_frame(8192);
    assert_eq!(textures.thumbnail(image(0), 166.0), None);
    assert_eq!(textures.end_frame().expect("new wish").thumbnails, [(image(0), 192)]);
    textures.begin_frame(8192);
    assert_eq!(textures.thumbnail(image(0), 166.0), None);
    assert_eq!(textures.end_frame(), None);
    textures.insert_thumbnail(&ctx, image(0), 192, pixels(192, 100));
    textures.begin_frame(8192);
    assert_eq!(textures.thumbnail(image(0), 166.0).expect("there").size, vec2(192.0, 100.0));
    assert_eq!(textures.end_frame(), Some(Wishes::default()));
}

#[test]
fn what_is_not_there_yet_is_awaited_in_its_size() {
    let mut textures = Textures::new();
    textures.begin_frame(8192);
    textures.await_thumbnail(image(0), 166.0);
    let awaited = vec![(image(0), 192)];
    assert_eq!(textures.end_frame(), Some(Wishes { awaited, ..Wishes::default() }));
}

#[test]
fn another_size_is_shown_until_the_right_one_is_there() {
    let ctx = Context::default();
    let mut textures = Textures::new();
    textures.begin_frame(8192);
    textures.insert_thumbnail(&ctx, image(0), 128, pixels(128, 128));
    assert_eq!(textures.thumbnail(image(0), 300.0).expect("older size").size, vec2(128.0, 128.0));
    assert_eq!(textures.end_frame().expect("wish").thumbnails, [(image(0), 320)]);
    textures.insert_thumbnail(&ctx, image(0), 320, pixels(320, 320));
    assert_eq!(textures.thumbnail(image(0), 300.0).expect("right size").size, vec2(320.0, 320.0));
    assert_eq!(textures.thumbnail(image(0), 100.0).expect("nearest").size, vec2(128.0, 128.0));
}

/// The window would die of a larger texture.
#[test]
fn no_thumbnail_is_wished_for_that_the_card_does_not_take() {
    let mut textures = Textures::new();
    textures.begin_frame(2048);
    textures.thumbnail(image(0), 2900.0);
    textures.expect_thumbnail(image(1), 2900.0);
    textures.thumbnail(image(2), 300.0);
    let wishes = textures.end_frame().expect("wishes");
    assert_eq!(wishes.thumbnails, [(image(0), 2048), (image(1), 2048), (image(2), 320)]);
}

#[test]
fn what_cannot_be_shown_is_not_wished_for_again() {
    let mut textures = Textures::new();
    textures.picture_failed(image(0), &Failure::free(crate::domain::FailureKind::NotAnImage, "It is text"));
    textures.begin_frame(8192);
    assert_eq!(textures.thumbnail(image(0), 100.0), None);
    assert_eq!(textures.picture(&Context::default(), image(0), Sampling::Smooth, 64.0), None);
    assert_eq!(textures.end_frame(), None);
    assert_eq!(textures.problem(image(0)), Some("It is text"));
}

#[test]
fn the_least_recently_used_leaves_first_and_nothing_seen_ever_does() {
    let ctx = Context::default();
    let mut textures = Textures::new();
    let fits = (thumbnails::BUDGET / (1024 * 1024 * 4)) as u16;
    for slot in 0..fits + 5 {
        textures.begin_frame(8192);
        textures.thumbnail(image(0), 1024.0);
        textures.insert_thumbnail(&ctx, image(slot), 1024, pixels(1024, 1024));
    }
    assert!(textures.size_bytes() <= thumbnails::BUDGET);
    assert!(textures.thumbnail(image(0), 1024.0).is_some(), "seen in every frame");
    assert!(textures.thumbnail(image(1), 1024.0).is_none(), "longest unused");
    assert!(textures.thumbnail(image(fits + 4), 1024.0).is_some(), "newest");
}

#[test]
fn colours_keep_their_places() {
    let bytes = [10_u8, 20, 30, 255, 1, 2, 3, 4];
    let picture = colour_image(Pixels::new(2, 1, bytemuck::pod_collect_to_vec(&bytes)).expect("fits"));
    assert_eq!(picture.pixels[0].to_array(), [10, 20, 30, 255]);
    assert_eq!(picture.pixels[1].to_array(), [1, 2, 3, 4]);
}
