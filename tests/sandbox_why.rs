//! Why the sandbox refuses: the usual mistakes, each told from the others, as the real WeChat never does.
#![cfg(all(not(target_arch = "wasm32"), feature = "sandbox"))]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test says what it expects by failing"
)]

use base64::{Engine, engine::general_purpose::STANDARD};
use rand_chacha::rand_core::SeedableRng;
use rsa::{Pkcs1v15Sign, RsaPrivateKey, pkcs8::DecodePrivateKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use wechat_realname::sandbox::{
    APP_ID, APP_SECRET, Answer, MERCHANT_CERTIFICATE, MERCHANT_ID, MERCHANT_KEY, Sandbox,
};
use x509_cert::{Certificate, der::DecodePem};

const NOW: u64 = 1_795_170_000;
const NUMBER: &str = "11010519491231002X";

struct World {
    sandbox: Sandbox,
    now: u64,
    seeds: u8,
}

impl World {
    fn new() -> Self {
        Self {
            sandbox: Sandbox::new().unwrap(),
            now: NOW,
            seeds: 0,
        }
    }

    fn ask(&mut self, target: &str, body: &str) -> Answer {
        let request = json!({ "method": "POST", "target": target, "body": body });
        let request = serde_json::from_value(request).unwrap();
        self.seeds = self.seeds.wrapping_add(1);
        self.sandbox.answer(&request, self.now, [self.seeds; 32])
    }

    /// Asserts what a call is answered with, and that `why` has these words.
    fn says(&mut self, target: &str, body: &Value, errcode: i32, words: &str) {
        let answer = self.ask(target, &body.to_string());
        assert_eq!(answer.errcode, Some(errcode), "{}", answer.why);
        assert!(answer.why.contains(words), "{}, not {words}", answer.why);
    }

    fn token(&mut self) -> String {
        self.sandbox.issue_access_token(self.now, [200; 32])
    }

    /// A call of `stable_token`: its token, and why.
    fn stable(&mut self, force_refresh: Value) -> (String, String) {
        let body = json!({
            "grant_type": "client_credential", "appid": APP_ID, "secret": APP_SECRET, "force_refresh": force_refresh,
        });
        let answer = self.ask("/cgi-bin/stable_token", &body.to_string());
        let reply: Value = serde_json::from_str(&answer.body).unwrap();
        let token = reply["access_token"].as_str().unwrap_or_default();
        (token.into(), answer.why)
    }
}

fn serial_no() -> String {
    let certificate = Certificate::from_pem(MERCHANT_CERTIFICATE).unwrap();
    let serial = certificate.tbs_certificate().serial_number();
    let bytes = serial.as_bytes();
    let bytes = bytes.iter().skip(bytes.len() - 20);
    bytes.map(|byte| format!("{byte:02X}")).collect()
}

fn signature(text: &str) -> String {
    let key = RsaPrivateKey::from_pkcs8_pem(MERCHANT_KEY).unwrap();
    let digest = Sha256::digest(text.as_bytes());
    let scheme = Pkcs1v15Sign::new::<Sha256>();
    let mut random = rand_chacha::ChaCha20Rng::from_seed([7; 32]);
    STANDARD.encode(key.sign_with_rng(&mut random, scheme, &digest).unwrap())
}

/// A right request, but for these fields.
fn reading(other: &Value) -> Value {
    let serial = serial_no();
    let sign = signature(&format!("cert_serialno={serial}&timestamp={NOW}"));
    let mut body = json!({
        "auth_token": "x", "mch_id": MERCHANT_ID, "cert_serialno": serial, "timestamp": NOW, "sign": sign,
    });
    for (name, value) in other.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

#[test]
fn what_is_wrong_with_a_signed_request() {
    let mut world = World::new();
    let target = format!(
        "/cgi-bin/wxopen/getrealnameinfo?access_token={}",
        world.token()
    );
    let serial = serial_no();
    let signed = format!("cert_serialno={serial}&timestamp={NOW}");
    let right = signature(&signed);
    let broken = [&right[..64], &right[64..]].join("\n");
    let url_safe = right.replace('+', "-").replace('/', "_");
    let zero = format!("00{serial}");
    for (other, errcode, words) in [
        (json!({ "auth_token": "" }), 94005, "auth_token is missing"),
        (
            json!({ "auth_token": 5 }),
            94005,
            "auth_token is missing or no text",
        ),
        (json!({}), 94005, "never handed out"),
        (
            json!({ "cert_serialno": "" }),
            94001,
            "cert_serialno is missing",
        ),
        (
            json!({ "cert_serialno": serial.to_lowercase() }),
            94009,
            "lower case",
        ),
        (
            json!({ "cert_serialno": serial[1..] }),
            94009,
            "a leading zero was lost",
        ),
        (json!({ "cert_serialno": zero }), 94009, "sign byte"),
        (
            json!({ "cert_serialno": "5A:9D:B0" }),
            94009,
            "other characters than hex digits",
        ),
        (
            json!({ "cert_serialno": "PUB_KEY_ID_0119000001" }),
            94009,
            "public key",
        ),
        (
            json!({ "cert_serialno": "AB" }),
            94009,
            "does not have 40 hex digits",
        ),
        (
            json!({ "cert_serialno": "A".repeat(40) }),
            94009,
            "not the serial number of this merchant's",
        ),
        (
            json!({ "mch_id": 1_900_000_109 }),
            94010,
            "mch_id is missing or no text",
        ),
        (json!({ "mch_id": "1" }), 94010, "knows no merchant"),
        (json!({ "timestamp": NOW.to_string() }), 94008, "a text?"),
        (json!({ "timestamp": NOW * 1000 }), 94008, "milliseconds?"),
        (
            json!({ "timestamp": NOW - 301 }),
            94008,
            "300 seconds, unless",
        ),
        (json!({ "sign": null }), 94003, "sign is missing"),
        (json!({ "sign": broken }), 94003, "base64 in one line"),
        (json!({ "sign": url_safe }), 94003, "base64"),
        (
            json!({ "sign": signature(&format!("{signed}\n")) }),
            94003,
            "a line break",
        ),
        (
            json!({ "sign": signature(&signed.replace("&times", "×")) }),
            94003,
            "×tamp",
        ),
        (
            json!({ "sign": "AAAA" }),
            94003,
            "not as long as the merchant's key",
        ),
        (
            json!({ "sign": signature("else") }),
            94003,
            "not the merchant's signature",
        ),
    ] {
        world.says(&target, &reading(&other), errcode, words);
    }
}

#[test]
fn a_code_that_was_percent_encoded_and_a_body_that_is_not_utf_8() {
    let mut world = World::new();
    let target = format!(
        "/intp/realname/checkrealnameinfo?access_token={}",
        world.token()
    );
    let body = |code: &str, name: &str| json!({ "openid": "o", "real_name": name, "cred_id": NUMBER, "cred_type": "1", "code": code });
    world.says(&target, &body("canary%3D", "夏侯"), -1, "percent-encoded");
    world.says(
        &target,
        &body("canary%3", "夏侯"),
        80111,
        "never handed out",
    );
    // As the server hands on bytes that are no UTF-8.
    world.says(
        &target,
        &body("canary", "\u{FFFD}\u{FFFD}"),
        47001,
        "not UTF-8",
    );
}

#[test]
fn tokens_that_are_over_or_of_another_kind() {
    let mut world = World::new();
    let category = |token: &str| format!("/wxa/get_category?access_token={token}");
    let auth = "/cgi-bin/component/api_query_auth";
    let token = world.token();
    world.says(
        &category(""),
        &json!({}),
        41001,
        "the query has no access_token",
    );
    world.says(auth, &json!({}), 41001, "no component_access_token");
    let wrong = format!("{auth}?component_access_token={token}");
    world.says(&wrong, &json!({}), 40001, "an access_token?");
    world.sandbox.revoke_access_tokens();
    world.says(&category(&token), &json!({}), 40001, "or was ended");
    let old =
        format!("/cgi-bin/token?grant_type=client_credential&appid={APP_ID}&secret={APP_SECRET}");
    let first: Value = serde_json::from_str(&world.ask(&old, "").body).unwrap();
    world.ask(&old, "");
    world.now += 300;
    let first = category(first["access_token"].as_str().unwrap());
    world.says(&first, &json!({}), 42001, "5 minutes after a newer one");
}

#[test]
fn force_refresh_is_for_twenty_times_a_day() {
    let mut world = World::new();
    let (mut last, _) = world.stable(json!(false));
    for _ in 0..20 {
        let (token, why) = world.stable(json!(true));
        assert!(
            token != last && why.contains("the token before is ended"),
            "{why}"
        );
        let (same, why) = world.stable(json!(true));
        assert!(same == token && why.contains("did nothing"), "{why}");
        last = token;
        world.now += 30;
    }
    let body = json!({
        "grant_type": "client_credential", "appid": APP_ID, "secret": APP_SECRET, "force_refresh": true,
    });
    world.says(
        "/cgi-bin/stable_token",
        &body,
        45009,
        "20 times within a day",
    );
    assert_eq!(world.stable(json!(false)).0, last);
    world.now += 24 * 3600 - 600;
    assert!(!world.stable(json!(true)).0.is_empty());
    // A clock that is set back leaves no calls of the future.
    world.now = NOW - 1_000_000;
    assert!(world.stable(json!(true)).1.contains("is ended"));
    assert!(world.stable(json!("true")).1.contains("not true or false"));
}

#[test]
fn a_merchant_whose_serial_number_could_never_be_sent_is_refused() {
    let mut world = World::new();
    // Of openssl req -x509 -set_serial 0x1234.
    let certificate = include_str!("vectors/short_serial.pem");
    let merchant = json!({ "mchId": "1", "certificate": certificate });
    let merchant = serde_json::from_value(merchant).unwrap();
    let mistake = world.sandbox.add_merchant(&merchant).unwrap_err();
    assert_eq!(mistake.field, "certificate");
    assert!(mistake.reason.contains("40 hex digits"), "{mistake}");
}

#[test]
fn how_far_a_timestamp_may_be_off_is_set() {
    let mut world = World::new();
    let target = format!(
        "/cgi-bin/wxopen/getrealnameinfo?access_token={}",
        world.token()
    );
    world.sandbox.set_timestamp_tolerance(5);
    world.now = NOW + 5;
    world.says(&target, &reading(&json!({})), 94005, "never handed out");
    world.now = NOW + 6;
    world.says(&target, &reading(&json!({})), 94008, "further off");
    world.sandbox.set_timestamp_tolerance(u32::MAX);
    world.says(&target, &reading(&json!({})), 94005, "never handed out");
}
