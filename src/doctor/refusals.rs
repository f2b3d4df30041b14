//! The refusals that set-ups cause, in both languages. Those that are not here are told with the catalogue's few words.

use super::text::Severity;

/// Chinese and English.
pub(super) type Pair = (&'static str, &'static str);

/// A refusal that set-ups cause.
pub(super) struct Refusal {
    pub(super) errcode: i32,
    /// Where the number means something else in a request for a token than elsewhere.
    pub(super) by_token_request: Option<bool>,
    pub(super) id: &'static str,
    pub(super) field: &'static str,
    pub(super) severity: Severity,
    pub(super) what: Pair,
    pub(super) why: Pair,
    pub(super) how: Pair,
}

const fn refusal(
    errcode: i32,
    id: &'static str,
    field: &'static str,
    what: Pair,
    why: Pair,
    how: Pair,
) -> Refusal {
    Refusal {
        errcode,
        by_token_request: None,
        id,
        field,
        severity: Severity::Error,
        what,
        why,
        how,
    }
}

impl Refusal {
    const fn of_token_request(self, is: bool) -> Self {
        Self {
            by_token_request: Some(is),
            ..self
        }
    }

    const fn passing(self) -> Self {
        Self {
            severity: Severity::Warning,
            ..self
        }
    }
}

const NO_TOKEN: Pair = (
    "拿不到 access_token，所有接口都调不了。",
    "without an access token no interface can be called.",
);
const SECRET: Pair = (
    "到小程序后台 开发管理 › 开发设置 › AppSecret 核对；忘了就重置，并更新所有用到它的地方。确认 AppID 和 AppSecret 属于同一个小程序。",
    "compare 开发管理 › 开发设置 › AppSecret in the mini program's console; reset it if it is lost, everywhere it is used. See that app id and secret are of one mini program.",
);
const NEW_TOKEN: Pair = (
    "重新获取（stable_token），或只给 appId 和 appSecret，由本库获取和更新。多个进程各自用旧接口 /cgi-bin/token 会互相顶掉，改用 stable_token。",
    "get another one (stable_token), or give appId and appSecret alone and let this library keep it. Processes that each use the older /cgi-bin/token end one another's: change to stable_token.",
);

