//! The index after changes is the index made at once.

use proptest::prelude::*;
use rusqlite::types::Value;

use super::super::sample::{all, index, run, stored};
use super::*;
use crate::domain::ImageId;

/// Every table's rows, ids and numbers of place aside: they may differ and mean the same.
fn contents(index: &Index) -> Vec<String> {
    index
        .with("reading", |connection| {
            let mut statement = connection.prepare(
                "SELECT images.run, slot, mark, binned, models.name, endpoints.name, width, height, made_at, prompt, revised, \
                 stamp FROM images JOIN runs ON runs.run = images.run JOIN texts ON texts.id = images.text \
                 JOIN names AS models ON models.id = model JOIN names AS endpoints ON endpoints.id = endpoint \
                 ORDER BY images.id",
            )?;
            let columns = statement.column_count();
            let mut rows = statement.query([])?;
            let mut lines = Vec::new();
            while let Some(row) = rows.next()? {
                let values = (0..columns).map(|column| row.get::<_, Value>(column).map(|value| format!("{value:?}")));
                lines.push(values.collect::<Result<Vec<_>>>()?.join("|"));
            }
            Ok(lines)
        })
        .unwrap()
}

fn reconcile_all(index: &Index, runs: &[Run]) -> std::result::Result<Changes, Failure> {
    let stamps = runs.iter().map(|run| (run.id, Stamp::of(run))).collect();
    index.reconcile(&stamps, |id| runs.iter().find(|run| run.id == id).cloned())
}

fn found(index: &Index, words: &str) -> Vec<ImageId> {
    all(index, words)
}

#[test]
fn every_fact_of_an_image_is_kept() {
    let mut fox = run(7, "a fox", vec![Slot::Waiting, stored()]);
    if let Some(Slot::Stored(facts)) = fox.slots.get_mut(1) {
        facts.mark = Mark::Reject;
        facts.revised_prompt = Some("a red fox".into());
    }
    fox.binned.insert(1);
    let index = index();
    let changes = index.put(&[fox]).unwrap();
    assert_eq!(changes, Changes { runs: 1, images: 1, gone: 0 });
    let line = contents(&index).remove(0);
    for value in [
        "Integer(7)",
        "Integer(1)",
        "Text(\"a fox\")",
        "Text(\"a red fox\")",
        "Integer(2)",
        "Text(\"dall-e-3\")",
        "Text(\"Ramclouds\")",
        "Integer(1024)",
        "Integer(768)",
        "Integer(1795349107123)",
    ] {
        assert!(line.contains(value), "{value} in {line}");
    }
}

#[test]
fn a_run_written_again_is_there_once_and_a_word_that_went_is_not_found() {
    let index = index();
    index.put(&[run(1, "a fox", vec![stored(), stored()])]).unwrap();
    index.put(&[run(1, "a hare", vec![stored()])]).unwrap();
    assert_eq!((found(&index, "fox").len(), found(&index, "hare").len(), found(&index, "").len()), (0, 1, 1));
}

#[test]
fn images_with_the_same_words_share_a_text_and_each_is_found_in_its_place() {
    let rewritten = |text: &str| {
        let Slot::Stored(mut facts) = stored() else { panic!("it is stored") };
        facts.revised_prompt = Some(text.into());
        Slot::Stored(facts)
    };
    let slots = vec![rewritten("red"), Slot::Waiting, rewritten("red"), rewritten("blue"), rewritten("red"), stored()];
    let index = index();
    index.put(&[run(1, "a fox", slots), run(2, "a fox", vec![stored(); 3])]).unwrap();
    let count = |sql: &str| {
        index.with("counting", |connection| connection.query_row(sql, [], |row| row.get::<_, u32>(0))).unwrap()
    };
    assert_eq!([count("SELECT count(*) FROM texts"), count("SELECT count(*) FROM images")], [5, 8]);
    let places = |words: &str| found(&index, words).iter().map(|id| (id.run.number(), id.slot)).collect::<Vec<_>>();
    assert_eq!(places("red"), [(1, 0), (1, 2), (1, 4)]);
    assert_eq!(places("blue"), [(1, 3)]);
    assert_eq!(places("fox"), [(2, 0), (2, 1), (2, 2), (1, 0), (1, 2), (1, 3), (1, 4), (1, 5)]);
    assert_eq!(places("a red fox"), [(1, 0), (1, 2), (1, 4)]);
    index.put(&[run(1, "a hare", vec![stored()])]).unwrap();
    assert_eq!([count("SELECT count(*) FROM texts"), count("SELECT count(*) FROM images")], [2, 4]);
    assert_eq!((places("red"), places("hare")), (vec![], vec![(1, 0)]));
}

