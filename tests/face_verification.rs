//! `getverifyid` and `queryverifyinfo`: what is sent, what comes back, and what is never a pass.
#![cfg(not(target_arch = "wasm32"))]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    unreachable_pub,
    reason = "a test says what it expects by failing"
)]

mod common;

use serde_json::{Value, json};
use wechat_realname::{
    CallContext, Error, ErrorCode, FaceVerdict, GetVerifyId, Operation, QueryVerifyInfo, Response,
    operation::QueryVerifyInfoOutcome, return_code::explain, secret::AccessToken,
};

/// WeChat's own example, whose number fails its check character.
const HASH: &str = "3c241f7ff324977aeb91f173bb2a7b06569e6fd784d5573db34a636d8671108b";

fn begin() -> GetVerifyId {
    GetVerifyId {
        out_seq_no: Some("order_2026-11-22".into()),
        cert_name: "张三".into(),
        cert_no: "310101199801011234".into(),
        openid: "oLVPpjqs9BhvzwPj5A-vTYAX3GLc".into(),
    }
}

fn ask() -> QueryVerifyInfo {
    QueryVerifyInfo {
        verify_id: "verify-id".into(),
        out_seq_no: "order_2026-11-22".into(),
        openid: "oLVPpjqs9BhvzwPj5A-vTYAX3GLc".into(),
        cert_hash: Some(HASH.into()),
        ..Default::default()
    }
}

fn body(request: Result<wechat_realname::Request, Error>) -> Value {
    serde_json::from_str(&request.unwrap().body.unwrap()).unwrap()
}

fn field(request: Result<wechat_realname::Request, Error>) -> String {
    let error = request.unwrap_err();
    assert_eq!(error.code(), ErrorCode::InvalidArgument);
    error.field().unwrap().into()
}

#[test]
fn the_requests_are_the_documents() {
    let token = AccessToken::new("t");
    let context = CallContext::new(&token);
    let request = begin().request(&context).unwrap();
    assert_eq!(
        request.url,
        "https://api.weixin.qq.com/cityservice/face/identify/getverifyid?access_token=t"
    );
    assert_eq!(
        body(Ok(request)),
        json!({
            "out_seq_no": "order_2026-11-22",
            "cert_info": { "cert_type": "IDENTITY_CARD", "cert_name": "张三", "cert_no": "310101199801011234" },
            "openid": "oLVPpjqs9BhvzwPj5A-vTYAX3GLc",
        })
    );
    let request = ask().request(&context).unwrap();
    assert_eq!(
        request.url,
        "https://api.weixin.qq.com/cityservice/face/identify/queryverifyinfo?access_token=t"
    );
    let expected = json!({
        "verify_id": "verify-id",
        "out_seq_no": "order_2026-11-22",
        "cert_hash": HASH,
        "openid": "oLVPpjqs9BhvzwPj5A-vTYAX3GLc",
    });
    assert_eq!(body(Ok(request)), expected);
    // Of name and number the same comes.
    let by_name = QueryVerifyInfo {
        cert_hash: None,
        cert_name: Some("张三".into()),
        cert_no: Some("310101199801011234".into()),
        ..ask()
    };
    assert_eq!(body(by_name.request(&context)), expected);
}

