//! What HTTP takes at once, and how long it waits. The limits themselves are parameters here; what they are by default is written
//! down below and in docs/protocol.md.

use crate::page::open;
use crate::site::{Site, site_at};
use bridge::limits::Limits;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Error;

/// Longer than anything takes here, and than a test should.
const NEVER: Duration = Duration::from_mins(10);
/// Waiting for what must not come: a broken limit shows on any machine that answers within this.
const WHILE: Duration = Duration::from_millis(300);
/// Waiting for what must come.
const PATIENCE: Duration = Duration::from_mins(1);

async fn limited(limits: Limits) -> Site {
    site_at(|_| {}, |config| config.limits = limits).await.0
}

/// Nothing ends by itself.
fn patient() -> Limits {
    Limits { head: NEVER, request: NEVER, hello: NEVER, ..Limits::default() }
}

async fn ask(site: &Site) -> TcpStream {
    let mut stream = TcpStream::connect(site.bridge.address).await.unwrap();
    let head = format!("GET /health HTTP/1.1\r\nHost: {}\r\n\r\n", site.bridge.address);
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

/// The beginning of an answer; empty when the connection ended instead.
async fn begins(stream: &mut TcpStream) -> String {
    let mut bytes = vec![0; 12];
    let mut read = 0;
    while read < bytes.len() {
        match timeout(PATIENCE, stream.read(&mut bytes[read..])).await.expect("an end") {
            Ok(0) | Err(_) => break,
            Ok(more) => read += more,
        }
    }
    bytes.truncate(read);
    String::from_utf8(bytes).unwrap()
}

/// Everything until the connection ends, which it must.
async fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let ended = timeout(PATIENCE, stream.read_to_end(&mut bytes)).await;
    assert!(ended.is_ok(), "the connection never ends");
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn the_limits_are_those_of_the_protocol_page() {
    let limits = Limits::default();
    let page = include_str!("../../../docs/protocol.md");
    for told in [
        format!("{} connections are served at once", limits.connections),
        format!("{} more for each kiosk", limits.connections_more),
        format!("{} kiosk sockets", limits.sockets),
        format!("{} call displays", limits.displays),
        format!("{} seconds for its head", limits.head.as_secs()),
        format!("{} seconds for the rest", limits.request.as_secs()),
        format!("next request ends after {} seconds", limits.head.as_secs()),
        format!("`hello` within {} seconds", limits.hello.as_secs()),
    ] {
        assert!(page.contains(&told), "docs/protocol.md does not say 「{told}」");
    }
}

#[tokio::test]
async fn one_connection_too_many_waits_until_another_one_ends() {
    let site = limited(Limits { connections: 3, ..patient() }).await;
    let mut held = Vec::new();
    for _ in 0..3 {
        let mut stream = ask(&site).await;
        assert!(begins(&mut stream).await.starts_with("HTTP/1.1"));
        held.push(stream);
    }
    let mut waits = ask(&site).await;
    let mut byte = [0];
    assert!(timeout(WHILE, waits.peek(&mut byte)).await.is_err(), "served beyond the limit");
    drop(held.pop());
    assert!(begins(&mut waits).await.starts_with("HTTP/1.1"));
    drop((held, waits));
    site.stop().await;
}

#[tokio::test]
async fn one_socket_too_many_is_refused_until_another_one_ends() {
    let site = limited(Limits { sockets: 2, ..patient() }).await;
    let origin = format!("http://{}", site.bridge.address);
    let first = open(&site, None, Some(&origin)).await.unwrap();
    let second = open(&site, None, Some(&origin)).await.unwrap();
    match open(&site, None, Some(&origin)).await {
        Err(Error::Http(response)) => assert_eq!(response.status().as_u16(), 503),
        other => panic!("not refused: {:?}", other.err()),
    }
    drop(first);
    let opened = async {
        while open(&site, None, Some(&origin)).await.is_err() {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, opened).await.expect("a place that was left is taken again");
    drop(second);
    site.stop().await;
}

#[tokio::test]
async fn a_socket_without_hello_ends() {
    let site = limited(Limits { hello: Duration::from_millis(100), ..patient() }).await;
    let origin = format!("http://{}", site.bridge.address);
    let mut page = open(&site, None, Some(&origin)).await.unwrap();
    assert_eq!(page.next().await, None);
    site.stop().await;
}

#[tokio::test]
async fn a_request_that_does_not_come_to_its_end_is_left() {
    let short = Duration::from_millis(200);
    let site = limited(Limits { head: short, request: short, ..patient() }).await;
    let host = site.bridge.address;
    let mut silent = TcpStream::connect(host).await.unwrap();
    let mut half = TcpStream::connect(host).await.unwrap();
    half.write_all(b"GET / HTTP/1.1\r\nHost: ").await.unwrap();
    let answered = [rest(&mut silent).await, rest(&mut half).await];
    assert!(answered.iter().all(|text| !text.contains("200 OK")), "{answered:?}");
    site.stop().await;

    // Its body never comes.
    let site = limited(Limits { request: short, ..patient() }).await;
    let mut stream = TcpStream::connect(site.bridge.address).await.unwrap();
    let (host, token) = (site.bridge.address, &site.bridge.token);
    let head = format!(
        "POST /staff/api/enter HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nX-Uketsuke-Token: {token}\r\nContent-Length: 100\r\n\r\n{{"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let answer = rest(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    site.stop().await;
}

#[tokio::test]
async fn a_connection_without_a_next_request_is_left() {
    let site = limited(Limits { head: Duration::from_secs(1), ..patient() }).await;
    // On a very busy machine the first request itself may come too late; then it is made again.
    let mut stream = loop {
        let mut stream = ask(&site).await;
        if begins(&mut stream).await.starts_with("HTTP/1.1") {
            break stream;
        }
    };
    let answer = rest(&mut stream).await;
    assert!(!answer.contains("connection: close"), "{answer}");
    site.stop().await;
}
