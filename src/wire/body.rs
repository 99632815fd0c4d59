//! A request as JSON, key for key what the official Python client sends for the same parameters.

use serde_json::{Map, Value};

use crate::domain::{Count, Request, SendCount};

/// The JSON body that asks for `images` images (1 to 10; clamped). What does not apply is left out, never null.
pub fn body(request: &Request, images: u8) -> Vec<u8> {
    Value::Object(parameters(request, images)).to_string().into_bytes()
}

/// The same parameters as a JSON object, in the order they are sent.
pub(super) fn parameters(request: &Request, images: u8) -> Map<String, Value> {
    let images = images.clamp(1, Count::MAX);
    let mut map = Map::new();
    let mut put = |key: &str, value: Value| map.insert(key.to_owned(), value);
    put("prompt", request.prompt.as_str().into());
    put("model", request.model.as_str().into());
    if images > 1 || request.send_count == SendCount::Always {
        put("n", images.into());
    }
    if let Some(quality) = &request.quality {
        put("quality", quality.as_str().into());
    }
    if let Some(format) = request.response_format {
        put("response_format", format.word().into());
    }
    if let Some(size) = request.size {
        put("size", size.to_string().into());
    }
    if let Some(style) = &request.style {
        put("style", style.as_str().into());
    }
    map
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Catalogue, Draft};

    #[track_caller]
    fn check(draft: &Draft, images: u8, json: &str) {
        let request = draft.check(Catalogue::load(None).unwrap().find(&draft.model), &[]).unwrap();
        assert_eq!(String::from_utf8(body(&request, images)).unwrap(), json);
    }

    #[test]
    fn what_is_not_set_is_absent() {
        let draft = Draft { prompt: "a \"fox\"\n狐".to_owned(), model: "some-model".to_owned(), ..Draft::default() };
        check(&draft, 1, r#"{"prompt":"a \"fox\"\n狐","model":"some-model"}"#);
        check(&draft, 4, r#"{"prompt":"a \"fox\"\n狐","model":"some-model","n":4}"#);
    }

    #[test]
    fn everything_set_is_sent_and_dalle_always_gets_its_n() {
        let draft = Draft {
            prompt: "a fox".to_owned(),
            size: "1024x1792".to_owned(),
            quality: "hd".to_owned(),
            style: "vivid".to_owned(),
            response_format: "url".to_owned(),
            ..Draft::default()
        };
        let json = r#"{"prompt":"a fox","model":"dall-e-3","n":1,"quality":"hd","response_format":"url","size":"1024x1792","style":"vivid"}"#;
        check(&draft, 1, json);
    }
}
