//! What the kiosk is shown.

use super::form::{document_of, field_error, way_of, why_of};
use checkin::card::CardProblem;
use checkin::certificate::Standing;
use checkin::code_b::CodeError;
use checkin::consent::{ConsentSkipped, Topic};
use checkin::eligibility::Validity;
use checkin::event::{DeliveryTrouble, PasscodeProblem};
use checkin::fallback::{Way, Why};
use checkin::gateway::GatewayTrouble;
use checkin::identity::{Method, WhyNot};
use checkin::share::Payment;
use checkin::time::rfc3339;
use checkin::view::{
    After, CodeScreenProblem, Fault, Finished, Insurer, MethodNotice, Outcome, Withdrawal,
};
use checkin::{Screen, View};
use protocol::screen as wire;

const _: () = assert!(protocol::ACTS_AFTER_MS as u64 == checkin::ACTS_AFTER_MS, "one rule");

/// The wire view. `destinations` are the site's names, in its order.
pub fn view(
    view: &View,
    practice: bool,
    simulated: bool,
    destinations: &[String],
) -> protocol::View {
    protocol::View {
        revision: view.revision.0,
        question: view.question.0,
        practice: practice || view.practice_card,
        simulated,
        asks_presence: view.asks_presence,
        screen: screen(&view.screen, destinations),
    }
}

fn screen(screen: &Screen, names: &[String]) -> wire::Screen {
    match screen {
        Screen::OutOfService(fault) => {
            wire::Screen::OutOfService { fault: fault_of(*fault), reader: None }
        }
        Screen::Idle => wire::Screen::Idle,
        Screen::Reading => wire::Screen::Reading,
        Screen::CardAway { problem, reader_lost } => {
            wire::Screen::CardAway { problem: problem.map(card_problem), reader_lost: *reader_lost }
        }
        Screen::CardProblem(problem) => {
            let payment = payment_of(Why::Card(*problem).payment());
            wire::Screen::CardProblem { problem: card_problem(*problem), payment }
        }
        Screen::Application => wire::Screen::Application,
        Screen::Method { offers, standing, notice } => wire::Screen::Method {
            offers: offers.iter().map(|(method, offer)| offer_of(*method, *offer)).collect(),
            alert: alert(*standing),
            notice: notice.map(notice_of),
        },
        Screen::Code { problem } => wire::Screen::Code { problem: problem.map(code_problem) },
        Screen::ReadingPhoto => wire::Screen::ReadingPhoto,
        Screen::Face { attempt, of, nonce } => {
            wire::Screen::Face { attempt: *attempt, of: *of, nonce: format!("{nonce:016x}") }
        }
        Screen::Pin { tries_left, wrong } => {
            wire::Screen::Pin { tries_left: *tries_left, wrong: *wrong }
        }
        Screen::PinLastTry => wire::Screen::PinLastTry,
        Screen::CheckingPin => wire::Screen::CheckingPin,
        Screen::Staff { problem } => wire::Screen::Staff { problem: problem.map(passcode_problem) },
        Screen::CheckingPasscode => wire::Screen::CheckingPasscode,
        Screen::Opening => wire::Screen::Opening,
        Screen::ConsentSkipped(why) => wire::Screen::ConsentSkipped { why: skipped(*why) },
        Screen::ConsentAll { topics } => {
            wire::Screen::ConsentAll { topics: topics.iter().copied().map(topic).collect() }
        }
        Screen::ConsentOne { topic: about, number, of } => {
            wire::Screen::ConsentOne { topic: topic(*about), number: *number, of: *of }
        }
        Screen::Waiting => wire::Screen::Waiting,
        Screen::Fallback { why, ways, back, payment } => wire::Screen::Fallback {
            why: why_of(*why),
            ways: ways.iter().copied().map(way_of).collect(),
            back: *back,
            payment: payment_of(*payment),
        },
        Screen::Numbers { document, problem } => wire::Screen::Numbers {
            document: document_of(*document),
            problem: problem.map(field_error),
        },
        Screen::LimitCertificate => wire::Screen::LimitCertificate,
        Screen::Statement { problem } => {
            wire::Screen::Statement { problem: problem.map(field_error) }
        }
        Screen::StatementReady => wire::Screen::StatementReady,
        Screen::Destination => wire::Screen::Destination { names: names.to_vec() },
        Screen::Finished(finished) => finished_of(finished, names),
        Screen::TakeCard { outcome: end, after, payment, reminder } => wire::Screen::TakeCard {
            outcome: outcome(*end),
            after: after_of(*after, names),
            payment: payment_of(*payment),
            reminder: *reminder,
        },
        Screen::Farewell { after } => wire::Screen::Farewell { after: after_of(*after, names) },
    }
}

fn payment_of(payment: Payment) -> wire::Payment {
    match payment {
        Payment::AsAlways => wire::Payment::AsAlways,
        Payment::AtReception => wire::Payment::AtReception,
    }
}

