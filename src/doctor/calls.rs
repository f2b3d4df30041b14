//! What WeChat said to the calls that need no user: a request for a token, and the list of categories.

use core::net::IpAddr;

use super::{
    evidence::{Call, Evidence},
    refusals::{OTHER, REFUSALS},
    text::{Finding, Severity, Text, text},
};
use crate::operation::{GetStableAccessToken, Operation};

pub(super) fn examine(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for call in &evidence.calls {
        findings.extend(match call.code.as_deref() {
            None => no_categories(call),
            Some("REJECTED") => Some(refused(call)),
            Some("NETWORK" | "TIMEOUT") => Some(unreachable(call, evidence)),
            Some("HTTP_STATUS") => Some(no_answer(call, true)),
            Some("MALFORMED_RESPONSE") => Some(no_answer(call, false)),
            // What is wrong with a parameter is found where the parameter is looked at.
            Some(_) => None,
        });
    }
}

fn no_categories(call: &Call) -> Option<Finding> {
    (call.categories == Some(0)).then(|| Finding {
        of: Some(call.of.clone()),
        ..Finding::error(
            "NO_CATEGORIES",
            "appId",
            text(
                "小程序没有设置类目。",
                "the mini program has no categories.",
            ),
            text(
                "getRealnameAuthInfo 按钮的 category-id 要填其中一个类目的两级编号。",
                "the button getRealnameAuthInfo takes two of their numbers as its category-id.",
            ),
            text(
                "在小程序后台 设置 › 基本设置 › 服务类目 里添加。",
                "add them in the mini program's console (设置 › 基本设置 › 服务类目).",
            ),
        )
        .severity(Severity::Warning)
    })
}

fn unreachable(call: &Call, evidence: &Evidence) -> Finding {
    let (zh, en) = if evidence.proxy_unused {
        (
            "环境里设了 HTTPS_PROXY，但 Node 的 fetch 默认不用它：Node 24 起设 NODE_USE_ENV_PROXY=1，更早的版本给 createClient 传一个走代理的 fetch。",
            " HTTPS_PROXY is set, but Node's fetch does not use it by itself: set NODE_USE_ENV_PROXY=1 from Node 24 on, or give createClient a fetch that goes through the proxy.",
        )
    } else {
        ("", "")
    };
    Finding {
        of: Some(call.of.clone()),
        ..Finding::error(
            "UNREACHABLE",
            "baseUrl",
            text(
                "连不上服务器，或等不到响应。",
                "the server cannot be reached, or does not answer.",
            ),
            text(
                "没有网络，后面的检查（时钟、令牌、IP 白名单）都没有做。",
                "without it the clock, the token and the IP list were not checked.",
            ),
            text(
                format!(
                    "检查 DNS、防火墙和出站规则是否放行 api.weixin.qq.com:443；用沙箱时确认它在运行、端口一致。{zh}"
                ),
                format!(
                    "see that DNS, firewall and outbound rules let api.weixin.qq.com:443 through; with the sandbox, that it runs and on which port.{en}"
                ),
            ),
        )
    }
}

fn no_answer(call: &Call, by_status: bool) -> Finding {
    let (zh, en) = match call.status.filter(|_| by_status) {
        Some(status) => (
            format!("服务器返回了 HTTP {status}，不是微信的应答。"),
            format!("the server answered with HTTP status {status}: that is not WeChat's answer."),
        ),
        None => (
            "服务器返回的不是微信的应答。".to_owned(),
            "what the server answered is not one of WeChat's replies.".to_owned(),
        ),
    };
    Finding {
        of: Some(call.of.clone()),
        ..Finding::error(
            "NOT_WECHATS_ANSWER",
            "baseUrl",
            text(zh, en),
            text(
                "请求多半没有到达微信：中间有代理、网关或登录页，或者 baseUrl 指错了地方。",
                "the request probably never got to WeChat: a proxy, a gateway or a login page is in between, or baseUrl leads elsewhere.",
            ),
            text(
                "核对 baseUrl 和出站代理；5xx 可以稍后重试。",
                "look at baseUrl and at the outbound proxy; after a 5xx, try again later.",
            ),
        )
        .likely()
    }
}

/// In the catalogue's words: what the number means, and what is to be done.
fn refused(call: &Call) -> Finding {
    let errcode = call.errcode.unwrap_or_default();
    let by_token_request = call.of == GetStableAccessToken::NAME;
    let known = REFUSALS.iter().find(|known| {
        known.errcode == errcode
            && known
                .by_token_request
                .is_none_or(|is| is == by_token_request)
    });
    let known = known.unwrap_or(&OTHER);
    let of = &call.of;
    let what = match &call.meaning {
        Some(Text { zh, en }) => text(
            format!(
                "{of} 返回 errcode {errcode}：{zh}{}。",
                address(call, "，微信看到的出口 IP 是 ")
            ),
            format!(
                "{of} ended with errcode {errcode}: {en}{}.",
                address(call, "; WeChat sees the address ")
            ),
        ),
        None => text(
            format!("{of} 返回 errcode {errcode}，本版本不认识这个码。"),
            format!("{of} ended with errcode {errcode}, which this version does not know."),
        ),
    };
    let how = call.remedy.clone().unwrap_or_else(|| {
        text(
            "把 errmsg 里的 rid 提供给微信客服。",
            "ask WeChat's support; they want the rid that is in errmsg.",
        )
    });
    let (zh, en) = known.why;
    Finding {
        of: Some(call.of.clone()),
        errcode: Some(errcode),
        ..Finding::error(known.id, known.field, what, text(zh, en), how).severity(known.severity)
    }
}

