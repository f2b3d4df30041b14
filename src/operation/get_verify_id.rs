//! `getverifyid`: begins a face verification (微信人脸核身 2.0) of one user, against one name and ID number.
//!
//! Document: 小程序 › 服务端 › 微信人脸核身 › 获取用户人脸核身会话唯一标识 (`api_getverifyid`), read 2026-11.
//! `POST /cityservice/face/identify/getverifyid?access_token=…`
//!
//! | field | rule |
//! |---|---|
//! | `out_seq_no` | the caller's serial number: 5 to 32 of `[0-9A-Za-z_-]`, unique for the app id |
//! | `cert_info.cert_type` | `IDENTITY_CARD`, the only value |
//! | `cert_info.cert_name`, `cert_info.cert_no` | whom the face is compared with |
//! | `openid` | the user, who has to be the one before the camera's phone |
//!
//! The ID number is not checked here: the one of WeChat's own example fails its check character.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::{CallContext, Operation, lifetime, read, required};
use crate::{
    error::Error,
    hex::hex,
    request::Request,
    response::Response,
    return_code::{self, ReturnCode},
    scrub::scrubbed,
    secret::{CertHash, CredentialId, OpenId, RealName, VerifyId},
};

/// Begins a face verification: the id that the front end's `verifyFace` takes (WeChat: `getverifyid`).
///
/// For mini programs that WeChat admitted to 微信人脸核身; it goes by category, and is open to new applicants. Keep what comes of
/// it under the user: `queryVerifyInfo` asks for all of it. A call is never repeated by itself. Refusals are errors with the
/// errcodes 40003 and 84010 to 84019 and WeChat's general ones. Not for third-party platforms.
/// WeChat's document: 小程序 › 服务端 › 微信人脸核身 › getVerifyId.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "types",
    derive(ts_rs::TS),
    ts(rename = "GetVerifyIdParams", optional_fields)
)]
pub struct GetVerifyId {
    /// Your own serial number of this verification: 5 to 32 digits, letters, `_` and `-`, never the same twice for one app id.
    /// Default: 32 random hex digits.
    pub out_seq_no: Option<String>,
    /// The name on the ID card.
    pub cert_name: RealName,
    /// The number on the ID card; only mainland ID cards of the second generation are known. It is sent as it is.
    pub cert_no: CredentialId,
    /// The user's id within this mini program. Take it from the session, never from the client.
    pub openid: OpenId,
}

/// A face verification that the user can begin now.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(
    feature = "types",
    derive(ts_rs::TS),
    ts(rename = "GetVerifyIdOutcome")
)]
#[non_exhaustive]
pub struct GetVerifyIdOutcome {
    /// For `verifyFace` in the front end, and for `queryVerifyInfo`. Up to 256 characters.
    pub verify_id: VerifyId,
    /// The serial number, made up or yours.
    pub out_seq_no: String,
    /// Stands for name and ID number in `queryVerifyInfo`: 64 hex digits, to be kept in their place. Whoever knows the name can
    /// find the number by trying all: keep it as you would keep them.
    pub cert_hash: CertHash,
    /// How long the user may begin, and you may ask, in seconds: an hour.
    pub expires_in: u32,
}

#[derive(Serialize)]
struct Body<'a> {
    out_seq_no: &'a str,
    cert_info: CertInfo<'a>,
    openid: &'a str,
}

#[derive(Serialize)]
struct CertInfo<'a> {
    cert_type: &'a str,
    cert_name: &'a str,
    cert_no: &'a str,
}

#[derive(Deserialize)]
struct Reply {
    verify_id: VerifyId,
    #[serde(default = "an_hour", deserialize_with = "lifetime")]
    expires_in: u32,
}

/// WeChat's document calls it the default.
const fn an_hour() -> u32 {
    3600
}

/// The kind of document; WeChat knows no other.
const CERT_TYPE: &str = "IDENTITY_CARD";

impl Operation for GetVerifyId {
    const NAME: &'static str = "getVerifyId";

