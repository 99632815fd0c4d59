//! Errors in the shapes the API family uses.

use hyper::StatusCode;
use serde_json::{Value, json};

use super::order::FieldTrouble;
use super::trouble::Trouble;

/// An answer that is an error: status, headers beyond the usual ones, body.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    /// Extra headers.
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) content_type: &'static str,
    pub(super) body: String,
}

impl Refusal {
    /// `{"error":{"message","type","param","code"}}`; all four keys are always there.
    fn error(status: StatusCode, kind: &str, code: Option<&str>, param: Option<&str>, message: &str) -> Self {
        let body = json!({ "error": { "message": message, "type": kind, "param": param, "code": code } });
        Self::json(status, &body)
    }

    fn json(status: StatusCode, body: &Value) -> Self {
        Self { status, headers: Vec::new(), content_type: "application/json", body: body.to_string() }
    }

    fn page(status: StatusCode, html: &str) -> Self {
        Self { status, headers: Vec::new(), content_type: "text/html; charset=utf-8", body: html.to_owned() }
    }

    fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// 400 for the caller's mistake.
    pub(super) fn invalid(trouble: &FieldTrouble) -> Self {
        let (code, param) = (trouble.code, trouble.param.as_deref());
        Self::error(StatusCode::BAD_REQUEST, "invalid_request_error", code, param, &trouble.message)
    }

    /// 404 for a model nobody serves.
    pub(super) fn unknown_model(model: &str) -> Self {
        let message = format!("The model '{model}' does not exist or you do not have access to it.");
        let code = Some("model_not_found");
        Self::error(StatusCode::NOT_FOUND, "invalid_request_error", code, Some("model"), &message)
    }

    /// 404 for a path nobody serves.
    pub(super) fn unknown_path(method: &str, path: &str) -> Self {
        let message = format!("Invalid URL ({method} {path})");
        Self::error(StatusCode::NOT_FOUND, "invalid_request_error", None, None, &message)
    }

    /// 405 with the method that would be right.
    pub(super) fn wrong_method(method: &str, right: &'static str) -> Self {
        let message = format!("Not allowed to {method} on this path; use {right}.");
        Self::error(StatusCode::METHOD_NOT_ALLOWED, "invalid_request_error", None, None, &message).with("allow", right)
    }

    /// 413: the body passed the limit.
    pub(super) fn too_large(limit: usize) -> Self {
        let message = format!("The request is larger than {limit} bytes.");
        Self::error(StatusCode::PAYLOAD_TOO_LARGE, "invalid_request_error", None, None, &message)
    }

    /// 408: the body did not come in time.
    pub(super) fn too_late() -> Self {
        let message = "The request body did not arrive in time.";
        Self::error(StatusCode::REQUEST_TIMEOUT, "invalid_request_error", None, None, message)
    }

    /// What a trouble answers instead of pictures; `None` for troubles that show only later.
    pub(super) fn for_trouble(trouble: Trouble, model: &str, key: Option<&str>) -> Option<Self> {
        let limit = StatusCode::TOO_MANY_REQUESTS;
        Some(match trouble {
            Trouble::Refused => Self::json(StatusCode::BAD_REQUEST, &moderation()),
            Trouble::NoCredit => {
                let message = "You exceeded your current quota, please check your plan and billing details.";
                Self::error(limit, "insufficient_quota", Some("insufficient_quota"), None, message)
            }
            Trouble::RateLimited | Trouble::BusyOnce => {
                let message = "Rate limit reached for images per minute. Please try again in 2s.";
                Self::error(limit, "requests", Some("rate_limit_exceeded"), None, message).with("retry-after", "2")
            }
            Trouble::BadKey => {
                let shown = key.map_or_else(|| "(none)".to_owned(), half_hidden);
                let message =
                    format!("Incorrect API key provided: {shown}. You can find your API key in your account.");
                let code = Some("invalid_api_key");
                Self::error(StatusCode::UNAUTHORIZED, "invalid_request_error", code, None, &message)
                    .with("www-authenticate", "Bearer")
            }
            Trouble::Forbidden => {
                let message = format!("Your organization must be verified to use the model `{model}`.");
                Self::error(StatusCode::FORBIDDEN, "invalid_request_error", None, None, &message)
            }
            Trouble::NoModel => {
                let message = format!("The model '{model}' does not exist.");
                Self::error(StatusCode::BAD_REQUEST, "image_generation_user_error", None, None, &message)
            }
            Trouble::ServerError => {
                let message = "The server had an error while processing your request. Sorry about that!";
                let code = Some("server_error");
                Self::error(StatusCode::INTERNAL_SERVER_ERROR, "server_error", code, None, message)
            }
            Trouble::ServerBusy => {
                let message = "The engine is currently overloaded, please try again later.";
                let code = Some("server_is_overloaded");
                Self::error(StatusCode::SERVICE_UNAVAILABLE, "server_error", code, None, message)
                    .with("retry-after", "5")
            }
            Trouble::ProxyTimeout => Self::page(
                StatusCode::GATEWAY_TIMEOUT,
                "<html>\n<head><title>504 Gateway Time-out</title></head>\n<body><center><h1>504 Gateway Time-out</h1></center></body>\n</html>",
            ),
            Trouble::WebPage => Self::page(
                StatusCode::OK,
                "<!doctype html><html><head><title>Welcome to the demo gateway</title></head><body>Sign in</body></html>",
            ),
            Trouble::Moved => Self::page(StatusCode::TEMPORARY_REDIRECT, "")
                .with("location", "https://moved.invalid/v1/images/generations"),
            Trouble::ErrorInside => {
                let message = "The upstream server did not answer.";
                Self::error(StatusCode::OK, "upstream_error", Some("bad_response_status_code"), None, message)
            }
            Trouble::Slow
            | Trouble::CutOff
            | Trouble::NotAnImage
            | Trouble::Damaged
            | Trouble::Fewer
            | Trouble::NoImages
            | Trouble::EmptySlot
            | Trouble::LostFile
            | Trouble::OtherSize => return None,
        })
    }
}

fn moderation() -> Value {
    json!({ "error": {
        "message": "Your request was rejected by the safety system.",
        "type": "image_generation_user_error",
        "param": null,
        "code": "moderation_blocked",
        "moderation_details": { "moderation_stage": "input", "categories": ["violence"] },
    } })
}

/// A key as providers repeat it: a few characters at both ends.
fn half_hidden(key: &str) -> String {
    let letters: Vec<char> = key.chars().collect();
    let start: String = letters.iter().take(4).collect();
    let end: String = letters.iter().rev().take(4).rev().collect();
    if letters.len() > 8 { format!("{start}****{end}") } else { "****".to_owned() }
}
