//! The stages of `cargo xtask test`, cheapest first.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};

use super::count::{Outcome, as_one, counted};
use crate::command::{cargo, command, run, succeeds};
use crate::run::built;
use crate::{e2e, files, pcscd, rustup, tidy, wasm};

/// A name that can be typed, and the work.
pub(crate) type Stage = (&'static str, fn() -> Outcome);

/// All of them.
pub(crate) const STAGES: [Stage; 7] = [
    ("format", format),
    ("lints", lints),
    ("lints-wasm", lints_wasm),
    ("tidy", || as_one(tidy::tidy(false))),
    ("unit", unit),
    ("wasm", || wasm_tests().unwrap_or_else(|error| as_one(Err(error)))),
    ("journeys", journeys),
];

fn format() -> Outcome {
    as_one(run(cargo().args(["fmt", "--all", "--check"])).context("run `cargo fmt --all`"))
}

/// Everything as this machine sees it; what only exists in the browser comes after. Clippy takes the compiler's place in the build
/// of the tests: linted apart, every dependency would be read a second time.
fn lints() -> Outcome {
    as_one(build_everything())
}

fn lints_wasm() -> Outcome {
    let mut clippy = rustup::wasm_cargo("clippy");
    clippy.args(["--package", wasm::SHELL.package, "--package", wasm::WORKER.package]);
    // The profile of the pages: its compiled macros and build scripts are there already.
    clippy.args(["--profile", wasm::SHELL.profile, "--target-dir", wasm::TARGET_DIR]);
    as_one(run(deny_warnings(&mut clippy)))
}

/// On a build server a warning is an error; at a desk it is a hint.
fn deny_warnings(clippy: &mut Command) -> &mut Command {
    if denies_warnings() {
        clippy.args(["--", "--deny", "warnings"]);
    }
    clippy
}

fn denies_warnings() -> bool {
    std::env::var("CI").is_ok_and(|value| !value.is_empty() && value != "false")
}

/// As `cargo clippy` calls the compiler, for commands that compile more than it.
fn linted(cargo: &mut Command) -> &mut Command {
    cargo.env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver");
    if denies_warnings() {
        const SEPARATOR: &str = "__CLIPPY_HACKERY__";
        cargo.env("CLIPPY_ARGS", ["--deny", "warnings", ""].join(SEPARATOR));
    }
    cargo
}

/// Tests at once on each core: most wait for a reader, a clock or another program.
const THREADS_A_CORE: usize = 4;

fn unit() -> Outcome {
    if let Err(error) = build_everything() {
        return as_one(Err(error));
    }
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut test = cargo();
    test.args(["test", "--workspace", "--no-fail-fast"]);
    test.env("RUST_TEST_THREADS", (cores * THREADS_A_CORE).to_string());
    counted(pcscd::apart(linted(&mut test)))
}

/// Tests and programs in one selection: built one by one, each would get dependencies with other features.
fn build_everything() -> Result<()> {
    run(linted(cargo().args(["build", "--workspace", "--all-targets"])))
}

/// Every crate with a `tests/wasm.rs`, under wasm-bindgen's runner in Node.js.
fn wasm_tests() -> Result<Outcome> {
    let packages = wasm_packages()?;
    if packages.is_empty() {
        println!("no crate has a tests/wasm.rs");
        return Ok(as_one(Ok(())));
    }
    run(cargo().args([
        "build",
        "--package",
        "xtask",
        "--features",
        "wasm-test-runner",
        "--bin",
        "wasm-test-runner",
    ]))?;
    let runner = std::path::absolute(built("debug", "wasm-test-runner"))?;
    let mut total = as_one(Ok(()));
    total.0 = super::Count::default();
    for (name, flags) in SIMD {
        println!("with {name}");
        let (count, error) = counted(&mut wasm_test(&packages, &runner, flags));
        total = (total.0 + count, total.1.or(error));
    }
    Ok(total)
}

/// Instructions that the face worker is built with, and those of browsers that lack the newer ones.
const SIMD: [(&str, &str); 2] =
    [("relaxed SIMD", "+simd128,+relaxed-simd"), ("plain SIMD", "+simd128")];

/// Node.js before 22 knows relaxed SIMD only when it is told; later ones refuse to be told.
const RELAXED: &str = "--experimental-wasm-relaxed-simd";

fn wasm_test(packages: &[String], runner: &Path, simd: &str) -> Command {
    let mut test = rustup::wasm_cargo("test");
    test.args(["--test", "wasm", "--no-fail-fast", "--target-dir", wasm::TARGET_DIR]);
    for package in packages {
        test.args(["--package", package]);
    }
    let flags = [format!("-Ctarget-feature={simd}")];
    test.arg("--config").arg(format!("target.{}.rustflags={flags:?}", rustup::TARGET));
    test.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
    if succeeds(&mut command("node", [RELAXED, "--eval", "0"])) {
        test.env("NODE_ARGS", RELAXED);
    }
    test.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner)
        .env("WASM_BINDGEN_TEST_TIMEOUT", "300");
    test
}

/// Names of the packages that have a `tests/wasm.rs`.
fn wasm_packages() -> Result<Vec<String>> {
    let members = files::members()?;
    let with_tests =
        members.iter().map(Path::new).filter(|member| member.join("tests/wasm.rs").exists());
    with_tests.map(files::package_name).collect()
}

fn journeys() -> Outcome {
    if let Err(error) = build_everything() {
        return as_one(Err(error));
    }
    let mut total = as_one(Ok(()));
    total.0 = super::Count::default();
    for journey in e2e::JOURNEYS {
        let (count, error) = counted(&mut e2e::built_program(journey));
        total = (total.0 + count, total.1.or(error));
    }
    total
}
