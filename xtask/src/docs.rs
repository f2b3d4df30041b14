//! `cargo xtask docs`: the page of codes from the catalogue and that of speed from the saved run; then the guides, the reference of the npm package and that of the crate as one static site.

use std::fs;

use crate::{
    build::{build, version},
    catalogue,
    shell::{Result, cargo, program, root, run, step},
};

pub(crate) fn docs() -> Result<()> {
    catalogue::write_pages()?;
    run(program("node").arg("benches/page.mjs"))?;
    build()?;
    // What somebody's own `cargo doc` has left there, of other crates, is no part of the site.
    let pages = root().join("target/doc");
    if pages.exists() {
        fs::remove_dir_all(pages)?;
    }
    rustdoc()?;
    step("writing the site and following its links");
    run(program("node")
        .arg("js-tests/tools/docs.mjs")
        .env("PACKAGE_VERSION", version("wechat-realname")?))?;
    println!("  {}", root().join("target/site/index.html").display());
    Ok(())
}

/// The crate's reference, with everything that a Rust user can switch on, in `target/doc`.
pub(crate) fn rustdoc() -> Result<()> {
    step("documentation of the crate");
    run(cargo()
        .args([
            "doc",
            "--package",
            "wechat-realname",
            "--no-deps",
            "--features",
            "encrypted-files,os-entropy,sandbox",
            "--target-dir",
        ])
        .arg(root().join("target"))
        .env("RUSTDOCFLAGS", "-D warnings"))
}
