//! What a merchant's report says.
#![cfg(all(not(target_arch = "wasm32"), feature = "encrypted-files"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    unreachable_pub,
    reason = "a test says what it expects by failing"
)]

mod common;

use common::key_files::{bytes, key_files};
use wechat_realname::{
    Merchant,
    merchant::{Check, CheckState},
};

#[test]
fn a_report_says_what_was_checked_and_what_could_not_be() {
    let vectors = key_files();
    let merchant = Merchant::open(&vectors.with_key(bytes(&vectors.key))).unwrap();
    let states = |merchant: &Merchant, now| -> Vec<(Check, CheckState)> {
        let findings = merchant.report(now).findings;
        findings
            .iter()
            .map(|finding| (finding.check, finding.state))
            .collect()
    };
    let all = |states: [CheckState; 4]| {
        let checks = [
            Check::Key,
            Check::Serial,
            Check::Validity,
            Check::MerchantNumber,
        ];
        checks.into_iter().zip(states).collect::<Vec<_>>()
    };
    use CheckState::{NotChecked, Passed, Warning};

    let report = merchant.report(0);
    let certificate = report.certificate.unwrap();
    assert_eq!(
        certificate.subject,
        r"CN=1900006511,L=Shenzhen,OU=示例\,公司,O=微信商户系统,C=CN"
    );
    assert_eq!(
        certificate.not_after - certificate.not_before,
        25_000 * 86_400
    );
    assert_eq!(
        (report.bits, report.cert_serial_no.as_str()),
        (2048, vectors.serial.as_str())
    );
    let seconds = |time: u64| u32::try_from(time).unwrap();
    let (from, until) = (
        seconds(certificate.not_before),
        seconds(certificate.not_after),
    );
    assert_eq!(states(&merchant, from), all([Passed; 4]));
    assert_eq!(states(&merchant, until), all([Passed; 4]));
    assert_eq!(
        states(&merchant, from - 1),
        all([Passed, Passed, Warning, Passed])
    );
    assert_eq!(
        states(&merchant, until + 1),
        all([Passed, Passed, Warning, Passed])
    );
    let says = |merchant: &Merchant, now, check| {
        let findings = merchant.report(now).findings;
        findings
            .into_iter()
            .find(|finding| finding.check == check)
            .unwrap()
            .message
    };
    assert!(
        says(&merchant, until + 1, Check::Validity).starts_with("the certificate expired on 2095-")
    );
    assert!(says(&merchant, 0, Check::Validity).contains("is not valid before 20"));

    let mut other_number = vectors.with_key(bytes(&vectors.key));
    other_number.mch_id = "1900000001".into();
    let other_number = Merchant::open(&other_number).unwrap();
    assert_eq!(
        states(&other_number, from),
        all([Passed, Passed, Passed, Warning])
    );

    let mut without = vectors.with_key(bytes(&vectors.key));
    without.certificate = None;
    without.cert_serial_no = Some(vectors.serial.clone());
    let without = Merchant::open(&without).unwrap();
    assert_eq!(states(&without, from), all([NotChecked; 4]));
    assert_eq!(without.report(0).certificate, None);
    assert_eq!(
        says(&without, 0, Check::Serial),
        "serial not checked: no certificate given"
    );
}
