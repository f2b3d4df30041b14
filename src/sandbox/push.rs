//! Pushes: events, encrypted and signed, as they arrive at the platform's authorization event receiving URL.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{
    Mistake, Moment, Sandbox, authorizer,
    event::{self, Info},
    letters,
    platform::{Mini, Platform},
    post::Sent,
};

/// How long a ticket is good, in seconds (assumed).
const TICKET_SECONDS: u64 = 12 * 3600;

/// One POST to the platform's authorization event receiving URL.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Push {
    /// Of the event, for [`Sandbox::again`].
    pub event: u32,
    /// The platform that it is pushed to.
    pub component_app_id: String,
    /// The URL's query.
    pub query: String,
    /// The body: XML with the encrypted event in it.
    pub body: String,
    /// The event's `InfoType`, where the sandbox wrote it.
    pub info_type: Option<&'static str>,
    /// The event's `status`, where it has one.
    pub status: Option<i32>,
    /// Why it is pushed, in one sentence without anybody's data.
    pub why: String,
}

/// What to push.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(rename = "SandboxPushKind"))]
#[non_exhaustive]
pub enum PushKind {
    /// A `component_verify_ticket`, good for 12 hours.
    Ticket,
    /// The mini program authorizes the platform; with a fresh authorization code.
    Authorized,
    /// It changes what it authorizes; with a fresh authorization code.
    UpdateAuthorized,
    /// It takes the authorization back, and its tokens are refused from then on.
    Unauthorized,
    /// The state of a `verifybetaweapp`, of any `status`. It only tells: what happens is in the steps.
    Beta,
    /// An event that nobody has heard of.
    Unknown,
    /// The sample of WeChat's document, which is not well-formed XML.
    Malformed,
}

/// What is wrong with a push.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(rename = "SandboxPushFault"))]
#[non_exhaustive]
pub enum PushFault {
    /// `msg_signature` is wrong.
    Signature,
    /// The ciphertext was changed after it was signed.
    Ciphertext,
    /// Encrypted with another key, and signed.
    Key,
    /// For another platform, and signed.
    AppId,
    /// Padded with a wrong byte, and signed.
    Padding,
    /// 301 seconds old, and signed.
    Old,
}

/// A push that somebody asks for.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "types",
    derive(ts_rs::TS),
    ts(rename = "SandboxPushOrder", optional_fields)
)]
#[non_exhaustive]
pub struct PushOrder {
    /// What to push; this or `xml`.
    pub kind: Option<PushKind>,
    /// A text of the caller's own, encrypted as it is.
    pub xml: Option<String>,
    /// The platform that it is pushed to. Default: the ready one.
    pub component_app_id: Option<String>,
    /// The mini program it is about. May be left out where only one was added.
    pub app_id: Option<String>,
    /// For `beta`. Default 0: succeeded.
    pub status: Option<i32>,
    /// For `beta`: without the field `info`.
    pub omit_info: Option<bool>,
    /// For `beta`: without the field `appid`.
    pub omit_app_id: Option<bool>,
    /// What is wrong with it. Default: nothing.
    pub fault: Option<PushFault>,
}

impl fmt::Debug for Push {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Push")
            .field("info_type", &self.info_type)
            .field("status", &self.status)
            .field("why", &self.why)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for PushOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PushOrder")
            .field("kind", &self.kind)
            .field("status", &self.status)
            .field("fault", &self.fault)
            .finish_non_exhaustive()
    }
}

const NEVER: Mistake = Mistake {
    field: "event",
    reason: "was never pushed, or too many were pushed since",
};

impl Sandbox {
    /// A push as ordered.
    ///
    /// # Errors
    /// Neither `kind` nor `xml`, or both; a mini program that was never added.
    pub fn push(&mut self, order: &PushOrder, now: u64, seed: [u8; 32]) -> Result<Push, Mistake> {
        let mut moment = Moment::new(now, seed);
        let mut sent = self.ordered(order, &mut moment)?;
        sent.fault = order.fault;
        self.send(sent, &mut moment).ok_or(NEVER)
    }

    /// The same event once more, as WeChat repeats what was not answered with `success`: the same XML, encrypted anew. The
    /// last event, where none is named.
    ///
    /// # Errors
    /// There was no such event, or it was long ago.
    pub fn again(&mut self, event: Option<u32>, now: u64, seed: [u8; 32]) -> Result<Push, Mistake> {
        let last = || self.sent.keys().next_back().copied();
        let event = event.or_else(last).unwrap_or_default();
        self.sealed(event, &mut Moment::new(now, seed)).ok_or(NEVER)
    }

    /// A `component_verify_ticket` for the ready platform, which WeChat pushes every 10 minutes.
    ///
    /// # Errors
    /// Never: the ready platform is always there.
    pub fn ticket(&mut self, now: u64, seed: [u8; 32]) -> Result<Push, Mistake> {
        let order = PushOrder {
            kind: Some(PushKind::Ticket),
            ..PushOrder::default()
        };
        self.push(&order, now, seed)
    }

