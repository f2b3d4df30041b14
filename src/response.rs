//! A reply, as data, and the one order in which every reply is read:
//! status → body → JSON → errcode → shape.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Deserializer, de::DeserializeOwned};

use crate::{
    error::{Error, Rejection},
    return_code::{self, ReturnCode},
};

/// What came back: status, headers and body as they arrived. Never make one up: the status is checked.
#[derive(Clone, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// Header names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body's bytes.
    pub body: Vec<u8>,
}

impl Response {
    /// A reply with this status and body, without headers.
    pub fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self {
            status,
            headers: BTreeMap::new(),
            body: body.into(),
        }
    }

    /// Reads the reply to an operation: its fields where WeChat said yes, an [`Error::Rejected`] where it said no.
    ///
    /// `return_codes` are the operation's own numbers. `secrets` are the texts of the request that must not come back in
    /// an error: WeChat's `errmsg` may repeat them. `now`: seconds since 1970-01-01 UTC, where they are known.
    pub(crate) fn read<T: DeserializeOwned>(
        &self,
        operation: &'static str,
        return_codes: &'static [ReturnCode],
        secrets: &[&str],
        now: Option<u32>,
    ) -> Result<T, Error> {
        if !(200..300).contains(&self.status) {
            return Err(Error::HttpStatus {
                operation,
                status: self.status,
            });
        }
        let malformed = |reason| Error::MalformedResponse { operation, reason };
        let body = self.body.trim_ascii();
        // A byte order mark is no part of JSON, but proxies and .NET hosts put one there.
        let body = body
            .strip_prefix(b"\xEF\xBB\xBF")
            .unwrap_or(body)
            .trim_ascii_start();
        if body.is_empty() {
            return Err(malformed("the reply is empty"));
        }
        if body.first() != Some(&b'{') {
            return Err(malformed(
                "the reply is not a JSON object (a proxy's page?)",
            ));
        }
        let envelope: Envelope = serde_json::from_slice(body).map_err(|error| {
            malformed(match error.classify() {
                serde_json::error::Category::Data => {
                    "errcode or errmsg of the reply has the wrong type"
                }
                _ => "the reply is not valid JSON",
            })
        })?;
        match envelope.errcode {
            None | Some(0) => serde_json::from_slice(body)
                .map_err(|_| malformed("a field of the reply is missing or has the wrong type")),
            Some(errcode) => {
                let errmsg = clean(&envelope.errmsg.unwrap_or_default(), secrets);
                let code = return_code::find(return_codes, errcode);
                Err(Error::Rejected(Box::new(Rejection {
                    operation,
                    errcode,
                    rid: rid(&errmsg),
                    hint: hint(&errmsg),
                    ip: ip(&errmsg),
                    errmsg,
                    meaning: code.map(|code| code.meaning),
                    action: code.map(|code| code.action),
                    retry_after_seconds: code
                        .and_then(|code| code.retry_after)
                        .and_then(|after| Some(after.seconds(now?))),
                })))
            }
        }
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("status", &self.status)
            .field("headers", &self.headers.keys())
            .field("body", &format!("[{} bytes]", self.body.len()))
            .finish()
    }
}

#[derive(Deserialize)]
struct Envelope {
    #[serde(default, deserialize_with = "present")]
    errcode: Option<i32>,
    errmsg: Option<String>,
}

/// A field that may be absent but not `null`: WeChat writes no nulls, and one must not pass for a success.
pub(crate) fn present<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}

/// Longer than any text of WeChat's; what goes on is cut off.
const ERRMSG_CHARACTERS: usize = 512;

/// WeChat's text on one line, of bounded length, with the request's secrets masked.
fn clean(errmsg: &str, secrets: &[&str]) -> String {
    // The longest first: one may be a part of another.
    let mut secrets: Vec<&str> = secrets.to_vec();
    secrets.sort_by_key(|secret| Reverse(secret.len()));
    let masked = secrets
        .iter()
        // One character (a gender, a flag) is no secret, and masking it would garble the whole text.
        .filter(|secret| secret.chars().nth(1).is_some())
        .fold(errmsg.to_owned(), |text, secret| {
            text.replace(secret, "***")
        });
    masked
        .chars()
        .map(|c| if moves_the_cursor(c) { ' ' } else { c })
        .take(ERRMSG_CHARACTERS)
        .collect()
}

