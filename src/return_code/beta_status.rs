//! `status` of the push `notify_third_fastverifybetaapp` and of a reply of the form of 2026.
//!
//! `betaVerification` makes its advice of these texts, so they are in the core module: short ones.

use super::{
    Action::{AskUserAgain, FixRequest, Stop, Wait},
    RetryAfter,
    Who::{EndUser, Nobody},
    entry::{Entry, code, state},
};

/// Five working days are a week at least.
const WEEK: RetryAfter = RetryAfter::Seconds(7 * 24 * 60 * 60);

/// What a refused call does not have.
pub(crate) const ENTRIES: &[Entry] = &[
    state(0, EndUser)
        .means("推送通知：已转正", "the push says that it is a full mini program now")
        .remedy(
            "不能再调用本接口。名称中仍带有“试用”字样：请调用设置名称接口改名；若管理员无法登录 mp.weixin.qq.com，请先在“小程序助手”中完成邮箱注册。",
            "The interface can never be called for it again. The word “trial” stays in its name: rename it. If the owner cannot log in to mp.weixin.qq.com, finish the e-mail registration in the mini program assistant first.",
        ),
    state(1, EndUser)
        .means("任务已创建", "the task was created")
        .remedy("请把授权链接发给法定代表人，24 小时内有效。", "Pass the address on to the legal person; it is good for 24 hours."),
    code(2, AskUserAgain, EndUser)
        .means("24 小时内未完成", "it was not finished within 24 hours")
        .remedy("可以再次调用，并把新的授权链接发给法定代表人。", "Call again, and pass the new address on to the legal person."),
    code(3, AskUserAgain, EndUser)
        .means("法定代表人拒绝了授权", "the legal person refused")
        .remedy("与其沟通后可以再次调用。", "Talk to them, then call again."),
    state(4, EndUser)
        .means("法定代表人已同意", "the legal person agreed")
        .remedy("下一步是人脸核验。", "The face check comes next."),
    state(5, EndUser)
        .means("法定代表人正在做人脸核验", "the legal person's face check has begun")
        .remedy("请等待结果的推送。", "Wait for the push that tells of its result."),
    code(6, AskUserAgain, EndUser)
        .means("人脸核验未通过", "the face check was not passed")
        .remedy(
            "可以再次调用，请法定代表人本人在光线充足处重试。",
            "Call again, and let the legal person in person try once more, in good light.",
        ),
    state(7, Nobody)
        .means("人脸核验已通过", "the face check was passed")
        .remedy("微信正在处理，请等待推送。", "WeChat goes on: wait for the push."),
    state(8, EndUser)
        .means("短信验证码已发出", "a code was sent to the phone")
        .remedy("请在授权页面填写。", "It is entered on the page of the address that the call returned."),
    code(9, AskUserAgain, EndUser)
        .means("手机验证未通过", "the phone's check was not passed")
        .remedy("请核对手机号后再次调用。", "Check the number, then call again."),
    state(10, Nobody)
        .means("已提交", "it was submitted")
        .remedy("微信正在处理，请等待推送。", "WeChat goes on: wait for the push."),
    code(11, AskUserAgain, EndUser)
        .means("转正失败", "the conversion failed")
        .remedy(
            "可以再次调用；若一再失败，请联系微信客服。",
            "Call again; if it fails again and again, ask WeChat's support.",
        ),
    state(12, EndUser)
        .means(
            "已完成（新版接口的状态码，未见官方文档）",
            "done (a code of the form of 2026 that WeChat has not documented)",
        )
        .remedy(
            "请在后台确认已转正。不能再次调用；名称中仍带有“试用”字样，请改名。",
            "Confirm in the console that it is a full mini program. Do not call again; the word “trial” stays in the name: rename it.",
        ),
    state(13, Nobody)
        .means("企业信息核验已通过", "the company's data were found right")
        .remedy("微信正在处理，请等待推送。", "WeChat goes on: wait for the push."),
    code(14, FixRequest, EndUser)
        .means("企业信息核验未通过", "the company's data were found wrong")
        .remedy("请核对企业名称和代码后再次调用。", "Check name and code, then call again."),
    code(101, Stop, EndUser)
        .means("工商数据：企业已注销", "business register: the company is deregistered")
        .remedy(
            "请核对企业名称和代码；已注销的企业无法转正。",
            "Check name and code; a deregistered company cannot be verified.",
        ),
    code(102, FixRequest, EndUser)
        .means(
            "工商数据：企业不存在，或信息未更新",
            "business register: the company does not exist, or the register is not up to date",
        )
        .remedy(
            "请核对企业名称和代码；新注册的企业请过几天再试。",
            "Check name and code; for a new company try again in some days.",
        ),
    code(103, FixRequest, EndUser)
        .means("工商数据：法定代表人姓名不一致", "business register: the legal representative's name differs")
        .remedy("请对照营业执照改正后再次调用。", "Correct it by the business licence, then call again."),
    code(104, FixRequest, EndUser)
        .means("工商数据：法定代表人身份证号不一致", "business register: the legal representative's ID number differs")
        .remedy("请与法定代表人核对，改正后再次调用。", "Check it with the legal representative, then call again."),
    code(105, Wait, Nobody)
        .means(
            "工商数据：法定代表人身份证号尚未更新",
            "business register: the legal representative's ID number is not up to date",
        )
        .remedy("请 5–15 个工作日后再试。", "Try again after 5 to 15 working days.")
        .after(WEEK),
    code(1000, FixRequest, EndUser)
        .means(
            "工商数据：企业或法定代表人信息不一致",
            "business register: data of the company or of the legal representative differ",
        )
        .remedy("请对照营业执照核对后再次调用。", "Compare them with the business licence, then call again."),
    code(1008, Stop, EndUser)
        .means("命中数量上限或黑名单", "a limit or a blacklist is in the way")
        .remedy("请商家联系微信客服查明是哪一种。", "WeChat's support tells the owner which."),
    code(20001, FixRequest, EndUser)
        .means("实名核验未通过", "the real-name check was not passed")
        .remedy(
            "请法定代表人用本人实名的微信操作，然后再次调用。",
            "Let the legal person use their own WeChat account, then call again.",
        ),
    code(20002, AskUserAgain, EndUser)
        .means("人脸与实名信息不符", "the face is not that of the real-name record")
        .remedy("须由法定代表人本人操作；可以再次调用。", "The legal person must do it in person; call again."),
    code(20003, FixRequest, EndUser)
        .means("工商四要素核验未通过", "the business register's check of four elements was not passed")
        .remedy(
            "请核对企业名称、代码与法定代表人后再次调用。",
            "Check name, code and legal person, then call again.",
        ),
    code(100001, AskUserAgain, EndUser)
        .means(
            "法定代表人 24 小时内未确认（身份证未核验）",
            "the legal person did not act within 24 hours: the ID card was not checked",
        )
        .remedy("可以再次调用；请提前联系法定代表人及时处理。", "Call again, and tell the legal person beforehand."),
    code(100002, AskUserAgain, EndUser)
        .means(
            "法定代表人 24 小时内未确认（未做人脸核验）",
            "the legal person did not act within 24 hours: the face was not checked",
        )
        .remedy("可以再次调用；请提前联系法定代表人及时处理。", "Call again, and tell the legal person beforehand."),
    code(100003, AskUserAgain, EndUser)
        .means("24 小时内未确认", "nobody confirmed within 24 hours")
        .remedy(
            "可以再次调用；法定代表人须重新做人脸核验，即使之前已通过。",
            "Call again; the legal person gets the face check again, even if it had been passed.",
        ),
    code(100004, FixRequest, EndUser)
        .means("微信实名信息与法定代表人姓名不一致", "the WeChat account's real name is not the legal person's")
        .remedy(
            "请核对姓名，或请法定代表人用本人实名的微信操作，然后再次调用。",
            "Correct the name, or let the legal person use their own account, then call again.",
        ),
];
