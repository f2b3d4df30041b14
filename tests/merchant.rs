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

use common::{entropy, files, merchant, vectors};
use wechat_realname::{Error, ErrorCode, Merchant, MerchantFiles};

const MCH_ID: &str = "1900006511";

#[test]
fn layouts_that_people_have_are_read() {
    let vectors = vectors();
    let vector = &vectors[0];
    let (key, certificate) = (&vector.pkcs8, &vector.certificate);
    let body: String = key.lines().filter(|line| !line.starts_with('-')).collect();
    for key in [
        format!("\u{feff}{key}"),
        key.replace('\n', "\r\n"),
        key.replace('\n', "\\n"),
        key.replace('\n', "  \n\n"),
        format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----"),
        format!("Bag Attributes\n    friendlyName: x\n{certificate}{key}"),
        format!("{key}{certificate}"),
        key.replace("PRIVATE KEY", "RSA PRIVATE KEY"),
    ] {
        let merchant = Merchant::open(&files(MCH_ID, &key, certificate)).unwrap();
        assert_eq!(
            merchant.sign(vector.timestamp, &entropy()).unwrap(),
            vector.sign
        );
    }
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
fn files_of_another_kind_are_named_for_what_they_are() {
    let vectors = vectors();
    let vector = &vectors[0];
    let truncated = &vector.pkcs8[..vector.pkcs8.len() / 2];
    let damaged = vector.pkcs8.replacen("MII", "!II", 1);
    for (key, what) in [
        (vector.certificate.as_str(), "is a certificate"),
        (
            "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
            "is a public key",
        ),
        (
            "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----",
            "elliptic-curve",
        ),
        (
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA==\n-----END ENCRYPTED PRIVATE KEY-----",
            "is an encrypted key",
        ),
        (
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAA==\n-----END RSA PRIVATE KEY-----",
            "is an encrypted key",
        ),
        (
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----",
            "is not an RSA key",
        ),
        (truncated, "is not PEM"),
        (&damaged, "is damaged"),
        ("/etc/wechat/apiclient_key.pem", "is not PEM"),
        ("", "is missing"),
        // n = p², with parts that fit each other: nothing computed with it would be right.
        (
            include_str!("vectors/one_prime_twice.pem"),
            "one prime twice",
        ),
    ] {
        let error = Merchant::open(&files(MCH_ID, key, &vector.certificate)).unwrap_err();
        assert_eq!(error.field(), Some("privateKey"), "{what}");
        assert!(error.to_string().contains(what), "{what}: {error}");
    }
    for certificate in [
        "",
        "x",
        &vector.pkcs8,
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
    ] {
        let error = Merchant::open(&files(MCH_ID, &vector.pkcs8, certificate)).unwrap_err();
        assert_eq!(error.field(), Some("certificate"));
    }
    for mch_id in ["", "wx5a9db0f5c0ffee01", " 1900006511", &"1".repeat(33)] {
        let error = Merchant::open(&files(mch_id, &vector.pkcs8, &vector.certificate)).unwrap_err();
        assert_eq!(error.field(), Some("mchId"));
    }
    assert!(Merchant::open(&MerchantFiles::default()).is_err());
}

#[test]
fn a_wrong_key_never_yields_a_person() {
    // Both of 2048 bits, so that the length check lets everything through.
    let ours = &vectors()[0];
    let merchant = merchant(ours);
    let sandbox = Merchant::open(&files(
        "1900000109",
        include_str!("../src/sandbox/merchant_key.pem"),
        include_str!("../src/sandbox/merchant_certificate.pem"),
    ))
    .unwrap();
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
