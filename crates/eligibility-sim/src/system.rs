//! The national system.

use crate::file::significant;
use crate::person::{Lasts, Person, PersonError, Step};
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
use std::sync::atomic::{AtomicU32, Ordering};

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
pub(crate) struct Entry {
    pub(crate) person: Person,
    registered: bool,
    /// The consents given, by topic; old ones stay until replaced.
    consents: BTreeMap<Topic, ConsentAnswer>,
    /// Requests that met the trouble so far. Atomic, because looking up changes nothing else.
    failed: AtomicU32,
    /// When the first one did.
    failed_since: Option<Timestamp>,
}

/// The system: registrations and consents live as long as it does.
pub struct NationalSystem {
    pub(crate) people: BTreeMap<Vec<u8>, Entry>,
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
            let entry = Entry {
                registered: person.registered,
                person,
                consents: BTreeMap::new(),
                failed: AtomicU32::new(0),
                failed_since: None,
            };
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
        let entry = self.find(serial).ok_or(GatewayTrouble::UnknownCertificate)?;
        entry.look_up_trouble()?;
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
        let entry = self.entry_mut(serial, Step::Open, now)?;
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
        let entry = self.entry_mut(serial, Step::Query, now)?;
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
        Ok(entry.person.eligibility_at(now).clone())
    }

    /// The consents that live at `now`, in the order of the screens: 24 hours, the last second
    /// included. Empty for an unknown serial.
    #[must_use]
    pub fn consents(&self, serial: &Serial, now: Timestamp) -> Vec<ConsentAnswer> {
        let Some(entry) = self.find(serial) else {
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

    pub(crate) fn find(&self, serial: &Serial) -> Option<&Entry> {
        self.people.get(significant(serial.expose()))
    }

    fn entry_mut(
        &mut self,
        serial: &Serial,
        step: Step,
        now: Timestamp,
    ) -> Result<&mut Entry, GatewayTrouble> {
        let entry = self.people.get_mut(significant(serial.expose()));
        let entry = entry.ok_or(GatewayTrouble::UnknownCertificate)?;
        entry.trouble_at(step, now)?;
        Ok(entry)
    }
}

impl Entry {
    /// The trouble of this person at that step, if it is not over yet.
    pub(crate) fn trouble_at(&mut self, step: Step, now: Timestamp) -> Result<(), GatewayTrouble> {
        let Some(trouble) = self.person.trouble.filter(|t| t.step.is_none_or(|at| at == step))
        else {
            return Ok(());
        };
        let goes_on = match trouble.lasts {
            Lasts::Forever => true,
            Lasts::Tries(tries) => self.failed.fetch_add(1, Ordering::Relaxed) < tries,
            Lasts::Seconds(seconds) => {
                let since = *self.failed_since.get_or_insert(now);
                let over = now.duration_since(since).as_secs() >= i64::from(seconds);
                self.failed.fetch_max(u32::from(over), Ordering::Relaxed);
                !over
            }
        };
        if goes_on { Err(trouble.answer) } else { Ok(()) }
    }

    /// The same for a request that carries no time: [`Lasts::Seconds`] is over when another
    /// request has seen it over.
    fn look_up_trouble(&self) -> Result<(), GatewayTrouble> {
        let at_look_up = |step: Option<Step>| step.is_none_or(|at| at == Step::LookUp);
        let Some(trouble) = self.person.trouble.filter(|trouble| at_look_up(trouble.step)) else {
            return Ok(());
        };
        let goes_on = match trouble.lasts {
            Lasts::Forever => true,
            Lasts::Tries(tries) => self.failed.fetch_add(1, Ordering::Relaxed) < tries,
            Lasts::Seconds(_) => self.failed.load(Ordering::Relaxed) == 0,
        };
        if goes_on { Err(trouble.answer) } else { Ok(()) }
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
