//! The core against the sandbox, without a network: every outcome and every code, and both spellings of the reply.
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

use common::{entropy, files, merchant, vectors};
use wechat_realname::{
    CallContext, CheckRealNameInfo, Error, ErrorCode, GetCategory, GetRealNameInfo,
    GetStableAccessToken, Merchant, Operation, Request, Response, Verdict,
    request::Origin,
    sandbox::{self, Person, Sandbox},
    secret::AccessToken,
};

const NOW: u32 = 1_795_170_000;
const NUMBER: &str = "11010519491231002X";

/// A sandbox, a token of its, and the merchant that it knows.
struct Bench {
    sandbox: Sandbox,
    token: AccessToken,
    merchant: Merchant,
    now: u32,
    /// The sandbox's clock and randomness.
    wechat_now: u32,
    seed: [u8; 32],
}

impl Bench {
    fn new() -> Self {
        let mut sandbox = Sandbox::new().unwrap();
        let token = sandbox
            .issue_access_token(NOW.into(), [1; 32])
            .as_str()
            .into();
        let merchant = files(
            sandbox::MERCHANT_ID,
            sandbox::MERCHANT_KEY,
            sandbox::MERCHANT_CERTIFICATE,
        );
        Self {
            sandbox,
            token,
            merchant: Merchant::open(&merchant).unwrap(),
            now: NOW,
            wechat_now: NOW,
            seed: [7; 32],
        }
    }

    fn person(&mut self, name: Option<&str>) -> sandbox::Consent {
        let mut person = Person::default();
        person.real_name = name.map(String::from);
        person.credential_id = name.map(|_| NUMBER.into());
        self.sandbox
            .add_person(person, NOW.into(), [9; 32])
            .unwrap()
    }

    fn call<O: Operation>(&mut self, operation: &O) -> Result<O::Outcome, Error> {
        let (token, entropy) = (self.token.clone(), entropy());
        let context = CallContext::new(&token)
            .with_origin(Origin::parse("http://127.0.0.1").unwrap())
            .with_entropy(&entropy)
            .with_now(self.now);
        let reply = {
            let request = operation.request(&context.clone().with_merchant(&self.merchant))?;
            self.answer(&request)
        };
        operation.interpret(&reply, &context.with_merchant(&self.merchant))
    }

    fn answer(&mut self, request: &Request) -> Response {
        let incoming = serde_json::json!({
            "method": request.method,
            "target": request.url.strip_prefix("http://127.0.0.1").unwrap(),
            "body": request.body.as_deref().unwrap_or_default(),
        });
        let incoming = serde_json::from_value(incoming).unwrap();
        let answer = self
            .sandbox
            .answer(&incoming, self.wechat_now.into(), self.seed);
        assert!(!answer.why.is_empty());
        Response::new(answer.status, answer.body)
    }
}

fn check(consent: &sandbox::Consent, name: &str, number: &str) -> CheckRealNameInfo {
    CheckRealNameInfo {
        openid: consent.openid.as_str().into(),
        real_name: name.into(),
        cred_id: number.into(),
        code: consent.code.as_str().into(),
        cred_type: None,
    }
}

fn read(auth_token: &str) -> GetRealNameInfo {
    GetRealNameInfo {
        auth_token: auth_token.into(),
    }
}

fn errcode(error: &Error) -> i32 {
    match error {
        Error::Rejected(rejection) => rejection.errcode,
        _ => panic!("{error:?}"),
    }
}

#[test]
fn a_person_is_read() {
    let mut bench = Bench::new();
    for name in [
        "张三",
        "䶮",
        "郑伟",
        "阿依古丽·买买提",
        "刘㛃",
        "𬭎",
        "欧阳震华",
    ] {
        let consent = bench.person(Some(name));
        let info = bench.call(&read(&consent.auth_token)).unwrap();
        assert_eq!(
            (info.real_name.expose(), info.credential_id.expose()),
            (name, NUMBER)
        );
    }
}

