//! The envelope of a push: `msg_signature`, and AES-256-CBC under `EncodingAESKey`.
//!
//! | | |
//! |---|---|
//! | signature | hex SHA-1 of token, timestamp, nonce and `Encrypt`, sorted and joined with nothing between |
//! | key, IV | base64 of `EncodingAESKey`; its first 16 bytes |
//! | plaintext | 16 random bytes, the message's length (4 bytes, big-endian), the message, the app id |
//! | padding | PKCS#7 with blocks of **32** bytes |

use aes::Aes256;
use base64::{
    Engine,
    alphabet::STANDARD as ALPHABET,
    engine::{
        DecodePaddingMode::RequireNone,
        general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD},
    },
};
use cbc::{
    Decryptor,
    cipher::{BlockModeDecrypt, KeyIvInit, block_padding::NoPadding},
};
use ctutils::CtEq;
use sha1::{Digest, Sha1};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::{PushDelivery, xml};
use crate::{
    error::Error,
    hex::hex,
    secret::{EncodingAesKey, PushToken},
};

/// The last of 43 characters holds two bits more than 32 bytes need, and in WeChat's keys they are not always zero.
const SPARE_BITS: GeneralPurpose = GeneralPurpose::new(
    &ALPHABET,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(RequireNone),
);

/// PKCS#7 as WeChat has it: the block of its padding is two of AES's.
const PADDING_BLOCK: usize = 32;
const RANDOM: usize = 16;
const LENGTH: usize = 4;

/// In a box: what is moved leaves copies on the stack.
pub(super) struct AesKey(Box<Zeroizing<[u8; 32]>>);

impl AesKey {
    pub(super) fn read(field: &'static str, key: &EncodingAesKey) -> Result<Self, Error> {
        let text = key.expose();
        let decoded = SPARE_BITS
            .decode(text.strip_suffix('=').unwrap_or(text))
            .map(Zeroizing::new);
        match decoded {
            Ok(bytes) if bytes.len() == 32 => {
                let mut key = Box::new(Zeroizing::new([0; 32]));
                key.copy_from_slice(&bytes);
                Ok(Self(key))
            }
            _ => Err(Error::Configuration {
                field,
                reason: "must be the 43 letters and digits of the console's 消息加解密Key (EncodingAESKey)",
            }),
        }
    }
}

/// What opens out of a push.
pub(super) struct Opened {
    pub(super) message: Zeroizing<Vec<u8>>,
    /// Names the ciphertext: the same for every delivery of it, whatever its timestamp and nonce say.
    pub(super) ciphertext_hash: [u8; 32],
}

/// The text of `Encrypt`.
pub(super) fn encrypted(body: &[u8]) -> Result<String, Error> {
    let malformed = |reason| Error::MalformedPush { reason };
    let root = std::str::from_utf8(body)
        .map_err(|_| malformed("the body is not UTF-8"))
        .and_then(|text| xml::parse(text).map_err(malformed))?;
    let mut found = root.children.iter().filter(|child| child.name == "Encrypt");
    match (found.next(), found.next()) {
        (Some(encrypted), None) if encrypted.children.is_empty() => Ok(encrypted.text.clone()),
        (None, _) => Err(malformed(
            "the body has no <Encrypt>: it is no push to a third-party platform's URL, which are all encrypted",
        )),
        _ => Err(malformed(
            "the body has more than one <Encrypt>, or elements in it",
        )),
    }
}

pub(super) fn is_signed(token: &PushToken, delivery: &PushDelivery<'_>, encrypted: &str) -> bool {
    let mut parts = [
        token.expose(),
        delivery.timestamp,
        delivery.nonce,
        encrypted,
    ];
    parts.sort_unstable();
    let mut hash = Sha1::new();
    for part in parts {
        hash.update(part);
    }
    let expected = hex(&hash.finalize());
    // In constant time: how many characters of a guess are right must not be measurable.
    expected
        .as_bytes()
        .ct_eq(delivery.msg_signature.as_bytes())
        .to_bool()
}

