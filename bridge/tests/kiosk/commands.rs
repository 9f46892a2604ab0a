//! The commands that look after what is kept, beside a running program and without it.

use crate::page::page_at;
use crate::running::{PROGRAM, Running, hash};
use crate::visit::agree;
use std::path::Path;
use std::process::{Command, Output};

fn command(folder: &Path, arguments: &[&str]) -> Output {
    let mut program = Command::new(PROGRAM);
    program.args(arguments).arg("--data").arg(folder.join("data")).current_dir(folder);
    program.output().unwrap()
}

#[track_caller]
fn ends(folder: &Path, arguments: &[&str], code: i32, says: &str) {
    let output = command(folder, arguments);
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8(said).unwrap();
    assert_eq!(output.status.code(), Some(code), "{arguments:?}: {said}");
    assert!(said.contains(says), "{arguments:?}: {said}");
}

#[tokio::test]
async fn what_is_kept_is_proved_copied_told_erased_and_brought_back() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let data = folder.join("data");
    ends(folder, &["audit", "verify"], 1, "there is no store");
    let kiosk = Running::start_in(folder, "practice", &hash("0417"), "info");
    let mut page = page_at(kiosk.address, &kiosk.token).await;
    page.idle().await;
    crate::killed::post(&kiosk, "/practice/api/place", r#"{"id":"valid"}"#);
    page.pin("1234").await;
    agree(&mut page).await;

    ends(folder, &["audit", "verify"], 0, "audit intact");
    let backup = ["backup", "before.backup", "--practice"];
    ends(folder, &backup, 0, "written and read again");
    ends(folder, &backup, 1, "never written over");
    ends(folder, &["audit", "verify", "before.backup"], 0, "audit intact");
    // That of the visit, whatever day it is by now.
    let db = rusqlite::Connection::open(data.join("practice/uketsuke.sqlite")).unwrap();
    let sql = "SELECT day FROM receptions WHERE number = 1";
    let day: String = db.query_row(sql, [], |row| row.get(0)).unwrap();
    drop(db);
    let whose = ["--practice", "--day", &day, "--number", "1"];
    ends(folder, &[&["export"], &whose[..]].concat(), 0, "受付　太郎");
    let lines = || {
        let db = rusqlite::Connection::open(data.join("practice/uketsuke.sqlite")).unwrap();
        let mut lines = db.prepare("SELECT line FROM audit ORDER BY seq").unwrap();
        let lines = lines.query_map([], |row| row.get(0)).unwrap();
        lines.collect::<Result<Vec<String>, _>>().unwrap()
    };
    let exported = lines().into_iter().find(|line| line.contains("\"exported\"")).unwrap();
    let exported: serde_json::Value = serde_json::from_str(&exported).unwrap();
    assert_eq!(exported["by"], serde_json::json!({ "command": true }));
    let detail = &exported["detail"];
    let counts = (&detail["visits"], &detail["rows"], &detail["files"]);
    assert_eq!(counts, (&1.into(), &1.into(), &0.into()), "{exported}");
    ends(folder, &["audit", "verify"], 0, "audit intact");
    ends(folder, &[&["erase"], &whose[..]].concat(), 1, "stop the kiosk first");
    ends(folder, &["restore", "before.backup", "--practice"], 1, "stop the kiosk first");
    drop(kiosk);

    // A result that nobody has entered yet.
    let db = rusqlite::Connection::open(data.join("practice/uketsuke.sqlite")).unwrap();
    db.execute("UPDATE board SET by_hand = 1", []).unwrap();
    drop(db);
    ends(folder, &[&["erase"], &whose[..]].concat(), 1, "--unentered");
    let whatever = [&["erase", "--unentered"], &whose[..]].concat();
    ends(folder, &whatever, 0, "1 rows of the board");
    assert!(lines().last().unwrap().contains("\"unentered\":1"), "{:?}", lines().last());
    ends(folder, &[&["erase"], &whose[..]].concat(), 1, "nothing that names");
    let out = ["--out", "told.json"];
    ends(folder, &[&["export"], &whose[..], &out].concat(), 0, "told.json");
    ends(folder, &[&["export"], &whose[..], &out].concat(), 1, "told.json is there already");
    let told = std::fs::read_to_string(folder.join("told.json")).unwrap();
    assert!(!told.contains("受付　太郎") && told.contains("\"erased\""), "{told}");
    ends(folder, &["audit", "verify", "--json"], 0, "\"in_order\":true");

    ends(folder, &["restore", "before.backup"], 1, "practice");
    ends(folder, &["restore", "before.backup", "--practice"], 0, "start the kiosk");
    ends(folder, &[&["export"], &whose[..]].concat(), 0, "受付　太郎");
    let store = data.join("practice/uketsuke.sqlite");
    let db = rusqlite::Connection::open(&store).unwrap();
    let change = "DROP TRIGGER audit_is_not_changed; UPDATE audit SET line = '{}' WHERE seq = 2";
    db.execute_batch(change).unwrap();
    drop(db);
    ends(folder, &["audit", "verify"], 3, "changed at line 2");
    ends(folder, &["backup", "after.backup", "--practice"], 3, "changed at line 2");
}
