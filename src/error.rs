//! What can go wrong, sorted by who must act.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::return_code::Action;

/// Everything that the core can report.
///
/// A message names the field and never its value: no name, number, token or key is ever part of an error.
/// "The name does not match" is an outcome, not an error.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Error {
    /// The merchant was closed; its key is gone.
    Closed,
    /// The set-up around a call is wrong: a part of it is missing or cannot be used.
    Configuration {
        /// The option that is wrong, as the caller spells it.
        field: &'static str,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// Something after the ciphertext's length check failed: padding, encoding, or what came out.
    ///
    /// One value for all of it, on purpose. With RSAES-PKCS1-v1_5 a telling difference is an oracle
    /// (Bleichenbacher 1998), and the key behind it also signs payments.
    DecryptionFailed,
    /// A patient's real name did not open: wrong key, wrong padding, or not what belongs in it.
    ///
    /// One value for all of it, on purpose: a telling difference would let whoever can change replies read them.
    MedicalDecryptionFailed,
    /// A patient's real name is encrypted under a key that is not among the medical keys.
    MedicalKeyMissing {
        /// WeChat's number of that key.
        key_version: u32,
    },
    /// The reply's HTTP status is not 2xx.
    HttpStatus {
        /// The operation that got the reply.
        operation: &'static str,
        /// The status of the reply.
        status: u16,
    },
    /// A fault in this library or in the machine that it runs on. Please report it.
    Internal,
    /// A push's `msg_signature` is not WeChat's: it was not sent by WeChat, or the token is another.
    InvalidSignature,
    /// A parameter is missing or can never be right.
    InvalidArgument {
        /// The parameter, as the caller spells it.
        field: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A file of the merchant's cannot be read or is not of the kind that belongs there.
    InvalidKey {
        /// The option that holds the file.
        field: &'static str,
        /// What was found instead.
        reason: &'static str,
    },
    /// Two things of the merchant's do not belong together.
    KeyMismatch {
        /// Which two.
        reason: &'static str,
    },
    /// The reply is not what the interface's document says: not JSON, empty, fields missing or of the wrong type.
    MalformedResponse {
        /// The operation that got the reply.
        operation: &'static str,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// A push is none of WeChat's: no envelope, or it does not open.
    ///
    /// One value for everything after the signature's check, on purpose: a telling difference would let a forger who has
    /// the token read pushes.
    MalformedPush {
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The host gave no entropy, and without it no private-key operation is made.
    NoEntropy,
    /// A push's timestamp is too far from now: an old push, sent again by somebody who saw it, or a wrong clock.
    Replayed,
    /// WeChat said no.
    Rejected(Box<Rejection>),
}

/// WeChat's refusal of a call, with what its support will ask for.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Rejection {
    /// The operation that was refused.
    pub operation: &'static str,
    /// WeChat's number for the reason. Its meaning belongs to the operation.
    pub errcode: i32,
    /// WeChat's text, with everything secret of the request replaced by `***`.
    pub errmsg: String,
    /// The id of the request at WeChat, lifted out of `errmsg`.
    pub rid: Option<String>,
    /// WeChat's diagnostic hint, lifted out of `errmsg`.
    pub hint: Option<String>,
    /// What the number means for this operation, where it is known.
    pub meaning: Option<&'static str>,
    /// What to do about it, where it is known.
    pub action: Option<Action>,
    /// Where the call was one too many: after how many seconds it may be made again.
    pub retry_after_seconds: Option<u32>,
    /// Where WeChat does not know the machine that called: its address as WeChat sees it, lifted out of `errmsg`.
    pub ip: Option<String>,
}

/// The codes of errors, stable across versions. The adapter raises `ABORTED`, `NETWORK` and `TIMEOUT`; all others come
/// from the core.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[non_exhaustive]
pub enum ErrorCode {
    /// The caller's signal aborted the call.
    Aborted,
    /// The merchant was closed; open it again.
    Closed,
    /// An option is missing or cannot be used; `field` names it.
    Configuration,
    /// The reply's ciphertext did not open into a name and a number.
    DecryptionFailed,
    /// The reply's HTTP status is not 2xx; `status` has it.
    HttpStatus,
    /// A fault in this library. Please report it.
    Internal,
    /// A parameter is missing or can never be right; `field` names it.
    InvalidArgument,
    /// A key or certificate cannot be read; `field` names it.
    InvalidKey,
    /// A push's signature is wrong: it is not WeChat's, or the token is another.
    InvalidSignature,
    /// Key, certificate and serial number do not belong together.
    KeyMismatch,
    /// A push is no envelope, or it does not open.
    MalformedPush,
    /// The reply is not what the interface's document says.
    MalformedResponse,
    /// No connection, or it broke.
    Network,
    /// The host has no source of randomness.
    NoEntropy,
    /// WeChat refused the call; `errcode` says why.
    Rejected,
    /// A push is older or newer than the window allows.
    Replayed,
    /// No answer within the time limit.
    Timeout,
}

impl Error {
    pub(crate) fn invalid_argument(field: impl Into<String>, reason: &'static str) -> Self {
        Self::InvalidArgument {
            field: field.into(),
            reason,
        }
    }

    pub(crate) fn invalid_key(field: &'static str, reason: &'static str) -> Self {
        Self::InvalidKey { field, reason }
    }

    /// The stable code of this error.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Closed => ErrorCode::Closed,
            Self::Configuration { .. } | Self::MedicalKeyMissing { .. } => ErrorCode::Configuration,
            Self::DecryptionFailed | Self::MedicalDecryptionFailed => ErrorCode::DecryptionFailed,
            Self::HttpStatus { .. } => ErrorCode::HttpStatus,
            Self::Internal => ErrorCode::Internal,
            Self::InvalidArgument { .. } => ErrorCode::InvalidArgument,
            Self::InvalidKey { .. } => ErrorCode::InvalidKey,
            Self::InvalidSignature => ErrorCode::InvalidSignature,
            Self::KeyMismatch { .. } => ErrorCode::KeyMismatch,
            Self::MalformedPush { .. } => ErrorCode::MalformedPush,
            Self::MalformedResponse { .. } => ErrorCode::MalformedResponse,
            Self::NoEntropy => ErrorCode::NoEntropy,
            Self::Rejected(_) => ErrorCode::Rejected,
            Self::Replayed => ErrorCode::Replayed,
        }
    }

    /// What to do about it, where one thing can be said.
    pub fn action(&self) -> Option<Action> {
        match self {
            Self::Rejected(rejection) => rejection.action,
            Self::HttpStatus { status, .. } if *status >= 500 => Some(Action::Retry),
            Self::Configuration { .. }
            | Self::DecryptionFailed
            | Self::InvalidArgument { .. }
            | Self::InvalidKey { .. }
            | Self::KeyMismatch { .. }
            | Self::MedicalDecryptionFailed
            | Self::MedicalKeyMissing { .. }
            | Self::NoEntropy => Some(Action::FixRequest),
            Self::Closed
            | Self::HttpStatus { .. }
            | Self::Internal
            | Self::InvalidSignature
            | Self::MalformedPush { .. }
            | Self::MalformedResponse { .. }
            | Self::Replayed => None,
        }
    }

    /// Which operation's reply it is about, where there was one.
    pub fn operation(&self) -> Option<&'static str> {
        match self {
            Self::HttpStatus { operation, .. } | Self::MalformedResponse { operation, .. } => {
                Some(operation)
            }
            Self::Rejected(rejection) => Some(rejection.operation),
            _ => None,
        }
    }

    /// The parameter or option that is wrong, where there is one.
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::InvalidArgument { field, .. } => Some(field),
            Self::Configuration { field, .. } | Self::InvalidKey { field, .. } => Some(field),
            Self::MedicalKeyMissing { .. } => Some("medicalKeys"),
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closed => f.write_str("the merchant was closed and its key wiped: open it again"),
            Self::Configuration { field, reason } => write!(f, "{field}: {reason}"),
            // One constant text. The causes are in the order in which they are found in practice.
            Self::DecryptionFailed => f.write_str(
                "the reply did not open into a name and an ID number; likely causes, most frequent first: \
                 privateKey belongs to another merchant number, \
                 the merchant certificate was renewed and this is the old key, \
                 certSerialNo is not the serial number of this key's certificate, \
                 the ciphertext was changed on its way",
            ),
            Self::HttpStatus { operation, status } => {
                write!(f, "{operation}: the server answered with HTTP status {status}")
            }
            Self::Internal => f.write_str("a fault in wechat-realname; please report it"),
            Self::InvalidArgument { field, reason } => write!(f, "{field}: {reason}"),
            Self::InvalidKey { field, reason } => write!(f, "{field}: {reason}"),
            Self::InvalidSignature => f.write_str(
                "the push's msg_signature is wrong; likely causes, most frequent first: \
                 token is not the console's 消息校验Token, \
                 the body was changed or parsed on its way (hand in its bytes as they came), \
                 it was not sent by WeChat",
            ),
            Self::KeyMismatch { reason } => f.write_str(reason),
            Self::MalformedPush { reason } => f.write_str(reason),
            Self::MedicalDecryptionFailed => f.write_str(
                "the reply did not open into a patient's name and number; likely causes, most frequent first: \
                 the key in medicalKeys is another hospital's or environment's, \
                 it stands under the number of another version, \
                 the ciphertext was changed on its way",
            ),
            Self::MedicalKeyMissing { key_version } => write!(
                f,
                "medicalKeys: has no key of version {key_version}, under which this reply is encrypted: \
                 add the one that WeChat gave the hospital with this number"
            ),
            Self::MalformedResponse { operation, reason } => write!(f, "{operation}: {reason}"),
            Self::NoEntropy => f.write_str(
                "the host gave no randomness, and without it no private-key operation is made and no outSeqNo made up: \
                 hand in `entropy`, a function that returns as many random bytes as it is asked for",
            ),
            Self::Replayed => f.write_str(
                "the push's timestamp is too far from this machine's clock: an old push sent again, or a clock that is wrong",
            ),
            Self::Rejected(rejection) => {
                write!(f, "{}: WeChat refused with errcode {}", rejection.operation, rejection.errcode)?;
                match rejection.meaning {
                    Some(meaning) => write!(f, ": {meaning}"),
                    None => f.write_str(", a code that this version does not know"),
                }?;
                if let Some(ip) = &rejection.ip {
                    write!(f, " (the address is {ip})")?;
                }
                match &rejection.rid {
                    Some(rid) => write!(f, " (rid {rid})"),
                    None => Ok(()),
                }
            }
        }
    }
}

