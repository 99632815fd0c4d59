//! Files that vanish while the window is open: told when they are read or saved, and only then.

use std::path::PathBuf;

use proofsheet::domain::{Failure, ImageId, NamePattern, Query, Run, SaveFormat, Slot};
use proofsheet::library::check;
use proofsheet::message::{Command, Event, SaveTarget, Wishes};

use super::answers::pictures;
use super::bench::{Bench, draft, endpoint};
use super::server::Server;

/// A run of two images, and the file of the first.
fn two() -> (Bench, Run, PathBuf) {
    let server = Server::always(pictures([1, 2]));
    let mut bench = Bench::new();
    let run = bench.generate(&endpoint(&server), &draft(2));
    let file = bench.handle.image_path(ImageId { run: run.id, slot: 0 }).unwrap();
    (bench, run, file)
}

#[track_caller]
fn told(bench: &mut Bench, image: ImageId) -> Failure {
    let event = bench.until(|event| matches!(event, Event::Failed { image: of, .. } if *of == image));
    let Event::Failed { failure, .. } = event else { panic!() };
    failure
}

#[test]
fn a_file_that_went_is_missing_when_it_is_shown_and_back_after_the_next_start() {
    let (mut bench, run, file) = two();
    let image = ImageId { run: run.id, slot: 0 };
    let query = Query { words: "fox".to_owned(), ..Query::default() };
    bench.give(Command::Find { number: 1, query: Some(Box::new(query)) });
    let aside = bench.folder.path().join("aside.png");
    std::fs::rename(&file, &aside).unwrap();
    bench.give(Command::Want(Wishes { thumbnails: vec![(image, 64)], ..Wishes::default() }));
    let failure = told(&mut bench, image);
    assert!(failure.is_missing_file() && failure.sentence.contains("Put it back"), "{failure:?}");
    // It is not found any more either.
    bench.until(|event| {
        matches!(event, Event::Found { number: 1, found }
        if found.tallies.is_some() && found.images == [ImageId { run: run.id, slot: 1 }])
    });
    assert!(!check(&bench.library()).is_clean(), "nothing was written: the record still names it");
    std::fs::rename(&aside, &file).unwrap();
    assert!(check(&bench.library()).is_clean());
    assert_eq!(bench.kept(run.id), run, "what is opened next has it again");
}

#[test]
fn a_file_that_went_is_missing_when_it_is_saved_and_the_others_are_saved() {
    let (mut bench, run, file) = two();
    std::fs::remove_file(&file).unwrap();
    let target = bench.folder.path().join("picks");
    bench.give(Command::Save {
        images: run.image_ids().collect(),
        target: SaveTarget::Folder(target.clone()),
        pattern: NamePattern::parse("pick {n}").unwrap(),
        format: SaveFormat::AsReceived,
    });
    let Event::Saved(saved) = bench.until(|event| matches!(event, Event::Saved(_))) else { panic!() };
    assert_eq!((saved.files, saved.failures.len()), (vec![target.join("pick 2.png")], 1));
    assert!(told(&mut bench, ImageId { run: run.id, slot: 0 }).is_missing_file());
    assert_eq!(bench.count(|event| matches!(event, Event::Failed { .. })), 1, "the other is there");
}

#[test]
fn with_the_whole_folder_away_no_image_is_called_missing() {
    let (mut bench, run, _) = two();
    let image = ImageId { run: run.id, slot: 0 };
    std::fs::rename(bench.library(), bench.folder.path().join("unplugged")).unwrap();
    bench.give(Command::Want(Wishes { thumbnails: vec![(image, 64)], ..Wishes::default() }));
    bench.until(|event| matches!(event, Event::PictureFailed { .. }));
    std::fs::rename(bench.folder.path().join("unplugged"), bench.library()).unwrap();
    assert_eq!(bench.count(|event| matches!(event, Event::Failed { .. })), 0);
    assert!(matches!(bench.kept(run.id).slots[0], Slot::Stored(_)));
}

#[test]
fn a_file_that_was_changed_here_says_so_and_is_not_blamed_on_the_server() {
    let (mut bench, run, file) = two();
    std::fs::write(&file, b"none").unwrap();
    let image = ImageId { run: run.id, slot: 0 };
    for wishes in [
        Wishes { thumbnails: vec![(image, 64)], ..Wishes::default() },
        Wishes { pictures: vec![image], ..Wishes::default() },
    ] {
        bench.give(Command::Want(wishes));
        let Event::PictureFailed { failure, .. } = bench.until(|event| matches!(event, Event::PictureFailed { .. }))
        else {
            panic!()
        };
        assert!(failure.sentence.starts_with("The file was changed or damaged on this computer"), "{failure:?}");
    }
}