#[test]
fn every_verdict() {
    let mut bench = Bench::new();
    for (known, name, number, verdict) in [
        (Some("张三"), "张三", NUMBER, Verdict::Match),
        (Some("张三"), "张三", "11010519491231002x", Verdict::Match),
        (Some("张三"), "李四", NUMBER, Verdict::NameMismatch),
        (
            Some("张三"),
            "张三",
            "440524188001010014",
            Verdict::IdMismatch,
        ),
        (None, "张三", NUMBER, Verdict::NotAuthenticated),
    ] {
        let consent = bench.person(known);
        let outcome = bench.call(&check(&consent, name, number)).unwrap();
        assert_eq!(
            (outcome.verdict, outcome.matched),
            (verdict, verdict == Verdict::Match)
        );
    }
    let mut consent = bench.person(Some("张三"));
    for (magic, verdict) in [
        ("sandbox:V_OP_NM_MA/V_NM_ID_MA", Verdict::Match),
        ("sandbox:V_OP_NM_UM;V_OP_NA", Verdict::Unknown),
        ("sandbox:V_OP_NM_MA", Verdict::Unknown),
    ] {
        consent.code = magic.into();
        assert_eq!(
            bench
                .call(&check(&consent, "张三", NUMBER))
                .unwrap()
                .verdict,
            verdict
        );
    }
}

#[test]
fn categories() {
    let categories = Bench::new()
        .call(&GetCategory::default())
        .unwrap()
        .categories;
    assert_eq!(categories.len(), 3);
    assert_eq!(
        (categories[1].third_id, categories[1].third_class.as_deref()),
        (Some(5), Some("高等"))
    );
    // An empty name and the number 0 are WeChat's way to say that there is no third level.
    assert_eq!((categories[2].first_id, categories[2].second_id), (99, 904));
    assert_eq!(
        (categories[2].third_id, categories[2].third_class.as_deref()),
        (None, None)
    );
}

#[test]
fn a_code_works_once_and_for_its_user() {
    let mut bench = Bench::new();
    let consent = bench.person(Some("张三"));
    let mut other = consent.clone();
    other.openid = "somebody-else".into();
    assert_eq!(
        errcode(&bench.call(&check(&other, "张三", NUMBER)).unwrap_err()),
        80113
    );
    assert!(
        bench
            .call(&check(&consent, "张三", NUMBER))
            .unwrap()
            .matched
    );
    assert_eq!(
        errcode(&bench.call(&check(&consent, "张三", NUMBER)).unwrap_err()),
        80113
    );
    other.code = "never-handed-out".into();
    assert_eq!(
        errcode(&bench.call(&check(&other, "张三", NUMBER)).unwrap_err()),
        80111
    );
}

#[test]
fn what_wechat_would_refuse_is_refused() {
    let mut bench = Bench::new();
    let consent = bench.person(Some("张三"));
    let reading = read(&consent.auth_token);
    // The clock: 300 seconds are assumed.
    for (now, refused) in [
        (NOW - 300, false),
        (NOW + 300, false),
        (NOW - 301, true),
        (NOW + 301, true),
    ] {
        bench.now = now;
        assert_eq!(
            bench
                .call(&reading)
                .is_err_and(|error| errcode(&error) == 94008),
            refused
        );
    }
    bench.now = NOW;
    // The user.
    assert_eq!(errcode(&bench.call(&read("nobody")).unwrap_err()), 94005);
    let nameless = bench.person(None);
    assert_eq!(
        errcode(&bench.call(&read(&nameless.auth_token)).unwrap_err()),
        94004
    );
    let mut unregistered = Person::default();
    unregistered.we_chat_pay = Some(false);
    let unregistered = bench
        .sandbox
        .add_person(unregistered, NOW.into(), [3; 32])
        .unwrap();
    assert_eq!(
        errcode(&bench.call(&read(&unregistered.auth_token)).unwrap_err()),
        94002
    );
    // The merchant: unknown, then known with another certificate, then not bound.
    let vectors = vectors();
    bench.merchant = merchant(&vectors[1]);
    assert_eq!(errcode(&bench.call(&reading).unwrap_err()), 94010);
    let mut record = record("1900006511", &vectors[0].certificate, None);
    bench.sandbox.add_merchant(&record).unwrap();
    assert_eq!(errcode(&bench.call(&reading).unwrap_err()), 94009);
    record.certificate = vectors[1].certificate.clone();
    record.bound = Some(false);
    bench.sandbox.add_merchant(&record).unwrap();
    assert_eq!(errcode(&bench.call(&reading).unwrap_err()), 94007);
    record.bound = None;
    bench.sandbox.add_merchant(&record).unwrap();
    let consent = bench.person(Some("张三"));
    let info = bench.call(&read(&consent.auth_token)).unwrap();
    assert_eq!(info.real_name.expose(), "张三");
    // A key that is not the certificate's: found by openMerchant where there is a certificate, by WeChat otherwise.
    let mut mixed = files("1900006511", &vectors[2].pkcs8, "");
    mixed.certificate = None;
    mixed.cert_serial_no = Some(vectors[1].serial.clone());
    bench.merchant = Merchant::open(&mixed).unwrap();
    assert_eq!(errcode(&bench.call(&reading).unwrap_err()), 94003);
}

