//! The encrypted push channel: what WeChat posts to a third-party platform's *authorization event receiving URL*
//! (授权事件接收URL).
//!
//! Document: 第三方平台 › 消息推送 › 授权变更通知推送, 验证票据, and 消息加解密说明, read 2026-11.
//!
//! The query has `timestamp`, `nonce`, `encrypt_type=aes` and `msg_signature` (and a `signature`, which covers no content
//! and is not used); the body is `<xml><AppId/><Encrypt/></xml>`. A push is opened in this order, and nothing is decrypted
//! before its signature is right:
//!
//! ```text
//! size → XML of the envelope → msg_signature (constant time) → window of the timestamp → base64 → AES-256-CBC
//!      → padding → length → app id → XML of the event → its fields
//! ```
//!
//! Before the signature an error says what is wrong. After it there is one error for everything but the window: who could
//! tell padding from content could read pushes, byte by byte.
//!
//! [`PushChannel::open`] remembers nothing. Two deliveries of one push have the same [`replay_key`](PushEvent::replay_key),
//! two deliveries of one event (WeChat encrypts it anew when it sends it again) the same
//! [`event_key`](PushEvent::event_key): claim both before you act.

mod envelope;
mod event;
mod xml;

use std::fmt;

pub use event::{BetaInfo, PushEvent};

use crate::{
    error::Error,
    scrub::scrubbed,
    secret::{EncodingAesKey, PushToken},
};
use envelope::AesKey;

/// Seconds that a push's timestamp may be off, unless you say otherwise.
pub const TOLERANCE_SECONDS: u32 = 300;
/// The most that can be said: beyond a day a window is none.
const LONGEST_TOLERANCE: u32 = 24 * 60 * 60;
/// Seconds after which an event is old, whatever its envelope says. Timestamp and nonce may be exchanged without the token,
/// and some nonces are times to come: so that no push can be sent again years later, keys need to be remembered for this
/// long, and nothing older opens.
pub const OLDEST_EVENT: u32 = 30 * 24 * 60 * 60;
/// Bytes of the largest body that is read. WeChat's pushes have a few thousand.
const LARGEST_BODY: usize = 1024 * 1024;

/// What the platform's console has for its push channel.
#[derive(Clone, Debug, Default)]
pub struct PushChannelOptions {
    /// 消息校验Token.
    pub token: PushToken,
    /// 消息加解密Key (`EncodingAESKey`), 43 characters.
    pub encoding_aes_key: EncodingAesKey,
    /// The key before the last change: WeChat goes on using it for a while.
    pub previous_encoding_aes_key: Option<EncodingAesKey>,
    /// The platform's own app id (`component_appid`).
    pub app_id: String,
    /// How far a push's timestamp may be off, in seconds; 1 to 86,400. Default [`TOLERANCE_SECONDS`].
    pub tolerance_seconds: Option<u32>,
}

/// A push as it arrived.
#[derive(Clone, Copy)]
#[expect(
    clippy::exhaustive_structs,
    reason = "made by callers, from the parts that WeChat's scheme has"
)]
pub struct PushDelivery<'a> {
    /// `msg_signature` of the query.
    pub msg_signature: &'a str,
    /// `timestamp` of the query.
    pub timestamp: &'a str,
    /// `nonce` of the query.
    pub nonce: &'a str,
    /// The body.
    pub body: &'a [u8],
}

impl fmt::Debug for PushDelivery<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PushDelivery([redacted])")
    }
}

/// Opens pushes. Holds no state but its keys.
///
/// ```
/// use wechat_realname::{ErrorCode, PushChannel, PushChannelOptions, PushDelivery};
///
/// # fn main() -> Result<(), wechat_realname::Error> {
/// let channel = PushChannel::new(&PushChannelOptions {
///     token: "the-token-of-the-console".into(),
///     encoding_aes_key: "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG".into(),
///     app_id: "wx0000000000000001".into(),
///     ..Default::default()
/// })?;
/// // The values of the query, and the body as it came:
/// let delivery = PushDelivery {
///     msg_signature: "0123456789abcdef0123456789abcdef01234567",
///     timestamp: "1795170000",
///     nonce: "1320562132",
///     body: b"<xml><AppId>wx0000000000000001</AppId><Encrypt>bm90IFdlQ2hhdCdz</Encrypt></xml>",
/// };
/// let refused = channel.open(&delivery, 1_795_170_000).unwrap_err();
/// assert_eq!(refused.code(), ErrorCode::InvalidSignature);
/// # Ok(()) }
/// ```
pub struct PushChannel {
    token: PushToken,
    /// The current one first.
    keys: Vec<AesKey>,
    app_id: String,
    tolerance_seconds: u32,
}