#[test]
fn what_did_not_change_is_not_written_and_what_went_is_taken_out() {
    let index = index();
    let mut runs = vec![run(1, "a fox", vec![stored()]), run(2, "a hare", vec![stored()])];
    assert_eq!(reconcile_all(&index, &runs).unwrap(), Changes { runs: 2, images: 2, gone: 0 });
    assert_eq!(reconcile_all(&index, &runs).unwrap(), Changes::default());
    if let Some(Slot::Stored(facts)) = runs[0].slots.get_mut(0) {
        facts.mark = Mark::Pick;
    }
    assert_eq!(reconcile_all(&index, &runs).unwrap(), Changes { runs: 1, images: 1, gone: 0 });
    runs[1].binned.insert(0);
    assert_eq!(reconcile_all(&index, &runs).unwrap(), Changes { runs: 1, images: 1, gone: 0 });
    runs.remove(0);
    assert_eq!(reconcile_all(&index, &runs).unwrap(), Changes { runs: 0, images: 0, gone: 1 });
    assert_eq!(found(&index, "").len(), 1);
}

#[test]
fn older_runs_find_their_place_even_when_the_numbers_run_out() {
    let index = index();
    let first = run(1, "fox", vec![stored()]);
    let last = run(1 << 40, "fox", vec![stored()]);
    index.put(&[first, last]).unwrap();
    // Each goes between the first and the one before: the room between two halves every time.
    let mut numbers: Vec<u64> = vec![1, 1 << 40];
    for step in 1..=60_u64 {
        let number = (1 << 40) - step;
        index.put(&[run(number, "fox", vec![stored(), stored()])]).unwrap();
        numbers.push(number);
    }
    numbers.sort_unstable_by_key(|number| Reverse(*number));
    for words in ["", "fox", "fo"] {
        let mut order: Vec<u64> = found(&index, words).iter().map(|image| image.run.number()).collect();
        order.dedup();
        assert_eq!(order, numbers, "{words:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    /// However it came about, the index is what a rebuild makes of the same runs.
    #[test]
    fn any_way_leads_to_the_same_index(
        steps in proptest::collection::vec((1_u64..6, "[a-c 狐]{0,6}x", 0_usize..4, any::<bool>()), 1..12),
    ) {
        let index = index();
        let mut runs: BTreeMap<u64, Run> = BTreeMap::new();
        for (number, prompt, images, all) in steps {
            let run = run(number, &prompt, vec![stored(); images]);
            runs.insert(number, run.clone());
            if all {
                let runs: Vec<Run> = runs.values().cloned().collect();
                reconcile_all(&index, &runs).unwrap();
            } else {
                index.put(&[run]).unwrap();
            }
        }
        let runs: Vec<Run> = runs.into_values().collect();
        let anew = super::super::sample::index();
        anew.rebuild(&runs).unwrap();
        prop_assert_eq!(contents(&index), contents(&anew));
        for words in ["x", "ab", "abc", "狐", "cx"] {
            prop_assert_eq!(found(&index, words), found(&anew, words));
        }
        index.rebuild(&runs).unwrap();
        prop_assert_eq!(contents(&index), contents(&anew));
    }
}