#[test]
fn what_can_never_be_right_is_named() {
    let token = AccessToken::new("t");
    let context = CallContext::new(&token);
    let begun = |change: fn(&mut GetVerifyId)| {
        let mut call = begin();
        change(&mut call);
        field(call.request(&context))
    };
    assert_eq!(begun(|call| call.cert_name = "".into()), "certName");
    assert_eq!(begun(|call| call.cert_no = " 1".into()), "certNo");
    assert_eq!(begun(|call| call.openid = "".into()), "openid");
    assert_eq!(begun(|call| call.out_seq_no = None), "outSeqNo");
    for wrong in [
        "",
        "1234",
        "a b c d",
        "流水号流水号",
        "a.b.c",
        &"1".repeat(33),
    ] {
        let mut call = begin();
        call.out_seq_no = Some(wrong.into());
        assert_eq!(field(call.request(&context)), "outSeqNo", "{wrong}");
        let mut call = ask();
        call.out_seq_no = wrong.into();
        assert_eq!(field(call.request(&context)), "outSeqNo", "{wrong}");
    }
    for right in ["12345", "A-z_9", &"1".repeat(32)] {
        let mut call = begin();
        call.out_seq_no = Some(right.into());
        assert_eq!(
            body(call.request(&context)).get("out_seq_no"),
            Some(&right.into())
        );
    }
    let asked = |change: fn(&mut QueryVerifyInfo)| {
        let mut call = ask();
        change(&mut call);
        field(call.request(&context))
    };
    assert_eq!(asked(|call| call.verify_id = "".into()), "verifyId");
    assert_eq!(asked(|call| call.openid = "\t".into()), "openid");
    assert_eq!(asked(|call| call.cert_hash = None), "certHash");
    assert_eq!(asked(|call| call.cert_hash = Some("".into())), "certHash");
    assert_eq!(
        asked(|call| call.cert_hash = Some(HASH.to_uppercase().as_str().into())),
        "certHash"
    );
    assert_eq!(
        asked(|call| call.cert_name = Some("张三".into())),
        "certHash"
    );
    let half = |change: fn(&mut QueryVerifyInfo)| {
        let mut call = ask();
        call.cert_hash = None;
        change(&mut call);
        field(call.request(&context))
    };
    assert_eq!(half(|call| call.cert_name = Some("张三".into())), "certNo");
    assert_eq!(half(|call| call.cert_no = Some("1".into())), "certName");
}

