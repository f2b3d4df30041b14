//! Running other programs, with their output shown and their failures said in one sentence.

use std::{
    env::{self, consts::EXE_SUFFIX},
    error::Error,
    ffi::OsStr,
    path::{Path, PathBuf},
    process::Command,
};

pub(crate) type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// The checkout's folder.
pub(crate) fn root() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_path_buf()
}

/// A headline of what goes on.
pub(crate) fn step(text: &str) {
    println!("\n\u{25b8} {text}");
}

/// A program in the checkout's folder.
pub(crate) fn program(name: &str) -> Command {
    // On Windows npm and npx are batch files, which need their ending.
    let name = match name {
        "npm" if cfg!(windows) => "npm.cmd",
        name => name,
    };
    let mut command = Command::new(name);
    command.current_dir(root());
    command
}

/// The cargo that runs us, so that a toolchain chosen on the command line stays chosen.
pub(crate) fn cargo() -> Command {
    let mut command = program(&env::var("CARGO").unwrap_or_else(|_| "cargo".into()));
    // They would take the place of the flags in .cargo/config.toml, without which the WebAssembly build fails.
    command
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS");
    command
}

/// Runs to the end, output shown.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let shown = describe(command);
    let status = command
        .status()
        .map_err(|error| format!("could not start `{shown}`: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("`{shown}` failed ({status})").into())
    }
}

/// Runs to the end and gives its standard output.
pub(crate) fn read(command: &mut Command) -> Result<String> {
    let shown = describe(command);
    let output = command
        .output()
        .map_err(|error| format!("could not start `{shown}`: {error}"))?;
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        return Err(format!("`{shown}` failed ({}): {errors}", output.status).into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

fn describe(command: &Command) -> String {
    let program = Path::new(command.get_program())
        .file_name()
        .unwrap_or_default();
    let words = std::iter::once(program).chain(command.get_args());
    words
        .map(OsStr::to_string_lossy)
        .collect::<Vec<_>>()
        .join(" ")
}

/// Where a program is, if the machine has it.
pub(crate) fn which(name: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join(format!("{name}{EXE_SUFFIX}")))
        .find(|path| path.is_file())
}
