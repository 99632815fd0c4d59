//! One open object or list of the JSON being read, and what its keys mean.

use super::super::base64::Damage;

/// The keys that matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    /// `b64_json`.
    Base64,
    /// `url`, or `image_url` written as a string.
    Link,
    /// `revised_prompt`.
    Prompt,
    /// `type`: says whether an event is a preview.
    Kind,
    /// A list of results.
    Data,
    /// What went wrong.
    Error,
    /// Anything else.
    Other,
}

impl Key {
    /// The meaning of a key, escapes undone.
    pub(super) fn read(name: &[u8]) -> Self {
        match name {
            b"b64_json" => Self::Base64,
            b"url" | b"image_url" => Self::Link,
            b"revised_prompt" => Self::Prompt,
            b"type" => Self::Kind,
            b"data" | b"images" | b"output" | b"results" => Self::Data,
            b"error" | b"errors" | b"detail" => Self::Error,
            _ => Self::Other,
        }
    }
}

/// Which part of the answer this is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The value itself.
    Root,
    /// Results: links here are images.
    Data,
    /// An error: links here are help pages.
    Error,
    /// Neither: links here mean nothing.
    Aside,
}

/// What is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Object,
    List,
}

/// One open object or list.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) shape: Shape,
    pub(super) awaits_key: bool,
    /// The key whose value is being read; for a list, the key it stands under.
    pub(super) key: Key,
    pub(super) place: Place,
    /// The number of the image this belongs to.
    pub(super) item: Option<usize>,
    /// Its image has been handed out.
    pub(super) delivered: bool,
    /// An image that waits for the object's end.
    pub(super) held: Option<Vec<u8>>,
    pub(super) link: Option<String>,
    pub(super) broken: Option<Damage>,
    pub(super) prompt: Option<String>,
    pub(super) is_preview: bool,
}

impl Frame {
    /// It holds keys and values.
    pub(super) fn is_object(&self) -> bool {
        self.shape == Shape::Object
    }

    /// A new object or list inside `parent`.
    pub(super) fn below(parent: Option<&Self>, is_object: bool) -> Self {
        let place = match parent {
            None if is_object => Place::Root,
            // A bare list of results.
            None => Place::Data,
            Some(parent) if parent.place == Place::Error || parent.key == Key::Error => Place::Error,
            Some(parent) if parent.place == Place::Data || parent.key == Key::Data => Place::Data,
            Some(_) => Place::Aside,
        };
        Self {
            shape: if is_object { Shape::Object } else { Shape::List },
            awaits_key: is_object,
            key: parent.filter(|_| !is_object).map_or(Key::Other, |parent| parent.key),
            place,
            item: parent.and_then(|parent| parent.item),
            delivered: false,
            held: None,
            link: None,
            broken: None,
            prompt: None,
            is_preview: false,
        }
    }
}
