//! WeChat's interfaces: parameters → [`Request`], [`Response`] → outcome.
//!
//! One file per interface, one line in the list `operations!` below. Whatever lists the interfaces (the JavaScript boundary, the
//! TypeScript declarations) reads that list and keeps none of its own.

mod check_real_name_info;
mod context;
mod get_authorizer_access_token;
mod get_authorizer_refresh_token;
mod get_category;
mod get_component_access_token;
mod get_medical_real_name;
mod get_real_name_info;
mod get_stable_access_token;
mod get_verify_id;
mod query_verify_info;
mod verify_beta_miniprogram;

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error as _},
};
use zeroize::Zeroizing;

pub use check_real_name_info::{CheckRealNameInfo, CheckRealNameInfoOutcome, Verdict};
pub use context::CallContext;
pub use get_authorizer_access_token::{AuthorizerAccessToken, GetAuthorizerAccessToken};
pub use get_authorizer_refresh_token::{Authorization, GetAuthorizerRefreshToken};
pub use get_category::{Category, GetCategory, GetCategoryOutcome};
pub use get_component_access_token::{ComponentAccessToken, GetComponentAccessToken};
pub use get_medical_real_name::{GetMedicalRealName, MedicalRealName};
pub use get_real_name_info::GetRealNameInfo;
pub use get_stable_access_token::{GetStableAccessToken, StableAccessToken};
pub use get_verify_id::{GetVerifyId, GetVerifyIdOutcome};
pub use query_verify_info::{FaceVerdict, QueryVerifyInfo, QueryVerifyInfoOutcome};
pub use verify_beta_miniprogram::{VerifyBetaMiniprogram, VerifyBetaMiniprogramOutcome};

/// Of [`GetRealNameInfo`].
pub use crate::merchant::RealNameInfo;
use crate::{
    error::Error, request::Request, response::Response, return_code::ReturnCode,
    secret::AccessToken,
};

/// The one list of operations. Calls the macro `$with` with `"name" Parameters => Outcome;` for each.
#[cfg(any(
    all(feature = "javascript", target_arch = "wasm32"),
    feature = "types",
    test
))]
macro_rules! operations {
    ($with:ident) => {
        $with! {
            "checkRealNameInfo" CheckRealNameInfo => CheckRealNameInfoOutcome;
            "getAuthorizerAccessToken" GetAuthorizerAccessToken => AuthorizerAccessToken;
            "getAuthorizerRefreshToken" GetAuthorizerRefreshToken => Authorization;
            "getCategory" GetCategory => GetCategoryOutcome;
            "getComponentAccessToken" GetComponentAccessToken => ComponentAccessToken;
            "getMedicalRealName" GetMedicalRealName => MedicalRealName;
            "getRealNameInfo" GetRealNameInfo => RealNameInfo;
            "getStableAccessToken" GetStableAccessToken => StableAccessToken;
            "getVerifyId" GetVerifyId => GetVerifyIdOutcome;
            "queryVerifyInfo" QueryVerifyInfo => QueryVerifyInfoOutcome;
            "verifyBetaMiniprogram" VerifyBetaMiniprogram => VerifyBetaMiniprogramOutcome;
        }
    };
}
#[cfg(any(all(feature = "javascript", target_arch = "wasm32"), feature = "types"))]
pub(crate) use operations;

/// One WeChat interface; the value holds the parameters of one call.
///
/// Both steps are pure: the same value, context and reply give the same result.
pub trait Operation {
    /// The name of the operation in this library, as JavaScript spells it.
    const NAME: &'static str;

    /// What the interface's own numbers mean.
    const RETURN_CODES: &'static [ReturnCode];

