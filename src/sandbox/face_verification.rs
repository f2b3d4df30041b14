//! `POST /cityservice/face/identify/getverifyid` and `…/queryverifyinfo`, and the user at the phone in between.
//!
//! In which order WeChat checks is not published; the order here is assumed. Magic values are answered before everything
//! but the token. Those of one interface: `cert_name` `sandbox:verify_ret=90002` begins a verification that has ended so,
//! and `verify_id` `sandbox:verify_ret=10300` is answered with this `verify_ret`, without any verification.

use serde_json::{Map, Value, json};

use super::{
    Answer, Incoming, Mistake, Moment, Outcome, Person, Refusal, Sandbox,
    cert_hash::{CERT_TYPE, CertInfo},
    letters, magic,
    reply::{accept, fields, object, utf_8},
};

/// How long a `verify_id` is good.
const SECONDS: u64 = 3600;
/// WeChat's longest: what is kept in too short a column is cut off here, too.
const VERIFY_ID: usize = 256;

/// The face is the person's.
const PASSED: i32 = 10000;
/// Nobody has finished at the phone.
const PENDING: i32 = 10300;

/// A verification that `getverifyid` began.
pub(super) struct Verification {
    app_id: String,
    out_seq_no: String,
    openid: String,
    info: CertInfo,
    end: u64,
    verify_ret: i32,
}

/// The number of `verify_ret=10300`.
pub(super) fn verify_ret_of(word: &str) -> Option<i32> {
    word.strip_prefix("verify_ret=")?.parse().ok()
}

pub(super) fn begin(
    sandbox: &mut Sandbox,
    app_id: &str,
    request: &Incoming,
    moment: &mut Moment,
) -> Outcome {
    let fields = object(request)?;
    let given = fields.get("cert_info").and_then(Value::as_object);
    let name = given.and_then(|given| given.get("cert_name"));
    let name = name.and_then(Value::as_str).unwrap_or_default();
    let asked = magic::word(name).and_then(verify_ret_of);
    if asked.is_none()
        && let Some(answer) = magic::answer(name)?
    {
        return Ok(answer);
    }

    let out_seq_no = out_seq_no(&fields)?;
    let info = cert_info(&fields)?;
    utf_8(request)?;
    let openid = openid(&fields)?;
    is_user(sandbox, app_id, openid)?;
    // Assumed: what was refused has used up no number.
    if !(sandbox.out_seq_nos).insert((app_id.into(), out_seq_no.into())) {
        return Err(Refusal::new(
            84019,
            "out_seq_no already exists",
            "this out_seq_no was used before in this mini program: each verification takes a new one",
        ));
    }
    let verify_id = letters(&mut moment.random, VERIFY_ID);
    sandbox.verifications.insert(
        verify_id.clone(),
        Verification {
            app_id: app_id.into(),
            out_seq_no: out_seq_no.into(),
            openid: openid.into(),
            info,
            end: moment.now + SECONDS,
            verify_ret: asked.unwrap_or(PENDING),
        },
    );
    Ok(accept(
        json!({ "verify_id": verify_id, "expires_in": SECONDS }),
        match asked {
            None => "a verification has begun: the user at the phone is next (verifyFace)",
            Some(_) => "a magic value asked for a verification that has ended",
        },
    ))
}

