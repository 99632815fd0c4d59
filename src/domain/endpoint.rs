//! A named server profile and the address it is reached at. Names a key, never holds one.

use std::fmt;
use std::sync::Arc;

use url::{Host, Url};

/// The endpoint's name; its key lives in the keyring under this name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EndpointName(Arc<str>);

impl EndpointName {
    /// The name without surrounding white space; `None` when empty, longer than 100 bytes, or with control characters.
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        (!text.is_empty() && text.len() <= 100 && !text.chars().any(char::is_control)).then(|| Self(text.into()))
    }

    /// The built-in demo endpoint.
    pub fn demo() -> Self {
        Self("Demo".into())
    }

    /// This is the built-in demo endpoint.
    pub fn is_demo(&self) -> bool {
        self.as_str() == "Demo"
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EndpointName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The address the program was ordered for.
pub const DEFAULT_BASE_URL: &str = "https://ramclouds.me/v1";

/// What the demo endpoint is called where others are called by their host.
pub const DEMO_HOST: &str = "the demo endpoint";

/// A server's address up to and without `/images/generations`, repaired from what people paste.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BaseUrl {
    url: Url,
    /// It leads to the demo endpoint of this program, whose port says nothing to anybody.
    is_demo: bool,
}

/// Why a text is no base URL; each is a sentence for the field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BaseUrlError {
    /// Nothing was typed.
    #[error("Enter the server's address, like https://ramclouds.me/v1")]
    Empty,
    /// Not readable as an address.
    #[error("This is not a web address. It looks like https://ramclouds.me/v1")]
    NotAnAddress,
    /// Neither http nor https.
    #[error("The address must begin with https:// or http://")]
    Scheme,
    /// A name or password before the host.
    #[error("Leave the name and password out of the address; the key goes into its own field")]
    Credentials,
}

/// Paths that people paste although they belong to one call; cut from the end.
const CALL_PATHS: [&str; 6] =
    ["/images/generations", "/images/edits", "/images/variations", "/chat/completions", "/models", "/images"];

impl BaseUrl {
    /// Reads an address as people paste it: with or without scheme, `/v1`, trailing slash or the full call path.
    ///
    /// A bare host gets `https://` (`http://` when it is this computer) and `/v1`; a path that is there is kept.
    pub fn parse(text: &str) -> Result<Self, BaseUrlError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(BaseUrlError::Empty);
        }
        if text.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return Err(BaseUrlError::NotAnAddress);
        }
        let full = match text.split_once("://") {
            Some(_) => text.to_owned(),
            None => format!("{}://{text}", if is_local_text(text) { "http" } else { "https" }),
        };
        let Ok(mut url) = Url::parse(&full) else { return Err(BaseUrlError::NotAnAddress) };
        if !matches!(url.scheme(), "http" | "https") {
            return Err(BaseUrlError::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(BaseUrlError::Credentials);
        }
        let Some(host) = url.host_str() else { return Err(BaseUrlError::NotAnAddress) };
        let named = matches!(url.host(), Some(Host::Domain(_)));
        let dotted = host.contains('.') || host == "localhost" || text.contains("://") || url.port().is_some();
        if named && !dotted {
            return Err(BaseUrlError::NotAnAddress);
        }
        url.set_query(None);
        url.set_fragment(None);
        let mut path = url.path().trim_end_matches('/').to_owned();
        for call in CALL_PATHS {
            if let Some(rest) = path.strip_suffix(call) {
                path = rest.trim_end_matches('/').to_owned();
                break;
            }
        }
        if path.is_empty() {
            "/v1".clone_into(&mut path);
        }
        url.set_path(&path);
        Ok(Self { url, is_demo: false })
    }

    /// `{base}/images/generations`.
    pub fn generations(&self) -> Url {
        self.join("images/generations")
    }

    /// `{base}/models`.
    pub fn models(&self) -> Url {
        self.join("models")
    }

    fn join(&self, call: &str) -> Url {
        let mut url = self.url.clone();
        url.set_path(&format!("{}/{call}", self.url.path().trim_end_matches('/')));
        url
    }

    /// The base itself.
    pub const fn url(&self) -> &Url {
        &self.url
    }

    /// The address of the demo endpoint: it is called so.
    #[must_use]
    pub const fn of_demo(mut self) -> Self {
        self.is_demo = true;
        self
    }

    /// It leads to the demo endpoint.
    pub const fn is_demo(&self) -> bool {
        self.is_demo
    }

    /// Host and, when unusual, port: what the status bar shows.
    pub fn host(&self) -> String {
        if self.is_demo {
            return DEMO_HOST.to_owned();
        }
        let host = self.url.host_str().unwrap_or_default();
        self.url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// The server is this computer.
    pub fn is_loopback(&self) -> bool {
        match self.url.host() {
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            None => false,
        }
    }

    /// Sent in the clear.
    pub fn is_plain_http(&self) -> bool {
        self.url.scheme() == "http"
    }
}

