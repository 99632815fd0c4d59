//! The sheet with a hundred thousand images: what a frame takes, how it is drawn, and what any step of a person costs.
//!
//! Everything runs without a screen: the window's own code, the toolkit, and its tessellation, but no driver. What a real
//! window takes is measured by `scripts/bench-window`.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a benchmark prints, and ends when something is not as it should be"
)]

#[path = "../table.rs"]
mod table;
mod window;

use std::collections::BTreeSet;
use std::time::Instant;

use egui::TextureId;
use proofsheet::domain::{Filter, Glimpse, ImageId, Mark, Pixels};
use proofsheet::library::Packs;
use proofsheet::media;
use proofsheet::message::{Action, Direction, Verb};

use table::{Goal, Table, median};
use window::{Frame, Window};

const SMALL: usize = 100;
const LARGE: usize = 100_000;
/// Rounds in which what is compared takes turns, and frames of one turn.
const ROUNDS: usize = 31;
const FRAMES: usize = 10;
/// Times a script is played: of each of its frames the shortest counts, so that what else the computer does does not.
const PLAYS: usize = 7;
/// Points a frame moves while one scrolls.
const SCROLL: f32 = 37.0;
/// Thumbnails in view after a jump.
const IN_VIEW: usize = 28;

fn main() {
    frames();
    draw_calls();
    script();
    jumps();
}

fn mean(frames: &[Frame]) -> f64 {
    frames.iter().map(|frame| frame.millis).sum::<f64>() / frames.len() as f64
}

/// Milliseconds of a frame that stands still and of one that scrolls.
fn turn(window: &mut Window) -> (f64, f64) {
    let still: Vec<Frame> = (0..FRAMES).map(|_| window.frame()).collect();
    let scrolled: Vec<Frame> = (0..FRAMES).map(|_| window.scroll(-SCROLL)).collect();
    (mean(&still), mean(&scrolled))
}

fn frames() {
    let mut windows = [Window::new(0), Window::new(SMALL), Window::new(LARGE)];
    let mut still = [const { Vec::new() }; 3];
    let mut scrolled = [const { Vec::new() }; 3];
    for _ in 0..ROUNDS {
        for ((window, still), scrolled) in windows.iter_mut().zip(&mut still).zip(&mut scrolled) {
            window.act(Action::Do(Verb::Move(Direction::Home)));
            window.settle();
            let (one, other) = turn(window);
            still.push(one);
            scrolled.push(other);
        }
    }
    let [chrome, small, large] = still.map(|rounds| median(&rounds));
    let [_, small_scrolled, large_scrolled] = scrolled.map(|rounds| median(&rounds));
    let mut table = Table::new(
        "A frame of the sheet",
        &format!("Window of 1360 by 860 points, all panels, tiles of the usual size; medians of {ROUNDS} rounds."),
    );
    let against = |large: f64, small: f64| format!("{large:.3} ms against {small:.3} ms");
    table.line("frame at 100,000 images, to 100", Goal::AtMost(1.05), large / small, &against(large, small));
    let measured = against(large_scrolled, small_scrolled);
    table.line("the same while scrolling", Goal::AtMost(1.05), large_scrolled / small_scrolled, &measured);
    table.line(
        "frame at 100,000 images, in shares of 0.5 ms",
        Goal::AtMost(1.0),
        large / 0.5,
        &format!("{large:.3} ms"),
    );
    table.line(
        "frame at 100,000 images, to the window without any",
        Goal::None,
        large / chrome,
        &against(large, chrome),
    );
    table.print(&["Building the frame and cutting it into triangles; a driver's work is not in it."]);
}

fn draw_calls() {
    let mut table = Table::new(
        "Draw calls",
        "Against the same window with one image; a screen full of thumbnails that are all there.",
    );
    for (tile, words) in [(96, "small"), (166, "usual"), (320, "large")] {
        let count = |images: usize| {
            let mut window = Window::new(images);
            window.act(Action::TileHeight(tile));
            window.settle();
            let frame = window.frame();
            let images: BTreeSet<TextureId> =
                frame.textures.iter().copied().filter(|texture| *texture != TextureId::default()).collect();
            (frame.textures.len(), images.len())
        };
        let ((full, atlases), (one, _)) = (count(LARGE), count(1));
        let more = full.saturating_sub(one) as f64;
        let measured = format!("{full} calls against {one}, {atlases} shared textures");
        let what = format!("more calls for each texture in view, {words} tiles");
        table.line(&what, Goal::AtMost(2.0), more / atlases as f64, &measured);
    }
    table.print(&[]);
}

