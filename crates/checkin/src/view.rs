//! What the screen shows: derived from the state, never stored.

use crate::card::CardProblem;
use crate::certificate::Standing;
use crate::code_b::CodeError;
use crate::consent::{ConsentSkipped, Topic};
use crate::eligibility::Validity;
use crate::event::{GatewayTrouble, PasscodeProblem, Revision};
use crate::identity::{Method, WhyNot};
use jiff::Timestamp;

/// The whole view of one kiosk.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// Grows with every change; actions carry it back.
    pub revision: Revision,
    /// What to show.
    pub screen: Screen,
    /// 「まだいらっしゃいますか」 is to be asked over the screen.
    pub asks_presence: bool,
}

/// One question or message per screen.
#[derive(Clone, Debug, PartialEq)]
pub enum Screen {
    /// The kiosk cannot serve anybody now.
    OutOfService(Fault),
    /// Please place the card.
    Idle,
    /// The card is being read; leave it there.
    Reading,
    /// This card cannot be used here, and what to do instead.
    CardProblem(CardProblem),
    /// First time: 健康保険証利用の申込 is explained.
    Application,
    /// Choose how to be identified.
    Method {
        /// The three methods, each offered or with the reason why not.
        offers: [(Method, Result<(), WhyNot>); 3],
        /// Expiry alert, if any.
        standing: Standing,
        /// What happened just before, if anything.
        notice: Option<MethodNotice>,
    },
    /// Type 照合番号B from the card front.
    Code {
        /// What was wrong with the last one.
        problem: Option<CodeScreenProblem>,
    },
    /// The photo is being read and prepared.
    ReadingPhoto,
    /// Look into the camera.
    Face {
        /// From 1.
        attempt: u8,
        /// Attempts in one visit.
        of: u8,
    },
    /// Type the PIN.
    Pin {
        /// Tries left on the card.
        tries_left: u8,
        /// The last one was wrong.
        wrong: bool,
    },
    /// One try left: stop unless the person insists.
    PinLastTry,
    /// The PIN is being checked by the card.
    CheckingPin,
    /// 目視: staff passcode and reason.
    Staff {
        /// What was wrong with the last one.
        problem: Option<PasscodeProblem>,
    },
    /// The passcode is being checked.
    CheckingPasscode,
    /// Identity is being handed to the eligibility system.
    Opening,
    /// No consent is asked, and why.
    ConsentSkipped(ConsentSkipped),
    /// 包括同意.
    ConsentAll {
        /// What it covers.
        topics: Vec<Topic>,
    },
    /// One topic.
    ConsentOne {
        /// Which.
        topic: Topic,
        /// Position from 1.
        number: u8,
        /// Number of topics.
        of: u8,
    },
    /// Eligibility is being asked for.
    Waiting,
    /// How it ended and what happens next.
    Finished(Finished),
    /// Please take the card.
    TakeCard {
        /// How the visit ended.
        outcome: Outcome,
        /// Grows while the card is left: 0 first request, then 1, 2, ...
        reminder: u8,
    },
}

/// What went wrong before the method screen was shown again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MethodNotice {
    /// The face was not matched this time; attempts left in this visit.
    FaceMissed {
        /// Attempts left, may be 0.
        attempts_left: u8,
    },
    /// No face was seen.
    FaceNotSeen,
    /// The photo could not be read.
    PhotoUnreadable,
    /// The kiosk has no working camera.
    CameraMissing,
    /// 照合番号B must not be tried any more.
    CodeTriesLow,
    /// One PIN try is left.
    PinLastTry,
    /// The PIN is locked now.
    PinLocked,
    /// Card or reader failed in the middle; nothing was lost.
    CardFailed,
}

/// What was wrong with the typed code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeScreenProblem {
    /// Impossible; the card has not seen it.
    Impossible(CodeError),
    /// The card refused it.
    Wrong {
        /// Tries left on the card.
        tries_left: u8,
    },
}

/// Why nobody can be served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// No reader attached.
    ReaderMissing,
    /// The smart-card service is not running.
    ServiceDown,
    /// The bridge is starting.
    Starting,
}

/// How a visit ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Eligibility confirmed and handed over.
    Confirmed,
    /// The system answered, but not with one valid qualification: staff go on from here.
    NotConfirmed(Validity),
    /// The system gave no answer: staff go on from here; the share stays the usual one.
    Unanswered(GatewayTrouble),
    /// Stopped by the person.
    Stopped,
    /// Nobody was there any more.
    TimedOut,
    /// The card could not be used.
    Refused(CardProblem),
    /// The card was taken before the end.
    CardTaken,
    /// The reader disappeared.
    ReaderLost,
}

/// Content of the result screen. Personal data: shown to the person only, gone on `Idle`.
#[derive(Clone, PartialEq, Eq)]
pub struct Finished {
    /// How it ended.
    pub outcome: Outcome,
    /// `Name` of the confirmed qualification.
    pub name: Option<String>,
    /// Share to pay in percent, when the system said it.
    pub share_percent: Option<u8>,
    /// Topics agreed to, each until when.
    pub agreed: Vec<(Topic, Timestamp)>,
    /// The result file waits in the outbox: the folder was not writable.
    pub delivery_queued: bool,
}

impl std::fmt::Debug for Finished {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Finished").field("outcome", &self.outcome).finish_non_exhaustive()
    }
}
