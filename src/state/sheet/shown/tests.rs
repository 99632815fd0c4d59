//! What is kept up to date run by run, against the same worked out from everything.

use proptest::prelude::*;

use super::super::Slot;
use super::super::changes::CHANGES_MAX;
use super::*;
use crate::domain::{Catalogue, Draft, EndpointName, Format, Found, ImageFacts, Tallies, Timestamp};
use crate::message::IndexState;
use crate::state::{SelectionSum, ratios};

fn facts(mark: Mark) -> ImageFacts {
    ImageFacts {
        size_bytes: 10,
        width: 64,
        height: 64,
        format: Format::Png,
        revised_prompt: None,
        mark,
        made_at: Timestamp(0),
        took_millis: 1,
    }
}

fn run(number: u64, images: u32) -> Run {
    let prompt = if number.is_multiple_of(2) { "a fox" } else { "a lighthouse" };
    let draft = Draft { prompt: prompt.to_owned(), model: "any".to_owned(), images, ..Draft::default() };
    Run {
        id: RunId::from_number(number),
        request: draft.check(Catalogue::load(None).unwrap().find("any"), &[]).unwrap().into(),
        endpoint: EndpointName::new("here").unwrap(),
        demo: false,
        made_at: Timestamp(number),
        model_answered: None,
        notes: Vec::new(),
        slots: vec![Slot::Waiting; images as usize],
        binned: std::collections::BTreeSet::default(),
    }
}

fn image(run: u64, slot: u16) -> ImageId {
    ImageId { run: RunId::from_number(run), slot }
}

#[derive(Clone, Debug)]
enum Step {
    Add(u64, u32),
    Store(u64, u16),
    Mark(Vec<(u64, u16)>, Mark),
    Bin(Vec<(u64, u16)>, bool),
    Show(Filter),
    Search(bool),
    Index(bool),
    Answer(Vec<(u64, u16)>, bool),
    Click(u64, u16),
    Toggle(u64, u16),
    All,
}

fn step() -> impl Strategy<Value = Step> {
    let place = || (0_u64..9, prop_oneof![3 => 0_u16..5, 1 => 14_u16..19]);
    let places = || prop::collection::vec(place(), 1..4);
    let mark = prop::sample::select(vec![Mark::None, Mark::Pick, Mark::Reject]);
    let filter =
        prop::sample::select(vec![Filter::All, Filter::Unmarked, Filter::Picks, Filter::Rejected, Filter::Bin]);
    prop_oneof![
        (0_u64..9, 1_u32..5).prop_map(|(run, images)| Step::Add(run, images)),
        place().prop_map(|(run, slot)| Step::Store(run, slot)),
        place().prop_map(|(run, slot)| Step::Store(run, slot)),
        (places(), mark).prop_map(|(images, mark)| Step::Mark(images, mark)),
        (places(), any::<bool>()).prop_map(|(images, binned)| Step::Bin(images, binned)),
        filter.prop_map(Step::Show),
        any::<bool>().prop_map(Step::Search),
        any::<bool>().prop_map(Step::Index),
        (places(), any::<bool>()).prop_map(|(images, whole)| Step::Answer(images, whole)),
        place().prop_map(|(run, slot)| Step::Click(run, slot)),
        place().prop_map(|(run, slot)| Step::Toggle(run, slot)),
        Just(Step::All),
    ]
}

fn take(sheet: &mut Sheet, step: Step) {
    let images = |places: Vec<(u64, u16)>| places.into_iter().map(|(run, slot)| image(run, slot));
    match step {
        Step::Add(number, count) => sheet.add(run(number, count)),
        Step::Store(run, slot) => drop(sheet.put(image(run, slot), Slot::Stored(facts(Mark::None)))),
        Step::Mark(places, mark) => sheet.set_marks(images(places).map(|image| (image, mark))),
        Step::Bin(places, binned) => sheet.set_binned(images(places).map(|image| (image, binned))),
        Step::Show(filter) => sheet.show(filter),
        Step::Search(some) => {
            sheet.look_for(|finding| finding.search_for(if some { "FOX".to_owned() } else { String::new() }));
        }
        Step::Index(ready) => sheet.set_index(if ready { IndexState::Ready } else { IndexState::Making }),
        Step::Answer(places, whole) => {
            let mut found: Vec<ImageId> = images(places).collect();
            found.sort_by_key(|image| (Reverse(image.run), image.slot));
            found.dedup();
            // Nothing was asked of an index here: the number of the question is still 0.
            sheet.found_by_index(0, Found { images: found, tallies: whole.then(Tallies::default) });
        }
        Step::Click(run, slot) if sheet.is_shown(image(run, slot)) => sheet.select_only(image(run, slot)),
        Step::Toggle(run, slot) if sheet.is_shown(image(run, slot)) => sheet.toggle(image(run, slot)),
        Step::Click(..) | Step::Toggle(..) => {}
        Step::All => sheet.select_all(),
    }
}

