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
    /// The `auth_token` that the `getRealnameAuthInfo` button's event carries.
    AuthToken;
    /// A document number: for a mainland ID card, 18 characters.
    CredentialId;
    /// The user's id within one mini program.
    OpenId;
    /// A person's name.
    RealName;
    /// The one-time `code` that WeChat's consent page hands to the mini program.
    RealNameCode;
}
