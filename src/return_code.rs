//! The catalogue of WeChat's numbers: interface × errcode → meaning and what to do.
//!
//! The same number means different things in different interfaces, so meanings belong to the operation
//! ([`Operation::RETURN_CODES`](crate::operation::Operation::RETURN_CODES)); the ones every interface shares are here.

use serde::Serialize;

/// What the caller can do about a refusal.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
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
}

impl ReturnCode {
    pub(crate) const fn new(errcode: i32, action: Action, meaning: &'static str) -> Self {
        Self {
            errcode,
            action,
            meaning,
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
        "the daily quota of the interface is used up",
    ),
    ReturnCode::new(45011, Action::Wait, "the interface was called too fast"),
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
];

/// The meaning of `errcode` where `own` are the interface's own numbers.
pub(crate) fn find(own: &'static [ReturnCode], errcode: i32) -> Option<&'static ReturnCode> {
    own.iter()
        .chain(GENERAL)
        .find(|code| code.errcode == errcode)
}
