//! Settings that are one line of text each: whether they were filled in, and whether they can be what they should be.

use super::{
    evidence::Evidence,
    forms::malformed,
    placeholder::{Unfinished, unfinished},
    text::{Finding, Severity, text},
};
use crate::request::Origin;

pub(super) fn examine(evidence: &Evidence, findings: &mut Vec<Finding>) {
    for (field, value) in evidence.settings() {
        // The sandbox's magic values are right where the sandbox is.
        if value.starts_with("sandbox:") && !evidence.is_for_wechat() {
            continue;
        }
        // One finding says it: what is not filled in, or wears quotes, has no form to judge.
        let found = not_filled_in(field, value)
            .or_else(|| unclean(field, value))
            .or_else(|| percent_encoded(field, value))
            .or_else(|| malformed(field, value));
        findings.extend(found);
    }
    findings.extend(same_app_id(evidence));
    findings.extend(base_url(evidence));
    findings.extend(tls_unchecked(evidence));
}

fn not_filled_in(field: &'static str, value: &str) -> Option<Finding> {
    let kind = unfinished(field, value)?;
    let how = text(
        "填入自己的值：小程序的在小程序后台 开发管理 › 开发设置，商户的在商户平台 账户中心 › API安全，第三方平台的在开放平台的平台详情里；并确认程序读到的就是这份配置。",
        "put your own value there: a mini program's is in its console (开发管理 › 开发设置), a merchant's on the merchant platform (账户中心 › API安全), a platform's in the open platform's console; and see that this is the configuration your program reads.",
    );
    let finding = match kind {
        Unfinished::Placeholder => Finding::error(
            "PLACEHOLDER",
            field,
            text(
                format!("{field} 看起来还是占位符，没有填入真实的值。"),
                format!("{field} looks like a placeholder that was never filled in."),
            ),
            text(
                "微信会把它当成真实的值，返回的错误（40013、40125、94010 等）不会提示这是占位符。",
                "WeChat takes it at its word, and its refusals (40013, 40125, 94010 …) do not say that it is one.",
            ),
            how,
        ),
        Unfinished::Sample => Finding::error(
            "SAMPLE_VALUE",
            field,
            text(
                format!("{field} 像是文档或教程里的示例值。"),
                format!("{field} looks like a sample out of a manual."),
            ),
            text(
                "示例值不属于任何人，微信不会接受；推送的 Token 和 EncodingAESKey 用示例值，则任何人都能伪造推送。",
                "it is nobody's, so WeChat refuses it; and with a push token or EncodingAESKey that everybody can read, everybody can forge pushes.",
            ),
            how,
        ),
    };
    Some(finding.likely())
}

fn unclean(field: &'static str, value: &str) -> Option<Finding> {
    let quoted = value.starts_with(['"', '\'', '“', '‘']) || value.ends_with(['"', '\'', '”', '’']);
    // What the library itself trims needs no finding.
    let spaced = value.trim() != value && field != "certSerialNo";
    let invisible = value
        .chars()
        .any(|c| !c.is_ascii_graphic() && c != ' ' && !c.is_ascii_whitespace());
    if value.is_empty() || !(quoted || spaced || invisible) {
        return None;
    }
    let (zh, en) = if quoted {
        ("两端带着引号", "has quotes around it")
    } else if spaced {
        (
            "前后有空格或换行",
            "has white space or a line end around it",
        )
    } else {
        (
            "含有看不见的字符或全角字符",
            "holds characters that are invisible or full-width",
        )
    };
    Some(Finding::error(
        "UNCLEAN_VALUE",
        field,
        text(format!("{field} {zh}。"), format!("{field} {en}.")),
        text(
            "这些字符会原样发给微信或参与签名，结果是 40013、40125、40001 或验签失败，而值看上去完全正确。",
            "they are sent and signed like the rest, so WeChat answers 40013, 40125 or 40001, or a signature is wrong, while the value looks right.",
        ),
        text(
            "去掉它们。常见来源：docker --env-file 不去引号；echo 写入密钥文件时多出换行（改用 printf %s）；从网页或聊天里复制。",
            "take them off. They come from `docker --env-file`, which keeps quotes, from `echo` into a file of a secret (`printf %s` adds no line end), and from copying out of a page or chat.",
        ),
    ))
}

/// `%3D` and the like: what was percent-encoded once too often.
pub(super) fn is_percent_encoded(value: &str) -> bool {
    value.split('%').skip(1).any(|after| {
        let digits = after.as_bytes().get(..2);
        digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    })
}

