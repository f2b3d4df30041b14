//! `checkrealnameinfo`: is this name and ID number the one behind the user's WeChat Pay account?
//!
//! Document: 小程序 › 服务端 › 城市服务 › 实名信息校验 (`api_checkrealnameinfo`), read 2026-11.
//! `POST /intp/realname/checkrealnameinfo?access_token=…`
//!
//! | field | rule |
//! |---|---|
//! | `openid` | the user's id within the calling mini program |
//! | `real_name`, `cred_id` | what is to be checked |
//! | `cred_type` | a *string*; `"1"`, the mainland ID card, is the only value (WeChat's own sample sends a number) |
//! | `code` | from the consent page's `referrerInfo.extraData`; works once |
//!
//! The reply's `verify_openid` may hold several results joined with `;`. `verify_real_name` comes with `V_OP_NM_MA`, and
//! as an empty text otherwise. Callers admitted before 2021-11-10 are still served; new ones are not taken (reported).

use serde::{Deserialize, Serialize};

use super::{CallContext, Operation, handed_over, read, required};
use crate::{
    error::Error,
    request::Request,
    response::{Response, present},
    return_code::{self, ReturnCode},
    secret::{CredentialId, OpenId, RealName, RealNameCode},
};

/// Checks whether a name and an ID number are the ones behind the user's WeChat Pay account
/// (WeChat: `checkrealnameinfo`).
///
/// For mini programs that WeChat admitted before 2021-11-10. The code works once, so a call is never repeated by itself.
/// A mismatch is an outcome; refusals are errors with the errcodes 1005, 80111, 80112, 80113 and WeChat's general ones.
/// WeChat's document: 小程序 › 服务端 › 城市服务 › 实名信息校验.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "types",
    derive(ts_rs::TS),
    ts(rename = "CheckRealNameInfoParams", optional_fields)
)]
pub struct CheckRealNameInfo {
    /// The user's id within this mini program. Take it from the session, never from the client.
    pub openid: OpenId,
    /// The name to check.
    pub real_name: RealName,
    /// The ID number to check.
    pub cred_id: CredentialId,
    /// The kind of document. Default `"1"`, the mainland ID card: WeChat knows no other.
    pub cred_type: Option<String>,
    /// The `code` that WeChat's consent page put into `referrerInfo.extraData`; works once.
    pub code: RealNameCode,
}

/// Whether name and ID number are the user's.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[non_exhaustive]
pub struct CheckRealNameInfoOutcome {
    /// `true` only for the verdict `match`.
    pub matched: bool,
    /// The one answer.
    pub verdict: Verdict,
    /// WeChat's `verify_openid`, split at `;`.
    pub verify_openid: Vec<String>,
    /// WeChat's `verify_real_name`, split at `;`.
    pub verify_real_name: Vec<String>,
}

/// The one answer to the question. Whatever is unknown, missing or contradictory is never a match.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[non_exhaustive]
pub enum Verdict {
    /// The name is the user's, the ID number is not.
    IdMismatch,
    /// Name and ID number are the user's.
    Match,
    /// The name is not the user's; the ID number was not looked at.
    NameMismatch,
    /// The user has no real-name authentication in WeChat Pay.
    NotAuthenticated,
    /// WeChat's answer is new, incomplete or contradictory. Treat it as "no".
    Unknown,
}

#[derive(Serialize)]
struct Body<'a> {
    openid: &'a str,
    real_name: &'a str,
    cred_id: &'a str,
    cred_type: &'a str,
    code: &'a str,
}

#[derive(Deserialize)]
struct Reply {
    verify_openid: String,
    #[serde(default, deserialize_with = "present")]
    verify_real_name: Option<String>,
}

impl Operation for CheckRealNameInfo {
    const NAME: &'static str = "checkRealNameInfo";

    const RETURN_CODES: &'static [ReturnCode] = return_code::CHECK_REAL_NAME_INFO;

    type Outcome = CheckRealNameInfoOutcome;

    fn request(&self, context: &CallContext<'_>) -> Result<Request, Error> {
        required("openid", self.openid.expose())?;
        required("realName", self.real_name.expose())?;
        required("credId", self.cred_id.expose())?;
        let cred_type = self.cred_type.as_deref().unwrap_or("1");
        required("credType", cred_type)?;
        handed_over("code", self.code.expose())?;
        let body = Body {
            openid: self.openid.expose(),
            real_name: self.real_name.expose(),
            cred_id: self.cred_id.expose(),
            cred_type,
            code: self.code.expose(),
        };
        let path = "/intp/realname/checkrealnameinfo";
        Request::post(&context.origin, path, context.credential(), &body)
    }

