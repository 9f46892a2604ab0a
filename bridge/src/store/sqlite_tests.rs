//! What the store keeps, refuses and finds.

use super::super::head;
use super::*;
use crate::store::{Deed, Settled, WhyLocked};
use checkin::Record;
use checkin::consent::{ConsentAnswer, Topic};
use checkin::identity::Method;
use checkin::view::Outcome;

fn at() -> Timestamp {
    "2026-11-23T09:00:00+09:00".parse().unwrap()
}

fn record(store: &Sqlite, visit: VisitId, records: &[Record]) {
    for record in records {
        store.append(visit, at(), record).unwrap();
    }
}

fn agreed(topic: Topic) -> Record {
    Record::Consent(ConsentAnswer { topic, agreed: true, at: at() })
}

fn queue(store: &Sqlite, visit: u64, name: &str, content: &[u8]) {
    let (visit, name, content) = (VisitId(visit), name.to_owned(), content.to_vec());
    store.commit(&[Op::Queue { visit, name, content, at: at() }]).unwrap();
}

fn row(store: &Sqlite, visit: u64, day: &str, row: &str, by_hand: bool) {
    let (visit, day, row) = (VisitId(visit), day.parse().unwrap(), row.to_owned());
    store.commit(&[Op::Row { visit, version: 1, day, row, by_hand }]).unwrap();
}

#[test]
fn a_visit_is_kept_and_the_numbers_go_on_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let store = Sqlite::open(folder.path(), false).unwrap();
    let visit = store.next_visits(1).unwrap();
    assert_eq!(visit, VisitId(1));
    let identified = Record::Identified { method: Method::Pin, reason: None };
    let ended = Record::Ended(Outcome::Confirmed);
    record(&store, visit, &[Record::Started, identified, agreed(Topic::Operation), ended]);
    assert_eq!(store.check_chain().unwrap(), 4);
    assert_eq!(store.newest().unwrap(), Some(at()));
    let row: (String, String, String) = store
        .inner()
        .db
        .query_row(
            "SELECT identified_by, outcome, until FROM visits JOIN consents ON visit = id",
            [],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .unwrap();
    assert_eq!(row, ("pin".into(), "confirmed".into(), "2026-11-24T09:00:00+09:00".into()));
    drop(store);
    assert_eq!(Sqlite::open(folder.path(), false).unwrap().next_visits(1).unwrap(), VisitId(2));
}

#[test]
fn a_number_of_a_visit_whose_records_were_lost_is_not_given_again() {
    let store = Sqlite::in_memory().unwrap();
    store.take_number(VisitId(7), "2026-11-23".parse().unwrap()).unwrap();
    assert_eq!(store.next_visits(1).unwrap(), VisitId(8));
    queue(&store, 8, "a.xml", b"one");
    assert_eq!(store.next_visits(1).unwrap(), VisitId(9));
    row(&store, 9, "2026-11-23", "{}", false);
    assert_eq!(store.next_visits(1).unwrap(), VisitId(10));
}

#[test]
fn a_number_of_a_visit_is_given_once_whoever_asks_and_whatever_becomes_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let store = || Sqlite::open(folder.path(), false).unwrap();
    // Two at once, as two kiosks ask; then a start after which nothing was recorded.
    let (one, other) = (store(), store());
    let given = [&one, &other, &one].map(|store| store.next_visits(1).unwrap().0);
    drop((one, other));
    assert_eq!((given, store().next_visits(5).unwrap().0), ([1, 2, 3], 4));
    assert_eq!(store().next_visits(1).unwrap().0, 9, "all five were given");
}

#[test]
fn all_of_a_commit_is_kept_or_nothing() {
    let store = Sqlite::in_memory().unwrap();
    queue(&store, 1, "a.xml", b"one");
    let ended = Op::Record {
        visit: VisitId(2),
        at: at(),
        record: Record::Ended(Outcome::Confirmed),
        by: None,
    };
    let (visit, name) = (VisitId(2), "a.xml".to_owned());
    let twice = Op::Queue { visit, name, content: b"two".to_vec(), at: at() };
    assert!(store.commit(&[ended, twice]).is_err(), "a name is used once");
    assert_eq!((store.check_chain().unwrap(), store.waiting().unwrap()), (0, 1));
}

