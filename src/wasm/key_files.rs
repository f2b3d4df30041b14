//! The exports of the second module that read files under a password. What they return is PEM for the core to open.

use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use super::{file, report, required, text};
use crate::{error::Error, merchant::MerchantFiles};

/// Key and certificate of `options.p12`, or `options.privateKey` decrypted, as the bytes of a PEM text.
#[wasm_bindgen(js_name = privateKeyOf)]
pub fn private_key_of(options: &JsValue) -> Result<Vec<u8>, JsValue> {
    read(options).map_err(|error| report(&error))
}

fn read(options: &JsValue) -> Result<Vec<u8>, Error> {
    let mch_id = required(text(options, "mchId")?, "mchId")?;
    let password = text(options, "password")?;
    let password = password.as_ref().map(|password| password.as_str());
    let files = match file(options, "p12")? {
        Some(p12) => MerchantFiles::from_p12(&mch_id, &p12, password)?,
        None => {
            let mut files = MerchantFiles {
                private_key: required(file(options, "privateKey")?, "privateKey")?,
                ..MerchantFiles::default()
            };
            files.decrypt_key(password.unwrap_or_default())?;
            files
        }
    };
    Ok(files.private_key.to_vec())
}
