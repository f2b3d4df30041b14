//! The body of a `getrealnameinfo` request as it was sent.

use serde_json::{Map, Value};

use super::{
    check_request,
    evidence::Evidence,
    merchant_files::{self, Files},
    placeholder::unfinished,
    serial,
    settings::percent_encoded,
    signature::{self, Signed},
    text::{Finding, Text, text},
};

pub(super) fn examine(evidence: &Evidence, files: &Files, findings: &mut Vec<Finding>) {
    let Some(request) = &evidence.request else {
        return;
    };
    let Ok(Value::Object(fields)) = serde_json::from_str(request.trim_start_matches('\u{feff}'))
    else {
        findings.push(Finding::error(
            "REQUEST_NOT_JSON",
            "request",
            text("request 不是一个 JSON 对象。", "request is not a JSON object."),
            text(
                "微信返回 47001；这里也就无从检查签名。",
                "WeChat answers 47001; and there is nothing here to check a signature in.",
            ),
            text(
                "保存发送时的请求体原文，例如 {\"auth_token\":…,\"mch_id\":…,\"cert_serialno\":…,\"timestamp\":…,\"sign\":…}。",
                "save the body as it was sent: {\"auth_token\":…,\"mch_id\":…,\"cert_serialno\":…,\"timestamp\":…,\"sign\":…}.",
            ),
        ));
        return;
    };
    if check_request::is_one(&fields) {
        return check_request::examine(&fields, findings);
    }
    for name in ["auth_token", "mch_id", "cert_serialno", "timestamp", "sign"] {
        findings.extend(missing(&fields, name).or_else(|| unfilled(&fields, name)));
    }
    timestamp(&fields, findings);
    for name in ["auth_token", "sign"] {
        let field = format!("request.{name}");
        findings.extend(
            fields
                .get(name)
                .and_then(Value::as_str)
                .and_then(|value| percent_encoded(&field, value)),
        );
    }
    serial_number(evidence, &fields, files, findings);
    merchant_number(evidence, &fields, findings);
    sign(&fields, files, findings);
}

pub(super) fn missing(fields: &Map<String, Value>, name: &str) -> Option<Finding> {
    let empty = match fields.get(name) {
        None | Some(Value::Null) => true,
        Some(Value::String(text)) => text.is_empty(),
        Some(_) => false,
    };
    empty.then(|| {
        Finding::error(
            "REQUEST_FIELD_MISSING",
            &format!("request.{name}"),
            text(
                format!("请求体里没有 {name}，或者它是空的。"),
                format!("the request has no {name}, or an empty one."),
            ),
            text(
                "五个字段都是必填的；缺 cert_serialno 时微信返回 94001。",
                "all five fields are required; without cert_serialno the answer is 94001.",
            ),
            text("补上这个字段。", "add it."),
        )
    })
}

fn unfilled(fields: &Map<String, Value>, name: &'static str) -> Option<Finding> {
    let value = fields.get(name)?.as_str()?;
    // Tokens and signatures are random: any word may be in them.
    let random = matches!(name, "auth_token" | "sign") && value.len() > 40;
    (!random && unfinished(name, value).is_some()).then(|| {
        Finding::error(
            "PLACEHOLDER",
            &format!("request.{name}"),
            text(
                format!("请求体里的 {name} 看起来是占位符或示例值。"),
                format!(
                    "the request's {name} looks like a placeholder, or a sample out of a manual."
                ),
            ),
            text(
                "微信会把它当成真实的值，返回 94005、94009 或 94010。",
                "WeChat takes it at its word and answers 94005, 94009 or 94010.",
            ),
            text("填入真实的值。", "put the real value there."),
        )
        .likely()
    })
}

