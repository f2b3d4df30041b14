//! `POST /cityservice/getmedrealname`.
//!
//! Magic values of `wxmed_authcode` beyond the common ones: `sandbox:junk` (a ciphertext that does not open),
//! `sandbox:short` (not a whole number of blocks), `sandbox:key_version=7` and `sandbox:algorithm` (a reply that says so of
//! its ciphertext).

use aes::{
    Aes256,
    cipher::{BlockCipherEncrypt, KeyInit},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use rand_chacha::rand_core::Rng;
use serde::Serialize;
use serde_json::{Value, json};

use super::{
    Answer, Incoming, Mistake, Moment, Outcome, Person, Refusal, Sandbox, magic,
    person::ID_CARD,
    reply::{accept, fields},
};

/// The key that the ready hospital's replies are encrypted under, of version 0. It protects nothing: everybody has it.
pub const MEDICAL_KEY: &str = "SandboxMedicalKeyEverybodyHas012";

/// The permission set that `getmedrealname` belongs to.
pub(super) const PERMISSION_SET: u32 = 134;
/// How long a code is good.
pub(super) const CODE_SECONDS: u64 = 600;

const ALGORITHM: &str = "AES_256_ECB_PKCS7Padding";
const BLOCK: usize = 16;
/// Of whoever has none: those of WeChat's sample.
const PHONE: &str = "13800000138";
const COUNTRY: &str = "86";

/// A code for `getmedrealname`.
pub(super) struct Code {
    pub(super) app_id: String,
    pub(super) openid: String,
    pub(super) end: u64,
}

/// What replies are encrypted under.
pub(super) struct Key {
    version: u32,
    bytes: [u8; 32],
}

impl Key {
    /// The one that is there from the start.
    pub(super) fn ready() -> Result<Self, Mistake> {
        Self::of(0, MEDICAL_KEY)
    }

    fn of(version: u32, key: &str) -> Result<Self, Mistake> {
        let visible = key.bytes().all(|byte| byte.is_ascii_graphic());
        let bytes = key.as_bytes().try_into().ok().filter(|_| visible);
        let bytes = bytes.ok_or(Mistake {
            field: "key",
            reason: "must be 32 ASCII characters, none of them a space",
        })?;
        Ok(Self { version, bytes })
    }

    /// AES-256 in ECB mode, padded as PKCS#7 has it.
    fn encrypt(&self, plain: &[u8]) -> Vec<u8> {
        let padding = BLOCK - plain.len() % BLOCK;
        let mut bytes = plain.to_vec();
        bytes.extend((0..padding).map(|_| u8::try_from(padding).unwrap_or_default()));
        let cipher = Aes256::new(&self.bytes.into());
        for block in bytes.as_chunks_mut::<BLOCK>().0 {
            cipher.encrypt_block(block.into());
        }
        bytes
    }
}

impl Sandbox {
    /// Changes the key of the hospital: replies of `getmedrealname` are encrypted under it from now on, and say its version.
    ///
    /// # Errors
    /// What is not 32 ASCII characters.
    pub fn set_medical_key(&mut self, key_version: u32, key: &str) -> Result<(), Mistake> {
        self.medical_key = Key::of(key_version, key)?;
        Ok(())
    }
}

/// What is encrypted, in the order of WeChat's sample.
#[derive(Serialize)]
struct RealName<'a> {
    real_name: &'a str,
    id_card_no: &'a str,
    id_card_type: u32,
    phone: &'a str,
    timestamp: u64,
    phone_country_code: &'a str,
}

/// Whether a word is magic in `wxmed_authcode` alone.
pub(super) fn is_word(word: &str) -> bool {
    matches!(word, "junk" | "short" | "algorithm") || key_version_of(word).is_some()
}

/// The number of `key_version=7`.
fn key_version_of(word: &str) -> Option<u32> {
    word.strip_prefix("key_version=")?.parse().ok()
}

