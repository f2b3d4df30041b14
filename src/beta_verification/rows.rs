//! The codes: WeChat's number, the state that it means, when to call again, and what to tell the client.
//!
//! What stands in [`BOTH`] means the same in a push, a reply and a refusal; the rest belongs to one of them.

mod refusals;
mod statuses;

use refusals::REFUSALS;
use statuses::{PUSHED, TASKS};

use super::{
    Advice,
    Again::{self, After, No, Now, WhenOver},
    BetaVerificationState::{
        self, Blocked, CallRefused, LegalPersonFailed, RegisterMismatch, TimedOut, TryLater,
        Unknown, WaitingForAdministrator, WaitingForLegalPerson,
    },
    DAY, Evidence, Row,
};

/// Five working days are a week at least.
const WEEK: u32 = 7 * DAY;
/// "Later", where WeChat does not say when.
const MINUTES: u32 = 5 * 60;

const fn row(
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
        advice: Advice { zh, en },
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

static UNKNOWN: Row = row(
    0,
    Unknown,
    No,
    "微信返回了未知的结果，不能当作成功。请先在后台确认，再决定是否再次调用。",
    "WeChat's answer is not known to this version, and never a success. Look at the console before you call again.",
);

static ACCEPTED: Row = row(
    0,
    WaitingForLegalPerson,
    WhenOver,
    "已受理：请法定代表人在 24 小时内完成人脸核验（旧版接口：微信模板消息；新版接口：返回的授权链接）。",
    "Accepted: the legal person has 24 hours to agree and to have the face checked, in WeChat's template message or at the address that the call returned.",
);

static LOST: Row = row(
    0,
    Unknown,
    After(MINUTES),
    "没有收到微信的答复，不知道是否已受理。几分钟后可以再次调用：若返回 89249 或 89251，说明之前已受理，请等待推送。",
    "No answer came, so it is not known whether WeChat took the call. Call again in some minutes: if the answer is 89249 or 89251, the first call was taken, and a push will tell.",
);

static NOT_SENT: Row = row(
    0,
    BetaVerificationState::NotSent,
    Now,
    "请求未发出：原因见错误本身（参数、配置或令牌）。解决后再次调用。",
    "The call was never sent: the error itself says why (a parameter, the set-up, a token). Mend that, then call again.",
);

static TIMED_OUT: Row = row(
    0,
    TimedOut,
    Now,
    "24 小时内没有收到确认的推送。可以再次调用；法定代表人须重新做人脸核验。若返回 91021，说明已转正，只是推送丢失。",
    "No push told of a confirmation within 24 hours. Call again; the legal person gets the face check again. If the answer is 91021, it had succeeded and the push was lost.",
);

static SILENT: Row = row(
    0,
    Unknown,
    Now,
    "已过 24 小时，仍没有结果的推送。可以再次调用：返回 91021 说明已转正，返回 89249、89251 或 89252 说明任务仍在进行。",
    "No push told of a result within 24 hours. Call again: 91021 means that it had succeeded, 89249, 89251 or 89252 that the task still runs.",
);

static BOTH: &[Row] = &[
    row(
        89251,
        WaitingForLegalPerson,
        WhenOver,
        "等待法定代表人确认：请法定代表人在 24 小时内完成人脸核验（旧版接口：微信模板消息；新版接口：返回的授权链接）。在此之前不能再次调用。",
        "The legal person has 24 hours to agree and to have the face checked: in WeChat's template message, or at the address that the call returned. Do not call again before.",
    ),
    row(
        89252,
        WaitingForAdministrator,
        WhenOver,
        "正在核验，或等待小程序管理员确认：请管理员在 24 小时内在微信模板消息中确认。在此之前不能再次调用。",
        "It is being checked, or the mini program's administrator has 24 hours to confirm in WeChat's template message. Do not call again before.",
    ),
    row(
        1001,
        Blocked,
        No,
        "该企业创建的小程序数量已达上限。",
        "The company has reached its limit of mini programs.",
    ),
    row(
        1002,
        Blocked,
        No,
        "该主体因违规在黑名单中。",
        "The company is on the blacklist for violations.",
    ),
    row(
        1003,
        Blocked,
        Now,
        "管理员绑定的账号数已达上限：请管理员在“公众平台安全助手”中解绑后再次调用。",
        "The administrator is bound to as many accounts as allowed: unbind one with the security assistant, then call again.",
    ),
    row(
        1004,
        Blocked,
        No,
        "该微信用户因违规在黑名单中。",
        "The WeChat user is on the blacklist for violations.",
    ),
    row(
        1005,
        Blocked,
        Now,
        "管理员手机号绑定的账号数已达上限：请在“公众平台安全助手”中解绑后再次调用。",
        "The administrator's phone number is bound to as many accounts as allowed: unbind one with the security assistant, then call again.",
    ),
    row(
        1006,
        Blocked,
        No,
        "该手机号因违规在黑名单中。",
        "The phone number is on the blacklist for violations.",
    ),
    row(
        1007,
        Blocked,
        No,
        "管理员身份证绑定的账号数已达上限。",
        "The administrator's ID card is bound to as many accounts as allowed.",
    ),
    row(
        86021,
        RegisterMismatch,
        Now,
        "企业不在经营状态。请核对企业名称和代码。",
        "The company is not in operation. Check name and code.",
    ),
    row(
        86022,
        RegisterMismatch,
        Now,
        "企业名称与代码不一致。请改正后再次调用。",
        "The company's name and code do not belong together. Correct them, then call again.",
    ),
    row(
        86030,
        CallRefused,
        Now,
        "缺少参数。请补全后再次调用。",
        "A parameter is missing. Complete the call, then make it again.",
    ),
    row(
        86031,
        CallRefused,
        Now,
        "第三方平台尚未全网发布。发布后再次调用。",
        "The third-party platform is not released yet. Call again when it is.",
    ),
    row(
        86032,
        CallRefused,
        Now,
        "微信号无效。请改正后再次调用。",
        "The WeChat id is not valid. Correct it, then call again.",
    ),
    row(
        86033,
        CallRefused,
        Now,
        "缺少权限集。请商家重新授权权限集 81 后再次调用。",
        "A permission set is missing. Let the owner grant permission set 81, then call again.",
    ),
    row(
        86034,
        Blocked,
        No,
        "该微信号受限。",
        "The WeChat id is restricted.",
    ),
    row(
        86036,
        LegalPersonFailed,
        Now,
        "姓名与微信号不一致。请改正后再次调用。",
        "Name and WeChat id do not belong together. Correct them, then call again.",
    ),
    row(
        86040,
        Blocked,
        No,
        "个人主体的第三方平台不支持本接口。",
        "Third-party platforms of private persons cannot use the interface.",
    ),
    row(
        89295,
        Blocked,
        No,
        "个人主体的第三方平台不支持本接口。",
        "Third-party platforms of private persons cannot use the interface.",
    ),
    row(
        91030,
        TryLater,
        After(DAY),
        "同一微信号一天最多 5 次，今天已用完。请明天再试。",
        "One WeChat id allows five calls a day, and they are used up. Try again tomorrow.",
    ),
];
