//! What a model takes: sizes, qualities, styles, count, prompt length. Data read from TOML, never code.

use serde::Deserialize;

use super::params::{ResponseFormat, Size};

/// When `n` is put into the JSON.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SendCount {
    /// Only when it is more than one; the API's default is one.
    #[default]
    WhenMany,
    /// Always: some gateways fail without it.
    Always,
}

/// Bounds for sizes beyond the listed ones.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SizeRule {
    /// Both sides are multiples of this many pixels.
    pub multiple: u32,
    /// The longest side in pixels.
    pub max_edge: u32,
    /// The longer side divided by the shorter.
    pub max_ratio: f32,
    /// The fewest pixels in all.
    pub min_pixels: u32,
    /// The most pixels in all.
    pub max_pixels: u32,
}

impl SizeRule {
    /// Why a size breaks the rule, as a sentence; `None` when it fits.
    pub fn problem(&self, width: u32, height: u32) -> Option<String> {
        let Self { multiple, max_edge, max_ratio, min_pixels, max_pixels } = *self;
        let (long, short) = (width.max(height), width.min(height).max(1));
        let pixels = u64::from(width) * u64::from(height);
        if multiple > 1 && (!width.is_multiple_of(multiple) || !height.is_multiple_of(multiple)) {
            Some(format!("Width and height must be multiples of {multiple}"))
        } else if long > max_edge {
            Some(format!("The longer side can be at most {max_edge} pixels"))
        } else if long as f32 / short as f32 > max_ratio {
            Some(format!("The longer side can be at most {max_ratio} times the shorter"))
        } else if pixels < u64::from(min_pixels) {
            Some(format!("Too small: at least {min_pixels} pixels in all, 1024x1024 has 1048576"))
        } else if pixels > u64::from(max_pixels) {
            Some(format!("Too large: at most {max_pixels} pixels in all"))
        } else {
            None
        }
    }
}

/// What one family of models takes. An empty list means the parameter is left out, unless `open`.
#[derive(Clone, Debug, PartialEq)]
pub struct Capability {
    /// Ids it speaks for: lower case, `*` stands for anything.
    pub pattern: String,
    /// Sizes to offer, as the API writes them.
    pub sizes: Vec<Size>,
    /// Bounds for sizes that are not listed; `None`: only the listed ones (unless `open`).
    pub size_rule: Option<SizeRule>,
    /// Qualities to offer.
    pub qualities: Vec<String>,
    /// Styles to offer.
    pub styles: Vec<String>,
    /// The most images one request makes; more go out as several requests.
    pub images_per_request: u8,
    /// The most characters a prompt may have.
    pub prompt_limit: Option<usize>,
    /// Response formats it takes; empty: the key is left out.
    pub response_formats: Vec<ResponseFormat>,
    /// When `n` is sent.
    pub send_count: SendCount,
    /// Values outside the lists are sent as typed: for models nobody has described.
    pub open: bool,
    /// A sentence shown under the model field.
    pub note: Option<String>,
}

impl Capability {
    /// This row speaks for one family; `false` for the last row that takes everything.
    pub fn is_known(&self) -> bool {
        self.pattern != "*"
    }
}

/// All capability rows, most telling pattern first; the last one takes everything.
#[derive(Clone, Debug, PartialEq)]
pub struct Catalogue {
    rows: Vec<Capability>,
    rest: Capability,
}

/// A models file that cannot be used; the sentence names the row.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct CatalogueError(String);

/// The rows shipped with the program.
const SHIPPED: &str = include_str!("../../assets/models.toml");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    model: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: Vec<String>,
    #[serde(default)]
    sizes: Vec<String>,
    size_rule: Option<SizeRule>,
    #[serde(default)]
    qualities: Vec<String>,
    #[serde(default)]
    styles: Vec<String>,
    images_per_request: Option<u8>,
    prompt_limit: Option<usize>,
    #[serde(default)]
    response_formats: Vec<String>,
    #[serde(default)]
    send_n: SendCount,
    #[serde(default)]
    open: bool,
    note: Option<String>,
    /// Where the facts come from, and when they were checked: for readers of the file.
    source: String,
    checked: String,
}

impl Catalogue {
    /// The shipped rows with `extra` (a file of the same form, as text) in front of them.
    pub fn load(extra: Option<&str>) -> Result<Self, CatalogueError> {
        let mut rows = extra.map_or_else(|| Ok(Vec::new()), read_rows)?;
        rows.extend(read_rows(SHIPPED)?);
        match rows.pop() {
            Some(rest) if rest.pattern == "*" => Ok(Self { rows, rest }),
            _ => Err(CatalogueError("The last row must have the id \"*\"".to_owned())),
        }
    }

    /// What a model takes. A `vendor/` prefix is ignored; the first row with the longest fitting pattern wins.
    pub fn find(&self, model: &str) -> &Capability {
        let id = model.trim().to_ascii_lowercase();
        let bare = id.rsplit_once('/').map_or(id.as_str(), |(_, bare)| bare);
        let mut best: Option<&Capability> = None;
        for row in &self.rows {
            let fits = fits(&row.pattern, bare) || fits(&row.pattern, &id);
            if fits && best.is_none_or(|best| row.pattern.len() > best.pattern.len()) {
                best = Some(row);
            }
        }
        best.unwrap_or(&self.rest)
    }
}

