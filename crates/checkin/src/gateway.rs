//! What a visit asks the eligibility system, and what that answers: the only list of its verbs. Whoever stands between the
//! two, a bridge or a simulation, hands [`Question`]s on and [`Reply`]s back without taking them apart.

use crate::birth::Birth;
use crate::consent::{ConsentAnswer, Topic};
use crate::deadlines;
use crate::eligibility::Eligibility;
use crate::identity::Method;
use crate::number::Numbers;
use crate::secret::Serial;
use std::mem::discriminant;

/// By what an eligibility system can be asked about a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// By the card's certificate: every [`Question`], consents and registration too.
    Certificate,
    /// By the numbers of an insurance and the birth date only ([`Question::QueryNumbers`]): it hears of no card and carries no
    /// consent. So it is with the folders of a 資格確認端末 (`domain-facts` G3).
    Numbers,
    /// By nothing: an official reader stands beside the kiosk, and what the system says about a card comes as its files, unasked.
    /// So consents are given there, and whatever is asked is refused.
    Nothing,
}

impl Reach {
    /// Whether it can be asked about a card. Otherwise its consents are given at an official reader.
    #[must_use]
    pub const fn hears_of_cards(self) -> bool {
        matches!(self, Self::Certificate)
    }
}

/// One question to the eligibility system.
#[derive(Clone, Debug, PartialEq)]
pub enum Question {
    /// Is this card registered as health insurance card? [`Reply::LookedUp`].
    LookUp {
        /// Certificate serial.
        serial: Serial,
    },
    /// Hand over the identity (and register first if asked). [`Reply::Opened`] with the topics that apply to this person,
    /// and when the people were born whose records are linked.
    Open {
        /// Certificate serial.
        serial: Serial,
        /// How the person was identified.
        method: Method,
        /// Register the card as health insurance card first (申込).
        register: bool,
    },
    /// The qualification, with these consents. [`Reply::Queried`].
    Query {
        /// Certificate serial.
        serial: Serial,
        /// The consents given and refused.
        consents: Vec<ConsentAnswer>,
    },
    /// The qualification by the numbers of a document. [`Reply::Queried`].
    QueryNumbers {
        /// As checked.
        numbers: Box<Numbers>,
        /// 限度額適用認定証 may be shown (`LimitApplicationCertificateRelatedConsFlg`).
        limit_certificate: bool,
    },
    /// Withdraw a consent. [`Reply::Withdrawn`].
    Withdraw {
        /// Certificate serial.
        serial: Serial,
        /// Which.
        topic: Topic,
    },
}

/// What the system answered, or why it did not; each question has one kind of reply ([`Question::failed`]).
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// To [`Question::LookUp`].
    LookedUp(Result<Registration, GatewayTrouble>),
    /// To [`Question::Open`].
    Opened(Result<Opened, GatewayTrouble>),
    /// To [`Question::Query`] and [`Question::QueryNumbers`].
    Queried(Result<Eligibility, GatewayTrouble>),
    /// To [`Question::Withdraw`].
    Withdrawn(Result<(), GatewayTrouble>),
}

impl Question {
    /// The verb, for logs.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::LookUp { .. } => "look_up",
            Self::Open { .. } => "open",
            Self::Query { .. } => "query",
            Self::QueryNumbers { .. } => "query_numbers",
            Self::Withdraw { .. } => "withdraw",
        }
    }

    /// Its reply when there is no answer.
    #[must_use]
    pub const fn failed(&self, trouble: GatewayTrouble) -> Reply {
        match self {
            Self::LookUp { .. } => Reply::LookedUp(Err(trouble)),
            Self::Open { .. } => Reply::Opened(Err(trouble)),
            Self::Query { .. } | Self::QueryNumbers { .. } => Reply::Queried(Err(trouble)),
            Self::Withdraw { .. } => Reply::Withdrawn(Err(trouble)),
        }
    }

    /// After how many milliseconds the system is given up, counted from when it may be asked: the reply is
    /// [`GatewayTrouble::Late`] then. A site may give a terminal more or less time than this.
    #[must_use]
    pub const fn late_after_ms(&self, reach: Reach) -> u64 {
        match (self, reach) {
            (Self::LookUp { .. } | Self::Open { .. } | Self::Withdraw { .. }, _) => {
                deadlines::SMALL_LATE_MS
            }
            (Self::QueryNumbers { .. }, Reach::Numbers) => deadlines::TERMINAL_MS,
            (Self::Query { .. } | Self::QueryNumbers { .. }, _) => deadlines::QUERY_LATE_MS,
        }
    }

    /// The card whose consents at the system it changes: such questions reach the system in the order in which they were
    /// asked.
    #[must_use]
    pub const fn changes_consents_of(&self) -> Option<&Serial> {
        match self {
            Self::Query { serial, .. } | Self::Withdraw { serial, .. } => Some(serial),
            Self::LookUp { .. } | Self::Open { .. } | Self::QueryNumbers { .. } => None,
        }
    }
}

impl Reply {
    /// Whether both are replies to the same kind of question.
    #[must_use]
    pub fn is_like(&self, other: &Self) -> bool {
        discriminant(self) == discriminant(other)
    }
}

/// Whether the card is known as health insurance card (健康保険証利用登録).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registration {
    /// Registered.
    Registered,
    /// Not yet: 申込 on the spot.
    NotYet,
}

/// What the system tells when the identity was handed over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opened {
    /// What the person is to be asked about; empty = nothing applies.
    pub topics: Vec<Topic>,
    /// Birth dates of the qualifications that are linked to the card; empty = not told. They are compared
    /// before anything is asked: insurers have linked cards to the records of other people.
    pub births: Vec<Birth>,
}

/// Why the eligibility system gave no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GatewayTrouble {
    /// Cannot be reached, or refuses everything.
    Down,
    /// No answer in time.
    Late,
    /// Does not know this certificate (revoked or never issued).
    UnknownCertificate,
    /// Answered by an error: asking the same again changes nothing.
    Refused,
    /// Answered about somebody else; nothing of it was used.
    AboutAnother,
}
