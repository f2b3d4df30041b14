//! Pushes as WeChat makes them, written apart from the library: encryption, signature, envelope.

use aes::Aes256;
use base64::{Engine, engine::general_purpose::STANDARD};
use cbc::{
    Encryptor,
    cipher::{BlockModeEncrypt, KeyIvInit, block_padding::NoPadding},
};
use sha1::{Digest, Sha1};
use wechat_realname::{Error, PushChannel, PushChannelOptions, PushDelivery, PushEvent};

pub const TOKEN: &str = "a-push-token";
pub const APP_ID: &str = "wxcomponent00000001";
/// Its last character has two bits that 32 bytes do not need.
pub const KEY: &str = "aKeyForPushTestsWhoseLastCharacterHasSpare3";
pub const OTHER_KEY: &str = "anotherKeyForPushTestsWithNoSpareBitsInItxA";
pub const NOW: u32 = 1_700_000_000;

pub fn options() -> PushChannelOptions {
    PushChannelOptions {
        token: TOKEN.into(),
        encoding_aes_key: KEY.into(),
        app_id: APP_ID.into(),
        ..PushChannelOptions::default()
    }
}

pub fn channel() -> PushChannel {
    PushChannel::new(&options()).unwrap()
}

/// What is encrypted, before the padding.
pub fn plaintext(message: &[u8], app_id: &str) -> Vec<u8> {
    let length = u32::try_from(message.len()).unwrap().to_be_bytes();
    [b"0123456789abcdef", &length[..], message, app_id.as_bytes()].concat()
}

pub fn padded(mut plaintext: Vec<u8>) -> Vec<u8> {
    let padding = 32 - plaintext.len() % 32;
    plaintext.extend(vec![u8::try_from(padding).unwrap(); padding]);
    plaintext
}

/// CBC of whole blocks, in base64.
pub fn encrypt(mut blocks: Vec<u8>, key: &str) -> String {
    // The spare bits make it no base64 for strict decoders: the last character counts for its upper four bits.
    let key = format!("{}{}=", &key[..42], spare_bits_cleared(&key[42..]));
    let key: [u8; 32] = STANDARD.decode(key).unwrap().try_into().unwrap();
    let iv: [u8; 16] = key[..16].try_into().unwrap();
    let length = blocks.len();
    Encryptor::<Aes256>::new(&key.into(), &iv.into())
        .encrypt_padded::<NoPadding>(&mut blocks, length)
        .unwrap();
    STANDARD.encode(blocks)
}

fn spare_bits_cleared(last: &str) -> char {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let at = ALPHABET.find(last).unwrap() & !3;
    ALPHABET.chars().nth(at).unwrap()
}

pub fn msg_signature(token: &str, timestamp: &str, nonce: &str, encrypted: &str) -> String {
    let mut parts = [token, timestamp, nonce, encrypted];
    parts.sort_unstable();
    let hash = Sha1::digest(parts.concat());
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A push: its query values and its body.
#[derive(Clone)]
pub struct Push {
    pub msg_signature: String,
    pub timestamp: String,
    pub nonce: String,
    pub body: String,
}

impl Push {
    pub fn of_ciphertext(encrypted: &str, timestamp: &str, nonce: &str) -> Self {
        Self {
            msg_signature: msg_signature(TOKEN, timestamp, nonce, encrypted),
            timestamp: timestamp.into(),
            nonce: nonce.into(),
            body: format!(
                "<xml><AppId><![CDATA[{APP_ID}]]></AppId><Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"
            ),
        }
    }

    /// With this content, rightly signed, now.
    pub fn of(message: &str) -> Self {
        let encrypted = encrypt(padded(plaintext(message.as_bytes(), APP_ID)), KEY);
        Self::of_ciphertext(&encrypted, &NOW.to_string(), "1320562132")
    }

    pub fn open(&self, channel: &PushChannel, now: u32) -> Result<PushEvent, Error> {
        let delivery = PushDelivery {
            msg_signature: &self.msg_signature,
            timestamp: &self.timestamp,
            nonce: &self.nonce,
            body: self.body.as_bytes(),
        };
        channel.open(&delivery, now)
    }
}
