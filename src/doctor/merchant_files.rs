//! Key, certificate, serial number and merchant number: whether each can be read, and whether they are of one piece.

use super::{
    clock::best_time,
    evidence::{Evidence, Refused},
    reason::in_chinese,
    serial::{self, DIGITS},
    text::{Finding, Severity, text},
};
use crate::{
    error::Error,
    merchant::{
        MerchantFiles,
        inspect::{self, Certificate, PublicKey},
    },
};

/// WeChat Pay's certificates live for five years; whoever renews them wants to know before.
const SOON: u64 = 30 * 24 * 60 * 60;

/// What of the files could be read.
#[derive(Default)]
pub(super) struct Files {
    pub(super) keys: Vec<PublicKey>,
    /// The one that is the key's, if one is; else the first.
    pub(super) certificate: Option<Certificate>,
}

impl Files {
    /// The key that the signature is checked with: the certificate's, as WeChat has that alone.
    pub(super) fn wechats_key(&self) -> Option<&PublicKey> {
        let certificates = self
            .certificate
            .as_ref()
            .map(|certificate| &certificate.key);
        certificates.or_else(|| self.keys.first())
    }

    pub(super) fn serial_no(&self) -> Option<&str> {
        self.certificate
            .as_ref()
            .map(|certificate| certificate.serial_no.as_str())
    }
}

pub(super) fn examine(evidence: &Evidence, findings: &mut Vec<Finding>) -> Files {
    let before = findings.len();
    let opened = key_files(evidence, findings);
    let (files, all) = read(evidence, opened.as_ref(), findings);
    serial_number(evidence, &files, &all, findings);
    if let Some(certificate) = &files.certificate {
        findings.extend(not_a_merchants(evidence, certificate));
        merchant_number(evidence, certificate, findings);
        validity(evidence, certificate, findings);
    }
    // Whatever else `Merchant::open` refuses: the doctor must not call healthy what does not open.
    let wrong = findings
        .iter()
        .skip(before)
        .any(|finding| finding.severity == Severity::Error);
    if let (Some(refused), false) = (&evidence.refused, wrong) {
        findings.push(unreadable(&refused.field, &refused.reason));
    }
    files
}

fn is_number(mch_id: &str) -> bool {
    (1..=32).contains(&mch_id.len()) && mch_id.bytes().all(|byte| byte.is_ascii_digit())
}

/// The key file in a readable form: out of its p12, without its password.
fn key_files(evidence: &Evidence, findings: &mut Vec<Finding>) -> Option<MerchantFiles> {
    if evidence.private_key.is_none() && evidence.p12.is_none() {
        return None;
    }
    let number = evidence
        .mch_id
        .as_deref()
        .filter(|number| is_number(number));
    // A p12's password is the merchant number, unless another is given: without either nothing can be said of it.
    if evidence.p12.is_some() && number.is_none() && evidence.password.is_none() {
        return None;
    }
    let read = inspect::readable_key(
        number.unwrap_or("0"),
        evidence.private_key.as_ref().map(|key| key.as_slice()),
        evidence.p12.as_ref().map(|p12| p12.as_slice()),
        evidence.password.as_ref().map(|password| password.as_str()),
    );
    read.map_err(|error| findings.push(refused(&error))).ok()
}

/// Keys and certificates; of the certificates first the one in use, then all of them.
fn read(
    evidence: &Evidence,
    opened: Option<&MerchantFiles>,
    findings: &mut Vec<Finding>,
) -> (Files, Vec<Certificate>) {
    let key_field = if evidence.p12.is_some() {
        "p12"
    } else {
        "privateKey"
    };
    let mut note = |error: Error| findings.push(refused(&error));
    let keys = opened.map(|files| inspect::public_keys(key_field, &files.private_key));
    let keys = keys.transpose().map_err(&mut note);
    let certificates = match (&evidence.certificate, opened) {
        (Some(file), _) => inspect::certificates("certificate", file),
        (None, Some(files)) if inspect::holds_certificate(&files.private_key) => {
            inspect::certificates(key_field, &files.private_key)
        }
        _ => Ok(Vec::new()),
    };
    let all = certificates.map_err(&mut note).unwrap_or_default();
    let keys = keys.ok().flatten().unwrap_or_default();
    let configured = evidence.cert_serial_no.as_deref().and_then(serial::meant);
    let fits = |one: &Certificate| keys.contains(&one.key);
    let mut ranked: Vec<&Certificate> = all.iter().collect();
    // As `Merchant::open` chooses: by key, serial number, its length, merchant number, then by order.
    ranked.sort_by_key(|one| {
        (
            !fits(one),
            configured
                .as_ref()
                .is_some_and(|given| *given != one.serial_no),
            one.serial_no.len() != DIGITS,
            !evidence
                .mch_id
                .as_ref()
                .is_some_and(|number| one.common_names.contains(number)),
        )
    });
    if !keys.is_empty() && !all.is_empty() && !all.iter().any(fits) {
        findings.push(mismatch(&all));
    }
    let certificate = ranked.first().copied().cloned();
    (Files { keys, certificate }, all)
}