#[test]
fn people_whom_wechat_cannot_know_are_refused() {
    let mut sandbox = Sandbox::new().unwrap();
    for (name, number, field) in [
        (Some("张三"), None, "credentialId"),
        (None, Some(NUMBER), "realName"),
        // A check character that does not belong to it would come back as a decryption error.
        (Some("张三"), Some("110105194912310021"), "credentialId"),
    ] {
        let mut person = Person::default();
        person.real_name = name.map(String::from);
        person.credential_id = number.map(String::from);
        assert_eq!(
            sandbox
                .add_person(person, NOW.into(), [9; 32])
                .unwrap_err()
                .field,
            field
        );
    }
    let mut unregistered = Person::default();
    unregistered.we_chat_pay = Some(false);
    unregistered.real_name = Some("张三".into());
    unregistered.credential_id = Some(NUMBER.into());
    let mistake = sandbox
        .add_person(unregistered, NOW.into(), [9; 32])
        .unwrap_err();
    assert_eq!(mistake.field, "weChatPay");
    for name in ["", "张\n三", &"张".repeat(65)] {
        let mut person = Person::default();
        person.real_name = Some(name.into());
        person.credential_id = Some(NUMBER.into());
        assert_eq!(
            sandbox
                .add_person(person, NOW.into(), [9; 32])
                .unwrap_err()
                .field,
            "realName"
        );
    }
    let mut nobody = Person::default();
    nobody.openid = Some(String::new());
    assert_eq!(
        sandbox
            .add_person(nobody, NOW.into(), [9; 32])
            .unwrap_err()
            .field,
        "openid"
    );
    let nameless = sandbox.add_merchant(&record("", "", None)).unwrap_err();
    assert_eq!(nameless.field, "mchId");
    let mistake = sandbox
        .add_merchant(&record("1", "no PEM", None))
        .unwrap_err();
    assert_eq!(mistake.to_string(), "certificate: is not a PEM certificate");
}

#[test]
fn the_access_token_comes_first() {
    let mut bench = Bench::new();
    for (token, expected) in [
        ("never-issued", 40001),
        ("sandbox:42001", 42001),
        ("sandbox:-1", -1),
    ] {
        bench.token = token.into();
        assert_eq!(
            errcode(&bench.call(&GetCategory::default()).unwrap_err()),
            expected
        );
    }
    bench.token = bench
        .sandbox
        .issue_access_token(u64::from(NOW) - 7200, [2; 32])
        .as_str()
        .into();
    assert_eq!(
        errcode(&bench.call(&GetCategory::default()).unwrap_err()),
        42001
    );
    bench.token = "".into();
    assert_eq!(
        bench.call(&GetCategory::default()).unwrap_err().field(),
        Some("accessToken")
    );
}

