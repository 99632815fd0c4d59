//! What is found, and what is not.

use super::super::sample::{index, run, stored};
use super::*;

/// An index of these prompts, oldest first, each a run of one image.
fn of(prompts: &[&str]) -> Index {
    let index = index();
    let runs: Vec<_> = (1..).zip(prompts).map(|(number, prompt)| run(number, prompt, vec![stored()])).collect();
    index.put(&runs).unwrap();
    index
}

/// The numbers of the runs found, newest first.
fn found(index: &Index, words: &str) -> Vec<u64> {
    let query = Query { words: words.to_owned(), most: None };
    index.find(&query).unwrap().images.iter().map(|image| image.run.number()).collect()
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
    check("จิ้งจอก", &[3]);
    check("여우", &[4]);
    check("여", &[4]);
}

#[test]
fn whatever_is_typed_is_only_words() {
    let index = of(&["a \"red\" fox", "50% off* (new) -- AND OR NOT"]);
    let check = |words: &str, runs: &[u64]| assert_eq!(found(&index, words), runs, "{words:?}");
    check("\"red\"", &[1]);
    check("\"", &[2, 1]);
    check("*", &[2, 1]);
    check("and or not", &[2]);
    check("prompt:fox", &[]);
    check("fox)", &[]);
    check("NEAR(a b)", &[]);
    check("'; DROP TABLE images; --", &[]);
    check("50%", &[2]);
    assert_eq!(found(&index, &"fox ".repeat(500)), [1]);
}

#[test]
fn revised_prompts_and_models_are_looked_through_image_by_image() {
    let index = index();
    let mut second = stored();
    if let crate::domain::Slot::Stored(facts) = &mut second {
        facts.revised_prompt = Some("a tall white lighthouse".to_owned());
    }
    index.put(&[run(1, "a fox", vec![stored(), second])]).unwrap();
    let query = |words: &str| index.find(&Query { words: words.to_owned(), most: None }).unwrap().images;
    assert_eq!(query("light").iter().map(|image| image.slot).collect::<Vec<_>>(), [1]);
    assert_eq!(query("dall").len(), 2);
}

#[test]
fn the_newest_come_first_and_no_more_than_asked() {
    let index = index();
    let runs: Vec<_> = [5, 900, 17].map(|number| run(number, "a fox", vec![stored(), stored(), stored()])).into();
    index.put(&runs).unwrap();
    for words in ["fox", "a", ""] {
        let found = index.find(&Query { words: words.to_owned(), most: Some(4) }).unwrap();
        let ids: Vec<(u64, u16)> = found.images.iter().map(|image| (image.run.number(), image.slot)).collect();
        assert_eq!(ids, [(900, 0), (900, 1), (900, 2), (17, 0)], "{words:?}");
    }
}
