//! `cargo xtask <verb>`: the one runner of this project. Each verb installs what it lacks into the project's own folders.

#![expect(
    clippy::print_stdout,
    reason = "a command-line tool talks on its standard output"
)]

mod bench;
mod build;
mod catalogue;
mod check;
mod demo;
mod docs;
mod matrix;
mod rooms;
mod shell;
mod test;
mod tools;

use std::{env, process::ExitCode};

use shell::Result;

const HELP: &str = "\
cargo xtask <verb>

  demo           builds the package, starts the sandbox and shows every interface at work
  test           native tests, wasm-pack tests, and the package's tests on the built tarball
  test --all     the same, and every Node that CloudBase offers
  bench          measures the package beside what a user would pick instead; writes target/bench
  bench --save   the same, and puts the figures into the guides; --quick: few rounds; --only <words>: those sections
  check          format, lints, room rules, documentation, licences, sizes
  build          writes the npm package to pkg/
  docs           writes the guides and both references to target/site, and follows every link
";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done: Result<()> = match arguments.as_slice() {
        ["bench", options @ ..] => bench::bench(options),
        ["build"] => build::build(),
        ["demo"] => demo::demo(),
        ["docs"] => docs::docs(),
        ["test"] => test::test(false),
        ["test", "--all"] => test::test(true),
        ["check"] => check::check(),
        [] | ["help" | "--help" | "-h"] => {
            println!("{HELP}");
            Ok(())
        }
        _ => Err(format!("no such verb\n\n{HELP}").into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("\nxtask: {error}");
            ExitCode::FAILURE
        }
    }
}
