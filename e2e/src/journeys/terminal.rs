//! (w) The clinic's terminal: numbers that are typed become a request file, the folder service answers it, and the answer is on the
//! kiosk, on the board and in a result file. Then a document that counts only together with the card, and cards alone, by PIN and by
//! face: the card names its owner, the clinic's list knows the insurance, and the terminal is asked about that.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use checkin::eligibility::Asked;
use eligibility_terminal::{Pace, Service};
use serde_json::json;
use virtual_card::{Holder, Speed};

use super::face;
use super::reception::{pictures, types};
use super::staff::there;
use crate::asks::Asks;
use crate::bridge::{PASSCODE, Settings};
use crate::card::{Card, PIN};
use crate::kiosk::{LOADING, LOOKING, SOON};
use crate::stage::Stage;

/// The bridge asks a terminal.
pub(super) const SETTINGS: Settings = Settings { lines: "", network: false, asks: Asks::Terminal };
/// A terminal answers within 7 s, and two programs look into folders.
const ANSWERED: Duration = Duration::from_secs(20);

pub(super) async fn by_its_folders(stage: &mut Stage) -> Result<()> {
    let kiosk = &stage.kiosk;
    kiosk.press("other-ways").await?;
    kiosk.wait_screen(&["fallback"], SOON).await?;
    kiosk.press("way-eligibility_certificate").await?;
    types(kiosk).await?;
    kiosk.press("confirm").await?;
    kiosk.wait_screen(&["limit_certificate"], SOON).await?;
    kiosk.press("refuse").await?;
    kiosk.at("waiting", SOON).await?;
    let terminal = stage.bridge.terminal();
    let asked = request(&terminal)?;
    let search = asked.body.and_then(|body| body.searches.into_iter().next());
    let numbers = search.and_then(|search| search.numbers()).context("no numbers are asked for")?;
    ensure!(numbers.number == "1048" && numbers.insurer_number == "01130012", "other numbers");
    // Nothing answers before, so the person has seen that it is waited for.
    let _served = Served::start(&terminal)?;
    kiosk.wait_screen(&["finished"], ANSWERED).await?;
    kiosk.shoot("finished").await?;
    handed_over(stage, 1)?;
    on_the_board(stage, &["受付　太郎"], "answered").await?;

    let kiosk = &stage.kiosk;
    kiosk.page.bring_to_front().await?;
    kiosk.press("continue").await?;
    kiosk.wait_screen(&["idle"], SOON).await?;
    stage.place(&Stage::card("expired-long")?, Speed::Instant)?;
    let kiosk = &stage.kiosk;
    kiosk.wait_screen(&["card_problem"], SOON).await?;
    kiosk.press("other-ways").await?;
    kiosk.wait_screen(&["fallback"], SOON).await?;
    kiosk.press("way-qualification_notice").await?;
    types(kiosk).await?;
    kiosk.press("confirm").await?;
    kiosk.wait_screen(&["finished"], ANSWERED).await?;
    handed_over(stage, 2)?;
    stage.take().await?;
    let by_face = Stage::unknown_card("valid-young")?;
    stage.bridge.import_patients(&list(by_face.holder()))?;
    // A start reads it at once.
    stage.bridge.restart().await?;
    stage.kiosk.at("idle", LOADING).await?;
    by_pin(stage).await?;
    by_face_alone(stage, &by_face).await?;
    for folder in ["req", "res"] {
        let left = std::fs::read_dir(terminal.join(folder))?.count();
        ensure!(left == 0, "{left} files are left in {folder}");
    }
    Ok(())
}

/// Nobody types a number of an insurance, and no system has heard of the card.
async fn by_pin(stage: &mut Stage) -> Result<()> {
    let card = Stage::card("valid")?;
    stage.place(&card, Speed::Contactless106)?;
    let kiosk = &stage.kiosk;
    kiosk.choose("pin").await?;
    kiosk.enter_pin(PIN).await?;
    kiosk.at("items", SOON).await?;
    kiosk.shoot("items").await?;
    kiosk.press("items-pin").await?;
    kiosk.at("items_pin", SOON).await?;
    kiosk.shoot("items_pin").await?;
    kiosk.press_digits(PIN).await?;
    kiosk.press("confirm").await?;
    kiosk.wait_screen(&["finished"], ANSWERED).await?;
    kiosk.shoot("finished").await?;
    let newest = handed_over(stage, 3)?;
    ensure!(newest.contains(&chart("000123")), "the result file does not name the clinic's number");
    stage.take().await
}

