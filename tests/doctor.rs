//! The doctor on whole set-ups: healthy ones of every kind of file, and one mistake at a time.
#![cfg(all(not(target_arch = "wasm32"), feature = "doctor", feature = "sandbox"))]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    unreachable_pub,
    reason = "a test says what it expects by failing"
)]

mod common;

use base64::{Engine, engine::general_purpose::STANDARD};
use common::{
    entropy,
    key_files::{File, KeyFiles, bytes, key_files},
    vectors,
};
use serde_json::{Value, json};
use wechat_realname::{
    Merchant, MerchantFiles,
    doctor::{Certainty, Diagnosis, Evidence, NamedText, Refused, Severity, diagnose},
};

/// While every certificate of the vectors is valid.
const NOW: u32 = 1_795_300_000;
const YEAR: u32 = 365 * 24 * 60 * 60;

/// The set-up that `common::key_files::KeyFiles::open` opens.
fn evidence(vectors: &KeyFiles, file: &File) -> Evidence {
    let mut evidence = Evidence {
        now: NOW,
        app_id: Some("wx3c0ffee5a9db0f51".into()),
        mch_id: Some(vectors.mch_id.clone()),
        private_key: Some(bytes(&vectors.key).into()),
        certificate: Some(bytes(&vectors.certificate)),
        password: file.password.clone().map(Into::into),
        ..Evidence::default()
    };
    let given = bytes(&file.file);
    match file.field.as_str() {
        "certificate" => evidence.certificate = Some(given),
        "p12" => {
            evidence.p12 = Some(given.into());
            (evidence.private_key, evidence.certificate) = (None, None);
        }
        _ => evidence.private_key = Some(given.into()),
    }
    if file.other_keys_sign.is_some() {
        evidence.certificate = None;
        evidence.cert_serial_no = Some(vectors.serial.clone());
    }
    evidence
}

fn ids(diagnosis: &Diagnosis) -> Vec<&str> {
    diagnosis
        .findings
        .iter()
        .map(|finding| finding.id)
        .collect()
}

fn has_chinese(text: &str) -> bool {
    text.chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c))
}

#[test]
fn every_file_that_opens_is_healthy_and_every_other_is_named() {
    let vectors = key_files();
    let (mut healthy, mut named) = (0, 0);
    for file in &vectors.files {
        let mut evidence = evidence(&vectors, file);
        evidence.refused = vectors.open(file).err().as_ref().map(Refused::from);
        let diagnosis = diagnose(&evidence);
        let found = ids(&diagnosis);
        let Some(_) = &file.refused else {
            assert_eq!(found, [""; 0], "{}", file.name);
            healthy += 1;
            continue;
        };
        assert!(!found.is_empty(), "{} is called healthy", file.name);
        for finding in &diagnosis.findings {
            assert!(
                [
                    "FILE_UNREADABLE",
                    "KEY_MISMATCH",
                    "CERTIFICATE_OF_ANOTHER_MERCHANT"
                ]
                .contains(&finding.id),
                "{}: {}",
                file.name,
                finding.id
            );
            // A sentence of the core's that has no translation would stand there in English.
            let what = &finding.what.zh;
            let reason = what.split('：').nth(1).unwrap_or(what);
            assert!(has_chinese(reason), "{}: {what}", file.name);
            assert!(
                !what.contains(" is ") && !what.contains(" has "),
                "{}: {what}",
                file.name
            );
            assert!(!format!("{finding:?}").contains(&file.file[..40]));
        }
        named += 1;
    }
    assert!(healthy > 35 && named > 30, "{healthy} {named}");
}

fn set_up() -> Evidence {
    let all = vectors();
    let first = &all[0];
    Evidence {
        now: NOW,
        app_id: Some("wx3c0ffee5a9db0f51".into()),
        app_secret: Some("5a9db0f50123456789abcdefc0ffee77".into()),
        mch_id: Some("1900006511".into()),
        private_key: Some(first.pkcs8.as_bytes().to_vec().into()),
        certificate: Some(first.certificate.as_bytes().to_vec()),
        cert_serial_no: Some(first.serial.clone()),
        ..Evidence::default()
    }
}

