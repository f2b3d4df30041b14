//! `cargo xtask bench`: the crate by criterion, then the package beside what a user would pick instead, in `benches/run.mjs`.

use std::fs;

use crate::{
    build::build,
    shell::{Result, cargo, program, root, run, step},
    test::{install, tarball},
    tools,
};

/// `options` are those of `benches/run.mjs`.
pub(crate) fn bench(options: &[&str]) -> Result<()> {
    match options {
        [] | ["--quick" | "--save"] | ["--only", _] | ["--quick", "--only", _] => {}
        _ => return Err("bench takes --quick, --save or --only <words>".into()),
    }
    tools::node(20, 19)?;
    build()?;
    tools::npm("benches")?;
    let folder = root().join("benches");
    let tarball = tarball()?;
    install(&tarball, &folder)?;
    let found = root().join("target/bench/criterion");
    if found.exists() {
        // What a benchmark that is no more had found there.
        fs::remove_dir_all(&found)?;
    }
    if !options.contains(&"--only") {
        step("the crate, natively");
        let mut native = cargo();
        native
            .args(["bench", "--package", "wechat-realname", "--bench", "native"])
            .args(["--features", "os-entropy", "--", "--noplot"])
            .env("CRITERION_HOME", &found);
        if options.contains(&"--quick") {
            native.arg("--quick");
        }
        run(&mut native)?;
    }
    step("the package, side by side with others");
    run(program("node")
        .current_dir(&folder)
        .arg("run.mjs")
        .args(options)
        .env("TARBALL", &tarball))
}
