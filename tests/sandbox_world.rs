//! The sandbox as a whole: every code, several mini programs and platforms, faults, and back to the start.
#![cfg(all(not(target_arch = "wasm32"), feature = "sandbox"))]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test says what it expects by failing"
)]

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use wechat_realname::sandbox::{
    APP_ID, APP_SECRET, Answer, Consent, MERCHANT_CERTIFICATE, PLATFORM_APP_ID,
    PLATFORM_APP_SECRET, Sandbox,
};

const NOW: u64 = 1_795_170_000;
const NUMBER: &str = "11010519491231002X";

const CHECK: &str = "/intp/realname/checkrealnameinfo";
const READ: &str = "/cgi-bin/wxopen/getrealnameinfo";
const CATEGORY: &str = "/wxa/get_category";
const BETA: &str = "/wxa/verifybetaweapp";
const STABLE: &str = "/cgi-bin/stable_token";
const TOKEN: &str = "/cgi-bin/token";
const COMPONENT: &str = "/cgi-bin/component/api_component_token";
const QUERY_AUTH: &str = "/cgi-bin/component/api_query_auth";
const AUTHORIZER: &str = "/cgi-bin/component/api_authorizer_token";
const VERIFY_ID: &str = "/cityservice/face/identify/getverifyid";
const VERIFY_INFO: &str = "/cityservice/face/identify/queryverifyinfo";
const MEDICAL: &str = "/cityservice/getmedrealname";

struct World {
    sandbox: Sandbox,
    now: u64,
    seeds: u8,
}

fn from<T: DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).unwrap()
}

impl World {
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

    fn ask(&mut self, method: &str, target: &str, body: &Value) -> Answer {
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let request = from(json!({ "method": method, "target": target, "body": body }));
        let seed = self.seed();
        self.sandbox.answer(&request, self.now, seed)
    }

    fn errcode(&mut self, target: &str, body: &Value) -> i64 {
        let answer = self.ask("POST", target, body);
        let reply: Value = serde_json::from_str(&answer.body).unwrap_or_default();
        reply["errcode"].as_i64().unwrap_or_default()
    }

    fn token(&mut self, app_id: Option<&str>) -> String {
        let seed = self.seed();
        self.sandbox
            .issue_access_token_of(app_id, self.now, seed)
            .unwrap()
    }

    fn mini_program(&mut self) -> (String, String) {
        let seed = self.seed();
        let added = self
            .sandbox
            .add_mini_program(from(json!({})), seed)
            .unwrap();
        (added.app_id.unwrap(), added.app_secret.unwrap())
    }

    /// A platform's token for a mini program that authorized it.
    fn authorized(&mut self, platform: &Value, trial: Value) -> (String, String) {
        let id = platform["componentAppId"].clone();
        let seed = self.seed();
        let order = from(json!({ "kind": "ticket", "componentAppId": id }));
        let push = self.sandbox.push(&order, self.now, seed).unwrap();
        assert_eq!(json!(push.component_app_id), id);
        // A magic ticket gives no token; a real one is only in the push, so it is opened as tests/sandbox_platform does.
        let component = self.component_token(platform, &push.body);
        let seed = self.seed();
        let added = self.sandbox.add_trial(from(trial), self.now, seed).unwrap();
        let target = format!("{QUERY_AUTH}?component_access_token={component}");
        let body = json!({ "component_appid": id, "authorization_code": added.authorization_code });
        let reply: Value =
            from(serde_json::from_str(&self.ask("POST", &target, &body).body).unwrap());
        let token = reply["authorization_info"]["authorizer_access_token"].as_str();
        (added.app_id, token.unwrap().into())
    }

    fn component_token(&mut self, platform: &Value, push: &str) -> String {
        let key = platform["encodingAesKey"].as_str().unwrap();
        let body = json!({
            "component_appid": platform["componentAppId"],
            "component_appsecret": platform["componentAppSecret"],
            "component_verify_ticket": ticket(push, key),
        });
        let reply = self.ask("POST", COMPONENT, &body);
        let reply: Value = serde_json::from_str(&reply.body).unwrap();
        reply["component_access_token"].as_str().unwrap().into()
    }
}

