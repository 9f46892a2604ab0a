//! What is proved, deleted in its time, copied and brought back.

use super::*;
use crate::store::{Deed, FolderLock};
use checkin::consent::{ConsentAnswer, Topic};
use checkin::time::in_japan;
use checkin::view::Outcome;
use checkin::{Record, VisitId};
use std::path::Path;

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn at() -> Timestamp {
    time("2026-11-23T09:00:00+09:00")
}

fn visit(store: &Sqlite, visit: u64, at: Timestamp) {
    let answer = ConsentAnswer { topic: Topic::Operation, agreed: true, at };
    let records = [Record::Started, Record::Consent(answer), Record::Ended(Outcome::Confirmed)];
    for record in records {
        store.commit(&[Op::Record { visit: VisitId(visit), at, record, by: None }]).unwrap();
    }
}

fn queue(store: &Sqlite, visit: u64, name: &str) {
    let (visit, name, content) = (VisitId(visit), name.to_owned(), b"somebody".to_vec());
    store.commit(&[Op::Queue { visit, name, content, at: at() }]).unwrap();
}

fn change(file: &Path, sql: &str) {
    let db = Connection::open(file).unwrap();
    db.execute_batch(
        "DROP TRIGGER IF EXISTS audit_is_not_deleted; DROP TRIGGER IF EXISTS audit_is_not_changed",
    )
    .unwrap();
    db.execute_batch(sql).unwrap();
}

#[test]
fn an_audit_in_use_is_proved_and_what_is_wrong_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let store = Sqlite::open(folder.path(), false).unwrap();
    visit(&store, 1, at());
    let audit = Sqlite::verify(folder.path()).unwrap();
    let line = |number| Some((number, "2026-11-23T09:00:00+09:00".to_owned()));
    assert_eq!((audit.lines, audit.first, audit.last), (3, line(1), line(3)));
    let noted = std::fs::read_to_string(folder.path().join("audit.head")).unwrap();
    assert_eq!(noted.trim(), format!("3 {}", audit.head));
    drop(store);
    change(&Sqlite::file(folder.path()), "UPDATE audit SET line = 'nothing' WHERE seq = 2");
    assert!(matches!(Sqlite::verify(folder.path()), Err(StoreError::ChainBroken(2))));
}

#[test]
fn lines_go_when_their_time_is_over_and_the_chain_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let store = Sqlite::open(folder.path(), false).unwrap();
    let (old, new) = (at(), at() + jiff::SignedDuration::from_hours(24));
    visit(&store, 1, old);
    store.take_number(VisitId(1), in_japan(old).date()).unwrap();
    visit(&store, 2, new);
    let forget = |before| store.commit(&[Op::Forget { before, at: new }]).unwrap();
    forget(old);
    assert_eq!(store.check_chain().unwrap(), 6, "nothing has had its time");
    forget(new);
    let audit = Sqlite::verify(folder.path()).unwrap();
    assert_eq!((audit.lines, audit.first.unwrap().0, audit.last.unwrap().0), (4, 4, 7));
    assert_eq!(audit.deleted.unwrap().0, 3);
    forget(new);
    assert_eq!(store.check_chain().unwrap(), 4, "once");
    let left = |table: &str| -> i64 {
        let sql = format!("SELECT COUNT(*) FROM {table}");
        store.inner().db.query_row(&sql, [], |row| row.get(0)).unwrap()
    };
    assert_eq!((left("visits"), left("consents"), left("receptions")), (1, 1, 0));
    assert!(store.next_visits(1).unwrap().0 > 1, "no number comes again");
    let refused = store.inner().db.execute("DELETE FROM audit WHERE seq = 4", []).unwrap_err();
    assert!(refused.to_string().contains("append-only"), "{refused}");
    drop(store);
    assert!(Sqlite::look(folder.path()).is_ok(), "also after a start");
    // A beginning that was removed by somebody else shows.
    let file = Sqlite::file(folder.path());
    change(&file, "DELETE FROM audit WHERE seq = 4");
    assert!(matches!(Sqlite::verify(folder.path()), Err(StoreError::ChainBroken(4))));
    let pretends = "DROP TRIGGER audit_start_goes_forward;
        UPDATE audit_start SET seq = 4, hash = (SELECT hash FROM audit WHERE seq = 4);";
    let folder = tempfile::tempdir().unwrap();
    let store = Sqlite::open(folder.path(), false).unwrap();
    visit(&store, 1, old);
    visit(&store, 2, new);
    store.commit(&[Op::Forget { before: new, at: new }]).unwrap();
    drop(store);
    change(
        &Sqlite::file(folder.path()),
        &format!("{pretends} DELETE FROM audit WHERE seq <= 4; DELETE FROM deleting"),
    );
    assert!(matches!(Sqlite::verify(folder.path()), Err(StoreError::Beheaded(4))));
}