fn after_of(after: After, names: &[String]) -> wire::After {
    wire::After {
        number: after.number.map(|number| number.0),
        destination: after.destination.and_then(|at| names.get(usize::from(at)).cloned()),
    }
}

fn finished_of(finished: &Finished, names: &[String]) -> wire::Screen {
    let agreed = finished
        .agreed
        .iter()
        .map(|(about, until)| wire::Agreed { topic: topic(*about), until: rfc3339(*until) });
    wire::Screen::Finished {
        outcome: outcome(finished.outcome),
        person: finished.name.clone(),
        insurers: finished.insurers.iter().map(insurer_of).collect(),
        share_percent: finished.share_percent,
        payment: payment_of(finished.payment),
        agreed: agreed.collect(),
        withdrawal: match finished.withdrawal {
            Withdrawal::AtReception => wire::Withdrawal::AtReception,
            Withdrawal::Here => wire::Withdrawal::Here,
            Withdrawal::Asking => wire::Withdrawal::Asking,
            Withdrawal::Failed => wire::Withdrawal::Failed,
        },
        delivery: match finished.delivery {
            None => wire::Delivery::Done,
            Some(DeliveryTrouble::Queued) => wire::Delivery::Queued,
            Some(DeliveryTrouble::ByHand) => wire::Delivery::ByHand,
        },
        paper: finished.paper.as_ref().map(|paper| wire::Paper {
            document: document_of(paper.document),
            with_card: paper.needs_card(),
        }),
        parked: finished.parked,
        after: after_of(finished.after, names),
        receipt: wire::Receipt {
            method: finished.receipt.method.map(method_of),
            card_used: finished.receipt.card_used,
            photo_read: finished.receipt.photo_read,
            numbers_sent: finished.receipt.numbers_sent,
            statement_made: finished.receipt.statement_made,
        },
        person_kana: finished.name_kana.clone(),
    }
}

fn insurer_of(insurer: &Insurer) -> wire::Insurer {
    let Insurer { name, medical_assistance } = insurer;
    wire::Insurer { name: name.clone(), medical_assistance: *medical_assistance }
}

fn method_of(method: Method) -> wire::Method {
    match method {
        Method::Face => wire::Method::Face,
        Method::Pin => wire::Method::Pin,
        Method::Visual => wire::Method::Visual,
    }
}

fn offer_of(method: Method, offer: Result<(), WhyNot>) -> wire::Offer {
    let method = method_of(method);
    let why_not = offer.err().map(|why| match why {
        WhyNot::CardHasNoPin => wire::WhyNot::CardHasNoPin,
        WhyNot::PinLocked => wire::WhyNot::PinLocked,
        WhyNot::CodeTriesLow => wire::WhyNot::CodeTriesLow,
        WhyNot::PhotoUnreadable => wire::WhyNot::PhotoUnreadable,
        WhyNot::FaceAttemptsUsed => wire::WhyNot::FaceAttemptsUsed,
        WhyNot::CameraMissing => wire::WhyNot::CameraMissing,
        WhyNot::PasscodeNotSet => wire::WhyNot::PasscodeNotSet,
    });
    wire::Offer { method, why_not }
}

fn alert(standing: Standing) -> Option<wire::CertificateAlert> {
    match standing {
        Standing::Expiring { until } => {
            Some(wire::CertificateAlert::Expiring { until: rfc3339(until) })
        }
        Standing::Grace { until } => Some(wire::CertificateAlert::Grace { until: rfc3339(until) }),
        Standing::Valid | Standing::Expired => None,
    }
}

fn notice_of(notice: MethodNotice) -> wire::MethodNotice {
    match notice {
        MethodNotice::FaceMissed { attempts_left } => {
            wire::MethodNotice::FaceMissed { attempts_left }
        }
        MethodNotice::FaceNotSeen => wire::MethodNotice::FaceNotSeen,
        MethodNotice::PhotoUnreadable => wire::MethodNotice::PhotoUnreadable,
        MethodNotice::CameraMissing => wire::MethodNotice::CameraMissing,
        MethodNotice::CodeTriesLow => wire::MethodNotice::CodeTriesLow,
        MethodNotice::PinLocked => wire::MethodNotice::PinLocked,
        MethodNotice::CardFailed => wire::MethodNotice::CardFailed,
    }
}

fn code_problem(problem: CodeScreenProblem) -> wire::CodeProblem {
    match problem {
        CodeScreenProblem::Impossible(CodeError::BirthDate) => wire::CodeProblem::BirthDate,
        CodeScreenProblem::Impossible(CodeError::ExpiryYear) => wire::CodeProblem::ExpiryYear,
        CodeScreenProblem::Wrong { tries_left } => wire::CodeProblem::Wrong { tries_left },
    }
}

/// What is wrong with a passcode, and for how long none is taken.
pub fn passcode_problem(problem: PasscodeProblem) -> wire::PasscodeProblem {
    match problem {
        PasscodeProblem::Wrong => wire::PasscodeProblem::Wrong,
        PasscodeProblem::Throttled { wait_s } => wire::PasscodeProblem::Throttled { wait_s },
        PasscodeProblem::NotSet => wire::PasscodeProblem::NotSet,
    }
}