pub(super) fn answer(
    sandbox: &Sandbox,
    app_id: &str,
    request: &Incoming,
    moment: &mut Moment,
) -> Outcome {
    let fields = fields(request)?;
    let text = |name| fields.get(name).and_then(Value::as_str).unwrap_or_default();
    // These two codes are assumed: WeChat names 11200 alone.
    if text("app_id") != app_id {
        return Err(Refusal::new(
            40013,
            "invalid appid",
            "app_id is missing, no text, or not the mini program of this access token",
        ));
    }
    let openid = text("open_id");
    let not_theirs = |why| Err(Refusal::new(40003, "invalid openid", why));
    if openid.is_empty() {
        return not_theirs("open_id is missing, empty or no text");
    }
    let given = text("wxmed_authcode");
    let mut reply = Reply {
        cipher: Vec::new(),
        algorithm: ALGORITHM,
        key_version: sandbox.medical_key.version,
    };
    if let Some(word) = magic::word(given).filter(|word| is_word(word)) {
        reply.cipher = RealName::of_nobody(moment.now).encrypted(sandbox);
        let why = match word {
            "junk" => {
                moment.random.fill_bytes(&mut reply.cipher);
                "a magic value asked for a ciphertext of nothing"
            }
            "short" => {
                reply.cipher.pop();
                "a magic value asked for a ciphertext that is one byte short"
            }
            "algorithm" => {
                reply.algorithm = "AES_256_GCM";
                "a magic value asked for another cipher_algorithm"
            }
            _ => {
                reply.key_version = key_version_of(word).unwrap_or_default();
                "a magic value asked for this key_version"
            }
        };
        return Ok(reply.to(app_id, openid, why));
    }
    if let Some(answer) = magic::answer(given)? {
        return Ok(answer);
    }

    // WeChat has this number for a code that is over; that it is every bad code's is assumed.
    let over = |why| Err(Refusal::new(11200, "wxmed_authcode expired", why));
    let Some(code) = sandbox.medical_codes.get(given) else {
        return over(if given.is_empty() {
            "wxmed_authcode is missing or no text"
        } else {
            "this wxmed_authcode was never handed out (without the dots at its end?)"
        });
    };
    if code.app_id != app_id {
        return over("this wxmed_authcode is another mini program's");
    }
    if code.end <= moment.now {
        return over("this wxmed_authcode was handed out more than 10 minutes ago");
    }
    if code.openid != openid {
        return not_theirs("open_id is not the user that this wxmed_authcode was given to");
    }
    let person = sandbox.people.get(&(app_id.into(), openid.into()));
    let Some(real_name) = person.and_then(|person| RealName::of(person, moment.now)) else {
        return over("the user has no real name: the real WeChat would have given no code");
    };
    reply.cipher = real_name.encrypted(sandbox);
    Ok(reply.to(app_id, openid, "the code is good, and the user agreed"))
}

impl<'a> RealName<'a> {
    fn of(person: &'a Person, now: u64) -> Option<Self> {
        let (name, number) = person.known()?;
        Some(Self {
            real_name: name,
            id_card_no: number,
            id_card_type: person.card_type(),
            phone: person.phone.as_deref().unwrap_or(PHONE),
            timestamp: now,
            phone_country_code: person.phone_country_code.as_deref().unwrap_or(COUNTRY),
        })
    }

    fn of_nobody(now: u64) -> Self {
        Self {
            real_name: "张三",
            id_card_no: "11010519491231002X",
            id_card_type: ID_CARD,
            phone: PHONE,
            timestamp: now,
            phone_country_code: COUNTRY,
        }
    }

    fn encrypted(&self, sandbox: &Sandbox) -> Vec<u8> {
        // Texts and numbers are always JSON.
        let plain = serde_json::to_vec(self).unwrap_or_default();
        sandbox.medical_key.encrypt(&plain)
    }
}

struct Reply {
    cipher: Vec<u8>,
    algorithm: &'static str,
    key_version: u32,
}

impl Reply {
    fn to(&self, app_id: &str, openid: &str, why: &str) -> Answer {
        accept(
            json!({
                "cipher_real_name": STANDARD.encode(&self.cipher),
                "cipher_algorithm": self.algorithm,
                "key_version": self.key_version,
                "app_id": app_id,
                "open_id": openid,
            }),
            why,
        )
    }
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    // By `openssl enc -aes-256-ecb -K … | base64`.
    #[test]
    fn as_openssl_encrypts() {
        let key = Key::ready().unwrap();
        for (plain, encrypted) in [
            ("", "1D2pBEEiUgcysCESjon4pw=="),
            ("123456789012345", "TZl9noRmY33VVjNSu5li1g=="),
            (
                "1234567890123456",
                "DISGGTkGTCmB7GISETU+sdQ9qQRBIlIHMrAhEo6J+Kc=",
            ),
            (
                "1234567890123456张",
                "DISGGTkGTCmB7GISETU+sedpPchG3vs8v2zUq2Sr3Gg=",
            ),
        ] {
            assert_eq!(STANDARD.encode(key.encrypt(plain.as_bytes())), encrypted);
        }
    }

    #[test]
    fn a_key_is_32_ascii_characters() {
        for key in [
            "",
            &"a".repeat(31),
            &"a".repeat(33),
            &"é".repeat(16),
            &format!("{}\n", "a".repeat(31)),
        ] {
            assert_eq!(Key::of(0, key).err().unwrap().field, "key");
        }
    }
}
