//! JSON of every shape in pieces of every length.

use base64_simd::STANDARD;
use proptest::prelude::*;

use super::*;

/// What one text gives, however it is cut into pieces.
#[track_caller]
fn cuts(json: &str) -> Vec<Cut> {
    let whole = cuts_of(json.as_bytes(), json.len(), false).0;
    for piece in [1, 2, 3, 7, 50] {
        assert_eq!(cuts_of(json.as_bytes(), piece, false).0, whole, "in pieces of {piece}: {json}");
    }
    whole
}

fn cuts_of(json: &[u8], piece: usize, holds: bool) -> (Vec<Cut>, Scan) {
    let mut scan = Scan::new(holds).with_image_limit(1000);
    let mut cuts = Vec::new();
    for piece in json.chunks(piece.max(1)) {
        scan.push(piece, &mut cuts);
    }
    scan.flush(&mut cuts);
    (cuts, scan)
}

fn image(item: usize, bytes: &[u8]) -> Cut {
    Cut::Image { item, bytes: bytes.to_vec() }
}

fn link(item: usize, link: &str) -> Cut {
    Cut::Link { item, link: link.to_owned() }
}

fn prompt(item: usize, text: &str) -> Cut {
    Cut::Prompt { item, text: text.to_owned() }
}

#[test]
fn images_are_found_in_any_shape() {
    for (json, want) in [
        (r#"{"created":1,"data":[{"b64_json":"QUJD"}]}"#, vec![image(0, b"ABC")]),
        (r#"{"data":[{"b64_json":"QUJD"},{"b64_json":"REVG"}],"created":1}"#, vec![image(0, b"ABC"), image(1, b"DEF")]),
        (
            r#" { "data" : [ { "revised_prompt" : "a \"fox\"\n\ud83e\udd8a" , "b64_json" : "QUJD" } ] } "#,
            vec![image(0, b"ABC"), prompt(0, "a \"fox\"\n🦊")],
        ),
        (r#"{"data":[{"b64_json":"\/\/\/\/","url":"https://x/a.png"}]}"#, vec![image(0, &[255, 255, 255])]),
        (
            r#"{"data":[{"url":"https:\/\/x\/a.png?a=1\u0026b=2","b64_json":null}]}"#,
            vec![link(0, "https://x/a.png?a=1&b=2")],
        ),
        (r#"{"data":[{"url":"https://x/a.png","b64_json":"QUJD"}]}"#, vec![image(0, b"ABC")]),
        (r#"{"data":[{"url":"","b64_json":"QUJD","revised_prompt":""}]}"#, vec![image(0, b"ABC")]),
        (r#"{"data":[{"url":"/files/a.png"}]}"#, vec![link(0, "/files/a.png")]),
        (r#"{"data":[{"url":"data:image/png;base64,QUJD"}]}"#, vec![image(0, b"ABC")]),
        (r#"{"data":[{"b64_json":"data:image/webp;base64,QUJD"}]}"#, vec![image(0, b"ABC")]),
        (r#"{"data":[{"b64_json":"QUJ\nD\r\n"}]}"#, vec![image(0, b"ABC")]),
        (r#"{"data":[{"b64_json":""},{"url":null},{"b64_json":"QUJD"}]}"#, vec![image(2, b"ABC")]),
        (r#"{"data":{"b64_json":"QUJD"}}"#, vec![image(0, b"ABC")]),
        (r#"[{"b64_json":"QUJD"}]"#, vec![image(0, b"ABC")]),
        (
            r#"{"data":["https://x/a.png","data:image/png;base64,QUJD","word"]}"#,
            vec![link(0, "https://x/a.png"), image(1, b"ABC")],
        ),
        (
            r#"{"choices":[{"message":{"images":[{"image_url":{"url":"data:image/png;base64,QUJD"}}]}}]}"#,
            vec![image(0, b"ABC")],
        ),
        (
            r#"{"data":[{"images":[{"b64_json":"QUJD"},{"b64_json":"REVG"}]}]}"#,
            vec![image(0, b"ABC"), image(1, b"DEF")],
        ),
        (r#"{"b64_json":"QUJD"}"#, vec![image(0, b"ABC")]),
        (r#"{"data":[{"b64_json":"***"}]}"#, vec![Cut::Broken { item: 0, damage: Damage::NotBase64 }]),
        (r#"{"data":[{"b64_json":"***","url":"https://x/a.png"}]}"#, vec![link(0, "https://x/a.png")]),
        (r#"{"error":{"url":"https://help","message":"b64_json"}}"#, vec![]),
        (r#"{"usage":{"url":"https://help"},"data":[]}"#, vec![]),
        (r#"{"data":[{"b64_json":"QUJD"}]}{"data":[{"b64_json":"REVG"}]} junk"#, vec![image(0, b"ABC")]),
        (r#"{"data":[{"b64\u005fjson":"QUJD"}]}"#, vec![image(0, b"ABC")]),
        (r#"{"x":"\"b64_json\":\"QUJD\"","b64_json":7,"data":null}"#, vec![]),
    ] {
        assert_eq!(cuts(json), want, "{json}");
    }
}

#[test]
fn an_image_comes_out_with_its_last_character() {
    let mut scan = Scan::new(false);
    let mut cuts = Vec::new();
    scan.push(br#"{"data":[{"b64_json":"QUJD"#, &mut cuts);
    assert_eq!(cuts, []);
    scan.push(br#"""#, &mut cuts);
    assert_eq!(cuts, [image(0, b"ABC")]);
}

#[test]
fn too_large_an_image_spares_the_others() {
    let large = STANDARD.encode_to_string([1; 1001]);
    let json = format!(r#"{{"data":[{{"b64_json":"{large}"}},{{"b64_json":"QUJD"}}]}}"#);
    assert_eq!(cuts(&json), [Cut::Broken { item: 0, damage: Damage::TooLarge }, image(1, b"ABC")]);
}

#[test]
fn what_was_whole_before_the_end_is_not_lost() {
    assert_eq!(cuts(r#"{"data":[{"url":"https://x/a.png","b64_json":"QU"#), [link(0, "https://x/a.png")]);
    assert_eq!(cuts(r#"{"data":[{"b64_json":"QUJD","revised_prompt":"a fox"#), [image(0, b"ABC")]);
}

#[test]
fn the_rest_stays_readable() {
    let long = "x".repeat(200_000);
    let json = format!(
        r#"{{"model":"m","a":"{long}\n","b":[1,-2.5e3,true,null],"data":[{{"b64_json":"QUJD"}}],"\u0063":"\"\\"}}"#
    );
    for piece in [1, 1000, 1_000_000] {
        let (_, scan) = cuts_of(json.as_bytes(), piece, false);
        let value: serde_json::Value = serde_json::from_slice(scan.side()).unwrap();
        assert_eq!(value.get("model"), Some(&"m".into()));
        assert_eq!(value.get("b").unwrap().to_string(), "[1,-2500.0,true,null]");
        assert_eq!(value.get("c"), Some(&"\"\\".into()));
        assert_eq!(value.pointer("/data/0/b64_json"), Some(&"".into()));
        assert!(scan.side().len() < 40_000);
        assert_eq!(scan.progress(), Progress::Complete);
    }
}

#[test]
fn depth_and_side_are_bounded() {
    let (_, scan) = cuts_of("[".repeat(100_000).as_bytes(), 1000, false);
    assert_eq!(scan.progress(), Progress::NotJson("it is nested too deeply"));
    let many = format!("[{}]", r#""word","#.repeat(100_000));
    let (_, scan) = cuts_of(many.as_bytes(), 1000, false);
    assert!(scan.side().len() <= 256 * 1024);
    let (_, scan) = cuts_of(b"{]", 1, false);
    assert!(matches!(scan.progress(), Progress::NotJson(_)));
    let items = format!("[{}]", r#"{"b64_json":"QUJD"},"#.repeat(100));
    assert_eq!(cuts(&items).len(), ITEMS);
}

#[test]
fn previews_are_never_images() {
    for json in [
        r#"{"type":"image_generation.partial_image","b64_json":"QUJD"}"#,
        r#"{"b64_json":"QUJD","type":"image_generation.partial_image"}"#,
    ] {
        assert_eq!(cuts_of(json.as_bytes(), 3, true).0, [Cut::Preview { item: 0, bytes: b"ABC".to_vec() }]);
    }
    let json = br#"{"b64_json":"QUJD","type":"image_generation.completed"}"#;
    assert_eq!(cuts_of(json, 3, true).0, [image(0, b"ABC")]);
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), piece in 1usize..30) {
        cuts_of(&bytes, piece, false);
    }

    #[test]
    fn nothing_like_json_makes_it_panic(text in r#"([\[\]{},:"\\ua1]|"b64_json"|"url"|"data"|"error"|QUJD){0,60}"#, piece in 1usize..9) {
        let whole = cuts_of(text.as_bytes(), text.len(), true).0;
        prop_assert_eq!(cuts_of(text.as_bytes(), piece, true).0, whole);
    }
}
