//! Short secrets: PINs, the signing password, 照合番号.

use std::fmt;

use serde::Deserialize;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// A reference value (PIN, password, 照合番号): never printed, zeroised on drop.
#[derive(Clone, Deserialize, Zeroize, ZeroizeOnDrop)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Takes over the text; the caller keeps no copy.
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// The ASCII characters, for a comparison or for typing them in a rehearsal.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether the presented bytes are this value. Constant time is not needed: a practice secret protects nothing.
    pub(crate) fn is(&self, presented: &[u8]) -> bool {
        self.0.as_bytes() == presented
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}
