//! Images fetched by their address, or rightly not.

use std::time::Duration;

use super::super::client::ClientOptions;
use super::super::loopback::{Loopback, Step, answer, header};
use super::*;
use crate::domain::{BaseUrl, Secret};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nrest";

fn client() -> Client {
    Client::new(&ClientOptions { idle_limit: Duration::from_millis(300), ..ClientOptions::default() }).unwrap()
}

fn picture() -> Vec<Step> {
    answer("200 OK", "Content-Type: image/png\r\n", PNG)
}

fn url(server: &Loopback, path: &str) -> Url {
    Url::parse(&format!("http://127.0.0.1:{}{path}", server.port)).unwrap()
}

const KEY: &str = "placeholder-key";

fn asked(base: BaseUrl) -> Question {
    Question { base, key: Some(Secret::new(KEY)), model: "m".to_owned(), images: 1 }
}

/// Of a public endpoint whose name is never asked for in these tests.
fn far() -> Question {
    asked(BaseUrl::parse("https://8.8.8.8/v1").unwrap())
}

#[tokio::test]
async fn an_image_is_fetched_without_any_credential() {
    let server = Loopback::serve(vec![picture()]).await;
    let mut url = url(&server, "/files/a.png?sig=1");
    url.set_username("me").unwrap();
    url.set_password(Some("pw")).unwrap();
    assert_eq!(client().download(&url, &asked(server.base())).await.unwrap(), PNG);
    let request = server.requests().remove(0);
    assert!(request.starts_with("GET /files/a.png?sig=1 HTTP/1.1"), "{request}");
    for name in ["authorization", "cookie", "referer"] {
        assert_eq!(header(&request, name), None);
    }
}

#[tokio::test]
async fn the_key_inside_an_address_goes_to_the_endpoint_only_and_is_masked_in_answers() {
    let server = Loopback::serve(vec![picture(), answer("403 No", "", format!("not with {KEY}"))]).await;
    let own = url(&server, &format!("/a.png?key={KEY}"));
    assert_eq!(client().download(&own, &asked(server.base())).await.unwrap(), PNG);
    let failure = client().download(&own, &asked(server.base())).await.unwrap_err();
    assert_eq!(failure.server_words.as_deref(), Some("not with [key]"));

    let host = Loopback::serve(vec![picture()]).await;
    let away = url(&host, &format!("/a.png?key={KEY}"));
    let failure = client().download(&away, &asked(server.base())).await.unwrap_err();
    assert!(failure.sentence.contains("would carry the key"), "{}", failure.sentence);
    let hop = answer("302 Found", &format!("Location: {away}\r\n"), "");
    let server = Loopback::serve(vec![hop]).await;
    let failure = client().download(&url(&server, "/a"), &asked(server.base())).await.unwrap_err();
    assert!(failure.sentence.contains("would carry the key"), "{}", failure.sentence);
    assert_eq!(host.requests().len(), 0);
}

#[tokio::test]
async fn data_addresses_are_decoded_here() {
    let data = Url::parse("data:image/png;base64,QUJD").unwrap();
    assert_eq!(client().download(&data, &far()).await.unwrap(), b"ABC");
    let bad = Url::parse("data:image/png;base64,*").unwrap();
    assert_eq!(client().download(&bad, &far()).await.unwrap_err().kind, FailureKind::DownloadFailed);
}

#[tokio::test]
async fn a_few_redirects_are_followed() {
    let hop = |to: &str| answer("302 Found", &format!("Location: {to}\r\n"), "");
    let server = Loopback::serve(vec![hop("/b"), hop("c"), picture()]).await;
    assert_eq!(client().download(&url(&server, "/a"), &asked(server.base())).await.unwrap(), PNG);
    assert_eq!(server.requests().len(), 3);
    let server = Loopback::serve(vec![hop("/again")]).await;
    assert_eq!(
        client().download(&url(&server, "/a"), &asked(server.base())).await.unwrap_err().kind,
        FailureKind::DownloadFailed
    );
    assert_eq!(server.requests().len(), REDIRECTS + 1);
    let server = Loopback::serve(vec![hop("file:///etc/passwd")]).await;
    let failure = client().download(&url(&server, "/a"), &asked(server.base())).await.unwrap_err();
    assert!(failure.sentence.contains("neither http nor https"), "{}", failure.sentence);
}

