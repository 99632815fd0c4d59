//! Which path does what.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use hyper::body::Incoming;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};

use super::answer::{Body, Studio, pictures, whole};
use super::order::Order;
use super::refusal::Refusal;
use super::roster;
use super::trouble::Trouble;

/// The largest request body: the longest prompt, many times over.
const BODY_LIMIT: usize = 1024 * 1024;

/// How long a body may take to arrive.
const BODY_TIME: Duration = Duration::from_secs(30);

/// The header that says whose answer this is.
const DEMO_HEADER: (&str, &str) = ("x-demo", "proofsheet");

const FILES: &str = "/v1/images/files/";

/// Answers one request. Any key is accepted, and none.
pub(super) async fn answer(studio: Arc<Studio>, request: Request<Incoming>) -> Result<Response<Body>, Infallible> {
    let mut response = route(studio, request).await.unwrap_or_else(refuse);
    response.headers_mut().insert(HeaderName::from_static(DEMO_HEADER.0), HeaderValue::from_static(DEMO_HEADER.1));
    Ok(response)
}

async fn route(studio: Arc<Studio>, request: Request<Incoming>) -> Result<Response<Body>, Refusal> {
    let path = request.uri().path().trim_end_matches('/').to_owned();
    let method = request.method().clone();
    let only = |right: Method, name: &'static str| {
        if method == right { Ok(()) } else { Err(Refusal::wrong_method(method.as_str(), name)) }
    };
    if path == "/v1/models" {
        only(Method::GET, "GET")?;
        return Ok(reply("application/json", whole(roster::list().to_string())));
    }
    if path == "/v1/images/generations" {
        only(Method::POST, "POST")?;
        return generate(studio, request).await;
    }
    if let Some(name) = path.strip_prefix(FILES) {
        only(Method::GET, "GET")?;
        let missing = || Refusal::unknown_path("GET", &path);
        return studio
            .shelf
            .find(name, Instant::now())
            .map(|bytes| reply("image/png", whole(bytes)))
            .ok_or_else(missing);
    }
    Err(Refusal::unknown_path(method.as_str(), &path))
}

async fn generate(studio: Arc<Studio>, request: Request<Incoming>) -> Result<Response<Body>, Refusal> {
    let key = request.headers().get(AUTHORIZATION).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let body = read(request.into_body()).await?;
    let order = Order::read(&body)?;
    let trouble = Trouble::asked_in(&order.prompt);
    if let Some(trouble) = trouble {
        let second = trouble == Trouble::BusyOnce && studio.shelf.next_turns(&order.prompt, 1) > 0;
        let key = key.as_deref().map(|key| key.strip_prefix("Bearer ").unwrap_or(key));
        if let Some(refusal) = Refusal::for_trouble(trouble, order.model.id, key).filter(|_| !second) {
            return Err(refusal);
        }
    }
    Ok(reply("application/json", pictures(studio, order, trouble)))
}

/// The whole body, within the limits.
async fn read(body: Incoming) -> Result<Bytes, Refusal> {
    let collected = tokio::time::timeout(BODY_TIME, Limited::new(body, BODY_LIMIT).collect()).await;
    match collected {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Refusal::too_large(BODY_LIMIT)),
        Ok(Err(_)) | Err(_) => Err(Refusal::too_late()),
    }
}

fn reply(content_type: &'static str, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

fn refuse(refusal: Refusal) -> Response<Body> {
    let mut response = reply(refusal.content_type, whole(refusal.body));
    *response.status_mut() = refusal.status;
    for (name, value) in refusal.headers {
        // Our own constants: a value that is no header cannot come from outside.
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
    if refusal.status == StatusCode::PAYLOAD_TOO_LARGE {
        response.headers_mut().insert(hyper::header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}
