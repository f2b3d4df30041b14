//! What can be checked, and what was: a healthy set-up is told what was looked at, and what was not.

use serde::Serialize;

use super::{
    clock,
    evidence::Evidence,
    merchant_files::Files,
    text::{Text, text},
};

/// One thing to check.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(rename = "DoctorCheck"))]
#[non_exhaustive]
pub struct Check {
    /// What it is called; stable across versions.
    pub id: &'static str,
    /// Whether there was something to check it with.
    pub done: bool,
    /// What is checked.
    pub what: Text,
    /// The evidence that it takes and that was not there; nothing where no evidence could be.
    pub needs: Vec<&'static str>,
}

pub(super) fn of(evidence: &Evidence, files: &Files) -> Vec<Check> {
    let e = evidence;
    let call = |name: &str| {
        e.calls.iter().any(|call| {
            call.of == name
                && call.code.as_deref() != Some("NETWORK")
                && call.code.as_deref() != Some("TIMEOUT")
        })
    };
    let key = !files.keys.is_empty();
    let certificate = files.certificate.is_some();
    let mut checks = Vec::new();
    let mut check = |id, what: Text, needed: &[(&'static str, bool)]| {
        let needs = needed
            .iter()
            .filter(|(_, there)| !there)
            .map(|(name, _)| *name);
        checks.push(Check {
            id,
            done: needed.iter().all(|(_, there)| *there),
            what,
            needs: needs.collect(),
        });
    };
    check(
        "appId",
        text("AppID 的格式", "the form of the app id"),
        &[("appId", e.app_id.is_some())],
    );
    check(
        "appSecret",
        text("AppSecret 的格式", "the form of the app secret"),
        &[("appSecret", e.app_secret.is_some())],
    );
    check(
        "key",
        text("私钥能否读取", "whether the private key can be read"),
        &[("privateKey", e.private_key.is_some() || e.p12.is_some())],
    );
    check(
        "keyAndCertificate",
        text(
            "私钥和证书是否一对",
            "whether key and certificate belong together",
        ),
        &[("privateKey", key), ("certificate", certificate)],
    );
    check(
        "serial",
        text(
            "序列号（给出的，或从证书读出的）",
            "the serial number, given or out of the certificate",
        ),
        &[("certSerialNo", e.cert_serial_no.is_some() || certificate)],
    );
    check(
        "merchantNumber",
        text(
            "证书是否属于这个商户号",
            "whether the certificate is this merchant number's",
        ),
        &[("mchId", e.mch_id.is_some()), ("certificate", certificate)],
    );
    check(
        "validity",
        text("证书的有效期", "whether the certificate is valid now"),
        &[("certificate", certificate)],
    );
    check(
        "request",
        text(
            "一个请求体的字段和签名",
            "the fields and the signature of a request",
        ),
        &[
            ("request", e.request.is_some()),
            ("certificate", certificate || key),
        ],
    );
    check(
        "componentAppId",
        text(
            "第三方平台的 AppID",
            "the app id of the third-party platform",
        ),
        &[("componentAppId", e.component_app_id.is_some())],
    );
    check(
        "pushSecrets",
        text(
            "推送的 Token 和 EncodingAESKey 的格式",
            "the form of the push channel's token and EncodingAESKey",
        ),
        &[
            ("pushToken", e.push_token.is_some()),
            ("encodingAesKey", e.encoding_aes_key.is_some()),
        ],
    );
    check(
        "pushUrl",
        text(
            "授权事件接收URL 是否填成了消息与事件接收URL",
            "whether the authorization event URL is confused with the message URL",
        ),
        &[("pushUrl", e.push_url.is_some())],
    );
    check(
        "push",
        text(
            "一条推送是不是授权事件、发给谁",
            "whether a push is an authorization event, and whose",
        ),
        &[("push", e.push.is_some())],
    );
    check(
        "texts",
        text("文件里有没有 ×tamp", "whether ×tamp is in a file"),
        &[("texts", !e.texts.is_empty() || e.request.is_some())],
    );
    check(
        "clock",
        text(
            "本机时钟（对照服务器的 Date）",
            "this machine's clock, against the server's Date",
        ),
        &[("network", clock::server_time(e).is_some())],
    );
    let has_secret = e.app_id.is_some() && e.app_secret.is_some();
    check(
        "token",
        text(
            "AppID、AppSecret 和 IP 白名单（stable_token）",
            "app id, secret and IP list (stable_token)",
        ),
        &[
            ("appId", e.app_id.is_some()),
            ("appSecret", e.app_secret.is_some()),
            ("network", call("getStableAccessToken") || !has_secret),
        ],
    );
    check(
        "categories",
        text(
            "令牌和类目（get_category）",
            "the token and the categories (get_category)",
        ),
        &[
            ("accessToken", has_secret || e.access_token.is_some()),
            (
                "network",
                call("getCategory") || !(has_secret || e.access_token.is_some()),
            ),
        ],
    );
    checks.push(Check {
        id: "admission",
        done: false,
        what: text(
            "小程序是否已开通（94006）、商户号是否已绑定（94007）：只有用户同意后的真实调用才看得到",
            "whether the mini program is admitted (94006) and the merchant bound to it (94007): only a real call with a user's consent shows that",
        ),
        needs: Vec::new(),
    });
    checks
}
