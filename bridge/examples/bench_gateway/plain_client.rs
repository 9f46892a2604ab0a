//! The same HTTP library with the same certificates, and nothing of the gateway's: no tries, no breaker, no deadlines.

use eligibility_api::{IDEMPOTENCY_KEY, PATH};
use reqwest::Client;
use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// Asks one service.
#[derive(Clone)]
pub(crate) struct PlainClient {
    client: Client,
    url: String,
}

impl PlainClient {
    /// With the certificates that the service's own command put into this folder.
    pub(crate) fn new(address: &str, certificates: &Path) -> Result<Self, Box<dyn Error>> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(certificates.join("ca.pem"))?)?;
        let own = CertificateDer::from_pem_file(certificates.join("client.pem"))?;
        let key = PrivateKeyDer::from_pem_file(certificates.join("client-key.pem"))?;
        let tls = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_client_auth_cert(vec![own], key)?;
        let client =
            Client::builder().use_preconfigured_tls(tls).http1_only().no_proxy().build()?;
        Ok(Self { client, url: format!("{address}{PATH}") })
    }

    /// The body of the reply.
    pub(crate) async fn post(&self, key: String, body: Vec<u8>) -> reqwest::Result<Vec<u8>> {
        let request = self.client.post(&self.url).header(IDEMPOTENCY_KEY, key).body(body);
        let reply = request.send().await?.error_for_status()?.bytes().await?;
        Ok(reply.to_vec())
    }
}