#[test]
fn a_wrong_clock_neither_deletes_what_is_new_nor_keeps_what_is_old() {
    let store = Sqlite::in_memory().unwrap();
    let (old, ahead) = (at(), time("2099-01-01T00:00:00+09:00"));
    visit(&store, 1, old);
    store.commit(&[Op::Deed { at: ahead, deed: Deed::BoardOpened, by: None }]).unwrap();
    visit(&store, 2, old);
    let now = time("2032-01-01T09:00:00+09:00");
    visit(&store, 3, now);
    store.commit(&[Op::Deed { at: old, deed: Deed::BoardOpened, by: None }]).unwrap();
    store.commit(&[Op::Forget { before: time("2027-01-01T00:00:00+09:00"), at: now }]).unwrap();
    assert_eq!(store.check_chain().unwrap(), 5, "those of visit 3, and the one behind it");
}

#[test]
fn a_backup_of_a_store_in_use_is_complete_and_writes_over_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("backup");
    let store = Sqlite::open(folder.path(), false).unwrap();
    visit(&store, 1, at());
    queue(&store, 1, "a.xml");
    let audit = Sqlite::backup(folder.path(), &file, at()).unwrap().unwrap();
    assert_eq!((audit.lines, Sqlite::verify_backup(&file).unwrap()), (3, audit));
    visit(&store, 2, at());
    assert!(matches!(Sqlite::backup(folder.path(), &file, at()), Err(BackupError::Exists(_))));
    assert_eq!(Sqlite::verify_backup(&file).unwrap().lines, 3, "it stays as it was");
    let names: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|one| one.unwrap().file_name()).collect();
    assert!(names.iter().all(|name| !name.to_string_lossy().ends_with("part")), "{names:?}");
    #[cfg(unix)]
    assert_eq!(std::os::unix::fs::MetadataExt::mode(&file.metadata().unwrap()) & 0o777, 0o600);
    assert!(matches!(
        Sqlite::verify_backup(&Sqlite::file(folder.path())),
        Err(StoreError::NoBackup)
    ));
    // A changed backup shows, and is not brought back.
    change(&file, "UPDATE audit SET line = 'nothing' WHERE seq = 1");
    let other = tempfile::tempdir().unwrap();
    let lock = FolderLock::take(other.path()).unwrap();
    let refused = Sqlite::restore(other.path(), &file, false, at(), &lock);
    assert!(matches!(refused, Err(RestoreError::Store(StoreError::ChainBroken(1)))));
    assert!(!Sqlite::file(other.path()).exists());
}

