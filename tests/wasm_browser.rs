//! The boundary of the core module in a browser: `wasm-pack test --headless --chrome -- --features javascript`.
#![cfg(all(target_arch = "wasm32", feature = "javascript"))]
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    unreachable_pub,
    reason = "a test says what it expects by failing"
)]

mod common;
mod wasm;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
