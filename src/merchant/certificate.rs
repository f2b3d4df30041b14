//! The merchant's certificate: where the serial number comes from, and the proof that the key is its own.

use std::fmt::Write;

use rsa::RsaPublicKey;
use x509_cert::{
    attr::AttributeTypeAndValue,
    certificate::{CertificateInner, Raw},
    der::{DateTime, Decode, asn1::ObjectIdentifier, referenced::OwnedToRef},
    name::Name,
};

use super::{kind::Kind, pem::Block};
use crate::error::Error;

/// A serial number of 20 bytes, as every merchant API certificate has.
const HEX_DIGITS: usize = 40;

/// What a certificate says, as far as we ask it.
pub(super) struct Certificate {
    pub(super) serial_no: String,
    /// The whole subject, as RFC 4514 writes it.
    pub(super) subject: String,
    /// The merchant number, in a merchant's certificate.
    pub(super) common_name: Option<String>,
    pub(super) not_before: DateTime,
    pub(super) not_after: DateTime,
}

/// The certificate of this key. A file may hold a whole chain: it is the one with the key's own public half.
pub(super) fn read(blocks: &[Block], key: &RsaPublicKey) -> Result<Certificate, Error> {
    let mut ders = blocks
        .iter()
        .filter(|block| block.is_certificate())
        .peekable();
    if ders.peek().is_none() {
        let found = blocks.first();
        return Err(invalid(
            found.map_or("is empty", |block| instead_of_a_certificate(block.kind)),
        ));
    }
    let mut found = Error::KeyMismatch {
        reason: "privateKey is not the key of the certificate: \
                 the two are of different merchants, or the certificate was renewed with a new key",
    };
    for block in ders {
        // `Raw` leaves judging the serial number to us.
        let Ok(certificate) = CertificateInner::<Raw>::from_der(&block.der) else {
            found = invalid("is damaged: its body is not an X.509 certificate");
            continue;
        };
        let certificate = certificate.tbs_certificate();
        let certified =
            RsaPublicKey::try_from(certificate.subject_public_key_info().owned_to_ref());
        if !certified.is_ok_and(|certified| certified == *key) {
            continue;
        }
        let serial_no = hex(certificate.serial_number().as_bytes()).ok_or_else(|| {
            invalid(
                "has a serial number of other than 40 hex digits: not a merchant API certificate",
            )
        })?;
        let subject = certificate.subject();
        let common_name = subject.iter().find(|part| part.oid == COMMON_NAME);
        let validity = certificate.validity();
        return Ok(Certificate {
            serial_no,
            subject: in_words(subject),
            common_name: common_name.and_then(text),
            not_before: validity.not_before.to_date_time(),
            not_after: validity.not_after.to_date_time(),
        });
    }
    Err(found)
}

const COMMON_NAME: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.5.4.3");

/// The attributes that subjects are made of. x509-cert's own table of names is 100 KB of WebAssembly.
const ATTRIBUTES: &[(ObjectIdentifier, &str)] = &[
    (COMMON_NAME, "CN"),
    (ObjectIdentifier::new_unwrap("2.5.4.6"), "C"),
    (ObjectIdentifier::new_unwrap("2.5.4.7"), "L"),
    (ObjectIdentifier::new_unwrap("2.5.4.8"), "ST"),
    (ObjectIdentifier::new_unwrap("2.5.4.10"), "O"),
    (ObjectIdentifier::new_unwrap("2.5.4.11"), "OU"),
];

/// `CN=1900006511,OU=…,O=微信商户系统,C=CN`: the last attribute first, as RFC 4514 has it.
fn in_words(subject: &Name) -> String {
    let mut parts: Vec<String> = subject
        .iter()
        .map(|part| {
            let known = ATTRIBUTES.iter().find(|(oid, _)| *oid == part.oid);
            let name = known.map_or_else(|| part.oid.to_string(), |(_, name)| (*name).to_owned());
            let mut words = name + "=";
            for c in text(part).unwrap_or_else(|| "?".into()).chars() {
                if ",+\"\\<>;".contains(c) {
                    words.push('\\');
                }
                words.push(if c.is_control() { '?' } else { c });
            }
            words
        })
        .collect();
    parts.reverse();
    parts.join(",")
}