#[test]
fn the_stable_token_is_the_same_until_five_minutes_before_its_end() {
    let mut bench = Bench::new();
    let mut params = GetStableAccessToken {
        app_id: sandbox::APP_ID.into(),
        app_secret: sandbox::APP_SECRET.into(),
        force_refresh: None,
    };
    bench.sandbox = Sandbox::new().unwrap();
    let first = bench.call(&params).unwrap();
    assert_eq!(first.expires_in, 7200);
    bench.seed = [8; 32];
    bench.wechat_now = NOW + 6899;
    let same = bench.call(&params).unwrap();
    assert_eq!(
        (same.access_token, same.expires_in),
        (first.access_token.clone(), 301)
    );
    bench.wechat_now = NOW + 6900;
    let second = bench.call(&params).unwrap();
    assert_ne!(second.access_token, first.access_token);
    assert_eq!(second.expires_in, 7200);
    // For the last five minutes the old one is good too.
    bench.token = first.access_token;
    bench.call(&GetCategory::default()).unwrap();

    // By force the last one ends at once, but not twice within 30 seconds.
    params.force_refresh = Some(true);
    bench.seed = [9; 32];
    let third = bench.call(&params).unwrap().access_token;
    assert_ne!(third, second.access_token);
    bench.token = second.access_token;
    assert_eq!(
        errcode(&bench.call(&GetCategory::default()).unwrap_err()),
        40001
    );
    bench.seed = [10; 32];
    bench.wechat_now += 29;
    assert_eq!(bench.call(&params).unwrap().access_token, third);
    bench.wechat_now += 1;
    assert_ne!(bench.call(&params).unwrap().access_token, third);
    bench.token = third;
    assert_eq!(
        errcode(&bench.call(&GetCategory::default()).unwrap_err()),
        40001
    );

    bench.sandbox.revoke_access_tokens();
    bench.seed = [11; 32];
    params.force_refresh = None;
    bench.token = bench.call(&params).unwrap().access_token;
    bench.call(&GetCategory::default()).unwrap();

    for known in GetStableAccessToken::RETURN_CODES
        .iter()
        .chain(wechat_realname::return_code::GENERAL)
    {
        params.app_secret = format!("sandbox:{}", known.errcode).as_str().into();
        // 40001 is a wrong secret here, and a refused token everywhere else.
        let own = GetStableAccessToken::RETURN_CODES
            .iter()
            .find(|own| own.errcode == known.errcode);
        assert_known(&bench.call(&params).unwrap_err(), own.unwrap_or(known));
    }
}

