//! The clinic's patient list: imported by a command, and what the staff board and the result file say because of it.

use crate::page::{Page, page as page_of};
use crate::reception::post;
use crate::site::{Site, only_result, site_in};
use crate::visit::agree;
use crate::ways::{board, enter, numbers};
use bridge::commands::patients::{PatientsCommand, run};
use bridge::config::{Config, Options};
use bridge::store::Sqlite;
use jiff::Timestamp;
use protocol::Action;
use protocol::screen::{Screen, Way};
use protocol::staff::Listed;
use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

const HEADER: &str = "患者番号,氏名,カナ,生年月日,性別,保険者番号,記号,番号,枝番,次回予約\n";
/// Of the persona `valid`, as a receipt computer may have it.
pub(crate) const TARO: &str =
    "000123,受付　太郎,ｳｹﾂｹ ﾀﾛｳ,S59.5.12,1,01130012,2113,1048,01,2099/12/3 14:30\n";

fn patients(folder: &Path, what: &PatientsCommand) -> anyhow::Result<ExitCode> {
    let options = Options { data: Some(folder.join("data")), ..Options::default() };
    run(&Config::from_options(options).unwrap(), what, Timestamp::now())
}

fn import(folder: &Path, rows: &str) {
    import_into(folder, rows, true);
}

/// Into the list of patients, or of practice.
pub(crate) fn import_into(folder: &Path, rows: &str, practice: bool) {
    let file = folder.join("export.csv");
    std::fs::write(&file, format!("{HEADER}{rows}")).unwrap();
    patients(folder, &PatientsCommand::Import { file, mapping: None, practice }).unwrap();
}

async fn started(rows: &str) -> (Site, String) {
    let folder = tempfile::tempdir().unwrap();
    import(folder.path(), rows);
    let site = site_in(folder, |_| {}).await;
    let session = enter(&site).await;
    (site, session)
}

async fn listed(site: &Site, session: &str) -> Option<Listed> {
    board(site, session).await.visits.remove(0).listed
}

async fn by_card(site: &Site, page: &mut Page) {
    page.idle().await;
    site.place("valid");
    page.pin("1234").await;
    agree(page).await;
}

/// The details of the lines of the audit that say this.
fn audited(folder: &Path, what: &str) -> Vec<String> {
    audited_in(&folder.join("data/practice"), what)
}

/// The same in this store.
pub(crate) fn audited_in(store: &Path, what: &str) -> Vec<String> {
    let db = rusqlite::Connection::open(Sqlite::file(store)).unwrap();
    let sql =
        "SELECT json_extract(line, '$.detail') FROM audit WHERE json_extract(line, '$.what') = ?1";
    let mut lines = db.prepare(sql).unwrap();
    let lines = lines.query_map([what], |row| row.get(0)).unwrap();
    lines.collect::<Result<_, _>>().unwrap()
}

fn reference(site: &Site) -> Option<String> {
    let file = only_result(&site.results());
    let result = &file.body.unwrap().results.unwrap().results[0];
    result.reference_number.as_deref().map(str::to_owned)
}

