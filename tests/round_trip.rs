//! Names and numbers nobody thought of, through the whole round trip: request, the sandbox's own encryption, reply.
#![cfg(all(not(target_arch = "wasm32"), feature = "sandbox"))]
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
use common::{entropy, files};
use proptest::prelude::*;
use wechat_realname::{
    CallContext, Error, ErrorCode, GetRealNameInfo, Merchant, Operation, Response,
    sandbox::{self, Incoming, Person, Sandbox},
};

const NOW: u32 = 1_795_170_000;

fn merchant() -> Merchant {
    let (key, certificate) = (sandbox::MERCHANT_KEY, sandbox::MERCHANT_CERTIFICATE);
    Merchant::open(&files(sandbox::MERCHANT_ID, key, certificate)).unwrap()
}

/// What names are made of: Han of every plane that cards have, the dots of minorities' names, other letters.
fn character() -> impl Strategy<Value = char> {
    let range = |first: char, last: char| proptest::char::range(first, last);
    prop_oneof![
        8 => range('\u{4E00}', '\u{9FFF}'),
        2 => range('\u{3400}', '\u{4DBF}'),
        2 => range('\u{20000}', '\u{2A6DF}'),
        1 => range('\u{2A700}', '\u{323AF}'),
        1 => proptest::sample::select(vec!['·', '•', '．', '・', '〇', '々', ' ', '-', '\'']),
        1 => range('A', 'z'),
        1 => range('\u{0E01}', '\u{0FBC}'),
        1 => range('\u{1800}', '\u{18AA}'),
    ]
}

/// The check character by the standard's table of weights, where the library folds.
fn number() -> impl Strategy<Value = String> {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let date = (1900..2030u32, 1..=12u32, 1..=28u32);
    (100_000..1_000_000u32, date, 0..1000u32).prop_map(|(area, (year, month, day), order)| {
        let digits = format!("{area}{year}{month:02}{day:02}{order:03}");
        let weighted = digits
            .chars()
            .zip(WEIGHTS)
            .map(|(c, w)| c.to_digit(10).unwrap() * w);
        let check = b"10X98765432"[weighted.sum::<u32>() as usize % 11];
        format!("{digits}{}", char::from(check))
    })
}

/// What getRealNameInfo says of this person, asked of the sandbox over WeChat's own JSON.
fn read(merchant: &Merchant, name: &str, number: &str, seed: u8) -> (String, String) {
    let mut sandbox = Sandbox::new().unwrap();
    let token = sandbox.issue_access_token(NOW.into(), [seed; 32]);
    let person = serde_json::json!({ "realName": name, "credentialId": number });
    let person: Person = serde_json::from_value(person).unwrap();
    let consent = sandbox
        .add_person(person, NOW.into(), [seed.wrapping_add(1); 32])
        .unwrap();

    let token = token.as_str().into();
    let entropy = entropy();
    let context = CallContext::new(&token)
        .with_entropy(&entropy)
        .with_merchant(merchant)
        .with_now(NOW);
    let call = GetRealNameInfo {
        auth_token: consent.auth_token.as_str().into(),
    };
    let request = call.request(&context).unwrap();
    let incoming: Incoming = serde_json::from_value(serde_json::json!({
        "method": "POST",
        "target": request.url.strip_prefix("https://api.weixin.qq.com").unwrap(),
        "body": request.body.unwrap(),
    }))
    .unwrap();
    let answer = sandbox.answer(&incoming, NOW.into(), [seed.wrapping_add(2); 32]);
    let reply = Response::new(answer.status, answer.body);
    let info = call
        .interpret(&reply, &context)
        .unwrap_or_else(|error| panic!("{name}: {error} ({})", answer.why));
    (
        info.real_name.expose().to_owned(),
        info.credential_id.expose().to_owned(),
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_person_comes_back_as_they_are(
        name in proptest::collection::vec(character(), 1..=60).prop_map(String::from_iter),
        number in number(),
        seed in any::<u8>(),
    ) {
        // The few texts whose GBK bytes are Chinese in UTF-8 are taken for mojibake, as they nearly always are.
        let (bytes, _, _) = encoding_rs::GB18030.encode(&name);
        let han = |text: &str| text.chars().all(|c| c >= '\u{3400}');
        prop_assume!(!str::from_utf8(&bytes).is_ok_and(han));
        let merchant = merchant();
        prop_assert_eq!(read(&merchant, &name, &number, seed), (name, number));
    }

    /// Whatever is decrypted: an error, never a panic. The numbers are below the modulus, so that they are decrypted.
    #[test]
    fn any_ciphertext_is_an_error(
        number in proptest::collection::vec(any::<u8>(), 255),
        name in proptest::collection::vec(any::<u8>(), 255),
    ) {
        let sealed = |bytes: Vec<u8>| STANDARD.encode([vec![0], bytes].concat());
        let opened = merchant().open_reply(&sealed(name), &sealed(number), &entropy());
        prop_assert_eq!(opened, Err(Error::DecryptionFailed));
    }

    #[test]
    fn any_text_is_an_error(name in ".{0,400}", number in ".{0,400}") {
        let opened = merchant().open_reply(&name, &number, &entropy());
        prop_assert_eq!(opened.unwrap_err().code(), ErrorCode::InvalidArgument);
    }

    /// Whatever is handed in as a key: an error, never a panic.
    #[test]
    fn any_file_is_an_error(file in proptest::collection::vec(any::<u8>(), 0..600), at in 0..1700usize, byte in any::<u8>()) {
        let mut given = files(sandbox::MERCHANT_ID, "", sandbox::MERCHANT_CERTIFICATE);
        given.private_key = file.clone().into();
        prop_assert!(Merchant::open(&given).is_err());
        given.private_key = sandbox::MERCHANT_KEY.as_bytes().to_vec().into();
        given.certificate = Some(file);
        prop_assert!(Merchant::open(&given).is_err());
        // One byte of a good key's DER changed: refused, or a change that nothing reads.
        let body: String = sandbox::MERCHANT_KEY.lines().filter(|line| !line.starts_with('-')).collect();
        let mut key = STANDARD.decode(body).unwrap();
        let at = at % key.len();
        key[at] = byte;
        given.private_key = key.into();
        given.certificate = Some(sandbox::MERCHANT_CERTIFICATE.as_bytes().to_vec());
        if let Ok(changed) = Merchant::open(&given) {
            prop_assert_eq!(changed.sign(1, &entropy()), merchant().sign(1, &entropy()));
        }
    }
}
