//! Pushes: sealing, faults, orders and repetitions.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use wechat_realname::sandbox::{
    ENCODING_AES_KEY, PLATFORM_APP_ID, PUSH_TOKEN, PushFault, PushKind,
};

use crate::bench::*;

/// Runs openssl on these bytes; nothing where there is none.
fn openssl(arguments: &[&str], input: &[u8]) -> Option<Vec<u8>> {
    let mut child = Command::new("openssl")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .ok()?;
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    Some(output.stdout)
}

#[test]
fn openssl_opens_a_push() {
    let mut bench = Bench::new();
    let xml = "<xml><a>张三</a></xml>";
    let push = bench.push(&order(json!({ "xml": xml })));
    let encrypted = field(&push.body, "Encrypt");
    let key = key(ENCODING_AES_KEY);
    let (key, iv) = (hex(&key), hex(&key[..16]));
    let enc = [
        "enc",
        "-d",
        "-aes-256-cbc",
        "-nopad",
        "-K",
        &key,
        "-iv",
        &iv,
    ];
    let Some(plain) = openssl(&enc, &STANDARD.decode(&encrypted).unwrap()) else {
        eprintln!("skipped: there is no openssl in the PATH");
        return;
    };
    assert_eq!(parts(&plain), Some((xml.into(), PLATFORM_APP_ID.into())));
    let mut signed = [
        PUSH_TOKEN,
        query(&push, "timestamp"),
        query(&push, "nonce"),
        &encrypted,
    ];
    signed.sort_unstable();
    let digest = openssl(&["dgst", "-sha1", "-binary"], signed.concat().as_bytes());
    assert_eq!(hex(&digest.unwrap()), query(&push, "msg_signature"));
}

#[test]
fn faults_of_pushes() {
    let mut bench = Bench::new();
    bench.add(trial());
    let own = key(ENCODING_AES_KEY);
    for fault in ["signature", "ciphertext", "key", "app_id", "padding", "old"] {
        // Every length of padding.
        for length in 0..32 {
            let xml = format!("<xml>{}</xml>", "x".repeat(length));
            let push = bench.push(&order(json!({ "xml": xml, "fault": fault })));
            let signed = !["signature", "ciphertext"].contains(&fault);
            assert_eq!(is_signed(&push), signed, "{fault}");
            let parts = parts(&plaintext(&push, &own));
            match fault {
                "signature" | "old" => assert_eq!(parts.unwrap().0, xml),
                "app_id" => assert_ne!(parts.unwrap().1, PLATFORM_APP_ID),
                "key" | "padding" => assert_eq!(parts, None, "{fault} {length}"),
                _ => assert_ne!(parts.map(|parts| parts.0), Some(xml)),
            }
            let age = bench.now - query(&push, "timestamp").parse::<u64>().unwrap();
            assert_eq!(age, if fault == "old" { 301 } else { 0 });
        }
    }
    assert_eq!(
        format!("{:?}", order(json!({ "fault": "old" })).fault),
        "Some(Old)"
    );
    assert_eq!(
        order(json!({ "fault": "app_id" })).fault,
        Some(PushFault::AppId)
    );
}

#[test]
fn orders() {
    let mut bench = Bench::new();
    let none = bench
        .sandbox
        .push(&order(json!({})), NOW, [1; 32])
        .unwrap_err();
    assert_eq!(none.field, "kind");
    let both = order(json!({ "kind": "ticket", "xml": "<xml/>" }));
    assert!(bench.sandbox.push(&both, NOW, [1; 32]).is_err());
    let beta = |fields: Value| {
        let mut all = json!({ "kind": "beta" });
        all.as_object_mut()
            .unwrap()
            .extend(fields.as_object().unwrap().clone());
        order(all)
    };
    let nobody = bench
        .sandbox
        .push(&beta(json!({})), NOW, [1; 32])
        .unwrap_err();
    assert_eq!(nobody.field, "appId");
    for kind in ["unknown", "malformed", "ticket"] {
        opened(&bench.push(&order(json!({ "kind": kind }))));
    }

    let app = bench
        .add(with(json!({ "enterpriseName": "甲]]>乙" })))
        .app_id;
    let xml = opened(&bench.push(&beta(json!({ "status": 100_001 }))));
    assert_eq!(
        (field(&xml, "status"), field(&xml, "appid")),
        ("100001".into(), app.clone())
    );
    assert!(xml.contains("<name><![CDATA[甲]]]]><![CDATA[>乙]]></name>"));
    let bare = opened(&bench.push(&beta(json!({ "omitInfo": true, "omitAppId": true }))));
    assert!(!bare.contains("<info>") && !bare.contains("<appid>"));
    let malformed = opened(&bench.push(&order(json!({ "kind": "malformed" }))));
    assert!(malformed.contains(&format!("<appid>{app}<appid>")));
    assert_eq!(
        opened(&bench.push(&order(json!({ "xml": "hello" })))),
        "hello"
    );
    let gone = opened(&bench.push(&order(json!({ "kind": "unauthorized" }))));
    assert!(!gone.contains("AuthorizationCode"));
    let update = bench.push(&order(json!({ "kind": "updateauthorized" })));
    assert_eq!(update.info_type, Some("updateauthorized"));
    assert_eq!(field(&opened(&update), "InfoType"), "updateauthorized");
    bench.add(trial());
    let which = bench
        .sandbox
        .push(&beta(json!({})), NOW, [1; 32])
        .unwrap_err();
    assert_eq!(which.field, "appId");
    assert_eq!(
        order(json!({ "kind": "ticket" })).kind,
        Some(PushKind::Ticket)
    );
}

#[test]
fn a_repeated_push_is_the_same_event_anew() {
    let mut bench = Bench::new();
    assert!(bench.sandbox.again(None, NOW, [1; 32]).is_err());
    let first = bench.push(&order(json!({ "kind": "ticket" })));
    let second = bench.push(&order(json!({ "kind": "ticket" })));
    bench.now += 5;
    let seed = bench.seed();
    let again = bench
        .sandbox
        .again(Some(first.event), bench.now, seed)
        .unwrap();
    assert_eq!(opened(&again), opened(&first));
    assert_ne!(again.body, first.body);
    assert_eq!(query(&again, "timestamp"), (NOW + 5).to_string());
    let last = bench.sandbox.again(None, bench.now, seed).unwrap();
    assert_eq!(opened(&last), opened(&second));
    assert!(bench.sandbox.again(Some(99), NOW, seed).is_err());
}

#[test]
fn the_key_can_be_changed() {
    let mut bench = Bench::new();
    let other = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
    for text in ["", "abc", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEF-"] {
        assert!(bench.sandbox.set_encoding_aes_key(text).is_err());
    }
    bench.sandbox.set_encoding_aes_key(other).unwrap();
    let push = bench.push(&order(json!({ "xml": "<xml/>" })));
    assert_eq!(parts(&plaintext(&push, &key(ENCODING_AES_KEY))), None);
    assert_eq!(parts(&plaintext(&push, &key(other))).unwrap().0, "<xml/>");
    // Strict decoders refuse the ready key.
    assert!(STANDARD.decode(format!("{ENCODING_AES_KEY}=")).is_err());
}
