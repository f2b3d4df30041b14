//! `queryverifyinfo`: how a face verification (微信人脸核身 2.0) went.
//!
//! Document: 小程序 › 服务端 › 微信人脸核身 › 查询用户人脸核身真实验证结果 (`api_queryverifyinfo`), read 2026-11.
//! `POST /cityservice/face/identify/queryverifyinfo?access_token=…`
//!
//! | field | rule |
//! |---|---|
//! | `verify_id`, `out_seq_no`, `openid` | as they were in `getverifyid` and its reply |
//! | `cert_hash` | of the name and number of `getverifyid` |
//!
//! Passed only where `errcode` is 0 and `verify_ret` is 10000, which the front end's success is not: it is a hint.

use serde::{Deserialize, Serialize};

use super::{
    CallContext, Operation,
    get_verify_id::{cert_hash, serial_number},
    read, required,
};
use crate::{
    error::Error,
    request::Request,
    response::Response,
    return_code::{self, ReturnCode, Text, UNKNOWN_REMEDY},
    secret::{CertHash, CredentialId, OpenId, RealName, VerifyId},
};

/// Asks how a face verification went (WeChat: `queryverifyinfo`).
///
/// A user who did not pass is an outcome. Refusals are errors with the errcodes 40003, 84010, 84011, 84016 to 84018 and 84020 to
/// 84022 and WeChat's general ones. It changes nothing, and is made again by itself where the answer was lost. Not for
/// third-party platforms. WeChat's document: 小程序 › 服务端 › 微信人脸核身 › queryVerifyInfo.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "types",
    derive(ts_rs::TS),
    ts(rename = "QueryVerifyInfoFields", optional_fields)
)]
pub struct QueryVerifyInfo {
    /// What `getVerifyId` gave.
    pub verify_id: VerifyId,
    /// The serial number of that `getVerifyId`.
    pub out_seq_no: String,
    /// The user of that `getVerifyId`. Take it from the session, never from the client.
    pub openid: OpenId,
    /// What `getVerifyId` gave.
    pub cert_hash: Option<CertHash>,
    /// The name of that `getVerifyId`, where its `certHash` was not kept.
    pub cert_name: Option<RealName>,
    /// The number of that `getVerifyId`, where its `certHash` was not kept.
    pub cert_no: Option<CredentialId>,
}

/// How a face verification went.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[non_exhaustive]
pub struct QueryVerifyInfoOutcome {
    /// `true` only for the verdict `passed`.
    pub passed: bool,
    /// The one answer.
    pub verdict: FaceVerdict,
    /// WeChat's `verify_ret`, as it came.
    pub verify_ret: i32,
    /// What to do now.
    pub advice: Text,
}

/// The one answer. New ones may come: whatever is not `passed` is no pass.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[non_exhaustive]
pub enum FaceVerdict {
    /// The user cancelled, and may try again if they want to.
    Cancelled,
    /// WeChat takes the call, or what was called before it, for wrong.
    DeveloperError,
    /// The authoritative source does not know this name and number: another way of identifying is needed.
    NotInSource,
    /// Another face, or a wrong name or number.
    NotThisPerson,
    /// It is this person.
    Passed,
    /// No answer yet: the user has not finished, or WeChat is checking.
    Pending,
    /// A failure or a limit at WeChat's end: later, in a new verification.
    SystemError,
    /// Light, camera, permissions or connection: the user may try again.
    TryAgain,
    /// WeChat's number is not known. Treat it as "no".
    Unknown,
    /// The device cannot check faces: another one, or another way of identifying is needed.
    Unsupported,
}

#[derive(Serialize)]
struct Body<'a> {
    verify_id: &'a str,
    out_seq_no: &'a str,
    cert_hash: &'a str,
    openid: &'a str,
}

#[derive(Deserialize)]
struct Reply {
    /// Read as 0 before it comes here, if it is there: without it there is no pass.
    #[serde(rename = "errcode")]
    _errcode: i32,
    verify_ret: i32,
}

impl Operation for QueryVerifyInfo {
    const NAME: &'static str = "queryVerifyInfo";

    const RETURN_CODES: &'static [ReturnCode] = return_code::FACE_VERIFICATION;

    const REPEATABLE: bool = true;

    type Outcome = QueryVerifyInfoOutcome;

