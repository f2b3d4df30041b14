//! The exports of the second module: the sandbox, as one handle.

use std::cell::RefCell;

use serde::Serialize;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use super::{from_js, report, to_js};
use crate::{error::Error, sandbox};

/// The sandbox's state.
#[wasm_bindgen]
#[derive(Debug)]
pub struct SandboxHandle(RefCell<sandbox::Sandbox>);

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Ready {
    app_id: &'static str,
    app_secret: &'static str,
    mch_id: &'static str,
    private_key: &'static str,
    certificate: &'static str,
}

#[wasm_bindgen]
impl SandboxHandle {
    /// A WeChat that knows the ready test merchant and nobody else.
    pub fn start() -> Result<Self, JsValue> {
        let sandbox = sandbox::Sandbox::new().map_err(|_| report(&Error::Internal))?;
        Ok(Self(RefCell::new(sandbox)))
    }

    /// The ready mini program and merchant.
    pub fn ready() -> Result<JsValue, JsValue> {
        to_js(&Ready {
            app_id: sandbox::APP_ID,
            app_secret: sandbox::APP_SECRET,
            mch_id: sandbox::MERCHANT_ID,
            private_key: sandbox::MERCHANT_KEY,
            certificate: sandbox::MERCHANT_CERTIFICATE,
        })
    }

    /// Adds a person who agrees.
    #[wasm_bindgen(js_name = addPerson)]
    pub fn add_person(&self, person: JsValue, seed: &[u8]) -> Result<JsValue, JsValue> {
        let person = from_js(person, "person").map_err(|error| report(&error))?;
        let added = self.0.borrow_mut().add_person(person, seed_of(seed)?);
        to_js(&added.map_err(refused)?)
    }

    /// Adds a merchant.
    #[wasm_bindgen(js_name = addMerchant)]
    pub fn add_merchant(&self, merchant: JsValue) -> Result<(), JsValue> {
        let merchant = from_js(merchant, "merchant").map_err(|error| report(&error))?;
        let added = self.0.borrow_mut().add_merchant(&merchant);
        added.map_err(refused)
    }

    /// Issues an access token.
    #[wasm_bindgen(js_name = issueAccessToken)]
    pub fn issue_access_token(&self, now: u32, seed: &[u8]) -> Result<String, JsValue> {
        Ok(self
            .0
            .borrow_mut()
            .issue_access_token(now.into(), seed_of(seed)?))
    }

    /// Answers one request.
    pub fn answer(&self, request: JsValue, now: u32, seed: &[u8]) -> Result<JsValue, JsValue> {
        let request = from_js(request, "request").map_err(|error| report(&error))?;
        to_js(
            &self
                .0
                .borrow_mut()
                .answer(&request, now.into(), seed_of(seed)?),
        )
    }
}

fn refused(sandbox::Mistake { field, reason, .. }: sandbox::Mistake) -> JsValue {
    report(&Error::invalid_argument(field, reason))
}

fn seed_of(seed: &[u8]) -> Result<[u8; 32], JsValue> {
    seed.try_into().map_err(|_| report(&Error::NoEntropy))
}