#[test]
fn requests_that_this_library_never_makes() {
    let mut bench = Bench::new();
    let token = bench.token.expose().to_owned();
    let mut errcode = |method: &str, target: &str, body: &str| {
        let incoming = serde_json::json!({ "method": method, "target": target, "body": body });
        let incoming = serde_json::from_value(incoming).unwrap();
        bench.sandbox.answer(&incoming, NOW.into(), [7; 32]).errcode
    };
    let read = format!("/cgi-bin/wxopen/getrealnameinfo?access_token={token}");
    let check = format!("/intp/realname/checkrealnameinfo?access_token={token}");
    assert_eq!(errcode("GET", "/wxa/get_category", ""), Some(41001));
    assert_eq!(errcode("GET", &read, ""), Some(43002));
    assert_eq!(errcode("POST", &read, ""), Some(44002));
    assert_eq!(errcode("POST", &read, "auth_token=x"), Some(47001));
    assert_eq!(errcode("POST", &read, "{}"), Some(94001));
    assert_eq!(
        errcode("POST", &read, r#"{"cert_serialno":"5ab7"}"#),
        Some(94009)
    );
    let number = r#"{"openid":"o","real_name":"n","cred_id":"1","cred_type":1,"code":"c"}"#;
    assert_eq!(errcode("POST", &check, number), Some(47001));
    assert_eq!(errcode("POST", "/no/such/path", "{}"), None);
}

#[test]
fn every_code_of_the_three_interfaces_is_typed() {
    let mut bench = Bench::new();
    let consent = bench.person(Some("张三"));
    let mut code = check(&consent, "张三", NUMBER);
    for known in CheckRealNameInfo::RETURN_CODES
        .iter()
        .chain(wechat_realname::return_code::GENERAL)
    {
        code.code = format!("sandbox:{}", known.errcode).as_str().into();
        assert_known(&bench.call(&code).unwrap_err(), known);
    }
    for known in GetRealNameInfo::RETURN_CODES
        .iter()
        .chain(wechat_realname::return_code::GENERAL)
    {
        let refused = bench
            .call(&read(&format!("sandbox:{}", known.errcode)))
            .unwrap_err();
        assert_known(&refused, known);
    }
    let listed: Vec<i32> = GetRealNameInfo::RETURN_CODES
        .iter()
        .map(|known| known.errcode)
        .collect();
    assert_eq!(listed, (94001..=94010).collect::<Vec<_>>());
}

fn assert_known(error: &Error, known: &wechat_realname::return_code::ReturnCode) {
    let Error::Rejected(rejection) = error else {
        panic!("{error:?}")
    };
    assert_eq!(
        (rejection.errcode, rejection.action),
        (known.errcode, Some(known.action))
    );
    assert_eq!(rejection.meaning, Some(known.meaning));
    assert!(rejection.rid.is_some() && rejection.hint.is_some());
    assert!(error.to_string().contains(known.meaning));
}

#[test]
fn replies_that_are_none_are_malformed() {
    let mut bench = Bench::new();
    let consent = bench.person(Some("张三"));
    for word in ["empty", "not-json", "no-fields", "wrong-types"] {
        let magic = format!("sandbox:{word}");
        let mut code = check(&consent, "张三", NUMBER);
        code.code = magic.as_str().into();
        assert_eq!(
            bench.call(&code).unwrap_err().code(),
            ErrorCode::MalformedResponse,
            "{word}"
        );
        assert_eq!(
            bench.call(&read(&magic)).unwrap_err().code(),
            ErrorCode::MalformedResponse,
            "{word}"
        );
        let good = std::mem::replace(&mut bench.token, magic.as_str().into());
        assert_eq!(
            bench.call(&GetCategory::default()).unwrap_err().code(),
            ErrorCode::MalformedResponse
        );
        bench.token = good;
    }
    assert_eq!(
        bench.call(&read("sandbox:short")).unwrap_err().code(),
        ErrorCode::MalformedResponse
    );
    assert_eq!(
        bench.call(&read("sandbox:junk")).unwrap_err(),
        Error::DecryptionFailed
    );
    let bad_gateway = bench.call(&read("sandbox:html-502")).unwrap_err();
    assert_eq!(bad_gateway.code(), ErrorCode::HttpStatus);
}

#[test]
fn both_spellings_of_the_reply_are_read() {
    let vectors = vectors();
    let (vector, entropy) = (&vectors[0], entropy());
    let (merchant, person) = (merchant(vector), &vector.people[0]);
    let token = "token".into();
    let context = CallContext::new(&token)
        .with_merchant(&merchant)
        .with_entropy(&entropy);
    let interpret = |fields: serde_json::Value| {
        read("t").interpret(&Response::new(200, fields.to_string()), &context)
    };
    let (name, number) = (&person.encryted_real_name, &person.encryted_credential_id);
    for fields in [
        serde_json::json!({ "encryted_real_name": name, "encryted_credential_id": number }),
        serde_json::json!({ "encrypted_real_name": name, "encrypted_credential_id": number }),
        serde_json::json!({ "encryted_real_name": name, "encrypted_credential_id": number, "errcode": 0 }),
        serde_json::json!({ "encryted_real_name": name, "encrypted_real_name": name, "encrypted_credential_id": number }),
    ] {
        assert_eq!(interpret(fields).unwrap().real_name.expose(), person.name);
    }
    for fields in [
        serde_json::json!({ "encryted_real_name": name }),
        serde_json::json!({ "encrypted_credential_id": number }),
        serde_json::json!({ "encryted_real_name": name, "encrypted_real_name": number, "encrypted_credential_id": number }),
        serde_json::json!({ "encryted_real_name": null, "encrypted_credential_id": number }),
        serde_json::json!({ "errcode": null, "encryted_real_name": name, "encrypted_credential_id": number }),
    ] {
        assert_eq!(
            interpret(fields).unwrap_err().code(),
            ErrorCode::MalformedResponse
        );
    }
}

#[test]
fn a_signed_operation_says_what_it_lacks() {
    let token = "token".into();
    let vectors = vectors();
    let merchant = merchant(&vectors[0]);
    let entropy = entropy();
    let context = CallContext::new(&token);
    assert_eq!(
        read("t").request(&context).unwrap_err().field(),
        Some("merchant")
    );
    let context = context.with_merchant(&merchant);
    assert_eq!(
        read("t").request(&context).unwrap_err().field(),
        Some("now")
    );
    let context = context.with_now(NOW);
    assert_eq!(read("t").request(&context).unwrap_err(), Error::NoEntropy);
    let request = read("t").request(&context.with_entropy(&entropy)).unwrap();
    assert!(
        request
            .body
            .unwrap()
            .contains(&format!("\"timestamp\":{NOW},"))
    );
}

fn record(mch_id: &str, certificate: &str, bound: Option<bool>) -> sandbox::MerchantRecord {
    let record = serde_json::json!({ "mchId": mch_id, "certificate": certificate, "bound": bound });
    serde_json::from_value(record).unwrap()
}
