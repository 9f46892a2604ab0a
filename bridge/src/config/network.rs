//! The listener on the site's network: for the staff pages, encrypted, off unless the file asks for it.

use super::ConfigError;
use serde::Deserialize;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

/// Names and addresses of one computer.
const MOST: usize = 16;

/// A `[network]` table.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkOptions {
    /// Address and port.
    pub listen: String,
    /// Under which names and addresses browsers reach it: those of the certificate.
    pub names: Vec<String>,
    /// PEM, the site's own first.
    pub certificate: PathBuf,
    /// PEM.
    pub key: PathBuf,
}

/// The same, checked.
#[derive(Clone, Debug)]
pub struct NetworkConfig {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Under which names.
    pub names: Vec<String>,
    /// PEM, the site's own first.
    pub certificate: PathBuf,
    /// PEM.
    pub key: PathBuf,
}

pub(super) fn network(
    options: Option<NetworkOptions>,
) -> Result<Option<NetworkConfig>, ConfigError> {
    let Some(NetworkOptions { listen, names, certificate, key }) = options else { return Ok(None) };
    let listen = listen.parse().map_err(|_| {
        ConfigError::Value("network.listen", "write address and port, such as \"0.0.0.0:8443\"")
    })?;
    let of_letters = |name: &String| {
        let letter = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.');
        name.parse::<IpAddr>().is_ok()
            || (1..=253).contains(&name.len()) && name.bytes().all(letter)
    };
    if !(1..=MOST).contains(&names.len()) || !names.iter().all(of_letters) {
        let expected =
            "write 1 to 16 names in small letters or addresses, those of the certificate";
        return Err(ConfigError::Value("network.names", expected));
    }
    Ok(Some(NetworkConfig { listen, names, certificate, key }))
}

impl NetworkConfig {
    /// What browsers send as `Host`, for the port that was given.
    pub fn hosts(&self, port: u16) -> Vec<String> {
        let host = |name: &String| match name.parse() {
            Ok(IpAddr::V6(address)) => format!("[{address}]"),
            _ => name.clone(),
        };
        let names = self.names.iter().map(host);
        names
            .flat_map(|name| {
                let plain = (port == 443).then(|| name.clone());
                [Some(format!("{name}:{port}")), plain]
            })
            .flatten()
            .collect()
    }
}
