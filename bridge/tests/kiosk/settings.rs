//! Settings of the site over HTTP, and what the bridge does by the clock because of them.

use crate::accounts::{PASSWORD, audited, manager, member, patients, post};
use crate::actors::actors;
use crate::page::page;
use crate::site::{Site, options_in, site_at, site_in};
use crate::tray::{Answer, ours, request};
use crate::ways::board;
use bridge::End;
use bridge::config::{Config, Options};
use jiff::{SignedDuration, Timestamp};
use protocol::screen::Screen;
use protocol::settings::{Change, Key, Origin, Setting, Settings, Span, Wrong};
use std::time::{Duration, Instant};
use totp_rs::{Algorithm, TOTP};

/// That of something that hangs.
const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) async fn look(site: &Site, session: &str) -> Settings {
    let headers = format!("{}x-uketsuke-staff: {session}\r\n", ours(site));
    let answer = request(site, "GET /staff/api/settings", &headers, b"").await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    serde_json::from_str(&answer.body).unwrap()
}

pub(crate) async fn change(site: &Site, session: &str, seen: u64, set: Vec<Setting>) -> Answer {
    let change = Change { seen, set, reset: Vec::new() };
    post(site, "settings/change", session, &serde_json::to_string(&change).unwrap()).await
}

/// A whole day but for one minute, from so many minutes after now in Japan.
fn hours(from_minutes: i64) -> Setting {
    let at = |minutes| {
        let at = Timestamp::now() + SignedDuration::from_mins(minutes);
        checkin::time::in_japan(at).strftime("%H:%M").to_string()
    };
    let span = Span { from: at(from_minutes), to: at(from_minutes - 1) };
    Setting::OpeningHours(Box::new(std::array::from_fn(|_| Some(span.clone()))))
}

/// Looks often whether something is due, and waits for no look of a test.
fn quick(config: &mut Config) {
    config.limits.due = Duration::from_millis(10);
    config.limits.look = PATIENCE;
}

/// What an authenticator with this secret shows at a moment.
fn code(secret: &str, at: Timestamp) -> String {
    let key = totp_rs::Secret::Encoded(secret.into()).to_bytes().unwrap();
    let totp = TOTP::new(Algorithm::SHA1, 6, 1, 30, key).unwrap();
    totp.generate(u64::try_from(at.as_second()).unwrap())
}

