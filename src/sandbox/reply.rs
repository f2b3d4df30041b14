//! How WeChat says yes and no, and how it reads a body.

use rand_chacha::rand_core::Rng;
use serde_json::{Map, Value, json};

use super::{Answer, Incoming, Moment, Refusal, letters};

/// WeChat's yes: `fields` beside `errcode` 0.
pub(super) fn accept(fields: Value, why: impl Into<String>) -> Answer {
    let mut reply = Map::from_iter([("errcode".into(), json!(0)), ("errmsg".into(), json!("ok"))]);
    if let Value::Object(fields) = fields {
        reply.extend(fields);
    }
    Answer {
        errcode: Some(0),
        why: why.into(),
        ..page(&Value::Object(reply).to_string())
    }
}

/// The yes of the platform's token interfaces, whose replies have no `errcode`.
pub(super) fn hand_out(fields: &Value, why: impl Into<String>) -> Answer {
    Answer {
        why: why.into(),
        ..page(&fields.to_string())
    }
}

/// WeChat's no, with the request's id at the end of its text, as the real one puts it there.
pub(super) fn refuse(refusal: &Refusal, moment: &mut Moment) -> Answer {
    let Refusal {
        errcode,
        errmsg,
        why,
    } = refusal;
    let rid = format!(
        "{:08x}-{:08x}-{:08x}",
        moment.now,
        moment.random.next_u32(),
        moment.random.next_u32()
    );
    let hint = letters(&mut moment.random, 16);
    let errmsg = format!("{errmsg} hint: [{hint}] rid: {rid}");
    let body = json!({ "errcode": errcode, "errmsg": errmsg }).to_string();
    Answer {
        errcode: Some(*errcode),
        why: (*why).into(),
        ..page(&body)
    }
}

pub(super) fn page(body: &str) -> Answer {
    Answer {
        status: 200,
        content_type: "application/json; encoding=utf-8",
        body: body.into(),
        errcode: None,
        why: String::new(),
        hold: false,
        cut: false,
        interface: None,
        pushes: Vec::new(),
    }
}

/// A parameter of the query, empty where it is missing.
pub(super) fn parameter(query: &str, name: &str) -> String {
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(given, _)| *given == name)
        .map(|(_, value)| percent_decoded(value))
        .unwrap_or_default()
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        bytes.extend(before.bytes());
        let encoded = after
            .get(..2)
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        rest = match encoded.zip(after.get(2..)) {
            Some((byte, after)) => {
                bytes.push(byte);
                after
            }
            None => {
                bytes.push(b'%');
                after
            }
        };
    }
    bytes.extend(rest.bytes());
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The fields of a POST's JSON body, all of it UTF-8.
pub(super) fn fields(request: &Incoming) -> Result<Map<String, Value>, Refusal> {
    let fields = object(request)?;
    utf_8(request)?;
    Ok(fields)
}

/// The fields of a POST's JSON body, for an interface that has a number of its own for what is not UTF-8.
pub(super) fn object(request: &Incoming) -> Result<Map<String, Value>, Refusal> {
    if request.method != "POST" {
        return Err(Refusal {
            errcode: 43002,
            errmsg: "require POST method",
            why: "the method is not POST",
        });
    }
    if request.body.is_empty() {
        return Err(Refusal {
            errcode: 44002,
            errmsg: "empty post data",
            why: "the body is empty",
        });
    }
    match serde_json::from_str(&request.body) {
        Ok(Value::Object(fields)) => Ok(fields),
        _ => {
            utf_8(request)?;
            Err(data_format("the body is not a JSON object"))
        }
    }
}

/// What comes in as bytes that are not UTF-8 has one character in their place, and no text of WeChat's has it.
pub(super) fn utf_8(request: &Incoming) -> Result<(), Refusal> {
    if !request.body.contains(char::REPLACEMENT_CHARACTER) {
        return Ok(());
    }
    Err(data_format(
        "the body is not UTF-8 (GBK, as some consoles and editors write?)",
    ))
}

/// A text field that must be there.
pub(super) fn text<'a>(
    fields: &'a Map<String, Value>,
    name: &str,
    why: &'static str,
) -> Result<&'a str, Refusal> {
    match fields.get(name) {
        Some(Value::String(text)) if !text.is_empty() => Ok(text),
        _ => Err(data_format(why)),
    }
}

pub(super) fn data_format(why: &'static str) -> Refusal {
    Refusal {
        errcode: 47001,
        errmsg: "data format error",
        why,
    }
}
