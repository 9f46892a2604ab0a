//! The staff board as it is now, in the words of the wire.

use super::{App, rows};
use crate::desk::Moments;
use crate::kiosk::Kiosk;
use crate::reader::Kind;
use checkin::time::rfc3339;
use jiff::Timestamp;
use protocol::Screen;
use protocol::staff::{
    self as wire, Alarm, Board, FormUp, KioskForm, KioskState, Needed, Step, Waiting,
};

/// What belongs to one kind of reader, never mixed: its visits, and the kiosks that use such a reader now. Of the alarms the
/// store is asked, which takes its time.
pub(super) fn board(app: &App, kind: Kind, alarms: Vec<Alarm>) -> Board {
    let ledger = app.site.ledgers.of(kind);
    let board = &ledger.board;
    // Before everything else: what changes meanwhile has a higher one.
    let revision = revision(app, kind);
    let (kiosks, waiting) = kiosks(app, kind);
    let mut visits: Vec<_> = board.look().into_iter().map(rows::visit).collect();
    let others = ledger.others.look(Timestamp::now());
    if !others.is_empty() {
        visits.extend(others.into_iter().map(rows::other));
        // All are written in the same form. Those of a bridge keep their order where two are of one moment.
        visits.sort_by(|one, other| other.at.cmp(&one.at));
    }
    let parked = visits.iter().filter(|visit| visit.parked).count();
    let settings = app.site.settings.now();
    Board {
        revision,
        kiosks,
        practice: kind == Kind::Practice,
        call_centre: settings.call_centre.clone(),
        simulated: app.site.gateways.of(kind).simulated(),
        parked: u16::try_from(parked).unwrap_or(u16::MAX),
        waiting,
        alarms,
        tested: app.self_test.last(kind).map(|report| rfc3339(report.at)),
        unread: board.unread().iter().map(rows::unread).collect(),
        others: others_standing(app, kind),
        call_places: settings.call_places().iter().map(rows::place).collect(),
        visits,
    }
}

/// Grows with each change of a row and of a kiosk.
pub(super) fn revision(app: &App, kind: Kind) -> u64 {
    let ledger = app.site.ledgers.of(kind);
    ledger.board.revision() + ledger.others.revision() + *app.site.shown.borrow()
}

/// The other bridges of the site; none without a database in which they meet.
pub(super) fn others_standing(app: &App, kind: Kind) -> Vec<wire::OtherBridge> {
    let ledger = app.site.ledgers.of(kind);
    let Some(upstream) = &ledger.upstream else { return Vec::new() };
    let standing = ledger.others.standing(&upstream.link(), Timestamp::now());
    standing.into_iter().map(rows::standing).collect()
}

/// How far each kiosk is, and who waits there for 目視.
pub(super) fn kiosks(app: &App, kind: Kind) -> (Vec<wire::Kiosk>, Vec<Waiting>) {
    let (kiosks, waiting): (Vec<_>, Vec<_>) = app.kiosks.at(kind).map(|it| kiosk(it)).unzip();
    (kiosks, waiting.into_iter().flatten().collect())
}

fn kiosk(kiosk: &Kiosk) -> (wire::Kiosk, Option<Waiting>) {
    let view = kiosk.desk.views.borrow().clone();
    let moments = *kiosk.desk.moments.borrow();
    let name = kiosk.name.to_string();
    let waiting = rows::waiting(&name, &view);
    (wire::Kiosk { name, title: kiosk.title.clone(), state: state(view, moments) }, waiting)
}

fn state(view: protocol::View, moments: Moments) -> KioskState {
    let form = form(&view);
    let step = match view.screen {
        Screen::OutOfService { fault, reader } => {
            return KioskState::OutOfService { fault, reader };
        }
        Screen::Idle => return KioskState::Idle,
        other => step(&other),
    };
    // A view that is a moment older than its moments: the next one is on its way.
    let Some(since) = moments.begun else { return KioskState::Idle };
    let needed = |(what, since)| Needed { what, since: rfc3339(since) };
    let needs = moments.needed.map(needed);
    let visit = moments.visit.map(|it| it.0);
    KioskState::InUse { since: rfc3339(since), step, needs, visit, form }
}

/// What staff can type into or print.
fn form(view: &protocol::View) -> Option<FormUp> {
    let form = match view.screen {
        Screen::Numbers { document, .. } => KioskForm::Numbers { document },
        Screen::Statement { .. } => KioskForm::Statement,
        Screen::StatementReady => KioskForm::StatementReady,
        _ => return None,
    };
    Some(FormUp { seen: view.question, form })
}

fn step(screen: &Screen) -> Step {
    match screen {
        Screen::OutOfService { .. }
        | Screen::Idle
        | Screen::Reading
        | Screen::CardAway { .. }
        | Screen::CardProblem { .. }
        | Screen::Application => Step::Card,
        Screen::Method { .. } => Step::Method,
        Screen::Code { .. } | Screen::ReadingPhoto | Screen::Face { .. } => Step::Face,
        Screen::Pin { .. } | Screen::PinLastTry | Screen::CheckingPin => Step::Pin,
        Screen::Staff { .. } | Screen::CheckingPasscode => Step::Eye,
        Screen::ConsentSkipped { .. } | Screen::ConsentAll { .. } | Screen::ConsentOne { .. } => {
            Step::Consent
        }
        Screen::Items { .. }
        | Screen::ItemsPin { .. }
        | Screen::ReadingItems
        | Screen::Finding
        | Screen::Opening
        | Screen::Waiting => Step::Eligibility,
        Screen::Fallback { .. } => Step::OtherWays,
        Screen::Numbers { .. } | Screen::LimitCertificate => Step::Numbers,
        Screen::Statement { .. } | Screen::StatementReady => Step::Statement,
        Screen::Destination { .. } => Step::Destination,
        Screen::Finished { .. } => Step::Result,
        Screen::TakeCard { .. } | Screen::Farewell { .. } => Step::TakeCard,
    }
}
