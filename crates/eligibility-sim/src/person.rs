//! Persona files: the part that the national system knows.

use checkin::eligibility::{Eligibility, InsuredKind, Qualification, Sex, Validity};
use checkin::event::GatewayTrouble;
use checkin::number::check_insurer_number;
use jiff::civil::Date;
use serde::Deserialize;

/// Largest persona file in bytes.
const LONGEST: usize = 65_536;

/// One insured person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// `id` of the persona file.
    pub id: String,
    /// Serial number of the authentication certificate: big-endian, no leading zero bytes.
    pub serial: Vec<u8>,
    /// Birth date.
    pub birth: Date,
    /// Whether the card starts out registered as health insurance card.
    pub registered: bool,
    /// Whether there is a 特定疾病療養受療証.
    pub specific_diseases: bool,
    /// What a query answers.
    pub eligibility: Eligibility,
    /// What goes wrong with this person, if anything.
    pub trouble: Option<Trouble>,
}

/// A failure to rehearse.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What the system answers. `Late` is answered at once: the caller decides how long to wait.
    pub answer: GatewayTrouble,
    /// At which step; `None` = at every one.
    pub step: Option<Step>,
}

/// The three steps of a check-in at the national system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Is the card registered?
    LookUp,
    /// Identity handed over, topics returned.
    Open,
    /// Qualification.
    Query,
}

