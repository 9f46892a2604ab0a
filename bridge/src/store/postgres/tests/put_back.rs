//! Copies, new names and what was put back: whose is what is there.

use super::*;
use crate::store::{Compared, FolderLock, Refused};
use std::path::Path;

#[test]
fn a_name_belongs_to_one_store_and_a_copy_of_it_does_no_harm() {
    let server = Server::start().unwrap();
    let (folder, copy) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let open = |folder: &Path| Arc::new(Sqlite::open(folder, false).unwrap());
    let here = place("a", 1..=9999);
    let store = open(folder.path());
    let upstream = start(&store, &server, here.clone());
    records(&*store, 1, &[Record::Started]);
    all_sent(&store, &upstream);
    let (mut own, mut others) = (run("own"), run("others"));
    let refused = |store: &Sqlite, run: &mut Run| {
        let opened = runtime().block_on(session(&server, &here, store, run));
        match opened.err() {
            Some(Trouble::Refused(refused)) => refused,
            _ => panic!("it is not refused"),
        }
    };
    let stranger = Sqlite::in_memory().unwrap();
    assert_eq!(refused(&stranger, &mut others), Refused::NameTaken("a".into()));
    finish(&upstream);
    drop((upstream, store));
    for file in ["uketsuke.sqlite", "audit.head"] {
        std::fs::copy(folder.path().join(file), copy.path().join(file)).unwrap();
    }
    let (store, copied) = (open(folder.path()), open(copy.path()));
    runtime().block_on(async {
        drop(session(&server, &here, &store, &mut own).await.unwrap());
        // Somebody starts the copy as well, and it goes on.
        drop(session(&server, &here, &copied, &mut others).await.unwrap());
    });
    assert_eq!(refused(&store, &mut own), Refused::TakenOver("a".into()));
    records(&*copied, 2, &[Record::Started]);
    let upstream = start(&copied, &server, here.clone());
    all_sent(&copied, &upstream);
    finish(&upstream);
    // The first one is started again: it does not have that line.
    records(&*store, 2, &[Record::PasscodeRefused]);
    assert_eq!(refused(&store, &mut run("again")), Refused::Differs("a".into()));
    assert_eq!(Postgres::open(&address(&server), &here).unwrap().check_chain().unwrap(), 2);
}

#[test]
fn a_store_that_was_put_back_from_a_copy_stays_refused_and_a_restored_one_is_sent_anew() {
    let server = Server::start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (data, copy) = (folder.path().join("data"), folder.path().join("copy"));
    let here = place("a", 1..=9999);
    let store = Arc::new(Sqlite::open(&data, false).unwrap());
    let upstream = start(&store, &server, here.clone());
    records(&*store, 1, &[Record::Started]);
    all_sent(&store, &upstream);
    std::fs::create_dir(&copy).unwrap();
    Sqlite::backup(&data, &copy.join("backup"), at()).unwrap().unwrap();
    for file in ["uketsuke.sqlite", "uketsuke.sqlite-wal", "audit.head"] {
        std::fs::copy(data.join(file), copy.join(file)).unwrap();
    }
    // Nothing of it is in the audit.
    store.commit(&[row(1, "2026-11-23", "a name", false)]).unwrap();
    all_sent(&store, &upstream);
    finish(&upstream);
    drop((upstream, store));
    let refused = |store: &Sqlite| {
        store.follow(&here, || ()).unwrap();
        let opened = runtime().block_on(session(&server, &here, store, &mut run("copy")));
        matches!(opened.err(), Some(Trouble::Refused(Refused::Differs(_))))
    };
    let copied = Sqlite::open(&copy, false).unwrap();
    assert!(refused(&copied));
    let rows = (2..9).map(|visit| row(visit, "2026-11-23", "a name", false)).collect::<Vec<_>>();
    copied.commit(&rows).unwrap();
    assert!(refused(&copied), "its journal is as far by now");
    let lock = FolderLock::take(&data).unwrap();
    Sqlite::restore(&data, &copy.join("backup"), false, at(), &lock).unwrap();
    let store = Arc::new(Sqlite::open(&data, false).unwrap());
    let upstream = start(&store, &server, here.clone());
    all_sent(&store, &upstream);
    assert_eq!(told(&Postgres::open(&address(&server), &here).unwrap()), told(&*store));
    finish(&upstream);
}

#[test]
fn a_bridge_may_take_another_name_and_takes_its_numbers_along() {
    let server = Server::start().unwrap();
    let store = Arc::new(Sqlite::in_memory().unwrap());
    let before = start(&store, &server, place("a", 1..=4999));
    store.commit(&[row(1, "2026-11-23", "a name", false)]).unwrap();
    records(&*store, 1, &[Record::Started]);
    all_sent(&store, &before);
    finish(&before);
    let upstream = start(&store, &server, place("b", 1..=4999));
    all_sent(&store, &upstream);
    let open = |name| Postgres::open(&address(&server), &place(name, 1..=9999)).unwrap();
    assert_eq!((open("b").rows().unwrap().len(), open("a").rows().unwrap().len()), (1, 0));
    assert_eq!(open("a").check_chain().unwrap(), 1, "what is proved stays");
    let entering = |store: &Sqlite, place: &Place, run: &mut Run| {
        runtime().block_on(session(&server, place, store, run)).err().map(|why| why.to_string())
    };
    // The name is nobody else's, and its numbers are free.
    let stranger = Sqlite::in_memory().unwrap();
    let refused = entering(&stranger, &place("a", 9999..=9999), &mut run("stranger"));
    assert!(refused.unwrap().contains("another bridge is called a"));
    finish(&upstream);
    let upstream = start(&store, &server, place("b", 5000..=9998));
    let moved = || {
        ask(&server, async |client| {
            let sql = "SELECT first_number FROM bridges WHERE bridge = 'b'";
            client.query_one(sql, &[]).await.unwrap().get::<_, i64>(0) == 5000
        })
    };
    until("it gives other numbers", moved);
    assert_eq!(entering(&stranger, &place("c", 1..=4999), &mut run("stranger")), None);
    finish(&upstream);
}

