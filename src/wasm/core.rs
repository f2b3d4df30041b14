//! The exports of the core module: two functions for all operations, and the merchant's handle.

use std::cell::{Cell, RefCell};

use js_sys::{Object, Reflect};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};

use super::{
    body, file, from_js,
    host::{HostEntropy, HostPrimitive},
    not_text, number, property, report, required, seconds, text, to_js,
};
use crate::{
    error::Error,
    medical::MedicalKeys,
    merchant::{Engine, Merchant, MerchantFiles, PrivateKeyPrimitive, RealNameInfo},
    operation::{self, CallContext, Operation, TokenOf, operations},
    request::{Origin, Request},
    response::Response,
    secret::{AccessToken, MedicalKey},
};

/// The request of the operation `name`. What the operation makes up is put into `params`, the adapter's own copy.
#[wasm_bindgen]
pub fn request(
    name: &str,
    params: &JsValue,
    context: &JsValue,
    merchant: &MerchantHandle,
) -> Result<JsValue, JsValue> {
    let request = in_context(context, merchant, |context| prepare(name, params, context));
    to_js(&request.map_err(|error| report(&error))?)
}

/// The outcome of the operation `name`.
#[wasm_bindgen]
pub fn interpret(
    name: &str,
    params: JsValue,
    response: &JsValue,
    context: &JsValue,
    merchant: &MerchantHandle,
) -> Result<JsValue, JsValue> {
    let outcome = in_context(context, merchant, |context| {
        conclude(name, params, &read_response(response)?, context)
    });
    outcome.map_err(|error| report(&error))
}

macro_rules! dispatch {
    ($($name:literal $parameters:ident => $outcome:ident;)*) => {
        fn prepare(name: &str, params: &JsValue, context: &CallContext<'_>) -> Result<Request, Error> {
            match name {
                $($name => {
                    let mut operation = from_js::<operation::$parameters>(params.clone(), "params")?;
                    if let Some((field, made_up)) = operation.complete(context)? {
                        Reflect::set(params, &field.into(), &made_up.into()).map_err(|_| Error::Internal)?;
                    }
                    operation.request(context)
                })*
                _ => Err(Error::Internal),
            }
        }

        fn conclude(
            name: &str,
            params: JsValue,
            response: &Response,
            context: &CallContext<'_>,
        ) -> Result<JsValue, Error> {
            match name {
                $($name => {
                    let outcome: operation::$outcome =
                        from_js::<operation::$parameters>(params, "params")?.interpret(response, context)?;
                    to_js(&outcome).map_err(|_| Error::Internal)
                })*
                _ => Err(Error::Internal),
            }
        }

        /// Whether the operation may be made as often as one likes, and on whose token it is made.
        pub(super) fn traits(name: &str) -> Option<(bool, TokenOf)> {
            match name {
                $($name => Some((<operation::$parameters as Operation>::REPEATABLE, <operation::$parameters as Operation>::TOKEN)),)*
                _ => None,
            }
        }
    };
}
operations!(dispatch);

/// The one handle of this module: a merchant, or none.
#[wasm_bindgen]
#[derive(Debug)]
pub struct MerchantHandle {
    opened: RefCell<Option<Opened>>,
    /// Set by `close` at once; the key is wiped as soon as no call is using it.
    closed: Cell<bool>,
}

#[derive(Debug)]
struct Opened {
    merchant: Box<Merchant>,
    host: Option<HostPrimitive>,
}

impl Opened {
    /// The host's arithmetic, where it has any and it is right.
    fn host(&self) -> Option<&dyn PrivateKeyPrimitive> {
        let host = self.host.as_ref().filter(|host| host.is_used());
        host.map(|host| host as _)
    }

    fn engine<'a>(&'a self, entropy: &'a HostEntropy<'_>) -> Engine<'a> {
        Engine::new(Some(entropy), self.host())
    }
}

#[wasm_bindgen]
impl MerchantHandle {
    /// For operations that need no merchant.
    #[must_use]
    pub fn none() -> Self {
        Self::of(None)
    }

