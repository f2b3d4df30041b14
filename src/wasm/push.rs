//! The exports of the core module around pushes. A channel is plain data here: it is checked once and handed in with each
//! push, so that it outlives a fault of the module.

use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use zeroize::Zeroizing;

use super::{body, from_js, not_a_body, number, property, report, seconds, text, to_js};
use crate::{
    beta_verification::{BetaVerification, Evidence},
    error::{Error, ErrorCode},
    push::{PushChannel, PushChannelOptions, PushDelivery, PushEvent},
    secret::{EncodingAesKey, PushToken},
};

/// What a channel's owner needs to know of it, or what is wrong with its options.
#[wasm_bindgen(js_name = checkPushChannel)]
pub fn check_push_channel(options: &JsValue) -> Result<JsValue, JsValue> {
    let channel = channel(options).map_err(|error| report(&error))?;
    to_js(&Checked {
        tolerance_seconds: channel.tolerance_seconds(),
        remember_seconds: channel.remember_seconds(),
    })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Checked {
    tolerance_seconds: u32,
    remember_seconds: u32,
}

/// The event of a push.
#[wasm_bindgen(js_name = openPush)]
pub fn open_push(options: &JsValue, delivery: &JsValue, now: JsValue) -> Result<JsValue, JsValue> {
    to_js(&open(options, delivery, now).map_err(|error| report(&error))?)
}

/// Where a verification stands.
#[wasm_bindgen(js_name = betaVerification)]
pub fn beta_verification(
    evidence: JsValue,
    seen_at: JsValue,
    now: JsValue,
) -> Result<JsValue, JsValue> {
    let verification = stand(evidence, seen_at, now).map_err(|error| report(&error))?;
    to_js(&verification)
}

fn channel(options: &JsValue) -> Result<PushChannel, Error> {
    let wrong = |field, reason| Error::Configuration { field, reason };
    let given = |field| text(options, field).map_err(|_| wrong(field, "must be a string"));
    let required = |field| given(field)?.ok_or_else(|| wrong(field, "is missing"));
    let key = |text: Zeroizing<String>| EncodingAesKey::new(text.as_str());
    let tolerance = property(options, "toleranceSeconds");
    PushChannel::new(&PushChannelOptions {
        token: PushToken::new(required("token")?.as_str()),
        encoding_aes_key: key(required("encodingAesKey")?),
        previous_encoding_aes_key: given("previousEncodingAesKey")?.map(key),
        app_id: required("appId")?.to_string(),
        tolerance_seconds: match tolerance.is_undefined() {
            true => None,
            // What is no whole number of seconds is refused like 0: never taken for "no window".
            false => Some(number(tolerance).unwrap_or_default()),
        },
    })
}

fn open(options: &JsValue, delivery: &JsValue, now: JsValue) -> Result<PushEvent, Error> {
    let channel = channel(options)?;
    // Absent is as good as empty: whoever sends that has not signed it.
    let query = |field| text(delivery, field).map(Option::unwrap_or_default);
    let (msg_signature, timestamp, nonce) =
        (query("msgSignature")?, query("timestamp")?, query("nonce")?);
    let body = body(delivery)?.ok_or_else(not_a_body)?;
    let delivery = PushDelivery {
        msg_signature: &msg_signature,
        timestamp: &timestamp,
        nonce: &nonce,
        body: &body,
    };
    channel.open(&delivery, seconds(now, "now")?)
}

/// What the adapter makes of an event, a reply or an error.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Given {
    kind: Kind,
    operation: Option<String>,
    code: Option<ErrorCode>,
    number: Option<i32>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Kind {
    #[default]
    Error,
    Event,
    Reply,
}

fn stand(evidence: JsValue, seen_at: JsValue, now: JsValue) -> Result<BetaVerification, Error> {
    let given: Given = from_js(evidence, "evidence")?;
    let evidence = match (given.kind, given.code) {
        (Kind::Event, _) => Evidence::Push(given.number),
        (Kind::Reply, _) => Evidence::Reply(given.number),
        (Kind::Error, code) => code
            .and_then(|code| Evidence::of_failure(given.operation.as_deref(), code, given.number))
            .ok_or_else(|| {
                Error::invalid_argument(
                    "evidence",
                    "is an error that no call of this interface has",
                )
            })?,
    };
    Ok(BetaVerification::of(
        evidence,
        seconds(seen_at, "seenAt")?,
        seconds(now, "now")?,
    ))
}