#[test]
fn a_running_bridge_goes_on_with_a_database_that_was_put_back() {
    let server = Server::start().unwrap();
    let (store, here, mut own) = (Sqlite::in_memory().unwrap(), place("a", 1..=9999), run("own"));
    store.follow(&here, || ()).unwrap();
    records(&store, 1, &[Record::Started]);
    let send = |run: &mut Run| {
        runtime().block_on(async {
            let mut session = session(&server, &here, &store, run).await?;
            while let Some(shipment) = store.shipment(9).unwrap() {
                session.send(&shipment).await?;
                store.sent(shipment.through).unwrap();
            }
            Ok::<_, Trouble>(())
        })
    };
    send(&mut own).unwrap();
    let put_back = "UPDATE bridges SET run = 'before', sent = 0; DELETE FROM audit";
    ask(&server, async |client| client.batch_execute(put_back).await.unwrap());
    send(&mut own).unwrap();
    assert_eq!(Postgres::open(&address(&server), &here).unwrap().check_chain().unwrap(), 1);
    ask(&server, async |client| {
        client.batch_execute("UPDATE bridges SET run = 'another'").await.unwrap();
    });
    assert!(matches!(send(&mut own), Err(Trouble::Refused(Refused::TakenOver(_)))));
}

#[test]
fn a_database_that_was_put_back_from_a_copy_gets_what_it_lost() {
    let server = Server::start().unwrap();
    let store = Arc::new(Sqlite::in_memory().unwrap());
    let here = place("a", 1..=9999);
    let upstream = start(&store, &server, here.clone());
    story(&*store);
    all_sent(&store, &upstream);
    finish(&upstream);
    let lost = "DELETE FROM audit WHERE seq > 3; UPDATE bridges SET sent = 3;
        UPDATE consents SET visit = visit + 100; UPDATE visits SET id = id + 100;
        UPDATE receptions SET number = number + 100;
        INSERT INTO board SELECT site, bridge, 77, 1, day, row, by_hand FROM board LIMIT 1";
    ask(&server, async |client| client.batch_execute(lost).await.unwrap());
    let upstream = start(&store, &server, here.clone());
    let there = Postgres::open(&address(&server), &here).unwrap();
    until("it has all of it", || there.check_chain().is_ok_and(|lines| lines == 9));
    all_sent(&store, &upstream);
    assert_eq!(told(&there), told(&*store));
    let stale = ask(&server, async |client| {
        let sql = "SELECT (SELECT COUNT(*) FROM visits WHERE id > 100)
            + (SELECT COUNT(*) FROM receptions WHERE number > 100)";
        client.query_one(sql, &[]).await.unwrap().get::<_, i64>(0)
    });
    assert_eq!(stale, 0, "what was deleted at the bridge since");
    finish(&upstream);
}

#[test]
fn what_has_arrived_is_of_one_moment_and_compared_with_what_is_here() {
    let server = Server::start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(Sqlite::open(folder.path(), false).unwrap());
    let here = place("a", 1..=9999);
    let compared = || {
        let there = Postgres::open(&address(&server), &here).unwrap().arrived().unwrap();
        (Sqlite::compare(folder.path(), &there).unwrap(), there.audit.unwrap())
    };
    runtime().block_on(async {
        drop(session(&server, &place("b", 1..=1), &store, &mut run("b")).await.unwrap());
    });
    assert_eq!(compared(), (Compared::Nothing, 0));
    let upstream = start(&store, &server, here.clone());
    records(&*store, 1, &[Record::Started, agreed(Topic::Operation)]);
    all_sent(&store, &upstream);
    finish(&upstream);
    records(&*store, 2, &[Record::Started]);
    assert_eq!(compared(), (Compared::Own { due: 2 }, 2));
    let change = |sql: &'static str| {
        ask(&server, async |client| client.batch_execute(sql).await.unwrap());
    };
    change("INSERT INTO audit VALUES ('clinic', 'a', 3, '', '')");
    let there = Postgres::open(&address(&server), &here).unwrap().arrived().unwrap();
    assert_eq!(Sqlite::compare(folder.path(), &there).unwrap(), Compared::Differs);
    change(
        "DELETE FROM audit WHERE seq = 3; UPDATE bridges SET store = 'another' WHERE bridge = 'a'",
    );
    assert_eq!(compared().0, Compared::AnotherStore);
}
