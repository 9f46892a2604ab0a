//! Beside the straight way: no card, numbers of a document, the 申立書, the staff board.

use crate::page::page;
use crate::site::{only_result, site};
use crate::tray::{ours, request};
use crate::visit::agree;
use protocol::action::{
    Era, EraDate, Insurance, PaperNumbers, Sex, StatementForm, StatementReason,
};
use protocol::screen::{Document, Field, FieldProblem, Outcome, Screen, Way, Withdrawal};
use protocol::staff::{Board, Entered, Route};
use protocol::{Action, Redacted};
use std::time::Duration;

fn text(text: &str) -> Redacted {
    Redacted::new(text.into())
}

fn birth(year: &str) -> EraDate {
    EraDate { era: Era::Showa, year: text(year), month: text("5"), day: text("12") }
}

pub(crate) fn numbers(insurer: &str) -> Action {
    Action::Numbers(PaperNumbers {
        insurer_number: text(insurer),
        symbol: text("２１１３"),
        number: text("1048"),
        branch: text(""),
        birth: birth("59"),
    })
}

fn form(name: &str) -> Box<StatementForm> {
    Box::new(StatementForm {
        reason: StatementReason::CertificateExpired,
        insurance: Insurance::Unknown,
        insurer: text(""),
        employer: text(""),
        since: EraDate { era: Era::Reiwa, year: text(""), month: text(""), day: text("") },
        share_percent: Some(30),
        name: text(name),
        name_kana: text(""),
        birth: birth("59"),
        sex: Sex::NotSet,
        address: text("東京都練習区受付町一丁目"),
        phone: text("03-0000-0000"),
        no_phone: false,
    })
}

pub(crate) async fn board(site: &crate::site::Site, session: &str) -> Board {
    let headers = format!("{}x-uketsuke-staff: {session}\r\n", ours(site));
    let answer = request(site, "GET /staff/api/board", &headers, b"").await;
    serde_json::from_str(&answer.body).unwrap()
}

pub(crate) async fn enter(site: &crate::site::Site) -> String {
    let body = br#"{"passcode":"0000"}"#;
    let answer = request(site, "POST /staff/api/enter", &ours(site), body).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let entered: Entered = serde_json::from_str(&answer.body).unwrap();
    entered.session.expose().to_owned()
}

#[tokio::test]
async fn numbers_are_checked_at_their_field() {
    let site = site().await;
    let mut page = page(&site).await;
    page.on(|screen| *screen == Screen::Idle, Action::OtherWays).await;
    let way = Way::EligibilityCertificate;
    page.on(|screen| matches!(screen, Screen::Fallback { .. }), Action::Take { way }).await;
    let asked = |screen: &Screen| matches!(screen, Screen::Numbers { .. });
    page.on(asked, numbers("33120016")).await;
    let wrong =
        page.until(|screen| matches!(screen, Screen::Numbers { problem: Some(_), .. })).await;
    let Screen::Numbers { document, problem: Some(error) } = wrong else { unreachable!() };
    assert_eq!(document, Document::EligibilityCertificate);
    assert_eq!((error.field, error.problem), (Field::InsurerNumber, FieldProblem::CheckDigit));
    page.act(numbers("01130012")).await;
    let no = Action::LimitCertificate { agreed: false };
    page.on(|screen| *screen == Screen::LimitCertificate, no).await;
    let Screen::Finished { outcome, person, .. } =
        page.until(|screen| matches!(screen, Screen::Finished { .. })).await
    else {
        unreachable!()
    };
    assert_eq!((outcome, person), (Outcome::Confirmed, None), "anybody may have typed them");
    site.stop().await;
}

#[tokio::test]
async fn the_answer_about_the_limit_reaches_board_and_file() {
    let site = site().await;
    let mut page = page(&site).await;
    let session = enter(&site).await;
    let people = eligibility_sim::personas();
    let (_, text_of) = people.iter().find(|(id, _)| *id == "specific-disease").unwrap();
    let person = eligibility_sim::Person::from_toml(text_of, jiff::Timestamp::now());
    let birth = person.unwrap().unwrap().birth;
    let (year, month, day) = (birth.year() - 1925, birth.month(), birth.day());
    let digits = |number: &dyn std::fmt::Display| text(&number.to_string());
    for (agreed, told) in [(true, "「区分ウ」"), (false, "提供しない")] {
        page.on(|screen| *screen == Screen::Idle, Action::OtherWays).await;
        let way = Way::EligibilityCertificate;
        page.on(|screen| matches!(screen, Screen::Fallback { .. }), Action::Take { way }).await;
        let numbers = Action::Numbers(PaperNumbers {
            insurer_number: text("01130012"),
            symbol: text("2113"),
            number: text("6902"),
            branch: text("01"),
            birth: EraDate {
                era: Era::Showa,
                year: digits(&year),
                month: digits(&month),
                day: digits(&day),
            },
        });
        page.on(|screen| matches!(screen, Screen::Numbers { .. }), numbers).await;
        let answer = Action::LimitCertificate { agreed };
        page.on(|screen| *screen == Screen::LimitCertificate, answer).await;
        page.on(|screen| matches!(screen, Screen::Finished { .. }), Action::Continue).await;
        let row = board(&site, &session).await.visits.remove(0);
        let limit = row.limit.unwrap();
        assert!(limit.contains(told), "{limit}");
        let file = only_result(&site.results());
        let certificate = file.eligibility().unwrap().qualifications[0].limit_certificate;
        let category =
            certificate.and_then(|known| known.category).map(checkin::limit::LimitCategory::code);
        assert_eq!(category, agreed.then_some("A03"));
        let checkin::eligibility::Asked::Numbers { limit_certificate } =
            file.handover().unwrap().asked
        else {
            panic!()
        };
        assert_eq!(limit_certificate.map(|answer| answer.agreed), Some(agreed));
        for file in std::fs::read_dir(site.results()).unwrap() {
            std::fs::remove_file(file.unwrap().path()).unwrap();
        }
    }
    site.stop().await;
}

