//! What the screen shows: derived from the state, never stored.

use crate::card::CardProblem;
use crate::certificate::Standing;
use crate::code_b::CodeError;
use crate::consent::{ConsentSkipped, Topic};
use crate::documents::{Document, Paper};
use crate::eligibility::Validity;
use crate::event::{DeliveryTrouble, PasscodeProblem, Revision};
use crate::fallback::{Way, Why};
use crate::gateway::GatewayTrouble;
use crate::identity::{Method, WhyNot};
use crate::items::{ItemsNotice, ItemsWay};
use crate::number::FieldError;
use crate::reception::ReceptionNumber;
use crate::share::Payment;
use jiff::Timestamp;

/// The whole view of one kiosk.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// Grows with every change; actions carry it back.
    pub revision: Revision,
    /// The revision at which this question appeared. It stays while only a remark beside the question
    /// changes; acts count [`crate::ACTS_AFTER_MS`] after it.
    pub question: Revision,
    /// What to show.
    pub screen: Screen,
    /// 「操作を続けますか」 is to be asked over the screen.
    pub asks_presence: bool,
    /// The card of this visit is a practice card: mark the screen.
    pub practice_card: bool,
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
    /// The card was taken in the middle: put the same card back to go on. Nothing personal is shown.
    CardAway {
        /// What was put there instead, if anything.
        problem: Option<CardProblem>,
        /// The reader is away too.
        reader_lost: bool,
    },
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
        /// What it opens.
        purpose: CodePurpose,
    },
    /// The photo is being read and prepared.
    ReadingPhoto,
    /// Look into the camera.
    Face {
        /// From 1.
        attempt: u8,
        /// Attempts in one visit.
        of: u8,
        /// Of this attempt: chooses the movements of the head, and comes back with the claim.
        nonce: u64,
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
    /// The person is identified, and the system hears of no card: by what are name, birth date and sex to be read from it? Says that
    /// consents are given at the official reader.
    Items {
        /// Both ways, each offered or with the reason why not.
        offers: [(ItemsWay, Result<(), WhyNot>); 2],
        /// What happened just before, if anything.
        notice: Option<ItemsNotice>,
    },
    /// Type the PIN of 券面事項入力補助, which is not that of [`Self::Pin`].
    ItemsPin {
        /// Tries left on the card.
        tries_left: u8,
        /// The last one was wrong.
        wrong: bool,
    },
    /// Name, birth date and sex are being read, or the counters before them.
    ReadingItems,
    /// The clinic's patient list is asked. Says that consents are given at the official reader.
    Finding,
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
    /// The fallback navigator: why, and what can be done.
    Fallback {
        /// Why.
        why: Why,
        /// The ways on, in the order of display; never empty.
        ways: Vec<Way>,
        /// Whether [`crate::Action::Back`] leads back to the question before.
        back: bool,
        /// What may be said about paying.
        payment: Payment,
    },
    /// Type the numbers of a document.
    Numbers {
        /// Which document.
        document: Document,
        /// What was wrong with the last ones.
        problem: Option<FieldError>,
    },
    /// May the 限度額適用認定証 be shown? Asked with a 資格確認書 only.
    LimitCertificate,
    /// Fill in the 被保険者資格申立書.
    Statement {
        /// What was wrong with the last one.
        problem: Option<FieldError>,
    },
    /// The 申立書 is laid out: print and sign it.
    StatementReady,
    /// Where are you going today? Answered by position in the site's list.
    Destination,
    /// How it ended and what happens next.
    Finished(Finished),
    /// Please take the card.
    TakeCard {
        /// How the visit ended.
        outcome: Outcome,
        /// Number and place, when the visit has them.
        after: After,
        /// What may be said about paying.
        payment: Payment,
        /// Grows while the card is left: 0 first request, then 1, 2, ...
        reminder: u8,
    },
    /// The card was taken: the number once more, nothing personal.
    Farewell {
        /// Number and place.
        after: After,
    },
}

impl Screen {
    /// Whether this is the question that `other` asks, in the same place: only a remark beside it (what was
    /// wrong, how many tries are left, a notice) may differ.
    #[must_use]
    pub fn asks_the_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::ConsentOne { topic, .. }, Self::ConsentOne { topic: before, .. }) => {
                topic == before
            }
            (Self::Numbers { document, .. }, Self::Numbers { document: before, .. }) => {
                document == before
            }
            (Self::Fallback { .. }, Self::Fallback { .. })
            | (Self::CardProblem(_), Self::CardProblem(_)) => self == other,
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }
}

