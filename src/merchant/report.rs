//! What a person needs to see of a merchant's set-up: what was checked, with what result, and what could not be.

use serde::Serialize;

use super::Merchant;

/// A merchant's set-up, as far as its files tell. Nothing secret is in it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
#[non_exhaustive]
pub struct MerchantReport {
    /// The merchant number.
    pub mch_id: String,
    /// The certificate's serial number: upper case, 40 hex digits.
    pub cert_serial_no: String,
    /// The size of the RSA key.
    pub bits: u32,
    /// What the certificate says; absent where none was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate: Option<CertificateReport>,
    /// Every check, in this order: `key`, `serial`, `validity`, `merchantNumber`.
    pub findings: Vec<Finding>,
}

/// What a merchant's certificate says.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[non_exhaustive]
pub struct CertificateReport {
    /// Whom it was issued to, the last attribute first. A merchant's has its number as CN.
    pub subject: String,
    /// From when on it is valid, in seconds since 1970-01-01 UTC.
    #[cfg_attr(feature = "types", ts(type = "number"))]
    pub not_before: u64,
    /// Until when it is valid, in seconds since 1970-01-01 UTC.
    #[cfg_attr(feature = "types", ts(type = "number"))]
    pub not_after: u64,
}

/// One check and what came of it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[non_exhaustive]
pub struct Finding {
    /// What was checked.
    pub check: Check,
    /// What came of it.
    pub state: CheckState,
    /// The same in words.
    pub message: String,
}

/// What is checked of a merchant's set-up.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[non_exhaustive]
pub enum Check {
    /// Whether the private key is the certificate's.
    Key,
    /// Whether the certificate was issued to this merchant number.
    MerchantNumber,
    /// Whether the serial number is the certificate's.
    Serial,
    /// Whether the certificate is valid now.
    Validity,
}

/// What came of a check. One that failed does not occur: such a merchant is not opened.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[non_exhaustive]
pub enum CheckState {
    /// There was nothing to check it against.
    NotChecked,
    /// As it should be.
    Passed,
    /// Unusual; whether it works is for WeChat to say.
    Warning,
}

/// `now` is in seconds since 1970-01-01 UTC.
pub(super) fn of(merchant: &Merchant, bits: u32, now: u32) -> MerchantReport {
    use Check::{Key, MerchantNumber, Serial, Validity};
    use CheckState::{NotChecked, Passed, Warning};

    let finding = |check, state, message: &str| Finding {
        check,
        state,
        message: message.into(),
    };
    let findings = match &merchant.certificate {
        None => [
            (Key, "key not checked: no certificate given"),
            (Serial, "serial not checked: no certificate given"),
            (Validity, "validity not checked: no certificate given"),
            (
                MerchantNumber,
                "merchant number not checked: no certificate given",
            ),
        ]
        .map(|(check, message)| finding(check, NotChecked, message))
        .into(),
        Some(certificate) => {
            let now = u64::from(now);
            let (from, until) = (certificate.not_before, certificate.not_after);
            let (validity, valid) = if now < from.unix_duration().as_secs() {
                (
                    Warning,
                    format!("the certificate is not valid before {from}"),
                )
            } else if now > until.unix_duration().as_secs() {
                (Warning, format!("the certificate expired on {until}"))
            } else {
                (Passed, format!("the certificate is valid until {until}"))
            };
            let (number, numbered) = if certificate.common_names.contains(&merchant.mch_id) {
                (Passed, "the certificate was issued to this merchant number")
            } else {
                (
                    Warning,
                    "the certificate was issued to another CN than mchId: is it this merchant's?",
                )
            };
            vec![
                finding(Key, Passed, "privateKey is the key of the certificate"),
                finding(Serial, Passed, "the serial number is the certificate's"),
                finding(Validity, validity, &valid),
                finding(MerchantNumber, number, numbered),
            ]
        }
    };
    MerchantReport {
        mch_id: merchant.mch_id.clone(),
        cert_serial_no: merchant.cert_serial_no.clone(),
        bits,
        certificate: merchant
            .certificate
            .as_ref()
            .map(|certificate| CertificateReport {
                subject: certificate.subject.clone(),
                not_before: certificate.not_before.unix_duration().as_secs(),
                not_after: certificate.not_after.unix_duration().as_secs(),
            }),
        findings,
    }
}
