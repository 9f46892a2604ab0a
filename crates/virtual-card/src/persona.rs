//! Persona files: the card part.

use std::path::PathBuf;

use jiff::{Timestamp, civil::Date};
use persona_day::Day;
use serde::Deserialize;

use crate::{era, secret::Secret};

/// What is laid on the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// マイナンバーカード.
    MyNumber,
    /// 顔認証マイナンバーカード: every PIN blocked from the start, no signing certificate.
    FaceOnly,
    /// Some other ISO 7816 card: knows none of the applications.
    NotMyNumber,
    /// 運転免許証: its first application can be selected, nothing can be read.
    DrivingLicence,
    /// 在留カード: likewise.
    ResidenceCard,
    /// A payment card: likewise its directory of applications.
    PaymentCard,
    /// A transit or electronic-money card (`FeliCa`): recognised by what the reader says of it.
    Transit,
    /// The same at a reader of the ACR122 family, which names it `F011`.
    TransitF011,
    /// A MIFARE Classic card, which takes no commands: likewise.
    StorageCard,
    /// A `DESFire` card: knows none of the applications, and the reader says what it is.
    Desfire,
    /// A phone with スマホ用電子証明書 (token `JPKIAPGPSETOKEN`): certificate behind the PIN, no card face.
    Phone,
    /// The older 住基カード (token `JPKIAPICCTOKEN`): no authentication certificate, no card face.
    Juki,
}

impl Kind {
    /// Whether it is a person's card or phone with the JPKI application.
    pub fn has_holder(self) -> bool {
        matches!(self, Self::MyNumber | Self::FaceOnly | Self::Phone | Self::Juki)
    }

    /// The application by which such a card gives itself away.
    pub(crate) fn foreign_application(self) -> Option<&'static [u8]> {
        match self {
            Self::DrivingLicence => Some(&[0xA0, 0, 0, 2, 0x31, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
            Self::ResidenceCard => {
                Some(&[0xD3, 0x92, 0xF0, 0, 0x4F, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
            }
            Self::PaymentCard => Some(b"2PAY.SYS.DDF01"),
            _ => None,
        }
    }
}

/// Sex as the card codes it (1, 2, 9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// `1`.
    Male,
    /// `2`.
    Female,
    /// `9`.
    NotApplicable,
}

impl Sex {
    pub(crate) fn digit(self) -> u8 {
        match self {
            Self::Male => b'1',
            Self::Female => b'2',
            Self::NotApplicable => b'9',
        }
    }
}

/// Who the card belongs to: the `[card]` table of a persona file. Everything here is invented.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holder {
    /// Family and given name, separated by U+3000.
    pub name: String,
    /// The same in kana (not on the card; for the other parts of the rehearsal).
    pub name_kana: String,
    /// Address as printed.
    pub address: String,
    /// Birth date.
    pub birth: Date,
    /// Sex.
    pub sex: Sex,
    /// The four-digit security code printed on the card.
    pub code: Secret,
    /// Last day of the plastic card; its year is part of 照合番号B.
    pub card_expiry: Date,
    /// Last day of the authentication certificate (it ends at 23:59:59 JST).
    pub certificate_not_after: Date,
    /// Serial number of the authentication certificate: hex, 1 to 19 bytes; the key to the insurance record.
    pub serial: String,
    /// The four-digit PIN of the authentication key. Absent exactly on `face_only`.
    pub auth_pin: Option<Secret>,
    /// The four-digit PIN of 券面事項入力補助; without it, it is the same four digits, as most people choose.
    pub items_pin: Option<Secret>,
    /// Tries left on it, 0 to 3.
    #[serde(default = "three")]
    pub items_pin_tries: u8,
    /// Tries left on it, 0 to 3.
    #[serde(default = "three")]
    pub auth_pin_tries: u8,
    /// The signing password, 6 to 16 of A–Z and 0–9, at least one of each. Absent on `face_only`, optional elsewhere.
    pub sign_password: Option<Secret>,
    /// Tries left on 照合番号B, 0 to 10.
    #[serde(default = "ten")]
    pub code_b_tries: u8,
    /// How 照合番号B counts the year of birth.
    #[serde(default)]
    pub code_b_year: CodeYear,
    /// The birth date as the records have it, where no calendar does: 8 digits, e.g. `19990229`; month and day may be 00.
    pub recorded_birth: Option<String>,
}

/// How 照合番号B counts the year of birth; for foreign residents it is published nowhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeYear {
    /// Year within the era.
    #[default]
    Era,
    /// Last two digits of the Gregorian year.
    Gregorian,
}

