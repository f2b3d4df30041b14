//! Medical real names: codes, keys, and what openssl makes of the replies.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use wechat_realname::sandbox::{APP_ID, Consent, MEDICAL_KEY};

use crate::bench::*;

const PATH: &str = "/cityservice/getmedrealname";
const OTHER_KEY: &str = "canary-0123456789-canary-0123456";

fn reading(app_id: &str, consent: &Consent) -> Value {
    json!({ "app_id": app_id, "open_id": consent.openid, "wxmed_authcode": consent.wxmed_authcode })
}

/// What openssl reads in a reply.
fn opened(reply: &Value, key: &str) -> String {
    let key: String = key.bytes().map(|byte| format!("{byte:02x}")).collect();
    let cipher = STANDARD.decode(reply["cipher_real_name"].as_str().unwrap());
    let plain = shell(
        &format!("openssl enc -d -aes-256-ecb -K {key}"),
        &cipher.unwrap(),
    );
    String::from_utf8(plain).unwrap()
}

#[test]
fn openssl_reads_the_persons_name_as_wechats_sample_has_it() {
    let mut bench = Bench::new();
    let person = json!({ "openid": "o1", "realName": "张三", "credentialId": NUMBER });
    let consent = bench.person(person.clone());
    assert!(consent.wxmed_authcode.ends_with("..") && consent.wxmed_authcode.len() == 24);
    let reply = bench.ask(PATH, &reading(APP_ID, &consent));
    let cipher = reply["cipher_real_name"].as_str().unwrap().to_owned();
    assert_eq!(
        reply,
        json!({
            "errcode": 0, "errmsg": "ok", "cipher_real_name": cipher, "key_version": 0,
            "cipher_algorithm": "AES_256_ECB_PKCS7Padding", "app_id": APP_ID, "open_id": "o1",
        })
    );
    if lacking(&["openssl"]) {
        return;
    }
    let sample = |number: &str, kind, phone: &str, country: &str| {
        format!(
            "{{\"real_name\":\"张三\",\"id_card_no\":\"{number}\",\"id_card_type\":{kind},\"phone\":\"{phone}\",\
             \"timestamp\":{NOW},\"phone_country_code\":\"{country}\"}}"
        )
    };
    let expected = sample(NUMBER, 1, "13800000138", "86");
    assert_eq!(opened(&reply, MEDICAL_KEY), expected);
    for (number, kind) in [("M01234567", 4), ("01234567", 5), ("H0123456701", 6)] {
        let other = json!({
            "credentialId": number, "idCardType": kind, "phone": "61234567", "phoneCountryCode": "852",
        });
        let consent = bench.person(with(&person, &other));
        let reply = bench.ask(PATH, &reading(APP_ID, &consent));
        let expected = sample(number, kind, "61234567", "852");
        assert_eq!(opened(&reply, MEDICAL_KEY), expected);
    }
}

#[test]
fn a_new_key_is_the_one_from_now_on() {
    let mut bench = Bench::new();
    for (key, field) in [
        ("", "key"),
        (&OTHER_KEY[1..], "key"),
        (&"张".repeat(11), "key"),
    ] {
        let mistake = bench.sandbox.set_medical_key(1, key).unwrap_err();
        assert_eq!(mistake.field, field);
        assert!(!mistake.to_string().contains("canary"));
    }
    bench.sandbox.set_medical_key(1, OTHER_KEY).unwrap();
    let person = json!({ "realName": "夏侯惇", "credentialId": NUMBER });
    let consent = bench.person(person.clone());
    let reply = bench.ask(PATH, &reading(APP_ID, &consent));
    assert_eq!(reply["key_version"], 1);
    if !lacking(&["openssl"]) {
        assert!(opened(&reply, OTHER_KEY).contains("夏侯惇"));
    }
    assert!(!format!("{:?}", bench.sandbox).contains("canary"));
    bench.sandbox.reset(NOW).unwrap();
    bench.token = bench.sandbox.issue_access_token(NOW, [3; 32]);
    let consent = bench.person(person);
    let reply = bench.ask(PATH, &reading(APP_ID, &consent));
    assert_eq!(reply["key_version"], 0);
}

