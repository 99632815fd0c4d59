//! A checked, complete request; only `Draft::check` makes one.

use super::capability::{Capability, SendCount};
use super::draft::Draft;
use super::params::{Count, ModelId, Prompt, ResponseFormat, Size};

/// A place in a form, to put a sentence beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// The prompt box.
    Prompt,
    /// The model.
    Model,
    /// The size.
    Size,
    /// The quality.
    Quality,
    /// The style.
    Style,
    /// How many images.
    Images,
    /// URL or base64.
    ResponseFormat,
}

impl Field {
    /// The field's name in the window and on the command line.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Prompt => "Prompt",
            Self::Model => "Model",
            Self::Size => "Size",
            Self::Quality => "Quality",
            Self::Style => "Style",
            Self::Images => "Images",
            Self::ResponseFormat => "Response format",
        }
    }
}

/// What is wrong with one field, as a sentence.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}: {sentence}", .field.label())]
pub struct FieldError {
    /// Where.
    pub field: Field,
    /// What, and what would be right.
    pub sentence: String,
}

/// A prompt longer than any model reads, in characters: guards models with no known limit.
pub const PROMPT_MAX_CHARS: usize = 100_000;

/// A checked, complete draft.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Request {
    /// What to paint.
    pub prompt: Prompt,
    /// By which model.
    pub model: ModelId,
    /// How large; `None` leaves it to the server.
    pub size: Option<Size>,
    /// `None` leaves the key out.
    pub quality: Option<String>,
    /// `None` leaves the key out.
    pub style: Option<String>,
    /// How many images in all.
    pub images: Count,
    /// `None` leaves the key out.
    pub response_format: Option<ResponseFormat>,
    /// The most images one call asks for, 1 to 10.
    pub per_call: u8,
    /// When `n` is written.
    pub send_count: SendCount,
    /// Parameters that were chosen but that the model or endpoint does not take.
    pub left_out: Vec<String>,
}

/// One HTTP request of a run: the places in the run, from 0, of the images it asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// At least one place.
    pub slots: Vec<u16>,
}

impl Request {
    /// The HTTP requests that fill these places: one, or several side by side when one makes too few images.
    pub fn calls(&self, slots: &[u16]) -> Vec<Call> {
        let per_call = usize::from(self.per_call.clamp(1, Count::MAX));
        slots.chunks(per_call).map(|slots| Call { slots: slots.to_vec() }).collect()
    }

    /// Every place of a whole run.
    pub fn all_slots(&self) -> Vec<u16> {
        (0..u16::from(self.images.get())).collect()
    }
}

impl Draft {
    /// Checks every field against what the model takes.
    ///
    /// `learned` are parameters this endpoint refused for this model before: they are left out, and `n` among them
    /// means one image a call. All problems are returned, in the order of the form.
    pub fn check(&self, model: &Capability, learned: &[&str]) -> Result<Request, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut left_out = Vec::new();
        let mut fail = |field, sentence: String| errors.push(FieldError { field, sentence });

        let prompt = Prompt::new(&self.prompt);
        let limit = model.prompt_limit.unwrap_or(PROMPT_MAX_CHARS);
        match &prompt {
            None => fail(Field::Prompt, "Write what the images should show".to_owned()),
            Some(prompt) => {
                let length = prompt.as_str().chars().count();
                if length > limit {
                    fail(Field::Prompt, format!("{length} characters; {} takes at most {limit}", self.model.trim()));
                }
            }
        }
        let model_id = ModelId::new(&self.model);
        if model_id.is_none() {
            fail(Field::Model, "Choose a model or type its id".to_owned());
        }
        let size = check_size(&self.size, model).unwrap_or_else(|sentence| {
            fail(Field::Size, sentence);
            None
        });
        let quality = check_word(&self.quality, &model.qualities, model).unwrap_or_else(|sentence| {
            fail(Field::Quality, sentence);
            None
        });
        let style = check_word(&self.style, &model.styles, model).unwrap_or_else(|sentence| {
            fail(Field::Style, sentence);
            None
        });
        let images = Count::new(self.images);
        if images.is_none() {
            fail(Field::Images, format!("{} images; ask for 1 to {}", self.images, Count::MAX));
        }
        let format = match self.response_format.trim() {
            "" => None,
            word => word.parse::<ResponseFormat>().map_or_else(
                |()| {
                    fail(Field::ResponseFormat, "It is url or b64_json".to_owned());
                    None
                },
                Some,
            ),
        };

        let (Some(prompt), Some(model_id), Some(images), true) = (prompt, model_id, images, errors.is_empty()) else {
            return Err(errors);
        };
        let takes = |name: &str, applies: bool| applies && !learned.contains(&name);
        let mut keep = |name: &str, chosen: bool, applies: bool| {
            let keeps = chosen && takes(name, applies);
            if chosen && !keeps {
                left_out.push(name.to_owned());
            }
            keeps
        };
        let has_sizes = model.open || !model.sizes.is_empty() || model.size_rule.is_some();
        let size = size.filter(|_| keep("size", true, has_sizes));
        let quality = quality.filter(|_| keep("quality", true, model.open || !model.qualities.is_empty()));
        let style = style.filter(|_| keep("style", true, model.open || !model.styles.is_empty()));
        let format = format
            .filter(|format| keep("response_format", true, model.open || model.response_formats.contains(format)));
        let per_call = if learned.contains(&"n") { 1 } else { model.images_per_request };
        let send_count = if learned.contains(&"n") { SendCount::WhenMany } else { model.send_count };
        Ok(Request {
            prompt,
            model: model_id,
            size,
            quality,
            style,
            images,
            response_format: format,
            per_call,
            send_count,
            left_out,
        })
    }
}

