//! Flags, environment and file: the same options in all three.

use super::gateway::{self, GatewayOptions};
use super::network::NetworkOptions;
use super::store::{self, StoreOptions};
use crate::accounts::AccountCommand;
use crate::commands::patients::PatientsCommand;
use crate::tls::CertificateCommand;
use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::civil::Date;
use serde::Deserialize;
use std::path::PathBuf;

/// Check-in kiosk for マイナ保険証: owns the card reader, the visit, the store, and serves the kiosk page.
#[derive(Debug, Parser)]
#[command(
    name = "uketsuke-bridge",
    version,
    after_help = "\
Every option can also be set in the environment (shown as [env: ...]) or, with underscores
instead of hyphens, in a TOML file. Flags win over the environment, the environment over the file.

Example of uketsuke.toml:
  kiosk_name = \"窓口1\"
  reader = \"auto\"              # \"practice\", \"none\", or the reader's name, or a piece of it
  institution = \"1312345678\"   # 医療機関コード, 10 digits
  institution_name = \"れんしゅう医院 / Practice Clinic\"
  result_folder = \"/srv/oqs/face\"
  destinations = [\"内科 / Internal medicine\", \"小児科\"]
  passcode_hash = \"$argon2id$...\"   # made by: uketsuke-bridge passcode

  [gateway]                    # the clinic's 資格確認端末, asked by its folders; see docs/gateways.md
  kind = \"folder\"
  folder = \"/srv/OQS\"          # with req and res in it

  [store]                      # only where several bridges share a database
  postgres_file = \"/etc/uketsuke/postgres\"   # postgres://USER:PASSWORD@localhost/DATABASE
  site = \"clinic\"
  bridge = \"east\"
  numbers = \"1001-1999\"        # reception numbers of this bridge

  [[kiosk]]                    # one more kiosk, at http://127.0.0.1:8710/k/lane2; as many as there are readers
  name = \"lane2\"
  kiosk_name = \"窓口2\"
  reader = \"ACS ACR1252 01 00\"   # each kiosk has its own; card_camera and face_camera as above

  [network]                    # the staff pages for the reception's own computers, encrypted; see docs/operations.md
  listen = \"0.0.0.0:8443\"
  names = [\"uketsuke.local\", \"192.168.1.20\"]
  certificate = \"certificate.pem\"   # made by: uketsuke-bridge certificate make uketsuke.local 192.168.1.20
  key = \"key.pem\"

Without a reader attached the kiosk starts in practice mode: open http://127.0.0.1:8710/practice
beside the kiosk page and lay practice cards on the reader there."
)]
pub struct Cli {
    /// What to do; without it the kiosk is started
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Configuration file [default: uketsuke.toml in the working folder, if there is one]
    #[arg(long, env = "UKETSUKE_CONFIG", global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The options themselves
    #[command(flatten)]
    pub options: Options,
}

/// Subcommands.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Tell what is wrong with reader, store, models and folders
    Doctor,
    /// Go on although there are records of a later time than now: for somebody who has checked the clock
    AcceptClock,
    /// Look at the audit, which may be in use
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Copy the store to a new file, also while the kiosk runs
    Backup {
        /// Must not be there yet
        file: PathBuf,
        /// The store of practice
        #[arg(long)]
        practice: bool,
    },
    /// Put a backup in the place of the store, while the kiosk is stopped; the store that was there is put aside
    Restore {
        /// As written by `backup`
        file: PathBuf,
        /// The store of practice
        #[arg(long)]
        practice: bool,
    },
    /// Accounts of staff: list, add, reset, disable, enable
    #[command(subcommand)]
    Account(AccountCommand),
    /// A certificate for the listener on the site's network
    #[command(subcommand)]
    Certificate(CertificateCommand),
    /// Tell everything that is kept about one visit or one day, as JSON, also while the kiosk runs
    Export {
        /// Of whom
        #[command(flatten)]
        of: Person,
        /// A new file, instead of standard output
        #[arg(long)]
        out: Option<PathBuf>,
    },
    /// Erase what names the person of one visit, while the kiosk is stopped
    Erase {
        /// Of whom
        #[command(flatten)]
        of: Person,
        /// Also a result that the receipt computer has not got: it is lost
        #[arg(long)]
        unentered: bool,
    },
    /// The clinic's patient list: check, import, ask, erase
    #[command(subcommand)]
    Patients(PatientsCommand),
    /// Read 4 digits from standard input and print the hash for `passcode_hash`
    Passcode,
}

