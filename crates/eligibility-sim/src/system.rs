//! The national system.

use crate::file::significant;
use crate::guest::{KEY, guest, unknown_for_practice};
use crate::person::{Lasts, Person, PersonError, Step};
use crate::personas::personas;
use checkin::consent::{ConsentAnswer, Topic};
use checkin::eligibility::Eligibility;
use checkin::gateway::{GatewayTrouble, Opened, Question, Registration, Reply};
use checkin::identity::Method;
use checkin::secret::Serial;
use checkin::time::in_japan;
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

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
    /// Requests that met the trouble so far.
    failed: u32,
    /// When the first one did.
    failed_since: Option<Timestamp>,
    /// By which number an institution knows the person (照会番号).
    pub(crate) chart: Option<String>,
    /// Who comes in next with this card, as if for the first time.
    next: Option<Box<Person>>,
}

/// The system: registrations and consents live as long as it does.
pub struct NationalSystem {
    pub(crate) people: BTreeMap<Vec<u8>, Entry>,
    /// Certificates that are never answered by the guest's.
    unknown: BTreeSet<Vec<u8>>,
}

impl NationalSystem {
    /// A system that knows these people.
    ///
    /// # Errors
    /// [`SerialTaken`].
    pub fn new(people: impl IntoIterator<Item = Person>) -> Result<Self, SerialTaken> {
        let mut system = Self { people: BTreeMap::new(), unknown: BTreeSet::new() };
        for person in people {
            let serial = person.serial.clone();
            let second = person.id.clone();
            if let Some(first) = system.people.insert(serial, Entry::new(person)) {
                return Err(SerialTaken { first: first.person.id, second });
            }
        }
        Ok(system)
    }

    /// The people of the practice cards that come with the program, made at that moment.
    #[must_use]
    pub fn practice(now: Timestamp) -> Self {
        Self::new(practice_people(now)).expect("the built-in serials are tested")
    }

    /// Answers about a certificate that it does not know, too: with one invented person, the same for every card. So whoever has a
    /// card of their own can try it, and nothing of the card is used or kept.
    #[must_use]
    pub fn inventing(mut self) -> Self {
        self.unknown = unknown_for_practice();
        self.people.insert(KEY.to_vec(), Entry::new(guest()));
        self
    }

