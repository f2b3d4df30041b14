//! The push channel of a third-party platform: its secrets, its address, and what arrives there.

use super::{
    evidence::Evidence,
    text::{Finding, Severity, text},
};
use crate::secret::{EncodingAesKey, PushToken};

const KEY_LENGTH: usize = 43;

pub(super) fn examine(evidence: &Evidence, findings: &mut Vec<Finding>) {
    let known = |findings: &[Finding], field: &str| {
        findings
            .iter()
            .any(|finding| finding.field.as_deref() == Some(field))
    };
    let token = evidence.push_token.as_ref().map(PushToken::expose);
    if let Some(token) = token.filter(|_| !known(findings, "pushToken")) {
        findings.extend(token_fault(token));
    }
    for (field, key) in [
        ("encodingAesKey", &evidence.encoding_aes_key),
        (
            "previousEncodingAesKey",
            &evidence.previous_encoding_aes_key,
        ),
    ] {
        let key = key.as_ref().map(EncodingAesKey::expose);
        if let Some(key) = key.filter(|_| !known(findings, field)) {
            findings.extend(key_fault(field, key));
        }
    }
    findings.extend(evidence.push_url.as_deref().and_then(url_fault));
    if let Some(push) = &evidence.push {
        findings.extend(push_fault(push, evidence));
    }
}

fn token_fault(token: &str) -> Option<Finding> {
    let length = token.chars().count();
    let plain = token.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if plain && (3..=32).contains(&length) {
        return None;
    }
    Some(Finding::error(
        "PUSH_TOKEN_MALFORMED",
        "pushToken",
        text(
            format!("pushToken 不是 3～32 位字母和数字（现在有 {length} 个字符）。"),
            format!("pushToken is not 3 to 32 letters and digits (it has {length} characters)."),
        ),
        text(
            "后台只接受这样的 Token；与后台不一致时，每条推送的 msg_signature 都对不上。",
            "the console takes no other; and where the two differ, the msg_signature of every push is wrong.",
        ),
        text(
            "填开放平台里的 消息校验Token，不是 access_token，也不是 EncodingAESKey。",
            "it is 消息校验Token of the open platform's console: not an access token, and not the EncodingAESKey.",
        ),
    ))
}

fn key_fault(field: &str, key: &str) -> Option<Finding> {
    // Some libraries want the padding that the console's 43 characters lack, and so people add it.
    let bare = key.strip_suffix('=').unwrap_or(key);
    let length = bare.chars().count();
    let plain = bare.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if plain && length == KEY_LENGTH {
        return None;
    }
    let why = || {
        text(
            "它是 AES-256 密钥的 base64：多一个或少一个字符就不是密钥，推送一条也解不开。",
            "it is the base64 of an AES-256 key: with a character more or less it is none, and no push opens.",
        )
    };
    let how = || {
        text(
            "从开放平台 第三方平台 › 开发资料 复制完整的 消息加解密Key（43 位字母和数字）。",
            "copy all of 消息加解密Key out of the open platform's console: 43 letters and digits.",
        )
    };
    Some(if length == KEY_LENGTH {
        Finding::error(
            "AES_KEY_CHARACTERS",
            field,
            text(
                format!("{field} 含有字母和数字以外的字符。"),
                format!("{field} has characters that are neither letters nor digits."),
            ),
            why(),
            how(),
        )
    } else {
        Finding::error(
            "AES_KEY_LENGTH",
            field,
            text(
                format!("{field} 有 {length} 个字符，应为 {KEY_LENGTH} 个。"),
                format!("{field} has {length} characters; it must have {KEY_LENGTH}."),
            ),
            why(),
            how(),
        )
    })
}

