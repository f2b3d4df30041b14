//! The strings that people sign in the place of the right one, each with what is wrong about it.

use sha2::{Digest, Sha256};

use super::text::{Text, text};
use crate::merchant::inspect::Scheme;

/// One choice of each: the piece of the string, and what is wrong with it, if anything is.
pub(super) type Choice = (String, Option<Text>);

pub(super) fn serials(given: &str, own: Option<&str>) -> Vec<Choice> {
    let mut choices = vec![(given.to_owned(), None)];
    let mut add = |serial: String, zh: &str, en: &str| {
        if !serial.is_empty() && choices.iter().all(|(known, _)| *known != serial) {
            choices.push((serial, Some(text(zh, en))));
        }
    };
    add(
        given.to_uppercase(),
        "签名里的序列号是大写，请求里的不是",
        "the serial number is upper case in the signed string and not in the request",
    );
    add(
        given.to_lowercase(),
        "签名里的序列号用了小写",
        "the serial number is lower case in the signed string",
    );
    if let Some(own) = own {
        let other = (
            "签名里的序列号和请求里的 cert_serialno 不是同一个",
            "the serial number in the signed string is another one than the request's cert_serialno",
        );
        add(own.to_owned(), other.0, other.1);
        add(own.to_lowercase(), other.0, other.1);
    }
    choices
}

pub(super) fn timestamps(given: &str) -> Vec<Choice> {
    let mut choices = vec![(given.to_owned(), None)];
    if let Ok(number) = given.parse::<u64>() {
        if number < 100_000_000_000 {
            choices.push((
                format!("{given}000"),
                Some(text(
                    "签名里的 timestamp 是毫秒，请求里的是秒",
                    "the timestamp is in milliseconds in the signed string and in seconds in the request",
                )),
            ));
        } else {
            choices.push((
                (number / 1000).to_string(),
                Some(text(
                    "签名里的 timestamp 是秒，请求里的是毫秒",
                    "the timestamp is in seconds in the signed string and in milliseconds in the request",
                )),
            ));
        }
    }
    choices
}

pub(super) fn bodies(serial: &str, time: &str, mch_id: &str, auth_token: &str) -> Vec<Choice> {
    let s = format!("cert_serialno={serial}");
    let t = format!("timestamp={time}");
    let wrong = |body: String, zh: &str, en: &str| (body, Some(text(zh, en)));
    let mut choices = vec![
        (format!("{s}&{t}"), None),
        wrong(
            format!("{s}×tamp={time}"),
            "签名串里是 ×tamp：网页把 &timestamp 的 &times 显示成了 ×，被原样复制了",
            "the signed string says ×tamp: a page showed the &times of &timestamp as ×, and it was copied so",
        ),
        wrong(
            format!("{s}&amp;{t}"),
            "签名串里是 &amp;timestamp：& 被 HTML 转义了",
            "the signed string says &amp;timestamp: the & was escaped for HTML",
        ),
        wrong(
            format!("{t}&{s}"),
            "签名串的顺序反了：应先 cert_serialno 后 timestamp",
            "the order is swapped: cert_serialno comes first, then timestamp",
        ),
        wrong(format!("{s}{t}"), "签名串里缺少 &", "the & is missing"),
        wrong(
            format!("{s}\n{t}"),
            "签名串用换行代替了 &",
            "a line end stands in the place of the &",
        ),
        wrong(
            format!("cert_serialno=\"{serial}\"&timestamp=\"{time}\""),
            "签名串里的值带了引号",
            "the values are in quotes",
        ),
        wrong(
            format!("cert_serialno={{{serial}}}&timestamp={{{time}}}"),
            "签名串里的值带了文档里的花括号",
            "the values are in the braces of the document",
        ),
        wrong(
            format!("serial_no={serial}&{t}"),
            "签名串里的名字是 serial_no：应为 cert_serialno",
            "the name is serial_no in the signed string; it must be cert_serialno",
        ),
        wrong(
            format!("cert_serial_no={serial}&{t}"),
            "签名串里的名字是 cert_serial_no：应为 cert_serialno",
            "the name is cert_serial_no in the signed string; it must be cert_serialno",
        ),
        wrong(
            format!("{serial}{time}"),
            "签名串里只有值，没有名字",
            "the string has the values alone, without their names",
        ),
    ];
    let (a, m) = (
        format!("auth_token={auth_token}"),
        format!("mch_id={mch_id}"),
    );
    for (more, zh, en) in [
        (vec![&m], "mch_id", "mch_id"),
        (vec![&a], "auth_token", "auth_token"),
        (
            vec![&a, &m],
            "auth_token 和 mch_id",
            "auth_token and mch_id",
        ),
    ] {
        let join = |mut parts: Vec<&String>| {
            let written = parts
                .iter()
                .map(|part| part.as_str())
                .collect::<Vec<_>>()
                .join("&");
            parts.sort();
            let sorted = parts
                .iter()
                .map(|part| part.as_str())
                .collect::<Vec<_>>()
                .join("&");
            [written, sorted]
        };
        let before = more.iter().copied().chain([&s, &t]).collect();
        let after = [&s, &t].into_iter().chain(more).collect();
        for body in join(before).into_iter().chain(join(after)) {
            choices.push(wrong(
                body,
                &format!("签名串里多了 {zh}：只签 cert_serialno 和 timestamp"),
                &format!("the signed string has {en} in it as well; only cert_serialno and timestamp belong there"),
            ));
        }
    }
    choices
}

pub(super) fn ends() -> [Choice; 3] {
    let line_end = || {
        text(
            "签名串末尾多了换行（echo 会加，改用 printf %s 或 echo -n）",
            "the string ends with a line end (`echo` adds it: use `printf %s` or `echo -n`)",
        )
    };
    [
        (String::new(), None),
        ("\n".into(), Some(line_end())),
        ("\r\n".into(), Some(line_end())),
    ]
}

/// The ways in which one string is signed.
pub(super) fn ways(string: &str) -> Vec<(Scheme, Vec<u8>, Option<Text>)> {
    let hash = Sha256::digest(string.as_bytes());
    let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    let twice = || {
        text(
            "先自己算了一次 SHA-256 再签名：签名函数会再哈希一次",
            "the string was hashed with SHA-256 before it was signed: the signing function hashes once more",
        )
    };
    vec![
        (Scheme::Pkcs1Sha256, string.into(), None),
        (
            Scheme::Pkcs1Sha1,
            string.into(),
            Some(text(
                "签名算法用了 SHA-1（SHA1withRSA）：应为 SHA-256（SHA256withRSA）",
                "it was signed with SHA-1 (SHA1withRSA); it must be SHA-256 (SHA256withRSA)",
            )),
        ),
        (
            Scheme::PssSha256,
            string.into(),
            Some(text(
                "签名用了 RSA-PSS 填充：应为 PKCS#1 v1.5",
                "it was signed with RSA-PSS; it must be PKCS#1 v1.5",
            )),
        ),
        (Scheme::Pkcs1Sha256, hash.to_vec(), Some(twice())),
        (Scheme::Pkcs1Sha256, hex.into_bytes(), Some(twice())),
    ]
}
