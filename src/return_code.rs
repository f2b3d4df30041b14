//! The catalogue of WeChat's numbers: interface × number → what it means, what to do, and who does it, in Chinese and
//! English.
//!
//! The same number means different things in different interfaces, so meanings belong to the interface; what every
//! interface may answer is [`GENERAL`]. An error has the number, the [`Action`] and the English meaning with it;
//! [`explain`] says all there is, and a program that never calls it has none of these texts in it.
//!
//! ```
//! use wechat_realname::return_code::{Who, explain};
//!
//! let known = explain("getRealNameInfo", 94007).ok_or("a number that this version does not know")?;
//! assert_eq!(known.meaning.zh, "小程序与商户号没有绑定关系");
//! assert_eq!(known.who, Who::Operator);
//! assert!(known.remedy.en.contains("pay.weixin.qq.com"));
//!
//! // WeChat's own names do too. The same number, in another interface:
//! let limit = explain("verifybetaweapp", 1005).ok_or("…")?;
//! assert_ne!(Some(limit.meaning), explain("checkrealnameinfo", 1005).map(|known| known.meaning));
//! assert!(explain("getRealNameInfo", 77777).is_none());
//! # Ok::<(), &'static str>(())
//! ```

mod beta_status;
mod check_real_name_info;
mod entry;
mod face_verification;
mod general;
mod get_medical_real_name;
mod get_real_name_info;
mod get_stable_access_token;
mod interface;
mod platform;
mod verify_beta_miniprogram;
mod verify_ret;

use serde::{Deserialize, Serialize};

pub use general::{UNKNOWN_MEANING, UNKNOWN_REMEDY};
pub use interface::{Explanation, INTERFACES, Interface, Kind, explain, explain_general};

pub(crate) use beta_status::ENTRIES as BETA_STATUS;
pub(crate) use check_real_name_info::CODES as CHECK_REAL_NAME_INFO;
pub(crate) use entry::{Entry, row};
pub(crate) use face_verification::CODES as FACE_VERIFICATION;
pub(crate) use get_medical_real_name::CODES as GET_MEDICAL_REAL_NAME;
pub(crate) use get_real_name_info::CODES as GET_REAL_NAME_INFO;
pub(crate) use get_stable_access_token::CODES as GET_STABLE_ACCESS_TOKEN;
pub(crate) use platform::CODES as PLATFORM;
pub(crate) use verify_beta_miniprogram::{
    BOTH as BETA_BOTH, CODES as VERIFY_BETA_MINIPROGRAM, ENTRIES as BETA_REFUSALS,
};
pub(crate) use verify_ret::ENTRIES as VERIFY_RET;

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

/// Who has to act.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[non_exhaustive]
pub enum Who {
    /// Whoever writes the program that calls.
    Developer,
    /// Whoever has the consoles, keys and machines: an administrator of the mini program, merchant or platform.
    Operator,
    /// The person at the phone; for a trial mini program its owner, administrator or legal person.
    EndUser,
    /// WeChat's support.
    Wechat,
    /// Nobody: it is well, or passes by itself.
    Nobody,
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

/// One text in two languages.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(rename = "Advice"))]
#[non_exhaustive]
pub struct Text {
    /// In Chinese.
    pub zh: &'static str,
    /// In English.
    pub en: &'static str,
}

impl Text {
    const NONE: Self = Self { zh: "", en: "" };
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

/// What every interface may answer.
pub const GENERAL: &[ReturnCode] = general::CODES;

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
