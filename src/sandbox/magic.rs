//! Magic values: `sandbox:…` in a field that nothing checks locally provokes an answer without any set-up.
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
//! | `sandbox:reset` | the connection is cut |
//!
//! They stand in every kind of token in the query, and in `code`, `auth_token`, `secret`, `component_appsecret`,
//! `component_verify_ticket`, `authorization_code`, `authorizer_refresh_token`, `enterprise_name`, `cert_name`, `verify_id` and
//! `wxmed_authcode`.
//!
//! Words of one interface:
//!
//! | field | value | answer |
//! |---|---|---|
//! | `code` | `sandbox:V_OP_NM_MA/V_NM_ID_UM` | `verify_openid`, and after the slash `verify_real_name` |
//! | `auth_token` | `sandbox:junk`, `sandbox:short` | ciphertexts that do not open; of a wrong length |
//! | `enterprise_name` | `sandbox:push-89251` | errcode 0, and then the push of this status |
//! | `enterprise_name` | `sandbox:100001`, `sandbox:0`, … | the same, for a number that is no errcode of this interface but a status |
//! | `enterprise_name` | `sandbox:status-3` | errcode 0, and this `status` in the reply of the 2026 form |
//! | `cert_name` | `sandbox:verify_ret=90002` | errcode 0, and a verification that has ended so |
//! | `verify_id` | `sandbox:verify_ret=10300` | errcode 0, and this `verify_ret` |
//! | `wxmed_authcode` | `sandbox:junk`, `sandbox:short` | a ciphertext that does not open; of a wrong length |
//! | `wxmed_authcode` | `sandbox:key_version=7`, `sandbox:algorithm` | another `key_version`; another `cipher_algorithm` |
//!
//! Any other value that begins with `sandbox:` is a mistake of the test, and refused as one (47001).

use serde_json::json;

use super::{
    Answer, Outcome, Refusal,
    reply::{accept, page},
};

/// Who asked for an answer, for `why`.
pub(super) struct By {
    errcode: &'static str,
    word: &'static str,
}

const MAGIC: By = By {
    errcode: "a magic value asked for this errcode",
    word: "a magic value asked for it",
};
pub(super) const FAULT: By = By {
    errcode: "the test set a fault with this errcode",
    word: "the test set a fault",
};

const WORDS: [&str; 7] = [
    "empty",
    "not-json",
    "no-fields",
    "wrong-types",
    "html-502",
    "timeout",
    "reset",
];

/// The magic part of a value that has one.
pub(super) fn word(value: &str) -> Option<&str> {
    value.strip_prefix("sandbox:")
}

/// Whether every interface knows the word.
pub(super) fn is_word(word: &str) -> bool {
    WORDS.contains(&word) || word.parse::<i32>().is_ok()
}

/// The answer or refusal that a value provokes; nothing for an ordinary value.
pub(super) fn answer(value: &str) -> Result<Option<Answer>, Refusal> {
    match word(value) {
        None => Ok(None),
        Some(word) if is_word(word) => provoked(word, MAGIC).map(Some),
        Some(_) => Err(Refusal::new(
            47001,
            "data format error",
            "a value begins with sandbox: and is no magic value of its field: see the table in the guide on testing",
        )),
    }
}

/// What a word that every interface knows stands for.
pub(super) fn provoked(word: &str, by: By) -> Outcome {
    if let Ok(errcode) = word.parse() {
        return Err(Refusal {
            errcode,
            errmsg: match errcode {
                // An address for documentation (RFC 5737), where the real one puts the caller's.
                40164 => "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist",
                61004 => "access clientip is not registered requestIP: 203.0.113.7",
                _ => "provoked in the sandbox",
            },
            why: by.errcode,
        });
    }
    let why = format!("{}: {word}", by.word);
    Ok(match word {
        "empty" => Answer { why, ..page("") },
        "not-json" => Answer {
            why,
            ..page("errcode=0")
        },
        "wrong-types" => accept(
            json!({
                "verify_openid": 1,
                "verify_real_name": [],
                "encryted_real_name": {},
                "encryted_credential_id": true,
                "category_list": "none",
                "access_token": {},
                "component_access_token": 7,
                "authorization_info": "none",
                "authorizer_access_token": [],
                "authorizer_refresh_token": {},
                "expires_in": "soon",
                "authorize_url": 1,
                "taskid": true,
                "unique_id": [],
                "verify_id": 1,
                "verify_ret": "10000!",
                "cipher_real_name": [],
                "cipher_algorithm": 7,
                "key_version": "first",
                "app_id": {},
                "open_id": [],
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
        "reset" => Answer {
            why,
            cut: true,
            ..page("")
        },
        // "no-fields".
        _ => accept(json!({}), why),
    })
}
