//! `api_query_auth`: what an owner's consent is worth: the tokens of the mini program and its permission sets.
//!
//! Document: 第三方平台 › 授权账号管理 › 获取刷新令牌 (`getAuthorizerRefreshToken`), read 2026-11.
//! `POST /cgi-bin/component/api_query_auth?component_access_token=…`

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{CallContext, Operation, TokenOf, handed_over, lifetime, read, required};
use crate::{
    error::Error,
    request::{Credential, Request},
    response::Response,
    return_code::{self, ReturnCode},
    secret::{AccessToken, AuthorizationCode, RefreshToken},
};

/// Turns an authorization code into the tokens of a mini program (WeChat: `api_query_auth`). `platform.authorize` does it
/// and keeps them.
///
/// On the platform's `component_access_token`; the code works once. WeChat's document: 第三方平台 › 获取刷新令牌.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "types",
    derive(ts_rs::TS),
    ts(rename = "GetAuthorizerRefreshTokenParams")
)]
pub struct GetAuthorizerRefreshToken {
    /// The platform's app id.
    pub component_app_id: String,
    /// From the address that the owner comes back to, or from the push `authorized`.
    pub authorization_code: AuthorizationCode,
}

/// The tokens of a mini program that authorised the platform.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
#[non_exhaustive]
pub struct Authorization {
    /// The mini program.
    pub app_id: String,
    /// On which the platform calls in its name; absent where no permission set allows any call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorizer_access_token: Option<AccessToken>,
    /// How long that lives, in seconds from the reply on.
    pub expires_in: u32,
    /// For the tokens to come. Lost, the owner must authorise again.
    pub authorizer_refresh_token: RefreshToken,
    /// The permission sets that the owner granted, by number: 81 is `verifybetaweapp`'s.
    pub permission_sets: Vec<u32>,
}

#[derive(Serialize)]
struct Body<'a> {
    component_appid: &'a str,
    authorization_code: &'a str,
}

#[derive(Deserialize)]
struct Reply {
    authorization_info: Info,
}

#[derive(Deserialize)]
struct Info {
    authorizer_appid: String,
    authorizer_access_token: Option<AccessToken>,
    #[serde(default, deserialize_with = "lifetime")]
    expires_in: u32,
    authorizer_refresh_token: RefreshToken,
    #[serde(default)]
    func_info: Value,
}

impl Operation for GetAuthorizerRefreshToken {
    const NAME: &'static str = "getAuthorizerRefreshToken";
    const RETURN_CODES: &'static [ReturnCode] = return_code::PLATFORM;
    const PERSONAL: &'static [&'static str] = &["authorizerAccessToken", "authorizerRefreshToken"];
    const TOKEN: TokenOf = TokenOf::Platform;

    type Outcome = Authorization;

    fn request(&self, context: &CallContext<'_>) -> Result<Request, Error> {
        required("componentAppId", &self.component_app_id)?;
        handed_over("authorizationCode", self.authorization_code.expose())?;
        let body = Body {
            component_appid: &self.component_app_id,
            authorization_code: self.authorization_code.expose(),
        };
        let path = "/cgi-bin/component/api_query_auth";
        let token = Credential::ComponentAccessToken(context.access_token);
        Request::post(&context.origin, path, token, &body)
    }

    fn interpret(
        &self,
        response: &Response,
        context: &CallContext<'_>,
    ) -> Result<Self::Outcome, Error> {
        let reply: Reply = read::<Self, _>(response, context, &[self.authorization_code.expose()])?;
        let info = reply.authorization_info;
        Ok(Authorization {
            app_id: info.authorizer_appid,
            authorizer_access_token: info
                .authorizer_access_token
                .filter(AccessToken::is_well_formed),
            expires_in: info.expires_in,
            authorizer_refresh_token: info.authorizer_refresh_token,
            permission_sets: permission_sets(&info.func_info),
        })
    }
}

/// `[{"funcscope_category":{"id":81}}, …]`; what is not of this form says nothing.
fn permission_sets(func_info: &Value) -> Vec<u32> {
    let entries = func_info.as_array().into_iter().flatten();
    entries
        .filter_map(|entry| entry.pointer("/funcscope_category/id")?.as_u64())
        .filter_map(|id| id.try_into().ok())
        .collect()
}