#[test]
fn what_is_wrong_with_a_reading() {
    let mut bench = Bench::new();
    let person = json!({ "openid": "o1", "realName": "张三", "credentialId": NUMBER });
    let consent = bench.person(person);
    let right = reading(APP_ID, &consent);
    let cut = consent.wxmed_authcode.trim_end_matches('.');
    for (other, errcode, words) in [
        (json!({ "app_id": null }), 40013, "missing"),
        (json!({ "app_id": "wx0" }), 40013, "of this access token"),
        (json!({ "open_id": null }), 40003, "missing"),
        (json!({ "open_id": "o2" }), 40003, "not the user"),
        (json!({ "wxmed_authcode": null }), 11200, "missing"),
        (
            json!({ "wxmed_authcode": "canary" }),
            11200,
            "never handed out",
        ),
        (
            json!({ "wxmed_authcode": cut }),
            11200,
            "the dots at its end?",
        ),
    ] {
        bench.says(PATH, &with(&right, &other), errcode, words);
    }
    bench.now += 599;
    bench.says(PATH, &right, 0, "the code is good");
    bench.now += 1;
    bench.says(PATH, &right, 11200, "more than 10 minutes ago");
    let nameless = bench.person(json!({}));
    bench.says(PATH, &reading(APP_ID, &nameless), 11200, "no real name");
    let consent = bench.person(json!({ "openid": "o1" }));
    let other = bench.as_another();
    bench.says(
        PATH,
        &reading(&other, &consent),
        11200,
        "another mini program's",
    );
}

#[test]
fn magic_values_of_the_code() {
    let mut bench = Bench::new();
    let magic = |word: &str| json!({ "app_id": APP_ID, "open_id": "o1", "wxmed_authcode": format!("sandbox:{word}") });
    for errcode in [11200, 40003, 45011] {
        bench.says(PATH, &magic(&errcode.to_string()), errcode, "a magic value");
    }
    for word in ["key_version=", "key_version=-1", "verify_ret=10300"] {
        bench.says(PATH, &magic(word), 47001, "no magic value");
    }
    let seventh = bench.ask(PATH, &magic("key_version=7"));
    assert_eq!(seventh["key_version"], 7);
    let other = bench.ask(PATH, &magic("algorithm"));
    assert_ne!(other["cipher_algorithm"], "AES_256_ECB_PKCS7Padding");
    let length = |reply: &Value| {
        let cipher = reply["cipher_real_name"].as_str().unwrap();
        STANDARD.decode(cipher).unwrap().len()
    };
    assert_eq!(length(&bench.ask(PATH, &magic("short"))) % 16, 15);
    let junk = bench.ask(PATH, &magic("junk"));
    assert_eq!(length(&junk) % 16, 0);
    assert_ne!(junk["cipher_real_name"], other["cipher_real_name"]);
    if !lacking(&["openssl"]) {
        assert!(opened(&seventh, MEDICAL_KEY).contains("张三"));
    }
}

#[test]
fn people_with_travel_permits_and_phones() {
    let mut bench = Bench::new();
    for (other, field) in [
        (json!({ "idCardType": 2 }), "idCardType"),
        (json!({ "idCardType": 6 }), "credentialId"),
        (
            json!({ "idCardType": 1, "credentialId": "H01234567" }),
            "credentialId",
        ),
        (json!({ "credentialId": "H01234567" }), "credentialId"),
        (
            json!({ "idCardType": 6, "credentialId": "H 1234567" }),
            "credentialId",
        ),
        (json!({ "phone": "" }), "phone"),
        (json!({ "phone": "+85261234567" }), "phone"),
        (json!({ "phoneCountryCode": "+86" }), "phoneCountryCode"),
    ] {
        let person = json!({ "realName": "张三", "credentialId": NUMBER });
        let person = serde_json::from_value(with(&person, &other)).unwrap();
        let mistake = bench.sandbox.add_person(person, NOW, [1; 32]).unwrap_err();
        assert_eq!(mistake.field, field, "{other}");
    }
    // Interfaces that know ID cards alone.
    let person = json!({ "realName": "张三", "credentialId": "H01234567", "idCardType": 6 });
    let consent = bench.person(person);
    let check = json!({
        "openid": consent.openid, "real_name": "张三", "cred_id": "H01234567", "cred_type": "1", "code": consent.code,
    });
    let reply = bench.ask("/intp/realname/checkrealnameinfo", &check);
    assert_eq!(
        (&reply["verify_openid"], &reply["verify_real_name"]),
        (&json!("V_OP_NM_MA"), &json!("V_NM_ID_UM"))
    );
}
