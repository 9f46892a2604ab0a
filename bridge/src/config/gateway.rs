//! Whom the kiosks of patients ask: the `[gateway]` table.

use super::ConfigError;
use crate::gateway::Terminal;
use checkin::deadlines::{TERMINAL_ALLOWED_MS, TERMINAL_MS};
use clap::{Args, ValueEnum};
use serde::Deserialize;
use std::path::PathBuf;
use std::time::Duration;

/// The eligibility system that patients are asked about at. In the file the table `[gateway]`.
#[derive(Args, Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GatewayOptions {
    /// simulator (invented people), or folder (the clinic's 資格確認端末) [default: simulator]
    #[arg(id = "gateway", long = "gateway", env = "UKETSUKE_GATEWAY", global = true)]
    pub kind: Option<GatewayKind>,
    /// Folder of the terminal, with `req` and `res` in it; for `folder`
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
}

/// Kinds of eligibility systems.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum GatewayKind {
    /// The built-in one.
    Simulator,
    /// The folders of a 資格確認端末.
    Folder,
}

/// Whom the kiosks of patients ask.
#[derive(Clone, Debug)]
pub enum GatewayChoice {
    /// The built-in simulator.
    Simulator,
    /// The terminal of the site.
    Folder(Terminal),
}

/// Each option of `first`, or that of `second` where it is not set.
pub(super) fn merge(first: GatewayOptions, second: GatewayOptions) -> GatewayOptions {
    GatewayOptions {
        kind: first.kind.or(second.kind),
        folder: first.folder.or(second.folder),
        wait_seconds: first.wait_seconds.or(second.wait_seconds),
    }
}

/// Checks all of it. `institution`: what the site has set, not its default.
///
/// # Errors
/// [`ConfigError`] names the option.
pub(super) fn choice(
    options: GatewayOptions,
    institution: Option<&oqs::InstitutionCode>,
    encoding: oqs::Encoding,
) -> Result<GatewayChoice, ConfigError> {
    let GatewayOptions { kind, folder, wait_seconds } = options;
    let (least, most) = TERMINAL_ALLOWED_MS;
    let wait_ms = wait_seconds.map_or(TERMINAL_MS, |seconds| u64::from(seconds) * 1_000);
    if !(least..=most).contains(&wait_ms) {
        return Err(ConfigError::Value("gateway.wait_seconds", "write 15 to 300"));
    }
    match (kind.unwrap_or(GatewayKind::Simulator), folder) {
        (GatewayKind::Simulator, None) => Ok(GatewayChoice::Simulator),
        (GatewayKind::Simulator, Some(_)) => {
            let expected = "it is for gateway.kind = \"folder\": set that too, or leave it out";
            Err(ConfigError::Value("gateway.folder", expected))
        }
        (GatewayKind::Folder, None) => {
            let expected = "write the folder of the terminal, with req and res in it";
            Err(ConfigError::Value("gateway.folder", expected))
        }
        (GatewayKind::Folder, Some(folder)) => {
            let expected =
                "a terminal answers its own institution only: write its code of 10 digits";
            let institution = institution.ok_or(ConfigError::Value("institution", expected))?;
            let terminal = Terminal::new(folder, institution.clone());
            let wait = Duration::from_millis(wait_ms);
            Ok(GatewayChoice::Folder(Terminal { encoding, wait, ..terminal }))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(toml: &str, institution: bool) -> Result<GatewayChoice, String> {
        let code = oqs::InstitutionCode::new("1312345678").unwrap();
        let options = toml::from_str(toml).unwrap();
        let chosen = choice(options, institution.then_some(&code), oqs::Encoding::Utf8);
        chosen.map_err(|error| error.to_string())
    }

    #[test]
    fn a_terminal_needs_its_folder_and_the_code_of_its_institution() {
        assert!(matches!(check("", false), Ok(GatewayChoice::Simulator)));
        let folder = "kind = 'folder'\nfolder = '/srv/OQS'\n";
        let Ok(GatewayChoice::Folder(terminal)) = check(folder, true) else { panic!() };
        assert_eq!(terminal.wait, Duration::from_mins(1));
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
        for seconds in [0, 14, 301] {
            let toml = format!("{folder}wait_seconds = {seconds}");
            wrong(&toml, true, "option `gateway.wait_seconds`: write 15 to 300");
        }
    }
}
