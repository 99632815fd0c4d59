//! What is found, what is not, and what is counted.

use std::cell::Cell;
use std::sync::{Arc, LazyLock};

use proptest::prelude::*;

use super::super::sample::{all, index, run, stored};
use super::*;
use crate::domain::{EndpointName, Filter, ModelId, Narrow, Run, Slot, Words};

/// An index of these prompts, oldest first, each a run of one image.
fn of(prompts: &[&str]) -> Index {
    let index = index();
    let runs: Vec<_> = (1..).zip(prompts).map(|(number, prompt)| run(number, prompt, vec![stored()])).collect();
    index.put(&runs).unwrap();
    index
}

/// The numbers of the runs found, newest first.
fn found(index: &Index, words: &str) -> Vec<u64> {
    all(index, words).iter().map(|image| image.run.number()).collect()
}

fn answer(index: &Index, query: &Query) -> Found {
    index.find(query, |_| (), || true).unwrap().unwrap()
}

#[test]
fn words_are_found_by_their_beginning_their_middle_and_without_their_accents() {
    let index = of(&["a red fox", "Crème brûlée on oak", "a photograph of a FOXGLOVE"]);
    let check = |words: &str, runs: &[u64]| assert_eq!(found(&index, words), runs, "{words:?}");
    check("fox", &[3, 1]);
    check("Fox", &[3, 1]);
    check("fo", &[3, 1]);
    check("oxg", &[3]);
    check("creme", &[2]);
    check("BRULEE", &[2]);
    check("cre\u{300}me", &[2]);
    check("cr", &[2]);
    check("a fox", &[3, 1]);
    check("red a", &[1]);
    check("fox oak", &[]);
    check("zebra", &[]);
    check("", &[3, 2, 1]);
    check("   ", &[3, 2, 1]);
}

#[test]
fn scripts_without_spaces_are_found_by_any_part() {
    let index = of(&["夕暮れの灯台と赤い狐", "红色的狐狸在雪地里", "สุนัขจิ้งจอกสีแดง", "빨간 여우"]);
    let check = |words: &str, runs: &[u64]| assert_eq!(found(&index, words), runs, "{words:?}");
    check("狐", &[2, 1]);
    check("灯台", &[1]);
    check("台灯", &[]);
    check("狐狸", &[2]);
    check("赤い狐", &[1]);
    check("「赤い狐」", &[1]);
    check("จิ้งจอก", &[3]);
    check("여우", &[4]);
    check("여", &[4]);
}

