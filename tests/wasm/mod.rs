//! What both hosts run: the boundary of the core module, called as JavaScript calls it.

use js_sys::{Function, JSON, Object, Reflect};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;
use wechat_realname::wasm::{
    core::{MerchantHandle, interpret, request},
    token::{fresh_until, is_usable, pause_before_request, repeat},
};

use crate::common::{Vector, vectors};

fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        Reflect::set(&object, &(*name).into(), value).unwrap();
    }
    object.into()
}

fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap()
}

fn json(value: &JsValue) -> String {
    JSON::stringify(value).unwrap().into()
}

fn entropy() -> JsValue {
    Function::new_with_args("length", "return new Uint8Array(length).fill(7)").into()
}

fn merchant(vector: &Vector) -> MerchantHandle {
    let options = object(&[
        ("mchId", "1900006511".into()),
        ("privateKey", vector.pkcs8.as_str().into()),
        ("certificate", vector.certificate.as_str().into()),
    ]);
    MerchantHandle::open(&options, &JsValue::UNDEFINED, true).unwrap()
}

#[wasm_bindgen_test]
fn signatures_equal_openssls() {
    for vector in vectors() {
        let merchant = merchant(&vector);
        assert_eq!(merchant.cert_serial_no().unwrap(), vector.serial);
        assert_eq!(
            merchant.sign(vector.timestamp.into(), &entropy()).unwrap(),
            vector.sign
        );
    }
}

#[wasm_bindgen_test]
fn what_openssl_encrypted_opens_into_plain_data() {
    for vector in vectors() {
        let merchant = merchant(&vector);
        for person in &vector.people {
            let (name, number) = (&person.encryted_real_name, &person.encryted_credential_id);
            let info = merchant
                .open_reply(&name.into(), &number.into(), &entropy())
                .unwrap();
            let expected = format!(
                r#"{{"realName":"{}","credentialId":"{}"}}"#,
                person.name, person.number
            );
            assert_eq!(json(&info), expected);
        }
    }
}

#[wasm_bindgen_test]
fn a_call_goes_through_by_name() {
    let vector = &vectors()[0];
    let merchant = merchant(vector);
    let params = || object(&[("authToken", "t".into())]);
    let context = object(&[
        ("accessToken", "token".into()),
        ("now", vector.timestamp.into()),
        ("entropy", entropy()),
    ]);
    let built = request("getRealNameInfo", &params(), &context, &merchant).unwrap();
    assert_eq!(get(&built, "method"), "POST");
    let body: serde_json::Value =
        serde_json::from_str(&get(&built, "body").as_string().unwrap()).unwrap();
    assert_eq!(body["sign"], vector.sign.as_str());
    assert_eq!(body["timestamp"], vector.timestamp);

    let person = &vector.people[0];
    let reply = serde_json::json!({
        "encryted_real_name": person.encryted_real_name,
        "encryted_credential_id": person.encryted_credential_id,
    });
    let response = object(&[("status", 200.into()), ("body", reply.to_string().into())]);
    let outcome = interpret("getRealNameInfo", params(), &response, &context, &merchant).unwrap();
    assert_eq!(get(&outcome, "realName"), person.name.as_str());

    let listed = request(
        "getCategory",
        &object(&[]),
        &context,
        &MerchantHandle::none(),
    )
    .unwrap();
    // Absent is absent, not null.
    assert_eq!(
        json(&listed),
        r#"{"method":"GET","url":"https://api.weixin.qq.com/wxa/get_category?access_token=token","headers":{"accept":"application/json"}}"#
    );
}

#[wasm_bindgen_test]
fn what_is_made_up_stands_in_the_parameters() {
    let params = object(&[
        ("certName", "张三".into()),
        ("certNo", "310101199801011234".into()),
        ("openid", "o".into()),
    ]);
    let context = object(&[("accessToken", "t".into()), ("entropy", entropy())]);
    let none = MerchantHandle::none();
    let built = request("getVerifyId", &params, &context, &none).unwrap();
    let made_up = "07".repeat(16);
    assert_eq!(get(&params, "outSeqNo"), made_up.as_str());
    assert!(get(&built, "body").as_string().unwrap().contains(&made_up));
    // The second step finds it there, and WeChat's own example of the hash comes out.
    let reply = r#"{"errcode":0,"verify_id":"v","expires_in":3600}"#;
    let response = object(&[("status", 200.into()), ("body", reply.into())]);
    let outcome = interpret("getVerifyId", params, &response, &context, &none).unwrap();
    assert_eq!(
        json(&outcome),
        format!(
            r#"{{"verifyId":"v","outSeqNo":"{made_up}","certHash":"3c241f7ff324977aeb91f173bb2a7b06569e6fd784d5573db34a636d8671108b","expiresIn":3600}}"#
        )
    );
}

