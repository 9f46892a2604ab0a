//! How a visit ended, as it is told: on the last screen, on the staff board, in the audit.

use crate::eligibility::Validity;
use crate::fallback::Way;
use crate::gateway::GatewayTrouble;
use crate::view::Outcome;

/// In the words of the eligibility terminal and of claims: several ends of the visit are one here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// 資格確認済み: one valid qualification.
    Confirmed,
    /// 資格（無効）.
    Invalid,
    /// 資格（無効）, and the system knows of a newer one.
    InvalidNewerExists,
    /// 該当資格なし.
    NoneFound,
    /// 複数該当.
    MoreThanOne,
    /// The system does not work.
    SystemDown,
    /// The system did not answer in time.
    SystemLate,
    /// The system does not know the card's certificate.
    UnknownCertificate,
    /// The person stopped.
    Stopped,
    /// Nobody was there any more.
    TimedOut,
    /// The card could not be used.
    CardRefused,
    /// The card was taken before the end.
    CardTaken,
    /// The reader disappeared.
    ReaderLost,
    /// Numbers were typed from a document, and the system did not confirm them.
    NumbersTyped,
    /// Staff ask whether anything has changed (口頭確認).
    Oral,
    /// A 被保険者資格申立書 was made.
    StatementMade,
    /// The person goes to the reception.
    AtDesk,
}

impl Ended {
    /// What this end of a visit is told as.
    #[must_use]
    pub fn of(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Confirmed
            | Outcome::NotConfirmed(Validity::Valid | Validity::ValidUnregistered) => {
                Self::Confirmed
            }
            Outcome::NotConfirmed(Validity::Invalid) => Self::Invalid,
            Outcome::NotConfirmed(Validity::InvalidNewerExists) => Self::InvalidNewerExists,
            Outcome::NotConfirmed(Validity::NoneFound) => Self::NoneFound,
            Outcome::NotConfirmed(Validity::MoreThanOne) => Self::MoreThanOne,
            Outcome::Unanswered(
                GatewayTrouble::Down | GatewayTrouble::Refused | GatewayTrouble::AboutAnother,
            ) => Self::SystemDown,
            Outcome::Unanswered(GatewayTrouble::Late) => Self::SystemLate,
            Outcome::Unanswered(GatewayTrouble::UnknownCertificate) => Self::UnknownCertificate,
            Outcome::Stopped => Self::Stopped,
            Outcome::TimedOut => Self::TimedOut,
            Outcome::Refused(_) => Self::CardRefused,
            Outcome::CardTaken => Self::CardTaken,
            Outcome::ReaderLost => Self::ReaderLost,
            Outcome::ByHand { way: Way::Document(_), .. } => Self::NumbersTyped,
            Outcome::ByHand { way: Way::Oral, .. } => Self::Oral,
            Outcome::ByHand { way: Way::Statement, .. } => Self::StatementMade,
            Outcome::ByHand { way: Way::Desk, .. } => Self::AtDesk,
        }
    }
}
