//! An authenticator on a telephone: the codes to a secret that was typed in.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result};
use totp_rs::{Algorithm, Secret, TOTP};

/// Seconds for which one code is shown.
const STEP: u64 = 30;

/// Shows each code once, as the bridge takes none twice.
pub struct Authenticator {
    codes: TOTP,
    last: u64,
}

impl Authenticator {
    /// From the letters that the page shows.
    ///
    /// # Errors
    /// When they are no secret.
    pub fn of(letters: &str) -> Result<Self> {
        let key = Secret::Encoded(letters.trim().to_owned()).to_bytes();
        let key = key.ok().context("the letters are not base32")?;
        let codes = TOTP::new(Algorithm::SHA1, 6, 1, STEP, key).ok().context("the key is short")?;
        Ok(Self { codes, last: 0 })
    }

    /// The code of now, or after that the next one, which the bridge takes up to 30 seconds early: nobody has to wait for it.
    ///
    /// # Errors
    /// When the computer has no clock.
    pub fn code(&mut self) -> Result<String> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs() / STEP;
        self.last = now.max(self.last + 1);
        Ok(self.codes.generate(self.last * STEP))
    }
}
