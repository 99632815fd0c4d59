//! Troubles one can ask the demo for, by words in the prompt, so that every failure can be seen without an accident.

use std::time::Duration;

/// Something that goes wrong on purpose: `demo:refused` anywhere in a prompt asks for [`Trouble::Refused`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// 400 `moderation_blocked`, with the stage and the categories.
    Refused,
    /// 429 `insufficient_quota`.
    NoCredit,
    /// 429 `rate_limit_exceeded` with `Retry-After: 2`, every time.
    RateLimited,
    /// The same for the first request with this prompt; the next one is answered.
    BusyOnce,
    /// 401 `invalid_api_key`; the message repeats a part of the key, as providers do.
    BadKey,
    /// 403 without a code: the organisation must be verified.
    Forbidden,
    /// 400 (not 404) "The model … does not exist".
    NoModel,
    /// 500 `server_error`.
    ServerError,
    /// 503 `server_is_overloaded` with `Retry-After: 5`.
    ServerBusy,
    /// 504 with a proxy's page in HTML.
    ProxyTimeout,
    /// 200 with a web page instead of JSON.
    WebPage,
    /// 307 to another address.
    Moved,
    /// 200 with an `error` object in it.
    ErrorInside,
    /// Every picture takes 20 seconds, whatever the pace.
    Slow,
    /// The connection breaks in the middle of the last picture.
    CutOff,
    /// The last picture is a text, in good base64.
    NotAnImage,
    /// The last picture is no base64.
    Damaged,
    /// One picture fewer than asked for.
    Fewer,
    /// A good answer without any picture.
    NoImages,
    /// The last place holds no picture, as after moderation.
    EmptySlot,
    /// The addresses lead nowhere (asked as `url`).
    LostFile,
    /// Pictures of another size than asked for.
    OtherSize,
}

/// What one picture takes under [`Trouble::Slow`]: long enough to press Cancel without hurry.
pub(super) const SLOW: Duration = Duration::from_secs(20);

impl Trouble {
    /// Every trouble once.
    pub const ALL: [Self; 22] = [
        Self::Refused,
        Self::NoCredit,
        Self::RateLimited,
        Self::BusyOnce,
        Self::BadKey,
        Self::Forbidden,
        Self::NoModel,
        Self::ServerError,
        Self::ServerBusy,
        Self::ProxyTimeout,
        Self::WebPage,
        Self::Moved,
        Self::ErrorInside,
        Self::Slow,
        Self::CutOff,
        Self::NotAnImage,
        Self::Damaged,
        Self::Fewer,
        Self::NoImages,
        Self::EmptySlot,
        Self::LostFile,
        Self::OtherSize,
    ];

    /// The words that ask for it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Refused => "demo:refused",
            Self::NoCredit => "demo:no_credit",
            Self::RateLimited => "demo:rate_limited",
            Self::BusyOnce => "demo:busy_once",
            Self::BadKey => "demo:bad_key",
            Self::Forbidden => "demo:forbidden",
            Self::NoModel => "demo:no_model",
            Self::ServerError => "demo:server_error",
            Self::ServerBusy => "demo:server_busy",
            Self::ProxyTimeout => "demo:proxy_timeout",
            Self::WebPage => "demo:web_page",
            Self::Moved => "demo:moved",
            Self::ErrorInside => "demo:error_inside",
            Self::Slow => "demo:slow",
            Self::CutOff => "demo:cut_off",
            Self::NotAnImage => "demo:not_an_image",
            Self::Damaged => "demo:damaged",
            Self::Fewer => "demo:fewer",
            Self::NoImages => "demo:no_images",
            Self::EmptySlot => "demo:empty_slot",
            Self::LostFile => "demo:lost_file",
            Self::OtherSize => "demo:other_size",
        }
    }

    /// The first trouble a prompt asks for.
    pub fn asked_in(prompt: &str) -> Option<Self> {
        let mut words =
            prompt.split_whitespace().map(|word| word.trim_matches([',', '.', ';', '!', '"', '\'', '(', ')']));
        words.find_map(|word| Self::ALL.into_iter().find(|trouble| trouble.words() == word))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_trouble_is_found_by_its_words() {
        for trouble in Trouble::ALL {
            assert_eq!(Trouble::asked_in(&format!("a cat, {}, at dusk", trouble.words())), Some(trouble));
        }
        assert_eq!(Trouble::asked_in("a demo of a refused offer"), None);
        assert_eq!(Trouble::asked_in("demo:unheard_of"), None);
    }
}
