//! The push channel: pushes as WeChat makes them, and everything that is none.
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

use std::{collections::BTreeSet, time::Instant};

use base64::{Engine, engine::general_purpose::STANDARD};
use common::push::{
    APP_ID, KEY, NOW, OTHER_KEY, Push, channel, encrypt, msg_signature, options, padded, plaintext,
};
use proptest::{prelude::*, sample::Index};
use serde::Deserialize;
use wechat_realname::{
    Error, ErrorCode, PushChannel, PushChannelOptions, PushDelivery, push::OLDEST_EVENT,
};

const SUCCESS: &str = "<xml><AppId><![CDATA[wxcomponent00000001]]></AppId>
<CreateTime>1699999990</CreateTime>
<InfoType><![CDATA[notify_third_fastverifybetaapp]]></InfoType>
<appid><![CDATA[wxtrial0000000001]]></appid>
<status>0</status>
<msg><![CDATA[OK]]></msg>
<info>
<name><![CDATA[某某（测试）科技有限公司]]></name>
<code><![CDATA[9144030071526726XG]]></code>
<code_type>1</code_type>
<legal_persona_wechat><![CDATA[zhangsan-wx]]></legal_persona_wechat>
<legal_persona_name><![CDATA[张三]]></legal_persona_name>
<component_phone><![CDATA[13800000000]]></component_phone>
</info>
</xml>";

