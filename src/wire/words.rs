//! What a server said about a failure, in any of the shapes servers say it.

mod html;
#[cfg(test)]
mod tests;

use serde_json::Value;

/// The parts of an error that help to sort it. Every part may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Words {
    /// The message for people.
    pub(super) message: String,
    /// `code`, a number as text.
    pub(super) code: String,
    /// `type`.
    pub(super) kind: String,
    /// `param`: what it is about.
    pub(super) param: String,
    /// Where moderation said no: input, output or unknown.
    pub(super) stage: String,
    /// What moderation found.
    pub(super) categories: Vec<String>,
    /// A web page, not an answer of an API.
    pub(super) is_page: bool,
    /// JSON.
    pub(super) is_json: bool,
}

/// Keys under which servers put their message, best first.
const MESSAGE_KEYS: [&str; 12] = [
    "message",
    "msg",
    "detail",
    "error_description",
    "description",
    "error_message",
    "errorMessage",
    "error_msg",
    "failReason",
    "fail_reason",
    "reason",
    "title",
];

/// Errors inside errors are followed this far.
const NESTING: usize = 6;

impl Words {
    /// Reads a body of any kind.
    pub(super) fn read(body: &str) -> Self {
        let body = body.trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t']);
        let first = serde_json::Deserializer::from_str(body).into_iter::<Value>().next();
        match first {
            Some(Ok(value)) if !value.is_number() => Self::from_value(&value),
            _ if body.starts_with('<') => Self::from_page(body),
            _ => Self { message: body.trim().to_owned(), ..Self::default() },
        }
    }

    /// Reads an answer's JSON.
    pub(super) fn from_value(value: &Value) -> Self {
        let mut words = Self { is_json: true, ..Self::default() };
        words.take(value, 0);
        words.unpack();
        words
    }

    fn from_page(page: &str) -> Self {
        Self { message: html::title(page), is_page: html::is_page(page), ..Self::default() }
    }

    /// Takes what is not known yet from a value; the outermost word wins, except that an inner code is more telling.
    fn take(&mut self, value: &Value, depth: usize) {
        if depth > NESTING {
            return;
        }
        match value {
            Value::String(text) => set(&mut self.message, text),
            Value::Array(list) => self.take_list(list, depth),
            Value::Object(map) => {
                if let Some(inner) = map.get("error").filter(|inner| !is_empty(inner)) {
                    match (inner, MESSAGE_KEYS.iter().find_map(|key| text_of(map.get(*key)))) {
                        // `{"error":"server_error","message":"…"}`: the first is a code.
                        (Value::String(code), Some(message)) => {
                            set(&mut self.message, &message);
                            set(&mut self.code, code);
                        }
                        _ => self.take(inner, depth + 1),
                    }
                }
                for key in ["inner_error", "innererror", "innerError", "errors", "response", "metadata", "raw"] {
                    if let Some(inner) = map.get(key).filter(|inner| inner.is_object() || inner.is_array()) {
                        self.take(inner, depth + 1);
                    }
                }
                self.take_moderation(map.get("moderation_details"));
                for key in MESSAGE_KEYS {
                    match map.get(key) {
                        Some(inner @ (Value::Object(_) | Value::Array(_))) => self.take(inner, depth + 1),
                        other => set(&mut self.message, &text_of(other).unwrap_or_default()),
                    }
                }
                set(&mut self.code, &text_of(map.get("code").or_else(|| map.get("error_code"))).unwrap_or_default());
                set(&mut self.kind, &text_of(map.get("type")).unwrap_or_default());
                set(&mut self.param, &text_of(map.get("param")).unwrap_or_default());
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// A list of errors; `FastAPI`'s say where each one is.
    fn take_list(&mut self, list: &[Value], depth: usize) {
        for entry in list.iter().take(NESTING) {
            let Some(place) = entry.get("loc").and_then(Value::as_array) else {
                self.take(entry, depth + 1);
                continue;
            };
            let place: Vec<String> = place.iter().filter_map(|part| text_of(Some(part))).collect();
            let name = place.iter().rfind(|part| part.parse::<u32>().is_err()).cloned().unwrap_or_default();
            let text = text_of(entry.get("msg")).unwrap_or_default();
            let joint = if self.message.is_empty() { "" } else { "; " };
            self.message = format!("{}{joint}{name}: {text}", self.message);
            set(&mut self.param, &name);
            set(&mut self.kind, &text_of(entry.get("type")).unwrap_or_default());
        }
    }

    fn take_moderation(&mut self, details: Option<&Value>) {
        let Some(details) = details else { return };
        set(&mut self.stage, &text_of(details.get("moderation_stage")).unwrap_or_default());
        let categories = details.get("categories").and_then(Value::as_array);
        if self.categories.is_empty() {
            self.categories =
                categories.into_iter().flatten().filter_map(|name| text_of(Some(name))).take(12).collect();
        }
    }

    /// A message may itself hold the upstream's JSON or web page.
    fn unpack(&mut self) {
        if let Some(start) = self.message.find('{')
            && let Some(inner) = self.message.get(start..)
            && let Some(Ok(value @ Value::Object(_))) =
                serde_json::Deserializer::from_str(inner).into_iter::<Value>().next()
        {
            let mut upstream = Self::default();
            upstream.take(&value, 1);
            if !upstream.message.is_empty() {
                // A gateway's own code is often only the status; the upstream's says what happened.
                if self.code.is_empty() || self.code.parse::<u16>().is_ok() {
                    self.code = upstream.code;
                }
                set(&mut self.param, &upstream.param);
                set(&mut self.stage, &upstream.stage);
                self.message = upstream.message;
            }
        }
        let lower = self.message.to_ascii_lowercase();
        if let Some(start) = lower.find("<!doctype").or_else(|| lower.find("<html")) {
            let (before, page) = self.message.split_at(start);
            let parts = [before.trim().to_owned(), html::title(page)];
            self.message = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        }
    }

    /// `code` as an HTTP status: gateways put it there when the answer's own status says 200.
    pub(super) fn status(&self) -> Option<u16> {
        self.code.parse().ok().filter(|status| (400..600).contains(status))
    }

    /// Code, type and message in one lower-case text, to look for telling words.
    pub(super) fn haystack(&self) -> String {
        format!("{}\n{}\n{}", self.code, self.kind, self.message).to_lowercase()
    }
}

/// What an answer with a good status says about a failure; `None` when it reports none.
pub(super) fn error_in(value: &Value) -> Option<Words> {
    let error = value.get("error").filter(|error| !is_empty(error));
    let errors = value.get("errors").filter(|errors| !is_empty(errors));
    let is_failed = value.get("success") == Some(&Value::Bool(false))
        || ["status", "type"]
            .iter()
            .any(|key| matches!(value.get(*key).and_then(Value::as_str), Some("failed" | "error")));
    let is_bare = value.get("data").is_none() && (value.get("detail").is_some_and(|detail| !is_empty(detail)));
    (error.is_some() || errors.is_some() || is_failed || is_bare).then(|| Words::from_value(value))
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.values().all(is_empty),
        Value::Bool(true) | Value::Number(_) => false,
    }
}

fn set(place: &mut String, text: &str) {
    if place.is_empty() {
        text.trim().clone_into(place);
    }
}

/// A string or a number as text; anything else is nothing.
fn text_of(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) if !text.trim().is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
