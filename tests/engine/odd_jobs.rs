//! Everything beside generating: pictures on demand, saving, settings, models, the demo endpoint.

use std::path::PathBuf;

use proofsheet::demo::Trouble;
use proofsheet::domain::{
    Draft, Endpoint, FailureKind, Format, ImageId, KeyPlace, Mark, NamePattern, RunId, SaveFormat, Settings,
};
use proofsheet::library::{Library, Places, load_settings};
use proofsheet::media;
use proofsheet::message::{Command, Event, SaveTarget, SavedPicks, Snippet, Unwritten, Wishes};
use serde_json::json;

use super::answers::{item, items, pictures, png};
use super::bench::{Bench, KEY, draft, endpoint, failure};
use super::server::{Door, Reply, Server};

#[test]
fn thumbnails_and_pictures_come_when_they_are_wanted() {
    let server = Server::always(pictures([1, 2]));
    let mut bench = Bench::new();
    let run = bench.generate(&endpoint(&server), &draft(2)).id;
    let image = |slot| ImageId { run, slot };
    let thumbnails = vec![(image(0), 12), (image(1), 12)];
    let wishes = Wishes { thumbnails, pictures: vec![image(1)], ..Wishes::default() };
    bench.give(Command::Want(wishes));
    bench.until(|event| {
        matches!(event, Event::Thumbnail { image: of, asked_pixels: 12, pixels }
            if *of == image(0) && (pixels.width(), pixels.height()) == (12, 8))
    });
    let picture = bench.until(|event| matches!(event, Event::Picture { image: of, .. } if *of == image(1)));
    let Event::Picture { pixels, .. } = picture else { panic!() };
    assert_eq!((pixels.width(), pixels.height()), (24, 16));
    assert_eq!(pixels.bytes()[..4], [2, 0, 0, 255], "the first pixel of picture 2");
    bench.until(|event| matches!(event, Event::Thumbnail { image: of, .. } if *of == image(1)));
}

#[test]
fn what_is_no_picture_is_kept_and_said() {
    let server = Server::always(items(vec![item(b"these bytes are no picture at all")]));
    let mut bench = Bench::new();
    let run = bench.generate(&endpoint(&server), &draft(1));
    if run.stored() == 0 {
        assert_eq!(failure(&run, 0).kind, FailureKind::NotAnImage);
        return;
    }
    assert_eq!(bench.file(run.id, 0), b"these bytes are no picture at all");
    let image = ImageId { run: run.id, slot: 0 };
    bench.give(Command::Want(Wishes { thumbnails: vec![(image, 64)], ..Wishes::default() }));
    let event = bench.until(|event| matches!(event, Event::PictureFailed { .. }));
    let Event::PictureFailed { image: of, failure } = event else { panic!() };
    assert_eq!((of, failure.kind), (image, FailureKind::NotAnImage));
}

#[test]
fn saved_picks_are_the_same_bytes_and_nothing_is_overwritten() {
    let server = Server::always(pictures([1, 2]));
    let mut bench = Bench::new();
    let run = bench.generate(&endpoint(&server), &draft(2)).id;
    let target = bench.folder.path().join("picks");
    std::fs::create_dir(&target).unwrap();
    std::fs::write(target.join("pick 1.png"), "mine").unwrap();
    bench.give(Command::Save {
        images: vec![ImageId { run, slot: 0 }, ImageId { run, slot: 1 }],
        target: SaveTarget::Folder(target.clone()),
        pattern: NamePattern::parse("pick {n}").unwrap(),
        format: SaveFormat::AsReceived,
    });
    let Event::Saved(saved) = bench.until(|event| matches!(event, Event::Saved(_))) else { panic!() };
    assert_eq!((saved.files.len(), saved.failures.len()), (2, 0), "{saved:?}");
    assert_eq!(std::fs::read(&saved.files[0]).unwrap(), png(1));
    assert_eq!(std::fs::read(&saved.files[1]).unwrap(), png(2));
    assert_eq!(std::fs::read(target.join("pick 1.png")).unwrap(), b"mine");
}

