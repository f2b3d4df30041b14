//! A sandbox with a clock, what a platform sends, and how it opens a push.

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
    PUSH_TOKEN, Push, PushOrder, Sandbox, Step, Trial,
};

pub(crate) const NOW: u64 = 1_795_170_000;
pub(crate) const DAY: u64 = 24 * 3600;
pub(crate) const NUMBER: &str = "11010519491231002X";
pub(crate) const BETA: &str = "/wxa/verifybetaweapp";

/// A sandbox with a clock, and randomness that is never the same twice.
pub(crate) struct Bench {
    pub(crate) sandbox: Sandbox,
    pub(crate) now: u64,
    pub(crate) seeds: u8,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self {
            sandbox: Sandbox::new().unwrap(),
            now: NOW,
            seeds: 0,
        }
    }

    pub(crate) fn seed(&mut self) -> [u8; 32] {
        self.seeds = self.seeds.wrapping_add(1);
        [self.seeds; 32]
    }

    pub(crate) fn post(&mut self, target: &str, body: &Value) -> (Answer, Value) {
        let request = json!({ "method": "POST", "target": target, "body": body.to_string() });
        let seed = self.seed();
        let request = serde_json::from_value(request).unwrap();
        let answer = self.sandbox.answer(&request, self.now, seed);
        assert!(!answer.why.is_empty());
        let reply = serde_json::from_str(&answer.body).unwrap_or_default();
        (answer, reply)
    }

    pub(crate) fn errcode(&mut self, target: &str, body: &Value) -> i64 {
        let (_, reply) = self.post(target, body);
        reply["errcode"].as_i64().unwrap_or_default()
    }

    pub(crate) fn ticket(&mut self) -> String {
        let seed = self.seed();
        let push = self.sandbox.ticket(self.now, seed).unwrap();
        field(&opened(&push), "ComponentVerifyTicket")
    }

    pub(crate) fn component_token(&mut self) -> String {
        let ticket = self.ticket();
        let (_, reply) = self.post(COMPONENT, &component(&ticket));
        assert_eq!(reply["expires_in"], 7200);
        assert!(reply.get("errcode").is_none());
        reply["component_access_token"].as_str().unwrap().into()
    }

    pub(crate) fn add(&mut self, trial: Trial) -> Authorized {
        let seed = self.seed();
        self.sandbox.add_trial(trial, self.now, seed).unwrap()
    }

    /// A mini program and the platform's access token for it.
    pub(crate) fn authorized(&mut self, trial: Trial) -> (String, String) {
        let authorized = self.add(trial);
        let info = self.query_auth(&authorized.authorization_code);
        assert_eq!(info["authorizer_appid"], authorized.app_id);
        let token = info["authorizer_access_token"].as_str().unwrap();
        (authorized.app_id, token.into())
    }

    pub(crate) fn query_auth(&mut self, code: &str) -> Value {
        let token = self.component_token();
        let target = format!("{QUERY_AUTH}?component_access_token={token}");
        let body = json!({ "component_appid": PLATFORM_APP_ID, "authorization_code": code });
        let (_, mut reply) = self.post(&target, &body);
        assert!(reply.get("errcode").is_none(), "{reply}");
        reply["authorization_info"].take()
    }

    pub(crate) fn verify(&mut self, token: &str, body: &Value) -> (Answer, Value) {
        self.post(&format!("{BETA}?access_token={token}"), body)
    }

    pub(crate) fn refused(&mut self, token: &str, body: &Value) -> i64 {
        // Five calls a minute.
        self.now += 60;
        self.errcode(&format!("{BETA}?access_token={token}"), body)
    }

    pub(crate) fn step(&mut self, app_id: &str, step: Step) -> Result<Vec<i32>, Mistake> {
        let seed = self.seed();
        let pushes = self
            .sandbox
            .verification_step(app_id, step, self.now, seed)?;
        Ok(statuses(&pushes))
    }

    pub(crate) fn due(&mut self) -> Vec<i32> {
        let seed = self.seed();
        statuses(&self.sandbox.due(self.now, seed))
    }

    pub(crate) fn push(&mut self, order: &PushOrder) -> Push {
        let seed = self.seed();
        self.sandbox.push(order, self.now, seed).unwrap()
    }
}

pub(crate) const COMPONENT: &str = "/cgi-bin/component/api_component_token";
pub(crate) const QUERY_AUTH: &str = "/cgi-bin/component/api_query_auth";
pub(crate) const AUTHORIZER: &str = "/cgi-bin/component/api_authorizer_token";

