//! Where the site's database is, and as whom it is asked.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr as _;
use std::time::Duration;
use tokio_postgres::config::{Host, SslMode, TargetSessionAttrs};

/// A host that does not answer is given up after this.
const CONNECTING: Duration = Duration::from_secs(5);

/// Address, user and password of the site's database. Prints neither.
#[derive(Clone)]
pub struct Address(tokio_postgres::Config);

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Address(<redacted>)")
    }
}

impl Address {
    /// Reads `postgres://USER:PASSWORD@HOST/DATABASE` or `host=… user=… dbname=…`. `unencrypted`: another computer is reached
    /// over a network that keeps others out by itself.
    ///
    /// # Errors
    /// One sentence that says what to write, and nothing of the text.
    pub fn parse(text: &str, unencrypted: bool) -> Result<Self, &'static str> {
        let Ok(mut config) = tokio_postgres::Config::from_str(text.trim()) else {
            return Err("write postgres://USER:PASSWORD@HOST/DATABASE");
        };
        if config.get_hosts().is_empty() && config.get_hostaddrs().is_empty() {
            return Err("name a host, or the folder of a socket (host=/var/run/postgresql)");
        }
        if config.get_user().is_none() || config.get_dbname().is_none() {
            return Err("name a user and a database: postgres://USER:PASSWORD@HOST/DATABASE");
        }
        if config.get_ssl_mode() == SslMode::Require {
            return Err(
                "this version speaks to PostgreSQL without TLS: leave sslmode=require out, and reach another computer through a tunnel (stunnel, WireGuard, ssh) that ends here",
            );
        }
        let here = config.get_hosts().iter().all(is_here)
            && config.get_hostaddrs().iter().all(IpAddr::is_loopback);
        if !here && !unencrypted {
            return Err(
                "that is another computer, and this version speaks to PostgreSQL without TLS: names of patients and the password could be read on the way. Name a tunnel that ends on this computer (stunnel, WireGuard, ssh), or set unencrypted = true where the network itself keeps others out",
            );
        }
        config.connect_timeout(CONNECTING).application_name("uketsuke-bridge");
        // Where several hosts are named, the one that takes writes.
        config.target_session_attrs(TargetSessionAttrs::ReadWrite);
        Ok(Self(config))
    }

    pub(super) fn config(&self) -> &tokio_postgres::Config {
        &self.0
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

    #[test]
    fn another_computer_is_reached_through_a_tunnel_or_by_a_word() {
        for here in [
            "postgres://uketsuke:secret@localhost/uketsuke",
            "postgres://uketsuke:secret@127.0.0.1:6432,[::1]/uketsuke",
            "host=/var/run/postgresql user=uketsuke dbname=uketsuke",
        ] {
            assert!(Address::parse(here, false).is_ok(), "{here}");
        }
        let there = "postgres://uketsuke:secret@db.example/uketsuke";
        let refused = Address::parse(there, false).unwrap_err();
        assert!(refused.contains("without TLS") && refused.contains("unencrypted"), "{refused}");
        assert!(Address::parse(there, true).is_ok());
        let hidden = "host=localhost hostaddr=10.0.0.9 user=uketsuke dbname=uketsuke";
        assert!(Address::parse(hidden, false).is_err());
    }

    #[test]
    fn what_is_missing_is_said_and_nothing_of_the_password() {
        for (text, said) in [
            ("postgres//", "write postgres://"),
            ("user=uketsuke dbname=uketsuke", "name a host"),
            ("postgres://localhost/uketsuke", "name a user"),
            ("postgres://u:secret@localhost", "name a user"),
            ("postgres://u:secret@localhost/d?sslmode=require", "without TLS"),
        ] {
            let refused = Address::parse(text, true).unwrap_err();
            assert!(refused.contains(said), "{text}: {refused}");
        }
        let address = Address::parse("postgres://u:secret@localhost/d", false).unwrap();
        assert_eq!(format!("{address:?}"), "Address(<redacted>)");
    }
}