#[test]
fn picks_are_saved_in_another_format_and_each_that_cannot_be_is_said() {
    let server = Server::always(items(vec![item(&png(1)), item(b"these bytes are no picture at all")]));
    let mut bench = Bench::new();
    let run = bench.generate(&endpoint(&server), &draft(2)).id;
    let target = bench.folder.path().join("picks");
    let mut save = |format, slots: std::ops::Range<u16>, suffix: &str| {
        bench.give(Command::Save {
            images: slots.map(|slot| ImageId { run, slot }).collect(),
            target: SaveTarget::Folder(target.clone()),
            pattern: NamePattern::parse("pick {n}").unwrap(),
            format,
        });
        let is_it = |saved: &SavedPicks| saved.files.iter().all(|file| file.extension().is_some_and(|is| is == suffix));
        let saved = bench.until(|event| matches!(event, Event::Saved(saved) if is_it(saved)));
        let Event::Saved(saved) = saved else { panic!() };
        saved
    };
    let saved = save(SaveFormat::Jpeg, 0..2, "jpg");
    assert_eq!(
        (saved.files.as_slice(), saved.failures.len()),
        ([target.join("pick 1.jpg")].as_slice(), 1),
        "{saved:?}"
    );
    let jpeg = std::fs::read(&saved.files[0]).unwrap();
    assert_eq!((media::sniff(&jpeg), media::dimensions(&jpeg)), (Format::Jpeg, Some((24, 16))));
    // A PNG that is wanted as one is the file that came.
    let saved = save(SaveFormat::Png, 0..1, "png");
    assert_eq!(std::fs::read(&saved.files[0]).unwrap(), png(1));
    assert_eq!(bench.file(run, 0), png(1), "the library keeps what came");
}

#[test]
fn settings_are_written_and_the_last_ones_win() {
    let bench = Bench::new();
    let places = Places::find(Some(&bench.folder.path().join("home"))).unwrap();
    for points in [100, 200, 300] {
        bench.give(Command::SaveSettings(Box::new(Settings { tile_points: points, ..Settings::default() })));
    }
    assert!(bench.handle.shut_down(std::time::Duration::from_secs(10)));
    assert_eq!(load_settings(&places).0.tile_points, 300);
}

