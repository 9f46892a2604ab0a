//! `uketsuke-bridge certificate make NAME…`: a certificate of the site's own, for a site that has none.
//!
//! It is signed by a small authority whose key is thrown away at once: who trusts the authority trusts this one certificate.

use crate::private;
use clap::Subcommand;
use jiff::{SignedDuration, Timestamp};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Apple's devices take no longer ones.
const DAYS: i64 = 825;
/// What browsers and systems call it.
const AUTHORITY: &str = "Uketsuke";

/// What to do with certificates.
#[derive(Clone, Debug, Subcommand)]
pub enum CertificateCommand {
    /// Make ca.pem (to be trusted by the reception's computers), certificate.pem and key.pem (for `[network]`)
    Make {
        /// Names and addresses under which this computer is reached
        #[arg(required = true, num_args = 1..=16)]
        names: Vec<String>,
        /// Folder to put them into
        #[arg(long, default_value = ".", value_name = "DIR")]
        out: PathBuf,
    },
}

/// Why no certificate was made.
#[derive(Debug, thiserror::Error)]
pub enum MakeError {
    /// Nothing is written over.
    #[error("{} is there already: move it away first", .0.display())]
    Exists(PathBuf),
    /// A file.
    #[error("cannot write {}: {error}", file.display())]
    File {
        /// Which.
        file: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// A name.
    #[error("cannot make a certificate of these names: {0}")]
    Names(#[from] rcgen::Error),
}

impl CertificateCommand {
    /// Does it; gives what to print.
    ///
    /// # Errors
    /// [`MakeError`].
    pub fn run(&self, now: Timestamp) -> Result<String, MakeError> {
        let Self::Make { names, out } = self;
        make(names, out, now)?;
        Ok(format!(
            "ca.pem, certificate.pem, key.pem ({DAYS} days / 日間): {}\nca.pem を職員のパソコンに信頼する証明書として入れてください / let the staff's computers trust ca.pem: see docs/operations.md\n",
            out.display()
        ))
    }
}

pub(super) fn make(names: &[String], out: &Path, now: Timestamp) -> Result<(), MakeError> {
    let files = ["ca.pem", "certificate.pem", "key.pem"].map(|name| out.join(name));
    if let Some(there) = files.iter().find(|file| file.exists()) {
        return Err(MakeError::Exists(there.clone()));
    }
    let day = |days| {
        let at = now.saturating_add(SignedDuration::from_hours(24 * days)).unwrap_or(now);
        let date = at.to_zoned(jiff::tz::TimeZone::UTC).date();
        date_time_ymd(date.year().into(), date.month().unsigned_abs(), date.day().unsigned_abs())
    };
    let params = |names: &[String], called: &str| {
        let mut params = CertificateParams::new(names)?;
        params.distinguished_name.push(DnType::CommonName, called);
        (params.not_before, params.not_after) = (day(0), day(DAYS));
        Ok::<_, rcgen::Error>(params)
    };
    let authority_key = KeyPair::generate()?;
    let first = names.first().map_or(AUTHORITY, String::as_str);
    let mut authority = params(&[], &format!("{AUTHORITY} {first}"))?;
    authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    let trusted = authority.self_signed(&authority_key)?;
    let key = KeyPair::generate()?;
    let mut own = params(names, first)?;
    own.use_authority_key_identifier_extension = true;
    own.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    own.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let own = own.signed_by(&key, &Issuer::from_params(&authority, &authority_key))?;
    let [trusted_file, own_file, key_file] = &files;
    write(private::options(), key_file, &key.serialize_pem())?;
    write(OpenOptions::new(), own_file, &own.pem())?;
    write(OpenOptions::new(), trusted_file, &trusted.pem())
}

fn write(mut options: OpenOptions, file: &Path, text: &str) -> Result<(), MakeError> {
    let opened = options.create_new(true).write(true).open(file);
    let written = opened.and_then(|mut out| out.write_all(text.as_bytes()));
    written.map_err(|error| MakeError::File { file: file.into(), error })
}
