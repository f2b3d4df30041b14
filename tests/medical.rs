//! `getmedrealname`: what openssl encrypted opens, and nothing else does, in whatever way it is wrong.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test says what it expects by failing"
)]

use serde::Deserialize;
use serde_json::{Value, json};
use wechat_realname::{
    CallContext, Error, ErrorCode, GetMedicalRealName, MedicalKeys, Operation, Response,
    operation::MedicalRealName, secret::AccessToken,
};

#[derive(Deserialize)]
struct Vectors {
    key: String,
    patients: Vec<Patient>,
    junk: Vec<Junk>,
}

#[derive(Deserialize)]
struct Patient {
    plaintext: String,
    cipher_real_name: String,
}

#[derive(Deserialize)]
struct Junk {
    why: String,
    cipher_real_name: String,
}

fn vectors() -> Vectors {
    serde_json::from_str(include_str!("vectors/medical.json")).unwrap()
}

fn keys(all: &[(u32, &str)]) -> MedicalKeys {
    let mut keys = MedicalKeys::new();
    for (version, key) in all {
        keys.add(*version, (*key).into()).unwrap();
    }
    keys
}

const APP_ID: &str = "wx23dde3xd34569cba";
const OPENID: &str = "ont-9vr_is4GBmeuh_xy1YHidhgY";

fn call() -> GetMedicalRealName {
    GetMedicalRealName {
        openid: OPENID.into(),
        wxmed_authcode: "BMUewIb9qr2GMDeInZKOBg..".into(),
    }
}

fn reply(cipher_real_name: &str) -> Value {
    json!({
        "errcode": 0, "errmsg": "ok",
        "cipher_real_name": cipher_real_name,
        "cipher_algorithm": "AES_256_ECB_PKCS7Padding",
        "key_version": 0,
        "app_id": APP_ID,
        "open_id": OPENID,
    })
}

fn interpret(keys: &MedicalKeys, reply: &Value) -> Result<MedicalRealName, Error> {
    let token = AccessToken::default();
    let context = CallContext::new(&token)
        .with_app_id(APP_ID)
        .with_medical_keys(keys);
    call().interpret(&Response::new(200, reply.to_string()), &context)
}

#[test]
fn the_request_is_the_documents() {
    let keys = keys(&[(0, &vectors().key)]);
    let token = AccessToken::new("t");
    let bare = CallContext::new(&token);
    let missing = |context: &CallContext<'_>| {
        let error = call().request(context).unwrap_err();
        assert_eq!(error.code(), ErrorCode::Configuration);
        error.field().unwrap().to_owned()
    };
    assert_eq!(missing(&bare), "medicalKeys");
    let bare = bare.with_medical_keys(&keys);
    assert_eq!(missing(&bare), "appId");
    assert_eq!(missing(&bare.clone().with_app_id("")), "appId");
    let context = bare.with_app_id(APP_ID);
    let request = call().request(&context).unwrap();
    assert_eq!(
        request.url,
        "https://api.weixin.qq.com/cityservice/getmedrealname?access_token=t"
    );
    let body: Value = serde_json::from_str(&request.body.unwrap()).unwrap();
    assert_eq!(
        body,
        json!({ "app_id": APP_ID, "open_id": OPENID, "wxmed_authcode": "BMUewIb9qr2GMDeInZKOBg.." })
    );
    for (field, wrong) in [
        (
            "openid",
            GetMedicalRealName {
                openid: "".into(),
                ..call()
            },
        ),
        (
            "wxmedAuthcode",
            GetMedicalRealName {
                wxmed_authcode: "a%2Eb".into(),
                ..call()
            },
        ),
    ] {
        assert_eq!(wrong.request(&context).unwrap_err().field(), Some(field));
    }
}

#[test]
fn what_openssl_encrypted_opens() {
    let Vectors { key, patients, .. } = vectors();
    let keys = keys(&[(7, "another-key-of-32-characters----"), (0, &key)]);
    for patient in patients {
        let opened = interpret(&keys, &reply(&patient.cipher_real_name)).unwrap();
        let expected: Value = serde_json::from_str(&patient.plaintext).unwrap();
        assert_eq!(opened.real_name.expose(), expected["real_name"]);
        assert_eq!(opened.id_card_no.expose(), expected["id_card_no"]);
        assert_eq!(opened.id_card_type, expected["id_card_type"]);
        assert_eq!(opened.timestamp, expected["timestamp"]);
        let there = |field: &str| {
            let text = expected[field].as_str().filter(|text| !text.is_empty());
            text.map(String::from)
        };
        let phone = opened.phone.map(|phone| phone.expose().to_owned());
        assert_eq!(phone, there("phone"));
        assert_eq!(opened.phone_country_code, there("phone_country_code"));
    }
}

