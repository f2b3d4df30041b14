//! `cargo xtask test`: every ring, from the native core to the tarball in other people's runtimes.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use crate::{
    build::{build, flags, version},
    matrix,
    shell::{Result, cargo, keep_what_is_said, program, read, root, run, said_of, step, which},
    tools,
};

use wechat_realname::sandbox;

const WASM_PACK: &str = "0.15.1";

pub(crate) fn test(all: bool) -> Result<()> {
    let mut skipped = Vec::new();
    tools::node(20, 19)?;
    keep_what_is_said();

    step("native tests");
    run(cargo().args([
        "test",
        "--workspace",
        "--features",
        "doctor,encrypted-files,os-entropy,sandbox",
    ]))?;

    if which("openssl").is_none() {
        skipped.push(
            "openssl asked afresh, and the lines that errors give to convert files: no openssl",
        );
    }
    tools::wasm_target()?;
    // The test runner must be of the crate's version. Without --locked: the registry may lag behind the lock file of a
    // release that is hours old.
    tools::cargo_tool("wasm-bindgen-cli", &version("wasm-bindgen")?, false)?;
    tools::cargo_tool("wasm-pack", WASM_PACK, true)?;
    step("the WebAssembly boundary in Node");
    wasm_pack(&["--node"], "wasm_node")?;
    step(
        "the vectors of decryption, GBK and signatures in Node, compiled as the shipped module is",
    );
    as_shipped()?;
    let browser = browser();
    match &browser {
        Some(Browser {
            driver: Some(driver),
            ..
        }) => {
            step("the WebAssembly boundary in a browser");
            let driver = driver.to_string_lossy();
            wasm_pack(
                &["--headless", "--chrome", "--chromedriver", &driver],
                "wasm_browser",
            )?;
        }
        Some(_) => skipped.push("the boundary in a browser: no chromedriver on PATH"),
        None => skipped
            .push("everything in a browser: no Chromium (set CHROME, or put chromium on PATH)"),
    }

    build()?;
    tools::npm("js-tests/tests")?;
    let machine = Machine {
        all,
        browser: browser.map(|browser| browser.path),
    };
    if which("redis-server").is_none() {
        skipped.push("processes that share a Redis, and that are killed while they write to it: no redis-server");
    }
    let tested = package(&machine);
    step("no secret in anything that the tests have said");
    nothing_secret_was_said()?;

    println!();
    for reason in &skipped {
        println!("skipped: {reason}");
    }
    tested?;
    println!("all tests passed");
    Ok(())
}

/// Whether all of a test file is done in Chromium.
fn needs_a_browser(file: &str) -> bool {
    file == "browser.test.mjs"
        || file.starts_with("playground") && file != "playground_server.test.mjs"
}

/// What there is to test the package with.
struct Machine {
    all: bool,
    browser: Option<PathBuf>,
}

impl Machine {
    /// Whether it has the programs that come as packages of one platform.
    fn has_runtimes(&self) -> bool {
        self.all && cfg!(all(target_os = "linux", target_arch = "x86_64"))
    }

    /// Why a test file is not run.
    fn leaves_out(&self, file: &str) -> Option<&'static str> {
        match file {
            _ if self.browser.is_none() && needs_a_browser(file) => Some("no Chromium"),
            "runtimes.test.mjs" | "workerd.test.mjs" | "miniprogram_npm.test.mjs"
                if !self.has_runtimes() =>
            {
                Some(if self.all {
                    "their packages are for Linux on x64"
                } else {
                    "cargo xtask test --all has it"
                })
            }
            "endurance.test.mjs" | "wrong_key.test.mjs" if !self.all => {
                Some("cargo xtask test --all has it")
            }
            _ => None,
        }
    }
}

