//! Where a trial mini program's verification stands, and whether the interface may be called again.
//!
//! Document: 第三方平台 › 试用小程序快速认证 › 规则说明, read 2026-11; the codes of the form of 2026 are reported. The rules:
//!
//! | where it stands | may it be called again? |
//! |---|---|
//! | sent, waiting for the legal person or the administrator, less than 24 hours | no: WeChat answers 89251 |
//! | 24 hours without confirmation, authorisation or face check failed, conversion failed | yes; the legal person gets the face check again, even if it had been passed |
//! | a task of the same company and legal person is running | no: tasks are serial |
//! | succeeded | never again (91021) |
//!
//! What is unknown is never a success, and may be called again only where that can do no harm.

mod rows;

use serde::Serialize;

use crate::{
    error::{Error, ErrorCode},
    return_code::Text,
};

/// Seconds after which an unconfirmed task is over.
const DAY: u32 = 24 * 60 * 60;

/// What is known of a verification.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Evidence {
    /// The call was refused with this errcode.
    Errcode(i32),
    /// The call failed in another way, and whether WeChat took it is not known: no answer, or none that could be read.
    Lost,
    /// The call was never sent: its parameters or the set-up are wrong.
    NotSent,
    /// A push came, with this status or with none.
    Push(Option<i32>),
    /// The call was accepted; the reply to the form of 2026 has a status.
    Reply(Option<i32>),
}

impl Evidence {
    /// What a failed call says; nothing, if the error is none of this interface's.
    ///
    /// `operation`: which call failed, where that is known. A platform's token may be renewed before the call, and where
    /// that fails, the call was never sent.
    pub fn of_failure(
        operation: Option<&str>,
        code: ErrorCode,
        errcode: Option<i32>,
    ) -> Option<Self> {
        match operation {
            None | Some("verifyBetaMiniprogram") => {}
            Some(
                "getAuthorizerAccessToken" | "getComponentAccessToken" | "getStableAccessToken",
            ) => return Some(Self::NotSent),
            Some(_) => return None,
        }
        match code {
            ErrorCode::Rejected => errcode.map(Self::Errcode),
            // What came back was none of fetch's, but the call was made.
            ErrorCode::Configuration if operation.is_some() => Some(Self::Lost),
            ErrorCode::Aborted
            | ErrorCode::HttpStatus
            | ErrorCode::Internal
            | ErrorCode::MalformedResponse
            | ErrorCode::Network
            | ErrorCode::Timeout => Some(Self::Lost),
            ErrorCode::Closed
            | ErrorCode::Configuration
            | ErrorCode::InvalidArgument
            | ErrorCode::NoEntropy => Some(Self::NotSent),
            _ => None,
        }
    }
}

impl TryFrom<&Error> for Evidence {
    type Error = Error;

    fn try_from(error: &Error) -> Result<Self, Error> {
        let errcode = match error {
            Error::Rejected(rejection) => Some(rejection.errcode),
            _ => None,
        };
        Self::of_failure(error.operation(), error.code(), errcode).ok_or_else(|| {
            Error::invalid_argument("evidence", "is an error that no call of this interface has")
        })
    }
}

/// Where it stands. New ones may come: treat what you do not know as `unknown`.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[non_exhaustive]
pub enum BetaVerificationState {
    /// A limit or a blacklist is in the way.
    Blocked,
    /// Data of the call are wrong, or WeChat lacks a permission: nothing was started.
    CallRefused,
    /// WeChat is checking; nobody has to do anything.
    Checking,
    /// The face check was not passed.
    FaceCheckFailed,
    /// The task is over without success, for another reason.
    Failed,
    /// The legal person said no, or is not the one of the call.
    LegalPersonFailed,
    /// It is no trial mini program: any more, if there was a verification, or it never was one.
    NotATrial,
    /// The call never left: nothing was started.
    NotSent,
    /// The business register says something else than the call.
    RegisterMismatch,
    /// It is a full mini program.
    Succeeded,
    /// A task is under way, and the answer does not say for whom it waits.
    TaskRunning,
    /// Nobody confirmed within 24 hours.
    TimedOut,
    /// A fault at WeChat's end, or called too often: nothing was started.
    TryLater,
    /// WeChat's answer is new or missing. Never a success.
    Unknown,
    /// The administrator has to confirm.
    WaitingForAdministrator,
    /// The legal person has to agree and to have the face checked.
    WaitingForLegalPerson,
}

/// Where a verification stands, and what to do now.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
#[non_exhaustive]
pub struct BetaVerification {
    /// Where it stands.
    pub state: BetaVerificationState,
    /// Nothing more will come of this task.
    pub terminal: bool,
    /// Whether calling again, now, is of use: after `advice` has been followed, where it names something to mend.
    pub may_call_again: bool,
    /// From when on it may be called again, in seconds since 1970-01-01 UTC; absent where now, never or unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_before: Option<u32>,
    /// What to tell the client.
    pub advice: Text,
    /// WeChat's own number: a push's or reply's `status`, as it came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<i32>,
    /// WeChat's own number: the `errcode` of a refused call, as it came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub errcode: Option<i32>,
}

/// When the interface may be called again.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Again {
    /// Once this many seconds have passed, and until then the task is still under way.
    After(u32),
    /// When a task that is under way has ended: at the latest a day after it was heard of.
    WhenOver,
    /// At once, or when what is wrong has been mended.
    Now,
    /// Not, as far as can be known.
    No,
}

/// One code and what follows from it.
struct Row {
    code: i32,
    state: BetaVerificationState,
    again: Again,
    advice: Text,
}

impl Row {
    /// For what is not under way: only of what is unknown something may still come.
    fn is_terminal(&self) -> bool {
        self.state != BetaVerificationState::Unknown
    }
}

impl BetaVerification {
    /// Where it stands. Pure: `seen_at` is when the evidence came (a push's `CreateTime`, the time of the call), `now` the
    /// present, both in seconds since 1970-01-01 UTC.
    pub fn of(evidence: Evidence, seen_at: u32, now: u32) -> Self {
        let (status, errcode) = match evidence {
            Evidence::Push(status) | Evidence::Reply(status) => (status, None),
            Evidence::Errcode(errcode) => (None, Some(errcode)),
            Evidence::Lost | Evidence::NotSent => (None, None),
        };
        let row = rows::find(evidence);
        let over = seen_at.saturating_add(DAY);
        let (state, terminal, may_call_again, not_before, advice) = match row.again {
            Again::WhenOver if now >= over => {
                let row = rows::after_a_day(row.state);
                (row.state, row.is_terminal(), true, None, row.advice)
            }
            Again::WhenOver => (row.state, false, false, Some(over), row.advice),
            Again::After(seconds) => {
                let then = seen_at.saturating_add(seconds);
                let may = now >= then;
                let not_before = (!may).then_some(then);
                (row.state, row.is_terminal(), may, not_before, row.advice)
            }
            Again::Now => (row.state, row.is_terminal(), true, None, row.advice),
            Again::No => (row.state, row.is_terminal(), false, None, row.advice),
        };
        Self {
            state,
            terminal,
            may_call_again,
            not_before,
            advice,
            status,
            errcode,
        }
    }
}
