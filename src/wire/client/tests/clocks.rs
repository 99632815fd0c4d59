//! The clocks: for making a connection, for silence inside a body, and for the whole.

use tokio::net::{TcpListener, TcpSocket, TcpStream};

use super::*;

/// A listener that takes no one in: its queue is full, so that the system does not answer who knocks.
async fn full() -> (TcpListener, Vec<TcpStream>, u16) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut waiting = Vec::new();
    while let Ok(stream) = tokio::time::timeout(Duration::from_millis(500), TcpStream::connect(address)).await {
        waiting.push(stream.unwrap());
        assert!(waiting.len() < 100, "the queue has no end");
    }
    (listener, waiting, address.port())
}

#[tokio::test]
async fn a_connection_that_hangs_is_given_up_and_was_free() {
    let (_listener, _waiting, port) = full().await;
    let target = target(BaseUrl::parse(&format!("http://127.0.0.1:{port}/v1")).unwrap());
    let options = ClientOptions { connect_limit: Duration::from_millis(300), ..ClientOptions::default() };
    let failure = send(&Client::new(&options).unwrap(), &target, Vec::new()).await.err().unwrap();
    assert_eq!((failure.kind, failure.maybe_billed, failure.retry_safe), (FailureKind::Unreachable, false, true));
    assert!(failure.sentence.contains("could not be reached within"), "{}", failure.sentence);
    assert_eq!(ClientOptions::default().connect_limit, Duration::from_secs(10));
}

#[tokio::test]
async fn only_silence_counts_while_a_body_flows() {
    // Longer in all than the limit for silence, and never silent for so long.
    let limit = Duration::from_secs(2);
    let text = r#"{"data":[{"b64_json":"QUJD"}],"x":"0123456789"}"#;
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", text.len());
    let drip = text.bytes().flat_map(|byte| [Step::Send(vec![byte]), Step::Pause(Duration::from_millis(60))]);
    let script: Vec<Step> = std::iter::once(Step::Send(head.into_bytes())).chain(drip).collect();
    let server = Loopback::serve(vec![script]).await;
    let target = target(server.base());
    let client = Client::new(&ClientOptions { idle_limit: limit, ..ClientOptions::default() }).unwrap();
    let mut exchange = send(&client, &target, Vec::new()).await.unwrap();
    let started = Instant::now();
    let mut received = 0;
    while let Some(chunk) = exchange.next_chunk().await.unwrap() {
        received += chunk.len();
    }
    assert_eq!(received, text.len());
    assert!(started.elapsed() > limit, "it took longer than the limit for silence");
}