    /// Reads a merchant's files. `primitive`: the host's `(privateKey) => (representative) => Uint8Array`, where it has
    /// one; `preferred`: whether it is taken where nothing was said.
    pub fn open(options: &JsValue, primitive: &JsValue, preferred: bool) -> Result<Self, JsValue> {
        let opened = open(options, primitive, preferred).map_err(|error| report(&error))?;
        Ok(Self::of(Some(opened)))
    }

    /// Who computes with the private key: `host` or `wasm`.
    pub fn engine(&self) -> Result<String, JsValue> {
        self.with(|opened| Ok(if opened.host().is_some() { HOST } else { WASM }.into()))
    }

    /// The merchant number.
    #[wasm_bindgen(js_name = mchId)]
    pub fn mch_id(&self) -> Result<String, JsValue> {
        self.with(|opened| Ok(opened.merchant.mch_id().to_owned()))
    }

    /// The serial number.
    #[wasm_bindgen(js_name = certSerialNo)]
    pub fn cert_serial_no(&self) -> Result<String, JsValue> {
        self.with(|opened| Ok(opened.merchant.cert_serial_no().to_owned()))
    }

    /// What was checked of the set-up.
    pub fn report(&self, now: JsValue) -> Result<JsValue, JsValue> {
        let report = self.with(|opened| Ok(opened.merchant.report(seconds(now, "now")?)))?;
        to_js(&report)
    }

    /// The signature for `timestamp`, in base64.
    pub fn sign(&self, timestamp: JsValue, entropy: &JsValue) -> Result<String, JsValue> {
        self.with(|opened| {
            let timestamp = seconds(timestamp, "timestamp")?;
            let entropy = HostEntropy(entropy);
            opened
                .merchant
                .sign_with(timestamp, opened.engine(&entropy))
        })
    }

    /// Name and ID number of a reply.
    #[wasm_bindgen(js_name = openReply)]
    pub fn open_reply(
        &self,
        real_name: &JsValue,
        credential_id: &JsValue,
        entropy: &JsValue,
    ) -> Result<JsValue, JsValue> {
        let info: RealNameInfo = self.with(|opened| {
            let name = real_name.as_string().ok_or_else(|| not_text("realName"))?;
            let number = credential_id
                .as_string()
                .ok_or_else(|| not_text("credentialId"))?;
            let entropy = HostEntropy(entropy);
            let engine = opened.engine(&entropy);
            opened.merchant.open_reply_with(&name, &number, engine)
        })?;
        to_js(&info)
    }

    /// Wipes the key. Within a call (the host's entropy function may do anything) it is wiped at the call's end.
    pub fn close(&self) {
        self.closed.set(true);
        self.wipe_if_closed();
    }
}

impl MerchantHandle {
    fn of(opened: Option<Opened>) -> Self {
        Self {
            opened: RefCell::new(opened),
            closed: Cell::new(false),
        }
    }

