//! Into the staff board and out of it: by passcode, by itself, and what the audit tells of it.

use crate::site::{SetClock, Site, site_at};
use crate::tray::{Answer, ours, request};
use crate::ways::enter;
use bridge::store::Sqlite;
use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::time::{Duration, Instant};

/// Longer than anything takes here.
const PATIENCE: Duration = Duration::from_mins(1);

/// What happened at the board, one `what detail` a line.
fn audit(data: &Path) -> Vec<String> {
    let file = Sqlite::file(data);
    let db = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    db.busy_timeout(PATIENCE).unwrap();
    let sql =
        "SELECT json_extract(line, '$.what') || ' ' || COALESCE(json_extract(line, '$.detail'), '')
        FROM audit WHERE json_extract(line, '$.what') LIKE 'board%' ORDER BY seq";
    let mut lines = db.prepare(sql).unwrap();
    lines.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

async fn with_session(site: &Site, session: &str, line: &str, more: &str, body: &str) -> u16 {
    let headers = format!("{}x-uketsuke-staff: {session}\r\n{more}", ours(site));
    request(site, line, &headers, body.as_bytes()).await.status
}

async fn look(site: &Site, session: &str) -> u16 {
    with_session(site, session, "GET /staff/api/board", "", "").await
}

async fn try_passcode(site: &Site, passcode: &str) -> Answer {
    let body = format!(r#"{{"passcode":"{passcode}"}}"#);
    request(site, "POST /staff/api/enter", &ours(site), body.as_bytes()).await
}

async fn ten_minutes() -> (Site, std::sync::Arc<SetClock>) {
    site_at(|options| options.board_lock_minutes = Some(10), |_| {}).await
}

fn minutes(minutes: u64) -> Duration {
    Duration::from_mins(minutes)
}

#[tokio::test]
async fn a_board_that_nobody_uses_locks_itself() {
    let (site, clock) = ten_minutes().await;
    let answer = try_passcode(&site, "0000").await;
    assert!(answer.body.contains("\"lock_s\":600"), "{}", answer.body);
    let session = enter(&site).await;
    clock.pass(minutes(9));
    assert_eq!(look(&site, &session).await, 200, "looking on is no use of it");
    clock.pass(minutes(1));
    assert_eq!(look(&site, &session).await, 401);

    // Whoever touches the page or does something stays.
    let session = enter(&site).await;
    clock.pass(minutes(9));
    let used = "x-uketsuke-used: 1\r\n";
    assert_eq!(with_session(&site, &session, "GET /staff/api/board", used, "").await, 200);
    clock.pass(minutes(9));
    let no_such_visit = r#"{"visit":99}"#;
    let entered = "POST /staff/api/entered";
    assert_eq!(with_session(&site, &session, entered, "", no_such_visit).await, 404);
    clock.pass(minutes(9));
    assert_eq!(look(&site, &session).await, 200);
    clock.pass(minutes(1));
    assert_eq!(look(&site, &session).await, 401);
    site.stop().await;
}

#[tokio::test]
async fn who_enters_or_fails_to_and_every_lock_is_audited_without_the_passcode() {
    let (site, clock) = ten_minutes().await;
    let data = site.folder.path().join("data/practice");
    // Nobody asks any more: the session ends by the bridge's own clock.
    enter(&site).await;
    clock.pass(minutes(10));
    let deadline = Instant::now() + PATIENCE;
    while audit(&data).len() < 2 {
        assert!(Instant::now() < deadline, "{:?}", audit(&data));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let session = enter(&site).await;
    assert_eq!(with_session(&site, &session, "POST /staff/api/lock", "", "").await, 204);
    assert_eq!(look(&site, &session).await, 401);
    for _ in 0..3 {
        assert_eq!(try_passcode(&site, "9753").await.status, 403);
    }
    // Locked out: not even checked, and not told again and again.
    for _ in 0..3 {
        assert_eq!(try_passcode(&site, "9753").await.status, 429);
    }
    let folder = site.stop().await;
    let told = audit(&data);
    let expected = [
        "board_opened ",
        r#"board_locked {"why":"unused"}"#,
        "board_opened ",
        r#"board_locked {"why":"asked"}"#,
        r#"board_refused {"wait_s":null}"#,
        r#"board_refused {"wait_s":null}"#,
    ];
    assert_eq!(told[..6], expected);
    let locked_out = [r#"board_refused {"wait_s":30}"#, r#"board_refused {"wait_s":29}"#];
    assert!(told.len() == 7 && locked_out.contains(&told[6].as_str()), "{told:?}");
    let store = Sqlite::open(&data, true).unwrap();
    bridge::store::Kept::check_chain(&store).unwrap();
    drop((store, folder));
}
