//! Where requests may go.

use core::net::Ipv6Addr;
use std::fmt;

use crate::error::Error;

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
    /// WeChat's general host.
    pub const WECHAT: &'static str = "https://api.weixin.qq.com";

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
        let (host, port) = split_port(authority);
        if host.contains(':') && !host.starts_with('[') {
            return refuse("has more than one port");
        }
        if !port.is_none_or(is_port) {
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

    /// Inside WeChat Cloud Run, WeChat's hosts are a neighbour in the same container, which speaks http alone.
    pub(super) fn in_cloud_run(&self) -> Self {
        let host = self.0.strip_prefix("https://");
        match host.filter(|host| HOSTS.contains(host)) {
            Some(host) => Self(format!("http://{host}")),
            None => self.clone(),
        }
    }
}

/// `name`, `name:port`, `1.2.3.4`, `[::1]:443`, in ASCII.
fn is_host(text: &str) -> bool {
    let (host, port) = split_port(text);
    let address = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    let in_names = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
    let good = match address {
        Some(address) => address.parse::<Ipv6Addr>().is_ok(),
        None => !host.is_empty() && host.chars().all(in_names),
    };
    good && port.is_none_or(is_port)
}

/// What stands before the last colon and after it; the colons of an address in brackets are none.
fn split_port(text: &str) -> (&str, Option<&str>) {
    match text.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (text, None),
    }
}

fn is_port(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u16>().is_ok()
}

impl Default for Origin {
    fn default() -> Self {
        Self(Self::WECHAT.to_owned())
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
            "https://10.0.0.1:8443:1",
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
            "[:]",
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
}
