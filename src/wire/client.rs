//! The HTTP clients: one with the key for the endpoint, one without any for images.

#[cfg(test)]
mod tests;

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Method, NoProxy, Proxy, RequestBuilder, redirect, retry};
use url::Url;

use super::address::Guard;
use super::cause::cause;
use super::departure::{Departure, watched};
use super::exchange::Exchange;
use super::fault::told;
use super::limits::{CONNECT_LIMIT, HEADER_BYTES, HEADERS, IDLE_LIMIT, MODELS_LIMIT, POOL_IDLE, TCP_KEEPALIVE};
use super::models::{self, Model};
use super::question::Question;
use crate::domain::{BaseUrl, Failure, FailureKind, Secret};

/// How the clients are made. Not printable: a proxy address may hold a password.
#[derive(Clone)]
pub struct ClientOptions {
    /// A proxy for everything but this computer: http, https or socks5; `None` takes the system's.
    pub proxy: Option<String>,
    /// The longest wait for a connection.
    pub connect_limit: Duration,
    /// The longest silence inside a body.
    pub idle_limit: Duration,
}

impl Default for ClientOptions {
    fn default() -> Self {
        Self { proxy: None, connect_limit: CONNECT_LIMIT, idle_limit: IDLE_LIMIT }
    }
}

/// Where to send a request, and on what terms.
#[derive(Clone)]
pub struct Target {
    /// The endpoint's address.
    pub base: BaseUrl,
    /// The key; goes to this address and nowhere else.
    pub key: Option<Secret>,
    /// From sending to the last byte of the answer.
    pub time_limit: Duration,
    /// The person agreed that the key travels readable to this host.
    pub plain_http_agreed: bool,
}

impl Target {
    /// The question that asks this target for `images` images, to read its answer with.
    pub fn question(&self, model: &str, images: u8) -> Question {
        Question { base: self.base.clone(), key: self.key.clone(), model: model.to_owned(), images }
    }
}

/// The ways out. Each has its own connections: what may go one way is never sent another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// To endpoints.
    Api,
    /// To an endpoint on this computer: never through a proxy.
    ApiHere,
    /// To images on the open internet only.
    Images,
    /// To images of an endpoint on the own network.
    ImagesNear,
    /// To images on this computer.
    ImagesHere,
}

/// All clients. Cheap to share behind an `Arc`; connections are kept between calls for a short while.
pub struct Client {
    options: ClientOptions,
    guard: Guard,
    ways: [OnceLock<reqwest::Client>; 5],
}

impl Client {
    /// Makes the clients. Fails when the proxy's address is none, or the system's certificates cannot be read.
    pub fn new(options: &ClientOptions) -> Result<Self, Failure> {
        let client = Self { options: options.clone(), guard: Guard::default(), ways: Default::default() };
        client.way(Way::Api)?;
        Ok(client)
    }

    /// The guard of [`Way::Images`].
    pub(super) const fn guard(&self) -> &Guard {
        &self.guard
    }

    /// The longest silence inside a body.
    pub(super) const fn idle_limit(&self) -> Duration {
        self.options.idle_limit
    }

    /// The client for a way out, made when first used: reading the system's certificates takes a while.
    pub(super) fn way(&self, way: Way) -> Result<&reqwest::Client, Failure> {
        let [api, api_here, images, images_near, images_here] = &self.ways;
        let place = match way {
            Way::Api => api,
            Way::ApiHere => api_here,
            Way::Images => images,
            Way::ImagesNear => images_near,
            Way::ImagesHere => images_here,
        };
        if let Some(client) = place.get() {
            return Ok(client);
        }
        let client = self.build(way)?;
        Ok(place.get_or_init(|| client))
    }

