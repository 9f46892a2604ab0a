//! Where the site's database is, and as whom it is asked.

use std::fmt;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::str::FromStr as _;
use std::time::Duration;
use tokio_postgres::config::{Host, SslMode, TargetSessionAttrs};

/// A host that does not answer is given up after this.
const CONNECTING: Duration = Duration::from_secs(5);

/// What a site says about the way to its database, beside the address.
#[derive(Clone, Debug, Default)]
pub struct Way {
    /// The network between keeps others out by itself: another computer is spoken to in plain.
    pub unencrypted: bool,
    /// File with the authorities, in PEM, whose signature counts; `None`: those that this computer trusts.
    pub authority: Option<PathBuf>,
}

/// By TLS, and nothing goes over a connection whose certificate and name were not verified.
#[derive(Clone)]
pub(super) struct Encryption(Option<PathBuf>);

impl Encryption {
    /// See [`Way`].
    pub(super) fn authority(&self) -> Option<&Path> {
        self.0.as_deref()
    }
}

/// Address, user and password of the site's database, and the way to it. Prints none of it.
#[derive(Clone)]
pub struct Address {
    config: tokio_postgres::Config,
    encryption: Option<Encryption>,
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Address(<redacted>)")
    }
}

impl Address {
    /// Reads `postgres://USER:PASSWORD@HOST/DATABASE` or `host=… user=… dbname=…`. Another computer is spoken to by TLS, this one
    /// where `sslmode=require` or an authority asks for it.
    ///
    /// # Errors
    /// One sentence that says what to write, and nothing of the text.
    pub fn parse(text: &str, way: &Way) -> Result<Self, &'static str> {
        // As libpq calls what is the only kind here.
        let text = text.trim().replace("sslmode=verify-full", "sslmode=require");
        let Ok(mut config) = tokio_postgres::Config::from_str(&text) else {
            return Err("write postgres://USER:PASSWORD@HOST/DATABASE");
        };
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
            return Err("name a host, or the folder of a socket (host=/var/run/postgresql)");
        }
        if config.get_user().is_none() || config.get_dbname().is_none() {
            return Err("name a user and a database: postgres://USER:PASSWORD@HOST/DATABASE");
        }
        let encryption = encryption(&config, way)?;
        let mode = if encryption.is_some() { SslMode::Require } else { SslMode::Disable };
        config.ssl_mode(mode).connect_timeout(CONNECTING).application_name("uketsuke-bridge");
        // Where several hosts are named, the one that takes writes.
        config.target_session_attrs(TargetSessionAttrs::ReadWrite);
        Ok(Self { config, encryption })
    }

    pub(super) fn config(&self) -> &tokio_postgres::Config {
        &self.config
    }

    /// `None`: in plain.
    pub(super) fn encryption(&self) -> Option<&Encryption> {
        self.encryption.as_ref()
    }
}

fn encryption(
    config: &tokio_postgres::Config,
    way: &Way,
) -> Result<Option<Encryption>, &'static str> {
    let here = config.get_hosts().iter().all(is_here)
        && config.get_hostaddrs().iter().all(IpAddr::is_loopback);
    let asked = config.get_ssl_mode() == SslMode::Require || way.authority.is_some();
    let plain = config.get_ssl_mode() == SslMode::Disable || way.unencrypted;
    match (here, asked, plain) {
        (_, true, true) => Err(
            "TLS (sslmode=require, postgres_ca) and plain (sslmode=disable, unencrypted = true) are both asked for: leave one of them out",
        ),
        (false, false, true) if !way.unencrypted => Err(
            "that is another computer: names of patients and the password could be read on the way. Leave sslmode=disable out, or set unencrypted = true where the network itself keeps others out",
        ),
        (true, false, _) | (false, false, true) => Ok(None),
        (_, true, false) | (false, false, false) => {
            let named = |host: &Host| matches!(host, Host::Tcp(_));
            if config.get_hosts().is_empty() || !config.get_hosts().iter().all(named) {
                return Err(
                    "TLS needs the host's name as it stands in the certificate: postgres://USER:PASSWORD@HOST/DATABASE, not a socket and not hostaddr alone",
                );
            }
            Ok(Some(Encryption(way.authority.clone())))
        }
    }
}

fn is_here(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => {
            name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
        }
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(unencrypted: bool, authority: Option<&str>) -> Way {
        Way { unencrypted, authority: authority.map(PathBuf::from) }
    }

    /// Whether it is encrypted.
    fn parsed(
        text: &str,
        unencrypted: bool,
        authority: Option<&str>,
    ) -> Result<bool, &'static str> {
        let address = Address::parse(text, &way(unencrypted, authority))?;
        let required = address.config().get_ssl_mode() == SslMode::Require;
        assert_eq!(address.encryption().is_some(), required, "{text}");
        Ok(required)
    }

    #[test]
    fn another_computer_is_spoken_to_in_plain_by_a_word_only() {
        for here in [
            "postgres://uketsuke:secret@localhost/uketsuke",
            "postgres://uketsuke:secret@127.0.0.1:6432,[::1]/uketsuke",
            "host=/var/run/postgresql user=uketsuke dbname=uketsuke",
        ] {
            assert_eq!(parsed(here, false, None), Ok(false), "{here}");
        }
        let there = "postgres://uketsuke:secret@db.example/uketsuke";
        assert_eq!(parsed(there, false, None), Ok(true));
        assert_eq!(parsed(there, false, Some("ca.pem")), Ok(true));
        assert_eq!(parsed(there, true, None), Ok(false));
        let hidden = "host=localhost hostaddr=10.0.0.9 user=uketsuke dbname=uketsuke";
        assert_eq!(parsed(hidden, false, None), Ok(true));
        let plain = format!("{there}?sslmode=disable");
        assert!(parsed(&plain, false, None).unwrap_err().contains("unencrypted = true"));
        assert_eq!(parsed(&plain, true, None), Ok(false));
    }

    #[test]
    fn tls_is_asked_for_in_the_address_or_by_an_authority_and_needs_a_name() {
        let here = "postgres://uketsuke:secret@localhost/uketsuke";
        for mode in ["require", "verify-full"] {
            assert_eq!(parsed(&format!("{here}?sslmode={mode}"), false, None), Ok(true));
        }
        assert_eq!(parsed(here, false, Some("ca.pem")), Ok(true));
        let both = format!("{here}?sslmode=require");
        assert!(parsed(&both, true, None).unwrap_err().contains("both asked for"));
        assert!(parsed(here, true, Some("ca.pem")).unwrap_err().contains("both asked for"));
        for nameless in ["host=/var/run/postgresql", "hostaddr=10.0.0.9"] {
            let text = format!("{nameless} user=u dbname=d sslmode=require");
            assert!(parsed(&text, false, None).unwrap_err().contains("needs the host's name"));
        }
    }

    #[test]
    fn what_is_missing_is_said_and_nothing_of_the_password() {
        for (text, said) in [
            ("postgres//", "write postgres://"),
            ("user=uketsuke dbname=uketsuke", "name a host"),
            ("postgres://localhost/uketsuke", "name a user"),
            ("postgres://u:secret@localhost", "name a user"),
        ] {
            let refused = parsed(text, true, None).unwrap_err();
            assert!(refused.contains(said), "{text}: {refused}");
        }
        let address = Address::parse("postgres://u:secret@localhost/d", &Way::default()).unwrap();
        assert_eq!(format!("{address:?}"), "Address(<redacted>)");
    }
}
