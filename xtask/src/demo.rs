//! `cargo xtask demo`: the built package at work, against its sandbox.

use std::fs;

use crate::{
    build::build,
    shell::{Result, program, root, run, step},
    test::{install, tarball},
};

pub(crate) fn demo() -> Result<()> {
    build()?;
    step("the demo");
    // A project of its own, with nothing but the tarball installed: what a user has.
    let folder = root().join("target/demo");
    install(&tarball()?, &folder)?;
    fs::copy(root().join("examples/demo.mjs"), folder.join("demo.mjs"))?;
    run(program("node").arg("demo.mjs").current_dir(folder))
}
