//! `POST /wxa/verifybetaweapp`, in both forms of its body.
//!
//! In which order WeChat checks is not published; the order here is assumed. Magic values of `enterprise_name` are answered
//! before everything but the token, and are no calls that count.

use serde_json::{Map, Value, json};

use super::{
    Answer, Incoming, Moment, Outcome, Refusal, Sandbox,
    authorizer::{self, Checked},
    event::Info,
    letters, magic,
    platform::{Mini, Platform},
    reply::{accept, fields, parameter},
    task::{Stage, Task, end_overdue},
    trial::{PERMISSION_SET, Register, fits, same_code},
};

pub(super) const PATH: &str = "/wxa/verifybetaweapp";

const MINUTE: u64 = 60;
const PER_MINUTE: usize = 5;
const DAY: u64 = 24 * 3600;
const PER_DAY: usize = 100;

/// What the platform sent.
struct Form {
    info: Info,
    /// Of the documented form alone.
    idcard: Option<String>,
}

pub(super) fn answer(
    sandbox: &mut Sandbox,
    request: &Incoming,
    query: &str,
    moment: &mut Moment,
) -> Outcome {
    let token = parameter(query, "access_token");
    let app_id = match authorizer::check(sandbox, &token, moment.now)? {
        Checked::Provoked(answer) => return Ok(answer),
        Checked::App(app_id) => app_id,
    };
    let fields = fields(request)?;
    let given = fields.get("verify_info").and_then(Value::as_object);
    let name = given.and_then(|given| given.get("enterprise_name"));
    if let Some(name) = name.and_then(Value::as_str)
        && let Some(answer) = magic::answer(name)?
    {
        return Ok(answer);
    }

    let ended = end_overdue(&mut sandbox.platform, moment);
    sandbox.platform.outbox.extend(ended);
    let only_2026_form = sandbox.platform.only_2026_form;
    let mini = sandbox
        .platform
        .minis
        .get_mut(&app_id)
        .ok_or_else(authorizer::not_authorized)?;
    count(mini, moment.now)?;
    if !mini.permission_sets.contains(&PERMISSION_SET) {
        return Err(Refusal::new(
            61007,
            "api is unauthorized to component",
            "the mini program did not grant the platform permission set 81",
        ));
    }
    if !mini.trial {
        return Err(Refusal::new(
            91021,
            "not a trial mini program",
            "the mini program is verified already, or never was a trial",
        ));
    }
    let by_2026_form = fields.get("new_version") == Some(&Value::Bool(true));
    if only_2026_form && !by_2026_form {
        return Err(missing(
            "new_version is not true, and this sandbox takes the 2026 form alone (assumed code)",
        ));
    }
    let given = given.ok_or_else(|| missing("verify_info is missing or no object"))?;
    let form = read(given, by_2026_form)?;
    is_free(&sandbox.platform, &app_id, &form)?;
    is_known(&sandbox.platform, &form)?;
    Ok(begin(sandbox, &app_id, form, moment))
}

/// A call too many. Assumed: the minute and the day end with the call, not with the clock's.
fn count(mini: &mut Mini, now: u64) -> Result<(), Refusal> {
    mini.calls.retain(|call| now.saturating_sub(*call) < DAY);
    let recent = (mini.calls.iter()).filter(|call| now.saturating_sub(**call) < MINUTE);
    if recent.count() >= PER_MINUTE {
        return Err(Refusal::new(
            45011,
            "api minute-quota reach limit, must slower, retry next minute",
            "more than 5 calls within a minute",
        ));
    }
    if mini.calls.len() >= PER_DAY {
        return Err(Refusal::new(
            45009,
            "reach max api daily quota limit",
            "more than 100 calls within a day",
        ));
    }
    mini.calls.push(now);
    Ok(())
}

fn read(given: &Map<String, Value>, by_2026_form: bool) -> Result<Form, Refusal> {
    let text = |name: &str, why| match given.get(name) {
        Some(Value::String(text)) if !text.trim().is_empty() => Ok(text.clone()),
        _ => Err(missing(why)),
    };
    let name = text("enterprise_name", "enterprise_name is missing or empty")?;
    let code = text("code", "code is missing or empty")?;
    let phone = text("component_phone", "component_phone is missing or empty")?;
    let (mut code_type, mut wechat, mut person, mut idcard) =
        (1, String::new(), String::new(), None);
    if !by_2026_form {
        wechat = text(
            "legal_persona_wechat",
            "legal_persona_wechat is missing or empty",
        )?;
        person = text(
            "legal_persona_name",
            "legal_persona_name is missing or empty",
        )?;
        idcard = Some(text(
            "legal_persona_idcard",
            "legal_persona_idcard is missing or empty",
        )?);
        let kind = given
            .get("code_type")
            .ok_or_else(|| missing("code_type is missing"))?;
        code_type = kind
            .as_u64()
            .and_then(|kind| u32::try_from(kind).ok())
            .filter(|kind| (1..=3).contains(kind))
            .ok_or(Refusal::new(
                89248,
                "invalid code type",
                "code_type is not the number 1, 2 or 3 (a text?)",
            ))?;
    }
    if !fits(&code, code_type) {
        return Err(Refusal::new(
            89255,
            "enterprise code invalid",
            "code is not of its kind: 18 letters and digits, xxxxxxxx-x, or 15 digits",
        ));
    }
    let info = Info {
        name,
        code,
        code_type,
        wechat,
        legal_persona_name: person,
        phone,
    };
    Ok(Form { info, idcard })
}

