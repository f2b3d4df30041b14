//! `getmedrealname`.

use super::{
    Action::{ApplyForPermission, AskUserAgain},
    ReturnCode,
    Who::{EndUser, Operator},
    entry::{Entry, code, codes},
};

/// Its own numbers.
pub(crate) const CODES: &[ReturnCode] = &codes::<{ ENTRIES.len() }>(&[ENTRIES]);

pub(super) const ENTRIES: &[Entry] = &[
    code(11200, AskUserAgain, EndUser)
        .means("授权码 wxmed_authcode 已过期（有效期 10 分钟）", "the authorisation code (wxmed_authcode) has expired: it lives for 10 minutes")
        .remedy(
            "请用户重新授权，拿到 extraData.wxamedAuthcode 后立即传给服务端并调用；不要存下来以后再用，也不要放进会排队的任务里。",
            "Let the user agree again, and call at once with the new extraData.wxamedAuthcode: do not keep it for later or put it into a queue.",
        ),
    code(61007, ApplyForPermission, Operator)
        .means("小程序没有把权限集 134 授权给第三方平台", "the mini program did not grant the third-party platform permission set 134")
        .remedy(
            "该接口的文档没有列出这个码，含义同第三方平台的通用说明。请医院的管理员重新授权，勾选「微信长辈就医」（权限集 134）；小程序自己调用时不需要它。",
            "It is not in the interface's document; the meaning is the one for platforms in general. Let the hospital's administrator authorise the platform anew, with permission set 134; a mini program that calls by itself needs none.",
        ),
];
