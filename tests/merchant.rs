//! Merchant files: what is read, what is refused, and what a wrong key yields.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    unreachable_pub,
    reason = "a test says what it expects by failing"
)]

mod common;

use std::{
    collections::BTreeSet,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use common::{entropy, files, merchant, vectors};
use rand_chacha::{
    ChaCha20Rng,
    rand_core::{Rng, SeedableRng},
};
use rsa::{Pkcs1v15Encrypt, RsaPublicKey};
use wechat_realname::{Error, ErrorCode, Merchant, MerchantFiles};
use x509_cert::{
    Certificate,
    der::{DecodePem, referenced::OwnedToRef},
};

const MCH_ID: &str = "1900006511";

fn sandbox_merchant() -> Merchant {
    Merchant::open(&files(
        "1900000109",
        include_str!("../src/sandbox/merchant_key.pem"),
        include_str!("../src/sandbox/merchant_certificate.pem"),
    ))
    .unwrap()
}

#[test]
fn the_serial_number_may_be_given_instead_of_the_certificate() {
    let vector = &vectors()[0];
    let mut given = files(MCH_ID, &vector.pkcs1, "");
    given.certificate = None;
    given.cert_serial_no = Some(vector.serial.to_lowercase());
    assert_eq!(
        Merchant::open(&given).unwrap().cert_serial_no(),
        vector.serial
    );
    given.cert_serial_no = None;
    assert_eq!(
        Merchant::open(&given).unwrap_err().field(),
        Some("certSerialNo")
    );
}

#[test]
fn what_does_not_belong_together_is_found_before_any_call() {
    let vectors = vectors();
    let other = files(MCH_ID, &vectors[0].pkcs8, &vectors[1].certificate);
    assert_eq!(
        Merchant::open(&other).unwrap_err().code(),
        ErrorCode::KeyMismatch
    );
    let mut serial = files(MCH_ID, &vectors[0].pkcs8, &vectors[0].certificate);
    serial.cert_serial_no = Some(vectors[1].serial.clone());
    assert_eq!(
        Merchant::open(&serial).unwrap_err().code(),
        ErrorCode::KeyMismatch
    );
}

#[test]
fn options_that_can_never_be_right() {
    let vector = &vectors()[0];
    for mch_id in ["", "wx5a9db0f5c0ffee01", " 1900006511", &"1".repeat(33)] {
        let error = Merchant::open(&files(mch_id, &vector.pkcs8, &vector.certificate)).unwrap_err();
        assert_eq!(error.field(), Some("mchId"));
    }
    assert!(Merchant::open(&MerchantFiles::default()).is_err());
    // n = p², with parts that fit each other: nothing computed with it would be right.
    let twice = files(
        MCH_ID,
        include_str!("vectors/one_prime_twice.pem"),
        &vector.certificate,
    );
    let error = Merchant::open(&twice).unwrap_err();
    assert!(error.to_string().contains("one prime twice"), "{error}");
}

#[test]
fn a_wrong_key_never_yields_a_person() {
    // Both of 2048 bits, so that the length check lets everything through.
    let ours = &vectors()[0];
    let merchant = merchant(ours);
    let sandbox = sandbox_merchant();
    for person in &ours.people {
        let (name, number) = (&person.encryted_real_name, &person.encryted_credential_id);
        assert_eq!(
            sandbox.open_reply(name, number, &entropy()),
            Err(Error::DecryptionFailed)
        );
        // The right key, but the two fields exchanged.
        assert_eq!(
            merchant.open_reply(number, name, &entropy()),
            Err(Error::DecryptionFailed)
        );
    }
}

/// 10,000 records for one merchant, opened with the key of another: no person, and always the same error.
#[test]
fn ten_thousand_records_for_another_key() {
    const RECORDS: usize = 10_000;
    let sandbox = sandbox_merchant();
    let certificate = Certificate::from_pem(&vectors()[0].certificate).unwrap();
    let info = certificate.tbs_certificate().subject_public_key_info();
    let theirs = RsaPublicKey::try_from(info.owned_to_ref()).unwrap();
    let opened = AtomicUsize::new(0);
    let errors = AtomicUsize::new(0);
    thread::scope(|scope| {
        for worker in 0..4u8 {
            let (sandbox, theirs, opened, errors) = (&sandbox, &theirs, &opened, &errors);
            scope.spawn(move || {
                let mut random = ChaCha20Rng::from_seed([worker; 32]);
                for record in 0..RECORDS / 4 {
                    // Han of GB 2312, and the numbers of a day's births.
                    let pair = |random: &mut ChaCha20Rng| {
                        let [lead, trail, ..] = random.next_u32().to_le_bytes();
                        [0xB0 + lead % 0x47, 0xA1 + trail % 0x5E]
                    };
                    let name = [pair(&mut random), pair(&mut random), pair(&mut random)].concat();
                    let number = format!("1101051949123{record:05}");
                    let mut seal = |text: &[u8]| {
                        STANDARD.encode(theirs.encrypt(&mut random, Pkcs1v15Encrypt, text).unwrap())
                    };
                    let (name, number) = (seal(&name), seal(number.as_bytes()));
                    match sandbox.open_reply(&name, &number, &entropy()) {
                        Ok(_) => opened.fetch_add(1, Ordering::Relaxed),
                        Err(error) => {
                            assert_eq!(error, Error::DecryptionFailed);
                            errors.fetch_add(1, Ordering::Relaxed)
                        }
                    };
                }
            });
        }
    });
    assert_eq!((opened.into_inner(), errors.into_inner()), (0, RECORDS));
}

/// Every fourth bit of a ciphertext turned over, and ciphertexts of other things.
#[test]
fn five_hundred_damaged_ciphertexts_make_one_error() {
    let vector = &vectors()[0];
    let merchant = merchant(vector);
    let person = &vector.people[0];
    let (name, number) = (&person.encryted_real_name, &person.encryted_credential_id);
    let bytes = STANDARD.decode(number).unwrap();
    let mut errors = BTreeSet::new();
    for bit in (0..2048).step_by(4) {
        let mut damaged = bytes.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        let error = merchant
            .open_reply(name, &STANDARD.encode(damaged), &entropy())
            .unwrap_err();
        errors.insert(format!(
            "{error:?} {error} {:?} {:?}",
            error.code(),
            error.field()
        ));
    }
    // Not below the modulus, and the two exchanged.
    let above = STANDARD.encode([0xFF; 256]);
    for (name, number) in [(&above, number), (name, &above), (number, name)] {
        let error = merchant.open_reply(name, number, &entropy()).unwrap_err();
        errors.insert(format!(
            "{error:?} {error} {:?} {:?}",
            error.code(),
            error.field()
        ));
    }
    assert_eq!(errors.len(), 1, "{errors:#?}");
}

#[test]
fn damage_before_and_after_the_length_check() {
    let vector = &vectors()[0];
    let merchant = merchant(vector);
    let person = &vector.people[0];
    let (name, number) = (&person.encryted_real_name, &person.encryted_credential_id);
    for (bad, field) in [
        ("", "realName"),
        ("not base64!", "realName"),
        ("AAAA", "realName"),
        (&name[..340], "realName"),
    ] {
        let error = merchant.open_reply(bad, number, &entropy()).unwrap_err();
        assert_eq!(
            (error.code(), error.field()),
            (ErrorCode::InvalidArgument, Some(field))
        );
    }
    // A number not below the modulus is as long as it, so it fails like everything else after the length check.
    let above = format!("{}==", "/".repeat(341) + "w");
    assert_eq!(
        merchant.open_reply(&above, &above, &entropy()),
        Err(Error::DecryptionFailed)
    );
    // Wrapped base64, as mail programs and consoles make it.
    let wrapped = name
        .as_bytes()
        .chunks(64)
        .map(|line| str::from_utf8(line).unwrap())
        .collect::<Vec<_>>()
        .join("\r\n");
    assert!(merchant.open_reply(&wrapped, number, &entropy()).is_ok());
}

#[test]
fn without_entropy_there_is_no_private_key_operation() {
    let vector = &vectors()[0];
    let merchant = merchant(vector);
    let person = &vector.people[0];
    let none = |_: &mut [u8]| Err(Error::NoEntropy);
    let silent = |_: &mut [u8]| Ok(());
    for entropy in [&none as &dyn wechat_realname::merchant::Entropy, &silent] {
        assert_eq!(merchant.sign(1, entropy), Err(Error::NoEntropy));
        let opened = merchant.open_reply(
            &person.encryted_real_name,
            &person.encryted_credential_id,
            entropy,
        );
        assert_eq!(opened, Err(Error::NoEntropy));
    }
}

#[cfg(feature = "os-entropy")]
#[test]
fn the_operating_systems_entropy_serves_native_programs() {
    let vector = &vectors()[0];
    let merchant = merchant(vector);
    let sign = merchant
        .sign(vector.timestamp, &wechat_realname::merchant::OsEntropy)
        .unwrap();
    assert_eq!(sign, vector.sign);
}
