//! The compiler for wasm32: rustup's target, or Debian's packages with a standard library built from source.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result};

use crate::apt::{self, Package};
use crate::command::{cargo, command, output, run};

/// The target of both browser crates.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// An unstable option of cargo.
const OWN_STD: &str = "-Zbuild-std=std,panic_abort";

const DEBIAN: [Package; 4] = [
    Package {
        name: "rustc-web",
        why: "Rust compiler for wasm32, because rustup could not add the target",
    },
    Package { name: "cargo-web", why: "cargo of the same version" },
    Package { name: "rust-web-src", why: "the standard library, compiled here for wasm32" },
    Package { name: "rust-web-llvm", why: "linker for wasm" },
];

/// Makes sure that something here can compile for wasm32.
///
/// # Errors
/// When rustup refuses and Debian's packages cannot be installed either.
pub(crate) fn ensure_target() -> Result<()> {
    if has_target() || has_debian() {
        return Ok(());
    }
    eprintln!(
        "The Rust target {TARGET} is missing; the pages and the face worker are compiled for it."
    );
    let Err(refused) = run(&mut command("rustup", ["target", "add", TARGET])) else {
        return Ok(());
    };
    eprintln!("rustup could not add it ({refused:#}). Trying Debian's compiler instead.");
    apt::install(&apt::missing(&DEBIAN))
        .context("no compiler for wasm32: neither rustup nor Debian could provide one")
}

/// A cargo that can build for wasm32, with what it needs in its environment. Arguments start after the sub-command.
pub(crate) fn wasm_cargo(subcommand: &str) -> Command {
    if has_target() || !has_debian() {
        let mut cargo = cargo();
        cargo.args([subcommand, "--target", TARGET]);
        return cargo;
    }
    std_cargo(subcommand)
}

/// As [`wasm_cargo`], but the standard library is compiled, too, with the flags of the rest.
pub(crate) fn std_cargo(subcommand: &str) -> Command {
    if has_source() {
        let mut cargo = cargo();
        cargo.args([subcommand, "--target", TARGET, OWN_STD]);
        cargo.env("RUSTC_BOOTSTRAP", "1");
        return cargo;
    }
    let mut cargo = Command::new("/usr/bin/cargo");
    cargo.stdin(Stdio::null()).env("RUSTC", "/usr/bin/rustc").env("RUSTDOC", "/usr/bin/rustdoc");
    // The standard library is not shipped compiled for this target, and building it is still an unstable option.
    cargo.env("RUSTC_BOOTSTRAP", "1").env_remove("RUSTUP_TOOLCHAIN");
    cargo.args([subcommand, "--target", TARGET, OWN_STD]);
    cargo
}

/// Whether [`std_cargo`] can work; tries to fetch the source of the standard library, and says what is lost without it.
pub(crate) fn ensure_source() -> bool {
    if has_source() || has_debian() {
        return true;
    }
    eprintln!(
        "The source of Rust's standard library is missing; the two-threaded face worker is compiled with it."
    );
    let Err(refused) = run(&mut command("rustup", ["component", "add", "rust-src"])) else {
        return true;
    };
    eprintln!(
        "rustup could not add it ({refused:#}). Going on without: faces are compared with one thread."
    );
    false
}

/// Whether the active toolchain has the source of its standard library.
fn has_source() -> bool {
    let found = output(&mut command("rustc", ["--print", "sysroot"]));
    found.is_ok_and(|root| Path::new(root.trim()).join("lib/rustlib/src/rust/library/std").is_dir())
}

/// Whether the active toolchain has the standard library for wasm32, however it came there.
fn has_target() -> bool {
    let found = output(&mut command("rustc", ["--print", "target-libdir", "--target", TARGET]));
    found.is_ok_and(|folder| Path::new(folder.trim()).is_dir())
}

fn has_debian() -> bool {
    let sysroot = PathBuf::from("/usr/lib/rustlib/src/rust/library/std");
    Path::new("/usr/bin/cargo").exists()
        && Path::new("/usr/bin/rust-lld").exists()
        && sysroot.exists()
}
