//! Running other programs, with their output shown and their failures said in one sentence.

use std::{
    env::{self, consts::EXE_SUFFIX},
    error::Error,
    ffi::OsStr,
    io::{self, Read, Write},
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
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

/// What the programs have said, from the moment on when it is kept.
static SAID: Mutex<Option<Vec<u8>>> = Mutex::new(None);

fn said() -> MutexGuard<'static, Option<Vec<u8>>> {
    SAID.lock().unwrap_or_else(PoisonError::into_inner)
}

/// From now on, keeps what `run` shows.
pub(crate) fn keep_what_is_said() {
    *said() = Some(Vec::new());
}

/// Those of `words` that a program has said since.
pub(crate) fn said_of<'a>(words: &[&'a str]) -> Vec<&'a str> {
    let said = said();
    let said = String::from_utf8_lossy(said.as_deref().unwrap_or_default());
    let was_said = |word: &&&str| said.contains(**word);
    words.iter().filter(was_said).copied().collect()
}

/// Runs to the end, output shown.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let shown = describe(command);
    let keeps = said().is_some();
    let status = if keeps {
        overheard(command)
    } else {
        command.status()
    };
    let status = status.map_err(|error| format!("could not start `{shown}`: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("`{shown}` failed ({status})").into())
    }
}

/// Runs with its output shown and kept.
fn overheard(command: &mut Command) -> io::Result<ExitStatus> {
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let (out, err) = (child.stdout.take(), child.stderr.take());
    // Each by itself: two at once would cut each other's words.
    let texts = thread::scope(|scope| {
        let out = scope.spawn(|| pass_on(out, io::stdout()));
        let err = scope.spawn(|| pass_on(err, io::stderr()));
        [out.join(), err.join()]
    });
    for text in texts {
        // What is not kept cannot be looked through, so that must not pass for silence.
        let text = text.map_err(|_| io::Error::other("its output could not be passed on"))??;
        if let Some(said) = said().as_mut() {
            said.extend(text);
        }
    }
    child.wait()
}

fn pass_on(from: Option<impl Read>, mut to: impl Write) -> io::Result<Vec<u8>> {
    let mut kept = Vec::new();
    let Some(mut from) = from else {
        return Ok(kept);
    };
    let mut chunk = [0; 8192];
    loop {
        let length = from.read(&mut chunk)?;
        let said = chunk.get(..length).unwrap_or_default();
        if said.is_empty() {
            return Ok(kept);
        }
        to.write_all(said)?;
        to.flush()?;
        kept.extend_from_slice(said);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_program_says_is_kept_wherever_it_says_it() {
        keep_what_is_said();
        run(program("rustc").arg("--version")).unwrap();
        assert!(run(program("rustc").arg("--no-such-option-of-rustc")).is_err());
        let words = ["rustc 1.", "no-such-option-of-rustc", "canary"];
        assert_eq!(said_of(&words), &words[..2]);
    }
}
