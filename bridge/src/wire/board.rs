//! What the staff are shown.

use super::limit::limit;
use ::wire::{Twin, outcome};
use checkin::VisitId;
use checkin::circle::Circles;
use checkin::claim::{
    ClaimAdvice, ClaimNote, ClaimRules, Destination, Remark, Route, Situation, TypedKnown, advise,
};
use checkin::documents::{Paper, PaperItem};
use checkin::effect::Handover;
use checkin::eligibility::Asked;
use checkin::number::FieldError;
use checkin::reception::StaffNotice;
use checkin::time::rfc3339;
use checkin::view::Outcome;
use jiff::Timestamp;
use jiff::civil::Date;
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
        at: rfc3339(at),
        outcome: outcome(notice.outcome),
        parked: notice.parked,
        circles: positions.into_iter().filter_map(|at| u16::try_from(at).ok()).collect(),
        completed: None,
        destination: destination.cloned(),
        claim: claim(&notice.advice),
        agreed: notice.agreed.iter().copied().map(Twin::to_wire).collect(),
        paper: notice.paper.as_ref().map(paper),
        limit: notice.limit.map(limit),
        lost: Vec::new(),
        late: None,
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
        at: rfc3339(at),
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
        paper: None,
        limit: None,
        lost: Vec::new(),
        late: None,
        by_hand: None,
        name: None,
        name_kana: None,
    }
}

/// The row of a visit that was forgotten with its day, as far as its result file tells.
pub fn late_row(id: VisitId, at: Timestamp, handover: &Handover, today: Date) -> wire::Visit {
    let Handover { eligibility, asked, .. } = handover;
    let first = eligibility.qualifications.first();
    let valid = eligibility.is_valid();
    let ended =
        if valid { Outcome::Confirmed } else { Outcome::NotConfirmed(eligibility.validity) };
    let advice = advise(&Situation {
        eligibility: Some(eligibility),
        numbers: None,
        statement: None,
        card_shown: *asked == Asked::Card,
        oral: false,
        birth: None,
        today,
        rules: &ClaimRules::default(),
    });
    wire::Visit {
        outcome: outcome(ended),
        claim: claim(&advice),
        name: first.map(|q| q.name.clone()),
        name_kana: first.map(|q| q.name_kana.clone()),
        ..bare_row(id, at)
    }
}

fn paper(paper: &Paper) -> wire::Paper {
    let item = |item: &PaperItem| match item {
        PaperItem::Card => wire::PaperItem::Card,
        PaperItem::Share => wire::PaperItem::Share,
        PaperItem::ValidUntil => wire::PaperItem::ValidUntil,
        PaperItem::ShareFrom => wire::PaperItem::ShareFrom,
    };
    let items = paper.items.iter().map(item).collect();
    wire::Paper { document: paper.document.to_wire(), items, seen: false }
}

/// The claim of a row whose number staff know: everything else stays.
///
/// # Errors
/// [`FieldError`] names the first wrong field.
pub fn known(
    row: &wire::Claim,
    typed: &TypedKnown,
    today: Date,
) -> Result<wire::Claim, FieldError> {
    let (way, numbers, remarks) = typed.check(today)?;
    let done = [wire::Note::AskWhetherChanged, wire::Note::StatementNeeded];
    let notes = row.notes.iter().copied().filter(|note| !done.contains(note));
    Ok(wire::Claim {
        route: route(way),
        insurer_number: numbers.insurer_number,
        symbol: numbers.symbol,
        number: numbers.number,
        branch: numbers.branch,
        remarks: remarks.iter().map(remark).collect(),
        notes: notes.collect(),
        send_to: None,
        shares: row.shares.clone(),
    })
}

fn route(route: Route) -> wire::Route {
    match route {
        Route::Current => wire::Route::Current,
        Route::Past => wire::Route::Past,
        Route::Unknown => wire::Route::Unknown,
        Route::Undecided => wire::Route::Undecided,
    }
}

fn claim(advice: &ClaimAdvice) -> wire::Claim {
    wire::Claim {
        route: route(advice.route),
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
        ClaimNote::AskWhetherChanged => wire::Note::AskWhetherChanged,
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
