//! Implicit rejection (draft-irtf-cfrg-rsa-guidance-10 §7): the message that a ciphertext with bad padding opens into.
//!
//! Derived from key and ciphertext, so it is the same each time, and nobody without the key can tell it from a message.

use ctutils::{CtGt, CtSelect};
use hmac::{Hmac, KeyInit, Mac};
use rsa::{
    RsaPrivateKey,
    traits::{PrivateKeyParts, PublicKeyParts},
};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::primitive;
use crate::error::Error;

/// Candidates for the length of a message. All of them being too long happens once in 2^128.
const CANDIDATES: usize = 128;

/// As many octets as the modulus has, and how many of the last ones are the message. Neither may be told.
pub(super) fn message(
    key: &RsaPrivateKey,
    ciphertext: &[u8],
) -> Result<(Zeroizing<Vec<u8>>, u32), Error> {
    let derive = KeyDerivationKey::new(key, ciphertext)?;
    let lengths = derive.octets(b"length", 2 * CANDIDATES)?;
    let octets = derive.octets(b"message", key.size())?;
    // The longest message that there is room for beside eleven octets of padding: k - 11.
    let longest =
        u16::try_from(key.size().saturating_sub(11)).map_err(|_| Error::DecryptionFailed)?;
    Ok((octets, last_that_fits(&lengths, longest).into()))
}

/// The last candidate that is no longer than `longest`.
fn last_that_fits(candidates: &[u8], longest: u16) -> u16 {
    let mask = u16::MAX >> longest.leading_zeros();
    let candidates = candidates.as_chunks().0.iter();
    candidates.fold(0, |length, candidate| {
        let candidate = u16::from_be_bytes(*candidate) & mask;
        candidate.ct_select(&length, candidate.ct_gt(&longest))
    })
}

/// KDK: HMAC-SHA256 over the ciphertext, under the hash of the private exponent.
struct KeyDerivationKey(Hmac<Sha256>);

impl KeyDerivationKey {
    fn new(key: &RsaPrivateKey, ciphertext: &[u8]) -> Result<Self, Error> {
        let exponent = primitive::octets(key.d(), key.size());
        let hash: Zeroizing<[u8; 32]> = Zeroizing::new(Sha256::digest(&*exponent).into());
        let mut mac = keyed(&hash)?;
        mac.update(ciphertext);
        let key: Zeroizing<[u8; 32]> = Zeroizing::new(mac.finalize().into_bytes().into());
        Ok(Self(keyed(&key)?))
    }

    /// IRPRF (§7.1).
    fn octets(&self, label: &[u8], length: usize) -> Result<Zeroizing<Vec<u8>>, Error> {
        let bits = u16::try_from(length * 8).map_err(|_| Error::DecryptionFailed)?;
        let mut octets = Zeroizing::new(vec![0; length]);
        for (number, part) in (0u16..).zip(octets.chunks_mut(32)) {
            let mut mac = self.0.clone();
            mac.update(&number.to_be_bytes());
            mac.update(label);
            mac.update(&bits.to_be_bytes());
            let block: Zeroizing<[u8; 32]> = Zeroizing::new(mac.finalize().into_bytes().into());
            part.iter_mut()
                .zip(*block)
                .for_each(|(to, from)| *to = from);
        }
        Ok(octets)
    }
}

fn keyed(key: &[u8; 32]) -> Result<Hmac<Sha256>, Error> {
    Hmac::new_from_slice(key).map_err(|_| Error::DecryptionFailed)
}
