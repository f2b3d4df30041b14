//! `POST /intp/realname/checkrealnameinfo`.

use serde_json::json;

use super::{
    Answer, Incoming, Outcome, Person, Refusal, Sandbox, magic,
    reply::{accept, data_format, fields, text},
};

/// Whether a magic word of `code` asks for a result.
pub(super) fn is_word(word: &str) -> bool {
    word.starts_with("V_OP_")
}

pub(super) fn answer(sandbox: &mut Sandbox, app_id: &str, request: &Incoming) -> Outcome {
    let fields = fields(request)?;
    let openid = text(&fields, "openid", "openid is missing or no text")?;
    let real_name = text(&fields, "real_name", "real_name is missing or no text")?;
    let cred_id = text(&fields, "cred_id", "cred_id is missing or no text")?;
    let cred_type = text(
        &fields,
        "cred_type",
        "cred_type is missing or no text: the string \"1\"",
    )?;
    let code = text(&fields, "code", "code is missing or no text")?;
    if cred_type != "1" {
        return Err(data_format(
            "cred_type is not \"1\", the only kind of document",
        ));
    }
    if let Some(verdict) = magic::word(code).filter(|word| is_word(word)) {
        let (verify_openid, verify_real_name) = verdict.split_once('/').unwrap_or((verdict, ""));
        return Ok(verified(
            verify_openid,
            verify_real_name,
            "a magic value asked for this result",
        ));
    }
    if let Some(answer) = magic::answer(code)? {
        return Ok(answer);
    }

    let invalid = |why| Err(Refusal::new(80113, "invalid code", why));
    let Some(handed_out) = sandbox.codes.get_mut(code) else {
        if is_percent_encoded(code) {
            // Reported, of a code that ended in %3D.
            return Err(Refusal::new(
                -1,
                "system error",
                "the code is percent-encoded: it must be passed on as it came, without encodeURIComponent",
            ));
        }
        return Err(Refusal::new(
            80111,
            "code not exist",
            "this code was never handed out",
        ));
    };
    if handed_out.used {
        return invalid("this code was used before");
    }
    if handed_out.app_id != app_id {
        return invalid("this code is another mini program's");
    }
    if handed_out.openid != openid {
        return invalid("this code is another user's");
    }
    // Used up, but remembered: a second use is "invalid", not "unknown".
    handed_out.used = true;

    let person = sandbox.people.get(&(app_id.into(), openid.into()));
    let is_permit = person.is_some_and(|person| person.id_card().is_none());
    Ok(match person.and_then(Person::known) {
        None => verified("V_OP_NA", "", "the user has no real-name authentication"),
        Some((name, _)) if name != real_name => {
            verified("V_OP_NM_UM", "", "the name is not the user's")
        }
        Some(_) if is_permit => verified(
            "V_OP_NM_MA",
            "V_NM_ID_UM",
            "the name is the user's, who has a travel permit and no ID card (assumed result)",
        ),
        Some((_, number)) if !number.eq_ignore_ascii_case(cred_id) => verified(
            "V_OP_NM_MA",
            "V_NM_ID_UM",
            "the name is the user's, the ID number is not",
        ),
        Some(_) => verified(
            "V_OP_NM_MA",
            "V_NM_ID_MA",
            "name and ID number are the user's",
        ),
    })
}

/// No code of WeChat's has a percent sign, so two hex digits after one are an encoding.
fn is_percent_encoded(code: &str) -> bool {
    let is_hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    (code.split('%').skip(1)).any(|after| after.get(..2).is_some_and(is_hex))
}

fn verified(verify_openid: &str, verify_real_name: &str, why: &str) -> Answer {
    accept(
        json!({ "verify_openid": verify_openid, "verify_real_name": verify_real_name }),
        why,
    )
}
