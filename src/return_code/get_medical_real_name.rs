//! `getmedrealname`.

use super::{
    Action::AskUserAgain,
    ReturnCode,
    Who::EndUser,
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
];
