//! WeChat's real-name interfaces, without any I/O: a call becomes a [`Request`] to send, the [`Response`] that comes
//! back becomes an answer.
//!
//! ```text
//!               your code
//!                   │  parameters ──▶ outcome
//!       ┌───────────▼───────────┐
//!       │ your HTTP client      │  socket, clock, entropy, timers: everything that touches the world
//!       └───▲───────────────▲───┘
//!   Request │               │ Response          plain data, both ways
//!       ┌───▼───────────────▼───┐
//!       │ this crate            │  no socket, no clock, no entropy, no globals
//!       └───────────────────────┘
//! ```
//!
//! Every interface is an [`Operation`]: `request` builds, signs and checks what goes out,
//! `interpret` reads, decrypts and judges what comes in. Where a parameter may be left to be made up,
//! [`complete`](Operation::complete) does it before both. Time and randomness come in through the [`CallContext`].
//!
//! ```
//! use wechat_realname::{CallContext, CheckRealNameInfo, Operation, Response, Verdict};
//!
//! # fn main() -> Result<(), wechat_realname::Error> {
//! let token = "ACCESS_TOKEN".into();
//! let context = CallContext::new(&token);
//!
//! let check = CheckRealNameInfo {
//!     openid: "oLVPpjqs9BhvzwPj5A-vTYAX3GLc".into(),
//!     real_name: "张三".into(),
//!     cred_id: "11010519491231002X".into(),
//!     code: "the code of the consent page".into(),
//!     ..Default::default()
//! };
//!
//! let request = check.request(&context)?;
//! assert!(request.url.starts_with("https://api.weixin.qq.com/intp/realname/checkrealnameinfo?"));
//!
//! // Send it with any HTTP client, and hand over what came back:
//! let body = r#"{"errcode":0,"verify_openid":"V_OP_NM_MA","verify_real_name":"V_NM_ID_MA"}"#;
//! let outcome = check.interpret(&Response::new(200, body), &context)?;
//! assert_eq!(outcome.verdict, Verdict::Match);
//! # Ok(()) }
//! ```
//!
//! What WeChat pushes to a third-party platform is opened by a [`PushChannel`]; a [`BetaVerification`] says where the
//! verification of a trial mini program stands; [`token`] decides how long a token is used, and which calls are made again;
//! [`identity`] checks the numbers that people type; [`return_code::explain`] says what WeChat's numbers mean and what to do about them.
//!
//! # Features
//!
//! - `doctor`: what is wrong with a set-up, as findings.
//! - `encrypted-files`: readers of `apiclient_cert.p12` and of encrypted private keys.
//! - `os-entropy`: the operating system's randomness, as `merchant::OsEntropy`.
//! - `sandbox`: WeChat's side of the interfaces as a pure function, to test against.
//! - `javascript`, `javascript-extras`, `types`: what the npm package is made of.

pub mod beta_verification;
#[cfg(feature = "doctor")]
pub mod doctor;
pub mod error;
pub mod fields;
mod gbk;
mod hex;
pub mod identity;
pub mod medical;
pub mod merchant;
pub mod operation;
pub mod push;
pub mod request;
pub mod response;
pub mod return_code;
#[cfg(feature = "sandbox")]
pub mod sandbox;
mod scrub;
pub mod secret;
pub mod token;
#[cfg(feature = "types")]
pub mod types;
#[cfg(all(feature = "bindings", target_arch = "wasm32"))]
#[doc(hidden)]
pub mod wasm;

// The public interface is:
pub use beta_verification::{BetaVerification, BetaVerificationState};
pub use error::{Error, ErrorCode};
pub use medical::MedicalKeys;
pub use merchant::{Merchant, MerchantFiles, MerchantReport, RealNameInfo};
pub use operation::{
    CallContext, CheckRealNameInfo, FaceVerdict, GetAuthorizerAccessToken,
    GetAuthorizerRefreshToken, GetCategory, GetComponentAccessToken, GetMedicalRealName,
    GetRealNameInfo, GetStableAccessToken, GetVerifyId, Operation, QueryVerifyInfo, Verdict,
    VerifyBetaMiniprogram,
};
pub use push::{PushChannel, PushChannelOptions, PushDelivery, PushEvent};
pub use request::Request;
pub use response::Response;
