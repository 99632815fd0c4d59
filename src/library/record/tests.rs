//! The file of version 1, and every run through it and back.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::super::schema;
use super::*;
use crate::domain::{ResponseFormat, Size};

const VERSION_1: &[u8] = include_bytes!("../../../tests/fixtures/library/run-v1.json");
const VERSION_2: &[u8] = include_bytes!("../../../tests/fixtures/library/run-v2.json");

#[test]
fn version_1_is_read_for_ever() {
    let run = schema::parse(VERSION_1).unwrap().run().unwrap();
    assert_eq!(run.id.number(), 0x0065_f3b2_c0e4_a000);
    assert_eq!(run.made_at, Timestamp(1_795_349_107_123));
    assert_eq!(run.request.size, Some(Size::Exact { width: 1024, height: 1024 }));
    assert_eq!(run.request.left_out, ["style"]);
    assert_eq!(run.model_answered.as_deref(), Some("dall-e-3-0924"));
    assert_eq!(
        run.facts(0).map(|facts| (facts.mark, facts.format, facts.took_millis)),
        Some((Mark::Pick, Format::Png, 8_900))
    );
    assert!(
        matches!(&run.slots[1], Slot::Failed(failure) if failure.kind == FailureKind::NoCredit && failure.retry_safe)
    );
    assert_eq!(run.slots[2], Slot::Waiting);
}

#[test]
fn version_2_knows_the_bin() {
    let run = schema::parse(VERSION_2).unwrap().run().unwrap();
    assert_eq!(run.binned.iter().copied().collect::<Vec<_>>(), [0, 1, 3]);
    assert_eq!(schema::parse(VERSION_1).unwrap().run().unwrap().binned, BTreeSet::new());
}

#[test]
fn a_file_written_back_is_the_same_file() {
    for file in [VERSION_1, VERSION_2] {
        let text = schema::parse(file).unwrap().text().unwrap();
        assert_eq!(String::from_utf8(text).unwrap(), String::from_utf8(file.to_vec()).unwrap());
    }
}

#[test]
fn a_new_run_is_written_in_the_same_words() {
    let mut known = schema::parse(VERSION_2).unwrap();
    known.extra.clear();
    known.request.extra.clear();
    for image in &mut known.images {
        if let ImageRecord::Stored(stored) = image {
            stored.extra.clear();
        }
        image.set_bin(None);
    }
    let file = |image: &ImageRecord| match image {
        ImageRecord::Stored(stored) => (stored.file.clone(), stored.sha256.clone()),
        _ => (String::new(), String::new()),
    };
    let files: Vec<(String, String)> = known.images.iter().map(file).collect();
    assert_eq!(RunRecord::stored(&known.run().unwrap(), &files), known);
}