/// Where the person goes from here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct After {
    /// By which the staff call; `None` when the store does not work or the visit was stopped.
    pub number: Option<ReceptionNumber>,
    /// Position in the site's list of destinations; `None` = the reception.
    pub destination: Option<u8>,
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
    /// The PIN is locked now.
    PinLocked,
    /// Card or reader failed in the middle; nothing was lost.
    CardFailed,
    /// Staff compared and did not confirm.
    NotConfirmed,
}

/// What 照合番号B is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodePurpose {
    /// To open the photo, so that the face can be compared.
    Photo,
    /// To read name, birth date and sex as text.
    Items,
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
    /// What a person agrees to cannot be kept: the disk is full, or the store is locked.
    RecordsNotKept,
    /// The computer's clock cannot be right.
    ClockWrong,
}

/// How a visit ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Eligibility confirmed and handed over.
    Confirmed,
    /// The system answered, but not with one valid qualification: staff go on from here.
    NotConfirmed(Validity),
    /// The system gave no answer: staff go on from here.
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
    /// Staff go on from what the person chose in the fallback navigator.
    ByHand {
        /// Why the card did not do.
        why: Why,
        /// What the person chose.
        way: Way,
    },
}

/// Content of the result screen. Personal data: shown to the person only, gone on `Idle`.
#[derive(Clone, PartialEq, Eq)]
pub struct Finished {
    /// How it ended.
    pub outcome: Outcome,
    /// `Name` of the confirmed qualification.
    pub name: Option<String>,
    /// `NameKana`, given where the name has lost characters (●).
    pub name_kana: Option<String>,
    /// The insurers that hold today, an insurance before 医療扶助; empty where no name is shown.
    pub insurers: Vec<Insurer>,
    /// Share to pay in percent, when the system said it.
    pub share_percent: Option<u8>,
    /// What may be said about paying where it did not.
    pub payment: Payment,
    /// Topics agreed to, each until when.
    pub agreed: Vec<(Topic, Timestamp)>,
    /// Whether those can be withdrawn here.
    pub withdrawal: Withdrawal,
    /// Why the result has not reached the receipt computer yet, if so.
    pub delivery: Option<DeliveryTrouble>,
    /// The document whose numbers were typed: to be shown at the reception.
    pub paper: Option<Paper>,
    /// The question goes on in the background.
    pub parked: bool,
    /// Number and place.
    pub after: After,
    /// What was read and sent.
    pub receipt: Receipt,
    /// The system hears of no card, so that consents to medical information are given at the official reader.
    pub consents_at_reader: bool,
    /// Nothing was asked: whoever has a card lays it on the official reader beside the kiosk, if they have not done so before.
    pub card_at_reader: bool,
}

/// Who stands for the costs of the confirmed person.
#[derive(Clone, PartialEq, Eq)]
pub struct Insurer {
    /// `InsurerName`; may be empty of 医療扶助.
    pub name: String,
    /// Of 医療扶助, which is no insurance.
    pub medical_assistance: bool,
}

impl std::fmt::Debug for Insurer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("<redacted>")
    }
}

/// Withdrawal of consents on the result screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Withdrawal {
    /// None was given, or the card is not there any more: at the reception.
    AtReception,
    /// By a touch.
    Here,
    /// Being withdrawn.
    Asking,
    /// The system did not take it: at the reception.
    Failed,
}

/// Privacy receipt: what this visit read, and to whom it went.
#[expect(clippy::struct_excessive_bools, reason = "each is one sentence of the receipt")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Receipt {
    /// How the person was identified.
    pub method: Option<Method>,
    /// The certificate was read from the card.
    pub card_used: bool,
    /// Its number was sent to the eligibility system.
    pub card_sent: bool,
    /// The photo was read from the card and compared on the kiosk.
    pub photo_read: bool,
    /// Name, birth date and sex were read from the card, and the clinic's patient list was asked.
    pub items_read: bool,
    /// Numbers were typed and sent to the eligibility system.
    pub numbers_sent: bool,
    /// The numbers that the clinic knows were sent to the eligibility system.
    pub known_numbers_sent: bool,
    /// A 申立書 was filled in.
    pub statement_made: bool,
}

impl std::fmt::Debug for Finished {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Finished").field("outcome", &self.outcome).finish_non_exhaustive()
    }
}
