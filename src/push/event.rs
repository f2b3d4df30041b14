//! What a push says.
//!
//! | `InfoType` | fields beside `AppId`, `CreateTime` and `InfoType` |
//! |---|---|
//! | `notify_third_fastverifybetaapp` | `appid`, `status`, `msg`, `info { name, code, code_type, legal_persona_wechat, legal_persona_name, component_phone }`; failures may lack `appid` and `info` |
//! | `component_verify_ticket` | `ComponentVerifyTicket` |
//! | `authorized`, `updateauthorized` | `AuthorizerAppid`, `AuthorizationCode`, `AuthorizationCodeExpiredTime`, `PreAuthCode` |
//! | `unauthorized` | `AuthorizerAppid` |
//!
//! Every other one is passed on as it is.

use std::{fmt, str::FromStr};

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{
    envelope::Opened,
    xml::{self, Element},
};
use crate::{
    fields::Fields,
    hex::hex,
    secret::{
        AuthorizationCode, ComponentVerifyTicket, EnterpriseCode, EnterpriseName, Phone, RealName,
        WechatId,
    },
};

/// One event that WeChat pushed to a third-party platform. `infoType` says which of the optional fields are there; WeChat
/// adds types without notice, and what is unknown is in `fields` in full.
///
/// It is the data itself: keep it out of logs. `console.log` shows it masked, but no copy of it.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
#[non_exhaustive]
pub struct PushEvent {
    /// WeChat's `InfoType`: `notify_third_fastverifybetaapp`, `component_verify_ticket`, `authorized`, `unauthorized`,
    /// `updateauthorized`, or any other.
    pub info_type: String,
    /// The platform's own app id, to which the push was encrypted.
    pub component_app_id: String,
    /// The mini program that the event is about (`appid` or `AuthorizerAppid`); failed verifications may lack it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub app_id: Option<String>,
    /// When WeChat made the event, in seconds since 1970-01-01 UTC. A repetition of it has the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub create_time: Option<u32>,
    /// Names the ciphertext, in hex: the same for every delivery of these very bytes. Claim it before you act.
    pub replay_key: String,
    /// Names the event, in hex: the same when WeChat sends it again, encrypted anew. Claim it before you act.
    pub event_key: String,
    /// Of a verification: how it went, 0 for success. Absent means unknown, never success. `betaVerification` reads it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<i32>,
    /// Of a verification: WeChat's text to the status.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub msg: Option<String>,
    /// Of a verification: what the call had said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub info: Option<BetaInfo>,
    /// Of `component_verify_ticket`: the ticket.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub component_verify_ticket: Option<ComponentVerifyTicket>,
    /// Of `authorized` and `updateauthorized`: for `platform.authorize`; works once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorization_code: Option<AuthorizationCode>,
    /// Of `authorized` and `updateauthorized`: until when the code works, in seconds since 1970-01-01 UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authorization_code_expired_time: Option<u32>,
    /// Every field of the push as it came, by WeChat's names; fields of fields are objects.
    pub fields: Fields,
}

/// What the push of a verification repeats of the call.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
#[non_exhaustive]
pub struct BetaInfo {
    /// The company's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<EnterpriseName>,
    /// The company's number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<EnterpriseCode>,
    /// What the number is; see the parameters of `verifyBetaMiniprogram`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code_type: Option<u32>,
    /// The legal person's WeChat id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub legal_persona_wechat: Option<WechatId>,
    /// The legal person's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub legal_persona_name: Option<RealName>,
    /// The platform's telephone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub component_phone: Option<Phone>,
}

impl PushEvent {
    /// The fields that hold a person's data or a secret: `console.log` shows them masked.
    #[cfg(feature = "types")]
    pub(crate) const PERSONAL: &'static [&'static str] = &[
        "msg",
        "info",
        "componentVerifyTicket",
        "authorizationCode",
        "fields",
    ];
}

impl fmt::Debug for PushEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PushEvent")
            .field("info_type", &self.info_type)
            .field("component_app_id", &self.component_app_id)
            .field("app_id", &self.app_id)
            .field("create_time", &self.create_time)
            .field("event_key", &self.event_key)
            .field("status", &self.status)
            .field("fields", &self.fields)
            .finish_non_exhaustive()
    }
}

/// `InfoType` of the result of `verifybetaweapp`.
const BETA_VERIFICATION: &str = "notify_third_fastverifybetaapp";
const TICKET: &str = "component_verify_ticket";
/// Of an owner's consent: given, changed, taken back.
const CONSENT: [&str; 3] = ["authorized", "updateauthorized", "unauthorized"];