#[test]
fn reception_numbers_count_from_one_each_day() {
    let store = Sqlite::in_memory().unwrap();
    let take =
        |visit, day: &str| store.take_number(VisitId(visit), day.parse().unwrap()).unwrap().0;
    assert_eq!((take(1, "2026-11-23"), take(2, "2026-11-23")), (1, 2));
    assert_eq!(take(1, "2026-11-23"), 1, "the same visit keeps its number");
    assert_eq!(take(3, "2026-11-24"), 1);
    assert_eq!(take(4, "2026-11-23"), 3, "a day that comes again goes on");
}

#[test]
fn a_bridge_gives_its_own_reception_numbers_and_no_others() {
    let store = Sqlite::in_memory().unwrap();
    let take = |visit| store.take_number(VisitId(visit), "2026-11-23".parse().unwrap());
    assert_eq!(take(1).unwrap().0, 1);
    let (site, bridge) = ("clinic".to_owned(), "a".to_owned());
    store.follow(&crate::store::Place { site, bridge, numbers: 1001..=1002 }, || ()).unwrap();
    assert_eq!((take(2).unwrap().0, take(3).unwrap().0), (1001, 1002));
    assert!(take(4).is_err(), "the reception helps");
    assert_eq!(take(1).unwrap().0, 1, "the same visit keeps its number");
}

#[test]
fn a_changed_line_is_found() {
    let store = Sqlite::in_memory().unwrap();
    record(&store, VisitId(1), &[Record::PasscodeRefused, Record::Parked, Record::GaveUp]);
    let change = "UPDATE audit SET line = 'nothing happened' WHERE seq = 2";
    assert!(store.inner().db.execute(change, []).is_err(), "the trigger refuses");
    store.inner().db.execute_batch("DROP TRIGGER audit_is_not_changed").unwrap();
    store.inner().db.execute(change, []).unwrap();
    assert!(matches!(store.check_chain(), Err(StoreError::ChainBroken(2))));
}

#[test]
fn nothing_that_was_recorded_is_changed_deleted_or_replaced() {
    let store = Sqlite::in_memory().unwrap();
    let ended = Record::Ended(Outcome::Confirmed);
    record(&store, VisitId(1), &[Record::Started, agreed(Topic::Operation), ended]);
    for forbidden in [
        "INSERT OR REPLACE INTO audit SELECT seq, 'nothing', hash FROM audit WHERE seq = 1",
        "REPLACE INTO audit (seq, line, hash) VALUES (9, 'a gap', zeroblob(32))",
        "DELETE FROM audit",
        "INSERT OR REPLACE INTO consents SELECT visit, topic, 0, given_at, NULL FROM consents",
        "UPDATE consents SET agreed = 0, until = NULL",
        "DELETE FROM consents",
        "INSERT OR REPLACE INTO visits (id, started_at) VALUES (1, 'never')",
        "UPDATE visits SET outcome = 'stopped'",
        "UPDATE OR REPLACE visits SET id = 2",
        "DELETE FROM visits",
    ] {
        let refused = store.inner().db.execute(forbidden, []).unwrap_err().to_string();
        assert!(refused.contains("append-only"), "{forbidden}: {refused}");
    }
    assert_eq!(store.check_chain().unwrap(), 3);
    // What contradicts the tables still stands in the audit, and blocks nothing behind it.
    record(&store, VisitId(1), &[Record::Ended(Outcome::Stopped), Record::Parked]);
    assert_eq!(store.check_chain().unwrap(), 5);
}

#[test]
fn cut_ends_and_rewritten_chains_show() {
    let folder = tempfile::tempdir().unwrap();
    let store = Sqlite::open(folder.path(), false).unwrap();
    record(&store, VisitId(1), &[Record::Started, Record::PasscodeRefused, Record::GaveUp]);
    drop(store);
    let change = |sql: &str| {
        let db = Connection::open(Sqlite::file(folder.path())).unwrap();
        db.execute_batch("DROP TRIGGER IF EXISTS audit_is_not_deleted").unwrap();
        db.execute_batch(sql).unwrap();
    };
    change("DELETE FROM audit WHERE seq = 3");
    assert!(matches!(Sqlite::look(folder.path()), Err(StoreError::Cut(3))));
    // A start does not make it good again, and neither do new lines.
    let store = Sqlite::open(folder.path(), false).unwrap();
    record(&store, VisitId(2), &[Record::Started, Record::Parked]);
    assert!(matches!(store.check_chain(), Err(StoreError::Cut(3))));
    drop(store);
    assert!(matches!(Sqlite::look(folder.path()), Err(StoreError::Cut(3))));

    // Written anew from the first line on, with hashes that fit.
    let folder = tempfile::tempdir().unwrap();
    let store = Sqlite::open(folder.path(), false).unwrap();
    record(&store, VisitId(1), &[Record::Started, Record::PasscodeRefused]);
    let noted = std::fs::read(folder.path().join("audit.head")).unwrap();
    drop(store);
    for file in ["uketsuke.sqlite", "audit.head"] {
        std::fs::remove_file(folder.path().join(file)).unwrap();
    }
    let store = Sqlite::open(folder.path(), false).unwrap();
    record(&store, VisitId(1), &[Record::Started, Record::Parked]);
    drop(store);
    assert!(Sqlite::look(folder.path()).is_ok());
    std::fs::write(folder.path().join("audit.head"), noted).unwrap();
    assert!(matches!(Sqlite::look(folder.path()), Err(StoreError::Cut(2))));
    std::fs::remove_file(folder.path().join("audit.head")).unwrap();
    assert!(matches!(Sqlite::look(folder.path()), Err(StoreError::HeadMissing)));
}