#[test]
fn what_was_given_after_a_backup_is_not_given_again() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("backup"));
    let today = in_japan(at()).date();
    let store = Sqlite::open(&data, false).unwrap();
    let before = store.next_visits(1).unwrap();
    visit(&store, before.0, at());
    store.take_number(before, today).unwrap();
    queue(&store, before.0, "a.xml");
    Sqlite::backup(&data, &file, at()).unwrap().unwrap();
    let after = store.next_visits(512).unwrap();
    store.take_number(after, today).unwrap();
    queue(&store, after.0, "b.xml");
    drop(store);

    let lock = FolderLock::take(&data).unwrap();
    let restored = Sqlite::restore(&data, &file, false, at(), &lock).unwrap();
    assert_eq!((restored.waiting, restored.number), (1, Some(2)), "the number of the later visit");
    assert_eq!(restored.left_behind, [i64::try_from(after.0).unwrap()]);
    assert!(Sqlite::file(&restored.aside.unwrap()).exists(), "nothing is deleted");
    let audit = Sqlite::verify(&data).unwrap();
    assert_eq!(
        (audit.lines, audit.last.unwrap().0),
        (4, 4),
        "that it was restored is in the audit"
    );
    let store = Sqlite::open(&data, false).unwrap();
    let next = store.next_visits(1).unwrap();
    assert!(next.0 > after.0 + 512, "{next:?}");
    assert_eq!(store.take_number(next, today).unwrap().0, 3);
    // It may have been delivered since: it is not written again without a look.
    assert_eq!(store.outbox().unwrap()[0].placing.as_deref(), Some("?"));
    drop(store);

    // Nothing is known of the store that was there.
    std::fs::write(Sqlite::file(&data), b"not a database").unwrap();
    let restored = Sqlite::restore(&data, &file, false, at(), &lock).unwrap();
    assert!(restored.left_behind.is_empty() && restored.aside.is_some());
    let store = Sqlite::open(&data, false).unwrap();
    let next = store.next_visits(1).unwrap();
    assert!(next.0 > after.0 + 512, "{next:?}");
    assert!(store.take_number(next, today).unwrap().0 > 5000, "the upper half of what is left");
    assert_eq!(store.take_number(VisitId(next.0 + 1), today.tomorrow().unwrap()).unwrap().0, 1);
    assert_eq!(store.check_chain().unwrap(), 4);
}

#[test]
fn the_settings_of_the_staff_pages_are_in_a_backup_and_come_back_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("backup"));
    let (none, old) = (folder.path().join("none"), folder.path().join("old"));
    drop(Sqlite::open(&data, false).unwrap());
    let settings = data.join(crate::settings::FILE);
    Sqlite::backup(&data, &none, at()).unwrap().unwrap();
    std::fs::write(&settings, "before").unwrap();
    Sqlite::backup(&data, &file, at()).unwrap().unwrap();
    std::fs::write(&settings, "after").unwrap();
    let lock = FolderLock::take(&data).unwrap();
    let restored = Sqlite::restore(&data, &file, false, at(), &lock).unwrap();
    assert_eq!(restored.settings, Some(true));
    assert_eq!(std::fs::read_to_string(&settings).unwrap(), "before");
    let aside = restored.aside.unwrap().join(crate::settings::FILE);
    assert_eq!(std::fs::read_to_string(aside).unwrap(), "after", "nothing is deleted");
    // Written by a version that did not know of them.
    std::fs::copy(&file, &old).unwrap();
    change(&old, "DROP TABLE backup_settings");
    let restored = Sqlite::restore(&data, &old, false, at(), &lock).unwrap();
    assert_eq!(restored.settings, None);
    assert_eq!(std::fs::read_to_string(&settings).unwrap(), "before", "as it was");
    // There were none.
    let restored = Sqlite::restore(&data, &none, false, at(), &lock).unwrap();
    assert_eq!((restored.settings, settings.exists()), (Some(false), false));
    assert!(Sqlite::open(&data, false).is_ok());
}

#[test]
fn what_is_of_the_other_kind_or_newer_or_interrupted_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("backup"));
    drop(Sqlite::open(&data, true).unwrap());
    Sqlite::backup(&data, &file, at()).unwrap().unwrap();
    let lock = FolderLock::take(&data).unwrap();
    let refused = |practice| match Sqlite::restore(&data, &file, practice, at(), &lock) {
        Err(RestoreError::Store(error)) => error,
        _ => panic!("refused"),
    };
    assert!(matches!(refused(false), StoreError::Mixed { practice: true, .. }));
    change(&file, "PRAGMA user_version = 999");
    assert!(matches!(refused(true), StoreError::Newer));
    assert!(Sqlite::open(&data, true).is_ok(), "what is there stays");
    // As if the program had been stopped before the last step.
    let store = Sqlite::file(&data);
    std::fs::rename(&store, data.join("uketsuke.sqlite.restoring")).unwrap();
    assert!(matches!(Sqlite::open(&data, true), Err(StoreError::RestoreInterrupted)));
}

