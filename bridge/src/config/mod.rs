//! What the site decided: flags, environment and one TOML file, with a default for everything.

mod call_places;
mod gateway;
mod kiosks;
mod network;
mod options;
mod store;
mod together;

pub(crate) use call_places::{DESTINATION, with_destinations};
pub use gateway::{GatewayChoice, GatewayKind, GatewayOptions};
pub use kiosks::{KioskConfig, KioskName};
pub(crate) use kiosks::{apart, is_label, reader_of};
pub use network::{NetworkConfig, NetworkOptions};
pub use options::{AuditCommand, Cli, Command, Encoding, KioskOptions, Options, Person};
pub use store::{Secret, StoreOptions};

use crate::call_place::CallPlace;
use crate::limits::Limits;
use crate::name::Name;
use crate::patients::Place;
use crate::reader::ReaderChoice;
use crate::store::{Target, retention};
use checkin::claim::ClaimRules;
use options::merge;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

/// Port when nothing else is said.
pub const DEFAULT_PORT: u16 = 8710;
/// File that is read from the working folder when `--config` is not given.
pub const DEFAULT_FILE: &str = "uketsuke.toml";
/// 医療機関コード of practice: no institution has it.
pub const PRACTICE_INSTITUTION: &str = "9999999999";
/// 医療機関等向けコールセンター, free of charge: the ministry's slides for institutions.
pub const CALL_CENTRE: &str = "0800-080-4583";
/// Nobody walks away from a desk for longer without being gone.
const BOARD_LOCK_MINUTES: u16 = 10;
/// Minutes after which a board may lock itself: a working day at most.
pub(crate) const LOCK_MINUTES: RangeInclusive<u16> = 1..=720;
/// Longest name of the institution, in Japanese and in another language, and other lines of the configuration, in characters.
pub(crate) const LINE: (usize, usize) = (40, 60);
/// Longest configuration file in bytes.
const MAX_FILE_BYTES: u64 = 64 * 1024;

/// The whole configuration, checked.
#[derive(Clone, Debug)]
pub struct Config {
    /// Port on loopback, 0 = any.
    pub port: u16,
    /// Folder with the kiosk page.
    pub dist: PathBuf,
    /// Folder for the store.
    pub data: PathBuf,
    /// The site's database, where there is one.
    pub upstream: Option<Target>,
    /// The kiosks, each with a name and a reader of its own; one at least.
    pub kiosks: Vec<KioskConfig>,
    /// 10 digits.
    pub institution: oqs::InstitutionCode,
    /// For patients: on the screens and on the 申立書.
    pub institution_name: Option<Name>,
    /// For staff: whom to call when the national system fails.
    pub call_centre: Option<String>,
    /// Whom the kiosks of patients ask.
    pub gateway: GatewayChoice,
    /// Where result files go.
    pub result_folder: PathBuf,
    /// How they are written.
    pub encoding: oqs::Encoding,
    /// Where people go from here: departments or desks, at most 9; empty = the reception.
    pub destinations: Vec<Name>,
    /// Where staff call people to beside the destinations; one at least.
    pub call_places: Vec<CallPlace>,
    /// How this site writes claims.
    pub claim: ClaimRules,
    /// A staff board that was not used for so many minutes locks itself.
    pub board_lock_minutes: u16,
    /// Whatever watches over the bridge starts it again when it ends.
    pub supervised: bool,
    /// Audit, consents and visits are kept for so many years.
    pub records_years: u8,
    /// The listener on the site's network; `None`: there is none.
    pub network: Option<NetworkConfig>,
    /// What HTTP takes: no option, but tests need not wait.
    pub limits: Limits,
    /// PHC string.
    pub passcode_hash: Option<String>,
    /// On a real reader too; then there is no folder of a receipt computer, and the store is one of
    /// practice.
    pub accept_practice_cards: bool,
    /// The simulator answers about cards that it does not know, too, by an invented person.
    pub own_cards: bool,
    /// More roots.
    pub trusted_roots: Vec<PathBuf>,
    /// Font of printed pages (TrueType with Japanese).
    pub font: PathBuf,
    /// Folder with `prepared.json`.
    pub models: PathBuf,
    /// Where the key of the patient list lies, if not beside it.
    pub patients_key: Option<PathBuf>,
}

