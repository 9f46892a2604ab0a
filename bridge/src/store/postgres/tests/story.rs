//! A day that both engines keep, and everything that they tell of it.

use super::{agreed, at, queue, records, row, time};
use crate::store::{Deed, Kept, OldRow, Op, Settled, Store};
use checkin::consent::{ConsentAnswer, Topic};
use checkin::identity::Method;
use checkin::view::Outcome;
use checkin::{Record, VisitId};

/// A day at a kiosk, with everything that a store can be asked to do.
pub(super) fn story(store: &dyn Store) {
    let identified = Record::Identified { method: Method::Pin, reason: None };
    let consent = agreed(Topic::Operation);
    records(store, 1, &[Record::Started, identified, consent]);
    let no = ConsentAnswer { topic: Topic::HealthCheckups, agreed: false, at: at() };
    let ended = Record::Ended(Outcome::Confirmed);
    let one = |record| Op::Record { visit: VisitId(1), at: at(), record, by: None };
    let told = row(1, "2026-11-23", "{\"name\":\"a name\"}", false);
    let file = queue(1, "a.xml", b"somebody's result");
    store.commit(&[one(Record::Consent(no)), file, told, one(ended)]).unwrap();
    let day = "2026-11-23".parse().unwrap();
    store.take_number(VisitId(1), day).unwrap();
    store.take_number(VisitId(2), day).unwrap();
    records(store, 2, &[Record::Started, Record::PasscodeRefused, Record::Parked]);
    store.commit(&[Op::Deed { at: at(), deed: Deed::BoardOpened, by: None }]).unwrap();
    // A file that is replaced, one that serves, one that is about to appear.
    store
        .commit(&[queue(2, "b.xml", b"2"), queue(2, "c.xml", b"3"), queue(3, "d.xml", b"4")])
        .unwrap();
    let waiting = store.outbox().unwrap();
    let id = |name: &str| waiting.iter().find(|row| row.name == name).unwrap().id;
    store.commit(&[Op::Settle { id: id("a.xml"), how: Settled::Delivered, at: at() }]).unwrap();
    assert!(store.place(id("d.xml"), "1:2").unwrap());
    // Rows that go with their day, stay for the staff, are damaged, or are written anew.
    store
        .commit(&[
            row(3, "2026-11-22", "a name of yesterday", false),
            row(4, "2026-11-22", "to be entered", true),
            row(5, "2026-11-23", "damaged", false),
            row(6, "2026-11-23", "old", false),
        ])
        .unwrap();
    let change = |visit, change| Op::OldRow { visit: VisitId(visit), version: 1, change };
    let aside = change(5, OldRow::SetAside { version: -1 });
    store.commit(&[aside, change(6, OldRow::Renewed)]).unwrap();
    store.forget_rows(day).unwrap();
}

/// Everything that an engine tells.
pub(super) fn told(kept: &dyn Kept) -> Vec<String> {
    let rows = kept.rows().unwrap().into_iter().map(|row| {
        let text = String::from_utf8(row.row).unwrap();
        let (visit, version, day, by_hand) = (row.visit.0, row.version, row.day, row.by_hand);
        let (number, at) = (row.number.map(|number| number.0), row.at.map(time));
        format!("row {visit} {version} {day:?} {text} {by_hand} {number:?} {at:?}")
    });
    let files = kept.outbox().unwrap();
    let files = files.into_iter().map(|file| format!("file {} {:?}", file.name, file.placing));
    let served = ["a.xml", "b.xml", "d.xml", "e.xml"].map(|name| kept.has_served(name).unwrap());
    let counts = (kept.waiting().unwrap(), kept.by_hand().unwrap());
    let since = kept.waiting_since().unwrap().map(time);
    let lines = kept.check_chain().unwrap();
    let newest = kept.newest().unwrap().map(time);
    let rest = format!("{served:?} {counts:?} {since:?} {lines} lines, {newest:?}");
    rows.chain(files).chain([rest]).collect()
}
