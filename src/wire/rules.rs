//! Telling words: what codes, types and phrases of many servers mean, whatever status they come with.

use super::words::Words;
use crate::domain::FailureKind;

/// Words that tell a kind, in lower case, first match first. Quota words before rate words: both come with 429.
const TELLING: [(FailureKind, &[&str]); 6] = [
    (
        FailureKind::NoCredit,
        &[
            "insufficient_quota",
            "insufficient_user_quota",
            "insufficient quota",
            "credit_balance_exhausted",
            "spend_limit_exceeded",
            "usage_limit_exceeded",
            "billing_hard_limit",
            "billing hard limit",
            "billing_not_active",
            "insufficient_balance",
            "insufficient balance",
            "insufficient credit",
            "insufficient_credit",
            "not enough credit",
            "out of credit",
            "requires more credit",
            "pre_consume_token_quota_failed",
            "exceeded your current quota",
            "payment required",
            "payment_required",
            "余额不足",
            "额度不足",
            "额度已用尽",
            "额度已用完",
            "预扣费",
            "配额不足",
            "欠费",
        ],
    ),
    (
        FailureKind::Refused,
        &[
            "moderation_blocked",
            "content_policy",
            "content policy",
            "content_filter",
            "contentfilter",
            "content filter",
            "content management policy",
            "content moderation",
            "sensitive_words",
            "prompt_blocked",
            "banned word",
            "responsibleaipolicy",
            "safety system",
            "safety_violation",
            "safety violation",
            "safety filter",
            "敏感词",
            "违规",
            "内容审核",
            "审核不通过",
            "审核未通过",
        ],
    ),
    (
        FailureKind::KeyRejected,
        &[
            "invalid_api_key",
            "incorrect api key",
            "invalid api key",
            "api key not valid",
            "no_db_connection",
            "invalid token",
            "invalid_token",
            "authentication error",
            "authentication_error",
            "无效的令牌",
            "令牌已过期",
            "令牌状态不可用",
            "未提供令牌",
        ],
    ),
    (
        FailureKind::ModelUnavailable,
        &[
            "model_not_found",
            "model_not_available",
            "model_not_supported",
            "model not found",
            "unknown model",
            "invalid_model",
            "not a valid model",
            "deploymentnotfound",
            "no available channel",
            "channel:no_available_key",
            "not support image generation",
            "not supported for image generation",
            "not an image model",
            "无可用渠道",
            "没有可用渠道",
            "模型不存在",
            "不支持该模型",
            "无权使用模型",
        ],
    ),
    (
        FailureKind::ServerBusy,
        &[
            "overloaded",
            "model_loading",
            "model is loading",
            "currently loading",
            "still loading",
            "no deployments available",
            "temporarily unavailable",
            "server is busy",
            "upscale_busy",
            "queue is full",
            "queue full",
            "负载已饱和",
            "服务器繁忙",
            "系统繁忙",
        ],
    ),
    (
        FailureKind::RateLimited,
        &[
            "rate_limit",
            "rate limit",
            "ratelimit",
            "slow_down",
            "too many requests",
            "too_many_requests",
            "concurrency_limit",
            "resource_exhausted",
            "请求过于频繁",
            "请求频率",
            "请求数限制",
        ],
    ),
];

/// The kind the words tell by themselves. `status` is the answer's, or the one inside a 200.
pub(super) fn told(words: &Words, status: u16) -> Option<FailureKind> {
    // A page's title is prose about the proxy, not about the request.
    if words.is_page {
        return None;
    }
    let text = words.haystack();
    for (kind, telling) in TELLING {
        // Behind a 5xx a key that is not accepted is the gateway's own, not the person's.
        let may = kind != FailureKind::KeyRejected || status < 500;
        if may && telling.iter().any(|word| text.contains(word)) {
            return Some(kind);
        }
    }
    let missing = ["does not exist", "doesn't exist", "not exist", "does not have access", "do not have access"];
    let about_model = text.contains("model") && missing.iter().any(|word| text.contains(word));
    about_model.then_some(FailureKind::ModelUnavailable)
}

/// The parameters that can be left out of a request.
const OPTIONAL: [&str; 5] = ["n", "size", "quality", "style", "response_format"];