pub(super) const REFUSALS: &[Refusal] = &[
    refusal(
        40164,
        "IP_NOT_LISTED",
        "appId",
        (
            "本机的出口 IP {ip} 不在小程序的 IP 白名单里（40164）。",
            "this machine's outbound address {ip} is not on the mini program's IP list (40164).",
        ),
        NO_TOKEN,
        (
            "在小程序后台 开发管理 › 开发设置 › IP白名单 里加入 {ip}；云函数和容器要先配置固定的出口 IP。",
            "add {ip} under 开发管理 › 开发设置 › IP白名单; give cloud functions and containers a fixed outbound address first.",
        ),
    ),
    refusal(
        61004,
        "PLATFORM_IP_NOT_LISTED",
        "componentAppId",
        (
            "本机的出口 IP {ip} 没有登记在第三方平台的白名单里（61004）。",
            "this machine's outbound address {ip} is not on the third-party platform's list (61004).",
        ),
        (
            "第三方平台的令牌都拿不到。",
            "no token of the platform can be had.",
        ),
        (
            "在开放平台 第三方平台 › 开发资料 › 白名单IP地址列表 里加入 {ip}。",
            "add {ip} in the open platform's console: 第三方平台 › 开发资料 › 白名单IP地址列表.",
        ),
    ),
    refusal(
        40001,
        "APP_SECRET_REFUSED",
        "appSecret",
        (
            "微信不接受 appSecret（40001）。",
            "WeChat does not take appSecret (40001).",
        ),
        NO_TOKEN,
        SECRET,
    )
    .of_token_request(true),
    refusal(
        40125,
        "APP_SECRET_REFUSED",
        "appSecret",
        (
            "微信不接受 appSecret（40125）：不是这个小程序的，或已经重置。",
            "WeChat does not take appSecret (40125): it is not this mini program's, or it was reset.",
        ),
        NO_TOKEN,
        SECRET,
    ),
    refusal(
        40243,
        "APP_SECRET_FROZEN",
        "appSecret",
        (
            "appSecret 被冻结了（40243）。",
            "appSecret is frozen (40243).",
        ),
        NO_TOKEN,
        (
            "管理员在小程序后台 开发管理 › 开发设置 里解冻。",
            "an administrator unfreezes it under 开发管理 › 开发设置.",
        ),
    ),
    refusal(
        40013,
        "APP_ID_REFUSED",
        "appId",
        (
            "微信不认识这个 appId（40013）。",
            "WeChat does not know this appId (40013).",
        ),
        NO_TOKEN,
        (
            "从小程序后台 开发管理 › 开发设置 复制 AppID：wx 加 16 位小写字符，不是原始 ID，也不是第三方平台的。",
            "copy it from 开发管理 › 开发设置: wx and 16 characters in lower case, not the original id, and not the platform's.",
        ),
    ),
    refusal(
        41002,
        "APP_ID_MISSING",
        "appId",
        (
            "请求里没有 appId（41002）。",
            "the request has no appId (41002).",
        ),
        NO_TOKEN,
        (
            "检查环境变量是否真的传进了进程。",
            "see that the environment variable really gets into the process.",
        ),
    ),
    refusal(
        41004,
        "APP_SECRET_MISSING",
        "appSecret",
        (
            "请求里没有 appSecret（41004）。",
            "the request has no appSecret (41004).",
        ),
        NO_TOKEN,
        (
            "检查环境变量是否真的传进了进程。",
            "see that the environment variable really gets into the process.",
        ),
    ),
    refusal(
        40001,
        "ACCESS_TOKEN_REFUSED",
        "accessToken",
        (
            "accessToken 无效，或已被更新的令牌顶掉（40001）。",
            "accessToken is invalid, or was replaced by a newer one (40001).",
        ),
        ("用它的每次调用都会失败。", "every call on it fails."),
        NEW_TOKEN,
    )
    .of_token_request(false),
    refusal(
        42001,
        "ACCESS_TOKEN_EXPIRED",
        "accessToken",
        (
            "accessToken 过期了（42001）。",
            "accessToken has expired (42001).",
        ),
        (
            "access_token 的有效期是两小时。",
            "an access token lives for two hours.",
        ),
        NEW_TOKEN,
    ),
    refusal(
        40014,
        "ACCESS_TOKEN_REFUSED",
        "accessToken",
        (
            "accessToken 不合法（40014）。",
            "accessToken is malformed (40014).",
        ),
        ("用它的每次调用都会失败。", "every call on it fails."),
        NEW_TOKEN,
    ),
    refusal(
        41001,
        "ACCESS_TOKEN_MISSING",
        "accessToken",
        (
            "请求里没有 accessToken（41001）。",
            "the request has no accessToken (41001).",
        ),
        ("没有令牌就不能调用。", "no call works without one."),
        NEW_TOKEN,
    ),
    refusal(
        48001,
        "NOT_PERMITTED",
        "appId",
        (
            "这个小程序没有该接口的权限（48001）。",
            "the mini program was not granted this interface (48001).",
        ),
        (
            "实名信息类接口只对已开通的小程序开放；令牌属于没有开通的小程序时也是这个码。",
            "the real-name interfaces are open to admitted mini programs alone; a token of another mini program ends the same way.",
        ),
        (
            "确认令牌属于已开通的小程序；没有开通过的，新申请已经停止（据报道），考虑微信人脸核身。",
            "see that the token is of the mini program that was admitted; new ones are no longer taken (reported): look at WeChat's face verification.",
        ),
    ),
    refusal(
        94006,
        "NOT_ADMITTED",
        "appId",
        (
            "这个 appid 没有获得实名信息授权（94006）。",
            "the appid is not authorised for real-name information (94006).",
        ),
        (
            "getrealnameinfo 会一直返回 94006。",
            "getrealnameinfo will go on answering 94006.",
        ),
        (
            "向微信确认小程序的开通状态。",
            "ask WeChat whether this mini program is admitted.",
        ),
    ),
    refusal(
        94007,
        "MERCHANT_NOT_BOUND",
        "mchId",
        (
            "appid 和 mch_id 没有绑定（94007）。",
            "appid and mch_id are not bound (94007).",
        ),
        (
            "getrealnameinfo 会一直返回 94007。",
            "getrealnameinfo will go on answering 94007.",
        ),
        (
            "在商户平台 产品中心 › AppID账号管理 关联小程序，并在小程序后台确认。",
            "bind them on the merchant platform (产品中心 › AppID账号管理), and confirm it in the mini program's console.",
        ),
    ),
    refusal(
        89501,
        "IP_WAITS_FOR_ADMINISTRATOR",
        "appId",
        (
            "本机的 IP 在等管理员确认（89501）。",
            "this machine's address waits for an administrator (89501).",
        ),
        NO_TOKEN,
        (
            "管理员在微信里的通知中确认。",
            "an administrator confirms it in a message in WeChat.",
        ),
    ),
    refusal(
        89503,
        "CALL_WAITS_FOR_ADMINISTRATOR",
        "appId",
        (
            "这次调用要管理员确认（89503）。",
            "an administrator must allow the call (89503).",
        ),
        NO_TOKEN,
        (
            "管理员在微信里的通知中确认。",
            "an administrator confirms it in a message in WeChat.",
        ),
    ),
    refusal(
        -1,
        "WECHAT_BUSY",
        "baseUrl",
        ("微信繁忙（-1）。", "WeChat is busy (-1)."),
        (
            "会过去，和配置无关。",
            "it passes, and has nothing to do with the set-up.",
        ),
        ("稍后再运行一次。", "run this again in a while."),
    )
    .passing(),
    refusal(
        45009,
        "QUOTA_USED_UP",
        "appId",
        (
            "接口今天的调用次数用完了（45009）。",
            "today's quota of the interface is used up (45009).",
        ),
        (
            "到明天零点（北京时间）之前都会失败。",
            "calls fail until midnight in Beijing.",
        ),
        (
            "缓存 access_token，不要每次请求都获取；必要时在后台清零（每月 10 次）。",
            "keep the token instead of asking for one each time; the console can reset the quota, ten times a month.",
        ),
    ),
    refusal(
        45011,
        "TOO_FAST",
        "appId",
        (
            "调用太频繁（45011）。",
            "the interface was called too fast (45011).",
        ),
        ("会过去。", "it passes."),
        ("等一分钟。", "wait a minute."),
    )
    .passing(),
];
