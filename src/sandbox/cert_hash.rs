//! `cert_hash` of `queryverifyinfo`: whether it is the one, and if not, which of the usual mistakes made it.

use std::fmt::Write;

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE, URL_SAFE_NO_PAD},
};
use sha2::{Digest, Sha256};

use super::gb18030;

/// The one kind of document.
pub(super) const CERT_TYPE: &str = "IDENTITY_CARD";

/// What `getverifyid` was given of a person.
pub(super) struct CertInfo {
    pub(super) name: String,
    pub(super) number: String,
}

/// How a text stands in what is hashed.
type Encoding = fn(&str) -> String;

impl CertInfo {
    fn fields(&self) -> [(&'static str, &str); 3] {
        [
            ("cert_type", CERT_TYPE),
            ("cert_name", &self.name),
            ("cert_no", &self.number),
        ]
    }

    /// What is hashed.
    fn signed(&self) -> String {
        joined(self.fields(), base64)
    }

    /// Why this is not the hash, if it is not.
    pub(super) fn not_hashed(&self, given: &str) -> Option<&'static str> {
        let digest = Sha256::digest(self.signed());
        let expected = in_hex(&digest);
        if given == expected {
            return None;
        }
        Some(match given.len() {
            _ if given.eq_ignore_ascii_case(&expected) => {
                "cert_hash is right but for its upper case: hex digits in lower case"
            }
            _ if given == STANDARD.encode(digest) => {
                "cert_hash is right but for its base64: it must be in hex"
            }
            32 | 40 | 96 | 128 => "cert_hash does not have 64 hex digits (MD5, SHA-1, SHA-512?)",
            64 if given.bytes().all(|byte| byte.is_ascii_hexdigit()) => self
                .mistaken(&given.to_ascii_lowercase())
                .unwrap_or("cert_hash is of another name or number than getverifyid was given, or made in another way"),
            _ => "cert_hash does not have 64 hex digits",
        })
    }

    /// The mistake that led to this hash.
    fn mistaken(&self, given: &str) -> Option<&'static str> {
        let is_of = |bytes: &[u8]| in_hex(&Sha256::digest(bytes)) == given;
        for (encoding, why) in ENCODINGS {
            if is_of(joined(self.fields(), *encoding).as_bytes()) {
                return Some(why);
            }
        }
        let [kind, name, number] = self.fields();
        for order in [
            [kind, number, name],
            [name, kind, number],
            [name, number, kind],
            [number, kind, name],
            [number, name, kind],
        ] {
            if is_of(joined(order, base64).as_bytes()) {
                return Some(
                    "cert_hash is of the fields in another order: cert_type, cert_name, cert_no",
                );
            }
        }
        let signed = self.signed();
        let plain_type = signed.replacen(&base64(CERT_TYPE), CERT_TYPE, 1);
        let gbk_name = STANDARD.encode(gb18030::encode(&self.name));
        let gbk = signed.replacen(&base64(&self.name), &gbk_name, 1);
        let other_case = joined(
            [kind, name, ("cert_no", &self.number.to_ascii_lowercase())],
            base64,
        );
        let pairs = self
            .fields()
            .map(|(name, text)| format!("\"{name}\":\"{text}\""));
        let object = format!("{{{}}}", pairs.join(","));
        let mistakes = [
            (
                plain_type,
                "cert_hash is of a cert_type that is not base64-encoded, as name and number are",
            ),
            (gbk, "cert_hash is of the name in GBK: it must be UTF-8"),
            (
                other_case,
                "cert_hash is of the number with a last x in lower case: it must be as getverifyid got it",
            ),
            (
                format!("{signed}\n"),
                "cert_hash is of a text that ends with a line break: echo adds one, printf does not",
            ),
            (
                base64(&signed),
                "cert_hash is of the whole text in base64: only the three values are encoded",
            ),
            (
                object,
                "cert_hash is of cert_info as JSON: it must be cert_type=…&cert_name=…&cert_no=…",
            ),
        ];
        let made = mistakes.iter().find(|(text, _)| is_of(text.as_bytes()));
        made.map(|(_, why)| *why)
    }
}

const ENCODINGS: &[(Encoding, &str)] = &[
    (
        |text| text.into(),
        "cert_hash is of values that are not base64-encoded",
    ),
    (
        |text| STANDARD_NO_PAD.encode(text),
        "cert_hash is of base64 without its padding: the = belong to it",
    ),
    (
        |text| URL_SAFE.encode(text),
        "cert_hash is of base64url: it must be the standard alphabet, with + and /",
    ),
    (
        |text| URL_SAFE_NO_PAD.encode(text),
        "cert_hash is of base64url without padding: it must be the standard alphabet, with its =",
    ),
    (
        |text| percent_encoded(&base64(text)),
        "cert_hash is of values that were percent-encoded after base64 (URLSearchParams, http_build_query?)",
    ),
    (
        percent_encoded,
        "cert_hash is of values that are percent-encoded, not base64-encoded",
    ),
    (
        |text| base64(&format!("{text}\n")),
        "cert_hash is of values with a line break at their end: echo adds one, printf does not",
    ),
    (
        |text| format!("{}\n", base64(text)),
        "cert_hash is of base64 with line breaks in it",
    ),
];

