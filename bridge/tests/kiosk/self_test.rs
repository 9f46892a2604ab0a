//! The self-test of the staff pages, over HTTP.

use crate::accounts::{manager, member, patients, post};
use crate::actors::actors;
use crate::site::{Site, site_at};
use crate::tray::{ours, request};
use crate::ways::{board, enter};
use bridge::config::Config;
use protocol::self_test::{Check, Finding, Report, SelfTest, State};
use protocol::staff::Alarm;
use std::time::Duration;

/// That of something that hangs.
const PATIENCE: Duration = Duration::from_mins(1);

async fn last(site: &Site, session: &str) -> Option<Report> {
    let headers = format!("{}x-uketsuke-staff: {session}\r\n", ours(site));
    let answer = request(site, "GET /staff/api/self_test", &headers, b"").await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    serde_json::from_str::<SelfTest>(&answer.body).unwrap().report
}

async fn run(site: &Site, session: &str) -> Report {
    let answer = post(site, "self_test/run", session, "").await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    serde_json::from_str::<SelfTest>(&answer.body).unwrap().report.unwrap()
}

fn of(report: &Report, check: Check) -> &Finding {
    report.findings.iter().find(|found| found.check == check).unwrap()
}

/// How many; `None` where there is none.
fn faults(report: &Report) -> Option<u64> {
    let count = report.findings.iter().filter(|found| found.state == State::Fault).count();
    u64::try_from(count).ok().filter(|count| *count > 0)
}

fn alarm(alarms: &[Alarm]) -> Option<u64> {
    alarms.iter().find_map(|alarm| match alarm {
        Alarm::SelfTest { count, .. } => Some(*count),
        _ => None,
    })
}

#[tokio::test]
async fn a_fault_is_told_in_both_languages_and_stands_on_the_board_until_a_test_finds_none() {
    // That of something that hangs, so that nothing hangs on how fast this computer is.
    let patience = |config: &mut Config| {
        config.limits.look = PATIENCE;
        config.limits.request = PATIENCE * 3;
    };
    let (site, _) = site_at(|_| {}, patience).await;
    let session = enter(&site).await;
    assert_eq!(last(&site, &session).await, None, "nothing is green before it was tested");
    assert_eq!(alarm(&board(&site, &session).await.alarms), None);

    let well = run(&site, &session).await;
    assert_eq!(of(&well, Check::Results).state, State::Fine);
    assert_eq!(of(&well, Check::Store).state, State::Fine);
    assert_eq!(of(&well, Check::Reader).state, State::Note, "practice");
    for unseen in [Check::Card, Check::Camera] {
        assert_eq!(of(&well, unseen).state, State::NotTested, "{unseen:?}");
    }
    assert_eq!(last(&site, &session).await, Some(well.clone()));
    // Whatever this computer has of disk and certificates.
    assert_eq!(alarm(&board(&site, &session).await.alarms), faults(&well));

    std::fs::remove_dir(site.results()).unwrap();
    let ill = run(&site, &session).await;
    let results = of(&ill, Check::Results);
    assert_eq!(results.state, State::Fault);
    assert!(results.said.ja.contains("書き込めません"), "{:?}", results.said);
    assert!(results.said.en.contains("not writable"), "{:?}", results.said);
    assert_eq!(alarm(&board(&site, &session).await.alarms), faults(&ill));

    std::fs::create_dir(site.results()).unwrap();
    assert_eq!(alarm(&board(&site, &session).await.alarms), faults(&ill), "as last tested");
    let mended = run(&site, &session).await;
    assert_eq!(of(&mended, Check::Results).state, State::Fine);
    assert_eq!(alarm(&board(&site, &session).await.alarms), faults(&mended));
    assert_eq!(actors(&site, "self_tested", 3).await.len(), 3, "each is in the audit");
    site.stop().await;
}

#[tokio::test]
async fn a_reader_that_is_asked_for_and_missing_is_a_fault_and_auditors_only_look() {
    let (site, _) = site_at(patients, |_| {}).await;
    let boss = manager(&site).await;
    let auditor = member(&site, &boss, "監査", "auditor").await;
    assert_eq!(post(&site, "self_test/run", &auditor, "").await.status, 403);
    let report = run(&site, &boss).await;
    assert_eq!(of(&report, Check::Reader).state, State::Fault, "{report:?}");
    assert_eq!(last(&site, &auditor).await, Some(report));
    site.stop().await;
}
