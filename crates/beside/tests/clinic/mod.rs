//! People, what is known of them at the kiosk, and the files of the reader: drawn by chance from a seed.

use beside::Person;
use checkin::birth::Birth;
use checkin::effect::Handover;
use checkin::eligibility::{Asked, Eligibility, Qualification, Sex, Validity};
use checkin::number::Numbers;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use oqs::{Encoding, FileName, InstitutionCode, Message, to_xml};
use rand::rngs::StdRng;
use rand::{Rng as _, SeedableRng as _};
use std::collections::HashMap;

/// Given names by their kana: several are read alike, and several are written alike but for a letter.
const GIVEN: &[(&str, &str)] = &[
    ("翔", "ｼｮｳ"),
    ("翔", "ｶｹﾙ"),
    ("翼", "ﾂﾊﾞｻ"),
    ("匠", "ｼｮｳ"),
    ("翔太", "ｼｮｳﾀ"),
    ("薫", "ｶｵﾙ"),
    ("馨", "ｶｵﾙ"),
    ("香", "ｶｵﾘ"),
    ("花子", "ﾊﾅｺ"),
    ("華子", "ﾊﾅｺ"),
    ("京子", "ｷｮｳｺ"),
    ("清子", "ｷﾖｺ"),
];
const FAMILY: &[(&str, &str)] =
    &[("山田", "ﾔﾏﾀﾞ"), ("髙﨑", "ﾀｶｻｷ"), ("渡邊", "ﾜﾀﾅﾍﾞ"), ("佐藤", "ｻﾄｳ"), ("佐東", "ｻﾄｳ")];

/// Something that happens.
pub(crate) struct Happening {
    pub(crate) at: Timestamp,
    pub(crate) what: What,
}

pub(crate) enum What {
    /// Somebody is at the kiosk, which knows so much of them.
    Kiosk { person: usize, known: Person },
    /// This lies in the folder by now.
    File { person: usize, name: FileName, bytes: Vec<u8> },
    /// The receipt computer takes it.
    Gone { name: FileName },
    /// Time passes.
    Look,
}

pub(crate) struct Clinic {
    pub(crate) opens: Timestamp,
    pub(crate) happenings: Vec<Happening>,
    /// People at the kiosk of whom enough is known there, and nobody else is like them.
    pub(crate) recognisable: usize,
}

#[derive(Clone)]
struct Patient {
    family: usize,
    given: usize,
    birth: Date,
    number: String,
    branch: &'static str,
}

impl Patient {
    fn name(&self) -> String {
        format!("{}　{}", FAMILY[self.family].0, GIVEN[self.given].0)
    }

    fn kana(&self) -> String {
        format!("{} {}", FAMILY[self.family].1, GIVEN[self.given].1)
    }
}

struct Draw {
    rng: StdRng,
    files: u64,
    happenings: Vec<Happening>,
}

impl Clinic {
    pub(crate) fn new(seed: u64, pairs: usize) -> Self {
        let mut draw = Draw { rng: StdRng::seed_from_u64(seed), files: 0, happenings: Vec::new() };
        let opens: Timestamp = "2026-11-30T09:00:00+09:00".parse().unwrap();
        let patients: Vec<Patient> = (0..pairs).flat_map(|_| draw.pair()).collect();
        // The clinic's list has all of them.
        let mut alike: HashMap<(String, Date), usize> = HashMap::new();
        for patient in &patients {
            *alike.entry((patient.name(), patient.birth)).or_default() += 1;
        }
        let mut recognisable = 0;
        for (person, patient) in patients.iter().enumerate() {
            let minutes = i64::try_from(person / 2).unwrap() * 2;
            let at = opens + SignedDuration::from_mins(minutes);
            let doubtful = alike[&(patient.name(), patient.birth)] > 1;
            if let Some(known) = draw.known(patient, doubtful) {
                let tells =
                    known.name.is_some() || known.numbers.as_ref().unwrap().branch.is_some();
                recognisable += usize::from(tells && !doubtful);
                let at = at + SignedDuration::from_secs(draw.rng.random_range(0..900));
                draw.happenings.push(Happening { at, what: What::Kiosk { person, known } });
            }
            let used = at + SignedDuration::from_secs(draw.rng.random_range(0..900));
            draw.file(person, patient, used);
            if draw.chance(10) {
                let after = SignedDuration::from_secs(draw.rng.random_range(20..300));
                draw.file(person, patient, used + after);
            }
        }
        let mut happenings = draw.happenings;
        happenings.sort_by_key(|happening| happening.at);
        Self { opens, happenings, recognisable }
    }
}

impl Draw {
    fn chance(&mut self, percent: u32) -> bool {
        self.rng.random_range(0..100) < percent
    }

    fn patient(&mut self) -> Patient {
        let day = self.rng.random_range(0..20_000);
        Patient {
            family: self.rng.random_range(0..FAMILY.len()),
            given: self.rng.random_range(0..GIVEN.len()),
            birth: Date::constant(1950, 1, 1)
                .checked_add(SignedDuration::from_hours(24 * day))
                .unwrap(),
            number: self.rng.random_range(1..10_000_000).to_string(),
            branch: "01",
        }
    }

