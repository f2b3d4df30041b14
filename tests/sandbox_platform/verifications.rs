//! `verifybetaweapp`: its checks, and what happens afterwards.

use serde_json::json;
use wechat_realname::sandbox::{PLATFORM_APP_ID, Step};

use crate::bench::*;

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
