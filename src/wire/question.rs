//! What was asked of whom: the facts needed to read an answer or an error in the right light.

use crate::domain::{BaseUrl, Secret};

/// What was asked of whom.
#[derive(Clone)]
pub struct Question {
    /// The address asked.
    pub base: BaseUrl,
    /// The key that was sent; masked wherever the server repeats it.
    pub key: Option<Secret>,
    /// The model asked for; empty when it is the list of models that was asked for.
    pub model: String,
    /// How many images this call asked for.
    pub images: u8,
}

impl Question {
    /// Asks for images: only then money is at stake.
    pub const fn is_paid(&self) -> bool {
        self.images > 0
    }

    /// Asks for the list of models.
    pub(super) const fn about_models(base: BaseUrl, key: Option<Secret>) -> Self {
        Self { base, key, model: String::new(), images: 0 }
    }

    /// The address that was asked.
    pub(super) fn address(&self) -> String {
        if self.base.is_demo() {
            return self.base.host();
        }
        let url = if self.is_paid() { self.base.generations() } else { self.base.models() };
        url.to_string()
    }
}
