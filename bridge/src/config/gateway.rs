//! Whom the kiosks of patients ask: the `[gateway]` table.

use super::{ConfigError, PRACTICE_INSTITUTION};
use crate::gateway::{Service, Terminal};
use checkin::deadlines::{TERMINAL_ALLOWED_MS, TERMINAL_MS};
use clap::{Args, ValueEnum};
use serde::Deserialize;
use std::path::PathBuf;
use std::time::Duration;

/// The eligibility system that patients are asked about at. In the file the table `[gateway]`.
#[derive(Args, Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GatewayOptions {
    /// simulator (invented people), folder (the clinic's 資格確認端末), beside (an official reader stands beside the kiosk) or http
    /// (a service in place of the national system)
    /// [default: simulator]
    #[arg(id = "gateway", long = "gateway", env = "UKETSUKE_GATEWAY", global = true)]
    pub kind: Option<GatewayKind>,
    /// Folder of the terminal, with `req` and `res` in it; for `folder`. The one in which the official reader leaves its files,
    /// commonly called `face`; for `beside`
    #[arg(
        id = "gateway_folder",
        long = "gateway-folder",
        env = "UKETSUKE_GATEWAY_FOLDER",
        global = true,
        value_name = "DIR"
    )]
    pub folder: Option<PathBuf>,
    /// Seconds for which an answer of the terminal is waited for, 15 to 300; one that comes later reaches staff all the same
    /// [default: 60]
    #[arg(
        id = "gateway_wait_seconds",
        long = "gateway-wait-seconds",
        env = "UKETSUKE_GATEWAY_WAIT_SECONDS",
        global = true,
        value_name = "N"
    )]
    pub wait_seconds: Option<u16>,
    /// Tell the terminal, after a visit that it answered, by which chart number (照会番号) the clinic knows the person; for `folder`, and
    /// for people who are certain in the clinic's patient list
    #[arg(
        id = "gateway_register_chart_numbers",
        long = "gateway-register-chart-numbers",
        env = "UKETSUKE_GATEWAY_REGISTER_CHART_NUMBERS",
        global = true,
        num_args = 0..=1,
        default_missing_value = "true",
        value_name = "BOOL"
    )]
    pub register_chart_numbers: Option<bool>,
    /// Where the service is, `https://HOST:PORT`; for `http`, as the three files below
    #[arg(
        id = "gateway_address",
        long = "gateway-address",
        env = "UKETSUKE_GATEWAY_ADDRESS",
        global = true,
        value_name = "URL"
    )]
    pub address: Option<String>,
    /// Who signed the certificate of the service (PEM); no other authority is trusted
    #[arg(
        id = "gateway_authority",
        long = "gateway-authority",
        env = "UKETSUKE_GATEWAY_AUTHORITY",
        global = true,
        value_name = "FILE"
    )]
    pub authority: Option<PathBuf>,
    /// The institution's certificate, which the service knows it by (PEM)
    #[arg(
        id = "gateway_certificate",
        long = "gateway-certificate",
        env = "UKETSUKE_GATEWAY_CERTIFICATE",
        global = true,
        value_name = "FILE"
    )]
    pub certificate: Option<PathBuf>,
    /// Its private key (PEM)
    #[arg(
        id = "gateway_key",
        long = "gateway-key",
        env = "UKETSUKE_GATEWAY_KEY",
        global = true,
        value_name = "FILE"
    )]
    pub key: Option<PathBuf>,
}

/// Kinds of eligibility systems.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum GatewayKind {
    /// The built-in one.
    Simulator,
    /// The folders of a 資格確認端末.
    Folder,
    /// An official reader beside the kiosk, whose files are read.
    Beside,
    /// A service over HTTP.
    Http,
}

/// Whom the kiosks of patients ask.
#[derive(Clone, Debug)]
pub enum GatewayChoice {
    /// The built-in simulator.
    Simulator,
    /// The terminal of the site.
    Folder(Terminal),
    /// Nobody: the answers are the files that an official reader leaves in this folder.
    Beside(PathBuf),
    /// This service.
    Http(Service),
}

impl GatewayChoice {
    /// What `reader` means where it is left out: beside an official reader, cards are laid on that one.
    pub(super) const fn reader_by_default(&self) -> &'static str {
        match self {
            Self::Beside(_) => "none",
            Self::Simulator | Self::Folder(_) | Self::Http(_) => "auto",
        }
    }
}

