//! The encrypted way to the site's database. The certificate that it shows is always verified, and the name in it.

use super::{Refused, Trouble};
use crate::tls::authorities;
use std::error::Error as _;
use std::io;
use std::path::Path;
use std::sync::Arc;
use tokio_postgres_rustls::MakeRustlsConnect;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::version::{TLS12, TLS13};
use tokio_rustls::rustls::{ClientConfig, Error, RootCertStore};

/// Trusts what the authorities in that file signed; `None`: those that this computer trusts. They are read anew for each connection,
/// so that a new file counts without a restart.
pub(super) fn connector(authority: Option<&Path>) -> Result<MakeRustlsConnect, Refused> {
    let refused = |why: &dyn std::fmt::Display| Refused::Authority(why.to_string());
    let certificates = match authority {
        Some(file) => authorities(file).map_err(|error| refused(&error))?,
        // Another one than those that cannot be read may have signed it.
        None => rustls_native_certs::load_native_certs().certs,
    };
    let mut roots = RootCertStore::empty();
    if roots.add_parsable_certificates(certificates).0 == 0 {
        return Err(refused(&"there is no authority that can be read"));
    }
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[&TLS13, &TLS12])
        .map_err(|error| refused(&error))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

/// A certificate that is not accepted is for a person to put right; everything else may go by itself.
pub(super) fn trouble(error: tokio_postgres::Error) -> Trouble {
    let shown = error.source().and_then(|source| source.downcast_ref::<io::Error>());
    let tls = shown.and_then(|error| error.get_ref()?.downcast_ref::<Error>());
    match tls {
        Some(Error::InvalidCertificate(why)) => Refused::Certificate(why.to_string()).into(),
        _ => error.into(),
    }
}
