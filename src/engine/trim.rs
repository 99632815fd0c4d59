//! A request without a parameter that a server does not know.

use crate::domain::{Request, SendCount};

/// The request without `parameter`, by its name on the wire; `None` when it is not in it or cannot be left out.
pub(super) fn without(request: &Request, parameter: &str) -> Option<Request> {
    let mut smaller = request.clone();
    match parameter {
        "size" => smaller.size = None,
        "quality" => smaller.quality = None,
        "style" => smaller.style = None,
        "response_format" => smaller.response_format = None,
        "n" => {
            smaller.per_call = 1;
            smaller.send_count = SendCount::WhenMany;
        }
        _ => return None,
    }
    if smaller == *request {
        return None;
    }
    smaller.left_out.push(parameter.to_owned());
    Some(smaller)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Catalogue, Draft};

    fn request() -> Request {
        let draft = Draft {
            prompt: "a fox".to_owned(),
            model: "some-gateway-model".to_owned(),
            style: "vivid".to_owned(),
            size: "512x512".to_owned(),
            ..Draft::default()
        };
        draft.check(Catalogue::load(None).unwrap().find(&draft.model), &[]).unwrap()
    }

    #[test]
    fn what_is_there_can_be_left_out_once() {
        let smaller = without(&request(), "style").unwrap();
        assert_eq!((smaller.style.as_deref(), smaller.left_out.as_slice()), (None, ["style".to_owned()].as_slice()));
        assert_eq!(smaller.size, request().size);
        assert_eq!(without(&smaller, "style"), None);
    }

    #[test]
    fn without_n_each_call_makes_one_image() {
        let smaller = without(&request(), "n").unwrap();
        assert_eq!(smaller.calls(&smaller.all_slots()).len(), 4);
        assert_eq!(without(&smaller, "n"), None);
    }

    #[test]
    fn what_matters_is_never_left_out() {
        for parameter in ["prompt", "model", "quality", "seed", ""] {
            assert_eq!(without(&request(), parameter), None, "{parameter}");
        }
    }
}