#[test]
fn what_is_no_run_says_why() {
    let good = String::from_utf8(VERSION_1.to_vec()).unwrap();
    let check = |what: &str, with: &str, says: &str| {
        assert!(good.contains(what), "{what}");
        let text = good.replacen(what, with, 1);
        let why = schema::parse(text.as_bytes()).and_then(|record| record.run()).expect_err(with);
        assert!(why.contains(says), "{why:?} must say {says:?}");
    };
    check("\"format\": 1", "\"format\": 0", "format");
    check("\"format\": 1,", "", "format");
    check("0065f3b2c0e4a000", "no id", "id");
    check("2026-11-22T12:05:07.123Z", "yesterday", "made_at");
    check("\"Ramclouds\"", "\"\"", "endpoint");
    check("a lighthouse at dusk", "  ", "prompt");
    check("\"images\": 3", "\"images\": 11", "1 to 10");
    check("\"state\": \"waiting\"", "\"state\": \"dreaming\"", "dreaming");
    check("\"demo\": false", "\"demo\": false, \"demo\": true", "duplicate");
    for text in ["", "{", "[]", "null", "\u{0}", "{}{}"] {
        assert!(schema::parse(text.as_bytes()).is_err(), "{text:?}");
    }
    let deep = format!("{{\"format\":1,\"x\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert!(schema::parse(deep.as_bytes()).is_err());
}

#[test]
fn a_newer_version_is_told_apart() {
    let newer = String::from_utf8(VERSION_1.to_vec()).unwrap().replacen("\"format\": 1", "\"format\": 3", 1);
    assert!(schema::parse(newer.as_bytes()).unwrap().is_newer());
    assert_eq!(schema::parse(b"{\"format\": 3, \"all\": \"else\"}"), Err(schema::newer_sentence()));
}

#[test]
fn a_hundred_thousand_unknown_fields_are_kept() {
    let mut value: serde_json::Value = serde_json::from_slice(VERSION_1).unwrap();
    let fields = value.as_object_mut().unwrap();
    for number in 0..100_000 {
        fields.insert(format!("field {number}"), number.into());
    }
    let record = schema::parse(&serde_json::to_vec(&value).unwrap()).unwrap();
    let written: serde_json::Value = serde_json::from_slice(&record.text().unwrap()).unwrap();
    assert_eq!(written, value);
}

#[test]
fn words_from_tomorrow_are_shown_plainly_and_kept() {
    let text = String::from_utf8(VERSION_1.to_vec()).unwrap();
    let text = text.replace("\"picked\"", "\"adored\"").replace("\"no_credit\"", "\"gone_fishing\"");
    let record = schema::parse(text.as_bytes()).unwrap();
    let run = record.run().unwrap();
    assert_eq!(run.facts(0).unwrap().mark, Mark::None);
    assert!(matches!(&run.slots[1], Slot::Failed(failure) if failure.kind == FailureKind::ServerError));
    assert_eq!(String::from_utf8(record.text().unwrap()).unwrap(), text);
}

fn moments() -> impl Strategy<Value = Timestamp> {
    // To the end of the year 9998.
    (0_u64..253_370_764_800_000).prop_map(Timestamp)
}

fn words() -> impl Strategy<Value = String> {
    "\\PC{0,40}|[\\x00-\\x7f]{0,40}"
}

fn slots() -> impl Strategy<Value = Slot> {
    let facts = (any::<(u64, u32, u32, u64)>(), 0_usize..7, proptest::option::of(words()), (0_usize..3, moments()));
    let facts = facts.prop_map(|((size_bytes, width, height, took_millis), format, revised_prompt, rest)| {
        const FORMATS: [Format; 7] =
            [Format::Png, Format::Jpeg, Format::Webp, Format::Gif, Format::Avif, Format::Svg, Format::Unknown];
        let (mark, made_at) = ([Mark::None, Mark::Pick, Mark::Reject][rest.0], rest.1);
        let format = FORMATS[format];
        Slot::Stored(ImageFacts {
            size_bytes,
            width,
            height,
            format,
            revised_prompt: revised_prompt.map(Arc::from),
            mark,
            made_at,
            took_millis,
        })
    });
    let told = || proptest::option::of(words());
    let failure = (0..FailureKind::ALL.len(), words(), told(), told(), any::<(bool, bool)>());
    let failure = failure.prop_map(|(kind, sentence, server_words, detail, (retry_safe, maybe_billed))| {
        let kind = FailureKind::ALL[kind];
        Slot::Failed(Failure { kind, sentence, server_words, detail, retry_safe, maybe_billed }.into())
    });
    prop_oneof![Just(Slot::Waiting), facts, failure]
}

fn requests() -> impl Strategy<Value = Request> {
    let size = prop_oneof![
        Just(Size::Auto),
        (1_u32..65_536, 1_u32..65_536).prop_map(|(width, height)| Size::Exact { width, height })
    ];
    let names = (words(), "\\PC{1,30}").prop_filter_map("empty", |(prompt, model)| {
        Some((Prompt::new(&format!("a {prompt}"))?, ModelId::new(&model)?))
    });
    let options = (proptest::option::of(size), proptest::option::of(words()), proptest::option::of(words()));
    let rest = (1_u32..11, 0_u8..3, 1_u8..11, any::<bool>(), proptest::collection::vec(words(), 0..3));
    (names, options, rest).prop_map(
        |((prompt, model), (size, quality, style), (images, format, per_call, always, left_out))| Request {
            prompt,
            model,
            size,
            quality,
            style,
            images: Count::new(images).unwrap(),
            response_format: [None, Some(ResponseFormat::Url), Some(ResponseFormat::B64Json)][usize::from(format)],
            per_call,
            send_count: if always { SendCount::Always } else { SendCount::WhenMany },
            left_out,
        },
    )
}

proptest! {
    #[test]
    fn every_run_survives_its_file(
        number in any::<u64>(),
        request in requests(),
        endpoint in "[a-zA-Z狐 ]{0,20}x",
        demo in any::<bool>(),
        made_at in moments(),
        model_answered in proptest::option::of(words()),
        notes in proptest::collection::vec(words(), 0..3),
        slots in proptest::collection::vec(slots(), 0..12),
    ) {
        let endpoint = EndpointName::new(&endpoint).unwrap();
        let (id, request, model_answered) = (RunId::from_number(number), request.into(), model_answered.map(Arc::from));
        let run = Run { id, request, endpoint, demo, made_at, model_answered, notes, slots, binned: BTreeSet::new() };
        let files = vec![("1.png".to_owned(), "0".repeat(64)); run.slots.len()];
        let text = RunRecord::stored(&run, &files).text().unwrap();
        prop_assert_eq!(schema::parse(&text).unwrap().run().unwrap(), run);
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        drop(schema::parse(&bytes).map(|record| record.run()));
    }

    #[test]
    fn no_changed_byte_makes_the_reader_panic(place in 0..VERSION_1.len(), byte in any::<u8>()) {
        let mut bytes = VERSION_1.to_vec();
        bytes[place] = byte;
        drop(schema::parse(&bytes).map(|record| record.run()));
    }
}
