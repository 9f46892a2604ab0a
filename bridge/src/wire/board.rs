//! What the staff are shown.

use super::view::{outcome, topic};
use crate::board::Entry;
use crate::store::time;
use checkin::VisitId;
use checkin::circle::Circles;
use checkin::claim::{ClaimAdvice, ClaimNote, Destination, Remark, Route};
use protocol::staff as wire;

/// The wire board, newest visit first. `destinations` are the site's names.
pub fn board(
    kiosk: &str,
    simulated: bool,
    destinations: &[String],
    entries: Vec<(VisitId, Entry)>,
) -> wire::Board {
    let visits: Vec<_> =
        entries.into_iter().filter_map(|(id, entry)| visit(id, entry, destinations)).collect();
    let parked = visits.iter().filter(|visit| visit.parked).count();
    wire::Board {
        kiosk: kiosk.to_owned(),
        simulated,
        parked: u16::try_from(parked).unwrap_or(u16::MAX),
        visits,
    }
}

/// A visit that has a number and no notice yet is a moment old: the next look shows it.
fn visit(id: VisitId, entry: Entry, destinations: &[String]) -> Option<wire::Visit> {
    let notice = entry.notice?;
    let name = notice.name.as_deref().unwrap_or_default();
    let circles = Circles::of(name, notice.name_kana.as_deref().unwrap_or_default());
    let positions = circles.map(|circles| circles.positions).unwrap_or_default();
    let destination = notice.destination.and_then(|at| destinations.get(usize::from(at)));
    Some(wire::Visit {
        visit: id.0,
        number: entry.number.map(|number| number.0),
        at: time(entry.at),
        outcome: outcome(notice.outcome),
        parked: notice.parked,
        circles: positions.into_iter().filter_map(|at| u16::try_from(at).ok()).collect(),
        completed: entry.completed.map(|name| name.completed),
        destination: destination.cloned(),
        claim: claim(&notice.advice),
        agreed: notice.agreed.iter().copied().map(topic).collect(),
        name: notice.name,
        name_kana: notice.name_kana,
    })
}

fn claim(advice: &ClaimAdvice) -> wire::Claim {
    wire::Claim {
        route: match advice.route {
            Route::Current => wire::Route::Current,
            Route::Past => wire::Route::Past,
            Route::Unknown => wire::Route::Unknown,
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
        ClaimNote::AskSystemAgain => wire::Note::AskSystemAgain,
        ClaimNote::AskNewNumber => wire::Note::AskNewNumber,
        ClaimNote::AskWhich => wire::Note::AskWhich,
        ClaimNote::Contradictory => wire::Note::Contradictory,
        ClaimNote::CompareWithPaper => wire::Note::CompareWithPaper,
        ClaimNote::MedicalAssistance => wire::Note::MedicalAssistance,
        ClaimNote::StatementNeeded => wire::Note::StatementNeeded,
        ClaimNote::KeepStatement => wire::Note::KeepStatement,
    }
}
