//! What things are: pure values and rules, with no input or output and no clock.

mod capability;
mod difference;
mod draft;
mod endpoint;
mod failure;
mod glimpse;
mod id;
mod image_facts;
mod key;
mod local_time;
mod mark;
mod naming;
mod params;
mod pixels;
mod request;
mod rewording;
mod run;
mod settings;

pub use capability::{Capability, Catalogue, CatalogueError, SendCount, SizeRule, looks_like_image_model};
pub use difference::Difference;
pub use draft::Draft;
pub use endpoint::{BaseUrl, BaseUrlError, DEFAULT_BASE_URL, DEMO_HOST, Endpoint, EndpointName};
pub use failure::{Failure, FailureKind, UnknownKind};
pub use glimpse::Glimpse;
pub use id::{ImageId, RunId, RunIds};
pub use image_facts::{Format, ImageFacts};
pub use key::{KeyPlace, KeyProblem, Secret, check_key};
pub use local_time::LocalTime;
pub use mark::Mark;
pub use naming::{NameFacts, NamePattern, NamePatternError, folder_stem, numbered, prompt_start};
pub use params::{Count, ModelId, Prompt, ResponseFormat, Size, SizeError};
pub use pixels::{Pixels, PixelsError};
pub use request::{Call, Field, FieldError, PROMPT_MAX_CHARS, Request};
pub use rewording::{Stretch, Wording, rewording};
pub use run::{
    Filter, Found, Narrow, Query, Run, Shared, Slot, Span, Tallies, Timestamp, When, Words, is_unspaced, ranked,
};
pub use settings::{Learned, SaveFormat, Settings, Surround, ThemeChoice};
