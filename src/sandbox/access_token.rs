//! Access tokens: every interface's first check, and `/cgi-bin/stable_token`, which hands them out.

use rand_chacha::ChaCha20Rng;
use serde_json::json;

use super::{
    APP_ID, APP_SECRET, Answer, Incoming, Moment, Outcome, Refusal, Sandbox, letters, magic,
    reply::{accept, fields, text},
};

const SECONDS: u64 = 7200;
/// Until this long before its end, the same token is handed out again.
const RENEWED_BEFORE: u64 = 300;

pub(super) fn issue(sandbox: &mut Sandbox, now: u64, random: &mut ChaCha20Rng) -> String {
    let token = letters(random, 136);
    sandbox.access_tokens.insert(token.clone(), now + SECONDS);
    sandbox.stable = Some(token.clone());
    token
}

/// The token in the query: good, refused, or a magic one that provokes an answer.
pub(super) fn check(
    sandbox: &Sandbox,
    query: &str,
    moment: &Moment,
) -> Result<Option<Answer>, Refusal> {
    let token = query
        .split('&')
        .find_map(|pair| pair.strip_prefix("access_token="))
        .unwrap_or_default();
    let token = token.replace("%3A", ":").replace("%3a", ":");
    if token.is_empty() {
        return Err(Refusal {
            errcode: 41001,
            errmsg: "access_token missing",
            why: "the query has no access_token",
        });
    }
    if let Some(answer) = magic::answer(&token)? {
        return Ok(Some(answer));
    }
    match sandbox.access_tokens.get(&token) {
        None => Err(Refusal {
            errcode: 40001,
            errmsg: "invalid credential, access_token is invalid or not latest",
            why: "this access token was never issued here",
        }),
        Some(end) if *end <= moment.now => Err(Refusal {
            errcode: 42001,
            errmsg: "access_token expired",
            why: "the access token was issued more than 7200 seconds ago",
        }),
        Some(_) => Ok(None),
    }
}

pub(super) fn stable_token(
    sandbox: &mut Sandbox,
    request: &Incoming,
    moment: &mut Moment,
) -> Outcome {
    let fields = fields(request)?;
    if text(&fields, "grant_type", "grant_type is missing")? != "client_credential" {
        return Err(Refusal {
            errcode: 40002,
            errmsg: "invalid grant_type",
            why: "grant_type is not client_credential",
        });
    }
    if text(&fields, "appid", "appid is missing")? != APP_ID {
        return Err(Refusal {
            errcode: 40013,
            errmsg: "invalid appid",
            why: "appid is not the sandbox's mini program",
        });
    }
    if text(&fields, "secret", "secret is missing")? != APP_SECRET {
        return Err(Refusal {
            errcode: 40125,
            errmsg: "invalid appsecret",
            why: "secret is not the sandbox's",
        });
    }
    let stable = sandbox.stable.clone().and_then(|token| {
        let end = *sandbox.access_tokens.get(&token)?;
        (end > moment.now + RENEWED_BEFORE).then_some((token, end))
    });
    let (token, end) = match stable {
        Some(stable) => stable,
        None => (
            issue(sandbox, moment.now, &mut moment.random),
            moment.now + SECONDS,
        ),
    };
    Ok(accept(
        json!({ "access_token": token, "expires_in": end - moment.now }),
        "appid and secret are right",
    ))
}
