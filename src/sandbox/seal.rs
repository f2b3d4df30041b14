//! How WeChat seals a push: AES-256-CBC with PKCS#7 padding to 32 bytes, and a signature over what came of it.

use std::fmt::Write;

use aes::Aes256;
use base64::{
    Engine,
    alphabet::STANDARD as ALPHABET,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose::STANDARD},
};
use cbc::{
    Encryptor,
    cipher::{BlockModeEncrypt, KeyIvInit},
};
use sha1::{Digest, Sha1};

/// Padded to this, twice the block of AES.
const PADDED_TO: usize = 32;

/// The key that an `EncodingAESKey` spells: 43 characters are 258 bits, of which the last two mean nothing.
pub(super) fn key(text: &str) -> Option<[u8; 32]> {
    let config = GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone);
    let bytes = GeneralPurpose::new(&ALPHABET, config).decode(text).ok()?;
    bytes.try_into().ok()
}

/// The text that goes into `<Encrypt>`.
pub(super) fn encrypt(random: &[u8; 16], message: &[u8], app_id: &str, key: &[u8; 32]) -> String {
    close(padded(random, message, app_id), key)
}

/// The plaintext: 16 random bytes, the message's length, the message, the app id, and the padding.
pub(super) fn padded(random: &[u8; 16], message: &[u8], app_id: &str) -> Vec<u8> {
    // Messages are far below 4 GiB.
    let length = u32::try_from(message.len()).unwrap_or(u32::MAX);
    let mut plain = random.to_vec();
    plain.extend(length.to_be_bytes());
    plain.extend(message);
    plain.extend(app_id.as_bytes());
    let padding = PADDED_TO - plain.len() % PADDED_TO;
    plain.extend((0..padding).map(|_| u8::try_from(padding).unwrap_or_default()));
    plain
}

/// Encrypts a plaintext of whole blocks.
pub(super) fn close(mut plain: Vec<u8>, key: &[u8; 32]) -> String {
    let mut iv = [0; 16];
    iv.iter_mut().zip(key).for_each(|(iv, byte)| *iv = *byte);
    let mut cipher = Encryptor::<Aes256>::new(key.into(), &iv.into());
    for block in plain.as_chunks_mut::<16>().0 {
        cipher.encrypt_block(block.into());
    }
    STANDARD.encode(plain)
}

/// `msg_signature`, the one that counts.
pub(super) fn msg_signature(token: &str, timestamp: &str, nonce: &str, encrypted: &str) -> String {
    sorted_sha1([token, timestamp, nonce, encrypted])
}

/// `signature`: it says nothing about the body, and a receiver that trusts it can be told anything.
pub(super) fn signature(token: &str, timestamp: &str, nonce: &str) -> String {
    sorted_sha1([token, timestamp, nonce])
}

fn sorted_sha1<const PARTS: usize>(mut parts: [&str; PARTS]) -> String {
    parts.sort_unstable();
    let digest = Sha1::digest(parts.concat());
    digest.iter().fold(String::new(), |mut hex, byte| {
        // Writing to a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    const KEY: &str = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";

    #[test]
    fn a_key_has_two_bits_to_spare() {
        assert_eq!(key(KEY), key(&KEY.replace('G', "E")));
        assert!(key(KEY).is_some());
        for text in ["", "abc", &format!("{KEY}="), &KEY.replace('a', "-")] {
            assert_eq!(key(text), None, "{text}");
        }
    }

    #[test]
    fn every_length_is_padded_to_32_and_never_by_nothing() {
        for length in 0..70 {
            let plain = padded(&[7; 16], &vec![b'm'; length], "wx");
            let padding = usize::from(*plain.last().unwrap());
            assert_eq!(plain.len() % 32, 0);
            assert!((1..=32).contains(&padding));
            assert_eq!(plain.len(), 16 + 4 + length + 2 + padding);
            assert!(
                plain
                    .iter()
                    .rev()
                    .take(padding)
                    .all(|byte| usize::from(*byte) == padding)
            );
        }
    }

    #[derive(serde::Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Vector {
        source: String,
        token: String,
        encoding_aes_key: String,
        app_id: String,
        timestamp: String,
        nonce: String,
        msg_signature: String,
        encrypt: String,
        random: String,
        message: String,
    }

    #[test]
    fn what_wechat_and_others_encrypted_comes_out_again() {
        let vectors = include_str!("../../tests/vectors/push.json");
        let vectors: Vec<Vector> = serde_json::from_str(vectors).unwrap();
        assert_eq!(vectors.len(), 59);
        for vector in vectors {
            let random = u128::from_str_radix(&vector.random, 16).unwrap();
            let key = key(&vector.encoding_aes_key).unwrap();
            let encrypted = encrypt(
                &random.to_be_bytes(),
                vector.message.as_bytes(),
                &vector.app_id,
                &key,
            );
            assert_eq!(encrypted, vector.encrypt, "{}", vector.source);
            let Vector {
                token,
                timestamp,
                nonce,
                ..
            } = &vector;
            assert_eq!(
                msg_signature(token, timestamp, nonce, &encrypted),
                vector.msg_signature
            );
        }
    }

    #[test]
    fn known_answers() {
        let encrypted = encrypt(b"0123456789abcdef", b"<xml/>", "wx1", &key(KEY).unwrap());
        assert_eq!(encrypted, ENCRYPTED);
        assert_eq!(msg_signature("t", "1", "2", "a"), SIGNED);
    }

    // By openssl: `openssl enc -aes-256-cbc -nopad` and `printf 12at | openssl sha1`.
    const ENCRYPTED: &str = "Q3stYC6hdFzMh9T8HCvyDBgkgRwmbOEV3QHzsh47R/g=";
    const SIGNED: &str = "843a01cf581ffbcb90b9f2a859bbf99949a65be7";
}
