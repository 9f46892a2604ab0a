//! Certificates for practice: an authority, the service and one client. The authority's key is thrown away, so whoever trusts it
//! trusts these two and nobody else.

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};
use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Why they were not made.
#[derive(Debug, thiserror::Error)]
pub enum CertificatesError {
    /// Nothing is written over.
    #[error("cannot write {}: {error}", file.display())]
    File {
        /// Which.
        file: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// A name.
    #[error("cannot make certificates: {0}")]
    Make(#[from] rcgen::Error),
}

/// Writes `ca.pem`, `service.pem`, `service-key.pem`, `client.pem` and `client-key.pem` into this folder. `names`: under which the
/// service is reached.
///
/// # Errors
/// [`CertificatesError`], also when one of the files is there.
pub fn make(folder: &Path, names: &[String]) -> Result<(), CertificatesError> {
    let mut authority = called("Practice eligibility authority", &[])?;
    authority.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    let authority_key = KeyPair::generate()?;
    let ca = authority.self_signed(&authority_key)?;
    let issuer = Issuer::new(authority, authority_key);
    write(&folder.join("ca.pem"), &ca.pem())?;
    for (file, name, names, purpose) in [
        ("service", "Practice eligibility service", names, ExtendedKeyUsagePurpose::ServerAuth),
        ("client", "Practice institution", &[][..], ExtendedKeyUsagePurpose::ClientAuth),
    ] {
        let mut params = called(name, names)?;
        params.extended_key_usages = vec![purpose];
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        let key = KeyPair::generate()?;
        let certificate = params.signed_by(&key, &issuer)?;
        write(&folder.join(format!("{file}.pem")), &certificate.pem())?;
        write(&folder.join(format!("{file}-key.pem")), &key.serialize_pem())?;
    }
    Ok(())
}

fn called(name: &str, names: &[String]) -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(names)?;
    params.distinguished_name.push(DnType::CommonName, name);
    Ok(params)
}

/// For its owner only, and never over a file that is there.
fn write(file: &Path, text: &str) -> Result<(), CertificatesError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(file).and_then(|mut open| open.write_all(text.as_bytes()));
    written.map_err(|error| CertificatesError::File { file: file.to_owned(), error })
}
