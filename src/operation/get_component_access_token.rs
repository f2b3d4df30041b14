//! `api_component_token`: the token on which a third-party platform calls in its own name.
//!
//! Document: 第三方平台 › 第三方平台接口 › 获取第三方平台接口调用凭据 (`getComponentAccessToken`), read 2026-11.
//! `POST /cgi-bin/component/api_component_token`, without a token.

use serde::{Deserialize, Serialize};

use super::{CallContext, Operation, TokenOf, lifetime, read, required, token};
use crate::{
    error::Error,
    request::{Credential, Request},
    response::Response,
    return_code::{self, ReturnCode},
    secret::{AccessToken, ComponentAppSecret, ComponentVerifyTicket},
};

/// Gets a platform's `component_access_token` (WeChat: `api_component_token`). `createPlatform` does it by itself.
///
/// Takes no access token. WeChat's document: 第三方平台 › 获取第三方平台接口调用凭据.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "types",
    derive(ts_rs::TS),
    ts(rename = "GetComponentAccessTokenParams")
)]
pub struct GetComponentAccessToken {
    /// The platform's app id.
    pub component_app_id: String,
    /// The platform's secret.
    pub component_app_secret: ComponentAppSecret,
    /// The last ticket that WeChat pushed.
    pub component_verify_ticket: ComponentVerifyTicket,
}

/// A platform's token.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[non_exhaustive]
pub struct ComponentAccessToken {
    /// The token.
    pub component_access_token: AccessToken,
    /// How long it lives, in seconds from the reply on.
    pub expires_in: u32,
}

#[derive(Serialize)]
struct Body<'a> {
    component_appid: &'a str,
    component_appsecret: &'a str,
    component_verify_ticket: &'a str,
}

#[derive(Deserialize)]
struct Reply {
    #[serde(deserialize_with = "token")]
    component_access_token: AccessToken,
    #[serde(deserialize_with = "lifetime")]
    expires_in: u32,
}

impl Operation for GetComponentAccessToken {
    const NAME: &'static str = "getComponentAccessToken";
    const RETURN_CODES: &'static [ReturnCode] = return_code::PLATFORM;
    const PERSONAL: &'static [&'static str] = &["componentAccessToken"];
    const TOKEN: TokenOf = TokenOf::Nobody;
    const REPEATABLE: bool = true;

    type Outcome = ComponentAccessToken;

    fn request(&self, context: &CallContext<'_>) -> Result<Request, Error> {
        required("componentAppId", &self.component_app_id)?;
        required("componentAppSecret", self.component_app_secret.expose())?;
        required(
            "componentVerifyTicket",
            self.component_verify_ticket.expose(),
        )?;
        let body = Body {
            component_appid: &self.component_app_id,
            component_appsecret: self.component_app_secret.expose(),
            component_verify_ticket: self.component_verify_ticket.expose(),
        };
        let path = "/cgi-bin/component/api_component_token";
        Request::post(&context.origin, path, Credential::None, &body)
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
                self.component_app_secret.expose(),
                self.component_verify_ticket.expose(),
            ],
        )?;
        Ok(ComponentAccessToken {
            component_access_token: reply.component_access_token,
            expires_in: reply.expires_in,
        })
    }
}