fn found(change: impl FnOnce(&mut Evidence)) -> Vec<(&'static str, Severity)> {
    let mut evidence = set_up();
    change(&mut evidence);
    let findings = diagnose(&evidence).findings;
    findings
        .iter()
        .map(|finding| (finding.id, finding.severity))
        .collect()
}

#[test]
fn one_mistake_at_a_time_of_a_merchants_files() {
    use Severity::{Error, Warning};

    let all = vectors();
    let other = &all[1];
    assert_eq!(found(|_| ()), []);
    assert_eq!(found(|e| e.cert_serial_no = None), []);
    assert_eq!(found(|e| e.certificate = None), []);
    assert_eq!(
        found(|e| e.private_key = Some(other.pkcs8.as_bytes().to_vec().into())),
        [("KEY_MISMATCH", Error)]
    );
    assert_eq!(
        found(|e| e.cert_serial_no = Some(other.serial.clone())),
        [("SERIAL_MISMATCH", Error)]
    );
    assert_eq!(
        found(|e| e.cert_serial_no = e
            .cert_serial_no
            .as_ref()
            .map(|serial| serial.to_lowercase())),
        [("SERIAL_FORM", Warning)]
    );
    assert_eq!(
        found(|e| e.mch_id = Some("1900006512".into())),
        [("CERTIFICATE_OF_ANOTHER_MERCHANT", Error)]
    );
    assert_eq!(
        found(|e| e.now -= YEAR),
        [("CERTIFICATE_NOT_YET_VALID", Error)]
    );
    // By the server's time, where this machine's is wrong.
    assert_eq!(
        found(|e| {
            e.server_date = Some("Sun, 22 Nov 2026 22:26:40 GMT".into());
            e.now -= YEAR;
        }),
        [("CLOCK_OFF", Error)]
    );
    // This one ends within the years that seconds of 32 bits have: on 2095-05-02 at 15:17:05.
    let ends = 3_955_187_825;
    let at = |now| {
        found(|e| {
            let files = key_files();
            e.certificate = Some(bytes(&files.certificate));
            e.private_key = Some(bytes(&files.key).into());
            e.now = now;
        })
    };
    assert_eq!(at(ends - 31 * 24 * 60 * 60), []);
    assert_eq!(
        at(ends - 29 * 24 * 60 * 60),
        [("CERTIFICATE_EXPIRES_SOON", Warning)]
    );
    assert_eq!(at(ends), [("CERTIFICATE_EXPIRES_SOON", Warning)]);
    assert_eq!(at(ends + 1), [("CERTIFICATE_EXPIRED", Error)]);
    assert_eq!(
        found(|e| e.private_key = Some(b"-----BEGIN PRIVATE KEY-----\n".to_vec().into())),
        [("FILE_UNREADABLE", Error)]
    );
}

#[test]
fn whose_serial_number_it_is() {
    let mut evidence = set_up();
    let all = vectors();
    evidence.cert_serial_no = Some(all[1].serial.clone());
    evidence.other_certificate = Some(all[1].certificate.as_bytes().to_vec());
    let diagnosis = diagnose(&evidence);
    assert_eq!(ids(&diagnosis), ["SERIAL_MISMATCH"]);
    assert!(diagnosis.findings[0].what.en.contains("otherCertificate"));
    assert!(diagnosis.findings[0].how.en.contains(&all[0].serial));
}

fn request(change: impl FnOnce(&mut Value)) -> Vec<(&'static str, String)> {
    let evidence = set_up();
    let mut files = MerchantFiles::default();
    files.mch_id = "1900006511".into();
    files.private_key = evidence.private_key.clone().unwrap();
    files.certificate.clone_from(&evidence.certificate);
    let merchant = Merchant::open(&files).unwrap();
    let mut body = json!({
        "auth_token": "a-user-token", "mch_id": "1900006511", "cert_serialno": merchant.cert_serial_no(),
        "timestamp": NOW, "sign": merchant.sign(NOW, &entropy()).unwrap(),
    });
    change(&mut body);
    let evidence = Evidence {
        request: Some(body.to_string().into()),
        ..evidence
    };
    let findings = diagnose(&evidence).findings;
    let found = findings
        .into_iter()
        .map(|finding| (finding.id, finding.field.unwrap_or_default()));
    found.collect()
}

