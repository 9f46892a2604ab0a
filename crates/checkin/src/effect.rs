//! What the visit asks its shell to do.

use crate::card::Doubt;
use crate::code_b::Candidates;
use crate::consent::{ConsentAnswer, ConsentSkipped, Topic};
use crate::eligibility::{Asked, Eligibility, Validity};
use crate::fallback::Way;
use crate::gateway::Question;
use crate::identity::{FaceClaim, FaceVerdict, Method, VisualReason};
use crate::items::{ItemsKey, Sought};
use crate::patient::CardOwner;
use crate::reception::StaffNotice;
use crate::secret::{Passcode, Pin};
use crate::statement::Statement;
use crate::view::Outcome;
use jiff::Timestamp;

/// Identifies one effect; never used twice in the life of a [`crate::Visits`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EffectId(pub u64);

/// Number of a visit, growing with each placed card at any of the kiosks whose visits are kept together ([`crate::VisitIds`]).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VisitId(pub u64);

/// One request with its id.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// To be given back in [`crate::Event::Answered`].
    pub id: EffectId,
    /// What to do.
    pub request: Request,
}

/// What the receipt computer gets.
#[derive(Clone, Debug, PartialEq)]
pub struct Handover {
    /// The answer of the gateway.
    pub eligibility: Eligibility,
    /// To which question.
    pub asked: Asked,
    /// The consents given and refused in this visit.
    pub consents: Vec<ConsentAnswer>,
}

impl Handover {
    /// Whether a result file tells the same of both: it does not tell when a consent was refused.
    #[must_use]
    pub fn tells_the_same(&self, other: &Self) -> bool {
        let told = |answer: &ConsentAnswer| (answer.topic, answer.agreed.then_some(answer.at));
        let consents = |one: &Self| one.consents.iter().map(told).collect::<Vec<_>>();
        (&self.eligibility, self.asked) == (&other.eligibility, other.asked)
            && consents(self) == consents(other)
    }
}

/// What to do. Requests to the card are never issued while another one is unanswered.
#[derive(Clone, Debug, PartialEq)]
pub enum Request {
    /// Card: select the JPKI application, read token label, authentication certificate, its chain
    /// and both counters. Answer `Inspected`.
    Inspect,
    /// Card: read the counter of 照合番号B, present it, read and verify the card-face record. The photo
    /// waits for [`Self::HandOverPhoto`]. Answer `PhotoRead`.
    ReadPhoto {
        /// The number from the card front, by its possible readings. The next one is tried only while more tries are left
        /// than [`crate::identity::CODE_B_STOP_AT`].
        codes: Candidates,
        /// Read the basic four items with the same number as well, where the card takes it there too.
        items: bool,
    },
    /// Card: read the counters of the application that holds the basic four items; nothing is presented. Answer `ItemsCounted`.
    CountItemsTries,
    /// Card: read the counter, present this, read and verify the basic four items. Answer `ItemsRead`.
    ReadItems {
        /// By what they are opened.
        key: ItemsKey,
    },
    /// The clinic's patient list: who is that? Answer `PatientFound`.
    FindPatient {
        /// As the chip names them.
        owner: Box<CardOwner>,
    },
    /// Kiosk: give the photo that was just read to the face worker; without this it is dropped. No answer.
    HandOverPhoto,
    /// Card: VERIFY the PIN, sign a fresh challenge, verify the signature. Answer `Signed`.
    Sign {
        /// 利用者証明用 PIN.
        pin: Pin,
    },
    /// Card: reset, so that no verified state stays. No answer.
    ReleaseCard,
    /// Kiosk: forget reference, frames and typed text. No answer.
    ForgetPerson,
    /// Staff: check the facility's passcode, throttled. Answer `PasscodeChecked`.
    CheckPasscode {
        /// As typed.
        passcode: Passcode,
    },
    /// Gateway: ask the eligibility system. Answer `Replied`.
    Ask(Question),
    /// Write the result file for the receipt computer. Answer `Delivered`.
    Deliver {
        /// Which visit.
        visit: VisitId,
        /// What goes into it.
        handover: Box<Handover>,
    },
    /// Lay the 申立書 out as a page to print. Answer `StatementMade`.
    MakeStatement {
        /// As checked.
        statement: Box<Statement>,
    },
    /// Store: the next reception number of the day at this site. Answer `Numbered`.
    TakeNumber {
        /// For which visit.
        visit: VisitId,
    },
    /// Staff: what they need to know about a visit that ended or changed. No answer.
    Announce {
        /// Which visit; a second notice replaces the first, and keeps its destination unless it has one.
        visit: VisitId,
        /// What they see.
        notice: Box<StaffNotice>,
    },
    /// Staff: the question in the background ended without an answer. No answer.
    Unpark {
        /// Which visit.
        visit: VisitId,
    },
    /// Store: append. No answer.
    Record {
        /// Which visit.
        visit: VisitId,
        /// When, on the wall clock.
        at: Timestamp,
        /// What happened.
        record: Record,
    },
}