pub(super) fn query(sandbox: &Sandbox, app_id: &str, request: &Incoming, now: u64) -> Outcome {
    let fields = fields(request)?;
    let text = |name| fields.get(name).and_then(Value::as_str).unwrap_or_default();
    let verify_id = text("verify_id");
    if let Some(verify_ret) = magic::word(verify_id).and_then(verify_ret_of) {
        return Ok(ended(verify_ret, "a magic value asked for this verify_ret"));
    }
    if let Some(answer) = magic::answer(verify_id)? {
        return Ok(answer);
    }
    if verify_id.is_empty() {
        return Err(Refusal::new(
            84021,
            "missing verify_id",
            "verify_id is missing or no text",
        ));
    }
    let out_seq_no = out_seq_no(&fields)?;
    let openid = openid(&fields)?;

    // That this is the answer to an id that is none, too, is assumed.
    let over = |why| Refusal::new(84022, "verify_id expired", why);
    let verification = sandbox.verifications.get(verify_id).ok_or_else(|| {
        let cut = |known: &String| known.starts_with(verify_id);
        over(if sandbox.verifications.keys().any(cut) {
            "verify_id is cut off: it has 256 characters here, as many as WeChat's can have (a short database column?)"
        } else {
            "this verify_id was never handed out"
        })
    })?;
    if verification.app_id != app_id {
        return Err(over("this verify_id is another mini program's"));
    }
    if verification.end <= now {
        return Err(over("this verify_id was handed out more than an hour ago"));
    }
    if verification.out_seq_no != out_seq_no {
        return Err(Refusal::new(
            84020,
            "out_seq_no not match",
            "out_seq_no is not the one that getverifyid was given for this verify_id",
        ));
    }
    if verification.openid != openid {
        return Err(Refusal::new(
            84017,
            "openid not match",
            "openid is not the one that getverifyid was given for this verify_id",
        ));
    }
    let given = text("cert_hash");
    let why = if given.is_empty() {
        Some("cert_hash is missing or no text")
    } else {
        verification.info.not_hashed(given)
    };
    if let Some(why) = why {
        return Err(Refusal::new(84018, "invalid cert_hash", why));
    }
    Ok(ended(
        verification.verify_ret,
        match verification.verify_ret {
            PASSED => "the face is the person's",
            PENDING => "the user has not finished at the phone: verifyFace does it",
            _ => "the user at the phone ended with this verify_ret",
        },
    ))
}

fn ended(verify_ret: i32, why: &str) -> Answer {
    accept(json!({ "verify_ret": verify_ret }), why)
}

impl Sandbox {
    /// Plays the user at the phone: the verification ends with this `verify_ret`, or with the one that follows from the
    /// people of the sandbox (assumed): the user's own name and number 10000, another person's 10004, a known number
    /// with another name 10003, and what is nobody's 10026. What it ended with comes back.
    ///
    /// A later result replaces an earlier one, as when the user tries again, until one has passed (assumed).
    ///
    /// # Errors
    /// An id that was never handed out, or more than an hour ago; a verification that has passed.
    pub fn verify_face(
        &mut self,
        verify_id: &str,
        verify_ret: Option<i32>,
        now: u64,
    ) -> Result<i32, Mistake> {
        let mistake = |reason| Mistake {
            field: "verifyId",
            reason,
        };
        let known = (self.verifications.get(verify_id))
            .ok_or_else(|| mistake("was never handed out: it is what getVerifyId gave"))?;
        if known.end <= now {
            return Err(mistake("was handed out more than an hour ago"));
        }
        if known.verify_ret == PASSED {
            return Err(mistake("has passed: nothing at the phone changes that"));
        }
        let ended = verify_ret.unwrap_or_else(|| self.compared(known));
        if let Some(verification) = self.verifications.get_mut(verify_id) {
            verification.verify_ret = ended;
        }
        Ok(ended)
    }

    /// What comes of the user's face, and of the name and number that were typed.
    fn compared(&self, verification: &Verification) -> i32 {
        let Verification {
            app_id,
            openid,
            info,
            ..
        } = verification;
        let user = self.people.get(&(app_id.clone(), openid.clone()));
        let known = |person: &Person| {
            let (name, number) = person.id_card()?;
            (number.eq_ignore_ascii_case(&info.number)).then_some(name == info.name)
        };
        if user.and_then(known) == Some(true) {
            return PASSED;
        }
        let mut same_name = self.people.values().filter_map(known).peekable();
        if same_name.peek().is_none() {
            10026
        } else if same_name.any(|same| same) {
            10004
        } else {
            10003
        }
    }
}

fn out_seq_no(fields: &Map<String, Value>) -> Result<&str, Refusal> {
    let malformed = |why| Err(Refusal::new(84011, "invalid out_seq_no", why));
    let text = match fields.get("out_seq_no") {
        Some(Value::String(text)) if !text.is_empty() => text,
        None | Some(Value::Null | Value::String(_)) => {
            return Err(Refusal::new(
                84010,
                "missing out_seq_no",
                "out_seq_no is missing or empty",
            ));
        }
        Some(_) => return malformed("out_seq_no is no text (a number?)"),
    };
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    match text.chars().count() {
        _ if !text.chars().all(fits) => {
            malformed("out_seq_no has other characters than letters, digits, _ and -")
        }
        ..5 => malformed("out_seq_no has fewer than 5 characters"),
        36 if text.contains('-') => malformed(
            "out_seq_no has more than 32 characters: a UUID fits once its hyphens are taken out",
        ),
        33.. => malformed("out_seq_no has more than 32 characters"),
        _ => Ok(text),
    }
}

