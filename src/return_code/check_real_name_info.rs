//! `checkrealnameinfo`.

use super::{
    Action::{AskUserAgain, FixRequest},
    ReturnCode,
    Who::{Developer, EndUser},
    entry::{Entry, code, codes},
};

/// Its own numbers.
pub(crate) const CODES: &[ReturnCode] = &codes::<{ ENTRIES.len() }>(&[ENTRIES]);

pub(super) const ENTRIES: &[Entry] = &[
    code(1005, FixRequest, Developer)
        .means("appid 无效：access_token 不属于获批的那个小程序", "invalid appid: the access token is not of the mini program that was admitted")
        .remedy(
            "用获批小程序自己的 AppID 和 AppSecret 换取 access_token；第三方平台代商家换取的 authorizer_access_token 不行，云调用也不行。确认没有获批的话，本接口自 2021-11-10 起不再接受新申请（据公开信息），请改用微信人脸核身。",
            "Get the access token with the AppID and AppSecret of the mini program that was admitted: a platform's authorizer_access_token does not do, nor does a cloud call. If it was never admitted: new applicants are reported to be refused since 2021-11-10, so look at WeChat's face verification.",
        ),
    code(80111, AskUserAgain, EndUser)
        .means("code 不存在", "the code does not exist")
        .remedy(
            "请用户再去一次授权页，用新的 code 调用。每次都这样的话，检查：code 取自 referrerInfo.extraData（来源 appId 须为 wx308bd2aeb83d3345），原样传给服务端，没有截断、没有做百分号编码；它不是 wx.login 的 code。",
            "Send the user to the consent page again and use the new code. If it happens every time, check that the code comes from referrerInfo.extraData (its appId must be wx308bd2aeb83d3345), reaches the server uncut and not percent-encoded, and is not the one of wx.login.",
        ),
    code(80112, AskUserAgain, EndUser)
        .means("同一个 code 正被另一个调用使用", "the code is being used by another call")
        .remedy(
            "微信文档没有列出这个码，含义据公开反馈。一个 code 只调用一次：检查按钮是否连点，前端、网关或队列是否自动重发。丢弃这个 code，请用户再去一次授权页。",
            "It is in no document of WeChat's; the meaning is reported. One code, one call: look for a button tapped twice, and for a front end, gateway or queue that sends again by itself. Drop the code and send the user to the consent page again.",
        ),
    code(80113, AskUserAgain, EndUser)
        .means("code 无效：多半是已用过或已过期", "the code is invalid: used or expired, presumably")
        .remedy(
            "请用户再去一次授权页，拿到 code 后立即调用。安卓上 App.onShow 可能重复给出旧的 extraData：同一个 code 不要提交第二次；还要确认 openid 就是在授权页同意的那个用户。",
            "Send the user to the consent page again, and call at once with the new code. On Android App.onShow may repeat old extraData: never send a code twice. Check too that openid is the user who agreed on that page.",
        ),
];