#[tokio::test]
async fn managers_change_settings_and_the_audit_has_who_and_what() {
    let (site, _) = site_at(patients, |_| {}).await;
    let boss = manager(&site).await;
    let reception = member(&site, &boss, "受付", "reception").await;
    let auditor = member(&site, &boss, "監査", "auditor").await;
    for session in [&reception, &auditor] {
        let refused = change(&site, session, 0, vec![Setting::SelfTestMinutes(45)]).await;
        assert_eq!(refused.status, 403);
    }
    let before = look(&site, &boss).await;
    assert_eq!(before.version, 0);
    let answer = change(&site, &boss, 0, vec![Setting::SelfTestMinutes(45)]).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let after: Settings = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(after, look(&site, &boss).await);
    let of = |settings: &Settings| {
        let is_it =
            |entry: &&protocol::settings::Entry| entry.setting.key() == Key::SelfTestMinutes;
        settings.entries.iter().find(is_it).unwrap().clone()
    };
    assert_eq!((after.version, of(&after).origin), (1, Origin::Page));
    assert_eq!(of(&before).origin, Origin::Start);

    let late = change(&site, &boss, 0, vec![Setting::SelfTestMinutes(60)]).await;
    assert_eq!(late.status, 409, "somebody was faster");
    let wrong = change(&site, &boss, 1, vec![Setting::SelfTestMinutes(999)]).await;
    assert_eq!(wrong.status, 422);
    let wrong: Wrong = serde_json::from_str(&wrong.body).unwrap();
    assert_eq!(wrong.key, Key::SelfTestMinutes);
    assert!(wrong.said.en.contains("180") && wrong.said.ja.contains("180"), "{wrong:?}");
    let unknown = r#"{"seen":1,"set":[{"key":"colour","value":"red"}]}"#;
    assert_eq!(post(&site, "settings/change", &boss, unknown).await.status, 400);
    let long = " ".repeat(64 * 1024 + 1);
    assert_eq!(post(&site, "settings/change", &boss, &long).await.status, 413);

    let told = audited(&site, "setting_changed", 1).await;
    assert_eq!(told.len(), 1, "{told:?}");
    let detail = r#"{"new":45,"old":30,"setting":"self_test_minutes"}"#;
    assert!(told[0].contains(detail) && told[0].contains("院長"), "{told:?}");
    let folder = site.stop().await;
    let site = site_in(folder, patients).await;
    let answer =
        post(&site, "login", "", &format!(r#"{{"name":"院長","password":"{PASSWORD}"}}"#)).await;
    let entered: protocol::staff::Entered = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(look(&site, entered.session.expose()).await, after);
    site.stop().await;
}

#[tokio::test]
async fn settings_ask_for_password_and_code_of_the_last_minutes() {
    let (site, clock) = site_at(patients, |_| {}).await;
    let boss = manager(&site).await;
    clock.pass(Duration::from_mins(5));
    let set = async |version: u64| {
        let minutes = 10 + u16::try_from(version).unwrap();
        change(&site, &boss, version, vec![Setting::SelfTestMinutes(minutes)]).await.status
    };
    assert_eq!(set(0).await, 428);
    let again = async |password: &str, code: &str| {
        let body = format!(r#"{{"password":"{password}","code":"{code}"}}"#);
        post(&site, "again", &boss, &body).await.status
    };
    assert_eq!(again("quite wrong words", "").await, 403);
    assert_eq!(set(0).await, 428);
    assert_eq!(again(PASSWORD, "").await, 204);
    assert_eq!(set(0).await, 200, "this account has no authenticator");

    let secret = post(&site, "me/authenticator", &boss, "").await;
    let secret: protocol::account::Secret = serde_json::from_str(&secret.body).unwrap();
    let code = |at| code(secret.secret.expose(), at);
    let now = || Timestamp::now() + SignedDuration::from_mins(5);
    let confirm = format!(r#"{{"code":"{}"}}"#, code(now()));
    let confirmed = post(&site, "me/authenticator/confirm", &boss, &confirm).await;
    assert_eq!(confirmed.status, 200, "{}", confirmed.body);
    clock.pass(Duration::from_mins(5));
    assert_eq!(again(PASSWORD, "").await, 204);
    assert_eq!(set(1).await, 428, "the password alone is not all that this account has");
    assert_eq!(again(PASSWORD, "000000").await, 403);
    let now = Timestamp::now() + SignedDuration::from_mins(10);
    assert_eq!(again(PASSWORD, &code(now)).await, 204);
    assert_eq!(set(1).await, 200);
    clock.pass(Duration::from_mins(5));
    assert_eq!(set(2).await, 428, "its time is over");
    site.stop().await;
}

#[tokio::test]
async fn a_damaged_file_of_settings_keeps_the_bridge_from_starting() {
    let folder = tempfile::tempdir().unwrap();
    let config = options_in(folder.path(), |_| {});
    std::fs::create_dir_all(&config.data).unwrap();
    std::fs::write(config.data.join("settings.json"), "{").unwrap();
    let error = bridge::start(config).await.err().unwrap().to_string();
    assert!(error.contains("settings.json cannot be used"), "{error}");
}

#[tokio::test]
async fn the_self_test_is_made_before_opening_by_itself_and_stands_on_the_board() {
    let unlocked = |options: &mut Options| options.board_lock_minutes = Some(720);
    let (site, clock) = site_at(unlocked, quick).await;
    let boss = manager(&site).await;
    assert_eq!(board(&site, &boss).await.tested, None);
    // Opens in two hours, and was closed a minute before.
    let set = vec![hours(120), Setting::SelfTestMinutes(30)];
    assert_eq!(change(&site, &boss, 0, set).await.status, 200);
    let health = async || request(&site, "GET /health", "", b"").await.body;
    assert!(health().await.contains(r#""open":true"#), "{}", health().await);
    // It is open still: the day before lasts until then, and was not tested.
    let told = until_tested(&site, &boss, None).await;
    clock.pass(Duration::from_mins(95));
    let next = until_tested(&site, &boss, Some(told.clone())).await;
    assert!(next > told);
    assert!(health().await.contains(&format!(r#""self_test":{{"at":"{next}""#)));
    assert_eq!(actors(&site, "self_tested", 2).await.len(), 2, "once for each day");
    site.stop().await;
}

/// When the newest test was made, once it is another one than that.
async fn until_tested(site: &Site, session: &str, before: Option<String>) -> String {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let tested = board(site, session).await.tested;
        if let Some(tested) = tested.filter(|tested| Some(tested) != before.as_ref()) {
            return tested;
        }
        assert!(Instant::now() < deadline, "no test is made");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn the_daily_restart_comes_once_nobody_is_served() {
    let supervised = |options: &mut Options| options.supervised = Some(true);
    let (mut site, clock) = site_at(supervised, quick).await;
    let boss = manager(&site).await;
    let soon = checkin::time::in_japan(Timestamp::now() + SignedDuration::from_mins(90));
    let at = Setting::RestartAt(Some(soon.strftime("%H:%M").to_string()));
    assert_eq!(change(&site, &boss, 0, vec![at]).await.status, 200);
    let mut page = page(&site).await;
    site.place("valid");
    page.until(|screen| matches!(screen, Screen::Method { .. })).await;
    clock.pass(Duration::from_mins(91));
    let early = tokio::time::timeout(Duration::from_millis(300), site.bridge.ends()).await;
    assert!(early.is_err(), "somebody is served: {early:?}");
    site.remove();
    page.idle().await;
    let end = tokio::time::timeout(PATIENCE, site.bridge.ends()).await.unwrap();
    assert_eq!(end, End::Daily);
    site.stop().await;
}
