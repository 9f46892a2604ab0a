//! Over a real server.

mod reads;
mod story;

use super::super::postgres::{Address, Place, Postgres, Refused, Run, Session, Trouble, schema};
use crate::store::{Compared, FolderLock, Kept, LinkState, Op, Sqlite, Store, Target, Upstream};
use checkin::consent::{ConsentAnswer, Topic};
use checkin::time::rfc3339 as time;
use checkin::{Record, VisitId};
use jiff::Timestamp;
use postgres_harness::Postgres as Server;
use std::ops::RangeInclusive;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use story::{story, told};
use tokio::runtime::Runtime;
use tokio::sync::Notify;
use tokio_postgres::{Client, NoTls};

/// That of something that hangs.
const DEADLINE: Duration = Duration::from_mins(1);

fn at() -> Timestamp {
    "2026-11-23T09:00:00+09:00".parse().unwrap()
}

fn address(server: &Server) -> Address {
    Address::parse(&server.url(), false).unwrap()
}

fn place(bridge: &str, numbers: RangeInclusive<u16>) -> Place {
    Place { site: "clinic".into(), bridge: bridge.into(), numbers }
}

fn start(store: &Arc<Sqlite>, server: &Server, place: Place) -> Upstream {
    let target = Target { address: address(server), place };
    Upstream::start(Arc::clone(store), target).unwrap()
}

#[track_caller]
fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < DEADLINE, "it hangs: {what}");
        std::thread::park_timeout(Duration::from_millis(5));
    }
}

fn wait_for(upstream: &Upstream, what: &str, is_so: impl Fn(&LinkState) -> bool) {
    until(what, || is_so(&upstream.link().state));
}

#[track_caller]
fn all_sent(store: &Sqlite, upstream: &Upstream) {
    let begun = Instant::now();
    while store.unsent().unwrap() > 0 {
        assert!(begun.elapsed() < DEADLINE, "it hangs: {:?}", upstream.link());
        std::thread::park_timeout(Duration::from_millis(5));
    }
}

fn finish(upstream: &Upstream) {
    runtime().block_on(upstream.finish());
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap()
}

/// Asks the server as its owner.
fn ask<T>(server: &Server, work: impl AsyncFnOnce(&Client) -> T) -> T {
    runtime().block_on(async {
        let (client, connection) = tokio_postgres::connect(&server.url(), NoTls).await.unwrap();
        tokio::spawn(connection);
        work(&client).await
    })
}

fn records(store: &dyn Store, visit: u64, records: &[Record]) {
    for record in records {
        store.append(VisitId(visit), at(), record).unwrap();
    }
}

fn agreed(topic: Topic) -> Record {
    Record::Consent(ConsentAnswer { topic, agreed: true, at: at() })
}

fn row(visit: u64, day: &str, row: &str, by_hand: bool) -> Op {
    let (visit, day, row) = (VisitId(visit), day.parse().unwrap(), row.to_owned());
    Op::Row { visit, version: 1, day, row, by_hand }
}

fn queue(visit: u64, name: &str, content: &[u8]) -> Op {
    let (visit, name, content) = (VisitId(visit), name.to_owned(), content.to_vec());
    Op::Queue { visit, name, content, at: at() }
}

#[test]
fn both_engines_tell_the_same_of_a_day() {
    let server = Server::start().unwrap();
    let store = Arc::new(Sqlite::in_memory().unwrap());
    // Half of it before there was such a database.
    records(&*store, 9, &[Record::Started, agreed(Topic::Operation)]);
    let upstream = start(&store, &server, place("a", 1..=9999));
    story(&*store);
    all_sent(&store, &upstream);
    let there = Postgres::open(&address(&server), &place("a", 1..=9999)).unwrap();
    let expected = [
        "row 1 1 Some(2026-11-23) {\"name\":\"a name\"} false Some(1) Some(\"2026-11-23T09:00:00+09:00\")",
        "row 4 1 Some(2026-11-22) to be entered true None None",
        "row 5 -1 Some(2026-11-23) damaged false None None",
        "file c.xml None",
        "file d.xml Some(\"1:2\")",
        "[Some(true), Some(true), Some(false), None] (2, 1) Some(\"2026-11-23T09:00:00+09:00\") 11 lines, Some(\"2026-11-23T09:00:00+09:00\")",
    ];
    assert_eq!(told(&*store), expected);
    assert_eq!(told(&there), expected);
    finish(&upstream);
}

