//! What every interface may answer.

use super::{
    Action::{
        ApplyForPermission, AskUserAgain, ContactWechat, FixRequest, RefreshToken, Retry, Wait,
    },
    RetryAfter, ReturnCode, Text,
    Who::{Developer, EndUser, Nobody, Operator, Wechat},
    entry::{Entry, code, codes, state},
};

pub(super) const CODES: &[ReturnCode] = &codes::<{ ENTRIES.len() }>(&[ENTRIES]);

/// No refusal, and so in none of the lists.
pub(super) const SUCCESS: Entry = state(0, Nobody).means("成功", "success").remedy(
    "无需处理：结果在返回的其他字段里。",
    "Nothing is to be done: the answer is in the reply's other fields.",
);

/// What a number means that no table has.
pub const UNKNOWN_MEANING: Text = Text {
    zh: "本版本不认识这个数字",
    en: "a number that this version does not know",
};

/// What to do about a number that no table has.
pub const UNKNOWN_REMEDY: Text = Text {
    zh: "不要当作成功，也不要自动重试。先看微信返回的 errmsg 原文，再查该接口官方文档的错误码；仍不清楚时，把 rid（在 errmsg 末尾）和调用时间提供给微信客服。较新版本的 wechat-realname 可能已经认识它。",
    en: "It is no success, and not to be repeated by itself. Read WeChat's own text (errmsg) and the list of numbers in the interface's document; otherwise give WeChat's support the rid, which ends the errmsg, and the time of the call. A newer wechat-realname may know it.",
};

