//! `getrealnameinfo`: the name and ID number behind the user's WeChat Pay account.
//!
//! Document: 微信支付实名信息授权接口 §4.3–4.4, read 2026-11.
//! `POST /cgi-bin/wxopen/getrealnameinfo?access_token=…`
//!
//! | field | rule |
//! |---|---|
//! | `auth_token` | from the event of the button `open-type="getRealnameAuthInfo"` |
//! | `mch_id` | the merchant number, bound to the mini program |
//! | `cert_serialno` | the merchant certificate's serial number: upper case, 40 hex digits |
//! | `timestamp` | a number: seconds, now |
//! | `sign` | base64 of RSASSA-PKCS1-v1_5 with SHA-256 over `cert_serialno=…&timestamp=…` |
//!
//! The document shows `×tamp`: an HTML entity ate the `&times` of `&timestamp`. The reply's fields are misspelt
//! `encryted_…`; relatives of the interface write `encrypted_…`, so both are read. Each is base64 of RSAES-PKCS1-v1_5
//! under the merchant's public key; the name is GBK, the ID number ASCII. Callers admitted before 2019-11-10 are still
//! served; new ones are not taken (reported).

use serde::{Deserialize, Serialize};

use super::{CallContext, Operation, handed_over, read};
use crate::{
    error::Error,
    merchant::{RealNameInfo, WrongCiphertext},
    request::Request,
    response::Response,
    return_code::{self, ReturnCode},
    secret::AuthToken,
};

/// Reads the user's name and ID number, with the user's consent (WeChat: `getrealnameinfo`).
///
/// For mini programs that WeChat admitted before 2019-11-10. Needs a merchant: its key signs the request and opens the
/// reply. A call is never repeated by itself. Refusals are errors with the errcodes 94001 to 94010 and WeChat's general
/// ones. WeChat's document: 微信支付实名信息授权接口 §4.3, §4.4.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "types",
    derive(ts_rs::TS),
    ts(rename = "GetRealNameInfoParams")
)]
pub struct GetRealNameInfo {
    /// `event.detail.auth_token` of the button `open-type="getRealnameAuthInfo"`.
    pub auth_token: AuthToken,
}

#[derive(Serialize)]
struct Body<'a> {
    auth_token: &'a str,
    mch_id: &'a str,
    cert_serialno: &'a str,
    timestamp: u32,
    sign: String,
}

#[derive(Deserialize)]
struct Reply {
    encryted_real_name: Option<String>,
    encrypted_real_name: Option<String>,
    encryted_credential_id: Option<String>,
    encrypted_credential_id: Option<String>,
}

impl Operation for GetRealNameInfo {
    const NAME: &'static str = "getRealNameInfo";

    const RETURN_CODES: &'static [ReturnCode] = return_code::GET_REAL_NAME_INFO;

    const PERSONAL: &'static [&'static str] = &["realName", "credentialId"];

    type Outcome = RealNameInfo;

    fn request(&self, context: &CallContext<'_>) -> Result<Request, Error> {
        handed_over("authToken", self.auth_token.expose())?;
        let merchant = context.merchant()?;
        let timestamp = context.now()?;
        let body = Body {
            auth_token: self.auth_token.expose(),
            mch_id: merchant.mch_id(),
            cert_serialno: merchant.cert_serial_no(),
            timestamp,
            sign: merchant.sign_with(timestamp, context.engine())?,
        };
        let path = "/cgi-bin/wxopen/getrealnameinfo";
        Request::post(&context.origin, path, context.credential(), &body)
    }

    fn interpret(
        &self,
        response: &Response,
        context: &CallContext<'_>,
    ) -> Result<Self::Outcome, Error> {
        let reply: Reply = read::<Self, _>(response, context, &[self.auth_token.expose()])?;
        let malformed = |reason| Error::MalformedResponse {
            operation: Self::NAME,
            reason,
        };
        let real_name = either(reply.encryted_real_name, reply.encrypted_real_name)
            .ok_or_else(|| malformed("encryted_real_name of the reply is missing or ambiguous"))?;
        let credential_id = either(reply.encryted_credential_id, reply.encrypted_credential_id)
            .ok_or_else(|| {
                malformed("encryted_credential_id of the reply is missing or ambiguous")
            })?;

        let merchant = context.merchant()?;
        let ciphertext = |text: &str| {
            merchant.ciphertext(text).map_err(|wrong| {
                malformed(match wrong {
                    WrongCiphertext::NotBase64 => "a ciphertext of the reply is not base64",
                    WrongCiphertext::Length => {
                        "a ciphertext of the reply is not as long as the merchant's key"
                    }
                })
            })
        };
        merchant.decrypt(
            &ciphertext(&real_name)?,
            &ciphertext(&credential_id)?,
            context.engine(),
        )
    }
}

/// The field under whichever of its two spellings it came; both only if they say the same.
fn either(one: Option<String>, other: Option<String>) -> Option<String> {
    match (one, other) {
        (Some(one), Some(other)) => (one == other).then_some(one),
        (one, other) => one.or(other),
    }
}
