//! Accounts of staff: the first manager, who may do what, and what an attacker gets.

use crate::page::page;
use crate::site::{SetClock, Site, options_in, site, site_at};
use crate::tray::{Answer, ours, request};
use crate::visit::agree;
use bridge::config::Options;
use bridge::store::{Kept as _, Sqlite};
use futures_util::future::join_all;
use protocol::Action;
use protocol::account::{Accounts, Doorway, Role};
use protocol::screen::Screen;
use protocol::staff::Entered;
use rusqlite::Connection;
use std::time::{Duration, Instant};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

/// That of something that hangs.
const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) const PASSWORD: &str = "three words here";

/// Patients' board, with a passcode of the facility.
pub(crate) fn patients(options: &mut Options) {
    let passcode = checkin::secret::Passcode::parse("4821").unwrap();
    options.passcode_hash = Some(bridge::passcode::hash(&passcode));
    options.reader = Some("no such reader".into());
}

pub(crate) async fn post(site: &Site, verb: &str, session: &str, body: &str) -> Answer {
    let headers = format!("{}x-uketsuke-staff: {session}\r\n", ours(site));
    request(site, &format!("POST /staff/api/{verb}"), &headers, body.as_bytes()).await
}

fn entered(answer: &Answer) -> Entered {
    assert_eq!(answer.status, 200, "{}", answer.body);
    serde_json::from_str(&answer.body).unwrap()
}

fn first_code(site: &Site) -> String {
    let file = site.folder.path().join("data/first-manager.txt");
    std::fs::read_to_string(file).unwrap().lines().next().unwrap().to_owned()
}