/// A persona file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PersonError {
    /// Not TOML, or a field is missing, unknown or of the wrong type.
    #[error("the persona file is not readable: {0}")]
    Syntax(#[from] toml::de::Error),
    /// A field has a value that the system could not hold.
    #[error("persona field `{field}`: {hint}")]
    Field {
        /// Name in the file.
        field: &'static str,
        /// What to write instead.
        hint: &'static str,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    id: String,
    #[serde(rename = "story")]
    _story: String,
    card: toml::Table,
    insurance: Option<Insurance>,
    system: Option<System>,
}

/// What the system shares with the card; the rest of `[card]` is the card's own matter.
#[derive(Deserialize)]
struct Card {
    name: String,
    name_kana: String,
    address: String,
    birth: Date,
    sex: CardSex,
    serial: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum CardSex {
    Male,
    Female,
    NotApplicable,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Insurance {
    registered: bool,
    validity: u8,
    specific_diseases: bool,
    /// The insurer's spelling, where it differs from the card (`●`).
    name: Option<String>,
    #[serde(default)]
    qualification: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    insurer_number: String,
    insurer_name: String,
    symbol: String,
    number: String,
    branch: Option<String>,
    kind: Option<EntryKind>,
    post_number: Option<String>,
    valid_from: Option<Date>,
    valid_to: Option<Date>,
    lost_on: Option<Date>,
    share_percent: Option<u8>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum EntryKind {
    Insured,
    Family,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct System {
    answer: SystemAnswer,
    step: Option<Step>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum SystemAnswer {
    Down,
    Late,
}

impl Person {
    /// Reads a persona file (at most 64 KiB). Strict outside of `[card]`. `None` for a card of
    /// which the system knows nothing (no `[insurance]`).
    ///
    /// # Errors
    /// [`PersonError`] names the field and says what to write.
    pub fn from_toml(text: &str) -> Result<Option<Self>, PersonError> {
        check(text.len() <= LONGEST, "card", "the file is larger than 64 KiB")?;
        let file: File = toml::from_str(text)?;
        let Some(insurance) = file.insurance else {
            check(file.system.is_none(), "system", "needs a table [insurance] beside it")?;
            return Ok(None);
        };
        let card: Card = file.card.try_into()?;
        let serial = serial(&card.serial)?;
        let kana = |c| matches!(c, '\u{FF66}'..='\u{FF9F}' | ' ');
        check(
            !card.name_kana.is_empty() && card.name_kana.chars().all(kana),
            "name_kana",
            "write half-width katakana with a blank between family and given name",
        )?;
        let (registered, specific_diseases) = (insurance.registered, insurance.specific_diseases);
        Ok(Some(Self {
            id: file.id,
            serial,
            birth: card.birth,
            registered,
            specific_diseases,
            eligibility: eligibility(insurance, &card)?,
            trouble: file.system.map(Trouble::from),
        }))
    }
}

impl From<System> for Trouble {
    fn from(system: System) -> Self {
        let answer = match system.answer {
            SystemAnswer::Down => GatewayTrouble::Down,
            SystemAnswer::Late => GatewayTrouble::Late,
        };
        Self { answer, step: system.step }
    }
}

fn check(ok: bool, field: &'static str, hint: &'static str) -> Result<(), PersonError> {
    if ok { Ok(()) } else { Err(PersonError::Field { field, hint }) }
}

fn serial(text: &str) -> Result<Vec<u8>, PersonError> {
    let bytes = hex::decode(text).unwrap_or_default();
    let bytes = significant(&bytes);
    let right = (1..=20).contains(&bytes.len());
    check(right, "serial", "write 1 to 20 bytes as hex digits, not all zero")?;
    Ok(bytes.to_vec())
}

/// The number without leading zero bytes, which DER adds before a high bit.
pub(crate) fn significant(serial: &[u8]) -> &[u8] {
    let zeros = serial.iter().take_while(|byte| **byte == 0).count();
    &serial[zeros..]
}

fn eligibility(insurance: Insurance, card: &Card) -> Result<Eligibility, PersonError> {
    let validity = match insurance.validity {
        1 => Validity::Valid,
        2 => Validity::Invalid,
        3 => Validity::InvalidNewerExists,
        4 => Validity::NoneFound,
        5 => Validity::MoreThanOne,
        6 => Validity::ValidUnregistered,
        _ => {
            return Err(PersonError::Field { field: "validity", hint: "write 1 to 6" });
        }
    };
    let number = insurance.qualification.len();
    let fits = match validity {
        Validity::NoneFound => number == 0,
        Validity::MoreThanOne => (2..=16).contains(&number),
        _ => (1..=16).contains(&number),
    };
    let hint = "write none for validity 4, 2 to 16 for validity 5, 1 to 16 otherwise";
    check(fits, "qualification", hint)?;
    let name = insurance.name.as_deref().unwrap_or(&card.name);
    let entries = insurance.qualification.into_iter();
    let qualifications = entries.map(|entry| qualification(entry, card, name));
    Ok(Eligibility { validity, qualifications: qualifications.collect::<Result<_, _>>()? })
}

fn qualification(entry: Entry, card: &Card, name: &str) -> Result<Qualification, PersonError> {
    check(
        check_insurer_number(&entry.insurer_number).as_ref() == Ok(&entry.insurer_number),
        "insurer_number",
        "write 6 or 8 digits with a right check digit",
    )?;
    let short = |text: &str| text.chars().count() <= 20;
    check(short(&entry.symbol), "symbol", "write at most 20 characters")?;
    check(short(&entry.number), "number", "write at most 20 characters")?;
    let two = |b: &String| b.len() == 2 && b.bytes().all(|b| b.is_ascii_digit());
    check(entry.branch.as_ref().is_none_or(two), "branch", "write 2 digits or leave it out")?;
    let share = entry.share_percent.is_none_or(|percent| percent <= 100);
    check(share, "share_percent", "write percent, 0 to 100")?;
    let ordered = entry.valid_from.zip(entry.valid_to).is_none_or(|(from, to)| from <= to);
    check(ordered, "valid_to", "write a day not before valid_from")?;
    Ok(Qualification {
        insurer_number: entry.insurer_number,
        insurer_name: entry.insurer_name,
        symbol: entry.symbol,
        number: entry.number,
        branch: entry.branch,
        kind: entry.kind.map(|kind| match kind {
            EntryKind::Insured => InsuredKind::InsuredPerson,
            EntryKind::Family => InsuredKind::Family,
        }),
        name: name.to_owned(),
        name_kana: card.name_kana.clone(),
        sex: match card.sex {
            CardSex::Male => Sex::Male,
            CardSex::Female => Sex::Female,
            CardSex::NotApplicable => Sex::NotSet,
        },
        birth: card.birth,
        address: Some(card.address.clone()),
        post_number: entry.post_number,
        valid_from: entry.valid_from,
        valid_to: entry.valid_to,
        lost_on: entry.lost_on,
        share_percent: entry.share_percent,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leading_zero_bytes_do_not_count() {
        assert_eq!(serial("0000A1B2").unwrap(), [0xA1, 0xB2]);
        assert_eq!(significant(&[0, 0x80]), [0x80]);
        for wrong in ["", "00", "A", "zz"] {
            serial(wrong).unwrap_err();
        }
    }
}