fn read_rows(text: &str) -> Result<Vec<Capability>, CatalogueError> {
    let file: File = toml::from_str(text).map_err(|error| CatalogueError(error.to_string()))?;
    let mut rows = Vec::new();
    for row in file.model {
        let problem = |what: &str| CatalogueError(format!("models.toml, row {:?}: {what}", row.id));
        if row.source.trim().is_empty() || row.checked.trim().is_empty() {
            return Err(problem("source and checked must be filled in"));
        }
        let sizes = row.sizes.iter().map(|size| size.parse()).collect::<Result<Vec<Size>, _>>();
        let sizes = sizes.map_err(|error| problem(&error.to_string()))?;
        let formats = row.response_formats.iter().map(|word| word.parse()).collect::<Result<Vec<_>, ()>>();
        let formats = formats.map_err(|()| problem("response_formats are url and b64_json"))?;
        for pattern in &row.id {
            rows.push(Capability {
                pattern: pattern.to_ascii_lowercase(),
                sizes: sizes.clone(),
                size_rule: row.size_rule,
                qualities: row.qualities.clone(),
                styles: row.styles.clone(),
                images_per_request: row.images_per_request.unwrap_or(10).clamp(1, 10),
                prompt_limit: row.prompt_limit,
                response_formats: formats.clone(),
                send_count: row.send_n,
                open: row.open,
                note: row.note.clone(),
            });
        }
    }
    Ok(rows)
}

/// Does `text` fit a pattern in which `*` stands for any run of characters?
fn fits(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(first) = parts.next() else { return false };
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let mut last_was_end = !pattern.contains('*');
    let parts: Vec<&str> = parts.collect();
    for (index, part) in parts.iter().enumerate() {
        if index + 1 == parts.len() {
            return rest.ends_with(part);
        }
        match rest.split_once(part) {
            Some((_, after)) => rest = after,
            None => return false,
        }
        last_was_end = false;
    }
    last_was_end && rest.is_empty()
}

/// Words in a model's id that suggest it makes images.
const IMAGE_WORDS: [&str; 27] = [
    "dall-e",
    "dalle",
    "gpt-image",
    "chatgpt-image",
    "imagen",
    "flux",
    "stable-diffusion",
    "stablediffusion",
    "sdxl",
    "sd3",
    "sd-cpp",
    "seedream",
    "midjourney",
    "mj_",
    "mj-",
    "qwen-image",
    "kolors",
    "cogview",
    "recraft",
    "ideogram",
    "nano-banana",
    "-image",
    "image-",
    "grok-imagine",
    "hidream",
    "playground-v",
    "demo-painter",
];

/// The id looks like an image model's: such ids are listed first. A guess; no list says it for sure.
pub fn looks_like_image_model(id: &str) -> bool {
    let id = id.to_ascii_lowercase();
    IMAGE_WORDS.iter().any(|word| id.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shipped() -> Catalogue {
        Catalogue::load(None).unwrap()
    }

    #[test]
    fn patterns_fit_as_written() {
        assert!(fits("*", ""));
        assert!(fits("a*c", "abc"));
        assert!(fits("a*", "a"));
        assert!(fits("*b*", "abc"));
        assert!(!fits("a", "ab"));
        assert!(!fits("a*c", "ab"));
        assert!(fits("abc", "abc"));
    }

    #[test]
    fn the_shipped_rows_know_the_families() {
        let all = shipped();
        let e3 = all.find("dall-e-3");
        assert_eq!((e3.images_per_request, e3.prompt_limit), (1, Some(4000)));
        assert_eq!(e3.styles, ["vivid", "natural"]);
        assert_eq!(all.find("openai/DALL-E-3").pattern, "dall-e-3");
        assert!(all.find("gpt-image-1.5").styles.is_empty());
        assert!(all.find("gpt-image-1").response_formats.is_empty());
        assert!(all.find("gpt-image-2.6-flare").qualities.contains(&"max".to_owned()));
        assert!(all.find("gpt-image-2").size_rule.is_some());
        assert!(all.find("never-heard-of-it").open);
        assert!(!all.find("never-heard-of-it").is_known());
    }

    #[test]
    fn the_file_in_the_config_folder_wins() {
        let extra = "[[model]]\nid = [\"dall-e-3\"]\nsizes = [\"64x64\"]\nsource = \"me\"\nchecked = \"today\"\n";
        let all = Catalogue::load(Some(extra)).unwrap();
        assert_eq!(all.find("dall-e-3").sizes, ["64x64".parse().unwrap()]);
        assert!(all.find("dall-e-2").sizes.len() > 1);
    }

    #[test]
    fn a_broken_file_is_named() {
        for text in
            ["[[model]", "[[model]]\nid=[\"x\"]", "[[model]]\nid=[\"x\"]\nsizes=[\"big\"]\nsource=\"s\"\nchecked=\"c\""]
        {
            assert!(Catalogue::load(Some(text)).is_err(), "{text}");
        }
    }

    #[test]
    fn free_sizes_are_bounded() {
        let all = shipped();
        let rule = all.find("gpt-image-2").size_rule.unwrap();
        assert_eq!(rule.problem(1536, 864), None);
        assert!(rule.problem(1792, 936).is_some_and(|text| text.contains("16")));
        assert!(rule.problem(4096, 2048).is_some());
        assert!(rule.problem(256, 256).is_some());
        assert!(rule.problem(3840, 1024).is_some());
    }

    #[test]
    fn image_models_are_guessed_by_name() {
        for id in ["dall-e-3", "gpt-image-2", "black-forest-labs/FLUX.1-schnell", "mj_imagine", "demo-painter"] {
            assert!(looks_like_image_model(id), "{id}");
        }
        for id in ["gpt-4o", "text-embedding-3-small", "whisper-1"] {
            assert!(!looks_like_image_model(id), "{id}");
        }
    }
}
