//! What every picture promises: the same for the same words, different for every number, never flat, never noise.

use super::picture::{Manner, Picture, describe, paint};
use super::wish::{Hour, Scene, Wish};

/// One prompt for each scene.
const PROMPTS: [&str; 15] = [
    "A lighthouse at dusk on a basalt shore, long exposure sea",
    "The open ocean",
    "A serene mountain landscape at sunset",
    "A futuristic city with flying cars",
    "Forest in fog",
    "Desert dunes",
    "Lavender field in summer",
    "Still life with pears",
    "Botanical plate of an imagined fern, gouache on cream paper",
    "Poster for a jazz night, red and black, bold shapes",
    "A ringed planet",
    "Coral reef",
    "Snowy cabin",
    "A cute robot coding on a laptop",
    "Paper-cut fox, layered card",
];

const SIDE: u32 = 128;

fn small(prompt: &str, index: u32) -> Picture {
    paint(prompt, index, SIDE, SIDE, Manner::Plain)
}

/// Mean and standard deviation of the brightness, from 0 to 255.
fn spread(bytes: impl Iterator<Item = u8> + Clone) -> (f64, f64) {
    let count = bytes.clone().count() as f64;
    let mean = bytes.clone().map(f64::from).sum::<f64>() / count;
    let variance = bytes.map(|byte| (f64::from(byte) - mean).powi(2)).sum::<f64>() / count;
    (mean, variance.sqrt())
}

/// Mean absolute difference of two pictures of one size.
fn difference(a: &Picture, b: &Picture) -> f64 {
    let sum: u64 = a.rgb.iter().zip(&b.rgb).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / a.rgb.len() as f64
}

#[test]
fn the_same_words_number_and_size_give_the_same_bytes() {
    for prompt in PROMPTS {
        assert_eq!(small(prompt, 1), small(prompt, 1), "{prompt}");
    }
}

#[test]
fn every_number_is_another_picture() {
    for prompt in PROMPTS {
        let pictures: Vec<Picture> = (0..4).map(|index| small(prompt, index)).collect();
        for (index, a) in pictures.iter().enumerate() {
            for b in pictures.iter().skip(index + 1) {
                let away = difference(a, b);
                assert!(away > 8.0, "{prompt}: two pictures differ by {away:.1} only");
            }
        }
    }
}

#[test]
fn pictures_are_neither_flat_nor_noise() {
    for prompt in PROMPTS {
        for index in 0..3 {
            let picture = small(prompt, index);
            let green = picture.rgb.iter().skip(1).step_by(3).copied();
            let (mean, deviation) = spread(green.clone());
            assert!((12.0..240.0).contains(&mean), "{prompt} {index}: brightness {mean:.0}");
            assert!(deviation > 10.0, "{prompt} {index}: contrast {deviation:.1}");
            // In noise neighbours have nothing to do with each other; in a picture they are alike.
            let steps: Vec<f64> = green.clone().zip(green.skip(1)).map(|(a, b)| f64::from(a.abs_diff(b))).collect();
            let step = steps.iter().sum::<f64>() / steps.len() as f64;
            assert!(step < deviation * 0.7, "{prompt} {index}: neighbours differ by {step:.1} of {deviation:.1}");
        }
    }
}

#[test]
fn every_part_of_a_picture_is_painted() {
    for prompt in PROMPTS {
        let picture = small(prompt, 0);
        let black = picture.rgb.chunks_exact(3).filter(|pixel| **pixel == [0, 0, 0]).count();
        let share = black as f64 / f64::from(SIDE * SIDE);
        assert!(share < 0.1, "{prompt}: {:.0} % are pure black", share * 100.0);
    }
}

#[test]
fn sizes_are_exact() {
    for (width, height) in [(256, 256), (1792, 1024), (1024, 1792), (64, 300), (1, 1)] {
        let picture = paint(PROMPTS[0], 0, width, height, Manner::Plain);
        assert_eq!((picture.width, picture.height), (width, height));
        assert_eq!(picture.rgb.len(), (width * height * 3) as usize);
    }
}

#[test]
fn every_scene_survives_every_shape() {
    for prompt in PROMPTS {
        for (width, height) in [(90, 20), (20, 90), (3, 2)] {
            let picture = paint(prompt, 2, width, height, Manner::Vivid);
            assert_eq!(picture.rgb.len(), (width * height * 3) as usize, "{prompt}");
        }
    }
}

#[test]
fn words_choose_the_scene() {
    let check = |prompt: &str, scene: Scene| assert_eq!(Wish::read(prompt).scene, scene, "{prompt}");
    check("A lighthouse above the sea", Scene::Lighthouse);
    check("Two robots in a city", Scene::Robot);
    check("Poster of a mountain", Scene::Poster);
    check("mountains in the snow behind a lake", Scene::Mountain);
    check("CITY AT NIGHT", Scene::City);
    check("Paper-cut fox, layered card", Scene::PaperCut);
    check("Portrait of a woman", Scene::StillLife);
    check("A watercolour of ferns", Scene::Botanical);
}

#[test]
fn words_choose_the_hour_and_unknown_words_choose_by_themselves() {
    assert_eq!(Wish::read("a hill at sunset").hour, Some(Hour::Dusk));
    assert_eq!(Wish::read("a hill").hour, None);
    let scenes: Vec<Scene> =
        (0..40).map(|index| Wish::read(&format!("zzyx{index} qwv")).scene).fold(Vec::new(), |mut all, scene| {
            if !all.contains(&scene) {
                all.push(scene);
            }
            all
        });
    assert!(scenes.len() >= 5, "unknown words lead to {scenes:?} only");
    assert_eq!(Wish::read("").scene, Wish::read(" . ").scene);
}

#[test]
fn colour_words_colour_the_picture() {
    let tone = |prompt: &str| {
        let picture = small(prompt, 0);
        let channel = |at: usize| spread(picture.rgb.iter().skip(at).step_by(3).copied()).0;
        (channel(0), channel(2))
    };
    let ((red, blue), (red_cold, blue_cold)) = (tone("red mountains, day"), tone("blue mountains, day"));
    assert!(red / blue > red_cold / blue_cold * 1.3, "{red} {blue} {red_cold} {blue_cold}");
    let (red, blue) = tone("monochrome mountains, day");
    assert!((red - blue).abs() < 14.0, "{red} {blue}");
}

#[test]
fn manners_change_how_loud_the_colours_are() {
    let loud = |manner| {
        let picture = paint(PROMPTS[2], 0, SIDE, SIDE, manner);
        let chroma = |pixel: &[u8]| f64::from(pixel.iter().max().unwrap() - pixel.iter().min().unwrap());
        picture.rgb.chunks_exact(3).map(chroma).sum::<f64>()
    };
    assert!(loud(Manner::Vivid) > loud(Manner::Plain) * 1.05);
    assert!(loud(Manner::Natural) < loud(Manner::Plain) * 0.95);
}

#[test]
fn a_picture_is_described_in_a_sentence() {
    for prompt in PROMPTS {
        let sentence = describe(prompt, 0);
        assert!(sentence.ends_with('.') && sentence.len() > 40, "{sentence}");
    }
    assert!(describe("a lighthouse at night", 0).contains("at night"));
}
