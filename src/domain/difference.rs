//! Asked versus got: where a run's answer is not what was asked for.

use super::run::{Run, Slot};

/// Something that came otherwise than it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// The image has other pixels, read from its bytes.
    Size {
        /// Width and height asked for.
        asked: (u32, u32),
        /// Width and height of the image.
        got: (u32, u32),
    },
    /// The prompt was rewritten by the model.
    Prompt,
    /// Another model answered.
    Model {
        /// The id sent.
        asked: String,
        /// The id in the answer.
        answered: String,
    },
    /// Fewer images came, or more.
    Images {
        /// Images asked for.
        asked: usize,
        /// Images that came.
        got: usize,
    },
}

impl Difference {
    /// In a few words, for a badge.
    pub fn short(&self) -> String {
        match self {
            Self::Size { got: (width, height), .. } => format!("{width} × {height}"),
            Self::Prompt => "reworded".to_owned(),
            Self::Model { answered, .. } => answered.clone(),
            Self::Images { asked, got } => format!("{got} of {asked} images"),
        }
    }

    /// What most servers do to every image. Told where the image's facts are; on every tile it would only be noise.
    pub const fn is_usual(&self) -> bool {
        matches!(self, Self::Prompt)
    }

    /// As a sentence.
    pub fn sentence(&self) -> String {
        match self {
            Self::Size { asked: (wide, high), got: (width, height) } => {
                format!("It is {width} × {height}, {wide} × {high} was asked for")
            }
            Self::Prompt => "The model rewrote the prompt".to_owned(),
            Self::Model { asked, answered } => format!("{answered} answered, {asked} was asked"),
            Self::Images { asked, got } => match (*asked, *got) {
                (asked, 1) => format!("1 image came, {asked} were asked for"),
                (1, got) => format!("{got} images came, 1 was asked for"),
                (asked, got) => format!("{got} images came, {asked} were asked for"),
            },
        }
    }
}

impl Run {
    /// What differs in the whole run. Images are counted once none is awaited.
    pub fn differences_of_run(&self) -> Vec<Difference> {
        let mut found = Vec::new();
        let asked = self.request.model.as_str();
        if let Some(answered) = self.model_answered.as_deref().filter(|answered| *answered != asked) {
            found.push(Difference::Model { asked: asked.to_owned(), answered: answered.to_owned() });
        }
        // What was emptied from the bin had come.
        let got = self.slots.iter().filter(|slot| matches!(slot, Slot::Stored(_) | Slot::Gone)).count();
        let asked = usize::from(self.request.images.get());
        if self.is_done() && got != asked {
            found.push(Difference::Images { asked, got });
        }
        found
    }

    /// What differs in one image of the run.
    pub fn differences(&self, slot: u16) -> Vec<Difference> {
        let Some(facts) = self.facts(slot) else { return Vec::new() };
        let mut found = Vec::new();
        let got = (facts.width, facts.height);
        if let Some(asked) = self.request.size.and_then(super::params::Size::exact)
            && facts.width > 0
            && asked != got
        {
            found.push(Difference::Size { asked, got });
        }
        if self.reworded(slot).is_some() {
            found.push(Difference::Prompt);
        }
        found
    }

    /// The prompt as the model rewrote it for this image, when it did.
    pub fn reworded(&self, slot: u16) -> Option<&str> {
        let revised = self.facts(slot)?.revised_prompt.as_deref()?.trim();
        (!revised.is_empty() && revised != self.request.prompt.as_str().trim()).then_some(revised)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::domain::{
        Catalogue, Draft, EndpointName, Failure, FailureKind, Format, ImageFacts, Mark, RunIds, Timestamp,
    };

    /// `dall-e-3`, 1024 × 1024, four images of which `got` came.
    fn run(got: usize) -> Run {
        let draft = Draft { prompt: "a fox".to_owned(), size: "1024x1024".to_owned(), images: 4, ..Draft::default() };
        let facts = ImageFacts {
            size_bytes: 1,
            width: 1024,
            height: 1024,
            format: Format::Png,
            revised_prompt: None,
            mark: Mark::None,
            made_at: Timestamp(0),
            took_millis: 0,
        };
        let failed = Slot::Failed(Failure::free(FailureKind::NoImages, "None came").into());
        let mut slots = vec![Slot::Stored(facts); got];
        slots.resize(got.max(4), failed);
        Run {
            id: RunIds::new(0).next(0),
            request: draft.check(Catalogue::load(None).unwrap().find("dall-e-3"), &[]).unwrap().into(),
            endpoint: EndpointName::demo(),
            demo: true,
            made_at: Timestamp(0),
            model_answered: Some("dall-e-3".into()),
            notes: Vec::new(),
            slots,
            binned: BTreeSet::new(),
        }
    }

    fn first(run: &mut Run) -> &mut ImageFacts {
        match run.slots.first_mut() {
            Some(Slot::Stored(facts)) => facts,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_came_as_asked_is_no_difference() {
        let mut run = run(4);
        first(&mut run).revised_prompt = Some(" a fox\n".into());
        assert_eq!((run.differences_of_run(), run.differences(0)), (Vec::new(), Vec::new()));
    }

    #[test]
    fn another_size_fewer_images_and_a_rewritten_prompt_are_exactly_three() {
        let mut run = run(3);
        let facts = first(&mut run);
        (facts.width, facts.height) = (768, 512);
        facts.revised_prompt = Some("A red fox".into());
        let found = [run.differences_of_run(), run.differences(0)].concat();
        let short: Vec<String> = found.iter().map(Difference::short).collect();
        assert_eq!(short, ["3 of 4 images", "768 × 512", "reworded"]);
        assert_eq!(found[0].sentence(), "3 images came, 4 were asked for");
        assert_eq!(found[1].sentence(), "It is 768 × 512, 1024 × 1024 was asked for");
        assert!(run.differences(3).is_empty(), "nothing came for the last");
    }

    #[test]
    fn what_was_emptied_from_the_bin_had_come() {
        let mut run = run(4);
        run.slots[2] = Slot::Gone;
        assert!(run.differences_of_run().is_empty());
    }

    #[test]
    fn another_model_is_a_difference_and_images_are_counted_at_the_end() {
        let mut run = run(4);
        run.model_answered = Some("flux".into());
        run.slots[3] = Slot::Waiting;
        assert_eq!(
            run.differences_of_run().iter().map(Difference::sentence).collect::<Vec<_>>(),
            ["flux answered, dall-e-3 was asked"]
        );
    }
}
