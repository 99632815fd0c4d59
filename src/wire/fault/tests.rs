//! Failing answers of every shape, and the failure each must end in.

mod rows;

use FailureKind::*;
use rows::{APP, NGINX, ROWS};

use super::*;
use crate::domain::{BaseUrl, Secret};

const KEY: &str = "sk-canary-0123456789abcdef";

fn question() -> Question {
    Question {
        base: BaseUrl::parse("https://gateway.example/v1").unwrap(),
        key: Some(Secret::new(KEY)),
        model: "dall-e-3".to_owned(),
        images: 1,
    }
}

fn answer(status: u16, body: &str) -> Answer {
    Answer { status, body: body.to_owned(), ..Answer::default() }
}

#[test]
fn every_case_ends_in_its_sentence() {
    for (number, status, body, kind, billed, words) in ROWS {
        let mut answer = answer(*status, body);
        answer.location = Some("https://new.example/v1/images/generations?token=secret".to_owned());
        answer.waited = Some(Duration::from_secs(61));
        answer.retry_after = (*number == 56).then(|| Duration::from_secs(20));
        let fault = fault(&answer, &question());
        let failure = &fault.failure;
        assert_eq!(failure.kind, *kind, "row {number}: {failure:?}");
        let is_safe = !*billed && !kind.needs_change();
        assert_eq!((failure.maybe_billed, failure.retry_safe), (*billed, is_safe), "row {number}: {failure:?}");
        assert!(!failure.sentence.contains(".”."), "row {number}: {}", failure.sentence);
        assert!(failure.sentence.contains(words), "row {number}: {}", failure.sentence);
        let charge = if *billed { "It may have been charged." } else { "Nothing was charged." };
        assert!(failure.sentence.contains(charge), "row {number}: {}", failure.sentence);
        assert!(!format!("{fault:?}").contains("canar"), "row {number}: {fault:?}");
        assert!(!failure.sentence.contains("secret"), "row {number}");
        assert!(failure.server_words.as_ref().is_none_or(|words| !words.contains('<')), "row {number}: {fault:?}");
        assert_eq!(fault.retry_after.is_some(), *number == 56);
    }
}

/// Found by fuzzing.
#[test]
fn a_text_that_also_says_busy_sends_nothing_again() {
    let fault = fault(&answer(200, "Unknown parameter: 'style', still loading."), &question());
    assert!(fault.failure.maybe_billed && fault.unknown_parameter.is_none(), "{fault:?}");
}

#[test]
fn the_servers_own_words_are_kept() {
    let body = r#"{"error":{"message":"当前分组上游负载已饱和，请稍后再试 (request id: 7)","type":"new_api_error"}}"#;
    let failure = fault(&answer(429, body), &question()).failure;
    let want = "当前分组上游负载已饱和，请稍后再试 (request id: 7) (type: new_api_error)";
    assert_eq!(failure.server_words.as_deref(), Some(want));
    assert_eq!(fault(&answer(502, NGINX), &question()).failure.server_words.as_deref(), Some("504 Gateway Time-out"));
    let long = fault(&answer(500, &"狐".repeat(100_000)), &question()).failure.server_words.unwrap();
    assert!(long.len() <= 2048 && long.ends_with('…'));
}

#[test]
fn a_key_in_the_answer_is_never_repeated() {
    for body in [
        format!(r#"{{"error":{{"message":"bad key {KEY}","code":"{KEY}","param":"{KEY}"}}}}"#),
        format!("<title>{KEY}</title>"),
        format!("plain {KEY} text"),
        format!(r#"{{"error":{{"message":"x{}","type":"{KEY}"}}}}"#, KEY.repeat(500)),
    ] {
        for status in [200, 400, 401, 403, 404, 429, 500, 503] {
            let fault = fault(&answer(status, &body), &question());
            assert!(!format!("{fault:?}").contains("canary"), "{status}: {fault:?}");
        }
    }
}

#[test]
fn the_engine_learns_what_to_leave_out() {
    let unknown = r#"{"error":{"message":"Unknown parameter: 'style'.","param":"style","code":"unknown_parameter"}}"#;
    assert_eq!(fault(&answer(400, unknown), &question()).unknown_parameter, Some("style"));
    assert_eq!(fault(&answer(200, unknown), &question()).unknown_parameter, Some("style"));
    assert_eq!(fault(&answer(500, unknown), &question()).unknown_parameter, None);
    let many = Question { images: 4, ..question() };
    for body in [
        r#"{"error":{"message":"Unknown parameter: 'tools[0].n'.","param":"tools[0].n"}}"#,
        r#"{"error":{"message":"You must provide n=1 for this model.","code":"invalid_value"}}"#,
    ] {
        let fault = fault(&answer(400, body), &many);
        assert!(fault.one_image_only && fault.unknown_parameter.is_none(), "{body}");
        assert_eq!(fault.failure.kind, InvalidRequest);
    }
}

#[test]
fn midjourney_is_said_not_to_be_on_this_path() {
    for model in ["midjourney", "mj_imagine", "vendor/Midjourney-v7"] {
        let question = Question { model: model.to_owned(), ..question() };
        for (status, body) in [
            (400, r#"{"error":{"message":"unsupported"}}"#),
            (404, r#"{"error":{"message":"Invalid URL"}}"#),
            (503, r#"{"error":{"message":"overloaded"}}"#),
            (503, r#"{"error":{"message":"无可用渠道"}}"#),
        ] {
            let failure = fault(&answer(status, body), &question).failure;
            assert_eq!(failure.kind, ModelUnavailable, "{model} {status}");
            assert!(failure.sentence.contains("not served on /images/generations"), "{}", failure.sentence);
        }
        let failure =
            fault(&answer(429, r#"{"error":{"message":"m","code":"insufficient_quota"}}"#), &question).failure;
        assert_eq!(failure.kind, NoCredit);
    }
    let question = Question { model: "stable-diffusion-xl".to_owned(), ..question() };
    let failure = fault(&answer(404, r#"{"error":{"code":"model_not_found","message":"m"}}"#), &question).failure;
    assert!(failure.sentence.contains("stable-diffusion-xl on /images/generations"), "{}", failure.sentence);
}

#[test]
fn without_a_key_the_key_is_what_is_missing() {
    let question = Question { key: None, ..question() };
    let rejected = r#"{"error":{"message":"m","code":"invalid_api_key"}}"#;
    assert_eq!(fault(&answer(401, rejected), &question).failure.kind, KeyMissing);
    assert_eq!(fault(&answer(401, ""), &question).failure.kind, KeyMissing);
    let failure = fault(&answer(500, "Internal Server Error"), &question).failure;
    assert!(failure.kind == ServerError && failure.sentence.contains("no key is set"), "{failure:?}");
}

#[test]
fn an_address_without_v1_is_told_to_try_it() {
    let question = Question { base: BaseUrl::parse("https://gateway.example/api").unwrap(), ..question() };
    let failure = fault(&answer(200, APP), &question).failure;
    assert!(failure.sentence.contains("Try https://gateway.example/v1"), "{}", failure.sentence);
}

#[test]
fn a_list_of_models_costs_nothing() {
    let question = Question::about_models(BaseUrl::parse("https://gateway.example/v1").unwrap(), None);
    let failure = fault(&answer(504, NGINX), &question).failure;
    assert!(failure.retry_safe && !failure.maybe_billed && !failure.sentence.contains("charged"), "{failure:?}");
}