/// What a person does in a minute, one frame or several a step.
fn play(images: usize) -> Vec<(&'static str, Vec<f64>)> {
    let mut window = Window::new(images);
    let mut steps: Vec<(&'static str, Vec<f64>)> = Vec::new();
    let mut step = |window: &mut Window, what, mut action: Option<Action>, frames: usize| {
        let mut taken = Vec::new();
        for _ in 0..frames {
            // The step itself counts.
            let begun = Instant::now();
            if let Some(action) = action.take() {
                window.act(action);
            }
            let before = begun.elapsed().as_secs_f64() * 1e3;
            taken.push(before + window.frame().millis);
            window.paint();
        }
        steps.push((what, taken));
    };
    step(&mut window, "the first frames", None, 3);
    for direction in [Direction::Down, Direction::PageDown, Direction::Right, Direction::End, Direction::Home] {
        step(&mut window, "a step of the cursor", Some(Action::Do(Verb::Move(direction))), 4);
    }
    let image = window.image(2);
    step(&mut window, "a mark", Some(Action::MarkImage(image, Mark::Pick)), 3);
    step(&mut window, "taking it back", Some(Action::Do(Verb::Undo)), 3);
    step(&mut window, "a step of the tile slider", Some(Action::TileHeight(120)), 3);
    step(&mut window, "a step of the tile slider", Some(Action::TileHeight(166)), 3);
    step(&mut window, "a filter", Some(Action::Show(Filter::Picks)), 3);
    step(&mut window, "a filter", Some(Action::Show(Filter::All)), 3);
    let new = window.newer();
    let begun = Instant::now();
    window.tell(new);
    let before = begun.elapsed().as_secs_f64() * 1e3;
    let frame = window.frame().millis;
    steps.push(("a new image", vec![before + frame]));
    let mut scrolled = Vec::new();
    for _ in 0..60 {
        scrolled.push(window.scroll(-400.0).millis);
        window.paint();
    }
    steps.push(("scrolling fast", scrolled));
    for _ in 0..3 {
        let more = window.older(256);
        let begun = Instant::now();
        window.tell(more);
        let before = begun.elapsed().as_secs_f64() * 1e3;
        let frame = window.frame().millis;
        steps.push(("a piece of the library", vec![before + frame]));
    }
    // With a pick the tray is there, and asks of the selection, too.
    window.act(Action::MarkImage(image, Mark::Pick));
    window.frame();
    let mut all = |what, mut action: Option<Action>, frames| {
        let mut taken = Vec::new();
        for _ in 0..frames {
            let begun = Instant::now();
            if let Some(action) = action.take() {
                window.act(action);
            }
            taken.push(begun.elapsed().as_secs_f64() * 1e3 + window.frame().millis);
        }
        steps.push((what, taken));
    };
    all("selecting all", Some(Action::Do(Verb::SelectAll)), 1);
    all("a frame with all selected", None, 5);
    steps.extend(search(images));
    steps
}

/// A search, and the answers of the index: the first of them, then as many as there are.
fn search(images: usize) -> Vec<(&'static str, Vec<f64>)> {
    let mut window = Window::new(images);
    window.index_ready();
    let all = window.images();
    let first: Vec<ImageId> = all.iter().copied().take(200).collect();
    let third: Vec<ImageId> = all.iter().copied().step_by(3).collect();
    let mut steps = Vec::new();
    let mut step = |what, step: Box<dyn FnOnce(&mut Window)>| {
        let begun = Instant::now();
        step(&mut window);
        let taken = begun.elapsed().as_secs_f64() * 1e3 + window.frame().millis;
        steps.push((what, vec![taken, window.frame().millis]));
    };
    let type_words = |words: &str| Action::SearchFor(words.to_owned());
    let (typed, emptied) = (type_words("lighthouse"), type_words(""));
    step("a key press in the search", Box::new(|window| window.act(typed)));
    step("the first of an answer", Box::new(|window| window.answer(first, false)));
    step("an answer that names every third image", Box::new(|window| window.answer(third, true)));
    step("an answer that names all images", Box::new(|window| window.answer(all, true)));
    step("the end of the search", Box::new(|window| window.act(emptied)));
    steps
}

/// The longest frame of each kind of step.
fn longest(images: usize) -> Vec<(&'static str, f64)> {
    let mut best = play(images);
    for _ in 1..PLAYS {
        for ((_, best), (_, again)) in best.iter_mut().zip(play(images)) {
            for (best, again) in best.iter_mut().zip(again) {
                *best = best.min(again);
            }
        }
    }
    let mut longest: Vec<(&'static str, f64)> = Vec::new();
    for (what, frames) in best {
        let most = frames.into_iter().fold(0.0, f64::max);
        match longest.iter_mut().find(|(known, _)| *known == what) {
            Some((_, known)) => *known = known.max(most),
            None => longest.push((what, most)),
        }
    }
    longest
}

fn script() {
    let mut table = Table::new(
        "The longest frame of each step",
        &format!("With the work of the step itself; 100,000 images; the script is played {PLAYS} times."),
    );
    let (small, large) = (longest(SMALL), longest(LARGE));
    for ((what, large), (_, small)) in large.into_iter().zip(small) {
        let measured = format!("{large:.2} ms; {small:.2} ms with 100 images");
        table.line(&format!("{what}, in shares of 4 ms"), Goal::AtMost(1.0), large / 4.0, &measured);
    }
    table.print(&["Of each frame the shortest of all plays counts: the computer does other things too."]);
}

/// A picture that is not the same as any other.
fn picture(seed: u32, side: u32) -> Pixels {
    let words =
        (0..side * side).map(|at| 0xff00_0000 | (((at * (7 + seed)) ^ (at / side * 255)).wrapping_mul(2_654_435) >> 4));
    Pixels::new(side, side, words.collect()).unwrap()
}

fn jumps() {
    let folder = tempfile::tempdir().unwrap();
    let packs = Packs::open(folder.path());
    let hashes: Vec<String> = (0..IN_VIEW as u32 * 40).map(|number| format!("{number:064x}")).collect();
    let files: Vec<Vec<u8>> = (0..hashes.len() as u32).map(|seed| media::keep(&picture(seed, 256)).unwrap()).collect();
    for (hash, file) in hashes.iter().zip(&files) {
        packs.put(hash, 256, file, Glimpse::from_bytes([9; Glimpse::BYTES]));
    }
    let (mut ours, mut bare) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        // Far apart, as after a jump.
        let places: Vec<usize> =
            (0..IN_VIEW).map(|cell| (round * 7 + cell * 40 + cell * round) % hashes.len()).collect();
        let begun = Instant::now();
        for &place in &places {
            let kept = packs.get(&hashes[place], 256).unwrap();
            drop(media::thumbnail(&media::kept(&kept).unwrap(), 256));
        }
        ours.push(begun.elapsed().as_secs_f64() * 1e3);
        let begun = Instant::now();
        for &place in &places {
            drop(media::kept(&files[place]).unwrap());
        }
        bare.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    let (ours, bare) = (median(&ours), median(&bare));
    let mut table = Table::new(
        "A jump to a random place",
        &format!("{IN_VIEW} thumbnails of 256 pixels from the packs, against decoding the same bytes in memory."),
    );
    table.line(
        "finding, reading and decoding",
        Goal::AtMost(1.2),
        ours / bare,
        &format!("{ours:.1} ms against {bare:.1} ms"),
    );
    let (blank, looked) = blanks();
    table.line("blank places of all that were seen", Goal::AtMost(0.0), blank as f64, &format!("{blank} of {looked}"));
    table.print(&["One thread of one core; the program decodes on all."]);
}

/// Jumps through the sheet with glimpses of all images and no thumbnail of any: places without any colour.
fn blanks() -> (usize, usize) {
    let mut window = Window::new(LARGE);
    window.show_glimpses();
    let (mut blank, mut looked) = (0, 0);
    for jump in 0..50_usize {
        let image: ImageId = window.image(jump * 1_987 % LARGE);
        window.jump(image);
        window.frame();
        for image in window.frame().wished {
            looked += 1;
            blank += usize::from(!window.has_colours(image));
        }
    }
    assert!(looked > 1_000, "something was seen");
    (blank, looked)
}