fn timestamp(fields: &Map<String, Value>, findings: &mut Vec<Finding>) {
    let (number, is_text) = match fields.get("timestamp") {
        Some(Value::Number(number)) => (number.as_f64(), false),
        Some(Value::String(text)) if !text.is_empty() => (text.trim().parse().ok(), true),
        _ => return,
    };
    let mut push = |id, what: Text, how: Text| {
        let why = text(
            "timestamp 必须是 uint32 的当前秒数，否则返回 94008。",
            "timestamp must be the seconds of now as a uint32, or the answer is 94008.",
        );
        findings.push(Finding::error(id, "request.timestamp", what, why, how));
    };
    match number {
        // Seconds reach eleven digits in the year 5138, milliseconds left them in 1973.
        Some(number) if number >= 1e11 => push(
            "TIMESTAMP_MILLISECONDS",
            text("timestamp 是毫秒。", "timestamp is in milliseconds."),
            text(
                "除以 1000 取整：Math.floor(Date.now() / 1000)；签名串里用同一个值。",
                "divide by 1000: Math.floor(Date.now() / 1000); and sign the same value.",
            ),
        ),
        Some(number) if number.fract() != 0.0 || !(1e9..=4_294_967_295.0).contains(&number) => {
            push(
                "TIMESTAMP_MALFORMED",
                text(
                    "timestamp 不是当前的整秒数。",
                    "timestamp is not whole seconds of now.",
                ),
                text(
                    "用 Math.floor(Date.now() / 1000)。",
                    "use Math.floor(Date.now() / 1000).",
                ),
            )
        }
        None => push(
            "TIMESTAMP_MALFORMED",
            text("timestamp 不是数字。", "timestamp is no number."),
            text(
                "用 Math.floor(Date.now() / 1000)。",
                "use Math.floor(Date.now() / 1000).",
            ),
        ),
        Some(_) if is_text => push(
            "TIMESTAMP_TEXT",
            text(
                "timestamp 是字符串，应为数字。",
                "timestamp is a string; it must be a number.",
            ),
            text("去掉两边的引号。", "take the quotes off."),
        ),
        Some(_) => {}
    }
}

fn serial_number(
    evidence: &Evidence,
    fields: &Map<String, Value>,
    files: &Files,
    findings: &mut Vec<Finding>,
) {
    let Some(given) = fields
        .get("cert_serialno")
        .and_then(Value::as_str)
        .filter(|given| !given.is_empty())
    else {
        return;
    };
    let field = "request.cert_serialno";
    if findings
        .iter()
        .any(|finding| finding.field.as_deref() == Some(field))
    {
        return;
    }
    findings.extend(serial::malformed(field, given, false));
    let (Some(given), Some(own)) = (serial::meant(given), &files.certificate) else {
        return;
    };
    if given != own.serial_no {
        findings.push(merchant_files::other_serial(
            field,
            &given,
            own,
            &[],
            evidence,
        ));
    }
}

fn merchant_number(evidence: &Evidence, fields: &Map<String, Value>, findings: &mut Vec<Finding>) {
    let Some(configured) = &evidence.mch_id else {
        return;
    };
    let given = match fields.get("mch_id") {
        Some(Value::String(text)) if !text.is_empty() => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => return,
    };
    if given != *configured {
        findings.push(Finding::error(
            "MCH_ID_DIFFERS",
            "request.mch_id",
            text(
                "请求里的 mch_id 和配置的 mchId 不同。",
                "the request's mch_id is not the configured mchId.",
            ),
            text(
                "微信用 mch_id 那个商户的证书验签：返回 94003、94009 或 94007。",
                "WeChat checks with the certificate of that merchant: 94003, 94009 or 94007.",
            ),
            text(
                "两处用同一个商户号。",
                "use one merchant number in both places.",
            ),
        ));
    }
}