/// The ticket in a push.
fn ticket(push: &str, key: &str) -> String {
    use aes::Aes256;
    use base64::{
        Engine, alphabet::STANDARD, engine::GeneralPurpose, engine::GeneralPurposeConfig,
    };
    use cbc::{
        Decryptor,
        cipher::{BlockModeDecrypt, KeyIvInit},
    };
    let config = GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true);
    let base64 = GeneralPurpose::new(&STANDARD, config);
    let key = base64.decode(format!("{key}=")).unwrap();
    let encrypted = push.split_once("<Encrypt><![CDATA[").unwrap().1;
    let mut bytes = base64
        .decode(encrypted.split_once("]]>").unwrap().0)
        .unwrap();
    let mut cipher = Decryptor::<Aes256>::new_from_slices(&key, &key[..16]).unwrap();
    for block in bytes.as_chunks_mut::<16>().0 {
        cipher.decrypt_block(block.into());
    }
    let xml = String::from_utf8_lossy(&bytes[20..]).into_owned();
    let ticket = xml
        .split_once("<ComponentVerifyTicket><![CDATA[")
        .unwrap()
        .1;
    ticket.split_once("]]>").unwrap().0.into()
}

fn ready_platform() -> Value {
    json!({
        "componentAppId": PLATFORM_APP_ID,
        "componentAppSecret": PLATFORM_APP_SECRET,
        "encodingAesKey": wechat_realname::sandbox::ENCODING_AES_KEY,
    })
}

fn code_body(code: &str) -> Value {
    json!({ "openid": "o", "real_name": "n", "cred_id": NUMBER, "cred_type": "1", "code": code })
}

const GENERAL: &[i64] = &[
    -1, 40001, 40014, 41001, 42001, 43002, 44002, 45009, 45011, 47001, 48001, 50001, 50002, 61004,
    61023,
];

#[test]
fn every_errcode_can_be_provoked_in_every_interface() {
    let mut world = World::new();
    let own: &[(&str, &[i64])] = &[
        (CHECK, &[1005, 80111, 80112, 80113]),
        (
            READ,
            &[
                94001, 94002, 94003, 94004, 94005, 94006, 94007, 94008, 94009, 94010,
            ],
        ),
        (CATEGORY, &[-1]),
        (
            BETA,
            &[
                89249, 1005, 89248, 89251, 89252, 89247, 89250, 89253, 89254, 89255, 86004, 86019,
                61069, 61070, 91021, 1001, 1002, 1003, 1004, 1006, 1007, 61007,
            ],
        ),
        (
            VERIFY_ID,
            &[
                40003, 84010, 84011, 84012, 84013, 84014, 84015, 84016, 84019,
            ],
        ),
        (
            VERIFY_INFO,
            &[
                40003, 84010, 84011, 84016, 84017, 84018, 84020, 84021, 84022,
            ],
        ),
        (MEDICAL, &[11200]),
    ];
    for (path, codes) in own {
        for errcode in codes.iter().chain(GENERAL) {
            let target = format!("{path}?access_token=sandbox:{errcode}");
            assert_eq!(world.errcode(&target, &json!({})), *errcode, "{path}");
            // As a client's query has it.
            let target = format!("{path}?access_token=sandbox%3A{errcode}");
            assert_eq!(world.errcode(&target, &json!({})), *errcode, "{path}");
        }
    }
    let own = [
        40002, 40013, 40125, 40164, 41002, 41004, 43002, 45009, 45011, 89503,
    ];
    for errcode in own.iter().chain(GENERAL) {
        let magic = format!("sandbox:{errcode}");
        let body = json!({ "grant_type": "client_credential", "appid": APP_ID, "secret": magic });
        assert_eq!(world.errcode(STABLE, &body), *errcode);
        let query = format!("grant_type=client_credential&appid={APP_ID}&secret={magic}");
        let answer = world.ask("GET", &format!("{TOKEN}?{query}"), &Value::Null);
        assert_eq!(answer.errcode.map(i64::from), Some(*errcode));
        for field in ["component_appsecret", "component_verify_ticket"] {
            let mut body = json!({
                "component_appid": PLATFORM_APP_ID,
                "component_appsecret": PLATFORM_APP_SECRET,
                "component_verify_ticket": "x",
            });
            body[field] = json!(magic);
            assert_eq!(world.errcode(COMPONENT, &body), *errcode, "{field}");
        }
        for path in [QUERY_AUTH, AUTHORIZER] {
            let target = format!("{path}?component_access_token={magic}");
            assert_eq!(world.errcode(&target, &json!({})), *errcode);
        }
    }
}

