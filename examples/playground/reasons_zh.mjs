// The core's sentences in Chinese, by their English text. One that is missing here is shown in English.

export const causes = {
  DECRYPTION_FAILED: [
    '私钥（privateKey）是另一个商户号的',
    '商户API证书已更换，而这是旧私钥',
    'certSerialNo 不是这把私钥对应的证书的序列号',
    '密文在途中被改动或截断',
  ],
  INVALID_SIGNATURE: [
    'Token 与第三方平台后台的“消息校验Token”不一致',
    '请求体在途中被改动或解析过（应原样交出收到的字节）',
    '这条推送不是微信发出的',
  ],
  MEDICAL: [
    '密钥是另一家医院或另一个环境的',
    '密钥与返回里的 key_version 不是同一版',
    '密文在途中被改动或截断',
  ],
  MALFORMED_PUSH: [
    'EncodingAESKey 与后台的“消息加解密Key”不一致（如果更换过，请把旧的也填上）',
    'component_appid 不是这个第三方平台自己的 AppID',
    '内容不是授权事件的 XML（“授权事件接收URL”与“消息与事件接收URL”是不是填反了？）',
  ],
};

export const reasons = {
  // Keys and certificates.
  'is empty': '是空的',
  'is missing': '没有填写',
  'is missing or empty': '没有填写',
  'certSerialNo is not the serial number of the certificate': 'certSerialNo 与证书的序列号不一致',
  'privateKey is not the key of the certificate: the two are of different merchants, or the certificate was renewed with a new key':
    '私钥与证书不是一对：两者属于不同的商户，或证书已更换而私钥还是旧的',
  'is missing: hand in the merchant certificate, or its serial number': '缺少证书：请提供商户API证书，或填写它的序列号',
  'must be digits only: the WeChat Pay merchant number': '只能是数字：微信支付商户号',
  "must be 40 hex digits: the merchant certificate's serial number": '应为 40 位十六进制：商户API证书的序列号',
  "is the id of a WeChat Pay public key: what belongs here is the merchant certificate's serial number":
    '这是“微信支付公钥ID”；这里要填的是商户API证书的序列号',
  'is a PKCS#12 file (.p12): hand it in as p12, without privateKey': '这是 PKCS#12 文件（.p12），请先按下面的命令转换成 PEM',
  'is a PKCS#12 file (.p12): hand it in as p12, without certificate': '这是 PKCS#12 文件（.p12），请先按下面的命令转换成 PEM',
  'is a PKCS#7 file (.p7b): it holds certificates only, and no key': '这是 PKCS#7 文件（.p7b），里面只有证书，没有私钥',
  'is a PKCS#7 file (.p7b); hand in the certificate itself, apiclient_cert.pem':
    '这是 PKCS#7 文件（.p7b），请提供证书本身：apiclient_cert.pem',
  'is JSON; what belongs here is the text of a PEM file': '这是 JSON，这里需要 PEM 文件的内容',
  "is UTF-16 text (PowerShell's > writes it): save it as UTF-8": '这是 UTF-16 文本（PowerShell 的 > 会写成这样），请另存为 UTF-8',
  'is a PuTTY key: PuTTYgen exports it as an OpenSSH or PEM key': '这是 PuTTY 的私钥，请用 PuTTYgen 导出为 OpenSSH 或 PEM 格式',
  'is an OpenSSH key, not PEM; `ssh-keygen -p -m PEM -f file` converts it in place':
    '这是 OpenSSH 私钥，不是 PEM；`ssh-keygen -p -m PEM -f file` 可以原地转换',
  'is a certificate request (CSR), not a private key': '这是证书请求（CSR），不是私钥',
  'is a certificate request (CSR); the certificate that came of it is apiclient_cert.pem':
    '这是证书请求（CSR）；签发出来的证书是 apiclient_cert.pem',
  'is a certificate, not a private key; the key is in apiclient_key.pem': '这是证书，不是私钥；私钥在 apiclient_key.pem 里',
  'is a private key, not a certificate; that one is apiclient_cert.pem': '这是私钥，不是证书；证书是 apiclient_cert.pem',
  'is a public key, not a certificate; that one is apiclient_cert.pem': '这是公钥，不是证书；证书是 apiclient_cert.pem',
  'is a public key, not a private one; the key is in apiclient_key.pem': '这是公钥，不是私钥；私钥在 apiclient_key.pem 里',
  'is a key of another algorithm than RSA': '不是 RSA 密钥',
  'is an RSA key for PSS signatures only (RSASSA-PSS)': '这把 RSA 密钥只能用于 PSS 签名（RSASSA-PSS）',
  'is an SM2 key; getrealnameinfo takes the RSA key of a merchant certificate':
    '这是国密 SM2 密钥；getrealnameinfo 需要商户API证书的 RSA 私钥',
  'is an elliptic-curve key, not an RSA key': '这是椭圆曲线密钥，不是 RSA 密钥',
  'is an encrypted key: hand in its password as well': '这是加密的私钥，请先按下面的命令解密',
  'must have 2048 to 8192 bits': '应为 2048 至 8192 位',
  'has parts that do not fit together: it is damaged': '各部分对不上：文件已损坏',
  'has a serial number of other than 40 hex digits: not a merchant API certificate': '序列号不是 40 位十六进制：不是商户API证书',
  'holds no certificate: hand in its serial number as certSerialNo': '里面没有证书：请填写证书序列号',
  'holds the keys of several merchants: hand in the certificate of the right one': '里面有多个商户的私钥：请提供对应的那张证书',
  'is cut off, or damaged: base64 that does not come out even': '内容不完整或已损坏：base64 的长度不对',
  'is cut off, or damaged: it is shorter than it says': '内容不完整或已损坏：比声明的长度短',
  'is cut off: one of its blocks has no -----END line': '内容不完整：有一段缺少 -----END 行',
  'is damaged: what stands between its lines is not base64': '已损坏：首尾两行之间的内容不是 base64',
  'is damaged: what it holds is neither a key nor a certificate': '已损坏：里面既不是私钥，也不是证书',
  'is damaged: its body is not PKCS#8': '已损坏：内容不是 PKCS#8',
  'is damaged: its body is not an RSA key (PKCS#1)': '已损坏：内容不是 RSA 私钥（PKCS#1）',
  'is damaged: its body is not an X.509 certificate': '已损坏：内容不是 X.509 证书',
  'is neither text nor DER': '既不是文本，也不是 DER',
  'is no PEM (it has no -----BEGIN line), no DER, and no base64 of either':
    '不是 PEM（没有 -----BEGIN 行），不是 DER，也不是它们的 base64',
  'is of another kind than a certificate': '不是证书',
  'is of another kind than a private key': '不是私钥',
  'looks like the name of a file: hand in what is in the file': '这像是文件名：请粘贴文件的内容',
  "is not as long as the key's modulus: another key's ciphertext, or not all of it":
    '长度与私钥不符：是用另一把公钥加密的，或密文不完整',
  'has more than five primes': '质数多于五个：不是常规的 RSA 私钥',
  'has one prime twice': '有两个相同的质数：不是合法的 RSA 私钥',
  'has a public exponent that is even or below 3': '公钥指数是偶数或小于 3：不是合法的 RSA 密钥',
  'has a public exponent of more than 32 bits': '公钥指数超过 32 位：不是常规的 RSA 密钥',
  'does not hold an RSA key of a usable size': '里面没有长度可用的 RSA 公钥',
  // Calls and replies.
  'has the wrong type, or is far too long': '类型不对，或太长',
  'must be whole seconds since 1970-01-01 (milliseconds are too many)':
    '应为 1970-01-01 以来的秒数，整数，10 位数字；13 位的是毫秒，请除以 1000',
  'has white space at its start or end': '开头或结尾有空白',
  'has control characters in it': '含有控制字符（例如换行）',
  'is percent-encoded: hand it over exactly as the mini program received it':
    '是百分号编码过的（有 %2B 之类）：请原样使用小程序收到的值，不要编码',
  'errcode or errmsg of the reply has the wrong type': '返回里 errcode 或 errmsg 的类型不对',
  "this operation signs with the merchant's key: hand in what openMerchant returned":
    '这个接口要用商户私钥签名：请先在“商户证书”里读入私钥',
  'has characters that no access token has, or too many: hand over the text of `access_token` alone':
    '含有 access token 不会有的字符，或太长：只填 `access_token` 的值',
  'the reply is empty': '返回内容为空',
  "the reply is not a JSON object (a proxy's page?)": '返回内容不是 JSON 对象（会不会是代理的页面？）',
  'the reply is not valid JSON': '返回内容不是合法的 JSON',
  'a field of the reply is missing or has the wrong type': '返回里缺少字段，或字段类型不对',
  'encryted_real_name of the reply is missing or ambiguous': '返回里没有 encryted_real_name，或两种拼写的值不一致',
  'encryted_credential_id of the reply is missing or ambiguous': '返回里没有 encryted_credential_id，或两种拼写的值不一致',
  'a ciphertext of the reply is not base64': '密文不是 base64',
  "a ciphertext of the reply is not as long as the merchant's key": '密文的长度与商户私钥不符：是用另一张证书加密的，或不完整',
  // Hospitals and faces.
  'each key must be the 32 characters that WeChat gave the hospital, not hex or base64 of them':
    '应为微信给医院的 32 个字符本身，不是它的十六进制或 base64',
  'cipher_real_name of the reply is not base64': '返回里的 cipher_real_name 不是 base64',
  'cipher_real_name of the reply is no whole number of blocks': '返回里的 cipher_real_name 不完整：长度不是 16 字节的倍数',
  'cipher_algorithm of the reply is one that this version does not know': '返回里的 cipher_algorithm 是这个版本不认识的算法',
  'the reply is about another user or mini program': '返回里的用户或小程序不是调用时的',
  // Pushes.
  "must be the 43 letters and digits of the console's 消息加解密Key (EncodingAESKey)":
    '应为后台“消息加解密Key”（EncodingAESKey）的 43 个字母和数字',
  "must be the console's 消息校验Token": '应为后台的“消息校验Token”',
  "must be the platform's own app id (component_appid)": '应为第三方平台自己的 AppID（component_appid）',
  "the XML has a DOCTYPE: no push of WeChat's has": 'XML 里有 DOCTYPE：微信的推送不会有',
  'the XML is not well-formed': 'XML 格式不正确',
  'the XML has characters that XML does not allow': 'XML 里有不允许的字符',
  "the XML has a processing instruction: no push of WeChat's has": 'XML 里有处理指令：微信的推送不会有',
  'the XML is larger or deeper than any push': 'XML 太大或层次太深：微信的推送不会这样',
  'the XML has text beside elements': 'XML 的元素之间有文字',
  'the XML is not of version 1.0 in UTF-8': 'XML 不是 1.0 版本、UTF-8 编码',
  'the XML refers to an entity that XML does not have': 'XML 里有未定义的实体',
  'the body is not UTF-8': '请求体不是 UTF-8',
  "the body is larger than 1 MiB: no push of WeChat's is": '请求体超过 1 MiB：微信的推送没有这么大',
  'the body is larger than 1 MiB: no push of WeChat’s is': '请求体超过 1 MiB：微信的推送没有这么大',
  "the body has no <Encrypt>: it is no push to a third-party platform's URL, which are all encrypted":
    '请求体里没有 <Encrypt>：第三方平台收到的推送都是加密的，这不是其中之一',
  'the body has more than one <Encrypt>, or elements in it': '请求体里有多个 <Encrypt>，或其中还有元素',
};