fn sign(fields: &Map<String, Value>, files: &Files, findings: &mut Vec<Finding>) {
    let given = fields
        .get("sign")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let Some(key) = files.wechats_key().filter(|_| !given.is_empty()) else {
        return;
    };
    let field = "request.sign";
    let why = || {
        text(
            "微信返回 94003（签名错误），不说明原因。",
            "WeChat answers 94003 (wrong signature), and never says why.",
        )
    };
    let right_way = || {
        text(
            "对 cert_serialno={大写序列号}&timestamp={秒} 做 RSASSA-PKCS1-v1_5 + SHA-256 签名，再 base64（一行）；本库的 merchant.sign(timestamp) 就是这样做的。",
            "sign cert_serialno={serial, upper case}&timestamp={seconds} with RSASSA-PKCS1-v1_5 and SHA-256, then base64 on one line; this library's merchant.sign(timestamp) does that.",
        )
    };
    let error = |id, what: Text| Finding::error(id, field, what, why(), right_way());
    if findings
        .iter()
        .any(|finding| finding.field.as_deref() == Some(field))
    {
        return;
    }
    let Some(bytes) = signature::bytes_of(given) else {
        findings.push(error(
            "SIGN_NOT_BASE64",
            text("sign 不是 base64。", "sign is not base64."),
        ));
        return;
    };
    if bytes.len() != key.size() {
        findings.push(error(
            "SIGN_LENGTH",
            text(
                format!(
                    "sign 解码后是 {} 字节，这把密钥的签名应为 {} 字节。",
                    bytes.len(),
                    key.size()
                ),
                format!(
                    "sign has {} bytes; a signature of this key has {}.",
                    bytes.len(),
                    key.size()
                ),
            ),
        ));
        return;
    }
    if let Some(what) = wrapping(given) {
        findings.push(error("SIGN_ENCODING", what));
    }
    let own = files.serial_no();
    match signature::what_was_signed(fields, own, key, &bytes) {
        Signed::Right => {}
        Signed::Differently(faults) => {
            let list = |pick: fn(&Text) -> &str, between| {
                faults.iter().map(pick).collect::<Vec<_>>().join(between)
            };
            findings.push(error(
                "SIGNED_ANOTHER_STRING",
                text(
                    format!(
                        "sign 签的不是微信要求的字符串：{}。",
                        list(|text| &text.zh, "；")
                    ),
                    format!(
                        "sign is not of the string that WeChat expects: {}.",
                        list(|text| &text.en, "; ")
                    ),
                ),
            ));
        }
        Signed::Unknown => findings.push(signed_by_another(fields, files, own, key, &bytes, error)),
    }
}

/// Whose signature it may be that fits nothing.
fn signed_by_another(
    fields: &Map<String, Value>,
    files: &Files,
    own: Option<&str>,
    key: &crate::merchant::inspect::PublicKey,
    bytes: &[u8],
    error: impl Fn(&'static str, Text) -> Finding,
) -> Finding {
    let others = files
        .keys
        .iter()
        .filter(|other| *other != key && other.size() == bytes.len());
    for other in others {
        if signature::what_was_signed(fields, own, other, bytes) != Signed::Unknown {
            return error(
                "SIGNED_BY_ANOTHER_KEY",
                text(
                    "sign 是 privateKey 签的，但这把私钥不是证书的。",
                    "sign was made with privateKey, which is not the key of the certificate.",
                ),
            );
        }
    }
    error(
        "SIGNATURE_UNKNOWN",
        text(
            "sign 不是这张证书的私钥对这个请求的签名，也不是常见的几种错误写法：多半是用了另一把私钥，或 sign 与 timestamp 不是同一次生成的。",
            "sign is no signature of this request by the certificate's key, nor of any string that is often signed by mistake: probably it was made with another private key, or sign and timestamp are of two different calls.",
        ),
    )
    .likely()
}

/// How the base64 was written, where it is not how WeChat reads it.
fn wrapping(sign: &str) -> Option<Text> {
    if sign.contains(char::is_whitespace) {
        return Some(text(
            "sign 的 base64 里有换行或空格（openssl base64 默认每 64 字符换行）",
            "the base64 of sign has line ends or spaces in it (`openssl base64` wraps by default; -A or `base64 -w 0` does not)",
        ));
    }
    if sign.contains(['-', '_']) {
        return Some(text(
            "sign 用了 URL 安全的 base64（- 和 _）：应为标准 base64（+ 和 /）",
            "sign is base64 for URLs (- and _); it must be standard base64 (+ and /)",
        ));
    }
    (sign.bytes().all(|byte| byte.is_ascii_hexdigit())).then(|| {
        text(
            "sign 是十六进制：应为 base64",
            "sign is in hex; it must be base64",
        )
    })
}