/// A configuration that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file is not there or not readable.
    #[error("cannot read the configuration file {0}: {1}")]
    File(PathBuf, std::io::Error),
    /// Not TOML, or a key is unknown.
    #[error("the configuration file {0} is not as expected: {1}")]
    Form(PathBuf, String),
    /// A value is out of range.
    #[error("option `{0}`: {1}")]
    Value(&'static str, &'static str),
    /// A value of one of the further kiosks is out of range.
    #[error("kiosk `{0}`, option `{1}`: {2}")]
    Kiosk(String, &'static str, &'static str),
}

impl Config {
    /// Flags and environment (`cli`), then the file, then the defaults.
    ///
    /// # Errors
    /// [`ConfigError`] names the file or option and says what is expected.
    pub fn load(cli: &Cli) -> Result<Self, ConfigError> {
        let file = match &cli.config {
            Some(path) => read(path)?,
            None if Path::new(DEFAULT_FILE).exists() => read(Path::new(DEFAULT_FILE))?,
            None => Options::default(),
        };
        Self::from_options(merge(cli.options.clone(), file))
    }

    /// The readers of all kiosks but this one.
    pub fn readers_but(&self, kiosk: usize) -> Vec<ReaderChoice> {
        let others = self.kiosks.iter().enumerate().filter(|(at, _)| *at != kiosk);
        others.map(|(_, other)| other.reader.clone()).collect()
    }

    /// Where the patient list of a store lies; that of practice has its key beside it.
    pub fn patient_list(&self, folder: &Path) -> Place {
        Place::new(folder, self.patients_key.as_deref().filter(|_| folder == self.data))
    }

    /// Fills in the defaults and checks every value.
    ///
    /// # Errors
    /// [`ConfigError::Value`], [`ConfigError::Kiosk`].
    pub fn from_options(options: Options) -> Result<Self, ConfigError> {
        let data = options.data.unwrap_or_else(|| "data".into());
        let dist = options.dist.unwrap_or_else(|| "dist".into());
        let set = options.institution.is_some();
        let institution = options.institution.as_deref().unwrap_or(PRACTICE_INSTITUTION);
        let institution = oqs::InstitutionCode::new(institution)
            .map_err(|_| ConfigError::Value("institution", "write 10 digits"))?;
        let encoding = options.encoding.unwrap_or(Encoding::Utf8).into();
        let accept_practice_cards = options.accept_practice_cards.unwrap_or(false);
        let asked_by = set.then_some(&institution);
        let gateway = gateway::choice(options.gateway, asked_by, encoding, accept_practice_cards)?;
        let first = KioskOptions {
            name: String::new(),
            kiosk_name: options.kiosk_name,
            reader: options.reader,
            card_camera: options.card_camera,
            face_camera: options.face_camera,
        };
        let kiosks = kiosks::kiosks(first, options.kiosk, gateway.reader_by_default())?;
        let institution_name = options.institution_name.filter(|line| !line.trim().is_empty());
        let institution_name =
            institution_name.map(|line| institution_name_of(&line)).transpose()?;
        let call_centre = options.call_centre.unwrap_or_else(|| CALL_CENTRE.into());
        let call_centre = number_of(&call_centre)?;
        if options.passcode_hash.as_deref().is_some_and(|hash| !crate::passcode::is_hash(hash)) {
            return Err(ConfigError::Value(
                "passcode_hash",
                "write what `uketsuke-bridge passcode` prints",
            ));
        }
        let destinations = call_places::destinations(&options.destinations.unwrap_or_default())?;
        let call_places = call_places::listed(options.call_places)?;
        if with_destinations(&call_places, &destinations).is_none() {
            return Err(ConfigError::Value("call_places", call_places::EXPECTED));
        }
        let unknown_number_digits = options.unknown_number_digits.unwrap_or(9);
        if !(1..=20).contains(&unknown_number_digits) {
            return Err(ConfigError::Value("unknown_number_digits", "write 1 to 20"));
        }
        let own_cards = options.own_cards.unwrap_or(false);
        together::check(
            accept_practice_cards,
            own_cards,
            &gateway,
            options.result_folder.as_deref(),
        )?;
        let upstream = store::target(options.store, accept_practice_cards)?;
        let board_lock_minutes = options.board_lock_minutes.unwrap_or(BOARD_LOCK_MINUTES);
        if !LOCK_MINUTES.contains(&board_lock_minutes) {
            return Err(ConfigError::Value("board_lock_minutes", "write 1 to 720"));
        }
        let records_years = options.records_years.unwrap_or(retention::YEARS);
        if !retention::YEARS_ALLOWED.contains(&records_years) {
            return Err(ConfigError::Value("records_years", "write 3 to 30"));
        }
        let font = dist.join("print").join("NotoSansJP-Regular.ttf");
        let in_dist = dist.join("models");
        let beside = PathBuf::from("models/files");
        let models = if beside.join(crate::models::FILE).exists() { beside } else { in_dist };
        Ok(Self {
            port: options.port.unwrap_or(DEFAULT_PORT),
            result_folder: options.result_folder.unwrap_or_else(|| data.join("face")),
            kiosks,
            upstream,
            gateway,
            institution,
            institution_name,
            call_centre,
            encoding,
            destinations,
            call_places,
            claim: ClaimRules {
                check_digit_demanded: options.claim_check_digit.unwrap_or(false),
                unknown_number_digits,
            },
            board_lock_minutes,
            // systemd sets it for what it starts.
            supervised: options
                .supervised
                .unwrap_or_else(|| std::env::var_os("INVOCATION_ID").is_some()),
            records_years,
            network: network::network(options.network)?,
            limits: Limits::default(),
            passcode_hash: options.passcode_hash,
            accept_practice_cards,
            own_cards,
            trusted_roots: options.trusted_roots.unwrap_or_default(),
            font: options.font.unwrap_or(font),
            models: options.models.unwrap_or(models),
            patients_key: options.patients_key,
            data,
            dist,
        })
    }
}

