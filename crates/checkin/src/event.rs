//! Everything that can happen to a visit.

use crate::birth::Birth;
use crate::card::{CardFacts, CardProblem, Doubt, TriesLeft};
use crate::code_b::TypedCode;
use crate::consent::Topic;
use crate::effect::{EffectId, VisitId};
use crate::fallback::Way;
use crate::gateway::Reply;
use crate::identity::{FaceClaim, Method, VisualReason};
use crate::items::{ItemsProblem, ItemsTries, ItemsWay};
use crate::number::TypedNumbers;
use crate::patient::{CardOwner, Found};
use crate::reception::ReceptionNumber;
use crate::secret::{ItemsPin, Passcode, Pin, Serial};
use crate::statement::TypedStatement;
use crate::view::Fault;

/// Number of the view that a person was looking at; grows with every change of the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Revision(pub u64);

/// One input of [`crate::Visits::handle`].
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// The reader or its card changed.
    Reader(ReaderEvent),
    /// An effect was carried out. Answers with an old id are dropped and counted.
    Answered {
        /// Which effect.
        id: EffectId,
        /// Its outcome.
        answer: Answer,
    },
    /// The person or staff member at the kiosk did something.
    Acted {
        /// The view they were looking at; an action on an older view is dropped and counted.
        seen: Revision,
        /// What they did.
        action: Action,
    },
    /// Staff withdrew a person's consent, at the national system too: nothing that is still to be
    /// asked or handed over may bring it back.
    StaffWithdrew {
        /// Certificate serial of the person's card.
        serial: Serial,
        /// Which consent.
        topic: Topic,
    },
    /// Staff ended the visit at their board. Dropped and counted where another visit is there by now, or while a machine is asked.
    StaffEnded {
        /// Which visit they saw.
        visit: VisitId,
    },
    /// No visit may begin, for this reason; one that has begun goes on. `None`: they may again.
    Blocked(Option<Fault>),
    /// The deadline passed (or any other moment: early ticks do nothing).
    Tick,
    /// The shell stops, or changes to another reader: every visit here ends.
    Shutdown,
}

/// Changes at the reader. Removal is an event, not an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReaderEvent {
    /// A reader is attached and empty.
    Ready,
    /// The reader is gone.
    Gone,
    /// The smart-card service of the computer is not running.
    ServiceDown,
    /// Something was placed on the reader.
    CardPlaced,
    /// It was taken away.
    CardRemoved,
}

/// What a person can do. Which ones mean something depends on the screen; the rest is dropped.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// Any touch or key: the person is there.
    Present,
    /// 「やめる」: end the visit and take the card.
    Stop,
    /// Go on from an explanation (申込, skipped consent, result, printed page).
    Continue,
    /// Back to the question before (within the fallback navigator).
    Back,
    /// 「ほかの方法」: the fallback navigator, with or without a card.
    OtherWays,
    /// A way of the fallback navigator.
    Take(Way),
    /// Numbers typed from a document.
    Numbers(TypedNumbers),
    /// 限度額適用認定証 may be shown; asked with a 資格確認書 only.
    LimitCertificate {
        /// Agreed or not.
        agreed: bool,
    },
    /// 被保険者資格申立書 as filled in.
    Statement(Box<TypedStatement>),
    /// Where the person is going: position in the site's list of destinations, from 0.
    Destination(u8),
    /// Withdraw a consent that was just given.
    Withdraw(Topic),
    /// Choose or switch to a method.
    Choose(Method),
    /// The camera starts: the person takes the card to show its front.
    ShowCard,
    /// 照合番号B as typed.
    Code(TypedCode),
    /// The worker made (or failed to make) the reference from the photo.
    Reference(Result<(), ReferenceProblem>),
    /// Result of one face attempt.
    Face(FaceClaim),
    /// The kiosk has no working camera or matcher.
    CameraMissing,
    /// Insist on the PIN with one try left.
    InsistOnPin,
    /// 暗証番号.
    Pin(Pin),
    /// By what the basic four items are to be opened.
    ChooseItems(ItemsWay),
    /// 券面事項入力補助用暗証番号.
    ItemsPin(ItemsPin),
    /// 目視: facility passcode and reason.
    Visual {
        /// The facility's passcode.
        passcode: Passcode,
        /// Why by eye.
        reason: VisualReason,
    },
    /// 目視 by staff who are at their board with an account of their own, which says who they are: no passcode. From the board
    /// only; a kiosk's page has no word for it.
    VisualByAccount {
        /// Why by eye.
        reason: VisualReason,
    },
    /// Staff have compared, and do not confirm: it is somebody else, or they cannot tell. From the board only, like the last one.
    NotConfirmed,
    /// 包括同意: all, none, or one by one.
    ConsentAll(Overall),
    /// Answer to the topic on the screen.
    ConsentOne {
        /// The topic that was shown.
        topic: Topic,
        /// Agreed or not.
        agreed: bool,
    },
}

