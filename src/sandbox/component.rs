//! The platforms' token interfaces: ticket → component token → authorizer tokens.

use serde_json::{Map, Value, json};

use super::{
    Answer, Incoming, Moment, Outcome, Refusal, Sandbox,
    access_token::{COMPONENT_TOKEN, SECONDS, judge},
    authorizer, letters, magic, parts,
    platform::Platform,
    reply::{fields, hand_out, parameter, text},
};

/// A call on a component token.
enum Asked<'a> {
    Provoked(Answer),
    By(&'a mut Platform, Map<String, Value>),
}

/// The component token in the query, and the platform that it and the body say.
fn asked<'a>(sandbox: &'a mut Sandbox, request: &Incoming, now: u64) -> Result<Asked<'a>, Refusal> {
    let (_, query) = parts(&request.target);
    let token = parameter(query, "component_access_token");
    let mut platforms = sandbox.platforms.values_mut();
    let platform = platforms.find(|platform| platform.component_tokens.contains_key(&token));
    let end = (platform.as_ref())
        .and_then(|platform| platform.component_tokens.get(&token))
        .copied();
    if let Some(answer) = judge(&token, &COMPONENT_TOKEN, end, now)? {
        return Ok(Asked::Provoked(answer));
    }
    let fields = fields(request)?;
    let given = app_id(&fields)?;
    match platform {
        Some(platform) if platform.app_id == given => Ok(Asked::By(platform, fields)),
        _ => Err(Refusal::new(
            40013,
            "invalid appid",
            "component_appid is not the platform that this component_access_token was issued to",
        )),
    }
}

fn app_id(fields: &Map<String, Value>) -> Result<&str, Refusal> {
    text(fields, "component_appid", "component_appid is missing")
}

pub(super) fn component_token(
    sandbox: &mut Sandbox,
    request: &Incoming,
    moment: &mut Moment,
) -> Outcome {
    let fields = fields(request)?;
    let Some(platform) = sandbox.platforms.get_mut(app_id(&fields)?) else {
        return Err(Refusal::new(
            40013,
            "invalid appid",
            "component_appid is no platform of this sandbox",
        ));
    };
    let secret = text(
        &fields,
        "component_appsecret",
        "component_appsecret is missing",
    )?;
    if let Some(answer) = magic::answer(secret)? {
        return Ok(answer);
    }
    if secret != platform.secret {
        return Err(Refusal::new(
            40125,
            "invalid appsecret",
            "component_appsecret is not this platform's",
        ));
    }
    let ticket = text(
        &fields,
        "component_verify_ticket",
        "component_verify_ticket is missing",
    )?;
    if let Some(answer) = magic::answer(ticket)? {
        return Ok(answer);
    }
    // Every ticket is good to its own end, not only the last one (assumed).
    let why = match platform.tickets.get(ticket) {
        None => Some("this ticket was never pushed"),
        Some(end) if *end <= moment.now => Some("this ticket was pushed more than 12 hours ago"),
        Some(_) => None,
    };
    if let Some(why) = why {
        return Err(Refusal::new(
            61006,
            "component ticket is expired or invalid",
            why,
        ));
    }
    let token = letters(&mut moment.random, 136);
    platform
        .component_tokens
        .insert(token.clone(), moment.now + SECONDS);
    Ok(hand_out(
        &json!({ "component_access_token": token, "expires_in": SECONDS }),
        "the platform, its secret and the ticket are right",
    ))
}

pub(super) fn query_auth(
    sandbox: &mut Sandbox,
    request: &Incoming,
    moment: &mut Moment,
) -> Outcome {
    let (platform, fields) = match asked(sandbox, request, moment.now)? {
        Asked::Provoked(answer) => return Ok(answer),
        Asked::By(platform, fields) => (platform, fields),
    };
    let code = text(
        &fields,
        "authorization_code",
        "authorization_code is missing",
    )?;
    if let Some(answer) = magic::answer(code)? {
        return Ok(answer);
    }
    let expired = |why| Refusal::new(61010, "code is expired", why);
    let (app_id, end) = platform
        .codes
        .remove(code)
        .ok_or_else(|| expired("this code was never handed out, or was used before"))?;
    if end <= moment.now {
        return Err(expired("this code was handed out more than an hour ago"));
    }
    let mini = platform
        .minis
        .get(&app_id)
        .filter(|mini| mini.authorized)
        .ok_or_else(authorizer::not_authorized)?;
    let func_info: Vec<Value> = mini
        .permission_sets
        .iter()
        .map(|id| json!({ "funcscope_category": { "id": id } }))
        .collect();
    let (access, refresh) = authorizer::issue(platform, &app_id, moment.now, &mut moment.random);
    Ok(hand_out(
        &json!({ "authorization_info": {
            "authorizer_appid": app_id,
            "authorizer_access_token": access,
            "expires_in": SECONDS,
            "authorizer_refresh_token": refresh,
            "func_info": func_info,
        } }),
        "the authorization code is good, and now used up",
    ))
}

pub(super) fn authorizer_token(
    sandbox: &mut Sandbox,
    request: &Incoming,
    moment: &mut Moment,
) -> Outcome {
    let (platform, fields) = match asked(sandbox, request, moment.now)? {
        Asked::Provoked(answer) => return Ok(answer),
        Asked::By(platform, fields) => (platform, fields),
    };
    let app_id = text(&fields, "authorizer_appid", "authorizer_appid is missing")?;
    let refresh = text(
        &fields,
        "authorizer_refresh_token",
        "authorizer_refresh_token is missing",
    )?;
    if let Some(answer) = magic::answer(refresh)? {
        return Ok(answer);
    }
    let mini = platform
        .minis
        .get(app_id)
        .filter(|mini| mini.authorized)
        .ok_or_else(authorizer::not_authorized)?;
    if !mini
        .refresh_tokens
        .iter()
        .any(|honoured| honoured == refresh)
    {
        return Err(Refusal::new(
            61023,
            "refresh_token is invalid",
            "no refresh token of this mini program, or one before the last (the newer one is in use)",
        ));
    }
    let (access, refresh) = authorizer::issue(platform, app_id, moment.now, &mut moment.random);
    Ok(hand_out(
        &json!({
            "authorizer_access_token": access,
            "expires_in": SECONDS,
            "authorizer_refresh_token": refresh,
        }),
        "the refresh token is good; the next call needs the new one",
    ))
}