pub(super) fn percent_encoded(field: &str, value: &str) -> Option<Finding> {
    let name = field.strip_prefix("request.").unwrap_or(field);
    let applies = ["authToken", "auth_token", "code", "accessToken", "sign"].contains(&name);
    (applies && is_percent_encoded(value)).then(|| {
        Finding::error(
            "PERCENT_ENCODED",
            field,
            text(
                format!("{field} 经过了 URL 编码（含有 %3D 之类）。"),
                format!("{field} is percent-encoded (it holds %3D or the like)."),
            ),
            text(
                "这些值放在 JSON 请求体里原样提交；编码后的 code 会得到 errcode -1，auth_token 会得到 94005。",
                "it goes into a JSON body as it is; a code that ends in %3D got errcode -1, an auth_token gets 94005.",
            ),
            text(
                "原样传递：前端不要对它 encodeURIComponent，放在 URL 里传的话，服务端取出后只解码一次。",
                "hand it on as it came: no encodeURIComponent in front, and where it travels in an address, decode it exactly once on the server.",
            ),
        )
    })
}

fn same_app_id(evidence: &Evidence) -> Option<Finding> {
    let (app_id, component) = (
        evidence.app_id.as_ref()?,
        evidence.component_app_id.as_ref()?,
    );
    (app_id == component && !app_id.is_empty()).then(|| {
        Finding::error(
            "COMPONENT_APP_ID_IS_APP_ID",
            "componentAppId",
            text(
                "componentAppId 和 appId 是同一个值。",
                "componentAppId and appId are the same.",
            ),
            text(
                "第三方平台和小程序各有自己的 AppID。授权事件里 <AppId> 是第三方平台的，<appid> 才是小程序的；用错则推送解不开，令牌接口返回 40013。",
                "a third-party platform and a mini program have an app id each. In a push <AppId> is the platform's and <appid> the mini program's; with the wrong one no push opens, and calls for tokens end with 40013.",
            ),
            text(
                "componentAppId 填开放平台 管理中心 › 第三方平台 里的 AppID。",
                "componentAppId is the one in the open platform's console, 管理中心 › 第三方平台.",
            ),
        )
    })
}

fn base_url(evidence: &Evidence) -> Option<Finding> {
    let url = evidence.base_url.as_deref()?;
    let trusted: Vec<&str> = evidence.trusted_hosts.iter().map(String::as_str).collect();
    let crate::error::Error::Configuration { field, reason } =
        Origin::parse_trusting(url, &trusted).err()?
    else {
        return None;
    };
    Some(Finding::error(
        "BASE_URL_REFUSED",
        field,
        text(
            format!(
                "{field} 不能用：必须是微信的 https 域名（不带路径）、本机，或在 trustedHosts 里写明的 https 域名。"
            ),
            format!("{field}: {reason}."),
        ),
        text(
            "access_token 和用户的姓名、身份证号都会发往这个地址，所以本库在发送前就会拒绝。",
            "access tokens and people's names and numbers go there, so this library refuses it before the call.",
        ),
        text(
            "用 https://api.weixin.qq.com（默认值，可以不填）；测试时用沙箱给出的 http://127.0.0.1:端口；自己的网关写进 trustedHosts；在微信云托管里免令牌调用不靠这个地址，而是 createClient 的 auth: 'cloud-run'。",
            "use https://api.weixin.qq.com (the default: leave it away), the sandbox's http://127.0.0.1:port in tests, or name your own gateway in trustedHosts; inside WeChat Cloud Run it is not this address that does without a token, but createClient's `auth: 'cloud-run'`.",
        ),
    ))
}

