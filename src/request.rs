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
            "has characters that no access token has: hand over the text of `access_token` alone",
        ));
    }
    Ok(format!(
        "{origin}{path}?{name}={}",
        token.expose().replace(':', "%3A")
    ))
}

/// Where WeChat is: scheme, host and port, without a path.
///
/// A token and a person's data go there, so only WeChat's own hosts are taken, over https, hosts that the caller trusts
/// by name, over https, and this machine itself (the sandbox) over either.
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
        Self::parse_trusting(text, &[])
    }

    /// The same where further hosts are trusted: each a name or an address, with a port if only that one is meant.
    ///
    /// # Errors
    /// [`Error::Configuration`] naming `trustedHosts` or `baseUrl`.
    pub fn parse_trusting(text: &str, trusted: &[&str]) -> Result<Self, Error> {
        if !trusted.iter().all(|host| is_host(host)) {
            return Err(Error::Configuration {
                field: "trustedHosts",
                reason: "must be host names, each with a port or without one, and nothing else (no https://, no path, no *)",
            });
        }
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
            "https"
                if trusted.iter().any(|trusted| {
                    trusted.eq_ignore_ascii_case(&host) || trusted.eq_ignore_ascii_case(authority)
                }) => {}
            _ => {
                return refuse(
                    "is not one of WeChat's hosts over https, nor this machine; name a host of your own in trustedHosts",
                );
            }
        }
        Ok(Self(match port {
            Some(port) if !wechat => format!("{scheme}://{host}:{port}"),
            _ => format!("{scheme}://{host}"),
        }))
    }
}

impl Origin {
    /// Inside WeChat Cloud Run, WeChat's hosts are a neighbour in the same container, which speaks http alone.
    fn in_cloud_run(&self) -> Self {
        let host = self.0.strip_prefix("https://");
        match host.filter(|host| HOSTS.contains(host)) {
            Some(host) => Self(format!("http://{host}")),
            None => self.clone(),
        }
    }
}

/// `name`, `name:port`, `1.2.3.4`, `[::1]:443`, in ASCII.
fn is_host(text: &str) -> bool {
    let (host, port) = match text.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (text, None),
    };
    let address = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    let allowed = |c: char| match address {
        Some(_) => c.is_ascii_hexdigit() || matches!(c, ':' | '.'),
        None => c.is_ascii_alphanumeric() || matches!(c, '-' | '.'),
    };
    let host = address.unwrap_or(host);
    !host.is_empty()
        && host.chars().all(allowed)
        && port.is_none_or(|port| port.parse::<u16>().is_ok() && !port.starts_with('+'))
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
    fn hosts_of_the_caller_are_trusted_by_name_over_https() {
        let trusted = ["gateway.example", "10.0.0.1:8443", "[2001:db8::1]"];
        for (text, origin) in [
            ("https://gateway.example/", "https://gateway.example"),
            (
                "https://GATEWAY.example:8443",
                "https://gateway.example:8443",
            ),
            ("https://10.0.0.1:8443", "https://10.0.0.1:8443"),
            ("https://[2001:db8::1]", "https://[2001:db8::1]"),
            ("https://api.weixin.qq.com", "https://api.weixin.qq.com"),
        ] {
            let parsed = Origin::parse_trusting(text, &trusted);
            assert_eq!(
                parsed.map(|origin| origin.to_string()).as_deref(),
                Ok(origin)
            );
        }
        for text in [
            "http://gateway.example",
            "https://a.gateway.example",
            "https://gateway.example.evil.example",
            "https://gateway.example@evil.example",
            "https://gateway.example/path",
            "https://10.0.0.1",
            "https://10.0.0.1:443",
        ] {
            let error = Origin::parse_trusting(text, &trusted).unwrap_err();
            assert_eq!(error.field(), Some("baseUrl"), "{text}");
        }
        for host in [
            "",
            "*",
            "*.example",
            "https://gateway.example",
            "a/b",
            "a@b",
            "a b",
            "a:b",
            "a:",
            "a:+1",
            "[",
            "[]",
            "例.cn",
        ] {
            let error =
                Origin::parse_trusting("https://gateway.example", &["gateway.example", host]);
            assert_eq!(error.unwrap_err().field(), Some("trustedHosts"), "{host}");
        }
        // Trusting it does not open another way to WeChat's own hosts.
        let odd = Origin::parse_trusting(
            "https://api.weixin.qq.com:8443",
            &["api.weixin.qq.com:8443"],
        );
        assert_eq!(odd.unwrap_err().field(), Some("baseUrl"));
    }

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
