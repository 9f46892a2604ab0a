//! The personas, read once.

use crate::card::Card;
use checkin::eligibility::Qualification;
use eligibility_sim::{NationalSystem, Person};
use jiff::Timestamp;
use virtual_card::Persona;

/// One persona, ready to come in any number of times.
pub struct Role {
    /// `id` of the persona file.
    pub id: String,
    persona: Persona,
    person: Option<Person>,
}

impl Role {
    /// Reads a persona file, made at that moment.
    ///
    /// # Errors
    /// One sentence when the file is not a persona.
    pub fn from_toml(text: &str, now: Timestamp) -> Result<Self, String> {
        let person = Person::from_toml(text, now).map_err(|error| error.to_string())?;
        let persona = Persona::from_toml(text, now).map_err(|error| error.to_string())?;
        Ok(Self { id: persona.id.clone(), persona, person })
    }

    /// All personas of the practice tray, made at that moment.
    #[must_use]
    pub fn all(now: Timestamp) -> Vec<Self> {
        let roles = eligibility_sim::personas().iter().map(|(_, text)| Self::from_toml(text, now));
        roles.collect::<Result<_, _>>().expect("the built-in personas are tested")
    }

    pub(crate) fn card(&self) -> Card {
        Card::new(self.persona.clone())
    }

    pub(crate) fn system(&self) -> NationalSystem {
        NationalSystem::new(self.person.clone()).expect("one person has one serial")
    }

    /// The paper in the bag names the newest qualification, known to the system or not.
    pub(crate) fn paper(&self) -> Option<Qualification> {
        self.person.as_ref()?.eligibility.qualifications.first().cloned()
    }
}