#[wasm_bindgen_test]
fn medical_keys_are_read_by_version() {
    let vectors: serde_json::Value =
        serde_json::from_str(include_str!("../vectors/medical.json")).unwrap();
    let (key, patient) = (vectors["key"].as_str().unwrap(), &vectors["patients"][0]);
    let none = MerchantHandle::none();
    let params = || object(&[("openid", "o".into()), ("wxmedAuthcode", "c".into())]);
    let with = |keys: &[(&str, JsValue)]| {
        object(&[
            ("accessToken", "t".into()),
            ("appId", "wx1".into()),
            ("medicalKeys", object(keys)),
        ])
    };
    let reply =
        serde_json::json!({ "key_version": 12, "cipher_real_name": patient["cipher_real_name"] });
    let response = object(&[("status", 200.into()), ("body", reply.to_string().into())]);
    let read =
        |context: &JsValue| interpret("getMedicalRealName", params(), &response, context, &none);
    let both = with(&[("0", "0".repeat(32).into()), ("12", key.into())]);
    assert_eq!(
        json(&read(&both).unwrap()),
        r#"{"realName":"张三","idCardNo":"45088100000000","idCardType":1,"phone":"13800000138","phoneCountryCode":"86","timestamp":1661420431}"#
    );
    let other = read(&with(&[("0", key.into())])).unwrap_err();
    assert_eq!(
        (get(&other, "code"), get(&other, "field")),
        ("CONFIGURATION".into(), "medicalKeys".into())
    );
    for (version, wrong) in [
        ("", key.into()),
        ("-1", key.into()),
        ("1.5", key.into()),
        ("4294967296", key.into()),
        ("v0", key.into()),
        ("0", "short".into()),
        ("0", 7.into()),
        ("0", JsValue::UNDEFINED),
    ] {
        let refused = request(
            "getCategory",
            &object(&[]),
            &with(&[(version, wrong)]),
            &none,
        );
        assert_eq!(
            get(&refused.unwrap_err(), "field"),
            "medicalKeys",
            "{version}"
        );
    }
}

#[wasm_bindgen_test]
fn errors_are_plain_objects_that_name_the_field() {
    let context = object(&[("accessToken", "token".into())]);
    let none = MerchantHandle::none();
    let refused =
        |name: &str, params: JsValue| request(name, &params, &context, &none).unwrap_err();
    let missing = refused("getRealNameInfo", object(&[]));
    assert_eq!(
        json(&missing),
        r#"{"code":"INVALID_ARGUMENT","message":"authToken: is missing or empty","field":"authToken","action":"fix_request"}"#
    );
    let wrong = refused("checkRealNameInfo", object(&[("credType", 1.into())]));
    assert_eq!(get(&wrong, "field"), "credType");
    let no_merchant = refused("getRealNameInfo", object(&[("authToken", "t".into())]));
    assert_eq!(
        (get(&no_merchant, "code"), get(&no_merchant, "field")),
        ("CONFIGURATION".into(), "merchant".into())
    );
    // A name or number of the wrong type must not be quoted by the reader's own message.
    let quoted = refused(
        "checkRealNameInfo",
        object(&[("realName", JsValue::from_f64(424_242.0))]),
    );
    assert!(!json(&quoted).contains("424242"), "{}", json(&quoted));
    let milliseconds = object(&[
        ("accessToken", "t".into()),
        ("now", 1_795_170_000_000.0.into()),
    ]);
    let refused = request("getCategory", &object(&[]), &milliseconds, &none).unwrap_err();
    assert_eq!(get(&refused, "field"), "now");
    let at = |url: &str, hosts: &str| {
        let context = object(&[
            ("accessToken", "t".into()),
            ("baseUrl", url.into()),
            ("trustedHosts", hosts.into()),
        ]);
        request("getCategory", &object(&[]), &context, &none)
    };
    for (url, hosts, field) in [
        ("https://evil.example", "a.example b.example", "baseUrl"),
        (
            "https://a.example",
            "a.example https://b.example",
            "trustedHosts",
        ),
    ] {
        assert_eq!(get(&at(url, hosts).unwrap_err(), "field"), field);
    }
    let trusted = at("https://A.example", "b.example a.example").unwrap();
    assert_eq!(
        get(&trusted, "url"),
        "https://a.example/wxa/get_category?access_token=t"
    );
}

