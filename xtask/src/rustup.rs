//! The compiler for wasm32: rustup's target, or Debian's packages with a standard library built from source.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result};

use crate::apt::{self, Package};
use crate::command::{cargo, command, output, run};

/// The target of both browser crates.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

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
    let mut cargo = Command::new("/usr/bin/cargo");
    cargo.stdin(Stdio::null()).env("RUSTC", "/usr/bin/rustc").env("RUSTDOC", "/usr/bin/rustdoc");
    // The standard library is not shipped compiled for this target, and building it is still an unstable option.
    cargo.env("RUSTC_BOOTSTRAP", "1").env_remove("RUSTUP_TOOLCHAIN");
    cargo.args([subcommand, "--target", TARGET, "-Zbuild-std=std,panic_abort"]);
    cargo
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
