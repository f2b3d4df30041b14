//! What a verb lacks, installed into the project's own folders.

use std::{
    env::{self, consts::EXE_SUFFIX},
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
};

use crate::shell::{Result, cargo, program, read, root, run, step, which};

const TARGET: &str = "wasm32-unknown-unknown";

/// The wasm target of this toolchain.
pub(crate) fn wasm_target() -> Result<()> {
    let Some(rustup) = which("rustup") else {
        // Without rustup the target comes from the system's packages; the compiler will say if it is missing.
        return Ok(());
    };
    let rustup = rustup.to_string_lossy().into_owned();
    let installed = read(program(&rustup).args(["target", "list", "--installed"]))?;
    if installed.lines().any(|line| line == TARGET) {
        return Ok(());
    }
    step("adding the Rust target wasm32-unknown-unknown");
    run(program(&rustup).args(["target", "add", TARGET]))
}

/// Node, of at least this version: 18 for the build tools, 20.19 for those of the tests.
pub(crate) fn node(major: u32, minor: u32) -> Result<()> {
    let version = read(program("node").arg("--version")).map_err(|_| {
        format!(
            "Node is not on this machine: install Node {major}.{minor} or later, which brings npm"
        )
    })?;
    let version = version.trim();
    let mut numbers = version.trim_start_matches('v').split('.');
    let mut next = || numbers.next().and_then(|number| number.parse::<u32>().ok());
    if (next(), next()) >= (Some(major), Some(minor)) {
        return Ok(());
    }
    Err(format!("Node {version} is too old for this: {major}.{minor} or later is needed").into())
}

/// The packages of one folder of the checkout, as its lock file says.
pub(crate) fn npm(folder: &str) -> Result<()> {
    let folder = root().join(folder);
    let changed = |path: &Path| fs::metadata(path).and_then(|data| data.modified()).ok();
    // npm writes this file last.
    let installed = changed(&folder.join("node_modules/.package-lock.json"));
    if installed.is_some() && installed >= changed(&folder.join("package-lock.json")) {
        return Ok(());
    }
    step(&format!(
        "installing the packages of {}",
        folder.strip_prefix(root())?.display()
    ));
    run(program("npm")
        .args(["ci", "--no-audit", "--no-fund"])
        .current_dir(folder))
}

/// A cargo tool of exactly this version, in `target/tools`.
pub(crate) fn cargo_tool(name: &str, version: &str, locked: bool) -> Result<()> {
    let tools = root().join("target/tools");
    let installed = fs::read_to_string(tools.join(".crates.toml")).unwrap_or_default();
    if installed.contains(&format!("\"{name} {version} ")) {
        return Ok(());
    }
    step(&format!(
        "installing {name} {version} (once, into target/tools)"
    ));
    let mut install = cargo();
    install
        .args(["install", name, "--version", version, "--root"])
        .arg(&tools);
    if locked {
        install.arg("--locked");
    }
    run(install.env("CARGO_TARGET_DIR", tools.join("build")))
}

/// Where `cargo_tool` puts a program.
pub(crate) fn installed(name: &str) -> PathBuf {
    bin().join(format!("{name}{EXE_SUFFIX}"))
}

fn bin() -> PathBuf {
    root().join("target/tools/bin")
}

/// `PATH` with the project's own tools first.
pub(crate) fn path_with_tools() -> Result<OsString> {
    let path = env::var_os("PATH").unwrap_or_default();
    Ok(env::join_paths(
        std::iter::once(bin()).chain(env::split_paths(&path)),
    )?)
}
