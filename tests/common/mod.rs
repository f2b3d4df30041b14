//! What the tests share: the vectors that openssl made, and a source of randomness.
#![allow(dead_code, reason = "every test file uses its own part of this")]

#[cfg(all(not(target_arch = "wasm32"), feature = "encrypted-files"))]
pub mod key_files;

#[cfg(not(target_arch = "wasm32"))]
pub mod push;

use std::cell::Cell;

use serde::Deserialize;
use wechat_realname::{Error, Merchant, MerchantFiles};

#[derive(Deserialize)]
pub struct Vector {
    pub bits: usize,
    pub pkcs1: String,
    pub pkcs8: String,
    pub certificate: String,
    pub serial: String,
    pub timestamp: u32,
    pub sign: String,
    pub people: Vec<Person>,
}

#[derive(Deserialize)]
pub struct Person {
    pub name: String,
    pub number: String,
    pub encryted_real_name: String,
    pub encryted_credential_id: String,
}

pub fn vectors() -> Vec<Vector> {
    serde_json::from_str(include_str!("../vectors/openssl.json")).unwrap()
}

/// Different bytes at every call; good enough for blinding, whose result must not depend on them.
pub fn entropy() -> impl Fn(&mut [u8]) -> Result<(), Error> {
    let calls = Cell::new(1u8);
    move |bytes: &mut [u8]| {
        bytes.fill(calls.get());
        calls.set(calls.get().wrapping_add(1).max(1));
        Ok(())
    }
}

pub fn files(mch_id: &str, private_key: &str, certificate: &str) -> MerchantFiles {
    let mut files = MerchantFiles::default();
    files.mch_id = mch_id.into();
    files.private_key = private_key.as_bytes().to_vec().into();
    files.certificate = Some(certificate.as_bytes().to_vec());
    files
}

pub fn merchant(vector: &Vector) -> Merchant {
    Merchant::open(&files("1900006511", &vector.pkcs8, &vector.certificate)).unwrap()
}