#[test]
fn marks_are_written_soon_without_closing() {
    let server = Server::always(pictures([1]));
    let mut bench = Bench::new();
    let run = bench.generate(&endpoint(&server), &draft(1)).id;
    bench.give(Command::SetMarks(vec![(ImageId { run, slot: 0 }, Mark::Pick)]));
    for _ in 0..500 {
        if bench.kept(run).facts(0).unwrap().mark == Mark::Pick {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    panic!("the mark was not written");
}

#[test]
fn a_mark_that_cannot_be_written_is_told_with_what_is_kept_and_can_be_given_again() {
    let server = Server::always(pictures([1]));
    let mut bench = Bench::new();
    let run = bench.generate(&endpoint(&server), &draft(1)).id;
    let image = ImageId { run, slot: 0 };
    let month = bench.handle.image_path(image).unwrap().ancestors().nth(2).unwrap().to_owned();
    let aside = bench.folder.path().join("aside");
    std::fs::rename(&month, &aside).unwrap();
    bench.give(Command::SetMarks(vec![(image, Mark::Pick)]));
    bench.give(Command::SetMarks(vec![(image, Mark::Reject)]));
    let event = bench.until(|event| matches!(event, Event::Unmarked { .. }));
    let Event::Unmarked { marks, failure } = event else { panic!() };
    assert_eq!(marks, [Unwritten { image, tried: Mark::Reject, kept: Some(Mark::None) }]);
    assert!(failure.sentence.contains("is not there") && !failure.sentence.contains("Preferences"), "{failure:?}");
    std::fs::rename(&aside, &month).unwrap();
    assert_eq!(bench.kept(run).facts(0).unwrap().mark, Mark::None);
    bench.give(Command::SetMarks(vec![(image, Mark::Reject)]));
    for _ in 0..500 {
        if bench.kept(run).facts(0).unwrap().mark == Mark::Reject {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    panic!("the mark was not written");
}

#[test]
fn a_paid_image_whose_run_json_was_broken_waits_until_it_is_put_right() {
    let door = Door::default();
    let server = Server::always(pictures([1]).before(&door));
    let mut bench = Bench::new();
    let run = bench.begin(&endpoint(&server), &draft(1));
    server.wait_for(1);
    let walk = |folder: PathBuf| std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let months = walk(bench.library()).filter(|path| !path.ends_with(".proofsheet"));
    let file = months.flat_map(walk).next().unwrap().join("run.json");
    let whole = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, "oops").unwrap();
    door.open();
    bench.until(|event| *event == Event::Finished { run: run.id });
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "oops", "it is not written over");
    let failed = bench.events.iter().find_map(|event| match event {
        Event::Failed { failure, .. } => Some(failure.clone()),
        _ => None,
    });
    let failure = failed.unwrap();
    assert!(failure.sentence.contains("run.json was altered") && failure.retry_safe, "{failure:?}");
    std::fs::write(&file, whole).unwrap();
    bench.ask(&run, &endpoint(&server), vec![0]);
    bench.until(|event| matches!(event, Event::Stored { .. }));
    assert_eq!((bench.file(run.id, 0), server.posts()), (png(1), 1));
}

#[test]
fn marks_go_to_the_library_they_were_given_in() {
    let server = Server::always(pictures([1]));
    let mut bench = Bench::new();
    let run = bench.generate(&endpoint(&server), &draft(1)).id;
    bench.give(Command::SetMarks(vec![(ImageId { run, slot: 0 }, Mark::Pick)]));
    let other = bench.folder.path().join("other");
    bench.give(Command::OpenLibrary(Some(other.clone())));
    bench.until(|event| matches!(event, Event::LibraryOpened { root, .. } if *root == other));
    assert_eq!(bench.kept(run).facts(0).unwrap().mark, Mark::Pick);
}

#[test]
fn a_library_that_is_opened_again_in_the_middle_of_a_run_loses_nothing() {
    let door = Door::default();
    let server = Server::always(pictures([1]).before(&door));
    let mut bench = Bench::new();
    let run = bench.begin(&endpoint(&server), &draft(1)).id;
    server.wait_for(1);
    for root in [bench.folder.path().join("other"), bench.library()] {
        bench.give(Command::OpenLibrary(Some(root.clone())));
        bench.until(|event| matches!(event, Event::LibraryOpened { root: opened, .. } if *opened == root));
    }
    door.open();
    bench.finished(run);
    bench.give(Command::SetMarks(vec![(ImageId { run, slot: 0 }, Mark::Pick)]));
    let Bench { handle, folder, .. } = bench;
    assert!(handle.shut_down(std::time::Duration::from_secs(10)));
    let (library, _) = Library::open(&folder.path().join("library")).unwrap();
    assert_eq!(library.run(run).unwrap().facts(0).map(|facts| facts.mark), Some(Mark::Pick));
}

#[test]
fn a_library_is_listed_again_after_it_was_closed() {
    let server = Server::always(pictures([1]));
    let mut bench = Bench::new();
    let run = bench.generate(&endpoint(&server), &draft(1));
    bench.events.clear();
    bench.give(Command::OpenLibrary(Some(bench.library())));
    let event = bench.until(|event| matches!(event, Event::LibraryOpened { .. }));
    let Event::LibraryOpened { runs, .. } = event else { panic!() };
    assert_eq!(runs, [run]);
}

#[test]
fn models_are_listed_with_likely_ones_first() {
    let body = json!({"object": "list", "data": [{"id": "gpt-4o"}, {"id": "dall-e-3"}]}).to_string();
    let server = Server::always(Reply::json(200, body));
    let mut bench = Bench::new();
    bench.give(Command::ListModels { endpoint: endpoint(&server), key: None });
    let event = bench.until(|event| matches!(event, Event::Models { .. }));
    let Event::Models { result: Ok(models), .. } = event else { panic!("{event:?}") };
    let ids: Vec<&str> = models.iter().map(|model| model.id.as_str()).collect();
    assert_eq!(ids, ["dall-e-3", "gpt-4o"]);
    let asked = &server.asked()[0];
    assert_eq!((asked.method.as_str(), asked.path.as_str()), ("GET", "/v1/models"));
    assert_eq!(asked.header("authorization"), Some(format!("Bearer {KEY}").as_str()));
}

#[test]
fn the_key_from_the_environment_is_told_and_the_demo_needs_none() {
    let mut bench = Bench::new();
    for (endpoint, place) in [(Endpoint::default(), KeyPlace::Environment), (Endpoint::demo(), KeyPlace::NotNeeded)] {
        bench.give(Command::FindKey(endpoint.name.clone()));
        let event = bench.until(|event| matches!(event, Event::KeyFound { endpoint: of, .. } if *of == endpoint.name));
        assert_eq!(event, Event::KeyFound { endpoint: endpoint.name, place, problem: None });
    }
}

#[test]
fn a_request_can_be_written_down_without_its_key() {
    let mut bench = Bench::new();
    let endpoint = Endpoint::default();
    let run = bench.run(&endpoint, &draft(2));
    bench.give(Command::WriteSnippet { run: Box::new(run), endpoint, snippet: Snippet::Curl });
    let event = bench.until(|event| matches!(event, Event::Snippet(_)));
    let Event::Snippet(text) = event else { panic!() };
    assert!(text.contains("https://ramclouds.me/v1/images/generations") && text.contains("a red fox"), "{text}");
    assert!(!text.contains(KEY), "{text}");
}

#[test]
fn a_failure_of_the_demo_endpoint_calls_it_so() {
    let mut bench = Bench::new();
    let endpoint = Endpoint { requests_at_once: 32, ..Endpoint::demo() };
    let troubles = Trouble::ALL.into_iter().filter(|trouble| *trouble != Trouble::Slow);
    let runs: Vec<RunId> = troubles
        .map(|trouble| {
            let draft = Draft {
                prompt: format!("a fox, {}", trouble.words()),
                model: endpoint.default_model.clone(),
                size: "256x256".to_owned(),
                ..draft(1)
            };
            bench.begin(&endpoint, &draft).id
        })
        .collect();
    for run in runs {
        bench.finished(run);
    }
    let failures = bench.events.iter().filter_map(|event| match event {
        Event::Failed { failure, .. } => Some(failure.sentence.as_str()),
        _ => None,
    });
    let failures: Vec<&str> = failures.collect();
    let named = failures.iter().filter(|sentence| sentence.to_lowercase().contains("the demo endpoint"));
    assert!(named.count() > 10, "{failures:#?}");
    for sentence in failures {
        assert!(!sentence.contains("127.0.0.1") && !sentence.starts_with("the "), "{sentence}");
    }
}

#[test]
fn the_demo_endpoint_starts_when_it_is_first_used_and_only_once() {
    let mut bench = Bench::new();
    let endpoint = Endpoint::demo();
    let draft = Draft { model: endpoint.default_model.clone(), size: "256x256".to_owned(), ..draft(2) };
    let run = bench.generate(&endpoint, &draft);
    assert_eq!(run.stored(), 2, "{run:#?}");
    assert!(run.demo);
    bench.give(Command::ListModels { endpoint: endpoint.clone(), key: None });
    let event = bench.until(|event| matches!(event, Event::Models { .. }));
    assert!(matches!(&event, Event::Models { result: Ok(models), .. } if !models.is_empty()), "{event:?}");
    assert_eq!(bench.count(|event| matches!(event, Event::DemoStarted { .. })), 1);
}
