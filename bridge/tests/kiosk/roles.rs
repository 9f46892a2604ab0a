//! Every request of the staff pages, and which role may send it.

use crate::accounts::{look, manager, member, patients};
use crate::site::site_at;
use crate::tray::{ours, request};

/// Who may ask for what: reception, manager, auditor. `None`: needs no session.
const TABLE: [(&str, &str, Option<[bool; 3]>); 37] = [
    ("GET", "door", None),
    ("POST", "enter", None),
    ("POST", "login", None),
    ("POST", "join", None),
    ("POST", "me", Some([true; 3])),
    ("POST", "again", Some([true; 3])),
    ("POST", "me/password", Some([true; 3])),
    ("POST", "me/authenticator", Some([true; 3])),
    ("POST", "me/authenticator/confirm", Some([true; 3])),
    ("GET", "accounts", Some([false, true, false])),
    ("POST", "accounts/add", Some([false, true, false])),
    ("POST", "accounts/change", Some([false, true, false])),
    ("GET", "settings", Some([false, true, false])),
    ("GET", "settings/attached", Some([false, true, false])),
    ("POST", "settings/change", Some([false, true, false])),
    ("GET", "board", Some([true; 3])),
    ("GET", "day", Some([true; 3])),
    ("GET", "live", Some([true; 3])),
    ("GET", "self_test", Some([true; 3])),
    ("POST", "self_test/run", Some([true, true, false])),
    ("POST", "used", Some([true; 3])),
    ("POST", "withdraw", Some([true, true, false])),
    ("POST", "complete", Some([true, true, false])),
    ("POST", "entered", Some([true, true, false])),
    ("POST", "visual", Some([true, true, false])),
    ("POST", "visual/refuse", Some([true, true, false])),
    ("POST", "visual/face", Some([true, true, false])),
    ("POST", "kiosk/end", Some([true, true, false])),
    ("POST", "kiosk/type", Some([true, true, false])),
    ("POST", "kiosk/statement", Some([true, true, false])),
    ("POST", "paper", Some([true, true, false])),
    ("POST", "known", Some([true, true, false])),
    ("POST", "mark", Some([true, true, false])),
    ("POST", "note", Some([true, true, false])),
    ("POST", "patient", Some([true, true, false])),
    ("POST", "lock", Some([true; 3])),
    ("POST", "me/leave", Some([true; 3])),
];

#[test]
fn no_request_of_staff_is_without_an_entry() {
    let source = include_str!("../../src/http/mod.rs");
    let mut named: Vec<_> =
        source.split("\"/staff/api/").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let mut table: Vec<_> = TABLE.iter().map(|(_, path, _)| *path).collect();
    named.sort_unstable();
    table.sort_unstable();
    assert_eq!(named, table, "say in the table who may ask for it");
}

#[tokio::test]
async fn every_role_may_do_what_the_table_says_and_nothing_else() {
    let (site, _) = site_at(patients, |_| {}).await;
    let boss = manager(&site).await;
    let sessions = [
        member(&site, &boss, "受付", "reception").await,
        boss.clone(),
        member(&site, &boss, "監査", "auditor").await,
    ];
    for (method, path, allowed) in TABLE {
        let Some(allowed) = allowed else { continue };
        // These end a session, so each is tried with one.
        let ends = match path {
            "lock" => Some(&sessions[0]),
            "me/leave" => Some(&sessions[1]),
            _ => None,
        };
        let line = format!("{method} /staff/api/{path}");
        let stranger = request(&site, &line, &ours(&site), b"{}").await;
        assert_eq!(stranger.status, 401, "{path} without a session");
        for (session, allowed) in sessions.iter().zip(allowed) {
            if ends.is_some_and(|ends| ends != session) {
                continue;
            }
            let headers = format!("{}x-uketsuke-staff: {session}\r\n", ours(&site));
            let answer = request(&site, &line, &headers, b"{}").await;
            let refused = answer.status == 403 && answer.body.contains("role");
            assert_eq!(refused, !allowed, "{path}: {} {}", answer.status, answer.body);
            assert_ne!(answer.status, 401, "{path}");
        }
        if let Some(session) = ends {
            assert_eq!(look(&site, session).await, 401, "{path}");
        }
    }
    site.stop().await;
}
