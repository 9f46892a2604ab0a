//! The list, and who in it is the person at the kiosk. Nobody is found by less than the birth date and something else.

use crate::fits::Fits;
use crate::letters::{Alike, alike, kana, name};
use crate::patient::{Insurance, Patient};
use checkin::birth::Birth;
use checkin::eligibility::{Eligibility, Qualification, Sex};
use checkin::number::{Numbers, is_elderly, same_number, same_symbol};
use checkin::patient::{CardOwner, Found};
use jiff::civil::Date;
use std::collections::HashMap;

/// All patients, found by their birth dates. No `Debug`: it names people.
#[derive(Clone, Default)]
pub struct List {
    pub(crate) patients: Vec<Patient>,
    /// Positions by birth date.
    by_birth: HashMap<Birth, Vec<u32>>,
    /// Those whose birth no calendar has, or of which a part is not known.
    odd: Vec<u32>,
}

impl List {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.patients.len()
    }

    /// Whether there is nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.patients.is_empty()
    }

    /// How many have an insurance to ask the eligibility system about.
    #[must_use]
    pub fn insured(&self) -> usize {
        self.patients.iter().filter(|patient| patient.insurance.is_some()).count()
    }

    /// The one with this chart number.
    #[must_use]
    pub fn at(&self, chart: &str) -> Option<&Patient> {
        self.patients.iter().find(|patient| patient.chart() == chart)
    }

    /// Those who have an appointment on that day, as it was when the list was exported.
    pub fn expected_on(&self, day: Date) -> impl Iterator<Item = &Patient> {
        let day = day.to_string();
        let is_then = move |patient: &&Patient| {
            patient.next_appointment().is_some_and(|next| next.split(' ').next() == Some(&day))
        };
        self.patients.iter().filter(is_then)
    }

    /// The same without the one with this chart number; `None`: nobody has it.
    #[must_use]
    pub fn without(&self, chart: &str) -> Option<Self> {
        self.at(chart)?;
        let mut left = Self::default();
        let others = self.patients.iter().filter(|patient| patient.chart() != chart);
        others.cloned().for_each(|patient| left.add(patient));
        Some(left)
    }

    pub(crate) fn add(&mut self, patient: Patient) {
        let at = u32::try_from(self.patients.len()).expect("lists are bounded");
        self.by_birth.entry(patient.birth).or_default().push(at);
        if patient.birth.date().is_none() {
            self.odd.push(at);
        }
        self.patients.push(patient);
    }

    /// The card's owner: the same birth date, sex and name.
    #[must_use]
    pub fn by_owner(&self, owner: &CardOwner) -> Fits<'_> {
        let wanted = name(&owner.name);
        let compare = |patient: &Patient| {
            // Without a name in kanji there is nothing to compare with.
            let known = name(&patient.name);
            let alike = if known.is_empty() { Alike::ButForOne } else { alike(&wanted, &known) };
            weaker(alike, same_sex(patient.sex, owner.sex))
        };
        self.fits(owner.birth, compare)
    }

    /// A person by kana and birth date.
    #[must_use]
    pub fn by_kana(&self, reading: &str, birth: Birth) -> Fits<'_> {
        let wanted = kana(reading);
        self.fits(birth, |patient| alike(&wanted, &kana(&patient.kana)))
    }

    /// A person by the numbers of a document with its birth date. Twins may share all of them but the 枝番: without it nobody is
    /// sure, but in 後期高齢者医療, where each has a number of their own.
    #[must_use]
    pub fn by_numbers(&self, numbers: &Numbers) -> Fits<'_> {
        self.fits(numbers.birth, |patient| {
            let Some(known) = patient.insurance.as_ref().filter(|known| same(known, numbers))
            else {
                return Alike::Not;
            };
            match (known.branch.as_deref(), numbers.branch.as_deref()) {
                (Some(one), Some(other)) if **one == *other => Alike::Same,
                (Some(_), Some(_)) => Alike::Not,
                _ if is_elderly(&numbers.insurer_number) => Alike::Same,
                _ => Alike::ButForOne,
            }
        })
    }

    /// The person about whom the eligibility system answered: by birth date and kana or name; the insurance decides among
    /// several, and where nobody has that name its holders are asked about.
    #[must_use]
    pub fn by_answer(&self, answer: &Eligibility) -> Fits<'_> {
        let Some(first) = answer.qualifications.first() else { return Fits::default() };
        let (reading, written) = (kana(&first.name_kana), name(&first.name));
        let named = self.fits(first.birth, |patient| {
            let by_kana = alike(&reading, &kana(&patient.kana));
            let by_name = alike(&written, &name(&patient.name));
            weaker(stronger(by_kana, by_name), same_sex(patient.sex, first.sex))
        });
        if named.sure {
            return named;
        }
        let insured = |patient: &Patient| {
            let known = patient.insurance.as_ref();
            let holds = |q: &Qualification| known.is_some_and(|known| same(known, &numbers(q)));
            answer.qualifications.iter().any(holds)
        };
        if named.patients.is_empty() {
            let holder = |patient: &Patient| {
                if insured(patient) { Alike::ButForOne } else { Alike::Not }
            };
            return self.fits(first.birth, holder);
        }
        let mut holders = named.patients.iter().filter(|patient| insured(patient));
        match (holders.next(), holders.next()) {
            (Some(one), None) if is_named(one, &reading) => {
                Fits { sure: true, patients: vec![*one] }
            }
            _ => named,
        }
    }

    /// Whom a visit is about: see [`Self::by_owner`].
    #[must_use]
    pub fn find(&self, owner: &CardOwner) -> Found {
        self.by_owner(owner).found()
    }

    /// The same by kana and birth date.
    #[must_use]
    pub fn find_by_kana(&self, reading: &str, birth: Birth) -> Found {
        self.by_kana(reading, birth).found()
    }

    /// The same by typed numbers.
    #[must_use]
    pub fn find_by_numbers(&self, numbers: &Numbers) -> Found {
        self.by_numbers(numbers).found()
    }

    /// Of those who may have been born on that day, who compares how. Where the day is not known in full, nobody is sure.
    fn fits(&self, birth: Birth, compare: impl Fn(&Patient) -> Alike) -> Fits<'_> {
        let same = self.by_birth.get(&birth).into_iter().flatten();
        let same = same.map(|at| &self.patients[*at as usize]).map(|patient| (patient, true));
        let maybe: Box<dyn Iterator<Item = &Patient>> = if birth.date().is_some() {
            Box::new(self.odd.iter().map(|at| &self.patients[*at as usize]))
        } else {
            Box::new(self.patients.iter())
        };
        let maybe = maybe.filter(|patient| patient.birth != birth && patient.birth.may_be(birth));
        let all = same.chain(maybe.map(|patient| (patient, false)));
        Fits::of(
            all.map(|(patient, sure)| (patient, weaker(compare(patient), sure.then_some(true)))),
        )
    }
}

