//! The sandbox as a third-party platform sees it: tickets, tokens, verifications and pushes, without a network and without
//! the core. Pushes are opened from WeChat's description again, and once by openssl, which knows nothing of this project.
#![cfg(all(not(target_arch = "wasm32"), feature = "sandbox"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test says what it expects by failing"
)]

use std::{
    io::Write,
    process::{Command, Stdio},
};

use aes::Aes256;
use base64::{Engine, engine::general_purpose::STANDARD};
use cbc::{
    Decryptor,
    cipher::{BlockModeDecrypt, KeyIvInit},
};
use serde_json::{Value, json};
use sha1::{Digest, Sha1};
use wechat_realname::sandbox::{
    Answer, Authorized, ENCODING_AES_KEY, Mistake, PLATFORM_APP_ID, PLATFORM_APP_SECRET,
    PUSH_TOKEN, Push, PushFault, PushKind, PushOrder, Sandbox, Step, Trial,
};

const NOW: u64 = 1_795_170_000;
const DAY: u64 = 24 * 3600;
const NUMBER: &str = "11010519491231002X";
const BETA: &str = "/wxa/verifybetaweapp";

/// A sandbox with a clock, and randomness that is never the same twice.
struct Bench {
    sandbox: Sandbox,
    now: u64,
    seeds: u8,
}

impl Bench {
    fn new() -> Self {
        Self {
            sandbox: Sandbox::new().unwrap(),
            now: NOW,
            seeds: 0,
        }
    }

    fn seed(&mut self) -> [u8; 32] {
        self.seeds = self.seeds.wrapping_add(1);
        [self.seeds; 32]
    }

    fn post(&mut self, target: &str, body: &Value) -> (Answer, Value) {
        let request = json!({ "method": "POST", "target": target, "body": body.to_string() });
        let seed = self.seed();
        let request = serde_json::from_value(request).unwrap();
        let answer = self.sandbox.answer(&request, self.now, seed);
        assert!(!answer.why.is_empty());
        let reply = serde_json::from_str(&answer.body).unwrap_or_default();
        (answer, reply)
    }

    fn errcode(&mut self, target: &str, body: &Value) -> i64 {
        let (_, reply) = self.post(target, body);
        reply["errcode"].as_i64().unwrap_or_default()
    }

    fn ticket(&mut self) -> String {
        let seed = self.seed();
        let push = self.sandbox.ticket(self.now, seed);
        field(&opened(&push), "ComponentVerifyTicket")
    }

    fn component_token(&mut self) -> String {
        let ticket = self.ticket();
        let (_, reply) = self.post(COMPONENT, &component(&ticket));
        assert_eq!(reply["expires_in"], 7200);
        assert!(reply.get("errcode").is_none());
        reply["component_access_token"].as_str().unwrap().into()
    }

    fn add(&mut self, trial: Trial) -> Authorized {
        let seed = self.seed();
        self.sandbox.add_trial(trial, self.now, seed).unwrap()
    }

    /// A mini program and the platform's access token for it.
    fn authorized(&mut self, trial: Trial) -> (String, String) {
        let authorized = self.add(trial);
        let info = self.query_auth(&authorized.authorization_code);
        assert_eq!(info["authorizer_appid"], authorized.app_id);
        let token = info["authorizer_access_token"].as_str().unwrap();
        (authorized.app_id, token.into())
    }

    fn query_auth(&mut self, code: &str) -> Value {
        let token = self.component_token();
        let target = format!("{QUERY_AUTH}?component_access_token={token}");
        let body = json!({ "component_appid": PLATFORM_APP_ID, "authorization_code": code });
        let (_, mut reply) = self.post(&target, &body);
        assert!(reply.get("errcode").is_none(), "{reply}");
        reply["authorization_info"].take()
    }

    fn verify(&mut self, token: &str, body: &Value) -> (Answer, Value) {
        self.post(&format!("{BETA}?access_token={token}"), body)
    }

    fn refused(&mut self, token: &str, body: &Value) -> i64 {
        // Five calls a minute.
        self.now += 60;
        self.errcode(&format!("{BETA}?access_token={token}"), body)
    }

