//! The exports of the core module about tokens and repetitions.

use serde::{
    Deserialize, Serialize,
    de::value::{Error as NoAction, StrDeserializer},
};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use super::{core::traits, property, report, to_js};
use crate::{
    error::Error,
    operation::TokenOf,
    return_code::Action,
    secret::AccessToken,
    token::{self, Attempts, KeptToken, Repeat},
};

/// Until when a token is used.
#[wasm_bindgen(js_name = freshUntil)]
#[must_use]
pub fn fresh_until(now: u32, expires_in: u32) -> u32 {
    token::fresh_until(now, expires_in)
}

/// Whether a call is made on what was `kept`: `{ token, freshUntil }`, whatever a store made of it.
#[wasm_bindgen(js_name = isUsable)]
#[must_use]
pub fn is_usable(kept: &JsValue, now: u32, refused: &JsValue) -> bool {
    read_kept(kept).is_some_and(|kept| kept.is_usable(now, read_kept(refused).as_ref()))
}

/// How many milliseconds a request for a token waits.
#[wasm_bindgen(js_name = pauseBeforeRequest)]
#[must_use]
pub fn pause_before_request(elapsed: u32) -> u32 {
    token::pause_before_request(elapsed)
}

/// How a call is made again; nothing where it is not.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Again {
    on_another_token: bool,
    pause_ms: u32,
}

/// Whether and how a failed call is made again.
#[wasm_bindgen]
pub fn repeat(
    name: &str,
    action: &str,
    token_replaced: bool,
    repeated: u32,
    retries: u32,
    random: u32,
) -> Result<JsValue, JsValue> {
    // One that is unknown says nothing about another try.
    let action = Action::deserialize(StrDeserializer::<NoAction>::new(action)).ok();
    let (repeatable, token) = traits(name).ok_or_else(|| report(&Error::Internal))?;
    let attempts = Attempts {
        repeatable,
        gets_token: token != TokenOf::MiniProgram,
        token_replaced,
        repeated,
        retries,
    };
    match token::repeat(action, &attempts, random) {
        None => Ok(JsValue::UNDEFINED),
        Some(Repeat::OnAnotherToken) => to_js(&Again {
            on_another_token: true,
            pause_ms: 0,
        }),
        Some(Repeat::After(pause_ms)) => to_js(&Again {
            on_another_token: false,
            pause_ms,
        }),
    }
}

fn read_kept(kept: &JsValue) -> Option<KeptToken> {
    Some(KeptToken {
        token: AccessToken::new(property(kept, "token").as_string()?),
        fresh_until: super::number(property(kept, "freshUntil"))?,
    })
}
