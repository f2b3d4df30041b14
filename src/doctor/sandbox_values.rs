//! The sandbox's own credentials, which everybody has, on their way to the real WeChat.

use super::{
    evidence::Evidence,
    text::{Finding, Severity, text},
};

pub(super) const APP_ID: &str = "wx5a9db0f5c0ffee01";
pub(super) const PLATFORM_APP_ID: &str = "wx5a9db0f5c0ffee02";
pub(super) const PUSH_TOKEN: &str = "SandboxPushToken";
pub(super) const ENCODING_AES_KEY: &str = "SandboxEncodingAesKeyWhichEverybodyHas01237";
/// Of the ready test merchant, whose number is a sample of WeChat Pay's.
pub(super) const MCH_ID: &str = "1900000109";
pub(super) const SERIAL_NO: &str = "5AB7C1E2093F48D6A15B7C3E90D24F6818A7BC35";

/// `serial_no`: of the certificate in use, where there is one.
pub(super) fn examine(evidence: &Evidence, serial_no: Option<&str>, findings: &mut Vec<Finding>) {
    if !evidence.is_for_wechat() {
        return;
    }
    let given = evidence.settings();
    let is = |field: &str, value: &str| {
        given
            .iter()
            .any(|(name, given)| *name == field && *given == value)
    };
    let configured = evidence.cert_serial_no.as_deref();
    let key = serial_no == Some(SERIAL_NO)
        || configured.is_some_and(|given| given.eq_ignore_ascii_case(SERIAL_NO));
    for (field, is_sandbox) in [
        ("appId", is("appId", APP_ID)),
        ("certificate", key),
        ("componentAppId", is("componentAppId", PLATFORM_APP_ID)),
        ("pushToken", is("pushToken", PUSH_TOKEN)),
        ("encodingAesKey", is("encodingAesKey", ENCODING_AES_KEY)),
    ] {
        if is_sandbox {
            findings.push(Finding::error(
                "SANDBOX_VALUE_AT_WECHAT",
                field,
                text(
                    format!("{field} 是本库沙箱自带的，却用在真实的微信上。"),
                    format!("{field} is this library's sandbox's own, and requests go to the real WeChat."),
                ),
                text(
                    "微信不认识沙箱的小程序和商户；沙箱的密钥人人都有，用它签名、解密、校验推送毫无保护。",
                    "WeChat knows neither the sandbox's mini program nor its merchant; and its keys are in everybody's hands, so nothing they sign, open or check is protected.",
                ),
                text(
                    "换成自己的；如果本来就要用沙箱，把 baseUrl 设为沙箱打印的地址。",
                    "use your own; or, if the sandbox is meant, set baseUrl to the address it prints.",
                ),
            ));
        }
    }
    if is("mchId", MCH_ID) && !key {
        findings.push(
            Finding::error(
                "SAMPLE_MERCHANT",
                "mchId",
                text(
                    "mchId 是文档里常用的示例商户号，也是沙箱的测试商户。",
                    "mchId is a sample number of WeChat Pay's documents, and the sandbox's test merchant.",
                ),
                text(
                    "除非它真是您的商户号，否则微信返回 94007 或 94010。",
                    "unless it is yours, WeChat answers 94007 or 94010.",
                ),
                text("核对商户平台上的商户号。", "compare it with the merchant platform."),
            )
            .severity(Severity::Note)
            .likely(),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(feature = "sandbox")]
    #[test]
    fn they_are_the_sandboxes() {
        use crate::{merchant::inspect, sandbox};
        assert_eq!(APP_ID, sandbox::APP_ID);
        assert_eq!(MCH_ID, sandbox::MERCHANT_ID);
        assert_eq!(PLATFORM_APP_ID, sandbox::PLATFORM_APP_ID);
        assert_eq!(PUSH_TOKEN, sandbox::PUSH_TOKEN);
        assert_eq!(ENCODING_AES_KEY, sandbox::ENCODING_AES_KEY);
        let read = inspect::certificates("certificate", sandbox::MERCHANT_CERTIFICATE.as_bytes());
        assert_eq!(read.unwrap()[0].serial_no, SERIAL_NO);
    }

    #[test]
    fn only_at_wechat() {
        let found = |base_url: Option<&str>, serial_no| {
            let evidence = Evidence {
                app_id: Some(APP_ID.into()),
                mch_id: Some(MCH_ID.into()),
                base_url: base_url.map(Into::into),
                ..Evidence::default()
            };
            let mut findings = Vec::new();
            examine(&evidence, serial_no, &mut findings);
            let ids: Vec<_> = findings
                .iter()
                .map(|finding| (finding.id, finding.severity))
                .collect();
            ids
        };
        let at_wechat = ("SANDBOX_VALUE_AT_WECHAT", Severity::Error);
        assert_eq!(
            found(None, None),
            [at_wechat, ("SAMPLE_MERCHANT", Severity::Note)]
        );
        assert_eq!(
            found(Some("https://api.weixin.qq.com"), Some(SERIAL_NO)),
            [at_wechat, at_wechat]
        );
        assert_eq!(found(Some("http://127.0.0.1:1"), Some(SERIAL_NO)), []);
        assert_eq!(found(Some("https://gateway.example"), Some(SERIAL_NO)), []);
    }
}
