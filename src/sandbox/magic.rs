//! Magic values: `sandbox:…` in a token, code or `secret` that nothing checks locally provokes an answer without any set-up.
//!
//! | value | answer |
//! |---|---|
//! | `sandbox:94004`, `sandbox:-1`, … | a refusal with this errcode |
//! | `sandbox:empty` | an empty body |
//! | `sandbox:not-json` | text that is not JSON |
//! | `sandbox:no-fields` | errcode 0 and nothing else |
//! | `sandbox:wrong-types` | errcode 0, and every field of a type it never has |
//! | `sandbox:html-502` | HTTP status 502 with a proxy's page |
//! | `sandbox:timeout` | nothing, ever |

use serde_json::json;

use super::{
    Answer, Refusal,
    reply::{accept, page},
};

/// The magic part of a value that has one.
pub(super) fn word(value: &str) -> Option<&str> {
    value.strip_prefix("sandbox:")
}

/// The answer or refusal that a value provokes; nothing for an ordinary value.
pub(super) fn answer(value: &str) -> Result<Option<Answer>, Refusal> {
    let Some(word) = word(value) else {
        return Ok(None);
    };
    if let Ok(errcode) = word.parse() {
        return Err(Refusal {
            errcode,
            errmsg: match errcode {
                // An address for documentation (RFC 5737), where the real one puts the caller's.
                40164 => "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist",
                _ => "provoked in the sandbox",
            },
            why: "a magic value asked for this errcode",
        });
    }
    let why = format!("a magic value asked for it: {word}");
    Ok(Some(match word {
        "empty" => Answer { why, ..page("") },
        "not-json" => Answer {
            why,
            ..page("errcode=0")
        },
        "no-fields" => accept(json!({}), why),
        "wrong-types" => accept(
            json!({
                "verify_openid": 1,
                "verify_real_name": [],
                "encryted_real_name": {},
                "encryted_credential_id": true,
                "category_list": "none",
                "component_access_token": 7,
                "authorization_info": "none",
                "authorizer_access_token": [],
                "authorizer_refresh_token": {},
                "expires_in": "soon",
                "authorize_url": 1,
                "taskid": true,
                "unique_id": [],
            }),
            why,
        ),
        "html-502" => Answer {
            status: 502,
            content_type: "text/html",
            why,
            ..page("<html><body>502 Bad Gateway</body></html>")
        },
        "timeout" => Answer {
            why,
            hold: true,
            ..page("")
        },
        _ => return Ok(None),
    }))
}