pub(crate) async fn join(site: &Site, name: &str, code: &str) -> Answer {
    let body = format!(r#"{{"name":"{name}","invitation":"{code}","password":"{PASSWORD}"}}"#);
    post(site, "join", "", &body).await
}

/// Makes the first manager; gives the session.
pub(crate) async fn manager(site: &Site) -> String {
    let entered = entered(&join(site, "院長", &first_code(site)).await);
    entered.session.expose().to_owned()
}

/// Adds an account whose owner has joined; gives the session.
pub(crate) async fn member(site: &Site, manager: &str, name: &str, role: &str) -> String {
    let body = format!(r#"{{"name":"{name}","role":"{role}"}}"#);
    let added = post(site, "accounts/add", manager, &body).await;
    let added: Accounts = serde_json::from_str(&added.body).unwrap();
    let code = added.invitation.unwrap();
    entered(&join(site, name, code.expose()).await).session.expose().to_owned()
}

/// By the manager, to the account of this name.
async fn change(site: &Site, manager: &str, name: &str, change: &str) -> Answer {
    let headers = format!("{}x-uketsuke-staff: {manager}\r\n", ours(site));
    let list = request(site, "GET /staff/api/accounts", &headers, b"").await;
    let list: Accounts = serde_json::from_str(&list.body).unwrap();
    let id = list.accounts.into_iter().find(|account| account.name == name).unwrap().id;
    let body = format!(r#"{{"id":"{id}","change":"{change}"}}"#);
    post(site, "accounts/change", manager, &body).await
}

async fn log_in(site: &Site, name: &str, password: &str) -> Answer {
    post(site, "login", "", &format!(r#"{{"name":"{name}","password":"{password}"}}"#)).await
}

async fn door(site: &Site) -> Doorway {
    let answer = request(site, "GET /staff/api/door", &ours(site), b"").await;
    serde_json::from_str(&answer.body).unwrap()
}

pub(crate) async fn look(site: &Site, session: &str) -> u16 {
    let headers = format!("{}x-uketsuke-staff: {session}\r\n", ours(site));
    request(site, "GET /staff/api/board", &headers, b"").await.status
}

/// What the patients' audit says about `what`, its detail and actor.
fn audit(site: &Site, what: &str) -> Vec<String> {
    let db = Connection::open(Sqlite::file(&site.folder.path().join("data"))).unwrap();
    let sql =
        "SELECT json_extract(line, '$.detail') || ' ' || COALESCE(json_extract(line, '$.by'), '')
        FROM audit WHERE json_extract(line, '$.what') = ?1 ORDER BY seq";
    let mut lines = db.prepare(sql).unwrap();
    lines.query_map([what], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

/// The same, once there are so many: what was answered is kept a moment later.
pub(crate) async fn audited(site: &Site, what: &str, count: usize) -> Vec<String> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let lines = audit(site, what);
        if lines.len() >= count || Instant::now() > deadline {
            return lines;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn the_first_manager_comes_by_the_code_in_the_data_folder_and_the_passcode_closes() {
    let (site, _) = site_at(patients, |_| {}).await;
    let first = Doorway { passcode: true, account: false, first: true, code: false };
    assert_eq!(door(&site).await, first);
    let passcode = entered(&post(&site, "enter", "", r#"{"passcode":"4821"}"#).await);
    assert_eq!(passcode.me, None);
    let passcode = passcode.session.expose();
    assert_eq!(look(&site, passcode).await, 200, "nobody is locked out");

    let code = first_code(&site);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let file = site.folder.path().join("data/first-manager.txt");
        assert_eq!(std::fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert_eq!(join(&site, "院長", "0000-0000-0000-0000").await.status, 403);
    let weak = format!(r#"{{"name":"院長","invitation":"{code}","password":"short"}}"#);
    assert_eq!(post(&site, "join", "", &weak).await.status, 422);
    let made = entered(&join(&site, "院長", &code).await);
    let me = made.me.unwrap();
    assert_eq!((me.name.as_str(), me.role, me.authenticator), ("院長", Role::Manager, false));

    assert_eq!(look(&site, passcode).await, 401, "the passcode's session has ended");
    assert_eq!(post(&site, "enter", "", r#"{"passcode":"4821"}"#).await.status, 409);
    let closed = Doorway { passcode: false, account: true, first: false, code: false };
    assert_eq!(door(&site).await, closed);
    assert!(!site.folder.path().join("data/first-manager.txt").exists());
    assert_eq!(join(&site, "院長", &code).await.status, 403, "once");
    assert_eq!(log_in(&site, "院長", "other words here").await.status, 403);
    let again = entered(&log_in(&site, " 院 長", PASSWORD).await);
    assert_eq!(look(&site, again.session.expose()).await, 200);
    let folder = site.stop().await;
    let site =
        Site { bridge: bridge::start(options_in(folder.path(), patients)).await.unwrap(), folder };
    assert_eq!(door(&site).await, closed);
    entered(&log_in(&site, "院長", PASSWORD).await);
    assert!(audit(&site, "account")[0].contains("joined"), "{:?}", audit(&site, "account"));
    let folder = site.stop().await;
    let store = Sqlite::open(&folder.path().join("data"), false).unwrap();
    store.check_chain().unwrap();
}

/// Guesses until the next one has to wait as long as any.
async fn guess(site: &Site, clock: &SetClock, name: &str) -> Vec<u16> {
    let mut seen = Vec::new();
    for _ in 0..13 {
        let answer = log_in(site, name, "quite wrong words").await;
        seen.push(answer.status);
        if answer.status == 429 {
            clock.pass(Duration::from_secs(301));
        }
    }
    seen
}

#[tokio::test]
async fn guesses_wait_longer_and_longer_tell_no_names_apart_and_outlive_a_restart() {
    let (site, clock) = site_at(patients, |_| {}).await;
    manager(&site).await;
    let unknown = guess(&site, &clock, "だれか").await;
    let known = guess(&site, &clock, "院長").await;
    assert_eq!(known, unknown);
    assert_eq!(known[..6], [403, 403, 403, 403, 403, 429]);
    assert_eq!(log_in(&site, "院長", PASSWORD).await.status, 429, "not even the right one");
    let health = request(&site, "GET /health", "", b"").await.body;
    assert!(health.contains(r#""log_ins_refused":18"#), "{health}");
    let refused = audited(&site, "log_in_refused", 18).await;
    assert_eq!(refused.len(), 18, "one that is not looked at is no news: {refused:?}");
    assert!(refused[0].contains("127.0.0.1") && !refused[0].contains("wrong words"), "{refused:?}");
    let folder = site.stop().await;
    let config = options_in(folder.path(), patients);
    let site = Site { bridge: bridge::start(config).await.unwrap(), folder };
    assert_eq!(log_in(&site, "院長", PASSWORD).await.status, 429);
    site.stop().await;
}

#[tokio::test]
async fn many_guesses_at_once_win_nothing() {
    let (site, _) = site_at(patients, |_| {}).await;
    let boss = manager(&site).await;
    let guesses = join_all((0..30).map(|_| log_in(&site, "院長", "quite wrong words"))).await;
    let wrong = guesses.iter().filter(|answer| answer.status == 403).count();
    assert!((1..=5).contains(&wrong), "{wrong} were looked at");
    assert!(guesses.iter().all(|answer| [403, 429].contains(&answer.status)));
    assert_eq!(look(&site, &boss).await, 200, "who is in stays in");

    // Many names from one computer.
    let mut looked_at = 0;
    for at in 0..40 {
        let answer = log_in(&site, &format!("name {at}"), "quite wrong words").await;
        looked_at += usize::from(answer.status == 403);
    }
    assert!(looked_at <= 20, "{looked_at} of one address");
    site.stop().await;
}

#[tokio::test]
async fn nobody_stays_in_whose_account_was_closed_while_they_came_in() {
    let (site, _) = site_at(patients, |_| {}).await;
    let boss = manager(&site).await;
    let mut inside = Vec::new();
    for at in 0..5 {
        let name = format!("受付{at}");
        member(&site, &boss, &name, "reception").await;
        let (answer, closed) =
            tokio::join!(log_in(&site, &name, PASSWORD), change(&site, &boss, &name, "close"));
        assert_eq!(closed.status, 200, "{}", closed.body);
        match answer.status {
            200 => inside.push(entered(&answer).session.expose().to_owned()),
            status => assert_eq!(status, 403, "closed before"),
        }
    }
    for session in inside {
        assert_eq!(look(&site, &session).await, 401);
    }
    site.stop().await;
}

#[tokio::test]
async fn sessions_are_given_not_taken_and_requests_come_from_our_page() {
    let site = site().await;
    let boss = manager(&site).await;
    let mine = "ab".repeat(32);
    let body = format!(r#"{{"name":"院長","password":"{PASSWORD}"}}"#);
    let entered = entered(&post(&site, "login", &mine, &body).await);
    assert_ne!(entered.session.expose(), mine);
    assert_eq!(look(&site, &mine).await, 401);
    let token = format!("x-uketsuke-token: {}\r\n", site.bridge.token);
    for foreign in ["", "origin: http://evil.example\r\n"] {
        let headers = format!("{token}{foreign}");
        let answer = request(&site, "POST /staff/api/login", &headers, body.as_bytes()).await;
        assert_eq!(answer.status, 403, "{foreign}");
        let headers = format!("{headers}x-uketsuke-staff: {boss}\r\n");
        let answer = request(&site, "POST /staff/api/accounts/add", &headers, b"{}").await;
        assert_eq!(answer.status, 403, "{foreign}");
    }
    let large = " ".repeat(2049);
    assert_eq!(post(&site, "login", "", &large).await.status, 413);
    assert_eq!(post(&site, "join", "", "{}").await.status, 400);
    site.stop().await;
}

#[tokio::test]
async fn settings_ask_for_the_password_again_and_changes_end_sessions() {
    let (site, clock) = site_at(patients, |_| {}).await;
    let boss = manager(&site).await;
    let reception = member(&site, &boss, "受付", "reception").await;
    clock.pass(Duration::from_mins(5));
    let add = r#"{"name":"新人","role":"reception"}"#;
    assert_eq!(post(&site, "accounts/add", &boss, add).await.status, 428);
    let wrong = r#"{"password":"quite wrong words"}"#;
    assert_eq!(post(&site, "again", &boss, wrong).await.status, 403);
    let right = format!(r#"{{"password":"{PASSWORD}"}}"#);
    assert_eq!(post(&site, "again", &boss, &right).await.status, 204);
    assert_eq!(post(&site, "accounts/add", &boss, add).await.status, 200);
    assert_eq!(post(&site, "accounts/add", &boss, add).await.status, 409, "the name is taken");

    let close = change(&site, &boss, "院長", "close").await;
    assert_eq!(close.status, 409, "the last manager");
    let close = change(&site, &boss, "受付", "close").await;
    assert_eq!(close.status, 200, "{}", close.body);
    assert_eq!(look(&site, &reception).await, 401);
    assert_eq!(log_in(&site, "受付", PASSWORD).await.status, 403);

    let other = entered(&log_in(&site, "院長", PASSWORD).await).session.expose().to_owned();
    let new = format!(r#"{{"old":"{PASSWORD}","new":"four other words here"}}"#);
    assert_eq!(post(&site, "me/password", &boss, &new).await.status, 204);
    assert_eq!((look(&site, &boss).await, look(&site, &other).await), (200, 401));
    assert_eq!(log_in(&site, "院長", PASSWORD).await.status, 403);
    entered(&log_in(&site, "院長", "four other words here").await);
    let told = audited(&site, "account", 6).await;
    for part in ["made", "joined", "closed", "password_set"] {
        assert!(told.iter().any(|line| line.contains(part)), "{part}: {told:?}");
    }
    site.stop().await;
}

#[tokio::test]
async fn what_an_account_does_carries_its_name() {
    let site = site().await;
    let mut page = page(&site).await;
    let boss = manager(&site).await;
    let session = member(&site, &boss, "佐藤", "reception").await;
    site.place("valid");
    page.pin("1234").await;
    assert!(matches!(agree(&mut page).await, Screen::Finished { .. }));
    page.act(Action::Continue).await;
    let withdraw = r#"{"visit":1,"topic":"operation"}"#;
    let answer = post(&site, "withdraw", &session, withdraw).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let actors = crate::actors::actors(&site, "consent_withdrawn", 1).await;
    assert!(actors.len() == 1 && actors[0].contains(r#""name":"佐藤""#), "{actors:?}");
    site.stop().await;
}

#[tokio::test]
async fn whoever_hangs_up_before_the_answer_is_in_the_audit_all_the_same() {
    let (site, _) = site_at(patients, |_| {}).await;
    manager(&site).await;
    let body = r#"{"name":"院長","password":"quite wrong words"}"#;
    let (host, ours, length) = (site.bridge.address, ours(&site), body.len());
    let line = "POST /staff/api/login HTTP/1.1";
    let head = format!("{line}\r\nHost: {host}\r\nContent-Length: {length}\r\n{ours}\r\n");
    let mut stream = TcpStream::connect(host).await.unwrap();
    stream.write_all((head + body).as_bytes()).await.unwrap();
    drop(stream);
    let told = audited(&site, "log_in_refused", 1).await;
    assert_eq!(told.len(), 1, "a guess that nobody hears of");
    site.stop().await;
}
