//! Who gets in, and what is refused.

use crate::page::{open, page};
use crate::site::{Site, site};
use futures_util::SinkExt as _;
use protocol::screen::Screen;
use protocol::{ErrorCode, FromBridge, MAX_TEXT_BYTES, PROTOCOL_VERSION};
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
