//! What bridges of a site hear of each other's rows.

use super::{Server, address, all_sent, finish, place, row, until};
use crate::store::{News, OldRow, Op, Sqlite, Store as _, Target, Upstream};
use checkin::VisitId;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

const DAY: &str = "2026-11-23";

/// How often a row was told and what it says, by bridge, visit and version.
type Heard = BTreeMap<(String, u64, i64), (u32, String)>;

/// A bridge, and the rows of others as it has heard of them: how often each was told, and what it says.
struct Bridge {
    store: Arc<Sqlite>,
    upstream: Upstream,
    heard: Arc<Mutex<Heard>>,
}

impl Bridge {
    fn start(server: &Server, name: &str, first: u16) -> Self {
        let store = Arc::new(Sqlite::in_memory().unwrap());
        let target = Target { address: address(server), place: place(name, first..=first + 99) };
        let heard = Arc::new(Mutex::new(BTreeMap::new()));
        let mine = Arc::clone(&heard);
        let hear = move |news: News| {
            let mut heard = mine.lock().unwrap();
            for (bridge, visit, version) in news.gone {
                assert!(heard.remove(&(bridge, visit.0, version)).is_some(), "never told");
            }
            for (bridge, kept) in news.rows {
                let entry =
                    heard.entry((bridge, kept.visit.0, kept.version)).or_insert((0, String::new()));
                *entry = (entry.0 + 1, String::from_utf8(kept.row).unwrap());
            }
        };
        let upstream = Upstream::start(Arc::clone(&store), target, hear).unwrap();
        Self { store, upstream, heard }
    }

    fn rows(&self) -> Vec<String> {
        let heard = self.heard.lock().unwrap();
        let tell = |((bridge, visit, _), (_, row)): (&(String, u64, i64), &(u32, String))| {
            format!("{bridge} {visit} {row}")
        };
        heard.iter().map(tell).collect()
    }

    #[track_caller]
    fn hears(&self, rows: &[&str]) {
        until(&format!("{rows:?}, and not {:?}", self.rows()), || self.rows() == rows);
    }
}

#[test]
fn a_row_is_heard_through_its_day_and_over_an_absence_of_the_database_each_change_once() {
    let mut server = Server::start().unwrap();
    let [east, west] =
        [("east", 1), ("west", 101)].map(|(name, at)| Bridge::start(&server, name, at));
    east.store.commit(&[row(1, DAY, "a name", false)]).unwrap();
    west.hears(&["east 1 a name"]);
    west.store.commit(&[row(1, DAY, "another", false)]).unwrap();
    east.hears(&["west 1 another"]);
    // What is heard is never sent on.
    assert_eq!(west.rows(), ["east 1 a name"]);
    server.stop().unwrap();
    east.store.commit(&[row(1, DAY, "a name, called", false)]).unwrap();
    east.store.commit(&[row(2, DAY, "a second", false)]).unwrap();
    east.store.commit(&[row(1, DAY, "a name, done", false)]).unwrap();
    server.go_on().unwrap();
    west.hears(&["east 1 a name, done", "east 2 a second"]);
    // As a power cut does it.
    server.kill().unwrap();
    east.store.commit(&[row(2, DAY, "a second, called", false)]).unwrap();
    server.go_on().unwrap();
    west.hears(&["east 1 a name, done", "east 2 a second, called"]);
    let times: Vec<_> = west.heard.lock().unwrap().values().map(|(times, _)| *times).collect();
    assert_eq!(times, [2, 2], "what did not change is not told again");
    // A form that is written anew, a result that is entered, a day that is over.
    let version = |version| Op::Row {
        visit: VisitId(3),
        version,
        day: DAY.parse().unwrap(),
        row: format!("version {version}"),
        by_hand: true,
    };
    east.store.commit(&[version(1)]).unwrap();
    west.hears(&["east 1 a name, done", "east 2 a second, called", "east 3 version 1"]);
    let renewed = Op::OldRow { visit: VisitId(3), version: 1, change: OldRow::Renewed };
    east.store.commit(&[version(2), renewed]).unwrap();
    west.hears(&["east 1 a name, done", "east 2 a second, called", "east 3 version 2"]);
    east.store.forget_rows("2026-11-24".parse().unwrap()).unwrap();
    west.hears(&["east 3 version 2"]);
    let entered = Op::OldRow { visit: VisitId(3), version: 2, change: OldRow::Entered };
    east.store.commit(&[entered]).unwrap();
    let count = || west.heard.lock().unwrap().values().map(|(times, _)| *times).sum::<u32>();
    until("that it was entered", || count() == 2);
    for bridge in [&east, &west] {
        all_sent(&bridge.store, &bridge.upstream);
        finish(&bridge.upstream);
    }
}

#[test]
fn bridges_of_other_sites_are_not_heard() {
    let server = Server::start().unwrap();
    let [east, west] =
        [("east", 1), ("west", 101)].map(|(name, at)| Bridge::start(&server, name, at));
    let elsewhere = Arc::new(Sqlite::in_memory().unwrap());
    let place = crate::store::Place { site: "other".into(), ..place("north", 1..=99) };
    let target = Target { address: address(&server), place };
    let north = Upstream::start(Arc::clone(&elsewhere), target, |_| ()).unwrap();
    elsewhere.commit(&[row(1, DAY, "of another site", false)]).unwrap();
    all_sent(&elsewhere, &north);
    east.store.commit(&[row(2, DAY, "a name", false)]).unwrap();
    west.hears(&["east 2 a name"]);
    assert!(east.rows().is_empty());
    [&east.upstream, &west.upstream, &north].into_iter().for_each(finish);
}
