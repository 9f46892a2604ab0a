//! The hash chain of the audit.

use sha2::{Digest, Sha256};

/// Hash before the first line.
pub(super) const START: [u8; 32] = [0; 32];

/// SHA-256 over the hash before, the number of the line (8 bytes, big-endian) and its text.
pub(super) fn next(previous: &[u8; 32], seq: i64, line: &str) -> [u8; 32] {
    Sha256::new()
        .chain_update(previous)
        .chain_update(seq.to_be_bytes())
        .chain_update(line)
        .finalize()
        .into()
}
