//! A request for `getrealnameinfo` that WeChat refused: what was really signed.
//!
//! The signature says which string it is of, to whoever has the public key and the right guess. So the strings that people
//! sign by mistake are tried one after the other.

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD},
};
use serde_json::{Map, Value};

use super::{
    candidates::{bodies, ends, serials, timestamps, ways},
    text::Text,
};
use crate::merchant::inspect::{PublicKey, Scheme};

/// What a signature turned out to be.
#[derive(Debug, Eq, PartialEq)]
pub(super) enum Signed {
    /// What WeChat expects.
    Right,
    /// Something else: each way in which it differs.
    Differently(Vec<Text>),
    /// None of what is known, or by another key.
    Unknown,
}

/// The signature's bytes, however they were written.
pub(super) fn bytes_of(sign: &str) -> Option<Vec<u8>> {
    let compact: String = sign.split_ascii_whitespace().collect();
    let hex = || {
        let digits =
            compact.len().is_multiple_of(2) && compact.bytes().all(|b| b.is_ascii_hexdigit());
        let pairs = (0..compact.len())
            .step_by(2)
            .map(|at| compact.get(at..at + 2));
        let bytes = pairs.map(|pair| u8::from_str_radix(pair?, 16).ok());
        digits.then(|| bytes.collect::<Option<Vec<u8>>>()).flatten()
    };
    hex()
        .or_else(|| STANDARD.decode(&compact).ok())
        .or_else(|| URL_SAFE.decode(&compact).ok())
        .or_else(|| URL_SAFE_NO_PAD.decode(&compact).ok())
}

/// What `sign` is a signature of, where `fields` are the request's and `own_serial` is the certificate's.
pub(super) fn what_was_signed(
    fields: &Map<String, Value>,
    own_serial: Option<&str>,
    key: &PublicKey,
    sign: &[u8],
) -> Signed {
    let of = |name: &str| match fields.get(name) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    let (serial, timestamp) = (of("cert_serialno"), of("timestamp"));
    let right =
        |serial: &str, timestamp: &str| format!("cert_serialno={serial}&timestamp={timestamp}");
    if key.verifies(
        Scheme::Pkcs1Sha256,
        right(&serial, &timestamp).as_bytes(),
        sign,
    ) {
        return Signed::Right;
    }
    let (mch_id, auth_token) = (of("mch_id"), of("auth_token"));
    let mut strings: Vec<(String, Vec<Text>)> = Vec::new();
    for (serial, serial_fault) in serials(&serial, own_serial) {
        for (timestamp, time_fault) in timestamps(&timestamp) {
            for (body, fault) in bodies(&serial, &timestamp, &mch_id, &auth_token) {
                for (end, end_fault) in ends() {
                    let faults = [&fault, &serial_fault, &time_fault, &end_fault];
                    let faults = faults.into_iter().flatten().cloned().collect();
                    strings.push((format!("{body}{end}"), faults));
                }
            }
        }
    }
    // Few mistakes are likelier than many.
    strings.sort_by_key(|(_, faults)| faults.len());
    for (string, faults) in &strings {
        // A string that is wrong in several ways is not tried with every other mistake on top: each trial costs an RSA
        // operation.
        let ways = ways(string)
            .into_iter()
            .take(if faults.len() > 1 { 1 } else { usize::MAX });
        for (scheme, message, fault) in ways {
            if key.verifies(scheme, &message, sign) {
                return Signed::Differently(faults.iter().cloned().chain(fault).collect());
            }
        }
    }
    Signed::Unknown
}

#[cfg(test)]
#[cfg(feature = "sandbox")]
mod tests {
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
    use rsa::{Pkcs1v15Sign, Pss, RsaPrivateKey, pkcs8::DecodePrivateKey};
    use serde_json::json;
    use sha1::Sha1;
    use sha2::{Digest, Sha256};

    use super::*;
    use crate::{merchant::inspect, sandbox::MERCHANT_KEY};

    const SERIAL: &str = "5AB7C1E2093F48D6A15B7C3E90D24F6818A7BC35";

    fn random() -> ChaCha20Rng {
        ChaCha20Rng::from_seed([7; 32])
    }

    fn sha256(string: &str) -> Vec<u8> {
        let key = RsaPrivateKey::from_pkcs8_pem(MERCHANT_KEY).unwrap();
        let scheme = Pkcs1v15Sign::new::<Sha256>();
        key.sign_with_rng(&mut random(), scheme, &Sha256::digest(string))
            .unwrap()
    }

    /// What is said in English, for a request with these values and a signature of something.
    fn said(serial: &str, timestamp: &Value, sign: &[u8]) -> String {
        let fields = json!({
            "auth_token": "user-token", "mch_id": "1900000109", "cert_serialno": serial, "timestamp": timestamp,
        });
        let Value::Object(fields) = fields else {
            return String::new();
        };
        let keys = inspect::public_keys("privateKey", MERCHANT_KEY.as_bytes()).unwrap();
        match what_was_signed(&fields, Some(SERIAL), &keys[0], sign) {
            Signed::Right => "right".into(),
            Signed::Unknown => "unknown".into(),
            Signed::Differently(faults) => {
                let faults: Vec<String> = faults.into_iter().map(|fault| fault.en).collect();
                faults.join("; ")
            }
        }
    }