fn is_named(patient: &Patient, reading: &[char]) -> bool {
    alike(reading, &kana(&patient.kana)) == Alike::Same
}

/// `None`: it is not known of both.
fn same_sex(one: Sex, other: Sex) -> Option<bool> {
    (one != Sex::NotSet && other != Sex::NotSet).then_some(one == other)
}

/// What is not known leaves it open; what differs excludes.
fn weaker(alike: Alike, agrees: Option<bool>) -> Alike {
    match (alike, agrees) {
        (alike, Some(true)) => alike,
        (Alike::Same | Alike::ButForOne, None) => Alike::ButForOne,
        _ => Alike::Not,
    }
}

fn stronger(one: Alike, other: Alike) -> Alike {
    match (one, other) {
        (Alike::Same, _) | (_, Alike::Same) => Alike::Same,
        (Alike::ButForOne, _) | (_, Alike::ButForOne) => Alike::ButForOne,
        _ => Alike::Not,
    }
}

/// The same insurance but for the 枝番.
fn same(known: &Insurance, numbers: &Numbers) -> bool {
    **known.insurer_number == *numbers.insurer_number
        && same_symbol(&known.symbol, &numbers.symbol)
        && same_number(&known.number, &numbers.number)
}

fn numbers(q: &Qualification) -> Numbers {
    Numbers {
        insurer_number: q.insurer_number.clone(),
        symbol: q.symbol.clone(),
        number: q.number.clone(),
        branch: q.branch.clone(),
        birth: q.birth,
    }
}
