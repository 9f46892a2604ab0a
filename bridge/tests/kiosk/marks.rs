//! 呼んだ and 済, from the staff board to the call display.

use crate::page::page;
use crate::reception::{audited, post};
use crate::site::{SetClock, Site, site_at, site_in};
use crate::tray::{ours, request};
use crate::visit::agree;
use crate::ways::{board, enter};
use bridge::config::KioskOptions;
use protocol::call::{Calls, Place};
use protocol::day::{Counted, Day, Step};
use protocol::staff::Visit;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Longer than a double tap.
const LATER: Duration = Duration::from_millis(701);
/// Waiting for what must come.
const PATIENCE: Duration = Duration::from_mins(1);

async fn mark(site: &Site, session: &str, visit: &Visit, mark: &str) -> u16 {
    let (visit, seen) = (visit.visit, visit.marks.seen);
    let body = format!(r#"{{"visit":{visit},"seen":{seen},"mark":{mark}}}"#);
    post(site, session, "mark", &body).await
}

/// A site with one visit, whose number is 1, and two places to call to beside its destinations.
async fn visited() -> (Site, Arc<SetClock>, String) {
    let places = ["lane 1", "採血室 / Blood tests"].map(str::to_owned);
    let (site, clock) = site_at(|options| options.call_places = Some(places.into()), |_| {}).await;
    let mut page = page(&site).await;
    site.place("valid");
    page.pin("1234").await;
    agree(&mut page).await;
    let session = enter(&site).await;
    (site, clock, session)
}

#[tokio::test]
async fn staff_tick_who_was_called_and_take_it_back() {
    let (site, clock, session) = visited().await;
    let look = async || {
        let board = board(&site, &session).await;
        (board.call_places, board.visits.into_iter().next().unwrap())
    };
    let (places, visit) = look().await;
    let blood = Place::Named { ja: "採血室".into(), en: "Blood tests".into() };
    assert_eq!(places, [Place::Lane { number: 1 }, blood]);
    assert_eq!(
        mark(&site, "no session", &visit, r#"{"called":{"to":{"kind":"lane","number":1}}}"#).await,
        401
    );
    assert_eq!(
        mark(&site, &session, &visit, r#"{"called":{"to":{"kind":"lane","number":2}}}"#).await,
        409
    );
    assert_eq!(mark(&site, &session, &visit, r#""not_called""#).await, 409, "nothing to take back");
    assert_eq!(
        mark(&site, &session, &visit, r#"{"called":{"to":{"kind":"lane","number":1}}}"#).await,
        200
    );
    assert_eq!(
        mark(&site, &session, &visit, r#"{"called":{"to":{"kind":"lane","number":1}}}"#).await,
        409,
        "not seen"
    );
    let (_, called) = look().await;
    let call = called.marks.called.clone().unwrap();
    assert_eq!((call.times, call.to), (1, Place::Lane { number: 1 }));
    assert_eq!(mark(&site, &session, &called, r#""not_called""#).await, 409, "a double tap");
    clock.pass(LATER);
    assert_eq!(mark(&site, &session, &called, r#""done""#).await, 200);
    clock.pass(LATER);
    let (_, done) = look().await;
    assert!(done.marks.done.is_some() && done.marks.called.is_some());
    assert_eq!(mark(&site, &session, &done, r#""not_done""#).await, 200);
    clock.pass(LATER);
    assert_eq!(mark(&site, &session, &look().await.1, r#""not_called""#).await, 200);
    let (_, visit) = look().await;
    assert_eq!((visit.marks.called, visit.marks.done), (None, None));
    for what in ["called", "staff_done", "done_taken_back", "call_taken_back"] {
        assert_eq!(audited(&site, what), 1, "{what}");
    }
    site.stop().await;
}

/// A call display that listens.
struct Display(TcpStream, String, String);

impl Display {
    async fn open(site: &Site, path: &str, headers: &str) -> Self {
        let mut stream = TcpStream::connect(site.bridge.address).await.unwrap();
        let host = site.bridge.address;
        let head = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n{headers}\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut display = Self(stream, String::new(), String::new());
        display.2 = display.until("\r\n\r\n").await.unwrap();
        display
    }

    fn is_let_in(&self) -> bool {
        self.2.starts_with("HTTP/1.1 200")
    }

    /// Everything up to and with `end`; `None` when the connection ends before.
    async fn until(&mut self, end: &str) -> Option<String> {
        loop {
            if let Some(at) = self.1.find(end) {
                let rest = self.1.split_off(at + end.len());
                return Some(std::mem::replace(&mut self.1, rest));
            }
            let mut bytes = [0; 4096];
            let read = timeout(PATIENCE, self.0.read(&mut bytes)).await.expect("an event");
            let read = read.ok().filter(|read| *read > 0)?;
            self.1.push_str(std::str::from_utf8(&bytes[..read]).unwrap());
        }
    }

    /// The next event, as it came.
    async fn event(&mut self) -> Option<String> {
        let text = self.until("\n\n").await?;
        Some(text[text.find("data: ")? + 6..].trim_end().to_owned())
    }

    /// The numbers that are called, once they are these.
    async fn shows(&mut self, numbers: &[u16]) -> Calls {
        loop {
            let text = self.event().await.unwrap();
            let calls: Calls = serde_json::from_str(&text).unwrap();
            if calls.calls.iter().map(|call| call.number).eq(numbers.iter().copied()) {
                return calls;
            }
        }
    }
}

#[tokio::test]
async fn a_call_display_shows_who_is_called_until_staff_are_done_and_never_a_name() {
    let (site, clock, session) = visited().await;
    let mut display = Display::open(&site, "/call/live", "Sec-Fetch-Site: same-origin\r\n").await;
    assert!(display.shows(&[]).await.practice, "every kiosk practises here");
    let look = async || board(&site, &session).await.visits.remove(0);
    let visit = look().await;
    assert_eq!(visit.name.as_deref(), Some("受付　太郎"));
    assert_eq!(
        mark(&site, &session, &visit, r#"{"called":{"to":{"kind":"lane","number":1}}}"#).await,
        200
    );
    let text = display.event().await.unwrap();
    let calls: Calls = serde_json::from_str(&text).unwrap();
    let call = &calls.calls[0];
    assert_eq!((call.number, &call.to, call.times), (1, &Place::Lane { number: 1 }, 1));
    // The whole of it: a number, a place, times. Nothing that the board knows of the person.
    for of_the_person in ["受付", "太郎", "ｳｹﾂｹ", "name", "confirmed"] {
        assert!(!text.contains(of_the_person), "{text}");
    }
    let expected = r#"{"practice":true,"now_ms":"#;
    assert!(text.starts_with(expected) && text.len() < 200, "{text}");
    clock.pass(LATER);
    assert_eq!(
        mark(
            &site,
            &session,
            &look().await,
            r#"{"called":{"to":{"kind":"named","ja":"採血室","en":"Blood tests"}}}"#
        )
        .await,
        200
    );
    let again = display.shows(&[1]).await;
    assert_eq!(again.calls[0].times, 2);
    assert!(again.calls[0].at_ms > call.at_ms);
    // A display that opens later, also after a restart, shows the same.
    assert_eq!(Display::open(&site, "/call/live", "").await.shows(&[1]).await.calls, again.calls);
    clock.pass(LATER);
    assert_eq!(mark(&site, &session, &look().await, r#""done""#).await, 200);
    display.shows(&[]).await;
    site.stop().await;
    assert_eq!(display.event().await, None, "it ends with the bridge");
}

#[tokio::test]
async fn a_restart_keeps_who_is_called() {
    let (site, _clock, session) = visited().await;
    let visit = board(&site, &session).await.visits.remove(0);
    assert_eq!(
        mark(&site, &session, &visit, r#"{"called":{"to":{"kind":"lane","number":1}}}"#).await,
        200
    );
    let before = Display::open(&site, "/call/live", "").await.shows(&[1]).await;
    let site = site_in(site.stop().await, |_| {}).await;
    let after = Display::open(&site, "/call/live", "").await.shows(&[1]).await;
    assert_eq!(after.calls, before.calls);
    site.stop().await;
}

#[tokio::test]
async fn call_displays_are_few_and_of_this_site_only() {
    let (site, _) = site_at(|_| {}, |config| config.limits.displays = 1).await;
    let ask = async |path: &str, headers: &str| {
        request(&site, &format!("GET {path}"), headers, b"").await.status
    };
    for foreign in ["Sec-Fetch-Site: cross-site\r\n", "Origin: http://evil.example\r\n"] {
        assert_eq!(ask("/call/live", foreign).await, 403, "{foreign}");
    }
    assert_eq!(request(&site, "POST /call/live", &ours(&site), b"{}").await.status, 405);
    let only = Display::open(&site, "/call/live", "").await;
    assert_eq!(ask("/call/live", "").await, 503);
    drop(only);
    // Its place is free once the bridge has seen it go: with the next sign of life at the latest.
    let freed = async {
        while !Display::open(&site, "/call/practice/live", "").await.is_let_in() {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, freed).await.unwrap();
    site.stop().await;
}

#[tokio::test]
async fn real_and_practice_numbers_are_never_on_one_display() {
    // A kiosk at a reader beside one that practises: /call is that of the patients.
    let folder = tempfile::tempdir().unwrap();
    let site = site_in(folder, |options| {
        options.reader = Some("no such reader".into());
        let practice = Some("practice".into());
        let name = "p".to_owned();
        options.kiosk = vec![KioskOptions { name, reader: practice, ..KioskOptions::default() }];
    })
    .await;
    let told = async |path: &str| Display::open(&site, path, "").await.shows(&[]).await.practice;
    assert!(!told("/call/live").await);
    assert!(told("/call/practice/live").await);
    site.stop().await;
}

#[tokio::test]
async fn the_day_is_told_in_numbers_and_names_nobody() {
    let (site, _clock, session) = visited().await;
    let visit = board(&site, &session).await.visits.remove(0);
    assert_eq!(
        mark(&site, &session, &visit, r#"{"called":{"to":{"kind":"lane","number":1}}}"#).await,
        200
    );
    let headers = format!("{}x-uketsuke-staff: {session}\r\n", ours(&site));
    assert_eq!(request(&site, "GET /staff/api/day", &ours(&site), b"").await.status, 401);
    let answer = request(&site, "GET /staff/api/day", &headers, b"").await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(answer.head.contains("cache-control: no-store"), "{}", answer.head);
    let day: Day = serde_json::from_str(&answer.body).unwrap();
    assert!(day.practice && day.ended == 1, "{day:?}");
    let of = |counted| {
        let table = day.counts.iter().find(|table| table.of == counted);
        table.map(|table| table.counts.clone()).unwrap_or_default()
    };
    assert_eq!(of(Counted::Way), [("pin".to_owned(), 1)]);
    assert_eq!(of(Counted::Outcome), [("confirmed".to_owned(), 1)]);
    assert_eq!(of(Counted::Kiosk), [("受付".to_owned(), 1)]);
    assert!(day.times.iter().any(|times| times.step == Step::CallWait && times.count == 1));
    // Neither who it was, nor which visit.
    for of_the_person in ["太郎", "ｳｹﾂｹ", "01130012", "\"visit\""] {
        assert!(!answer.body.contains(of_the_person), "{}", answer.body);
    }
    site.stop().await;
}

#[tokio::test]
async fn staff_write_a_note_for_their_colleagues_and_take_it_away() {
    let (site, _, session) = visited().await;
    let look = async || board(&site, &session).await.visits.into_iter().next().unwrap();
    let visit = look().await.visit;
    let note = async |was: &str, note: &str| {
        let body = format!(r#"{{"visit":{visit},"was":{was},"note":"{note}"}}"#);
        post(&site, &session, "note", &body).await
    };
    assert_eq!(note("null", " 車いすの方　").await, 200);
    assert_eq!(look().await.note.as_deref(), Some("車いすの方"));
    assert_eq!(note("null", "別のこと").await, 409, "another one is there by now");
    assert_eq!(note("\"車いすの方\"", "a\\nb").await, 422);
    assert_eq!(note("\"車いすの方\"", &"長".repeat(201)).await, 422);
    assert_eq!(note("\"車いすの方\"", "").await, 200);
    assert_eq!(look().await.note, None);
    assert_eq!((audited(&site, "noted"), audited(&site, "note_taken_away")), (1, 1));
    site.stop().await;
}