#[test]
fn codes_and_tokens_of_the_body_are_magic_too() {
    let mut world = World::new();
    let token = world.token(None);
    let target = format!("{CHECK}?access_token={token}");
    for errcode in [1005, 80111, 80112, 80113, 45011] {
        let body = code_body(&format!("sandbox:{errcode}"));
        assert_eq!(world.errcode(&target, &body), errcode);
    }
    let cut = world.ask("POST", &target, &code_body("sandbox:reset"));
    assert!(cut.cut && !cut.hold);
    // What looks magic and is not is a mistake that is told.
    for word in ["tiemout", "", "push-0", "verify_ret=10300"] {
        let answer = world.ask("POST", &target, &code_body(&format!("sandbox:{word}")));
        assert_eq!(answer.errcode, Some(47001), "{word}");
        assert!(answer.why.contains("no magic value"), "{}", answer.why);
    }
    let push = world
        .sandbox
        .push(&from(json!({ "kind": "ticket" })), NOW, [3; 32])
        .unwrap();
    let component = world.component_token(&ready_platform(), &push.body);
    for (path, field) in [
        (QUERY_AUTH, "authorization_code"),
        (AUTHORIZER, "authorizer_refresh_token"),
    ] {
        let target = format!("{path}?component_access_token={component}");
        for errcode in [61010, 61023, 61004, -1] {
            let mut body = json!({ "component_appid": PLATFORM_APP_ID, "authorizer_appid": "wx1" });
            body[field] = json!(format!("sandbox:{errcode}"));
            assert_eq!(world.errcode(&target, &body), errcode);
        }
    }
}

#[test]
fn every_status_can_be_provoked() {
    let mut world = World::new();
    let (app_id, token) = world.authorized(&ready_platform(), json!({}));
    let target = format!("{BETA}?access_token={token}");
    let form = |word: &str, new_version| {
        json!({
            "verify_info": { "enterprise_name": format!("sandbox:{word}"), "code": "x", "component_phone": "1" },
            "new_version": new_version,
        })
    };
    let alone = (0..=14)
        .chain(101..=105)
        .chain([1000, 1008])
        .chain(20001..=20003)
        .chain(100_001..=100_004);
    let both = [89251, 89252]
        .into_iter()
        .chain(1001..=1007)
        .chain([86021, 86022, 86036, 86040, 89295, 91030]);
    for (word, status) in alone
        .clone()
        .map(|status| (status.to_string(), status))
        .chain(
            alone
                .chain(both.clone())
                .map(|status| (format!("push-{status}"), status)),
        )
    {
        let answer = world.ask("POST", &target, &form(&word, false));
        assert_eq!(answer.errcode, Some(0), "{word}");
        let told: Vec<_> = answer.pushes.iter().map(|push| push.status).collect();
        assert_eq!(told, [Some(status)], "{word}");
    }
    // The number alone is the errcode, where both have it.
    for errcode in both {
        let word = errcode.to_string();
        assert_eq!(
            world.errcode(&target, &form(&word, true)),
            i64::from(errcode)
        );
    }
    let answer = world.ask("POST", &target, &form("status-3", true));
    let reply: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!((&reply["status"], answer.pushes.len()), (&json!(3), 0));
    // All of that only told: the mini program is as it was, and no call was counted.
    let step = wechat_realname::sandbox::Step::AdministratorConfirms;
    assert!(
        world
            .sandbox
            .verification_step(&app_id, step, NOW, [1; 32])
            .is_err()
    );
}

