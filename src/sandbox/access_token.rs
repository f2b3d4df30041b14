//! Access tokens: every interface's first check, and `/cgi-bin/stable_token` and `/cgi-bin/token`, which hand them out.

use rand_chacha::ChaCha20Rng;
use serde_json::{Map, Value, json};

use super::{
    APP_ID, Answer, Incoming, Interface, Moment, Outcome, Refusal, Sandbox, authorizer,
    get_medical_real_name, letters, magic,
    reply::{data_format, fields, hand_out, parameter},
};

/// How long every kind of access token is good.
pub(super) const SECONDS: u64 = 7200;
/// Until this long before its end, the same token is handed out again.
const RENEWED_BEFORE: u64 = 300;
/// `force_refresh` does nothing for this long after the last time.
const BETWEEN_FORCED: u64 = 30;
const FORCED_PER_DAY: usize = 20;
const DAY: u64 = 24 * 3600;
/// How long a token of `/cgi-bin/token` is good once there is a newer one.
const OUTLIVES: u64 = 300;

/// Whose call it is.
pub(super) enum Checked {
    /// A magic token asked for this answer.
    Provoked(Answer),
    /// The mini program's, or the platform's for it.
    App(String),
}

fn issue(sandbox: &mut Sandbox, app_id: &str, now: u64, random: &mut ChaCha20Rng) -> String {
    let token = letters(random, 136);
    let whose = (app_id.into(), now + SECONDS);
    sandbox.access_tokens.insert(token.clone(), whose);
    sandbox.first_token.get_or_insert_with(|| token.clone());
    token
}

/// Issues a token, and lets `stable_token` hand it out.
pub(super) fn issue_stable(
    sandbox: &mut Sandbox,
    app_id: &str,
    now: u64,
    random: &mut ChaCha20Rng,
) -> String {
    let token = issue(sandbox, app_id, now, random);
    if let Some(mini) = sandbox.mini_programs.get_mut(app_id) {
        mini.stable = Some(token.clone());
    }
    token
}

/// Lets a token be good again, as the ready mini program's.
pub(super) fn restore(sandbox: &mut Sandbox, token: String, now: u64) {
    let whose = (APP_ID.into(), now + SECONDS);
    sandbox.access_tokens.insert(token.clone(), whose);
    if let Some(mini) = sandbox.mini_programs.get_mut(APP_ID) {
        mini.stable = Some(token.clone());
    }
    sandbox.first_token = Some(token);
}

/// Ends every token of a mini program: they are refused as if they had never been issued.
pub(super) fn revoke(sandbox: &mut Sandbox, app_id: &str) {
    sandbox
        .access_tokens
        .retain(|_, (whose, _)| whose != app_id);
    if let Some(mini) = sandbox.mini_programs.get_mut(app_id) {
        mini.stable = None;
        mini.latest = None;
    }
}

/// The token in the query: good, refused, or a magic one that provokes an answer.
pub(super) fn check(
    sandbox: &mut Sandbox,
    query: &str,
    interface: Interface,
    now: u64,
) -> Result<Checked, Refusal> {
    let token = parameter(query, "access_token");
    if authorizer::is_one(sandbox, &token) {
        // The categories are an ordinary interface; of the real-name interfaces one alone knows platforms.
        let wants = match interface {
            Interface::GetCategory => None,
            Interface::GetMedicalRealName => Some(get_medical_real_name::PERMISSION_SET),
            _ => {
                return Err(Refusal::new(
                    48001,
                    "api unauthorized",
                    "an authorizer_access_token: third-party platforms may not call this interface",
                ));
            }
        };
        return match authorizer::check(sandbox, &token, now)? {
            authorizer::Checked::Provoked(answer) => Ok(Checked::Provoked(answer)),
            authorizer::Checked::App { platform, app_id } => {
                let platform = sandbox.platforms.get(&platform);
                let mini = platform.and_then(|platform| platform.minis.get(&app_id));
                let has = |set| mini.is_some_and(|mini| mini.permission_sets.contains(&set));
                if wants.is_none_or(has) {
                    return Ok(Checked::App(app_id));
                }
                Err(Refusal::new(
                    61007,
                    "api is unauthorized to component",
                    "the mini program did not grant the platform permission set 134 (assumed code)",
                ))
            }
        };
    }
    let known = sandbox.access_tokens.get(&token);
    let end = known.map(|(_, end)| *end);
    Ok(match judge(&token, &ACCESS_TOKEN, end, now)? {
        Some(answer) => Checked::Provoked(answer),
        None => Checked::App(known.map(|(whose, _)| whose.clone()).unwrap_or_default()),
    })
}

/// What is said of one kind of token.
pub(super) struct Kind {
    missing: &'static str,
    why_missing: &'static str,
    why_unknown: &'static str,
    why_over: &'static str,
}

pub(super) const ACCESS_TOKEN: Kind = Kind {
    missing: "access_token missing",
    why_missing: "the query has no access_token",
    why_unknown: "this access token was never issued here, or was ended: by force_refresh, or by the test",
    why_over: "the access token's time is over: 7200 seconds, or 5 minutes after a newer one of cgi-bin/token",
};
pub(super) const COMPONENT_TOKEN: Kind = Kind {
    missing: "component_access_token missing",
    why_missing: "the query has no component_access_token",
    why_unknown: "this component_access_token was never issued here (an access_token? a ticket?)",
    why_over: "the component_access_token was issued more than 7200 seconds ago",
};
pub(super) const AUTHORIZER_TOKEN: Kind = Kind {
    missing: "access_token missing",
    why_missing: "the query has no access_token",
    why_unknown: "this authorizer_access_token was never issued here",
    why_over: "the authorizer_access_token was issued more than 7200 seconds ago",
};

