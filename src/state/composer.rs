//! The draft being edited: its problems, what the model takes, and earlier prompts.

use std::sync::Arc;

use crate::domain::{Capability, Catalogue, Draft, Field, FieldError, PROMPT_MAX_CHARS, Request, Settings};

/// How many earlier prompts are kept for walking back.
const HISTORY_MOST: usize = 500;

/// The form at the left of the window.
#[derive(Clone, Debug)]
pub struct Composer {
    draft: Draft,
    errors: Vec<FieldError>,
    catalogue: Arc<Catalogue>,
    /// Earlier prompts, oldest first, no two neighbours alike.
    history: Vec<String>,
    /// Where walking back has come to, and what was in the box before.
    walking: Option<(usize, String)>,
}

impl Composer {
    pub(super) fn new(catalogue: Arc<Catalogue>, model: &str) -> Self {
        let mut composer = Self {
            draft: Draft { model: model.to_owned(), ..Draft::default() },
            errors: Vec::new(),
            catalogue,
            history: Vec::new(),
            walking: None,
        };
        composer.fit_to_model(true);
        composer
    }

    /// The form exactly as typed.
    pub const fn draft(&self) -> &Draft {
        &self.draft
    }

    /// What was wrong with a field when Generate was pressed; editing the field takes it away.
    pub fn error(&self, field: Field) -> Option<&str> {
        self.errors.iter().find(|error| error.field == field).map(|error| error.sentence.as_str())
    }

    /// What the chosen model takes.
    pub fn capability(&self) -> &Capability {
        self.catalogue.find(&self.draft.model)
    }

    /// Characters in the prompt as it would be sent.
    pub fn prompt_chars(&self) -> usize {
        self.draft.prompt.trim().chars().count()
    }

    /// The most characters the model takes.
    pub fn prompt_limit(&self) -> Option<usize> {
        self.capability().prompt_limit
    }

    /// There is an earlier prompt to walk back to.
    pub fn has_earlier(&self) -> bool {
        !self.history.is_empty()
    }

    /// What the button says: exactly what will happen.
    pub fn generate_label(&self) -> String {
        match self.draft.images {
            1 => "Generate 1 image".to_owned(),
            images => format!("Generate {images} images"),
        }
    }

    /// Says so when one press sends several requests; `learned` as in [`Draft::check`].
    pub fn split_note(&self, learned: &[&str]) -> Option<String> {
        let per_call = if learned.contains(&"n") { 1 } else { u32::from(self.capability().images_per_request) };
        let images = self.draft.images;
        let calls = images.div_ceil(per_call.max(1));
        let model = self.draft.model.trim();
        match (calls, per_call) {
            (0 | 1, _) => None,
            (_, 1) => Some(format!("{model} makes one image a request: sent as {calls} requests side by side")),
            _ => Some(format!("{model} makes {per_call} images a request: sent as {calls} requests side by side")),
        }
    }

    /// The draft was edited: choices that the new model does not take are replaced by its first.
    pub(super) fn edit(&mut self, draft: Draft) {
        let before = std::mem::replace(&mut self.draft, draft);
        let now = &self.draft;
        let same = |field: Field| match field {
            Field::Prompt => before.prompt == now.prompt,
            Field::Model => before.model == now.model,
            Field::Size => before.size == now.size && before.model == now.model,
            Field::Quality => before.quality == now.quality && before.model == now.model,
            Field::Style => before.style == now.style && before.model == now.model,
            Field::Images => before.images == now.images,
            Field::ResponseFormat => before.response_format == now.response_format,
        };
        self.errors.retain(|error| same(error.field));
        if before.prompt != self.draft.prompt {
            self.walking = None;
        }
        if before.model != self.draft.model {
            self.fit_to_model(false);
        }
    }

    /// Puts a whole draft into the form: settings reused, or one step taken back.
    pub(super) fn fill(&mut self, draft: Draft) {
        self.errors.clear();
        self.walking = None;
        self.draft = draft;
    }

    pub(super) fn use_model(&mut self, model: &str) {
        self.edit(Draft { model: model.to_owned(), ..self.draft.clone() });
    }

    fn fit_to_model(&mut self, fresh: bool) {
        let model = self.catalogue.find(&self.draft.model).clone();
        let fits_size = |text: &str| match text.parse() {
            Ok(size) => {
                model.open
                    || model.sizes.contains(&size)
                    || model.size_rule.is_some_and(|rule| {
                        size.exact().is_some_and(|(width, height)| rule.problem(width, height).is_none())
                    })
            }
            Err(_) => false,
        };
        if !fits_size(&self.draft.size) {
            let first = if model.open && !fresh { None } else { model.sizes.first() };
            self.draft.size = first.map(ToString::to_string).unwrap_or_default();
        }
        let fit = |text: &mut String, list: &[String]| {
            if model.open {
                text.clear();
            } else if !list.contains(text) {
                *text = list.first().cloned().unwrap_or_default();
            }
        };
        fit(&mut self.draft.quality, &model.qualities);
        fit(&mut self.draft.style, &model.styles);
    }