    const RETURN_CODES: &'static [ReturnCode] = return_code::FACE_VERIFICATION;

    const PERSONAL: &'static [&'static str] = &["verifyId", "certHash"];

    type Outcome = GetVerifyIdOutcome;

    fn complete(
        &mut self,
        context: &CallContext<'_>,
    ) -> Result<Option<(&'static str, &str)>, Error> {
        if self.out_seq_no.is_some() {
            return Ok(None);
        }
        let mut random = [0; 16];
        context.entropy()?.fill(&mut random)?;
        let made_up = format!("{:032x}", u128::from_be_bytes(random));
        Ok(Some(("outSeqNo", self.out_seq_no.insert(made_up))))
    }

    fn request(&self, context: &CallContext<'_>) -> Result<Request, Error> {
        required("certName", self.cert_name.expose())?;
        required("certNo", self.cert_no.expose())?;
        required("openid", self.openid.expose())?;
        let body = Body {
            out_seq_no: self.out_seq_no()?,
            cert_info: CertInfo {
                cert_type: CERT_TYPE,
                cert_name: self.cert_name.expose(),
                cert_no: self.cert_no.expose(),
            },
            openid: self.openid.expose(),
        };
        let path = "/cityservice/face/identify/getverifyid";
        Request::post(&context.origin, path, context.credential(), &body)
    }

    fn interpret(
        &self,
        response: &Response,
        context: &CallContext<'_>,
    ) -> Result<Self::Outcome, Error> {
        let out_seq_no = self.out_seq_no()?;
        let (name, number) = (&self.cert_name, &self.cert_no);
        let secrets = [name.expose(), number.expose(), self.openid.expose()];
        let reply: Reply = read::<Self, _>(response, context, &secrets)?;
        if reply.verify_id.expose().is_empty() {
            return Err(Error::MalformedResponse {
                operation: Self::NAME,
                reason: "verify_id of the reply is empty",
            });
        }
        Ok(GetVerifyIdOutcome {
            verify_id: reply.verify_id,
            out_seq_no: out_seq_no.to_owned(),
            cert_hash: cert_hash(name, number),
            expires_in: reply.expires_in,
        })
    }
}

impl GetVerifyId {
    fn out_seq_no(&self) -> Result<&str, Error> {
        let missing = "is missing: `complete` makes one up, in the value that then makes the request and reads the reply";
        let given = self.out_seq_no.as_deref();
        serial_number(given.ok_or_else(|| Error::invalid_argument("outSeqNo", missing))?)
    }
}

/// `out_seq_no`, if it can be one.
pub(super) fn serial_number(out_seq_no: &str) -> Result<&str, Error> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    if (5..=32).contains(&out_seq_no.len()) && out_seq_no.bytes().all(plain) {
        return Ok(out_seq_no);
    }
    Err(Error::invalid_argument(
        "outSeqNo",
        "must be 5 to 32 digits, letters, _ and -",
    ))
}

/// WeChat's digest of name and number: hex SHA-256 of `cert_type=…&cert_name=…&cert_no=…`, each in base64 of its UTF-8.
pub(super) fn cert_hash(name: &RealName, number: &CredentialId) -> CertHash {
    let encoded = |text: &str| Zeroizing::new(STANDARD.encode(text));
    scrubbed(|| {
        let mut hash = Sha256::new();
        hash.update("cert_type=");
        hash.update(&*encoded(CERT_TYPE));
        hash.update("&cert_name=");
        hash.update(&*encoded(name.expose()));
        hash.update("&cert_no=");
        hash.update(&*encoded(number.expose()));
        CertHash::new(hex(&hash.finalize()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wechats_example_of_a_cert_hash() {
        // Of the document of queryVerifyInfo.
        assert_eq!(
            cert_hash(&"张三".into(), &"310101199801011234".into()).expose(),
            "3c241f7ff324977aeb91f173bb2a7b06569e6fd784d5573db34a636d8671108b"
        );
    }
}