fn cert_info(fields: &Map<String, Value>) -> Result<CertInfo, Refusal> {
    let missing = |why| Refusal::new(84012, "missing cert_info", why);
    let given = match fields.get("cert_info") {
        Some(Value::Object(given)) => given,
        Some(Value::String(_)) => {
            return Err(missing(
                "cert_info is a text (JSON in JSON?): it must be an object",
            ));
        }
        Some(Value::Null) | None if fields.contains_key("cert_name") => {
            return Err(missing(
                "cert_info is missing: cert_type, cert_name and cert_no stand in it, not beside it",
            ));
        }
        _ => return Err(missing("cert_info is missing or no object")),
    };
    let text = |name| given.get(name).and_then(Value::as_str).unwrap_or_default();

    let kind = text("cert_type");
    if kind != CERT_TYPE {
        return Err(Refusal::new(
            84013,
            "invalid cert_type",
            match kind {
                "" => "cert_type is missing or no text (a number?): it is IDENTITY_CARD",
                "1" => "cert_type is \"1\", as in checkrealnameinfo: here it is IDENTITY_CARD",
                "身份证" => "cert_type is in Chinese: it is IDENTITY_CARD",
                _ if kind.eq_ignore_ascii_case(CERT_TYPE) => {
                    "cert_type has lower-case letters: it is IDENTITY_CARD"
                }
                _ => "cert_type is not IDENTITY_CARD, the only kind",
            },
        ));
    }
    let name = text("cert_name");
    let refused = |why| Err(Refusal::new(84014, "invalid cert_name", why));
    if name.trim().is_empty() {
        return refused("cert_name is missing, empty or no text");
    }
    if name.contains(char::REPLACEMENT_CHARACTER) {
        return refused("cert_name is not UTF-8 (GBK, as some consoles and editors write?)");
    }
    let number = text("cert_no");
    match not_of_a_card(number) {
        Some(why) => Err(Refusal::new(84015, "invalid cert_no", why)),
        None => Ok(CertInfo {
            name: name.into(),
            number: number.into(),
        }),
    }
}

/// Why this is no number of a second-generation ID card, if it is not. Its check character is nobody's business here: that of
/// WeChat's own example is wrong.
fn not_of_a_card(number: &str) -> Option<&'static str> {
    let is_digit = |byte: u8| byte.is_ascii_digit();
    Some(match number.as_bytes() {
        [] => "cert_no is missing, empty or no text (a number?)",
        bytes if bytes.len() == 15 && bytes.iter().all(|byte| is_digit(*byte)) => {
            "cert_no has 15 digits: that of a first-generation card"
        }
        [body @ .., last] if body.len() == 17 && body.iter().all(|byte| is_digit(*byte)) => {
            match last {
                b'X' => return None,
                last if is_digit(*last) => return None,
                b'x' => {
                    "cert_no ends with x in lower case: it is an upper-case X on the card (assumed)"
                }
                _ => "cert_no does not end with a digit or X",
            }
        }
        _ => "cert_no does not have 18 characters, 17 digits and a digit or X (spaces?)",
    })
}

fn openid(fields: &Map<String, Value>) -> Result<&str, Refusal> {
    match fields.get("openid") {
        Some(Value::String(openid)) if !openid.is_empty() => Ok(openid),
        _ => Err(Refusal::new(
            84016,
            "missing openid",
            "openid is missing, empty or no text",
        )),
    }
}

/// An openid that nobody has is taken: whoever plays the phone with a `verify_ret` of their own needs no people.
fn is_user(sandbox: &Sandbox, app_id: &str, openid: &str) -> Result<(), Refusal> {
    let user = (app_id.into(), openid.into());
    let mut others = sandbox.people.keys();
    if sandbox.people.contains_key(&user) || !others.any(|(_, theirs)| *theirs == user.1) {
        return Ok(());
    }
    Err(Refusal::new(
        40003,
        "invalid openid",
        "this openid is a user of another mini program",
    ))
}