impl std::error::Error for Error {}

/// An error as it crosses to JavaScript, where the adapter makes a `RealNameError` of it.
#[cfg(any(feature = "bindings", feature = "types"))]
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "types", derive(ts_rs::TS), ts(optional_fields))]
pub(crate) struct ErrorReport<'a> {
    /// What happened; stable across versions.
    code: ErrorCode,
    /// The same in words, without anybody's data.
    message: String,
    /// Which call failed, where it got as far as being sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    operation: Option<&'a str>,
    /// The parameter or option that is wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a str>,
    /// WeChat's number, for `REJECTED`. Its meaning belongs to the operation.
    #[serde(skip_serializing_if = "Option::is_none")]
    errcode: Option<i32>,
    /// WeChat's text, for `REJECTED`, with everything secret of the request masked.
    #[serde(skip_serializing_if = "Option::is_none")]
    errmsg: Option<&'a str>,
    /// The id of the request at WeChat, which its support asks for.
    #[serde(skip_serializing_if = "Option::is_none")]
    rid: Option<&'a str>,
    /// WeChat's diagnostic hint, which its support asks for.
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'a str>,
    /// What can be done about it, where one thing can be said.
    #[serde(skip_serializing_if = "Option::is_none")]
    action: Option<Action>,
    /// Where the call was one too many: after how many seconds it may be made again.
    #[serde(skip_serializing_if = "Option::is_none")]
    retry_after_seconds: Option<u32>,
    /// Where WeChat does not know the machine that called: its address, as WeChat sees it.
    #[serde(skip_serializing_if = "Option::is_none")]
    ip: Option<&'a str>,
    /// The HTTP status, for `HTTP_STATUS`.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
}

#[cfg(any(feature = "bindings", feature = "types"))]
impl<'a> From<&'a Error> for ErrorReport<'a> {
    fn from(error: &'a Error) -> Self {
        let rejection = match error {
            Error::Rejected(rejection) => Some(rejection),
            _ => None,
        };
        let status = match error {
            Error::HttpStatus { status, .. } => Some(*status),
            _ => None,
        };
        Self {
            code: error.code(),
            message: error.to_string(),
            operation: error.operation(),
            field: error.field(),
            errcode: rejection.map(|rejection| rejection.errcode),
            errmsg: rejection.map(|rejection| rejection.errmsg.as_str()),
            rid: rejection.and_then(|rejection| rejection.rid.as_deref()),
            hint: rejection.and_then(|rejection| rejection.hint.as_deref()),
            action: error.action(),
            retry_after_seconds: rejection.and_then(|rejection| rejection.retry_after_seconds),
            ip: rejection.and_then(|rejection| rejection.ip.as_deref()),
            status,
        }
    }
}
