//! What goes in and what comes out.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::push::Push;

/// A merchant that WeChat Pay knows.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[cfg_attr(
    feature = "types",
    derive(ts_rs::TS),
    ts(rename = "SandboxMerchant", optional_fields)
)]
#[non_exhaustive]
pub struct MerchantRecord {
    /// The merchant number.
    pub mch_id: String,
    /// The merchant certificate, PEM.
    pub certificate: String,
    /// `false`: bound to no mini program (94007). Default `true`.
    pub bound: Option<bool>,
    /// The one mini program that it is bound to. Default: every mini program.
    pub app_id: Option<String>,
}

/// Something that the sandbox cannot be told.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Mistake {
    /// The field that is wrong, as JavaScript spells it.
    pub field: &'static str,
    /// What is wrong with it.
    pub reason: &'static str,
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.reason)
    }
}

impl std::error::Error for Mistake {}

/// A request as it arrives: `target` is the path with its query.
#[derive(Clone, Deserialize)]
#[non_exhaustive]
pub struct Incoming {
    /// The HTTP method, upper case.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// The body's text.
    pub body: String,
}

/// What to send back.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The `content-type`.
    pub content_type: &'static str,
    /// The body's text.
    pub body: String,
    /// `errcode` of the body, where it is one of WeChat's replies.
    pub errcode: Option<i32>,
    /// Why it was answered so, in one sentence without anybody's data. The real WeChat never says.
    pub why: String,
    /// Send nothing, and leave the connection open.
    pub hold: bool,
    /// Send nothing, and cut the connection.
    pub cut: bool,
    /// The interface, as the library's client spells it.
    pub interface: Option<&'static str>,
    /// What WeChat pushes because of this request, in order; after the answer, as far as the receiver can tell.
    pub pushes: Vec<Push>,
}

impl fmt::Debug for Incoming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self
            .target
            .split_once('?')
            .map_or(self.target.as_str(), |(path, _)| path);
        f.debug_struct("Incoming")
            .field("method", &self.method)
            .field("path", &path)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("status", &self.status)
            .field("errcode", &self.errcode)
            .field("why", &self.why)
            .finish_non_exhaustive()
    }
}