/// The address that WeChat named, with what leads to it; nothing else of WeChat's text.
fn address(call: &Call, lead: &str) -> String {
    let ip = call.ip.as_deref().filter(|ip| ip.parse::<IpAddr>().is_ok());
    ip.map(|ip| format!("{lead}{ip}")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{error::Rejection, return_code::explain};

    fn found(call: Call) -> Vec<Finding> {
        let mut findings = Vec::new();
        let evidence = Evidence {
            calls: vec![call],
            ..Evidence::default()
        };
        examine(&evidence, &mut findings);
        findings
    }

    fn refused_with(of: &'static str, errcode: i32, ip: Option<&str>) -> Finding {
        let rejection = Rejection {
            operation: of,
            errcode,
            errmsg: String::new(),
            rid: None,
            hint: None,
            meaning: None,
            action: None,
            retry_after_seconds: None,
            ip: ip.map(Into::into),
        };
        found(Call::from(&rejection)).pop().unwrap()
    }

    #[test]
    fn one_number_means_two_things() {
        for (of, errcode, id) in [
            ("getStableAccessToken", 40001, "APP_SECRET_REFUSED"),
            ("getStableAccessToken", 40125, "APP_SECRET_REFUSED"),
            ("getStableAccessToken", 40013, "APP_ID_REFUSED"),
            ("getStableAccessToken", 41002, "APP_ID_MISSING"),
            ("getStableAccessToken", 41004, "APP_SECRET_MISSING"),
            ("getCategory", 40001, "ACCESS_TOKEN_REFUSED"),
            ("getCategory", 42001, "ACCESS_TOKEN_EXPIRED"),
            ("getCategory", 48001, "NOT_PERMITTED"),
            ("getRealNameInfo", 94007, "MERCHANT_NOT_BOUND"),
            ("getCategory", 50002, "REFUSED"),
            ("getCategory", 123_456, "REFUSED"),
        ] {
            let finding = refused_with(of, errcode, None);
            assert_eq!((finding.id, finding.errcode), (id, Some(errcode)));
            assert_eq!(finding.severity, Severity::Error);
        }
        assert_eq!(
            refused_with("getCategory", -1, None).severity,
            Severity::Warning
        );
    }

    #[test]
    fn refusals_are_told_in_the_words_of_the_catalogue() {
        let known = explain("getCategory", 50002).unwrap();
        let finding = refused_with("getCategory", 50002, None);
        assert!(finding.what.zh.contains(known.meaning.zh) && finding.what.en.contains("50002"));
        assert_eq!(finding.how.en, known.remedy.en);
        let unknown = refused_with("getCategory", 123_456, None);
        assert!(unknown.what.en.contains("does not know") && unknown.how.zh.contains("rid"));
    }

    #[test]
    fn the_address_is_named_if_it_is_one() {
        for (ip, shown) in [
            (Some("203.0.113.7"), Some("203.0.113.7")),
            (Some("2001:db8::7"), Some("2001:db8::7")),
            (Some("203.0.113.7 canary"), None),
            (None, None),
        ] {
            let finding = refused_with("getStableAccessToken", 40164, ip);
            assert_eq!(finding.id, "IP_NOT_LISTED");
            assert!(
                shown.is_none_or(|ip| finding.what.zh.contains(ip) && finding.what.en.contains(ip))
            );
            assert!(!format!("{finding:?}").contains("canary"));
        }
    }

    #[test]
    fn answers_that_are_none_of_wechats() {
        let id = |code: Option<&str>, categories| {
            let found = found(Call {
                of: "getCategory".into(),
                code: code.map(Into::into),
                categories,
                ..Call::default()
            });
            found.first().map(|finding| finding.id)
        };
        assert_eq!(id(None, Some(3)), None);
        assert_eq!(id(None, Some(0)), Some("NO_CATEGORIES"));
        assert_eq!(id(Some("TIMEOUT"), None), Some("UNREACHABLE"));
        assert_eq!(id(Some("HTTP_STATUS"), None), Some("NOT_WECHATS_ANSWER"));
        assert_eq!(
            id(Some("MALFORMED_RESPONSE"), None),
            Some("NOT_WECHATS_ANSWER")
        );
        assert_eq!(id(Some("INVALID_ARGUMENT"), None), None);
    }
}
