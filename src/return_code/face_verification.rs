//! `getverifyid` and `queryverifyinfo`: WeChat lists their numbers together.

use super::{
    Action::{AskUserAgain, FixRequest},
    ReturnCode,
    Who::{Developer, EndUser},
    entry::{Entry, code, codes},
};

/// Their own numbers.
pub(crate) const CODES: &[ReturnCode] = &codes::<{ ENTRIES.len() }>(&[ENTRIES]);

pub(super) const ENTRIES: &[Entry] = &[
    code(40003, FixRequest, Developer)
        .means("openid 无效", "the openid is not valid")
        .remedy(
            "openid 须是该用户在这个小程序下的 openid（服务端用 wx.login 的 code 换取），不是 unionid，也不是公众号或别的小程序下的；access_token 须属于同一个小程序。",
            "It must be the user's openid in this mini program (from the code of wx.login, on the server), no unionid and none of another app; the access token must be of the same mini program.",
        ),
    code(84010, FixRequest, Developer)
        .means("缺少业务流水号 out_seq_no", "out_seq_no is missing")
        .remedy("每次核身生成一个自己的流水号，getVerifyId 与 queryVerifyInfo 传同一个。", "Make a serial number of your own for each verification, and hand the same one to getVerifyId and queryVerifyInfo."),
    code(84011, FixRequest, Developer)
        .means("业务流水号 out_seq_no 的格式不对", "out_seq_no is malformed")
        .remedy("须为 5–32 个字符，只含数字、大小写字母、_ 和 -。", "It has 5 to 32 characters: digits, letters, _ and - alone."),
    code(84012, FixRequest, Developer)
        .means("缺少证件信息 cert_info", "cert_info is missing")
        .remedy(
            "cert_info 是一个对象，含 cert_type、cert_name、cert_no 三项，不要写成字符串；检查代理或序列化是否丢掉了它。",
            "It is an object of cert_type, cert_name and cert_no, and no text; look for a proxy or serialiser that drops it.",
        ),
    code(84013, FixRequest, Developer)
        .means("证件类型 cert_type 无效", "cert_type is not valid")
        .remedy("目前只支持大陆第二代居民身份证，固定填 IDENTITY_CARD。", "Mainland ID cards of the second generation are the only kind: it is always IDENTITY_CARD."),
    code(84014, FixRequest, EndUser)
        .means("姓名 cert_name 无效：为空或不是 UTF-8", "cert_name is not valid: empty or not UTF-8")
        .remedy(
            "请用户核对姓名（与身份证一致，含 ·）；服务端以 UTF-8 发送，不要用 GBK。",
            "Let the user check the name (as on the ID card, with its ·), and send it in UTF-8, not in GBK.",
        ),
    code(84015, FixRequest, EndUser)
        .means("证件号码 cert_no 无效", "cert_no is not valid")
        .remedy(
            "请用户核对身份证号：18 位，末位 X 大写，没有空格。可先用 checkIdCard 在表单里检查。",
            "Let the user check the ID number: 18 characters, a last X in upper case, no spaces. checkIdCard finds most mistakes in the form.",
        ),
    code(84016, FixRequest, Developer)
        .means("缺少 openid", "the openid is missing")
        .remedy("两个接口都要传 openid：取自服务端的登录态，不要由前端传来。", "Both interfaces want it: take it from the session on the server, not from what the front end sends."),
    code(84017, FixRequest, Developer)
        .means("openid 与 getVerifyId 时的不一致", "the openid differs from getVerifyId's")
        .remedy(
            "查询要用发起核身的那个用户的 openid：把它与 out_seq_no 存在一起。若前端换过账号，请从头再做一次核身。",
            "Ask with the openid of the user for whom the verification was begun: keep it beside out_seq_no. If the account on the phone was changed, begin anew.",
        ),
    code(84018, FixRequest, Developer)
        .means("cert_hash 无效，或与发起时的证件信息不一致", "cert_hash is not valid, or differs from the data that it was begun with")
        .remedy(
            "cert_hash 是对「cert_type=B(cert_type)&cert_name=B(cert_name)&cert_no=B(cert_no)」求 SHA-256 的小写十六进制，B 为 UTF-8 文本的标准 Base64（保留 = 号）；三项须与 getVerifyId 时完全相同。错在哪里，可用 npx wechat-realname cert-hash 查出。",
            "It is the SHA-256, in lower-case hex, of cert_type=B(type)&cert_name=B(name)&cert_no=B(number), B being the standard base64 of the UTF-8 text (with its =); all three exactly as in getVerifyId. npx wechat-realname cert-hash finds the mistake in one.",
        ),
    code(84019, FixRequest, Developer)
        .means("业务流水号 out_seq_no 已存在", "out_seq_no exists already")
        .remedy(
            "流水号在一个 AppID 下不能重复：换一个新的再调用 getVerifyId。上一次调用超时的，也请换新的。",
            "It must be unique for the app id: call getVerifyId again with a new one, also where the last call timed out.",
        ),
    code(84020, FixRequest, Developer)
        .means("业务流水号 out_seq_no 与 getVerifyId 时的不一致", "out_seq_no differs from getVerifyId's")
        .remedy("verify_id 与 out_seq_no 要成对保存、成对使用，不要与另一次核身的混用。", "Keep verify_id and out_seq_no as a pair, and do not mix those of two verifications."),
    code(84021, FixRequest, Developer)
        .means("缺少 verify_id", "verify_id is missing")
        .remedy("传 getVerifyId 返回的 verify_id（最长 256 个字符），检查存储时是否被截断。", "Hand in what getVerifyId returned (up to 256 characters), and see that it is not cut off where it is kept."),
    code(84022, AskUserAgain, EndUser)
        .means("verify_id 已过期（有效期 1 小时）", "verify_id has expired: it lives for an hour")
        .remedy(
            "用新的 out_seq_no 重新调用 getVerifyId，请用户再做一次人脸核身；结果请在用户完成后立即查询。",
            "Call getVerifyId with a new out_seq_no and let the user have the face checked again; ask for the result as soon as the user is back.",
        ),
];