/// The package's tests, on the tarball.
fn package(machine: &Machine) -> Result<()> {
    let tarball = tarball()?;
    let folder = root().join("js-tests/tests");
    install(&tarball, &folder)?;
    if machine.has_runtimes() {
        tools::npm("js-tests/runtimes")?;
    }
    step("the package, from its tarball");
    let mut tests: Vec<String> = fs::read_dir(&folder)?
        .filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()))
        .filter(|name| name.ends_with(".test.mjs"))
        .collect();
    tests.sort();
    let (left_out, mut tests): (Vec<_>, Vec<_>) = tests
        .into_iter()
        .partition(|file| machine.leaves_out(file).is_some());
    tests.retain(|file| file != SIMULATION);
    let outcomes = root().join("target/js-tests/matrix.jsonl");
    fs::write(&outcomes, "")?;
    let mut node = program("node");
    node.current_dir(&folder)
        .args(["--test", "--test-reporter=spec"])
        .args(tests)
        .env("TARBALL", &tarball)
        .env("MATRIX", &outcomes)
        .env("NATIVE_EXAMPLE", native_example());
    if let Some(path) = &machine.browser {
        node.env("CHROME", path);
    }
    let ran = run(&mut node);
    step("what ran where");
    let table = matrix::print(&folder.join("rows.json"), &outcomes, |file| {
        machine.leaves_out(file)
    });
    for file in left_out {
        if let Some(why) = machine.leaves_out(&file) {
            println!("  {file} was not run: {why}");
        }
    }
    ran.and(table)?;
    step("the push handler in front of stores that are slow and fail");
    // Alone: it is about milliseconds.
    run(program("node")
        .current_dir(&folder)
        .args(["--test", "--test-reporter=spec", SIMULATION]))
}

/// What the native tests have built of `examples/native`.
fn native_example() -> PathBuf {
    let target =
        env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    let folder = target.join("debug/examples");
    folder.join(format!("native{}", env::consts::EXE_SUFFIX))
}

/// Runs after all others.
const SIMULATION: &str = "push_simulation.test.mjs";

/// Every secret that the tests invent has the word `canary` in it, or is the person of the tests against leaks; the others
/// are the sandbox's.
fn nothing_secret_was_said() -> Result<()> {
    let key = sandbox::MERCHANT_KEY.lines();
    let mut secrets: Vec<&str> = key.filter(|line| line.len() > 20).collect();
    secrets.extend([
        "canary",
        "夏侯",
        sandbox::APP_SECRET,
        sandbox::PLATFORM_APP_SECRET,
        sandbox::PUSH_TOKEN,
        sandbox::ENCODING_AES_KEY,
    ]);
    match said_of(&secrets).len() {
        0 => Ok(()),
        count => Err(format!("{count} secrets of the tests are in their output").into()),
    }
}

fn wasm_pack(words: &[&str], test: &str) -> Result<()> {
    // By its path: a program is looked up before the new PATH applies.
    let mut command = program(&tools::installed("wasm-pack").to_string_lossy());
    command.arg("test").args(words).args([
        "--mode",
        "no-install",
        "--",
        "--features",
        "javascript",
        "--test",
        test,
    ]);
    run(command.env("PATH", tools::path_with_tools()?))
}

/// The tests inside the crate, with the profile and the flags of the shipped modules.
fn as_shipped() -> Result<()> {
    // But for the features that Node 16 lacks: the test runner wants them.
    let flags: Vec<String> = flags()?
        .into_iter()
        .filter(|flag| !flag.starts_with("-Ctarget-feature"))
        .collect();
    let mut command = program(&tools::installed("wasm-pack").to_string_lossy());
    command
        .args(["test", "--node", "--release", "--mode", "no-install", "--"])
        .args(["--features", "javascript,sandbox", "--lib"])
        .env("CARGO_TARGET_DIR", root().join("target/package"))
        .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"));
    run(command.env("PATH", tools::path_with_tools()?))
}

/// What `npm publish` would send, made of `pkg/`.
pub(crate) fn tarball() -> Result<PathBuf> {
    let folder = root().join("target/js-tests");
    fs::create_dir_all(&folder)?;
    let mut pack = program("npm");
    pack.current_dir(root().join("pkg"))
        .args(["pack", "--silent", "--pack-destination"])
        .arg(&folder);
    let name = read(&mut pack)?;
    Ok(folder.join(name.trim()))
}

/// The tarball in the `node_modules` of a folder. npm's own way would look at every other package there again.
pub(crate) fn install(tarball: &Path, folder: &Path) -> Result<()> {
    let target = folder.join("node_modules/wechat-realname");
    if target.exists() {
        fs::remove_dir_all(&target)?;
    }
    fs::create_dir_all(&target)?;
    run(program("tar")
        .arg("-xzf")
        .arg(tarball)
        .arg("-C")
        .arg(&target)
        .args(["--strip-components", "1"]))
}

struct Browser {
    path: PathBuf,
    driver: Option<PathBuf>,
}

fn browser() -> Option<Browser> {
    let named = env::var_os("CHROME").map(PathBuf::from);
    let names = ["chromium", "chromium-browser", "google-chrome", "chrome"];
    let path = named.or_else(|| names.into_iter().find_map(which))?;
    Some(Browser {
        path,
        driver: which("chromedriver"),
    })
}
