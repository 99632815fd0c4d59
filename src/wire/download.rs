//! Fetching an image by its address: without the key, over http and https only, and never from a private place
//! unless the endpoint is in one.

#[cfg(test)]
mod tests;

use reqwest::header::{ACCEPT, LOCATION};
use reqwest::{Response, StatusCode};
use url::Url;

use super::address::{PrivateAddress, is_loopback, is_private_endpoint, names_private_host};
use super::candidate::data_address;
use super::cause::cause;
use super::client::{Client, Way};
use super::fault::{shown, told};
use super::limits::{DOWNLOAD_LIMIT, DOWNLOAD_TRIES, DOWNLOAD_WAIT, IMAGE_BYTES, REDIRECTS, WORDS_BYTES};
use super::mask::holds_key;
use super::question::Question;
use super::words::Words;
use crate::domain::{Failure, FailureKind};

/// One try that failed.
struct Missed {
    failure: Failure,
    next: Next,
}

/// What may help after a try that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    /// Nothing.
    GiveUp,
    /// The same once more.
    Again,
    /// The same path at the endpoint: servers behind a proxy write down names that only they can reach.
    Endpoint,
}

impl Client {
    /// The bytes behind an image's address, or inside a `data:` address. At most 5 redirects, 72 MiB, 5 minutes.
    ///
    /// Tried a few times, since the image is paid for and asking again is not. `asked` is the question that was answered
    /// with this address; its key is not sent, but masked where the image's host repeats it.
    pub async fn download(&self, url: &Url, asked: &Question) -> Result<Vec<u8>, Failure> {
        if let Some(bytes) = data_address(url.as_str(), IMAGE_BYTES) {
            return bytes.map_err(|_damage| failed(asked, "The image's data: address is damaged."));
        }
        tokio::time::timeout(DOWNLOAD_LIMIT, self.fetch(url, asked)).await.unwrap_or_else(|_late| {
            let what = format!("The image could not be fetched within {} seconds.", DOWNLOAD_LIMIT.as_secs());
            Err(failed(asked, &what))
        })
    }

    async fn fetch(&self, url: &Url, asked: &Question) -> Result<Vec<u8>, Failure> {
        let near = is_private_endpoint(&asked.base).await;
        let mut missed = match self.follow(url, asked, near).await {
            Ok(bytes) => return Ok(bytes),
            Err(missed) => missed,
        };
        let mut wait = DOWNLOAD_WAIT;
        for _ in 1..DOWNLOAD_TRIES {
            if missed.next != Next::Again {
                break;
            }
            tokio::time::sleep(wait).await;
            wait *= 2;
            missed = match self.follow(url, asked, near).await {
                Ok(bytes) => return Ok(bytes),
                Err(missed) => missed,
            };
        }
        let mut there = asked.base.url().clone();
        there.set_path(url.path());
        there.set_query(url.query());
        if missed.next == Next::Endpoint && there.origin() != url.origin() {
            return self.follow(&there, asked, near).await.map_err(|_second| missed.failure);
        }
        Err(missed.failure)
    }

    /// One try, redirects included.
    async fn follow(&self, url: &Url, asked: &Question, near: bool) -> Result<Vec<u8>, Missed> {
        let mut url = url.clone();
        for _ in 0..=REDIRECTS {
            let response = self.get(&url, asked, near).await?;
            if !response.status().is_redirection() {
                return self.receive(response, asked).await;
            }
            let target = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
            match target.and_then(|target| url.join(target).ok()) {
                Some(target) => url = target,
                None => return Err(give_up(failed(asked, "The image's address leads nowhere."))),
            }
        }
        Err(give_up(failed(asked, "The image's address leads to too many other addresses.")))
    }