#[tokio::test]
async fn a_statement_is_printed_for_this_visit_only() {
    let site = site().await;
    let mut page = page(&site).await;
    site.place("expired-long");
    page.on(|screen| matches!(screen, Screen::CardProblem { .. }), Action::OtherWays).await;
    let way = Way::Statement;
    page.on(|screen| matches!(screen, Screen::Fallback { .. }), Action::Take { way }).await;
    let asked = |screen: &Screen| matches!(screen, Screen::Statement { .. });
    page.on(asked, Action::Statement { form: form("") }).await;
    let wrong = page.until(|screen| matches!(screen, Screen::Statement { problem: Some(_) })).await;
    let Screen::Statement { problem: Some(error) } = wrong else { unreachable!() };
    assert_eq!((error.field, error.problem), (Field::Name, FieldProblem::Empty));
    page.act(Action::Statement { form: form("更新　茂") }).await;
    // Where the font was not fetched, staff take the paper form: both ways end well.
    let next = page
        .until(|screen| matches!(screen, Screen::StatementReady | Screen::Finished { .. }))
        .await;
    if next == Screen::StatementReady {
        let answer = request(&site, "GET /statement.svg", &ours(&site), b"").await;
        assert!(answer.status == 200 && answer.body.contains("<svg"), "{answer:?}");
        let stranger = request(&site, "GET /statement.svg", "", b"").await;
        assert_eq!(stranger.status, 403, "{}", stranger.body);
        page.act(Action::Continue).await;
    }
    let Screen::Finished { outcome, after, receipt, .. } =
        page.until(|screen| matches!(screen, Screen::Finished { .. })).await
    else {
        unreachable!()
    };
    assert_eq!((outcome, after.number), (Outcome::StatementMade, Some(1)));
    assert!(receipt.statement_made);
    page.act(Action::Continue).await;
    page.until(|screen| matches!(screen, Screen::TakeCard { .. })).await;
    let gone = request(&site, "GET /statement.svg", &ours(&site), b"").await;
    assert_eq!(gone.status, 404, "{}", gone.body);
    let session = enter(&site).await;
    let told = board(&site, &session).await.visits.remove(0);
    assert_eq!((told.claim.route, told.name.as_deref()), (Route::Unknown, Some("更新　茂")));
    assert!(told.claim.remarks.iter().any(|line| line.contains("受付町一丁目")), "{told:?}");
    site.stop().await;
}

#[tokio::test]
async fn staff_see_the_visit_and_withdraw_a_consent() {
    let site = site().await;
    let mut page = page(&site).await;
    site.place("valid");
    page.pin("1234").await;
    let Screen::Finished { withdrawal, agreed, after, .. } = agree(&mut page).await else {
        unreachable!()
    };
    assert_eq!(withdrawal, Withdrawal::Here);
    let refused = request(&site, "GET /staff/api/board", &ours(&site), b"").await;
    assert_eq!(refused.status, 401, "{}", refused.body);
    let wrong =
        request(&site, "POST /staff/api/enter", &ours(&site), br#"{"passcode":"9999"}"#).await;
    assert_eq!(wrong.status, 403, "{}", wrong.body);
    let session = enter(&site).await;
    let told = board(&site, &session).await.visits.remove(0);
    assert_eq!((told.number, told.claim.route), (after.number, Route::Current));
    assert_eq!(told.name.as_deref(), Some("受付　太郎"));
    assert_eq!(told.agreed.len(), agreed.len());
    let headers = format!("{}x-uketsuke-staff: {session}\r\n", ours(&site));
    let body = format!(r#"{{"visit":{},"topic":"operation"}}"#, told.visit);
    let answer = request(&site, "POST /staff/api/withdraw", &headers, body.as_bytes()).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(board(&site, &session).await.visits[0].agreed.len(), agreed.len() - 1);
    // An empty outbox is not enough: the row of the last file may not be in it yet.
    let written = async |files: usize| {
        let there = async {
            while std::fs::read_dir(site.results()).unwrap().count() < files
                || !request(&site, "GET /health", "", b"").await.body.contains("\"outbox\":0")
            {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), there).await.unwrap();
    };
    written(2).await;
    // The person is still there, and withdraws another one.
    let left = |screen: &Screen, count: usize| matches!(screen, Screen::Finished { agreed, .. } if agreed.len() == count);
    page.until(|screen| left(screen, agreed.len() - 1)).await;
    let topic = protocol::screen::Topic::HealthCheckups;
    page.act(Action::Withdraw { topic }).await;
    page.until(|screen| left(screen, agreed.len() - 2)).await;
    written(3).await;
    // One file for the result and one for each withdrawal, whoever learns of it.
    let mut refused = Vec::new();
    for file in std::fs::read_dir(site.results()).unwrap() {
        let file = oqs::parse(&std::fs::read(file.unwrap().path()).unwrap()).unwrap();
        refused.push(file.consents().iter().filter(|one| !one.agreed).count());
    }
    refused.sort_unstable();
    assert_eq!(refused, [0, 1, 2]);
    site.stop().await;
}