    /// Two who come together, the more alike the harder.
    fn pair(&mut self) -> [Patient; 2] {
        let (one, other) = (self.patient(), self.patient());
        let birth = one.birth;
        let twin = |given| Patient { given, branch: "02", ..one.clone() };
        let other = match self.rng.random_range(0..6) {
            0 => other,
            1 => Patient { birth, ..other },
            2 => twin(other.given),
            // Read alike, written in another way.
            3 => {
                let is_it = |(name, kana): &&(&str, &str)| {
                    *kana == GIVEN[one.given].1 && *name != GIVEN[one.given].0
                };
                let at = GIVEN.iter().find(is_it).and_then(|it| GIVEN.iter().position(|g| g == it));
                twin(at.unwrap_or(other.given))
            }
            // Written alike, of the same day.
            4 => Patient { birth, family: one.family, given: one.given, ..other },
            _ => Patient { birth, family: one.family, ..other },
        };
        [one, other]
    }

    /// What the kiosk knows: `None` for those who did not use it.
    fn known(&mut self, patient: &Patient, doubtful: bool) -> Option<Person> {
        let numbers = |branch: Option<&str>, number: &str| Numbers {
            insurer_number: "01130012".into(),
            symbol: "２１１３".into(),
            number: number.into(),
            branch: branch.map(str::to_owned),
            birth: patient.birth.into(),
        };
        let born = Person { doubtful, ..Person::born(patient.birth.into()) };
        let name = Some(patient.name().into());
        let kana = Some(patient.kana().into());
        Some(match self.rng.random_range(0..10) {
            0..=1 => return None,
            // The card alone.
            2..=4 => Person { name, ..born },
            // The card and the clinic's list, sometimes with an insurance that has changed.
            5..=6 => {
                let number = if self.chance(20) { "999" } else { &*patient.number };
                let numbers = Some(numbers(Some(patient.branch), number));
                Person { name, kana, numbers, ..born }
            }
            // Typed: the numbers are one's own, whoever else has the name.
            7..=8 => {
                let numbers = Some(numbers(Some(patient.branch), &patient.number));
                Person { numbers, ..Person::born(born.birth) }
            }
            _ => Person { numbers: Some(numbers(None, &patient.number)), ..born },
        })
    }

    /// A file, whole or first in halves, at once or late; the receipt computer takes it later.
    fn file(&mut self, person: usize, patient: &Patient, used: Timestamp) {
        self.files += 1;
        let institution = InstitutionCode::new("1312345678").unwrap();
        let name = FileName::face(institution, &format!("{:020x}", self.files), used).unwrap();
        let bytes = self.bytes(patient, used);
        let late = if self.chance(10) { self.rng.random_range(60..7_200) } else { 2 };
        let mut at = used + SignedDuration::from_secs(late);
        if self.chance(20) {
            let half = bytes[..self.rng.random_range(0..bytes.len())].to_vec();
            let what = What::File { person, name: name.clone(), bytes: half };
            self.happenings.push(Happening { at, what });
            at += SignedDuration::from_millis(700);
        }
        self.happenings
            .push(Happening { at, what: What::File { person, name: name.clone(), bytes } });
        for ms in [200, 400, 1_400] {
            let at = at + SignedDuration::from_millis(ms);
            self.happenings.push(Happening { at, what: What::Look });
        }
        let at = at + SignedDuration::from_secs(self.rng.random_range(2..600));
        self.happenings.push(Happening { at, what: What::Gone { name } });
    }

    fn bytes(&mut self, patient: &Patient, used: Timestamp) -> Vec<u8> {
        let mut name = patient.name();
        if self.chance(10) {
            // The system lacks a letter of it.
            let at = self.rng.random_range(0..name.chars().count());
            let letter = |(i, c)| if i == at && c != '　' { '●' } else { c };
            name = name.chars().enumerate().map(letter).collect();
        }
        let qualification = Qualification {
            class: Some("01".into()),
            insurer_number: "01130012".into(),
            insurer_name: "練習保険".into(),
            symbol: "2113".into(),
            number: patient.number.clone(),
            branch: Some(patient.branch.into()),
            kind: None,
            name,
            name_kana: patient.kana(),
            sex: Sex::NotSet,
            birth: Birth::from(patient.birth),
            address: None,
            post_number: None,
            valid_from: None,
            valid_to: None,
            lost_on: None,
            share_percent: None,
            elderly_recipient: None,
            limit_certificate: None,
            preschool: None,
            specific_diseases: Vec::new(),
            medical_tickets: Vec::new(),
        };
        let qualifications = vec![qualification];
        let eligibility = Eligibility { validity: Validity::Valid, qualifications };
        let handover = Handover { eligibility, asked: Asked::Card, consents: Vec::new() };
        let institution = InstitutionCode::new("1312345678").unwrap();
        let message = Message::of_check_in(institution, "", &handover, used).unwrap();
        let encoding = if self.chance(50) { Encoding::Utf8 } else { Encoding::ShiftJis };
        to_xml(&message, encoding).unwrap().bytes
    }
}
