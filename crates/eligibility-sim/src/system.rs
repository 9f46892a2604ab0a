//! The national system.

use crate::person::{Person, PersonError, Step, significant};
use crate::personas::personas;
use checkin::consent::{ConsentAnswer, Topic};
use checkin::eligibility::Eligibility;
use checkin::event::{GatewayTrouble, Registration};
use checkin::identity::Method;
use checkin::secret::Serial;
use checkin::time::in_japan;
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// 特定健診 exists from 40. By law the age reached within the fiscal year counts; here it is the
/// age on the day in Japan, which is what the consent screens go by.
pub const HEALTH_CHECKUPS_FROM_AGE: i16 = 40;

/// Two people with one certificate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the personas `{first}` and `{second}` have the same serial; give each its own")]
pub struct SerialTaken {
    /// `id` of the one.
    pub first: String,
    /// `id` of the other.
    pub second: String,
}

/// A person and what happened since the start.
struct Entry {
    person: Person,
    registered: bool,
    /// The consents given, by topic; old ones stay until replaced.
    consents: BTreeMap<Topic, ConsentAnswer>,
}

/// The system: registrations and consents live as long as it does.
pub struct NationalSystem {
    people: BTreeMap<Vec<u8>, Entry>,
}

impl NationalSystem {
    /// A system that knows these people.
    ///
    /// # Errors
    /// [`SerialTaken`].
    pub fn new(people: impl IntoIterator<Item = Person>) -> Result<Self, SerialTaken> {
        let mut system = Self { people: BTreeMap::new() };
        for person in people {
            let serial = person.serial.clone();
            let second = person.id.clone();
            let entry = Entry { registered: person.registered, person, consents: BTreeMap::new() };
            if let Some(first) = system.people.insert(serial, entry) {
                return Err(SerialTaken { first: first.person.id, second });
            }
        }
        Ok(system)
    }

    /// The people of the practice cards that come with the program.
    #[must_use]
    pub fn practice() -> Self {
        let people: Result<Vec<_>, PersonError> =
            personas().iter().filter_map(|(_, text)| Person::from_toml(text).transpose()).collect();
        let people = people.expect("the built-in personas are tested");
        Self::new(people).expect("the built-in serials are tested")
    }

    /// Whether the card is registered as health insurance card.
    ///
    /// # Errors
    /// [`GatewayTrouble`]: an unknown serial, or what the persona asks for.
    pub fn look_up(&self, serial: &Serial) -> Result<Registration, GatewayTrouble> {
        let entry = self.entry(serial, Step::LookUp)?;
        Ok(if entry.registered { Registration::Registered } else { Registration::NotYet })
    }

    /// Takes over the identity, registers the card first if asked, and answers which topics apply
    /// to the person today, in the order of the screens. `method` changes nothing here.
    ///
    /// # Errors
    /// [`GatewayTrouble`]; `UnknownCertificate` too when the card is not registered.
    pub fn open(
        &mut self,
        serial: &Serial,
        _method: Method,
        register: bool,
        now: Timestamp,
    ) -> Result<Vec<Topic>, GatewayTrouble> {
        let entry = self.entry_mut(serial, Step::Open)?;
        entry.registered |= register;
        entry.must_be_registered()?;
        Ok(entry.topics(now))
    }

    /// Notes the consents and answers the qualification. Answers to topics that do not apply are
    /// dropped; a refusal ends an earlier consent.
    ///
    /// # Errors
    /// [`GatewayTrouble`]; `UnknownCertificate` too when the card is not registered. Nothing is
    /// noted then.
    pub fn query(
        &mut self,
        serial: &Serial,
        consents: &[ConsentAnswer],
        now: Timestamp,
    ) -> Result<Eligibility, GatewayTrouble> {
        let entry = self.entry_mut(serial, Step::Query)?;
        entry.must_be_registered()?;
        let topics = entry.topics(now);
        for answer in consents.iter().filter(|answer| topics.contains(&answer.topic)) {
            if answer.agreed {
                // A clock ahead of ours must not prolong the consent.
                let answer = ConsentAnswer { at: answer.at.min(now), ..*answer };
                entry.consents.insert(answer.topic, answer);
            } else {
                entry.consents.remove(&answer.topic);
            }
        }
        Ok(entry.person.eligibility.clone())
    }

    /// The consents that live at `now`, in the order of the screens: 24 hours, the last second
    /// included. Empty for an unknown serial.
    #[must_use]
    pub fn consents(&self, serial: &Serial, now: Timestamp) -> Vec<ConsentAnswer> {
        let Some(entry) = self.people.get(significant(serial.expose())) else {
            return Vec::new();
        };
        let alive = |answer: &ConsentAnswer| answer.at <= now && now <= answer.available_until();
        entry.consents.values().copied().filter(alive).collect()
    }

    /// Withdraws a consent on the spot. Whether one was there, alive or not.
    pub fn withdraw(&mut self, serial: &Serial, topic: Topic) -> bool {
        let entry = self.people.get_mut(significant(serial.expose()));
        entry.is_some_and(|entry| entry.consents.remove(&topic).is_some())
    }

    fn entry(&self, serial: &Serial, step: Step) -> Result<&Entry, GatewayTrouble> {
        let entry = self.people.get(significant(serial.expose()));
        let entry = entry.ok_or(GatewayTrouble::UnknownCertificate)?;
        entry.trouble_at(step)?;
        Ok(entry)
    }

    fn entry_mut(&mut self, serial: &Serial, step: Step) -> Result<&mut Entry, GatewayTrouble> {
        let entry = self.people.get_mut(significant(serial.expose()));
        let entry = entry.ok_or(GatewayTrouble::UnknownCertificate)?;
        entry.trouble_at(step)?;
        Ok(entry)
    }
}

impl Entry {
    fn trouble_at(&self, step: Step) -> Result<(), GatewayTrouble> {
        match self.person.trouble {
            Some(trouble) if trouble.step.is_none_or(|at| at == step) => Err(trouble.answer),
            _ => Ok(()),
        }
    }

    fn must_be_registered(&self) -> Result<(), GatewayTrouble> {
        if self.registered { Ok(()) } else { Err(GatewayTrouble::UnknownCertificate) }
    }

    fn topics(&self, now: Timestamp) -> Vec<Topic> {
        let age = age(self.person.birth, in_japan(now).date());
        let applies = |topic: &Topic| match topic {
            Topic::Operation | Topic::TreatmentAndMedicine => true,
            Topic::HealthCheckups => age >= HEALTH_CHECKUPS_FROM_AGE,
            Topic::SpecificDiseases => self.person.specific_diseases,
        };
        Topic::ALL.into_iter().filter(applies).collect()
    }
}

/// Whole years on that day.
fn age(birth: Date, on: Date) -> i16 {
    let before_birthday = (on.month(), on.day()) < (birth.month(), birth.day());
    on.year() - birth.year() - i16::from(before_birthday)
}
