//! The client: it trusts one authority and shows the institution's certificate.

use crate::tls::{CertificateError, authorities, own};
use reqwest::Client;
use reqwest::redirect::Policy;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::version::{TLS12, TLS13};
use tokio_rustls::rustls::{self, ClientConfig, RootCertStore};

/// A service that is there takes a connection within this.
const CONNECT: Duration = Duration::from_secs(3);
/// Connections that are kept open when nobody asks: as many as questions may be under way. With fewer, most questions of a rush begin
/// with a handshake, which takes longer than all else.
const IDLE: usize = super::AT_ONCE;
/// So long each is kept.
const KEPT: Duration = Duration::from_secs(30);

/// Where the service is, and by what both sides know each other.
#[derive(Clone, Debug)]
pub struct Service {
    /// `https://HOST:PORT`, without a path.
    pub address: String,
    /// Who signed the service's certificate (PEM). No other authority is trusted.
    pub authority: PathBuf,
    /// The institution's certificate (PEM).
    pub certificate: PathBuf,
    /// Its private key (PEM).
    pub key: PathBuf,
}

/// Why the service cannot be asked.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// A file.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// What is in the files.
    #[error("the certificates of the gateway cannot be used: {0}")]
    Tls(#[from] rustls::Error),
    /// The rest.
    #[error("the gateway cannot be set up: {0}")]
    Client(#[from] reqwest::Error),
}

pub(super) fn client(service: &Service) -> Result<Client, ClientError> {
    let mut roots = RootCertStore::empty();
    for authority in authorities(&service.authority)? {
        roots.add(authority)?;
    }
    let (chain, key) = own(&service.certificate, &service.key)?;
    let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[&TLS13, &TLS12])?
        .with_root_certificates(roots)
        .with_client_auth_cert(chain, key)?;
    let client = Client::builder()
        .use_preconfigured_tls(tls)
        .https_only(true)
        .http1_only()
        .no_proxy()
        .redirect(Policy::none())
        .connect_timeout(CONNECT)
        .pool_max_idle_per_host(IDLE)
        .pool_idle_timeout(KEPT)
        .build()?;
    Ok(client)
}
