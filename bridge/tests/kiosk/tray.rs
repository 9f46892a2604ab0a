//! Pages, health and the practice tray over HTTP.

use crate::page::page;
use crate::site::{Site, site, site_in};
use protocol::Action;
use protocol::practice::{CAMERA_CARD, PORTRAIT_HEIGHT, PORTRAIT_WIDTH, Tray};
use protocol::screen::Screen;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

/// One request by hand, so that every header is ours.
pub(crate) async fn request(site: &Site, line: &str, headers: &str, body: &[u8]) -> Answer {
    request_at(site.bridge.address, line, headers, body).await
}

/// The same to a bridge that listens there.
pub(crate) async fn request_at(host: SocketAddr, line: &str, headers: &str, body: &[u8]) -> Answer {
    let mut stream = TcpStream::connect(host).await.unwrap();
    let length = body.len();
    let head = format!(
        "{line} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {length}\r\nConnection: close\r\n{headers}\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    // A refused body may be cut off while it is being sent.
    let _ = stream.write_all(body).await;
    let mut bytes = Vec::new();
    // A stream of events ends when its session does: its head is its answer.
    while !(holds(&bytes, b"text/event-stream") && holds(&bytes, b"\r\n\r\n")) {
        match stream.read_buf(&mut bytes).await {
            Ok(1..) => {}
            Ok(0) | Err(_) => break,
        }
    }
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Answer { status, head: head.to_ascii_lowercase(), body: body.into() }
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

pub(crate) fn ours(site: &Site) -> String {
    format!("Origin: http://{}\r\nX-Uketsuke-Token: {}\r\n", site.bridge.address, site.bridge.token)
}

#[tokio::test]
async fn pages_carry_the_token_and_the_headers() {
    let site = site().await;
    let index = request(&site, "GET /", "", b"").await;
    assert_eq!(index.status, 200);
    assert!(index.body.contains(&site.bridge.token) && !index.body.contains("__UKETSUKE"));
    assert!(index.head.contains("cache-control: no-store"), "{}", index.head);
    let script = request(&site, "GET /kiosk_web.js", "", b"").await;
    for header in [
        "content-security-policy: default-src 'none'",
        "nosniff",
        "camera=(self)",
        "cache-control: no-cache",
    ] {
        assert!(script.head.contains(header), "{header}: {}", script.head);
    }
    for other in ["/../Cargo.toml", "/./index.html", "//index.html", "/%69ndex.html"] {
        let answer = request(&site, &format!("GET {other}"), "", b"").await;
        assert_eq!(answer.status, 404, "{other}");
        assert!(!answer.body.contains("__UKETSUKE"), "{other}");
    }
    assert_eq!(
        request(&site, "GET /practice", "", b"").await.status,
        503,
        "that page is not built here"
    );
    let health = request(&site, "GET /health", "", b"").await;
    assert!(
        health.body.contains(r#""mode":"practice""#) && health.body.contains(r#""models":true"#),
        "{}",
        health.body
    );
    site.stop().await;
}

#[tokio::test]
async fn health_says_whether_somebody_can_be_served() {
    let site = site().await;
    let mut first = page(&site).await;
    first.idle().await;
    let health = request(&site, "GET /health", "", b"").await;
    assert_eq!(health.status, 200, "{}", health.body);
    for part in ["serves", "page", "store", "gateway", "clock"] {
        assert!(health.body.contains(&format!("\"{part}\":true")), "{part}: {}", health.body);
    }
    assert!(!health.body.contains("\"disk_free_mib\":null"), "{}", health.body);
    site.stop().await;

    // Only this reader would do, and it is not there.
    let folder = tempfile::tempdir().unwrap();
    let site = site_in(folder, |options| options.reader = Some("no such reader".into())).await;
    let health = request(&site, "GET /health", "", b"").await;
    assert_eq!(health.status, 503, "{}", health.body);
    assert!(health.body.contains("\"serves\":false,\"page\":false"), "{}", health.body);
    site.stop().await;
}

#[tokio::test]
async fn what_is_asked_for_by_its_hash_is_kept() {
    let site = site().await;
    let models = site.folder.path().join("dist/models");
    std::fs::create_dir_all(&models).unwrap();
    std::fs::write(models.join("prepared.json"), "{}").unwrap();
    let head = async |path: &str| request(&site, path, "", b"").await.head;
    let kept = "max-age=31536000, immutable";
    let worker = site.folder.path().join("dist/worker/0123456789abcdef");
    std::fs::create_dir_all(&worker).unwrap();
    std::fs::write(worker.join("kiosk_worker.js"), "").unwrap();
    let voice = site.folder.path().join("dist/voice");
    std::fs::create_dir_all(voice.join("clips")).unwrap();
    std::fs::write(voice.join("clips/0123456789abcdef.opus"), "").unwrap();
    std::fs::write(voice.join("ja.json"), "{}").unwrap();
    for by_hash in [
        "GET /voice/clips/0123456789abcdef.opus",
        "GET /models/prepared.json?v=0123456789abcdef",
        "GET /worker/0123456789abcdef/kiosk_worker.js",
    ] {
        assert!(head(by_hash).await.contains(kept), "{by_hash}");
    }
    for asked_again in [
        "GET /voice/ja.json",
        "GET /models/prepared.json",
        "GET /models/prepared.json?v=1",
        "GET /models/nothing.graph?v=0123456789abcdef",
        "GET /kiosk_web.js?v=0123456789abcdef",
        "GET /worker/0123456789abcdef/nothing.js",
    ] {
        assert!(head(asked_again).await.contains("cache-control: no-cache"), "{asked_again}");
    }
    site.stop().await;
}

#[tokio::test]
async fn the_tray_needs_token_and_origin() {
    let site = site().await;
    let token = format!("X-Uketsuke-Token: {}\r\n", site.bridge.token);
    let place = br#"{"id":"valid"}"#;
    assert_eq!(request(&site, "GET /practice/api/tray", "", b"").await.status, 403);
    let tray = request(&site, "GET /practice/api/tray", &token, b"").await;
    assert_eq!(tray.status, 200);
    assert!(tray.head.contains("cache-control: no-store"), "{}", tray.head);
    assert_eq!(
        request(&site, "POST /practice/api/place", &token, place).await.status,
        403,
        "no Origin"
    );
    let evil = format!("{token}Origin: http://evil.example\r\n");
    assert_eq!(request(&site, "POST /practice/api/place", &evil, place).await.status, 403);
    assert_eq!(request(&site, "POST /practice/api/place", &ours(&site), b"{}").await.status, 400);
    assert_eq!(
        request(&site, "POST /practice/api/place", &ours(&site), br#"{"id":"gold"}"#).await.status,
        404
    );
    assert_eq!(
        request(&site, "POST /practice/api/place", &ours(&site), &vec![b' '; 4_000_000])
            .await
            .status,
        413
    );
    assert_eq!(request(&site, "GET /practice/api/place", &ours(&site), b"").await.status, 405);
    site.stop().await;
}

#[tokio::test]
async fn cards_are_put_on_and_pulled_off() {
    let site = site().await;
    let mut page = page(&site).await;
    let answer =
        request(&site, "POST /practice/api/place", &ours(&site), br#"{"id":"valid"}"#).await;
    let tray: Tray = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(tray.placed.as_deref(), Some("valid"));
    let valid = tray.cards.iter().find(|card| card.id == "valid").unwrap();
    assert_eq!(
        (valid.birth_printed.as_str(), valid.pin.as_deref()),
        ("昭和59年5月12日", Some("1234"))
    );
    page.until(|screen| matches!(screen, Screen::Method { .. })).await;
    request(&site, "POST /practice/api/remove", &ours(&site), b"").await;
    page.idle().await;

    assert_eq!(
        request(&site, "POST /practice/api/portrait", &ours(&site), b"short").await.status,
        400
    );
    let grey = vec![128; PORTRAIT_WIDTH * PORTRAIT_HEIGHT];
    let answer = request(&site, "POST /practice/api/portrait", &ours(&site), &grey).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    site.place(CAMERA_CARD);
    page.until(|screen| matches!(screen, Screen::Method { .. })).await;
    site.stop().await;
}

/// The next trainee finds what the card is for: its tries, and that it is not registered yet.
#[tokio::test]
async fn a_card_taken_off_comes_back_as_new() {
    let site = site().await;
    let mut page = page(&site).await;
    let tries = || {
        let tray = site.tray();
        tray.rig("pin-two-left", crate::faults::tries_of).unwrap().0
    };
    page.idle().await;
    site.place("pin-two-left");
    page.pin("0000").await;
    let told = |screen: &Screen| {
        matches!(screen, Screen::PinLastTry | Screen::Method { notice: Some(_), .. })
    };
    page.until(told).await;
    assert_eq!(tries(), [0x63, 0xC1]);
    site.remove();
    assert_eq!(tries(), [0x63, 0xC2]);
    for _ in 0..2 {
        page.idle().await;
        site.place("not-registered");
        page.on(|screen| *screen == Screen::Application, Action::Continue).await;
        page.pin("1234").await;
        crate::visit::agree(&mut page).await;
        page.act(Action::Continue).await;
        page.until(|screen| matches!(screen, Screen::TakeCard { .. })).await;
        site.remove();
    }
    site.stop().await;
}
