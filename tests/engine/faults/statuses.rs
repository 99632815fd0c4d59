//! Answers with a bad status: who said no, why, whether it was charged, and the few that are sent again.

use FailureKind::{
    CutOff, Forbidden, InvalidRequest, KeyRejected, ModelUnavailable, Moved, NoCredit, ProxyTimeout, RateLimited,
    Refused, ServerBusy, ServerError, TooLarge, Unreachable, Unsupported, WrongAddress,
};
use proofsheet::domain::FailureKind;

use super::super::fault_server::{Answer, Manner};
use super::{case, check};

const ONE: &str = r#"{"data":[{"b64_json":"@1@"}]}"#;

fn error(status: u16, message: &str, code: &str) -> Answer {
    let code = if code.is_empty() { "null".to_owned() } else { format!("{code:?}") };
    Answer::json(
        status,
        &format!(r#"{{"error":{{"message":"{message}","type":"invalid_request_error","param":null,"code":{code}}}}}"#),
    )
}

fn about(status: u16, param: &str, message: &str, code: &str) -> Answer {
    Answer::json(status, &format!(r#"{{"error":{{"message":"{message}","param":"{param}","code":"{code}"}}}}"#))
}

#[test]
fn a_parameter_nobody_knows_is_left_out_once() {
    check(vec![
        case("33", about(400, "style", "Unknown parameter: 'style'.", "unknown_parameter"))
            .then(Answer::json(200, ONE))
            .with(|draft| draft.style = "vivid".to_owned())
            .stores([1])
            .notes("Sent without style")
            .posts(2),
        case(
            "33 in a gateway's words",
            error(400, "litellm.BadRequestError: Setting `style` is not supported by openai, gpt-image-2", "400"),
        )
        .then(Answer::json(200, ONE))
        .with(|draft| draft.style = "vivid".to_owned())
        .stores([1])
        .notes("Sent without style")
        .posts(2),
        case("33 inside a 200", about(200, "quality", "Unknown parameter: 'quality'.", "unknown_parameter"))
            .then(Answer::json(200, ONE))
            .with(|draft| draft.quality = "hd".to_owned())
            .stores([1])
            .notes("quality")
            .posts(2),
        case(
            "33 what was not sent cannot be left out",
            about(400, "style", "Unknown parameter: 'style'.", "unknown_parameter"),
        )
        .free(InvalidRequest, "setting style"),
        case("33 not with a server's failure", about(500, "style", "Unknown parameter: 'style'.", "unknown_parameter"))
            .with(|draft| draft.style = "vivid".to_owned())
            .billed(ServerError, "(500)"),
    ]);
}

#[test]
fn refused_requests_name_what_to_change() {
    let stage = |stage: &str| {
        Answer::json(
            400,
            &format!(
                r#"{{"error":{{"message":"Your request was rejected.","type":"image_generation_user_error","code":"moderation_blocked","moderation_details":{{"moderation_stage":"{stage}","categories":["violence"]}}}}}}"#
            ),
        )
    };
    check(vec![
        case(
            "34",
            about(
                400,
                "quality",
                "Invalid value: 'hd'. Supported values are: 'low', 'medium' and 'high'.",
                "invalid_value",
            ),
        )
        .free(InvalidRequest, "'low', 'medium' and 'high'.”"),
        case(
            "35",
            about(
                400,
                "size",
                "Invalid size '1792x936'. Width and height must both be divisible by 16.",
                "invalid_size",
            ),
        )
        .free(InvalidRequest, "divisible by 16"),
        case("36 the prompt", stage("input")).free(Refused, "the prompt, at the input, because of violence"),
        case("36 the image", stage("output")).billed(Refused, "the finished image"),
        case(
            "37",
            Answer::json(
                400,
                r#"{"error":{"code":"contentFilter","message":"m","inner_error":{"code":"content_policy_violation"}}}"#,
            ),
        )
        .free(Refused, "prompt is kept"),
        case("37 in Chinese", error(400, "提示词包含敏感词", "sensitive_words_detected"))
            .free(Refused, "safety system")
            .says("提示词包含敏感词"),
        case("39", error(400, "Billing hard limit has been reached", "billing_hard_limit_reached"))
            .free(NoCredit, "limit"),
        case("40", error(400, "The model 'gateway-model' does not exist.", ""))
            .free(ModelUnavailable, "choose another model"),
        case("41", error(400, "Prompt must be length 1000 or less", "")).free(InvalidRequest, "too long"),
        case("42 a text", Answer::json(400, r#"{"error":"prompt required"}"#))
            .free(InvalidRequest, "“prompt required”."),
        case("42 nothing", Answer::json(400, "")).free(InvalidRequest, "(400)"),
        case("42 detail is a text", Answer::json(422, r#"{"detail":"size is odd"}"#))
            .free(InvalidRequest, "size is odd"),
        case(
            "42 detail is a list",
            Answer::json(422, r#"{"detail":[{"loc":["body","size"],"msg":"bad size","type":"value_error"}]}"#),
        )
        .free(InvalidRequest, "this size: “size: bad size”"),
        case(
            "42 a list of errors",
            Answer::json(400, r#"[{"error":{"code":400,"message":"no such shape","status":"INVALID_ARGUMENT"}}]"#),
        )
        .free(InvalidRequest, "no such shape"),
        case("54", Answer::page(413, "413 Request Entity Too Large")).free(TooLarge, "too large"),
        case("a teapot", Answer::bytes(418, "text/plain", "short and stout!"))
            .free(InvalidRequest, "“short and stout!”"),
        case("edits only", error(501, "API not implemented", "api_not_implemented")).free(Unsupported, "(501)"),
    ]);
}

#[test]
fn accounts_and_addresses_are_told_apart() {
    check(vec![
        case(
            "43",
            error(
                401,
                "Incorrect API key provided: sk-test-*********cdef. You can find it elsewhere.",
                "invalid_api_key",
            )
            .header("WWW-Authenticate", "Bearer"),
        )
        .free(KeyRejected, "did not accept the key")
        .says("provided: [key]"),
        case("43 the whole key", error(401, "No sk-test-0123456789abcdef here", "invalid_api_key"))
            .free(KeyRejected, "key")
            .says("No [key] here"),
        case("43 a part of it", error(401, "Key ends in 6789abcdef", ""))
            .free(KeyRejected, "key")
            .says("ends in [key]"),
        case(
            "44",
            Answer::json(401, r#"{"error":{"message":"无效的令牌 (request id: 20261122)","type":"new_api_error"}}"#),
        )
        .free(KeyRejected, "did not accept the key")
        .says("无效的令牌 (request id: 20261122)"),
        case(
            "44 without a database",
            Answer::json(400, r#"{"error":{"message":"No connected db.","type":"no_db_connection","code":"400"}}"#),
        )
        .free(KeyRejected, "key"),
        case("46", error(403, "用户额度不足", "insufficient_user_quota")).free(NoCredit, "Top up").says("用户额度不足"),
        case("46 by status", error(402, "Money, please", "")).free(NoCredit, "Top up"),
        case(
            "47",
            error(
                403,
                "Your organization must be verified to use the model. Go to: https://platform.example/verify",
                "",
            ),
        )
        .free(Forbidden, "https://platform.example/verify"),
        case("47 a protection page", Answer::page(403, "Just a moment...")).free(Forbidden, "protection page"),
        case("49", error(404, "nope", "model_not_found")).free(ModelUnavailable, "choose another model"),
        case(
            "49 no channel",
            Answer::json(
                503,
                r#"{"error":{"message":"当前分组 default 下对于模型 x 无可用渠道","type":"new_api_error"}}"#,
            ),
        )
        .free(ModelUnavailable, "无可用渠道"),
        case("49 not on this path", error(400, "unsupported", ""))
            .with(|draft| draft.model = "midjourney-v7".to_owned())
            .free(ModelUnavailable, "not served on /images/generations"),
        case("50 a page", Answer::page(404, "404 Not Found")).free(WrongAddress, "/v1/images/generations"),
        case("50 detail", Answer::json(404, r#"{"detail":"Not Found"}"#)).free(WrongAddress, "no images API at"),
        case("50 doubled", error(404, "Invalid URL (POST /v1/v1/images/generations)", ""))
            .free(WrongAddress, "base URL"),
        case("50 method", Answer::json(405, r#"{"detail":"Method Not Allowed"}"#)).free(WrongAddress, "(405)"),
        case("52", Answer::page(407, "Proxy Authentication Required").header("Proxy-Authenticate", "Basic"))
            .free(Unreachable, "Set the proxy"),
        case(
            "66 301",
            Answer::page(301, "Moved")
                .header("Location", "https://new.example/v1/images/generations?token=sk-test-0123456789abcdef"),
        )
        .free(Moved, "moved to https://new.example/v1 (301)"),
        case("66 303", Answer::page(303, "See").header("Location", "@HERE@/v1/images/generations"))
            .free(Moved, "(303)"),
        case("66 302 without an address", Answer::page(302, "Found")).free(Moved, "the address moved (302)"),
        case("67 307", Answer::page(307, "x").header("Location", "https://other.example/v2"))
            .free(Moved, "The key was not sent there"),
        case("67 308", Answer::page(308, "x").header("Location", "//other.example/v2")).free(Moved, "other.example/v2"),
    ]);
}

#[test]
fn requests_side_by_side_fail_one_by_one() {
    check(vec![
        case("one of four breaks", Answer::json(200, ONE))
            .then(error(500, "oops", ""))
            .then(Answer::json(200, ONE))
            .with(|draft| draft.model = "dall-e-3".to_owned())
            .asks(4)
            .stores([1, 1, 1])
            .billed(ServerError, "(500)")
            .posts(4),
        case("two of four are refused", Answer::json(200, ONE))
            .then(error(400, "no", "moderation_blocked"))
            .then(error(400, "no", "moderation_blocked"))
            .then(Answer::json(200, ONE))
            .with(|draft| draft.model = "dall-e-3".to_owned())
            .asks(4)
            .stores([1, 1])
            .free(Refused, "safety system")
            .posts(4),
        case("one of three is cut", Answer::json(200, ONE))
            .then(Answer::json(200, ONE).by(Manner::CutAt(60)))
            .then(Answer::json(200, ONE))
            .with(|draft| draft.model = "dall-e-3".to_owned())
            .asks(3)
            .stores([1, 1])
            .billed(CutOff, "broke")
            .posts(3),
    ]);
}

#[test]
fn busy_and_broken_servers_are_asked_again_only_where_it_costs_nothing() {
    let slow = |secs: &str| error(429, "Rate limit reached", "rate_limit_exceeded").header("Retry-After", secs);
    check(vec![
        case("56", slow("1")).then(Answer::json(200, ONE)).stores([1]).posts(2),
        case("56 in milliseconds", error(429, "Rate limit", "rate_limit_exceeded").header("Retry-After-Ms", "300"))
            .then(Answer::json(200, ONE))
            .stores([1])
            .posts(2),
        case("56 once only", slow("1")).free(RateLimited, "too many requests").posts(2),
        case("S2 too long a wait", slow("61")).free(RateLimited, "wait 61 seconds"),
        case("S2 an absurd wait", slow("1000000000")).free(RateLimited, "wait 3600 seconds"),
        case("S2 more than absurd", slow("1e400")).free(RateLimited, "wait 3600 seconds"),
        case("S2 a negative wait", slow("-5")).free(RateLimited, "Try again in a moment"),
        case("S2 a date gone by", slow("Sun, 06 Nov 1994 08:49:37 GMT")).free(RateLimited, "Try again in a moment"),
        case("S2 a date far off", slow("Thu, 31 Dec 2099 23:59:59 GMT")).free(RateLimited, "wait 3600 seconds"),
        case("S2 nonsense", slow("soon")).free(RateLimited, "Try again in a moment"),
        case("58", error(429, "You exceeded your current quota", "insufficient_quota").header("Retry-After", "1"))
            .free(NoCredit, "Top up"),
        case(
            "58 by code",
            Answer::json(
                429,
                r#"{"error":{"message":"m","type":"insufficient_quota","code":"credit_balance_exhausted"}}"#,
            )
            .header("Retry-After", "1"),
        )
        .free(NoCredit, "Top up"),
        case("58 a spending limit", error(429, "m", "project_spend_limit_exceeded").header("Retry-After", "1"))
            .free(NoCredit, "Top up"),
        case(
            "59",
            Answer::json(429, r#"{"error":{"message":"当前分组上游负载已饱和，请稍后再试","type":"new_api_error"}}"#),
        )
        .free(ServerBusy, "overloaded")
        .says("当前分组上游负载已饱和，请稍后再试"),
        case("59 no words", Answer::json(429, "")).free(RateLimited, "too many requests"),
        case("53 408", Answer::json(408, "")).billed(ProxyTimeout, "gave up"),
        case("53 504", Answer::page(504, "504 Gateway Time-out"))
            .billed(ProxyTimeout, "(504)")
            .says("504 Gateway Time-out"),
        case("60", Answer::bytes(500, "text/plain", "Internal Server Error")).billed(ServerError, "failed (500)"),
        case("60 a retry told", error(500, "oops", "").header("Retry-After", "1").header("X-Should-Retry", "true"))
            .billed(ServerError, "(500)"),
        case("62", Answer::page(502, "502 Bad Gateway")).billed(ServerError, "(502)").says("502 Bad Gateway"),
        case(
            "64",
            Answer::json(503, r#"{"error":{"code":503,"message":"m","type":"model_loading"}}"#)
                .header("Retry-After", "1"),
        )
        .free(ServerBusy, "loading the model"),
        case("64 a page", Answer::page(503, "503 Service Temporarily Unavailable")).billed(ServerBusy, "overloaded"),
        case("S3 529", error(529, "Overloaded", "")).free(ServerBusy, "overloaded"),
        case("65", Answer::page(524, "gateway.example | 524: A timeout occurred").header("CF-Ray", "8f"))
            .billed(ProxyTimeout, "(524)"),
        case("65 520", Answer::page(520, "520: Web server is returning an unknown error"))
            .billed(ProxyTimeout, "(520)"),
        case("75 Latin-1", Answer::bytes(400, "text/plain; charset=iso-8859-1", b"caf\xe9 ferm\xe9 la nuit".to_vec()))
            .free(InvalidRequest, "café fermé la nuit"),
        case("75 byte order mark", Answer::json(400, "\u{feff}{\"error\":{\"message\":\"marked\"}}"))
            .free(InvalidRequest, "“marked”"),
        case(
            "S3 an error without end",
            Answer::bytes(500, "text/plain", vec![b'x'; 64 * 1024]).by(Manner::Repeated(64)),
        )
        .billed(ServerError, "(500)"),
        case("S3 an error that breaks off", error(400, "only half of this", "").by(Manner::CutAt(40)))
            .free(InvalidRequest, "did not accept"),
    ]);
}
