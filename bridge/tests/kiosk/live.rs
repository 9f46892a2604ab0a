//! The stream of the staff board: what happens at a kiosk comes by itself, for as long as the session lasts.

use crate::page::{Page, page};
use crate::site::{Site, site};
use crate::tray::{ours, request};
use crate::visit::agree;
use crate::ways::enter;
use protocol::Action;
use protocol::screen::{Method, Screen};
use protocol::staff::{Board, KioskState, Live, Need, Step};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

/// One stream, read by hand.
pub(crate) struct Stream {
    reader: BufReader<TcpStream>,
    /// Came and is not taken yet.
    text: String,
}

impl Stream {
    /// Opens one; gives the status where it is refused.
    async fn open(site: &Site, session: &str) -> Result<Self, u16> {
        let mut stream = TcpStream::connect(site.bridge.address).await.unwrap();
        let (host, ours) = (site.bridge.address, ours(site));
        let head = format!(
            "GET /staff/api/live HTTP/1.1\r\nHost: {host}\r\n{ours}x-uketsuke-staff: {session}\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut reader = BufReader::new(stream);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            assert_ne!(reader.read_line(&mut head).await.unwrap(), 0, "{head}");
        }
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        if status != 200 {
            return Err(status);
        }
        let head = head.to_ascii_lowercase();
        for part in ["content-type: text/event-stream", "cache-control: no-store"] {
            assert!(head.contains(part), "{part}: {head}");
        }
        Ok(Self { reader, text: String::new() })
    }

    /// The next event; `None` when the stream ends.
    async fn next(&mut self) -> Option<Live> {
        loop {
            while let Some((event, rest)) = self.text.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.text = rest;
                if let Some(json) = event.strip_prefix("data: ") {
                    return Some(serde_json::from_str(json).unwrap());
                }
                assert_eq!(event, ": alive");
            }
            let mut size = String::new();
            self.reader.read_line(&mut size).await.unwrap();
            let size = usize::from_str_radix(size.trim_end(), 16).unwrap_or(0);
            let mut chunk = vec![0; size + 2];
            if size == 0 || self.reader.read_exact(&mut chunk).await.is_err() {
                return None;
            }
            self.text.push_str(std::str::from_utf8(&chunk[..size]).unwrap());
        }
    }

    /// What the board is once it is so.
    pub(crate) async fn until(&mut self, board: &mut Board, is_so: impl Fn(&Board) -> bool) {
        while !is_so(board) {
            match self.next().await.expect("the stream goes on") {
                Live::Board { board: new, .. } => *board = *new,
                Live::Kiosks { revision, kiosks, waiting, .. } => {
                    assert!(revision >= board.revision, "no step back");
                    (board.revision, board.kiosks, board.waiting) = (revision, kiosks, waiting);
                }
            }
        }
    }
}

pub(crate) async fn opened(site: &Site, session: &str) -> (Stream, Board) {
    let mut stream = Stream::open(site, session).await.unwrap();
    let first = stream.next().await;
    let Some(Live::Board { board, .. }) = first else { panic!("a board comes first: {first:?}") };
    (stream, *board)
}

fn step(board: &Board) -> Option<(Step, Option<Need>)> {
    match &board.kiosks[0].state {
        KioskState::InUse { step, needs, .. } => Some((*step, needs.as_ref().map(|it| it.what))),
        _ => None,
    }
}

async fn ask_for_staff(site: &Site, page: &mut Page) {
    site.place("valid");
    let choose = Action::Choose { method: Method::Visual };
    page.on(|screen| matches!(screen, Screen::Method { .. }), choose).await;
}

#[tokio::test]
async fn what_happens_at_the_kiosk_comes_to_the_board_by_itself() {
    let site = site().await;
    let mut page = page(&site).await;
    page.idle().await;
    let session = enter(&site).await;
    let (mut stream, mut board) = opened(&site, &session).await;
    assert_eq!((&board.kiosks[0].state, board.visits.len()), (&KioskState::Idle, 0));

    ask_for_staff(&site, &mut page).await;
    let eye = Some((Step::Eye, Some(Need::Eye)));
    stream.until(&mut board, |board| step(board) == eye && board.waiting.len() == 1).await;
    let seen = board.waiting[0].seen;
    let confirmed = crate::board::confirm_at(&site, "first", &session, seen, "0000").await;
    assert_eq!(confirmed.status, 200, "{}", confirmed.body);
    let consent = Some((Step::Consent, None));
    stream.until(&mut board, |board| step(board) == consent && board.waiting.is_empty()).await;
    agree(&mut page).await;
    stream.until(&mut board, |board| board.visits.iter().any(|it| it.number == Some(1))).await;
    site.remove();
    stream.until(&mut board, |board| board.kiosks[0].state == KioskState::Idle).await;
    site.stop().await;
}

#[tokio::test]
async fn a_stream_ends_with_its_session_and_with_the_bridge() {
    let site = site().await;
    let (first, second) = (enter(&site).await, enter(&site).await);
    let (mut ends, _) = opened(&site, &first).await;
    let (mut stays, mut board) = opened(&site, &second).await;
    let headers = format!("{}x-uketsuke-staff: {first}\r\n", ours(&site));
    assert_eq!(request(&site, "POST /staff/api/lock", &headers, b"").await.status, 204);
    while ends.next().await.is_some() {}
    assert_eq!(Stream::open(&site, &first).await.err(), Some(401));

    site.place("valid");
    stays.until(&mut board, |board| step(board).is_some()).await;
    let (stopped, ()) = tokio::join!(site.stop(), async { while stays.next().await.is_some() {} });
    drop(stopped);
}

#[tokio::test]
async fn pages_that_look_on_are_bounded_and_one_that_does_not_read_holds_nobody_up() {
    let site = site().await;
    let session = enter(&site).await;
    // None of them reads what it is sent.
    let mut deaf = Vec::new();
    for _ in 0..15 {
        deaf.push(Stream::open(&site, &session).await.unwrap());
    }
    let (mut stream, mut board) = opened(&site, &session).await;
    assert_eq!(Stream::open(&site, &session).await.err(), Some(503));
    let mut page = page(&site).await;
    for number in 1..=3 {
        page.idle().await;
        site.place("valid");
        page.pin("1234").await;
        agree(&mut page).await;
        let told = |board: &Board| board.visits.iter().any(|it| it.number == Some(number));
        stream.until(&mut board, told).await;
        site.remove();
    }
    site.stop().await;
}