impl Holder {
    /// 照合番号B: era year, month and day of birth, expiry year, security code — 14 digits.
    pub fn verification_code_b(&self) -> Secret {
        let in_era =
            era::birth_digits(self.birth).expect("the era was checked when the file was read");
        let recorded = self.birth_text();
        let year = match self.code_b_year {
            CodeYear::Era => &in_era[..2],
            CodeYear::Gregorian => &recorded[2..4],
        };
        let (day, expiry) = (&recorded[4..], self.card_expiry.year());
        Secret::new(format!("{year}{day}{expiry:04}{}", self.code.reveal()))
    }

    /// `YYYYMMDD` as it stands in the records.
    pub(crate) fn birth_text(&self) -> String {
        let date = || self.birth.strftime("%Y%m%d").to_string();
        self.recorded_birth.clone().unwrap_or_else(date)
    }

    /// Serial number of the authentication certificate, big-endian.
    pub fn serial_bytes(&self) -> Vec<u8> {
        hex::decode(&self.serial).expect("hex was checked when the file was read")
    }
}

/// A practice card, as described by a persona file.
#[derive(Debug, Clone)]
pub struct Persona {
    /// Short name, `a-z 0-9 - _`; the card's keys hang on it.
    pub id: String,
    /// One line in Japanese: what this card rehearses.
    pub story: String,
    /// What it is.
    pub kind: Kind,
    /// Its holder; `None` exactly where [`Kind::has_holder`] is false.
    pub holder: Option<Holder>,
    /// Picture file, relative to the persona file.
    pub portrait: Option<PathBuf>,
}

/// A persona file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PersonaError {
    /// Not TOML, or a field is missing, unknown or of the wrong type.
    #[error("the persona file is not readable: {0}")]
    Syntax(#[from] toml::de::Error),
    /// A field has a value that no card has.
    #[error("persona field `{field}`: {hint}")]
    Field {
        /// Name in the file.
        field: &'static str,
        /// What to write instead.
        hint: &'static str,
    },
}

fn three() -> u8 {
    3
}

fn ten() -> u8 {
    10
}

/// The file itself; tables of other programs (`[insurance]`) are skipped.
#[derive(Deserialize)]
struct File {
    id: String,
    story: String,
    card: toml::Table,
}

impl Persona {
    /// Reads a persona file (at most 64 KiB). Strict inside `[card]`, blind to other tables. Relative days are seen
    /// from the day in Japan at `now`.
    ///
    /// # Errors
    /// [`PersonaError`] names the field and says what is expected.
    pub fn from_toml(text: &str, now: Timestamp) -> Result<Self, PersonaError> {
        check(text.len() <= 65_536, "card", "the file is larger than 64 KiB")?;
        let mut file: File = toml::from_str(text)?;
        let kind: Kind = take(&mut file.card, "kind")?.ok_or(PersonaError::Field {
            field: "kind",
            hint: "missing: write my_number, face_only, phone, juki, driving_licence, residence_card, payment_card, transit, transit_f011, storage_card, desfire or not_my_number",
        })?;
        let portrait = take(&mut file.card, "portrait")?;
        let holder = if kind.has_holder() {
            let today = persona_day::today(now);
            let birth = settle(&mut file.card, "birth", today, None)?;
            settle(&mut file.card, "card_expiry", today, birth)?;
            settle(&mut file.card, "certificate_not_after", today, birth)?;
            Some(file.card.try_into::<Holder>()?)
        } else {
            check(
                file.card.is_empty(),
                "card",
                "a card that is not a My Number Card has no other field than `kind`",
            )?;
            None
        };
        let persona = Self { id: file.id, story: file.story, kind, holder, portrait };
        persona.check()?;
        Ok(persona)
    }

    fn check(&self) -> Result<(), PersonaError> {
        let id_ok = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_".contains(c);
        check(
            (1..=40).contains(&self.id.len()) && self.id.chars().all(id_ok),
            "id",
            "write 1 to 40 of a-z, 0-9, - and _",
        )?;
        match &self.holder {
            Some(holder) => check_holder(holder, self.kind),
            None => Ok(()),
        }
    }
}