impl Action {
    /// Whether it is a form that a person filled in, which may be wrong in the same way again.
    pub(crate) fn is_typed(&self) -> bool {
        matches!(self, Self::Code(_) | Self::Numbers(_) | Self::Statement(_))
    }

    /// Whether one tap does it, so that it may be the second tap of a double tap. Camera and face worker
    /// report as soon as they are ready, [`Self::Present`] answers nothing, the passcode of
    /// [`Self::Visual`] was typed for it, here or at the staff board, as the reason of [`Self::VisualByAccount`] was chosen there.
    /// [`Self::NotConfirmed`] is one tap there, and the last word about 目視 in this visit.
    #[must_use]
    pub fn is_by_hand(&self) -> bool {
        !matches!(
            self,
            Self::Present
                | Self::Reference(_)
                | Self::Face(_)
                | Self::CameraMissing
                | Self::Visual { .. }
                | Self::VisualByAccount { .. }
        )
    }
}

/// Answer on the 包括同意 screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overall {
    /// Agree to every topic.
    All,
    /// Agree to none.
    None,
    /// Ask one by one.
    Choose,
}

/// Why the worker could not use the card photo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReferenceProblem {
    /// Not a readable JPEG 2000.
    Unreadable,
    /// No face in it.
    NoFace,
}

/// Outcome of an effect.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// To [`crate::Request::Inspect`].
    Inspected(Result<CardFacts, CardProblem>),
    /// To [`crate::Request::ReadPhoto`]; the photo itself went to the face worker.
    PhotoRead(Result<CardFace, PhotoProblem>),
    /// To [`crate::Request::Sign`].
    Signed(Result<(), PinProblem>),
    /// To [`crate::Request::CountItemsTries`]; `None`: card or reader failed.
    ItemsCounted(Option<ItemsTries>),
    /// To [`crate::Request::ReadItems`].
    ItemsRead(Result<Box<CardOwner>, ItemsProblem>),
    /// To [`crate::Request::FindPatient`].
    PatientFound(Found),
    /// To [`crate::Request::CheckPasscode`].
    PasscodeChecked(Result<(), PasscodeProblem>),
    /// To [`crate::Request::Ask`].
    Replied(Reply),
    /// To [`crate::Request::Deliver`].
    Delivered(Result<(), DeliveryTrouble>),
    /// To [`crate::Request::TakeNumber`]; `None` when the store does not work.
    Numbered(Option<ReceptionNumber>),
    /// To [`crate::Request::MakeStatement`].
    StatementMade(Result<(), StatementTrouble>),
}

impl From<Reply> for Answer {
    fn from(reply: Reply) -> Self {
        Self::Replied(reply)
    }
}

/// What 照合番号B opened, beside the photo.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CardFace {
    /// Birth date of the signed record, where it has one.
    pub birth: Option<Birth>,
    /// The basic four items, where they were to be read and could be.
    pub owner: Option<Box<CardOwner>>,
}

impl From<Option<Birth>> for CardFace {
    fn from(birth: Option<Birth>) -> Self {
        Self { birth, owner: None }
    }
}

/// Why the photo was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PhotoProblem {
    /// The card refused the code.
    WrongCode(TriesLeft),
    /// Fewer than the safe number of tries: the code was not presented.
    TooFewTries(TriesLeft),
    /// Something is missing or odd, so the card is not proved by its face; other methods are.
    NotVerified(Doubt),
    /// A signature is there and wrong: the visit does not go on.
    NotGenuine(Doubt),
    /// The reader or card failed in the middle.
    CardFailed,
}

/// Why the signature was not obtained.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PinProblem {
    /// Wrong PIN; `TriesLeft::Count(0)` = locked by this try or before.
    WrongPin(TriesLeft),
    /// The signature over the challenge does not verify under the certificate.
    BadSignature,
    /// The reader or card failed in the middle.
    CardFailed,
}

/// Why the passcode was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasscodeProblem {
    /// Wrong.
    Wrong,
    /// Too many wrong ones: wait.
    Throttled {
        /// Whole seconds until the next try is allowed.
        wait_s: u32,
    },
    /// The facility has not set one.
    NotSet,
}

/// Why the result did not reach the receipt computer. It is kept in either case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryTrouble {
    /// The folder is missing, full or not writable; kept in the outbox and tried again.
    Queued,
    /// It does not fit the file: staff enter it by hand.
    ByHand,
}

/// Why the 申立書 could not be laid out for printing; staff have the paper form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatementTrouble {
    /// The font is missing, or a character is not in it.
    NotPrintable,
}