fn code(result: Result<impl std::fmt::Debug, Error>) -> ErrorCode {
    result.unwrap_err().code()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Vector {
    source: String,
    token: String,
    encoding_aes_key: String,
    app_id: String,
    timestamp: String,
    nonce: String,
    msg_signature: String,
    encrypt: String,
    message: String,
}

#[test]
fn events_that_wechat_sent_to_others_open() {
    let vectors: Vec<Vector> = serde_json::from_str(include_str!("vectors/push.json")).unwrap();
    let mut opened = 0;
    for vector in vectors {
        let channel = PushChannel::new(&PushChannelOptions {
            token: vector.token.as_str().into(),
            encoding_aes_key: vector.encoding_aes_key.as_str().into(),
            app_id: vector.app_id.clone(),
            ..PushChannelOptions::default()
        })
        .unwrap();
        let body = format!(
            "<xml><Encrypt><![CDATA[{}]]></Encrypt></xml>",
            vector.encrypt
        );
        let delivery = PushDelivery {
            msg_signature: &vector.msg_signature,
            timestamp: &vector.timestamp,
            nonce: &vector.nonce,
            body: body.as_bytes(),
        };
        // Some samples have no timestamp of any day; the signature covers it all the same.
        let Ok(now) = vector.timestamp.parse() else {
            assert_eq!(
                code(channel.open(&delivery, NOW)),
                ErrorCode::InvalidSignature
            );
            continue;
        };
        match channel.open(&delivery, now) {
            Ok(event) => {
                assert!(
                    vector.message.contains(&event.info_type),
                    "{}",
                    vector.source
                );
                assert_eq!(event.component_app_id, vector.app_id);
                opened += 1;
            }
            // Messages, JSON and texts for other URLs than ours.
            Err(error) => {
                assert_eq!(error.code(), ErrorCode::MalformedPush, "{}", vector.source);
                assert!(!vector.message.contains("<InfoType>"), "{}", vector.source);
            }
        }
    }
    assert!(opened >= 2, "{opened}");
}

#[test]
fn a_verification_is_read_field_by_field() {
    let event = Push::of(SUCCESS).open(&channel(), NOW).unwrap();
    assert_eq!(event.info_type, "notify_third_fastverifybetaapp");
    assert_eq!(event.component_app_id, APP_ID);
    assert_eq!(event.app_id.as_deref(), Some("wxtrial0000000001"));
    assert_eq!(event.create_time, Some(1_699_999_990));
    assert_eq!(event.status, Some(0));
    assert_eq!(event.msg.as_deref(), Some("OK"));
    let info = event.info.clone().unwrap();
    assert_eq!(info.name.unwrap().expose(), "某某（测试）科技有限公司");
    assert_eq!(info.code.unwrap().expose(), "9144030071526726XG");
    assert_eq!(info.code_type, Some(1));
    assert_eq!(info.legal_persona_wechat.unwrap().expose(), "zhangsan-wx");
    assert_eq!(info.legal_persona_name.unwrap().expose(), "张三");
    assert_eq!(info.component_phone.unwrap().expose(), "13800000000");
    assert_eq!(
        event
            .fields
            .get("info")
            .and_then(|info| info.get("code_type")),
        Some(&"1".into())
    );
    let printed = format!("{event:?}");
    for secret in ["张三", "zhangsan", "138", "9144", "某某"] {
        assert!(!printed.contains(secret), "{printed}");
    }
}

#[test]
fn other_events_are_read_too() {
    let xml = |fields: &str| {
        format!("<xml><AppId>{APP_ID}</AppId><CreateTime>1699999990</CreateTime>{fields}</xml>")
    };
    let open = |fields: &str| Push::of(&xml(fields)).open(&channel(), NOW);

    let ticket = "<InfoType>component_verify_ticket</InfoType>";
    let event = open(&format!(
        "{ticket}<ComponentVerifyTicket>ticket@@@a-b_c</ComponentVerifyTicket>"
    ))
    .unwrap();
    assert_eq!(
        event.component_verify_ticket.unwrap().expose(),
        "ticket@@@a-b_c"
    );
    assert_eq!(code(open(ticket)), ErrorCode::MalformedPush);

    for info_type in ["authorized", "updateauthorized", "unauthorized"] {
        let event = open(&format!(
            "<InfoType>{info_type}</InfoType><AuthorizerAppid>wx2</AuthorizerAppid>\
             <AuthorizationCode><![CDATA[queryauthcode@@@x]]></AuthorizationCode>\
             <AuthorizationCodeExpiredTime><![CDATA[1413196360]]></AuthorizationCodeExpiredTime>\
             <PreAuthCode>preauthcode@@@y</PreAuthCode>"
        ))
        .unwrap();
        assert_eq!(event.app_id.as_deref(), Some("wx2"));
        assert_eq!(
            event.authorization_code.unwrap().expose(),
            "queryauthcode@@@x"
        );
        assert_eq!(event.authorization_code_expired_time, Some(1_413_196_360));
        assert_eq!(
            event.fields.get("PreAuthCode"),
            Some(&"preauthcode@@@y".into())
        );
        assert_eq!(
            code(open(&format!("<InfoType>{info_type}</InfoType>"))),
            ErrorCode::MalformedPush
        );
    }

    // Nobody knows it, so nothing of it is lost: repeated fields are lists, fields of fields objects.
    let event = open(
        "<InfoType>notify_something_new</InfoType><appid>wx3</appid><a><b>1</b><b>2</b><c><d>x</d></c></a><status>7</status>",
    )
    .unwrap();
    assert_eq!(event.info_type, "notify_something_new");
    assert_eq!(event.app_id.as_deref(), Some("wx3"));
    assert_eq!(
        serde_json::to_string(event.fields.get("a").unwrap()).unwrap(),
        r#"{"b":["1","2"],"c":{"d":"x"}}"#
    );
}

#[test]
fn what_a_failure_leaves_out_is_absent_and_never_a_success() {
    let failed = "<xml><AppId>a</AppId><CreateTime>1699999990</CreateTime><InfoType>notify_third_fastverifybetaapp</InfoType>";
    for (status, read) in [
        ("<status>100001</status>", Some(100_001)),
        ("<status></status>", None),
        ("<status> </status>", None),
        ("<status>ok</status>", None),
        ("<status>0x0</status>", None),
        ("<status>+0</status>", None),
        ("<status>-0</status>", None),
        ("<status>00</status>", None),
        ("<status>\u{3000}0</status>", None),
        ("<status>0</status><status>100001</status>", None),
        ("<status>0</status><status>0</status>", None),
        ("<status><a>0</a></status>", None),
        ("<status>\n 0 \n</status>", Some(0)),
        ("<Status>0</Status>", None),
        ("", None),
    ] {
        let event = Push::of(&format!("{failed}{status}</xml>"))
            .open(&channel(), NOW)
            .unwrap();
        assert_eq!(event.status, read, "{status}");
        assert!(event.app_id.is_none() && event.info.is_none() && event.msg.is_none());
    }
    // AppId and appid are two fields.
    let event = Push::of(&format!("{failed}<APPID>x</APPID></xml>"))
        .open(&channel(), NOW)
        .unwrap();
    assert_eq!(
        (event.component_app_id.as_str(), event.app_id),
        (APP_ID, None)
    );
}

#[test]
fn every_change_of_one_byte_is_refused() {
    let push = Push::of(SUCCESS);
    let channel = channel();
    assert!(push.open(&channel, NOW).is_ok());
    let start = push.body.find("<Encrypt><![CDATA[").unwrap() + "<Encrypt><![CDATA[".len();
    let end = push.body.rfind("]]></Encrypt>").unwrap();
    let changed = |text: &str, at: usize, to: u8| {
        let mut bytes = text.as_bytes().to_vec();
        bytes[at] = if bytes[at] == to { b'x' } else { to };
        String::from_utf8(bytes).unwrap()
    };
    for to in *b"A0/" {
        for at in 0..push.timestamp.len() {
            let timestamp = changed(&push.timestamp, at, to);
            let refused = Push {
                timestamp,
                ..push.clone()
            }
            .open(&channel, NOW);
            assert_eq!(code(refused), ErrorCode::InvalidSignature);
        }
        for at in 0..push.nonce.len() {
            let nonce = changed(&push.nonce, at, to);
            let refused = Push {
                nonce,
                ..push.clone()
            }
            .open(&channel, NOW);
            assert_eq!(code(refused), ErrorCode::InvalidSignature);
        }
        for at in 0..push.msg_signature.len() {
            let msg_signature = changed(&push.msg_signature, at, to);
            let refused = Push {
                msg_signature,
                ..push.clone()
            }
            .open(&channel, NOW);
            assert_eq!(code(refused), ErrorCode::InvalidSignature);
        }
        for at in start..end {
            let body = changed(&push.body, at, to);
            let refused = Push {
                body,
                ..push.clone()
            }
            .open(&channel, NOW);
            assert_eq!(code(refused), ErrorCode::InvalidSignature);
        }
    }
    for msg_signature in [
        String::new(),
        push.msg_signature.to_uppercase(),
        push.msg_signature[..39].into(),
        format!("{}0", push.msg_signature),
        format!(" {}", push.msg_signature),
        "é".repeat(20),
        "数".repeat(40),
    ] {
        let refused = Push {
            msg_signature,
            ..push.clone()
        }
        .open(&channel, NOW);
        assert_eq!(code(refused), ErrorCode::InvalidSignature);
    }
}

proptest! {
    #[test]
    fn whatever_is_changed_is_refused(which in 0usize..4, at: Index, to in any::<char>()) {
        let push = Push::of(SUCCESS);
        let Push { mut msg_signature, mut timestamp, mut nonce, mut body } = push.clone();
        let text = [&mut msg_signature, &mut timestamp, &mut nonce, &mut body].into_iter().nth(which).unwrap();
        let mut chars: Vec<char> = text.chars().collect();
        let at = at.index(chars.len());
        prop_assume!(chars[at] != to);
        chars[at] = to;
        *text = chars.into_iter().collect();
        let changed = Push { msg_signature, timestamp, nonce, body };
        match changed.open(&channel(), NOW) {
            Err(error) => prop_assert!(matches!(error.code(), ErrorCode::InvalidSignature | ErrorCode::MalformedPush)),
            // What is not signed may change: the envelope around the ciphertext.
            Ok(event) => {
                prop_assert_eq!(which, 3);
                prop_assert_eq!(event.replay_key, push.open(&channel(), NOW).unwrap().replay_key);
            }
        }
    }

    #[test]
    fn whatever_is_signed_ends_in_an_event_or_one_error(blocks in proptest::collection::vec(any::<u8>(), 0..200)) {
        let length = blocks.len() / 16 * 16;
        for ciphertext in [STANDARD.encode(&blocks), encrypt(blocks[..length].to_vec(), KEY)] {
            let refused = Push::of_ciphertext(&ciphertext, &NOW.to_string(), "n").open(&channel(), NOW);
            prop_assert_eq!(code(refused), ErrorCode::MalformedPush);
        }
    }
}

#[test]
fn everything_after_the_signature_is_one_error() {
    let good = plaintext(SUCCESS.as_bytes(), APP_ID);
    let with_length = |length: u32| {
        let mut wrong = good.clone();
        wrong[16..20].copy_from_slice(&length.to_be_bytes());
        encrypt(padded(wrong), KEY)
    };
    let right = u32::try_from(SUCCESS.len()).unwrap();
    let mut ciphertexts = vec![
        encrypt(padded(good.clone()), OTHER_KEY),
        encrypt(
            padded(plaintext(SUCCESS.as_bytes(), "wxcomponent00000002")),
            KEY,
        ),
        encrypt(padded(plaintext(SUCCESS.as_bytes(), "")), KEY),
        encrypt(
            padded(plaintext(SUCCESS.as_bytes(), &format!("{APP_ID}x"))),
            KEY,
        ),
        with_length(right + 1),
        with_length(right - 1),
        with_length(0),
        with_length(u32::MAX),
        with_length(0x8000_0000),
        encrypt(padded(plaintext(b"\xFF\xFE", APP_ID)), KEY),
        encrypt(padded(plaintext(b"", APP_ID)), KEY),
        encrypt(padded(plaintext(b"<xml>", APP_ID)), KEY),
        encrypt(
            padded(plaintext(b"{\"InfoType\":\"authorized\"}", APP_ID)),
            KEY,
        ),
        encrypt(
            padded(plaintext(b"<xml><MsgType>text</MsgType></xml>", APP_ID)),
            KEY,
        ),
        encrypt(padded(plaintext(b"<!DOCTYPE a><xml/>", APP_ID)), KEY),
        // The document's own sample of this push: <appid> is not closed.
        encrypt(
            padded(plaintext(
                SUCCESS.replace("</appid>", "<appid>").as_bytes(),
                APP_ID,
            )),
            KEY,
        ),
        encrypt(vec![32; 32], KEY),
        encrypt(vec![16; 16], KEY),
        encrypt(vec![], KEY),
        encrypt(padded(vec![]), KEY),
        encrypt(padded(b"0123456789abcdef\0\0\0".to_vec()), KEY),
        "not base64!".into(),
        "AAAA".into(),
        STANDARD.encode([0; 33]),
    ];
    // Every byte of the padding, and every value of the last one.
    let whole = padded(good.clone());
    for at in good.len()..whole.len() {
        let mut wrong = whole.clone();
        wrong[at] ^= 1;
        ciphertexts.push(encrypt(wrong, KEY));
    }
    let last = whole.len() - 1;
    for value in (0..=255).filter(|value| *value != whole[last]) {
        let mut wrong = whole.clone();
        wrong[last] = value;
        ciphertexts.push(encrypt(wrong, KEY));
    }
    let errors: BTreeSet<String> = ciphertexts
        .iter()
        .map(|ciphertext| {
            let push = Push::of_ciphertext(ciphertext, &NOW.to_string(), "n");
            let error = push.open(&channel(), NOW).unwrap_err();
            format!("{error:?} {error}")
        })
        .collect();
    assert_eq!(errors.len(), 1, "{errors:#?}");
    assert!(errors.first().unwrap().contains("encodingAesKey"));
}

#[test]
fn nothing_is_decrypted_before_the_signature_is_right() {
    // Neither base64 nor a whole number of blocks, but what is said is that the signature is wrong.
    for ciphertext in ["not base64!", "AAAA", ""] {
        let mut push = Push::of_ciphertext(ciphertext, &NOW.to_string(), "n");
        push.msg_signature = "0".repeat(40);
        assert_eq!(
            code(push.open(&channel(), NOW)),
            ErrorCode::InvalidSignature
        );
        // Nor does the window say anything to who has no signature.
        assert_eq!(code(push.open(&channel(), 0)), ErrorCode::InvalidSignature);
    }
}

#[test]
fn the_window_ends_after_its_seconds() {
    let push = Push::of(SUCCESS);
    let narrow = PushChannel::new(&PushChannelOptions {
        tolerance_seconds: Some(10),
        ..options()
    })
    .unwrap();
    for (channel, seconds) in [(channel(), 300), (narrow, 10)] {
        assert_eq!(channel.tolerance_seconds(), seconds);
        for now in [NOW, NOW - seconds, NOW + seconds] {
            assert!(push.open(&channel, now).is_ok());
        }
        for now in [NOW - seconds - 1, NOW + seconds + 1, 0, u32::MAX] {
            assert_eq!(code(push.open(&channel, now)), ErrorCode::Replayed);
        }
    }
    // As WeChat writes it, or not WeChat's.
    for timestamp in [
        "",
        "+1700000000",
        "01700000000",
        "1700000000.0",
        "1700000000000",
        "١٧٠٠٠٠٠٠٠٠",
        "-1",
    ] {
        let push = Push::of_ciphertext(&ciphertext(), timestamp, "n");
        assert_eq!(
            code(push.open(&channel(), NOW)),
            ErrorCode::InvalidSignature,
            "{timestamp}"
        );
    }
}

#[test]
fn an_old_event_stays_old_whatever_its_envelope_says() {
    // Timestamp and nonce can be exchanged without the token, and this nonce is a time to come.
    let captured = Push::of_ciphertext(&ciphertext(), "1700000000", "1800000000");
    assert!(captured.open(&channel(), 1_700_000_000).is_ok());
    let exchanged = Push {
        timestamp: captured.nonce.clone(),
        nonce: captured.timestamp.clone(),
        ..captured
    };
    assert_eq!(
        code(exchanged.open(&channel(), 1_800_000_000)),
        ErrorCode::Replayed
    );
    // For thirty days it opens, and is known by its keys; they must be remembered longer than that.
    let created = 1_699_999_990;
    for (late, opens) in [(0, true), (OLDEST_EVENT, true), (OLDEST_EVENT + 1, false)] {
        let now = created + late;
        let push = Push::of_ciphertext(&ciphertext(), &now.to_string(), "n");
        assert_eq!(push.open(&channel(), now).is_ok(), opens, "{late}");
    }
    assert!(channel().remember_seconds() >= OLDEST_EVENT + 2 * channel().tolerance_seconds());
}

/// The event above, encrypted.
fn ciphertext() -> String {
    encrypt(padded(plaintext(SUCCESS.as_bytes(), APP_ID)), KEY)
}

#[test]
fn a_part_of_the_ciphertext_cannot_be_moved_into_the_nonce() {
    let mut moved = 0;
    for random in 0..200u8 {
        let mut plaintext = plaintext(SUCCESS.as_bytes(), APP_ID);
        plaintext[0] = random;
        let encrypted = encrypt(padded(plaintext), KEY);
        let push = Push::of_ciphertext(&encrypted, &NOW.to_string(), "9320562132");
        let (front, rest) = encrypted.split_at(64);
        let nonce = format!("{}{front}", push.nonce);
        // Only where the strings sort the same way does the signature stay right.
        if msg_signature(common::push::TOKEN, &push.timestamp, &nonce, rest) != push.msg_signature {
            continue;
        }
        moved += 1;
        let body = push.body.replace(&encrypted, rest);
        let forged = Push {
            nonce,
            body,
            ..push
        };
        assert_eq!(
            code(forged.open(&channel(), NOW)),
            ErrorCode::InvalidSignature
        );
    }
    assert!(moved > 0);
}

#[test]
fn digits_moved_between_timestamp_and_nonce_do_not_make_a_new_push() {
    let encrypted = encrypt(padded(plaintext(SUCCESS.as_bytes(), APP_ID)), KEY);
    let captured = Push::of_ciphertext(&encrypted, "1415979516", "1320562132");
    let shifted = Push {
        timestamp: "21415979516".into(),
        nonce: "132056213".into(),
        ..captured.clone()
    };
    let channel = channel();
    // The same signature fits both: SHA-1 sees the same characters.
    assert_eq!(
        msg_signature(
            common::push::TOKEN,
            &shifted.timestamp,
            &shifted.nonce,
            &encrypted
        ),
        captured.msg_signature
    );
    assert_eq!(
        code(shifted.open(&channel, 1_415_979_516)),
        ErrorCode::InvalidSignature
    );
    // Where digits are moved so that the time still fits, it is the same push by its key.
    let chosen = Push::of_ciphertext(&encrypted, "1415979516", "14159795171");
    let moved = Push {
        timestamp: "1415979517".into(),
        nonce: "14159795161".into(),
        ..chosen.clone()
    };
    let same = Push {
        timestamp: "1415979517".into(),
        nonce: "11415979516".into(),
        ..chosen.clone()
    };
    let first = chosen.open(&channel, 1_415_979_516).unwrap();
    for again in [moved, same] {
        if let Ok(event) = again.open(&channel, 1_415_979_516) {
            assert_eq!(event.replay_key, first.replay_key);
            assert_eq!(event.event_key, first.event_key);
        }
    }
}

#[test]
fn a_repetition_is_the_same_event_and_another_push() {
    let open = |xml: &str, nonce: u8| {
        let mut plaintext = plaintext(xml.as_bytes(), APP_ID);
        plaintext[0] = nonce;
        let encrypted = encrypt(padded(plaintext), KEY);
        Push::of_ciphertext(&encrypted, &NOW.to_string(), &nonce.to_string())
            .open(&channel(), NOW)
            .unwrap()
    };
    let (first, again) = (open(SUCCESS, 1), open(SUCCESS, 2));
    assert_eq!(first.event_key, again.event_key);
    assert_ne!(first.replay_key, again.replay_key);
    assert_eq!((first.event_key.len(), first.replay_key.len()), (64, 64));
    for (from, to) in [
        ("<status>0<", "<status>89251<"),
        ("<status>0</status>", ""),
        ("1699999990", "1699999991"),
        ("wxtrial0000000001", "wxtrial0000000002"),
        (
            "notify_third_fastverifybetaapp",
            "notify_third_fasteregister",
        ),
    ] {
        assert_ne!(
            open(&SUCCESS.replace(from, to), 1).event_key,
            first.event_key
        );
    }
    // Failures that leave out which mini program they are about are told apart by all that they say.
    let nameless = SUCCESS
        .replace("<appid>", "<x>")
        .replace("</appid>", "</x>");
    assert_eq!(open(&nameless, 1).event_key, open(&nameless, 2).event_key);
    assert_ne!(
        open(&nameless, 1).event_key,
        open(&nameless.replace("某某", "别的"), 1).event_key
    );
    // What is handed over is a part of the event, with a time and without.
    for time in ["<CreateTime>1699999990</CreateTime>", ""] {
        let ticket = |ticket: &str| {
            format!(
                "<xml><InfoType>component_verify_ticket</InfoType>{time}<ComponentVerifyTicket>{ticket}</ComponentVerifyTicket></xml>"
            )
        };
        assert_eq!(
            open(&ticket("a"), 1).event_key,
            open(&ticket("a"), 2).event_key
        );
        assert_ne!(
            open(&ticket("a"), 1).event_key,
            open(&ticket("b"), 1).event_key
        );
    }
    // Two platforms may share a store.
    let other = "wxcomponent00000002";
    let theirs = encrypt(padded(plaintext(SUCCESS.as_bytes(), other)), KEY);
    let theirs = Push::of_ciphertext(&theirs, &NOW.to_string(), "n").open(
        &PushChannel::new(&PushChannelOptions {
            app_id: other.into(),
            ..options()
        })
        .unwrap(),
        NOW,
    );
    assert_ne!(theirs.unwrap().event_key, first.event_key);
    // Two events of a type that nobody knows may differ in anything.
    let unknown = |x: &str| {
        format!("<xml><InfoType>new</InfoType><CreateTime>1699999990</CreateTime><x>{x}</x></xml>")
    };
    assert_eq!(
        open(&unknown("1"), 1).event_key,
        open(&unknown("1"), 2).event_key
    );
    assert_ne!(
        open(&unknown("1"), 1).event_key,
        open(&unknown("2"), 1).event_key
    );
}

#[test]
fn the_previous_key_opens_too() {
    let encrypted = encrypt(padded(plaintext(SUCCESS.as_bytes(), APP_ID)), OTHER_KEY);
    let push = Push::of_ciphertext(&encrypted, &NOW.to_string(), "n");
    assert_eq!(code(push.open(&channel(), NOW)), ErrorCode::MalformedPush);
    let rotated = PushChannel::new(&PushChannelOptions {
        previous_encoding_aes_key: Some(OTHER_KEY.into()),
        ..options()
    })
    .unwrap();
    assert!(push.open(&rotated, NOW).is_ok());
    assert!(Push::of(SUCCESS).open(&rotated, NOW).is_ok());
}

#[test]
fn options_that_cannot_work_are_named() {
    let refused = |change: fn(&mut PushChannelOptions)| {
        let mut options = options();
        change(&mut options);
        let error = PushChannel::new(&options).unwrap_err();
        assert_eq!(error.code(), ErrorCode::Configuration);
        error.field().unwrap().to_owned()
    };
    assert_eq!(refused(|options| options.token = "".into()), "token");
    assert_eq!(refused(|options| options.token = "a b".into()), "token");
    assert_eq!(refused(|options| options.app_id = String::new()), "appId");
    assert_eq!(
        refused(|options| options.tolerance_seconds = Some(0)),
        "toleranceSeconds"
    );
    assert_eq!(
        refused(|options| options.tolerance_seconds = Some(86_401)),
        "toleranceSeconds"
    );
    assert_eq!(
        refused(|options| options.encoding_aes_key = KEY[..42].into()),
        "encodingAesKey"
    );
    assert_eq!(
        refused(|options| options.encoding_aes_key = format!("{KEY}A").as_str().into()),
        "encodingAesKey"
    );
    assert_eq!(
        refused(|options| options.encoding_aes_key = KEY.replace('K', "*").as_str().into()),
        "encodingAesKey"
    );
    assert_eq!(
        refused(|options| options.previous_encoding_aes_key = Some("short".into())),
        "previousEncodingAesKey"
    );
    // As some people write it.
    let padded = PushChannelOptions {
        encoding_aes_key: format!("{KEY}=").as_str().into(),
        ..options()
    };
    assert!(
        Push::of(SUCCESS)
            .open(&PushChannel::new(&padded).unwrap(), NOW)
            .is_ok()
    );
    let printed = format!("{:?} {:?}", options(), channel());
    assert!(
        !printed.contains(KEY) && !printed.contains(common::push::TOKEN),
        "{printed}"
    );
}

#[test]
fn what_is_no_envelope_is_malformed() {
    let channel = channel();
    for body in [
        "",
        "{}",
        "<xml></xml>",
        "<xml><encrypt>x</encrypt></xml>",
        "<xml><Encrypt>x</Encrypt><Encrypt>y</Encrypt></xml>",
        "<xml><Encrypt><a/></Encrypt></xml>",
        "<!DOCTYPE xml [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><xml><Encrypt>&x;</Encrypt></xml>",
        "<!DOCTYPE xml SYSTEM 'http://127.0.0.1/'><xml><Encrypt>x</Encrypt></xml>",
    ] {
        let push = Push {
            body: body.into(),
            ..Push::of(SUCCESS)
        };
        assert_eq!(
            code(push.open(&channel, NOW)),
            ErrorCode::MalformedPush,
            "{body}"
        );
    }
}

#[test]
fn hostile_documents_end_quickly() {
    let laughs: String = (1..10)
        .map(|n| format!("<!ENTITY l{n} \"{}\">", format!("&l{};", n - 1).repeat(10)))
        .collect();
    let attributes: String = (0..100_000).map(|n| format!(" a{n}=''")).collect();
    let namespaces: String = (0..50_000).map(|n| format!(" xmlns:a{n}='b'")).collect();
    for text in [
        format!("<xml>{}</xml>", "x".repeat(10_000_000)),
        format!("<xml{attributes}/>"),
        format!("<xml{namespaces}/>"),
        format!(
            "<xml>{}{}</xml>",
            "<a>".repeat(10_000),
            "</a>".repeat(10_000)
        ),
        format!("<xml>{}</xml>", "<a/>".repeat(100_000)),
        format!("<xml>{}</xml>", "&amp;".repeat(200_000)),
        format!("<xml a='{}'/>", "&amp;".repeat(200_000)),
        format!("<!DOCTYPE x [<!ENTITY l0 \"lol\">{laughs}]><xml>&l9;</xml>"),
        "<".repeat(1_000_000),
        "<a".repeat(500_000),
        "<!--".repeat(250_000),
        "<![CDATA[".repeat(100_000),
        "&".repeat(1_000_000),
        format!("<xml>{}", "<![CDATA[]]>".repeat(80_000)),
    ] {
        for inside in [false, true] {
            let mut push = Push::of(if inside { &text } else { "" });
            if !inside {
                push.body.clone_from(&text);
            }
            let started = Instant::now();
            let refused = push.open(&channel(), NOW);
            assert!(started.elapsed().as_millis() < 200, "{}", &text[..20]);
            assert_eq!(code(refused), ErrorCode::MalformedPush, "{}", &text[..20]);
        }
    }
}