/// The number of the call centre; an empty one counts as left out.
fn number_of(text: &str) -> Result<Option<String>, ConfigError> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let expected = "write at most 40 characters, on one line";
    is_line(text).then(|| Some(text.to_owned())).ok_or(ConfigError::Value("call_centre", expected))
}

/// Whether a name or number fits the places where it is shown.
pub(crate) fn is_line(text: &str) -> bool {
    (1..=LINE.0).contains(&text.chars().count()) && !text.contains(char::is_control)
}

/// On one line, with its English name or without.
fn institution_name_of(line: &str) -> Result<Name, ConfigError> {
    let expected = "write at most 40 characters, and ` / ` before an English name of at most 60";
    let name = Name::parse(line).filter(|name| name.fits(LINE.0, LINE.1));
    name.ok_or(ConfigError::Value("institution_name", expected))
}

fn read(path: &Path) -> Result<Options, ConfigError> {
    let file = |error| ConfigError::File(path.into(), error);
    if std::fs::metadata(path).map_err(file)?.len() > MAX_FILE_BYTES {
        return Err(ConfigError::Form(path.into(), "it is larger than 64 KiB".into()));
    }
    let text = std::fs::read_to_string(path).map_err(file)?;
    toml::from_str(&text)
        .map_err(|error| ConfigError::Form(path.into(), without_values(error.message())))
}

