//! Face verification, from `getverifyid` over the user at the phone to `queryverifyinfo`.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::bench::*;

const BEGIN: &str = "/cityservice/face/identify/getverifyid";
const QUERY: &str = "/cityservice/face/identify/queryverifyinfo";

fn beginning(out_seq_no: &str, name: &str, number: &str, openid: &str) -> Value {
    json!({
        "out_seq_no": out_seq_no,
        "cert_info": { "cert_type": "IDENTITY_CARD", "cert_name": name, "cert_no": number },
        "openid": openid,
    })
}

/// From the document: base64 of each value, SHA-256 of all of it.
fn cert_hash(name: &str, number: &str) -> String {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let [kind, name, number] = ["IDENTITY_CARD", name, number].map(|text| STANDARD.encode(text));
    let text = format!("cert_type={kind}&cert_name={name}&cert_no={number}");
    let digest = Sha256::digest(text);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Bench {
    /// Begins a verification, and gives the body of the query for it.
    fn begun(&mut self, out_seq_no: &str, name: &str, number: &str, openid: &str) -> Value {
        let reply = self.ask(BEGIN, &beginning(out_seq_no, name, number, openid));
        assert_eq!(
            (&reply["errcode"], &reply["expires_in"]),
            (&json!(0), &json!(3600)),
            "{reply}"
        );
        let verify_id = &reply["verify_id"];
        assert_eq!(verify_id.as_str().unwrap().len(), 256);
        json!({
            "verify_id": verify_id,
            "out_seq_no": out_seq_no,
            "openid": openid,
            "cert_hash": cert_hash(name, number),
        })
    }

    fn verify_ret(&mut self, query: &Value) -> i64 {
        let reply = self.ask(QUERY, query);
        assert_eq!(reply["errcode"], 0, "{reply}");
        reply["verify_ret"].as_i64().unwrap()
    }

    fn at_the_phone(&mut self, query: &Value, verify_ret: Option<i32>) -> Result<i32, &str> {
        let verify_id = query["verify_id"].as_str().unwrap();
        let ended = (self.sandbox).verify_face(verify_id, verify_ret, self.now);
        ended.map_err(|mistake| {
            assert_eq!(mistake.field, "verifyId");
            mistake.reason
        })
    }
}

#[test]
fn a_user_whose_face_is_the_persons() {
    let mut bench = Bench::new();
    let person = json!({ "realName": "张三", "credentialId": NUMBER });
    let openid = bench.person(person).openid;
    let query = bench.begun("order-0001", "张三", NUMBER, &openid);
    assert_eq!(bench.verify_ret(&query), 10300);
    assert_eq!(bench.at_the_phone(&query, None), Ok(10000));
    // It may be asked again, until the hour is over.
    assert_eq!(bench.verify_ret(&query), 10000);
    bench.now += 3599;
    assert_eq!(bench.verify_ret(&query), 10000);
    bench.now += 1;
    bench.says(QUERY, &query, 84022, "more than an hour ago");
}

#[test]
fn what_follows_from_the_people_of_the_sandbox() {
    let mut bench = Bench::new();
    let person = json!({ "openid": "o1", "realName": "张三", "credentialId": NUMBER });
    bench.person(person);
    let person = json!({ "openid": "o2", "realName": "李四", "credentialId": OTHER_NUMBER });
    bench.person(person);
    bench.person(json!({ "openid": "o3" }));
    for (at, (name, number, openid, expected)) in [
        ("张三", NUMBER, "o1", 10000),
        ("李四", OTHER_NUMBER, "o2", 10000),
        // Another person's data, the user being known, known without a name, and unknown.
        ("李四", OTHER_NUMBER, "o1", 10004),
        ("李四", OTHER_NUMBER, "o3", 10004),
        ("李四", OTHER_NUMBER, "o4", 10004),
        // Of a known number another name, the user's own number, too.
        ("李四", NUMBER, "o1", 10003),
        ("王五", OTHER_NUMBER, "o4", 10003),
        ("张三", "310101199801011234", "o1", 10026),
    ]
    .into_iter()
    .enumerate()
    {
        let query = bench.begun(&format!("order-{at}"), name, number, openid);
        assert_eq!(bench.at_the_phone(&query, None), Ok(expected), "{at}");
        assert_eq!(bench.verify_ret(&query), i64::from(expected), "{at}");
    }
    // A travel permit is no ID card: nobody passes with its number.
    bench.person(
        json!({ "openid": "o5", "realName": "赵六", "credentialId": "H01234567", "idCardType": 6 }),
    );
    let body = beginning("order-permit", "赵六", "H01234567", "o5");
    bench.says(BEGIN, &body, 84015, "18 characters");
}

#[test]
fn a_later_result_replaces_an_earlier_one_until_one_has_passed() {
    let mut bench = Bench::new();
    let query = bench.begun("order-0001", "张三", NUMBER, "o1");
    for verify_ret in [90002, 10004, 10300, -7] {
        assert_eq!(bench.at_the_phone(&query, Some(verify_ret)), Ok(verify_ret));
        assert_eq!(bench.verify_ret(&query), i64::from(verify_ret));
    }
    assert_eq!(bench.at_the_phone(&query, Some(10000)), Ok(10000));
    let again = bench.at_the_phone(&query, Some(90002));
    assert!(again.unwrap_err().starts_with("has passed"));
    assert_eq!(bench.verify_ret(&query), 10000);

    let never = bench.at_the_phone(&json!({ "verify_id": "canary" }), None);
    assert!(never.unwrap_err().starts_with("was never handed out"));
    bench.now += 3600;
    let late = bench.at_the_phone(&query, None);
    assert!(late.unwrap_err().contains("more than an hour ago"));
}

#[test]
fn what_is_wrong_with_a_beginning() {
    let mut bench = Bench::new();
    let right = beginning("order-0001", "张三", NUMBER, "o1");
    let info = |other: Value| json!({ "cert_info": with(&right["cert_info"], &other) });
    let uuid = "0f8fad5b-d9cb-469f-a165-70867728950e";
    for (other, errcode, words) in [
        (json!({ "out_seq_no": null }), 84010, "missing"),
        (json!({ "out_seq_no": "" }), 84010, "missing or empty"),
        (json!({ "out_seq_no": 1_795_170_000 }), 84011, "a number?"),
        (json!({ "out_seq_no": "abcd" }), 84011, "fewer than 5"),
        (
            json!({ "out_seq_no": "a".repeat(33) }),
            84011,
            "more than 32",
        ),
        (
            json!({ "out_seq_no": uuid }),
            84011,
            "hyphens are taken out",
        ),
        (
            json!({ "out_seq_no": "订单00001" }),
            84011,
            "other characters",
        ),
        (
            json!({ "out_seq_no": "order 0001" }),
            84011,
            "other characters",
        ),
        (json!({ "cert_info": null }), 84012, "missing"),
        (json!({ "cert_info": [] }), 84012, "no object"),
        (
            json!({ "cert_info": right["cert_info"].to_string() }),
            84012,
            "JSON in JSON?",
        ),
        (
            json!({ "cert_info": null, "cert_name": "张三" }),
            84012,
            "not beside it",
        ),
        (info(json!({ "cert_type": null })), 84013, "missing"),
        (info(json!({ "cert_type": 1 })), 84013, "a number?"),
        (
            info(json!({ "cert_type": "1" })),
            84013,
            "as in checkrealnameinfo",
        ),
        (info(json!({ "cert_type": "身份证" })), 84013, "Chinese"),
        (
            info(json!({ "cert_type": "identity_card" })),
            84013,
            "lower-case",
        ),
        (
            info(json!({ "cert_type": "PASSPORT" })),
            84013,
            "the only kind",
        ),
        (info(json!({ "cert_name": null })), 84014, "missing"),
        (info(json!({ "cert_name": " " })), 84014, "empty"),
        (
            info(json!({ "cert_name": "\u{FFFD}\u{FFFD}" })),
            84014,
            "GBK",
        ),
        (info(json!({ "cert_no": null })), 84015, "missing"),
        (
            info(json!({ "cert_no": 11010519491231002_u64 })),
            84015,
            "a number?",
        ),
        (
            info(json!({ "cert_no": "110105491231002" })),
            84015,
            "first-generation",
        ),
        (
            info(json!({ "cert_no": NUMBER.to_lowercase() })),
            84015,
            "lower case",
        ),
        (
            info(json!({ "cert_no": format!("{NUMBER} ") })),
            84015,
            "spaces?",
        ),
        (
            info(json!({ "cert_no": "11010519491231002Y" })),
            84015,
            "digit or X",
        ),
        (json!({ "openid": null }), 84016, "missing"),
        (json!({ "openid": "" }), 84016, "empty"),
        (json!({ "openid": "\u{FFFD}" }), 47001, "not UTF-8"),
    ] {
        bench.says(BEGIN, &with(&right, &other), errcode, words);
    }
    let broken = bench.ask_text(BEGIN, "{\"cert_info\": \"\u{FFFD}");
    assert_eq!(broken.errcode, Some(47001));
    assert!(broken.why.contains("not UTF-8"));
    // None of that has used up the number; a success has, for this mini program.
    bench.says(BEGIN, &right, 0, "has begun");
    bench.says(BEGIN, &right, 84019, "used before");
    bench.now += 100_000;
    bench.token = bench.sandbox.issue_access_token(bench.now, [3; 32]);
    bench.says(BEGIN, &right, 84019, "used before");
    bench.as_another();
    bench.says(BEGIN, &right, 0, "has begun");
    bench.sandbox.reset(bench.now).unwrap();
    bench.token = bench.sandbox.issue_access_token(bench.now, [4; 32]);
    bench.says(BEGIN, &right, 0, "has begun");
}

#[test]
fn the_user_of_another_mini_program() {
    let mut bench = Bench::new();
    bench.person(json!({ "openid": "o1" }));
    let query = bench.begun("order-0001", "张三", NUMBER, "o1");
    let own = bench.token.clone();
    let other = bench.as_another();
    let body = beginning("order-0002", "张三", NUMBER, "o1");
    bench.says(BEGIN, &body, 40003, "another mini program");
    bench.says(QUERY, &query, 84022, "another mini program's");
    // The same openid may be somebody's in each.
    bench.person(json!({ "openid": "o1", "appId": other }));
    bench.says(BEGIN, &body, 0, "has begun");
    bench.token = own;
    bench.says(QUERY, &query, 0, "has not finished");
}

#[test]
fn what_is_wrong_with_a_query() {
    let mut bench = Bench::new();
    let right = bench.begun("order-0001", "张三", NUMBER, "o1");
    let verify_id = right["verify_id"].as_str().unwrap().to_owned();
    for (other, errcode, words) in [
        (json!({ "verify_id": null }), 84021, "missing"),
        (json!({ "verify_id": 7 }), 84021, "no text"),
        (json!({ "verify_id": "canary" }), 84022, "never handed out"),
        (
            json!({ "verify_id": verify_id[..128] }),
            84022,
            "a short database column?",
        ),
        (json!({ "out_seq_no": null }), 84010, "missing"),
        (json!({ "out_seq_no": "a" }), 84011, "fewer than 5"),
        (json!({ "out_seq_no": "order-0002" }), 84020, "not the one"),
        (json!({ "openid": null }), 84016, "missing"),
        (json!({ "openid": "o2" }), 84017, "not the one"),
        (json!({ "cert_hash": null }), 84018, "missing"),
        (
            json!({ "cert_hash": cert_hash("张三", NUMBER).to_uppercase() }),
            84018,
            "upper case",
        ),
        (
            json!({ "cert_hash": cert_hash("李四", NUMBER) }),
            84018,
            "another name or number",
        ),
    ] {
        bench.says(QUERY, &with(&right, &other), errcode, words);
    }
    bench.says(QUERY, &right, 0, "has not finished");
}

#[test]
fn magic_values_of_the_body() {
    let mut bench = Bench::new();
    for errcode in [84014, 84010, 40003, 84019, -1] {
        let name = format!("sandbox:{errcode}");
        let begin = json!({ "cert_info": { "cert_name": name } });
        bench.says(BEGIN, &begin, errcode, "a magic value");
        let query = json!({ "verify_id": name });
        bench.says(QUERY, &query, errcode, "a magic value");
    }
    for name in ["sandbox:", "sandbox:verify_ret=x", "sandbox:junk"] {
        let begin = json!({ "cert_info": { "cert_name": name } });
        bench.says(BEGIN, &begin, 47001, "no magic value");
        bench.says(
            QUERY,
            &json!({ "verify_id": name }),
            47001,
            "no magic value",
        );
    }
    for verify_ret in [10000, 10300, 90002] {
        let magic = format!("sandbox:verify_ret={verify_ret}");
        assert_eq!(bench.verify_ret(&json!({ "verify_id": magic })), verify_ret);
        // A verification like any other, but that it has ended.
        let query = bench.begun(&format!("order-{verify_ret}"), &magic, NUMBER, "o1");
        assert_eq!(bench.verify_ret(&query), verify_ret);
        bench.says(QUERY, &with(&query, &json!({ "openid": "o2" })), 84017, "");
    }
    let cut = bench.ask_text(BEGIN, r#"{"cert_info":{"cert_name":"sandbox:reset"}}"#);
    assert!(cut.cut);
    // It begins nothing without the rest of its fields.
    let begin = json!({ "cert_info": { "cert_name": "sandbox:verify_ret=10300" } });
    bench.says(BEGIN, &begin, 84010, "missing");
}

#[test]
fn the_shells_hash_is_the_right_one() {
    if lacking(&["base64", "sha256sum"]) {
        return;
    }
    let hash = |name: &str, number: &str| {
        let line = format!(
            "b() {{ printf %s \"$1\" | base64; }}; printf 'cert_type=%s&cert_name=%s&cert_no=%s' \
             \"$(b IDENTITY_CARD)\" \"$(b {name})\" \"$(b {number})\" | sha256sum"
        );
        String::from_utf8(shell(&line, b"")).unwrap()[..64].to_owned()
    };
    let example = "3c241f7ff324977aeb91f173bb2a7b06569e6fd784d5573db34a636d8671108b";
    assert_eq!(hash("张三", "310101199801011234"), example);
    let mut bench = Bench::new();
    for (at, name) in ["张三", "司马", "阿卜杜拉·吐尔逊", "𬭎"]
        .into_iter()
        .enumerate()
    {
        let query = bench.begun(&format!("order-{at}"), name, NUMBER, "o1");
        let query = with(&query, &json!({ "cert_hash": hash(name, NUMBER) }));
        assert_eq!(bench.verify_ret(&query), 10300, "{name}");
    }
}
