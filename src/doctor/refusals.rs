//! The refusals that set-ups cause: which finding each is, what it is about, and what comes of it. What it means and what to do
//! are the catalogue's words.

use super::text::Severity;

/// Chinese and English.
pub(super) type Pair = (&'static str, &'static str);

/// A refusal that set-ups cause.
pub(super) struct Refusal {
    pub(super) errcode: i32,
    /// Where the number means something else in a request for a token than elsewhere.
    pub(super) by_token_request: Option<bool>,
    pub(super) id: &'static str,
    pub(super) field: &'static str,
    pub(super) severity: Severity,
    pub(super) why: Pair,
}

const fn refusal(errcode: i32, id: &'static str, field: &'static str, why: Pair) -> Refusal {
    Refusal {
        errcode,
        by_token_request: None,
        id,
        field,
        severity: Severity::Error,
        why,
    }
}

impl Refusal {
    const fn of_token_request(self, is: bool) -> Self {
        Self {
            by_token_request: Some(is),
            ..self
        }
    }

    const fn passing(self) -> Self {
        Self {
            severity: Severity::Warning,
            ..self
        }
    }
}

const NO_TOKEN: Pair = (
    "拿不到 access_token，所有接口都调不了。",
    "without an access token no interface can be called.",
);
const ITS_CALLS: Pair = ("用它的每次调用都会失败。", "every call on it fails.");
const EVERY_TIME: Pair = (
    "读取实名信息的调用每次都会这样失败。",
    "every call that reads a person's name will end the same way.",
);
const PASSES: Pair = (
    "会自己过去，和配置无关。",
    "it passes by itself, and has nothing to do with the set-up.",
);

/// Any other number.
pub(super) const OTHER: Refusal = refusal(
    0,
    "REFUSED",
    "appId",
    (
        "正式调用也会得到同样的结果。",
        "the calls to come will end the same way.",
    ),
);

pub(super) const REFUSALS: &[Refusal] = &[
    refusal(-1, "WECHAT_BUSY", "baseUrl", PASSES).passing(),
    refusal(40001, "APP_SECRET_REFUSED", "appSecret", NO_TOKEN).of_token_request(true),
    refusal(40001, "ACCESS_TOKEN_REFUSED", "accessToken", ITS_CALLS).of_token_request(false),
    refusal(40013, "APP_ID_REFUSED", "appId", NO_TOKEN),
    refusal(40014, "ACCESS_TOKEN_REFUSED", "accessToken", ITS_CALLS),
    refusal(40125, "APP_SECRET_REFUSED", "appSecret", NO_TOKEN),
    refusal(40164, "IP_NOT_LISTED", "appId", NO_TOKEN),
    refusal(40243, "APP_SECRET_FROZEN", "appSecret", NO_TOKEN),
    refusal(41001, "ACCESS_TOKEN_MISSING", "accessToken", ITS_CALLS),
    refusal(41002, "APP_ID_MISSING", "appId", NO_TOKEN),
    refusal(41004, "APP_SECRET_MISSING", "appSecret", NO_TOKEN),
    refusal(42001, "ACCESS_TOKEN_EXPIRED", "accessToken", ITS_CALLS),
    refusal(
        45009,
        "QUOTA_USED_UP",
        "appId",
        (
            "到明天零点（北京时间）之前都会失败。",
            "calls fail until midnight in Beijing.",
        ),
    ),
    refusal(45011, "TOO_FAST", "appId", PASSES).passing(),
    refusal(
        48001,
        "NOT_PERMITTED",
        "appId",
        (
            "实名信息类接口只对已开通的小程序开放；令牌属于没有开通的小程序时也是这个码。",
            "the real-name interfaces are open to admitted mini programs alone; a token of another mini program ends the same way.",
        ),
    ),
    refusal(61004, "PLATFORM_IP_NOT_LISTED", "componentAppId", NO_TOKEN),
    refusal(89501, "IP_WAITS_FOR_ADMINISTRATOR", "appId", NO_TOKEN),
    refusal(89503, "CALL_WAITS_FOR_ADMINISTRATOR", "appId", NO_TOKEN),
    refusal(94006, "NOT_ADMITTED", "appId", EVERY_TIME),
    refusal(94007, "MERCHANT_NOT_BOUND", "mchId", EVERY_TIME),
];