    fn step(&mut self, app_id: &str, step: Step) -> Result<Vec<i32>, Mistake> {
        let seed = self.seed();
        let pushes = self
            .sandbox
            .verification_step(app_id, step, self.now, seed)?;
        Ok(statuses(&pushes))
    }

    fn due(&mut self) -> Vec<i32> {
        let seed = self.seed();
        statuses(&self.sandbox.due(self.now, seed))
    }

    fn push(&mut self, order: &PushOrder) -> Push {
        let seed = self.seed();
        self.sandbox.push(order, self.now, seed).unwrap()
    }
}

const COMPONENT: &str = "/cgi-bin/component/api_component_token";
const QUERY_AUTH: &str = "/cgi-bin/component/api_query_auth";
const AUTHORIZER: &str = "/cgi-bin/component/api_authorizer_token";

fn component(ticket: &str) -> Value {
    json!({
        "component_appid": PLATFORM_APP_ID,
        "component_appsecret": PLATFORM_APP_SECRET,
        "component_verify_ticket": ticket,
    })
}

fn trial() -> Trial {
    serde_json::from_value(json!({
        "enterpriseName": "测试公司", "code": "91110105MA00000018", "legalPersonaWechat": "zhang",
        "legalPersonaName": "张三", "legalPersonaIdcard": NUMBER,
    }))
    .unwrap()
}

fn with(fields: Value) -> Trial {
    let mut all = serde_json::to_value(trial()).unwrap();
    all.as_object_mut()
        .unwrap()
        .extend(fields.as_object().unwrap().clone());
    serde_json::from_value(all).unwrap()
}

/// The documented form, with these fields instead.
fn form(fields: Value) -> Value {
    let mut info = json!({
        "enterprise_name": "测试公司", "code": "91110105MA00000018", "code_type": 1,
        "legal_persona_wechat": "zhang", "legal_persona_name": "张三",
        "legal_persona_idcard": NUMBER, "component_phone": "13900000000",
    });
    info.as_object_mut()
        .unwrap()
        .extend(fields.as_object().unwrap().clone());
    json!({ "verify_info": info })
}

fn form_2026() -> Value {
    json!({
        "verify_info": {
            "enterprise_name": "测试公司", "code": "91110105MA00000018", "component_phone": "13900000000",
        },
        "new_version": true,
    })
}

fn order(fields: Value) -> PushOrder {
    serde_json::from_value(fields).unwrap()
}

/// Every push is well signed and tells its status inside, too.
fn statuses(pushes: &[Push]) -> Vec<i32> {
    let status = |push: &Push| {
        let xml = opened(push);
        let status: i32 = field(&xml, "status").parse().unwrap();
        assert_eq!(push.status, Some(status));
        assert_eq!(push.info_type, Some("notify_third_fastverifybetaapp"));
        assert_eq!(field(&xml, "InfoType"), "notify_third_fastverifybetaapp");
        status
    };
    pushes.iter().map(status).collect()
}

/// What stands in an element, with or without CDATA.
fn field(xml: &str, name: &str) -> String {
    let (_, after) = xml.split_once(&format!("<{name}>")).unwrap();
    let (text, _) = after.split_once(&format!("</{name}>")).unwrap();
    let text = text.strip_prefix("<![CDATA[").unwrap_or(text);
    text.strip_suffix("]]>").unwrap_or(text).into()
}

fn query<'a>(push: &'a Push, name: &str) -> &'a str {
    let pairs = push
        .query
        .split('&')
        .map(|pair| pair.split_once('=').unwrap());
    pairs.clone().find(|(given, _)| *given == name).unwrap().1
}