    /// Checks the draft against its model and what the endpoint refused before.
    pub(super) fn check(&mut self, settings: &Settings) -> Option<Request> {
        let learned = learned(settings, &self.draft.model);
        match self.draft.check(self.capability(), &learned) {
            Ok(request) => {
                self.errors.clear();
                Some(request)
            }
            Err(errors) => {
                self.errors = errors;
                None
            }
        }
    }

    pub(super) fn remember_prompt(&mut self, prompt: &str) {
        let prompt: String = prompt.chars().take(PROMPT_MAX_CHARS).collect();
        self.walking = None;
        self.history.retain(|earlier| *earlier != prompt);
        self.history.push(prompt);
        if self.history.len() > HISTORY_MOST {
            self.history.remove(0);
        }
    }

    /// Earlier prompts from the library, oldest first.
    pub(super) fn load_history<'a>(&mut self, prompts: impl Iterator<Item = &'a str>) {
        self.history.clear();
        for prompt in prompts {
            if self.history.last().is_none_or(|last| last != prompt) {
                self.history.push(prompt.to_owned());
            }
        }
        let extra = self.history.len().saturating_sub(HISTORY_MOST);
        self.history.drain(..extra);
    }

    /// Prompts from before all those known, newest first, as far as there is room. Not while one walks through them.
    pub(super) fn add_history<'a>(&mut self, prompts: impl Iterator<Item = &'a str>) {
        if self.walking.is_some() {
            return;
        }
        let room = HISTORY_MOST.saturating_sub(self.history.len());
        let mut older: Vec<String> = Vec::new();
        for prompt in prompts.take(room) {
            if older.last().or_else(|| self.history.first()).is_none_or(|next| next != prompt) {
                older.push(prompt.to_owned());
            }
        }
        older.reverse();
        self.history.splice(..0, older);
    }

    /// Walks to an earlier or a later prompt; the last step forward brings back what was being written.
    pub(super) fn walk(&mut self, earlier: bool) {
        let (place, own) = match self.walking.take() {
            Some((place, own)) => (place, own),
            None if earlier => (self.history.len(), self.draft.prompt.clone()),
            None => return,
        };
        let next = if earlier { place.saturating_sub(1) } else { (place + 1).min(self.history.len()) };
        match self.history.get(next) {
            Some(prompt) => {
                self.draft.prompt.clone_from(prompt);
                self.walking = Some((next, own));
            }
            None => self.draft.prompt = own,
        }
        self.errors.retain(|error| error.field != Field::Prompt);
    }
}

/// The parameters the current endpoint refused for this model.
pub(super) fn learned<'a>(settings: &'a Settings, model: &str) -> Vec<&'a str> {
    let known = settings.learned.iter();
    known
        .filter(|learned| learned.endpoint == settings.current && learned.model == model.trim())
        .map(|learned| learned.parameter.as_str())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn composer() -> Composer {
        Composer::new(Arc::new(Catalogue::load(None).unwrap()), "dall-e-3")
    }

    #[test]
    fn a_model_brings_its_first_choices() {
        let mut composer = composer();
        assert_eq!(composer.draft().size, "1024x1024");
        assert_eq!((composer.draft().quality.as_str(), composer.draft().style.as_str()), ("standard", "vivid"));
        composer.use_model("gpt-image-2");
        assert_eq!((composer.draft().size.as_str(), composer.draft().quality.as_str()), ("1024x1024", "auto"));
        assert_eq!(composer.draft().style, "");
        composer.use_model("nobody-knows-it");
        assert_eq!((composer.draft().quality.as_str(), composer.draft().style.as_str()), ("", ""));
    }

    #[test]
    fn the_button_says_what_will_happen() {
        let mut composer = composer();
        assert_eq!(composer.generate_label(), "Generate 4 images");
        assert!(composer.split_note(&[]).is_some_and(|note| note.contains("4 requests side by side")));
        composer.edit(Draft { images: 1, ..composer.draft().clone() });
        assert_eq!((composer.generate_label().as_str(), composer.split_note(&[])), ("Generate 1 image", None));
        composer.edit(Draft { images: 3, model: "gpt-image-2".to_owned(), ..composer.draft().clone() });
        assert_eq!(composer.split_note(&[]), None);
        assert!(composer.split_note(&["n"]).is_some());
    }

    #[test]
    fn walking_back_and_forth_loses_nothing() {
        let mut composer = composer();
        composer.remember_prompt("first");
        composer.remember_prompt("second");
        composer.edit(Draft { prompt: "half writ".to_owned(), ..composer.draft().clone() });
        composer.walk(false);
        assert_eq!(composer.draft().prompt, "half writ");
        for expected in ["second", "first", "first"] {
            composer.walk(true);
            assert_eq!(composer.draft().prompt, expected);
        }
        for expected in ["second", "half writ", "half writ"] {
            composer.walk(false);
            assert_eq!(composer.draft().prompt, expected);
        }
    }

    #[test]
    fn an_error_goes_when_its_field_is_edited() {
        let mut composer = composer();
        assert!(composer.check(&Settings::default()).is_none());
        assert!(composer.error(Field::Prompt).is_some());
        composer.edit(Draft { images: 2, ..composer.draft().clone() });
        assert!(composer.error(Field::Prompt).is_some());
        composer.edit(Draft { prompt: "a fox".to_owned(), ..composer.draft().clone() });
        assert!(composer.error(Field::Prompt).is_none());
    }
}