/// A call of `getmedrealname` with somebody's code.
fn medical_body(app_id: &str, consent: &Consent) -> Value {
    json!({ "app_id": app_id, "open_id": consent.openid, "wxmed_authcode": consent.wxmed_authcode })
}

#[test]
fn a_platform_reads_medical_names_with_permission_set_134_and_begins_no_face_verification() {
    let mut world = World::new();
    let trial = json!({ "appId": "wx1", "trial": false, "permissionSets": [1, 134] });
    let (app_id, token) = world.authorized(&ready_platform(), trial);
    let seed = world.seed();
    let person = json!({ "appId": app_id, "realName": "张三", "credentialId": NUMBER });
    let consent = world.sandbox.add_person(from(person), NOW, seed).unwrap();
    let body = medical_body(&app_id, &consent);
    let medical = format!("{MEDICAL}?access_token={token}");
    assert_eq!(world.errcode(&medical, &body), 0);
    // Its own token is another mini program's.
    let own = world.token(None);
    assert_eq!(
        world.errcode(&format!("{MEDICAL}?access_token={own}"), &body),
        40013
    );
    for path in [VERIFY_ID, VERIFY_INFO] {
        let answer = world.ask("POST", &format!("{path}?access_token={token}"), &json!({}));
        assert_eq!(answer.errcode, Some(48001));
        assert!(answer.why.contains("third-party platforms"));
    }
    let trial = json!({ "appId": "wx1", "permissionSets": [81] });
    let (_, token) = world.authorized(&ready_platform(), trial);
    let medical = format!("{MEDICAL}?access_token={token}");
    let answer = world.ask("POST", &medical, &body);
    assert_eq!(answer.errcode, Some(61007));
    assert!(answer.why.contains("134"));
}