/// Whose visit: nothing that is kept for longer names anybody, so by a number.
#[derive(Args, Clone, Debug)]
pub struct Person {
    /// Number of the visit, as in the audit
    #[arg(long, conflicts_with_all = ["day", "number"], required_unless_present = "day", value_name = "N")]
    pub visit: Option<u64>,
    /// Day in Japan, as 2026-11-23
    #[arg(long)]
    pub day: Option<Date>,
    /// Reception number of that day
    #[arg(long, requires = "day", value_name = "N")]
    pub number: Option<u16>,
    /// In the store of practice
    #[arg(long)]
    pub practice: bool,
}

/// What of the audit.
#[derive(Clone, Debug, Subcommand)]
pub enum AuditCommand {
    /// Prove that it is as it was written. Ends with 0 when it is, with 3 when it is not, with 1 when it cannot be read
    Verify {
        /// A file of `backup` [default: the stores of patients and of practice]
        file: Option<PathBuf>,
        /// Print one JSON object for each store
        #[arg(long)]
        json: bool,
    },
}

/// Everything that can be set. The same in flags, environment and file.
#[derive(Args, Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// Port on loopback; 0 = any free one [default: 8710]
    #[arg(long, env = "UKETSUKE_PORT", global = true)]
    pub port: Option<u16>,
    /// Folder with the kiosk page [default: dist]
    #[arg(long, env = "UKETSUKE_DIST", global = true, value_name = "DIR")]
    pub dist: Option<PathBuf>,
    /// Folder for the store [default: data]
    #[arg(long, env = "UKETSUKE_DATA", global = true, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Name of this kiosk or lane, for staff [default: 受付]
    #[arg(long, env = "UKETSUKE_KIOSK_NAME", global = true, value_name = "NAME")]
    pub kiosk_name: Option<String>,
    /// auto, practice, a piece of the reader's name, or none: cards are laid on the official reader beside the kiosk [default: auto; none with the gateway beside]
    #[arg(long, env = "UKETSUKE_READER", global = true)]
    pub reader: Option<String>,
    /// Camera over the reader that reads the card's front while it lies there: a piece of its name as the browser shows it
    /// [default: none, the card is shown to the kiosk's camera]
    #[arg(long, env = "UKETSUKE_CARD_CAMERA", global = true, value_name = "NAME")]
    pub card_camera: Option<String>,
    /// A piece of the name of the camera that looks at the person, as the browser shows it
    /// [default: any that is neither infrared nor the card camera]
    #[arg(long, env = "UKETSUKE_FACE_CAMERA", global = true, value_name = "NAME")]
    pub face_camera: Option<String>,
    /// 医療機関コード, 10 digits [default: a practice number]
    #[arg(long, env = "UKETSUKE_INSTITUTION", global = true, value_name = "DIGITS")]
    pub institution: Option<String>,
    /// Name of the institution, as patients know it: on every screen and on the 申立書; also as `NAME / ENGLISH NAME` [default: none]
    #[arg(long, env = "UKETSUKE_INSTITUTION_NAME", global = true, value_name = "NAME")]
    pub institution_name: Option<String>,
    /// Telephone that staff call when the national system fails, on the staff board; empty = none
    /// [default: 0800-080-4583, 医療機関等向けコールセンター]
    #[arg(long, env = "UKETSUKE_CALL_CENTRE", global = true, value_name = "NUMBER")]
    pub call_centre: Option<String>,
    /// Folder that the receipt computer watches [default: <data>/face]
    #[arg(long, env = "UKETSUKE_RESULT_FOLDER", global = true, value_name = "DIR")]
    pub result_folder: Option<PathBuf>,
    /// Encoding of result files [default: utf-8]
    #[arg(long, env = "UKETSUKE_ENCODING", global = true)]
    pub encoding: Option<Encoding>,
    /// Departments or desks to which people go from the kiosk, at most 9, each also as `NAME / ENGLISH NAME` [default: none]
    #[arg(
        long,
        env = "UKETSUKE_DESTINATIONS",
        global = true,
        value_delimiter = ',',
        value_name = "NAME"
    )]
    pub destinations: Option<Vec<String>>,
    /// Where staff call people to, on the call display: reception, counter N, lane N, room N (N from 1 to 20), or a name,
    /// also as `NAME / ENGLISH NAME`; at most 30 [default: reception, and the destinations]
    #[arg(
        long,
        env = "UKETSUKE_CALL_PLACES",
        global = true,
        value_delimiter = ',',
        value_name = "PLACE"
    )]
    pub call_places: Option<Vec<String>>,
    /// The receipt program refuses a 保険者番号 with a wrong check digit: unknown ones end in 9
    #[arg(long, env = "UKETSUKE_CLAIM_CHECK_DIGIT", global = true, num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    pub claim_check_digit: Option<bool>,
    /// Digits of an unknown 番号 in claims, 1 to 20 [default: 9]
    #[arg(long, env = "UKETSUKE_UNKNOWN_NUMBER_DIGITS", global = true, value_name = "N")]
    pub unknown_number_digits: Option<u8>,
    /// Hash of the passcode for 目視確認, as printed by `passcode`
    #[arg(
        long,
        env = "UKETSUKE_PASSCODE_HASH",
        global = true,
        value_name = "PHC",
        hide_env_values = true
    )]
    pub passcode_hash: Option<String>,
    /// Minutes without use after which the staff board locks itself, 1 to 720 [default: 10]
    #[arg(long, env = "UKETSUKE_BOARD_LOCK_MINUTES", global = true, value_name = "N")]
    pub board_lock_minutes: Option<u16>,
    /// Whatever watches over the bridge starts it again when it ends, as systemd with Restart=always does: only then may the staff pages
    /// choose a daily restart [default: whether systemd started it]
    #[arg(long, env = "UKETSUKE_SUPERVISED", global = true, num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    pub supervised: Option<bool>,
    /// Years for which audit, consents and visits are kept, 3 to 30 [default: 5]
    #[arg(long, env = "UKETSUKE_RECORDS_YEARS", global = true, value_name = "N")]
    pub records_years: Option<u8>,
    /// Accept practice cards also on a real reader: for rehearsals and tests only, without --result-folder
    #[arg(long, env = "UKETSUKE_ACCEPT_PRACTICE_CARDS", global = true, num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    pub accept_practice_cards: Option<bool>,
    /// Answer about cards that the simulator does not know, such as your own, with an invented person: with --accept-practice-cards
    #[arg(long, env = "UKETSUKE_OWN_CARDS", global = true, num_args = 0..=1, default_missing_value = "true", value_name = "BOOL")]
    pub own_cards: Option<bool>,
    /// More production root certificates (PEM or DER); the published JPKI roots are built in
    #[arg(
        long,
        env = "UKETSUKE_TRUSTED_ROOTS",
        global = true,
        value_delimiter = ',',
        value_name = "FILE"
    )]
    pub trusted_roots: Option<Vec<PathBuf>>,
    /// Font of printed pages, TrueType with Japanese [default: the one beside the kiosk page]
    #[arg(long, env = "UKETSUKE_FONT", global = true, value_name = "FILE")]
    pub font: Option<PathBuf>,
    /// Folder with prepared.json of the face models [default: models/files, then <dist>/models]
    #[arg(long, env = "UKETSUKE_MODELS", global = true, value_name = "DIR")]
    pub models: Option<PathBuf>,
    /// File with the key of the patient list, on another disk for instance [default: <data>/patients.key]
    #[arg(long, env = "UKETSUKE_PATIENTS_KEY", global = true, value_name = "FILE")]
    pub patients_key: Option<PathBuf>,
    /// The listener on the site's network; in the file only.
    #[arg(skip)]
    #[serde(default)]
    pub network: Option<NetworkOptions>,
    /// The eligibility system.
    #[command(flatten)]
    #[serde(default)]
    pub gateway: GatewayOptions,
    /// The site's database.
    #[command(flatten)]
    #[serde(default)]
    pub store: StoreOptions,
    /// Further kiosks; in the file only.
    #[arg(skip)]
    #[serde(default)]
    pub kiosk: Vec<KioskOptions>,
}