impl PushChannel {
    /// Reads and checks the options.
    ///
    /// # Errors
    /// [`Error::Configuration`], naming the option.
    pub fn new(options: &PushChannelOptions) -> Result<Self, Error> {
        let wrong = |field, reason| Err(Error::Configuration { field, reason });
        let token = options.token.expose();
        if token.is_empty() || token.chars().any(|c| c.is_whitespace() || c.is_control()) {
            return wrong("token", "must be the console's 消息校验Token");
        }
        if options.app_id.is_empty() || options.app_id.trim() != options.app_id {
            return wrong(
                "appId",
                "must be the platform's own app id (component_appid)",
            );
        }
        let tolerance_seconds = options.tolerance_seconds.unwrap_or(TOLERANCE_SECONDS);
        if !(1..=LONGEST_TOLERANCE).contains(&tolerance_seconds) {
            return wrong(
                "toleranceSeconds",
                "must be whole seconds from 1 to 86400: without a window, old pushes could be sent again",
            );
        }
        let mut keys = vec![AesKey::read("encodingAesKey", &options.encoding_aes_key)?];
        if let Some(previous) = &options.previous_encoding_aes_key {
            keys.push(AesKey::read("previousEncodingAesKey", previous)?);
        }
        Ok(Self {
            token: options.token.clone(),
            keys,
            app_id: options.app_id.clone(),
            tolerance_seconds,
        })
    }

    /// How far a push's timestamp may be off, in seconds.
    pub fn tolerance_seconds(&self) -> u32 {
        self.tolerance_seconds
    }

    /// How long the keys of an event must be remembered so that it cannot be sent again, in seconds.
    pub fn remember_seconds(&self) -> u32 {
        OLDEST_EVENT + 2 * self.tolerance_seconds
    }

    /// Checks and opens one push. `now`: seconds since 1970-01-01 UTC.
    ///
    /// # Errors
    /// [`Error::MalformedPush`] for a body that is no envelope, [`Error::InvalidSignature`], [`Error::Replayed`] where the
    /// timestamp is outside the window or the event itself older than [`OLDEST_EVENT`], and for everything else one
    /// [`Error::MalformedPush`].
    pub fn open(&self, delivery: &PushDelivery<'_>, now: u32) -> Result<PushEvent, Error> {
        // Hashing and deciphering leave parts of the token and of the keys on the stack.
        scrubbed(|| self.event(delivery, now))
    }

    fn event(&self, delivery: &PushDelivery<'_>, now: u32) -> Result<PushEvent, Error> {
        if delivery.body.len() > LARGEST_BODY {
            return Err(Error::MalformedPush {
                reason: "the body is larger than 1 MiB: no push of WeChat's is",
            });
        }
        let encrypted = envelope::encrypted(delivery.body)?;
        let timestamp = seconds(delivery.timestamp).filter(|_| is_nonce(delivery.nonce));
        let timestamp = timestamp.ok_or(Error::InvalidSignature)?;
        if !envelope::is_signed(&self.token, delivery, &encrypted) {
            return Err(Error::InvalidSignature);
        }
        if timestamp.abs_diff(now) > self.tolerance_seconds {
            return Err(Error::Replayed);
        }
        let opened = envelope::decrypt(&encrypted, &self.keys, &self.app_id);
        let event = opened.and_then(|opened| event::read(&opened, &self.app_id));
        let event = event.ok_or(Error::MalformedPush { reason: UNOPENED })?;
        match event.create_time {
            Some(created) if created < timestamp.saturating_sub(OLDEST_EVENT) => {
                Err(Error::Replayed)
            }
            _ => Ok(event),
        }
    }
}

/// A timestamp as WeChat writes it. Nothing separates timestamp, nonce and ciphertext in what is signed, so characters can
/// be moved between them without the token: a sign or a leading zero would be one of the ways.
fn seconds(timestamp: &str) -> Option<u32> {
    let plain = timestamp.bytes().all(|byte| byte.is_ascii_digit()) && !timestamp.starts_with('0');
    timestamp.parse().ok().filter(|_| plain)
}

/// A nonce too short for what could be moved out of a ciphertext: three blocks are 64 characters.
fn is_nonce(nonce: &str) -> bool {
    nonce.len() <= 32 && nonce.bytes().all(|byte| byte.is_ascii_graphic())
}

impl fmt::Debug for PushChannel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PushChannel")
            .field("app_id", &self.app_id)
            .field("tolerance_seconds", &self.tolerance_seconds)
            .finish_non_exhaustive()
    }
}

/// One constant text. The causes are in the order in which they are found in practice.
const UNOPENED: &str = "the push is signed with the right token but did not open into an event; likely causes, most frequent first: \
     encodingAesKey is not the console's (or it was changed there: give the old one as previousEncodingAesKey), \
     appId is not the platform's own, \
     the content is not the XML of an authorization event (were 授权事件接收URL and 消息与事件接收URL confused?)";