    #[test]
    fn strings_that_people_sign() {
        let lower = SERIAL.to_lowercase();
        let now = "1795170000";
        for (string, expected) in [
            (format!("cert_serialno={SERIAL}&timestamp={now}"), "right"),
            (format!("cert_serialno={SERIAL}×tamp={now}"), "×tamp"),
            (
                format!("cert_serialno={SERIAL}&amp;timestamp={now}"),
                "&amp;timestamp",
            ),
            (
                format!("cert_serialno={SERIAL}&timestamp={now}\n"),
                "ends with a line end",
            ),
            (
                format!("cert_serialno={SERIAL}&timestamp={now}\r\n"),
                "ends with a line end",
            ),
            (
                format!("cert_serialno={lower}&timestamp={now}"),
                "lower case in the signed string",
            ),
            (
                format!("timestamp={now}&cert_serialno={SERIAL}"),
                "order is swapped",
            ),
            (
                format!("cert_serialno={SERIAL}&timestamp={now}000"),
                "milliseconds in the signed string",
            ),
            (
                format!("mch_id=1900000109&cert_serialno={SERIAL}&timestamp={now}"),
                "has mch_id in it",
            ),
            (
                format!("auth_token=user-token&cert_serialno={SERIAL}&timestamp={now}"),
                "has auth_token in it",
            ),
            (
                format!(
                    "auth_token=user-token&cert_serialno={SERIAL}&mch_id=1900000109&timestamp={now}"
                ),
                "has auth_token and mch_id in it",
            ),
            (format!("cert_serialno={SERIAL}×tamp={now}\n"), "×tamp"),
            (format!("cert_serialno={lower}×tamp={now}\n"), "×tamp"),
            (format!("{SERIAL}{now}"), "values alone"),
            ("something else".to_owned(), "unknown"),
        ] {
            let said = said(SERIAL, &json!(1_795_170_000), &sha256(&string));
            assert!(said.contains(expected), "{string}: {said}");
        }
        let twice = said(
            SERIAL,
            &json!(1_795_170_000),
            &sha256(&format!("cert_serialno={lower}×tamp={now}\n")),
        );
        assert_eq!(twice.matches("; ").count(), 2, "{twice}");
    }

    #[test]
    fn values_that_differ_between_request_and_signature() {
        let right = format!("cert_serialno={SERIAL}&timestamp=1795170000");
        let lower = SERIAL.to_lowercase();
        assert!(
            said(&lower, &json!(1_795_170_000), &sha256(&right))
                .contains("upper case in the signed")
        );
        assert!(
            said(SERIAL, &json!(1_795_170_000_123_u64), &sha256(&right))
                .contains("in seconds in the signed")
        );
        let another = "0".repeat(40);
        assert!(said(&another, &json!(1_795_170_000), &sha256(&right)).contains("is another one"));
        assert_eq!(said(SERIAL, &json!("1795170000"), &sha256(&right)), "right");
    }

    #[test]
    fn ways_of_signing() {
        let key = RsaPrivateKey::from_pkcs8_pem(MERCHANT_KEY).unwrap();
        let string = format!("cert_serialno={SERIAL}&timestamp=1795170000");
        let mut prefixed = vec![
            0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2B, 0x0E, 0x03, 0x02, 0x1A, 0x05, 0x00, 0x04,
            0x14,
        ];
        prefixed.extend_from_slice(&Sha1::digest(&string));
        let sha1 = key.sign_with_rng(&mut random(), Pkcs1v15Sign::new_unprefixed(), &prefixed);
        assert!(said(SERIAL, &json!(1_795_170_000), &sha1.unwrap()).contains("SHA-1"));
        for salt in [32, 20, 222] {
            let scheme = Pss::<Sha256>::new_with_salt(salt);
            let pss = key
                .sign_with_rng(&mut random(), scheme, &Sha256::digest(&string))
                .unwrap();
            assert!(
                said(SERIAL, &json!(1_795_170_000), &pss).contains("RSA-PSS"),
                "{salt}"
            );
        }
        let hash = Sha256::digest(&string);
        let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(said(SERIAL, &json!(1_795_170_000), &sha256(&hex)).contains("hashes once more"));
    }

    #[test]
    fn encodings_of_a_signature() {
        let sign = sha256("x");
        let standard = STANDARD.encode(&sign);
        let (one, two) = standard.split_at(64);
        let hex: String = sign.iter().map(|byte| format!("{byte:02x}")).collect();
        for text in [
            standard.clone(),
            format!("{one}\n{two}\n"),
            URL_SAFE.encode(&sign),
            URL_SAFE_NO_PAD.encode(&sign),
            hex,
        ] {
            assert_eq!(bytes_of(&text).as_deref(), Some(&*sign), "{text}");
        }
        assert_eq!(bytes_of("%%%"), None);
    }
}