#[test]
fn consents_are_compared_with_the_audit() {
    let store = Sqlite::in_memory().unwrap();
    record(&store, VisitId(1), &[Record::Started, agreed(Topic::Operation)]);
    record(&store, VisitId(2), &[Record::Started, agreed(Topic::HealthCheckups)]);
    assert_eq!(store.check_chain().unwrap(), 4);
    let drop_triggers =
        "DROP TRIGGER consents_are_not_changed; DROP TRIGGER consents_are_not_deleted";
    store.inner().db.execute_batch(drop_triggers).unwrap();
    for (change, back, visit) in [
        ("UPDATE consents SET agreed = 0 WHERE visit = 1", "UPDATE consents SET agreed = 1", 1),
        (
            "UPDATE consents SET given_at = 'then' WHERE visit = 2",
            "UPDATE consents SET given_at = '2026-11-23T09:00:00+09:00'",
            2,
        ),
        ("DELETE FROM consents WHERE visit = 2", "SELECT 1", 2),
    ] {
        store.inner().db.execute_batch(change).unwrap();
        let found = store.check_chain();
        assert!(matches!(found, Err(StoreError::ConsentsDiffer(of)) if of == visit), "{change}");
        store.inner().db.execute_batch(back).unwrap();
    }
}

#[test]
fn a_look_changes_nothing_and_an_older_store_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let db = Connection::open(Sqlite::file(folder.path())).unwrap();
    for migration in &MIGRATIONS[..3] {
        db.execute_batch(migration).unwrap();
    }
    db.pragma_update(None, "user_version", 3).unwrap();
    db.execute("INSERT INTO outbox (name, content) VALUES ('a.xml', x'01')", []).unwrap();
    db.execute("INSERT INTO board VALUES (7, '2026-11-23', '{}', 1)", []).unwrap();
    drop(db);
    let before = std::fs::read(Sqlite::file(folder.path())).unwrap();
    assert!(matches!(Sqlite::look(folder.path()), Ok(Looked::Older)));
    assert_eq!(std::fs::read(Sqlite::file(folder.path())).unwrap(), before);
    let store = Sqlite::open(folder.path(), false).unwrap();
    let waiting = store.outbox().unwrap();
    assert_eq!((waiting[0].name.as_str(), waiting[0].visit), ("a.xml", VisitId(0)));
    assert_eq!(store.content(waiting[0].id).unwrap().as_deref(), Some(&[1][..]));
    let [row] = &store.rows().unwrap()[..] else { panic!("one row") };
    assert_eq!((row.visit, row.version, row.row.as_slice()), (VisitId(7), 0, &b"{}"[..]));
    assert!(row.by_hand && row.day == Some("2026-11-23".parse().unwrap()));
}

#[test]
fn practice_and_patients_are_never_mixed() {
    let folder = tempfile::tempdir().unwrap();
    drop(Sqlite::open(folder.path(), true).unwrap());
    let refused = Sqlite::open(folder.path(), false).err().unwrap().to_string();
    assert!(refused.contains("practice") && refused.contains("--data"), "{refused}");
}

