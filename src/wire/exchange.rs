//! One request on its way: its status, its body piece by piece, under two clocks.

use std::time::{Duration, Instant};

use bytes::Bytes;
use jiff::Timestamp;
use jiff::fmt::rfc2822;
use reqwest::Response;
use reqwest::header::{DATE, LOCATION, RETRY_AFTER};

use super::cause::cause;
use super::fault::{Answer, Fault, fault, told};
use super::limits::{ERROR_BODY_BYTES, ERROR_BODY_LIMIT};
use super::question::Question;
use super::retry_after::retry_after;
use crate::domain::{Failure, FailureKind};

/// An answer whose head has come. Dropping it ends the request.
pub struct Exchange {
    response: Response,
    question: Question,
    started: Instant,
    limit: Duration,
    idle_limit: Duration,
    received: u64,
}

impl Exchange {
    pub(super) const fn new(
        response: Response,
        question: Question,
        started: Instant,
        limit: Duration,
        idle_limit: Duration,
    ) -> Self {
        Self { response, question, started, limit, idle_limit, received: 0 }
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.response.status().as_u16()
    }

    /// The status promises an answer: read it with a `Reader`. Otherwise take [`Exchange::fault`].
    pub fn is_success(&self) -> bool {
        self.response.status().is_success()
    }

    /// Bytes of the body so far, unpacked.
    pub const fn received_bytes(&self) -> u64 {
        self.received
    }

    /// The next piece of the body, unpacked; `None` at its end.
    ///
    /// Before the first byte only the total limit counts: servers send their head early and then work for minutes.
    pub async fn next_chunk(&mut self) -> Result<Option<Bytes>, Failure> {
        let left = self.limit.saturating_sub(self.started.elapsed());
        let idle = if self.received == 0 { left } else { self.idle_limit.min(left) };
        match tokio::time::timeout(idle, self.response.chunk()).await {
            Ok(Ok(chunk)) => {
                self.received += chunk.as_ref().map_or(0, |chunk| chunk.len() as u64);
                Ok(chunk)
            }
            Ok(Err(error)) => Err(cause(error, &self.question.base.host(), &self.question)),
            Err(_) if self.started.elapsed() >= self.limit => Err(timed_out(&self.question, self.limit)),
            Err(_) => {
                let (host, secs) = (self.question.base.host(), self.idle_limit.as_secs());
                let what = format!("{host} fell silent for {secs} seconds in the middle of its answer.");
                Err(told(FailureKind::TimedOut, &what, true, "Images that came whole are kept.", &self.question))
            }
        }
    }

    /// Reads what the server says about the failure, and sorts it. `question` names the model that was asked for.
    pub async fn fault(self, question: &Question) -> Fault {
        fault(&self.answer().await, question)
    }

    /// Status, telling headers and the body as text; a body that breaks off or never ends is taken as far as it came.
    pub(super) async fn answer(mut self) -> Answer {
        let header = |name: &str| self.response.headers().get(name).and_then(|value| value.to_str().ok());
        // The server's own clock, where it tells it: a date to wait for is meant in its time.
        let date = header(DATE.as_str()).and_then(|date| rfc2822::DateTimeParser::new().parse_timestamp(date).ok());
        let now = date.unwrap_or_else(Timestamp::now);
        let wait = retry_after(header(RETRY_AFTER.as_str()), header("retry-after-ms"), now);
        let location = header(LOCATION.as_str()).map(str::to_owned);
        let (status, waited) = (self.status(), self.started.elapsed());
        let body = self.read_up_to(ERROR_BODY_BYTES, ERROR_BODY_LIMIT).await;
        Answer { status, location, retry_after: wait, waited: Some(waited), body: text(body) }
    }

    async fn read_up_to(&mut self, bytes: usize, limit: Duration) -> Vec<u8> {
        let mut body = Vec::new();
        let whole = async {
            while let Ok(Some(chunk)) = self.response.chunk().await {
                body.extend_from_slice(chunk.get(..bytes - body.len()).unwrap_or(&chunk));
                if body.len() >= bytes {
                    break;
                }
            }
        };
        // Too slow an error is shown as far as it came.
        tokio::time::timeout(limit, whole).await.ok();
        body
    }

    /// The whole body when it is at most `bytes` long.
    pub(super) async fn read_whole(mut self, bytes: usize) -> Result<Vec<u8>, Failure> {
        let mut body = Vec::new();
        while let Some(chunk) = self.next_chunk().await? {
            if body.len() + chunk.len() > bytes {
                let what = format!("The answer of {} is too long.", self.question.base.host());
                return Err(told(FailureKind::TooLarge, &what, true, "", &self.question));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }
}

/// UTF-8, or else Latin-1, in which every byte is a character.
fn text(body: Vec<u8>) -> String {
    // A character cut by the limit does not make the rest Latin-1.
    match String::from_utf8(body) {
        Ok(text) => text,
        Err(error) if error.utf8_error().error_len().is_none() => {
            String::from_utf8_lossy(error.as_bytes()).into_owned()
        }
        Err(error) => error.as_bytes().iter().map(|&byte| char::from(byte)).collect(),
    }
}

/// Our own limit was reached.
pub(super) fn timed_out(question: &Question, limit: Duration) -> Failure {
    let what = format!("{} did not finish within {} seconds.", question.base.host(), limit.as_secs());
    let now = "Raise the time limit in Preferences, or ask for a smaller size or a lower quality.";
    told(FailureKind::TimedOut, &what, true, if question.is_paid() { now } else { "" }, question)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_of_any_encoding_become_text() {
        assert_eq!(text("狐".as_bytes().to_vec()), "狐");
        assert_eq!(text(b"caf\xe9".to_vec()), "caf\u{fffd}");
        assert_eq!(text(b"caf\xe9 noir".to_vec()), "café noir");
    }
}
