//! What is wrong with a set-up, before a call finds out: evidence in, findings out.
//!
//! Everything comes in through the [`Evidence`], and what is absent is not checked. Nothing secret is in a
//! [`Diagnosis`]: findings name the field, and show at most what is public (serial numbers, merchant numbers, addresses,
//! lengths).
//!
//! ```
//! use wechat_realname::doctor::{Evidence, diagnose};
//!
//! let evidence = Evidence {
//!     now: 1_795_170_000,
//!     server_date: Some("Fri, 20 Nov 2026 10:31:20 GMT".into()),
//!     app_id: Some("your_app_id".into()),
//!     cert_serial_no: Some("PUB_KEY_ID_0000000000000024101100397200000006".into()),
//!     ..Evidence::default()
//! };
//! let diagnosis = diagnose(&evidence);
//! let ids: Vec<&str> = diagnosis.findings.iter().map(|finding| finding.id).collect();
//! assert_eq!(ids, ["PLACEHOLDER", "SERIAL_IS_PUBLIC_KEY_ID", "CLOCK_OFF"]);
//! println!("{}", diagnosis.findings[0].how.en);
//! ```

mod calls;
mod candidates;
mod check_request;
mod checks;
mod clock;
mod contents;
mod eaten;
mod evidence;
mod forms;
mod merchant_files;
mod placeholder;
mod push;
mod reason;
mod refusals;
mod request;
mod sandbox_values;
mod serial;
mod settings;
mod signature;
mod text;

use serde::Serialize;

pub use checks::Check;
pub use contents::{CertificateFacts, Contents, Place, contents};
pub use evidence::{Call, Evidence, NamedText, Refused};
pub use reason::in_chinese;
pub use text::{Certainty, Finding, Severity, Text};

/// What came of an examination.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[non_exhaustive]
pub struct Diagnosis {
    /// What is wrong, the worst first.
    pub findings: Vec<Finding>,
    /// Everything that can be checked, and whether it was.
    pub checks: Vec<Check>,
}

/// Examines a set-up.
pub fn diagnose(evidence: &Evidence) -> Diagnosis {
    let mut findings = Vec::new();
    settings::examine(evidence, &mut findings);
    let files = merchant_files::examine(evidence, &mut findings);
    sandbox_values::examine(evidence, files.serial_no(), &mut findings);
    request::examine(evidence, &files, &mut findings);
    eaten::examine(evidence, &mut findings);
    push::examine(evidence, &mut findings);
    clock::examine(evidence, &mut findings);
    calls::examine(evidence, &mut findings);
    // Stable: within a severity they stay in the order of the examination.
    findings.sort_by_key(|finding| match finding.severity {
        Severity::Error => 0,
        Severity::Warning => 1,
        Severity::Note => 2,
    });
    Diagnosis {
        findings,
        checks: checks::of(evidence, &files),
    }
}