/// The message, if any of the keys opens it for this app id.
pub(super) fn decrypt(encrypted: &str, keys: &[AesKey], app_id: &str) -> Option<Opened> {
    let ciphertext = STANDARD.decode(encrypted).ok()?;
    let message = keys
        .iter()
        .find_map(|key| decrypt_with(key, &ciphertext, app_id.as_bytes()))?;
    Some(Opened {
        message,
        ciphertext_hash: Sha256::digest(&ciphertext).into(),
    })
}

fn decrypt_with(key: &AesKey, ciphertext: &[u8], app_id: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let iv = key.0.first_chunk::<16>()?;
    let mut buffer = Zeroizing::new(ciphertext.to_vec());
    let cipher = Decryptor::<Aes256>::new((&**key.0).into(), iv.into());
    let plaintext = cipher.decrypt_padded::<NoPadding>(&mut buffer).ok()?;
    let (body, padding) =
        plaintext.split_at_checked(plaintext.len().checked_sub(padding(plaintext)?)?)?;
    if padding
        .iter()
        .any(|byte| usize::from(*byte) != padding.len())
    {
        return None;
    }
    let (_random, rest) = body.split_at_checked(RANDOM)?;
    let (length, rest) = rest.split_first_chunk::<LENGTH>()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    let (message, receiver) = rest.split_at_checked(length)?;
    receiver
        .ct_eq(app_id)
        .to_bool()
        .then(|| Zeroizing::new(message.to_vec()))
}

/// How long the padding says it is.
fn padding(plaintext: &[u8]) -> Option<usize> {
    let length = usize::from(*plaintext.last()?);
    (1..=PADDING_BLOCK).contains(&length).then_some(length)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Vector {
        source: String,
        token: Option<String>,
        encoding_aes_key: String,
        app_id: String,
        timestamp: Option<String>,
        nonce: Option<String>,
        msg_signature: Option<String>,
        encrypt: String,
        message: String,
        pad: usize,
    }

    fn vectors() -> Vec<Vector> {
        let signed = include_str!("../../tests/vectors/push.json");
        let unsigned = include_str!("../../tests/vectors/push_unsigned.json");
        let mut vectors: Vec<Vector> = serde_json::from_str(signed).unwrap();
        vectors.extend(serde_json::from_str::<Vec<Vector>>(unsigned).unwrap());
        vectors
    }

    #[test]
    fn what_wechat_and_others_encrypted_opens() {
        let (mut signed, mut paddings) = (0, std::collections::BTreeSet::new());
        for vector in vectors() {
            let key = AesKey::read("encodingAesKey", &vector.encoding_aes_key.as_str().into());
            let keys = [key.unwrap()];
            let opened = decrypt(&vector.encrypt, &keys, &vector.app_id).unwrap();
            assert_eq!(
                *opened.message,
                vector.message.as_bytes(),
                "{}",
                vector.source
            );
            // Another receiver's push is not ours, even if the key is the same.
            for other in ["", "wx", &vector.app_id.to_uppercase()] {
                assert!(decrypt(&vector.encrypt, &keys, other).is_none());
            }
            paddings.insert(vector.pad);
            let Some(msg_signature) = &vector.msg_signature else {
                continue;
            };
            signed += 1;
            let token = vector.token.unwrap_or_default();
            let delivery = PushDelivery {
                msg_signature,
                timestamp: &vector.timestamp.unwrap_or_default(),
                nonce: &vector.nonce.unwrap_or_default(),
                body: &[],
            };
            assert!(is_signed(
                &token.as_str().into(),
                &delivery,
                &vector.encrypt
            ));
            assert!(!is_signed(&"x".into(), &delivery, &vector.encrypt));
        }
        assert_eq!((signed, paddings.len()), (59, 32));
    }
}
