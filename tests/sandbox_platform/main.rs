//! The sandbox as a third-party platform sees it: tickets, tokens, verifications and pushes, without a network and without
//! the core. Pushes are opened from WeChat's description again, and once by openssl, which knows nothing of this project.
#![cfg(all(not(target_arch = "wasm32"), feature = "sandbox"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test says what it expects by failing"
)]

mod bench;
mod pushes;
mod tokens;
mod verifications;