#[wasm_bindgen_test]
fn tokens_and_repetitions_are_decided_on_whatever_comes() {
    let now = 1_795_170_000;
    let kept = |token: JsValue, until: JsValue| object(&[("token", token), ("freshUntil", until)]);
    let good = kept("a".into(), fresh_until(now, 7200).into());
    let none = JsValue::UNDEFINED;
    assert!(is_usable(&good, now, &none));
    assert!(!is_usable(&good, now, &good));
    for spoilt in [
        none.clone(),
        JsValue::NULL,
        7.into(),
        object(&[]),
        kept(7.into(), (now + 9).into()),
        kept("a".into(), "1795170009".into()),
        kept("a".into(), (f64::from(now) + 0.5).into()),
        kept("a".into(), f64::NAN.into()),
        kept("a".into(), (-1).into()),
    ] {
        assert!(!is_usable(&spoilt, now, &none), "{spoilt:?}");
    }
    assert_eq!(pause_before_request(400), 600);

    let again = |name: &str, action: &str| repeat(name, action, false, 0, 2, 0).unwrap();
    assert_eq!(
        json(&again("checkRealNameInfo", "refresh_token")),
        r#"{"onAnotherToken":true,"pauseMs":0}"#
    );
    for (name, pause) in [("getCategory", 250), ("getStableAccessToken", 1000)] {
        let expected = format!(r#"{{"onAnotherToken":false,"pauseMs":{pause}}}"#);
        assert_eq!(json(&again(name, "retry")), expected);
    }
    for (name, action) in [
        ("checkRealNameInfo", "retry"),
        ("getCategory", "stop"),
        ("getCategory", "no such action"),
    ] {
        assert!(again(name, action).is_undefined());
    }
    assert!(repeat("noSuchOperation", "retry", false, 0, 2, 0).is_err());
}

#[wasm_bindgen_test]
fn entropy_that_is_none_is_refused() {
    let vector = &vectors()[0];
    let merchant = merchant(vector);
    for source in [
        "throw new Error('no crypto')",
        "return undefined",
        "return new Uint8Array(length)",
        "return new Uint8Array(length - 1).fill(1)",
        "return Array(length).fill(1)",
    ] {
        let entropy = Function::new_with_args("length", source).into();
        let error = merchant.sign(1.into(), &entropy).unwrap_err();
        assert_eq!(get(&error, "code"), "NO_ENTROPY", "{source}");
    }
    let error = merchant.sign(1.into(), &JsValue::UNDEFINED).unwrap_err();
    assert_eq!(get(&error, "code"), "NO_ENTROPY");
}

#[wasm_bindgen_test]
fn a_closed_merchant_says_so() {
    let merchant = merchant(&vectors()[0]);
    merchant.close();
    merchant.close();
    for error in [
        merchant.sign(1.into(), &entropy()).unwrap_err(),
        merchant.cert_serial_no().unwrap_err(),
        merchant
            .open_reply(&"".into(), &"".into(), &entropy())
            .unwrap_err(),
    ] {
        assert_eq!(get(&error, "code"), "CLOSED");
    }
}

#[wasm_bindgen_test]
fn files_cross_as_texts_and_as_bytes() {
    let vector = &vectors()[0];
    let bytes = |text: &str| js_sys::Uint8Array::from(text.as_bytes()).into();
    let options = object(&[
        ("mchId", "1900006511".into()),
        ("privateKey", bytes(&vector.pkcs1)),
        ("certificate", bytes(&vector.certificate)),
    ]);
    let merchant = MerchantHandle::open(&options, &JsValue::UNDEFINED, true).unwrap();
    let report = merchant.report(vector.timestamp.into()).unwrap();
    assert_eq!(get(&report, "bits"), 2048);
    assert_eq!(get(&report, "certSerialNo"), vector.serial.as_str());
    let findings: js_sys::Array = get(&report, "findings").into();
    let checks: Vec<String> = findings
        .iter()
        .map(|finding| get(&finding, "check").as_string().unwrap())
        .collect();
    assert_eq!(checks, ["key", "serial", "validity", "merchantNumber"]);
    let milliseconds = merchant.report(1_795_170_000_000.0.into()).unwrap_err();
    assert_eq!(get(&milliseconds, "field"), "now");
}