#[test]
fn one_mistake_at_a_time_of_a_request() {
    let one = |id: &'static str, field: &str| vec![(id, format!("request.{field}"))];
    assert_eq!(request(|_| ()), []);
    assert_eq!(
        request(|body| body["timestamp"] = json!(u64::from(NOW) * 1000)),
        [
            one("TIMESTAMP_MILLISECONDS", "timestamp"),
            one("SIGNED_ANOTHER_STRING", "sign")
        ]
        .concat()
    );
    assert_eq!(
        request(|body| body["timestamp"] = json!(NOW.to_string())),
        one("TIMESTAMP_TEXT", "timestamp")
    );
    assert_eq!(
        request(|body| body["timestamp"] = json!(NOW + 1)),
        one("SIGNATURE_UNKNOWN", "sign")
    );
    assert_eq!(
        request(|body| body["auth_token"] = json!("token%3D")),
        one("PERCENT_ENCODED", "auth_token")
    );
    assert_eq!(
        request(|body| body["mch_id"] = json!("1900006512")),
        one("MCH_ID_DIFFERS", "mch_id")
    );
    assert_eq!(request(|body| body["mch_id"] = json!(1_900_006_511)), []);
    assert_eq!(
        request(|body| body["cert_serialno"] =
            json!(body["cert_serialno"].as_str().unwrap().to_lowercase())),
        [
            one("SERIAL_FORM", "cert_serialno"),
            one("SIGNED_ANOTHER_STRING", "sign")
        ]
        .concat()
    );
    assert_eq!(
        request(|body| body["cert_serialno"] = json!(vectors()[1].serial)),
        [
            one("SERIAL_MISMATCH", "cert_serialno"),
            one("SIGNED_ANOTHER_STRING", "sign")
        ]
        .concat()
    );
    assert_eq!(
        request(|body| {
            body.as_object_mut().unwrap().remove("cert_serialno");
        }),
        [
            one("REQUEST_FIELD_MISSING", "cert_serialno"),
            one("SIGNED_ANOTHER_STRING", "sign")
        ]
        .concat()
    );
    let wrapped = |sign: &str| {
        sign.as_bytes()
            .chunks(64)
            .map(|line| std::str::from_utf8(line).unwrap())
            .collect::<Vec<_>>()
            .join("\n")
    };
    assert_eq!(
        request(|body| body["sign"] = json!(wrapped(body["sign"].as_str().unwrap()))),
        one("SIGN_ENCODING", "sign")
    );
    let short = STANDARD.encode([1; 128]);
    assert_eq!(
        request(|body| body["sign"] = json!(short)),
        one("SIGN_LENGTH", "sign")
    );
    assert_eq!(
        request(|body| body["sign"] = json!("not base64!")),
        one("SIGN_NOT_BASE64", "sign")
    );
    assert_eq!(
        request(|body| *body = json!([])),
        [("REQUEST_NOT_JSON", "request".to_owned())]
    );
}

#[test]
fn one_mistake_at_a_time_of_the_other_request() {
    let check = |name: &str, value: Value| {
        let mut body = json!({
            "openid": "oLVPpjqs9BhvzwPj5A-vTYAX3GLc", "real_name": "夏侯", "cred_id": "11010519491231002X",
            "cred_type": "1", "code": "a-code",
        });
        body[name] = value;
        let evidence = Evidence {
            now: NOW,
            request: Some(body.to_string().into()),
            ..Evidence::default()
        };
        let findings = diagnose(&evidence).findings;
        assert!(!format!("{findings:?}").contains("夏侯"));
        findings
            .iter()
            .map(|finding| finding.id)
            .collect::<Vec<_>>()
    };
    assert_eq!(check("code", json!("another")), [""; 0]);
    assert_eq!(check("code", json!("code%3D")), ["PERCENT_ENCODED"]);
    assert_eq!(
        check("code", json!({ "auth_code": "x" })),
        ["CODE_IS_AN_OBJECT"]
    );
    assert_eq!(check("code", json!("")), ["REQUEST_FIELD_MISSING"]);
    assert_eq!(check("cred_type", json!(1)), ["CRED_TYPE_NUMBER"]);
    assert_eq!(check("openid", json!(null)), ["REQUEST_FIELD_MISSING"]);
}