impl Request {
    /// Whether the request talks to the card and is answered.
    #[must_use]
    pub fn is_card_command(&self) -> bool {
        matches!(
            self,
            Self::Inspect
                | Self::ReadPhoto { .. }
                | Self::Sign { .. }
                | Self::CountItemsTries
                | Self::ReadItems { .. }
        )
    }
}

/// What the store keeps about a visit: nothing that identifies a person beyond the consents'
/// link to the visit; no picture, no number of the card.
#[derive(Clone, Debug, PartialEq)]
pub enum Record {
    /// A My Number Card was recognised.
    Started,
    /// The card could not be verified.
    CardDoubted(Doubt),
    /// One face attempt: the kiosk's claim and what the rule made of it.
    FaceAttempt {
        /// The claim.
        claim: FaceClaim,
        /// The judgement.
        verdict: FaceVerdict,
    },
    /// A PIN was refused by the card.
    PinRefused {
        /// Tries left afterwards.
        tries_left: u8,
    },
    /// The PIN of 券面事項入力補助 was refused by the card.
    ItemsPinRefused {
        /// Tries left afterwards.
        tries_left: u8,
    },
    /// The patient list was asked about the card's owner.
    PatientSought(Sought),
    /// A staff passcode was refused.
    PasscodeRefused,
    /// Staff were shown the photo that the card gave in this visit.
    PhotoShown,
    /// Staff compared at their board and did not confirm.
    NotConfirmed,
    /// The person was identified.
    Identified {
        /// How.
        method: Method,
        /// Why by eye, for 目視 only.
        reason: Option<VisualReason>,
    },
    /// The card was registered as health insurance card.
    Registered,
    /// An answer to a consent question.
    Consent(ConsentAnswer),
    /// No consent was asked.
    ConsentSkipped(ConsentSkipped),
    /// A consent was withdrawn on the spot.
    ConsentWithdrawn(Topic),
    /// Staff entered a result by hand that fits no file.
    EnteredByHand,
    /// Staff put the known characters in the place of ● in a name.
    NameCompleted,
    /// Staff looked at the document whose numbers were typed.
    PaperSeen,
    /// Staff confirmed by asking, and entered the number that they know.
    KnownNumberEntered,
    /// Staff wrote a note about the visit for their colleagues.
    Noted,
    /// They took it away.
    NoteTakenAway,
    /// Staff said which patient of the clinic's list the person is, of several who may be.
    PatientChosen {
        /// One of them; otherwise none.
        listed: bool,
    },
    /// Staff called the person by the reception number.
    Called {
        /// Where to, by the site's word for it.
        to: String,
        /// How often by now, from 1.
        times: u16,
    },
    /// It was not called after all.
    CallTakenBack,
    /// Staff are done with the person.
    StaffDone,
    /// They are not, after all.
    DoneTakenBack,
    /// The answer was late or the system down: the question goes on in the background.
    Parked,
    /// A parked visit got its answer.
    AnsweredLate(Validity),
    /// A file of the official reader beside the kiosk told of the person.
    AnsweredBeside {
        /// Of a visit at the kiosk; otherwise of somebody who was not there.
        joined: bool,
    },
    /// A parked visit got none within the day.
    GaveUp,
    /// The system answered about somebody with another birth date; it was not used.
    AnswerAboutAnother,
    /// A way of the fallback navigator was taken.
    WayTaken(Way),
    /// Staff typed into this form for the person; what, is nowhere.
    StaffTyped(Way),
    /// Staff opened the 申立書 at their board, to print it.
    StatementOpened,
    /// Staff ended the visit at their board.
    EndedByStaff,
    /// The visit ended.
    Ended(Outcome),
}
