//! The catalogue of WeChat's numbers: interface × errcode → meaning and what to do.
//!
//! The same number means different things in different interfaces, so meanings belong to the operation
//! ([`Operation::RETURN_CODES`](crate::operation::Operation::RETURN_CODES)); the ones every interface shares are here.

use serde::{Deserialize, Serialize};

/// What the caller can do about a refusal.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[non_exhaustive]
pub enum Action {
    /// The permission is not there: apply for it in the mini program's console.
    ApplyForPermission,
    /// The code or token of this user is used up or wrong: send the user through the consent page again.
    AskUserAgain,
    /// Only WeChat's support can help; give them the `rid`.
    ContactWechat,
    /// The request or the set-up behind it is wrong; the same call will be refused again.
    FixRequest,
    /// The access token is wrong or has expired: get a new one and repeat the call once.
    RefreshToken,
    /// A fault on the way or at WeChat's end that passes: the call may succeed in a moment. Where it carried a one-time
    /// code, that may be spent: try with a new one.
    Retry,
    /// Nothing can be done for this user through this interface: offer another way.
    Stop,
    /// Too fast or too often: wait before the next call.
    Wait,
}

/// One number of WeChat's, as one interface means it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct ReturnCode {
    /// The number, as it stands in `errcode`.
    pub errcode: i32,
    /// What to do about it.
    pub action: Action,
    /// What it means, in a few words.
    pub meaning: &'static str,
    /// When the call may be made again, where that is known.
    pub retry_after: Option<RetryAfter>,
}

/// When a call that was one too many may be made again.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum RetryAfter {
    /// So many seconds after the refusal.
    Seconds(u32),
    /// When the day ends in Beijing (UTC+8): daily quotas are assumed to begin anew then.
    NextDay,
}

impl RetryAfter {
    /// In seconds from `now` (seconds since 1970-01-01 UTC).
    pub fn seconds(self, now: u32) -> u32 {
        const DAY: u32 = 24 * 60 * 60;
        const BEIJING: u32 = 8 * 60 * 60;
        match self {
            Self::Seconds(seconds) => seconds,
            Self::NextDay => DAY - (now % DAY + BEIJING) % DAY,
        }
    }
}

impl ReturnCode {
    pub(crate) const fn new(errcode: i32, action: Action, meaning: &'static str) -> Self {
        Self {
            errcode,
            action,
            meaning,
            retry_after: None,
        }
    }

    pub(crate) const fn after(self, retry_after: RetryAfter) -> Self {
        Self {
            retry_after: Some(retry_after),
            ..self
        }
    }
}

/// What every interface may answer.
pub const GENERAL: &[ReturnCode] = &[
    ReturnCode::new(-1, Action::Retry, "WeChat is busy"),
    ReturnCode::new(
        40001,
        Action::RefreshToken,
        "the access token is invalid or was replaced by a newer one",
    ),
    ReturnCode::new(40014, Action::RefreshToken, "the access token is malformed"),
    ReturnCode::new(41001, Action::RefreshToken, "the access token is missing"),
    ReturnCode::new(42001, Action::RefreshToken, "the access token has expired"),
    ReturnCode::new(43002, Action::FixRequest, "the interface takes POST only"),
    ReturnCode::new(44002, Action::FixRequest, "the body of the POST is empty"),
    ReturnCode::new(
        45009,
        Action::Wait,
        "the daily quota of the interface is used up (clear_quota gives it back, ten times a month)",
    )
    .after(RetryAfter::NextDay),
    ReturnCode::new(45011, Action::Wait, "the interface was called too fast")
        .after(RetryAfter::Seconds(60)),
    ReturnCode::new(
        47001,
        Action::FixRequest,
        "the body is not JSON or a field of it has the wrong form",
    ),
    ReturnCode::new(
        48001,
        Action::ApplyForPermission,
        "the mini program was not granted this interface",
    ),
    ReturnCode::new(
        50001,
        Action::ApplyForPermission,
        "the user or account did not authorise this interface",
    ),
    ReturnCode::new(
        50002,
        Action::ContactWechat,
        "the user or account is restricted",
    ),
    ReturnCode::new(
        50007,
        Action::ContactWechat,
        "the account is frozen: see the mini program's console",
    ),
    ReturnCode::new(
        85107,
        Action::FixRequest,
        "WeChat Cloud Run: the interface is not on the console's list (开放接口服务), or no version was deployed since",
    ),
    ReturnCode::new(
        85113,
        Action::Retry,
        "WeChat Cloud Run: the token is not ready yet",
    ),
];

/// The meaning of `errcode` where `own` are the interface's own numbers.
pub(crate) fn find(own: &'static [ReturnCode], errcode: i32) -> Option<&'static ReturnCode> {
    own.iter()
        .chain(GENERAL)
        .find(|code| code.errcode == errcode)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_at_midnight_in_beijing() {
        // 2026-11-21T15:59:59Z, one second before it, and midnight itself.
        assert_eq!(RetryAfter::NextDay.seconds(1_795_276_799), 1);
        assert_eq!(RetryAfter::NextDay.seconds(1_795_276_800), 86_400);
        assert_eq!(RetryAfter::NextDay.seconds(u32::MAX), 34_305);
        assert_eq!(RetryAfter::Seconds(60).seconds(0), 60);
    }
}
