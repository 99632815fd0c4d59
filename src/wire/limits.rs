//! Every bound of the protocol room, each with its reason.

use std::time::Duration;

/// The most bytes of one answer, unpacked. Ten images of the largest kind in base64 are about 850 MB.
pub const BODY_BYTES: u64 = 1024 * 1024 * 1024;

/// The most bytes of one image. 3840 by 2160 pixels of 64 bits each, not compressed at all, are 66.4 MB.
pub const IMAGE_BYTES: usize = 72 * 1024 * 1024;

/// The most bytes of an answer that reports an error; the rest says nothing new.
pub(super) const ERROR_BODY_BYTES: usize = 256 * 1024;

/// How deep JSON may be nested. Real answers need six; `serde_json` stops at 128.
pub(super) const JSON_DEPTH: usize = 64;

/// What is kept of an answer besides its images: usage, errors, names.
pub(super) const SIDE_BYTES: usize = 256 * 1024;

/// The most bytes of one string in the side buffer. Longer ones are cut: they can only be a mistake.
pub(super) const SIDE_STRING_BYTES: usize = 32 * 1024;

/// The longest rewritten prompt or image link. Prompts have at most 32,000 characters, signed links about 2,000.
pub(super) const TEXT_BYTES: usize = 128 * 1024;

/// The most images taken from one answer. Ten can be asked for; the rest is room for servers that send more.
pub(super) const ITEMS: usize = 64;

/// The most bytes of server words that are kept with a failure.
pub(super) const WORDS_BYTES: usize = 2 * 1024;

/// The most characters of server words inside a sentence.
pub(super) const QUOTE_CHARS: usize = 240;

/// The most bytes of a list of models. The longest seen, with prices, was about 2 MB.
pub(super) const MODELS_BYTES: usize = 8 * 1024 * 1024;

/// The most models listed.
pub(super) const MODELS: usize = 10_000;

/// The longest model id taken from a list, in bytes.
pub(super) const MODEL_ID_BYTES: usize = 256;

/// Making a connection: longer than any good network needs, short enough to be told.
pub(super) const CONNECT_LIMIT: Duration = Duration::from_secs(10);

/// Silence in the middle of a body. Event streams pause for as long as one image takes.
pub(super) const IDLE_LIMIT: Duration = Duration::from_mins(3);

/// Listing models, whole.
pub(super) const MODELS_LIMIT: Duration = Duration::from_secs(30);

/// Fetching one image, whole, with every try and redirect.
pub(super) const DOWNLOAD_LIMIT: Duration = Duration::from_mins(5);

/// Tries to fetch one image. A GET costs nothing; the image is paid for.
pub(super) const DOWNLOAD_TRIES: u32 = 3;

/// Before the second try; doubled for each further one.
pub(super) const DOWNLOAD_WAIT: Duration = Duration::from_millis(500);

/// Redirects followed while fetching an image.
pub(super) const REDIRECTS: usize = 5;

/// Reading the body of an error: it is small, and the person waits for the reason.
pub(super) const ERROR_BODY_LIMIT: Duration = Duration::from_secs(15);

/// The longest wait taken from Retry-After.
pub(super) const RETRY_AFTER: Duration = Duration::from_hours(1);

/// A connection kept open without use. Short, so that a request is seldom written into one the server just closed.
pub(super) const POOL_IDLE: Duration = Duration::from_secs(20);

/// Keeps NAT tables and firewalls from forgetting a connection that waits minutes for an image.
pub(super) const TCP_KEEPALIVE: Duration = Duration::from_secs(30);

/// The most response headers.
pub(super) const HEADERS: usize = 100;

/// The most bytes of response headers over HTTP/2.
pub(super) const HEADER_BYTES: u32 = 64 * 1024;
