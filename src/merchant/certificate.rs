//! The merchant's certificate: where the serial number comes from, and the proof that the key is its own.

use rsa::RsaPublicKey;
use x509_cert::{
    attr::AttributeTypeAndValue,
    certificate::{CertificateInner, Raw},
    der::{DateTime, Decode, Tag, Tagged, asn1::ObjectIdentifier, referenced::OwnedToRef},
    name::Name,
};

use super::{kind::Kind, pem::Block};
use crate::{error::Error, hex::hex};

/// A serial number of 20 bytes, as every merchant API certificate has.
pub(super) const HEX_DIGITS: usize = 40;

/// What a certificate says, as far as we ask it.
pub(super) struct Certificate {
    pub(super) key: RsaPublicKey,
    pub(super) serial_no: String,
    /// The whole subject.
    pub(super) subject: String,
    /// The merchant number, in a merchant's certificate.
    pub(super) common_names: Vec<String>,
    pub(super) not_before: DateTime,
    pub(super) not_after: DateTime,
}

/// The certificates with RSA keys among the blocks of a file, at least one; or what there is instead.
pub(super) fn read(blocks: &[Block]) -> Result<Vec<Certificate>, &'static str> {
    let (mut certificates, mut reason) = (Vec::new(), None);
    for block in blocks.iter().filter(|block| block.is_certificate()) {
        match certificate(&block.der) {
            Ok(certificate) => certificates.push(certificate),
            Err(wrong) => reason = reason.or(Some(wrong)),
        }
    }
    if !certificates.is_empty() {
        return Ok(certificates);
    }
    Err(reason.unwrap_or_else(|| {
        let damaged = |block: &&Block| matches!(block.kind, Kind::Damaged(_));
        let found = blocks.iter().find(damaged).or_else(|| blocks.first());
        found.map_or("is empty", |block| instead_of_a_certificate(block.kind))
    }))
}

fn certificate(der: &[u8]) -> Result<Certificate, &'static str> {
    // `Raw` leaves judging the serial number to us.
    let certificate = CertificateInner::<Raw>::from_der(der)
        .map_err(|_| "is damaged: its body is not an X.509 certificate")?;
    let certificate = certificate.tbs_certificate();
    let key = RsaPublicKey::try_from(certificate.subject_public_key_info().owned_to_ref())
        .map_err(|_| "does not hold an RSA key of a usable size")?;
    let subject = certificate.subject();
    let validity = certificate.validity();
    Ok(Certificate {
        key,
        serial_no: in_hex(certificate.serial_number().as_bytes()),
        subject: in_words(subject),
        common_names: subject
            .iter()
            .filter(|part| part.oid == COMMON_NAME)
            .map(text)
            .collect(),
        not_before: validity.not_before.to_date_time(),
        not_after: validity.not_after.to_date_time(),
    })
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

/// `CN=1900006511,OU=…,O=微信商户系统,C=CN`: the last attribute first, as in RFC 4514.
fn in_words(subject: &Name) -> String {
    let mut parts: Vec<String> = subject
        .iter()
        .map(|part| {
            let known = ATTRIBUTES.iter().find(|(oid, _)| *oid == part.oid);
            let name = known.map_or_else(|| part.oid.to_string(), |(_, name)| (*name).to_owned());
            let mut words = name + "=";
            for c in text(part).chars() {
                if ",+\"\\<>;".contains(c) {
                    words.push('\\');
                }
                words.push(if is_printable(c) { c } else { '?' });
            }
            words
        })
        .collect();
    parts.reverse();
    parts.join(",")
}

/// Not what moves a terminal's cursor, or turns the direction of a line around.
fn is_printable(c: char) -> bool {
    let turning =
        matches!(c, '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    !(c.is_control() || turning)
}

/// Every kind of text in use is ASCII or UTF-8, but for one of two bytes a character.
fn text(part: &AttributeTypeAndValue) -> String {
    let bytes = part.value.value();
    if part.value.tag() == Tag::BmpString {
        let pairs = bytes.chunks(2).map(|pair| match *pair {
            [high, low] => u16::from_be_bytes([high, low]),
            _ => 0,
        });
        return char::decode_utf16(pairs)
            .map(|c| c.unwrap_or('?'))
            .collect();
    }
    String::from_utf8_lossy(bytes).into_owned()
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

/// The bytes without DER's leading sign byte, in upper-case hex.
fn in_hex(serial: &[u8]) -> String {
    let bytes = match serial {
        [0, bytes @ ..] if matches!(bytes, [0x80..=0xFF, ..]) => bytes,
        bytes => bytes,
    };
    hex(bytes).to_ascii_uppercase()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sign_byte_is_dropped_and_leading_zeros_stay() {
        let after = |head: &[u8], length: usize| [head, &vec![0xAB; length][..]].concat();
        assert_eq!(in_hex(&after(&[0], 20)), "AB".repeat(20));
        assert_eq!(in_hex(&after(&[5], 19)), format!("05{}", "AB".repeat(19)));
        // Shorter ones stay what they are, with the sign byte and without.
        assert_eq!(in_hex(&after(&[0], 19)), "AB".repeat(19));
        assert_eq!(in_hex(&[1; 19]), "01".repeat(19));
        assert_eq!(in_hex(&[]), "");
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