fn tls_unchecked(evidence: &Evidence) -> Option<Finding> {
    let over_tls = evidence.is_for_wechat() || !evidence.trusted_hosts.is_empty();
    (evidence.tls_unchecked && over_tls).then(|| {
        Finding::error(
            "TLS_UNCHECKED",
            "NODE_TLS_REJECT_UNAUTHORIZED",
            text(
                "NODE_TLS_REJECT_UNAUTHORIZED=0：不校验服务器的证书。",
                "NODE_TLS_REJECT_UNAUTHORIZED=0: the certificates of servers are not checked.",
            ),
            text(
                "中间人可以冒充微信，拿到 access_token 和用户的姓名、身份证号。",
                "whoever is in between can play WeChat and read access tokens, names and ID numbers.",
            ),
            text(
                "去掉这个环境变量；公司代理的根证书用 NODE_EXTRA_CA_CERTS 加入。",
                "unset it; a company proxy's root certificate belongs into NODE_EXTRA_CA_CERTS.",
            ),
        )
        .severity(Severity::Warning)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(evidence: &Evidence) -> Vec<(&'static str, String)> {
        let mut findings = Vec::new();
        examine(evidence, &mut findings);
        findings
            .into_iter()
            .map(|finding| (finding.id, finding.field.unwrap_or_default()))
            .collect()
    }

    fn found(change: impl FnOnce(&mut Evidence)) -> Vec<(&'static str, String)> {
        let mut evidence = Evidence {
            app_id: Some("wx3c0ffee5a9db0f51".into()),
            app_secret: Some("5a9db0f50123456789abcdefc0ffee77".into()),
            mch_id: Some("1900006511".into()),
            ..Evidence::default()
        };
        change(&mut evidence);
        ids(&evidence)
    }

    fn one(id: &'static str, field: &str) -> Vec<(&'static str, String)> {
        vec![(id, field.to_owned())]
    }

    #[test]
    fn nothing_in_a_healthy_one() {
        assert_eq!(found(|_| ()), []);
        for url in [
            "https://api.weixin.qq.com",
            "https://api2.weixin.qq.com/",
            "http://127.0.0.1:8090",
        ] {
            assert_eq!(found(|e| e.base_url = Some(url.into())), []);
        }
        assert_eq!(found(|e| e.code = Some("100%".into())), []);
        assert_eq!(found(|e| e.auth_token = Some("a+b/c==".into())), []);
    }

    #[test]
    fn app_ids_that_are_none() {
        for (value, id) in [
            ("wx3c0ffee5a9db0f5", "APP_ID_MALFORMED"),
            ("WX3C0FFEE5A9DB0F51", "APP_ID_MALFORMED"),
            ("wx3c0ffee5a9db0f5g", "APP_ID_MALFORMED"),
            ("", "APP_ID_MALFORMED"),
            ("oLVPpjqs9BhvzwPj5A-vTYAX3GLc", "APP_ID_IS_OPENID"),
            ("gh_3c0ffee5a9db", "APP_ID_IS_ORIGINAL_ID"),
            ("ww3c0ffee5a9db0f51", "APP_ID_IS_CORP_ID"),
            ("your_app_id", "PLACEHOLDER"),
            ("wx0000000000000000", "SAMPLE_VALUE"),
            ("\"wx3c0ffee5a9db0f51\"", "UNCLEAN_VALUE"),
            ("wx3c0ffee5a9db0f51\n", "UNCLEAN_VALUE"),
            ("\u{feff}wx3c0ffee5a9db0f51", "UNCLEAN_VALUE"),
        ] {
            assert_eq!(
                found(|e| e.app_id = Some(value.into())),
                one(id, "appId"),
                "{value}"
            );
        }
    }

    #[test]
    fn other_settings() {
        assert_eq!(
            found(|e| e.app_secret = Some("wx3c0ffee5a9db0f51".into())),
            one("SECRET_MALFORMED", "appSecret")
        );
        assert_eq!(
            found(|e| e.mch_id = Some("mch".into())),
            one("PLACEHOLDER", "mchId")
        );
        assert_eq!(
            found(|e| e.mch_id = Some("M1900".into())),
            one("MCH_ID_MALFORMED", "mchId")
        );
        assert_eq!(
            found(|e| e.access_token = Some("{\"access_token\":1}".into())),
            one("ACCESS_TOKEN_MALFORMED", "accessToken")
        );
        assert_eq!(
            found(|e| e.auth_token = Some("abc%3D".into())),
            one("PERCENT_ENCODED", "authToken")
        );
        assert_eq!(
            found(|e| e.code = Some("a%2Fb".into())),
            one("PERCENT_ENCODED", "code")
        );
        assert_eq!(
            found(|e| e.component_app_id = e.app_id.clone()),
            one("COMPONENT_APP_ID_IS_APP_ID", "componentAppId")
        );
        for url in [
            "http://api.weixin.qq.com",
            "https://evil.example",
            "api.weixin.qq.com",
        ] {
            assert_eq!(
                found(|e| e.base_url = Some(url.into())),
                one("BASE_URL_REFUSED", "baseUrl")
            );
        }
        assert_eq!(
            found(|e| e.tls_unchecked = true),
            one("TLS_UNCHECKED", "NODE_TLS_REJECT_UNAUTHORIZED")
        );
    }
}
