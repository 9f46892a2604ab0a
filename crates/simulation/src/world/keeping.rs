//! What keeps the records around the visit, and a bridge that starts again.

use super::{World, config};
use crate::cast::Role;
use crate::faults::Chance;
use crate::journal::Journal;
use crate::kept::{Keeper, Trouble};
use checkin::deadlines::KEEPING_MS;
use checkin::gateway::{GatewayTrouble, Question, Reach};
use checkin::{Answer, Effect, Event, ReaderEvent, Request, VisitId, VisitIds, Visits};
use jiff::Timestamp;

/// So long until the killed program serves again.
const START_MS: u64 = 3_000;

/// Makes what keeps the records of the visit with this seed, and lets the trouble happen to it.
pub type MakeKeeper = fn(Trouble, u64) -> Result<Box<dyn Keeper>, String>;

impl World {
    /// As [`World::random`], with what `keeper` makes around it, and in one visit of ten a crash, a full disk, a
    /// stuck folder or a stuck gateway.
    ///
    /// # Errors
    /// The broken rule, with the seed.
    pub fn random_kept(
        cast: &[Role],
        start: Timestamp,
        seed: u64,
        keeper: MakeKeeper,
    ) -> Result<super::Summary, String> {
        let kept = Self::kept_by_chance(cast, start, seed, keeper).and_then(Self::run);
        kept.map(|(summary, _)| summary).map_err(|broken| format!("seed {seed}: {broken}"))
    }

    /// The journal of the visit of [`Self::random_kept`], whether a rule is broken or not.
    ///
    /// # Errors
    /// One sentence when there is no store.
    pub fn replay_kept(
        cast: &[Role],
        start: Timestamp,
        seed: u64,
        keeper: MakeKeeper,
    ) -> Result<Journal, String> {
        Ok(Self::kept_by_chance(cast, start, seed, keeper)?.told(start))
    }

    fn kept_by_chance(
        cast: &[Role],
        start: Timestamp,
        seed: u64,
        keeper: MakeKeeper,
    ) -> Result<Self, String> {
        let mut world = Self::by_chance(cast, start, seed);
        // Chance of its own, so that the visit is the one of `random` until something happens to it.
        let trouble = Chance::new(!seed).trouble();
        world.kept = Some(keeper(trouble, seed)?);
        Ok(world)
    }

    /// Keeps what an event brought. `false`: the program was killed over it.
    pub(super) fn keep(&mut self, effects: &[Effect]) -> bool {
        let now = self.now.wall;
        self.kept.as_mut().is_none_or(|kept| kept.keep(effects, now))
    }

    pub(super) fn is_stuck(&self) -> bool {
        self.kept.as_ref().is_some_and(|kept| kept.is_stuck())
    }

    /// The bridge puts one question about a card's consents after the other: those behind a stuck one are given up before
    /// they begin.
    pub(super) fn get_stuck(&mut self, request: &Request) {
        if let Request::Ask(Question::Query { serial, consents }) = request
            && self.is_stuck()
        {
            self.stuck.get_or_insert((serial.clone(), consents.clone()));
        }
    }

    /// A system that was stuck carries out what it was asked, before it hears anything else about the card. Nobody waits
    /// for the answer any more.
    pub(super) fn come_back(&mut self) {
        if let Some((serial, consents)) = self.stuck.take() {
            let _ = self.system.query(&serial, &consents, self.now.wall);
        }
    }

    /// The program starts again, with its store, its folder and the card that still lies there.
    pub(super) fn start_again(&mut self) -> Result<(), String> {
        let Some(kept) = &mut self.kept else { return Ok(()) };
        let first: VisitId = kept.start_again(self.now.wall)?;
        self.check.killed(first);
        self.summary.dropped += self.visit.dropped();
        self.visit =
            Visits::new(config(self.destinations.len(), self.reach), VisitIds::starting_at(first));
        self.coming.clear();
        self.acts_at = None;
        self.advance_to(self.now.monotonic.plus(START_MS));
        self.handle(Event::Reader(ReaderEvent::Ready))?;
        if self.card_lies_there {
            self.handle(Event::Reader(ReaderEvent::CardPlaced))
        } else {
            Ok(())
        }
    }
}

/// The answer to a question that does not get through.
pub(super) fn refusal(request: &Request, stuck: bool, reach: Reach) -> Option<(u64, Answer)> {
    let Request::Ask(question) = request else { return None };
    let (after, trouble) = if stuck {
        (question.late_after_ms(reach), GatewayTrouble::Late)
    } else {
        (KEEPING_MS, GatewayTrouble::Down)
    };
    Some((after, question.failed(trouble).into()))
}