fn mismatch(certificates: &[Certificate]) -> Finding {
    let names = certificates.iter().flat_map(|one| &one.common_names);
    let of_merchant = names.clone().any(|name| is_number(name));
    let (zh, en) = if of_merchant {
        ("", "")
    } else {
        (
            "这张证书的 CN 不是商户号：可能是微信支付平台证书。",
            " The certificate's CN is no merchant number: it may be WeChat Pay's platform certificate.",
        )
    };
    Finding::error(
        "KEY_MISMATCH",
        "certificate",
        text(
            format!("私钥和证书不是一对。{zh}"),
            format!("privateKey is not the key of the certificate.{en}"),
        ),
        text(
            "微信用它登记的证书验签（94003），并用证书的公钥加密姓名和身份证号：私钥不对，签名不被接受，返回的内容也解不开。",
            "WeChat checks the signature with the certificate it knows (94003) and encrypts the name and number under that certificate's key: with another private key nothing is accepted, and nothing opens.",
        ),
        text(
            "从同一次下载的压缩包里取 apiclient_key.pem 和 apiclient_cert.pem；证书更新过的话，两个文件要一起换。多个商户号时不要混用。",
            "take apiclient_key.pem and apiclient_cert.pem out of one and the same download; where the certificate was renewed, change both; do not mix those of two merchants.",
        ),
    )
}

fn serial_number(
    evidence: &Evidence,
    files: &Files,
    all: &[Certificate],
    findings: &mut Vec<Finding>,
) {
    let Some(given) = evidence.cert_serial_no.as_deref() else {
        return;
    };
    if findings
        .iter()
        .any(|finding| finding.field.as_deref() == Some("certSerialNo"))
    {
        return;
    }
    findings.extend(serial::malformed("certSerialNo", given, true));
    let (Some(given), Some(own)) = (serial::meant(given), &files.certificate) else {
        return;
    };
    if given == own.serial_no {
        return;
    }
    findings.push(other_serial("certSerialNo", &given, own, all, evidence));
}

/// A serial number that is not the certificate's, and whose it is.
pub(super) fn other_serial(
    field: &str,
    given: &str,
    own: &Certificate,
    all: &[Certificate],
    evidence: &Evidence,
) -> Finding {
    let other = evidence.other_certificate.as_deref();
    let others = other.and_then(|file| inspect::certificates("otherCertificate", file).ok());
    let is_given = |one: &Certificate| one.serial_no == given;
    let (zh, en) = if others.is_some_and(|others| others.iter().any(is_given)) {
        (
            "它是您给出的另一张证书（otherCertificate）的序列号。",
            " It is that of the other certificate that you gave (otherCertificate).",
        )
    } else if all.iter().any(is_given) {
        (
            "它是同一文件里另一张证书的序列号。",
            " It is that of another certificate in the same file.",
        )
    } else {
        (
            "它可能是微信支付平台证书的，或更新前的旧证书的。",
            " It may be that of WeChat Pay's platform certificate, or of the certificate before the last renewal.",
        )
    };
    let right = &own.serial_no;
    Finding::error(
        "SERIAL_MISMATCH",
        field,
        text(
            format!("{field} 不是这张证书的序列号。{zh}"),
            format!("{field} is not the serial number of the certificate.{en}"),
        ),
        text(
            "微信按序列号找商户API证书来验签：对不上就返回 94009 或 94003。",
            "WeChat finds the merchant's certificate by it: another one ends with 94009 or 94003.",
        ),
        text(
            format!("改为 {right}；或者不填，由本库从证书里读出。"),
            format!(
                "make it {right}; or leave it away, and this library reads it from the certificate."
            ),
        ),
    )
}

/// As `Merchant::open` has it, for a certificate without its key.
fn not_a_merchants(evidence: &Evidence, certificate: &Certificate) -> Option<Finding> {
    let field = if evidence.certificate.is_some() {
        "certificate"
    } else if evidence.p12.is_some() {
        "p12"
    } else {
        "privateKey"
    };
    (certificate.serial_no.len() != DIGITS).then(|| {
        unreadable(
            field,
            "has a serial number of other than 40 hex digits: not a merchant API certificate",
        )
    })
}

