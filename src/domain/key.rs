//! Whether a typed text can be an API key.

/// Why a text cannot be a key; each is a sentence for the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyProblem {
    /// Nothing was typed.
    #[error("Enter the key the provider gave you")]
    Empty,
    /// White space inside.
    #[error("The key has a space inside. Copy it once more, without line breaks or other words")]
    Space,
    /// A line break inside.
    #[error("The key has a line break inside. Copy it once more, as one line")]
    LineBreak,
    /// A character that cannot be sent.
    #[error("The key has a character that keys never have. Copy it once more from the provider's page")]
    Character,
    /// Longer than any key.
    #[error("This is too long to be a key")]
    TooLong,
}

/// The longest key taken, in bytes: Windows' keyring holds 2,560 bytes of UTF-16, so 1,280 characters.
const LONGEST: usize = 1_280;

/// The key in a pasted text: surrounding white space and a leading `Bearer ` are cut.
pub fn check_key(text: &str) -> Result<&str, KeyProblem> {
    let text = text.trim();
    let text = match text.split_at_checked(6) {
        Some((word, rest))
            if word.eq_ignore_ascii_case("bearer") && rest.chars().next().is_none_or(char::is_whitespace) =>
        {
            rest.trim()
        }
        _ => text,
    };
    if text.is_empty() {
        return Err(KeyProblem::Empty);
    }
    if text.contains(['\n', '\r']) {
        return Err(KeyProblem::LineBreak);
    }
    if text.chars().any(char::is_whitespace) {
        return Err(KeyProblem::Space);
    }
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(KeyProblem::Character);
    }
    if text.len() > LONGEST {
        return Err(KeyProblem::TooLong);
    }
    Ok(text)
}

/// Where the key of an endpoint is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KeyPlace {
    /// Not looked up yet.
    #[default]
    Unknown,
    /// Nowhere.
    Missing,
    /// In the computer's keyring.
    Keyring,
    /// In memory until the program ends: there is no keyring, or it did not take the key.
    Session,
    /// Given by the environment.
    Environment,
    /// None is needed.
    NotNeeded,
}

/// An API key in memory: wiped when dropped, and without any way to be printed.
#[derive(Clone)]
pub struct Secret(secrecy::SecretString);

impl Secret {
    /// Takes a key over. Check it with [`check_key`] first.
    pub fn new(key: impl Into<String>) -> Self {
        Self(secrecy::SecretString::from(key.into()))
    }

    /// The key itself, for the request header and the keyring only.
    pub fn expose(&self) -> &str {
        secrecy::ExposeSecret::expose_secret(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Does not compile when the secret can be printed or written: each call would then fit two of these.
    #[test]
    fn a_secret_can_be_neither_printed_nor_written() {
        trait Nothing<Way> {
            fn holds() -> bool {
                true
            }
        }
        struct Printed;
        struct Shown;
        struct Written;
        impl<T> Nothing<()> for T {}
        impl<T: std::fmt::Debug> Nothing<Printed> for T {}
        impl<T: std::fmt::Display> Nothing<Shown> for T {}
        impl<T: serde::Serialize> Nothing<Written> for T {}
        assert!(<Secret as Nothing<_>>::holds());
    }

    #[test]
    fn keys_are_taken_as_pasted() {
        for text in ["sk-abc", "  sk-abc\n", "Bearer sk-abc", "bearer  sk-abc "] {
            assert_eq!(check_key(text), Ok("sk-abc"), "{text:?}");
        }
    }

    #[test]
    fn what_cannot_be_sent_is_named() {
        for (text, problem) in [
            ("", KeyProblem::Empty),
            (" \n ", KeyProblem::Empty),
            ("Bearer ", KeyProblem::Empty),
            ("sk abc", KeyProblem::Space),
            ("sk-abc\nsk-def", KeyProblem::LineBreak),
            ("sk-abc\r\nHost: x", KeyProblem::LineBreak),
            ("sk-äbc", KeyProblem::Character),
            ("sk-\u{7f}", KeyProblem::Character),
        ] {
            assert_eq!(check_key(text), Err(problem), "{text:?}");
        }
        assert_eq!(check_key(&"x".repeat(10_000)), Err(KeyProblem::TooLong));
    }
}
