//! The sandbox's `/cityservice`: face verification and medical real names, without a network and without the core. What is
//! hashed and encrypted is made and opened by the machine's own tools, which know nothing of this project.
#![cfg(all(not(target_arch = "wasm32"), feature = "sandbox"))]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test says what it expects by failing"
)]

mod bench;
mod face;
mod medical;