fn merchant_number(evidence: &Evidence, certificate: &Certificate, findings: &mut Vec<Finding>) {
    let Some(number) = evidence.mch_id.as_ref().filter(|number| is_number(number)) else {
        return;
    };
    if certificate.common_names.contains(number) {
        return;
    }
    let merchants = certificate.common_names.iter().find(|name| is_number(name));
    let finding = Finding::error(
        "CERTIFICATE_OF_ANOTHER_MERCHANT",
        "mchId",
        match merchants {
            Some(name) => text(
                format!("证书的 CN 是 {name}，不是 mchId。"),
                format!("the certificate's CN is {name}, which is not mchId."),
            ),
            None => text(
                "证书的 CN 不是商户号：可能不是商户API证书（例如微信支付平台证书）。",
                "the certificate's CN is no merchant number: perhaps it is no merchant API certificate (but WeChat Pay's platform certificate, say).",
            ),
        },
        text(
            "商户API证书的 CN 就是商户号。用别的商户的证书签名，微信返回 94003 或 94009。",
            "the CN of a merchant API certificate is the merchant number. What another merchant's certificate signs is refused with 94003 or 94009.",
        ),
        text(
            "核对 mchId 和证书是不是同一个商户的；从该商户的 账户中心 › API安全 下载证书。",
            "compare the two, and take the certificate from that merchant's 账户中心 › API安全.",
        ),
    );
    findings.push(if merchants.is_some() {
        finding
    } else {
        finding.likely()
    });
}

fn validity(evidence: &Evidence, certificate: &Certificate, findings: &mut Vec<Finding>) {
    let now = u64::from(best_time(evidence));
    let (from, until) = (certificate.not_before, certificate.not_after);
    let why = || {
        text(
            "微信支付不接受有效期之外的证书的签名。",
            "WeChat Pay does not take signatures of a certificate outside of its time.",
        )
    };
    let renew = || {
        text(
            "在商户平台 账户中心 › API安全 › 更换证书，新的私钥、证书和序列号要一起换上；换之前旧证书仍可用。",
            "renew it on the merchant platform (账户中心 › API安全 › 更换证书), and change key, certificate and serial number together; the old one works until then.",
        )
    };
    if now > until {
        findings.push(Finding::error(
            "CERTIFICATE_EXPIRED",
            "certificate",
            text("证书已经过期。", "the certificate has expired."),
            why(),
            renew(),
        ));
    } else if now < from {
        findings.push(Finding::error(
            "CERTIFICATE_NOT_YET_VALID",
            "certificate",
            text("证书还没有生效。", "the certificate is not valid yet."),
            why(),
            text(
                "先核对本机时钟；时钟无误就等到生效时间，或换用正在生效的证书。",
                "look at this machine's clock first; if it is right, wait for the day, or use the certificate that is valid now.",
            ),
        ));
    } else if now + SOON > until {
        let days = (until - now) / (24 * 60 * 60);
        findings.push(
            Finding::error(
                "CERTIFICATE_EXPIRES_SOON",
                "certificate",
                text(
                    format!("证书还有 {days} 天过期。"),
                    format!("the certificate expires in {days} days."),
                ),
                why(),
                renew(),
            )
            .severity(Severity::Warning),
        );
    }
}

fn refused(error: &Error) -> Finding {
    let Refused { field, reason } = Refused::from(error);
    unreadable(&field, &reason)
}

/// A file that is not what belongs in its place, in the core's words.
fn unreadable(field: &str, reason: &str) -> Finding {
    let reason_zh = in_chinese(reason);
    Finding::error(
        "FILE_UNREADABLE",
        field,
        text(
            format!("{field}：{reason_zh}。"),
            format!("{field}: {reason}."),
        ),
        text(
            "没有可用的私钥和证书，就不能签名，也不能解密返回的姓名和身份证号。",
            "without a key and its certificate nothing can be signed, and no reply opens.",
        ),
        text(
            "从商户平台 账户中心 › API安全 下载证书：apiclient_key.pem 给 privateKey，apiclient_cert.pem 给 certificate；或只给 apiclient_cert.p12。",
            "take the download of the merchant platform (账户中心 › API安全): apiclient_key.pem is privateKey, apiclient_cert.pem is certificate; or hand in apiclient_cert.p12 alone.",
        ),
    )
}