    /// Under what the owner of this certificate is found.
    fn key<'a>(&self, serial: &'a Serial) -> &'a [u8] {
        let own = significant(serial.expose());
        let known = self.people.contains_key(own) || self.unknown.contains(own);
        if known { own } else { KEY }
    }

    /// A practice card was taken off the reader: with the next look-up its owner comes in as if for
    /// the first time, made anew at that moment, so that the next trainee finds what the card is
    /// for. Until then nothing changes, because the question of the person who left may go on.
    pub fn practice_card_taken(&mut self, serial: &Serial, now: Timestamp) {
        let serial = significant(serial.expose());
        let person = practice_people(now).find(|person| person.serial == serial);
        if let (Some(entry), Some(person)) = (self.people.get_mut(serial), person) {
            entry.next = Some(Box::new(person));
        }
    }

    /// Answers at once, whatever is asked. Trouble to rehearse is answered like any other: [`GatewayTrouble::Late`] too, so the
    /// caller lets the person wait. Withdrawing what is not there is no trouble.
    pub fn ask(&mut self, question: &Question, now: Timestamp) -> Reply {
        match question {
            Question::LookUp { serial } => Reply::LookedUp(self.look_up(serial)),
            Question::Open { serial, method, register } => {
                Reply::Opened(self.open(serial, *method, *register, now))
            }
            Question::Query { serial, consents } => {
                Reply::Queried(self.query(serial, consents, now))
            }
            Question::QueryNumbers { numbers, limit_certificate } => {
                Reply::Queried(self.query_by_number(numbers, *limit_certificate, now))
            }
            Question::Withdraw { serial, topic } => {
                self.withdraw(serial, *topic);
                Reply::Withdrawn(Ok(()))
            }
        }
    }

    /// Whether the card is registered as health insurance card.
    ///
    /// # Errors
    /// [`GatewayTrouble`]: an unknown serial, or what the persona asks for.
    pub fn look_up(&mut self, serial: &Serial) -> Result<Registration, GatewayTrouble> {
        let key = self.key(serial);
        let entry = self.people.get_mut(key);
        let entry = entry.ok_or(GatewayTrouble::UnknownCertificate)?;
        if key == KEY {
            // The next card, or the same one again: nothing of the last visit is left.
            *entry = Entry::new(guest());
        }
        if let Some(person) = entry.next.take() {
            *entry = Entry::new(*person);
        }
        entry.look_up_trouble()?;
        Ok(if entry.registered { Registration::Registered } else { Registration::NotYet })
    }

    /// Takes over the identity, registers the card first if asked, and answers which topics apply
    /// to the person today, in the order of the screens, and when the people of the linked records were
    /// born. `method` changes nothing here.
    ///
    /// # Errors
    /// [`GatewayTrouble`]; `UnknownCertificate` too when the card is not registered.
    pub fn open(
        &mut self,
        serial: &Serial,
        _method: Method,
        register: bool,
        now: Timestamp,
    ) -> Result<Opened, GatewayTrouble> {
        let entry = self.entry_mut(serial, Step::Open, now)?;
        entry.registered |= register;
        entry.must_be_registered()?;
        let linked = &entry.person.eligibility_at(now).qualifications;
        let births = linked.iter().map(|q| q.birth).collect();
        Ok(Opened { topics: entry.topics(now), births })
    }

    /// Notes the consents and answers the qualification, with 特定疾病療養受療証 only where that was agreed to. Answers to topics that do not apply are
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
        let mut known = entry.person.eligibility_at(now).clone();
        // This consent has no end.
        if !entry.consents.contains_key(&Topic::SpecificDiseases) {
            known.qualifications.iter_mut().for_each(|q| q.specific_diseases.clear());
        }
        Ok(known)
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
        let entry = self.people.get_mut(self.key(serial));
        entry.is_some_and(|entry| entry.consents.remove(&topic).is_some())
    }

    pub(crate) fn find(&self, serial: &Serial) -> Option<&Entry> {
        self.people.get(self.key(serial))
    }

    fn entry_mut(
        &mut self,
        serial: &Serial,
        step: Step,
        now: Timestamp,
    ) -> Result<&mut Entry, GatewayTrouble> {
        let entry = self.people.get_mut(self.key(serial));
        let entry = entry.ok_or(GatewayTrouble::UnknownCertificate)?;
        entry.trouble_at(step, now)?;
        Ok(entry)
    }
}

fn practice_people(now: Timestamp) -> impl Iterator<Item = Person> {
    let read = move |text| -> Result<Option<Person>, PersonError> { Person::from_toml(text, now) };
    personas()
        .iter()
        .filter_map(move |(_, text)| read(text).expect("the built-in personas are tested"))
}

impl Entry {
    fn new(person: Person) -> Self {
        Self {
            registered: person.registered,
            person,
            consents: BTreeMap::new(),
            failed: 0,
            failed_since: None,
            chart: None,
            next: None,
        }
    }

    /// One more request met the trouble; whether so many may.
    fn fails(&mut self, tries: u32) -> bool {
        self.failed += 1;
        self.failed <= tries
    }

    /// The trouble of this person at that step, if it is not over yet.
    pub(crate) fn trouble_at(&mut self, step: Step, now: Timestamp) -> Result<(), GatewayTrouble> {
        let Some(trouble) = self.person.trouble.filter(|t| t.step.is_none_or(|at| at == step))
        else {
            return Ok(());
        };
        let goes_on = match trouble.lasts {
            Lasts::Forever => true,
            Lasts::Tries(tries) => self.fails(tries),
            Lasts::Seconds(seconds) => {
                let since = *self.failed_since.get_or_insert(now);
                let over = now.duration_since(since).as_secs() >= i64::from(seconds);
                self.failed = self.failed.max(u32::from(over));
                !over
            }
        };
        if goes_on { Err(trouble.answer) } else { Ok(()) }
    }

    /// The same for a request that carries no time: [`Lasts::Seconds`] is over when another
    /// request has seen it over.
    fn look_up_trouble(&mut self) -> Result<(), GatewayTrouble> {
        let at_look_up = |step: Option<Step>| step.is_none_or(|at| at == Step::LookUp);
        let Some(trouble) = self.person.trouble.filter(|trouble| at_look_up(trouble.step)) else {
            return Ok(());
        };
        let goes_on = match trouble.lasts {
            Lasts::Forever => true,
            Lasts::Tries(tries) => self.fails(tries),
            Lasts::Seconds(_) => self.failed == 0,
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