/// Each option of `first`, or that of `second` where it is not set.
pub(super) fn merge(first: GatewayOptions, second: GatewayOptions) -> GatewayOptions {
    GatewayOptions {
        kind: first.kind.or(second.kind),
        folder: first.folder.or(second.folder),
        wait_seconds: first.wait_seconds.or(second.wait_seconds),
        register_chart_numbers: first.register_chart_numbers.or(second.register_chart_numbers),
        address: first.address.or(second.address),
        authority: first.authority.or(second.authority),
        certificate: first.certificate.or(second.certificate),
        key: first.key.or(second.key),
    }
}

/// Checks all of it. `institution`: what the site has set, not its default; `rehearses`: practice cards are taken at a reader.
///
/// # Errors
/// [`ConfigError`] names the option.
pub(super) fn choice(
    options: GatewayOptions,
    institution: Option<&oqs::InstitutionCode>,
    encoding: oqs::Encoding,
    rehearses: bool,
) -> Result<GatewayChoice, ConfigError> {
    let kind = options.kind.unwrap_or(GatewayKind::Simulator);
    for (is_set, of, name, expected) in [
        (
            options.folder.is_some() && kind != GatewayKind::Beside,
            GatewayKind::Folder,
            "gateway.folder",
            FOR_FOLDER,
        ),
        (options.wait_seconds.is_some(), GatewayKind::Folder, "gateway.wait_seconds", FOR_FOLDER),
        (
            options.register_chart_numbers.is_some(),
            GatewayKind::Folder,
            "gateway.register_chart_numbers",
            FOR_FOLDER,
        ),
        (options.address.is_some(), GatewayKind::Http, "gateway.address", FOR_HTTP),
        (options.authority.is_some(), GatewayKind::Http, "gateway.authority", FOR_HTTP),
        (options.certificate.is_some(), GatewayKind::Http, "gateway.certificate", FOR_HTTP),
        (options.key.is_some(), GatewayKind::Http, "gateway.key", FOR_HTTP),
    ] {
        if is_set && kind != of {
            return Err(ConfigError::Value(name, expected));
        }
    }
    match kind {
        GatewayKind::Simulator => Ok(GatewayChoice::Simulator),
        GatewayKind::Folder => {
            folder(options, institution, encoding, rehearses).map(GatewayChoice::Folder)
        }
        GatewayKind::Beside => beside(options.folder, rehearses).map(GatewayChoice::Beside),
        GatewayKind::Http => http(options).map(GatewayChoice::Http),
    }
}

const FOR_FOLDER: &str = "it is for gateway.kind = \"folder\": set that too, or leave it out";
const FOR_HTTP: &str = "it is for gateway.kind = \"http\": set that too, or leave it out";

fn folder(
    options: GatewayOptions,
    institution: Option<&oqs::InstitutionCode>,
    encoding: oqs::Encoding,
    rehearses: bool,
) -> Result<Terminal, ConfigError> {
    let (least, most) = TERMINAL_ALLOWED_MS;
    let wait_ms = options.wait_seconds.map_or(TERMINAL_MS, |seconds| u64::from(seconds) * 1_000);
    if !(least..=most).contains(&wait_ms) {
        return Err(ConfigError::Value("gateway.wait_seconds", "write 15 to 300"));
    }
    let expected = "write the folder of the terminal, with req and res in it";
    let folder = options.folder.ok_or(ConfigError::Value("gateway.folder", expected))?;
    let expected = "a terminal answers its own institution only: write its code of 10 digits";
    let institution = institution.ok_or(ConfigError::Value("institution", expected))?;
    if rehearses && institution.as_str() != PRACTICE_INSTITUTION {
        let expected = "a rehearsal asks no real terminal: leave [gateway] out, or try a stand-in with institution = \"9999999999\"";
        return Err(ConfigError::Value("accept_practice_cards", expected));
    }
    let terminal = Terminal::new(folder, institution.clone());
    let register_charts = options.register_chart_numbers.unwrap_or(false);
    Ok(Terminal { encoding, wait: Duration::from_millis(wait_ms), register_charts, ..terminal })
}

fn beside(folder: Option<PathBuf>, rehearses: bool) -> Result<PathBuf, ConfigError> {
    if rehearses {
        let expected = "the files of an official reader are about patients: leave [gateway] out while practice cards are taken";
        return Err(ConfigError::Value("accept_practice_cards", expected));
    }
    let expected =
        "write the folder in which the official reader leaves its files, commonly called face";
    folder.ok_or(ConfigError::Value("gateway.folder", expected))
}

