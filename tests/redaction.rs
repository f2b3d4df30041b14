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

use common::{
    entropy, files, merchant,
    push::{NOW, Push, channel as push_channel},
    vectors,
};
use wechat_realname::{
    BetaVerification, CallContext, CheckRealNameInfo, Error, GetAuthorizerAccessToken,
    GetAuthorizerRefreshToken, GetCategory, GetComponentAccessToken, GetMedicalRealName,
    GetRealNameInfo, GetVerifyId, MedicalKeys, Merchant, Operation, QueryVerifyInfo, Response,
    VerifyBetaMiniprogram, beta_verification::Evidence, request::Origin, secret,
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

/// What a platform holds: a company, a legal person, tokens, and the pushes that repeat all of it.
#[test]
fn no_debug_of_a_platform_shows_a_secret() {
    const CANARIES: &[&str] = &[
        NAME,
        NUMBER,
        TOKEN,
        "夏侯公司",
        "9144030071526726XG",
        "13811112222",
        "xiahou-wechat",
        "canary-secret",
        "canary-ticket",
        "canary-refresh",
        "canary-code",
        "canary-url",
        "canary-token",
    ];
    let token = secret::AccessToken::new(TOKEN);
    let context = CallContext::new(&token);
    let mut out = Output(String::new());
    let verify = VerifyBetaMiniprogram {
        enterprise_name: "夏侯公司".into(),
        code: "9144030071526726XG".into(),
        component_phone: "13811112222".into(),
        code_type: Some(1),
        legal_persona_wechat: Some("xiahou-wechat".into()),
        legal_persona_name: Some(NAME.into()),
        legal_persona_idcard: Some(NUMBER.into()),
    };
    let component = GetComponentAccessToken {
        component_app_id: "wx1".into(),
        component_app_secret: "canary-secret".into(),
        component_verify_ticket: "canary-ticket".into(),
    };
    let query = GetAuthorizerRefreshToken {
        component_app_id: "wx1".into(),
        authorization_code: "canary-code".into(),
    };
    let refresh = GetAuthorizerAccessToken {
        component_app_id: "wx1".into(),
        authorizer_app_id: "wx2".into(),
        authorizer_refresh_token: "canary-refresh".into(),
    };
    let echo = CANARIES.join(" ");
    let tokens = r#"{"component_access_token":"canary-token","authorizer_access_token":"canary-token","expires_in":1,
        "authorizer_refresh_token":"canary-refresh","authorize_url":"canary-url","taskid":"1","other":"夏侯公司",
        "authorization_info":{"authorizer_appid":"wx2","authorizer_access_token":"canary-token","authorizer_refresh_token":"canary-refresh"}}"#;
    let replies = [
        format!(r#"{{"errcode":40001,"errmsg":"{echo}"}}"#),
        format!(r#"{{"errcode":"{echo}"}}"#),
        echo.clone(),
        tokens.to_owned(),
    ];
    out.try_all(&verify, &context, &replies, CANARIES);
    out.try_all(&component, &context, &replies, CANARIES);
    out.try_all(&query, &context, &replies, CANARIES);
    out.try_all(&refresh, &context, &replies, CANARIES);
    let masked = verify
        .interpret(&Response::new(200, replies[0].as_str()), &context)
        .unwrap_err();
    let Error::Rejected(rejection) = masked else {
        panic!()
    };
    for own in &CANARIES[..7] {
        assert!(!rejection.errmsg.contains(own), "{own}");
    }

    let push = Push::of(&format!(
        "<xml><AppId>wx1</AppId><CreateTime>1699999990</CreateTime><InfoType>notify_third_fastverifybetaapp</InfoType><appid>wx2</appid>\
         <status>0</status><msg>{echo}</msg><info><name>夏侯公司</name><code>9144030071526726XG</code>\
         <legal_persona_name>{NAME}</legal_persona_name><legal_persona_wechat>xiahou-wechat</legal_persona_wechat>\
         <component_phone>13811112222</component_phone></info><ComponentVerifyTicket>canary-ticket</ComponentVerifyTicket>\
         <AuthorizationCode>canary-code</AuthorizationCode><other>{echo}</other></xml>"
    ));
    let event = push.open(&push_channel(), NOW).unwrap();
    out.add(&event);
    out.add(&event.info);
    out.add(&BetaVerification::of(Evidence::Push(event.status), 1, 2));
    out.add(&push_channel());
    for message in [
        echo.as_str(),
        "<xml><InfoType>component_verify_ticket</InfoType><msg>夏侯惇</msg></xml>",
    ] {
        out.fail(&Push::of(message).open(&push_channel(), NOW).unwrap_err());
        out.fail(
            &Push {
                body: message.into(),
                ..push.clone()
            }
            .open(&push_channel(), NOW)
            .unwrap_err(),
        );
    }
    for canary in CANARIES {
        assert!(!out.0.contains(canary), "{canary} is in:\n{}", out.0);
    }
}

/// What a face verification and a hospital's patient consist of.
#[test]
fn no_debug_of_a_face_or_a_patient_shows_a_secret() {
    const KEY: &str = "canary-hospital-key-of-32-chars-";
    const HASH: &str = "d40d91df1d2d1b2ae8eb1d0b1c9de2ac7b1d0aa5a4ea0d8bbd1d1a4a2b6e1c33";
    const CANARIES: &[&str] = &[
        NAME,
        NUMBER,
        TOKEN,
        OPENID,
        KEY,
        HASH,
        "canary-verify-id",
        "canary-authcode",
        "13811112222",
    ];
    let token = secret::AccessToken::new(TOKEN);
    let mut keys = MedicalKeys::new();
    keys.add(0, KEY.into()).unwrap();
    let context = CallContext::new(&token)
        .with_app_id("wx1")
        .with_medical_keys(&keys);
    let mut out = Output(String::new());
    out.add(&keys);
    out.add(&context);
    let begin = GetVerifyId {
        out_seq_no: Some("order-1".into()),
        cert_name: NAME.into(),
        cert_no: NUMBER.into(),
        openid: OPENID.into(),
    };
    let ask = QueryVerifyInfo {
        verify_id: "canary-verify-id".into(),
        out_seq_no: "order-1".into(),
        openid: OPENID.into(),
        cert_hash: Some(HASH.into()),
        ..Default::default()
    };
    let ask_by_name = QueryVerifyInfo {
        cert_hash: None,
        cert_name: Some(NAME.into()),
        cert_no: Some(NUMBER.into()),
        ..ask.clone()
    };
    let read = GetMedicalRealName {
        openid: OPENID.into(),
        wxmed_authcode: "canary-authcode".into(),
    };
    let echo = CANARIES.join(" ");
    let patients: serde_json::Value =
        serde_json::from_str(include_str!("vectors/medical.json")).unwrap();
    let sealed = |key_version: u32, patient: usize| {
        let cipher = &patients["patients"][patient]["cipher_real_name"];
        serde_json::json!({ "errcode": 0, "cipher_real_name": cipher, "key_version": key_version, "open_id": OPENID })
            .to_string()
    };
    let replies = [
        format!(r#"{{"errcode":40001,"errmsg":"{echo}"}}"#),
        format!(r#"{{"errcode":"{echo}"}}"#),
        echo.clone(),
        r#"{"errcode":0,"verify_id":"canary-verify-id","verify_ret":10003}"#.to_owned(),
        // The third patient is the one of the canaries.
        sealed(0, 2),
        sealed(1, 2),
        format!(
            r#"{{"cipher_real_name":"{KEY}","cipher_algorithm":"{echo}","open_id":"{OPENID}"}}"#
        ),
    ];
    out.try_all(&begin, &context, &replies, CANARIES);
    out.try_all(&ask, &context, &replies, CANARIES);
    out.try_all(&ask_by_name, &context, &replies, CANARIES);
    out.try_all(&read, &context, &replies, CANARIES);
    // What each was given, it masks in WeChat's text.
    let masked = |refused: Error, own: &[&str]| {
        let Error::Rejected(rejection) = refused else {
            panic!("{refused}")
        };
        for own in own {
            assert!(!rejection.errmsg.contains(own), "{own}");
        }
    };
    let refusal = Response::new(200, replies[0].as_str());
    masked(
        begin.interpret(&refusal, &context).unwrap_err(),
        &[NAME, NUMBER, TOKEN, OPENID],
    );
    masked(
        ask.interpret(&refusal, &context).unwrap_err(),
        &["canary-verify-id", HASH, TOKEN, OPENID],
    );
    masked(
        ask_by_name.interpret(&refusal, &context).unwrap_err(),
        &[NAME, NUMBER],
    );
    masked(
        read.interpret(&refusal, &context).unwrap_err(),
        &["canary-authcode", OPENID, TOKEN],
    );
    let opened = read.interpret(&Response::new(200, replies[4].as_str()), &context);
    assert_eq!(opened.unwrap().real_name.expose(), NAME);
    for canary in CANARIES {
        assert!(!out.0.contains(canary), "{canary} is in:\n{}", out.0);
    }
}

/// The other side holds the same people; so it must be as silent.
#[cfg(feature = "sandbox")]
fn sandbox(out: &mut Output) {
    use wechat_realname::sandbox::{Incoming, MerchantRecord, Person, Sandbox};

    let mut sandbox = Sandbox::new().unwrap();
    let person = serde_json::json!({ "openid": OPENID, "realName": NAME, "credentialId": NUMBER });
    let person: Person = serde_json::from_value(person).unwrap();
    out.add(&person);
    let consent = sandbox.add_person(person, 1, [5; 32]).unwrap();
    out.add(&consent);
    for given in [&consent.code, &consent.auth_token, &consent.wxmed_authcode] {
        assert!(!out.0.contains(given));
    }
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

    /// Everything that comes of a call.
    fn try_all<O: Operation<Outcome: Debug> + Debug>(
        &mut self,
        operation: &O,
        context: &CallContext<'_>,
        replies: &[String],
        canaries: &[&str],
    ) {
        self.add(operation);
        self.add(&operation.request(context).unwrap());
        for reply in replies {
            match operation.interpret(&Response::new(200, reply.as_str()), context) {
                Ok(outcome) => self.add(&outcome),
                // Of an echo only what was sent can be masked.
                Err(Error::Rejected(rejection)) => {
                    let error = Error::Rejected(rejection);
                    self.fail_without(&error, canaries);
                    writeln!(self.0, "{error}").unwrap();
                }
                Err(error) => self.fail(&error),
            }
        }
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