/// Line breaks, what terminals act on, and what makes texts run the other way.
fn moves_the_cursor(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// `655ab817-200fff05-153c382b` from `… rid: 655ab817-200fff05-153c382b`.
fn rid(errmsg: &str) -> Option<String> {
    let (_, after) = errmsg.split_once("rid:")?;
    let rid = after.split_whitespace().next()?;
    let plain = rid.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    plain.then(|| rid.to_string())
}

/// `3HdeVfuhE-gXvCaA` from `… hint: [3HdeVfuhE-gXvCaA] …`.
fn hint(errmsg: &str) -> Option<String> {
    let (_, after) = errmsg.split_once("hint:")?;
    let (hint, _) = after.trim_start().strip_prefix('[')?.split_once(']')?;
    (!hint.is_empty()).then(|| hint.to_string())
}

/// `203.0.113.7` from `invalid ip 203.0.113.7 ipv6 …, not in whitelist`, and from `… requestIP: 203.0.113.7`.
fn ip(errmsg: &str) -> Option<String> {
    let mut after = ["invalid ip ", "requestIP: "]
        .into_iter()
        .filter_map(|before| Some(errmsg.split_once(before)?.1));
    let ip = after.next()?.split([' ', ',']).next()?;
    let plain = ip
        .chars()
        .all(|c| c.is_ascii_hexdigit() || matches!(c, '.' | ':'));
    (plain && ip.len() >= 2).then(|| ip.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    fn read(status: u16, body: &str) -> Result<serde_json::Value, Error> {
        Response::new(status, body).read(
            "getCategory",
            &[],
            &["sekret-token", "x"],
            Some(1_795_276_799),
        )
    }

    #[test]
    fn rid_and_hint_are_lifted_out_and_secrets_masked() {
        let error = read(
            200,
            r#"{"errcode":40001,"errmsg":"bad sekret-token\nrid: 655ab817-200fff05-153c382b hint: [3HdeVfuhE-gXvCaA]"}"#,
        )
        .unwrap_err();
        let Error::Rejected(rejection) = error else {
            panic!("{error:?}")
        };
        assert_eq!(rejection.rid.as_deref(), Some("655ab817-200fff05-153c382b"));
        assert_eq!(rejection.hint.as_deref(), Some("3HdeVfuhE-gXvCaA"));
        assert_eq!(
            rejection.errmsg,
            "bad *** rid: 655ab817-200fff05-153c382b hint: [3HdeVfuhE-gXvCaA]"
        );
        assert_eq!(rejection.errcode, 40001);
    }

    #[test]
    fn a_text_stays_on_its_line() {
        let body = r#"{"errcode":1,"errmsg":"a\u2028b\u2029c\u202Ed\u2066e\u0085f\u001b[31mg"}"#;
        let Err(Error::Rejected(rejection)) = read(200, body) else {
            panic!("no refusal")
        };
        assert_eq!(rejection.errmsg, "a b c d e f [31mg");
    }

    #[test]
    fn what_is_to_be_done_about_a_refusal_is_lifted_out() {
        let rejection = |body: &str| match read(200, body) {
            Err(Error::Rejected(rejection)) => rejection,
            other => panic!("{other:?}"),
        };
        for (errmsg, ip) in [
            (
                "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist rid: 1-2",
                Some("203.0.113.7"),
            ),
            (
                "invalid ip 2001:db8::7, not in whitelist",
                Some("2001:db8::7"),
            ),
            (
                "access clientip is not registered requestIP: 203.0.113.7 rid: 1",
                Some("203.0.113.7"),
            ),
            ("invalid ip ", None),
            ("invalid ip address", None),
            ("invalid appid", None),
        ] {
            let body = format!(r#"{{"errcode":40164,"errmsg":"{errmsg}"}}"#);
            assert_eq!(rejection(&body).ip.as_deref(), ip, "{errmsg}");
        }
        for (errcode, after) in [(45009, Some(1)), (45011, Some(60)), (40001, None)] {
            let body = format!(r#"{{"errcode":{errcode}}}"#);
            assert_eq!(rejection(&body).retry_after_seconds, after);
        }
    }

    #[test]
    fn the_status_is_read_before_the_body() {
        for status in [0, 199, 301, 302, 404, 500, 502] {
            let error = read(status, r#"{"errcode":0}"#).unwrap_err();
            assert_eq!(
                error,
                Error::HttpStatus {
                    operation: "getCategory",
                    status
                }
            );
        }
    }

    #[test]
    fn what_is_not_a_reply_is_never_a_result() {
        for body in [
            "",
            "  \n ",
            "<html>502</html>",
            "null",
            "true",
            "42",
            "\"ok\"",
            "[]",
            "[0,\"ok\"]",
            "{",
            "{}x",
            "{\"errcode\":\"0\"}",
            "{\"errcode\":0.0}",
            "{\"errcode\":1e20}",
            "{\"errcode\":9007199254740993}",
            "{\"errcode\":0,\"errcode\":40001}",
            "{\"errcode\":true}",
            "{\"errcode\":null}",
            "{\"errcode\":40001,\"errmsg\":7}",
        ] {
            let error = read(200, body).unwrap_err();
            assert!(
                matches!(error, Error::MalformedResponse { .. }),
                "{body}: {error:?}"
            );
        }
        assert!(read(200, "\u{feff} \n{\"errcode\":0}").is_ok());
    }

    #[test]
    fn an_unknown_code_stays_what_it_is() {
        let error = read(200, r#"{"errcode":-604101,"errmsg":"?"}"#).unwrap_err();
        let Error::Rejected(rejection) = &error else {
            panic!("{error:?}")
        };
        assert_eq!(
            (rejection.errcode, rejection.action, rejection.meaning),
            (-604_101, None, None)
        );
        assert!(error.to_string().contains("-604101"));
    }
}
