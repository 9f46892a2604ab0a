//! What the kiosk is shown.

use super::form::{field_error, why_of};
use super::twin::Twin;
use checkin::certificate::Standing;
use checkin::code_b::CodeError;
use checkin::ended::Ended;
use checkin::event::DeliveryTrouble;
use checkin::fallback::Why;
use checkin::identity::{Method, WhyNot};
use checkin::items::ItemsWay;
use checkin::time::rfc3339;
use checkin::view::{After, CodeScreenProblem, Finished, Insurer};
use checkin::{Screen, View};
use protocol::screen as wire;

const _: () = assert!(protocol::ACTS_AFTER_MS as u64 == checkin::ACTS_AFTER_MS, "one rule");
const _: () = assert!(protocol::ASKING_MS as u64 == checkin::deadlines::ASKING_MS, "one rule");

/// The wire view. `destinations` are the site's names, in its order.
pub fn view(
    view: &View,
    practice: bool,
    simulated: bool,
    destinations: &[protocol::Name],
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

fn screen(screen: &Screen, names: &[protocol::Name]) -> wire::Screen {
    match screen {
        Screen::OutOfService(fault) => {
            wire::Screen::OutOfService { fault: fault.to_wire(), reader: None }
        }
        Screen::Idle => wire::Screen::Idle,
        Screen::Reading => wire::Screen::Reading,
        Screen::CardAway { problem, reader_lost } => wire::Screen::CardAway {
            problem: problem.map(Twin::to_wire),
            reader_lost: *reader_lost,
        },
        Screen::CardProblem(problem) => {
            let payment = Why::Card(*problem).payment().to_wire();
            wire::Screen::CardProblem { problem: problem.to_wire(), payment }
        }
        Screen::Application => wire::Screen::Application,
        Screen::Method { offers, standing, notice } => wire::Screen::Method {
            offers: offers.iter().map(|(method, offer)| offer_of(*method, *offer)).collect(),
            alert: alert(*standing),
            notice: notice.map(Twin::to_wire),
        },
        Screen::Code { problem, purpose } => {
            wire::Screen::Code { problem: problem.map(code_problem), purpose: purpose.to_wire() }
        }
        Screen::ReadingPhoto => wire::Screen::ReadingPhoto,
        Screen::Face { attempt, of, nonce } => {
            wire::Screen::Face { attempt: *attempt, of: *of, nonce: format!("{nonce:016x}") }
        }
        Screen::Pin { tries_left, wrong } => {
            wire::Screen::Pin { tries_left: *tries_left, wrong: *wrong }
        }
        Screen::PinLastTry => wire::Screen::PinLastTry,
        Screen::CheckingPin => wire::Screen::CheckingPin,
        Screen::Staff { problem } => wire::Screen::Staff { problem: problem.map(Twin::to_wire) },
        Screen::CheckingPasscode => wire::Screen::CheckingPasscode,
        Screen::Items { offers, notice } => wire::Screen::Items {
            offers: offers.iter().map(|(way, offer)| items_offer_of(*way, *offer)).collect(),
            notice: notice.map(Twin::to_wire),
        },
        Screen::ItemsPin { tries_left, wrong } => {
            wire::Screen::ItemsPin { tries_left: *tries_left, wrong: *wrong }
        }
        Screen::ReadingItems => wire::Screen::ReadingItems,
        Screen::Finding => wire::Screen::Finding,
        Screen::Opening => wire::Screen::Opening,
        Screen::ConsentSkipped(why) => wire::Screen::ConsentSkipped { why: why.to_wire() },
        Screen::ConsentAll { topics } => {
            wire::Screen::ConsentAll { topics: topics.iter().copied().map(Twin::to_wire).collect() }
        }
        Screen::ConsentOne { topic, number, of } => {
            wire::Screen::ConsentOne { topic: topic.to_wire(), number: *number, of: *of }
        }
        Screen::Waiting => wire::Screen::Waiting,
        Screen::Fallback { why, ways, back, payment } => wire::Screen::Fallback {
            why: why_of(*why),
            ways: ways.iter().copied().map(Twin::to_wire).collect(),
            back: *back,
            payment: payment.to_wire(),
        },
        Screen::Numbers { document, problem } => wire::Screen::Numbers {
            document: document.to_wire(),
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
            outcome: Ended::of(*end).to_wire(),
            after: after_of(*after, names),
            payment: payment.to_wire(),
            reminder: *reminder,
        },
        Screen::Farewell { after } => wire::Screen::Farewell { after: after_of(*after, names) },
    }
}

fn after_of(after: After, names: &[protocol::Name]) -> wire::After {
    wire::After {
        number: after.number.map(|number| number.0),
        destination: after.destination.and_then(|at| names.get(usize::from(at)).cloned()),
    }
}

fn finished_of(finished: &Finished, names: &[protocol::Name]) -> wire::Screen {
    let agreed = finished
        .agreed
        .iter()
        .map(|(topic, until)| wire::Agreed { topic: topic.to_wire(), until: rfc3339(*until) });
    wire::Screen::Finished {
        outcome: Ended::of(finished.outcome).to_wire(),
        person: finished.name.clone(),
        insurers: finished.insurers.iter().map(insurer_of).collect(),
        share_percent: finished.share_percent,
        payment: finished.payment.to_wire(),
        agreed: agreed.collect(),
        withdrawal: finished.withdrawal.to_wire(),
        delivery: match finished.delivery {
            None => wire::Delivery::Done,
            Some(DeliveryTrouble::Queued) => wire::Delivery::Queued,
            Some(DeliveryTrouble::ByHand) => wire::Delivery::ByHand,
        },
        paper: finished.paper.as_ref().map(|paper| wire::Paper {
            document: paper.document.to_wire(),
            with_card: paper.needs_card(),
        }),
        parked: finished.parked,
        after: after_of(finished.after, names),
        receipt: wire::Receipt {
            method: finished.receipt.method.map(Twin::to_wire),
            card_used: finished.receipt.card_used,
            card_sent: finished.receipt.card_sent,
            photo_read: finished.receipt.photo_read,
            items_read: finished.receipt.items_read,
            numbers_sent: finished.receipt.numbers_sent,
            known_numbers_sent: finished.receipt.known_numbers_sent,
            statement_made: finished.receipt.statement_made,
        },
        person_kana: finished.name_kana.clone(),
        consents_at_reader: finished.consents_at_reader,
        card_at_reader: finished.card_at_reader,
        // The bridge has the patient list, not the visit.
        clinic: None,
    }
}

fn insurer_of(insurer: &Insurer) -> wire::Insurer {
    let Insurer { name, medical_assistance } = insurer;
    wire::Insurer { name: name.clone(), medical_assistance: *medical_assistance }
}

fn offer_of(method: Method, offer: Result<(), WhyNot>) -> wire::Offer {
    wire::Offer { method: method.to_wire(), why_not: offer.err().map(Twin::to_wire) }
}

fn items_offer_of(way: ItemsWay, offer: Result<(), WhyNot>) -> wire::ItemsOffer {
    wire::ItemsOffer { way: way.to_wire(), why_not: offer.err().map(Twin::to_wire) }
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

fn code_problem(problem: CodeScreenProblem) -> wire::CodeProblem {
    match problem {
        CodeScreenProblem::Impossible(CodeError::BirthDate) => wire::CodeProblem::BirthDate,
        CodeScreenProblem::Impossible(CodeError::ExpiryYear) => wire::CodeProblem::ExpiryYear,
        CodeScreenProblem::Wrong { tries_left } => wire::CodeProblem::Wrong { tries_left },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use checkin::card::CardProblem;

    #[test]
    fn what_is_not_proved_is_not_called_not_genuine() {
        for (problem, expected) in [
            (CardProblem::NotVerified, wire::CardProblem::NotVerified),
            (CardProblem::NotGenuine, wire::CardProblem::NotGenuine),
        ] {
            assert_eq!(problem.to_wire(), expected);
        }
    }
}
