//! The listener: TLS on both sides. Whoever has no certificate of the service's own authority is told nothing at all.

use axum::serve::Listener;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::{VerifierBuilderError, WebPkiClientVerifier};
use tokio_rustls::rustls::version::{TLS12, TLS13};
use tokio_rustls::rustls::{self, RootCertStore, ServerConfig};
use tokio_rustls::server::TlsStream;

/// A client that does not finish its handshake by then is let go.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// Handshakes at the same time.
const AT_ONCE: usize = 256;
/// After an error of the system, such as too many open files.
const PAUSE: Duration = Duration::from_millis(100);

/// Files in PEM.
#[derive(Clone, Debug)]
pub struct Files {
    /// The service's certificate, with its chain.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
    /// Who signs the certificates of clients.
    pub client_ca: PathBuf,
}

/// Why it does not listen.
#[derive(Debug, thiserror::Error)]
pub enum DoorsError {
    /// A file.
    #[error("{} cannot be read as PEM: {error}", file.display())]
    File {
        /// Which.
        file: PathBuf,
        /// Why.
        error: rustls::pki_types::pem::Error,
    },
    /// Certificate and key.
    #[error("certificate and key do not go together: {0}")]
    Pair(#[from] rustls::Error),
    /// The authority of the clients.
    #[error("the clients' authority cannot be used: {0}")]
    Authority(#[from] VerifierBuilderError),
    /// The port.
    #[error("cannot listen: {0}")]
    Listen(#[from] std::io::Error),
}

/// Clients that have shown their certificate.
pub struct Doors {
    come: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
    address: SocketAddr,
}

impl Doors {
    /// Listens there. Needs tokio's runtime.
    ///
    /// # Errors
    /// [`DoorsError`].
    pub async fn open(address: SocketAddr, files: &Files) -> Result<Self, DoorsError> {
        let acceptor = TlsAcceptor::from(Arc::new(tls(files)?));
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let (sender, come) = mpsc::channel(AT_ONCE);
        tokio::spawn(accept(listener, acceptor, sender));
        Ok(Self { come, address })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Listener for Doors {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.come.recv().await {
            Some(client) => client,
            // The task that accepts ends with the runtime only.
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        Ok(self.address)
    }
}

async fn accept(
    listener: TcpListener,
    acceptor: TlsAcceptor,
    sender: mpsc::Sender<(TlsStream<TcpStream>, SocketAddr)>,
) {
    let places = Arc::new(Semaphore::new(AT_ONCE));
    while !sender.is_closed() {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        let Ok((stream, from)) = listener.accept().await else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        let (acceptor, sender) = (acceptor.clone(), sender.clone());
        tokio::spawn(async move {
            let _ = stream.set_nodelay(true);
            if let Ok(Ok(stream)) = tokio::time::timeout(HANDSHAKE, acceptor.accept(stream)).await {
                // Nobody listens any more.
                let _ = sender.send((stream, from)).await;
            }
            drop(place);
        });
    }
}

fn tls(files: &Files) -> Result<ServerConfig, DoorsError> {
    let key = PrivateKeyDer::from_pem_file(&files.key)
        .map_err(|error| DoorsError::File { file: files.key.clone(), error })?;
    let mut authorities = RootCertStore::empty();
    for authority in certificates(&files.client_ca)? {
        authorities.add(authority)?;
    }
    let provider = Arc::new(ring::default_provider());
    let clients =
        WebPkiClientVerifier::builder_with_provider(Arc::new(authorities), Arc::clone(&provider))
            .build()?;
    let config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&TLS13, &TLS12])?
        .with_client_cert_verifier(clients)
        .with_single_cert(certificates(&files.certificate)?, key)?;
    Ok(config)
}

fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, DoorsError> {
    let of = |error| DoorsError::File { file: file.to_owned(), error };
    CertificateDer::pem_file_iter(file).map_err(of)?.collect::<Result<_, _>>().map_err(of)
}