pub(super) const ENTRIES: &[Entry] = &[
    code(-1, Retry, Nobody)
        .means("微信系统繁忙", "WeChat is busy")
        .remedy(
            "稍等片刻再调用；带一次性 code 或 auth_token 的调用要换新的。同一个调用总是 -1 时，检查 code 是否被百分号编码（例如以 %3D 结尾）：据反馈，这样也会报 -1，须原样传入。仍不行，把 rid 提供给微信客服。",
            "Call again in a moment; where the call carried a one-time code or auth_token, with a new one. If one call always gets it, look at its code: one that is percent-encoded (ends in %3D) is reported to get -1 too, and must be passed on as it came. Otherwise give WeChat's support the rid.",
        ),
    code(40001, RefreshToken, Developer)
        .means("access_token 无效，或已被更新的 token 取代", "the access token is invalid or was replaced by a newer one")
        .remedy(
            "token 由客户端自己取的话，它已换新并重试一次，偶尔出现不必处理。反复出现时：确认 token 属于这个小程序（第三方平台的接口要用平台的或商家的 token）；查一查还有谁在用 force_refresh 或旧接口 cgi-bin/token 取 token（会使旧 token 失效），统一改用 stable_token。",
            "A client that fetches its tokens itself has already taken a new one and tried once more, so now and then it is harmless. If it comes again and again: is the token this mini program's (for a platform's interfaces: the platform's, or its client's)? And who else fetches tokens with force_refresh or the old cgi-bin/token, which end the others? Let all use stable_token.",
        ),
    code(40014, RefreshToken, Developer)
        .means("access_token 格式不正确", "the access token is malformed")
        .remedy(
            "原样传入微信返回的 access_token：没有截断，没有引号或空格，没有编码两次。它最长可达 512 个字符，检查数据库字段或环境变量的长度。",
            "Hand the access token in as WeChat gave it: not cut off, without quotes or spaces, not encoded twice. It may have 512 characters: look at the length of the database column or variable that it is kept in.",
        ),
    code(41001, RefreshToken, Developer)
        .means("缺少 access_token", "the access token is missing")
        .remedy(
            "给客户端 appId 和 appSecret，由它自己取 token；或检查您的 accessToken 函数是否返回了空值。请求经过网关或代理时，确认它没有去掉地址里的查询参数。",
            "Give the client appId and appSecret, and it fetches tokens itself; or check whether your accessToken function returns nothing. If a gateway or proxy is in between, see that it does not drop the query of the address.",
        ),
    code(42001, RefreshToken, Developer)
        .means("access_token 已过期", "the access token has expired")
        .remedy(
            "token 由客户端自己取的话，它已换新并重试一次。反复出现时，说明缓存里的 token 比有效期（expires_in，一般 7200 秒）存得更久：按 expires_in 设置过期时间，并校准时钟。",
            "A client that fetches its tokens itself has already taken a new one and tried once more. If it comes again and again, a cache keeps tokens longer than they live (expires_in, mostly 7200 seconds): let it expire by expires_in, and check the clock.",
        ),
    code(43002, FixRequest, Developer)
        .means("该接口只接受 POST", "the interface takes POST only")
        .remedy(
            "要用 POST 的接口，本库都用 POST 发送；检查 baseUrl、网关或自己的 fetch 是否跟随了 301/302 重定向，把 POST 变成了 GET。",
            "This library sends POST wherever it is wanted: look for a baseUrl, gateway or fetch of your own that follows a redirect (301, 302) and turns POST into GET.",
        ),
    code(44002, FixRequest, Developer)
        .means("POST 的正文为空", "the body of the POST is empty")
        .remedy(
            "检查自己的 fetch 或中间的网关是否丢掉了正文（body），以及是否把 Content-Length 写成了 0。",
            "Look for a fetch of your own or a gateway that loses the body, or sends Content-Length: 0.",
        ),
    code(45009, Wait, Operator)
        .means(
            "该接口当天的调用额度已用完",
            "the daily quota of the interface is used up (clear_quota gives it back, ten times a month)",
        )
        .remedy(
            "等到北京时间次日零点（推测），或由管理员调用 clear_quota 清零（一般每月 10 次）。各接口额度不同：verifybetaweapp 每天 100 次，stable_token 的 force_refresh 每天 20 次。查一查是不是循环调用，或每次请求都重新取 token。",
            "Wait until midnight in Beijing (assumed), or let an administrator call clear_quota. Quotas differ: verifybetaweapp has 100 calls a day, force_refresh of stable_token 20. Look for a loop, or for a token that is fetched with every request.",
        )
        .after(RetryAfter::NextDay),
    code(45011, Wait, Developer)
        .means("调用太频繁", "the interface was called too fast")
        .remedy(
            "至少等一分钟再调用，并在自己这边限速、排队。verifybetaweapp 每分钟最多 5 次；force_refresh 两次之间至少 30 秒。",
            "Wait for a minute at least, and slow the calls down on your side. verifybetaweapp takes 5 a minute; force_refresh wants 30 seconds between two calls.",
        )
        .after(RetryAfter::Seconds(60)),
    code(47001, FixRequest, Developer)
        .means("请求体不是合法的 JSON，或某个字段的形式不对", "the body is not JSON or a field of it has the wrong form")
        .remedy(
            "正文须是 UTF-8 的 JSON，字段类型与文档一致（例如 checkrealnameinfo 的 cred_type 是字符串 \"1\"）。由本库生成的正文报此错时，检查中间是否有代理改写了它，并把 rid 提供给微信客服。",
            "The body must be JSON in UTF-8 with the types of the document (cred_type of checkrealnameinfo is the text \"1\"). If this library made it, look for a proxy that rewrites it, and give WeChat's support the rid.",
        ),
    code(48001, ApplyForPermission, Operator)
        .means("小程序没有该接口的权限", "the mini program was not granted this interface")
        .remedy(
            "请管理员在 mp.weixin.qq.com「开发管理 › 接口设置」查看该接口是否已开通；实名接口只对获邀的小程序开放。第三方平台代调用时，还要商家授权相应的权限集（verifybetaweapp 为 81，getmedrealname 为 134）。",
            "An administrator looks in the console (mp.weixin.qq.com: 开发管理 › 接口设置) whether the interface is granted; the real-name interfaces are by invitation. For a platform the owner must also grant the permission set (81 for verifybetaweapp, 134 for getmedrealname).",
        ),
    code(50001, ApplyForPermission, Operator)
        .means("用户或账号未授权该接口", "the user or account did not authorise this interface")
        .remedy(
            "确认 access_token 属于已开通该接口的账号；第三方平台请商家重新授权，并勾选所需的权限集。",
            "Check that the access token is of the account that was granted the interface; for a platform, let the owner authorise it again, with the permission set that is needed.",
        ),
    code(50002, ContactWechat, Wechat)
        .means("用户或账号受限", "the user or account is restricted")
        .remedy(
            "登录 mp.weixin.qq.com 查看「通知中心」和违规记录；若受限的是用户，请其在微信中查看账号状态。看不出原因时，把 rid 提供给微信客服。",
            "Look at the notices and violations in the console (mp.weixin.qq.com); if it is the user who is restricted, they see it in WeChat. If nothing is to be seen, give WeChat's support the rid.",
        ),
    code(50007, ContactWechat, Operator)
        .means("账号已被冻结", "the account is frozen: see the mini program's console")
        .remedy(
            "登录 mp.weixin.qq.com，按「通知中心」里的说明处理并申请解冻；解冻之前所有接口都会被拒绝。仍有疑问，把 rid 提供给微信客服。",
            "Do what the notices in the console (mp.weixin.qq.com) ask for and apply there for the account to be released; every interface refuses until then. WeChat's support wants the rid.",
        ),
    code(61004, FixRequest, Operator)
        .means(
            "本机 IP 未在第三方平台登记",
            "this machine's address is not registered for the platform: add it in the platform's console",
        )
        .remedy(
            "把本机的公网出口 IP（error.ip，有时在微信的 errmsg 里）加入开放平台「管理中心 › 第三方平台 › 详情 › 白名单IP地址列表」。云函数、容器请先固定出口 IP。",
            "Add this machine's public address (error.ip, where WeChat's errmsg names it) in the platform's console (open.weixin.qq.com: 管理中心 › 第三方平台 › 详情 › 白名单IP地址列表). Give cloud functions and containers a fixed outbound address first.",
        ),
    code(61023, AskUserAgain, EndUser)
        .means(
            "authorizer_refresh_token 无效（或已失效）",
            "the refresh token is not valid (any more): the owner must authorise the platform again",
        )
        .remedy(
            "请商家的小程序管理员重新扫码授权。为免再次丢失：每次换取后先写入新的 authorizer_refresh_token 并读回核对，再使用 access_token；多个进程共用一份存储，测试与生产环境分开。",
            "Let the owner authorise the platform again. To lose it no more: write the new authorizer_refresh_token to a store that all processes share, and read it back, before the access token is used. Each consent of the owner replaces the one before.",
        ),
    code(85107, FixRequest, Operator)
        .means(
            "微信云托管：「开放接口服务」未勾选该接口，或勾选后没有重新部署",
            "WeChat Cloud Run: the interface is not on the console's list (开放接口服务), or no version was deployed since",
        )
        .remedy(
            "在微信云托管控制台「设置 › 开放接口服务」添加该接口的路径，然后重新部署一个版本。微信说明实名接口不支持这种调用：更稳妥的是用 appId 和 appSecret 调用。",
            "Add the interface's path to the list 开放接口服务 in the console of WeChat Cloud Run and deploy a new version. WeChat says that the real-name interfaces do not support this way: calling with appId and appSecret is safer.",
        ),
    code(85113, Retry, Nobody)
        .means("微信云托管：令牌尚未就绪", "WeChat Cloud Run: the token is not ready yet")
        .remedy(
            "容器刚启动时会这样，几秒后再调用。一直不好：确认「开放接口服务」已开启，且服务部署在开启之后。",
            "It happens when a container has just started: call again in some seconds. If it stays, check that 开放接口服务 is switched on and that the service was deployed after that.",
        ),
];
