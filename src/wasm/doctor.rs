//! The export of the second module that examines a set-up.

use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use super::{file, from_js, report, to_js};
use crate::{
    doctor::{self, Diagnosis, Evidence},
    error::Error,
};

/// What is wrong with a set-up: the evidence's files as bytes, all else as plain data.
#[wasm_bindgen]
pub fn diagnose(evidence: &JsValue) -> Result<JsValue, JsValue> {
    to_js(&examine(evidence).map_err(|error| report(&error))?)
}

fn examine(given: &JsValue) -> Result<Diagnosis, Error> {
    let plain = |field| Ok::<_, Error>(file(given, field)?.map(|bytes| bytes.to_vec()));
    let evidence = Evidence {
        private_key: file(given, "privateKey")?,
        p12: file(given, "p12")?,
        certificate: plain("certificate")?,
        other_certificate: plain("otherCertificate")?,
        ..from_js(given.clone(), "evidence")?
    };
    Ok(doctor::diagnose(&evidence))
}
