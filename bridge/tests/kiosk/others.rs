//! Two bridges of a site: what is kept at the one is seen on the board of the other, through its day and over absences of the database
//! in which they meet.

use crate::live::opened;
use crate::running::hash;
use crate::site::{Site, site_in};
use crate::tray::{ours, request};
use bridge::config::{KioskOptions, Secret, StoreOptions};
use bridge::store::{Address, Op, Place, Sqlite, Store as _, Target, Upstream, Way};
use checkin::VisitId;
use checkin::time::{in_japan, rfc3339};
use jiff::Timestamp;
use postgres_harness::Postgres;
use protocol::staff::{Board, Entered, Visit};
use std::str::FromStr as _;
use std::sync::Arc;

/// A row as a bridge keeps it: of somebody at `受付1`, whose name and ticks are to be filled in.
const ROW: &str = include_str!("../../src/board/tests/v3.jsonl");

/// The board of another bridge.
struct East {
    store: Arc<Sqlite>,
    upstream: Upstream,
}

impl East {
    fn start(server: &Postgres) -> Self {
        let store = Arc::new(Sqlite::in_memory().unwrap());
        let address = Address::parse(&server.url(), &Way::default()).unwrap();
        let place = Place { site: "clinic".into(), bridge: "east".into(), numbers: 1001..=1999 };
        let upstream =
            Upstream::start(Arc::clone(&store), Target { address, place }, |_| ()).unwrap();
        Self { store, upstream }
    }

    fn keep(&self, visit: u64, version: i64, name: &str, marks: &str) {
        let now = Timestamp::now();
        let row = ROW
            .lines()
            .next()
            .unwrap()
            .replace("2026-11-28T23:40:28+09:00", &rfc3339(now))
            .replace("\"kiosk\":null", "\"kiosk\":\"受付1\"")
            .replace("●﨑　春子", name)
            .replace(r#""marks":{"called":null,"done":null}"#, marks);
        let (visit, day) = (VisitId(visit), in_japan(now).date());
        self.store.commit(&[Op::Row { visit, version, day, row, by_hand: false }]).unwrap();
    }
}

/// A kiosk whose reader is not there, so that nobody can be served, and one that practises.
async fn west(server: &Postgres) -> Site {
    site_in(tempfile::tempdir().unwrap(), |options| {
        options.reader = Some("A Reader".into());
        let (name, reader) = ("lane-2".into(), Some("practice".into()));
        options.kiosk = vec![KioskOptions { name, reader, ..KioskOptions::default() }];
        options.passcode_hash = Some(hash("0417"));
        options.store = StoreOptions {
            postgres: Secret::from_str(&server.url()).ok(),
            site: Some("clinic".into()),
            bridge: Some("west".into()),
            numbers: Some("2001-2999".into()),
            ..StoreOptions::default()
        };
    })
    .await
}

const PATIENTS: &str = r#"{"passcode":"0417"}"#;
const PRACTICE: &str = r#"{"passcode":"0417","practice":true}"#;

async fn enter(site: &Site, body: &str) -> String {
    let answer = request(site, "POST /staff/api/enter", &ours(site), body.as_bytes()).await;
    let entered: Entered = serde_json::from_str(&answer.body).expect(&answer.body);
    entered.session.expose().to_owned()
}

fn names(board: &Board) -> Vec<&str> {
    board.visits.iter().filter_map(|visit| visit.name.as_deref()).collect()
}

fn is_current(board: &Board) -> bool {
    board.others.iter().all(|other| other.since.is_none())
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_of_another_bridge_are_on_the_board_as_they_change_and_nobody_changes_them_from_here()
{
    let mut server = Postgres::start().unwrap();
    let east = East::start(&server);
    let site = west(&server).await;
    let session = enter(&site, PATIENTS).await;
    let (mut stream, mut board) = opened(&site, &session).await;
    let new = r#""marks":{"called":null,"done":null}"#;
    east.keep(3, 3, "練習　太郎", new);
    stream.until(&mut board, |board| names(board) == ["練習　太郎"] && is_current(board)).await;
    let Visit { visit, bridge, kiosk, number, agreed, .. } = board.visits[0].clone();
    assert_eq!(
        (bridge.as_deref(), kiosk.as_deref(), number),
        (Some("east"), Some("受付1"), Some(3))
    );
    assert!(agreed.is_empty(), "what can be withdrawn is at the other bridge");
    // Practice sees nothing of it.
    let (_, practice) = opened(&site, &enter(&site, PRACTICE).await).await;
    assert!(practice.practice && practice.visits.is_empty() && practice.others.is_empty());
    // Each bridge writes its rows alone.
    let headers = format!("{}x-uketsuke-staff: {session}\r\n", ours(&site));
    for number in [visit, 3] {
        let mark = format!(r#"{{"visit":{number},"seen":0,"mark":"done"}}"#);
        let answer = request(&site, "POST /staff/api/mark", &headers, mark.as_bytes()).await;
        assert_eq!(answer.status, 404, "{}", answer.body);
    }
    let called =
        r#""marks":{"called":{"at_ms":1764000000000,"times":1,"to":"reception"},"done":null}"#;
    east.keep(3, 3, "練習　太郎", called);
    stream.until(&mut board, |board| board.visits[0].marks.called.is_some()).await;
    assert_eq!(board.visits[0].visit, visit);

    server.stop().unwrap();
    stream.until(&mut board, |board| !is_current(board)).await;
    assert_eq!((board.visits.len(), board.others.len()), (1, 1), "what was heard stays");
    let done =
        called.replace("\"done\":null", &format!("\"done\":\"{}\"", rfc3339(Timestamp::now())));
    east.keep(3, 3, "練習　太郎", &done);
    east.keep(4, 3, "練習　花子", new);
    server.go_on().unwrap();
    let caught_up = |board: &Board| board.visits.len() == 2 && is_current(board);
    stream.until(&mut board, caught_up).await;
    let of =
        |name: &str| board.visits.iter().find(|row| row.name.as_deref() == Some(name)).unwrap();
    assert!(of("練習　太郎").marks.done.is_some() && of("練習　花子").marks.done.is_none());
    // Of a newer program.
    east.keep(5, 99, "練習　次郎", new);
    stream.until(&mut board, |board| board.others[0].unread == 1).await;
    assert_eq!(board.visits.len(), 2);
    // Its day is over there.
    east.store.forget_rows("2999-01-01".parse().unwrap()).unwrap();
    stream.until(&mut board, |board| board.visits.is_empty() && board.others[0].unread == 0).await;
    east.upstream.finish().await;
    site.stop().await;
}
