//! What Compare means, and what it says when it cannot.

use super::{NOW, image, verb, with_runs};
use crate::domain::Mark;
use crate::message::{Action, Page, Verb};
use crate::state::{Compared, Comparison};

#[test]
fn the_words_say_of_what_and_how_many() {
    let words = |of, count| Comparison { of, count }.words();
    assert_eq!(words(Compared::Picks, 3), "Compare 3 picks");
    assert_eq!(words(Compared::Picks, 1), "Compare 1 pick");
    assert_eq!(words(Compared::Selection, 4), "Compare 4 selected");
    let why_not = |of, count| Comparison { of, count }.why_not().unwrap_or_default();
    assert_eq!(why_not(Compared::Picks, 1), "Pick 2 images or more to compare them");
    assert_eq!(why_not(Compared::Selection, 11), "10 images are the most side by side, and 11 are selected");
    assert_eq!((why_not(Compared::Picks, 2), why_not(Compared::Selection, 10)), (String::new(), String::new()));
}

#[test]
fn the_key_means_the_selection_and_else_the_picks_and_too_many_are_said() {
    let (mut session, runs) = with_runs(&[6, 6]);
    let said = |session: &crate::state::Session| {
        session.notices().shown().iter().map(|notice| notice.text.clone()).collect::<Vec<_>>()
    };
    verb(&mut session, Verb::Survey);
    assert_eq!(session.desk().page(), Page::Sheet);
    assert_eq!(said(&session), ["Pick 2 images or more to compare them"]);
    verb(&mut session, Verb::SelectAll);
    verb(&mut session, Verb::Survey);
    assert_eq!(session.desk().page(), Page::Sheet, "none is left out in silence");
    assert!(said(&session).iter().any(|text| text.ends_with("and 12 are selected")), "{:?}", said(&session));
    for slot in 0..3 {
        session.act(Action::MarkImage(image(runs[0], slot), Mark::Pick), NOW);
    }
    session.act(Action::SelectNone, NOW);
    verb(&mut session, Verb::Survey);
    assert_eq!(session.viewer().survey().len(), 3);
}

#[test]
fn comparing_the_picks_leaves_the_selection_alone() {
    let (mut session, runs) = with_runs(&[6]);
    for slot in 3..5 {
        session.act(Action::MarkImage(image(runs[0], slot), Mark::Pick), NOW);
    }
    let images = (0..3).map(|slot| image(runs[0], slot)).collect::<Vec<_>>();
    session.act(Action::Select { images: images.clone(), add: false }, NOW);
    verb(&mut session, Verb::SurveyPicks);
    assert_eq!(session.viewer().survey(), [image(runs[0], 3), image(runs[0], 4)]);
    verb(&mut session, Verb::Back);
    assert_eq!(session.sheet().selection(), images);
}