/// What every kind of token is asked: is it there, magic, known, and still good?
pub(super) fn judge(
    token: &str,
    kind: &Kind,
    end: Option<u64>,
    now: u64,
) -> Result<Option<Answer>, Refusal> {
    if token.is_empty() {
        return Err(Refusal::new(41001, kind.missing, kind.why_missing));
    }
    if let Some(answer) = magic::answer(token)? {
        return Ok(Some(answer));
    }
    match end {
        None => Err(Refusal::new(
            40001,
            "invalid credential, access_token is invalid or not latest",
            kind.why_unknown,
        )),
        Some(end) if end <= now => Err(Refusal::new(42001, "access_token expired", kind.why_over)),
        Some(_) => Ok(None),
    }
}

/// What both ways to a token ask: the grant, the mini program and its secret.
enum Asked {
    Provoked(Answer),
    By(String),
}

fn asked(sandbox: &Sandbox, given: impl Fn(&str) -> Option<String>) -> Result<Asked, Refusal> {
    let text = |name, errcode, errmsg, why| {
        let text = given(name).filter(|text| !text.is_empty());
        text.ok_or_else(|| Refusal::new(errcode, errmsg, why))
    };
    if given("grant_type").as_deref() != Some("client_credential") {
        return Err(Refusal::new(
            40002,
            "invalid grant_type",
            "grant_type is not client_credential",
        ));
    }
    let app_id = text(
        "appid",
        41002,
        "appid missing",
        "appid is missing or no text",
    )?;
    let secret = text(
        "secret",
        41004,
        "appsecret missing",
        "secret is missing or no text",
    )?;
    let Some(mini) = sandbox.mini_programs.get(&app_id) else {
        return Err(Refusal::new(
            40013,
            "invalid appid",
            "appid is no mini program of this sandbox",
        ));
    };
    if let Some(answer) = magic::answer(&secret)? {
        return Ok(Asked::Provoked(answer));
    }
    if secret != mini.secret {
        return Err(Refusal::new(
            40125,
            "invalid appsecret",
            "secret is not this mini program's",
        ));
    }
    Ok(Asked::By(app_id))
}

pub(super) fn stable_token(
    sandbox: &mut Sandbox,
    request: &Incoming,
    moment: &mut Moment,
) -> Outcome {
    let fields: Map<String, Value> = fields(request)?;
    let given = |name: &str| fields.get(name).and_then(Value::as_str).map(String::from);
    let app_id = match asked(sandbox, given)? {
        Asked::Provoked(answer) => return Ok(answer),
        Asked::By(app_id) => app_id,
    };
    let why = match fields.get("force_refresh") {
        None | Some(Value::Bool(false)) => "appid and secret are right",
        Some(Value::Bool(true)) => force_refresh(sandbox, &app_id, moment.now)?,
        Some(_) => return Err(data_format("force_refresh is not true or false")),
    };
    let mini = sandbox.mini_programs.get(&app_id);
    let stable = mini.and_then(|mini| {
        let token = mini.stable.clone()?;
        let (_, end) = sandbox.access_tokens.get(&token)?;
        (*end > moment.now + RENEWED_BEFORE).then_some((token, *end))
    });
    let (token, end) = match stable {
        Some(stable) => stable,
        None => (
            issue_stable(sandbox, &app_id, moment.now, &mut moment.random),
            moment.now + SECONDS,
        ),
    };
    Ok(hand_out(
        &json!({ "access_token": token, "expires_in": end - moment.now }),
        why,
    ))
}

/// The older interface: a new token every time, and the one before it is good for five minutes more. The tokens of
/// `stable_token` are none of its business.
pub(super) fn token(sandbox: &mut Sandbox, query: &str, moment: &mut Moment) -> Outcome {
    let app_id = match asked(sandbox, |name| Some(parameter(query, name)))? {
        Asked::Provoked(answer) => return Ok(answer),
        Asked::By(app_id) => app_id,
    };
    let token = issue(sandbox, &app_id, moment.now, &mut moment.random);
    let before = sandbox
        .mini_programs
        .get_mut(&app_id)
        .and_then(|mini| mini.latest.replace(token.clone()));
    let old = before.and_then(|before| sandbox.access_tokens.get_mut(&before));
    if let Some((_, end)) = old {
        *end = (*end).min(moment.now + OUTLIVES);
    }
    Ok(hand_out(
        &json!({ "access_token": token, "expires_in": SECONDS }),
        "appid and secret are right; the token before this one is good for 5 minutes more",
    ))
}

/// Ends the last token, if the last time was not a moment ago. Assumed: the day ends with the call, and what did nothing
/// does not count.
fn force_refresh(sandbox: &mut Sandbox, app_id: &str, now: u64) -> Result<&'static str, Refusal> {
    let Some(mini) = sandbox.mini_programs.get_mut(app_id) else {
        return Ok("appid and secret are right");
    };
    // The clock may have been set back since.
    (mini.forced).retain(|then| *then <= now && now - then < DAY);
    if mini.forced.iter().any(|then| now - then < BETWEEN_FORCED) {
        return Ok("force_refresh did nothing: it was used less than 30 seconds ago");
    }
    if mini.forced.len() >= FORCED_PER_DAY {
        return Err(Refusal::new(
            45009,
            "reach max api daily quota limit",
            "force_refresh was used 20 times within a day",
        ));
    }
    mini.forced.push(now);
    if let Some(token) = mini.stable.take() {
        sandbox.access_tokens.remove(&token);
    }
    Ok("appid and secret are right, and the token before is ended: force_refresh")
}
