//! `cargo xtask check`: what needs no test run to be seen.

use std::{fs, path::Path};

use crate::{
    build::build,
    docs::rustdoc,
    rooms,
    shell::{Result, cargo, root, run, step},
    test::tarball,
    tools,
};

const CARGO_DENY: &str = "0.20.2";

/// File below `pkg/` → the most bytes that it may have: what it had when its last part came (2026-11), and 3 %.
const SIZES: &[(&str, u64)] = &[
    // What a production process reads. The goal is 450 KB.
    ("dist/index.cjs", 378_949),
    ("dist/browser_main.mjs", 423_399),
    // What an edge worker is made of.
    ("dist/edge.mjs", 74_216),
    ("dist/core.wasm", 791_102),
    // What is loaded by those who have a file under a password, or ask for the sandbox.
    ("dist/extras.cjs", 456_581),
    ("dist/sandbox.cjs", 24_309),
    // The texts of the catalogue, for those who ask what a code means: in Node, and elsewhere with what looks them up.
    ("dist/return_codes.cjs", 69_105),
    ("dist/explain.mjs", 71_813),
    // Half of it is commander.
    ("dist/cli.cjs", 164_072),
    // Counts toward the 2 MB of a mini program.
    ("miniprogram_dist/miniprogram.js", 10_700),
];
// The goal itself: 1.5 MB.
const TARBALL: u64 = 1_500_000;

pub(crate) fn check() -> Result<()> {
    step("format");
    run(cargo().args(["fmt", "--all", "--check"]))?;
    step("room rules");
    rooms::check()?;
    step("lints, natively and for WebAssembly");
    tools::wasm_target()?;
    run(cargo().args([
        "clippy",
        "--workspace",
        "--all-targets",
        "--all-features",
        "--",
        "-D",
        "warnings",
    ]))?;
    run(cargo()
        .args([
            "clippy",
            "--package",
            "wechat-realname",
            "--all-targets",
            "--target",
            "wasm32-unknown-unknown",
        ])
        .args([
            "--features",
            "javascript,javascript-extras",
            "--",
            "-D",
            "warnings",
        ]))?;
    // The plainest build of all: what a Rust user gets who asks for nothing.
    run(cargo().args([
        "clippy",
        "--package",
        "wechat-realname",
        "--",
        "-D",
        "warnings",
    ]))?;
    rustdoc()?;
    deny()?;
    build()?;
    sizes()
}

fn deny() -> Result<()> {
    tools::cargo_tool("cargo-deny", CARGO_DENY, true)?;
    step("licences, sources and bans of the dependencies");
    let path = tools::path_with_tools()?;
    let deny = |what: &[&str]| {
        let mut command = cargo();
        command
            .args(["deny", "--workspace", "check", "--hide-inclusion-graph"])
            .args(what)
            .env("PATH", &path);
        command
    };
    run(&mut deny(&["bans", "licenses", "sources"]))?;
    step("advisories");
    let output = deny(&["advisories"]).output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    if output.status.success() {
        println!("  none but the one that deny.toml explains");
    } else if said.contains("failed to fetch advisory database")
        || said.contains("failed to load advisory database")
    {
        println!("  not checked: the advisory database could not be reached");
    } else {
        return Err(format!("advisories:\n{said}").into());
    }
    Ok(())
}

fn sizes() -> Result<()> {
    step("sizes");
    let mut files: Vec<_> = SIZES
        .iter()
        .map(|(name, most)| (root().join("pkg").join(name), *most))
        .collect();
    files.push((tarball()?, TARBALL));
    let mut over = Vec::new();
    for (path, most) in &files {
        let size = fs::metadata(path)?.len();
        let name = path
            .file_name()
            .map(Path::new)
            .unwrap_or(path)
            .display()
            .to_string();
        println!("  {name:<28} {size:>9} bytes of at most {most}");
        if size > *most {
            over.push(name);
        }
    }
    if over.is_empty() {
        return Ok(());
    }
    Err(format!(
        "larger than allowed: {} (the limits are in xtask/src/check.rs)",
        over.join(", ")
    )
    .into())
}
