//! The site's database: the `[store]` table.

use super::{ConfigError, KioskName};
use crate::store::{Address, Place, Target, Way};
use clap::Args;
use serde::Deserialize;
use std::convert::Infallible;
use std::fmt;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::str::FromStr;

/// Longer than any address is.
const MAX_ADDRESS_BYTES: u64 = 4096;
/// The most that a reception number may be.
const LAST_NUMBER: u16 = 9999;

/// Text with a password in it. Prints nothing of it.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<redacted>")
    }
}

impl FromStr for Secret {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(text.to_owned()))
    }
}

/// The site's database, where several bridges share one. In the file the table `[store]`.
#[derive(Args, Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoreOptions {
    /// The site's `PostgreSQL` database, `<postgres://USER:PASSWORD@HOST/DATABASE>`: everything that this bridge keeps is sent there
    /// as well. Others on this computer can read a flag: prefer the environment or --postgres-file [default: none]
    #[arg(
        long,
        env = "UKETSUKE_POSTGRES",
        global = true,
        value_name = "URL",
        hide_env_values = true
    )]
    pub postgres: Option<Secret>,
    /// File in which that address stands
    #[arg(long, env = "UKETSUKE_POSTGRES_FILE", global = true, value_name = "FILE")]
    pub postgres_file: Option<PathBuf>,
    /// Name of the site in that database: a–z, 0–9 and -
    #[arg(long, env = "UKETSUKE_SITE", global = true, value_name = "NAME")]
    pub site: Option<String>,
    /// Name of this bridge at the site, which no other one has: a–z, 0–9 and -
    #[arg(long, env = "UKETSUKE_BRIDGE", global = true, value_name = "NAME")]
    pub bridge: Option<String>,
    /// Reception numbers that this bridge gives and no other one, as in 1001-1999 [default: 1-9999]
    #[arg(long, env = "UKETSUKE_NUMBERS", global = true, value_name = "FIRST-LAST")]
    pub numbers: Option<String>,
    /// File with the authorities (PEM) whose signature counts for the certificate of the database: then it is spoken to by TLS, as another
    /// computer always is [default: those that this computer trusts]
    #[arg(long, env = "UKETSUKE_POSTGRES_CA", global = true, value_name = "FILE")]
    pub postgres_ca: Option<PathBuf>,
    /// The database is on another computer, and is spoken to without TLS: the network between keeps others out by itself
    #[arg(long, env = "UKETSUKE_UNENCRYPTED", global = true, num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    pub unencrypted: Option<bool>,
}

/// Each option of `first`, or that of `second` where it is not set. An address that is given in the one way is not
/// overruled by that of the other way.
pub(super) fn merge(first: StoreOptions, second: StoreOptions) -> StoreOptions {
    let addressed = first.postgres.is_some() || first.postgres_file.is_some();
    let (postgres, postgres_file) = if addressed {
        (first.postgres, first.postgres_file)
    } else {
        (second.postgres, second.postgres_file)
    };
    StoreOptions {
        postgres,
        postgres_file,
        site: first.site.or(second.site),
        bridge: first.bridge.or(second.bridge),
        numbers: first.numbers.or(second.numbers),
        postgres_ca: first.postgres_ca.or(second.postgres_ca),
        unencrypted: first.unencrypted.or(second.unencrypted),
    }
}

/// Checks all of it; `None`: there is no such database.
///
/// # Errors
/// [`ConfigError`] names the option.
pub(super) fn target(options: StoreOptions, practice: bool) -> Result<Option<Target>, ConfigError> {
    let StoreOptions { postgres, postgres_file, site, bridge, numbers, postgres_ca, unencrypted } =
        options;
    let address = match (postgres, postgres_file) {
        (None, None) if [&site, &bridge, &numbers].iter().all(|option| option.is_none()) => {
            return Ok(None);
        }
        (None, None) => {
            let expected = "site, bridge and numbers are for bridges that share a database: name it, or leave them out";
            return Err(ConfigError::Value("store.postgres", expected));
        }
        (Some(_), Some(_)) => {
            let expected = "the address is in store.postgres as well: leave one of the two out";
            return Err(ConfigError::Value("store.postgres_file", expected));
        }
        (Some(Secret(text)), None) => text,
        (None, Some(file)) => read(file)?,
    };
    if practice {
        let expected = "a kiosk that takes practice cards keeps no patients, and the site's database holds nothing else: leave one of the two out";
        return Err(ConfigError::Value("accept_practice_cards", expected));
    }
    let way = Way { unencrypted: unencrypted.unwrap_or(false), authority: postgres_ca };
    let address = Address::parse(&address, &way)
        .map_err(|expected| ConfigError::Value("store.postgres", expected))?;
    let place = Place {
        site: name("store.site", site.as_deref())?,
        bridge: name("store.bridge", bridge.as_deref())?,
        numbers: range(numbers.as_deref())?,
    };
    Ok(Some(Target { address, place }))
}

