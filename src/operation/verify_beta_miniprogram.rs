//! `verifybetaweapp`: turns a trial mini program into a full one, by a check of the legal person's face.
//!
//! Document: 第三方平台 › 代商家管理小程序 › 试用小程序快速认证 (`verifyBetaMiniprogram`), read 2026-11.
//! `POST /wxa/verifybetaweapp?access_token=…`, with an `authorizer_access_token` (permission set 81).
//!
//! There are two forms of the body. The documented one has seven fields inside `verify_info`, all required, and WeChat
//! sends the legal person a template message. The one of 2026 has three, and `"new_version": true` beside them; the reply
//! carries an address to pass on to the legal person, good for 24 hours, and no message is sent. Since 2026-04-30 12:00
//! WeChat takes only the second (reported: an announcement on the open platform). No reply to it is published, so it is
//! read leniently, and what is unknown in it is kept.
//!
//! | `code_type` | `code` |
//! |---|---|
//! | 1 | unified social credit code, 18 characters (GB 32100) |
//! | 2 | organisation code, `xxxxxxxx-x` (GB 11714) |
//! | 3 | business licence number, 15 digits |

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{CallContext, Operation, read, required};
use crate::{
    error::Error,
    fields::{Fields, digits},
    identity::{is_credit_code, is_licence_number, organisation_code},
    request::Request,
    response::Response,
    return_code::{self, ReturnCode},
    secret::{
        AuthorizeUrl, CredentialId, EnterpriseCode, EnterpriseName, Phone, RealName, WechatId,
    },
};

/// Turns a trial mini program into a full one, once its legal person has passed a face check
/// (WeChat: `verifybetaweapp`).
///
/// For third-party platforms, on the mini program's `authorizer_access_token` (permission set 81). Which of WeChat's two
/// forms is sent follows from the fields: `enterpriseName`, `code` and `componentPhone` alone are the form of 2026, with
/// the other four it is the documented one. Since 2026-04-30 12:00 WeChat is reported to take only the form of 2026.
///
/// The result comes up to 24 hours later, as a push (`openPushChannel`); `betaVerification` says where it stands and
/// whether another call may be made. At most 5 calls a minute and 100 a day; a call is never repeated by itself.
/// WeChat's document: 第三方平台 › 代商家管理小程序 › 试用小程序快速认证.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "types",
    derive(ts_rs::TS),
    ts(rename = "VerifyBetaMiniprogramFields", optional_fields)
)]
pub struct VerifyBetaMiniprogram {
    /// The company's name as in the business register; for a business without a name `个体户` and the legal person's name.
    pub enterprise_name: EnterpriseName,
    /// The company's number. Form of 2026: the unified social credit code. Documented form: as `codeType` says. Its length
    /// and its check character are checked before the call.
    pub code: EnterpriseCode,
    /// The platform's telephone number.
    pub component_phone: Phone,
    /// What `code` is: 1 unified social credit code, 2 organisation code, 3 business licence number.
    pub code_type: Option<u32>,
    /// The legal person's WeChat id.
    pub legal_persona_wechat: Option<WechatId>,
    /// The legal person's name, as bound to the bank card in WeChat Pay.
    pub legal_persona_name: Option<RealName>,
    /// The legal person's ID number.
    pub legal_persona_idcard: Option<CredentialId>,
}

/// What WeChat said to an accepted call. With the documented form nothing at all; with the form of 2026 at least the
/// address.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
#[non_exhaustive]
pub struct VerifyBetaMiniprogramOutcome {
    /// Where the legal person agrees and has the face checked; good for 24 hours. Pass it on to them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorize_url: Option<AuthorizeUrl>,
    /// The task's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task_id: Option<String>,
    /// WeChat's `unique_id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unique_id: Option<String>,
    /// The task's status; `betaVerification` reads it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<i32>,
    /// Every other field of the reply.
    pub fields: Fields,
}

#[derive(Serialize)]
struct Body<'a> {
    verify_info: VerifyInfo<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    new_version: Option<bool>,
}

#[derive(Serialize)]
struct VerifyInfo<'a> {
    enterprise_name: &'a str,
    code: &'a str,
    #[serde(flatten)]
    legal_persona: Option<LegalPersona<'a>>,
    component_phone: &'a str,
}

#[derive(Serialize)]
struct LegalPersona<'a> {
    code_type: u32,
    legal_persona_wechat: &'a str,
    legal_persona_name: &'a str,
    legal_persona_idcard: &'a str,
}

impl Operation for VerifyBetaMiniprogram {
    const NAME: &'static str = "verifyBetaMiniprogram";

    const RETURN_CODES: &'static [ReturnCode] = return_code::VERIFY_BETA_MINIPROGRAM;

