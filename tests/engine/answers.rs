//! Pictures, and answers of the images API that carry them.

use std::io::Cursor;

use base64_simd::STANDARD;
use serde_json::{Value, json};

use super::server::Reply;

/// A small PNG, different for each number.
pub(crate) fn png(number: u8) -> Vec<u8> {
    let picture = image::RgbImage::from_fn(24, 16, |x, y| image::Rgb([number, x as u8 * 10, y as u8 * 16]));
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

pub(crate) fn b64(bytes: &[u8]) -> String {
    STANDARD.encode_to_string(bytes)
}

/// An item with these bytes.
pub(crate) fn item(bytes: &[u8]) -> Value {
    json!({"b64_json": b64(bytes)})
}

/// An answer with these items.
pub(crate) fn items(items: Vec<Value>) -> Reply {
    Reply::json(200, json!({"created": 1, "data": items}).to_string())
}

/// An answer with the pictures of these numbers.
pub(crate) fn pictures(numbers: impl IntoIterator<Item = u8>) -> Reply {
    items(numbers.into_iter().map(|number| item(&png(number))).collect())
}

/// An error in OpenAI's shape.
pub(crate) fn error(status: u16, message: &str, code: Option<&str>, param: Option<&str>) -> Reply {
    let error = json!({"message": message, "type": "invalid_request_error", "code": code, "param": param});
    Reply::json(status, json!({"error": error}).to_string())
}
