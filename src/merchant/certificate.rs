//! The merchant's certificate: where the serial number comes from, and the proof that the key is its own.

use std::fmt::Write;

use rsa::RsaPublicKey;
use x509_cert::{
    certificate::{CertificateInner, Raw},
    der::{Decode, referenced::OwnedToRef},
};

use super::pem;
use crate::error::Error;

/// A serial number of 20 bytes, as every merchant API certificate has.
const HEX_DIGITS: usize = 40;

/// The serial number of the certificate of this key.
pub(super) fn serial_no_of(text: &str, key: &RsaPublicKey) -> Result<String, Error> {
    let blocks = pem::blocks(text);
    let block = blocks
        .iter()
        .find(|block| block.label == "CERTIFICATE")
        .ok_or_else(|| {
            invalid(
                "is not a PEM certificate: no -----BEGIN CERTIFICATE----- in it, or no end to it",
            )
        })?;
    let der = block
        .der()
        .ok_or_else(|| invalid("is damaged: its body is not base64"))?;
    // `Raw` leaves judging the serial number to us.
    let certificate = CertificateInner::<Raw>::from_der(&der)
        .map_err(|_| invalid("is damaged: its body is not an X.509 certificate"))?;
    let certificate = certificate.tbs_certificate();

    let certified = RsaPublicKey::try_from(certificate.subject_public_key_info().owned_to_ref())
        .map_err(|_| invalid("does not hold an RSA key of a usable size"))?;
    if certified != *key {
        return Err(Error::KeyMismatch {
            reason: "privateKey is not the key of the certificate: \
                     the two are of different merchants, or the certificate was renewed with a new key",
        });
    }
    hex(certificate.serial_number().as_bytes()).ok_or_else(|| {
        invalid("has a serial number of other than 40 hex digits: not a merchant API certificate")
    })
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
