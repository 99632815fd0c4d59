use FailureKind::*;

use super::*;
use crate::domain::{BaseUrl, Secret};

const KEY: &str = "sk-canary-0123456789abcdef";

fn question() -> Question {
    Question {
        base: BaseUrl::parse("https://gateway.example/v1").unwrap(),
        key: Some(Secret::new(KEY)),
        model: "dall-e-3".to_owned(),
        images: 1,
    }
}

fn answer(status: u16, body: &str) -> Answer {
    Answer { status, body: body.to_owned(), ..Answer::default() }
}

const NGINX: &str = "<html>\r\n<head><title>504 Gateway Time-out</title></head>\r\n<body><center><h1>504 Gateway Time-out</h1></center><hr><center>nginx</center></body></html>";
const APP: &str = "<!DOCTYPE html><html><head><title>One API</title></head><body><div id=root></div></body></html>";

/// One row for each case: number in the reference, status, body, kind, may be billed, words the sentence must have.
type Row = (u16, u16, &'static str, FailureKind, bool, &'static str);

const ROWS: &[Row] = &[
    (
        15,
        200,
        r#"{"error":{"message":"upstream broke","code":"bad_response_status_code"}}"#,
        ServerError,
        true,
        "upstream broke",
    ),
    (15, 200, r#"{"error":{"message":"no","code":"401"}}"#, KeyRejected, false, "Preferences"),
    (15, 200, r#"{"success":false,"message":"余额不足"}"#, NoCredit, false, "credit"),
    (24, 200, APP, WrongAddress, false, "web page"),
    (
        33,
        400,
        r#"{"error":{"message":"Unknown parameter: 'style'.","type":"invalid_request_error","param":"style","code":"unknown_parameter"}}"#,
        InvalidRequest,
        false,
        "setting style",
    ),
    (
        34,
        400,
        r#"{"error":{"message":"Invalid value: 'hd'. Supported values are: 'low', 'medium' and 'high'.","type":"invalid_request_error","param":"quality","code":"invalid_value"}}"#,
        InvalidRequest,
        false,
        "quality: “Invalid value: 'hd'. Supported values are: 'low', 'medium' and 'high'.”",
    ),
    (
        35,
        400,
        r#"{"error":{"message":"Invalid size '1792x936'. Width and height must both be divisible by 16.","param":"size","code":"invalid_size"}}"#,
        InvalidRequest,
        false,
        "divisible by 16",
    ),
    (
        36,
        400,
        r#"{"error":{"message":"Your request was rejected","type":"image_generation_user_error","code":"moderation_blocked","moderation_details":{"moderation_stage":"input","categories":["violence"]}}}"#,
        Refused,
        false,
        "the prompt, at the input, because of violence",
    ),
    (
        36,
        400,
        r#"{"error":{"message":"m","code":"moderation_blocked","moderation_details":{"moderation_stage":"output","categories":[]}}}"#,
        Refused,
        true,
        "the finished image",
    ),
    (
        37,
        400,
        r#"{"error":{"code":"contentFilter","message":"m","inner_error":{"code":"content_policy_violation"}}}"#,
        Refused,
        false,
        "safety system",
    ),
    (
        37,
        400,
        r#"{"error":{"message":"提示词包含敏感词","type":"new_api_error","code":"sensitive_words_detected"}}"#,
        Refused,
        false,
        "prompt is kept",
    ),
    (
        37,
        400,
        r#"{"error":{"message":"litellm.BadRequestError: OpenAIException - Your request was rejected as a result of our safety system.","type":"x","code":"400"}}"#,
        Refused,
        false,
        "safety",
    ),
    (
        39,
        400,
        r#"{"error":{"message":"Billing hard limit has been reached","code":"billing_hard_limit_reached"}}"#,
        NoCredit,
        false,
        "limit",
    ),
    (
        40,
        400,
        r#"{"error":{"message":"The model 'dall-e-3' does not exist.","type":"image_generation_user_error","param":null,"code":null}}"#,
        ModelUnavailable,
        false,
        "model dall-e-3",
    ),
    (
        41,
        400,
        r#"{"error":{"message":"Prompt must be length 1000 or less","code":null}}"#,
        InvalidRequest,
        false,
        "too long",
    ),
    (42, 400, r#"{"error":"prompt required"}"#, InvalidRequest, false, "“prompt required”"),
    (
        42,
        422,
        r#"{"detail":[{"loc":["body","size"],"msg":"bad size","type":"value_error"}]}"#,
        InvalidRequest,
        false,
        "this size: “size: bad size”",
    ),
    (42, 400, "", InvalidRequest, false, "(400)"),
    (
        43,
        401,
        r#"{"error":{"message":"Incorrect API key provided: sk-canar**************cdef.","code":"invalid_api_key"}}"#,
        KeyRejected,
        false,
        "did not accept the key",
    ),
    (
        44,
        401,
        r#"{"error":{"message":"无效的令牌 (request id: 2026)","type":"new_api_error"}}"#,
        KeyRejected,
        false,
        "key",
    ),
    (
        44,
        400,
        r#"{"error":{"message":"No connected db.","type":"no_db_connection","code":"400"}}"#,
        KeyRejected,
        false,
        "key",
    ),
    (
        46,
        403,
        r#"{"error":{"message":"用户额度不足","type":"new_api_error","code":"insufficient_user_quota"}}"#,
        NoCredit,
        false,
        "Top up",
    ),
    (46, 402, r#"{"error":{"message":"This request needs money"}}"#, NoCredit, false, "Top up"),
    (
        47,
        403,
        r#"{"error":{"message":"Your organization must be verified to use the model `gpt-image-1`. Go to: https://platform.example/verify","code":null}}"#,
        Forbidden,
        false,
        "https://platform.example/verify",
    ),
    (
        47,
        403,
        r#"{"error":{"message":"Country, region, or territory not supported","code":"unsupported_country_region_territory"}}"#,
        Forbidden,
        false,
        "Country",
    ),
    (
        47,
        403,
        "<!DOCTYPE html><html><head><title>Just a moment...</title></head></html>",
        Forbidden,
        false,
        "protection page",
    ),
    (
        49,
        404,
        r#"{"error":{"message":"nope","code":"model_not_found"}}"#,
        ModelUnavailable,
        false,
        "choose another model",
    ),
    (
        49,
        403,
        r#"{"error":{"message":"Project `p` does not have access to model `m`","code":"model_not_found"}}"#,
        ModelUnavailable,
        false,
        "choose",
    ),
    (
        49,
        503,
        r#"{"error":{"message":"当前分组 default 下对于模型 x 无可用渠道","type":"new_api_error"}}"#,
        ModelUnavailable,
        false,
        "无可用渠道",
    ),
    (
        50,
        404,
        "<html><head><title>404 Not Found</title></head><body>nginx</body></html>",
        WrongAddress,
        false,
        "https://gateway.example/v1/images/generations",
    ),
    (50, 404, r#"{"detail":"Not Found"}"#, WrongAddress, false, "https://gateway.example/v1/images/generations"),
    (
        50,
        404,
        r#"{"error":{"message":"Invalid URL (POST /v1/v1/images/generations)","type":"invalid_request_error"}}"#,
        WrongAddress,
        false,
        "base URL",
    ),
    (50, 404, "404 page not found", WrongAddress, false, "makes no images"),
    (50, 405, r#"{"detail":"Method Not Allowed"}"#, WrongAddress, false, "(405)"),
    (52, 407, "", Unreachable, false, "Set the proxy"),
    (53, 408, "", ProxyTimeout, true, "gave up"),
    (53, 504, NGINX, ProxyTimeout, true, "after 61 seconds (504)"),
    (54, 413, "<html><head><title>413 Request Entity Too Large</title></head></html>", TooLarge, false, "too large"),
    (
        56,
        429,
        r#"{"error":{"message":"Rate limit reached","code":"rate_limit_exceeded"}}"#,
        RateLimited,
        false,
        "wait 20 seconds",
    ),
    (
        58,
        429,
        r#"{"error":{"message":"You exceeded your current quota","type":"insufficient_quota","code":"insufficient_quota"}}"#,
        NoCredit,
        false,
        "Top up",
    ),
    (
        58,
        429,
        r#"{"error":{"message":"m","type":"insufficient_quota","code":"credit_balance_exhausted"}}"#,
        NoCredit,
        false,
        "Top up",
    ),
    (58, 429, r#"{"error":{"message":"m","code":"project_spend_limit_exceeded"}}"#, NoCredit, false, "Top up"),
    (
        59,
        429,
        r#"{"error":{"message":"当前分组上游负载已饱和，请稍后再试","type":"new_api_error"}}"#,
        ServerBusy,
        false,
        "overloaded",
    ),
    (59, 429, "", RateLimited, false, "too many"),
    (60, 500, "Internal Server Error", ServerError, true, "failed (500)"),
    (60, 500, r#"{"error":{"message":"m","code":"unmarshal_response_body_failed"}}"#, ServerError, true, "(500)"),
    (
        60,
        500,
        r#"{"error":{"message":"Incorrect API key provided","code":"invalid_api_key"}}"#,
        ServerError,
        true,
        "(500)",
    ),
    (62, 502, "<html><head><title>502 Bad Gateway</title></head></html>", ServerError, true, "(502)"),
    (64, 503, r#"{"error":{"code":503,"message":"m","type":"model_loading"}}"#, ServerBusy, false, "loading"),
    (
        64,
        503,
        "<html><head><title>503 Service Temporarily Unavailable</title></head></html>",
        ServerBusy,
        true,
        "overloaded",
    ),
    (64, 529, r#"{"error":{"message":"Overloaded"}}"#, ServerBusy, false, "overloaded"),
    (65, 520, "", ProxyTimeout, true, "gave up"),
    (
        65,
        524,
        "<!DOCTYPE html><html><head><title>gateway.example | 524: A timeout occurred</title></head></html>",
        ProxyTimeout,
        true,
        "gave up",
    ),
    (66, 301, "", Moved, false, "moved to https://new.example/v1 (301)"),
    (66, 302, "", Moved, false, "The key was not sent there"),
    (67, 308, "", Moved, false, "moved to https://new.example/v1"),
    (
        0,
        501,
        r#"{"error":{"message":"API not implemented","type":"api_not_implemented"}}"#,
        Unsupported,
        false,
        "(501)",
    ),
    (0, 418, "short and stout", InvalidRequest, false, "short and stout"),
    (0, 599, "", ProxyTimeout, true, "gave up"),
];

#[test]
fn every_case_ends_in_its_sentence() {
    for (number, status, body, kind, billed, words) in ROWS {
        let mut answer = answer(*status, body);
        answer.location = Some("https://new.example/v1/images/generations?token=secret".to_owned());
        answer.waited = Some(Duration::from_secs(61));
        answer.retry_after = (*number == 56).then(|| Duration::from_secs(20));
        let fault = fault(&answer, &question());
        let failure = &fault.failure;
        assert_eq!(failure.kind, *kind, "row {number}: {failure:?}");
        assert_eq!((failure.maybe_billed, failure.retry_safe), (*billed, !*billed), "row {number}: {failure:?}");
        assert!(failure.sentence.contains(words), "row {number}: {}", failure.sentence);
        let charge = if *billed { "It may have been charged." } else { "Nothing was charged." };
        assert!(failure.sentence.contains(charge), "row {number}: {}", failure.sentence);
        assert!(!format!("{fault:?}").contains("canar"), "row {number}: {fault:?}");
        assert!(!failure.sentence.contains("secret"), "row {number}");
        assert!(failure.server_words.as_ref().is_none_or(|words| !words.contains('<')), "row {number}: {fault:?}");
        assert_eq!(fault.retry_after.is_some(), *number == 56);
    }
}

#[test]
fn the_servers_own_words_are_kept() {
    let body = r#"{"error":{"message":"当前分组上游负载已饱和，请稍后再试 (request id: 7)","type":"new_api_error"}}"#;
    let failure = fault(&answer(429, body), &question()).failure;
    let want = "当前分组上游负载已饱和，请稍后再试 (request id: 7) (type: new_api_error)";
    assert_eq!(failure.server_words.as_deref(), Some(want));
    assert_eq!(fault(&answer(502, NGINX), &question()).failure.server_words.as_deref(), Some("504 Gateway Time-out"));
    let long = fault(&answer(500, &"狐".repeat(100_000)), &question()).failure.server_words.unwrap();
    assert!(long.len() <= 2048 && long.ends_with('…'));
}

#[test]
fn a_key_in_the_answer_is_never_repeated() {
    for body in [
        format!(r#"{{"error":{{"message":"bad key {KEY}","code":"{KEY}","param":"{KEY}"}}}}"#),
        format!("<title>{KEY}</title>"),
        format!("plain {KEY} text"),
        format!(r#"{{"error":{{"message":"x{}","type":"{KEY}"}}}}"#, KEY.repeat(500)),
    ] {
        for status in [200, 400, 401, 403, 404, 429, 500, 503] {
            let fault = fault(&answer(status, &body), &question());
            assert!(!format!("{fault:?}").contains("canary"), "{status}: {fault:?}");
        }
    }
}

#[test]
fn the_engine_learns_what_to_leave_out() {
    let unknown = r#"{"error":{"message":"Unknown parameter: 'style'.","param":"style","code":"unknown_parameter"}}"#;
    assert_eq!(fault(&answer(400, unknown), &question()).unknown_parameter.as_deref(), Some("style"));
    assert_eq!(fault(&answer(200, unknown), &question()).unknown_parameter.as_deref(), Some("style"));
    assert_eq!(fault(&answer(500, unknown), &question()).unknown_parameter, None);
    let many = Question { images: 4, ..question() };
    for body in [
        r#"{"error":{"message":"Unknown parameter: 'tools[0].n'.","param":"tools[0].n"}}"#,
        r#"{"error":{"message":"You must provide n=1 for this model.","code":"invalid_value"}}"#,
    ] {
        let fault = fault(&answer(400, body), &many);
        assert!(fault.one_image_only && fault.unknown_parameter.is_none(), "{body}");
        assert_eq!(fault.failure.kind, InvalidRequest);
    }
}

#[test]
fn midjourney_is_said_not_to_be_on_this_path() {
    for model in ["midjourney", "mj_imagine", "vendor/Midjourney-v7"] {
        let question = Question { model: model.to_owned(), ..question() };
        for (status, body) in [
            (400, r#"{"error":{"message":"unsupported"}}"#),
            (404, r#"{"error":{"message":"Invalid URL"}}"#),
            (503, r#"{"error":{"message":"overloaded"}}"#),
            (503, r#"{"error":{"message":"无可用渠道"}}"#),
        ] {
            let failure = fault(&answer(status, body), &question).failure;
            assert_eq!(failure.kind, ModelUnavailable, "{model} {status}");
            assert!(failure.sentence.contains("not served on /images/generations"), "{}", failure.sentence);
        }
        let failure =
            fault(&answer(429, r#"{"error":{"message":"m","code":"insufficient_quota"}}"#), &question).failure;
        assert_eq!(failure.kind, NoCredit);
    }
    let question = Question { model: "stable-diffusion-xl".to_owned(), ..question() };
    let failure = fault(&answer(404, r#"{"error":{"code":"model_not_found","message":"m"}}"#), &question).failure;
    assert!(failure.sentence.contains("stable-diffusion-xl on /images/generations"), "{}", failure.sentence);
}

#[test]
fn without_a_key_the_key_is_what_is_missing() {
    let question = Question { key: None, ..question() };
    let rejected = r#"{"error":{"message":"m","code":"invalid_api_key"}}"#;
    assert_eq!(fault(&answer(401, rejected), &question).failure.kind, KeyMissing);
    assert_eq!(fault(&answer(401, ""), &question).failure.kind, KeyMissing);
    let failure = fault(&answer(500, "Internal Server Error"), &question).failure;
    assert!(failure.kind == ServerError && failure.sentence.contains("no key is set"), "{failure:?}");
}

#[test]
fn an_address_without_v1_is_told_to_try_it() {
    let question = Question { base: BaseUrl::parse("https://gateway.example/api").unwrap(), ..question() };
    let failure = fault(&answer(200, APP), &question).failure;
    assert!(failure.sentence.contains("Try https://gateway.example/v1"), "{}", failure.sentence);
}

#[test]
fn a_list_of_models_costs_nothing() {
    let question = Question::about_models(BaseUrl::parse("https://gateway.example/v1").unwrap(), None);
    let failure = fault(&answer(504, NGINX), &question).failure;
    assert!(failure.retry_safe && !failure.maybe_billed && !failure.sentence.contains("charged"), "{failure:?}");
}
