//! The codes: WeChat's number, the state that it means, when to call again, and what to tell the client.
//!
//! 0 to 105, 1000 and 100001 to 100004 are documented; the other statuses are those of a task of the form of 2026
//! (reported). The same number may stand in a push and in a refusal, and then means the same.

use super::{
    Advice,
    Again::{self, After, No, Now, WhenOver},
    BetaVerificationState::{
        self, Blocked, CallRefused, Checking, FaceCheckFailed, Failed, LegalPersonFailed,
        RegisterMismatch, Succeeded, TimedOut, TryLater, Unknown, WaitingForAdministrator,
        WaitingForLegalPerson,
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
    let found = |tables: [&'static [Row]; 2], code| {
        let mut rows = tables.into_iter().flatten();
        rows.find(|row| row.code == code).unwrap_or(&UNKNOWN)
    };
    match evidence {
        Evidence::Errcode(errcode) => found([ERRCODES, BOTH], errcode),
        Evidence::Push(Some(status)) | Evidence::Reply(Some(status)) => {
            found([STATUSES, BOTH], status)
        }
        Evidence::Reply(None) => &ACCEPTED,
        Evidence::Push(None) => &UNKNOWN,
        Evidence::Lost => &LOST,
        Evidence::NotSent => &NOT_SENT,
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
    WhenOver,
    "没有收到微信的答复，不知道是否已受理。请等待推送；若再次调用返回 89249 或 89251，说明之前已受理。",
    "No answer came, so it is not known whether WeChat took the call. Wait for a push; if another call is answered with 89249 or 89251, the first was taken.",
);

static NOT_SENT: Row = row(
    0,
    BetaVerificationState::NotSent,
    Now,
    "请求未发出：参数或配置有误。改正后再次调用。",
    "The call was never sent: a parameter or the set-up is wrong. Correct it, then call again.",
);

/// What a task that was under way comes to when a day has passed without a word.
pub(super) static TIMED_OUT: Row = row(
    0,
    TimedOut,
    Now,
    "24 小时内没有确认。可以再次调用；法定代表人须重新做人脸核验。若返回 91021，说明已转正，只是推送丢失。",
    "Nobody is known to have confirmed within 24 hours. Call again; the legal person gets the face check again. If the answer is 91021, it had succeeded and the push was lost.",
);

static STATUSES: &[Row] = &[
    row(
        0,
        Succeeded,
        No,
        "已转正，不能再调用本接口。名称中仍带有“试用”字样：请调用设置名称接口改名；若管理员无法登录 mp.weixin.qq.com，请先在“小程序助手”中完成邮箱注册。",
        "It is a full mini program, and the interface can never be called for it again. The word “trial” stays in its name: rename it. If the owner cannot log in to mp.weixin.qq.com, finish the e-mail registration in the mini program assistant first.",
    ),
    row(
        100001,
        TimedOut,
        Now,
        "法定代表人 24 小时内未确认（身份证未核验）。可以再次调用；请提前联系法定代表人及时处理。",
        "The legal person did not act within 24 hours: the ID card was not checked. Call again, and tell the legal person beforehand.",
    ),
    row(
        100002,
        TimedOut,
        Now,
        "法定代表人 24 小时内未确认（未做人脸核验）。可以再次调用；请提前联系法定代表人及时处理。",
        "The legal person did not act within 24 hours: the face was not checked. Call again, and tell the legal person beforehand.",
    ),
    row(
        100003,
        TimedOut,
        Now,
        "24 小时内未确认。可以再次调用；法定代表人须重新做人脸核验，即使之前已通过。",
        "Nobody confirmed within 24 hours. Call again; the legal person gets the face check again, even if it had been passed.",
    ),
    row(
        100004,
        LegalPersonFailed,
        Now,
        "微信实名信息与法定代表人姓名不一致。请核对姓名，或请法定代表人用本人实名的微信操作，然后再次调用。",
        "The WeChat account's real name is not the legal person's. Correct the name, or let the legal person use their own account, then call again.",
    ),
    row(
        101,
        RegisterMismatch,
        Now,
        "工商数据：企业已注销。请核对企业名称和代码；已注销的企业无法转正。",
        "Business register: the company is deregistered. Check name and code; a deregistered company cannot be verified.",
    ),
    row(
        102,
        RegisterMismatch,
        Now,
        "工商数据：企业不存在，或信息未更新。请核对企业名称和代码；新注册的企业请过几天再试。",
        "Business register: the company does not exist, or the register is not up to date. Check name and code; for a new company try again in some days.",
    ),
    row(
        103,
        RegisterMismatch,
        Now,
        "工商数据：法定代表人姓名不一致。请改正后再次调用。",
        "Business register: the legal representative's name differs. Correct it, then call again.",
    ),
    row(
        104,
        RegisterMismatch,
        Now,
        "工商数据：法定代表人身份证号不一致。请改正后再次调用。",
        "Business register: the legal representative's ID number differs. Correct it, then call again.",
    ),
    row(
        105,
        RegisterMismatch,
        After(WEEK),
        "工商数据：法定代表人身份证号尚未更新。请 5–15 个工作日后再试。",
        "Business register: the legal representative's ID number is not up to date. Try again after 5 to 15 working days.",
    ),
    row(
        1000,
        RegisterMismatch,
        Now,
        "工商数据：企业或法定代表人信息不一致。请核对后再次调用。",
        "Business register: data of the company or of the legal representative differ. Check them, then call again.",
    ),
    row(
        1,
        WaitingForLegalPerson,
        WhenOver,
        "任务已创建：请把授权链接发给法定代表人，24 小时内有效。",
        "The task was created: pass the address on to the legal person; it is good for 24 hours.",
    ),
    row(
        2,
        TimedOut,
        Now,
        "24 小时内未完成。可以再次调用，并把新的授权链接发给法定代表人。",
        "It was not finished within 24 hours. Call again, and pass the new address on to the legal person.",
    ),
    row(
        3,
        LegalPersonFailed,
        Now,
        "法定代表人拒绝了授权。与其沟通后可以再次调用。",
        "The legal person refused. Talk to them, then call again.",
    ),
    row(
        4,
        WaitingForLegalPerson,
        WhenOver,
        "法定代表人已同意，下一步是人脸核验。",
        "The legal person agreed; the face check comes next.",
    ),
    row(
        5,
        WaitingForLegalPerson,
        WhenOver,
        "法定代表人正在做人脸核验。",
        "The legal person's face check has begun.",
    ),
    row(
        6,
        FaceCheckFailed,
        Now,
        "人脸核验未通过。可以再次调用，请法定代表人本人在光线充足处重试。",
        "The face check was not passed. Call again, and let the legal person in person try once more, in good light.",
    ),
    row(
        7,
        Checking,
        WhenOver,
        "人脸核验已通过，微信正在处理。",
        "The face check was passed; WeChat goes on.",
    ),
    row(
        8,
        WaitingForLegalPerson,
        WhenOver,
        "短信验证码已发出，请填写。",
        "A code was sent to the phone: enter it.",
    ),
    row(
        9,
        Failed,
        Now,
        "手机验证未通过。请核对手机号后再次调用。",
        "The phone's check was not passed. Check the number, then call again.",
    ),
    row(
        10,
        Checking,
        WhenOver,
        "已提交，微信正在处理。",
        "It was submitted; WeChat goes on.",
    ),
    row(
        11,
        Failed,
        Now,
        "转正失败。可以再次调用；若一再失败，请联系微信客服。",
        "The conversion failed. Call again; if it fails again and again, ask WeChat's support.",
    ),
    row(
        12,
        Succeeded,
        No,
        "已完成（新版接口的状态码，未见官方文档：请在后台确认已转正）。不能再次调用；名称中仍带有“试用”字样，请改名。",
        "Done (a code of the form of 2026 that WeChat has not documented: confirm in the console that it is a full mini program). Do not call again; the word “trial” stays in the name: rename it.",
    ),
    row(
        13,
        Checking,
        WhenOver,
        "企业信息核验已通过，微信正在处理。",
        "The company's data were found right; WeChat goes on.",
    ),
    row(
        14,
        RegisterMismatch,
        Now,
        "企业信息核验未通过。请核对企业名称和代码后再次调用。",
        "The company's data were found wrong. Check name and code, then call again.",
    ),
    row(
        20001,
        LegalPersonFailed,
        Now,
        "实名核验未通过。请法定代表人用本人实名的微信操作，然后再次调用。",
        "The real-name check was not passed. Let the legal person use their own WeChat account, then call again.",
    ),
    row(
        20002,
        FaceCheckFailed,
        Now,
        "人脸与实名信息不符。须由法定代表人本人操作；可以再次调用。",
        "The face is not that of the real-name record. The legal person must do it in person; call again.",
    ),
    row(
        20003,
        RegisterMismatch,
        Now,
        "工商四要素核验未通过。请核对企业名称、代码与法定代表人后再次调用。",
        "The business register's check of four elements was not passed. Check name, code and legal person, then call again.",
    ),
    row(
        1008,
        Blocked,
        No,
        "命中数量上限或黑名单。",
        "A limit or a blacklist is in the way.",
    ),
];

static ERRCODES: &[Row] = &[
    row(
        89249,
        WaitingForLegalPerson,
        WhenOver,
        "该小程序已有任务在进行中：请等待其结果推送，最迟在上一个任务 24 小时后再次调用。",
        "A task for this mini program is running: wait for its push; at the latest 24 hours after the last task, call again.",
    ),
    row(
        89247,
        TryLater,
        After(MINUTES),
        "微信内部错误：请确认代码与类型相符，稍后再试。",
        "An inner error at WeChat's end: check that the code fits its type, and try again in some minutes.",
    ),
    row(
        89248,
        CallRefused,
        Now,
        "企业代码类型无效。请改正后再次调用。",
        "The code's type is not valid. Correct it, then call again.",
    ),
    row(
        89250,
        CallRefused,
        Now,
        "任务不存在。可以再次调用。",
        "There is no such task. Call again.",
    ),
    row(
        89253,
        CallRefused,
        Now,
        "缺少参数。自 2026-04-30 起据报道只接受新版参数（企业名称、统一社会信用代码、联系电话）。",
        "A parameter is missing. Since 2026-04-30 WeChat is reported to take only the form of 2026 (enterpriseName, code, componentPhone).",
    ),
    row(
        89254,
        CallRefused,
        Now,
        "第三方平台没有该接口的权限。获得权限后再次调用。",
        "The platform lacks the permission. Call again when it has it.",
    ),
    row(
        89255,
        CallRefused,
        Now,
        "企业代码无效。请核对长度和内容后再次调用。",
        "The company's code is not valid. Check its length and content, then call again.",
    ),
    row(
        86004,
        CallRefused,
        Now,
        "微信号无效。请改正后再次调用。",
        "The WeChat id is not valid. Correct it, then call again.",
    ),
    row(
        86019,
        CallRefused,
        Now,
        "企业信息与法定代表人信息不一致。请核对后再次调用。",
        "Company and legal person do not match. Check them, then call again.",
    ),
    row(
        61069,
        CallRefused,
        Now,
        "身份证号错误：须与法定代表人微信实名一致。请改正后再次调用。",
        "The ID number is wrong: it must be the one behind the legal person's WeChat id. Correct it, then call again.",
    ),
    row(
        61070,
        CallRefused,
        Now,
        "法定代表人姓名与微信号不一致。请改正后再次调用。",
        "The legal person's name is not the one behind the WeChat id. Correct it, then call again.",
    ),
    row(
        61007,
        CallRefused,
        Now,
        "商家未授权权限集 81。请商家重新授权后再次调用。",
        "The owner did not grant permission set 81. Let them grant it, then call again.",
    ),
    row(
        91021,
        Succeeded,
        No,
        "不是试用小程序（或已转正），不能再调用本接口。",
        "This is no trial mini program (any more): the interface can never be called for it again.",
    ),
    row(
        -1,
        TryLater,
        After(MINUTES),
        "微信系统繁忙，请几分钟后再试。",
        "WeChat is busy. Try again in some minutes.",
    ),
    row(
        45009,
        TryLater,
        After(DAY),
        "今天的调用次数（100 次）已用完，请明天再试。",
        "The day's 100 calls are used up. Try again tomorrow.",
    ),
    row(
        45011,
        TryLater,
        After(MINUTES),
        "调用过快（每分钟最多 5 次），请几分钟后再试。",
        "Called too fast (at most 5 calls a minute). Try again in some minutes.",
    ),
    row(
        40001,
        CallRefused,
        Now,
        "access_token 无效。请刷新后再次调用。",
        "The access token is not valid. Get a new one, then call again.",
    ),
    row(
        40014,
        CallRefused,
        Now,
        "access_token 无效。请刷新后再次调用。",
        "The access token is not valid. Get a new one, then call again.",
    ),
    row(
        41001,
        CallRefused,
        Now,
        "缺少 access_token。请补上后再次调用。",
        "The access token is missing. Hand it in, then call again.",
    ),
    row(
        42001,
        CallRefused,
        Now,
        "access_token 已过期。请刷新后再次调用。",
        "The access token has expired. Get a new one, then call again.",
    ),
    row(
        47001,
        CallRefused,
        Now,
        "请求体格式错误。请改正后再次调用。",
        "A field of the call has the wrong form. Correct it, then call again.",
    ),
    row(
        48001,
        CallRefused,
        Now,
        "没有该接口的权限。获得权限后再次调用。",
        "The interface was not granted. Call again when it is.",
    ),
];

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
        "该微信用户因违规在黑名单中：请更换管理员。",
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
