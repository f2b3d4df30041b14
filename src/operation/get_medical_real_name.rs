//! `getmedrealname`: a patient's name, ID number and telephone number, for a hospital's file (微信长辈就医).
//!
//! Document: 小程序 › 服务端 › 城市服务 › 微信长辈就医 › 查询用户实名 (`api_cityservice_getmedrealname`), read 2026-11.
//! `POST /cityservice/getmedrealname?access_token=…`
//!
//! | field | rule |
//! |---|---|
//! | `app_id`, `open_id` | the mini program and its user |
//! | `wxmed_authcode` | from the front end's `extraData.wxamedAuthcode`; lives 10 minutes |
//!
//! The reply's `cipher_real_name` is base64 of `cipher_algorithm` (`AES_256_ECB_PKCS7Padding`, the default) under the hospital's
//! key number `key_version`; what is 0 may be left out. It opens into JSON.

use serde::{Deserialize, Serialize};

use super::{CallContext, Operation, handed_over, read, required};
use crate::{
    error::Error,
    medical::Ciphertext,
    request::Request,
    response::{Response, present},
    return_code::{self, ReturnCode},
    secret::{CredentialId, OpenId, Phone, RealName, WxmedAuthcode},
};

/// Reads a patient's name, ID number and telephone number (WeChat: `getmedrealname`).
///
/// For hospitals in 微信长辈就医. Needs the mini program's `appId` and the hospital's `medicalKeys`. A call is never repeated by
/// itself. Refusals are errors with the errcode 11200 and WeChat's general ones. Third-party platforms may call it where they
/// have the permission set 134. WeChat's document: 小程序 › 服务端 › 城市服务 › 微信长辈就医 › 查询用户实名.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "types",
    derive(ts_rs::TS),
    ts(rename = "GetMedicalRealNameParams")
)]
pub struct GetMedicalRealName {
    /// The user's id within this mini program. Take it from the session, never from the client.
    pub openid: OpenId,
    /// The code that `medicalAuthCodeFrom` found in the front end, as it came; lives 10 minutes.
    pub wxmed_authcode: WxmedAuthcode,
}

/// What WeChat knows of a patient.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(
    feature = "types",
    derive(ts_rs::TS),
    ts(rename = "MedicalRealName", optional_fields)
)]
#[non_exhaustive]
pub struct MedicalRealName {
    /// The name.
    pub real_name: RealName,
    /// The number of the document.
    pub id_card_no: CredentialId,
    /// WeChat's number of the kind of document: 1 ID card, 4 Macao, 5 Taiwan, 6 Hong Kong residents' travel permit.
    pub id_card_type: u32,
    /// The telephone number, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
    /// Its country's code without a plus, such as `86`, where WeChat gives it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_country_code: Option<String>,
    /// WeChat's time of these data, in seconds since 1970-01-01 UTC.
    pub timestamp: u32,
}

#[derive(Serialize)]
struct Body<'a> {
    app_id: &'a str,
    open_id: &'a str,
    wxmed_authcode: &'a str,
}

#[derive(Deserialize)]
struct Reply {
    cipher_real_name: String,
    #[serde(default, deserialize_with = "present")]
    cipher_algorithm: Option<String>,
    #[serde(default)]
    key_version: u32,
    #[serde(default, deserialize_with = "present")]
    app_id: Option<String>,
    #[serde(default, deserialize_with = "present")]
    open_id: Option<OpenId>,
}

/// What `cipher_real_name` opens into.
#[derive(Deserialize)]
struct Plaintext {
    real_name: RealName,
    id_card_no: CredentialId,
    id_card_type: u32,
    #[serde(default)]
    phone: Phone,
    #[serde(default)]
    phone_country_code: String,
    timestamp: u32,
}

const ALGORITHM: &str = "AES_256_ECB_PKCS7Padding";

impl Operation for GetMedicalRealName {
    const NAME: &'static str = "getMedicalRealName";

    const RETURN_CODES: &'static [ReturnCode] = return_code::GET_MEDICAL_REAL_NAME;

    const PERSONAL: &'static [&'static str] = &["realName", "idCardNo", "phone"];

    type Outcome = MedicalRealName;

    fn request(&self, context: &CallContext<'_>) -> Result<Request, Error> {
        required("openid", self.openid.expose())?;
        handed_over("wxmedAuthcode", self.wxmed_authcode.expose())?;
        // Rather now than when the code is spent.
        context.medical_keys()?;
        let body = Body {
            app_id: context.app_id()?,
            open_id: self.openid.expose(),
            wxmed_authcode: self.wxmed_authcode.expose(),
        };
        let path = "/cityservice/getmedrealname";
        Request::post(&context.origin, path, context.credential(), &body)
    }

    fn interpret(
        &self,
        response: &Response,
        context: &CallContext<'_>,
    ) -> Result<Self::Outcome, Error> {
        let secrets = [self.openid.expose(), self.wxmed_authcode.expose()];
        let reply: Reply = read::<Self, _>(response, context, &secrets)?;
        let malformed = |reason| Error::MalformedResponse {
            operation: Self::NAME,
            reason,
        };
        let is_ours = reply.open_id.is_none_or(|openid| openid == self.openid)
            && reply.app_id.is_none_or(|id| context.app_id == Some(&id));
        if !is_ours {
            return Err(malformed("the reply is about another user or mini program"));
        }
        if reply.cipher_algorithm.is_some_and(|name| name != ALGORITHM) {
            return Err(malformed(
                "cipher_algorithm of the reply is one that this version does not know",
            ));
        }
        let ciphertext = Ciphertext::read(&reply.cipher_real_name).map_err(malformed)?;
        let keys = context.medical_keys()?;
        let plaintext = keys.open(reply.key_version, &ciphertext)?;
        serde_json::from_slice::<Plaintext>(&plaintext)
            .ok()
            .and_then(patient)
            .ok_or(Error::MedicalDecryptionFailed)
    }
}

/// A name and a number there must be.
fn patient(plaintext: Plaintext) -> Option<MedicalRealName> {
    let (name, number) = (plaintext.real_name, plaintext.id_card_no);
    (!name.expose().is_empty() && !number.expose().is_empty()).then_some(MedicalRealName {
        real_name: name,
        id_card_no: number,
        id_card_type: plaintext.id_card_type,
        phone: Some(plaintext.phone).filter(|phone| !phone.expose().is_empty()),
        phone_country_code: Some(plaintext.phone_country_code).filter(|code| !code.is_empty()),
        timestamp: plaintext.timestamp,
    })
}