/// 照合番号B opens photo and items, the face proves the person, and nothing else is asked. The card's certificate is one that no
/// system here has heard of.
async fn by_face_alone(stage: &mut Stage, card: &Card) -> Result<()> {
    stage.place(card, Speed::Contactless106)?;
    let kiosk = &stage.kiosk;
    kiosk.choose("face").await?;
    kiosk.wait_screen(&["code"], SOON).await?;
    kiosk.enter_code(card.holder()).await?;
    kiosk.wait_screen(&["face"], SOON).await?;
    face::start_looking(stage).await?;
    let kiosk = &stage.kiosk;
    let asked = ["finished", "items", "items_pin", "consent_all", "fallback", "method"];
    let next = kiosk.wait_screen(&asked, LOOKING + ANSWERED).await?;
    ensure!(next == "finished", "something else is asked: {next}");
    kiosk.shoot("finished").await?;
    let name = &card.holder().name;
    ensure!(kiosk.text().await?.contains(name), "the result screen does not name the person");
    let newest = handed_over(stage, 4)?;
    ensure!(newest.contains(name), "the result file is about somebody else");
    ensure!(newest.contains(&chart("000125")), "the result file does not name the clinic's number");
    on_the_board(stage, &[name, "000125"], "by_face").await?;
    stage.kiosk.page.bring_to_front().await?;
    stage.take().await?;
    ensure!((card.code_b_tries()?, card.pin_tries()?) == (10, 3), "the card lost a try");
    Ok(())
}

/// The patient list, as the receipt computer exports it; the third is the owner of this card.
fn list(third: &Holder) -> String {
    let (name, kana, birth) = (&third.name, &third.name_kana, third.birth.strftime("%Y%m%d"));
    format!(
        "患者番号,氏名,フリガナ,生年月日,性別,保険者番号,記号,番号,枝番\n\
        000123,受付　太郎,ｳｹﾂｹ ﾀﾛｳ,S59.05.12,1,01130012,2113,1048,01\n\
        000124,受付　花子,ｳｹﾂｹ ﾊﾅｺ,S61.03.03,2,01130012,2113,1048,02\n\
        000125,{name},{kana},{birth},2,33120015,練警,3321,02\n"
    )
}

/// What a result file says of it.
fn chart(number: &str) -> String {
    format!("<ReferenceNumber>{number}</ReferenceNumber>")
}

/// The only one that lies there.
fn request(terminal: &Path) -> Result<oqs::Message> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(terminal.join("req"))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if let Ok(name) = name.parse::<oqs::ExchangeName>() {
            ensure!(name.kind() == oqs::Kind::Request, "{name} is no request about one person");
            found.push(path);
        }
    }
    ensure!(found.len() == 1, "expected one request, there are {}", found.len());
    Ok(oqs::parse(&std::fs::read(&found[0])?)?)
}

/// The newest of so many result files, which tells what the terminal answered.
fn handed_over(stage: &Stage, files: usize) -> Result<String> {
    let found = stage.bridge.result_files()?;
    ensure!(found.len() == files, "expected {files} result files, there are {}", found.len());
    let newest = found.last().context("there is none")?;
    let file = std::fs::read(newest)?;
    let handover = oqs::parse(&file)?.handover()?;
    ensure!(handover.eligibility.is_valid(), "the result is not a valid qualification");
    ensure!(matches!(handover.asked, Asked::Numbers { .. }), "it was asked by numbers");
    ensure!(handover.consents.is_empty(), "nobody was asked for a consent");
    Ok(String::from_utf8(file)?)
}

/// Staff see all of this.
async fn on_the_board(stage: &Stage, shown: &[&str], picture: &str) -> Result<()> {
    let page = stage.browser.page().await?;
    page.resize(1280, 800).await?;
    page.navigate(&format!("{}staff", stage.bridge.url())).await?;
    page.wait_for("the entrance", &there("key-4"), LOADING).await?;
    for digit in PASSCODE.chars() {
        page.click(&format!("key-{digit}"), SOON).await?;
    }
    page.click("confirm", SOON).await?;
    page.wait_for("the row", &there("row-open"), SOON).await?;
    for text in shown {
        let there = format!("document.body.innerText.includes({})", json!(text));
        page.wait_for(text, &there, SOON).await?;
    }
    pictures(&page, picture).await?;
    page.close().await
}

/// The folder service on a thread, at its usual pace.
struct Served {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Served {
    fn start(terminal: &Path) -> Result<Self> {
        let mut service = Service::open(terminal, Pace::Usual(0))?;
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let thread = std::thread::spawn(move || service.run(&stopped, |_| {}));
        Ok(Self { stop, thread: Some(thread) })
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // It ends with its next look.
            let _ = thread.join();
        }
    }
}
