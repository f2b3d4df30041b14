//! What the doctor is told. All of it may be absent; what is absent is not checked.

use std::fmt;

use serde::{Deserialize, Deserializer};
use zeroize::Zeroizing;

use super::text::Text;
use crate::{
    error::{Error, Rejection},
    return_code::{Text as Words, explain},
    secret::{
        AccessToken, AppSecret, AuthToken, ComponentAppSecret, EncodingAesKey, PushToken,
        RealNameCode,
    },
};

/// A set-up, as far as it is known. Its `Debug` shows nothing of it.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(
    clippy::exhaustive_structs,
    reason = "made by callers, with `..Evidence::default()`"
)]
pub struct Evidence {
    /// This machine's time, in seconds since 1970-01-01 UTC.
    pub now: u32,

    /// The mini program's app id.
    pub app_id: Option<String>,
    /// Its secret.
    pub app_secret: Option<AppSecret>,
    /// An access token of it.
    pub access_token: Option<AccessToken>,
    /// Where requests go, if not to WeChat's general host.
    pub base_url: Option<String>,
    /// Hosts of the caller's that requests may go to.
    pub trusted_hosts: Vec<String>,

    /// The WeChat Pay merchant number.
    pub mch_id: Option<String>,
    /// `apiclient_key.pem`.
    #[serde(skip)]
    pub private_key: Option<Zeroizing<Vec<u8>>>,
    /// `apiclient_cert.pem`.
    #[serde(skip)]
    pub certificate: Option<Vec<u8>>,
    /// `apiclient_cert.p12`, in the place of the two.
    #[serde(skip)]
    pub p12: Option<Zeroizing<Vec<u8>>>,
    /// Of the p12 or of an encrypted key.
    #[serde(deserialize_with = "wiped_option")]
    pub password: Option<Zeroizing<String>>,
    /// The serial number as it is configured.
    pub cert_serial_no: Option<String>,
    /// What [`Merchant::open`](crate::merchant::Merchant::open) said of these files, where it was tried and refused them. The
    /// doctor looks at what is public of a key alone; opening it looks at all of it.
    pub refused: Option<Refused>,
    /// A certificate that is not the merchant's, such as WeChat Pay's platform certificate: to tell its serial number.
    #[serde(skip)]
    pub other_certificate: Option<Vec<u8>>,

    /// A token of a user, from the button.
    pub auth_token: Option<AuthToken>,
    /// A code of a user, from the consent page.
    pub code: Option<RealNameCode>,
    /// The body of a request for `getrealnameinfo` as it was sent: JSON.
    #[serde(deserialize_with = "wiped_option")]
    pub request: Option<Zeroizing<String>>,

    /// The third-party platform's app id.
    pub component_app_id: Option<String>,
    /// Its secret.
    pub component_app_secret: Option<ComponentAppSecret>,
    /// 消息校验Token.
    pub push_token: Option<PushToken>,
    /// 消息加解密Key.
    pub encoding_aes_key: Option<EncodingAesKey>,
    /// The one before the last change.
    pub previous_encoding_aes_key: Option<EncodingAesKey>,
    /// The address that the console has as 授权事件接收URL.
    pub push_url: Option<String>,
    /// The body of a push as it arrived there: XML.
    #[serde(deserialize_with = "wiped_option")]
    pub push: Option<Zeroizing<String>>,

    /// Texts to look through: a source file, a string that was signed, a file of settings.
    pub texts: Vec<NamedText>,

    /// The `Date` header of a reply, as it came at `now`.
    pub server_date: Option<String>,
    /// How calls went.
    pub calls: Vec<Call>,
    /// Whether certificates of servers are not checked (`NODE_TLS_REJECT_UNAUTHORIZED=0` and the like).
    pub tls_unchecked: bool,
    /// Whether a proxy is set in the environment that this program does not use.
    pub proxy_unused: bool,
}

/// A refusal of a merchant's files: `Refused::from(&error)`.
#[derive(Clone, Debug, Default, Deserialize)]
#[expect(clippy::exhaustive_structs, reason = "made by callers")]
pub struct Refused {
    /// Which file or number.
    pub field: String,
    /// What is wrong with it, in the library's words.
    pub reason: String,
}

