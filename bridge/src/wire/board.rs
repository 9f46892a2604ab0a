//! What the staff are shown.

use super::view::{outcome, topic};
use crate::store::time;
use checkin::VisitId;
use checkin::circle::Circles;
use checkin::claim::{ClaimAdvice, ClaimNote, Destination, Remark, Route};
use checkin::reception::StaffNotice;
use checkin::view::Outcome;
use jiff::Timestamp;
use protocol::staff as wire;

/// Whether the screen waits for 目視.
pub fn waiting(view: &protocol::View) -> Option<wire::Waiting> {
    match view.screen {
        protocol::Screen::Staff { problem } => Some(wire::Waiting { seen: view.revision, problem }),
        _ => None,
    }
}

/// The row of a visit, as the visit told it. `destinations` are the site's names.
pub fn row(
    id: VisitId,
    at: Timestamp,
    notice: &StaffNotice,
    destinations: &[String],
) -> wire::Visit {
    let name = notice.name.as_deref().unwrap_or_default();
    let circles = Circles::of(name, notice.name_kana.as_deref().unwrap_or_default());
    let positions = circles.map(|circles| circles.positions).unwrap_or_default();
    let destination = notice.destination.and_then(|at| destinations.get(usize::from(at)));
    wire::Visit {
        visit: id.0,
        number: None,
        at: time(at),
        outcome: outcome(notice.outcome),
        parked: notice.parked,
        circles: positions.into_iter().filter_map(|at| u16::try_from(at).ok()).collect(),
        completed: None,
        destination: destination.cloned(),
        claim: claim(&notice.advice),
        agreed: notice.agreed.iter().copied().map(topic).collect(),
        by_hand: None,
        name: notice.name.clone(),
        name_kana: notice.name_kana.clone(),
    }
}

/// The row of a visit that has not told anything of itself: for a result that staff have to enter.
pub fn bare_row(id: VisitId, at: Timestamp) -> wire::Visit {
    wire::Visit {
        visit: id.0,
        number: None,
        at: time(at),
        outcome: outcome(Outcome::Confirmed),
        parked: false,
        circles: Vec::new(),
        completed: None,
        destination: None,
        claim: wire::Claim {
            route: wire::Route::Current,
            insurer_number: String::new(),
            symbol: String::new(),
            number: String::new(),
            branch: None,
            remarks: Vec::new(),
            notes: vec![wire::Note::AskSystemAgain],
            send_to: None,
            shares: Vec::new(),
        },
        agreed: Vec::new(),
        by_hand: None,
        name: None,
        name_kana: None,
    }
}

fn claim(advice: &ClaimAdvice) -> wire::Claim {
    wire::Claim {
        route: match advice.route {
            Route::Current => wire::Route::Current,
            Route::Past => wire::Route::Past,
            Route::Unknown => wire::Route::Unknown,
            Route::Undecided => wire::Route::Undecided,
        },
        insurer_number: advice.numbers.insurer_number.clone(),
        symbol: advice.numbers.symbol.clone(),
        number: advice.numbers.number.clone(),
        branch: advice.numbers.branch.clone(),
        remarks: advice.remarks.iter().map(remark).collect(),
        notes: advice.notes.iter().copied().map(note).collect(),
        send_to: advice.destination.map(|destination| match destination {
            Destination::PaymentFund => wire::SendTo::PaymentFund,
            Destination::Federation => wire::SendTo::Federation,
            Destination::Either => wire::SendTo::Either,
        }),
        shares: advice.share.candidates.clone(),
    }
}

fn remark(remark: &Remark) -> String {
    match remark {
        Remark::Past => "旧資格".into(),
        Remark::Unknown => "不詳".into(),
        Remark::Address(text) => format!("住所：{text}"),
        Remark::Phone(text) => format!("電話番号：{text}"),
        Remark::Employer(text) => format!("事業所名：{text}"),
    }
}

fn note(note: ClaimNote) -> wire::Note {
    match note {
        ClaimNote::CardNotVerified => wire::Note::CardNotVerified,
        ClaimNote::AskForCard => wire::Note::AskForCard,
        ClaimNote::AskSystemAgain => wire::Note::AskSystemAgain,
        ClaimNote::AskNewNumber => wire::Note::AskNewNumber,
        ClaimNote::AskWhich => wire::Note::AskWhich,
        ClaimNote::AnswerAboutAnother => wire::Note::AnswerAboutAnother,
        ClaimNote::CompareBirth => wire::Note::CompareBirth,
        ClaimNote::Contradictory => wire::Note::Contradictory,
        ClaimNote::CompareWithPaper => wire::Note::CompareWithPaper,
        ClaimNote::MedicalAssistance => wire::Note::MedicalAssistance,
        ClaimNote::StatementNeeded => wire::Note::StatementNeeded,
        ClaimNote::KeepStatement => wire::Note::KeepStatement,
    }
}
