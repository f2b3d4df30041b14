//! The body of a `checkrealnameinfo` request as it was sent.

use serde_json::{Map, Value};

use super::{
    settings::percent_encoded,
    text::{Finding, text},
};

/// Whether the fields are of this request and not of `getrealnameinfo`'s.
pub(super) fn is_one(fields: &Map<String, Value>) -> bool {
    fields.contains_key("cred_id") || (fields.contains_key("code") && !fields.contains_key("sign"))
}

pub(super) fn examine(fields: &Map<String, Value>, findings: &mut Vec<Finding>) {
    for name in ["openid", "real_name", "cred_id", "cred_type", "code"] {
        findings.extend(super::request::missing(fields, name));
    }
    if fields.get("cred_type").is_some_and(Value::is_number) {
        findings.push(Finding::error(
            "CRED_TYPE_NUMBER",
            "request.cred_type",
            text(
                "cred_type 是数字，应为字符串 \"1\"。",
                "cred_type is a number; it must be the string \"1\".",
            ),
            text(
                "微信返回 47001（参数格式不对）。",
                "WeChat answers 47001 (a field has the wrong form).",
            ),
            text("写成 \"cred_type\": \"1\"。", "write \"cred_type\": \"1\"."),
        ));
    }
    match fields.get("code") {
        Some(Value::String(code)) => findings.extend(percent_encoded("request.code", code)),
        Some(Value::Object(_)) => findings.push(Finding::error(
            "CODE_IS_AN_OBJECT",
            "request.code",
            text(
                "code 是一个对象，应为字符串。",
                "code is an object; it must be a string.",
            ),
            text(
                "有的同意页返回 { auth_code } 对象；整个放进请求，微信返回 80111 或 47001。",
                "some consent pages hand back { auth_code }; put in whole, it is refused with 80111 or 47001.",
            ),
            text(
                "取出 auth_code 的文本；小程序里用 wechat-realname/miniprogram 的 askForRealNameCode，它两种都认。",
                "take the text of auth_code; askForRealNameCode of wechat-realname/miniprogram knows both forms.",
            ),
        )),
        _ => {}
    }
}
