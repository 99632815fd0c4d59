//! Everything that can go wrong, sorted by what the person at the window can do about it.

use std::fmt;
use std::str::FromStr;

/// The closed list of failures. Words on disk and in `--json` are [`FailureKind::word`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FailureKind {
    /// No key is known for the endpoint.
    KeyMissing,
    /// The server does not accept the key.
    KeyRejected,
    /// The key is good but may not do this.
    Forbidden,
    /// Credit, quota or a spending limit is used up.
    NoCredit,
    /// The provider's safety system said no.
    Refused,
    /// A parameter is wrong.
    InvalidRequest,
    /// The model does not exist here, is retired, or does not make images on this path.
    ModelUnavailable,
    /// The address answers, but not as an images API.
    WrongAddress,
    /// The server redirects elsewhere; redirects are not followed.
    Moved,
    /// Too many requests.
    RateLimited,
    /// Overloaded or still loading.
    ServerBusy,
    /// The server failed.
    ServerError,
    /// A proxy in front of the server gave up waiting.
    ProxyTimeout,
    /// Our own time limit was reached.
    TimedOut,
    /// No connection: name, refusal, certificate.
    Unreachable,
    /// The answer broke off.
    CutOff,
    /// The answer is not what the API promises.
    BadAnswer,
    /// A good answer without a single image.
    NoImages,
    /// The bytes are no picture.
    NotAnImage,
    /// A limit of ours was passed.
    TooLarge,
    /// An image's URL could not be fetched.
    DownloadFailed,
    /// The disk failed.
    Disk,
    /// The keyring failed.
    Keyring,
    /// Stopped by the person.
    Cancelled,
    /// The server or this program cannot do it.
    Unsupported,
}

impl FailureKind {
    /// Every kind once, in the order of the product's list.
    pub const ALL: [Self; 25] = [
        Self::KeyMissing,
        Self::KeyRejected,
        Self::Forbidden,
        Self::NoCredit,
        Self::Refused,
        Self::InvalidRequest,
        Self::ModelUnavailable,
        Self::WrongAddress,
        Self::Moved,
        Self::RateLimited,
        Self::ServerBusy,
        Self::ServerError,
        Self::ProxyTimeout,
        Self::TimedOut,
        Self::Unreachable,
        Self::CutOff,
        Self::BadAnswer,
        Self::NoImages,
        Self::NotAnImage,
        Self::TooLarge,
        Self::DownloadFailed,
        Self::Disk,
        Self::Keyring,
        Self::Cancelled,
        Self::Unsupported,
    ];

    /// The stable word for disk and command line.
    pub const fn word(self) -> &'static str {
        match self {
            Self::KeyMissing => "key_missing",
            Self::KeyRejected => "key_rejected",
            Self::Forbidden => "forbidden",
            Self::NoCredit => "no_credit",
            Self::Refused => "refused",
            Self::InvalidRequest => "invalid_request",
            Self::ModelUnavailable => "model_unavailable",
            Self::WrongAddress => "wrong_address",
            Self::Moved => "moved",
            Self::RateLimited => "rate_limited",
            Self::ServerBusy => "server_busy",
            Self::ServerError => "server_error",
            Self::ProxyTimeout => "proxy_timeout",
            Self::TimedOut => "timed_out",
            Self::Unreachable => "unreachable",
            Self::CutOff => "cut_off",
            Self::BadAnswer => "bad_answer",
            Self::NoImages => "no_images",
            Self::NotAnImage => "not_an_image",
            Self::TooLarge => "too_large",
            Self::DownloadFailed => "download_failed",
            Self::Disk => "disk",
            Self::Keyring => "keyring",
            Self::Cancelled => "cancelled",
            Self::Unsupported => "unsupported",
        }
    }

    /// The same request would fail the same way until the request, Preferences or the account are changed.
    pub const fn needs_change(self) -> bool {
        self.needs_another_request()
            || matches!(
                self,
                Self::KeyMissing
                    | Self::KeyRejected
                    | Self::Forbidden
                    | Self::NoCredit
                    | Self::WrongAddress
                    | Self::Moved
            )
    }

    /// It is the request that must change: its words, its model or its settings.
    pub const fn needs_another_request(self) -> bool {
        matches!(
            self,
            Self::Refused | Self::InvalidRequest | Self::ModelUnavailable | Self::Unsupported | Self::TooLarge
        )
    }

    /// The few words a tile shows above the sentence.
    pub const fn title(self) -> &'static str {
        match self {
            Self::KeyMissing => "No key",
            Self::KeyRejected => "Key not accepted",
            Self::Forbidden => "Not allowed",
            Self::NoCredit => "No credit left",
            Self::Refused => "Refused by the safety system",
            Self::InvalidRequest => "Setting not accepted",
            Self::ModelUnavailable => "Model not available",
            Self::WrongAddress => "Wrong address",
            Self::Moved => "Address moved",
            Self::RateLimited => "Too many requests",
            Self::ServerBusy => "Server busy",
            Self::ServerError => "Server error",
            Self::ProxyTimeout => "Proxy gave up",
            Self::TimedOut => "Timed out",
            Self::Unreachable => "No connection",
            Self::CutOff => "Answer broke off",
            Self::BadAnswer => "Answer not understood",
            Self::NoImages => "No image came back",
            Self::NotAnImage => "Not an image",
            Self::TooLarge => "Too large",
            Self::DownloadFailed => "Download failed",
            Self::Disk => "Disk problem",
            Self::Keyring => "Keyring problem",
            Self::Cancelled => "Cancelled",
            Self::Unsupported => "Not supported",
        }
    }
}

