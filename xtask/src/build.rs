//! `cargo xtask build`: from the crate to `pkg/`.

use std::{env, fs, path::Path};

use walrus::{Module, RawCustomSection};
use wasm_bindgen_cli_support::Bindgen;

use crate::{
    catalogue,
    shell::{Result, cargo, program, read, root, run, step},
    tools,
};

pub(crate) fn build() -> Result<()> {
    tools::node(18, 0)?;
    tools::wasm_target()?;
    tools::npm("js-tests/tools")?;

    let generated = root().join("pkg-template/src/generated");
    fs::create_dir_all(&generated)?;
    module("core", "javascript", &generated)?;
    module("extras", "javascript-extras", &generated)?;
    let version = version("wechat-realname")?;
    let core = wechat_realname::types::core();
    fs::write(generated.join("core_types.ts"), core.declarations)?;
    fs::write(generated.join("operation_list.ts"), core.list)?;
    fs::write(
        generated.join("sandbox_types.ts"),
        wechat_realname::types::sandbox(),
    )?;
    fs::write(generated.join("areas.ts"), wechat_realname::types::areas())?;
    fs::write(generated.join("return_codes.ts"), catalogue::typescript())?;
    fs::write(
        generated.join("doctor_types.ts"),
        wechat_realname::types::doctor(),
    )?;
    fs::write(
        generated.join("version.ts"),
        format!(
            "/** The version of this package. */\nexport const version: string = '{version}';\n"
        ),
    )?;

    step("type-checking and bundling the package");
    run(program("node")
        .arg("js-tests/tools/build.mjs")
        .env("PACKAGE_VERSION", &version))?;
    println!("  pkg/ is wechat-realname {version}");
    Ok(())
}

/// Compiles one of the two modules, and writes it and its glue.
fn module(name: &str, feature: &str, generated: &Path) -> Result<()> {
    step(&format!("compiling the {name} module to WebAssembly"));
    let target = root().join("target/package");
    run(cargo()
        .args([
            "build",
            "--release",
            "--lib",
            "--target",
            "wasm32-unknown-unknown",
        ])
        .args([
            "--package",
            "wechat-realname",
            "--features",
            feature,
            "--target-dir",
        ])
        .arg(&target)
        .env("CARGO_ENCODED_RUSTFLAGS", flags()?.join("\u{1f}")))?;

    let compiled = target.join("wasm32-unknown-unknown/release/wechat_realname.wasm");
    let mut module = Module::from_file(compiled)?;
    // Rust compiles for reference types and says so here. The flags have switched them off, but the generator would
    // still take the section's word for it, and Node 16 would refuse the result.
    let _: Option<RawCustomSection> = module.customs.remove_raw("target_features");

    let mut output = Bindgen::new()
        .input_bytes(name, module.emit_wasm())
        .web(true)?
        .omit_default_module_path(true)
        .reset_state_function(true)
        .typescript(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate_output()?;
    fs::write(generated.join(format!("{name}.js")), output.js())?;
    fs::write(
        generated.join(format!("{name}.d.ts")),
        output.ts().unwrap_or_default(),
    )?;
    fs::write(
        generated.join(format!("{name}.wasm")),
        output.wasm_mut().emit_wasm(),
    )?;
    Ok(())
}

/// Flags of the shipped modules. They replace those of `.cargo/config.toml`, so its one is repeated.
pub(crate) fn flags() -> Result<Vec<String>> {
    let mut flags: Vec<String> = [
        // CloudBase's Node 16.13 knows neither.
        "-Ctarget-feature=-reference-types,-multivalue",
        // 32-bit limbs: half the time of an RSA operation, measured.
        "--cfg=cpubits=\"32\"",
        "--cfg=getrandom_backend=\"unsupported\"",
    ]
    .map(String::from)
    .into();
    // Panic messages name source files; they need not say where the builder keeps them.
    let home = env::var("CARGO_HOME").or_else(|_| {
        env::var(if cfg!(windows) { "USERPROFILE" } else { "HOME" })
            .map(|home| format!("{home}/.cargo"))
    })?;
    flags.push(format!("--remap-path-prefix={home}/registry/src=crates"));
    flags.push(format!(
        "--remap-path-prefix={}=wechat-realname",
        root().display()
    ));
    Ok(flags)
}

/// The version of a crate as Cargo.lock has it.
pub(crate) fn version(package: &str) -> Result<String> {
    let id = read(cargo().args(["pkgid", "--package", package]))?;
    let version = id.trim().rsplit(['#', '@']).next().map(String::from);
    version.ok_or_else(|| "cargo pkgid gave no version".into())
}
