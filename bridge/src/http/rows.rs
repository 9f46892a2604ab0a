//! The rows of the staff board in the words of the wire, when they are looked at.

use crate::board::{
    ByHand, Called, Claim, Fit, Listed, Marks, OtherRow, Paper, Row, Standing, Unread,
};
use crate::call_place::CallPlace;
use ::wire::Twin;
use checkin::VisitId;
use checkin::circle::Circles;
use checkin::claim::Route;
use checkin::time::rfc3339;
use protocol::call;
use protocol::staff as wire;

/// Whether the screen of this kiosk waits for 目視.
pub(super) fn waiting(kiosk: &str, view: &protocol::View) -> Option<wire::Waiting> {
    match view.screen {
        protocol::Screen::Staff { problem } => {
            Some(wire::Waiting { kiosk: kiosk.to_owned(), seen: view.revision, problem })
        }
        _ => None,
    }
}

/// One visit.
pub(super) fn visit((id, row): (VisitId, Row)) -> wire::Visit {
    let name = row.name.as_deref().unwrap_or_default();
    let circles = Circles::of(name, row.name_kana.as_deref().unwrap_or_default());
    let positions = circles.map(|circles| circles.positions).unwrap_or_default();
    wire::Visit {
        visit: id.0,
        bridge: None,
        kiosk: row.kiosk.clone(),
        number: row.number,
        at: rfc3339(row.at),
        outcome: row.outcome.to_wire(),
        parked: row.parked,
        circles: positions.into_iter().filter_map(|at| u16::try_from(at).ok()).collect(),
        listed: row.listed.as_ref().map(|listed| self::listed(listed, row.claim())),
        claim: claim(row.claim()),
        completed: row.completed,
        destination: row.destination,
        agreed: row.agreed.into_iter().map(Twin::to_wire).collect(),
        paper: row.paper.map(paper),
        limit: row.limit,
        lost: row.lost,
        late: row.late.map(rfc3339),
        by_hand: row.by_hand.map(|ByHand { why, values }| wire::ByHand { why, values }),
        marks: marks(row.marks),
        note: row.note,
        name: row.name,
        name_kana: row.name_kana,
    }
}

/// One visit of another bridge.
pub(super) fn other(OtherRow { bridge, number, row }: OtherRow) -> wire::Visit {
    wire::Visit { bridge: Some(bridge), ..visit((VisitId(number), row)) }
}

/// How another bridge is seen from here.
pub(super) fn standing(Standing { bridge, since, unread }: Standing) -> wire::OtherBridge {
    let unread = u32::try_from(unread).unwrap_or(u32::MAX);
    wire::OtherBridge { name: bridge, since: since.map(rfc3339), unread }
}

/// A row that cannot be read.
pub(super) fn unread(row: &Unread) -> wire::Unread {
    let Unread { visit, number, at, by_hand, newer, .. } = *row;
    wire::Unread { visit: visit.0, number, at: at.map(rfc3339), by_hand, newer }
}

fn marks(Marks { called, done, seen, .. }: Marks) -> wire::Marks {
    let called = called.map(|called| {
        let at = rfc3339(called.at());
        let Called { times, to, .. } = called;
        wire::Called { at, times, to: place(&to) }
    });
    wire::Marks { seen, called, done: done.map(rfc3339) }
}

/// Where somebody is called to.
pub(super) fn place(place: &CallPlace) -> call::Place {
    match place.clone() {
        CallPlace::Reception => call::Place::Reception,
        CallPlace::Counter(number) => call::Place::Counter { number },
        CallPlace::Lane(number) => call::Place::Lane { number },
        CallPlace::Room(number) => call::Place::Room { number },
        CallPlace::Named { ja, en } => call::Place::Named { ja, en },
    }
}

/// Whom the patient list knows, and whether the claim goes on the insurance that it has.
fn listed(Listed { sure, fits, .. }: &Listed, claim: &Claim) -> wire::Listed {
    let one = |fit: &Fit| wire::Fit {
        chart: fit.chart.clone(),
        reading: fit.reading.clone(),
        next: fit.next.clone(),
        insurance: fit.insurance.clone().map(|known| wire::Insured {
            insurer_number: known.insurer_number,
            symbol: known.symbol,
            number: known.number,
            branch: known.branch,
        }),
        agrees: match claim.route {
            // Sevens agree with nobody.
            Route::Unknown => None,
            _ => fit.agrees(&claim.insurer_number, &claim.symbol, &claim.number),
        },
    };
    wire::Listed { sure: *sure, fits: fits.iter().map(one).collect() }
}

fn paper(paper: Paper) -> wire::Paper {
    let items = paper.items.into_iter().map(Twin::to_wire).collect();
    wire::Paper { document: paper.document.to_wire(), items, seen: paper.seen }
}

fn claim(claim: &Claim) -> wire::Claim {
    wire::Claim {
        route: claim.route.to_wire(),
        insurer_number: claim.insurer_number.clone(),
        symbol: claim.symbol.clone(),
        number: claim.number.clone(),
        branch: claim.branch.clone(),
        remarks: claim.remarks.clone(),
        notes: claim.notes.iter().copied().map(Twin::to_wire).collect(),
        send_to: claim.send_to.map(Twin::to_wire),
        shares: claim.shares.clone(),
    }
}
