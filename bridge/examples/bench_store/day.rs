//! Visits as a kiosk keeps them: one transaction for everything that one event brings, as the desk does it.

use anyhow::Result;
use bridge::store::{Op, Settled, Store};
use checkin::consent::{ConsentAnswer, Topic};
use checkin::identity::Method;
use checkin::view::Outcome;
use checkin::{Record, VisitId};
use jiff::Timestamp;
use jiff::civil::Date;

/// Visits of one day at most: there are no more reception numbers for each bridge.
const OF_A_DAY: u64 = 400;
/// About as long as a row is with a name, shares and the ways to claim.
const ROW_BYTES: usize = 700;
/// About as long as a result is.
const RESULT_BYTES: usize = 4_000;

/// What one visit goes through, in order.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Begin,
    Identify,
    Agree,
    End,
    Deliver,
}

pub(crate) const STEPS: [Step; 5] =
    [Step::Begin, Step::Identify, Step::Agree, Step::End, Step::Deliver];

/// Keeps a step of a visit.
pub(crate) fn keep(store: &dyn Store, visit: VisitId, step: Step) -> Result<()> {
    let at = Timestamp::now();
    let record = |record| Op::Record { visit, at, record, by: None };
    match step {
        Step::Begin => store.commit(&[record(Record::Started)])?,
        Step::Identify => {
            let identified = Record::Identified { method: Method::Pin, reason: None };
            store.commit(&[record(identified)])?;
        }
        Step::Agree => {
            let topics = [Topic::Operation, Topic::TreatmentAndMedicine, Topic::HealthCheckups];
            let agreed = topics
                .map(|topic| record(Record::Consent(ConsentAnswer { topic, agreed: true, at })));
            store.commit(&agreed)?;
        }
        Step::End => {
            store.take_number(visit, day(visit))?;
            let (name, content) = (format!("{}.xml", visit.0), vec![b'x'; RESULT_BYTES]);
            let ended = record(Record::Ended(Outcome::Confirmed));
            store.commit(&[ended, Op::Queue { visit, name, content, at }, row(visit)])?;
        }
        Step::Deliver => {
            let waits = store.outbox()?.into_iter().find(|file| file.visit == visit);
            if let Some(file) = waits {
                store.place(file.id, "1:2")?;
                store.commit(&[
                    Op::Settle { id: file.id, how: Settled::Delivered, at },
                    row(visit),
                ])?;
            }
        }
    }
    Ok(())
}

/// The row of the staff board of a visit.
pub(crate) fn row(visit: VisitId) -> Op {
    let row = format!("{{\"name\":\"{}\"}}", "n".repeat(ROW_BYTES));
    Op::Row { visit, version: 1, day: day(visit), row, by_hand: false }
}

fn day(visit: VisitId) -> Date {
    let days = i32::try_from(visit.0 / OF_A_DAY).unwrap_or(0);
    let first = Date::constant(2026, 11, 23);
    first.saturating_add(jiff::Span::new().days(days))
}