    const PERSONAL: &'static [&'static str] = &["authorizeUrl", "fields"];

    type Outcome = VerifyBetaMiniprogramOutcome;

    fn request(&self, context: &CallContext<'_>) -> Result<Request, Error> {
        required("enterpriseName", self.enterprise_name.expose())?;
        let legal_persona = self.legal_persona()?;
        let code = self.code(legal_persona.as_ref())?;
        required("componentPhone", self.component_phone.expose())?;
        let body = Body {
            new_version: legal_persona.is_none().then_some(true),
            verify_info: VerifyInfo {
                enterprise_name: self.enterprise_name.expose(),
                code: &code,
                legal_persona,
                component_phone: self.component_phone.expose(),
            },
        };
        let path = "/wxa/verifybetaweapp";
        Request::post(&context.origin, path, context.credential(), &body)
    }

    fn interpret(
        &self,
        response: &Response,
        context: &CallContext<'_>,
    ) -> Result<Self::Outcome, Error> {
        let sent_code = organisation_code(self.code.expose());
        let secrets = [
            Some(self.enterprise_name.expose()),
            Some(self.code.expose()),
            sent_code.as_deref(),
            Some(self.component_phone.expose()),
            self.legal_persona_wechat.as_ref().map(WechatId::expose),
            self.legal_persona_name.as_ref().map(RealName::expose),
            self.legal_persona_idcard.as_ref().map(CredentialId::expose),
        ];
        let secrets: Vec<&str> = secrets.into_iter().flatten().collect();
        let mut fields: Fields = read::<Self, _>(response, context, &secrets)?;
        for said in ["errcode", "errmsg"] {
            fields.take(said);
        }
        Ok(VerifyBetaMiniprogramOutcome {
            authorize_url: take_text(&mut fields, "authorize_url").map(AuthorizeUrl::new),
            task_id: take_text(&mut fields, "taskid"),
            unique_id: take_text(&mut fields, "unique_id"),
            status: take_number(&mut fields, "status"),
            fields,
        })
    }
}

impl VerifyBetaMiniprogram {
    /// The part that only the documented form has: all of it, or nothing.
    fn legal_persona(&self) -> Result<Option<LegalPersona<'_>>, Error> {
        let wechat = self.legal_persona_wechat.as_ref().map(WechatId::expose);
        let name = self.legal_persona_name.as_ref().map(RealName::expose);
        let idcard = self.legal_persona_idcard.as_ref().map(CredentialId::expose);
        if self.code_type.is_none() && wechat.is_none() && name.is_none() && idcard.is_none() {
            return Ok(None);
        }
        let legal_persona = LegalPersona {
            code_type: given("codeType", self.code_type)?,
            legal_persona_wechat: given("legalPersonaWechat", wechat)?,
            legal_persona_name: given("legalPersonaName", name)?,
            legal_persona_idcard: given("legalPersonaIdcard", idcard)?,
        };
        required("legalPersonaWechat", legal_persona.legal_persona_wechat)?;
        required("legalPersonaName", legal_persona.legal_persona_name)?;
        required("legalPersonaIdcard", legal_persona.legal_persona_idcard)?;
        Ok(Some(legal_persona))
    }

    /// `code` as it is sent, if it can be one.
    fn code(&self, legal_persona: Option<&LegalPersona<'_>>) -> Result<String, Error> {
        let code = self.code.expose();
        required("code", code)?;
        let refuse = |reason| Err(Error::invalid_argument("code", reason));
        match legal_persona.map_or(1, |legal_persona| legal_persona.code_type) {
            1 if is_credit_code(code) => Ok(code.to_owned()),
            1 => refuse(
                "is no unified social credit code: 18 digits and capital letters (without I, O, S, V, Z), the last of them a \
                 check character",
            ),
            2 => organisation_code(code).map_or_else(
                || {
                    refuse(
                        "is no organisation code (codeType 2): 8 digits and capital letters, a hyphen, a check character",
                    )
                },
                Ok,
            ),
            3 if is_licence_number(code) => Ok(code.to_owned()),
            3 => refuse(
                "is no business licence number (codeType 3): 15 digits, the last of them a check digit",
            ),
            _ => Err(Error::invalid_argument(
                "codeType",
                "must be 1 (unified social credit code), 2 (organisation code) or 3 (business licence number)",
            )),
        }
    }
}

/// A field of the documented form's own, where any of them is there.
fn given<T>(field: &'static str, value: Option<T>) -> Result<T, Error> {
    value.ok_or_else(|| {
        Error::invalid_argument(
            field,
            "is missing: codeType, legalPersonaWechat, legalPersonaName and legalPersonaIdcard are given all four \
             (the documented form) or not at all (the form of 2026)",
        )
    })
}

/// A text, or a number as one; left where it is if it is neither.
fn take_text(fields: &mut Fields, name: &str) -> Option<String> {
    match fields.get(name)? {
        Value::String(text) if text.is_empty() => None,
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => digits(number),
        _ => None,
    }
    .inspect(|_| {
        fields.take(name);
    })
}

/// A whole number, or a text of one; left where it is if it is neither.
fn take_number(fields: &mut Fields, name: &str) -> Option<i32> {
    match fields.get(name)? {
        Value::String(text) => text.parse().ok(),
        Value::Number(number) => number.as_i64().and_then(|number| number.try_into().ok()),
        _ => None,
    }
    .inspect(|_| {
        fields.take(name);
    })
}