impl From<&Error> for Refused {
    fn from(error: &Error) -> Self {
        let reason = match error {
            Error::InvalidKey { reason, .. }
            | Error::InvalidArgument { reason, .. }
            | Error::KeyMismatch { reason } => reason,
            _ => "cannot be opened",
        };
        Self {
            field: error.field().unwrap_or("privateKey").to_owned(),
            reason: reason.to_owned(),
        }
    }
}

/// A text with the name that findings about it bear.
#[derive(Clone, Default, Deserialize)]
#[expect(clippy::exhaustive_structs, reason = "made by callers")]
pub struct NamedText {
    /// What it is called.
    pub name: String,
    /// The text.
    #[serde(deserialize_with = "wiped")]
    pub text: Zeroizing<String>,
}

/// How a call went.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(
    clippy::exhaustive_structs,
    reason = "made by callers, with `..Call::default()`"
)]
pub struct Call {
    /// Which: `getStableAccessToken`, `getCategory`, or another operation's name.
    pub of: String,
    /// The code of its error, such as `REJECTED`; absent where it went well.
    pub code: Option<String>,
    /// WeChat's number, for `REJECTED`.
    pub errcode: Option<i32>,
    /// The HTTP status, for `HTTP_STATUS`.
    pub status: Option<u16>,
    /// Where WeChat does not know this machine: its address.
    pub ip: Option<String>,
    /// How many categories `getCategory` gave.
    pub categories: Option<u32>,
    /// For `REJECTED`: what the catalogue says that the number means.
    pub meaning: Option<Text>,
    /// For `REJECTED`: what the catalogue says is to be done.
    pub remedy: Option<Text>,
}

impl From<&Rejection> for Call {
    fn from(rejection: &Rejection) -> Self {
        let explained = explain(rejection.operation, rejection.errcode);
        let owned = |words: Words| Text {
            zh: words.zh.into(),
            en: words.en.into(),
        };
        Self {
            of: rejection.operation.into(),
            code: Some("REJECTED".into()),
            errcode: Some(rejection.errcode),
            ip: rejection.ip.clone(),
            meaning: explained.map(|explained| owned(explained.meaning)),
            remedy: explained.map(|explained| owned(explained.remedy)),
            ..Self::default()
        }
    }
}

impl Evidence {
    /// Whether requests go to WeChat, and not to this machine or a host of the caller's.
    pub(super) fn is_for_wechat(&self) -> bool {
        self.base_url.as_deref().is_none_or(|url| {
            let url = url.to_ascii_lowercase();
            let host = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
            let host = host.split(['/', ':', '?']).next().unwrap_or_default();
            host == "weixin.qq.com" || host.ends_with(".weixin.qq.com")
        })
    }

    /// Every setting that is one line of text, by name, with whether its value is public.
    pub(super) fn settings(&self) -> Vec<(&'static str, &str)> {
        let all = [
            ("appId", self.app_id.as_deref()),
            ("appSecret", self.app_secret.as_ref().map(AppSecret::expose)),
            (
                "accessToken",
                self.access_token.as_ref().map(AccessToken::expose),
            ),
            ("baseUrl", self.base_url.as_deref()),
            ("mchId", self.mch_id.as_deref()),
            ("certSerialNo", self.cert_serial_no.as_deref()),
            ("authToken", self.auth_token.as_ref().map(AuthToken::expose)),
            ("code", self.code.as_ref().map(RealNameCode::expose)),
            ("componentAppId", self.component_app_id.as_deref()),
            (
                "componentAppSecret",
                self.component_app_secret
                    .as_ref()
                    .map(ComponentAppSecret::expose),
            ),
            ("pushToken", self.push_token.as_ref().map(PushToken::expose)),
            (
                "encodingAesKey",
                self.encoding_aes_key.as_ref().map(EncodingAesKey::expose),
            ),
            (
                "previousEncodingAesKey",
                self.previous_encoding_aes_key
                    .as_ref()
                    .map(EncodingAesKey::expose),
            ),
        ];
        all.into_iter()
            .filter_map(|(name, value)| Some((name, value?)))
            .collect()
    }
}

impl fmt::Debug for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Evidence")
            .field("now", &self.now)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for NamedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NamedText([redacted])")
    }
}

fn wiped<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Zeroizing<String>, D::Error> {
    String::deserialize(deserializer).map(Zeroizing::new)
}

fn wiped_option<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Zeroizing<String>>, D::Error> {
    Ok(Option::<String>::deserialize(deserializer)?.map(Zeroizing::new))
}
