//! Newtypes for what must never appear in a log: names, numbers, tokens, codes.
//!
//! Each prints as `RealName([redacted])`, is wiped from memory when dropped, and gives its text only to who asks for
//! it by name, with [`RealName::expose`] and its sisters. None has `Display`.

use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, ZeroizeOnDrop};

macro_rules! secrets {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Default, Eq, PartialEq, Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
        #[serde(transparent)]
        #[cfg_attr(feature = "types", derive(ts_rs::TS))]
        pub struct $name(String);

        impl $name {
            /// Wraps the text as it is.
            pub fn new(text: impl Into<String>) -> Self {
                Self(text.into())
            }

            /// The text itself. Keep it out of logs and messages.
            pub fn expose(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::new(text)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "([redacted])"))
            }
        }
    )*};
}

secrets! {
    /// The `access_token` of a mini program: whoever has it can call every interface of that mini program.
    AccessToken;
    /// The `secret` of a mini program: whoever has it can get access tokens for ever.
    AppSecret;
    /// The `authorization_code` that an owner's consent hands to a third-party platform.
    AuthorizationCode;
    /// The `auth_token` that the `getRealnameAuthInfo` button's event carries.
    AuthToken;
    /// Where a legal person agrees to a verification: whoever has the address can open it.
    AuthorizeUrl;
    /// The `component_appsecret` of a third-party platform.
    ComponentAppSecret;
    /// The `component_verify_ticket` that WeChat pushes to a third-party platform every ten minutes.
    ComponentVerifyTicket;
    /// The `cert_hash` of a face verification: a hash of few possibilities, so that whoever knows the name finds the number.
    CertHash;
    /// A document number: for a mainland ID card, 18 characters.
    CredentialId;
    /// The `EncodingAESKey` of a push channel: 43 characters of base64.
    EncodingAesKey;
    /// A company's number: a unified social credit code, an organisation code or a business licence number.
    EnterpriseCode;
    /// A company's name; that of a business without one holds a person's.
    EnterpriseName;
    /// The key that a hospital got from WeChat, for its patients' real names: 32 characters.
    MedicalKey;
    /// The user's id within one mini program.
    OpenId;
    /// A telephone number.
    Phone;
    /// The token of a push channel, with which WeChat signs.
    PushToken;
    /// A person's name.
    RealName;
    /// The one-time `code` that WeChat's consent page hands to the mini program.
    RealNameCode;
    /// The `authorizer_refresh_token` of a mini program: whoever has it can get access tokens for ever.
    RefreshToken;
    /// The `verify_id` of a face verification.
    VerifyId;
    /// A person's WeChat id.
    WechatId;
    /// The `wxmed_authcode` that 微信长辈就医 hands to a hospital's mini program; lives ten minutes.
    WxmedAuthcode;
}

impl AccessToken {
    /// Four times what WeChat asks to have room for.
    const LONGEST: usize = 2048;

    /// Whether WeChat could have made it. Its tokens are unreserved characters of RFC 3986; anything else is another thing
    /// put in by mistake (a whole JSON reply, a token with a line break), and would change the meaning of an address.
    pub fn is_well_formed(&self) -> bool {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '~' | ':');
        (1..=Self::LONGEST).contains(&self.0.len()) && self.0.chars().all(plain)
    }

    /// As it stands in an address.
    pub(crate) fn in_address(&self) -> String {
        self.0.replace(':', "%3A")
    }
}