pub(crate) fn component(ticket: &str) -> Value {
    json!({
        "component_appid": PLATFORM_APP_ID,
        "component_appsecret": PLATFORM_APP_SECRET,
        "component_verify_ticket": ticket,
    })
}

pub(crate) fn trial() -> Trial {
    serde_json::from_value(json!({
        "enterpriseName": "测试公司", "code": "91110105MA00000018", "legalPersonaWechat": "zhang",
        "legalPersonaName": "张三", "legalPersonaIdcard": NUMBER,
    }))
    .unwrap()
}

pub(crate) fn with(fields: Value) -> Trial {
    let mut all = serde_json::to_value(trial()).unwrap();
    all.as_object_mut()
        .unwrap()
        .extend(fields.as_object().unwrap().clone());
    serde_json::from_value(all).unwrap()
}

/// The documented form, with these fields instead.
pub(crate) fn form(fields: Value) -> Value {
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

pub(crate) fn form_2026() -> Value {
    json!({
        "verify_info": {
            "enterprise_name": "测试公司", "code": "91110105MA00000018", "component_phone": "13900000000",
        },
        "new_version": true,
    })
}

pub(crate) fn order(fields: Value) -> PushOrder {
    serde_json::from_value(fields).unwrap()
}

/// Every push is well signed and tells its status inside, too.
pub(crate) fn statuses(pushes: &[Push]) -> Vec<i32> {
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
pub(crate) fn field(xml: &str, name: &str) -> String {
    let (_, after) = xml.split_once(&format!("<{name}>")).unwrap();
    let (text, _) = after.split_once(&format!("</{name}>")).unwrap();
    let text = text.strip_prefix("<![CDATA[").unwrap_or(text);
    text.strip_suffix("]]>").unwrap_or(text).into()
}

pub(crate) fn query<'a>(push: &'a Push, name: &str) -> &'a str {
    let pairs = push
        .query
        .split('&')
        .map(|pair| pair.split_once('=').unwrap());
    pairs.clone().find(|(given, _)| *given == name).unwrap().1
}

pub(crate) fn sha1(parts: &mut [&str]) -> String {
    parts.sort_unstable();
    hex(&Sha1::digest(parts.concat()))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(crate) fn key(encoding_aes_key: &str) -> Vec<u8> {
    let lenient = base64::engine::GeneralPurpose::new(
        &base64::alphabet::STANDARD,
        base64::engine::GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true),
    );
    lenient.decode(format!("{encoding_aes_key}=")).unwrap()
}

pub(crate) fn is_signed(push: &Push) -> bool {
    let encrypted = field(&push.body, "Encrypt");
    let (timestamp, nonce) = (query(push, "timestamp"), query(push, "nonce"));
    let weak = sha1(&mut [PUSH_TOKEN, timestamp, nonce]);
    assert_eq!(query(push, "signature"), weak);
    assert_eq!(query(push, "encrypt_type"), "aes");
    sha1(&mut [PUSH_TOKEN, timestamp, nonce, &encrypted]) == query(push, "msg_signature")
}

/// The whole plaintext.
pub(crate) fn plaintext(push: &Push, key: &[u8]) -> Vec<u8> {
    let mut bytes = STANDARD.decode(field(&push.body, "Encrypt")).unwrap();
    let mut cipher = Decryptor::<Aes256>::new_from_slices(key, &key[..16]).unwrap();
    for block in bytes.as_chunks_mut::<16>().0 {
        cipher.decrypt_block(block.into());
    }
    bytes
}

/// Message and app id, if everything about the plaintext is right.
pub(crate) fn parts(plain: &[u8]) -> Option<(String, String)> {
    let padding = usize::from(*plain.last()?);
    let (content, pad) = plain.split_at_checked(plain.len().checked_sub(padding)?)?;
    let right = (1..=32).contains(&padding) && pad.iter().all(|b| usize::from(*b) == padding);
    let (head, content) = content.split_at_checked(20)?;
    let length = u32::from_be_bytes(head[16..].try_into().ok()?);
    let (message, app_id) = content.split_at_checked(length as usize)?;
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).ok();
    (right && plain.len().is_multiple_of(32)).then_some((text(message)?, text(app_id)?))
}

pub(crate) fn opened(push: &Push) -> String {
    assert!(is_signed(push));
    assert_eq!(field(&push.body, "AppId"), PLATFORM_APP_ID);
    assert!(!push.body.contains("ToUserName"));
    let (xml, app_id) = parts(&plaintext(push, &key(ENCODING_AES_KEY))).unwrap();
    assert_eq!(app_id, PLATFORM_APP_ID);
    xml
}
