//! `POST /wxa/verifybetaweapp`, in both forms of its body.
//!
//! In which order WeChat checks is not published; the order here is assumed. Magic values of `enterprise_name` are answered
//! before everything but the token, and are no calls that count; their pushes only tell, and begin no verification.

use serde_json::{Map, Value, json};

use super::{
    Answer, Incoming, Moment, Outcome, Refusal, Sandbox,
    authorizer::{self, Checked},
    event::Info,
    letters, magic,
    platform::{Mini, Platform},
    post::Sent,
    reply::{accept, fields, parameter},
    task::{Stage, Task, end_overdue},
    trial::{PERMISSION_SET, Register, fits, same_code},
};

/// Statuses of pushes that are never errcodes of this interface: their bare number asks for the push.
const STATUSES_ALONE: &[i32] = &[
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 101, 102, 103, 104, 105, 1000, 1008, 20001,
    20002, 20003, 100_001, 100_002, 100_003, 100_004,
];

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
    let (platform, app_id) = match authorizer::check(sandbox, &token, moment.now)? {
        Checked::Provoked(answer) => return Ok(answer),
        Checked::App { platform, app_id } => (platform, app_id),
    };
    let fields = fields(request)?;
    let given = fields.get("verify_info").and_then(Value::as_object);
    let name = given.and_then(|given| given.get("enterprise_name"));
    let by_2026_form = fields.get("new_version") == Some(&Value::Bool(true));
    let name = name.and_then(Value::as_str).unwrap_or_default();
    if let Some(asked) = magic::word(name).and_then(Asked::of) {
        let own = given.map(told).unwrap_or_default();
        return Ok(match asked {
            Asked::Push(status) => {
                let why = "a magic value asked for this state";
                let sent = Sent::beta(&platform, &app_id, status, &own, why, moment.now);
                sandbox.outbox.push(sent);
                begun(by_2026_form, 1, "a magic value asked for a push", moment)
            }
            Asked::Status(status) => begun(
                true,
                status,
                "a magic value asked for this status in the reply",
                moment,
            ),
        });
    }
    if let Some(answer) = magic::answer(name)? {
        return Ok(answer);
    }

    let ended = end_overdue(sandbox, moment.now);
    sandbox.outbox.extend(ended);
    let only_2026_form = sandbox.only_2026_form;
    let mini = sandbox
        .platforms
        .get_mut(&platform)
        .and_then(|platform| platform.minis.get_mut(&app_id))
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
    if only_2026_form && !by_2026_form {
        return Err(missing(
            "new_version is not true, and this sandbox takes the 2026 form alone (assumed code)",
        ));
    }
    let given = given.ok_or_else(|| missing("verify_info is missing or no object"))?;
    let form = read(given, by_2026_form)?;
    is_free(sandbox, &platform, &app_id, &form)?;
    is_known(sandbox, &form)?;
    Ok(begin(sandbox, &platform, &app_id, form, moment))
}

/// A call too many. Assumed: the minute and the day end with the call, not with the clock's.
fn count(mini: &mut Mini, now: u64) -> Result<(), Refusal> {
    // The clock may have been set back since.
    (mini.calls).retain(|call| *call <= now && now - call < DAY);
    let recent = (mini.calls.iter()).filter(|call| now - **call < MINUTE);
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
fn is_free(sandbox: &Sandbox, platform: &str, app_id: &str, form: &Form) -> Result<(), Refusal> {
    let minis = |platform: &'_ Platform| {
        platform
            .minis
            .get(app_id)
            .and_then(|mini| mini.task.as_ref().map(|task| task.stage))
    };
    let own = sandbox.platforms.get(platform).and_then(minis);
    match own {
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
    let minis = || {
        sandbox
            .platforms
            .values()
            .flat_map(|platform| &platform.minis)
    };
    let mut tasks = minis().filter_map(|(other, mini)| Some((other, mini.task.as_ref()?)));
    if tasks.any(|(other, task)| other == app_id || same(&task.info)) {
        return Err(Refusal::new(
            89249,
            "task running",
            "another verification of this enterprise and legal person is under way, or one by another platform",
        ));
    }
    Ok(())
}

/// What the platform sent against what WeChat and the register know.
fn is_known(sandbox: &Sandbox, form: &Form) -> Result<(), Refusal> {
    let minis = || {
        sandbox
            .platforms
            .values()
            .flat_map(|platform| platform.minis.values())
    };
    let registers = || minis().map(|mini| &mini.register);
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

fn begin(
    sandbox: &mut Sandbox,
    platform: &str,
    app_id: &str,
    form: Form,
    moment: &mut Moment,
) -> Answer {
    let by_2026_form = form.idcard.is_none();
    let info = form.info;
    let minis = sandbox.platforms.get_mut(platform);
    if let Some(mini) = minis.and_then(|platform| platform.minis.get_mut(app_id)) {
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
        // Assumed: a push only once somebody acted.
        let why = "the verification begins once the user opens authorize_url; no template message is sent";
        return begun(true, 1, why, moment);
    }
    let why = "the legal person was sent the template message";
    let sent = Sent::beta(platform, app_id, 89251, &info, why, moment.now);
    sandbox.outbox.push(sent);
    begun(false, 1, why, moment)
}

/// The reply. What the 2026 form gives is assumed: the names of sibling interfaces, and an address of nobody's.
fn begun(by_2026_form: bool, status: i32, why: &str, moment: &mut Moment) -> Answer {
    if !by_2026_form {
        return accept(json!({}), why);
    }
    let random = &mut moment.random;
    accept(
        json!({
            "authorize_url": format!("https://wechat.invalid/verifybeta?ticket={}", letters(random, 43)),
            "taskid": letters(random, 32),
            "unique_id": letters(random, 32),
            "status": status,
        }),
        why,
    )
}

/// What a magic word of `enterprise_name` alone asks for.
enum Asked {
    /// The push of this status.
    Push(i32),
    /// This status in the reply of the 2026 form.
    Status(i32),
}

impl Asked {
    fn of(word: &str) -> Option<Self> {
        if let Some(status) = word.strip_prefix("push-") {
            return status.parse().ok().map(Self::Push);
        }
        if let Some(status) = word.strip_prefix("status-") {
            return status.parse().ok().map(Self::Status);
        }
        let alone = |status: &i32| STATUSES_ALONE.contains(status);
        word.parse().ok().filter(alone).map(Self::Push)
    }
}

/// Whether a word is magic in `enterprise_name` alone.
pub(super) fn is_word(word: &str) -> bool {
    Asked::of(word).is_some()
}

/// What was sent, as far as it is text: for a push that a magic value asked for.
fn told(given: &Map<String, Value>) -> Info {
    let text = |name: &str| {
        let text = given.get(name).and_then(Value::as_str);
        text.unwrap_or_default().to_owned()
    };
    Info {
        name: text("enterprise_name"),
        code: text("code"),
        code_type: 1,
        wechat: text("legal_persona_wechat"),
        legal_persona_name: text("legal_persona_name"),
        phone: text("component_phone"),
    }
}