fn read(file: PathBuf) -> Result<String, ConfigError> {
    let length = std::fs::metadata(&file).map(|found| found.len());
    match length.and_then(|length| Ok((length, std::fs::read_to_string(&file)?))) {
        Ok((length, text)) if length <= MAX_ADDRESS_BYTES => Ok(text),
        Ok(_) => Err(ConfigError::Value(
            "store.postgres_file",
            "write the address into it, and nothing else",
        )),
        Err(error) => Err(ConfigError::File(file, error)),
    }
}

fn name(option: &'static str, text: Option<&str>) -> Result<String, ConfigError> {
    let name = text.and_then(KioskName::parse);
    let expected = "write a name of 1 to 32 of a–z, 0–9 and -";
    name.map(|name| name.to_string()).ok_or(ConfigError::Value(option, expected))
}

fn range(text: Option<&str>) -> Result<RangeInclusive<u16>, ConfigError> {
    let Some(text) = text else { return Ok(1..=LAST_NUMBER) };
    let ends = text.split_once('-').and_then(|(first, last)| {
        Some((first.trim().parse::<u16>().ok()?, last.trim().parse::<u16>().ok()?))
    });
    match ends {
        Some((first, last)) if 1 <= first && first <= last && last <= LAST_NUMBER => {
            Ok(first..=last)
        }
        _ => Err(ConfigError::Value(
            "store.numbers",
            "write the first and the last number, from 1 to 9999, as in 1001-1999",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(toml: &str) -> StoreOptions {
        toml::from_str(toml).unwrap()
    }

    const WHOLE: &str =
        "postgres = 'postgres://u:secret@localhost/d'\nsite = 'clinic'\nbridge = 'b-1'\n";

    #[test]
    fn a_database_is_named_with_site_and_bridge_or_not_at_all() {
        assert!(target(StoreOptions::default(), false).unwrap().is_none());
        let numbered = format!("{WHOLE}numbers = '1001-1999'");
        let found = target(options(&numbered), false).unwrap().unwrap();
        let (site, bridge) = ("clinic".to_owned(), "b-1".to_owned());
        assert_eq!(found.place, Place { site, bridge, numbers: 1001..=1999 });
        assert_eq!(target(options(WHOLE), false).unwrap().unwrap().place.numbers, 1..=9999);
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("address");
        std::fs::write(&file, "postgres://u:secret@localhost/d\n").unwrap();
        let apart =
            format!("postgres_file = '{}'\nsite = 'clinic'\nbridge = 'b-1'", file.display());
        assert!(target(options(&apart), false).unwrap().is_some());
    }

    #[test]
    fn what_is_wrong_is_said_without_the_password() {
        let wrong = |toml: &str, said: &str| {
            let refused = target(options(toml), false).unwrap_err().to_string();
            assert!(refused.starts_with(said) && !refused.contains("secret"), "{refused}");
        };
        wrong("site = 'clinic'", "option `store.postgres`: site, bridge and numbers are for");
        wrong(&WHOLE.replace("clinic", "診療所"), "option `store.site`: write a name");
        wrong(&WHOLE.replace("bridge = 'b-1'", ""), "option `store.bridge`: write a name");
        wrong(
            &WHOLE.replace("localhost/d", "db.example/d?sslmode=disable"),
            "option `store.postgres`: that is another",
        );
        wrong(
            &format!("{WHOLE}unencrypted = true\npostgres_ca = 'ca.pem'"),
            "option `store.postgres`: TLS",
        );
        wrong(&format!("{WHOLE}postgres_file = 'x'"), "option `store.postgres_file`: the address");
        for numbers in ["0-9", "9-1", "1-10000", "5", "a-b"] {
            wrong(&format!("{WHOLE}numbers = '{numbers}'"), "option `store.numbers`: write");
        }
        let refused = target(options(WHOLE), true).unwrap_err().to_string();
        assert!(refused.starts_with("option `accept_practice_cards`"), "{refused}");
        assert!(!format!("{:?}", options(WHOLE)).contains("secret"));
    }
}