#[test]
fn mini_programs_have_tokens_people_and_merchants_of_their_own() {
    let mut world = World::new();
    let (other, secret) = world.mini_program();
    let (ready_token, other_token) = (world.token(None), world.token(Some(&other)));
    let person = |world: &mut World, app_id: &str| {
        let seed = world.seed();
        let given =
            json!({ "appId": app_id, "openid": "o", "realName": "张三", "credentialId": NUMBER });
        world.sandbox.add_person(from(given), NOW, seed).unwrap()
    };
    let consent = person(&mut world, &other);
    let mut body = code_body(&consent.code);
    body["real_name"] = json!("张三");
    // The code is of the mini program that got it; asking elsewhere does not use it up.
    assert_eq!(
        world.errcode(&format!("{CHECK}?access_token={ready_token}"), &body),
        80113
    );
    let answer = world.ask(
        "POST",
        &format!("{CHECK}?access_token={other_token}"),
        &body,
    );
    let reply: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(reply["verify_real_name"], "V_NM_ID_MA");
    // The same openid in another mini program is somebody else.
    let stranger = world
        .sandbox
        .add_person(from(json!({ "openid": "o" })), NOW, [77; 32])
        .unwrap();
    body["code"] = json!(stranger.code);
    let answer = world.ask(
        "POST",
        &format!("{CHECK}?access_token={ready_token}"),
        &body,
    );
    assert!(answer.body.contains("V_OP_NA"));
    let unknown = from(json!({ "appId": "wx0" }));
    assert_eq!(
        world
            .sandbox
            .add_person(unknown, NOW, [1; 32])
            .unwrap_err()
            .field,
        "appId"
    );

    // stable_token, by each one's secret.
    let mut body =
        json!({ "grant_type": "client_credential", "appid": other, "secret": APP_SECRET });
    assert_eq!(world.errcode(STABLE, &body), 40125);
    body["secret"] = json!(secret);
    let answer = world.ask("POST", STABLE, &body);
    assert!(answer.body.contains(&other_token) && !answer.body.contains(&ready_token));
    world.sandbox.revoke_access_tokens_of(Some(&other)).unwrap();
    assert_eq!(
        world.errcode(
            &format!("{CATEGORY}?access_token={other_token}"),
            &json!({})
        ),
        40001
    );
    assert_eq!(
        world.errcode(
            &format!("{CATEGORY}?access_token={ready_token}"),
            &json!({})
        ),
        0
    );
    assert_eq!(
        world
            .sandbox
            .revoke_access_tokens_of(Some("wx0"))
            .unwrap_err()
            .field,
        "appId"
    );
    for (given, field) in [
        (json!({ "appId": "" }), "appId"),
        (json!({ "appSecret": "张" }), "appSecret"),
    ] {
        assert_eq!(
            world
                .sandbox
                .add_mini_program(from(given), [1; 32])
                .unwrap_err()
                .field,
            field
        );
    }

    // A merchant of one mini program is not bound to another: found before the signature is looked at.
    let merchant = json!({ "mchId": "1", "certificate": MERCHANT_CERTIFICATE, "appId": other });
    world.sandbox.add_merchant(&from(merchant)).unwrap();
    let serial = serial_no();
    let body = json!({
        "auth_token": "x", "mch_id": "1", "cert_serialno": serial, "timestamp": NOW, "sign": "x",
    });
    let other_token = world.token(Some(&other));
    assert_eq!(
        world.errcode(&format!("{READ}?access_token={ready_token}"), &body),
        94007
    );
    assert_eq!(
        world.errcode(&format!("{READ}?access_token={other_token}"), &body),
        94003
    );
    for (more, field) in [
        (json!({ "appId": "wx0" }), "appId"),
        (json!({ "appId": other, "bound": false }), "bound"),
    ] {
        let mut merchant = json!({ "mchId": "1", "certificate": MERCHANT_CERTIFICATE });
        merchant
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        assert_eq!(
            world
                .sandbox
                .add_merchant(&from(merchant))
                .unwrap_err()
                .field,
            field
        );
    }
}

/// Of the ready merchant's certificate, as openssl reads it.
fn serial_no() -> String {
    use x509_cert::{Certificate, der::DecodePem};
    let certificate = Certificate::from_pem(MERCHANT_CERTIFICATE).unwrap();
    let serial = certificate
        .tbs_certificate()
        .serial_number()
        .as_bytes()
        .to_vec();
    // Without DER's sign byte.
    let bytes = serial.iter().skip(serial.len() - 20);
    bytes.map(|byte| format!("{byte:02X}")).collect()
}

#[test]
fn the_older_token_leaves_the_one_before_it_five_minutes() {
    let mut world = World::new();
    let target = format!("{TOKEN}?grant_type=client_credential&appid={APP_ID}&secret={APP_SECRET}");
    let fetched = |world: &mut World| -> String {
        let answer = world.ask("GET", &target, &Value::Null);
        let reply: Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!(
            (&reply["expires_in"], reply.get("errcode")),
            (&json!(7200), None)
        );
        reply["access_token"].as_str().unwrap().into()
    };
    let stable = world.token(None);
    let (first, second) = (fetched(&mut world), fetched(&mut world));
    assert_ne!(first, second);
    let category = |world: &mut World, token: &str| {
        world.errcode(&format!("{CATEGORY}?access_token={token}"), &json!({}))
    };
    world.now += 299;
    assert_eq!(category(&mut world, &first), 0);
    world.now += 1;
    assert_eq!(category(&mut world, &first), 42001);
    assert_eq!(
        (category(&mut world, &second), category(&mut world, &stable)),
        (0, 0)
    );
    for (query, errcode) in [
        ("", 40002),
        ("grant_type=client_credential", 41002),
        ("grant_type=client_credential&appid=wx0", 41004),
        ("grant_type=client_credential&appid=wx0&secret=x", 40013),
    ] {
        let answer = world.ask("GET", &format!("{TOKEN}?{query}"), &Value::Null);
        assert_eq!(answer.errcode, Some(errcode), "{query}");
    }
}

