//! Errors as servers write them.

use super::*;

#[track_caller]
fn check(body: &str, message: &str, code: &str, kind: &str, param: &str) {
    let words = Words::read(body);
    let got = (words.message.as_str(), words.code.as_str(), words.kind.as_str(), words.param.as_str());
    assert_eq!(got, (message, code, kind, param), "{body}");
}

#[test]
fn every_shape_of_error_is_read() {
    check(r#"{"error":{"message":"no","type":"t","param":"size","code":"c"}}"#, "no", "c", "t", "size");
    check(r#"{"error":{"message":"no","type":"","param":null,"code":500}}"#, "no", "500", "", "");
    check(r#"{"error":{"code":"400","message":"no"}}"#, "no", "400", "", "");
    check(r#"{"error":"prompt required"}"#, "prompt required", "", "", "");
    check(r#"{"error":"server_error","message":"out of memory"}"#, "out of memory", "server_error", "", "");
    check(r#"{"detail":"Not Found"}"#, "Not Found", "", "", "");
    check(
        r#"{"detail":[{"loc":["body","size"],"msg":"bad","type":"value_error"},{"loc":["body","n",0],"msg":"worse"}]}"#,
        "size: bad; n: worse",
        "",
        "value_error",
        "size",
    );
    check(r#"{"success":false,"message":"余额不足"}"#, "余额不足", "", "", "");
    check(r#"{"code":4001,"msg":"quota"}"#, "quota", "4001", "", "");
    check(r#"[{"error":{"code":429,"message":"slow","status":"RESOURCE_EXHAUSTED"}}]"#, "slow", "429", "", "");
    check(r#"{"errors":[{"message":"first","code":10}]}"#, "first", "10", "", "");
    check(r#"  {"error":{"message":"no"}}{"x":1} junk"#, "no", "", "", "");
    check("\u{feff}{\"error\":{\"message\":\"no\"}}", "no", "", "", "");
    check("Internal Server Error\n", "Internal Server Error", "", "", "");
    check("404 page not found", "404 page not found", "", "", "");
    check("\"a string\"", "a string", "", "", "");
    check("", "", "", "", "");
}

#[test]
fn upstream_words_inside_a_message_are_unpacked() {
    check(
        r#"{"error":{"message":"litellm.BadRequestError: OpenAIException - {\"error\":{\"message\":\"blocked\",\"code\":\"moderation_blocked\"}} trailer","type":"t","code":"400"}}"#,
        "blocked",
        "moderation_blocked",
        "t",
        "",
    );
    check(
        r#"{"error":{"message":"Upstream said <html><head><title>502 Bad Gateway</title></head></html>","code":"500"}}"#,
        "Upstream said 502 Bad Gateway",
        "500",
        "",
        "",
    );
}

#[test]
fn pages_are_reduced_to_their_title() {
    let page = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body><h1>502</h1><hr>nginx</body></html>";
    let words = Words::read(page);
    assert_eq!((words.message.as_str(), words.is_page), ("502 Bad Gateway", true));
    let page = "<!DOCTYPE html><html><head><title>\n One &amp; two </title><style>x{}</style></head></html>";
    assert_eq!(Words::read(page).message, "One & two");
    let page = "<html><body><script>var x = '<p>';</script><p>Only <b>text</b></p></body></html>";
    assert_eq!(Words::read(page).message, "Only text");
    let page = "<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>";
    let words = Words::read(page);
    assert_eq!((words.message.as_str(), words.is_page), ("Request has expired", false));
}

#[test]
fn moderation_says_where_and_what() {
    let words = Words::read(
        r#"{"error":{"message":"no","code":"moderation_blocked","moderation_details":{"moderation_stage":"input","categories":["violence","hate"]}}}"#,
    );
    assert_eq!((words.stage.as_str(), words.categories.join("+").as_str()), ("input", "violence+hate"));
    let words = Words::read(
        r#"{"error":{"code":"contentFilter","message":"m","inner_error":{"code":"content_policy_violation"}}}"#,
    );
    assert!(words.haystack().contains("content_policy_violation"));
}

#[test]
fn a_good_status_can_carry_an_error() {
    for (json, is_error) in [
        (r#"{"created":1,"data":[{"url":"x"}]}"#, false),
        (r#"{"created":1,"data":[],"error":null}"#, false),
        (r#"{"created":1,"data":[],"error":{"message":"","code":""}}"#, false),
        (r#"{"data":[],"error":""}"#, false),
        (r#"{"success":true,"data":[]}"#, false),
        (r#"{"success":false,"message":"m"}"#, true),
        (r#"{"error":{"message":"m"}}"#, true),
        (r#"{"error":"m"}"#, true),
        (r#"{"error":{"message":"m"},"data":[]}"#, true),
        (r#"{"detail":"m"}"#, true),
        (r#"{"type":"error","message":"m"}"#, true),
        (r#"{"task_id":"1","status":"processing"}"#, false),
    ] {
        assert_eq!(error_in(&serde_json::from_str(json).unwrap()).is_some(), is_error, "{json}");
    }
}
