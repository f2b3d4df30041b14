//! The string to sign, and RSASSA-PKCS1-v1_5 with SHA-256 over it (RFC 8017 §8.2).

use rand_chacha::ChaCha20Rng;
use rsa::{Pkcs1v15Sign, RsaPrivateKey};
use sha2::{Digest, Sha256};

use crate::error::Error;

/// The document's `cert_serialno={}×tamp={}`, with the `&` that an HTML entity ate.
pub(super) fn string_to_sign(cert_serial_no: &str, timestamp: u32) -> String {
    format!("cert_serialno={cert_serial_no}&timestamp={timestamp}")
}

/// The signature; blinding does not change it, it hides the key from a clock.
pub(super) fn sign(
    key: &RsaPrivateKey,
    message: &[u8],
    mut blinding: ChaCha20Rng,
) -> Result<Vec<u8>, Error> {
    let hash = Sha256::digest(message);
    key.sign_with_rng(&mut blinding, Pkcs1v15Sign::new::<Sha256>(), &hash)
        .map_err(|_| Error::Internal)
}