#[test]
fn platforms_have_secrets_tokens_and_keys_of_their_own() {
    let mut world = World::new();
    let added = world
        .sandbox
        .add_platform(from(json!({})), [50; 32])
        .unwrap();
    let other = serde_json::to_value(&added).unwrap();
    let trial = json!({ "appId": "wx1", "componentAppId": other["componentAppId"], "code": "91110105MA00000018", "enterpriseName": "测试公司" });
    let (app_id, token) = world.authorized(&other, trial);
    let (_, ready) = world.authorized(&ready_platform(), json!({ "appId": "wx2" }));
    assert_eq!(app_id, "wx1");
    let form = json!({
        "verify_info": { "enterprise_name": "测试公司", "code": "91110105MA00000018", "component_phone": "1" },
        "new_version": true,
    });
    assert_eq!(
        world.errcode(&format!("{BETA}?access_token={token}"), &form),
        0
    );
    // One enterprise, one verification, whichever platform asks.
    assert_eq!(
        world.errcode(&format!("{BETA}?access_token={ready}"), &form),
        89249
    );
    // The push goes to the platform that began it.
    let due = world.sandbox.due(NOW + 24 * 3600, [1; 32]);
    let told: Vec<_> = due
        .iter()
        .map(|push| json!([push.component_app_id, push.status]))
        .collect();
    assert_eq!(told, [json!([other["componentAppId"], 2])]);
    // A token of one platform is of no use with the other's id.
    let push = world
        .sandbox
        .push(&from(json!({ "kind": "ticket" })), NOW, [9; 32])
        .unwrap();
    let component = world.component_token(&ready_platform(), &push.body);
    let body = json!({ "component_appid": other["componentAppId"], "authorization_code": "x" });
    assert_eq!(
        world.errcode(
            &format!("{QUERY_AUTH}?component_access_token={component}"),
            &body
        ),
        40013
    );
    for (given, field) in [
        (json!({ "token": "ab" }), "token"),
        (json!({ "encodingAesKey": "x" }), "encodingAesKey"),
        (json!({ "componentAppId": "a b" }), "componentAppId"),
    ] {
        assert_eq!(
            world
                .sandbox
                .add_platform(from(given), [1; 32])
                .unwrap_err()
                .field,
            field
        );
    }
    let unknown = from(json!({ "kind": "ticket", "componentAppId": "wx0" }));
    assert_eq!(
        world
            .sandbox
            .push(&unknown, NOW, [1; 32])
            .unwrap_err()
            .field,
        "componentAppId"
    );
}

#[test]
fn a_success_under_one_platform_is_one_under_every_other() {
    let mut world = World::new();
    let other = world
        .sandbox
        .add_platform(from(json!({})), [50; 32])
        .unwrap();
    let other = serde_json::to_value(&other).unwrap();
    let company =
        json!({ "appId": "wx1", "enterpriseName": "测试公司", "code": "91110105MA00000018" });
    let mut for_other = company.clone();
    for_other["componentAppId"] = other["componentAppId"].clone();
    let (_, first) = world.authorized(&ready_platform(), company);
    let (_, second) = world.authorized(&other, for_other);
    let form = json!({
        "verify_info": { "enterprise_name": "测试公司", "code": "91110105MA00000018", "component_phone": "1" },
        "new_version": true,
    });
    assert_eq!(
        world.errcode(&format!("{BETA}?access_token={first}"), &form),
        0
    );
    assert_eq!(
        world.errcode(&format!("{BETA}?access_token={second}"), &form),
        89249
    );
    for step in [
        "legal_person_checks_id",
        "legal_person_checks_face",
        "legal_person_confirms",
        "administrator_confirms",
    ] {
        let step = wechat_realname::sandbox::Step::named(step, None).unwrap();
        world
            .sandbox
            .verification_step("wx1", step, NOW, [1; 32])
            .unwrap();
    }
    assert_eq!(
        world.errcode(&format!("{BETA}?access_token={second}"), &form),
        91021
    );
}

