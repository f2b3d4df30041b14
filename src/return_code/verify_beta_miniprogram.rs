//! `verifybetaweapp`.
//!
//! `betaVerification` makes its advice of these texts, so they are in the core module: short ones.

use super::{
    Action::{ApplyForPermission, AskUserAgain, FixRequest, Retry, Stop, Wait},
    RetryAfter, ReturnCode,
    Who::{Developer, EndUser, Nobody, Operator},
    entry::{Entry, code, codes},
};

/// Its own numbers.
pub(crate) const CODES: &[ReturnCode] = &codes::<{ ENTRIES.len() + BOTH.len() }>(&[ENTRIES, BOTH]);

/// What only a refused call has.
pub(crate) const ENTRIES: &[Entry] = &[
    code(40013, FixRequest, Developer)
        .means("小程序的 appid 无效", "the mini program's app id is not valid")
        .remedy("核对调用所用的 AppID，改正后再次调用。", "Correct the app id that the call is made for, then call again."),
    code(61003, AskUserAgain, EndUser)
        .means("商家未授权（或已取消授权）本第三方平台", "the mini program's owner has not authorised this platform (any more)")
        .remedy("请商家的小程序管理员重新扫码授权，然后再次调用。", "Let the mini program's administrator authorise the platform again, then call again."),
    code(61007, ApplyForPermission, EndUser)
        .means("商家未把权限集 81 授权给第三方平台", "the mini program's owner did not grant permission set 81 to the platform")
        .remedy(
            "确认开放平台「第三方平台 › 详情 › 权限集」已勾选 81 并全网发布，再请商家重新授权。",
            "See that the platform has that set and was released since, then let the owner authorise it again.",
        ),
    code(61069, FixRequest, EndUser)
        .means("身份证号错误：须与法定代表人的微信实名一致", "the ID number is wrong: it must be the one behind the legal person's WeChat id")
        .remedy("请与法定代表人核对身份证号，改正后再次调用。", "Check it with the legal person, then call again."),
    code(61070, FixRequest, EndUser)
        .means("法定代表人姓名与微信号不一致", "the legal person's name is not the one behind the WeChat id")
        .remedy(
            "须与该微信号所绑银行卡的户名一致：请核对两者，然后再次调用。",
            "It is that of the bank card bound to the WeChat id: check both, then call again.",
        ),
    code(86004, FixRequest, EndUser)
        .means("微信号无效", "the WeChat id is not valid")
        .remedy(
            "请填法定代表人的微信号（微信「我」页面所示），不是手机号、QQ 号或昵称，然后再次调用。",
            "Take the one on the page Me of the legal person's WeChat, no phone number and no nickname, then call again.",
        ),
    code(86019, FixRequest, EndUser)
        .means("企业信息与法定代表人信息不一致", "company and legal person do not match")
        .remedy(
            "请对照营业执照核对企业名称、代码和法定代表人姓名；刚变更过的，等工商数据更新后再次调用。",
            "Compare name, code and legal person with the business licence; after a change of it wait for the register. Then call again.",
        ),
    code(89247, Retry, Developer)
        .means("微信内部错误", "inner error at WeChat's end")
        .remedy(
            "请确认 code 与 codeType 相符，几分钟后再次调用；一再出现时，把 rid 提供给微信客服。",
            "Check that code fits codeType, and call again in some minutes; if it comes again and again, give WeChat's support the rid.",
        ),
    code(89248, FixRequest, Developer)
        .means("企业代码类型 code_type 无效", "codeType is not valid")
        .remedy(
            "只能是 1（统一社会信用代码）、2（组织机构代码）或 3（营业执照注册号）。改正后再次调用。",
            "It is 1 (unified social credit code), 2 (organisation code) or 3 (business licence number). Correct it, then call again.",
        ),
    code(89249, Wait, Nobody)
        .means("该小程序已有任务在进行中", "a task for this mini program is running: call again 24 hours after the last one")
        .remedy("请等待其结果推送；没有推送时，最迟在上一次调用 24 小时后再次调用。", "Wait for the push with its result; without one, call again after the 24 hours."),
    code(89250, FixRequest, Developer)
        .means("任务不存在", "there is no such task")
        .remedy("没有任务在进行，可以再次调用。", "Nothing is under way: call again."),
    code(89253, FixRequest, Developer)
        .means(
            "缺少参数",
            "a parameter is missing (since 2026-04-30 the form with codeType and legalPersona… is reported to be refused)",
        )
        .remedy(
            "自 2026-04-30 起据报道只接受新版参数：只传 enterpriseName、code（统一社会信用代码）和 componentPhone，再次调用。",
            "Call again with enterpriseName, code (the unified social credit code) and componentPhone alone.",
        ),
    code(89254, ApplyForPermission, Operator)
        .means("第三方平台没有该接口的权限", "the platform lacks the permission for this interface")
        .remedy(
            "请在开放平台「第三方平台 › 详情 › 权限集」勾选 81 并全网发布，商家重新授权后再次调用。",
            "Add permission set 81 in the platform's console and release it; when the owner has authorised it again, call again.",
        ),
    code(89255, FixRequest, EndUser)
        .means("企业代码无效：位数取决于 code_type", "code is not valid: its length depends on codeType")
        .remedy(
            "1 为 18 位，2 为 9 位（xxxxxxxx-x），3 为 15 位。请对照营业执照改正后再次调用。",
            "Type 1 has 18 characters, 2 has 9 (xxxxxxxx-x), 3 has 15. Compare it with the business licence, then call again.",
        ),
    code(91021, Stop, Nobody)
        .means(
            "不是试用小程序：已经转正，或本来就是正式小程序",
            "this is no trial mini program (any more): the interface can never be called for it again",
        )
        .remedy(
            "不能再调用本接口。刚转正的请改名：名称中仍带有“试用”字样；管理员无法登录时，先在“小程序助手”中完成邮箱注册。",
            "If it was just converted, rename it: the word “trial” stays in its name. An owner who cannot log in finishes the e-mail registration in the mini program assistant first.",
        ),
];

