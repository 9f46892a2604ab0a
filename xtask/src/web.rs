//! The web part: the wasm files of screens and face worker and everything around them, gathered in `dist/`.

use anyhow::Result;
use clap::Args;

use crate::dist;
use crate::files;
use crate::progress::step;
use crate::rustup;
use crate::voice;
use crate::wasm::{self, SHELL};

/// How to build.
#[derive(Args, Clone, Copy, Default)]
pub(crate) struct Options {
    /// Also run wasm-opt and compress ahead of time; minutes instead of seconds
    #[arg(long)]
    pub(crate) release_optimised: bool,
    /// Only compress ahead of time, as the measurements do
    #[arg(long)]
    pub(crate) compress: bool,
}

/// Builds what changed and brings `dist/` in step.
///
/// # Errors
/// Those of the compiler, of wasm-bindgen and of the disk.
pub(crate) fn web(options: Options) -> Result<()> {
    let _lock = files::lock("xtask-web")?;
    voice::voice_if_possible();
    let shell = SHELL.build(options.release_optimised)?;
    let mut workers = Vec::new();
    for (build, module) in wasm::WORKERS {
        if !module.own_std || rustup::ensure_source() {
            workers.push((build, module.build(options.release_optimised)?));
        }
    }
    step("gather dist/", || {
        dist::assemble(&shell, &workers, options.release_optimised || options.compress)
    })
}
