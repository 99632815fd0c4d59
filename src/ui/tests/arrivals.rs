//! Judging while results arrive: nothing moves under the hand.

use egui::{Key, Modifiers, Rect};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use proptest::prelude::*;

use super::window;
use crate::domain::{ImageId, Mark, Run, Slot};
use crate::message::{Action, Event, Lens, Page, Verb, Zoom};
use crate::ui::stage::{Stage, facts, run, stored};

/// Images judged, and images that arrive meanwhile.
const IMAGES: usize = 40;
/// Frames in which everything comes to rest.
const SETTLED: usize = 3;

/// Forty images below four runs of ten that still wait for all of theirs; the first of the forty under the cursor.
fn stage() -> (Stage, Vec<ImageId>) {
    let small = |n| {
        let mut run = stored(run(n, &format!("prompt {n}"), "1024x1024", 4), "....");
        // Quick to paint.
        run.slots.fill(Slot::Stored(facts(256, 256)));
        run
    };
    let there = (1..=10).map(small);
    let late: Vec<_> = (90..94).map(|n| run(n, "still coming", "1024x1024", 10)).collect();
    let awaited = late.iter().flat_map(Run::image_ids).collect();
    let mut stage = Stage::with(there.chain(late).collect());
    let first = stage.image(IMAGES);
    stage.act(Action::Click { image: first, extend: false, toggle: false });
    stage.memory.scroll_to = Some(first);
    (stage, awaited)
}

/// What the hand relies on: page, selection, cursor, image, lens, and where the image lies on the screen.
#[derive(Clone, Debug, PartialEq)]
struct Held {
    page: Page,
    selection: Vec<ImageId>,
    cursor: Option<ImageId>,
    image: Option<ImageId>,
    lens: Lens,
    place: Rect,
    focus: Option<egui::Id>,
}

fn held(harness: &Harness<'_, Stage>) -> Held {
    let session = &harness.state().session;
    let sheet = session.sheet();
    let start = match (session.desk().page(), sheet.cursor()) {
        (Page::Sheet, Some(cursor)) => {
            format!("{} of ", sheet.visible_images().position(|image| image == cursor).unwrap() + 1)
        }
        _ => "Image ".to_owned(),
    };
    let node =
        harness.get_by(|node| node.label().is_some_and(|label| label.starts_with(&start) && label.contains("by")));
    Held {
        page: session.desk().page(),
        selection: sheet.selection(),
        cursor: sheet.cursor(),
        image: session.viewer().image(),
        lens: session.viewer().lens(),
        place: node.rect(),
        focus: harness.ctx.memory(egui::Memory::focused),
    }
}

/// Presses forty keys, and lets this many images in before each, in this order.
fn judge(mut harness: Harness<'static, Stage>, late: &[ImageId], before_each: &[usize]) -> Result<(), TestCaseError> {
    let mut late = late.iter();
    let mut page = None;
    for (press, &arriving) in before_each.iter().enumerate() {
        for &image in late.by_ref().take(arriving) {
            let before = held(&harness);
            // Not what was asked for: its row gets another height.
            let facts = if image.slot % 2 == 0 { facts(448, 256) } else { facts(256, 256) };
            harness.state_mut().apply(Event::Stored { image, facts });
            harness.run_steps(SETTLED);
            prop_assert_eq!(held(&harness), before, "when {:?} arrived before press {}", image, press);
        }
        prop_assert_eq!(*page.get_or_insert(held(&harness).page), held(&harness).page);
        let key = if press % 3 == 0 { Key::P } else { Key::X };
        harness.key_press_modifiers(Modifiers::SHIFT, key);
        harness.run_steps(SETTLED);
        let counts = harness.state().session.sheet().counts();
        prop_assert_eq!(counts.picks + counts.rejected, press + 1, "one verdict a press");
    }
    prop_assert_eq!(late.next(), None);
    let sheet = harness.state().session.sheet();
    let unjudged = sheet.visible_images().filter(|&image| sheet.mark(image) == Some(Mark::None)).count();
    prop_assert_eq!((sheet.visible_images().count(), unjudged), (2 * IMAGES, IMAGES));
    Ok(())
}

/// Forty arrivals spread at random over forty presses, in any order.
fn arrivals() -> impl Strategy<Value = (Vec<ImageId>, Vec<usize>)> {
    let places = prop::collection::vec(0..IMAGES, IMAGES);
    let before_each = places.prop_map(|places| {
        let mut counts = vec![0; IMAGES];
        for place in places {
            counts[place] += 1;
        }
        counts
    });
    (Just(stage().1).prop_shuffle(), before_each)
}

proptest! {
    // A window is slow to paint in a test: one run of forty presses, each time in another order.
    #![proptest_config(ProptestConfig { cases: 1, max_shrink_iters: 0, ..ProptestConfig::default() })]

    #[test]
    fn forty_are_judged_in_forty_presses_on_the_sheet((late, before_each) in arrivals()) {
        let mut harness = window(stage().0);
        harness.run_steps(SETTLED);
        judge(harness, &late, &before_each)?;
    }

    #[test]
    fn forty_are_judged_in_forty_presses_in_the_viewer((late, before_each) in arrivals()) {
        let (mut stage, _) = stage();
        stage.act(Action::Do(Verb::View));
        stage.act(Action::Look(Lens { zoom: Zoom::Factor(4.0), centre: [0.4, 0.6] }));
        let mut harness = window(stage);
        harness.run_steps(SETTLED);
        judge(harness, &late, &before_each)?;
    }
}
