//! Which keys are used at all: their size, their exponent, and parts that fit each other.
#![cfg(all(not(target_arch = "wasm32"), feature = "encrypted-files"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    unreachable_pub,
    reason = "a test says what it expects by failing"
)]

mod common;

use base64::{Engine, engine::general_purpose::STANDARD};
use common::{
    entropy,
    key_files::{bytes, key_files},
};
use wechat_realname::{ErrorCode, Merchant};

/// The parts of a key changed one at a time: none of it opens, or what it signs is right all the same.
#[test]
fn keys_whose_parts_do_not_fit_are_refused() {
    use rsa_parts::{Parts, der};

    let vectors = key_files();
    let body: String = String::from_utf8(bytes(&vectors.key))
        .unwrap()
        .lines()
        .filter(|line| !line.starts_with('-'))
        .collect();
    let der_of_key = STANDARD.decode(body).unwrap();
    let parts = Parts::of(&der_of_key);
    assert_eq!(der(&parts), der_of_key);
    let open = |parts: &Parts| Merchant::open(&vectors.with_key(der(parts)));
    assert!(open(&parts).is_ok());
    for (index, name) in ["n", "e", "d", "p", "q"].iter().enumerate() {
        let mut wrong = parts.clone();
        let last = wrong.0[index + 1].last_mut().unwrap();
        *last ^= 4;
        assert_eq!(
            open(&wrong).unwrap_err().code(),
            ErrorCode::InvalidKey,
            "{name}"
        );
    }
    // What can be computed from the others is: a wrong one does no harm (and a wrong one that was used would give
    // the key away: Boneh, DeMillo and Lipton 1997).
    for index in 6..9 {
        let mut wrong = parts.clone();
        *wrong.0[index].last_mut().unwrap() ^= 4;
        let merchant = open(&wrong).unwrap();
        assert_eq!(
            merchant.sign(vectors.timestamp, &entropy()).unwrap(),
            vectors.sign
        );
    }
    // Which prime comes first is a matter of who wrote the file.
    let mut swapped = parts.clone();
    swapped.0.swap(4, 5);
    swapped.0.swap(6, 7);
    let merchant = open(&swapped).unwrap();
    assert_eq!(
        merchant.sign(vectors.timestamp, &entropy()).unwrap(),
        vectors.sign
    );
    for (e, says) in [
        (&[1][..], "even or below 3"),
        (&[2], "even or below 3"),
        (&[0], "even or below 3"),
        (&[1, 0, 0], "even or below 3"),
        (&[1, 0, 0, 0, 1], "more than 32 bits"),
        (&[3], "do not fit together"),
    ] {
        let mut wrong = parts.clone();
        wrong.0[2] = e.to_vec();
        let error = open(&wrong).unwrap_err().to_string();
        assert!(error.contains(says), "{e:?}: {error}");
    }
    let mut large = parts.clone();
    large.0[1] = vec![0x7F; 1025];
    assert!(
        open(&large)
            .unwrap_err()
            .to_string()
            .contains("2048 to 8192 bits")
    );
}

/// As little DER as taking an RSA key apart needs: written here, so that it shares nothing with what it tests.
mod rsa_parts {
    #[derive(Clone)]
    pub struct Parts(pub Vec<Vec<u8>>);

    impl Parts {
        pub fn of(der: &[u8]) -> Self {
            let (mut rest, mut found) = (value(der).0, Vec::new());
            while !rest.is_empty() {
                let (integer, after) = value(rest);
                found.push(integer.to_vec());
                rest = after;
            }
            Self(found)
        }
    }

    pub fn der(parts: &Parts) -> Vec<u8> {
        let integers: Vec<u8> = parts.0.iter().flat_map(|integer| tlv(2, integer)).collect();
        tlv(0x30, &integers)
    }

    fn value(der: &[u8]) -> (&[u8], &[u8]) {
        let (length, start) = match der[1] {
            0x82 => (usize::from(der[2]) << 8 | usize::from(der[3]), 4),
            0x81 => (usize::from(der[2]), 3),
            short => (usize::from(short), 2),
        };
        (&der[start..start + length], &der[start + length..])
    }

    pub fn tlv(tag: u8, value: &[u8]) -> Vec<u8> {
        let length = u16::try_from(value.len()).unwrap().to_be_bytes();
        let head = match value.len() {
            0..0x80 => vec![tag, length[1]],
            0x80..0x100 => vec![tag, 0x81, length[1]],
            _ => vec![tag, 0x82, length[0], length[1]],
        };
        [&head, value].concat()
    }
}

#[test]
fn thousands_of_primes_are_not_multiplied() {
    let vectors = key_files();
    let mut numbers = vec![vec![1], vec![0xFF; 256], vec![1, 0, 1], vec![5]];
    numbers[1].insert(0, 0);
    numbers.extend([vec![3], vec![3], vec![1], vec![1], vec![1]]);
    let primes = rsa_parts::tlv(0x30, &b"\x30\x03\x02\x01\x03".repeat(2000));
    let integers: Vec<u8> = numbers
        .iter()
        .flat_map(|number| rsa_parts::tlv(2, number))
        .collect();
    let der = rsa_parts::tlv(0x30, &[integers, primes].concat());
    let error = Merchant::open(&vectors.with_key(der))
        .unwrap_err()
        .to_string();
    assert!(error.contains("more than five primes"), "{error}");
}