#[test]
fn a_signature_by_the_wrong_one_of_two_keys() {
    let all = vectors();
    let mut evidence = set_up();
    let mut files = MerchantFiles::default();
    files.mch_id = "1900006511".into();
    files.private_key = key_of_another_merchant();
    files.cert_serial_no.clone_from(&evidence.cert_serial_no);
    let other = Merchant::open(&files).unwrap();
    let body = json!({
        "auth_token": "t-o-k-e-n", "mch_id": "1900006511", "cert_serialno": all[0].serial,
        "timestamp": NOW, "sign": other.sign(NOW, &entropy()).unwrap(),
    });
    evidence.request = Some(body.to_string().into());
    assert_eq!(ids(&diagnose(&evidence)), ["SIGNATURE_UNKNOWN"]);
    assert_eq!(diagnose(&evidence).findings[0].certainty, Certainty::Likely);
    evidence.private_key = Some(files.private_key);
    assert_eq!(
        ids(&diagnose(&evidence)),
        ["KEY_MISMATCH", "SIGNED_BY_ANOTHER_KEY"]
    );
}

/// Of as many bits as the vectors' first.
fn key_of_another_merchant() -> zeroize::Zeroizing<Vec<u8>> {
    wechat_realname::sandbox::MERCHANT_KEY
        .as_bytes()
        .to_vec()
        .into()
}

#[test]
fn times_tamp_in_any_text() {
    let text = |text: &str| NamedText {
        name: "sign.php".into(),
        text: text.to_owned().into(),
    };
    assert_eq!(
        found(|e| e.texts = vec![text("a\n$s = \"cert_serialno=$n×tamp=$t\";")]),
        [("TIMES_TAMP", Severity::Error)]
    );
    assert_eq!(
        found(|e| e.texts = vec![text("cert_serialno=$n&timestamp=$t × 2")]),
        []
    );
}

#[test]
fn nothing_secret_is_in_a_diagnosis() {
    let mut evidence = set_up();
    evidence.app_secret = Some("secret-canary-1".into());
    evidence.access_token = Some("canary 2".into());
    evidence.auth_token = Some("canary3%3D".into());
    evidence.code = Some("canary4%3D".into());
    evidence.push_token = Some("ca-nary5".into());
    evidence.encoding_aes_key = Some("canary6".into());
    evidence.component_app_secret = Some("canary7".into());
    evidence.password = Some("canary8".to_owned().into());
    evidence.base_url = Some("https://canary9.example/?token=canary10".into());
    evidence.push_url = Some("https://a.example/$APPID$/canary11".into());
    evidence.push = Some(
        "<xml><ToUserName>canary12</ToUserName></xml>"
            .to_owned()
            .into(),
    );
    evidence.request = Some(
        r#"{"auth_token":"canary13%3D","sign":"canary14","timestamp":"canary15"}"#
            .to_owned()
            .into(),
    );
    evidence.texts = vec![NamedText {
        name: "a".into(),
        text: "canary16×tamp".to_owned().into(),
    }];
    let diagnosis = diagnose(&evidence);
    assert!(diagnosis.findings.len() > 12, "{:?}", ids(&diagnosis));
    let shown = format!("{diagnosis:?}{evidence:?}") + &serde_json::to_string(&diagnosis).unwrap();
    assert!(
        !shown.contains("canary") && !shown.contains("ca-nary"),
        "{shown}"
    );
    for finding in &diagnosis.findings {
        for text in [&finding.what, &finding.why, &finding.how] {
            assert!(
                has_chinese(&text.zh) && !text.en.is_empty(),
                "{}",
                finding.id
            );
        }
    }
}

#[test]
fn what_was_not_checked_says_what_it_takes() {
    let checks = diagnose(&Evidence {
        now: NOW,
        ..Evidence::default()
    })
    .checks;
    assert!(checks.iter().all(|check| !check.done));
    let nothing: Vec<_> = checks
        .iter()
        .filter(|check| check.needs.is_empty())
        .map(|check| check.id)
        .collect();
    assert_eq!(nothing, ["admission"]);
    let done = diagnose(&set_up()).checks;
    let done: Vec<_> = done
        .iter()
        .filter(|check| check.done)
        .map(|check| check.id)
        .collect();
    assert_eq!(
        done,
        [
            "appId",
            "appSecret",
            "key",
            "keyAndCertificate",
            "serial",
            "merchantNumber",
            "validity"
        ]
    );
}
