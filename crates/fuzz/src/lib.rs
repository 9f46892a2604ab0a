//! Hostile bytes for everything that reads what a card or an eligibility terminal says.
//!
//! A target takes any bytes and must come back: no panic, no endless loop, no overflow (the tests and the runner are
//! built with overflow checks). Start at [`TARGETS`]. The corpus in `corpus/<target>` is replayed by the tests; the
//! runner mutates it: `cargo run -p fuzz -- --executions 10000000`.

mod mutate;
mod seeds;
mod targets;

pub use mutate::{Dice, mutate};
pub use seeds::seeds;
pub use targets::{TARGETS, Target};

use std::path::{Path, PathBuf};

/// Longest input in bytes.
pub const MAX_INPUT: usize = 8192;

/// Folder with the committed inputs of a target.
pub fn corpus_folder(target: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target)
}

/// The committed inputs of a target, in the order of their names.
///
/// # Errors
/// When the folder cannot be read.
pub fn corpus(target: &str) -> std::io::Result<Vec<Vec<u8>>> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(corpus_folder(target))? {
        paths.push(entry?.path());
    }
    paths.sort();
    paths.into_iter().map(std::fs::read).collect()
}
