//! The boundary of the core module in Node: `wasm-pack test --node -- --features javascript`.
#![cfg(all(target_arch = "wasm32", feature = "javascript"))]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "a test says what it expects by failing"
)]

mod common;
mod wasm;
