//! Over a real server.

mod encrypted;
mod others;
mod put_back;
mod reads;
mod story;

use super::super::postgres::{Address, Place, Postgres, Run, Session, Trouble, Way, schema};
use crate::store::{Kept, LinkState, Op, Sqlite, Store, Target, Upstream};
use checkin::consent::{ConsentAnswer, Topic};
use checkin::time::rfc3339 as time;
use checkin::{Record, VisitId};
use jiff::Timestamp;
use postgres_harness::Postgres as Server;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::{Duration, Instant};
use story::{story, told};
use tokio::runtime::Runtime;
use tokio_postgres::{Client, NoTls};

/// That of something that hangs.
const DEADLINE: Duration = Duration::from_mins(1);

fn at() -> Timestamp {
    "2026-11-23T09:00:00+09:00".parse().unwrap()
}

fn address(server: &Server) -> Address {
    Address::parse(&server.url(), &Way::default()).unwrap()
}

fn place(bridge: &str, numbers: RangeInclusive<u16>) -> Place {
    Place { site: "clinic".into(), bridge: bridge.into(), numbers }
}

fn start(store: &Arc<Sqlite>, server: &Server, place: Place) -> Upstream {
    let target = Target { address: address(server), place };
    Upstream::start(Arc::clone(store), target, |_| ()).unwrap()
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
    Session::open(&address(server), place, store, run, Arc::default()).await
}
