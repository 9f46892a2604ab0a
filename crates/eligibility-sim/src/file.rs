//! Persona files: the part that the national system knows.

use crate::certificates::{limit_certificate, preschool, specific_disease};
use crate::person::{Delay, Lasts, Person, PersonError, Step, Trouble};
use checkin::eligibility::{
    ElderlyRecipient, Eligibility, InsuredKind, MedicalTicket, Qualification, Sex, Validity,
};
use checkin::gateway::GatewayTrouble;
use checkin::limit::LimitCategory;
use checkin::number::check_insurer_number;
use jiff::Timestamp;
use jiff::civil::Date;
use persona_day::Day;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Largest persona file in bytes.
const LONGEST: usize = 65_536;

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
    birth: Day,
    sex: CardSex,
    serial: String,
}

#[derive(Clone, Copy, Deserialize)]
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
    /// 適用区分 of a 限度額適用認定証 that is valid as long as the qualification.
    limit: Option<String>,
    /// The insurer's spelling, where it differs from the card (`●`).
    name: Option<String>,
    /// The answer contradicts itself: the number of qualifications need not fit `validity`.
    #[serde(default)]
    contradictory: bool,
    /// What is answered as long as an entry with `known_from` is not known.
    validity_until_then: Option<u8>,
    #[serde(default)]
    qualification: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// `InsuredCardClassification`; `01` where it is left out.
    class: Option<String>,
    /// Left out for 医療扶助 without a number.
    #[serde(default)]
    insurer_number: String,
    insurer_name: String,
    symbol: String,
    number: String,
    branch: Option<String>,
    kind: Option<EntryKind>,
    post_number: Option<String>,
    valid_from: Option<Day>,
    valid_to: Option<Day>,
    lost_on: Option<Day>,
    share_percent: Option<u8>,
    /// 高齢受給者証.
    elderly_recipient: Option<EntryElderly>,
    /// 医療券: names and texts of its elements.
    #[serde(default)]
    medical_ticket: BTreeMap<String, String>,
    /// First day on which the system knows this entry; the same in all entries that have it.
    known_from: Option<Day>,
    /// Another person's data: the insurer linked the card to the wrong record.
    name: Option<String>,
    name_kana: Option<String>,
    birth: Option<Day>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryElderly {
    share_percent: u8,
    valid_from: Day,
    valid_to: Day,
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
    /// The answer comes so many seconds after the first request.
    late_s: Option<u32>,
    /// So many requests fail first.
    tries: Option<u32>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum SystemAnswer {
    Down,
    Late,
}

impl Person {
    /// Reads a persona file (at most 64 KiB). Strict outside of `[card]`. Relative days are seen
    /// from the day in Japan at `now`. `None` for a card of which the system knows nothing (no
    /// `[insurance]`).
    ///
    /// # Errors
    /// [`PersonError`] names the field and says what to write.
    pub fn from_toml(text: &str, now: Timestamp) -> Result<Option<Self>, PersonError> {
        check(text.len() <= LONGEST, "card", "the file is larger than 64 KiB")?;
        let file: File = toml::from_str(text)?;
        let Some(insurance) = file.insurance else {
            check(file.system.is_none(), "system", "needs a table [insurance] beside it")?;
            return Ok(None);
        };
        let card: Card = file.card.try_into()?;
        check_kana(&card.name_kana)?;
        let today = persona_day::today(now);
        let birth = seen(&card.birth, "birth", today, None)?;
        let card = Owner { card, birth, today };
        Ok(Some(Self {
            id: file.id,
            serial: serial(&card.card.serial)?,
            birth,
            registered: insurance.registered,
            specific_diseases: insurance.specific_diseases,
            delay: delay(&insurance, &card)?,
            eligibility: eligibility(&insurance, &card)?,
            trouble: file.system.as_ref().map(trouble).transpose()?,
        }))
    }
}

/// The serial of a practice card of which the system knows nothing, although it has a certificate.
pub(crate) fn serial_of_unknown(text: &str) -> Option<Vec<u8>> {
    let file: File = toml::from_str(text).ok()?;
    let card = file.insurance.is_none().then_some(file.card)?;
    serial(card.get("serial")?.as_str()?).ok()
}

/// The card's owner, seen from today.
struct Owner {
    card: Card,
    birth: Date,
    today: Date,
}

impl Owner {
    fn seen(&self, day: &Day, field: &'static str) -> Result<Date, PersonError> {
        seen(day, field, self.today, Some(self.birth))
    }
}

fn seen(
    day: &Day,
    field: &'static str,
    today: Date,
    birth: Option<Date>,
) -> Result<Date, PersonError> {
    day.seen(today, birth).map_err(|error| wrong(field, error.hint()))
}

fn trouble(system: &System) -> Result<Trouble, PersonError> {
    let answer = match system.answer {
        SystemAnswer::Down => GatewayTrouble::Down,
        SystemAnswer::Late => GatewayTrouble::Late,
    };
    let lasts = match (system.late_s, system.tries) {
        (None, None) => Lasts::Forever,
        (Some(seconds), None) => Lasts::Seconds(seconds),
        (None, Some(tries)) => Lasts::Tries(tries),
        (Some(_), Some(_)) => return Err(wrong("tries", "write either tries or late_s")),
    };
    Ok(Trouble { answer, step: system.step, lasts })
}

fn wrong(field: &'static str, hint: &'static str) -> PersonError {
    PersonError::Field { field, hint }
}

fn check(ok: bool, field: &'static str, hint: &'static str) -> Result<(), PersonError> {
    if ok { Ok(()) } else { Err(wrong(field, hint)) }
}

fn check_kana(kana: &str) -> Result<(), PersonError> {
    let half_width = |c| matches!(c, '\u{FF66}'..='\u{FF9F}' | ' ');
    let hint = "write half-width katakana with a blank between family and given name";
    check(!kana.is_empty() && kana.chars().all(half_width), "name_kana", hint)
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

fn validity(code: u8, field: &'static str) -> Result<Validity, PersonError> {
    Ok(match code {
        1 => Validity::Valid,
        2 => Validity::Invalid,
        3 => Validity::InvalidNewerExists,
        4 => Validity::NoneFound,
        5 => Validity::MoreThanOne,
        6 => Validity::ValidUnregistered,
        _ => return Err(wrong(field, "write 1 to 6")),
    })
}

fn eligibility(insurance: &Insurance, card: &Owner) -> Result<Eligibility, PersonError> {
    let validity = validity(insurance.validity, "validity")?;
    answer(validity, insurance.qualification.iter(), insurance, card)
}

fn delay(insurance: &Insurance, card: &Owner) -> Result<Option<Delay>, PersonError> {
    let mut late = insurance.qualification.iter().filter_map(|entry| entry.known_from);
    let Some(known_from) = late.next() else {
        let hint = "needs a qualification with known_from";
        check(insurance.validity_until_then.is_none(), "validity_until_then", hint)?;
        return Ok(None);
    };
    check(late.all(|day| day == known_from), "known_from", "write the same day everywhere")?;
    let known_from = card.seen(&known_from, "known_from")?;
    let missing = wrong("validity_until_then", "missing: write 1 to 6");
    let code = insurance.validity_until_then.ok_or(missing)?;
    let known = insurance.qualification.iter().filter(|entry| entry.known_from.is_none());
    let until_then = validity(code, "validity_until_then")?;
    let until_then = answer(until_then, known, insurance, card)?;
    Ok(Some(Delay { known_from, until_then }))
}

fn answer<'a>(
    validity: Validity,
    entries: impl Iterator<Item = &'a Entry>,
    insurance: &Insurance,
    card: &Owner,
) -> Result<Eligibility, PersonError> {
    let name = insurance.name.as_deref().unwrap_or(&card.card.name);
    let limit = insurance.limit.as_deref().map(|code| {
        LimitCategory::of(code).ok_or(wrong("limit", "write A01 to A06 or B01 to B10"))
    });
    let limit = limit.transpose()?;
    let diseases = insurance.specific_diseases;
    let read = entries.map(|entry| qualification(entry, card, name, limit, diseases));
    let qualifications: Vec<_> = read.collect::<Result<_, _>>()?;
    let number = qualifications.len();
    let fits = match validity {
        _ if insurance.contradictory => number <= 16,
        Validity::NoneFound => number == 0,
        Validity::MoreThanOne => (2..=16).contains(&number),
        _ => (1..=16).contains(&number),
    };
    let hint = "write none for validity 4, 2 to 16 for validity 5, 1 to 16 otherwise";
    check(fits, "qualification", hint)?;
    Ok(Eligibility { validity, qualifications })
}

fn qualification(
    entry: &Entry,
    owner: &Owner,
    name: &str,
    limit: Option<LimitCategory>,
    specific_diseases: bool,
) -> Result<Qualification, PersonError> {
    let ticket = !entry.medical_ticket.is_empty();
    let numberless = entry.insurer_number.is_empty() && ticket;
    check(
        numberless
            || check_insurer_number(&entry.insurer_number).as_ref() == Ok(&entry.insurer_number),
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
    let Owner { card, .. } = owner;
    let day = |day: &Option<Day>, field| day.map(|day| owner.seen(&day, field)).transpose();
    let (valid_from, valid_to) =
        (day(&entry.valid_from, "valid_from")?, day(&entry.valid_to, "valid_to")?);
    let ordered = valid_from.zip(valid_to).is_none_or(|(from, to)| from <= to);
    check(ordered, "valid_to", "write a day not before valid_from")?;
    let name_kana = entry.name_kana.as_ref().unwrap_or(&card.name_kana);
    check_kana(name_kana)?;
    Ok(Qualification {
        class: Some(entry.class.clone().unwrap_or_else(|| "01".to_owned())),
        insurer_number: entry.insurer_number.clone(),
        insurer_name: entry.insurer_name.clone(),
        symbol: entry.symbol.clone(),
        number: entry.number.clone(),
        branch: entry.branch.clone(),
        kind: entry.kind.as_ref().map(|kind| match kind {
            EntryKind::Insured => InsuredKind::InsuredPerson,
            EntryKind::Family => InsuredKind::Family,
        }),
        name: entry.name.as_deref().unwrap_or(name).to_owned(),
        name_kana: name_kana.clone(),
        sex: match card.sex {
            CardSex::Male => Sex::Male,
            CardSex::Female => Sex::Female,
            CardSex::NotApplicable => Sex::NotSet,
        },
        birth: day(&entry.birth, "birth")?.unwrap_or(owner.birth).into(),
        address: Some(card.address.clone()),
        post_number: entry.post_number.clone(),
        valid_from,
        valid_to,
        lost_on: day(&entry.lost_on, "lost_on")?,
        share_percent: entry.share_percent,
        elderly_recipient: entry
            .elderly_recipient
            .as_ref()
            .map(|elderly| elderly_recipient(elderly, owner))
            .transpose()?,
        limit_certificate: limit
            .filter(|_| entry.lost_on.is_none())
            .map(|category| limit_certificate(category, valid_from, valid_to)),
        preschool: preschool(owner.birth, owner.today),
        specific_diseases: Vec::from_iter(
            (specific_diseases && entry.lost_on.is_none()).then(|| specific_disease(valid_from)),
        ),
        medical_tickets: Vec::from_iter(
            ticket.then(|| MedicalTicket(entry.medical_ticket.clone().into_iter().collect())),
        ),
    })
}

fn elderly_recipient(entry: &EntryElderly, owner: &Owner) -> Result<ElderlyRecipient, PersonError> {
    check(entry.share_percent <= 100, "share_percent", "write percent, 0 to 100")?;
    Ok(ElderlyRecipient {
        issued_on: None,
        valid_from: Some(owner.seen(&entry.valid_from, "valid_from")?),
        valid_to: Some(owner.seen(&entry.valid_to, "valid_to")?),
        share_percent: Some(entry.share_percent),
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