fn fault_of(fault: Fault) -> wire::Fault {
    match fault {
        Fault::ReaderMissing => wire::Fault::ReaderMissing,
        Fault::ServiceDown => wire::Fault::ServiceDown,
        Fault::Starting => wire::Fault::Starting,
        Fault::RecordsNotKept => wire::Fault::RecordsNotKept,
        Fault::ClockWrong => wire::Fault::ClockWrong,
    }
}

fn card_problem(problem: CardProblem) -> wire::CardProblem {
    match problem {
        CardProblem::Unreadable => wire::CardProblem::Unreadable,
        CardProblem::NotMyNumber => wire::CardProblem::NotMyNumber,
        CardProblem::DrivingLicence => wire::CardProblem::DrivingLicence,
        CardProblem::ResidenceCard => wire::CardProblem::ResidenceCard,
        CardProblem::TransitCard => wire::CardProblem::TransitCard,
        CardProblem::PaymentCard => wire::CardProblem::PaymentCard,
        CardProblem::JukiCard => wire::CardProblem::JukiCard,
        CardProblem::Phone => wire::CardProblem::Phone,
        CardProblem::CertificateExpired => wire::CardProblem::CertificateExpired,
        CardProblem::NotGenuine => wire::CardProblem::NotGenuine,
        CardProblem::NotVerified => wire::CardProblem::NotVerified,
        CardProblem::PracticeCard => wire::CardProblem::PracticeCard,
    }
}

fn skipped(why: ConsentSkipped) -> wire::ConsentSkipped {
    match why {
        ConsentSkipped::CertificateInGrace => wire::ConsentSkipped::CertificateInGrace,
        ConsentSkipped::NoTopicApplies => wire::ConsentSkipped::NoTopicApplies,
    }
}

/// What a consent is about, for the page.
pub fn topic(topic: Topic) -> wire::Topic {
    match topic {
        Topic::Operation => wire::Topic::Operation,
        Topic::TreatmentAndMedicine => wire::Topic::TreatmentAndMedicine,
        Topic::HealthCheckups => wire::Topic::HealthCheckups,
        Topic::SpecificDiseases => wire::Topic::SpecificDiseases,
    }
}

/// What a consent is about, as the page says it.
pub fn topic_back(topic: wire::Topic) -> Topic {
    match topic {
        wire::Topic::Operation => Topic::Operation,
        wire::Topic::TreatmentAndMedicine => Topic::TreatmentAndMedicine,
        wire::Topic::HealthCheckups => Topic::HealthCheckups,
        wire::Topic::SpecificDiseases => Topic::SpecificDiseases,
    }
}

/// How a visit ended, as the person and the staff are told: several ends of the domain are one here.
pub fn outcome(outcome: Outcome) -> wire::Outcome {
    match outcome {
        Outcome::Confirmed
        | Outcome::NotConfirmed(Validity::Valid | Validity::ValidUnregistered) => {
            wire::Outcome::Confirmed
        }
        Outcome::NotConfirmed(Validity::Invalid) => wire::Outcome::Invalid,
        Outcome::NotConfirmed(Validity::InvalidNewerExists) => wire::Outcome::InvalidNewerExists,
        Outcome::NotConfirmed(Validity::NoneFound) => wire::Outcome::NoneFound,
        Outcome::NotConfirmed(Validity::MoreThanOne) => wire::Outcome::MoreThanOne,
        Outcome::Unanswered(GatewayTrouble::Down) => wire::Outcome::SystemDown,
        Outcome::Unanswered(GatewayTrouble::Late) => wire::Outcome::SystemLate,
        Outcome::Unanswered(GatewayTrouble::UnknownCertificate) => {
            wire::Outcome::UnknownCertificate
        }
        Outcome::Stopped => wire::Outcome::Stopped,
        Outcome::TimedOut => wire::Outcome::TimedOut,
        Outcome::Refused(_) => wire::Outcome::CardRefused,
        Outcome::CardTaken => wire::Outcome::CardTaken,
        Outcome::ReaderLost => wire::Outcome::ReaderLost,
        Outcome::ByHand { way: Way::Document(_), .. } => wire::Outcome::NumbersTyped,
        Outcome::ByHand { way: Way::Oral, .. } => wire::Outcome::Oral,
        Outcome::ByHand { way: Way::Statement, .. } => wire::Outcome::StatementMade,
        Outcome::ByHand { way: Way::Desk, .. } => wire::Outcome::AtDesk,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_proved_is_not_called_not_genuine() {
        for (problem, expected) in [
            (CardProblem::NotVerified, wire::CardProblem::NotVerified),
            (CardProblem::NotGenuine, wire::CardProblem::NotGenuine),
        ] {
            assert_eq!(card_problem(problem), expected);
        }
    }
}
