//! The shape of what the doctor says: in Chinese and in English, and never with a value that is not public.

use serde::{Deserialize, Serialize};

/// The same in two languages.
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(rename = "DoctorText"))]
#[expect(clippy::exhaustive_structs, reason = "made by callers, of evidence")]
pub struct Text {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// How much it matters.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(rename = "DoctorSeverity"))]
#[non_exhaustive]
pub enum Severity {
    /// A call will fail, or already did.
    Error,
    /// It works, or may work, but not for long or not everywhere.
    Warning,
    /// Good to know.
    Note,
}

/// How sure a finding is.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(rename = "DoctorCertainty"))]
#[non_exhaustive]
pub enum Certainty {
    /// It was computed, or WeChat said so.
    Certain,
    /// It looks like it: a guess from the form of a value.
    Likely,
}

/// One thing that is wrong, why that matters, and how to mend it. Nothing secret is in it.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(
    feature = "types",
    derive(ts_rs::TS),
    ts(rename = "DoctorFinding", optional_fields)
)]
#[non_exhaustive]
pub struct Finding {
    /// What kind of mistake it is, such as `KEY_MISMATCH`; stable across versions.
    pub id: &'static str,
    /// How much it matters.
    pub severity: Severity,
    /// How sure it is.
    pub certainty: Certainty,
    /// The piece of evidence that is wrong, by its name there (`appId`, `request.sign`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What is wrong.
    pub what: Text,
    /// What comes of it.
    pub why: Text,
    /// What to do.
    pub how: Text,
    /// Where WeChat refused a call: which interface it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<String>,
    /// Where WeChat refused a call: its number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub errcode: Option<i32>,
}

impl Finding {
    pub(super) fn error(id: &'static str, field: &str, what: Text, why: Text, how: Text) -> Self {
        Self {
            id,
            severity: Severity::Error,
            certainty: Certainty::Certain,
            field: Some(field.to_owned()),
            what,
            why,
            how,
            of: None,
            errcode: None,
        }
    }

    pub(super) fn severity(self, severity: Severity) -> Self {
        Self { severity, ..self }
    }

    pub(super) fn likely(self) -> Self {
        Self {
            certainty: Certainty::Likely,
            ..self
        }
    }
}

/// Chinese and English.
pub(super) fn text(zh: impl Into<String>, en: impl Into<String>) -> Text {
    Text {
        zh: zh.into(),
        en: en.into(),
    }
}