    async fn get(&self, url: &Url, asked: &Question, near: bool) -> Result<Response, Missed> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(give_up(failed(asked, "The image's address is neither http nor https; it was not opened.")));
        }
        let own = url.origin() == asked.base.url().origin();
        // The endpoint may put the key into addresses of its own; nobody else is to see it.
        if !own && holds_key(url.as_str(), asked.key.as_ref()) {
            return Err(give_up(failed(
                asked,
                "The image's address would carry the key elsewhere; it was not opened.",
            )));
        }
        if !near && !own && names_private_host(url) {
            return Err(private(asked));
        }
        let way = match (near || own, is_loopback(url)) {
            (false, _) => Way::Images,
            (true, false) => Way::ImagesNear,
            (true, true) => Way::ImagesHere,
        };
        let client = self.way(way).map_err(give_up)?;
        let mut plain = url.clone();
        // Names and passwords in a server's link would be sent as credentials.
        let cleaned = plain.set_username("").and_then(|()| plain.set_password(None));
        if cleaned.is_err() {
            return Err(give_up(failed(asked, "The image's address cannot be opened.")));
        }
        let _watched = (way == Way::Images).then(|| self.guard().watch(&plain));
        let sent =
            tokio::time::timeout(self.idle_limit(), client.get(plain).header(ACCEPT, "image/*, */*;q=0.5").send());
        match sent.await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(error)) if is_private_answer(&error) => Err(private(asked)),
            Ok(Err(error)) => Err(lost(error, url, asked)),
            Err(_) => Err(Missed { failure: failed(asked, "The image's server fell silent."), next: Next::Again }),
        }
    }

    async fn receive(&self, mut response: Response, asked: &Question) -> Result<Vec<u8>, Missed> {
        let status = response.status();
        let limit = if status.is_success() { IMAGE_BYTES } else { WORDS_BYTES * 4 };
        let mut body = Vec::new();
        let url = response.url().clone();
        loop {
            match tokio::time::timeout(self.idle_limit(), response.chunk()).await {
                Ok(Ok(Some(chunk))) if body.len() + chunk.len() <= limit => body.extend_from_slice(&chunk),
                Ok(Ok(Some(_))) if status.is_success() => return Err(give_up(too_large(asked))),
                Ok(Err(error)) if status.is_success() => return Err(lost(error, &url, asked)),
                Err(_) if status.is_success() => {
                    let failure = failed(asked, "The image's server fell silent in the middle.");
                    return Err(Missed { failure, next: Next::Again });
                }
                // The end; of an error's words, as far as they came.
                Ok(Ok(_) | Err(_)) | Err(_) => break,
            }
        }
        if status.is_success() { whole(body, asked) } else { Err(refused(status, &body, asked)) }
    }
}

/// A body that came whole; a web page is not taken for an image.
fn whole(body: Vec<u8>, asked: &Question) -> Result<Vec<u8>, Missed> {
    if body.is_empty() {
        let failure = failed(asked, "The image's address answered with nothing.");
        return Err(Missed { failure, next: Next::Again });
    }
    if body.trim_ascii_start().first() == Some(&b'<') {
        let words = Words::read(&String::from_utf8_lossy(&body));
        if words.is_page {
            let failure = failed(asked, "The image's address answers with a web page.");
            return Err(give_up(failure.with_words(shown(&words.message, WORDS_BYTES, asked))));
        }
    }
    Ok(body)
}

fn refused(status: StatusCode, body: &[u8], asked: &Question) -> Missed {
    let words = Words::read(&String::from_utf8_lossy(body));
    let what = match status.as_u16() {
        401 | 403 | 410 => format!("The image's link expired or is not open to us ({}).", status.as_u16()),
        404 => "The image is not, or no longer, at its address (404).".to_owned(),
        code => format!("The image's server answered {code}."),
    };
    let failure = failed(asked, &what).with_words(shown(&words.message, WORDS_BYTES, asked));
    // Stores that have just taken a file may not know it yet.
    let again = status.is_server_error() || matches!(status.as_u16(), 404 | 408 | 425 | 429);
    Missed { failure, next: if again { Next::Again } else { Next::GiveUp } }
}

fn lost(error: reqwest::Error, url: &Url, asked: &Question) -> Missed {
    let is_connect = error.is_connect();
    let host = url.host_str().unwrap_or_default().to_owned();
    let host = if url.origin() == asked.base.url().origin() { asked.base.host() } else { host };
    let why = cause(error, &host, &Question::about_models(asked.base.clone(), asked.key.clone()));
    let failure = failed(asked, &format!("The image could not be fetched. {}", why.sentence));
    let failure = failure.with_detail(why.detail.unwrap_or_default());
    Missed { failure, next: if is_connect { Next::Endpoint } else { Next::Again } }
}

fn private(asked: &Question) -> Missed {
    let what = "The image's address points into a private network; it was not opened.";
    Missed { failure: failed(asked, what), next: Next::Endpoint }
}

fn is_private_answer(error: &reqwest::Error) -> bool {
    let mut next: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(inner) = next {
        if inner.is::<PrivateAddress>() {
            return true;
        }
        next = inner.source();
    }
    false
}

const fn give_up(failure: Failure) -> Missed {
    Missed { failure, next: Next::GiveUp }
}

fn too_large(asked: &Question) -> Failure {
    let what = format!("The image is larger than {} MB.", IMAGE_BYTES / 1_000_000);
    told(FailureKind::TooLarge, &what, true, "Ask for a smaller size.", asked)
}

fn failed(asked: &Question, what: &str) -> Failure {
    told(FailureKind::DownloadFailed, what, true, "Asking again makes a new image.", asked)
}