impl fmt::Display for FailureKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A word that names no failure.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no failure is called {0:?}")]
pub struct UnknownKind(pub String);

impl FromStr for FailureKind {
    type Err = UnknownKind;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|kind| kind.word() == word).ok_or_else(|| UnknownKind(word.to_owned()))
    }
}

/// Something that went wrong, ready to be shown and kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// Which of the closed list.
    pub kind: FailureKind,
    /// What happened, whether it was charged, what to do now: plain words, one or two short sentences.
    pub sentence: String,
    /// The server's own words, HTML reduced to its title, the key masked. Shown one click away.
    pub server_words: Option<String>,
    /// What this computer knows besides, for whoever looks closer: an error's text, a path. Shown one click away.
    pub detail: Option<String>,
    /// Sending the same again costs nothing twice and may succeed: nothing was charged, and the kind is none of those
    /// that [need a change](FailureKind::needs_change) first.
    pub retry_safe: bool,
    /// The server may have charged for this.
    pub maybe_billed: bool,
}

impl Failure {
    /// A failure that was certainly not charged. It can be tried again unless something must change first.
    pub fn free(kind: FailureKind, sentence: impl Into<String>) -> Self {
        let retry_safe = !kind.needs_change();
        Self { kind, sentence: sentence.into(), server_words: None, detail: None, retry_safe, maybe_billed: false }
    }

    /// A failure after which the server may have charged.
    pub fn maybe_billed(kind: FailureKind, sentence: impl Into<String>) -> Self {
        let sentence = sentence.into();
        Self { kind, sentence, server_words: None, detail: None, retry_safe: false, maybe_billed: true }
    }

    /// A stored image whose file is not there any more. It was paid once: making it anew costs again, so that it is not
    /// called safe.
    pub fn missing_file(sentence: impl Into<String>) -> Self {
        Self { retry_safe: false, ..Self::free(FailureKind::Disk, sentence) }
    }

    /// It was made by [`Failure::missing_file`]: every other failure of the disk may be tried again, or was charged.
    pub fn is_missing_file(&self) -> bool {
        self.kind == FailureKind::Disk && !self.retry_safe && !self.maybe_billed
    }

    /// A few words for it, above the sentence.
    pub fn title(&self) -> &'static str {
        if self.is_missing_file() { "File is missing" } else { self.kind.title() }
    }

    /// The same failure with what the server said.
    #[must_use]
    pub fn with_words(mut self, words: impl Into<String>) -> Self {
        let words = words.into();
        self.server_words = (!words.trim().is_empty()).then_some(words);
        self
    }

    /// The same failure with what this computer knows besides.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        self.detail = (!detail.trim().is_empty()).then_some(detail);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_leads_back_to_its_kind() {
        for kind in FailureKind::ALL {
            assert_eq!(kind.word().parse::<FailureKind>(), Ok(kind));
        }
        assert!("oops".parse::<FailureKind>().is_err());
    }

    #[test]
    fn a_missing_file_is_no_other_trouble_of_the_disk() {
        let missing = Failure::missing_file("x");
        assert!(missing.is_missing_file() && missing.title() == "File is missing");
        let others = [Failure::free(FailureKind::Disk, "x"), Failure::maybe_billed(FailureKind::Disk, "x")];
        assert!(others.iter().all(|other| !other.is_missing_file() && other.title() == "Disk problem"));
        assert!(!Failure::free(FailureKind::KeyMissing, "x").is_missing_file());
    }

    #[test]
    fn a_retry_is_offered_as_safe_only_where_it_can_help() {
        let safe: Vec<FailureKind> =
            FailureKind::ALL.into_iter().filter(|&kind| Failure::free(kind, "x").retry_safe).collect();
        use FailureKind::{
            BadAnswer, Cancelled, CutOff, Disk, DownloadFailed, Keyring, NoImages, NotAnImage, ProxyTimeout,
            RateLimited, ServerBusy, ServerError, TimedOut, Unreachable,
        };
        let want = [
            RateLimited,
            ServerBusy,
            ServerError,
            ProxyTimeout,
            TimedOut,
            Unreachable,
            CutOff,
            BadAnswer,
            NoImages,
            NotAnImage,
            DownloadFailed,
            Disk,
            Keyring,
            Cancelled,
        ];
        assert_eq!(safe, want);
        assert!(FailureKind::ALL.into_iter().all(|kind| !Failure::maybe_billed(kind, "x").retry_safe));
    }
}
