//! Sealing an event for the post, rightly or with the fault that was asked for.

use rand_chacha::rand_core::Rng;

use super::{
    Moment, Push, PushFault, Sandbox,
    event::{self, Info},
    platform::Platform,
    seal,
};

/// How many events can be pushed again.
const KEPT: usize = 256;
/// One second more than five minutes, the window that receivers are assumed to have.
const OLD: u64 = 301;

/// An event for a platform, kept so that it can be pushed again.
pub(super) struct Sent {
    /// The platform, by its app id.
    pub(super) platform: String,
    pub(super) xml: String,
    pub(super) info_type: Option<&'static str>,
    pub(super) status: Option<i32>,
    pub(super) fault: Option<PushFault>,
    pub(super) why: &'static str,
}

impl Sent {
    /// The state of a task.
    pub(super) fn beta(
        platform: &str,
        app_id: &str,
        status: i32,
        info: &Info,
        why: &'static str,
        now: u64,
    ) -> Self {
        Self {
            platform: platform.into(),
            xml: event::beta(platform, Some(app_id), status, Some(info), now),
            info_type: Some(event::BETA),
            status: Some(status),
            fault: None,
            why,
        }
    }
}

impl Sandbox {
    /// Keeps the event and seals it; nothing for a platform that is gone.
    pub(super) fn send(&mut self, sent: Sent, moment: &mut Moment) -> Option<Push> {
        let event = self.sent.keys().next_back().map_or(1, |last| last + 1);
        self.sent.insert(event, sent);
        while self.sent.len() > KEPT {
            self.sent.pop_first();
        }
        self.sealed(event, moment)
    }

    /// A kept event, sealed anew.
    pub(super) fn sealed(&self, event: u32, moment: &mut Moment) -> Option<Push> {
        let sent = self.sent.get(&event)?;
        let platform = self.platforms.get(&sent.platform)?;
        Some(sealed(event, sent, platform, moment))
    }
}

fn sealed(number: u32, sent: &Sent, platform: &Platform, moment: &mut Moment) -> Push {
    let has = |fault| sent.fault == Some(fault);
    let mut random = [0; 16];
    moment.random.fill_bytes(&mut random);
    let nonce = moment.random.next_u32().to_string();
    let age = if has(PushFault::Old) { OLD } else { 0 };
    let timestamp = moment.now.saturating_sub(age).to_string();

    let app_id = if has(PushFault::AppId) {
        "wx0000000000000000"
    } else {
        &platform.app_id
    };
    let key = if has(PushFault::Key) {
        platform.key.map(|byte| !byte)
    } else {
        platform.key
    };
    let mut encrypted = if has(PushFault::Padding) {
        let mut plain = seal::padded(&random, sent.xml.as_bytes(), app_id);
        spoil_padding(&mut plain);
        seal::close(plain, &key)
    } else {
        seal::encrypt(&random, sent.xml.as_bytes(), app_id, &key)
    };
    let token = if has(PushFault::Signature) {
        "AnotherToken"
    } else {
        &platform.token
    };
    let msg_signature = seal::msg_signature(token, &timestamp, &nonce, &encrypted);
    let signature = seal::signature(&platform.token, &timestamp, &nonce);
    if has(PushFault::Ciphertext) {
        encrypted = changed(&encrypted);
    }

    Push {
        event: number,
        component_app_id: platform.app_id.clone(),
        query: format!(
            "timestamp={timestamp}&nonce={nonce}&encrypt_type=aes&msg_signature={msg_signature}&signature={signature}"
        ),
        body: format!(
            "<xml>\n<AppId><![CDATA[{}]]></AppId>\n<Encrypt><![CDATA[{encrypted}]]></Encrypt>\n</xml>",
            platform.app_id
        ),
        info_type: sent.info_type,
        status: sent.status,
        why: match sent.fault {
            None => sent.why.into(),
            Some(fault) => format!("{}; the test asked for a fault: {fault:?}", sent.why),
        },
    }
}

/// Spoils the first byte of the padding, which a reader that looks at the last byte alone does not notice. Padding of one
/// byte becomes none at all.
fn spoil_padding(plain: &mut [u8]) {
    let padding = plain.last().copied().map_or(0, usize::from);
    let first = plain.len().saturating_sub(padding);
    if let Some(byte) = plain.get_mut(first) {
        *byte = if padding > 1 { !*byte } else { 0 };
    }
}

/// Another base64 character in the middle.
fn changed(encrypted: &str) -> String {
    let middle = encrypted.len() / 2;
    let characters = encrypted.chars().enumerate();
    characters
        .map(|(at, c)| match c {
            'A' if at == middle => 'B',
            _ if at == middle => 'A',
            c => c,
        })
        .collect()
}
