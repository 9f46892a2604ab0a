//! What keeps the records and results of a visit. Whoever has a store and an outbox puts them here, under virtual time.

use checkin::event::DeliveryTrouble;
use checkin::{Effect, Request, VisitId};
use jiff::Timestamp;

/// What happens to the kiosk during a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Nothing.
    Nothing,
    /// The program is killed after so many steps of keeping and delivering.
    Crash(u32),
    /// The disk is full from one of these events to the other.
    FullDisk(u32, u32),
    /// The folder does not answer until the visit is over.
    StuckFolder,
    /// The system does not come back from one of these events to the other.
    StuckGateway(u32, u32),
}

/// Keeps what a visit asks to keep and hands its results over.
pub trait Keeper {
    /// Keeps what one event brought. `false`: the program was killed over it.
    fn keep(&mut self, effects: &[Effect], now: Timestamp) -> bool;

    /// What the person is told of their result.
    ///
    /// # Errors
    /// Where the result is instead, when it has not arrived.
    fn delivered(&self, visit: VisitId) -> Result<(), DeliveryTrouble>;

    /// Whether the system does not come back from what it is asked now.
    fn is_stuck(&self) -> bool;

    /// Whether a question does not get through: its consents are not kept, or the system is stuck.
    fn holds_up(&self, request: &Request) -> bool;

    /// The program starts again on what it kept; the number of the next visit.
    ///
    /// # Errors
    /// One sentence when it does not start.
    fn start_again(&mut self, now: Timestamp) -> Result<VisitId, String>;

    /// Everything works again; then the disk is counted.
    ///
    /// # Errors
    /// The broken rule.
    fn finish(self: Box<Self>, now: Timestamp) -> Result<Count, String>;
}

/// What is on the disk in the end. Of one person, or many together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Count {
    /// Crashes that happened.
    pub crashes: u64,
    /// Visits to which a disk was full, a folder or the system stuck.
    pub troubled: u64,
    /// Visits that ended with a confirmed qualification.
    pub confirmed: u64,
    /// Of those, with exactly one file and nothing to enter by hand.
    pub one_file: u64,
    /// Of those, with a row for the staff and no file.
    pub by_hand: u64,
    /// Of those, with a further file that tells of a withdrawal or of a late answer.
    pub told_again: u64,
    /// Consents that were kept.
    pub consents: u64,
    /// Audit lines about them.
    pub consent_lines: u64,
}

impl Count {
    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            crashes: self.crashes + other.crashes,
            troubled: self.troubled + other.troubled,
            confirmed: self.confirmed + other.confirmed,
            one_file: self.one_file + other.one_file,
            by_hand: self.by_hand + other.by_hand,
            told_again: self.told_again + other.told_again,
            consents: self.consents + other.consents,
            consent_lines: self.consent_lines + other.consent_lines,
        }
    }
}