/// Phrases that say a parameter is not known, as opposed to a value that is wrong.
const UNKNOWN: [&str; 18] = [
    "unknown_parameter",
    "unknown parameter",
    "unsupported_parameter",
    "unsupported parameter",
    "unrecognized request argument",
    "unrecognized parameter",
    "unrecognized key",
    "unrecognized_keys",
    "argument not supported",
    "unknown field",
    "unexpected keyword",
    "unexpected parameter",
    "extra_forbidden",
    "extra inputs are not permitted",
    "extra fields not permitted",
    "additional properties are not allowed",
    "parameter is not supported",
    "is not supported by",
];

/// The parameter the server does not know, when it is one that can be left out.
pub(super) fn unknown_parameter(words: &Words) -> Option<&'static str> {
    let text = format!("{}\n{}\n{}", words.code, words.kind, words.message).to_lowercase();
    let start = UNKNOWN.iter().filter_map(|phrase| text.find(phrase)).min();
    let named = named(&words.param);
    // No picture differs when it comes the other way: a refused response_format is left out as well.
    if start.is_none() && (named == Some("response_format") || text.contains("response_format")) {
        return Some("response_format");
    }
    start?;
    named.or_else(|| quoted(&text))
}

/// The server makes only one image a request.
pub(super) fn one_image_only(words: &Words, asked: u8) -> bool {
    let text = words.message.to_lowercase();
    let phrases = ["n=1", "n = 1", "n must be 1", "`n` must be 1", "'n' must be 1", "only one image", "only 1 image"];
    asked > 1 && (named(&words.param) == Some("n") || phrases.iter().any(|phrase| text.contains(phrase)))
}

/// The parameter at the end of a path like `tools[0].n`.
fn named(path: &str) -> Option<&'static str> {
    let last = path.rsplit(['.', '/']).next().unwrap_or_default().trim_matches(['\'', '"', '`', ' ']);
    OPTIONAL.into_iter().find(|name| *name == last)
}

/// The first parameter named in a message. `n` only in quotation marks or at the end of a path: it is also a letter.
fn quoted(text: &str) -> Option<&'static str> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '[' | ']' | '\'' | '"' | '`');
    text.split(|c: char| !is_part(c)).find_map(|word| {
        let bare = word.trim_end_matches('.');
        let is_marked = bare.starts_with(['\'', '"', '`']) || bare.contains(".n");
        named(bare).filter(|name| *name != "n" || is_marked)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(code: &str, param: &str, message: &str, want: Option<&str>) {
        let words =
            Words { code: code.to_owned(), param: param.to_owned(), message: message.to_owned(), ..Words::default() };
        assert_eq!(unknown_parameter(&words), want, "{message}");
    }

    #[test]
    fn unknown_parameters_are_named_in_many_ways() {
        check("unknown_parameter", "style", "Unknown parameter: 'style'.", Some("style"));
        check("unknown_parameter", "", "Unknown parameter: 'quality'.", Some("quality"));
        check("", "tools[0].n", "Unknown parameter: 'tools[0].n'.", Some("n"));
        check("", "", "Unknown parameter: 'tools[0].n'.", Some("n"));
        check("400", "", "Setting `style` is not supported by openai, gpt-image-2", Some("style"));
        check("", "", "Argument not supported: size", Some("size"));
        check("", "", "Unrecognized request argument supplied: response_format", Some("response_format"));
        check("extra_forbidden", "quality", "quality: Extra inputs are not permitted", Some("quality"));
        check("", "", "Additional properties are not allowed ('n' was unexpected)", Some("n"));
        check("invalid_value", "response_format", "Only b64_json is supported.", Some("response_format"));
        check("invalid_value", "size", "Invalid size '1792x936'.", None);
        check("unknown_parameter", "prompt", "Unknown parameter: 'prompt'.", None);
        check("", "", "An unknown parameter n ruined it", None);
        check("", "", "The size is wrong", None);
    }

    #[test]
    fn one_image_a_request_is_understood() {
        let words = |param: &str, message: &str| Words {
            param: param.to_owned(),
            message: message.to_owned(),
            ..Words::default()
        };
        assert!(one_image_only(&words("", "You must provide n=1 for this model."), 4));
        assert!(one_image_only(&words("tools[0].n", "Unknown parameter"), 2));
        assert!(one_image_only(&words("n", "n must be at most 4"), 10));
        assert!(!one_image_only(&words("n", "n must be at most 4"), 1));
        assert!(!one_image_only(&words("size", "too large"), 4));
    }
}
