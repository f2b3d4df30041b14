//! `stable_token`: a mini program's access token, which WeChat hands to every process of it alike.
//!
//! Document: 小程序 › 接口调用凭据 › 获取稳定版接口调用凭据 (`getStableAccessToken`), read 2026-11.
//! `POST /cgi-bin/stable_token`, without a token; 10,000 calls a minute and 500,000 a day.

use serde::{Deserialize, Serialize};

use super::{CallContext, Operation, TokenOf, lifetime, read, required, token};
use crate::{
    error::Error,
    request::{Credential, Request},
    response::Response,
    return_code::{self, ReturnCode},
    secret::{AccessToken, AppSecret},
};

/// Gets a mini program's access token (WeChat: `stable_token`). `createClient({ appSecret })` does it by itself.
///
/// Takes no access token. Until five minutes before its end, WeChat answers with the same token. WeChat's document:
/// 获取稳定版接口调用凭据 (`getStableAccessToken`).
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "types",
    derive(ts_rs::TS),
    ts(rename = "GetStableAccessTokenParams", optional_fields)
)]
pub struct GetStableAccessToken {
    /// The mini program's app id.
    pub app_id: String,
    /// Its secret.
    pub app_secret: AppSecret,
    /// Ends the last token and makes a new one; for a token that was leaked. WeChat takes it 20 times a day, and 30 seconds
    /// apart. Default: no.
    pub force_refresh: Option<bool>,
}

/// A mini program's token.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[non_exhaustive]
pub struct StableAccessToken {
    /// The token.
    pub access_token: AccessToken,
    /// How long it lives, in seconds from the reply on.
    pub expires_in: u32,
}

#[derive(Serialize)]
struct Body<'a> {
    grant_type: &'static str,
    appid: &'a str,
    secret: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    force_refresh: Option<bool>,
}

#[derive(Deserialize)]
struct Reply {
    #[serde(deserialize_with = "token")]
    access_token: AccessToken,
    #[serde(deserialize_with = "lifetime")]
    expires_in: u32,
}

impl Operation for GetStableAccessToken {
    const NAME: &'static str = "getStableAccessToken";

    // With those of the older /cgi-bin/token, which the same checks stand before.
    const RETURN_CODES: &'static [ReturnCode] = return_code::GET_STABLE_ACCESS_TOKEN;
    const PERSONAL: &'static [&'static str] = &["accessToken"];
    const TOKEN: TokenOf = TokenOf::Nobody;
    // But for `force_refresh`, which the adapter never sets.
    const REPEATABLE: bool = true;

    type Outcome = StableAccessToken;

    fn request(&self, context: &CallContext<'_>) -> Result<Request, Error> {
        required("appId", &self.app_id)?;
        required("appSecret", self.app_secret.expose())?;
        let body = Body {
            grant_type: "client_credential",
            appid: &self.app_id,
            secret: self.app_secret.expose(),
            force_refresh: self.force_refresh,
        };
        let path = "/cgi-bin/stable_token";
        Request::post(&context.origin, path, Credential::None, &body)
    }

    fn interpret(
        &self,
        response: &Response,
        context: &CallContext<'_>,
    ) -> Result<Self::Outcome, Error> {
        let reply: Reply = read::<Self, _>(response, context, &[self.app_secret.expose()])?;
        Ok(StableAccessToken {
            access_token: reply.access_token,
            expires_in: reply.expires_in,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::return_code::Action;

    fn interpret(body: &str) -> Result<StableAccessToken, Error> {
        let none = AccessToken::default();
        let context = CallContext::new(&none);
        let params = GetStableAccessToken {
            app_id: "wx1".into(),
            app_secret: "5ecret".into(),
            force_refresh: None,
        };
        params.interpret(&Response::new(200, body), &context)
    }

    #[test]
    fn the_request_is_as_documented() {
        let none = AccessToken::default();
        let context = CallContext::new(&none);
        for (force_refresh, more) in [(None, ""), (Some(true), r#","force_refresh":true"#)] {
            let params = GetStableAccessToken {
                app_id: "wx1".into(),
                app_secret: "5ecret".into(),
                force_refresh,
            };
            let request = params.request(&context).unwrap();
            assert_eq!(
                request.url,
                "https://api.weixin.qq.com/cgi-bin/stable_token"
            );
            assert_eq!(
                request.body.unwrap(),
                format!(
                    r#"{{"grant_type":"client_credential","appid":"wx1","secret":"5ecret"{more}}}"#
                )
            );
        }
    }

    #[test]
    fn a_lifetime_is_a_whole_number_and_never_less_than_none() {
        for (said, seconds) in [
            ("7200", 7200),
            ("1", 1),
            ("0", 0),
            ("-1", 0),
            ("-9223372036854775808", 0),
            ("9007199254740993", u32::MAX),
        ] {
            let body = format!(r#"{{"access_token":"t","expires_in":{said}}}"#);
            assert_eq!(interpret(&body).unwrap().expires_in, seconds);
        }
        for body in [
            r#"{"access_token":"t"}"#,
            r#"{"access_token":"t","expires_in":null}"#,
            r#"{"access_token":"t","expires_in":"7200"}"#,
            r#"{"access_token":"t","expires_in":7200.5}"#,
            r#"{"access_token":"t","expires_in":1e3}"#,
            r#"{"access_token":"","expires_in":7200}"#,
            r#"{"access_token":"a&b","expires_in":7200}"#,
            r#"{"access_token":7,"expires_in":7200}"#,
            r#"{"expires_in":7200}"#,
        ] {
            let error = interpret(body).unwrap_err();
            assert!(matches!(error, Error::MalformedResponse { .. }), "{body}");
        }
    }

    #[test]
    fn a_refusal_is_never_a_reason_for_another_token_and_has_no_secret() {
        let error = interpret(r#"{"errcode":40001,"errmsg":"invalid credential 5ecret"}"#);
        let error = error.unwrap_err();
        assert_eq!(error.action(), Some(Action::FixRequest));
        assert!(!format!("{error:?}{error}").contains("5ecret"));
    }
}
