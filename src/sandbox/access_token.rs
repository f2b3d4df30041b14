//! Access tokens: every interface's first check, and `/cgi-bin/stable_token`, which hands them out.

use rand_chacha::ChaCha20Rng;
use serde_json::json;

use super::{
    APP_ID, APP_SECRET, Answer, Incoming, Moment, Outcome, Refusal, Sandbox, authorizer,
    get_category, letters, magic,
    reply::{fields, hand_out, parameter, text},
};

pub(super) const PATH: &str = "/cgi-bin/stable_token";

/// How long every kind of access token is good.
pub(super) const SECONDS: u64 = 7200;
/// Until this long before its end, the same token is handed out again.
const RENEWED_BEFORE: u64 = 300;
/// `force_refresh` does nothing for this long after the last time.
const BETWEEN_FORCED: u64 = 30;

pub(super) fn issue(sandbox: &mut Sandbox, now: u64, random: &mut ChaCha20Rng) -> String {
    let token = letters(random, 136);
    sandbox.access_tokens.insert(token.clone(), now + SECONDS);
    sandbox.stable = Some(token.clone());
    token
}

/// Ends every token of the mini program's: they are refused as if they had never been issued.
pub(super) fn revoke(sandbox: &mut Sandbox) {
    sandbox.access_tokens.clear();
    sandbox.stable = None;
}

/// The token in the query: good, refused, or a magic one that provokes an answer.
pub(super) fn check(
    sandbox: &mut Sandbox,
    query: &str,
    path: &str,
    now: u64,
) -> Result<Option<Answer>, Refusal> {
    let token = parameter(query, "access_token");
    if authorizer::is_one(sandbox, &token) {
        // The categories are an ordinary interface; the real-name interfaces know no platform.
        if path != get_category::PATH {
            return Err(Refusal::new(
                48001,
                "api unauthorized",
                "an authorizer_access_token: third-party platforms may not call this interface",
            ));
        }
        return authorizer::check(sandbox, &token, now).map(|_| None);
    }
    judge(
        &token,
        "access_token missing",
        sandbox.access_tokens.get(&token).copied(),
        now,
    )
}

/// What every kind of token is asked: is it there, magic, known, and still good?
pub(super) fn judge(
    token: &str,
    missing: &'static str,
    end: Option<u64>,
    now: u64,
) -> Result<Option<Answer>, Refusal> {
    if token.is_empty() {
        return Err(Refusal::new(41001, missing, "the query has no such token"));
    }
    if let Some(answer) = magic::answer(token)? {
        return Ok(Some(answer));
    }
    match end {
        None => Err(Refusal::new(
            40001,
            "invalid credential, access_token is invalid or not latest",
            "this access token was never issued here",
        )),
        Some(end) if end <= now => Err(Refusal::new(
            42001,
            "access_token expired",
            "the access token was issued more than 7200 seconds ago",
        )),
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
    let secret = text(&fields, "secret", "secret is missing")?;
    if let Some(answer) = magic::answer(secret)? {
        return Ok(answer);
    }
    if secret != APP_SECRET {
        return Err(Refusal {
            errcode: 40125,
            errmsg: "invalid appsecret",
            why: "secret is not the sandbox's",
        });
    }
    if fields.get("force_refresh") == Some(&json!(true)) {
        force_refresh(sandbox, moment.now);
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
    Ok(hand_out(
        &json!({ "access_token": token, "expires_in": end - moment.now }),
        "appid and secret are right",
    ))
}

/// Ends the last token, if the last time was not a moment ago. (WeChat takes it 20 times a day; here there is no limit.)
fn force_refresh(sandbox: &mut Sandbox, now: u64) {
    if now < sandbox.forced_at + BETWEEN_FORCED {
        return;
    }
    sandbox.forced_at = now;
    if let Some(token) = sandbox.stable.take() {
        sandbox.access_tokens.remove(&token);
    }
}