/// Takes one key out of the table, so that the rest can be read strictly.
fn take<T: serde::de::DeserializeOwned>(
    table: &mut toml::Table,
    key: &str,
) -> Result<Option<T>, PersonaError> {
    Ok(table.remove(key).map(toml::Value::try_into).transpose()?)
}

/// Puts the date in the place of a day that is seen from today. A missing one is for the reader of the table to tell.
fn settle(
    card: &mut toml::Table,
    field: &'static str,
    today: Date,
    birth: Option<Date>,
) -> Result<Option<Date>, PersonaError> {
    let Some(day) = take::<Day>(card, field)? else { return Ok(None) };
    let date = day
        .seen(today, birth)
        .map_err(|error| PersonaError::Field { field, hint: error.hint() })?;
    card.insert(field.to_owned(), toml::Value::String(date.to_string()));
    Ok(Some(date))
}

fn check(ok: bool, field: &'static str, hint: &'static str) -> Result<(), PersonaError> {
    if ok { Ok(()) } else { Err(PersonaError::Field { field, hint }) }
}

fn check_holder(holder: &Holder, kind: Kind) -> Result<(), PersonaError> {
    let digits = |secret: &Secret, n: usize| {
        secret.reveal().len() == n && secret.reveal().bytes().all(|b| b.is_ascii_digit())
    };
    let text = |text: &str, bytes: usize| {
        !text.is_empty() && text.len() <= bytes && !text.contains(char::is_control)
    };
    check(text(&holder.name, 300), "name", "write 1 to 100 characters")?;
    check(text(&holder.name_kana, 300), "name_kana", "write 1 to 100 characters")?;
    check(text(&holder.address, 600), "address", "write 1 to 200 characters")?;
    check(
        era::birth_digits(holder.birth).is_some(),
        "birth",
        "write a day from 1868-01-25 to 2099-12-31",
    )?;
    check(
        holder
            .recorded_birth
            .as_ref()
            .is_none_or(|text| text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit())),
        "recorded_birth",
        "write 8 digits",
    )?;
    check(digits(&holder.code, 4), "code", "write the four digits of the security code")?;
    check(
        (2015..=2099).contains(&holder.card_expiry.year()),
        "card_expiry",
        "write a day from 2015 to 2099",
    )?;
    let serial = hex::decode(&holder.serial).unwrap_or_default();
    check(
        (1..=19).contains(&serial.len()) && serial.iter().any(|b| *b != 0),
        "serial",
        "write 1 to 19 bytes as hex digits, not all zero",
    )?;
    check(holder.auth_pin_tries <= 3, "auth_pin_tries", "write 0 to 3")?;
    check(holder.items_pin_tries <= 3, "items_pin_tries", "write 0 to 3")?;
    check(
        holder.items_pin.as_ref().is_none_or(|pin| kind != Kind::FaceOnly && digits(pin, 4)),
        "items_pin",
        "write four digits; leave it out on a face_only card, which has no PIN",
    )?;
    check(holder.code_b_tries <= 10, "code_b_tries", "write 0 to 10")?;
    check(
        (2000..=2099).contains(&holder.certificate_not_after.year()),
        "certificate_not_after",
        "write a day from 2000 to 2099",
    )?;
    let face_only = kind == Kind::FaceOnly;
    check(
        holder.auth_pin.as_ref().map_or(face_only, |pin| !face_only && digits(pin, 4)),
        "auth_pin",
        "write four digits; leave it out on a face_only card, which has no PIN",
    )?;
    check(
        holder.sign_password.as_ref().is_none_or(|p| !face_only && sign_password_ok(p.reveal())),
        "sign_password",
        "write 6 to 16 of A-Z and 0-9 with at least one of each; leave it out on a face_only card",
    )
}

fn sign_password_ok(text: &str) -> bool {
    let upper = |b: u8| b.is_ascii_uppercase();
    let digit = |b: u8| b.is_ascii_digit();
    (6..=16).contains(&text.len())
        && text.bytes().all(|b| upper(b) || digit(b))
        && text.bytes().any(upper)
        && text.bytes().any(digit)
}
