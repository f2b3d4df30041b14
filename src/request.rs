//! A request, as data: what to send, never the sending.

mod origin;

use std::collections::BTreeMap;
use std::fmt;

pub use origin::Origin;
use serde::Serialize;

use crate::{error::Error, secret::AccessToken};

/// One HTTPS request to WeChat.
///
/// It holds the access token (in `url`) and, for most operations, a person's data (in `body`): send it, do not
/// log it. Printed as it is, it shows neither.
#[derive(Clone, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
#[non_exhaustive]
pub struct Request {
    /// `GET` or `POST`.
    pub method: Method,
    /// The whole address, with the access token as a query parameter.
    pub url: String,
    /// Header names in lower case.
    #[cfg_attr(feature = "types", ts(type = "Record<string, string>"))]
    pub headers: BTreeMap<&'static str, &'static str>,
    /// JSON in UTF-8; absent for `GET`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
}

/// The method of a request.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[non_exhaustive]
pub enum Method {
    /// Without a body.
    Get,
    /// With a JSON body.
    Post,
}

/// On which token a call is made, and as what that goes into the address.
#[derive(Clone, Copy)]
pub(crate) enum Credential<'a> {
    /// `access_token`: of a mini program.
    AccessToken(&'a AccessToken),
    /// `cloudbase_access_token`: of a mini program, as WeChat Cloud Run puts it into its containers.
    CloudbaseAccessToken(&'a AccessToken),
    /// Nothing: WeChat Cloud Run adds a token on the way, of the mini program `from_appid` if one is named.
    CloudRun(Option<&'a str>),
    /// `component_access_token`: of a third-party platform.
    ComponentAccessToken(&'a AccessToken),
    /// For calls that get a token.
    None,
}

impl Request {
    pub(crate) fn get(
        origin: &Origin,
        path: &str,
        credential: Credential<'_>,
    ) -> Result<Self, Error> {
        Ok(Self {
            method: Method::Get,
            url: url(origin, path, credential)?,
            headers: BTreeMap::from([("accept", "application/json")]),
            body: None,
        })
    }

    pub(crate) fn post(
        origin: &Origin,
        path: &str,
        credential: Credential<'_>,
        body: &impl Serialize,
    ) -> Result<Self, Error> {
        Ok(Self {
            method: Method::Post,
            url: url(origin, path, credential)?,
            headers: BTreeMap::from([
                ("accept", "application/json"),
                ("content-type", "application/json; charset=utf-8"),
            ]),
            body: Some(serde_json::to_string(body).map_err(|_| Error::Internal)?),
        })
    }
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field(
                "url",
                &self
                    .url
                    .split_once('?')
                    .map_or(self.url.as_str(), |(path, _)| path),
            )
            .field("headers", &self.headers)
            .field(
                "body",
                &self
                    .body
                    .as_ref()
                    .map(|body| format!("[{} bytes]", body.len())),
            )
            .finish()
    }
}

fn url(origin: &Origin, path: &str, credential: Credential<'_>) -> Result<String, Error> {
    let (name, token) = match credential {
        Credential::AccessToken(token) => ("access_token", token),
        Credential::CloudbaseAccessToken(token) => ("cloudbase_access_token", token),
        Credential::ComponentAccessToken(token) => ("component_access_token", token),
        Credential::CloudRun(from_app_id) => {
            let origin = origin.in_cloud_run();
            return match from_app_id {
                None => Ok(format!("{origin}{path}")),
                Some(id)
                    if !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric()) =>
                {
                    Ok(format!("{origin}{path}?from_appid={id}"))
                }
                Some(_) => Err(Error::invalid_argument("fromAppId", "is not an app id")),
            };
        }
        Credential::None => return Ok(format!("{origin}{path}")),
    };
    if token.expose().is_empty() {
        return Err(Error::invalid_argument(
            "accessToken",
            "is missing or empty",
        ));
    }
    if !token.is_well_formed() {
        return Err(Error::invalid_argument(
            "accessToken",
            "has characters that no access token has, or too many: hand over the text of `access_token` alone",
        ));
    }
    Ok(format!("{origin}{path}?{name}={}", token.in_address()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_cloud_run_there_is_no_token_and_no_tls() {
        let get = |origin: &Origin, id| {
            Request::get(origin, "/wxa/get_category", Credential::CloudRun(id))
                .map(|request| request.url)
        };
        let wechat = Origin::default();
        assert_eq!(
            get(&wechat, None).as_deref(),
            Ok("http://api.weixin.qq.com/wxa/get_category")
        );
        assert_eq!(
            get(&wechat, Some("wx1")).as_deref(),
            Ok("http://api.weixin.qq.com/wxa/get_category?from_appid=wx1")
        );
        let machine = Origin::parse("https://localhost:1").unwrap();
        assert_eq!(
            get(&machine, None).as_deref(),
            Ok("https://localhost:1/wxa/get_category")
        );
        for id in ["", "wx1&access_token=x", "wx 1"] {
            assert_eq!(
                get(&wechat, Some(id)).unwrap_err().field(),
                Some("fromAppId")
            );
        }
    }

    #[test]
    fn a_token_cannot_change_the_address() {
        let origin = Origin::default();
        for token in [
            "",
            "a&b=c",
            "a#b",
            "a b",
            "a\n",
            "a/../b",
            "{\"access_token\":\"x\"}",
        ] {
            let error = Request::get(
                &origin,
                "/wxa/get_category",
                Credential::AccessToken(&token.into()),
            )
            .unwrap_err();
            assert_eq!(error.field(), Some("accessToken"));
        }
    }
}