    fn build(&self, way: Way) -> Result<reqwest::Client, Failure> {
        let mut builder = reqwest::Client::builder()
            .user_agent(concat!("proofsheet/", env!("CARGO_PKG_VERSION")))
            // A redirected POST would become a GET, and a key must not follow; images follow redirects by hand.
            .redirect(redirect::Policy::none())
            // What is sent again is decided where the money is counted.
            .retry(retry::never())
            .referer(false)
            .connect_timeout(self.options.connect_limit)
            .pool_idle_timeout(POOL_IDLE)
            .tcp_keepalive(TCP_KEEPALIVE)
            .http1_max_headers(HEADERS)
            .http2_max_header_list_size(HEADER_BYTES);
        if matches!(way, Way::ApiHere | Way::ImagesHere) {
            builder = builder.no_proxy();
        } else if let Some(address) = self.options.proxy.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
            let proxy = Proxy::all(address).map_err(|error| {
                let sentence = "The proxy in Preferences is no address; it looks like http://host:3128.";
                Failure::free(FailureKind::InvalidRequest, sentence).with_detail(error.without_url().to_string())
            })?;
            builder = builder.proxy(proxy.no_proxy(NoProxy::from_env()));
        }
        if way == Way::Images {
            builder = builder.dns_resolver(self.guard.clone());
        }
        builder.build().map_err(|error| {
            let sentence = "Secure connections cannot be made on this computer; its trusted certificates are missing.";
            Failure::free(FailureKind::Unreachable, sentence).with_detail(error.without_url().to_string())
        })
    }

    /// Makes a request for images ready. An error here means that nothing will be sent.
    pub fn prepare(&self, target: &Target, body: Vec<u8>) -> Result<Outgoing, Failure> {
        let question = target.question("", 1);
        let request = self.request(Method::POST, target.base.generations(), target, &question)?;
        let (body, departure) = watched(body);
        let request = request.header(CONTENT_TYPE, "application/json").body(body);
        Ok(Outgoing { departure, ..self.outgoing(request, target.time_limit, question) })
    }

    const fn outgoing(&self, request: RequestBuilder, limit: Duration, question: Question) -> Outgoing {
        Outgoing { request, question, limit, idle_limit: self.options.idle_limit, departure: None }
    }

    /// Lists the endpoint's models, likely image models first. Costs nothing.
    pub async fn models(&self, target: &Target) -> Result<Vec<Model>, Failure> {
        let question = Question::about_models(target.base.clone(), target.key.clone());
        let request = self.request(Method::GET, target.base.models(), target, &question)?;
        let limit = target.time_limit.min(MODELS_LIMIT);
        let exchange = self.outgoing(request, limit, question.clone()).send().await?;
        models::read(exchange, &question).await
    }

    fn request(
        &self,
        method: Method,
        url: Url,
        target: &Target,
        question: &Question,
    ) -> Result<RequestBuilder, Failure> {
        let base = &target.base;
        let way = if base.is_loopback() { Way::ApiHere } else { Way::Api };
        let request = self.way(way)?.request(method, url).header(ACCEPT, "application/json");
        let Some(key) = &target.key else { return Ok(request) };
        if base.is_plain_http() && !base.is_loopback() && !target.plain_http_agreed {
            let what = format!(
                "The address of {} begins with http://: everyone on the way could read the key, so it was not sent.",
                base.host()
            );
            let now = "Use https://, or allow plain http for this endpoint in Preferences.";
            return Err(told(FailureKind::WrongAddress, &what, false, now, question));
        }
        let Ok(mut value) = HeaderValue::from_str(&format!("Bearer {}", key.expose())) else {
            let what = "The key has a character that cannot be sent.";
            let now = "Copy it once more from the provider's page.";
            return Err(told(FailureKind::KeyRejected, what, false, now, question));
        };
        value.set_sensitive(true);
        Ok(request.header(AUTHORIZATION, value))
    }
}

/// A request that has passed this program's own checks.
pub struct Outgoing {
    request: RequestBuilder,
    question: Question,
    limit: Duration,
    idle_limit: Duration,
    departure: Option<Departure>,
}

impl Outgoing {
    /// Becomes ready when the request goes out; can be had once.
    pub const fn departure(&mut self) -> Option<Departure> {
        self.departure.take()
    }

    /// Sends it, once. An error here came before any byte of an answer.
    pub async fn send(self) -> Result<Exchange, Failure> {
        let Self { request, question, limit, idle_limit, departure: _ } = self;
        let started = Instant::now();
        match tokio::time::timeout(limit, request.send()).await {
            Ok(Ok(response)) => Ok(Exchange::new(response, question, started, limit, idle_limit)),
            Ok(Err(error)) => Err(cause(error, &question.base.host(), &question)),
            Err(_) => Err(super::exchange::timed_out(&question, limit)),
        }
    }
}