#[test]
fn what_is_deleted_here_is_deleted_there_and_no_result_ever_leaves_the_bridge() {
    let server = Server::start().unwrap();
    let store = Arc::new(Sqlite::in_memory().unwrap());
    let upstream = start(&store, &server, place("a", 1..=9999));
    let name = row(1, "2026-11-23", "a name of somebody", false);
    store.commit(&[name, queue(1, "a.xml", b"somebody's result")]).unwrap();
    all_sent(&store, &upstream);
    let found = |what: &'static str| {
        ask(&server, async |client| {
            let sql = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'";
            let tables = client.query(sql, &[]).await.unwrap();
            let mut found = Vec::new();
            for table in tables {
                let name: String = table.get(0);
                let sql = format!(
                    "SELECT COUNT(*) FROM {name} t WHERE t::text LIKE $1 OR t::text LIKE $2"
                );
                let bytes = format!("%{}%", hex::encode(what));
                let count = client.query_one(&sql, &[&format!("%{what}%"), &bytes]).await.unwrap();
                if count.get::<_, i64>(0) > 0 && !name.ends_with(|last: char| last.is_ascii_digit())
                {
                    found.push(name);
                }
            }
            found
        })
    };
    assert_eq!(
        (found("a name of somebody"), found("somebody's result")),
        (vec!["board".to_owned()], vec![])
    );
    store.forget_rows("2026-11-24".parse().unwrap()).unwrap();
    all_sent(&store, &upstream);
    assert_eq!(found("a name of somebody"), Vec::<String>::new());
    finish(&upstream);
}

#[test]
fn a_database_that_goes_and_comes_back_loses_and_doubles_nothing() {
    let mut server = Server::start().unwrap();
    let store = Arc::new(Sqlite::in_memory().unwrap());
    let upstream = start(&store, &server, place("a", 1..=9999));
    records(&*store, 1, &[Record::Started]);
    all_sent(&store, &upstream);
    server.stop().unwrap();
    // Nobody waits for it.
    records(&*store, 2, &[Record::Started, Record::PasscodeRefused, Record::GaveUp]);
    wait_for(&upstream, "it is away", |state| matches!(state, LinkState::Away(_)));
    assert_eq!(store.unsent().unwrap(), 4, "three lines and a visit");
    server.go_on().unwrap();
    all_sent(&store, &upstream);
    wait_for(&upstream, "it is back", |state| *state == LinkState::Up);
    // Now in the middle of sending, as a power cut does it.
    let writing = Arc::clone(&store);
    let writes = std::thread::spawn(move || {
        for visit in 3..=200 {
            records(&*writing, visit, &[Record::Started, agreed(Topic::Operation)]);
        }
    });
    for _ in 0..3 {
        server.kill().unwrap();
        server.go_on().unwrap();
        let before = store.unsent().unwrap();
        until("it goes on", || store.unsent().unwrap() != before || before == 0);
    }
    writes.join().unwrap();
    all_sent(&store, &upstream);
    finish(&upstream);
    let there = Postgres::open(&address(&server), &place("a", 1..=9999)).unwrap();
    assert_eq!(there.check_chain().unwrap(), 4 + 198 * 2);
    assert_eq!(told(&there), told(&*store));
}

#[test]
fn a_database_is_up_while_it_is_being_sent_what_waits() {
    let server = Server::start().unwrap();
    let store = Arc::new(Sqlite::in_memory().unwrap());
    let here = place("a", 1..=9999);
    // The tables, and the bridge.
    runtime()
        .block_on(async { drop(session(&server, &here, &store, &mut run("a")).await.unwrap()) });
    (1..=600).for_each(|visit| records(&*store, visit, &[Record::Started]));
    let upstream = runtime().block_on(async {
        let (mut other, connection) = tokio_postgres::connect(&server.url(), NoTls).await.unwrap();
        tokio::spawn(connection);
        // The last line has to wait for somebody else.
        let held = other.transaction().await.unwrap();
        let sql = "INSERT INTO audit VALUES ('clinic', 'a', 600, '', '')";
        held.execute(sql, &[]).await.unwrap();
        let upstream = start(&store, &server, here.clone());
        wait_for(&upstream, "it is up", |state| *state == LinkState::Up);
        assert!(store.unsent().unwrap() > 0);
        held.rollback().await.unwrap();
        upstream
    });
    all_sent(&store, &upstream);
    assert_eq!(Postgres::open(&address(&server), &here).unwrap().check_chain().unwrap(), 600);
    finish(&upstream);
}

