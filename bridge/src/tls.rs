//! The certificate of the site's network: loaded, looked at again when its files change, and made for a site that has none.

mod make;

pub use make::{CertificateCommand, MakeError};

use jiff::{SignedDuration, Timestamp};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::version::{TLS12, TLS13};
use tokio_rustls::rustls::{self, ServerConfig};
use x509_cert::der::Decode as _;

/// Larger than any chain is, in bytes.
const LARGEST: u64 = 256 * 1024;

/// How often it is looked whether there is a new one.
const LOOK: Duration = Duration::from_mins(1);

/// Why a certificate cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// A file.
    #[error("cannot read {}: {error}", file.display())]
    File {
        /// Which.
        file: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// What is in it.
    #[error("{} holds no certificates in PEM, the site's own first", .0.display())]
    Chain(PathBuf),
    /// What is in it.
    #[error("{} holds no certificates in PEM", .0.display())]
    Authorities(PathBuf),
    /// What is in it.
    #[error("{} holds no private key in PEM", .0.display())]
    Key(PathBuf),
    /// Both.
    #[error("certificate and key do not go together: {0}")]
    Pair(#[from] rustls::Error),
}

/// A certificate with its key, as it is used now.
pub struct Certificates {
    files: [PathBuf; 2],
    now: RwLock<Loaded>,
}

#[derive(Clone)]
struct Loaded {
    acceptor: TlsAcceptor,
    ends: Timestamp,
    /// When the files were written.
    written: [Option<SystemTime>; 2],
}

impl Certificates {
    /// Loads both files.
    ///
    /// # Errors
    /// [`CertificateError`].
    pub fn load(certificate: &Path, key: &Path) -> Result<Self, CertificateError> {
        let files = [certificate.to_owned(), key.to_owned()];
        let now = RwLock::new(load(&files)?);
        Ok(Self { files, now })
    }

    /// Takes new files over; those that cannot be used are told and left alone.
    pub fn look(&self) {
        if written(&self.files) == self.loaded().written {
            return;
        }
        match load(&self.files) {
            Ok(loaded) => {
                tracing::info!("the certificate was renewed");
                *self.now.write().unwrap_or_else(PoisonError::into_inner) = loaded;
            }
            Err(error) => tracing::error!(%error, "the new certificate is not used"),
        }
    }

    /// Looks now and then. Never returns.
    pub(crate) async fn watch(self: Arc<Self>) {
        loop {
            tokio::time::sleep(LOOK).await;
            let certificates = Arc::clone(&self);
            // A panic in there is in the log, and the certificate stays.
            let _ = tokio::task::spawn_blocking(move || certificates.look()).await;
        }
    }

    /// For the next connection.
    pub(crate) fn acceptor(&self) -> TlsAcceptor {
        self.loaded().acceptor
    }

    /// Whole days until it ends; below 0: it has ended.
    pub fn days(&self, now: Timestamp) -> i64 {
        let left = self.loaded().ends.duration_since(now);
        left.as_hours().div_euclid(24)
    }

    fn loaded(&self) -> Loaded {
        self.now.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn written(files: &[PathBuf; 2]) -> [Option<SystemTime>; 2] {
    let of = |file: &PathBuf| std::fs::metadata(file).and_then(|it| it.modified()).ok();
    [of(&files[0]), of(&files[1])]
}

fn read(file: &Path) -> Result<Vec<u8>, CertificateError> {
    let error = |error| CertificateError::File { file: file.into(), error };
    if std::fs::metadata(file).map_err(error)?.len() > LARGEST {
        return Err(error(std::io::ErrorKind::FileTooLarge.into()));
    }
    std::fs::read(file).map_err(error)
}

/// The certificates of authorities in a file, one at least.
pub(crate) fn authorities(file: &Path) -> Result<Vec<CertificateDer<'static>>, CertificateError> {
    let found = CertificateDer::pem_slice_iter(&read(file)?).collect::<Result<Vec<_>, _>>();
    let found = found.ok().filter(|found| !found.is_empty());
    found.ok_or_else(|| CertificateError::Authorities(file.into()))
}

/// A certificate with its chain, the certificate first, and its private key.
pub(crate) fn own(
    certificate: &Path,
    key: &Path,
) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), CertificateError> {
    let chain = CertificateDer::pem_slice_iter(&read(certificate)?).collect::<Result<Vec<_>, _>>();
    let chain = chain.ok().filter(|chain| !chain.is_empty());
    let chain = chain.ok_or_else(|| CertificateError::Chain(certificate.into()))?;
    let key = PrivateKeyDer::from_pem_slice(&read(key)?)
        .map_err(|_| CertificateError::Key(key.into()))?;
    Ok((chain, key))
}

fn load(files: &[PathBuf; 2]) -> Result<Loaded, CertificateError> {
    let written = written(files);
    let (chain, key) = own(&files[0], &files[1])?;
    let parsed = x509_cert::Certificate::from_der(&chain[0]);
    let parsed = parsed.map_err(|_| CertificateError::Chain(files[0].clone()))?;
    let ends = parsed.tbs_certificate.validity.not_after.to_unix_duration();
    let ends = SignedDuration::try_from(ends).unwrap_or(SignedDuration::ZERO);
    let ends = Timestamp::from_duration(ends).unwrap_or(Timestamp::MAX);
    let provider = Arc::new(ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&TLS13, &TLS12])?
        .with_no_client_auth()
        .with_single_cert(chain, key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Loaded { acceptor: TlsAcceptor::from(Arc::new(config)), ends, written })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_is_made_loaded_and_renewed() {
        let folder = tempfile::tempdir().unwrap();
        let now: Timestamp = "2026-11-28T01:00:00Z".parse().unwrap();
        let make = |name: &str, now| {
            let names = vec![name.to_owned(), "192.0.2.1".into()];
            make::make(&names, folder.path(), now)
        };
        make("kiosk.example", now).unwrap();
        let file = |name: &str| folder.path().join(name);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = std::fs::metadata(file("key.pem")).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        let certificates = Certificates::load(&file("certificate.pem"), &file("key.pem")).unwrap();
        assert_eq!(certificates.days(now), 824);
        assert_eq!(certificates.days(now + SignedDuration::from_hours(24 * 825)), -1);
        // Files that do not go together are not taken over.
        let key = std::fs::read(file("key.pem")).unwrap();
        std::fs::write(file("key.pem"), "no key").unwrap();
        certificates.look();
        assert_eq!(certificates.days(now), 824);
        std::fs::write(file("key.pem"), &key).unwrap();
        let year = now + SignedDuration::from_hours(24 * 365);
        assert!(matches!(make("kiosk.example", year), Err(MakeError::Exists(_))));
        for name in ["ca.pem", "certificate.pem", "key.pem"] {
            std::fs::remove_file(file(name)).unwrap();
        }
        make("kiosk.example", year).unwrap();
        certificates.look();
        assert_eq!(certificates.days(year), 824);
        assert!(Certificates::load(&file("ca.pem"), &file("key.pem")).is_err());
        assert!(Certificates::load(&file("nothing.pem"), &file("key.pem")).is_err());
    }
}