#[test]
fn what_is_zero_or_the_default_may_be_left_out_of_the_reply() {
    let Vectors { key, patients, .. } = vectors();
    let bare = json!({ "cipher_real_name": patients[0].cipher_real_name });
    let opened = interpret(&keys(&[(0, &key)]), &bare).unwrap();
    assert_eq!(opened.real_name.expose(), "张三");
}

#[test]
fn whatever_does_not_open_fails_in_one_way() {
    let vectors = vectors();
    let keys_right = keys(&[(0, &vectors.key)]);
    for junk in vectors.junk {
        let error = interpret(&keys_right, &reply(&junk.cipher_real_name)).unwrap_err();
        assert_eq!(error, Error::MedicalDecryptionFailed, "{}", junk.why);
    }
    let right = &vectors.patients[0].cipher_real_name;
    // One in 256 wrong keys leaves something that passes for padding.
    for number in 0..2000 {
        let wrong = keys(&[(0, &format!("{number:032}"))]);
        let error = interpret(&wrong, &reply(right)).unwrap_err();
        assert_eq!(error, Error::MedicalDecryptionFailed);
    }
    let error = Error::MedicalDecryptionFailed;
    assert_eq!(
        (error.code(), error.field()),
        (ErrorCode::DecryptionFailed, None)
    );
}

#[test]
fn a_reply_of_another_form_is_malformed() {
    let vectors = vectors();
    let keys = keys(&[(0, &vectors.key)]);
    let right = &vectors.patients[0].cipher_real_name;
    let with = |field: &str, value: Value| {
        let mut reply = reply(right);
        reply[field] = value;
        interpret(&keys, &reply).unwrap_err()
    };
    for wrong in [
        with("cipher_algorithm", "AES_256_GCM".into()),
        with("cipher_algorithm", "".into()),
        with("cipher_algorithm", Value::Null),
        with("cipher_real_name", "".into()),
        with("cipher_real_name", right[..right.len() - 4].into()),
        with("cipher_real_name", format!("{right}\n").into()),
        with("cipher_real_name", right.replace('+', "-").into()),
        with("cipher_real_name", Value::Null),
        with("key_version", (-1).into()),
        with("key_version", "0".into()),
        with("open_id", "another user".into()),
        with("open_id", Value::Null),
        with("app_id", "another mini program".into()),
    ] {
        assert_eq!(wrong.code(), ErrorCode::MalformedResponse, "{wrong}");
        assert_eq!(wrong.operation(), Some("getMedicalRealName"));
    }
}

#[test]
fn a_key_that_is_not_there_is_named_by_its_version() {
    let vectors = vectors();
    let mut reply = reply(&vectors.patients[0].cipher_real_name);
    reply["key_version"] = 3.into();
    let error = interpret(&keys(&[(0, &vectors.key), (2, &vectors.key)]), &reply).unwrap_err();
    assert_eq!(error, Error::MedicalKeyMissing { key_version: 3 });
    assert_eq!(
        (error.code(), error.field()),
        (ErrorCode::Configuration, Some("medicalKeys"))
    );
    assert!(error.to_string().contains("version 3"), "{error}");
}

#[test]
fn what_is_no_key_is_refused_before_any_call() {
    let mut keys = MedicalKeys::new();
    for wrong in [
        "",
        "canary-hospital-key-of-31-chars",
        "canary-hospital-key-of-33-charss-",
        "canary-hospital-key-of-32-chars\n",
        "canary hospital key of 32 chars-",
        "医院的密钥医院的密钥ab",
        "63616e6172792d686f73706974616c2d6b65792d6f662d33322d63686172732d",
        "Y2FuYXJ5LWhvc3BpdGFsLWtleS1vZi0zMi1jaGFycy0=",
    ] {
        let error = keys.add(0, wrong.into()).unwrap_err();
        assert_eq!(
            (error.code(), error.field()),
            (ErrorCode::Configuration, Some("medicalKeys"))
        );
        assert!(!error.to_string().contains("canary"), "{error}");
    }
    assert_eq!(format!("{keys:?}"), "{}");
    keys.add(4, vectors().key.as_str().into()).unwrap();
    assert_eq!(format!("{keys:?}"), "{4}");
}
