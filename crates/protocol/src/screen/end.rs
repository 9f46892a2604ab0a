//! The end of a visit.

use super::{Document, Method, Topic};
use crate::Name;
use serde::{Deserialize, Serialize};

/// Where the person goes from here.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct After {
    /// Reception number of the day at this site.
    pub number: Option<u16>,
    /// As the site calls the destination; `null` = the reception.
    pub destination: Option<Name>,
}

/// What the clinic's patient list says about the confirmed person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AtClinic {
    /// 患者番号.
    pub chart: String,
    /// Next appointment, `YYYY-MM-DD` or `YYYY-MM-DD HH:MM`; `null`: none from today on.
    pub next: Option<String>,
}

/// What may be said about paying to somebody whose share is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Payment {
    /// The usual share: the person brought the card, or a paper that counts by itself.
    AsAlways,
    /// Nothing: the reception tells.
    AtReception,
}

/// A document whose numbers were typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paper {
    /// Which.
    pub document: Document,
    /// It counts only together with the My Number Card.
    pub with_card: bool,
}

/// Privacy receipt.
#[expect(clippy::struct_excessive_bools, reason = "each is one sentence of the receipt")]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// How the person was identified.
    pub method: Option<Method>,
    /// The certificate was read.
    pub card_used: bool,
    /// Its number was sent to the eligibility system.
    pub card_sent: bool,
    /// The photo was read from the card and compared on the kiosk.
    pub photo_read: bool,
    /// Name, birth date and sex were read from the card, and the clinic's patient list was asked.
    pub items_read: bool,
    /// Typed numbers were sent to the eligibility system.
    pub numbers_sent: bool,
    /// Numbers that the clinic knows were sent to the eligibility system.
    pub known_numbers_sent: bool,
    /// A 申立書 was filled in.
    pub statement_made: bool,
}

/// What became of the result file for the receipt computer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    /// Handed over, or there is none.
    Done,
    /// Waits in the outbox, and leaves it by itself.
    Queued,
    /// It does not fit the file: staff enter it by hand.
    ByHand,
}

/// Who stands for the costs of the confirmed person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Insurer {
    /// As the system names it; may be empty of 医療扶助.
    pub name: String,
    /// Of 医療扶助, which is no insurance.
    pub medical_assistance: bool,
}

/// A consent that was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agreed {
    /// To what.
    pub topic: Topic,
    /// Until when, 24 hours later to the second.
    pub until: String,
}

/// How a visit ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// 資格 confirmed and handed over.
    Confirmed,
    /// 無効.
    Invalid,
    /// 無効, a newer one exists.
    InvalidNewerExists,
    /// 該当なし.
    NoneFound,
    /// 複数該当.
    MoreThanOne,
    /// The system is down.
    SystemDown,
    /// The answer is late.
    SystemLate,
    /// The system does not know the certificate.
    UnknownCertificate,
    /// Stopped by the person.
    Stopped,
    /// Nobody was there any more.
    TimedOut,
    /// The card could not be used.
    CardRefused,
    /// The card was taken before the end.
    CardTaken,
    /// The reader disappeared.
    ReaderLost,
    /// Numbers were typed; staff look them up.
    NumbersTyped,
    /// Staff ask whether anything has changed.
    Oral,
    /// A 申立書 was filled in.
    StatementMade,
    /// Left to the reception.
    AtDesk,
}

wire_enum! {
    /// Withdrawal of consents on the result screen.
    Withdrawal {
        /// None given, or at the reception.
        AtReception,
        /// By a touch.
        Here,
        /// Being withdrawn.
        Asking,
        /// The system did not take it: at the reception.
        Failed,
    }
}
