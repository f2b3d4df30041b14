//! The codes: WeChat's number, the state that it means, when to call again, and what to tell the client: meaning and
//! remedy of the catalogue, where the number is the interface's own.
//!
//! What stands in [`BOTH`] means the same in a push, a reply and a refusal; the rest belongs to one of them.

/// A row whose advice is what the catalogue says of the number: what it means, then what to do.
macro_rules! row {
    ($table:expr, $code:literal, $state:expr, $again:expr) => {{
        use crate::{beta_verification::rows, return_code};

        const SAID: return_code::Entry = return_code::row($table, $code);
        const ZH: [&str; 3] = [SAID.meaning.zh, "。", SAID.remedy.zh];
        const EN: [&str; 3] = [SAID.meaning.en, ". ", SAID.remedy.en];
        const ZH_BYTES: [u8; rows::length(ZH)] = rows::joined(ZH);
        const EN_BYTES: [u8; rows::length(EN)] = rows::joined(EN);
        rows::told(
            $code,
            $state,
            $again,
            rows::text(&ZH_BYTES),
            rows::text(&EN_BYTES),
        )
    }};
}

mod refusals;
mod statuses;

use refusals::REFUSALS;
use statuses::{PUSHED, TASKS};

use super::{
    Again::{self, After, No, Now, WhenOver},
    BetaVerificationState::{
        self, Blocked, CallRefused, LegalPersonFailed, RegisterMismatch, TimedOut, TryLater,
        Unknown, WaitingForAdministrator, WaitingForLegalPerson,
    },
    DAY, Evidence, Row,
};
use crate::return_code::{BETA_BOTH, Text};

/// Five working days are a week at least.
const WEEK: u32 = 7 * DAY;
/// "Later", where WeChat does not say when.
const MINUTES: u32 = 5 * 60;

const fn told(
    code: i32,
    state: BetaVerificationState,
    again: Again,
    zh: &'static str,
    en: &'static str,
) -> Row {
    Row {
        code,
        state,
        again,
        advice: Text { zh, en },
    }
}

const fn length([meaning, between, remedy]: [&str; 3]) -> usize {
    meaning.len() + between.len() + remedy.len()
}

/// The parts in one, with a capital at the start.
const fn joined<const N: usize>([meaning, between, remedy]: [&str; 3]) -> [u8; N] {
    let mut joined = [0; N];
    let rest = put(&mut joined, meaning);
    let rest = put(rest, between);
    put(rest, remedy);
    let (first, _) = joined.split_at_mut(1);
    first.make_ascii_uppercase();
    joined
}

const fn put<'a>(room: &'a mut [u8], part: &str) -> &'a mut [u8] {
    let (to, rest) = room.split_at_mut(part.len());
    to.copy_from_slice(part.as_bytes());
    rest
}

const fn text(joined: &'static [u8]) -> &'static str {
    // What was text in parts is text in one.
    match std::str::from_utf8(joined) {
        Ok(text) => text,
        Err(_) => "",
    }
}

/// What follows from the evidence.
pub(super) fn find(evidence: Evidence) -> &'static Row {
    let found = |tables: &[&'static [Row]], code| {
        let mut rows = tables.iter().copied().flatten();
        rows.find(|row| row.code == code).unwrap_or(&UNKNOWN)
    };
    match evidence {
        Evidence::Errcode(errcode) => found(&[REFUSALS, BOTH], errcode),
        Evidence::Push(Some(status)) => found(&[PUSHED, TASKS, BOTH], status),
        // 0 is a success in a push alone; in a reply it says that the call was taken, if anything.
        Evidence::Reply(None | Some(0)) => &ACCEPTED,
        Evidence::Reply(Some(status)) => found(&[TASKS, BOTH], status),
        Evidence::Push(None) => &UNKNOWN,
        Evidence::Lost => &LOST,
        Evidence::NotSent => &NOT_SENT,
    }
}

/// What a task comes to when a day has passed without a word of it.
pub(super) fn after_a_day(state: BetaVerificationState) -> &'static Row {
    match state {
        WaitingForAdministrator | WaitingForLegalPerson => &TIMED_OUT,
        _ => &SILENT,
    }
}

static UNKNOWN: Row = told(
    0,
    Unknown,
    No,
    "微信返回了未知的结果，不能当作成功。请先在后台确认，再决定是否再次调用。",
    "WeChat's answer is not known to this version, and never a success. Look at the console before you call again.",
);

static ACCEPTED: Row = told(
    0,
    WaitingForLegalPerson,
    WhenOver,
    "已受理：请法定代表人在 24 小时内完成人脸核验（旧版接口：微信模板消息；新版接口：返回的授权链接）。",
    "Accepted: the legal person has 24 hours to agree and to have the face checked, in WeChat's template message or at the address that the call returned.",
);

static LOST: Row = told(
    0,
    Unknown,
    After(MINUTES),
    "没有收到微信的答复，不知道是否已受理。几分钟后可以再次调用：若返回 89249 或 89251，说明之前已受理，请等待推送。",
    "No answer came, so it is not known whether WeChat took the call. Call again in some minutes: if the answer is 89249 or 89251, the first call was taken, and a push will tell.",
);

static NOT_SENT: Row = told(
    0,
    BetaVerificationState::NotSent,
    Now,
    "请求未发出：原因见错误本身（参数、配置或令牌）。解决后再次调用。",
    "The call was never sent: the error itself says why (a parameter, the set-up, a token). Mend that, then call again.",
);

static TIMED_OUT: Row = told(
    0,
    TimedOut,
    Now,
    "24 小时内没有收到确认的推送。可以再次调用；法定代表人须重新做人脸核验。若返回 91021，说明已转正，只是推送丢失。",
    "No push told of a confirmation within 24 hours. Call again; the legal person gets the face check again. If the answer is 91021, it had succeeded and the push was lost.",
);

static SILENT: Row = told(
    0,
    Unknown,
    Now,
    "已过 24 小时，仍没有结果的推送。可以再次调用：返回 91021 说明已转正，返回 89249、89251 或 89252 说明任务仍在进行。",
    "No push told of a result within 24 hours. Call again: 91021 means that it had succeeded, 89249, 89251 or 89252 that the task still runs.",
);

static BOTH: &[Row] = &[
    row!(BETA_BOTH, 89251, WaitingForLegalPerson, WhenOver),
    row!(BETA_BOTH, 89252, WaitingForAdministrator, WhenOver),
    row!(BETA_BOTH, 1001, Blocked, No),
    row!(BETA_BOTH, 1002, Blocked, No),
    row!(BETA_BOTH, 1003, Blocked, Now),
    row!(BETA_BOTH, 1004, Blocked, No),
    row!(BETA_BOTH, 1005, Blocked, Now),
    row!(BETA_BOTH, 1006, Blocked, No),
    row!(BETA_BOTH, 1007, Blocked, No),
    row!(BETA_BOTH, 86021, RegisterMismatch, Now),
    row!(BETA_BOTH, 86022, RegisterMismatch, Now),
    row!(BETA_BOTH, 86030, CallRefused, Now),
    row!(BETA_BOTH, 86031, CallRefused, Now),
    row!(BETA_BOTH, 86032, CallRefused, Now),
    row!(BETA_BOTH, 86033, CallRefused, Now),
    row!(BETA_BOTH, 86034, Blocked, No),
    row!(BETA_BOTH, 86036, LegalPersonFailed, Now),
    row!(BETA_BOTH, 86040, Blocked, No),
    row!(BETA_BOTH, 89295, Blocked, No),
    row!(BETA_BOTH, 91030, TryLater, After(DAY)),
];
