//! What went wrong on the way to a server, in plain words: name, refusal, certificate, proxy, a broken connection.

use std::error::Error as _;
use std::io;

use super::fault::{shown, told};
use super::limits::{CONNECT_LIMIT, WORDS_BYTES};
use super::question::Question;
use crate::domain::{Failure, FailureKind};

/// The failure for an error of the HTTP client. Addresses are cut out of its words: they may carry keys.
pub(super) fn cause(error: reqwest::Error, host: &str, question: &Question) -> Failure {
    let error = error.without_url();
    let chain = chain(&error);
    let text = chain.to_lowercase();
    let failure = if error.is_connect() {
        let (what, now) = connecting(&error, &text, host);
        told(FailureKind::Unreachable, &what, false, now, question)
    } else if error.is_timeout() {
        let what = format!("{host} did not answer in time.");
        told(FailureKind::TimedOut, &what, true, "Look at the provider's account before you try again.", question)
    } else if text.contains("invalid http") || text.contains("http2 error") && text.contains("preface") {
        let what = format!("{host} does not speak HTTP.");
        told(FailureKind::BadAnswer, &what, true, "Check the base URL in Preferences.", question)
    } else if text.contains("message head is too large") || text.contains("invalid content-length") {
        let what = format!("{host} sent an answer that breaks the rules of HTTP: its headers are too many or wrong.");
        told(FailureKind::BadAnswer, &what, true, "Look at the provider's account before you try again.", question)
    } else if error.is_decode() && !text.contains("error reading") && !text.contains("connection") {
        let what = format!("The answer of {host} is damaged and cannot be unpacked.");
        told(FailureKind::BadAnswer, &what, true, "Look at the provider's account before you try again.", question)
    } else {
        let what = format!("The connection to {host} broke before the answer was complete.");
        told(FailureKind::CutOff, &what, true, "Look at the provider's account before you try again.", question)
    };
    failure.with_detail(shown(&chain, WORDS_BYTES, question))
}

/// Why no connection was made, and what helps.
fn connecting(error: &reqwest::Error, text: &str, host: &str) -> (String, &'static str) {
    let kind = io_kind(error);
    if error.is_timeout() {
        let what = format!("{host} could not be reached within {} seconds.", CONNECT_LIMIT.as_secs());
        return (what, "Check the address and the network.");
    }
    if text.contains("proxy auth") || text.contains("proxy authorization") {
        return (
            format!("The proxy on the way to {host} wants a name and a password."),
            "Set the proxy in Preferences.",
        );
    }
    if text.contains("tunnel") || text.contains("proxy") || text.contains("socks") {
        return (format!("The proxy on the way to {host} could not connect."), "Check the proxy in Preferences.");
    }
    if error.is_dns() || text.contains("dns error") || text.contains("failed to lookup") {
        return (format!("The name {host} cannot be found."), "Check the address and the network.");
    }
    if text.contains("certificate") || text.contains("unknownissuer") {
        return certificate(text, host);
    }
    match kind {
        Some(io::ErrorKind::ConnectionRefused) => {
            (format!("{host} refused the connection."), "Check that the server is running and the address is right.")
        }
        Some(io::ErrorKind::NetworkUnreachable | io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkDown) => {
            (format!("{host} cannot be reached: there is no network to it."), "Check whether this computer is online.")
        }
        _ if text.contains("tls") || text.contains("handshake") || text.contains("corrupt message") => (
            format!("{host} could not agree on a secure connection."),
            "Check the address; perhaps the server only speaks http.",
        ),
        _ => (format!("{host} could not be reached."), "Check the address and the network."),
    }
}

fn certificate(text: &str, host: &str) -> (String, &'static str) {
    if text.contains("expired") {
        let now = "Check this computer's clock; if it is right, the provider must renew the certificate.";
        (format!("The certificate of {host} has expired."), now)
    } else if text.contains("notvalidyet") || text.contains("not valid yet") {
        (format!("The certificate of {host} is not valid yet."), "Check this computer's clock.")
    } else if text.contains("notvalidforname") || text.contains("not valid for") || text.contains("name") {
        (format!("The certificate shown by {host} belongs to another name."), "Check the address and the network.")
    } else {
        let now = "Nothing was sent to it. If it is your own server, add its certificate to the system's trusted ones.";
        (format!("The certificate of {host} is not trusted by this computer."), now)
    }
}

/// An error and everything below it, outermost first.
fn chain(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(inner) = next {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text.push_str(": ");
            text.push_str(&inner_text);
        }
        next = inner.source();
    }
    text
}

fn io_kind(error: &reqwest::Error) -> Option<io::ErrorKind> {
    let mut next = error.source();
    let mut kind = None;
    while let Some(inner) = next {
        kind = inner.downcast_ref::<io::Error>().map(io::Error::kind).or(kind);
        next = inner.source();
    }
    kind
}
