//! The list of models, in the shapes servers send it.

use std::collections::BTreeSet;

use serde_json::Value;

use super::exchange::Exchange;
use super::fault::{Answer, shown, sort, told};
use super::limits::{MODEL_ID_BYTES, MODELS, MODELS_BYTES, WORDS_BYTES};
use super::mask::holds_key;
use super::question::Question;
use super::rules;
use super::words::{Words, error_in};
use crate::domain::{Failure, FailureKind, looks_like_image_model};

/// A model as an endpoint lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Model {
    /// Its id, exactly as it must be sent.
    pub id: String,
    /// It probably makes images, by the server's word or by its name.
    pub makes_images: bool,
    /// The day it stops, as the server says it.
    pub shutdown_date: Option<String>,
}

/// Reads the answer to `GET /models`.
pub(super) async fn read(exchange: Exchange, question: &Question) -> Result<Vec<Model>, Failure> {
    if !exchange.is_success() {
        return Err(exchange.fault(question).await.failure);
    }
    let body = exchange.read_whole(MODELS_BYTES).await?;
    list(&String::from_utf8_lossy(&body), question)
}

/// The models in a body: likely image models first, each group by name, nothing twice.
fn list(body: &str, question: &Question) -> Result<Vec<Model>, Failure> {
    let body = body.trim_start_matches('\u{feff}');
    let mut values = serde_json::Deserializer::from_str(body).into_iter::<Value>();
    let no_list = || {
        let what = format!("{} answered, but without a list of models.", question.base.host());
        told(FailureKind::BadAnswer, &what, false, "Type the model's id.", question)
    };
    let Some(Ok(value)) = values.next() else {
        let words = Words::read(body);
        if words.is_page || rules::told(&words, 200).is_some() {
            return Err(sort(&Answer { status: 200, ..Answer::default() }, &words, question).failure);
        }
        return Err(no_list().with_words(shown(&words.message, WORDS_BYTES, question)));
    };
    if let Some(words) = error_in(&value) {
        return Err(sort(&Answer { status: 200, ..Answer::default() }, &words, question).failure);
    }
    let lists = [
        Some(&value),
        value.get("data"),
        value.get("models"),
        value.pointer("/data/models"),
        value.pointer("/data/data"),
    ];
    let Some(entries) = lists.into_iter().flatten().find_map(Value::as_array) else { return Err(no_list()) };
    let mut seen = BTreeSet::new();
    let mut models: Vec<Model> = entries.iter().take(MODELS).filter_map(model).collect();
    // A server that repeats the key where an id should be must not get it written into a list.
    models.retain(|model| !holds_key(&model.id, question.key.as_ref()) && seen.insert(model.id.clone()));
    models.sort_by_cached_key(|model| (!model.makes_images, model.id.to_lowercase()));
    Ok(models)
}

fn model(entry: &Value) -> Option<Model> {
    let id = ["id", "name", "model"].iter().find_map(|key| entry.get(*key).and_then(Value::as_str));
    let id = id.or(entry.as_str())?.trim();
    if id.is_empty() || id.len() > MODEL_ID_BYTES || id.contains(char::is_control) {
        return None;
    }
    let shutdown = entry.get("shutdown_date").and_then(Value::as_str).map(str::trim);
    let shutdown = shutdown.filter(|date| !date.is_empty() && date.len() <= 40 && !date.contains(char::is_control));
    Some(Model {
        id: id.to_owned(),
        makes_images: says_images(entry) || looks_like_image_model(id),
        shutdown_date: shutdown.map(str::to_owned),
    })
}

/// The server itself says that the model makes images.
fn says_images(entry: &Value) -> bool {
    let lists = [
        entry.get("supported_endpoint_types"),
        entry.get("output_modalities"),
        entry.pointer("/architecture/output_modalities"),
        entry.get("capabilities"),
    ];
    let words = lists.into_iter().flatten().filter_map(Value::as_array).flatten();
    let single = ["mode", "type"].iter().filter_map(|key| entry.get(*key));
    words.chain(single).filter_map(Value::as_str).any(|word| {
        matches!(
            word.to_ascii_lowercase().replace('_', "-").as_str(),
            "image-generation" | "image" | "images" | "text-to-image"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::BaseUrl;

    fn read(body: &str) -> Result<Vec<Model>, Failure> {
        list(body, &Question::about_models(BaseUrl::parse("https://gateway.example").unwrap(), None))
    }

    #[track_caller]
    fn check(body: &str, want: &[&str]) {
        let line = |model: Model| {
            let image = if model.makes_images { "*" } else { "" };
            format!(
                "{image}{}{}",
                model.id,
                model.shutdown_date.map(|date| format!(" until {date}")).unwrap_or_default()
            )
        };
        assert_eq!(read(body).unwrap().into_iter().map(line).collect::<Vec<_>>(), want, "{body}");
    }

    #[test]
    fn lists_of_any_shape_are_read() {
        check(
            r#"{"object":"list","data":[{"id":"gpt-4o","object":"model"},{"id":"gpt-image-1.5","shutdown_date":"2026-12-01"},{"id":"dall-e-3","shutdown_date":null}]}"#,
            &["*dall-e-3", "*gpt-image-1.5 until 2026-12-01", "gpt-4o"],
        );
        check(
            r#"{"success":true,"data":[{"id":"zeta","supported_endpoint_types":["image-generation"]},{"id":"alpha"}]}"#,
            &["*zeta", "alpha"],
        );
        check(
            r#"{"data":[{"id":"house-special","mode":"image_generation"},{"id":"b","mode":"chat"}]}"#,
            &["*house-special", "b"],
        );
        check(r#"{"models":[{"name":"m","architecture":{"output_modalities":["text","image"]}}]}"#, &["*m"]);
        check(r#"["b","a","b"," "]"#, &["a", "b"]);
        check(r#"[{"id":"[plus]即梦"},{"id":7},{},null,{"id":"x\ny"}]"#, &["[plus]即梦"]);
        check(r#"{"data":[]}"#, &[]);
    }

    #[test]
    fn what_is_no_list_is_told() {
        for (body, kind) in [
            (r#"{"error":{"message":"m","code":"invalid_api_key"}}"#, FailureKind::KeyMissing),
            (r#"{"success":false,"message":"无效的令牌"}"#, FailureKind::KeyMissing),
            (r#"{"object":"list"}"#, FailureKind::BadAnswer),
            ("<!DOCTYPE html><html><head><title>One API</title></head></html>", FailureKind::WrongAddress),
        ] {
            let failure = read(body).unwrap_err();
            assert_eq!(failure.kind, kind, "{body}");
            assert!(!failure.maybe_billed && !failure.sentence.contains("charged"), "{failure:?}");
        }
        assert!(read(&"[".repeat(100_000)).is_err());
    }
}
