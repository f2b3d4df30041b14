//! What a file of a merchant's is, and what its certificates say: for who has a certificate without its key.

use serde::Serialize;

use super::{
    reason::in_chinese,
    text::{Text, text},
};
use crate::merchant::inspect::{self, Certificate};

pub use crate::merchant::inspect::Place;

/// What is in a file.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Contents {
    /// Where it belongs.
    pub place: Place,
    /// Every certificate that can be read, in the order of the file.
    pub certificates: Vec<CertificateFacts>,
    /// Why there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wrong: Option<Text>,
}

/// What a certificate says.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CertificateFacts {
    /// Upper-case hex without DER's sign byte, leading zeros kept: 40 digits in a merchant's.
    pub serial_no: String,
    /// The whole subject, the last attribute first.
    pub subject: String,
    /// The merchant number, in a merchant's.
    pub common_names: Vec<String>,
    /// From when on it is valid, in seconds since 1970-01-01 UTC.
    pub not_before: u64,
    /// Until when it is valid, in seconds since 1970-01-01 UTC.
    pub not_after: u64,
    /// The size of its RSA key.
    pub bits: u32,
}

impl From<Certificate> for CertificateFacts {
    fn from(certificate: Certificate) -> Self {
        Self {
            bits: certificate.key.bits(),
            serial_no: certificate.serial_no,
            subject: certificate.subject,
            common_names: certificate.common_names,
            not_before: certificate.not_before,
            not_after: certificate.not_after,
        }
    }
}

/// What is in a file, whatever it is.
pub fn contents(file: &[u8]) -> Contents {
    let (certificates, wrong) = match inspect::certificates("certificate", file) {
        Ok(found) => (
            found.into_iter().map(CertificateFacts::from).collect(),
            None,
        ),
        Err(error) => {
            let reason = super::Refused::from(&error).reason;
            (Vec::new(), Some(text(in_chinese(&reason), reason)))
        }
    };
    Contents {
        place: inspect::place(file),
        certificates,
        wrong,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----\nMAMCAQA=\n-----END CERTIFICATE-----\n";

    #[test]
    fn a_file_belongs_where_its_content_says() {
        for (file, place, zh) in [
            ("", Place::PrivateKey, "没有内容"),
            (
                "apiclient_cert.pem",
                Place::PrivateKey,
                "像是文件名，这里要的是文件的内容",
            ),
            (CERTIFICATE, Place::PrivateKey, "不是证书"),
            (
                &CERTIFICATE.replace("MAM", "MIM"),
                Place::Certificate,
                "不完整或已损坏：内容比它声明的短",
            ),
        ] {
            let found = contents(file.as_bytes());
            assert_eq!(
                (found.place, found.certificates.len()),
                (place, 0),
                "{file}"
            );
            assert_eq!(found.wrong.unwrap().zh, zh, "{file}");
        }
    }

    #[cfg(feature = "sandbox")]
    #[test]
    fn a_certificate_says_whose_it_is() {
        use crate::sandbox::{MERCHANT_CERTIFICATE, MERCHANT_ID};

        let found = contents(MERCHANT_CERTIFICATE.as_bytes());
        assert_eq!((found.place, found.wrong), (Place::Certificate, None));
        let [one] = found.certificates.as_slice() else {
            panic!("one certificate");
        };
        assert_eq!(
            (one.common_names.as_slice(), one.serial_no.len()),
            ([MERCHANT_ID.to_owned()].as_slice(), 40)
        );
        assert!(
            one.subject.contains(&format!("CN={MERCHANT_ID}")) && one.not_before < one.not_after
        );
        assert_eq!(one.bits, 2048);
    }
}
