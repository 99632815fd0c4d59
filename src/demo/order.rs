//! Reading a request as strictly as the real servers do.

use serde_json::{Map, Value};

use super::refusal::Refusal;
use super::roster::{DEFAULT_MODEL, Model, find};

/// How pictures are handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// As addresses.
    Url,
    /// In base64.
    Base64,
}

/// A request that can be painted.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Order {
    pub(super) model: &'static Model,
    pub(super) prompt: String,
    pub(super) count: u32,
    /// As the request said it, or the default.
    pub(super) size: String,
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) quality: String,
    pub(super) style: Option<String>,
    pub(super) form: Form,
}

/// A parameter the server does not accept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FieldTrouble {
    pub(super) code: Option<&'static str>,
    pub(super) param: Option<String>,
    pub(super) message: String,
}

impl FieldTrouble {
    fn new(code: &'static str, param: &str, message: String) -> Self {
        Self { code: Some(code), param: Some(param.to_owned()), message }
    }
}

/// Parameters every model of pictures knows; `style` and `response_format` depend on the model.
const KNOWN: [&str; 6] = ["prompt", "model", "n", "size", "quality", "user"];

/// What `auto` becomes.
const AUTO: (u32, u32) = (1024, 1024);

impl Order {
    /// Reads a body; the error is the answer to send.
    pub(super) fn read(body: &[u8]) -> Result<Self, Refusal> {
        let unreadable = || FieldTrouble {
            code: None,
            param: None,
            message: "We could not parse the JSON body of your request. The API expects a JSON object.".to_owned(),
        };
        let Ok(Value::Object(fields)) = serde_json::from_slice(body) else {
            return Err(Refusal::invalid(&unreadable()));
        };
        let model_id = text(&fields, "model").map_err(|trouble| Refusal::invalid(&trouble))?.unwrap_or(DEFAULT_MODEL);
        let model = find(model_id).ok_or_else(|| Refusal::unknown_model(model_id))?;
        Self::for_model(model, &fields).map_err(|trouble| Refusal::invalid(&trouble))
    }

    fn for_model(model: &'static Model, fields: &Map<String, Value>) -> Result<Self, FieldTrouble> {
        if model.most_images == 0 {
            let message = format!("The model '{}' does not make images on this path.", model.id);
            return Err(FieldTrouble::new("invalid_value", "model", message));
        }
        for name in fields.keys() {
            let takes = KNOWN.contains(&name.as_str())
                || (name == "style" && !model.styles.is_empty())
                || (name == "response_format" && model.default_form.is_some());
            if !takes {
                return Err(FieldTrouble::new("unknown_parameter", name, format!("Unknown parameter: '{name}'.")));
            }
        }
        let prompt = text(fields, "prompt")?.unwrap_or_default().trim();
        if prompt.is_empty() {
            let message = "Missing required parameter: 'prompt'.".to_owned();
            return Err(FieldTrouble::new("missing_required_parameter", "prompt", message));
        }
        let letters = prompt.chars().count();
        if letters > model.prompt_limit {
            let message = format!("Prompt must be length {} or less, but is {letters}.", model.prompt_limit);
            return Err(FieldTrouble::new("string_above_max_length", "prompt", message));
        }
        let size = choice(fields, "size", model.sizes)?;
        let (width, height) = sides(size).unwrap_or(AUTO);
        let style =
            if fields.contains_key("style") { Some(choice(fields, "style", model.styles)?.to_owned()) } else { None };
        let form = match model.default_form {
            Some(usual) if !fields.contains_key("response_format") => usual,
            Some(_) if choice(fields, "response_format", &["url", "b64_json"])? == "url" => Form::Url,
            _ => Form::Base64,
        };
        Ok(Self {
            model,
            prompt: prompt.to_owned(),
            count: count(fields, model.most_images)?,
            size: size.to_owned(),
            width,
            height,
            quality: choice(fields, "quality", model.qualities)?.to_owned(),
            style,
            form,
        })
    }
}

fn sides(size: &str) -> Option<(u32, u32)> {
    let (width, height) = size.split_once('x')?;
    Some((width.parse().ok()?, height.parse().ok()?))
}

/// A field that must be a string when it is there at all.
fn text<'a>(fields: &'a Map<String, Value>, name: &str) -> Result<Option<&'a str>, FieldTrouble> {
    match fields.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(other) => Err(wrong_type(name, "a string", other)),
    }
}

fn wrong_type(name: &str, wanted: &str, got: &Value) -> FieldTrouble {
    let got = match got {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    };
    let message = format!("Invalid type for '{name}': expected {wanted}, but got {got} instead.");
    FieldTrouble::new("invalid_type", name, message)
}

/// One of a list; the first when the field is not there.
fn choice<'a>(fields: &'a Map<String, Value>, name: &str, choices: &[&'a str]) -> Result<&'a str, FieldTrouble> {
    let Some(said) = text(fields, name)? else { return Ok(choices.first().copied().unwrap_or_default()) };
    if choices.contains(&said) {
        return Ok(said);
    }
    let listed: Vec<String> = choices.iter().map(|choice| format!("'{choice}'")).collect();
    let message = format!("Invalid value: '{said}'. Supported values are: {}.", listed.join(", "));
    Err(FieldTrouble::new("invalid_value", name, message))
}

fn count(fields: &Map<String, Value>, most: u32) -> Result<u32, FieldTrouble> {
    let Some(value) = fields.get("n") else { return Ok(1) };
    let Some(number) = value.as_i64() else { return Err(wrong_type("n", "an integer", value)) };
    if number < 1 {
        let message =
            format!("Invalid 'n': integer below minimum value. Expected a value >= 1, but got {number} instead.");
        return Err(FieldTrouble::new("integer_below_min_value", "n", message));
    }
    u32::try_from(number).ok().filter(|&number| number <= most).ok_or_else(|| {
        let message =
            format!("Invalid 'n': integer above maximum value. Expected a value <= {most}, but got {number} instead.");
        FieldTrouble::new("integer_above_max_value", "n", message)
    })
}