/// The event, if it is one and has what its type must have.
pub(super) fn read(opened: &Opened, app_id: &str) -> Option<PushEvent> {
    let root = std::str::from_utf8(&opened.message)
        .ok()
        .and_then(|text| xml::parse(text).ok())?;
    let info_type = root.text("InfoType")?;
    let event = PushEvent {
        info_type: info_type.to_owned(),
        component_app_id: app_id.to_owned(),
        app_id: root
            .text("appid")
            .or_else(|| root.text("AuthorizerAppid"))
            .map(str::to_owned),
        create_time: root.number("CreateTime"),
        replay_key: hex(&opened.ciphertext_hash),
        event_key: String::new(),
        status: root.number("status"),
        msg: root.text("msg").map(str::to_owned),
        info: root.child("info").map(|info| BetaInfo {
            name: info.text("name").map(EnterpriseName::from),
            code: info.text("code").map(EnterpriseCode::from),
            code_type: info.number("code_type"),
            legal_persona_wechat: info.text("legal_persona_wechat").map(WechatId::from),
            legal_persona_name: info.text("legal_persona_name").map(RealName::from),
            component_phone: info.text("component_phone").map(Phone::from),
        }),
        component_verify_ticket: root
            .text("ComponentVerifyTicket")
            .map(ComponentVerifyTicket::from),
        authorization_code: root.text("AuthorizationCode").map(AuthorizationCode::from),
        authorization_code_expired_time: root.number("AuthorizationCodeExpiredTime"),
        fields: root.fields(),
    };
    let complete = match info_type {
        TICKET => event.component_verify_ticket.is_some(),
        kind if CONSENT.contains(&kind) => event.app_id.is_some(),
        _ => true,
    };
    complete.then(|| PushEvent {
        event_key: event_key(&event, &opened.message),
        ..event
    })
}

/// What a repetition has in common with the first delivery, and no other event: platform, type, mini program, time, status,
/// and what the event hands over. Where one of the first four is missing, or the type is not known to this library, the
/// whole content.
fn event_key(event: &PushEvent, message: &[u8]) -> String {
    let info_type = event.info_type.as_str();
    let handed_over = match info_type {
        TICKET => event
            .component_verify_ticket
            .as_ref()
            .map(ComponentVerifyTicket::expose),
        kind if CONSENT.contains(&kind) => event
            .authorization_code
            .as_ref()
            .map(AuthorizationCode::expose),
        _ => None,
    };
    let named = info_type == TICKET || event.app_id.is_some();
    let known = [BETA_VERIFICATION, TICKET].contains(&info_type) || CONSENT.contains(&info_type);
    let enough = known && named && event.create_time.is_some();
    let number = |number: Option<i64>| number.map(|number| number.to_string());
    let status = number(event.status.map(Into::into)).unwrap_or_default();
    let create_time = number(event.create_time.map(Into::into)).unwrap_or_default();
    let mut hash = Sha256::new();
    for part in [
        event.component_app_id.as_bytes(),
        info_type.as_bytes(),
        event.app_id.as_deref().unwrap_or_default().as_bytes(),
        create_time.as_bytes(),
        status.as_bytes(),
        handed_over.unwrap_or_default().as_bytes(),
        if enough { &[] } else { message },
    ] {
        // With its length before it, so that no part can reach into the next.
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hex(&hash.finalize())
}

impl Element {
    /// The one child of this name. Where there are two, which of them is meant is anybody's guess, so neither.
    fn child(&self, name: &str) -> Option<&Self> {
        let mut found = self.children.iter().filter(|child| child.name == name);
        found.next().filter(|_| found.next().is_none())
    }

    /// The text of a field that is there and not empty.
    fn text(&self, name: &str) -> Option<&str> {
        let child = self.child(name).filter(|child| child.children.is_empty())?;
        let text = child.text.trim_matches([' ', '\t', '\r', '\n']);
        (!text.is_empty()).then_some(text)
    }

    /// A whole number, as it is written: what has a sign or zeros too many is none.
    fn number<T: FromStr + ToString>(&self, name: &str) -> Option<T> {
        let text = self.text(name)?;
        text.parse()
            .ok()
            .filter(|number: &T| number.to_string() == text)
    }

    fn fields(&self) -> Fields {
        let mut fields = Fields::default();
        for child in &self.children {
            let value = match child.children.as_slice() {
                [] => child.text.as_str().into(),
                _ => child.fields().into_value(),
            };
            fields.add(&child.name, value);
        }
        fields
    }
}