fn url_fault(url: &str) -> Option<Finding> {
    let confused = |certain: bool| {
        let finding = Finding::error(
            "PUSH_URL_OF_MESSAGES",
            "pushUrl",
            text(
                "pushUrl 像是 消息与事件接收URL（带 AppID 的地址），不是 授权事件接收URL。",
                "pushUrl looks like the message and event URL (消息与事件接收URL, with an app id in it), not the authorization event receiving URL.",
            ),
            text(
                "票据（component_verify_ticket）、授权变更和 notify_third_fastverifybetaapp 只推送到 授权事件接收URL；配错了就一直等不到。",
                "the ticket, changes of authorization and notify_third_fastverifybetaapp are pushed to the authorization event receiving URL (授权事件接收URL) alone; at the other one they never arrive.",
            ),
            text(
                "在开放平台 第三方平台 › 开发资料 里，把接收这些推送的地址填到 授权事件接收URL；$APPID$ 只用于 消息与事件接收URL。",
                "in the open platform's console, put the address of your handler into 授权事件接收URL; $APPID$ belongs into 消息与事件接收URL alone.",
            ),
        );
        Some(if certain {
            finding
        } else {
            finding.severity(Severity::Warning).likely()
        })
    };
    if url.to_ascii_uppercase().contains("$APPID$") {
        return confused(true);
    }
    let is_app_id = |part: &str| {
        let hex = part.strip_prefix("wx");
        hex.is_some_and(|hex| hex.len() == 16 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
    };
    if url.split(['/', '?', '&', '=']).any(is_app_id) {
        return confused(false);
    }
    None
}

fn push_fault(push: &str, evidence: &Evidence) -> Option<Finding> {
    let has = |name: &str| push.contains(&format!("<{name}>"));
    if has("ToUserName") || (has("MsgType") && !has("InfoType")) {
        return Some(Finding::error(
            "PUSH_OF_MESSAGE_URL",
            "push",
            text(
                "这条推送是发给 消息与事件接收URL 的（有 <ToUserName>），不是授权事件。",
                "this push was meant for the message and event URL (it has <ToUserName>); it is no authorization event.",
            ),
            text(
                "两个地址的推送格式不同：授权事件是 <AppId> 和 <Encrypt>，解密后有 InfoType。混在一起就会解不开或漏掉事件。",
                "the two get different pushes: an authorization event has <AppId> and <Encrypt>, and InfoType inside. Where they are mixed up, pushes do not open or events are missed.",
            ),
            text(
                "给两个地址不同的路径，把本库的处理函数接到 授权事件接收URL 那个；用户消息交给您自己的代码。",
                "give the two a path each, and this library's handler the one of 授权事件接收URL; messages of users are for your own code.",
            ),
        ));
    }
    if !has("Encrypt") && !has("InfoType") {
        return Some(
            Finding::error(
                "PUSH_NOT_RECOGNISED",
                "push",
                text(
                    "push 里既没有 <Encrypt> 也没有 <InfoType>：不是授权事件推送的原文。",
                    "push has neither <Encrypt> nor <InfoType>: it is not the body of an authorization event.",
                ),
                text(
                    "请求体被中间件解析或改写后，签名就对不上，也解不开。",
                    "a body that a parser has read or changed has no right signature any more, and does not open.",
                ),
                text(
                    "保存 POST 请求体的原文（XML）；处理函数要放在 body parser 之前，或用 express.raw。",
                    "save the body of the POST as it came (XML); the handler goes before body parsers, or behind express.raw.",
                ),
            )
            .likely(),
        );
    }
    let own = evidence.component_app_id.as_deref()?;
    let given = between(push, "<AppId>", "</AppId>")?;
    (given != own).then(|| {
        let mini_program = evidence.app_id.as_deref() == Some(own);
        let (zh, en) = if mini_program {
            (
                "您填的是小程序的 AppID。",
                " What you gave is the mini program's.",
            )
        } else {
            ("", "")
        };
        Finding::error(
            "PUSH_OF_ANOTHER_PLATFORM",
            "componentAppId",
            text(
                format!("推送里的 <AppId> 不是 componentAppId。{zh}"),
                format!("the <AppId> of the push is not componentAppId.{en}"),
            ),
            text(
                "密文末尾带着第三方平台的 AppID，不一致就拒绝解密。",
                "the platform's app id is part of what is encrypted, and a push for another one is not opened.",
            ),
            text(
                "openPushChannel 的 appId 填第三方平台自己的 AppID（component_appid），不是小程序的。",
                "the appId of openPushChannel is the platform's own (component_appid), not a mini program's.",
            ),
        )
    })
}

fn between<'a>(text: &'a str, open: &str, close: &str) -> Option<&'a str> {
    let (_, after) = text.split_once(open)?;
    let inside = after.split_once(close)?.0.trim();
    let inside = inside.strip_prefix("<![CDATA[").unwrap_or(inside);
    Some(inside.strip_suffix("]]>").unwrap_or(inside).trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(evidence: &Evidence) -> Vec<&'static str> {
        let mut findings = Vec::new();
        examine(evidence, &mut findings);
        findings.iter().map(|finding| finding.id).collect()
    }

    #[test]
    fn secrets_of_the_channel() {
        let with = |token: &str, key: &str| {
            found(&Evidence {
                push_token: Some(token.into()),
                encoding_aes_key: Some(key.into()),
                ..Evidence::default()
            })
        };
        let key = "k7Qw3eRtY8uIoP2aSdF4gHjK6lZxC9vBnM1qWeRtY5u";
        assert_eq!(with("token1", key), [""; 0]);
        assert_eq!(with("abc", &format!("{key}=")), [""; 0]);
        assert_eq!(with("ab", key), ["PUSH_TOKEN_MALFORMED"]);
        assert_eq!(with(&"a".repeat(33), key), ["PUSH_TOKEN_MALFORMED"]);
        assert_eq!(with("to-ken", key), ["PUSH_TOKEN_MALFORMED"]);
        let (_, short) = key.split_at(1);
        assert_eq!(with("token1", short), ["AES_KEY_LENGTH"]);
        assert_eq!(with("token1", &format!("{key}a")), ["AES_KEY_LENGTH"]);
        assert_eq!(with("token1", &format!("{short}+")), ["AES_KEY_CHARACTERS"]);
    }

    #[test]
    fn two_addresses_that_are_confused() {
        let url = |url: &str| {
            found(&Evidence {
                push_url: Some(url.into()),
                ..Evidence::default()
            })
        };
        assert_eq!(url("https://a.example/wechat/push"), [""; 0]);
        assert_eq!(
            url("https://a.example/$APPID$/callback"),
            ["PUSH_URL_OF_MESSAGES"]
        );
        assert_eq!(
            url("https://a.example/wx3c0ffee5a9db0f51/msg"),
            ["PUSH_URL_OF_MESSAGES"]
        );
        let push = |push: &str| {
            found(&Evidence {
                push: Some(push.to_owned().into()),
                component_app_id: Some("wx3c0ffee5a9db0f52".into()),
                ..Evidence::default()
            })
        };
        let envelope = |head: &str| format!("<xml>{head}<Encrypt><![CDATA[abc]]></Encrypt></xml>");
        assert_eq!(
            push(&envelope("<AppId><![CDATA[wx3c0ffee5a9db0f52]]></AppId>")),
            [""; 0]
        );
        assert_eq!(
            push(&envelope("<AppId>wx3c0ffee5a9db0f51</AppId>")),
            ["PUSH_OF_ANOTHER_PLATFORM"]
        );
        assert_eq!(
            push(&envelope("<ToUserName>gh_1</ToUserName>")),
            ["PUSH_OF_MESSAGE_URL"]
        );
        assert_eq!(
            push("<xml><MsgType>event</MsgType></xml>"),
            ["PUSH_OF_MESSAGE_URL"]
        );
        assert_eq!(push("{\"xml\":{}}"), ["PUSH_NOT_RECOGNISED"]);
    }
}