#[test]
fn whatever_is_typed_is_only_words() {
    let index = of(&["a \"red\" fox", "50% off* (new) -- AND OR NOT", "a fox that is red"]);
    let check = |words: &str, runs: &[u64]| assert_eq!(found(&index, words), runs, "{words:?}");
    check("\"red\"", &[3, 1]);
    check("\"that is\" fox", &[3]);
    check("\"is that\"", &[]);
    check("\"that i", &[3]);
    check("\"", &[3, 2, 1]);
    check("*", &[3, 2, 1]);
    check("fox*", &[3, 1]);
    check("fox)", &[3, 1]);
    check("red AND fox", &[3, 1]);
    check("and or not", &[2]);
    check("AND", &[2]);
    check("prompt:fox", &[]);
    check("NEAR(a b)", &[]);
    check("'; DROP TABLE images; --", &[]);
    check("50%", &[2]);
    check("fo\0x", &[3, 1]);
    check("ⓐ", &[]);
    check("q\u{301}\u{302}\u{303}", &[]);
    assert_eq!(found(&index, &"fox ".repeat(500)), [3, 1]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn nothing_typed_is_an_error(
        typed in "([a-z狐é\u{301}\"*():^+{}AND OR.'\\-\u{0}\u{e34}ⓐ½ß\u{1f98a}]{0,24})|\\PC{0,16}",
    ) {
        static INDEX: LazyLock<Index> = LazyLock::new(|| of(&["a red fox", "赤い狐"]));
        let anything = INDEX.find(&Query { words: typed, ..Query::default() }, |_| (), || true);
        prop_assert!(anything.is_ok(), "{anything:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_prompt_is_found_by_its_own_words(prompt in "[a-z ]{1,30}x") {
        let index = of(&[&prompt]);
        let words: Vec<&str> = prompt.split_whitespace().collect();
        prop_assert_eq!(found(&index, &words.join(" ")), [1]);
        let whole = format!("\"{}\"", words.join(" "));
        // Between words of quotes stands one space, as in most prompts.
        if prompt.trim() == words.join(" ") {
            prop_assert_eq!(found(&index, &whole), [1]);
        }
    }

    /// What is looked for without an index is found with it, too.
    #[test]
    fn what_fits_without_an_index_is_found_with_it(typed in "[abcáÇ狐 ]{0,8}", prompt in "[abcÂç狐 ]{1,16}x") {
        let sample = run(1, &prompt, vec![stored()]);
        let index = index();
        index.put(std::slice::from_ref(&sample)).unwrap();
        if Words::new(&typed).are_in(&[&prompt, "dall-e-3"]) {
            prop_assert_eq!(found(&index, &typed), [1], "{:?} in {:?}", typed, prompt);
        }
    }
}

/// Letters with accents, however the person writes them, mean the same to the index and without it.
#[test]
fn accents_are_left_out_alike_with_and_without_an_index() {
    let letters: Vec<char> =
        ('\u{c0}'..='\u{250}').chain('\u{1e00}'..='\u{1eff}').filter(|c| c.is_alphabetic()).collect();
    let prompts: Vec<String> = letters.iter().map(|letter| format!("q{letter}q")).collect();
    let index = of(&prompts.iter().map(String::as_str).collect::<Vec<_>>());
    for letter in ('a'..='z').chain(['é', 'Ñ', 'ß', 'ø', 'đ', 'ặ']) {
        let typed = format!("q{letter}q");
        let words = Words::new(&typed);
        let fits = (1_u64..).zip(&prompts).filter(|(_, prompt)| words.are_in(&[prompt])).map(|(number, _)| number);
        let mut fits: Vec<u64> = fits.collect();
        fits.reverse();
        assert_eq!(found(&index, &typed), fits, "{typed}");
    }
}

#[test]
fn revised_prompts_and_models_are_looked_through_image_by_image() {
    let index = index();
    let mut second = stored();
    if let Slot::Stored(facts) = &mut second {
        facts.revised_prompt = Some("a tall white lighthouse".into());
    }
    index.put(&[run(1, "a fox", vec![stored(), second])]).unwrap();
    assert_eq!(all(&index, "light").iter().map(|image| image.slot).collect::<Vec<_>>(), [1]);
    assert_eq!(all(&index, "fox light").len(), 1);
    assert_eq!(all(&index, "dall").len(), 2);
}

/// Four images: two models, two endpoints, two sizes, three marks, four days.
fn mixed() -> Vec<Run> {
    let image = |size: u32, mark: Mark, day: u64| {
        let Slot::Stored(mut facts) = stored() else { panic!("it is stored") };
        (facts.width, facts.height, facts.mark, facts.made_at) = (size, size, mark, Timestamp(day));
        Slot::Stored(facts)
    };
    let mut first = run(1, "a fox", vec![image(512, Mark::Pick, 10), image(1024, Mark::None, 20)]);
    first.model("flux");
    let mut second = run(2, "a hare", vec![image(1024, Mark::Pick, 30), image(0, Mark::Reject, 40)]);
    second.endpoint = EndpointName::new("Other").unwrap();
    vec![first, second]
}

trait Sample {
    fn model(&mut self, id: &str);
}

impl Sample for Run {
    fn model(&mut self, id: &str) {
        Arc::make_mut(&mut self.request).model = ModelId::new(id).unwrap();
    }
}

fn named(counts: &[(String, usize)]) -> Vec<(&str, usize)> {
    counts.iter().map(|(name, count)| (name.as_str(), *count)).collect()
}

#[test]
fn filters_narrow_and_each_is_counted_under_the_others() {
    let index = index();
    index.put(&mixed()).unwrap();
    let spans = vec![Span { from: Timestamp(0), to: Timestamp(25) }, Span { from: Timestamp(25), to: Timestamp(99) }];
    let ask = |narrow: Narrow, filter: Filter| {
        let query = Query { words: String::new(), narrow, filter, spans: spans.clone() };
        answer(&index, &query)
    };
    let places = |found: &Found| found.images.iter().map(|id| (id.run.number(), id.slot)).collect::<Vec<_>>();

    let open = ask(Narrow::default(), Filter::All);
    assert_eq!(open.images, [], "everything is found: no list of it is sent");
    let tallies = open.tallies.unwrap();
    assert_eq!(named(&tallies.models), [("dall-e-3", 2), ("flux", 2)]);
    assert_eq!(named(&tallies.endpoints), [("Other", 2), ("Ramclouds", 2)]);
    assert_eq!(tallies.sizes, [((1024, 1024), 2), ((512, 512), 1)]);
    assert_eq!(tallies.spans, [2, 2]);

    let flux = ask(Narrow { model: Some("flux".to_owned()), ..Narrow::default() }, Filter::All);
    assert_eq!(places(&flux), [(1, 0), (1, 1)]);
    let tallies = flux.tallies.unwrap();
    assert_eq!(named(&tallies.models), [("dall-e-3", 2), ("flux", 2)], "the other choice of the same filter");
    assert_eq!(named(&tallies.endpoints), [("Ramclouds", 2)]);
    assert_eq!(tallies.spans, [2, 0]);

    let narrow = Narrow { size: Some((1024, 1024)), made: Some(spans[1]), ..Narrow::default() };
    let both = ask(narrow, Filter::Picks);
    assert_eq!(places(&both), [(2, 0)]);
    assert_eq!(both.tallies.unwrap().sizes, [((1024, 1024), 1)], "picks only: the other of that time is rejected");

    let picks = ask(Narrow { endpoint: Some("Ramclouds".to_owned()), ..Narrow::default() }, Filter::Picks);
    assert_eq!(places(&picks), [(1, 0), (1, 1)], "marks are counted, not taken out");
    assert_eq!(named(&picks.tallies.unwrap().models), [("flux", 1)]);

    let nobody = ask(Narrow { model: Some("gone".to_owned()), ..Narrow::default() }, Filter::All);
    assert_eq!(places(&nobody), []);
}

#[test]
fn the_newest_come_first_and_are_told_before_the_rest() {
    let index = index();
    let runs: Vec<Run> = [5, 900, 17].map(|number| run(number, "a fox", vec![stored(); 100])).into();
    index.put(&runs).unwrap();
    for words in ["fox", "a", "a fox"] {
        let first = Cell::new(Vec::new());
        let query = Query { words: words.to_owned(), ..Query::default() };
        let found = index.find(&query, |images| first.set(images.to_vec()), || true).unwrap().unwrap();
        let order: Vec<(u64, u16)> =
            [900, 17, 5].into_iter().flat_map(|run| (0..100).map(move |slot| (run, slot))).collect();
        let ids = |images: &[ImageId]| images.iter().map(|id| (id.run.number(), id.slot)).collect::<Vec<_>>();
        assert_eq!(ids(&found.images), order, "{words:?}");
        assert_eq!(ids(&first.take()), order[..FIRST], "{words:?}");
    }
}

fn revised(slot: &Slot) -> String {
    let Slot::Stored(facts) = slot else { return String::new() };
    facts.revised_prompt.as_deref().unwrap_or_default().to_owned()
}

const fn is_picked(slot: &Slot) -> bool {
    matches!(slot, Slot::Stored(facts) if matches!(facts.mark, Mark::Pick))
}

#[test]
fn the_first_told_are_the_first_found_whatever_is_filtered_for() {
    let mut runs: Vec<Run> = (1..=12).map(|number| run(number, "a fox", vec![stored(); 100])).collect();
    for run in &mut runs {
        let number = run.id.number();
        run.model(if number % 2 == 0 { "flux" } else { "dall-e-3" });
        run.endpoint = EndpointName::new(if number % 3 == 0 { "Other" } else { "Ramclouds" }).unwrap();
        for (place, slot) in (0_u32..).zip(&mut run.slots) {
            let Slot::Stored(facts) = slot else { panic!("it is stored") };
            facts.made_at = Timestamp(number);
            facts.width = if place % 2 == 0 { 512 } else { 1024 };
            facts.mark = if place % 3 == 0 { Mark::Pick } else { Mark::None };
            facts.revised_prompt = (place % 5 == 0).then(|| "a red fox".into());
        }
    }
    let index = index();
    index.put(&runs).unwrap();
    runs.reverse();
    let model = || Some("flux".to_owned());
    let made = || Some(Span { from: Timestamp(3), to: Timestamp(9) });
    let narrows = [
        Narrow::default(),
        Narrow { model: model(), ..Narrow::default() },
        Narrow { endpoint: Some("Other".to_owned()), ..Narrow::default() },
        Narrow { size: Some((512, 768)), ..Narrow::default() },
        Narrow { made: made(), ..Narrow::default() },
        Narrow { model: model(), endpoint: Some("Ramclouds".to_owned()), size: Some((1024, 768)), made: made() },
    ];
    for words in ["", "fox", "fo", "a fox", "red"] {
        for (narrow, filter) in narrows.iter().flat_map(|narrow| [(narrow, Filter::All), (narrow, Filter::Picks)]) {
            let query = Query { words: words.to_owned(), narrow: narrow.clone(), filter, ..Query::default() };
            if query.is_open() {
                continue;
            }
            let first = Cell::new(None);
            let found = index.find(&query, |images| first.set(Some(images.to_vec())), || true).unwrap().unwrap();
            let every =
                runs.iter().flat_map(|run| (0_u16..).zip(&run.slots).map(move |(slot, state)| (run, slot, state)));
            let fits = every.filter(|(run, _, state)| {
                let revised = revised(state);
                narrow.takes(run, state) && Words::new(words).are_in(&["a fox", &revised])
            });
            let fits: Vec<(ImageId, bool)> = fits
                .map(|(run, slot, state)| (ImageId { run: run.id, slot }, is_picked(state) || filter == Filter::All))
                .collect();
            let expected: Vec<ImageId> = fits.iter().map(|(image, _)| *image).collect();
            let shown: Vec<usize> = (1..).zip(&fits).filter(|(_, (_, shown))| *shown).map(|(count, _)| count).collect();
            let end = shown.get(FIRST - 1).copied();
            assert_eq!(found.images, expected, "{query:?}");
            assert_eq!(first.take(), end.map(|end| expected[..end].to_vec()), "{query:?}");
        }
    }
}

#[test]
fn what_nobody_wants_any_more_is_not_looked_for() {
    let index = index();
    let runs: Vec<Run> = (1..=10).map(|number| run(number, "a fox", vec![stored(); 100])).collect();
    index.put(&runs).unwrap();
    let asked = Cell::new(0);
    let query = Query { words: "fox".to_owned(), ..Query::default() };
    let goes_on = || {
        asked.set(asked.get() + 1);
        asked.get() < 2
    };
    assert_eq!(index.find(&query, |_| (), goes_on).unwrap(), None);
    assert_eq!(asked.get(), 2, "it was left at the second look");
}
