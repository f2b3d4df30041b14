//! What the core asks of its host: randomness, and where the host is better at it, the arithmetic with the private key.

use std::cell::Cell;

use js_sys::{Function, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use zeroize::Zeroizing;

use crate::{
    error::Error,
    merchant::{Entropy, Merchant, PrivateKeyPrimitive},
};

/// The host's `(length) => Uint8Array`.
pub(super) struct HostEntropy<'a>(pub(super) &'a JsValue);

impl Entropy for HostEntropy<'_> {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), Error> {
        let length = u32::try_from(bytes.len()).map_err(|_| Error::NoEntropy)?;
        let given = ask(self.0, &length.into(), length).ok_or(Error::NoEntropy)?;
        given.copy_to(bytes);
        given.fill(0, 0, length);
        Ok(())
    }
}

/// The host's `(representative) => Uint8Array`, for one key.
#[derive(Debug)]
pub(super) struct HostPrimitive {
    compute: JsValue,
    /// It was asked for by name, so nothing takes its place.
    is_required: bool,
    has_failed: Cell<bool>,
}

impl HostPrimitive {
    /// `open`: the host's `(privateKey) => (representative) => Uint8Array`, where it has one.
    pub(super) fn open(
        open: &JsValue,
        merchant: &Merchant,
        is_required: bool,
    ) -> Result<Option<Self>, Error> {
        let opened = open.dyn_ref::<Function>().and_then(|open| {
            let key = merchant.private_key_der()?;
            let given = Uint8Array::from(&key[..]);
            let compute = open.call1(&JsValue::UNDEFINED, &given);
            given.fill(0, 0, given.length());
            compute.ok()
        });
        let opened = opened.map(|compute| Self {
            compute,
            is_required,
            has_failed: Cell::new(false),
        });
        match &opened {
            None if is_required => Err(Error::Configuration {
                field: "engine",
                reason: "there is no node:crypto here that takes this key: leave it at 'auto'",
            }),
            // Rather now than at the first call.
            Some(host) if is_required => merchant.try_primitive(host).map(|()| opened),
            _ => Ok(opened),
        }
    }

    /// Whether it is still asked.
    pub(super) fn is_used(&self) -> bool {
        !self.has_failed.get()
    }
}

impl PrivateKeyPrimitive for HostPrimitive {
    fn compute(&self, representative: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let length = u32::try_from(representative.len()).ok()?;
        let given = ask(
            &self.compute,
            &Uint8Array::from(representative).into(),
            length,
        )?;
        let computed = Zeroizing::new(given.to_vec());
        given.fill(0, 0, length);
        Some(computed)
    }

    fn failed(&self) -> Result<(), Error> {
        if self.is_required {
            return Err(Error::Configuration {
                field: "engine",
                reason: "node:crypto of this machine does not compute rightly with this key: leave it at 'auto'",
            });
        }
        self.has_failed.set(true);
        Ok(())
    }
}

/// What a function of the host's answers, if it is bytes, and as many.
fn ask(function: &JsValue, argument: &JsValue, length: u32) -> Option<Uint8Array> {
    let function = function.dyn_ref::<Function>()?;
    let given = function.call1(&JsValue::UNDEFINED, argument).ok()?;
    let given = given.dyn_into::<Uint8Array>().ok()?;
    (given.length() == length).then_some(given)
}