    fn request(&self, context: &CallContext<'_>) -> Result<Request, Error> {
        required("verifyId", self.verify_id.expose())?;
        required("openid", self.openid.expose())?;
        let cert_hash = self.cert_hash()?;
        let body = Body {
            verify_id: self.verify_id.expose(),
            out_seq_no: serial_number(&self.out_seq_no)?,
            cert_hash: cert_hash.expose(),
            openid: self.openid.expose(),
        };
        let path = "/cityservice/face/identify/queryverifyinfo";
        Request::post(&context.origin, path, context.credential(), &body)
    }

    fn interpret(
        &self,
        response: &Response,
        context: &CallContext<'_>,
    ) -> Result<Self::Outcome, Error> {
        let cert_hash = self.cert_hash()?;
        let name = self.cert_name.as_ref().map_or("", RealName::expose);
        let number = self.cert_no.as_ref().map_or("", CredentialId::expose);
        let (verify_id, openid) = (self.verify_id.expose(), self.openid.expose());
        let secrets = [verify_id, openid, cert_hash.expose(), name, number];
        let reply: Reply = read::<Self, _>(response, context, &secrets)?;
        let verdict = verdict(reply.verify_ret);
        let advice = match verdict {
            FaceVerdict::Unknown => UNKNOWN_REMEDY,
            _ => return_code::row(return_code::VERIFY_RET, reply.verify_ret).remedy,
        };
        Ok(QueryVerifyInfoOutcome {
            passed: verdict == FaceVerdict::Passed,
            verdict,
            verify_ret: reply.verify_ret,
            advice,
        })
    }
}

impl QueryVerifyInfo {
    /// As it was given, or made of name and number.
    fn cert_hash(&self) -> Result<CertHash, Error> {
        let wrong = |field, reason| Err(Error::invalid_argument(field, reason));
        let (name, number) = match (&self.cert_hash, &self.cert_name, &self.cert_no) {
            (Some(hash), None, None) if is_hash(hash.expose()) => return Ok(hash.clone()),
            (Some(_), None, None) => {
                return wrong(
                    "certHash",
                    "must be 64 hex digits in lower case, as getVerifyId gave them",
                );
            }
            (Some(_), ..) => {
                return wrong(
                    "certHash",
                    "goes without certName and certNo, for which it stands",
                );
            }
            (None, None, None) => {
                return wrong("certHash", "is missing: give it, or certName and certNo");
            }
            (None, name, number) => (
                name.clone().unwrap_or_default(),
                number.clone().unwrap_or_default(),
            ),
        };
        required("certName", name.expose())?;
        required("certNo", number.expose())?;
        Ok(cert_hash(&name, &number))
    }
}

fn is_hash(text: &str) -> bool {
    let is_digit = |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    text.len() == 64 && text.bytes().all(is_digit)
}

/// By WeChat's table.
const fn verdict(verify_ret: i32) -> FaceVerdict {
    match verify_ret {
        10000 => FaceVerdict::Passed,
        10005 | 10300 => FaceVerdict::Pending,
        10002..=10004 | 10012 => FaceVerdict::NotThisPerson,
        10018 | 10026 => FaceVerdict::NotInSource,
        10001 | 10006 | 10017 | 10040 | 10041 => FaceVerdict::DeveloperError,
        90002..=90006 => FaceVerdict::Cancelled,
        90001 | 90109 => FaceVerdict::Unsupported,
        // Permissions, connection, and what the camera saw.
        90008..=90010 => FaceVerdict::TryAgain,
        90007 | 90012 | 90104 | 90105 | 90110 => FaceVerdict::TryAgain,
        10010 | 90011 | 90013 | 90014 | 90017 | 90106 | 90107 => FaceVerdict::TryAgain,
        // Timeouts and limits, then failures; a repeated request is no pass by itself.
        10020 | 10029 | 10042 | 10052 => FaceVerdict::SystemError,
        10007 | 10008 | 10013..=10016 | 10021 | 10045 | 90018 | 90199 => FaceVerdict::SystemError,
        _ => FaceVerdict::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_of_the_catalogue_has_its_verdict_and_no_other_has_one() {
        let known = return_code::INTERFACES
            .iter()
            .find(|interface| interface.name == "verify_ret")
            .unwrap();
        let numbers = known.own_codes();
        assert_eq!(numbers.len(), 50);
        for number in -100_000..=100_000 {
            let verdict = verdict(number);
            assert_eq!(
                verdict != FaceVerdict::Unknown,
                numbers.contains(&number),
                "{number}"
            );
            assert_eq!(verdict == FaceVerdict::Passed, number == 10000);
        }
    }
}
