//! What the program as a process owes the computer that it runs on: to end when asked, and to give memory back.

use crate::running::{Running, hash};
use std::fs::OpenOptions;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::OpenOptionsExt as _;
use std::process::Command;
use std::time::{Duration, Instant};

/// Longer than anything takes here.
const PATIENCE: Duration = Duration::from_mins(1);
/// `O_NONBLOCK` of Linux on the processors that kiosks have.
const WITHOUT_WAITING: i32 = 0o4000;

fn send(running: &Running, line: &str, headers: &str, body: &str) -> TcpStream {
    let mut stream = TcpStream::connect(running.address).unwrap();
    let (host, length) = (running.address, body.len());
    write!(
        stream,
        "{line} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {length}\r\nConnection: close\r\n{headers}\r\n{body}"
    )
    .unwrap();
    stream
}

#[test]
fn a_call_that_never_comes_back_does_not_keep_the_program_from_ending() {
    let mut running = Running::start("practice", &hash("0417"), "info");
    // A page on a disk that does not answer: nobody ever writes into this pipe.
    let page = running.folder().join("dist/index.html");
    std::fs::remove_file(&page).unwrap();
    assert!(Command::new("mkfifo").arg(&page).status().unwrap().success());
    let _asked = send(&running, "GET /", "", "");
    let began = Instant::now();
    let _pipe = loop {
        // Opens as soon as somebody wants to read.
        match OpenOptions::new().write(true).custom_flags(WITHOUT_WAITING).open(&page) {
            Ok(pipe) => break pipe,
            Err(_) => assert!(began.elapsed() < PATIENCE, "the page is never read"),
        }
        std::thread::sleep(Duration::from_millis(10));
    };
    let ended = running.terminate(PATIENCE).expect("the program hangs");
    assert!(ended.success(), "{ended}");
}

fn resident_kib(running: &Running) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", running.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[test]
fn entering_with_the_passcode_takes_memory_once() {
    let running = Running::start("practice", &hash("0417"), "info");
    let (host, token) = (running.address, &running.token);
    let headers = format!("Origin: http://{host}\r\nX-Uketsuke-Token: {token}\r\n");
    let enter = || {
        let mut stream =
            send(&running, "POST /staff/api/enter", &headers, r#"{"passcode":"0417"}"#);
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    };
    (0..5).for_each(|_| enter());
    let before = resident_kib(&running);
    (0..60).for_each(|_| enter());
    let grown = resident_kib(&running).saturating_sub(before);
    // argon2 works in 7 MiB; a fresh piece for each entry left some 350 MB behind.
    assert!(grown < 28 * 1024, "{grown} KiB more");
}
