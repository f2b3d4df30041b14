//! The keys under which WeChat sends a hospital its patients' real names (微信长辈就医).
//!
//! Document: 小程序 › 服务端 › 城市服务 › 微信长辈就医 › 查询用户实名 (`api_cityservice_getmedrealname`), read 2026-11: each hospital
//! has a key of 32 characters, AES-256 in ECB mode with PKCS#7 padding. `key_version` begins at 0, and more than one may be in
//! use at once.

use std::{collections::BTreeMap, fmt};

use aes::{
    Aes256,
    cipher::{Array, BlockCipherDecrypt, BlockSizeUser, KeyInit},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use cbc::cipher::block_padding::{Padding, Pkcs7};
use zeroize::Zeroizing;

use crate::{error::Error, scrub::scrubbed, secret::MedicalKey};

type Block = Array<u8, <Aes256 as BlockSizeUser>::BlockSize>;

/// A hospital's keys, by WeChat's `key_version`.
#[derive(Default)]
pub struct MedicalKeys(BTreeMap<u32, MedicalKey>);

impl MedicalKeys {
    /// No key yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the key of a version, or takes it in the place of the one there.
    ///
    /// # Errors
    /// [`Error::Configuration`] for what does not have 32 ASCII characters.
    pub fn add(&mut self, key_version: u32, key: MedicalKey) -> Result<(), Error> {
        let text = key.expose();
        if text.len() != 32 || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Error::Configuration {
                field: "medicalKeys",
                reason: "each key must be the 32 characters that WeChat gave the hospital, not hex or base64 of them",
            });
        }
        self.0.insert(key_version, key);
        Ok(())
    }

    /// The plaintext; everything after the ciphertext's length fails in one way.
    pub(crate) fn open(
        &self,
        key_version: u32,
        ciphertext: &Ciphertext,
    ) -> Result<Zeroizing<Vec<u8>>, Error> {
        let key = self.0.get(&key_version);
        let key = key.ok_or(Error::MedicalKeyMissing { key_version })?;
        scrubbed(|| {
            let cipher = Aes256::new_from_slice(key.expose().as_bytes()).ok()?;
            let mut blocks = Zeroizing::new(ciphertext.0.clone());
            let (blocks, _) = Array::slice_as_chunks_mut(&mut blocks);
            cipher.decrypt_blocks(blocks);
            let plaintext = Pkcs7::unpad_blocks(blocks).ok()?;
            Some(Zeroizing::new(plaintext.to_vec()))
        })
        .ok_or(Error::MedicalDecryptionFailed)
    }
}

impl fmt::Debug for MedicalKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// Whole blocks.
pub(crate) struct Ciphertext(Vec<u8>);

impl Ciphertext {
    /// From base64; or what is wrong with it.
    pub(crate) fn read(text: &str) -> Result<Self, &'static str> {
        let bytes = STANDARD.decode(text);
        let bytes = bytes.map_err(|_| "cipher_real_name of the reply is not base64")?;
        if bytes.is_empty() || bytes.len() % size_of::<Block>() != 0 {
            return Err("cipher_real_name of the reply is no whole number of blocks");
        }
        Ok(Self(bytes))
    }
}