#[test]
fn files_wait_in_order_and_leave_their_names() {
    let store = Sqlite::in_memory().unwrap();
    queue(&store, 1, "a.xml", b"one");
    queue(&store, 2, "b.xml", b"two");
    let first = store.outbox().unwrap().remove(0);
    assert_eq!((first.name.as_str(), first.visit), ("a.xml", VisitId(1)));
    assert_eq!(store.content(first.id).unwrap().as_deref(), Some(&b"one"[..]));
    assert_eq!(store.waiting_since().unwrap(), Some(at()));
    store.commit(&[Op::Settle { id: first.id, how: Settled::Delivered, at: at() }]).unwrap();
    assert_eq!(store.content(first.id).unwrap(), None);
    assert_eq!(store.outbox().unwrap().len(), 1);
    let served = |name| store.has_served(name).unwrap();
    assert_eq!(
        (served("a.xml"), served("b.xml"), served("c.xml")),
        (Some(true), Some(false), None)
    );
    assert!(!store.place(first.id, "1:2").unwrap(), "it has served");
}

#[test]
fn a_newer_result_replaces_what_waits_but_not_what_is_about_to_appear() {
    let store = Sqlite::in_memory().unwrap();
    queue(&store, 1, "a.xml", b"one");
    queue(&store, 2, "b.xml", b"another person");
    queue(&store, 1, "c.xml", b"withdrawn");
    let names = || store.outbox().unwrap().into_iter().map(|row| row.name).collect::<Vec<_>>();
    assert_eq!(names(), ["b.xml", "c.xml"]);
    let third = store.outbox().unwrap().remove(1);
    assert!(store.place(third.id, "1:2").unwrap());
    queue(&store, 1, "d.xml", b"withdrawn too");
    assert_eq!(names(), ["b.xml", "c.xml", "d.xml"]);
}

#[test]
fn rows_of_later_days_and_unfinished_ones_stay() {
    let store = Sqlite::in_memory().unwrap();
    row(&store, 1, "2026-11-22", "yesterday", false);
    row(&store, 2, "2026-11-22", "to be entered", true);
    row(&store, 3, "2026-11-23", "today", false);
    row(&store, 4, "2026-11-24", "the clock was wrong", false);
    store.forget_rows("2026-11-23".parse().unwrap()).unwrap();
    let rows = store.rows().unwrap();
    assert_eq!(rows.iter().map(|row| row.visit.0).collect::<Vec<_>>(), [2, 3, 4]);
}

#[test]
fn a_deleted_name_leaves_the_log_when_the_reader_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let store = Sqlite::open(folder.path(), false).unwrap();
    row(&store, 1, "2026-11-22", "a name of somebody", false);
    let reader = Connection::open(Sqlite::file(folder.path())).unwrap();
    reader.execute_batch("BEGIN; SELECT * FROM board").unwrap();
    let _: i64 = reader.query_row("SELECT COUNT(*) FROM board", [], |row| row.get(0)).unwrap();
    store.forget_rows("2026-11-23".parse().unwrap()).unwrap();
    let left = || {
        ["uketsuke.sqlite", "uketsuke.sqlite-wal"].into_iter().any(|file| {
            let bytes = std::fs::read(folder.path().join(file)).unwrap_or_default();
            bytes.windows(18).any(|window| window == b"a name of somebody")
        })
    };
    assert!(left(), "the reader still needs it");
    reader.execute_batch("COMMIT").unwrap();
    store.tidy().unwrap();
    assert!(!left());
}

#[test]
fn an_unreadable_note_of_the_head_counts_as_removed() {
    let folder = tempfile::tempdir().unwrap();
    let store = Sqlite::open(folder.path(), false).unwrap();
    record(&store, VisitId(1), &[Record::Started]);
    drop(store);
    std::fs::write(folder.path().join("audit.head"), "x").unwrap();
    assert_eq!(head::read(folder.path()).unwrap(), Some(vec![head::MISSING]));
    assert!(matches!(Sqlite::look(folder.path()), Err(StoreError::HeadMissing)));
}

#[test]
fn a_line_with_an_earlier_time_does_not_make_a_wrong_clock_right() {
    let store = Sqlite::in_memory().unwrap();
    let hour = jiff::SignedDuration::from_hours(1);
    let deed = |at, deed| store.commit(&[Op::Deed { at, deed, by: None }]).unwrap();
    record(&store, VisitId(1), &[Record::Started]);
    // Staff enter while the clock is wrong, and the kiosk is started again.
    deed(at() - hour, Deed::BoardOpened);
    assert_eq!(store.newest().unwrap(), Some(at()));
    deed(at() - hour, Deed::ClockAccepted { newest: at() });
    assert_eq!(store.newest().unwrap(), Some(at() - hour));
    deed(at() + hour, Deed::BoardLocked(WhyLocked::Unused));
    assert_eq!(store.newest().unwrap(), Some(at() + hour));
    assert_eq!(store.check_chain().unwrap(), 4);
}
