//! `GET /health`: for the start script, monitoring and staff. Nothing about persons.

use super::App;
use crate::checks::free_mib;
use crate::clock;
use crate::kiosk::Kiosk;
use crate::ledger::Ledger;
use crate::reader::Kind;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use checkin::ReaderEvent;
use checkin::time::rfc3339;
use protocol::self_test::Check;
use serde::Serialize;
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// The answer.
#[derive(Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "each says of one part whether it is well")]
pub(super) struct Health {
    version: &'static str,
    protocol: u32,
    /// Somebody can be served now at one of the kiosks at least. The status is 503 when not.
    serves: bool,
    kiosks: Vec<One>,
    /// It answers, and nothing waits for it.
    store: bool,
    /// Records and rows that wait for the store, because it does not work: no visit begins meanwhile.
    records_waiting: u64,
    /// Records that were given up. There should be none.
    records_lost: u64,
    /// Result files that wait for their folder.
    outbox: u64,
    /// Since when the oldest one waits.
    outbox_since: Option<String>,
    /// The site's database, where there is one. Nobody waits for it.
    database: Option<Database>,
    /// Results that no file could take: staff enter them by hand, see the staff board.
    by_hand: u64,
    /// Rows of the staff board that this version of the program cannot read: they stay as they are, see the staff board.
    rows_unread: usize,
    /// Wrong log-ins of accounts since the start.
    log_ins_refused: u64,
    /// Days until the certificate of the site's network ends, below 0 when it has; left out where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    certificate_days: Option<i64>,
    /// What the last self-test found; `null`: there was none since the start.
    self_test: Option<Tested>,
    /// Whether the site is open by its opening hours; `null`: nobody has said when it is.
    open: Option<bool>,
    models: bool,
    /// The eligibility system can be reached, and comes back from what it is asked, as far as that is known.
    gateway: bool,
    /// Room on the disk of the data folder, in MiB; `null` when that is not known.
    disk_free_mib: Option<u64>,
    /// The computer's time, and whether it can be right: not before the newest record.
    time: String,
    clock: bool,
    uptime_s: u64,
}

/// A self-test.
#[derive(Serialize)]
struct Tested {
    at: String,
    /// What has to be mended; empty: all is well as far as it can be tested.
    faults: Vec<Check>,
}

/// The site's database.
#[derive(Serialize)]
struct Database {
    /// `starting`, `up`, `away` or `refused`.
    state: &'static str,
    /// Since when.
    since: String,
    /// What is wrong.
    why: Option<String>,
    /// Changes that it does not have yet; `null` when the store does not answer.
    unsent: Option<u64>,
}

/// One kiosk.
#[derive(Serialize)]
struct One {
    /// In addresses.
    name: String,
    /// For staff.
    title: String,
    mode: &'static str,
    /// Somebody can be served here now: reader, store and clock are well.
    serves: bool,
    /// A page shows the screens.
    page: bool,
    reader: Reader,
}

#[derive(Serialize)]
struct Reader {
    name: Option<String>,
    state: &'static str,
}

pub(super) async fn health(State(app): State<Arc<App>>) -> (StatusCode, Json<Health>) {
    let site = &app.site;
    // Patients come first; where nobody is served but in practice, that is what there is to tell of.
    let kind = if app.kiosks.any_at(Kind::Pcsc) { Kind::Pcsc } else { Kind::Practice };
    let ledger = site.ledgers.of(kind);
    let store = Arc::clone(&ledger.store);
    let standing = ledger.writer.standing();
    let counted =
        move || Some((store.waiting().ok()?, store.by_hand().ok()?, store.waiting_since().ok()?));
    let counts = app.on_disk(counted).await.ok().flatten();
    let database = database(&app, ledger).await;
    let data = site.data.clone();
    let disk_free_mib = app.on_disk(move || free_mib(&data)).await.ok().flatten();
    let works = counts.is_some() && !standing.failing;
    let (outbox, by_hand, outbox_since) = counts.unwrap_or_default();
    let kiosks: Vec<_> = app.kiosks.iter().map(|kiosk| one(kiosk, works)).collect();
    let serves = kiosks.iter().any(|kiosk| kiosk.serves);
    let now = site.clock.now().wall;
    let health = Health {
        version: env!("CARGO_PKG_VERSION"),
        protocol: protocol::PROTOCOL_VERSION,
        serves,
        kiosks,
        store: works,
        records_waiting: standing.waiting,
        records_lost: standing.lost,
        outbox,
        database,
        outbox_since: outbox_since.map(rfc3339),
        by_hand,
        rows_unread: ledger.board.unread().len(),
        log_ins_refused: site.accounts.refused(now).0,
        certificate_days: app.certificates.as_ref().map(|certificates| certificates.days(now)),
        self_test: app.self_test.last(kind).map(|report| Tested {
            at: rfc3339(report.at),
            faults: report.faults().map(|found| found.check).collect(),
        }),
        open: site.settings.now().hours.is_open(now),
        models: site.rules.face.is_some(),
        gateway: site.gateways.of(kind).is_well(),
        disk_free_mib,
        time: rfc3339(now),
        clock: !clock::is_wrong(now, ledger.newest()),
        uptime_s: app.started.elapsed().as_secs(),
    };
    let status = if serves { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(health))
}

async fn database(app: &App, ledger: &Arc<Ledger>) -> Option<Database> {
    let link = ledger.upstream.as_ref()?.link();
    let ledger = Arc::clone(ledger);
    let count = move || ledger.upstream.as_ref()?.unsent().ok();
    let unsent = app.on_disk(count).await.ok().flatten();
    let why = link.state.why().map(str::to_owned);
    Some(Database { state: link.state.word(), since: rfc3339(link.since), why, unsent })
}

/// `store`: whether records are kept.
fn one(kiosk: &Kiosk, store: bool) -> One {
    let status = kiosk.switch.status();
    One {
        name: kiosk.name.to_string(),
        title: kiosk.title.clone(),
        mode: match status.kind {
            Kind::Practice => "practice",
            Kind::Pcsc => "reader",
        },
        serves: store && kiosk.fault().is_none(),
        page: kiosk.pages.load(Ordering::Relaxed) > 0,
        reader: Reader {
            name: status.name,
            state: match status.last {
                None => "starting",
                Some(ReaderEvent::Gone) => "missing",
                Some(ReaderEvent::ServiceDown) => "service_down",
                Some(ReaderEvent::Ready | ReaderEvent::CardRemoved) => "ready",
                Some(ReaderEvent::CardPlaced) => "card",
            },
        },
    }
}
