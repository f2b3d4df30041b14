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
    component_app_id: &'static str,
    component_app_secret: &'static str,
    token: &'static str,
    encoding_aes_key: &'static str,
    medical_key: &'static str,
}

#[wasm_bindgen]
impl SandboxHandle {
    /// A WeChat that knows the ready test merchant and nobody else.
    pub fn start() -> Result<Self, JsValue> {
        let sandbox = sandbox::Sandbox::new().map_err(|_| report(&Error::Internal))?;
        Ok(Self(RefCell::new(sandbox)))
    }

    /// The ready mini program, merchant and third-party platform, and the hospital's key.
    pub fn ready() -> Result<JsValue, JsValue> {
        to_js(&Ready {
            app_id: sandbox::APP_ID,
            app_secret: sandbox::APP_SECRET,
            mch_id: sandbox::MERCHANT_ID,
            private_key: sandbox::MERCHANT_KEY,
            certificate: sandbox::MERCHANT_CERTIFICATE,
            component_app_id: sandbox::PLATFORM_APP_ID,
            component_app_secret: sandbox::PLATFORM_APP_SECRET,
            token: sandbox::PUSH_TOKEN,
            encoding_aes_key: sandbox::ENCODING_AES_KEY,
            medical_key: sandbox::MEDICAL_KEY,
        })
    }

    /// Adds a person who agrees.
    #[wasm_bindgen(js_name = addPerson)]
    pub fn add_person(&self, person: JsValue, now: u32, seed: &[u8]) -> Result<JsValue, JsValue> {
        let person = from_js(person, "person").map_err(|error| report(&error))?;
        let seed = seed_of(seed)?;
        let added = self.0.borrow_mut().add_person(person, now.into(), seed);
        to_js(&added.map_err(refused)?)
    }

    /// Plays the user at the phone, and says with which `verify_ret` the verification ended.
    #[wasm_bindgen(js_name = verifyFace)]
    pub fn verify_face(
        &self,
        verify_id: &str,
        verify_ret: Option<i32>,
        now: u32,
    ) -> Result<i32, JsValue> {
        let mut sandbox = self.0.borrow_mut();
        let ended = sandbox.verify_face(verify_id, verify_ret, now.into());
        ended.map_err(refused)
    }

    /// Changes the key of the hospital.
    #[wasm_bindgen(js_name = setMedicalKey)]
    pub fn set_medical_key(&self, key_version: u32, key: &str) -> Result<(), JsValue> {
        let set = self.0.borrow_mut().set_medical_key(key_version, key);
        set.map_err(refused)
    }

    /// Adds a merchant.
    #[wasm_bindgen(js_name = addMerchant)]
    pub fn add_merchant(&self, merchant: JsValue) -> Result<(), JsValue> {
        let merchant = from_js(merchant, "merchant").map_err(|error| report(&error))?;
        let added = self.0.borrow_mut().add_merchant(&merchant);
        added.map_err(refused)
    }

    /// Adds a mini program.
    #[wasm_bindgen(js_name = addMiniProgram)]
    pub fn add_mini_program(&self, given: JsValue, seed: &[u8]) -> Result<JsValue, JsValue> {
        let given = from_js(given, "miniProgram").map_err(|error| report(&error))?;
        let added = self.0.borrow_mut().add_mini_program(given, seed_of(seed)?);
        to_js(&added.map_err(refused)?)
    }

    /// Adds a third-party platform.
    #[wasm_bindgen(js_name = addPlatform)]
    pub fn add_platform(&self, given: JsValue, seed: &[u8]) -> Result<JsValue, JsValue> {
        let given = from_js(given, "platform").map_err(|error| report(&error))?;
        let added = self.0.borrow_mut().add_platform(given, seed_of(seed)?);
        to_js(&added.map_err(refused)?)
    }

    /// Issues an access token of a mini program.
    #[wasm_bindgen(js_name = issueAccessToken)]
    pub fn issue_access_token(
        &self,
        app_id: Option<String>,
        now: u32,
        seed: &[u8],
    ) -> Result<String, JsValue> {
        let seed = seed_of(seed)?;
        let mut sandbox = self.0.borrow_mut();
        let issued = sandbox.issue_access_token_of(app_id.as_deref(), now.into(), seed);
        issued.map_err(refused)
    }

