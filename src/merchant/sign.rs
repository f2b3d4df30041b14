//! The string to sign, and RSASSA-PKCS1-v1_5 with SHA-256 over it (RFC 8017 §8.2).

use rsa::{RsaPrivateKey, traits::PublicKeyParts};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::primitive::{self, Engine};
use crate::error::Error;

/// DER of the DigestInfo of SHA-256, up to the hash (RFC 8017 §9.2, note 1).
const DIGEST_INFO: [u8; 19] = [
    0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05,
    0x00, 0x04, 0x20,
];

/// The document's `cert_serialno={}×tamp={}`, with the `&` that an HTML entity ate.
pub(super) fn string_to_sign(cert_serial_no: &str, timestamp: u32) -> String {
    format!("cert_serialno={cert_serial_no}&timestamp={timestamp}")
}

/// The signature; whatever computes it, it is the same.
pub(super) fn sign(
    key: &RsaPrivateKey,
    message: &[u8],
    engine: Engine<'_>,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    let encoded = encode(message, key.size());
    let representative = primitive::integer(key, &encoded).ok_or(Error::Internal)?;
    engine.compute(key, &representative)
}

/// EMSA-PKCS1-v1_5 (RFC 8017 §9.2): `00 01 ff … ff 00`, then the DigestInfo. No key is so short that it would not fit.
fn encode(message: &[u8], length: usize) -> Vec<u8> {
    let hash = Sha256::digest(message);
    let padding = length.saturating_sub(3 + DIGEST_INFO.len() + hash.len());
    let mut encoded = vec![0, 1];
    encoded.resize(2 + padding, 0xff);
    encoded.push(0);
    encoded.extend(DIGEST_INFO);
    encoded.extend(hash);
    encoded
}
