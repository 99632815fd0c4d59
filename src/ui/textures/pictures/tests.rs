//! Which copies and pieces of a picture go to the card, and when.

use super::*;
use crate::domain::RunId;

fn image(slot: u16) -> ImageId {
    ImageId { run: RunId::from_number(7), slot }
}

fn pixels(width: u32, height: u32) -> Pixels {
    Pixels::new(width, height, vec![0xff80_4020; (width * height) as usize]).unwrap()
}

fn leveled(side: u32) -> Pixels {
    pixels(side, side).with_smaller(vec![pixels(side / 2, side / 2), pixels(side / 4, side / 4)])
}

#[test]
fn a_picture_beyond_the_limit_is_cut_and_its_pieces_cover_it() {
    let cuts = cuts([250, 90], 100);
    let sizes: Vec<[usize; 2]> = cuts.iter().map(|cut| cut.size).collect();
    assert_eq!(sizes, [[99, 90], [100, 90], [55, 90]], "98 of its own each, and its neighbours' edges");
    let area: f32 = cuts.iter().map(|cut| cut.part.area()).sum();
    assert!((area - 1.0).abs() < 1e-5);
    assert_eq!(cuts[2].part.max, pos2(1.0, 1.0));
    assert_eq!(cuts[1].uv, share([1, 0], [99, 90], [100, 90]));
}

#[test]
fn a_picture_too_large_for_one_frame_comes_piece_by_piece_behind_a_smaller_copy() {
    let ctx = Context::default();
    let mut pictures = Pictures::default();
    pictures.insert(image(0), leveled(3000));
    let mut frames = 0;
    while pictures.pieces(image(0)) == 0 {
        frames += 1;
        pictures.begin_frame(frames);
        assert!(pictures.view(&ctx, image(0), 3000.0).is_some(), "never blank");
        assert!(pictures.uploaded_bytes > 0 && pictures.uploaded_bytes <= UPLOAD_BYTES, "in frame {frames}");
    }
    assert_eq!(pictures.pieces(image(0)), 4);
    assert!(frames > 2, "36 MB and its copy in {frames} frames");
}

#[test]
fn the_nearest_copy_suits() {
    for (shrink, wanted) in [(0.2, 0), (1.0, 0), (1.4, 0), (1.5, 1), (2.0, 1), (2.9, 2), (40.0, 2)] {
        assert_eq!(level(shrink, 3), wanted, "{shrink}");
    }
    assert_eq!(level(9.0, 0), 0);
}

#[test]
fn only_the_copies_that_are_looked_at_go_to_the_card() {
    let ctx = Context::default();
    let mut pictures = Pictures::default();
    pictures.begin_frame(1);
    pictures.insert(image(0), leveled(1024));
    let there = |pictures: &Pictures| {
        let levels = pictures.held[&image(0)].levels.iter();
        levels.map(|level| matches!(level, Level::There(_))).collect::<Vec<_>>()
    };
    assert_eq!(there(&pictures), [false, false, false]);
    let small = pictures.view(&ctx, image(0), 300.0).unwrap();
    assert_eq!(there(&pictures), [false, false, true]);
    pictures.begin_frame(2);
    let large = pictures.view(&ctx, image(0), 1024.0).unwrap();
    assert_eq!(there(&pictures), [true, false, true]);
    assert_ne!(small, large);
    assert_eq!(pictures.size_bytes(), leveled(1024).size_bytes());
}

#[test]
fn one_frame_hands_over_a_few_and_shows_what_is_there_until_then() {
    let ctx = Context::default();
    let mut pictures = Pictures::default();
    let each = leveled(1024).size_bytes() * 3 / 4;
    let most = UPLOAD_BYTES.div_ceil(each) as u16 + 2;
    for slot in 0..most {
        pictures.insert(image(slot), leveled(1024));
    }
    pictures.begin_frame(1);
    for slot in 0..most {
        pictures.view(&ctx, image(slot), 256.0);
    }
    let mut frames = 1;
    loop {
        frames += 1;
        pictures.begin_frame(frames);
        for slot in 0..most {
            assert!(pictures.view(&ctx, image(slot), 1024.0).is_some(), "never blank");
        }
        assert!(pictures.uploaded_bytes <= UPLOAD_BYTES);
        if pictures.uploaded_bytes == 0 {
            break;
        }
    }
    assert_eq!(frames, 4, "two frames to hand over, one with nothing left to do");
}

#[test]
fn looking_at_pixels_asks_for_the_picture_again_and_keeps_the_old_one_until_then() {
    let ctx = Context::default();
    let mut textures = super::super::Textures::new();
    textures.begin_frame(8192);
    assert!(textures.picture(&ctx, image(0), Sampling::Smooth, 64.0).is_none());
    textures.insert_picture(image(0), pixels(64, 64));
    textures.begin_frame(8192);
    assert!(textures.picture(&ctx, image(0), Sampling::Squares, 64.0).is_some());
    assert_eq!(textures.end_frame().unwrap().pictures, [image(0)]);
    textures.insert_picture(image(0), pixels(64, 64));
    textures.begin_frame(8192);
    assert!(textures.picture(&ctx, image(0), Sampling::Squares, 64.0).is_some());
    assert_eq!(textures.end_frame().unwrap().pictures, []);
}