fn http(options: GatewayOptions) -> Result<Service, ConfigError> {
    let wrong = ConfigError::Value("gateway.address", "write https://HOST:PORT");
    let file = |file: Option<PathBuf>, name| {
        file.ok_or(ConfigError::Value(name, "write the name of a file in PEM"))
    };
    let address = options.address.and_then(|text| reqwest::Url::parse(&text).ok());
    let bare = |url: &reqwest::Url| {
        url.scheme() == "https"
            && url.has_host()
            && url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none()
    };
    let address = address.filter(bare).ok_or(wrong)?;
    Ok(Service {
        address: address.as_str().trim_end_matches('/').to_owned(),
        authority: file(options.authority, "gateway.authority")?,
        certificate: file(options.certificate, "gateway.certificate")?,
        key: file(options.key, "gateway.key")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(toml: &str, institution: bool) -> Result<GatewayChoice, String> {
        let code = oqs::InstitutionCode::new("1312345678").unwrap();
        let options = toml::from_str(toml).unwrap();
        let institution = institution.then_some(&code);
        let chosen = choice(options, institution, oqs::Encoding::Utf8, false);
        chosen.map_err(|error| error.to_string())
    }

    #[test]
    fn a_terminal_needs_its_folder_and_the_code_of_its_institution() {
        assert!(matches!(check("", false), Ok(GatewayChoice::Simulator)));
        let folder = "kind = 'folder'\nfolder = '/srv/OQS'\n";
        let Ok(GatewayChoice::Folder(terminal)) = check(folder, true) else { panic!() };
        assert_eq!(terminal.wait, Duration::from_mins(1));
        assert!(!terminal.register_charts);
        let told = format!("{folder}register_chart_numbers = true");
        let Ok(GatewayChoice::Folder(terminal)) = check(&told, true) else { panic!() };
        assert!(terminal.register_charts);
        let longer = format!("{folder}wait_seconds = 300");
        let Ok(GatewayChoice::Folder(terminal)) = check(&longer, true) else { panic!() };
        assert_eq!(terminal.wait, Duration::from_mins(5));
        let wrong = |toml: &str, institution, said: &str| {
            let error = check(toml, institution).unwrap_err();
            assert!(error.starts_with(said), "{error}");
        };
        wrong(folder, false, "option `institution`: a terminal answers");
        wrong("kind = 'folder'", true, "option `gateway.folder`: write the folder");
        wrong("folder = '/srv/OQS'", true, "option `gateway.folder`: it is for");
        let told = "register_chart_numbers = true";
        wrong(told, true, "option `gateway.register_chart_numbers`: it is for");
        for seconds in [0, 14, 301] {
            let toml = format!("{folder}wait_seconds = {seconds}");
            wrong(&toml, true, "option `gateway.wait_seconds`: write 15 to 300");
        }
    }

    #[test]
    fn an_official_reader_needs_its_folder_and_nothing_else() {
        let folder = "kind = 'beside'\nfolder = '/srv/OQS/face'\n";
        let Ok(GatewayChoice::Beside(chosen)) = check(folder, false) else { panic!() };
        assert_eq!(chosen, PathBuf::from("/srv/OQS/face"));
        let wrong = |toml: &str, said: &str| {
            let error = check(toml, true).unwrap_err();
            assert!(error.starts_with(said), "{error}");
        };
        wrong("kind = 'beside'", "option `gateway.folder`: write the folder in which");
        wrong(&format!("{folder}wait_seconds = 60"), "option `gateway.wait_seconds`: it is for");
        let options = toml::from_str(folder).unwrap();
        let chosen = choice(options, None, oqs::Encoding::Utf8, true).map_err(|e| e.to_string());
        assert!(chosen.unwrap_err().starts_with("option `accept_practice_cards`"));
    }

    #[test]
    fn a_service_needs_its_address_and_three_files() {
        let files = "authority = 'ca.pem'\ncertificate = 'client.pem'\nkey = 'client-key.pem'\n";
        let with = |address: &str| format!("kind = 'http'\naddress = '{address}'\n{files}");
        let Ok(GatewayChoice::Http(service)) = check(&with("https://localhost:8743"), false) else {
            panic!()
        };
        assert_eq!(service.address, "https://localhost:8743");
        let wrong = |toml: &str, said: &str| {
            let error = check(toml, true).unwrap_err();
            assert!(error.starts_with(said), "{error}");
        };
        for address in [
            "http://localhost:8743",
            "localhost:8743",
            "https://localhost:8743/path",
            "https://localhost:8743/?query",
            "https://me:secret@localhost",
            "",
        ] {
            wrong(&with(address), "option `gateway.address`: write https://");
        }
        for (name, line) in files.lines().map(|line| (line.split(' ').next().unwrap(), line)) {
            let toml = with("https://localhost").replace(line, "");
            wrong(&toml, &format!("option `gateway.{name}`: write the name"));
            wrong(line, &format!("option `gateway.{name}`: it is for"));
        }
    }
}
