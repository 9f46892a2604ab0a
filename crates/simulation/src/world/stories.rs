//! Who comes in, and when.

use super::{Summary, World};
use crate::cast::Role;
use crate::faults::Chance;
use crate::journal::Journal;
use crate::patient::{Listed, Plan};
use jiff::Timestamp;

impl World {
    /// Lets the persona (TOML) come in at `start`, and gives the journal of the visit. Ends when
    /// the kiosk is idle again and no question is parked.
    ///
    /// # Errors
    /// One sentence when the file is not a persona, or a rule is broken.
    pub fn visit(persona: &str, start: Timestamp, plan: Plan) -> Result<Journal, String> {
        let role = Role::from_toml(persona, start)?;
        let mut world = Self::new(&role, start, plan);
        world.journal = Some(Journal::new(start));
        let (_, journal) = world.run()?;
        Ok(journal.expect("it was just begun"))
    }

    /// The same where the eligibility system is reached by numbers only, and the clinic's list says that.
    ///
    /// # Errors
    /// As of [`Self::visit`].
    pub fn visit_by_numbers(
        persona: &str,
        start: Timestamp,
        plan: Plan,
        listed: Listed,
    ) -> Result<Journal, String> {
        let role = Role::from_toml(persona, start)?;
        let mut world = Self::at_site(&role, start, plan, (0, Some(listed)));
        world.journal = Some(Journal::new(start));
        let (_, journal) = world.run()?;
        Ok(journal.expect("it was just begun"))
    }

    /// One visit by chance: somebody of the cast, any intentions, any faults. The same seed brings
    /// the same visit.
    ///
    /// # Errors
    /// The broken rule, with the seed.
    pub fn random(cast: &[Role], start: Timestamp, seed: u64) -> Result<Summary, String> {
        let world = Self::by_chance(cast, start, seed);
        world.run().map(|(summary, _)| summary).map_err(|broken| format!("seed {seed}: {broken}"))
    }

    /// The journal of the same visit, whether a rule is broken or not.
    #[must_use]
    pub fn replay(cast: &[Role], start: Timestamp, seed: u64) -> Journal {
        Self::by_chance(cast, start, seed).told(start)
    }

    pub(super) fn told(self, start: Timestamp) -> Journal {
        let mut world = self;
        world.journal = Some(Journal::new(start));
        // What is broken is known from `random`; the way there is wanted here.
        let _ = world.go_on();
        world.remember();
        world.journal.unwrap_or_default()
    }

    pub(super) fn by_chance(cast: &[Role], start: Timestamp, seed: u64) -> Self {
        let mut chance = Chance::new(seed);
        let role = &cast[chance.below(cast.len())];
        let (plan, destinations) = (chance.plan(), chance.destinations());
        let listed = chance.by_numbers();
        let mut world = Self::at_site(role, start, plan, (destinations, listed));
        world.chance = Some(chance);
        world
    }
}
