//! Nothing secret in any Debug or Display: every public type and every error is formatted with fixtures and searched.
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

use std::fmt::{Debug, Write};

use common::{entropy, files, merchant, vectors};
use wechat_realname::{
    CallContext, CheckRealNameInfo, Error, GetCategory, GetRealNameInfo, Merchant, Operation,
    Response, request::Origin, secret,
};

const NAME: &str = "夏侯惇";
const NUMBER: &str = "11010519491231002X";
const TOKEN: &str = "ACCESS-TOKEN-canary-6e1f";
const CODE: &str = "CODE-canary-77aa";
const AUTH_TOKEN: &str = "AUTH-TOKEN-canary-31bc";
const OPENID: &str = "OPENID-canary-90de";

#[test]
fn no_debug_and_no_error_shows_a_secret() {
    let vectors = vectors();
    let vector = &vectors[0];
    let merchant = merchant(vector);
    let token = secret::AccessToken::new(TOKEN);
    let entropy = entropy();
    let context = CallContext::new(&token)
        .with_entropy(&entropy)
        .with_merchant(&merchant)
        .with_now(1_795_170_000);
    let mut check = CheckRealNameInfo {
        openid: OPENID.into(),
        real_name: NAME.into(),
        cred_id: NUMBER.into(),
        code: CODE.into(),
        cred_type: None,
    };
    let read = GetRealNameInfo {
        auth_token: AUTH_TOKEN.into(),
    };
    let person = &vector.people[0];
    let info = merchant
        .open_reply(
            &person.encryted_real_name,
            &person.encryted_credential_id,
            &entropy,
        )
        .unwrap();
    let mut out = Output(String::new());
    out.add(&merchant);
    out.add(&merchant.report(1_795_170_000));
    out.add(&files("1900006511", &vector.pkcs8, &vector.certificate));
    out.add(&context);
    out.add(&check);
    out.add(&read);
    out.add(&GetCategory::default());
    out.add(&Origin::default());
    out.add(&info);
    out.add(&secret::AccessToken::new(TOKEN));
    out.add(&check.request(&context).unwrap());
    out.add(&read.request(&context).unwrap());
    out.add(&GetCategory::default().request(&context).unwrap());

    let reply =
        r#"{"verify_openid":"V_OP_NM_MA","verify_real_name":"V_NM_ID_MA","category_list":[]}"#;
    let reply = Response::new(200, reply);
    out.add(&check.interpret(&reply, &context).unwrap());
    out.add(&GetCategory::default().interpret(&reply, &context).unwrap());
    #[cfg(feature = "sandbox")]
    sandbox(&mut out);

    // WeChat's text may repeat everything that it was sent.
    let echo = format!("echo {NAME} {NUMBER} {TOKEN} {CODE} {AUTH_TOKEN} {OPENID}");
    let replies = [
        (200, format!(r#"{{"errcode":40001,"errmsg":"{echo}"}}"#)),
        (200, format!(r#"{{"errcode":"{echo}"}}"#)),
        (
            200,
            format!(
                r#"{{"verify_openid":["{echo}"],"category_list":"{echo}","encryted_real_name":"{echo}","encryted_credential_id":"{echo}"}}"#
            ),
        ),
        (200, echo.clone()),
        (502, echo.clone()),
    ];
    for (status, body) in replies {
        let response = Response::new(status, body);
        out.add(&response);
        let checked = check.interpret(&response, &context).unwrap_err();
        assert!(
            !checked.to_string().contains("echo"),
            "the text of WeChat stays out of the message"
        );
        out.fail_without(&checked, &[AUTH_TOKEN]);
        // The operation can mask only what it was given, so each echo is searched for its own secrets.
        let read = read.interpret(&response, &context).unwrap_err();
        out.fail_without(&read, &[NAME, NUMBER, CODE, OPENID]);
        let listed = GetCategory::default()
            .interpret(&response, &context)
            .unwrap_err();
        out.fail_without(&listed, &[NAME, NUMBER, CODE, OPENID, AUTH_TOKEN]);
    }
    let mut wrong = files("1900006511", &vectors[1].pkcs8, &vector.certificate);
    out.fail(&Merchant::open(&wrong).unwrap_err());
    wrong.private_key = vector.pkcs8.replace('M', "?").into_bytes().into();
    out.fail(&Merchant::open(&wrong).unwrap_err());
    for error in [
        Error::DecryptionFailed,
        Error::NoEntropy,
        Error::Closed,
        Error::Internal,
    ] {
        out.fail(&error);
    }
    check.code = format!("{CODE}%3D").as_str().into();
    out.fail(&check.request(&context).unwrap_err());

    out.search(vector);
}

/// The other side holds the same people; so it must be as silent.
#[cfg(feature = "sandbox")]
fn sandbox(out: &mut Output) {
    use wechat_realname::sandbox::{Incoming, MerchantRecord, Person, Sandbox};

    let mut sandbox = Sandbox::new().unwrap();
    let person = serde_json::json!({ "openid": OPENID, "realName": NAME, "credentialId": NUMBER });
    let person: Person = serde_json::from_value(person).unwrap();
    out.add(&person);
    let consent = sandbox.add_person(person, [5; 32]).unwrap();
    out.add(&consent);
    assert!(!out.0.contains(&consent.code) && !out.0.contains(&consent.auth_token));
    out.add(&MerchantRecord::default());
    let incoming = serde_json::json!({
        "method": "POST",
        "target": format!("/intp/realname/checkrealnameinfo?access_token={TOKEN}"),
        "body": format!("{NAME}{NUMBER}{CODE}{AUTH_TOKEN}"),
    });
    let incoming: Incoming = serde_json::from_value(incoming).unwrap();
    out.add(&incoming);
    out.add(&sandbox.answer(&incoming, 1, [6; 32]));
    out.add(
        &sandbox
            .add_merchant(&MerchantRecord::default())
            .unwrap_err(),
    );
    out.add(&sandbox);
}

struct Output(String);

impl Output {
    fn add(&mut self, value: &dyn Debug) {
        writeln!(self.0, "{value:?}\n{value:#?}").unwrap();
    }

    fn fail(&mut self, error: &Error) {
        self.add(error);
        writeln!(self.0, "{error}").unwrap();
    }

    /// `foreign`: what was no part of the request, so that nothing could mask it in WeChat's text.
    fn fail_without(&mut self, error: &Error, foreign: &[&str]) {
        let mut own = Self(String::new());
        own.fail(error);
        let text = foreign
            .iter()
            .fold(own.0, |text, word| text.replace(word, ""));
        self.0.push_str(&text);
    }

    fn search(&self, vector: &common::Vector) {
        let key_lines = vector.pkcs8.lines().filter(|line| !line.starts_with('-'));
        let secrets = [NAME, NUMBER, TOKEN, CODE, AUTH_TOKEN, OPENID, "张三"]
            .into_iter()
            .chain(key_lines);
        for secret in secrets {
            assert!(!self.0.contains(secret), "{secret} is in:\n{}", self.0);
        }
        assert!(self.0.contains("[redacted]") && self.0.contains("1900006511"));
    }
}
