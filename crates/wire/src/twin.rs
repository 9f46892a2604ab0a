//! Types that are the same on both sides but for their place: the same variants by the same names. Each pair stands here once,
//! and does not compile when one side has a variant that the other lacks.

use checkin::{
    card, claim, consent, documents, eligibility, ended, era, event, identity, items, number,
    share, statement, view,
};
use protocol::{action, screen, staff};

/// A type of the visit that has a twin on the wire.
pub trait Twin: Copy {
    /// The type of the wire.
    type Wire;

    /// The same, for the page.
    fn to_wire(self) -> Self::Wire;

    /// The same, as the page says it.
    fn from_wire(wire: Self::Wire) -> Self;
}

macro_rules! twins {
    ($($visit:ty, $wire:ty: $($variant:ident $({ $($field:ident),+ })?)|+;)+) => {$(
        impl Twin for $visit {
            type Wire = $wire;

            fn to_wire(self) -> $wire {
                type To = $wire;
                match self {
                    $(Self::$variant $({ $($field),+ })? => To::$variant $({ $($field),+ })?,)+
                }
            }

            fn from_wire(wire: $wire) -> Self {
                type From = $wire;
                match wire {
                    $(From::$variant $({ $($field),+ })? => Self::$variant $({ $($field),+ })?,)+
                }
            }
        }
    )+};
}

twins! {
    card::CardProblem, screen::CardProblem:
        Unreadable | NotMyNumber | DrivingLicence | ResidenceCard | TransitCard | PaymentCard
        | JukiCard | Phone | CertificateExpired | NotGenuine | NotVerified | PracticeCard;
    claim::ClaimNote, staff::Note:
        CardNotVerified | AskForCard | AskWhetherChanged | AskSystemAgain | AskNewNumber | AskWhich
        | AnswerAboutAnother | CompareBirth | Contradictory | CompareWithPaper | MedicalAssistance
        | StatementNeeded | KeepStatement | PatientNotInList | PatientWithoutNumbers | PatientUnsure
        | AtReaderOnly | AtReaderUnsure;
    claim::Destination, staff::SendTo: PaymentFund | Federation | Either;
    claim::Route, staff::Route: Current | Past | Unknown | Undecided;
    consent::ConsentSkipped, screen::ConsentSkipped: CertificateInGrace | NoTopicApplies;
    consent::Topic, screen::Topic:
        Operation | TreatmentAndMedicine | HealthCheckups | SpecificDiseases;
    documents::Document, screen::Document:
        MynaPortal | QualificationNotice | EligibilityCertificate | InsuranceCard;
    documents::PaperItem, staff::PaperItem: Card | Share | ValidUntil | ShareFrom;
    eligibility::Sex, action::Sex: Male | Female | NotSet;
    ended::Ended, screen::Outcome:
        Confirmed | Invalid | InvalidNewerExists | NoneFound | MoreThanOne | SystemDown | SystemLate
        | UnknownCertificate | Stopped | TimedOut | CardRefused | CardTaken | ReaderLost | NumbersTyped
        | Oral | StatementMade | AtDesk;
    era::Era, action::Era: Meiji | Taisho | Showa | Heisei | Reiwa | Gregorian;
    event::Overall, action::Overall: All | None | Choose;
    event::PasscodeProblem, screen::PasscodeProblem: Wrong | Throttled { wait_s } | NotSet;
    identity::Method, screen::Method: Face | Pin | Visual;
    identity::VisualReason, action::VisualReason:
        FaceNotMatched | PinUnavailable | CannotOperate | EquipmentTrouble;
    identity::WhyNot, screen::WhyNot:
        CardHasNoPin | PinLocked | CodeTriesLow | PhotoUnreadable | FaceAttemptsUsed | CameraMissing
        | PasscodeNotSet | NotConfirmed | PinTriesLow;
    items::ItemsNotice, screen::ItemsNotice: CodeTriesLow | PinTriesLow | Unreadable | CardFailed;
    items::ItemsWay, screen::ItemsWay: Code | Pin;
    number::Field, screen::Field:
        InsurerNumber | Symbol | Number | Branch | BirthDate | Name | NameKana | Address | Phone
        | Employer | Since | Insurer | Share;
    number::FieldProblem, screen::FieldProblem:
        Empty | TooLong { most } | NotDigits | WrongLength | CheckDigit | NoSuchDate | FutureDate
        | Characters | NotOfCard;
    share::Payment, screen::Payment: AsAlways | AtReception;
    statement::Insurance, action::Insurance: Work | National | Elderly | Unknown;
    statement::Reason, action::StatementReason:
        NotConfirmed | NotRegisteredYet | CertificateExpired | CardUnreadable | SystemDown | Other;
    view::CodePurpose, screen::CodePurpose: Photo | Items;
    view::Fault, screen::Fault:
        ReaderMissing | ServiceDown | Starting | RecordsNotKept | ClockWrong;
    view::MethodNotice, screen::MethodNotice:
        FaceMissed { attempts_left } | FaceNotSeen | PhotoUnreadable | CameraMissing | CodeTriesLow
        | PinLocked | CardFailed | NotConfirmed;
    view::Withdrawal, screen::Withdrawal: AtReception | Here | Asking | Failed;
}

#[cfg(test)]
mod tests {
    use super::*;
    use checkin::consent::Topic;

    /// What was kept under one name is found under it, and by whoever listens on the wire.
    #[test]
    fn a_topic_has_one_name_in_the_audit_and_on_the_wire() {
        for topic in Topic::ALL {
            assert_eq!(serde_json::to_value(topic.to_wire()).unwrap(), topic.key());
            assert_eq!(Topic::from_wire(topic.to_wire()), topic);
        }
    }
}
