//! Who gets in, and what is refused.

use crate::page::{Page, open, page};
use crate::site::{Site, site};
use crate::tray::{ours, request};
use futures_util::{SinkExt as _, StreamExt as _};
use protocol::screen::Screen;
use protocol::{ErrorCode, FromBridge, MAX_TEXT_BYTES, PROTOCOL_VERSION};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Control, Data, OpCode};
use tokio_tungstenite::tungstenite::protocol::frame::{Frame, FrameHeader};
use tokio_tungstenite::tungstenite::{Error, Message};

async fn status(site: &Site, host: Option<&str>, origin: Option<&str>) -> u16 {
    match open(site, host, origin).await {
        Err(Error::Http(response)) => response.status().as_u16(),
        other => panic!("let in or failed otherwise: {:?}", other.err()),
    }
}

#[tokio::test]
async fn only_our_own_page_may_connect() {
    let site = site().await;
    let port = site.bridge.address.port();
    let ours = format!("http://127.0.0.1:{port}");
    assert_eq!(status(&site, None, None).await, 403, "no Origin");
    for origin in
        ["null", "http://evil.example", "https://127.0.0.1", &format!("http://localhost:{port}")]
    {
        assert_eq!(status(&site, None, Some(origin)).await, 403, "{origin}");
    }
    for host in ["evil.example", "127.0.0.1", &format!("evil.example:{port}")] {
        assert_eq!(status(&site, Some(host), Some(&ours)).await, 421, "{host}");
        assert_eq!(status(&site, Some(host), Some(&format!("http://{host}"))).await, 421, "{host}");
    }
    let localhost = format!("localhost:{port}");
    assert!(open(&site, Some(&localhost), Some(&format!("http://{localhost}"))).await.is_ok());
    site.stop().await;
}

/// Sends `first` on a fresh connection and gives the refusal; the connection must end then.
async fn refused(site: &Site, first: Message) -> ErrorCode {
    let origin = format!("http://{}", site.bridge.address);
    let mut page = open(site, None, Some(&origin)).await.unwrap();
    page.socket.send(first).await.unwrap();
    let Some(FromBridge::Refused { code, .. }) = page.next().await else { panic!("not refused") };
    assert_eq!(page.next().await, None);
    code
}