#[tokio::test]
async fn private_places_are_refused_to_public_endpoints() {
    let server = Loopback::serve(vec![picture()]).await;
    for host in [
        "127.0.0.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "127.1",
        "0.0.0.0",
        "localhost",
        "localhost.",
        "a.localhost",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "169.254.169.254",
    ] {
        let url = Url::parse(&format!("http://{host}:{}/a.png", server.port)).unwrap();
        let missed = client().follow(&url, &far(), false).await.err().unwrap();
        assert_eq!((missed.failure.kind, missed.next), (FailureKind::DownloadFailed, Next::Endpoint), "{host}");
        assert!(missed.failure.sentence.contains("private network"), "{}", missed.failure.sentence);
        assert!(missed.failure.maybe_billed);
    }
    assert_eq!(server.requests().len(), 0);
}

#[tokio::test]
async fn a_redirect_into_a_private_place_is_not_followed() {
    let inside = Loopback::serve(vec![picture()]).await;
    for host in ["127.0.0.1", "localhost", "2130706433", "[::ffff:127.0.0.1]"] {
        let hop = format!("Location: http://{host}:{}/x.png\r\n", inside.port);
        // The first step is to the endpoint's own origin, which is always open; the second is not.
        let server = Loopback::serve(vec![answer("302 Found", &hop, "")]).await;
        let missed = client().follow(&url(&server, "/a"), &asked(server.base()), false).await.err().unwrap();
        assert!(missed.failure.sentence.contains("private network"), "{host}: {}", missed.failure.sentence);
        assert_eq!(server.requests().len(), 1);
    }
    assert_eq!(inside.requests().len(), 0);
}

#[tokio::test]
async fn a_name_that_resolves_to_this_computer_is_refused() {
    // `localhost` is caught as written, so the resolver is asked behind that check.
    let server = Loopback::serve(vec![picture()]).await;
    let client = client();
    let url = Url::parse(&format!("http://localhost:{}/", server.port)).unwrap();
    let _watched = client.guard().watch(&url);
    let error = client.way(Way::Images).unwrap().get(url).send().await.unwrap_err();
    assert!(is_private_answer(&error), "{error:?}");
    assert_eq!(server.requests().len(), 0);
}

#[tokio::test]
async fn a_host_only_the_server_knows_is_tried_at_the_endpoint() {
    let server = Loopback::serve(vec![picture()]).await;
    let closed = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap().local_addr().unwrap().port();
    let url = Url::parse(&format!("http://127.0.0.1:{closed}/generated-images/x.png?y=1")).unwrap();
    assert_eq!(client().download(&url, &asked(server.base())).await.unwrap(), PNG);
    assert!(server.requests()[0].starts_with("GET /generated-images/x.png?y=1 "));
}

#[tokio::test]
async fn what_may_help_is_tried_again_and_the_rest_is_not() {
    let server = Loopback::serve(vec![answer("503 Busy", "", ""), answer("404 Not yet", "", ""), picture()]).await;
    assert_eq!(client().download(&url(&server, "/a"), &asked(server.base())).await.unwrap(), PNG);
    let short = b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nhalf".to_vec();
    let server =
        Loopback::serve(vec![vec![Step::Send(short.clone())], vec![Step::Send(short), Step::Hang], picture()]).await;
    assert_eq!(client().download(&url(&server, "/a"), &asked(server.base())).await.unwrap(), PNG);

    let xml =
        "<?xml version=\"1.0\"?><Error><Code>AuthenticationFailed</Code><Message>Signature expired</Message></Error>";
    let server = Loopback::serve(vec![answer("403 Forbidden", "", xml)]).await;
    let failure = client().download(&url(&server, "/a"), &asked(server.base())).await.unwrap_err();
    assert_eq!((failure.kind, failure.retry_safe), (FailureKind::DownloadFailed, false));
    assert_eq!(failure.server_words.as_deref(), Some("Signature expired"));
    assert!(failure.sentence.contains("expired") && failure.sentence.contains("may have been charged"));
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn pages_and_endless_bodies_are_no_images() {
    let page = answer("200 OK", "", "<!DOCTYPE html><html><head><title>Log in</title></head></html>");
    let server = Loopback::serve(vec![page]).await;
    let failure = client().download(&url(&server, "/a"), &asked(server.base())).await.unwrap_err();
    assert_eq!(failure.server_words.as_deref(), Some("Log in"));
    let head = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
    let endless: Vec<Step> =
        std::iter::once(Step::Send(head)).chain((0..80).map(|_| Step::Send(vec![1; 1 << 20]))).collect();
    let server = Loopback::serve(vec![endless]).await;
    assert_eq!(
        client().download(&url(&server, "/a"), &asked(server.base())).await.unwrap_err().kind,
        FailureKind::TooLarge
    );
}