/// What is wrong, without the text that stands in the wrong place: that may be a password.
fn without_values(message: &str) -> String {
    const VALUE: &str = "string \"";
    let (mut told, mut rest) = (String::new(), message);
    while let Some((before, value)) = rest.split_once(VALUE) {
        told.extend([before, "string"]);
        // It is written as Rust writes it.
        let mut escaped = false;
        let end = value.find(|letter| {
            let ends = letter == '"' && !escaped;
            escaped = letter == '\\' && !escaped;
            ends
        });
        rest = end.map_or("", |end| &value[end + 1..]);
    }
    told + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser as _;

    #[test]
    fn flags_win_over_the_file_and_unknown_keys_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("uketsuke.toml");
        std::fs::write(&path, "port = 9000\nkiosk_name = \"窓口2\"\n").unwrap();
        let arguments = ["bridge", "--config", path.to_str().unwrap(), "--port", "9001"];
        let config = Config::load(&Cli::parse_from(arguments)).unwrap();
        assert_eq!((config.port, config.kiosks[0].title.as_str()), (9001, "窓口2"));
        let further = "reader = \"practice\"\n[[kiosk]]\nname = \"lane2\"\nreader = \"ACS 01\"\n";
        std::fs::write(&path, further).unwrap();
        let config = Config::load(&Cli::parse_from(arguments)).unwrap();
        let names: Vec<_> = config.kiosks.iter().map(|kiosk| kiosk.name.as_str()).collect();
        assert_eq!(names, ["first", "lane2"]);
        std::fs::write(&path, "prot = 9000\n").unwrap();
        let error = Config::load(&Cli::parse_from(arguments)).unwrap_err().to_string();
        assert!(error.contains("prot"), "{error}");
    }

    #[test]
    fn what_stands_in_the_wrong_place_is_not_told() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("uketsuke.toml");
        for wrong in [
            "store = \"postgres://u:secret@localhost/d\"",
            "store = 'postgres://u:\"secret@localhost/d'",
            "store = ['postgres://u:secret@localhost/d']",
            "port = \"secret\"",
            "[store]\nunencrypted = \"a\\\\\\\"secret\"",
        ] {
            std::fs::write(&path, wrong).unwrap();
            let error = read(&path).err().unwrap().to_string();
            assert!(!error.contains("secret") && error.contains("expected"), "{wrong}: {error}");
        }
    }

    #[test]
    fn values_are_checked() {
        let wrong = Options { institution: Some("123".into()), ..Options::default() };
        let error = Config::from_options(wrong).unwrap_err().to_string();
        assert_eq!(error, "option `institution`: write 10 digits");
        let wrong = Options { passcode_hash: Some("0000".into()), ..Options::default() };
        assert!(Config::from_options(wrong).is_err());
        // Characters, whatever their bytes.
        let named = |name: String| {
            Config::from_options(Options { kiosk_name: Some(name), ..Options::default() })
        };
        assert!(named("𠮷".repeat(40)).is_ok() && named("a".repeat(41)).is_err());
        let both = Options {
            accept_practice_cards: Some(true),
            result_folder: Some("/srv/oqs/face".into()),
            ..Options::default()
        };
        let error = Config::from_options(both).unwrap_err().to_string();
        assert!(error.contains("takes no practice cards"), "{error}");
        let rehearsal = |institution: &str| Options {
            accept_practice_cards: Some(true),
            institution: Some(institution.into()),
            gateway: GatewayOptions {
                kind: Some(GatewayKind::Folder),
                folder: Some("/srv/OQS".into()),
                ..GatewayOptions::default()
            },
            ..Options::default()
        };
        let error = Config::from_options(rehearsal("1312345678")).unwrap_err().to_string();
        assert!(error.contains("a rehearsal asks no real terminal"), "{error}");
        assert!(Config::from_options(rehearsal(PRACTICE_INSTITUTION)).is_ok());
        let wrong = Options { board_lock_minutes: Some(0), ..Options::default() };
        let error = Config::from_options(wrong).unwrap_err().to_string();
        assert_eq!(error, "option `board_lock_minutes`: write 1 to 720");
        let wrong = Options { records_years: Some(2), ..Options::default() };
        let error = Config::from_options(wrong).unwrap_err().to_string();
        assert_eq!(error, "option `records_years`: write 3 to 30");
        let wrong = Options { institution_name: Some("a\nb".into()), ..Options::default() };
        let error = Config::from_options(wrong).unwrap_err().to_string();
        assert!(error.starts_with("option `institution_name`"), "{error}");
    }

    #[test]
    fn the_call_centre_has_a_number_unless_it_is_left_out() {
        let number = |call_centre: Option<&str>| {
            let call_centre = call_centre.map(str::to_owned);
            Config::from_options(Options { call_centre, ..Options::default() }).unwrap().call_centre
        };
        assert_eq!(number(None).as_deref(), Some("0800-080-4583"));
        assert_eq!(number(Some("03-0000-0000")).as_deref(), Some("03-0000-0000"));
        assert_eq!(number(Some("")), None);
    }
}