    fn interpret(
        &self,
        response: &Response,
        context: &CallContext<'_>,
    ) -> Result<Self::Outcome, Error> {
        let reply: Reply = read::<Self, _>(
            response,
            context,
            &[
                self.openid.expose(),
                self.real_name.expose(),
                self.cred_id.expose(),
                self.code.expose(),
            ],
        )?;
        let verify_openid = tokens(&reply.verify_openid);
        let verify_real_name = tokens(&reply.verify_real_name.unwrap_or_default());
        let verdict = verdict(&verify_openid, &verify_real_name);
        Ok(CheckRealNameInfoOutcome {
            matched: verdict == Verdict::Match,
            verdict,
            verify_openid,
            verify_real_name,
        })
    }
}

fn tokens(joined: &str) -> Vec<String> {
    joined
        .split(';')
        .map(str::trim)
        .filter(|token| !token.is_empty())
        .map(ToString::to_string)
        .collect()
}

fn verdict(verify_openid: &[String], verify_real_name: &[String]) -> Verdict {
    match (single(verify_openid), single(verify_real_name)) {
        (Some("V_OP_NM_MA"), Some("V_NM_ID_MA")) => Verdict::Match,
        (Some("V_OP_NM_MA"), Some("V_NM_ID_UM")) => Verdict::IdMismatch,
        (Some("V_OP_NM_UM"), None | Some("V_NM_ID_UM")) if consistent(verify_real_name) => {
            Verdict::NameMismatch
        }
        (Some("V_OP_NA"), None) if verify_real_name.is_empty() => Verdict::NotAuthenticated,
        _ => Verdict::Unknown,
    }
}

/// The one token that the list consists of, however often it is repeated.
fn single(tokens: &[String]) -> Option<&str> {
    let (first, rest) = tokens.split_first()?;
    rest.iter()
        .all(|token| token == first)
        .then_some(first.as_str())
}

/// Empty, or one token throughout: no contradiction within.
fn consistent(tokens: &[String]) -> bool {
    tokens.is_empty() || single(tokens).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_exact_pair_is_a_match() {
        for (verify_openid, verify_real_name, expected) in [
            ("V_OP_NM_MA", "V_NM_ID_MA", Verdict::Match),
            (" V_OP_NM_MA ;", "V_NM_ID_MA", Verdict::Match),
            (
                "V_OP_NM_MA;V_OP_NM_MA",
                "V_NM_ID_MA;V_NM_ID_MA",
                Verdict::Match,
            ),
            ("V_OP_NM_MA", "V_NM_ID_UM", Verdict::IdMismatch),
            ("V_OP_NM_UM", "", Verdict::NameMismatch),
            ("V_OP_NM_UM", "V_NM_ID_UM", Verdict::NameMismatch),
            ("V_OP_NA", "", Verdict::NotAuthenticated),
            // Contradictions and unknown values: never a match, and no guess which half is true.
            ("V_OP_NM_UM", "V_NM_ID_MA", Verdict::Unknown),
            ("V_OP_NM_UM", "V_NM_ID_UM;V_NM_ID_MA", Verdict::Unknown),
            ("V_OP_NA", "V_NM_ID_MA", Verdict::Unknown),
            ("V_OP_NM_MA;V_OP_NM_UM", "V_NM_ID_MA", Verdict::Unknown),
            ("V_OP_NM_UM;V_OP_NA", "", Verdict::Unknown),
            ("V_OP_NM_MA;V_OP_NEW", "V_NM_ID_MA", Verdict::Unknown),
            ("V_OP_NM_MA", "V_NM_ID_MA;V_NM_ID_UM", Verdict::Unknown),
            ("V_OP_NM_MA", "V_NM_ID_TYPE_UM", Verdict::Unknown),
            ("V_OP_NM_MA", "", Verdict::Unknown),
            ("v_op_nm_ma", "v_nm_id_ma", Verdict::Unknown),
            ("V_OP_NM_MA,V_OP_NA", "V_NM_ID_MA", Verdict::Unknown),
            ("", "V_NM_ID_MA", Verdict::Unknown),
            ("", "", Verdict::Unknown),
        ] {
            let found = verdict(&tokens(verify_openid), &tokens(verify_real_name));
            assert_eq!(found, expected, "{verify_openid} / {verify_real_name}");
        }
    }
}
