//! The models the demo lists, and what each takes: one for each family of the API, so that everything can be tried.

use serde_json::{Value, json};

use super::order::Form;

/// One model of the demo.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Model {
    pub(super) id: &'static str,
    /// The most images one request makes; 0 for a model of text.
    pub(super) most_images: u32,
    /// Sizes it takes; the first is the default.
    pub(super) sizes: &'static [&'static str],
    /// Qualities it takes; the first is the default.
    pub(super) qualities: &'static [&'static str],
    /// Styles it takes; none: the parameter is unknown to it.
    pub(super) styles: &'static [&'static str],
    /// It takes `response_format`, and answers so when it is not said; otherwise it always answers in base64.
    pub(super) default_form: Option<Form>,
    /// Characters a prompt may have.
    pub(super) prompt_limit: usize,
    /// It rewrites the prompt and says so.
    pub(super) revises: bool,
    /// It reports sizes, quality and usage.
    pub(super) reports: bool,
}

/// The model used when a request names none.
pub(super) const DEFAULT_MODEL: &str = "demo-painter";

const SEED_SIZES: &[&str] = &["1024x1024", "1792x1024", "1024x1792", "512x512", "256x256"];

/// Every model, in the order they are listed.
pub(super) const MODELS: [Model; 4] = [
    Model {
        id: DEFAULT_MODEL,
        most_images: 10,
        sizes: SEED_SIZES,
        qualities: &["standard", "hd"],
        styles: &["vivid", "natural"],
        default_form: Some(Form::Url),
        prompt_limit: 4000,
        revises: true,
        reports: false,
    },
    Model {
        id: "demo-dall-e-3",
        most_images: 1,
        sizes: &["1024x1024", "1792x1024", "1024x1792"],
        qualities: &["standard", "hd"],
        styles: &["vivid", "natural"],
        default_form: Some(Form::Url),
        prompt_limit: 4000,
        revises: true,
        reports: false,
    },
    Model {
        id: "demo-gpt-image",
        most_images: 10,
        sizes: &["auto", "1024x1024", "1536x1024", "1024x1536"],
        qualities: &["auto", "low", "medium", "high"],
        styles: &[],
        default_form: None,
        prompt_limit: 32_000,
        revises: false,
        reports: true,
    },
    Model {
        id: "demo-text",
        most_images: 0,
        sizes: &[],
        qualities: &[],
        styles: &[],
        default_form: None,
        prompt_limit: 0,
        revises: false,
        reports: false,
    },
];

/// The model with this id.
pub(super) fn find(id: &str) -> Option<&'static Model> {
    MODELS.iter().find(|model| model.id == id)
}

/// The day the models were made, as a list needs one; 1 November 2026.
const CREATED: u64 = 1_793_491_200;

/// The answer to `GET /v1/models`.
pub(super) fn list() -> Value {
    let row = |model: &Model| {
        // The hint some gateways give; no other field of the list tells pictures from text.
        let makes = if model.most_images > 0 { "image-generation" } else { "openai" };
        json!({
            "id": model.id,
            "object": "model",
            "created": CREATED,
            "owned_by": "demo",
            "supported_endpoint_types": [makes],
        })
    };
    json!({ "object": "list", "data": MODELS.iter().map(row).collect::<Vec<_>>() })
}
