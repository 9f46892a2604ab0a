//! What can be done when the card does not lead to a confirmed qualification. Every case has at
//! least one way, and every way ends with a reception number.

use crate::card::CardProblem;
use crate::documents::{Document, accepted};
use crate::eligibility::Validity;
use crate::gateway::GatewayTrouble;
use crate::share::Payment;
use jiff::civil::Date;

/// Why the navigator is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The person has no My Number Card with them.
    NoCard,
    /// The card cannot be used.
    Card(CardProblem),
    /// The person does not want the card registered as 健康保険証.
    NotRegistered,
    /// None of the three methods is possible or wanted.
    NotIdentified,
    /// The system answered, but not with one valid qualification.
    NotConfirmed(Validity),
    /// The system gave no answer; the question goes on in the background.
    Unanswered(GatewayTrouble),
    /// The eligibility system is reached by numbers only, and so there are none to ask with.
    NoNumbers(NoNumbers),
}

/// Why there are no numbers to ask with. In each case the card was shown and the person identified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoNumbers {
    /// Name and birth date were not read from the card.
    ItemsUnread,
    /// The clinic's patient list has nobody of that name, birth date and sex.
    NotInList,
    /// The list has the person, but no insurance of theirs.
    NotKnown,
    /// More than one in the list fits, or nearly: staff look.
    Unsure,
}

/// One way on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Type the numbers of a document.
    Document(Document),
    /// Returning patient: staff ask whether anything has changed (口頭確認).
    Oral,
    /// First visit with nothing to show: fill in the 被保険者資格申立書.
    Statement,
    /// Leave it to the reception: take a number and wait.
    Desk,
}

impl Why {
    /// Whether a My Number Card was shown. Documents that only name the numbers, the oral check and
    /// the 申立書 are accepted beside the card, not instead of it.
    #[must_use]
    pub fn card_was_shown(self) -> bool {
        match self {
            // A card that is no マイナ保険証 stands beside no paper: 資格確認書 is for those who do not register.
            Self::NoCard | Self::NotRegistered => false,
            Self::Card(problem) => match problem {
                CardProblem::Phone
                | CardProblem::CertificateExpired
                | CardProblem::NotGenuine
                | CardProblem::NotVerified => true,
                CardProblem::Unreadable
                | CardProblem::NotMyNumber
                | CardProblem::DrivingLicence
                | CardProblem::ResidenceCard
                | CardProblem::TransitCard
                | CardProblem::PaymentCard
                | CardProblem::JukiCard
                | CardProblem::PracticeCard => false,
            },
            Self::NotIdentified
            | Self::NotConfirmed(_)
            | Self::Unanswered(_)
            | Self::NoNumbers(_) => true,
        }
    }

    /// What may be said about paying as long as nothing else was shown.
    #[must_use]
    pub fn payment(self) -> Payment {
        if self.card_was_shown() { Payment::AsAlways } else { Payment::AtReception }
    }
}

/// The ways on that day, in the order of the screen; never empty. `card`: a My Number Card was
/// shown.
#[must_use]
pub fn ways(card: bool, today: Date) -> Vec<Way> {
    let documents =
        accepted(today).into_iter().filter(|document| card || !document.needs_card(today));
    let documents = documents.map(Way::Document);
    let with_card = [Way::Oral, Way::Statement].into_iter().filter(|_| card);
    documents.chain(with_card).chain([Way::Desk]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn without_a_card_only_documents_that_stand_alone_count() {
        let ways = ways(false, day("2026-11-23"));
        assert_eq!(ways, [Way::Document(Document::EligibilityCertificate), Way::Desk]);
    }

    #[test]
    fn another_card_is_no_card() {
        for problem in [
            CardProblem::NotMyNumber,
            CardProblem::DrivingLicence,
            CardProblem::ResidenceCard,
            CardProblem::TransitCard,
            CardProblem::PaymentCard,
            CardProblem::JukiCard,
        ] {
            let why = Why::Card(problem);
            assert!(!why.card_was_shown(), "{problem:?}");
            assert_eq!(why.payment(), Payment::AtReception, "{problem:?}");
        }
    }

    #[test]
    fn with_a_card_that_fails_there_is_always_a_way_without_any_paper() {
        for why in [
            Why::Card(CardProblem::CertificateExpired),
            Why::NotIdentified,
            Why::NotConfirmed(Validity::Invalid),
            Why::Unanswered(GatewayTrouble::Down),
        ] {
            let ways = ways(why.card_was_shown(), day("2026-11-23"));
            assert_eq!(why.payment(), Payment::AsAlways);
            assert!(ways.contains(&Way::Oral) && ways.contains(&Way::Statement), "{why:?}");
        }
    }

    #[test]
    fn the_insurance_card_ends_by_date() {
        let card = Way::Document(Document::InsuranceCard);
        assert!(ways(false, day("2025-12-01")).contains(&card));
        assert!(!ways(false, day("2026-11-23")).contains(&card));
    }
}