fn joined(fields: [(&str, &str); 3], encoding: Encoding) -> String {
    let pairs = fields.map(|(name, text)| format!("{name}={}", encoding(text)));
    pairs.join("&")
}

fn base64(text: &str) -> String {
    STANDARD.encode(text)
}

fn percent_encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'_' | b'.' | b'~' => {
                out.push(byte.into());
            }
            // Writing to a String cannot fail.
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
        out
    })
}

fn in_hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;

    use super::*;

    fn info(name: &str, number: &str) -> CertInfo {
        CertInfo {
            name: name.into(),
            number: number.into(),
        }
    }

    #[test]
    fn wechats_own_example() {
        let hash = "3c241f7ff324977aeb91f173bb2a7b06569e6fd784d5573db34a636d8671108b";
        assert_eq!(info("张三", "310101199801011234").not_hashed(hash), None);
    }

    // All of them by printf, echo, base64, iconv and sha256sum. The name has a + in its base64.
    #[test]
    fn the_usual_mistakes_are_told_from_each_other() {
        let info = info("司马", "11010519491231002X");
        let right = "053ae1a49b6de2d0137ba96a121e142223231073767203264c4d7593884c5504";
        assert_eq!(info.not_hashed(right), None);
        for (given, words) in [
            (right.to_uppercase().as_str(), "upper case"),
            ("BTrhpJtt4tATe6lqEh4UIiMjEHN2cgMmTE11k4hMVQQ=", "in hex"),
            ("4ef5a1dc3cb7a920f1d1c0fba275b157", "MD5"),
            ("053ae1a4", "does not have 64 hex digits"),
            (&right.replace('0', "g"), "does not have 64 hex digits"),
            (
                "36573df48f8766ed027e0d75e3330f577326069a58f15c7504a4bdb9250c3339",
                "values that are not base64-encoded",
            ),
            (
                "36573DF48F8766ED027E0D75E3330F577326069A58F15C7504A4BDB9250C3339",
                "values that are not base64-encoded",
            ),
            (
                "65e88e9186dfb63e15384b530b8f50d69e60624ccfa4d84b36f8f8941618a5b1",
                "base64 without its padding",
            ),
            (
                "7d72feb007c012868396782ec82b7498e3290979ed2e0c5f35643eacd6202a4b",
                "base64url: ",
            ),
            (
                "1ac0847d66a854f37bbc41782a2471a6ee2c506f02b7f8d5944285158df3c3dd",
                "base64url without padding",
            ),
            (
                "278eea51e6a6fa63ded619d121d72b500b8b59b57d1d4f417dc14bdcfa587b86",
                "percent-encoded after base64",
            ),
            (
                "771f81f682d6ae1911f40bdfca76d4cd72d38a01834d80226693ea27d8ea2695",
                "percent-encoded, not base64-encoded",
            ),
            (
                "e90e1fd86e29230d67823fc3e49f48fb00f1eea7b0b4c18d90ddd4a095498a7c",
                "values with a line break",
            ),
            (
                "023d43231eff5759c1e731a900214019cbd7bf7915097b08d8e459b85170cc10",
                "base64 with line breaks",
            ),
            (
                "d2dc172eaf2b0b5ffbc424c3dc11bfb3f5597d64339404d0245a377c59bdef7b",
                "another order",
            ),
            (
                "e2834644af720040b96f2b3e306f552f1d85252a92177266450913df9b0f5426",
                "another order",
            ),
            (
                "d437c4c5e6f184e281449cb39544b6a44369150808551d4339183ae01ec49865",
                "a cert_type that is not base64-encoded",
            ),
            (
                "ca82786775c775c9ed6f543759c40e93d4ec2f13f43e1d63ff349d9e4a3c1dd7",
                "GBK",
            ),
            (
                "6d9b6a9ffed84fa2393ad272048a66459d5ee533ad96ff57c0385974a7f81fab",
                "a last x in lower case",
            ),
            (
                "2c0544d4e9cb19f2148c7a1cf5cebc7b253adf4210a5bd84906baf7f92c72cd3",
                "a text that ends with a line break",
            ),
            (
                "5c0008408aa87a0e943493edc7a1e9c9f16cf6ddcff2c9b903ea7818cd1ae14a",
                "the whole text in base64",
            ),
            (
                "180e9635b03583f1477c37012a7014106cce21160be2ffc749844577ea141df4",
                "cert_info as JSON",
            ),
            (
                "3c241f7ff324977aeb91f173bb2a7b06569e6fd784d5573db34a636d8671108b",
                "another name or number",
            ),
        ] {
            let why = info.not_hashed(given).unwrap();
            assert!(why.contains(words), "{why}, not {words}");
        }
    }
}