fn is_local_text(text: &str) -> bool {
    text.starts_with("localhost") || text.starts_with("127.") || text.starts_with("[::1]")
}

/// The base as text, without a trailing slash.
impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.url.as_str().trim_end_matches('/'))
    }
}

/// A named server profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    /// Its name, unique among endpoints.
    pub name: EndpointName,
    /// Its address as typed; `None` from [`Endpoint::base`] when it is no address.
    pub base_url: String,
    /// The model a new draft starts with.
    pub default_model: String,
    /// Requests at once, 1 to [`Endpoint::REQUESTS_MAX`].
    pub requests_at_once: u8,
    /// Give up on a request after this many seconds.
    pub time_limit_secs: u32,
    /// The person agreed to send the key in the clear to this host.
    pub plain_http_agreed: bool,
}

impl Endpoint {
    /// The most requests sent side by side: more only earns rate limits.
    pub const REQUESTS_MAX: u8 = 10;
    /// Requests at once unless chosen.
    pub const REQUESTS_DEFAULT: u8 = 4;
    /// Ten minutes: relays measure up to five for one high-quality image, and giving up early still costs money.
    pub const TIME_LIMIT_DEFAULT_SECS: u32 = 600;

    /// The built-in demo endpoint; its address is known once it runs, so this one is only a stand-in.
    pub fn demo() -> Self {
        Self {
            name: EndpointName::demo(),
            base_url: "http://127.0.0.1/v1".to_owned(),
            default_model: "demo-painter".to_owned(),
            ..Self::default()
        }
    }

    /// The address, when it is one.
    pub fn base(&self) -> Result<BaseUrl, BaseUrlError> {
        BaseUrl::parse(&self.base_url)
    }
}

impl Default for Endpoint {
    fn default() -> Self {
        Self {
            name: EndpointName("ramclouds.me".into()),
            base_url: DEFAULT_BASE_URL.to_owned(),
            default_model: "dall-e-3".to_owned(),
            requests_at_once: Self::REQUESTS_DEFAULT,
            time_limit_secs: Self::TIME_LIMIT_DEFAULT_SECS,
            plain_http_agreed: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, generations: &str) {
        let base = BaseUrl::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(base.generations().as_str(), generations, "{text}");
    }

    #[test]
    fn addresses_are_taken_as_people_paste_them() {
        let want = "https://ramclouds.me/v1/images/generations";
        for text in [
            "https://ramclouds.me/v1",
            "https://ramclouds.me/v1/",
            "https://ramclouds.me",
            "https://ramclouds.me/",
            "ramclouds.me",
            " ramclouds.me/v1 ",
            "ramclouds.me/v1/images/generations",
            "https://ramclouds.me/v1/images/generations/",
            "https://ramclouds.me/v1/models",
            "https://ramclouds.me/v1/chat/completions",
            "HTTPS://RAMCLOUDS.ME/v1?key=1#top",
        ] {
            check(text, want);
        }
        check("localhost:8080", "http://localhost:8080/v1/images/generations");
        check("127.0.0.1:8080/v1/", "http://127.0.0.1:8080/v1/images/generations");
        check("http://[::1]:9/x", "http://[::1]:9/x/images/generations");
        check("https://openrouter.ai/api/v1", "https://openrouter.ai/api/v1/images/generations");
        check("https://host.example/v1/openai", "https://host.example/v1/openai/images/generations");
        check("gateway:3000", "https://gateway:3000/v1/images/generations");
    }

    #[test]
    fn what_is_no_address_says_why() {
        for (text, error) in [
            ("", BaseUrlError::Empty),
            ("   ", BaseUrlError::Empty),
            ("not a url", BaseUrlError::NotAnAddress),
            ("hello", BaseUrlError::NotAnAddress),
            ("https://", BaseUrlError::NotAnAddress),
            ("ftp://host.example", BaseUrlError::Scheme),
            ("file:///etc/passwd", BaseUrlError::Scheme),
            ("https://me:secret@host.example/v1", BaseUrlError::Credentials),
        ] {
            assert_eq!(BaseUrl::parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn loopback_is_told_from_the_rest() {
        assert!(BaseUrl::parse("http://localhost:1/v1").unwrap().is_loopback());
        assert!(BaseUrl::parse("127.0.0.1").unwrap().is_loopback());
        assert!(!BaseUrl::parse("https://localhost.example.com").unwrap().is_loopback());
    }
}
