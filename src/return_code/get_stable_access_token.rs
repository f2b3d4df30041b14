//! `stable_token`.

use super::{
    Action::{ContactWechat, FixRequest, Wait},
    RetryAfter, ReturnCode,
    Who::{Developer, Operator, Wechat},
    entry::{Entry, code, codes},
};

/// Its own numbers.
pub(crate) const CODES: &[ReturnCode] = &codes::<{ ENTRIES.len() }>(&[ENTRIES]);

pub(super) const ENTRIES: &[Entry] = &[
    code(40001, FixRequest, Operator)
        .means("AppSecret 不是这个小程序的", "appSecret is not the mini program's: compare 开发管理 › 开发设置 › AppSecret in its console")
        .remedy(
            "在 mp.weixin.qq.com「开发管理 › 开发设置」核对 AppID 与 AppSecret 属于同一个小程序：32 位，没有首尾空格或引号，不是公众号或商户的密钥。忘记了只能重置，重置后所有用到它的地方都要换。",
            "Compare appId and appSecret in the console (mp.weixin.qq.com): they must be of one mini program; 32 characters, no spaces or quotes around them, not the secret of an official account or a merchant. A forgotten secret can only be reset, and is then replaced wherever it is used.",
        ),
    code(40002, FixRequest, Developer)
        .means("grant_type 无效", "grant_type is not valid")
        .remedy(
            "本库总是发送 client_credential。自己拼装请求时，grant_type 须为 client_credential，且放在 JSON 正文里；否则检查中间是否有代理改写了正文。",
            "This library always sends client_credential. If you build the request yourself: grant_type is client_credential, in the JSON body. Otherwise look for a proxy that rewrites the body.",
        ),
    code(40013, FixRequest, Operator)
        .means("AppID 无效：以 wx 开头，全部小写", "appId is not valid: it begins with wx and is written in lower case")
        .remedy(
            "在 mp.weixin.qq.com「开发管理 › 开发设置 › 开发者ID」复制 AppID：18 个字符，没有空格；不是原始ID（gh_ 开头），不是商户号。",
            "Copy the AppID from the console (mp.weixin.qq.com, 开发管理 › 开发设置): 18 characters without spaces; neither the original id (gh_…) nor a merchant number.",
        ),
    code(40125, FixRequest, Operator)
        .means("AppSecret 不正确，或已被重置", "appSecret is not the mini program's, or was reset: compare 开发管理 › 开发设置 › AppSecret in its console")
        .remedy(
            "请管理员在 mp.weixin.qq.com「开发管理 › 开发设置」确认：AppSecret 是否有人重置过。把新的放进密钥管理或环境变量并重启；旧的立即失效，检查是否还有别的服务在用。",
            "Ask the administrators whether somebody has reset the AppSecret. Put the new one into your secret store or environment and restart; the old one ended at once, so look for other services that still use it.",
        ),
    code(40164, FixRequest, Operator)
        .means(
            "本机的出口 IP 不在小程序的 IP白名单内",
            "this machine's address is not on the mini program's list: add it under 开发管理 › 开发设置 › IP白名单 in its \
             console, or give the machine a fixed outbound address that is",
        )
        .remedy(
            "把 error.ip（微信 errmsg 里写出的那个地址）加入 mp.weixin.qq.com「开发管理 › 开发设置 › IP白名单」，一般几分钟后生效。云函数、容器的出口 IP 会变：请开启固定出口 IP 或 NAT 网关，再登记那个地址。登记的须是公网出口地址，不是内网地址。",
            "Add error.ip (the address that WeChat's errmsg names) in the console (mp.weixin.qq.com: 开发管理 › 开发设置 › IP白名单); it mostly takes effect within minutes. Cloud functions and containers change their address: give them a fixed outbound IP or a NAT gateway, and list that. It is the public address that counts, not one of the inner network.",
        ),
    code(40243, FixRequest, Operator)
        .means("AppSecret 已被冻结", "appSecret is frozen: an administrator unfreezes it under 开发管理 › 开发设置 in the mini program's console")
        .remedy(
            "请管理员登录 mp.weixin.qq.com，在「开发管理 › 开发设置」中解冻 AppSecret；解冻之前查清是谁、为什么冻结（可能已泄露，那就应当重置）。",
            "An administrator unfreezes it in the console (mp.weixin.qq.com: 开发管理 › 开发设置). Before that, find out who froze it and why: a secret that leaked is to be reset instead.",
        ),
    code(41002, FixRequest, Developer)
        .means("缺少 appid", "appId is missing")
        .remedy(
            "检查 appId 的来源：环境变量（如 WECHAT_APP_ID）是否真的传进了这个进程或云函数。自己拼装请求时，字段名是 appid。",
            "Look where appId comes from: does the environment variable (such as WECHAT_APP_ID) reach this process or cloud function? If you build the request yourself, the field is called appid.",
        ),
    code(41004, FixRequest, Developer)
        .means("缺少 secret（AppSecret）", "appSecret is missing")
        .remedy(
            "检查 appSecret 的来源：环境变量或密钥管理是否真的传进了这个进程或云函数。自己拼装请求时，字段名是 secret。",
            "Look where appSecret comes from: does the environment variable or secret store reach this process or cloud function? If you build the request yourself, the field is called secret.",
        ),
    code(50004, ContactWechat, Wechat)
        .means("该账号禁止使用 token 接口", "this account may not get access tokens")
        .remedy(
            "登录 mp.weixin.qq.com 查看「通知中心」和账号状态（违规、注销中、主体异常）；看不出原因时，把 rid 提供给微信客服。",
            "Look at the notices and the state of the account in the console (mp.weixin.qq.com): violations, deregistration, trouble with the subject. If it says nothing, give WeChat's support the rid.",
        ),
    code(89501, Wait, Operator)
        .means("本机 IP 的调用正在等待管理员确认", "this machine's address waits for an administrator, who finds a message in WeChat")
        .remedy(
            "请小程序管理员在微信“公众平台安全助手”的消息中确认，然后再试。想免去确认，把固定出口 IP 加入「开发管理 › 开发设置 › IP白名单」。",
            "Let the administrator confirm it in the message that WeChat (公众平台安全助手) sent, then try again. A fixed outbound address on the console's IP list needs no confirmation.",
        ),
    code(89503, Wait, Operator)
        .means("此次调用需要管理员确认", "an administrator must allow the call, and finds a message in WeChat")
        .remedy(
            "请小程序管理员在微信“公众平台安全助手”的消息中同意，然后再试；在此之前不要反复调用。以后请从 IP白名单内的固定 IP 调用。",
            "Let the administrator agree in the message that WeChat (公众平台安全助手) sent, then try again, and do not call over and over before. From now on call from a fixed address on the console's IP list.",
        ),
    code(89506, Wait, Operator)
        .means("管理员已两次拒绝本机 IP，24 小时内不能再调用", "an administrator refused this machine's address twice: not for 24 hours")
        .remedy(
            "先与管理员说明这是谁的服务器、为什么调用；24 小时后再试，届时请管理员同意，或直接把 IP 加入 IP白名单。",
            "Tell the administrator whose machine it is and why it calls. Try again after 24 hours, and have the call allowed then, or the address put on the IP list.",
        )
        .after(RetryAfter::Seconds(24 * 60 * 60)),
    code(89507, Wait, Operator)
        .means("管理员已拒绝本机 IP，1 小时内不能再调用", "an administrator refused this machine's address: not for an hour")
        .remedy(
            "先与管理员说明这是谁的服务器、为什么调用；1 小时后再试。再被拒绝一次，就要等 24 小时。",
            "Tell the administrator whose machine it is and why it calls, and try again after an hour. A second refusal costs 24 hours.",
        )
        .after(RetryAfter::Seconds(60 * 60)),
];
