//! The forms that ids and secrets have.

use super::text::{Finding, Severity, text};
use crate::secret::AccessToken;

pub(super) fn malformed(field: &'static str, value: &str) -> Option<Finding> {
    match field {
        "appId" | "componentAppId" => app_id(field, value),
        "appSecret" | "componentAppSecret" => secret(field, value),
        "mchId" => mch_id(value),
        "accessToken" => access_token(value),
        _ => None,
    }
}

fn app_id(field: &'static str, value: &str) -> Option<Finding> {
    let lower_hex = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
    let body = value.strip_prefix("wx");
    if body.is_some_and(|body| body.len() == 16 && body.chars().all(lower_hex)) {
        return None;
    }
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let (id, zh, en, likely) = if value.is_empty() {
        ("APP_ID_MALFORMED", "是空的", "is empty", false)
    } else if value.len() == 28 && value.starts_with('o') && value.chars().all(plain) {
        (
            "APP_ID_IS_OPENID",
            "像是用户的 openid，不是 AppID",
            "looks like a user's openid, not an app id",
            true,
        )
    } else if value.starts_with("gh_") {
        (
            "APP_ID_IS_ORIGINAL_ID",
            "是原始 ID（gh_ 开头），不是 AppID",
            "is the original id (原始ID, gh_…), not the app id",
            false,
        )
    } else if value.starts_with("ww") || value.starts_with("wk") {
        (
            "APP_ID_IS_CORP_ID",
            "像是企业微信的 CorpID，不是小程序的 AppID",
            "looks like a WeCom corp id, not a mini program's app id",
            true,
        )
    } else {
        (
            "APP_ID_MALFORMED",
            "不是 wx 加 16 位小写十六进制字符",
            "is not wx and 16 lower-case hex digits",
            false,
        )
    };
    let finding = Finding::error(
        id,
        field,
        text(format!("{field} {zh}。"), format!("{field} {en}.")),
        text(
            "微信返回 40013（appid 无效）；推送解密时也会因 AppID 不符而失败。",
            "WeChat answers 40013 (invalid appid), and pushes do not open where it belongs to their key.",
        ),
        text(
            "小程序的 AppID 在 开发管理 › 开发设置；第三方平台的在开放平台 管理中心 › 第三方平台。复制整个值，区分大小写。",
            "copy the whole of it, in lower case: a mini program's from 开发管理 › 开发设置, a platform's from the open platform's console (管理中心 › 第三方平台).",
        ),
    );
    Some(if likely { finding.likely() } else { finding })
}

fn secret(field: &'static str, value: &str) -> Option<Finding> {
    if value.len() == 32 && value.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let length = value.chars().count();
    let finding = Finding::error(
        "SECRET_MALFORMED",
        field,
        text(
            format!("{field} 不是 32 位十六进制字符（现在有 {length} 个字符）。"),
            format!("{field} is not 32 hex digits (it has {length} characters)."),
        ),
        text(
            "微信返回 40125 或 40001（密钥无效）。",
            "WeChat answers 40125 or 40001 (invalid secret).",
        ),
        text(
            "在后台重置并复制完整的 AppSecret；不要填成 AppID、商户 API 密钥或 EncodingAESKey。",
            "reset it in the console and copy all of it; it is not the app id, not the merchant's API key, and not the EncodingAESKey.",
        ),
    );
    // Of platforms none is documented.
    Some(if field == "appSecret" {
        finding
    } else {
        finding.severity(Severity::Warning).likely()
    })
}

fn mch_id(value: &str) -> Option<Finding> {
    let digits = !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit());
    (!digits || value.len() > 32).then(|| {
        Finding::error(
            "MCH_ID_MALFORMED",
            "mchId",
            text("mchId 不是纯数字。", "mchId is not digits only."),
            text(
                "微信返回 94010（商户号不合法）。",
                "WeChat answers 94010 (illegal merchant number).",
            ),
            text(
                "填微信支付商户号：商户平台 账户中心 › 商户信息，也是商户API证书的 CN。",
                "it is the WeChat Pay merchant number: 账户中心 › 商户信息 on the merchant platform, and the CN of the merchant certificate.",
            ),
        )
    })
}

fn access_token(value: &str) -> Option<Finding> {
    let well_formed = AccessToken::from(value).is_well_formed();
    (!well_formed).then(|| {
        Finding::error(
            "ACCESS_TOKEN_MALFORMED",
            "accessToken",
            text(
                "accessToken 含有 access_token 不会有的字符，或太长，或是空的。",
                "accessToken is empty, far too long, or has characters that no access token has.",
            ),
            text(
                "微信返回 40001 或 40014；本库在发送前就会拒绝。",
                "WeChat answers 40001 or 40014; this library refuses it before the call.",
            ),
            text(
                "只取响应里 access_token 字段的文本，不要整段 JSON，不要 “Bearer ” 前缀。",
                "hand over the text of the reply's `access_token` alone: not the whole JSON, and no \"Bearer \" before it.",
            ),
        )
    })
}