#[test]
fn a_bridge_that_is_killed_between_its_disk_and_the_database_sends_once() {
    let server = Server::start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let open = || Arc::new(Sqlite::open(folder.path(), false).unwrap());
    let here = place("a", 1..=9999);
    let store = open();
    store.follow(&here, || ()).unwrap();
    records(&*store, 1, &[Record::Started, Record::Parked]);
    // The database has it, and the bridge dies before it hears of that.
    let first = store.shipment(9).unwrap().unwrap();
    runtime().block_on(async {
        let mut session = session(&server, &here, &store, &mut run("first")).await.unwrap();
        session.send(&first).await.unwrap();
    });
    drop(store);
    let store = open();
    records(&*store, 2, &[Record::Started]);
    let upstream = start(&store, &server, here.clone());
    all_sent(&store, &upstream);
    finish(&upstream);
    drop((upstream, store));
    // And before anything is sent.
    let store = open();
    store.follow(&here, || ()).unwrap();
    records(&*store, 3, &[Record::Started]);
    drop(store);
    let store = open();
    let upstream = start(&store, &server, here.clone());
    all_sent(&store, &upstream);
    let there = Postgres::open(&address(&server), &here).unwrap();
    assert_eq!((there.check_chain().unwrap(), told(&there)), (4, told(&*store)));
    finish(&upstream);
}

#[test]
fn two_bridges_of_a_site_never_meet() {
    let server = Server::start().unwrap();
    let stores = ["a", "b"].map(|_| Arc::new(Sqlite::in_memory().unwrap()));
    let places = [place("a", 1..=4999), place("b", 5000..=9999)];
    let upstreams: Vec<_> = stores
        .iter()
        .zip(&places)
        .map(|(store, place)| start(store, &server, place.clone()))
        .collect();
    std::thread::scope(|scope| {
        for store in &stores {
            scope.spawn(|| (1..=60).for_each(|visit| records(&**store, visit, &[Record::Started])));
        }
    });
    records(&*stores[1], 61, &[Record::Started]);
    for ((store, lines), upstream) in stores.iter().zip([60, 61]).zip(&upstreams) {
        all_sent(store, upstream);
        assert_eq!(store.check_chain().unwrap(), lines);
    }
    for (place, lines) in places.iter().zip([60, 61]) {
        let there = Postgres::open(&address(&server), place).unwrap();
        assert_eq!(there.check_chain().unwrap(), lines);
    }
    // A third one that would give numbers of the second.
    let third = Sqlite::in_memory().unwrap();
    let refused = runtime().block_on(async {
        let there = session(&server, &place("c", 9999..=9999), &third, &mut run("c")).await;
        there.err().unwrap().to_string()
    });
    let expected = "bridge b gives the reception numbers 5000 to 9999: give this one others (`numbers` in [store])";
    assert_eq!(refused, expected);
    upstreams.iter().for_each(finish);
}

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
        drop(session(&server, &place("b", 1..=1), &store, &mut run("b")).await.unwrap())
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

#[test]
fn an_engine_without_partitions_keeps_the_same() {
    let server = Server::start().unwrap();
    runtime().block_on(async {
        let (mut client, connection) = tokio_postgres::connect(&server.url(), NoTls).await.unwrap();
        tokio::spawn(connection);
        schema::prepare_plain(&mut client).await.unwrap();
    });
    let store = Arc::new(Sqlite::in_memory().unwrap());
    let here = place("a", 1..=9999);
    let upstream = start(&store, &server, here.clone());
    story(&*store);
    all_sent(&store, &upstream);
    assert_eq!(told(&Postgres::open(&address(&server), &here).unwrap()), told(&*store));
    finish(&upstream);
}

fn run(token: &str) -> Run {
    Run::new(token.into())
}

async fn session(
    server: &Server,
    place: &Place,
    store: &Sqlite,
    run: &mut Run,
) -> Result<Session, Trouble> {
    Session::open(&address(server), place, store, run, Arc::new(Notify::new())).await
}