#[test]
fn a_restoration_that_fails_leaves_nothing_and_what_it_writes_is_its_owners() {
    let folder = tempfile::tempdir().unwrap();
    let (data, file) = (folder.path().join("data"), folder.path().join("backup"));
    let store = Sqlite::open(&data, false).unwrap();
    visit(&store, 1, at());
    drop(store);
    Sqlite::backup(&data, &file, at()).unwrap().unwrap();
    #[cfg(unix)]
    std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
    let lock = FolderLock::take(&data).unwrap();
    // It is sound, and cannot be made the store.
    let no =
        "CREATE TRIGGER no BEFORE UPDATE ON visit_numbers BEGIN SELECT RAISE(ABORT, 'no'); END";
    change(&file, no);
    assert!(Sqlite::restore(&data, &file, false, at(), &lock).is_err());
    let names: Vec<_> =
        std::fs::read_dir(&data).unwrap().map(|one| one.unwrap().file_name()).collect();
    assert!(!names.iter().any(|name| name.to_string_lossy().contains("restor")), "{names:?}");
    assert_eq!(Sqlite::open(&data, false).unwrap().check_chain().unwrap(), 3, "it goes on");
    change(&file, "DROP TRIGGER no");
    Sqlite::restore(&data, &file, false, at(), &lock).unwrap();
    let mode = |file: &Path| {
        #[cfg(unix)]
        return std::os::unix::fs::MetadataExt::mode(&file.metadata().unwrap()) & 0o777;
        #[cfg(not(unix))]
        return if file.exists() { 0o600 } else { 0 };
    };
    assert_eq!(mode(&Sqlite::file(&data)), 0o600, "whoever may read the backup");
}

#[test]
fn what_is_kept_of_somebody_is_told_and_erased() {
    let folder = tempfile::tempdir().unwrap();
    let store = Sqlite::open(folder.path(), false).unwrap();
    let day = in_japan(at()).date();
    for id in [1, 2] {
        visit(&store, id, at());
        store.take_number(VisitId(id), day).unwrap();
        queue(&store, id, &format!("{id}.xml"));
        let row = "{\"name\":\"somebody\"}".to_owned();
        let row = Op::Row { visit: VisitId(id), version: 1, day, row, by_hand: id == 1 };
        store.commit(&[row]).unwrap();
    }
    let whose = Sqlite::find(folder.path(), day, 2).unwrap();
    assert_eq!((whose, Sqlite::find(folder.path(), day, 3).unwrap()), (Some(VisitId(2)), None));
    let export = |which| Sqlite::export(folder.path(), which, at()).unwrap();
    let told = export(Which::Visit(VisitId(1))).unwrap();
    let [one] = told["visits"].as_array().unwrap().as_slice() else { panic!("one visit") };
    assert_eq!(
        (&one["reception"]["number"], &one["itself"]["outcome"]),
        (&1.into(), &"confirmed".into())
    );
    assert_eq!(one["staff_board"][0]["row"]["name"], "somebody");
    assert_eq!(one["result_files"][0]["content"], "somebody");
    assert_eq!(
        (one["consents"][0]["topic"].as_str(), one["audit"].as_array().unwrap().len()),
        (Some("operation"), 3)
    );
    assert!(told["not_kept"].as_array().unwrap().len() > 3, "what there is not is said, too");
    assert_eq!(export(Which::Day(day)).unwrap()["visits"].as_array().unwrap().len(), 2);
    assert_eq!(export(Which::Visit(VisitId(3))), None);

    let there = Sqlite::to_erase(folder.path(), VisitId(1)).unwrap();
    assert_eq!(there, ToErase { rows: 1, unentered: 1, files: 1, perhaps_there: 0 });
    store.commit(&[Op::Erase { visit: VisitId(1), at: at(), by: None }]).unwrap();
    let there = Sqlite::to_erase(folder.path(), VisitId(1)).unwrap();
    assert_eq!(there, ToErase::default());
    let told = export(Which::Visit(VisitId(1))).unwrap().to_string();
    assert!(!told.contains("somebody") && told.contains("\"erased\""), "{told}");
    assert!(export(Which::Visit(VisitId(2))).unwrap().to_string().contains("somebody"));
    // The temporary file of what was erased is nobody's any more, and goes.
    assert_eq!((store.has_served("1.xml").unwrap(), store.waiting().unwrap()), (Some(true), 1));
    assert_eq!(Sqlite::verify(folder.path()).unwrap().lines, 7);
}
