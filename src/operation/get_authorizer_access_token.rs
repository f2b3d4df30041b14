//! `api_authorizer_token`: a new access token of a mini program that authorised the platform.
//!
//! Document: 第三方平台 › 授权账号管理 › 获取授权账号调用令牌 (`getAuthorizerAccessToken`), read 2026-11.
//! `POST /cgi-bin/component/api_authorizer_token?component_access_token=…`

use serde::{Deserialize, Serialize};

use super::{CallContext, Operation, TokenOf, lifetime, read, required, token};
use crate::{
    error::Error,
    request::{Credential, Request},
    response::Response,
    return_code::{self, ReturnCode},
    secret::{AccessToken, RefreshToken},
};

/// Gets a new access token of a mini program that authorised the platform (WeChat: `api_authorizer_token`).
/// `platform.client` does it by itself.
///
/// On the platform's `component_access_token`. The refresh token of the reply may be a new one: keep it before the access
/// token is used. WeChat's document: 第三方平台 › 获取授权账号调用令牌.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "types",
    derive(ts_rs::TS),
    ts(rename = "GetAuthorizerAccessTokenParams")
)]
pub struct GetAuthorizerAccessToken {
    /// The platform's app id.
    pub component_app_id: String,
    /// The mini program's app id.
    pub authorizer_app_id: String,
    /// The last refresh token of the mini program.
    pub authorizer_refresh_token: RefreshToken,
}

/// A mini program's tokens.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[non_exhaustive]
pub struct AuthorizerAccessToken {
    /// On which the platform calls in the mini program's name.
    pub authorizer_access_token: AccessToken,
    /// How long that lives, in seconds from the reply on.
    pub expires_in: u32,
    /// For the tokens to come: the one that was sent, or a new one in its place.
    pub authorizer_refresh_token: RefreshToken,
}

#[derive(Serialize)]
struct Body<'a> {
    component_appid: &'a str,
    authorizer_appid: &'a str,
    authorizer_refresh_token: &'a str,
}

#[derive(Deserialize)]
struct Reply {
    #[serde(deserialize_with = "token")]
    authorizer_access_token: AccessToken,
    #[serde(deserialize_with = "lifetime")]
    expires_in: u32,
    authorizer_refresh_token: Option<RefreshToken>,
}

impl Operation for GetAuthorizerAccessToken {
    const NAME: &'static str = "getAuthorizerAccessToken";
    const RETURN_CODES: &'static [ReturnCode] = return_code::PLATFORM;
    const PERSONAL: &'static [&'static str] = &["authorizerAccessToken", "authorizerRefreshToken"];
    const TOKEN: TokenOf = TokenOf::Platform;
    const REPEATABLE: bool = true;

    type Outcome = AuthorizerAccessToken;

    fn request(&self, context: &CallContext<'_>) -> Result<Request, Error> {
        required("componentAppId", &self.component_app_id)?;
        required("authorizerAppId", &self.authorizer_app_id)?;
        required(
            "authorizerRefreshToken",
            self.authorizer_refresh_token.expose(),
        )?;
        let body = Body {
            component_appid: &self.component_app_id,
            authorizer_appid: &self.authorizer_app_id,
            authorizer_refresh_token: self.authorizer_refresh_token.expose(),
        };
        let path = "/cgi-bin/component/api_authorizer_token";
        let credential = Credential::ComponentAccessToken(context.access_token);
        Request::post(&context.origin, path, credential, &body)
    }

    fn interpret(
        &self,
        response: &Response,
        context: &CallContext<'_>,
    ) -> Result<Self::Outcome, Error> {
        let reply: Reply =
            read::<Self, _>(response, context, &[self.authorizer_refresh_token.expose()])?;
        Ok(AuthorizerAccessToken {
            authorizer_access_token: reply.authorizer_access_token,
            expires_in: reply.expires_in,
            authorizer_refresh_token: reply
                .authorizer_refresh_token
                .filter(|token| !token.expose().is_empty())
                .unwrap_or_else(|| self.authorizer_refresh_token.clone()),
        })
    }
}
