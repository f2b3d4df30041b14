//! A request, as data: what to send, never the sending.

use std::collections::BTreeMap;
use std::fmt;

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
        Credential::AccessToken(token) => ("access_token", token.expose()),
        Credential::ComponentAccessToken(token) => ("component_access_token", token.expose()),
        Credential::None => return Ok(format!("{origin}{path}")),
    };
    if token.is_empty() {
        return Err(Error::invalid_argument(
            "accessToken",
            "is missing or empty",
        ));
    }
    // WeChat's tokens are unreserved characters of RFC 3986. Anything else is another thing put in by mistake
    // (a whole JSON reply, a token with a line break), and would change the meaning of the address.
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '~' | ':');
    if !token.chars().all(plain) {
        return Err(Error::invalid_argument(
            "accessToken",
            "has characters that no access token has: hand over the text of `access_token` alone",
        ));
    }
    Ok(format!(
        "{origin}{path}?{name}={}",
        token.replace(':', "%3A")
    ))
}

/// Where WeChat is: scheme, host and port, without a path.
///
/// A token and a person's data go there, so only WeChat's own hosts are taken, over https, and this machine itself
/// (the sandbox) over either.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Origin(String);

/// WeChat's hosts: the general one, its stand-in at another site, and those of Shanghai, Shenzhen and Hong Kong.
const HOSTS: [&str; 5] = [
    "api.weixin.qq.com",
    "api2.weixin.qq.com",
    "sh.api.weixin.qq.com",
    "sz.api.weixin.qq.com",
    "hk.api.weixin.qq.com",
];

const LOOPBACK: [&str; 3] = ["127.0.0.1", "localhost", "[::1]"];

impl Origin {
    /// Reads `https://api.weixin.qq.com` and the like; a trailing slash is allowed.
    ///
    /// # Errors
    /// [`Error::Configuration`] naming `baseUrl` for anything that is not WeChat's host over https or this machine.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let refuse = |reason| {
            Err(Error::Configuration {
                field: "baseUrl",
                reason,
            })
        };
        let text = text.strip_suffix('/').unwrap_or(text);
        let Some((scheme, authority)) = text.split_once("://") else {
            return refuse("must be an address like https://api.weixin.qq.com");
        };
        if authority.contains(['/', '?', '#', '\\']) {
            return refuse("must have no path, query or fragment");
        }
        if authority.contains('@') {
            return refuse("must have no user name or password");
        }
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
            _ => (authority, None),
        };
        if port.is_some_and(|port| {
            !port.bytes().all(|byte| byte.is_ascii_digit()) || port.parse::<u16>().is_err()
        }) {
            return refuse("has a port that is not a number from 0 to 65535");
        }
        let (scheme, host) = (scheme.to_ascii_lowercase(), host.to_ascii_lowercase());
        let wechat = HOSTS.contains(&host.as_str());
        match scheme.as_str() {
            "https" if wechat && port.is_none_or(|port| port == "443") => {}
            "https" | "http" if wechat => {
                return refuse("reaches WeChat over https on its standard port only");
            }
            "https" | "http" if LOOPBACK.contains(&host.as_str()) => {}
            _ => return refuse("is not one of WeChat's hosts over https, nor this machine"),
        }
        Ok(Self(match port {
            Some(port) if !wechat => format!("{scheme}://{host}:{port}"),
            _ => format!("{scheme}://{host}"),
        }))
    }
}

impl Default for Origin {
    fn default() -> Self {
        Self("https://api.weixin.qq.com".to_owned())
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_origin_is_wechat_or_this_machine() {
        for (text, origin) in [
            ("https://api.weixin.qq.com", "https://api.weixin.qq.com"),
            (
                "HTTPS://API2.weixin.qq.com:443/",
                "https://api2.weixin.qq.com",
            ),
            ("http://127.0.0.1:8090", "http://127.0.0.1:8090"),
            ("http://localhost", "http://localhost"),
            ("http://[::1]:80", "http://[::1]:80"),
            ("http://[::1]", "http://[::1]"),
        ] {
            assert_eq!(Origin::parse(text).unwrap().to_string(), origin);
        }
        for text in [
            "",
            "api.weixin.qq.com",
            "http://api.weixin.qq.com",
            "https://api.weixin.qq.com:8443",
            "https://api.weixin.qq.com.evil.example",
            "https://evil.example/api.weixin.qq.com",
            "https://user:pass@api.weixin.qq.com",
            "https://api.weixin.qq.com@evil.example",
            "https://api.weixin.qq.com?x=1",
            "https://api.weixin.qq.com#x",
            "https://evil.example\\@api.weixin.qq.com",
            "http://127.0.0.1:99999",
            "http://127.0.0.1:+80",
            "http://127.0.0.1:",
            "http://127.0.0.1.evil.example",
            "ftp://127.0.0.1",
            "https://10.0.0.1",
        ] {
            let error = Origin::parse(text).unwrap_err();
            assert_eq!(error.field(), Some("baseUrl"), "{text}");
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
