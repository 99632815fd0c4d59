//! The form exactly as typed; `Draft::check` (in `request.rs`) turns it into a Request.

/// The composer's fields, or the command line's, before any checking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// As typed, white space and all.
    pub prompt: String,
    /// A model's id as typed or chosen.
    pub model: String,
    /// `1024x1024`, `auto`, or empty for "say nothing".
    pub size: String,
    /// Empty for "say nothing".
    pub quality: String,
    /// Empty for "say nothing".
    pub style: String,
    /// Images asked for; anything, checked to 1 to 10.
    pub images: u32,
    /// `url`, `b64_json`, or empty for what suits the model.
    pub response_format: String,
}

impl Default for Draft {
    fn default() -> Self {
        Self {
            prompt: String::new(),
            model: "dall-e-3".to_owned(),
            size: String::new(),
            quality: String::new(),
            style: String::new(),
            images: 4,
            response_format: String::new(),
        }
    }
}