fn sha1(parts: &mut [&str]) -> String {
    parts.sort_unstable();
    hex(&Sha1::digest(parts.concat()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn key(encoding_aes_key: &str) -> Vec<u8> {
    let lenient = base64::engine::GeneralPurpose::new(
        &base64::alphabet::STANDARD,
        base64::engine::GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
    );
    lenient.decode(format!("{encoding_aes_key}=")).unwrap()
}

fn is_signed(push: &Push) -> bool {
    let encrypted = field(&push.body, "Encrypt");
    let (timestamp, nonce) = (query(push, "timestamp"), query(push, "nonce"));
    let weak = sha1(&mut [PUSH_TOKEN, timestamp, nonce]);
    assert_eq!(query(push, "signature"), weak);
    assert_eq!(query(push, "encrypt_type"), "aes");
    sha1(&mut [PUSH_TOKEN, timestamp, nonce, &encrypted]) == query(push, "msg_signature")
}

/// The whole plaintext.
fn plaintext(push: &Push, key: &[u8]) -> Vec<u8> {
    let mut bytes = STANDARD.decode(field(&push.body, "Encrypt")).unwrap();
    let mut cipher = Decryptor::<Aes256>::new_from_slices(key, &key[..16]).unwrap();
    for block in bytes.as_chunks_mut::<16>().0 {
        cipher.decrypt_block(block.into());
    }
    bytes
}

/// Message and app id, if everything about the plaintext is right.
fn parts(plain: &[u8]) -> Option<(String, String)> {
    let padding = usize::from(*plain.last()?);
    let (content, pad) = plain.split_at_checked(plain.len().checked_sub(padding)?)?;
    let right = (1..=32).contains(&padding) && pad.iter().all(|b| usize::from(*b) == padding);
    let (head, content) = content.split_at_checked(20)?;
    let length = u32::from_be_bytes(head[16..].try_into().ok()?);
    let (message, app_id) = content.split_at_checked(length as usize)?;
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).ok();
    (right && plain.len().is_multiple_of(32)).then_some((text(message)?, text(app_id)?))
}

fn opened(push: &Push) -> String {
    assert!(is_signed(push));
    assert_eq!(field(&push.body, "AppId"), PLATFORM_APP_ID);
    assert!(!push.body.contains("ToUserName"));
    let (xml, app_id) = parts(&plaintext(push, &key(ENCODING_AES_KEY))).unwrap();
    assert_eq!(app_id, PLATFORM_APP_ID);
    xml
}

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
fn the_whole_story() {
    let mut bench = Bench::new();
    let (app, token) = bench.authorized(trial());
    let (answer, reply) = bench.verify(&token, &form(json!({})));
    assert_eq!(reply, json!({ "errcode": 0, "errmsg": "ok" }));
    assert_eq!(statuses(&answer.pushes), [89251]);
    let xml = opened(&answer.pushes[0]);
    let tell = |name| field(&xml, name);
    assert_eq!(tell("appid"), app);
    assert_eq!(tell("AppId"), PLATFORM_APP_ID);
    assert_eq!(tell("CreateTime"), NOW.to_string());
    assert_eq!(tell("name"), "测试公司");
    assert_eq!(tell("code"), "91110105MA00000018");
    assert_eq!(tell("code_type"), "1");
    assert_eq!(tell("legal_persona_wechat"), "zhang");
    assert_eq!(tell("legal_persona_name"), "张三");
    assert_eq!(tell("component_phone"), "13900000000");
    assert!(!xml.contains(NUMBER));

    assert_eq!(bench.refused(&token, &form(json!({}))), 89251);
    bench.now = NOW + DAY - 1;
    assert!(bench.due().is_empty());
    bench.now = NOW + DAY;
    assert_eq!(bench.due(), [100_001]);
    assert!(bench.due().is_empty());

    let token = bench.authorized(with(json!({ "appId": app }))).1;
    let (answer, _) = bench.verify(&token, &form(json!({})));
    assert_eq!(statuses(&answer.pushes), [89251]);
    assert!(bench.step(&app, Step::LegalPersonConfirms).is_err());
    assert!(bench.step(&app, Step::LegalPersonChecksFace).is_err());
    assert!(bench.step(&app, Step::AdministratorConfirms).is_err());
    assert_eq!(bench.step(&app, Step::LegalPersonChecksId), Ok(vec![]));
    assert_eq!(bench.step(&app, Step::LegalPersonChecksFace), Ok(vec![]));
    assert_eq!(bench.step(&app, Step::LegalPersonConfirms), Ok(vec![89252]));
    assert_eq!(bench.refused(&token, &form(json!({}))), 89252);
    assert!(bench.step(&app, Step::LegalPersonConfirms).is_err());
    assert_eq!(bench.step(&app, Step::AdministratorConfirms), Ok(vec![0]));
    assert_eq!(bench.refused(&token, &form(json!({}))), 91021);
    assert!(bench.step(&app, Step::AdministratorConfirms).is_err());
    bench.now += 2 * DAY;
    assert!(bench.due().is_empty());
}

#[test]
fn every_timeout() {
    let steps = [
        Step::LegalPersonChecksId,
        Step::LegalPersonChecksFace,
        Step::LegalPersonConfirms,
    ];
    for (done, status) in [(0, 100_001), (1, 100_002), (2, 100_003), (3, 100_003)] {
        let mut bench = Bench::new();
        let (app, token) = bench.authorized(trial());
        bench.verify(&token, &form(json!({})));
        for step in &steps[..done] {
            bench.now += 100;
            bench.step(&app, *step).unwrap();
        }
        // The administrator's day begins with the legal person's confirmation.
        let end = NOW + DAY + if done == 3 { 300 } else { 0 };
        bench.now = end - 1;
        assert!(bench.due().is_empty(), "{done}");
        bench.now = end;
        let late = bench.step(&app, Step::EndsWith(6)).unwrap_err();
        assert!(late.reason.contains("has ended"), "{late}");
        assert_eq!(bench.due(), [status]);
    }
}

#[test]
fn a_call_after_the_timeout_pushes_it_and_begins_with_the_face_again() {
    let mut bench = Bench::new();
    let (app, token) = bench.authorized(trial());
    bench.verify(&token, &form(json!({})));
    bench.step(&app, Step::LegalPersonChecksId).unwrap();
    bench.step(&app, Step::LegalPersonChecksFace).unwrap();
    bench.now += DAY;
    let token = bench.authorized(with(json!({ "appId": app }))).1;
    let (answer, reply) = bench.verify(&token, &form(json!({})));
    assert_eq!(reply["errcode"], 0);
    assert_eq!(statuses(&answer.pushes), [100_003, 89251]);
    assert!(bench.step(&app, Step::LegalPersonConfirms).is_err());
    assert!(bench.due().is_empty());
}

#[test]
fn every_other_end() {
    let mut bench = Bench::new();
    let (app, token) = bench.authorized(trial());
    let mut ends = vec![(Step::RealNameDiffers, 100_004), (Step::EndsWith(6), 6)];
    for status in [101, 102, 103, 104, 105, 1000] {
        ends.push((Step::RegisterAnswers(status), status));
    }
    for (step, status) in ends {
        bench.now += 60;
        let (_, reply) = bench.verify(&token, &form(json!({})));
        assert_eq!(reply["errcode"], 0, "after {status}");
        if let Step::RegisterAnswers(_) = step {
            assert!(bench.step(&app, step).is_err(), "before the face check");
        }
        bench.step(&app, Step::LegalPersonChecksId).unwrap();
        bench.step(&app, Step::LegalPersonChecksFace).unwrap();
        assert!(bench.step(&app, Step::RegisterAnswers(7)).is_err());
        assert!(bench.step(&app, Step::EndsWith(0)).is_err());
        assert_eq!(bench.step(&app, step), Ok(vec![status]));
        let none = bench.step(&app, step).unwrap_err();
        assert_eq!(
            (none.field, none.reason),
            ("step", "has no verification under way")
        );
    }
    assert_eq!(
        bench.step("wx0", Step::RealNameDiffers).unwrap_err().field,
        "appId"
    );
    for (name, status, wrong) in [("x", None, "step"), ("ends_with", None, "status")] {
        assert_eq!(Step::named(name, status).unwrap_err().field, wrong);
    }
    assert_eq!(
        Step::named("register_answers", Some(101)),
        Ok(Step::RegisterAnswers(101))
    );
}

#[test]
fn the_2026_form() {
    let mut bench = Bench::new();
    let (app, token) = bench.authorized(trial());
    bench.sandbox.set_only_2026_form(true);
    let (answer, reply) = bench.verify(&token, &form(json!({})));
    assert_eq!(reply["errcode"], 89253);
    assert!(answer.why.contains("2026"));
    let (answer, reply) = bench.verify(&token, &form_2026());
    assert!(answer.pushes.is_empty());
    assert!(
        reply["authorize_url"]
            .as_str()
            .unwrap()
            .starts_with("https://")
    );
    assert!(reply["taskid"].is_string() && reply["unique_id"].is_string());
    assert_eq!(
        (&reply["errcode"], &reply["status"]),
        (&json!(0), &json!(1))
    );
    assert_eq!(bench.refused(&token, &form_2026()), 89251);
    assert_eq!(bench.step(&app, Step::EndsWith(3)), Ok(vec![3]));

    bench.sandbox.set_only_2026_form(false);
    assert_eq!(bench.refused(&token, &form_2026()), 0);
    bench.now += DAY;
    assert_eq!(bench.due(), [2]);
    let mut long = form_2026();
    long["verify_info"]["code"] = json!("123456789012345");
    let token = bench.authorized(with(json!({ "appId": app }))).1;
    assert_eq!(bench.refused(&token, &long), 89255);
    long["verify_info"]["code"] = json!("911101050000000000");
    assert_eq!(bench.refused(&token, &long), 86019);
}

#[test]
fn every_refusal_of_a_verification() {
    let mut bench = Bench::new();
    let (_, token) = bench.authorized(trial());
    bench.authorized(with(json!({
        "enterpriseName": "另一公司", "code": "91110105MA00000026", "legalPersonaWechat": "li",
        "legalPersonaName": "李四", "legalPersonaIdcard": "440524188001010014",
    })));
    for (given, errcode) in [
        (json!({ "enterprise_name": "" }), 89253),
        (json!({ "code": null }), 89253),
        (json!({ "code_type": "1" }), 89248),
        (json!({ "code_type": 4 }), 89248),
        (json!({ "code_type": 1.5 }), 89248),
        (json!({ "legal_persona_wechat": " " }), 89253),
        (json!({ "legal_persona_name": 1 }), 89253),
        (json!({ "legal_persona_idcard": "" }), 89253),
        (json!({ "component_phone": "" }), 89253),
        (json!({ "code": "91110105MA0000001" }), 89255),
        (json!({ "code_type": 2 }), 89255),
        (json!({ "code_type": 3, "code": "8585858589999" }), 89255),
        (json!({ "legal_persona_wechat": "nobody" }), 86004),
        (json!({ "legal_persona_name": "李四" }), 61070),
        (
            json!({ "legal_persona_idcard": "440524188001010014" }),
            61069,
        ),
        (json!({ "enterprise_name": "没有公司" }), 86019),
        (
            json!({ "enterprise_name": "另一公司", "code": "91110105MA00000026" }),
            86019,
        ),
        (json!({ "code_type": 2, "code": "00000018-2" }), 86019),
        (json!({ "code_type": 2, "code": "000000182" }), 86019),
        (json!({ "enterprise_name": "sandbox:1003" }), 1003),
        (json!({ "enterprise_name": "sandbox:89247" }), 89247),
        (json!({ "enterprise_name": "sandbox:-1" }), -1),
    ] {
        assert_eq!(
            bench.refused(&token, &form(given.clone())),
            errcode,
            "{given}"
        );
    }
    for (body, errcode) in [
        (json!({}), 89253),
        (json!({ "verify_info": "x" }), 89253),
        (json!([]), 47001),
    ] {
        assert_eq!(bench.refused(&token, &body), errcode, "{body}");
    }
    let (answer, _) = bench.verify(
        &token,
        &form(json!({ "enterprise_name": "sandbox:html-502" })),
    );
    assert_eq!(answer.status, 502);

    let own = bench.sandbox.issue_access_token(bench.now, [1; 32]);
    for (token, errcode) in [
        ("", 41001),
        ("x", 40001),
        ("sandbox:42001", 42001),
        (&own, 48001),
    ] {
        assert_eq!(bench.refused(token, &form(json!({}))), errcode, "{token}");
    }
    assert_eq!(bench.refused(&token, &form(json!({}))), 0);
    bench.now += 7200;
    assert_eq!(bench.refused(&token, &form(json!({}))), 42001);
}

#[test]
fn what_belongs_to_the_authorization() {
    let mut bench = Bench::new();
    let (_, token) = bench.authorized(with(json!({ "permissionSets": [1, 2] })));
    assert_eq!(bench.refused(&token, &form(json!({}))), 61007);
    let code = bench
        .add(with(json!({ "permissionSets": "1,81" })))
        .authorization_code;
    let info = bench.query_auth(&code);
    assert_eq!(
        info["func_info"],
        json!([{ "funcscope_category": { "id": 1 } }, { "funcscope_category": { "id": 81 } }])
    );
    let (app, token) = bench.authorized(with(json!({ "trial": false })));
    assert_eq!(bench.refused(&token, &form(json!({}))), 91021);
    // A platform may ask for the categories, and for nothing of the real-name interfaces.
    for (path, errcode) in [
        ("/wxa/get_category", 0),
        ("/intp/realname/checkrealnameinfo", 48001),
        ("/cgi-bin/wxopen/getrealnameinfo", 48001),
    ] {
        let target = format!("{path}?access_token={token}");
        assert_eq!(bench.errcode(&target, &json!({})), errcode);
    }
    bench.push(&order(json!({ "kind": "unauthorized", "appId": app })));
    assert_eq!(bench.refused(&token, &form(json!({}))), 61003);
    let push = bench.push(&order(json!({ "kind": "authorized", "appId": app })));
    let xml = opened(&push);
    assert_eq!(field(&xml, "AuthorizerAppid"), app);
    let end = (bench.now + 3600).to_string();
    assert_eq!(field(&xml, "AuthorizationCodeExpiredTime"), end);
    assert!(!field(&xml, "PreAuthCode").is_empty());
    let info = bench.query_auth(&field(&xml, "AuthorizationCode"));
    assert_eq!(bench.refused(&token, &form(json!({}))), 61003);
    let token = info["authorizer_access_token"].as_str().unwrap();
    assert_eq!(bench.refused(token, &form(json!({}))), 91021);
}

#[test]
fn verifications_are_serial() {
    let mut bench = Bench::new();
    let (one, first) = bench.authorized(trial());
    let (_, second) = bench.authorized(trial());
    bench.verify(&first, &form(json!({})));
    assert_eq!(bench.refused(&second, &form(json!({}))), 89249);
    assert_eq!(bench.refused(&second, &form_2026()), 89249);
    bench.step(&one, Step::RealNameDiffers).unwrap();
    assert_eq!(bench.refused(&second, &form(json!({}))), 0);
}

#[test]
fn quotas() {
    let mut bench = Bench::new();
    let (_, token) = bench.authorized(trial());
    let body = form(json!({ "code": "x" }));
    for call in 0..7 {
        let (_, reply) = bench.verify(&token, &body);
        assert_eq!(reply["errcode"], if call < 5 { 89255 } else { 45011 });
    }
    for call in 5..101 {
        let errcode = if call < 100 { 89255 } else { 45009 };
        assert_eq!(bench.refused(&token, &body), errcode, "{call}");
        // A day has fewer token lifetimes than minutes: stay within one.
        bench.now -= 30;
        if call == 5 {
            bench.now += 60;
        }
    }
}

#[test]
fn component_tokens() {
    let mut bench = Bench::new();
    let (first, second) = (bench.ticket(), bench.ticket());
    for ticket in [&first, &second] {
        assert_eq!(bench.errcode(COMPONENT, &component(ticket)), 0);
    }
    assert_eq!(bench.errcode(COMPONENT, &component("ticket@@@x")), 61006);
    assert_eq!(bench.errcode(COMPONENT, &component("sandbox:61004")), 61004);
    for (field, errcode) in [("component_appid", 40013), ("component_appsecret", 40125)] {
        let mut body = component(&first);
        body[field] = json!("x");
        assert_eq!(bench.errcode(COMPONENT, &body), errcode);
        body[field] = json!("");
        assert_eq!(bench.errcode(COMPONENT, &body), 47001);
    }
    let token = bench.component_token();
    bench.now += 12 * 3600 - 1;
    assert_eq!(bench.errcode(COMPONENT, &component(&first)), 0);
    bench.now += 1;
    assert_eq!(bench.errcode(COMPONENT, &component(&first)), 61006);

    let body = json!({ "component_appid": PLATFORM_APP_ID, "authorization_code": "x" });
    let fresh = bench.component_token();
    for path in [QUERY_AUTH, AUTHORIZER] {
        for (query, errcode) in [
            (String::new(), 41001),
            ("access_token=x".into(), 41001),
            ("component_access_token=x".into(), 40001),
            (format!("component_access_token={token}"), 42001),
            ("component_access_token=sandbox:61004".into(), 61004),
        ] {
            assert_eq!(
                bench.errcode(&format!("{path}?{query}"), &body),
                errcode,
                "{query}"
            );
        }
        let other = json!({ "component_appid": "wx1" });
        let target = format!("{path}?component_access_token={fresh}");
        assert_eq!(bench.errcode(&target, &other), 40013);
    }
}

#[test]
fn authorization_codes_work_once_and_for_an_hour() {
    let mut bench = Bench::new();
    let code = bench.add(trial()).authorization_code;
    bench.query_auth(&code);
    let late = bench.add(trial()).authorization_code;
    bench.now += 3600;
    let token = bench.component_token();
    let target = format!("{QUERY_AUTH}?component_access_token={token}");
    for code in [code.as_str(), "x", &late] {
        let body = json!({ "component_appid": PLATFORM_APP_ID, "authorization_code": code });
        assert_eq!(bench.errcode(&target, &body), 61010);
    }
}

#[test]
fn refresh_tokens_rotate() {
    let mut bench = Bench::new();
    let authorized = bench.add(trial());
    let info = bench.query_auth(&authorized.authorization_code);
    let token = bench.component_token();
    let target = format!("{AUTHORIZER}?component_access_token={token}");
    let body = |refresh: &Value| {
        json!({
            "component_appid": PLATFORM_APP_ID,
            "authorizer_appid": authorized.app_id,
            "authorizer_refresh_token": refresh,
        })
    };
    let first = info["authorizer_refresh_token"].clone();
    // A reply that was lost: the old token still works.
    bench.post(&target, &body(&first));
    let (_, reply) = bench.post(&target, &body(&first));
    let second = reply["authorizer_refresh_token"].clone();
    assert_ne!(first, second);
    let access = reply["authorizer_access_token"].as_str().unwrap();
    assert_eq!(bench.errcode(&target, &body(&first)), 0);
    bench.refused(access, &form(json!({})));
    assert_eq!(bench.errcode(&target, &body(&first)), 61023);
    assert_eq!(bench.errcode(&target, &body(&second)), 0);
    // Using the old access token takes nothing back.
    bench.refused(
        info["authorizer_access_token"].as_str().unwrap(),
        &form(json!({})),
    );
    assert_eq!(bench.errcode(&target, &body(&second)), 0);
    let mut other = body(&second);
    other["authorizer_appid"] = json!("wx1");
    assert_eq!(bench.errcode(&target, &other), 61003);
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

#[test]
fn what_cannot_be_added() {
    let mut bench = Bench::new();
    for (fields, field) in [
        (json!({ "appId": "" }), "appId"),
        (json!({ "enterpriseName": "" }), "enterpriseName"),
        (json!({ "code": "1" }), "code"),
        (json!({ "codeType": 2 }), "code"),
        (json!({ "codeType": 0 }), "codeType"),
        (
            json!({ "legalPersonaIdcard": "110105194912310021" }),
            "legalPersonaIdcard",
        ),
        (json!({ "legalPersonaName": "a\u{0}" }), "legalPersonaName"),
    ] {
        let trial = with(fields);
        assert_eq!(
            bench
                .sandbox
                .add_trial(trial, NOW, [1; 32])
                .unwrap_err()
                .field,
            field
        );
    }
    for code_type in 1..=3 {
        let mut trial = Trial::default();
        trial.code_type = Some(code_type);
        bench.add(trial);
    }
}

#[test]
fn nothing_of_a_person_is_printed() {
    let mut bench = Bench::new();
    let printed = format!("{:?} {:?}", trial(), bench.add(trial()));
    let (_, token) = bench.authorized(trial());
    let (answer, _) = bench.verify(&token, &form(json!({})));
    let printed = format!(
        "{printed} {answer:?} {:?} {:?}",
        answer.pushes, bench.sandbox
    );
    for text in [
        "张三",
        "zhang",
        NUMBER,
        "测试公司",
        "queryauthcode",
        "13900000000",
    ] {
        assert!(!printed.contains(text), "{text}");
    }
}