#[tokio::test]
async fn the_first_message_is_a_right_hello() {
    let site = site().await;
    let hello = |version: u32, token: &str| {
        Message::text(format!(r#"{{"type":"hello","version":{version},"token":"{token}"}}"#))
    };
    let token = site.bridge.token.clone();
    assert_eq!(refused(&site, hello(PROTOCOL_VERSION, "")).await, ErrorCode::BadToken);
    assert_eq!(refused(&site, hello(PROTOCOL_VERSION, &"0".repeat(64))).await, ErrorCode::BadToken);
    assert_eq!(
        refused(&site, hello(PROTOCOL_VERSION + 1, &token)).await,
        ErrorCode::VersionMismatch
    );
    assert_eq!(refused(&site, Message::text("hello")).await, ErrorCode::Malformed);
    assert_eq!(refused(&site, Message::binary(vec![1, 2])).await, ErrorCode::HelloFirst);
    let act = r#"{"type":"act","seen":0,"action":{"action":"stop"}}"#;
    assert_eq!(refused(&site, Message::text(act)).await, ErrorCode::HelloFirst);
    site.stop().await;
}

#[tokio::test]
async fn wrong_messages_are_answered_and_the_page_goes_on() {
    let site = site().await;
    let mut page = page(&site).await;
    page.idle().await;
    let long = format!(r#"{{"type":"{}"}}"#, "x".repeat(MAX_TEXT_BYTES));
    for (message, expected) in [
        (Message::text(r#"{"type":"dance"}"#), ErrorCode::Unsupported),
        (Message::text("{"), ErrorCode::Malformed),
        (
            Message::text(r#"{"type":"act","seen":0,"action":{"action":"pin","pin":"12"}}"#),
            ErrorCode::Malformed,
        ),
        (Message::binary(vec![0; 100]), ErrorCode::TooLarge),
        (Message::text(long), ErrorCode::TooLarge),
    ] {
        page.socket.send(message).await.unwrap();
        let Some(FromBridge::Refused { code, .. }) = page.next().await else {
            panic!("{expected:?}")
        };
        assert_eq!(code, expected);
    }
    site.place("valid");
    page.until(|screen| matches!(screen, Screen::Method { .. })).await;
    // Far too large: the connection ends before the message is even read.
    let _ = page.socket.send(Message::text("x".repeat(1024 * 1024))).await;
    assert_eq!(page.next().await, None);
    site.stop().await;
}

/// The code with which the connection ends.
async fn ends_with(page: &mut Page) -> u16 {
    loop {
        match page.socket.next().await.unwrap().unwrap() {
            Message::Close(Some(frame)) => return frame.code.into(),
            Message::Close(None) => return 1005,
            _ => {}
        }
    }
}

#[tokio::test]
async fn a_connection_ends_with_the_code_of_the_standard() {
    let site = site().await;
    let large = Frame::message(vec![b'x'; 70_000], OpCode::Data(Data::Text), true);
    let latin = Frame::message(&b"caf\xE9"[..], OpCode::Data(Data::Text), true);
    // 1005 means "no code", and may not be sent.
    let close = FrameHeader { opcode: OpCode::Control(Control::Close), ..FrameHeader::default() };
    let bad_close = Frame::from_payload(close, (&[0x03, 0xED][..]).into());
    for (frame, code) in [(large, 1009), (latin, 1007), (bad_close, 1002)] {
        let mut page = page(&site).await;
        page.socket.send(Message::Frame(frame)).await.unwrap();
        assert_eq!(ends_with(&mut page).await, code);
    }
    let mut page = page(&site).await;
    page.socket.send(Message::Close(None)).await.unwrap();
    assert_eq!(ends_with(&mut page).await, 1000);
    site.stop().await;
}

#[tokio::test]
async fn empty_pieces_count_as_messages() {
    let site = site().await;
    let mut page = page(&site).await;
    page.idle().await;
    let piece = |kind, last| Message::Frame(Frame::message(Vec::new(), OpCode::Data(kind), last));
    page.socket.send(piece(Data::Text, false)).await.unwrap();
    for _ in 0..100 {
        if page.socket.send(piece(Data::Continue, false)).await.is_err() {
            break;
        }
    }
    let Some(FromBridge::Refused { code: ErrorCode::TooMany, .. }) = page.next().await else {
        panic!("not refused")
    };
    site.stop().await;
}

#[tokio::test]
async fn a_plain_request_to_the_socket_is_told_what_is_spoken_there() {
    let site = site().await;
    let answer = request(&site, "GET /kiosk", &ours(&site), b"").await;
    assert_eq!(answer.status, 426);
    assert!(answer.head.contains("upgrade: websocket"), "{}", answer.head);
    site.stop().await;
}

#[tokio::test]
async fn localhost_is_ours_in_both_families() {
    let site = site().await;
    let port = site.bridge.address.port();
    // A computer without IPv6 has no second one.
    if tokio::net::TcpListener::bind("[::1]:0").await.is_ok() {
        let mut stream = tokio::net::TcpStream::connect(("::1", port)).await.unwrap();
        let head =
            format!("GET /health HTTP/1.1\r\nHost: [::1]:{port}\r\nConnection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.contains("\"kiosks\":"), "{answer}");
    }
    site.stop().await;
}

#[tokio::test]
async fn too_many_messages_end_the_connection() {
    let site = site().await;
    let mut page = page(&site).await;
    page.idle().await;
    for _ in 0..100 {
        let present = Message::text(r#"{"type":"act","seen":0,"action":{"action":"present"}}"#);
        if page.socket.send(present).await.is_err() {
            break;
        }
    }
    let Some(FromBridge::Refused { code: ErrorCode::TooMany, .. }) = page.next().await else {
        panic!("not refused")
    };
    assert_eq!(page.next().await, None);
    site.stop().await;
}

#[tokio::test]
async fn a_second_page_takes_over() {
    let site = site().await;
    let mut first = page(&site).await;
    first.idle().await;
    let mut second = page(&site).await;
    assert_eq!(first.next().await, Some(FromBridge::TakenOver));
    assert_eq!(first.next().await, None);
    site.place("valid");
    second.until(|screen| matches!(screen, Screen::Method { .. })).await;
    site.stop().await;
}