/// What means the same in a refused call, a push and a reply.
pub(crate) const BOTH: &[Entry] = &[
    code(1001, Stop, EndUser)
        .means("该企业创建的小程序数量已达上限", "the company has reached its limit of mini programs")
        .remedy("请企业先注销不用的小程序。", "The company has to give up one that it does not use first."),
    code(1002, Stop, EndUser)
        .means("该主体因违规在黑名单中", "the company is on the blacklist for violations")
        .remedy("只能由企业自行向微信客服申诉。", "Only the company itself can appeal to WeChat's support."),
    code(1003, FixRequest, EndUser)
        .means(
            "管理员绑定的账号数已达上限",
            "the administrator is bound to as many accounts as allowed",
        )
        .remedy(
            "请管理员在微信公众号“公众平台安全助手”中解绑不用的账号，然后再次调用。",
            "Unbind one with the security assistant (公众平台安全助手), then call again.",
        ),
    code(1004, Stop, EndUser)
        .means("该微信用户因违规在黑名单中", "the WeChat user is on the blacklist for violations")
        .remedy("只能由其本人向微信客服申诉。", "Only that person can appeal to WeChat's support."),
    code(1005, FixRequest, EndUser)
        .means(
            "管理员手机号绑定的账号数已达上限",
            "the administrator's phone number is bound to as many accounts as allowed",
        )
        .remedy(
            "请管理员在微信公众号“公众平台安全助手”中解绑该手机号下不用的账号，然后再次调用。",
            "Unbind one with the security assistant (公众平台安全助手), then call again.",
        ),
    code(1006, Stop, EndUser)
        .means("该手机号因违规在黑名单中", "the phone number is on the blacklist for violations")
        .remedy("只能由机主向微信客服申诉。", "Only its owner can appeal to WeChat's support."),
    code(1007, Stop, EndUser)
        .means("管理员身份证绑定的账号数已达上限", "the administrator's ID card is bound to as many accounts as allowed")
        .remedy("请管理员先注销不用的账号，或把它们交给别的管理员。", "Some have to be given up, or handed to somebody else, first."),
    code(86021, Stop, EndUser)
        .means("企业不在经营状态", "the company is not in operation")
        .remedy("请核对企业名称和代码；已吊销或注销的企业无法转正。", "Check name and code; one that was closed cannot be verified."),
    code(86022, FixRequest, EndUser)
        .means("企业名称与代码不一致", "the company's name and code do not belong together")
        .remedy("请对照营业执照改正企业全称和统一社会信用代码，然后再次调用。", "Correct them by the business licence, then call again."),
    code(86030, FixRequest, Developer)
        .means("缺少参数：新版接口的字段不全", "a parameter is missing")
        .remedy("请补全 enterpriseName、code 和 componentPhone，然后再次调用。", "Hand in enterpriseName, code and componentPhone, then call again."),
    code(86031, ApplyForPermission, Operator)
        .means("第三方平台尚未全网发布", "the third-party platform is not released yet")
        .remedy("请在开放平台「第三方平台 › 详情」全网发布，然后再次调用。", "Release it in its console (open.weixin.qq.com), then call again."),
    code(86032, FixRequest, EndUser)
        .means("微信号无效", "the WeChat id is not valid")
        .remedy("请与法定代表人核对微信号，改正后再次调用。", "Check it with the legal person, then call again."),
    code(86033, ApplyForPermission, EndUser)
        .means("缺少权限集", "a permission set is missing")
        .remedy("请商家重新授权，并包含权限集 81，然后再次调用。", "Let the owner authorise the platform again, with permission set 81, then call again."),
    code(86034, Stop, EndUser)
        .means("该微信号受限", "the WeChat id is restricted")
        .remedy("请其本人在微信中查看账号状态，解除限制。", "Let its owner look up the reason in WeChat and have the restriction lifted."),
    code(86036, FixRequest, EndUser)
        .means("姓名与微信号不一致", "name and WeChat id do not belong together")
        .remedy("姓名须是该微信号的实名。请改正后再次调用。", "The name must be the one behind the WeChat id: correct them, then call again."),
    code(86040, Stop, Operator)
        .means("个人主体的第三方平台不支持本接口", "platforms of private persons cannot use the interface")
        .remedy("须以企业主体注册第三方平台。", "It takes a platform that is registered for a company."),
    code(89251, Wait, EndUser)
        .means(
            "已发送，等待法定代表人人脸核验",
            "the legal person's face check is waited for: the call cannot be made again before 24 hours are over",
        )
        .remedy(
            "请法定代表人在 24 小时内同意并完成人脸核验（旧版接口：微信模板消息；新版接口：返回的授权链接）。在此之前不能再次调用。",
            "The legal person agrees and has the face checked in WeChat's template message, or at the address that the call returned.",
        ),
    code(89252, Wait, EndUser)
        .means("正在核验，或等待小程序管理员确认", "being checked, or the administrator's confirmation is waited for")
        .remedy(
            "请管理员在 24 小时内在微信模板消息中确认。在此之前不能再次调用。",
            "The administrator has 24 hours to confirm in WeChat's template message. Do not call again before.",
        ),
    code(89295, Stop, Operator)
        .means("第三方平台为个人主体，不支持本接口", "platforms of private persons cannot use the interface")
        .remedy("须以企业主体注册第三方平台。", "It takes a platform that is registered for a company."),
    code(91030, Wait, Nobody)
        .means("同一微信号当天的 5 次调用已用完", "five calls a day for one WeChat id are used up")
        .remedy("请明天再试。", "Try again tomorrow.")
        .after(RetryAfter::Seconds(24 * 60 * 60)),
];
