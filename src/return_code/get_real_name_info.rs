//! `getrealnameinfo`.

use super::{
    Action::{ApplyForPermission, AskUserAgain, FixRequest, Stop},
    ReturnCode,
    Who::{Developer, EndUser, Operator},
    entry::{Entry, code, codes},
};

/// Its own numbers.
pub(crate) const CODES: &[ReturnCode] = &codes::<{ ENTRIES.len() }>(&[ENTRIES]);

pub(super) const ENTRIES: &[Entry] = &[
    code(94001, FixRequest, Developer)
        .means("缺少证书序列号 cert_serialno", "cert_serialno is missing")
        .remedy(
            "本库总会带上它（取自 certificate、p12 或 certSerialNo）。若请求由您自己拼装，请补上字段 cert_serialno；否则检查中间是否有代理或网关改写了正文。",
            "This library always sends it (from certificate, p12 or certSerialNo). If you build the request yourself, add the field cert_serialno; otherwise look for a proxy or gateway that rewrites the body.",
        ),
    code(94002, Stop, EndUser)
        .means("用户没有注册微信支付", "the user has not registered WeChat Pay")
        .remedy(
            "告诉用户：请先在微信「我 › 服务 › 钱包」中开通微信支付并完成实名认证，然后再试；同时提供别的核验方式。",
            "Tell the user to register WeChat Pay and complete its real-name authentication first (in WeChat: Me › Services › Wallet), then to try again; and offer another way.",
        ),
    code(94003, FixRequest, Developer)
        .means("签名不正确：多半是私钥与 certSerialNo 所指的证书不是一对", "the signature is wrong: most often the key is not the one of certSerialNo's certificate")
        .remedy(
            "逐项核对：① apiclient_key.pem 与 apiclient_cert.pem 是同一次申请的一对（openMerchant 同时给出两者，调用之前就会查出）；② 序列号取自商户API证书，不是微信支付平台证书，40 位大写；③ 自己签名时，原串是 cert_serialno=…&timestamp=…，不是文档网页上被误显示的 ×tamp，末尾没有 echo 带来的换行；④ 签名里的 timestamp、cert_serialno 与正文里的完全相同，timestamp 以秒为单位。",
            "Check in this order: apiclient_key.pem and apiclient_cert.pem are one pair (give openMerchant both and it finds out before the call); the serial number is the merchant API certificate's, not the WeChat Pay platform certificate's, 40 characters in upper case; if you sign yourself, the text is cert_serialno=…&timestamp=… (the document's web page shows ×tamp instead) without echo's newline at its end; timestamp and cert_serialno of the signature are those of the body, the timestamp in seconds.",
        ),
    code(94004, Stop, EndUser)
        .means("用户没有实名信息", "the user has no real-name information")
        .remedy(
            "告诉用户：请先在微信「我 › 服务 › 钱包 › 身份信息」中完成实名认证，然后再试；同时提供别的核验方式。",
            "Tell the user to complete the real-name authentication of WeChat Pay first (in WeChat: Me › Services › Wallet › ID Info), then to try again; and offer another way.",
        ),
    code(94005, AskUserAgain, EndUser)
        .means("用户的 auth_token 无效", "the user's auth_token is not valid")
        .remedy(
            "请用户再点一次按钮，用新的 auth_token 立即调用。每次都这样的话，确认前端小程序的 AppID 与换取 access_token 的是同一个，auth_token 原样传到服务端，并且只用了一次。",
            "Let the user tap the button again and call at once with the new auth_token. If it happens every time, check that the mini program on the phone is the one whose access token is used, and that the auth_token arrives unchanged and is used once.",
        ),
    code(94006, ApplyForPermission, Operator)
        .means("小程序没有获得读取实名信息的授权", "the mini program is not authorised to read real-name information")
        .remedy(
            "请小程序管理员登录 mp.weixin.qq.com，在「设置 › 接口设置」（新版后台为「开发管理 › 接口设置」）查看有没有“实名授权”；据公开信息，2019-11-10 起不再接受新申请，没有开通过的请改用微信人脸核身。",
            "An administrator looks for 实名授权 in the mini program's console (mp.weixin.qq.com: 设置 › 接口设置, or 开发管理 › 接口设置 in newer ones). New applicants are reported to be refused since 2019-11-10: use WeChat's face verification then.",
        ),
    code(94007, FixRequest, Operator)
        .means("小程序与商户号没有绑定关系", "the mini program and the merchant number are not bound to each other")
        .remedy(
            "在微信支付商户平台「产品中心 › AppID账号管理」关联该小程序的 AppID，再由小程序管理员在 mp.weixin.qq.com「微信支付」中确认；然后核对 mchId 正是这个商户号（不是服务商的）。",
            "Link the mini program's AppID in the merchant platform (pay.weixin.qq.com: 产品中心 › AppID账号管理) and confirm it in the mini program's console (微信支付). Then check that mchId is that merchant number and not a service provider's.",
        ),
    code(94008, FixRequest, Operator)
        .means("时间戳 timestamp 不合法：请检查本机时钟", "the timestamp is illegal: check this machine's clock")
        .remedy(
            "用 NTP 校准服务器时钟（timedatectl、chronyc），与微信响应头 Date 比较；容器和虚拟机休眠后常会走慢。自己传 now 或 timestamp 时，须是以秒为单位的当前时间，不是毫秒。允许相差多少，微信没有公布。",
            "Set the machine's clock by NTP (timedatectl, chronyc) and compare it with the Date header of WeChat's replies; containers and virtual machines lag after a sleep. If you hand in now or timestamp yourself: the present, in seconds and not in milliseconds. How far it may be off is not published.",
        ),
    code(94009, FixRequest, Developer)
        .means("证书序列号 cert_serialno 不合法：须是商户API证书的序列号，40 位十六进制", "cert_serialno is illegal: it must be the merchant certificate's serial number, 40 hex digits")
        .remedy(
            "最省事的是把 apiclient_cert.pem 交给 openMerchant，由它读出。手填时：在商户平台「账户中心 › 账户设置 › API安全 › 商户API证书 › 管理证书」查看，或执行 openssl x509 -in apiclient_cert.pem -noout -serial；须为大写、恰好 40 位，开头的 0 不能丢；不要填微信支付平台证书的序列号，也不要填 PUB_KEY_ID_… 公钥ID。",
            "The easiest: hand apiclient_cert.pem to openMerchant, which reads it. By hand: openssl x509 -in apiclient_cert.pem -noout -serial, or the merchant platform (账户中心 › 账户设置 › API安全 › 商户API证书 › 管理证书). Upper case, exactly 40 characters, a leading 0 kept; neither the platform certificate's serial number nor a PUB_KEY_ID_…",
        ),
    code(94010, FixRequest, Developer)
        .means("商户号 mch_id 不合法", "the merchant number is illegal")
        .remedy(
            "核对 mchId：商户平台「账户中心 › 商户信息」里的 10 位（较早的为 8 位）数字，不是 AppID，不是登录账号；它也是 apiclient_cert.pem 主题中的 CN。",
            "Compare mchId with the merchant platform (账户中心 › 商户信息): 8 to 10 digits, neither an AppID nor a login name. It is also the CN in the subject of apiclient_cert.pem.",
        ),
];