#[test]
fn calls_count_by_the_minute_and_the_day_wherever_the_clock_goes() {
    let mut world = World::new();
    let (_, token) = world.authorized(&ready_platform(), json!({ "trial": false }));
    let target = format!("{BETA}?access_token={token}");
    let mut call = |now| {
        world.now = now;
        world.errcode(&target, &json!({ "verify_info": {}, "new_version": true }))
    };
    let minutes = |minute: u64| NOW + 60 * minute;
    for minute in 0..20 {
        for _ in 0..5 {
            assert_eq!(call(minutes(minute)), 91021);
        }
        assert_eq!(call(minutes(minute) + 59), 45011);
    }
    assert_eq!(call(minutes(60)), 45009);
    // Set back: there are no calls of the future.
    assert_eq!(call(NOW - 1000), 91021);
}

#[test]
fn faults_come_as_often_as_they_were_set() {
    let mut world = World::new();
    let token = world.token(None);
    let category = format!("{CATEGORY}?access_token={token}");
    let set = |fault: Value, world: &mut World| world.sandbox.set_fault(from(fault));
    set(
        json!({ "interface": "getCategory", "outcome": "-1", "times": 2, "after": 1 }),
        &mut world,
    )
    .unwrap();
    set(json!({ "outcome": "45009", "after": 2 }), &mut world).unwrap();
    let mut seen = Vec::new();
    for _ in 0..6 {
        seen.push(world.errcode(&category, &json!({})));
    }
    // The first call goes well; the third meets both faults, and the one that was set first comes.
    assert_eq!(seen, [0, -1, -1, 45009, 0, 0]);
    assert!(world.sandbox.faults().is_empty());

    set(
        json!({ "interface": "/cgi-bin/stable_token", "outcome": "timeout" }),
        &mut world,
    )
    .unwrap();
    assert_eq!(world.errcode(&category, &json!({})), 0);
    let answer = world.ask("POST", STABLE, &json!({}));
    assert!(answer.hold);
    assert_eq!(answer.why, "the test set a fault: timeout");

    // A word of one interface comes once the request has passed its checks.
    set(
        json!({ "interface": "checkrealnameinfo", "outcome": "V_OP_NM_UM" }),
        &mut world,
    )
    .unwrap();
    let answer = world.ask(
        "POST",
        &format!("{CHECK}?access_token={token}"),
        &code_body("any"),
    );
    assert!(
        answer.body.contains("V_OP_NM_UM")
            && answer.why.starts_with("the test set a fault, V_OP_NM_UM")
    );
    set(
        json!({ "interface": "queryVerifyInfo", "outcome": "verify_ret=10004" }),
        &mut world,
    )
    .unwrap();
    let answer = world.ask(
        "POST",
        &format!("{VERIFY_INFO}?access_token={token}"),
        &json!({}),
    );
    assert!(answer.body.contains("10004"));
    set(
        json!({ "interface": "getmedrealname", "outcome": "key_version=7" }),
        &mut world,
    )
    .unwrap();
    let answer = world.ask(
        "POST",
        &format!("{MEDICAL}?access_token={token}"),
        &json!({ "app_id": APP_ID, "open_id": "o" }),
    );
    assert!(answer.body.contains("\"key_version\":7"));
    let (_, platforms) = world.authorized(&ready_platform(), json!({}));
    set(
        json!({ "interface": "verifybetaweapp", "outcome": "push-101" }),
        &mut world,
    )
    .unwrap();
    let form =
        json!({ "verify_info": { "enterprise_name": "a", "code": "b" }, "new_version": true });
    let answer = world.ask("POST", &format!("{BETA}?access_token={platforms}"), &form);
    assert_eq!(
        (answer.errcode, answer.pushes[0].status),
        (Some(0), Some(101))
    );
    // What has no such place is refused for what it is.
    set(
        json!({ "interface": "getRealNameInfo", "outcome": "junk" }),
        &mut world,
    )
    .unwrap();
    assert_eq!(
        world.errcode(&format!("{READ}?access_token={token}"), &json!([])),
        47001
    );

    for (fault, field) in [
        (json!({ "outcome": "x" }), "outcome"),
        (json!({}), "outcome"),
        (json!({ "outcome": "V_OP_NA" }), "outcome"),
        (
            json!({ "outcome": "verify_ret=1", "interface": "getVerifyId" }),
            "outcome",
        ),
        (
            json!({ "outcome": "junk", "interface": "getCategory" }),
            "outcome",
        ),
        (json!({ "outcome": "-1", "interface": "x" }), "interface"),
        (json!({ "outcome": "-1", "times": 0 }), "times"),
    ] {
        assert_eq!(set(fault, &mut world).unwrap_err().field, field);
    }
    set(json!({ "outcome": "-1", "times": 9 }), &mut world).unwrap();
    world.sandbox.clear_faults();
    assert_eq!(world.errcode(&category, &json!({})), 0);
}

