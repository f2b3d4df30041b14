//! The JavaScript boundary. Only this file and `wasm/` name wasm_bindgen.
//!
//! Two modules come of it. The core's exports (`javascript`) and those of what most processes never need
//! (`javascript-extras`: the sandbox, the doctor, and the readers of files under a password) are built apart.
//!
//! What crosses is plain data, and per module one kind of handle with `&self` methods only: a panic inside `&mut self`
//! would lock its object for ever. Errors cross as plain objects; the adapter makes the one error class of them.

#[cfg(feature = "javascript")]
pub mod core;
#[cfg(feature = "javascript-extras")]
pub mod doctor;
#[cfg(feature = "javascript")]
mod host;
#[cfg(feature = "javascript-extras")]
pub mod key_files;
#[cfg(feature = "javascript")]
pub mod push;
#[cfg(feature = "javascript-extras")]
pub mod sandbox;
#[cfg(feature = "javascript")]
pub mod token;

use js_sys::{Object, Reflect, Uint8Array};
use serde::{Serialize, de::DeserializeOwned};
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use zeroize::Zeroizing;

use crate::error::{Error, ErrorReport};

/// Clears every block that is freed, so that a key or a name does not outlive its use on the heap.
#[global_allocator]
static ALLOCATOR: zeroizing_alloc::ZeroAlloc<std::alloc::System> =
    zeroizing_alloc::ZeroAlloc(std::alloc::System);

/// Nothing to do at the start, but there must be one: the glue's `__wbg_reset_state` (0.2.130), which makes a fresh
/// instance after a trap, calls it without looking whether it is there.
#[wasm_bindgen(start)]
pub fn start() {}

/// This instance's memory, so that the adapter can wipe what a trap has left in it.
#[wasm_bindgen(js_name = ownMemory)]
#[must_use]
pub fn own_memory() -> JsValue {
    wasm_bindgen::memory()
}

/// Plain objects of fixed shape: an absent field is absent, never `null`.
fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    value
        .serialize(&Serializer::json_compatible())
        .map_err(|_| report(&Error::Internal))
}

/// Parameters from a plain object of texts, numbers and booleans (the adapter puts a symbol in the place of everything
/// else). What the reader says about a wrong one quotes its value, so it is dropped; the wrong field is the one that cannot be
/// read alone, since none has to be there.
fn from_js<T: DeserializeOwned>(value: JsValue, whole: &str) -> Result<T, Error> {
    let read = |value: &JsValue| serde_wasm_bindgen::from_value::<T>(value.clone());
    read(&value).map_err(|_| {
        let cannot_be_read = |name: &JsValue| {
            let alone = Object::new();
            let copied = Reflect::get(&value, name).and_then(|it| Reflect::set(&alone, name, &it));
            copied.is_err() || read(&alone).is_err()
        };
        let fields = value.dyn_ref::<Object>().map(Object::keys);
        let mut names = fields.iter().flat_map(js_sys::Array::iter);
        let field = names.find(cannot_be_read).and_then(|name| name.as_string());
        Error::invalid_argument(
            field.unwrap_or_else(|| whole.into()),
            "has the wrong type, or is far too long",
        )
    })
}

/// The adapter hands in plain objects of its own making, so nothing here can throw; what is no object has no property.
fn property(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}

/// A text, or nothing.
fn text(options: &JsValue, field: &'static str) -> Result<Option<Zeroizing<String>>, Error> {
    let value = property(options, field);
    if value.is_undefined() {
        return Ok(None);
    }
    let text = value.as_string().ok_or_else(|| not_text(field))?;
    Ok(Some(Zeroizing::new(text)))
}

fn not_text(field: &'static str) -> Error {
    Error::invalid_argument(field, "must be a string")
}

/// The bytes of a file, or of a text that holds one; or nothing.
fn file(options: &JsValue, field: &'static str) -> Result<Option<Zeroizing<Vec<u8>>>, Error> {
    let value = property(options, field);
    if value.is_undefined() {
        return Ok(None);
    }
    let bytes = match value.dyn_ref::<Uint8Array>() {
        Some(bytes) => Some(bytes.to_vec()),
        None => value.as_string().map(String::into_bytes),
    };
    let bytes = bytes.ok_or_else(|| {
        Error::invalid_argument(field, "must be a string or a Uint8Array, of 64 KiB at most")
    })?;
    Ok(Some(Zeroizing::new(bytes)))
}

/// The bytes of a message's body; nothing where it has none.
#[cfg(feature = "javascript")]
fn body(message: &JsValue) -> Result<Option<Vec<u8>>, Error> {
    let body = property(message, "body");
    if body.is_undefined() || body.is_null() {
        return Ok(None);
    }
    let bytes = match body.dyn_ref::<Uint8Array>() {
        Some(bytes) => Some(bytes.to_vec()),
        None => body.as_string().map(String::into_bytes),
    };
    bytes.map(Some).ok_or_else(not_a_body)
}

#[cfg(feature = "javascript")]
fn not_a_body() -> Error {
    Error::invalid_argument(
        "body",
        "must be a string or a Uint8Array: the body as it arrived, not parsed",
    )
}

/// A whole number that fits. What is no number never reaches the reader: it would describe it, however deep it is.
#[cfg(feature = "javascript")]
fn number<T: DeserializeOwned>(value: JsValue) -> Option<T> {
    value.as_f64()?;
    serde_wasm_bindgen::from_value(value).ok()
}

#[cfg(feature = "javascript")]
fn seconds(value: JsValue, field: &'static str) -> Result<u32, Error> {
    number(value).ok_or_else(|| {
        Error::invalid_argument(
            field,
            "must be whole seconds since 1970-01-01 (milliseconds are too many)",
        )
    })
}

fn required<T>(value: Option<T>, field: &'static str) -> Result<T, Error> {
    value.ok_or_else(|| Error::invalid_argument(field, "is missing"))
}

fn report(error: &Error) -> JsValue {
    ErrorReport::from(error)
        .serialize(&Serializer::json_compatible())
        // Cannot fail: the report holds texts and small numbers only.
        .unwrap_or(JsValue::UNDEFINED)
}