/// Every kind of text in use is ASCII or UTF-8, but for encodings that certificates gave up in 2003.
fn text(part: &AttributeTypeAndValue) -> Option<String> {
    str::from_utf8(part.value.value()).ok().map(str::to_owned)
}

/// A serial number as people copy it, in WeChat's form: upper case, without the colons that some tools put in.
pub(super) fn given_serial_no(text: &str) -> Result<String, Error> {
    let invalid = |reason| Err(Error::invalid_argument("certSerialNo", reason));
    if text.trim_start().starts_with("PUB_KEY_ID_") {
        return invalid(
            "is the id of a WeChat Pay public key: what belongs here is the merchant certificate's serial number",
        );
    }
    let serial: String = text
        .trim()
        .chars()
        .filter(|c| *c != ':')
        .map(|c| c.to_ascii_uppercase())
        .collect();
    if serial.len() != HEX_DIGITS || !serial.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return invalid("must be 40 hex digits: the merchant certificate's serial number");
    }
    Ok(serial)
}

/// The bytes without DER's leading sign byte, in upper-case hex with leading zeros kept.
fn hex(serial: &[u8]) -> Option<String> {
    let digits = match serial {
        [0, digits @ ..] if digits.len() * 2 == HEX_DIGITS => digits,
        digits => digits,
    };
    let mut hex = String::with_capacity(HEX_DIGITS);
    for byte in digits {
        write!(hex, "{byte:02X}").ok()?;
    }
    (hex.len() == HEX_DIGITS).then_some(hex)
}

/// What was found where the certificate belongs.
fn instead_of_a_certificate(kind: Kind) -> &'static str {
    match kind {
        Kind::CertificateRequest => {
            "is a certificate request (CSR); the certificate that came of it is apiclient_cert.pem"
        }
        Kind::Damaged(reason) => reason,
        Kind::EncryptedKey
        | Kind::EncryptedKeyOfOld
        | Kind::EllipticCurveKey
        | Kind::OpenSshKey
        | Kind::Pkcs1Key
        | Kind::Pkcs8Key => "is a private key, not a certificate; that one is apiclient_cert.pem",
        Kind::Pkcs12 => "is a PKCS#12 file (.p12): hand it in as p12, without certificate",
        Kind::Pkcs7 => {
            "is a PKCS#7 file (.p7b); hand in the certificate itself, apiclient_cert.pem"
        }
        Kind::PublicKey => "is a public key, not a certificate; that one is apiclient_cert.pem",
        Kind::Certificate | Kind::Other => "is of another kind than a certificate",
    }
}

fn invalid(reason: &'static str) -> Error {
    Error::InvalidKey {
        field: "certificate",
        reason,
    }
}
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sign_byte_is_dropped_and_leading_zeros_stay() {
        let mut bytes = [0xAB; 21];
        bytes[0] = 0;
        assert_eq!(hex(&bytes).unwrap(), "AB".repeat(20));
        let mut bytes = [0xCD; 20];
        bytes[0] = 0x05;
        assert_eq!(hex(&bytes).unwrap(), format!("05{}", "CD".repeat(19)));
        assert_eq!(hex(&[1; 19]), None);
        assert_eq!(hex(&[1; 21]), None);
        assert_eq!(hex(&[]), None);
    }

    #[test]
    fn a_given_serial_is_brought_into_wechats_form() {
        let serial = "5AB1C2D3E4F5061728394A5B6C7D8E9F00112233";
        assert_eq!(given_serial_no(&serial.to_lowercase()).unwrap(), serial);
        assert_eq!(given_serial_no(&format!(" {serial}\n")).unwrap(), serial);
        for text in [
            "",
            "5AB1",
            "PUB_KEY_ID_0000000000000024101100397200000006",
            &"G".repeat(40),
        ] {
            assert_eq!(
                given_serial_no(text).unwrap_err().field(),
                Some("certSerialNo")
            );
        }
    }
}