/// What is found and shown, place by place as it is meant.
fn check_places(sheet: &Sheet) {
    let (mut found, mut shown) = (Counts::default(), Vec::new());
    for run in sheet.runs.iter().rev() {
        let sieve = sheet.finding.sieve(run);
        let taken = |at: u16| sieve.takes(at, &run.slots[usize::from(at)]);
        found.add(Counts::of(run, taken));
        for (at, slot) in (0_u16..).zip(&run.slots) {
            let binned = run.binned.contains(&at);
            let is_shown = match slot {
                Slot::Gone => false,
                Slot::Stored(facts) => sheet.filter.takes(facts.mark, binned),
                _ => sheet.filter == if binned { Filter::Bin } else { Filter::All },
            };
            if is_shown && taken(at) {
                shown.push(ImageId { run: run.id, slot: at });
            }
        }
    }
    assert_eq!(sheet.found(), found);
    assert_eq!(sheet.visible_images().collect::<Vec<_>>(), shown);
    for visible in &sheet.visible {
        let run = sheet.run(visible.run).unwrap();
        let mut tiles = ratios(run, visible);
        assert!(visible.ratio == 0.0 || tiles.all(|ratio| ratio.to_bits() == visible.ratio.to_bits()));
        let open = visible.slots.iter().filter(|&at| run.facts(at).is_some_and(|facts| facts.mark == Mark::None));
        assert_eq!((usize::from(visible.open), usize::from(visible.notes)), (open.count(), run.notes.len()));
    }
}

/// The selection, image by image.
fn check_sum(sheet: &Sheet) {
    let mut sum = SelectionSum::default();
    for image in sheet.selected() {
        sum.selected += 1;
        sum.binned += usize::from(sheet.is_binned(image));
        let Some(facts) = sheet.facts(image) else { continue };
        sum.stored += 1;
        sum.size_bytes += facts.size_bytes;
        sum.picked += usize::from(facts.mark == Mark::Pick);
        sum.rejected += usize::from(facts.mark == Mark::Reject);
    }
    assert_eq!(sheet.selection_sum(), sum);
    assert_eq!(sheet.selected_count(), sum.selected);
}

/// The same answers, found by looking at everything.
fn check(sheet: &Sheet) {
    let mut whole = sheet.clone();
    whole.count_all();
    whole.show_visible();
    assert_eq!(sheet.visible, whole.visible);
    assert_eq!(sheet.tally, whole.tally);
    assert_eq!(sheet.briefs, whole.briefs);
    check_places(sheet);
    check_sum(sheet);
    assert_eq!(sheet.shown_picks, whole.shown_picks);
    assert_eq!(sheet.selection(), whole.selection());
    assert_eq!(sheet.cursor, whole.cursor);
    let all: Vec<ImageId> = sheet.visible_images().collect();
    let chosen: Vec<ImageId> = all.iter().copied().filter(|&image| sheet.is_selected(image)).collect();
    assert_eq!(sheet.selected().collect::<Vec<_>>(), chosen);
    let picks: Vec<ImageId> = all.iter().copied().filter(|&image| sheet.mark(image) == Some(Mark::Pick)).collect();
    if sheet.filter() != Filter::Bin {
        assert_eq!(sheet.visible_picks(), picks);
    }
    for (at, &image) in all.iter().enumerate() {
        assert!(sheet.is_shown(image));
        assert_eq!(sheet.after(image), all.get(at + 1).copied());
        assert_eq!(sheet.before(image), at.checked_sub(1).and_then(|before| all.get(before)).copied());
        let open = |&&other: &&ImageId| sheet.mark(other) == Some(Mark::None);
        let next = all[at + 1..].iter().find(open).or_else(|| all[..at].iter().find(open));
        assert_eq!(sheet.next_unmarked(image), next.copied(), "after {image:?} of {all:?}");
    }
}

proptest! {
    #[test]
    fn a_change_leads_where_looking_at_everything_leads(steps in prop::collection::vec(step(), 1..40)) {
        let mut sheet = Sheet::default();
        // Enough is there from the start that most steps meet an image.
        let stored = |number| {
            let slots = vec![Slot::Stored(facts(Mark::None)); if number == 2 { 18 } else { 4 }];
            Run { slots, ..run(number, 4) }
        };
        sheet.load((0..6).map(stored).collect());
        for step in steps {
            let before = sheet.clone();
            take(&mut sheet, step);
            check(&sheet);
            let changed = sheet.changed_since(before.revision());
            for run in 0..9 {
                let id = RunId::from_number(run);
                let shown = |sheet: &Sheet| sheet.visible.iter().find(|visible| visible.run == id).cloned();
                if shown(&before) != shown(&sheet) {
                    prop_assert!(changed.as_ref().is_none_or(|changed| changed.contains(&id)));
                }
            }
        }
    }
}

#[test]
fn many_runs_changed_in_one_step_are_told_as_everything() {
    let mut sheet = Sheet::default();
    sheet.load((0..200).map(|number| run(number, 2)).collect());
    for number in 0..200 {
        sheet.put(image(number, 0), Slot::Stored(facts(Mark::None)));
    }
    let before = sheet.revision();
    sheet.set_marks((0..3).map(|number| (image(number, 0), Mark::Pick)));
    assert_eq!(sheet.changed_since(before).unwrap().len(), 3);
    sheet.set_marks((0..200).map(|number| (image(number, 0), Mark::Pick)));
    assert_eq!(sheet.changed_since(before), None);
    assert_eq!(sheet.counts().picks, 200);
    check(&sheet);
}

#[test]
fn what_is_not_remembered_one_by_one_is_everything() {
    let mut sheet = Sheet::default();
    sheet.load(vec![run(1, 1)]);
    let before = sheet.revision();
    for _ in 0..CHANGES_MAX {
        sheet.put(image(1, 0), Slot::Waiting);
    }
    assert_eq!(sheet.changed_since(before), Some(vec![RunId::from_number(1)]));
    sheet.put(image(1, 0), Slot::Waiting);
    assert_eq!(sheet.changed_since(before), None);
    assert_eq!(sheet.changed_since(sheet.revision()), Some(Vec::new()));
}
