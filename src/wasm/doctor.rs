//! The exports of the second module that examine a set-up and its files.

use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use super::{file, from_js, report, required, to_js};
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

/// What `options.file` is, and what its certificates say.
#[wasm_bindgen(js_name = contentsOf)]
pub fn contents_of(options: &JsValue) -> Result<JsValue, JsValue> {
    let file = file(options, "file").and_then(|file| required(file, "file"));
    to_js(&doctor::contents(&file.map_err(|error| report(&error))?))
}

/// A reason for refusing a file, in Chinese.
#[wasm_bindgen(js_name = inChinese)]
#[must_use]
pub fn in_chinese(reason: &str) -> String {
    doctor::in_chinese(reason)
}