#[test]
fn a_reset_leaves_nothing_but_the_first_token() {
    let mut world = World::new();
    let first = world.token(None);
    let (other, _) = world.mini_program();
    let second = world.token(Some(&other));
    let consent = world
        .sandbox
        .add_person(from(json!({})), NOW, [5; 32])
        .unwrap();
    world
        .sandbox
        .set_fault(from(json!({ "outcome": "-1", "times": 99 })))
        .unwrap();
    world.sandbox.set_encoding_aes_key(&"a".repeat(43)).unwrap();
    world
        .sandbox
        .push(&from(json!({ "kind": "ticket" })), NOW, [6; 32])
        .unwrap();
    world.now += 100_000;
    world.sandbox.reset(world.now).unwrap();

    let check = |world: &mut World, token: &str| {
        world.errcode(
            &format!("{CHECK}?access_token={token}"),
            &code_body(&consent.code),
        )
    };
    assert_eq!(check(&mut world, &first), 80111);
    assert_eq!(check(&mut world, &second), 40001);
    assert!(world.sandbox.again(None, NOW, [1; 32]).is_err());
    assert!(
        world
            .sandbox
            .issue_access_token_of(Some(&other), NOW, [1; 32])
            .is_err()
    );
    let push = world
        .sandbox
        .push(&from(json!({ "kind": "ticket" })), world.now, [6; 32])
        .unwrap();
    world.component_token(&ready_platform(), &push.body);
    // It is the one that stable_token gives, and a second reset knows it still.
    let body = json!({ "grant_type": "client_credential", "appid": APP_ID, "secret": APP_SECRET });
    assert!(world.ask("POST", STABLE, &body).body.contains(&first));
    world.sandbox.reset(world.now).unwrap();
    assert_eq!(check(&mut world, &first), 80111);
}

#[test]
fn secrets_are_not_printed() {
    let mut world = World::new();
    let (app_id, secret) = world.mini_program();
    let platform = world
        .sandbox
        .add_platform(from(json!({})), [50; 32])
        .unwrap();
    let token = world.token(Some(&app_id));
    let mini = world
        .sandbox
        .add_mini_program(from(json!({ "appId": app_id })), [3; 32])
        .unwrap();
    let printed = format!("{platform:?} {mini:?} {:?}", world.sandbox);
    let kept = [
        Some(secret),
        Some(token),
        mini.app_secret,
        platform.component_app_secret,
        platform.encoding_aes_key,
        platform.token,
    ];
    for text in kept.into_iter().flatten() {
        assert!(!printed.contains(&text));
    }
}