fn check_size(text: &str, model: &Capability) -> Result<Option<Size>, String> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let size: Size = text.parse().map_err(|error| format!("{error}"))?;
    let unlisted = !model.open && !model.sizes.contains(&size);
    match (unlisted, model.size_rule, size) {
        (true, Some(rule), Size::Exact { width, height }) => match rule.problem(width, height) {
            Some(sentence) => Err(sentence),
            None => Ok(Some(size)),
        },
        (true, _, _) if !model.sizes.is_empty() => {
            let sizes: Vec<String> = model.sizes.iter().map(ToString::to_string).collect();
            Err(format!("{size} is not among the sizes of this model: {}", sizes.join(", ")))
        }
        _ => Ok(Some(size)),
    }
}

/// A word from a list. A list that is empty takes any word: `check` then leaves the parameter out.
fn check_word(text: &str, list: &[String], model: &Capability) -> Result<Option<String>, String> {
    let word = text.trim();
    if word.is_empty() {
        Ok(None)
    } else if model.open || list.is_empty() || list.iter().any(|known| known == word) {
        Ok(Some(word.to_owned()))
    } else {
        Err(format!("{word:?} is not among the values of this model: {}", list.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use super::super::capability::Catalogue;
    use super::*;

    fn draft(model: &str) -> Draft {
        Draft { prompt: "a fox".to_owned(), model: model.to_owned(), ..Draft::default() }
    }

    #[track_caller]
    fn check(draft: &Draft) -> Result<Request, Vec<FieldError>> {
        let all = Catalogue::load(None).unwrap();
        draft.check(all.find(&draft.model), &[])
    }

    #[track_caller]
    fn fails_at(draft: &Draft, field: Field) {
        let errors = check(draft).expect_err("must not pass");
        assert_eq!(errors.iter().map(|error| error.field).collect::<Vec<_>>(), [field], "{errors:?}");
    }

    #[test]
    fn a_good_draft_passes_whole() {
        let draft = Draft {
            size: "1792x1024".to_owned(),
            quality: "hd".to_owned(),
            style: "natural".to_owned(),
            response_format: "b64_json".to_owned(),
            ..draft("dall-e-3")
        };
        let request = check(&draft).unwrap();
        assert_eq!(request.size, Some(Size::Exact { width: 1792, height: 1024 }));
        assert_eq!((request.quality.as_deref(), request.style.as_deref()), (Some("hd"), Some("natural")));
        assert_eq!(request.response_format, Some(ResponseFormat::B64Json));
        assert_eq!(request.calls(&request.all_slots()).len(), 4);
        assert!(request.left_out.is_empty());
    }

    #[test]
    fn each_field_names_its_own_problem() {
        fails_at(&Draft { prompt: "  ".to_owned(), ..draft("dall-e-3") }, Field::Prompt);
        fails_at(&Draft { prompt: "x".repeat(4001), ..draft("dall-e-3") }, Field::Prompt);
        fails_at(&Draft { model: " ".to_owned(), ..draft("x") }, Field::Model);
        fails_at(&Draft { size: "640x480".to_owned(), ..draft("dall-e-3") }, Field::Size);
        fails_at(&Draft { size: "big".to_owned(), ..draft("whatever") }, Field::Size);
        fails_at(&Draft { size: "1792x936".to_owned(), ..draft("gpt-image-2") }, Field::Size);
        fails_at(&Draft { quality: "ultra".to_owned(), ..draft("dall-e-3") }, Field::Quality);
        fails_at(&Draft { style: "wild".to_owned(), ..draft("dall-e-3") }, Field::Style);
        fails_at(&Draft { images: 0, ..draft("dall-e-3") }, Field::Images);
        fails_at(&Draft { images: 11, ..draft("dall-e-3") }, Field::Images);
        fails_at(&Draft { response_format: "png".to_owned(), ..draft("dall-e-3") }, Field::ResponseFormat);
    }

    #[test]
    fn the_limit_counts_characters_not_bytes() {
        assert!(check(&Draft { prompt: "狐".repeat(4000), ..draft("dall-e-3") }).is_ok());
    }

    #[test]
    fn what_does_not_apply_is_left_out_and_said() {
        let draft = Draft { quality: "high".to_owned(), style: "vivid".to_owned(), ..draft("gpt-image-2") };
        let draft = Draft { response_format: "url".to_owned(), ..draft };
        let request = check(&draft).unwrap();
        assert_eq!(request.quality.as_deref(), Some("high"));
        assert_eq!((request.style, request.response_format), (None, None));
        assert_eq!(request.left_out, ["style", "response_format"]);
    }

    #[test]
    fn what_the_endpoint_refused_before_is_left_out() {
        let all = Catalogue::load(None).unwrap();
        let draft = Draft { style: "vivid".to_owned(), ..draft("some-gateway-model") };
        let request = draft.check(all.find(&draft.model), &["style", "n"]).unwrap();
        assert_eq!((request.style, request.per_call), (None, 1));
        assert_eq!(request.left_out, ["style"]);
    }

    #[test]
    fn many_images_are_split_into_calls() {
        let request = check(&Draft { images: 10, ..draft("flux-pro") }).unwrap();
        let calls: Vec<Vec<u16>> = request.calls(&request.all_slots()).into_iter().map(|call| call.slots).collect();
        assert_eq!(calls, [vec![0, 1, 2, 3], vec![4, 5, 6, 7], vec![8, 9]]);
    }
}