#[test]
fn a_serial_number_is_made_up_once_and_out_of_the_hosts_randomness() {
    let token = AccessToken::new("t");
    let bare = CallContext::new(&token);
    let mut call = GetVerifyId {
        out_seq_no: None,
        ..begin()
    };
    // Whoever forgets it is told, before a call as well as after one.
    let forgotten = call.request(&bare).unwrap_err();
    assert_eq!(forgotten.field(), Some("outSeqNo"));
    assert!(forgotten.to_string().contains("`complete`"), "{forgotten}");
    let reply = Response::new(200, r#"{"errcode":0,"verify_id":"v","expires_in":3600}"#);
    assert_eq!(call.interpret(&reply, &bare).unwrap_err(), forgotten);
    assert_eq!(call.complete(&bare).unwrap_err(), Error::NoEntropy);
    let entropy = common::entropy();
    let context = bare.with_entropy(&entropy);
    let made_up = "01".repeat(16);
    assert_eq!(
        call.complete(&context).unwrap(),
        Some(("outSeqNo", made_up.as_str()))
    );
    // It is there now, and stays.
    assert_eq!(call.complete(&context).unwrap(), None);
    assert_eq!(
        body(call.request(&context)).get("out_seq_no"),
        Some(&made_up.as_str().into())
    );
    let outcome = call.interpret(&reply, &context).unwrap();
    assert_eq!(outcome.out_seq_no, made_up);
    // Whoever gives one keeps it.
    assert_eq!(begin().complete(&context).unwrap(), None);
}

#[test]
fn what_getverifyid_answers() {
    let token = AccessToken::default();
    let context = CallContext::new(&token);
    let read = |body: &str| begin().interpret(&Response::new(200, body), &context);
    let outcome = read(r#"{"errcode":0,"errmsg":"ok","verify_id":"v","expires_in":1800}"#).unwrap();
    assert_eq!(
        (outcome.verify_id.expose(), outcome.expires_in),
        ("v", 1800)
    );
    assert_eq!(outcome.out_seq_no, "order_2026-11-22");
    assert_eq!(outcome.cert_hash.expose(), HASH);
    // The document's default.
    assert_eq!(read(r#"{"verify_id":"v"}"#).unwrap().expires_in, 3600);
    for broken in [
        "{}",
        r#"{"verify_id":""}"#,
        r#"{"verify_id":null}"#,
        r#"{"verify_id":7}"#,
        r#"{"verify_id":"v","expires_in":"soon"}"#,
    ] {
        assert_eq!(
            read(broken).unwrap_err().code(),
            ErrorCode::MalformedResponse,
            "{broken}"
        );
    }
}

fn asked(body: &str) -> Result<QueryVerifyInfoOutcome, Error> {
    let token = AccessToken::default();
    ask().interpret(&Response::new(200, body), &CallContext::new(&token))
}

#[test]
fn every_number_of_the_table_has_its_verdict_and_the_catalogues_advice() {
    use FaceVerdict::{
        Cancelled, DeveloperError, NotInSource, NotThisPerson, Passed, Pending, SystemError,
        TryAgain, Unsupported,
    };
    // WeChat's table, as one reads it there.
    let table: &[(FaceVerdict, &[i32])] = &[
        (Passed, &[10000]),
        (Pending, &[10300, 10005]),
        (Cancelled, &[90002, 90003, 90004, 90005, 90006]),
        (Unsupported, &[90001, 90109]),
        (TryAgain, &[90008, 90009, 90010]),
        (TryAgain, &[90007, 90012, 90104, 90105, 90110]),
        (TryAgain, &[90011, 90013, 90014, 90017, 90107, 90106, 10010]),
        (NotThisPerson, &[10002, 10003, 10004, 10012]),
        (NotInSource, &[10018, 10026]),
        (DeveloperError, &[10001, 10006, 10017, 10040, 10041]),
        (SystemError, &[10020, 10029, 10052, 10042]),
        (SystemError, &[10007, 10008, 10013, 10014, 10015, 10016]),
        (SystemError, &[10021, 10045, 90018, 90199]),
    ];
    let mut seen = 0;
    for (verdict, numbers) in table {
        for number in *numbers {
            let outcome =
                asked(&json!({ "errcode": 0, "verify_ret": number }).to_string()).unwrap();
            assert_eq!((outcome.verdict, outcome.verify_ret), (*verdict, *number));
            assert_eq!(outcome.passed, *number == 10000);
            assert_eq!(
                outcome.advice,
                explain("verify_ret", *number).unwrap().remedy
            );
            seen += 1;
        }
    }
    assert_eq!(seen, 50);
}

#[test]
fn what_is_not_exactly_a_pass_is_none() {
    for number in [0, 1, -10000, 1000, 10009, 100_000, 99_999, i32::MAX] {
        let outcome = asked(&json!({ "errcode": 0, "verify_ret": number }).to_string()).unwrap();
        assert_eq!(
            (outcome.passed, outcome.verdict),
            (false, FaceVerdict::Unknown)
        );
        assert!(
            outcome.advice.zh.contains("不要当作成功"),
            "{:?}",
            outcome.advice
        );
    }
    for broken in [
        r#"{"verify_ret":10000}"#,
        r#"{"errcode":0}"#,
        r#"{"errcode":0,"verify_ret":"10000"}"#,
        r#"{"errcode":0,"verify_ret":10000.0}"#,
        r#"{"errcode":0,"verify_ret":[10000]}"#,
        r#"{"errcode":0,"verify_ret":null}"#,
        r#"{"errcode":"0","verify_ret":10000}"#,
        r#"{"errcode":0,"errcode":1,"verify_ret":10000}"#,
        r#"{"errcode":0,"verify_ret":10300,"verify_ret":10000}"#,
        r#"{"errcode":null,"verify_ret":10000}"#,
    ] {
        let error = asked(broken).unwrap_err();
        assert_eq!(error.code(), ErrorCode::MalformedResponse, "{broken}");
    }
    let refused = asked(r#"{"errcode":84018,"verify_ret":10000}"#).unwrap_err();
    assert_eq!(refused.code(), ErrorCode::Rejected);
}