#[tokio::test]
async fn who_the_answer_names_is_found_in_the_list() {
    let (site, session) = started(TARO).await;
    let mut page = page_of(&site).await;
    page.idle().await;
    site.place("valid");
    page.pin("1234").await;
    let Screen::Finished { clinic: Some(clinic), .. } = agree(&mut page).await else { panic!() };
    assert_eq!(
        (clinic.chart.as_str(), clinic.next.as_deref()),
        ("000123", Some("2099-12-03 14:30"))
    );
    let listed = listed(&site, &session).await.unwrap();
    let one = &listed.fits[0];
    assert!(listed.sure && listed.fits.len() == 1);
    assert_eq!((one.chart.as_str(), one.next.as_deref()), ("000123", Some("2099-12-03 14:30")));
    assert_eq!(one.agrees, Some(true), "the claim goes on the insurance that was known");
    assert_eq!(reference(&site).as_deref(), Some("000123"));
    let refused = post(&site, &session, "patient", r#"{"visit":1,"chart":null}"#).await;
    assert_eq!(refused, 409, "it is certain");
    site.stop().await;
}

#[tokio::test]
async fn staff_say_which_of_several_it_is_and_the_audit_names_nobody() {
    let twice = format!("{TARO}{}", TARO.replace("000123", "9-9").replace("1048", "77"));
    let (site, _) = started(&twice).await;
    let mut page = page_of(&site).await;
    by_card(&site, &mut page).await;
    // The insurance decides between two of the same name.
    assert_eq!(reference(&site).as_deref(), Some("000123"));
    site.stop().await;

    let twice = format!("{TARO}{}", TARO.replace("000123", "9-9"));
    let (site, session) = started(&twice).await;
    let mut page = page_of(&site).await;
    by_card(&site, &mut page).await;
    assert_eq!(reference(&site), None);
    let visit = board(&site, &session).await.visits.remove(0);
    let charts =
        |listed: &Listed| listed.fits.iter().map(|fit| fit.chart.clone()).collect::<Vec<_>>();
    let before = visit.listed.unwrap();
    assert!(!before.sure && charts(&before) == ["000123", "9-9"]);
    let choose = async |chart: &str| {
        let body = format!(r#"{{"visit":{},"chart":{chart}}}"#, visit.visit);
        post(&site, &session, "patient", &body).await
    };
    assert_eq!(post(&site, "no session", "patient", r#"{"visit":1,"chart":null}"#).await, 401);
    assert_eq!(post(&site, &session, "patient", r#"{"visit":99,"chart":null}"#).await, 404);
    assert_eq!(choose(r#""4711""#).await, 409);
    assert_eq!(choose(r#""9-9""#).await, 200);
    assert_eq!(choose(r#""000123""#).await, 409, "it was said already");
    let chosen = listed(&site, &session).await.unwrap();
    assert!(chosen.sure && charts(&chosen) == ["9-9"]);
    let folder = site.stop().await;
    assert_eq!(audited(folder.path(), "patient_chosen"), [r#"{"listed":true}"#]);
    // It outlives a start.
    let site = site_in(folder, |_| {}).await;
    let session = enter(&site).await;
    assert!(listed(&site, &session).await.unwrap().sure);
    site.stop().await;
}

#[tokio::test]
async fn typed_numbers_find_somebody_even_where_no_answer_comes() {
    let other = TARO.replace("01,2099", ",2020");
    let (site, session) = started(&other).await;
    let mut page = page_of(&site).await;
    page.on(|screen| *screen == Screen::Idle, Action::OtherWays).await;
    let way = Way::EligibilityCertificate;
    page.on(|screen| matches!(screen, Screen::Fallback { .. }), Action::Take { way }).await;
    page.on(|screen| matches!(screen, Screen::Numbers { .. }), numbers("01130012")).await;
    let no = Action::LimitCertificate { agreed: false };
    page.on(|screen| *screen == Screen::LimitCertificate, no).await;
    page.until(|screen| matches!(screen, Screen::Finished { .. })).await;
    let listed = listed(&site, &session).await.unwrap();
    assert!(listed.sure, "the answer tells the name, whom numbers without 枝番 leave open");
    assert_eq!(listed.fits[0].next, None, "that day is over");
    site.stop().await;
}

#[tokio::test]
async fn a_running_bridge_takes_a_new_list_and_goes_on_without_one() {
    let (site, session) = started("1,練習　一,ﾚﾝｼｭｳ ｲﾁ,1980/1/1,1,,,,,\n").await;
    let mut page = page_of(&site).await;
    by_card(&site, &mut page).await;
    assert!(listed(&site, &session).await.is_none(), "somebody else");
    let folder = site.folder.path().to_owned();
    import(&folder, TARO);
    let again = async |page: &mut Page| {
        site.remove();
        by_card(&site, page).await;
        listed(&site, &session).await.is_some()
    };
    let patience = Duration::from_mins(1);
    let taken = async { while !again(&mut page).await {} };
    tokio::time::timeout(patience, taken).await.unwrap();
    std::fs::write(folder.join("data/practice/patients.list"), "damaged").unwrap();
    let gone = async { while again(&mut page).await {} };
    tokio::time::timeout(patience, gone).await.unwrap();
    let all = PatientsCommand::Erase { chart: None, practice: true };
    patients(&folder, &all).unwrap();
    assert!(patients(&folder, &all).unwrap_err().to_string().contains("no patient list"));
    let kept = site.stop().await;
    let imported = audited(kept.path(), "patients_imported");
    assert_eq!(imported, [r#"{"patients":1,"refused":0}"#; 2]);
    assert_eq!(audited(kept.path(), "patients_erased"), [r#"{"patients":null}"#]);
    Sqlite::verify(&kept.path().join("data/practice")).unwrap();
}

#[test]
fn the_commands_say_what_is_wrong_and_change_nothing_then() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (file, mapping) = (folder.join("export.csv"), folder.join("mapping.toml"));
    let list = folder.join("data/patients.list");
    let import = |mapping: Option<&Path>| {
        let mapping = mapping.map(Path::to_owned);
        patients(folder, &PatientsCommand::Import { file: file.clone(), mapping, practice: false })
    };
    assert!(format!("{:#}", import(None).unwrap_err()).contains("cannot read"));
    std::fs::write(&file, "ID,氏名,生年月日,性別\n1,練習　一,1980/1/1,1\n2,練習　二,1980/1/1,2\n")
        .unwrap();
    let said = format!("{:#}", import(None).unwrap_err());
    assert!(said.contains("chart = ") && said.contains("--mapping"), "{said}");
    std::fs::write(&mapping, "chart = ID").unwrap();
    assert!(format!("{:#}", import(Some(&mapping)).unwrap_err()).contains("next_appointment"));
    std::fs::write(&mapping, "chart = \"ID\"").unwrap();
    let check = PatientsCommand::Check { file: file.clone(), mapping: Some(mapping.clone()) };
    assert_eq!(patients(folder, &check).unwrap(), ExitCode::SUCCESS);
    assert!(!list.exists());
    assert_eq!(import(Some(&mapping)).unwrap(), ExitCode::SUCCESS);
    let first = std::fs::read(&list).unwrap();
    std::fs::write(&file, "ID,氏名,生年月日,性別\n1,練習　一,?,1\n2,練習　二,1980/1/1,2\n")
        .unwrap();
    assert_eq!(patients(folder, &check).unwrap(), ExitCode::FAILURE);
    let said = import(Some(&mapping)).unwrap_err().to_string();
    assert!(said.contains("more rows are wrong than right"), "{said}");
    assert_eq!(std::fs::read(&list).unwrap(), first);
    let erase = |chart: &str| {
        let chart = Some(chart.to_owned());
        patients(folder, &PatientsCommand::Erase { chart, practice: false })
    };
    assert!(erase("4711").unwrap_err().to_string().contains("nobody"));
    assert_eq!(erase("1").unwrap(), ExitCode::SUCCESS);
    assert!(erase("1").is_err());
}