    /// Runs one call on the merchant, if there is one.
    fn borrow<T>(
        &self,
        work: impl FnOnce(Option<&Opened>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        if self.closed.get() {
            return Err(Error::Closed);
        }
        let done = work(self.opened.borrow().as_ref());
        self.wipe_if_closed();
        done
    }

    fn wipe_if_closed(&self) {
        if self.closed.get()
            && let Ok(mut opened) = self.opened.try_borrow_mut()
        {
            *opened = None;
        }
    }

    fn with<T>(&self, work: impl FnOnce(&Opened) -> Result<T, Error>) -> Result<T, JsValue> {
        let done = self.borrow(|opened| work(opened.ok_or(Error::Internal)?));
        done.map_err(|error| report(&error))
    }
}

fn in_context<T>(
    context: &JsValue,
    merchant: &MerchantHandle,
    work: impl FnOnce(&CallContext<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    let token = property(context, "accessToken");
    let token = match token.as_string() {
        Some(token) => AccessToken::new(token),
        None if token.is_undefined() => AccessToken::default(),
        None => return Err(not_text("accessToken")),
    };
    let entropy = property(context, "entropy");
    let entropy = HostEntropy(&entropy);
    let mut call = CallContext::new(&token).with_entropy(&entropy);
    let trusted = text(context, "trustedHosts")?;
    let trusted = trusted.as_ref().map(|hosts| hosts.split(' ').collect());
    let base_url = text(context, "baseUrl")?;
    call = call.with_origin(Origin::parse_trusting(
        base_url.as_ref().map_or(Origin::WECHAT, |url| url.as_str()),
        &trusted.unwrap_or(vec![]),
    )?);
    let app_id = text(context, "appId")?;
    if let Some(app_id) = &app_id {
        call = call.with_app_id(app_id);
    }
    let medical_keys = read_medical_keys(&property(context, "medicalKeys"))?;
    if let Some(keys) = &medical_keys {
        call = call.with_medical_keys(keys);
    }
    let from_app_id = text(context, "fromAppId")?;
    match text(context, "auth")?.as_ref().map(|auth| auth.as_str()) {
        None => {}
        Some("cloud-run") => {
            call = call.with_cloud_run(from_app_id.as_ref().map(|id| id.as_str()));
        }
        Some("cloudbase-access-token") => call = call.with_cloudbase_access_token(),
        Some(_) => {
            return Err(Error::invalid_argument(
                "auth",
                "must be 'cloud-run' or 'cloudbase-access-token'",
            ));
        }
    }
    let now = property(context, "now");
    if !now.is_undefined() {
        call = call.with_now(seconds(now, "now")?);
    }
    merchant.borrow(|opened| {
        let Some(opened) = opened else {
            return work(&call);
        };
        let call = call.with_merchant(&opened.merchant);
        match opened.host() {
            Some(host) => work(&call.with_private_key_primitive(host)),
            None => work(&call),
        }
    })
}

const HOST: &str = "host";
const WASM: &str = "wasm";

fn open(options: &JsValue, primitive: &JsValue, preferred: bool) -> Result<Opened, Error> {
    let engine = text(options, "engine")?;
    let host = match engine.as_ref().map_or("auto", |engine| engine.as_str()) {
        "auto" => preferred.then_some(false),
        HOST => Some(true),
        WASM => None,
        _ => {
            return Err(Error::invalid_argument(
                "engine",
                "must be 'auto', 'host' or 'wasm'",
            ));
        }
    };
    let merchant = Box::new(Merchant::open(&read_files(options)?)?);
    let host = host.map(|is_required| HostPrimitive::open(primitive, &merchant, is_required));
    let host = host.transpose()?.flatten();
    Ok(Opened { merchant, host })
}

/// The keys of a plain object, by version.
fn read_medical_keys(given: &JsValue) -> Result<Option<MedicalKeys>, Error> {
    let Some(given) = given.dyn_ref::<Object>() else {
        return Ok(None);
    };
    let mut keys = MedicalKeys::new();
    let versions = Object::keys(given);
    // What an environment variable lacks is no key, and would be missed when a patient's code is spent.
    if versions.length() == 0 {
        return Err(Error::invalid_argument("medicalKeys", "has no key in it"));
    }
    for version in versions.iter() {
        let version = version.as_string().unwrap_or_default();
        let key = property(given, &version).as_string();
        let wrong = Error::invalid_argument(
            "medicalKeys",
            "must be an object of keys of 32 characters, each under the number of its version",
        );
        // In one spelling alone: `00` would take the place of `0`.
        let number = version.parse().ok();
        let number = number.filter(|number: &u32| number.to_string() == version);
        let (version, key) = number.zip(key).ok_or(wrong)?;
        keys.add(version, MedicalKey::new(key))?;
    }
    Ok(Some(keys))
}

fn read_files(options: &JsValue) -> Result<MerchantFiles, Error> {
    Ok(MerchantFiles {
        mch_id: required(text(options, "mchId")?, "mchId")?.to_string(),
        private_key: required(file(options, "privateKey")?, "privateKey")?,
        certificate: file(options, "certificate")?.map(|file| file.to_vec()),
        cert_serial_no: text(options, "certSerialNo")?.map(|text| text.to_string()),
        is_p12: !property(options, "p12").is_undefined(),
    })
}

fn read_response(response: &JsValue) -> Result<Response, Error> {
    let status = number(property(response, "status"))
        .ok_or_else(|| Error::invalid_argument("status", "must be the HTTP status, a number"))?;
    let body = body(response)?.unwrap_or_default();
    // No interface needs the headers so far, and every client has them in another form.
    Ok(Response::new(status, body))
}
