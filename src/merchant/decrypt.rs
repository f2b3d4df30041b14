//! RSAES-PKCS1-v1_5 decryption (RFC 8017 §7.2) with implicit rejection and blinding.
//!
//! WeChat chose this padding; nobody should any more. Whoever can tell bad padding from good one, by an error, a length
//! or a clock, can read every message and sign with the key (Bleichenbacher 1998, Marvin 2023). So bad padding is no
//! error here: it yields bytes derived from key and ciphertext (draft-irtf-cfrg-rsa-guidance), bit for bit as
//! OpenSSL ≥ 3.2 does it. Success therefore proves nothing: the caller must check what came out.

use rand_chacha::ChaCha20Rng;
use rsa::{Pkcs1v15Encrypt, RsaPrivateKey};
use zeroize::Zeroizing;

use crate::error::Error;

/// The plaintext, or bytes that look like one. `ciphertext` is as long as the modulus.
pub(super) fn decrypt(
    key: &RsaPrivateKey,
    ciphertext: &[u8],
    mut blinding: ChaCha20Rng,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    key.decrypt_blinded(&mut blinding, Pkcs1v15Encrypt, ciphertext)
        .map(Zeroizing::new)
        .map_err(|_| Error::DecryptionFailed)
}