    /// Ends every access token of a mini program.
    #[wasm_bindgen(js_name = revokeAccessTokens)]
    pub fn revoke_access_tokens(&self, app_id: Option<String>) -> Result<(), JsValue> {
        let revoked = (self.0.borrow_mut()).revoke_access_tokens_of(app_id.as_deref());
        revoked.map_err(refused)
    }

    /// Back to how it started.
    pub fn reset(&self, now: u32) -> Result<(), JsValue> {
        self.0.borrow_mut().reset(now.into()).map_err(refused)
    }

    /// Sets a fault.
    #[wasm_bindgen(js_name = setFault)]
    pub fn set_fault(&self, fault: JsValue) -> Result<(), JsValue> {
        let fault = from_js(fault, "fault").map_err(|error| report(&error))?;
        self.0.borrow_mut().set_fault(fault).map_err(refused)
    }

    /// The faults that have not all come yet.
    pub fn faults(&self) -> Result<JsValue, JsValue> {
        to_js(&self.0.borrow().faults())
    }

    /// Takes every fault back.
    #[wasm_bindgen(js_name = clearFaults)]
    pub fn clear_faults(&self) {
        self.0.borrow_mut().clear_faults();
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

    /// Adds a trial mini program that authorizes the platform.
    #[wasm_bindgen(js_name = addTrial)]
    pub fn add_trial(&self, trial: JsValue, now: u32, seed: &[u8]) -> Result<JsValue, JsValue> {
        let trial = from_js(trial, "trial").map_err(|error| report(&error))?;
        let seed = seed_of(seed)?;
        let added = self.0.borrow_mut().add_trial(trial, now.into(), seed);
        to_js(&added.map_err(refused)?)
    }

    /// Changes the key of a platform's pushes.
    #[wasm_bindgen(js_name = setEncodingAesKey)]
    pub fn set_encoding_aes_key(
        &self,
        text: &str,
        component_app_id: Option<String>,
    ) -> Result<(), JsValue> {
        let mut sandbox = self.0.borrow_mut();
        let set = sandbox.set_encoding_aes_key_of(component_app_id.as_deref(), text);
        set.map_err(refused)
    }

    /// How far a `timestamp` may be off, in seconds.
    #[wasm_bindgen(js_name = setTimestampTolerance)]
    pub fn set_timestamp_tolerance(&self, seconds: u32) {
        self.0.borrow_mut().set_timestamp_tolerance(seconds);
    }

    /// Whether only the 2026 form of `verifybetaweapp` is taken.
    #[wasm_bindgen(js_name = setOnly2026Form)]
    pub fn set_only_2026_form(&self, only: bool) {
        self.0.borrow_mut().set_only_2026_form(only);
    }

    /// One step of a verification, and its pushes.
    #[wasm_bindgen(js_name = verificationStep)]
    pub fn verification_step(
        &self,
        app_id: &str,
        step: &str,
        status: Option<i32>,
        now: u32,
        seed: &[u8],
    ) -> Result<JsValue, JsValue> {
        let step = sandbox::Step::named(step, status).map_err(refused)?;
        let seed = seed_of(seed)?;
        let pushes = (self.0.borrow_mut()).verification_step(app_id, step, now.into(), seed);
        to_js(&pushes.map_err(refused)?)
    }

    /// Ends what is overdue.
    pub fn due(&self, now: u32, seed: &[u8]) -> Result<JsValue, JsValue> {
        to_js(&self.0.borrow_mut().due(now.into(), seed_of(seed)?))
    }

    /// A push as ordered.
    pub fn push(&self, order: JsValue, now: u32, seed: &[u8]) -> Result<JsValue, JsValue> {
        let order = from_js(order, "order").map_err(|error| report(&error))?;
        let pushed = (self.0.borrow_mut()).push(&order, now.into(), seed_of(seed)?);
        to_js(&pushed.map_err(refused)?)
    }

    /// The same event, encrypted anew.
    pub fn again(&self, event: u32, now: u32, seed: &[u8]) -> Result<JsValue, JsValue> {
        let pushed = (self.0.borrow_mut()).again(Some(event), now.into(), seed_of(seed)?);
        to_js(&pushed.map_err(refused)?)
    }
}

fn refused(sandbox::Mistake { field, reason, .. }: sandbox::Mistake) -> JsValue {
    report(&Error::invalid_argument(field, reason))
}

fn seed_of(seed: &[u8]) -> Result<[u8; 32], JsValue> {
    seed.try_into().map_err(|_| report(&Error::NoEntropy))
}