    fn ordered(&mut self, order: &PushOrder, moment: &mut Moment) -> Result<Sent, Mistake> {
        let kind = match (order.kind, &order.xml) {
            (Some(kind), None) => kind,
            (None, Some(xml)) => {
                return Ok(Sent {
                    platform: self
                        .platform(order.component_app_id.as_deref())?
                        .app_id
                        .clone(),
                    xml: xml.clone(),
                    info_type: None,
                    status: None,
                    fault: None,
                    why: "the test wrote it itself",
                });
            }
            _ => {
                return Err(Mistake {
                    field: "kind",
                    reason: "must be given, or xml instead of it",
                });
            }
        };
        let platform = self.platform(order.component_app_id.as_deref())?;
        if kind == PushKind::Ticket {
            return Ok(platform.new_ticket(moment));
        }
        let app_id = platform.about(order.app_id.as_deref(), kind)?;
        let now = moment.now;
        let own = platform.app_id.clone();
        let mini = platform.minis.get_mut(&app_id);
        let sent = |info_type, xml, why| Sent {
            platform: own.clone(),
            xml,
            info_type: Some(info_type),
            status: None,
            fault: None,
            why,
        };
        Ok(match kind {
            PushKind::Authorized | PushKind::UpdateAuthorized => {
                if let Some(mini) = mini {
                    mini.authorized = true;
                }
                let info_type = if kind == PushKind::Authorized {
                    "authorized"
                } else {
                    "updateauthorized"
                };
                let random = &mut moment.random;
                let code = platform.authorization_code(&app_id, now, random);
                let xml = event::authorized(&own, info_type, &app_id, &code, now, random);
                sent(info_type, xml, "the mini program authorizes the platform")
            }
            PushKind::Unauthorized => {
                authorizer::revoke(platform, &app_id);
                let xml = event::unauthorized(&own, &app_id, now);
                sent(
                    "unauthorized",
                    xml,
                    "the mini program takes its authorization back",
                )
            }
            PushKind::Unknown => sent(
                event::UNKNOWN,
                event::unknown(&own, &app_id, now),
                "the test asked for an event that nobody has heard of",
            ),
            PushKind::Malformed => {
                let info = mini.map(|mini| mini.info()).unwrap_or_else(Info::of_nobody);
                sent(
                    event::BETA,
                    event::malformed(&own, &app_id, &info, now),
                    "the test asked for the sample that is not well-formed",
                )
            }
            PushKind::Beta | PushKind::Ticket => {
                let status = order.status.unwrap_or_default();
                let info = mini.map(|mini| mini.info());
                let info = info.filter(|_| order.omit_info != Some(true));
                let about = Some(app_id.as_str()).filter(|_| order.omit_app_id != Some(true));
                Sent {
                    status: Some(status),
                    ..sent(
                        event::BETA,
                        event::beta(&own, about, status, info.as_ref(), now),
                        "the test asked for this state",
                    )
                }
            }
        })
    }
}

impl Platform {
    fn new_ticket(&mut self, moment: &mut Moment) -> Sent {
        let ticket = format!("ticket@@@{}", letters(&mut moment.random, 86));
        let xml = event::ticket(&self.app_id, &ticket, moment.now);
        self.tickets.insert(ticket, moment.now + TICKET_SECONDS);
        Sent {
            platform: self.app_id.clone(),
            xml,
            info_type: Some("component_verify_ticket"),
            status: None,
            fault: None,
            why: "a ticket comes every 10 minutes",
        }
    }

    /// The mini program that an order is about. What is no event of a real one needs none that was added.
    fn about(&self, app_id: Option<&str>, kind: PushKind) -> Result<String, Mistake> {
        let mut added = self.minis.keys();
        let app_id = match (app_id, added.next().map(String::as_str), added.next()) {
            (Some(app_id), ..) | (None, Some(app_id), None) => app_id,
            _ if matches!(kind, PushKind::Unknown | PushKind::Malformed) => "wx0000000000000000",
            _ => {
                return Err(Mistake {
                    field: "appId",
                    reason: "must say which mini program, unless exactly one authorized the platform",
                });
            }
        };
        let known = self.minis.contains_key(app_id);
        if known || matches!(kind, PushKind::Unknown | PushKind::Malformed) {
            return Ok(app_id.into());
        }
        Err(Mistake {
            field: "appId",
            reason: "is no mini program that authorized the platform: addTrial first",
        })
    }
}

impl Mini {
    /// What the running task was sent with, or what the register knows.
    fn info(&self) -> Info {
        if let Some(task) = &self.task {
            return task.info.clone();
        }
        let register = self.register.clone();
        Info {
            name: register.enterprise_name,
            code: register.code,
            code_type: register.code_type,
            wechat: register.wechat,
            legal_persona_name: register.name,
            phone: register.phone,
        }
    }
}

impl Info {
    fn of_nobody() -> Self {
        Self {
            name: "Name of business".into(),
            code: "Enterprise code".into(),
            code_type: 1,
            wechat: "Corporate WeChat".into(),
            legal_persona_name: "Name of legal person".into(),
            phone: "Third Party Contact Phone".into(),
        }
    }
}
