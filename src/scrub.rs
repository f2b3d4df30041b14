//! What a computation leaves on the stack below its caller's frame is overwritten when it is done.
//!
//! Keys and plaintexts live in buffers that wipe themselves. But big-number arithmetic spills parts of primes to the
//! stack, where they would stay until something else is written there; in WebAssembly that memory can be read from outside.

use zeroize::Zeroize;

/// More than the deepest computation takes, with an 8192-bit key.
const DEPTH: usize = 64 * 1024;

/// Runs `work` in frames of its own and wipes them.
#[inline(never)]
pub(crate) fn scrubbed<T>(work: impl FnOnce() -> T) -> T {
    let done = below(work);
    wipe();
    done
}

#[inline(never)]
fn below<T>(work: impl FnOnce() -> T) -> T {
    work()
}

#[inline(never)]
fn wipe() {
    // In words: byte by byte it took longer than what it wipes after.
    [0u64; DEPTH / 8].zeroize();
}
