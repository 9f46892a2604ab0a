//! Of a visit by numbers neither the PIN of the items nor the name on the card stays in memory: a bridge in a process of its own, on a
//! real pcscd, read through `/proc/PID/mem` after a visit. No configuration names such an eligibility system here, so the process
//! is this test program, which serves when it is told to.

use crate::by_numbers::{List, Terminal, by, items, items_pin, known_valid};
use crate::lane::blocking;
use crate::memory::{PATIENCE, place, search, unheard};
use crate::page::page_at;
use crate::running::Running;
use crate::site::{lay_out, options_in};
use bridge::clock::System;
use bridge::gateway::Simulator;
use needles::{Leftovers, Needle};
use protocol::Action;
use protocol::screen::{ItemsWay, Outcome, Screen};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};
use virtual_card::harness::{InsertedCard, Pcscd};
use virtual_card::{Persona, VirtualCard};

/// Tells this program where to serve, and for which reader.
const FOLDER: &str = "UKETSUKE_TEST_FOLDER";
const READER: &str = "UKETSUKE_TEST_READER";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn serves_by_numbers() {
    let Some(folder) = std::env::var_os(FOLDER).map(std::path::PathBuf::from) else {
        println!("skipped: this is the process that the next test looks into");
        return;
    };
    let config = options_in(&folder, |options| {
        options.reader = std::env::var(READER).ok();
        options.accept_practice_cards = Some(true);
    });
    let terminal = Arc::new(Terminal(Simulator::practice()));
    let list = Arc::new(List::Always(known_valid()));
    let bridge = bridge::start_among(config, terminal, System::start(), list).await.unwrap();
    eprintln!("http://{}/", bridge.address);
    std::future::pending::<()>().await;
}

/// A name that nobody has, another one for each visit. Made here: what stands in the program stands in the memory of both processes.
fn name(visit: u32) -> String {
    let letter = |at: u32| char::from_u32(0x9E00 + 29 * visit + 7 * at).unwrap();
    [letter(0), letter(1), '\u{3000}', letter(2), letter(3)].iter().collect()
}

/// The practice card `valid` with this PIN for the items, in another name.
fn card(pin: &str, name: &str) -> VirtualCard {
    let (_, text) = eligibility_sim::personas().iter().find(|(id, _)| *id == "valid").unwrap();
    let pin = format!("auth_pin = \"1234\"\nitems_pin = \"{pin}\"");
    let text = text.replace("auth_pin = \"1234\"", &pin).replace("受付　太郎", name);
    let persona = Persona::from_toml(&text, jiff::Timestamp::now()).unwrap();
    let card = VirtualCard::new(&persona, None, jiff::Timestamp::now());
    card.prepare();
    card
}

async fn visit(running: &Running, [wrong, pin]: [&str; 2]) {
    let mut page = page_at(running.address, &running.token).await;
    page.pin("1234").await;
    page.on(items, by(ItemsWay::Pin)).await;
    let pad = |wrong| move |screen: &Screen| matches!(screen, Screen::ItemsPin { wrong: shown, .. } if *shown == wrong);
    page.on(pad(false), items_pin(wrong)).await;
    page.on(pad(true), items_pin(pin)).await;
    let end = page.until(|screen| matches!(screen, Screen::Finished { .. })).await;
    assert!(matches!(end, Screen::Finished { outcome: Outcome::Confirmed, .. }), "{end:?}");
    page.act(Action::Continue).await;
    page.until(|screen| matches!(screen, Screen::TakeCard { .. })).await;
}

async fn pull(pcscd: Pcscd, card: InsertedCard) -> Pcscd {
    blocking(move || {
        let mut pcscd = pcscd;
        pcscd.pull(card).unwrap();
        pcscd
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn neither_the_pin_of_the_items_nor_the_name_stays_in_memory() {
    let mut pcscd = blocking(Pcscd::start).await.unwrap_or_else(|error| panic!("{error}"));
    let folder = tempfile::tempdir().unwrap();
    lay_out(folder.path());
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", "by_numbers_memory::serves_by_numbers", "--nocapture"])
        .env(FOLDER, folder.path())
        .env(READER, Pcscd::name(0, 0));
    let served = folder.path().to_owned();
    let running = blocking(move || Running::begin(command, &served)).await;
    let mut leftovers = Leftovers::default();
    for name in (1..).map(name) {
        let wrong = unheard(&running, &["1234"]);
        let pin = unheard(&running, &["1234", &wrong]);
        let needles = [
            Needle::alone("wrong PIN of the items", &wrong),
            Needle::alone("PIN of the items", &pin),
            Needle::text("name on the card", &name),
        ];
        assert_eq!(search(&running, &needles[2..]).len(), 0, "{name} was there before");
        let inserted;
        (pcscd, inserted) = place(pcscd, card(&pin, &name)).await;
        visit(&running, [&wrong, &pin]).await;
        pcscd = pull(pcscd, inserted).await;
        let began = Instant::now();
        let mut left = search(&running, &needles);
        while !left.is_empty() && began.elapsed() < PATIENCE {
            tokio::time::sleep(Duration::from_millis(100)).await;
            left = search(&running, &needles);
        }
        for hit in &left {
            println!("after a visit: {hit}");
        }
        let found: Vec<_> = left.iter().map(|hit| hit.needle).collect();
        if !leftovers.add(&needles, &found) {
            break;
        }
    }
    assert_eq!(leftovers.names(), [""; 0], "left behind");
    blocking(move || drop(pcscd)).await;
}
