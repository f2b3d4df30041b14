//! The XML of the events, field by field as WeChat's documents show it.

use rand_chacha::ChaCha20Rng;

use super::{letters, trial::CODE_SECONDS};

/// The result of a `verifybetaweapp`.
pub(super) const BETA: &str = "notify_third_fastverifybetaapp";

/// What a task tells in its pushes: what the platform sent, as it sent it.
#[derive(Clone, Default)]
pub(super) struct Info {
    pub(super) name: String,
    pub(super) code: String,
    pub(super) code_type: u32,
    /// Empty in the 2026 form, which does not name the legal person; assumed to be pushed so.
    pub(super) wechat: String,
    pub(super) legal_persona_name: String,
    pub(super) phone: String,
}

pub(super) fn ticket(platform: &str, ticket: &str, now: u64) -> String {
    let ticket = element("ComponentVerifyTicket", ticket);
    event(platform, "component_verify_ticket", now, &ticket)
}

/// `authorized` and `updateauthorized`, with a code for `api_query_auth`.
pub(super) fn authorized(
    platform: &str,
    info_type: &str,
    app_id: &str,
    code: &str,
    now: u64,
    random: &mut ChaCha20Rng,
) -> String {
    let pre_auth_code = format!("preauthcode@@@{}", letters(random, 43));
    // A point in time, as in real pushes; WeChat's sample shows a number of seconds.
    let fields = [
        element("AuthorizerAppid", app_id),
        element("AuthorizationCode", code),
        format!(
            "<AuthorizationCodeExpiredTime>{}</AuthorizationCodeExpiredTime>\n",
            now + CODE_SECONDS
        ),
        element("PreAuthCode", &pre_auth_code),
    ];
    event(platform, info_type, now, &fields.concat())
}

pub(super) fn unauthorized(platform: &str, app_id: &str, now: u64) -> String {
    let app_id = element("AuthorizerAppid", app_id);
    event(platform, "unauthorized", now, &app_id)
}

/// A task's state. Failures may come without the mini program's id, or without `info`.
pub(super) fn beta(
    platform: &str,
    app_id: Option<&str>,
    status: i32,
    info: Option<&Info>,
    now: u64,
) -> String {
    let app_id = app_id.map(|id| format!("<appid>{id}</appid>\n"));
    let msg = message(status);
    let info = info.map(|info| {
        let fields = [
            element("name", &info.name),
            element("code", &info.code),
            format!("<code_type>{}</code_type>\n", info.code_type),
            element("legal_persona_wechat", &info.wechat),
            element("legal_persona_name", &info.legal_persona_name),
            element("component_phone", &info.phone),
        ];
        format!("<info>\n{}</info>\n", fields.concat())
    });
    let fields = format!(
        "{}<status>{status}</status>\n<msg>{msg}</msg>\n{}",
        app_id.unwrap_or_default(),
        info.unwrap_or_default()
    );
    event(platform, BETA, now, &fields)
}

/// An event that nobody has heard of, with fields within fields and a field that comes twice.
pub(super) fn unknown(platform: &str, app_id: &str, now: u64) -> String {
    let fields = format!(
        "{}<detail>\n<list>\n<item>1</item>\n<item>2</item>\n</list>\n{}</detail>\n",
        element("AuthorizerAppid", app_id),
        element("remark", "a < b && b > c")
    );
    event(platform, UNKNOWN, now, &fields)
}

pub(super) const UNKNOWN: &str = "notify_sandbox_unheard_of";

/// The sample of WeChat's document, which does not close `<appid>`.
pub(super) fn malformed(platform: &str, app_id: &str, info: &Info, now: u64) -> String {
    beta(platform, Some(app_id), 0, Some(info), now).replace("</appid>", "<appid>")
}

fn event(platform: &str, info_type: &str, now: u64, fields: &str) -> String {
    format!(
        "<xml>\n{}<CreateTime>{now}</CreateTime>\n{}{fields}</xml>",
        element("AppId", platform),
        element("InfoType", info_type)
    )
}

/// One field as CDATA. A `]]>` inside would end it, so it is spread over two; what XML cannot hold at all is left out.
fn element(name: &str, text: &str) -> String {
    let text: String = text
        .chars()
        .filter(|c| !c.is_control() && !matches!(c, '\u{FFFE}' | '\u{FFFF}'))
        .collect();
    let text = text.replace("]]>", "]]]]><![CDATA[>");
    format!("<{name}><![CDATA[{text}]]></{name}>\n")
}

/// `msg`, in plain characters. WeChat publishes those of 0 and 89251 alone; the others are assumed.
fn message(status: i32) -> &'static str {
    match status {
        0 => "OK",
        1 => "created",
        2 => "timeout",
        3 => "refused by user",
        4 => "agreed by user",
        5 => "face check begun",
        6 => "face check failed",
        7 => "face check passed",
        101 => "enterprise deregistered",
        102 => "enterprise not exist or not up to date",
        103 => "legal person name mismatch",
        104 => "legal person idcard mismatch",
        105 => "legal person idcard not up to date",
        1000 => "enterprise or legal person mismatch",
        89251 => "waiting for legal person",
        89252 => "waiting for administrator",
        100_001 => "timeout: idcard not checked",
        100_002 => "timeout: face not checked",
        100_003 => "timeout: not confirmed",
        100_004 => "realname and legal person name mismatch",
        _ => "failed",
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[test]
    fn nothing_breaks_out_of_cdata() {
        assert_eq!(
            element("a", "x]]><b>\u{1}]]]>"),
            "<a><![CDATA[x]]]]><![CDATA[><b>]]]]]><![CDATA[>]]></a>\n"
        );
    }
}