/// One more kiosk: a `[[kiosk]]` table.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KioskOptions {
    /// In its address, `/k/NAME`.
    pub name: String,
    /// For staff; the name without it.
    pub kiosk_name: Option<String>,
    /// As [`Options::reader`].
    pub reader: Option<String>,
    /// As [`Options::card_camera`].
    pub card_camera: Option<String>,
    /// As [`Options::face_camera`].
    pub face_camera: Option<String>,
}

/// Encoding of result files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// UTF-8.
    #[value(name = "utf-8")]
    #[serde(rename = "utf-8")]
    Utf8,
    /// `Shift_JIS` as Windows means it (CP932).
    ShiftJis,
}

impl From<Encoding> for oqs::Encoding {
    fn from(encoding: Encoding) -> Self {
        match encoding {
            Encoding::Utf8 => Self::Utf8,
            Encoding::ShiftJis => Self::ShiftJis,
        }
    }
}

/// Each option of `first`, or that of `second` where it is not set.
pub(super) fn merge(first: Options, second: Options) -> Options {
    Options {
        port: first.port.or(second.port),
        dist: first.dist.or(second.dist),
        data: first.data.or(second.data),
        kiosk_name: first.kiosk_name.or(second.kiosk_name),
        reader: first.reader.or(second.reader),
        card_camera: first.card_camera.or(second.card_camera),
        face_camera: first.face_camera.or(second.face_camera),
        institution: first.institution.or(second.institution),
        institution_name: first.institution_name.or(second.institution_name),
        call_centre: first.call_centre.or(second.call_centre),
        result_folder: first.result_folder.or(second.result_folder),
        encoding: first.encoding.or(second.encoding),
        destinations: first.destinations.or(second.destinations),
        call_places: first.call_places.or(second.call_places),
        claim_check_digit: first.claim_check_digit.or(second.claim_check_digit),
        unknown_number_digits: first.unknown_number_digits.or(second.unknown_number_digits),
        passcode_hash: first.passcode_hash.or(second.passcode_hash),
        board_lock_minutes: first.board_lock_minutes.or(second.board_lock_minutes),
        supervised: first.supervised.or(second.supervised),
        records_years: first.records_years.or(second.records_years),
        accept_practice_cards: first.accept_practice_cards.or(second.accept_practice_cards),
        own_cards: first.own_cards.or(second.own_cards),
        trusted_roots: first.trusted_roots.or(second.trusted_roots),
        font: first.font.or(second.font),
        models: first.models.or(second.models),
        patients_key: first.patients_key.or(second.patients_key),
        network: first.network.or(second.network),
        gateway: gateway::merge(first.gateway, second.gateway),
        store: store::merge(first.store, second.store),
        kiosk: [first.kiosk, second.kiosk].concat(),
    }
}
