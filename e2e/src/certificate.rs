//! The certificate of the site's network, as the reception's browser is told to trust it.

use std::path::Path;

use anyhow::{Context as _, Result};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest as _, Sha256};
use x509_cert::Certificate;
use x509_cert::der::{Decode as _, Encode as _};

/// SHA-256 of the public key (`SubjectPublicKeyInfo`) of the first certificate in a PEM file, in base64.
///
/// # Errors
/// When there is none.
pub fn key_of(file: &Path) -> Result<String> {
    let text = std::fs::read_to_string(file).with_context(|| file.display().to_string())?;
    let lines = text.lines().skip_while(|line| !line.starts_with("-----BEGIN CERTIFICATE"));
    let lines: String = lines.skip(1).take_while(|line| !line.starts_with("-----END")).collect();
    let certificate = Certificate::from_der(&BASE64_STANDARD.decode(lines)?)?;
    let key = certificate.tbs_certificate.subject_public_key_info.to_der()?;
    Ok(BASE64_STANDARD.encode(Sha256::digest(key)))
}
