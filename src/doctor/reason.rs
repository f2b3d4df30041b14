//! The core's reasons for refusing a file, a setting, a reply or a push, in Chinese.

/// What the core said in English of a file, a setting, a reply or a push, in Chinese; where there is no translation, the
/// English.
pub fn in_chinese(reason: &str) -> String {
    let known = REASONS.iter().find(|(part, _)| reason.contains(part));
    known.map_or_else(|| reason.to_owned(), |(_, chinese)| (*chinese).to_owned())
}

/// A part of the English text that no earlier line has → the Chinese one.
const REASONS: &[(&str, &str)] = &[
    (
        "UTF-16",
        "是 UTF-16 文本（PowerShell 的 > 会写成这样），请另存为 UTF-8",
    ),
    ("neither text nor DER", "既不是文本，也不是 DER"),
    ("no -----END line", "不完整：有一段没有 -----END 行"),
    (
        "between its lines is not base64",
        "已损坏：两行标记之间的内容不是 base64",
    ),
    (
        "neither a key nor a certificate",
        "已损坏：里面既不是密钥也不是证书",
    ),
    ("shorter than it says", "不完整或已损坏：内容比它声明的短"),
    ("PuTTY", "是 PuTTY 密钥，请用 PuTTYgen 导出为 PEM"),
    ("is JSON", "是 JSON，这里要的是 PEM 文件的内容"),
    ("name of a file", "像是文件名，这里要的是文件的内容"),
    (
        "does not come out even",
        "不完整或已损坏：base64 的长度不对",
    ),
    (
        "is no PEM",
        "不是 PEM（没有 -----BEGIN 行），不是 DER，也不是它们的 base64",
    ),
    ("64 KiB", "不是 64 KiB 以内的文件"),
    ("missing or empty", "没有内容"),
    ("is empty", "没有内容"),
    ("hand in its password", "是加密的私钥，还需要给出密码"),
    (
        "not the one of this key",
        "密码不是这个私钥的（或文件已损坏）",
    ),
    ("not the one of this p12", "密码不是这个 p12 的"),
    (
        "does not open with the merchant number",
        "需要密码：这个 p12 用商户号打不开",
    ),
    (
        "600,000 iterations",
        "派生密钥的计算量超过 600,000 次迭代或 32 MiB，请用较小的参数重新加密",
    ),
    (
        "is encrypted in a way that is not read",
        "加密方式不受支持（支持 PBKDF2 或 scrypt 下的 AES 和 3DES）",
    ),
    (
        "is protected in a way that is not read",
        "加密方式不受支持，请转成 PEM 后作为 privateKey：openssl pkcs12 -legacy -nodes -in old.p12 -out bundle.pem（OpenSSL 1 不加 -legacy）",
    ),
    (
        "too weak to be kept",
        "加密方式太弱（PBES1 或 Proc-Type: 4,ENCRYPTED），请转换：openssl pkcs8 -topk8 -v2 aes-256-cbc -in old.pem -out new.pem（RC2、RC4、DES 还要加 -provider legacy -provider default）",
    ),
    ("cut off, or damaged", "里面的证书不完整或已损坏"),
    ("not an encrypted key", "已损坏：不是加密私钥的格式"),
    ("body is not PKCS#12", "已损坏：不是 PKCS#12 格式"),
    (
        "is not a PKCS#12 file",
        "不是 PKCS#12（.p12）文件；PEM 和 DER 请作为 privateKey 和 certificate",
    ),
    ("holds no private key", "里面没有私钥"),
    (
        "holds no certificate",
        "里面没有证书，请另外给出序列号 certSerialNo",
    ),
    ("2048 to 8192 bits", "必须是 2048 到 8192 位的 RSA 密钥"),
    ("public exponent of more", "公钥指数超过 32 位"),
    ("public exponent that is even", "公钥指数是偶数或小于 3"),
    ("more than five primes", "素数超过 5 个"),
    ("do not fit together", "各部分对不上，文件已损坏"),
    ("one prime twice", "两个素数相同，不是有效的密钥"),
    (
        "PSS signatures only",
        "是只能做 PSS 签名的 RSA 密钥（RSASSA-PSS）",
    ),
    (
        "SM2",
        "是国密 SM2 密钥；getrealnameinfo 用商户API证书的 RSA 密钥",
    ),
    ("elliptic-curve", "是椭圆曲线密钥，不是 RSA 密钥"),
    ("another algorithm than RSA", "不是 RSA 密钥"),
    ("body is not PKCS#8", "已损坏：不是 PKCS#8 格式"),
    (
        "body is not an RSA key",
        "已损坏：不是 RSA 私钥（PKCS#1）格式",
    ),
    (
        "is a certificate request (CSR), not",
        "是证书请求（CSR），不是私钥",
    ),
    (
        "is a certificate request",
        "是证书请求（CSR），由它签发的证书才是 apiclient_cert.pem",
    ),
    (
        "is a certificate, not a private key",
        "是证书，不是私钥；私钥在 apiclient_key.pem",
    ),
    (
        "is a private key, not a certificate",
        "是私钥，不是证书；证书在 apiclient_cert.pem",
    ),
    (
        "is a public key, not a private",
        "是公钥，不是私钥；私钥在 apiclient_key.pem",
    ),
    (
        "is a public key, not a certificate",
        "是公钥，不是证书；证书在 apiclient_cert.pem",
    ),
    (
        "OpenSSH",
        "是 OpenSSH 格式，请用 ssh-keygen -p -m PEM -f 文件名 转换",
    ),
    (
        "PKCS#12 file (.p12)",
        "是 PKCS#12（.p12）文件，请作为 p12 给出",
    ),
    (
        "holds certificates only",
        "是 PKCS#7（.p7b）文件，里面只有证书，没有私钥",
    ),
    (
        "PKCS#7",
        "是 PKCS#7（.p7b）文件，请给出证书本身 apiclient_cert.pem",
    ),
    ("of another kind than a private key", "不是私钥"),
    ("of another kind than a certificate", "不是证书"),
    ("not an X.509 certificate", "已损坏：不是 X.509 证书"),
    ("RSA key of a usable size", "证书里没有长度合适的 RSA 公钥"),
    (
        "other than 40 hex digits",
        "序列号不是 40 位十六进制字符：不是商户API证书",
    ),
    (
        "keys of several merchants",
        "里面有多个商户的私钥，请给出对应的证书",
    ),
    (
        "not the key of the certificate",
        "和证书不是一对：是别的商户的，或证书更新后换了新的私钥",
    ),
    ("cannot be opened", "打不开"),
    (
        "id of a WeChat Pay public key",
        "是微信支付公钥的 ID，不是商户API证书的序列号",
    ),
    (
        "must be 40 hex digits",
        "应为 40 位十六进制字符：商户API证书的序列号",
    ),
    (
        "the merchant certificate, or its serial number",
        "缺少商户API证书，或它的序列号",
    ),
    ("must be digits only", "应为纯数字的微信支付商户号"),
    (
        "not the serial number of the certificate",
        "不是这张证书的序列号",
    ),
    ("console's 消息校验Token", "应为后台的消息校验Token"),
    ("platform's own app id", "应为第三方平台自己的 AppID"),
    (
        "43 letters and digits",
        "应为后台的消息加解密Key：43 位字母和数字",
    ),
    (
        "has no <Encrypt>",
        "请求体里没有 <Encrypt>：不是发给第三方平台的推送，那些推送都是加密的",
    ),
    (
        "did not open into an event",
        "解密后的内容不对：消息加解密Key 或第三方平台的 AppID 不是后台的那个，或请求体被改动过",
    ),
    ("the body is not UTF-8", "请求体不是 UTF-8 文本"),
    ("the XML ", "请求体不是微信推送的 XML，或已被改动"),
    ("the reply is empty", "回复是空的"),
    (
        "the reply is not a JSON object",
        "回复不是 JSON 对象（是不是代理返回的网页？）",
    ),
    ("the reply is not valid JSON", "回复不是合法的 JSON"),
    ("the reply is larger than", "回复超过 1 MiB，不会是微信的"),
    (
        "real_name of the reply is missing",
        "回复里没有加密的姓名，或有两个",
    ),
    (
        "credential_id of the reply is missing",
        "回复里没有加密的身份证号，或有两个",
    ),
    (
        "ciphertext of the reply is not base64",
        "回复里的密文不是 base64",
    ),
    (
        "cipher_real_name of the reply is",
        "回复里的 cipher_real_name 不完整或已损坏：不是 base64，或长度不是 16 字节的倍数",
    ),
    (
        "cipher_algorithm of the reply",
        "回复的 cipher_algorithm 是这个版本不认识的算法",
    ),
    (
        "a field of the reply is missing",
        "回复里缺少字段，或字段的类型不对",
    ),
    (
        "the 32 characters that WeChat gave the hospital",
        "应为微信给医院的 32 个字符本身，不是它的十六进制或 base64",
    ),
    ("has white space at its start", "开头或结尾有空白"),
    ("has control characters", "含有控制字符（例如换行）"),
    ("is not base64", "不是 base64"),
    (
        "is not as long as the",
        "密文的长度与私钥不符：多半是另一个商户号的私钥，或换证书前后的私钥",
    ),
];
