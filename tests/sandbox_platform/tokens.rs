//! Tickets, tokens, authorizations and the trial mini programs behind them.

use serde_json::{Value, json};
use wechat_realname::sandbox::{PLATFORM_APP_ID, Trial};

use crate::bench::*;

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