    /// The fields of the outcome that hold a person's data: `console.log` shows them masked.
    const PERSONAL: &'static [&'static str] = &[];

    /// On which token the call is made.
    const TOKEN: TokenOf = TokenOf::MiniProgram;

    /// Uses nothing up and changes nothing, so that it may be made again where it is not known how it went.
    const REPEATABLE: bool = false;

    /// What the interface answers.
    type Outcome;

    /// Makes up what the caller left to be made up, and puts it into the parameters, so that `request` and `interpret` both know
    /// it: call it before them, on the same value. Gives the field's name, as JavaScript spells it, and its value. So far only
    /// [`GetVerifyId`] has something to be made up.
    ///
    /// ```
    /// use wechat_realname::{CallContext, GetVerifyId, Operation, Response, merchant::Entropy};
    ///
    /// # fn main() -> Result<(), wechat_realname::Error> {
    /// # struct Host;
    /// # impl Entropy for Host {
    /// #     fn fill(&self, bytes: &mut [u8]) -> Result<(), wechat_realname::Error> { bytes.fill(7); Ok(()) }
    /// # }
    /// # let entropy = Host; // OsEntropy, with the feature `os-entropy`
    /// let token = "ACCESS_TOKEN".into();
    /// let context = CallContext::new(&token).with_entropy(&entropy);
    /// let mut begin = GetVerifyId {
    ///     cert_name: "张三".into(),
    ///     cert_no: "310101199801011234".into(),
    ///     openid: "oLVPpjqs9BhvzwPj5A-vTYAX3GLc".into(),
    ///     ..Default::default()
    /// };
    /// begin.complete(&context)?;
    /// let request = begin.request(&context)?;
    /// let reply = Response::new(200, r#"{"errcode":0,"verify_id":"…","expires_in":3600}"#);
    /// assert_eq!(begin.interpret(&reply, &context)?.out_seq_no.len(), 32);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`Error::NoEntropy`].
    fn complete(
        &mut self,
        _context: &CallContext<'_>,
    ) -> Result<Option<(&'static str, &str)>, Error> {
        Ok(None)
    }

    /// The request to send.
    ///
    /// # Errors
    /// [`Error::InvalidArgument`] for a parameter that can never be right, [`Error::Configuration`] where the context
    /// lacks something; for signed requests also [`Error::NoEntropy`] and [`Error::Closed`].
    fn request(&self, context: &CallContext<'_>) -> Result<Request, Error>;

    /// What the reply says.
    ///
    /// # Errors
    /// [`Error::HttpStatus`], [`Error::MalformedResponse`] and [`Error::Rejected`]; for encrypted replies also
    /// [`Error::DecryptionFailed`] and [`Error::NoEntropy`].
    fn interpret(
        &self,
        response: &Response,
        context: &CallContext<'_>,
    ) -> Result<Self::Outcome, Error>;
}

/// Whose token a call is made on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum TokenOf {
    /// The mini program's `access_token`.
    MiniProgram,
    /// The third-party platform's `component_access_token`.
    Platform,
    /// Nobody's: the call gets one.
    Nobody,
}

/// The reply's fields, or why there are none. `secrets`: what of the request, beside its token, must not come back in an
/// error.
fn read<O: Operation, T: DeserializeOwned>(
    response: &Response,
    context: &CallContext<'_>,
    secrets: &[&str],
) -> Result<T, Error> {
    // The token in both forms: who sees the address sees it as it was sent.
    let sent = Zeroizing::new(context.access_token.in_address());
    let secrets = [secrets, &[context.access_token.expose(), &sent]].concat();
    response.read(O::NAME, O::RETURN_CODES, &secrets, context.now)
}

/// A token of a reply, if it can be one.
fn token<'de, D: Deserializer<'de>>(deserializer: D) -> Result<AccessToken, D::Error> {
    let token = AccessToken::deserialize(deserializer)?;
    if token.is_well_formed() {
        Ok(token)
    } else {
        Err(D::Error::custom("not a token"))
    }
}

/// `expires_in`: whole seconds, and less than none is none.
fn lifetime<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let seconds = i64::deserialize(deserializer)?.max(0);
    Ok(u32::try_from(seconds).unwrap_or(u32::MAX))
}

/// A text parameter that must be there.
fn required(field: &'static str, text: &str) -> Result<(), Error> {
    if text.trim().is_empty() {
        return Err(Error::invalid_argument(field, "is missing or empty"));
    }
    if text.trim() != text {
        return Err(Error::invalid_argument(
            field,
            "has white space at its start or end",
        ));
    }
    if text.chars().any(char::is_control) {
        return Err(Error::invalid_argument(
            field,
            "has control characters in it",
        ));
    }
    Ok(())
}

/// A one-time code or token as the front end got it.
fn handed_over(field: &'static str, text: &str) -> Result<(), Error> {
    required(field, text)?;
    let percent_encoded = text.split('%').skip(1).any(|after| {
        let mut digits = after.chars();
        digits.next().is_some_and(|c| c.is_ascii_hexdigit())
            && digits.next().is_some_and(|c| c.is_ascii_hexdigit())
    });
    if percent_encoded {
        // WeChat answers such a code with "busy", which sends people looking in the wrong place.
        return Err(Error::invalid_argument(
            field,
            "is percent-encoded: hand it over exactly as the mini program received it",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_spells_each_name_as_the_operation_does() {
        macro_rules! check {
            ($($name:literal $parameters:ident => $outcome:ident;)*) => {
                $(assert_eq!($name, <$parameters as Operation>::NAME);)*
            };
        }
        operations!(check);
    }

    #[test]
    fn texts_that_can_never_be_right_are_named() {
        for text in ["", " ", "\u{3000}", " a", "a\n", "a\u{7}b"] {
            assert_eq!(
                required("openid", text).unwrap_err().field(),
                Some("openid")
            );
        }
        assert!(required("realName", "阿依古丽·买买提").is_ok());
        for text in ["abc%3D", "%2B", "a%2fb"] {
            assert_eq!(handed_over("code", text).unwrap_err().field(), Some("code"));
        }
        for text in ["abc=", "100%", "%", "a%zz", "sandbox:80111"] {
            assert!(handed_over("code", text).is_ok());
        }
    }
}