fn missing(why: &'static str) -> Refusal {
    Refusal::new(89253, "missing parameter", why)
}

/// Verifications are serial: one for a mini program, and one for an enterprise and its legal person.
fn is_free(platform: &Platform, app_id: &str, form: &Form) -> Result<(), Refusal> {
    let own = platform
        .minis
        .get(app_id)
        .and_then(|mini| mini.task.as_ref());
    match own.map(|task| task.stage) {
        Some(Stage::LegalPerson { .. }) => {
            return Err(Refusal::new(
                89251,
                "template message has been sent, waiting for legal person",
                "the last verification of this mini program waits for the legal person",
            ));
        }
        Some(Stage::Administrator) => {
            return Err(Refusal::new(
                89252,
                "template message has been sent, waiting for administrator",
                "the last verification of this mini program waits for the administrator",
            ));
        }
        None => {}
    }
    // The 2026 form names no legal person: the enterprise alone decides (assumed).
    let same = |other: &Info| {
        let nameless = other.wechat.is_empty() || form.info.wechat.is_empty();
        same_code(&other.code, &form.info.code) && (nameless || other.wechat == form.info.wechat)
    };
    let mut tasks = platform
        .minis
        .values()
        .filter_map(|mini| mini.task.as_ref());
    if tasks.any(|task| same(&task.info)) {
        return Err(Refusal::new(
            89249,
            "task running",
            "a verification of another mini program of this enterprise and legal person is under way",
        ));
    }
    Ok(())
}

/// What the platform sent against what WeChat and the register know.
fn is_known(platform: &Platform, form: &Form) -> Result<(), Refusal> {
    let registers = || platform.minis.values().map(|mini| &mini.register);
    let Form { info, idcard } = form;
    let of_enterprise = |register: &&Register| {
        register.enterprise_name == info.name
            && register.code_type == info.code_type
            && same_code(&register.code, &info.code)
    };
    if let Some(idcard) = idcard {
        let of_wechat = |register: &&Register| register.wechat == info.wechat;
        let of_name =
            |register: &&Register| of_wechat(register) && register.name == info.legal_persona_name;
        let of_person = |register: &&Register| {
            of_name(register) && register.idcard.eq_ignore_ascii_case(idcard)
        };
        if !registers().any(|register| of_wechat(&register)) {
            return Err(Refusal::new(
                86004,
                "invalid wechat",
                "nobody has this WeChat id",
            ));
        }
        if !registers().any(|register| of_name(&register)) {
            return Err(Refusal::new(
                61070,
                "legal person idcard wechat name not in accordance",
                "the WeChat id is somebody's of another name",
            ));
        }
        if !registers().any(|register| of_person(&register)) {
            return Err(Refusal::new(
                61069,
                "invalid admin idcard",
                "the WeChat id and the name are somebody's of another ID number",
            ));
        }
        if registers().any(|register| of_enterprise(&register) && of_person(&register)) {
            return Ok(());
        }
    } else if registers().any(|register| of_enterprise(&register)) {
        return Ok(());
    }
    let why = if registers().any(|register| of_enterprise(&register)) {
        "the enterprise is known, and its legal person is somebody else"
    } else {
        "the register knows no enterprise of this name and code"
    };
    Err(Refusal::new(
        86019,
        "company info and legal persona info not match",
        why,
    ))
}

fn begin(sandbox: &mut Sandbox, app_id: &str, form: Form, moment: &mut Moment) -> Answer {
    let by_2026_form = form.idcard.is_none();
    let info = form.info;
    if let Some(mini) = sandbox.platform.minis.get_mut(app_id) {
        mini.task = Some(Task {
            // From the start, even where an earlier verification had passed the face check.
            stage: Stage::LegalPerson {
                idcard: false,
                face: false,
            },
            since: moment.now,
            info: info.clone(),
            by_2026_form,
        });
    }
    if by_2026_form {
        // Assumed: the names of sibling interfaces, a push only once somebody acted, and an address of nobody's.
        let random = &mut moment.random;
        return accept(
            json!({
                "authorize_url": format!("https://wechat.invalid/verifybeta?ticket={}", letters(random, 43)),
                "taskid": letters(random, 32),
                "unique_id": letters(random, 32),
                "status": 1,
            }),
            "the verification begins once the user opens authorize_url; no template message is sent",
        );
    }
    let why = "the legal person was sent the template message";
    let push = sandbox.platform.tell(app_id, 89251, &info, why, moment);
    sandbox.platform.outbox.push(push);
    accept(json!({}), why)
}
