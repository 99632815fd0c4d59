//! Where the key goes, and where it does not: to the endpoint's origin and to nothing else.

use proofsheet::domain::{Failure, FailureKind};
use proofsheet::message::{Command, Event};

use super::bench::{Bench, KEY, at, draft, failure};
use super::fault_server::{Answer, FaultServer, Heard, Play};

fn play(post: Answer, files: Vec<(String, Answer)>) -> Play {
    Play { posts: vec![post], files }
}

fn picture() -> Answer {
    Answer::bytes(200, "image/png", super::answers::png(1))
}

fn answer_at(url: &str) -> Answer {
    Answer::json(200, &format!(r#"{{"data":[{{"url":"{url}"}}]}}"#))
}

#[track_caller]
fn has_no_credential(heard: &[Heard]) {
    for Heard { head } in heard {
        let lower = head.to_lowercase();
        assert!(!head.contains(KEY), "{head}");
        for name in ["authorization", "cookie", "referer", "api-key"] {
            assert!(!lower.contains(&format!("\r\n{name}:")), "{head}");
        }
    }
}

#[test]
fn no_redirect_of_the_api_is_followed_wherever_it_leads() {
    let (server, other) = (FaultServer::start(), FaultServer::start());
    other.play("there", play(Answer::json(200, r#"{"data":[{"b64_json":"@1@"}]}"#), Vec::new()));
    let mut bench = Bench::new();
    let places = [
        format!("http://127.0.0.1:{}/there/v1/images/generations", other.port),
        format!("http://localhost:{}/there/v1/images/generations", other.port),
        format!("http://[::ffff:127.0.0.1]:{}/there/v1/images/generations", other.port),
        format!("//127.0.0.1:{}/there/v1/images/generations", other.port),
        "@HERE@/v1/again".to_owned(),
        "/there/v1/images/generations".to_owned(),
    ];
    let mut number = 0;
    for status in [301, 302, 303, 307, 308] {
        for place in &places {
            let name = format!("case{number}");
            number += 1;
            let base = server.play(&name, play(Answer::page(status, "Moved").header("Location", place), Vec::new()));
            let run = bench.generate(&at(&base), &draft(1));
            assert_eq!(failure(&run, 0).kind, FailureKind::Moved, "{status} to {place}");
            assert_eq!(server.heard(&name).len(), 1, "{status} to {place}");
            assert!(server.heard(&name)[0].head.contains(&format!("uthorization: Bearer {KEY}")));
        }
    }
    assert_eq!(other.heard("there").len() + server.heard("there").len(), 0);
    // The list of models is asked for in the same way.
    let base = server.play(
        "models",
        play(picture(), vec![("/v1/models".to_owned(), Answer::page(307, "Moved").header("Location", &places[0]))]),
    );
    let failure = models(&mut bench, &base).unwrap_err();
    assert_eq!(failure.kind, FailureKind::Moved);
    assert_eq!(other.heard("there").len(), 0);
}

fn models(bench: &mut Bench, base: &str) -> Result<Vec<String>, Failure> {
    bench.events.clear();
    bench.give(Command::ListModels { endpoint: at(base), key: None });
    let event = bench.until(|event| matches!(event, Event::Models { .. }));
    let Event::Models { result, .. } = event else { panic!("{event:?}") };
    result.map(|models| models.into_iter().map(|model| model.id).collect())
}

#[test]
fn a_list_of_models_that_does_not_come_says_why() {
    let server = FaultServer::start();
    let mut bench = Bench::new();
    let error = |status, code: &str| Answer::json(status, &format!(r#"{{"error":{{"message":"m","code":"{code}"}}}}"#));
    for (number, (answer, kind)) in [
        (Answer::page(404, "Not Found"), FailureKind::WrongAddress),
        (error(401, "invalid_api_key"), FailureKind::KeyRejected),
        (error(501, "api_not_implemented"), FailureKind::Unsupported),
        (Answer::page(200, "One API"), FailureKind::WrongAddress),
        (Answer::json(200, r#"{"success":false,"message":"无效的令牌"}"#), FailureKind::KeyRejected),
        (Answer::json(200, ""), FailureKind::BadAnswer),
        (Answer::json(200, r#"{"object":"list"}"#), FailureKind::BadAnswer),
        (Answer::json(200, &"[".repeat(100_000)), FailureKind::BadAnswer),
        (Answer::bytes(200, "text/plain", "no models today"), FailureKind::BadAnswer),
        (Answer::page(502, "Bad Gateway"), FailureKind::ServerError),
    ]
    .into_iter()
    .enumerate()
    {
        let base = server.play(&format!("m{number}"), play(picture(), vec![("/v1/models".to_owned(), answer)]));
        let failure = models(&mut bench, &base).unwrap_err();
        assert_eq!(failure.kind, kind, "74, answer {number}: {failure:?}");
        assert!(!failure.maybe_billed && !failure.sentence.contains("charged"), "a list costs nothing: {failure:?}");
    }
    let list = Answer::json(200, r#"{"data":[{"id":"[plus]即梦"},{"id":7},null,{"id":"sk-test-0123456789abcdef"}]}"#);
    let base = server.play("odd", play(picture(), vec![("/v1/models".to_owned(), list)]));
    assert_eq!(
        models(&mut bench, &base),
        Ok(vec!["[plus]即梦".to_owned()]),
        "odd items are no models, and a key is none"
    );
}

#[test]
fn image_hosts_get_no_credential_even_at_the_endpoint_and_behind_redirects() {
    let (server, host) = (FaultServer::start(), FaultServer::start());
    let mut bench = Bench::new();
    let files = vec![("/b.png".to_owned(), picture())];
    let away =
        Answer::page(302, "x").header("Location", &format!("http://user:word@127.0.0.1:{}/host/b.png", host.port));
    host.play("host", play(picture(), files.clone()));
    for (number, (url, file)) in [
        ("@HERE@/b.png".to_owned(), picture()),
        (format!("http://localhost:{}/host/b.png", host.port), picture()),
        (format!("http://me:secret@127.0.0.1:{}/host/b.png", host.port), picture()),
        ("@HERE@/b.png".to_owned(), away),
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("case{number}");
        let base = server.play(&name, play(answer_at(&url), vec![("/b.png".to_owned(), file)]));
        let run = bench.generate(&at(&base), &draft(1));
        assert_eq!(run.stored(), 1, "{url}: {run:?}");
        let heard = server.heard(&name);
        let (posts, gets): (Vec<Heard>, Vec<Heard>) = heard.into_iter().partition(Heard::is_post);
        assert_eq!(posts.len(), 1);
        has_no_credential(&gets);
    }
    assert_eq!(host.heard("host").len(), 3);
    has_no_credential(&host.heard("host"));
}
