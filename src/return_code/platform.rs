//! The interfaces for a third-party platform's tokens.

use super::{
    Action::{AskUserAgain, FixRequest, Wait},
    RetryAfter, ReturnCode,
    Who::{EndUser, Operator},
    entry::{Entry, code, codes},
};

/// What the three of them answer.
pub(crate) const CODES: &[ReturnCode] = &codes::<{ ENTRIES.len() }>(&[ENTRIES]);

/// Tickets come every ten minutes.
const NEXT_TICKET: RetryAfter = RetryAfter::Seconds(600);

pub(super) const ENTRIES: &[Entry] = &[
    code(40013, FixRequest, Operator)
        .means("AppID 无效（第三方平台的或商家的）", "an app id is not valid")
        .remedy(
            "componentAppId 是开放平台「管理中心 › 第三方平台 › 详情」里的 AppID，不是小程序的；authorizerAppId 是商家小程序的 AppID，且须已授权给这个平台。",
            "componentAppId is the platform's own (open.weixin.qq.com: 管理中心 › 第三方平台 › 详情), not a mini program's; authorizerAppId is that of a mini program that has authorised this platform.",
        ),
    code(40125, FixRequest, Operator)
        .means("第三方平台的 AppSecret 不正确", "componentAppSecret is not valid")
        .remedy(
            "在开放平台「管理中心 › 第三方平台 › 详情」核对 AppSecret：不是小程序的 AppSecret，也不是消息加解密Key；重置过的话要换成新的。",
            "Compare the AppSecret in the platform's console (open.weixin.qq.com: 管理中心 › 第三方平台 › 详情). It is neither a mini program's AppSecret nor the EncodingAESKey; after a reset the new one counts.",
        ),
    code(61003, AskUserAgain, EndUser)
        .means("商家未授权（或已取消授权）本第三方平台", "the mini program's owner has not authorised this platform (any more)")
        .remedy(
            "请商家的小程序管理员重新扫码授权。确认 componentAppId 是商家授权的那个平台，authorizerAppId 没有填成别的商家的。",
            "Let the mini program's administrator authorise the platform again. Check that componentAppId is the platform that was authorised, and authorizerAppId the right client's.",
        ),
    code(61005, Wait, Operator)
        .means("component_verify_ticket 已过期", "component_verify_ticket has expired: WeChat pushes a new one every ten minutes")
        .remedy(
            "等下一次推送（每 10 分钟一次）。一直收不到：检查开放平台的「授权事件接收URL」（不是消息与事件接收URL）能否从公网访问，是否在 5 秒内原样回答 success，以及收到的 ticket 是否写进了所有进程共用的存储。",
            "Wait for the next push. If none comes: the authorisation event URL in the console (授权事件接收URL, not 消息与事件接收URL) must be reachable from outside and answer success within 5 seconds, and the ticket must reach the store that all processes share.",
        )
        .after(NEXT_TICKET),
    code(61006, Wait, Operator)
        .means("component_verify_ticket 无效", "component_verify_ticket is not valid: WeChat pushes a new one every ten minutes")
        .remedy(
            "等下一次推送（每 10 分钟一次），用最近收到的那个。确认它是这个 componentAppId 的：多个平台或测试、生产环境不要共用同一个存储键。",
            "Wait for the next push and use the latest one. Check that it is of this componentAppId: several platforms, or test and production, must not share one key of the store.",
        )
        .after(NEXT_TICKET),
    code(61009, AskUserAgain, EndUser)
        .means("授权码 authorization_code 无效", "the authorization code is not valid")
        .remedy(
            "请商家重新授权，用新的授权码。确认授权码原样取自跳转地址的 auth_code 参数或 authorized 推送，且属于这个第三方平台。",
            "Let the owner authorise the platform again and use the new code. It comes unchanged from the parameter auth_code of the address that they return to, or from the push authorized, and is of this platform.",
        ),
    code(61010, AskUserAgain, EndUser)
        .means("授权码 authorization_code 已过期或已用过", "the authorization code has expired or was used before")
        .remedy(
            "授权码很快过期（推送里的 AuthorizationCodeExpiredTime、跳转地址里的 expires_in 说明何时），只能用一次；跳转地址和 authorized 推送给的可能是同一个，不要各用一次。请商家重新授权。",
            "A code lives for a short time (AuthorizationCodeExpiredTime of the push and expires_in of the address say how long) and works once; the address that the owner returns to and the push authorized may bring the same one, so do not use both. Let the owner authorise again.",
        ),
];
