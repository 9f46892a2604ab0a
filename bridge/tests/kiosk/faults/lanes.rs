//! The same faults over a real pcscd: each kind at a reader and kiosk of its own, all at once; then what other programs, a
//! restarted service and unplugged readers do.

use super::person::{Placing, visit};
use super::{FAULTS, JPKI, STEPS, tries_of};
use crate::page::{Page, code, page, typed};
use crate::site::{Site, site_in};
use pcsc::{Context, Disposition, Protocols, Scope, ShareMode};
use protocol::Action;
use protocol::action::{Overall, ReferenceOutcome};
use protocol::screen::{CardProblem, Fault as Trouble, Method, Screen};
use std::ffi::CString;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use virtual_card::harness::Pcscd;
use virtual_card::script::{Effect, Fault, ScriptedCard};
use virtual_card::{InsertedCard, Persona, SharedScript, Speed, VirtualCard};

/// From a fault to a screen from which the person can go on.
const NOTICED: Duration = Duration::from_secs(3);
/// A visit over pcscd, however often the card had to be placed again.
const LONGEST_VISIT: Duration = Duration::from_secs(30);

/// A slot of a virtual reader and the card `valid`.
struct Lane {
    name: String,
    address: Mutex<String>,
    card: SharedScript,
    lies: Mutex<Option<InsertedCard>>,
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Lane {
    fn new((name, address): (String, String)) -> Self {
        let (_, text) = eligibility_sim::personas().iter().find(|(id, _)| *id == "valid").unwrap();
        let persona = Persona::from_toml(text).unwrap();
        let card = VirtualCard::new(&persona, None, jiff::Timestamp::now());
        card.prepare();
        let card = ScriptedCard::new(card, Speed::Instant, Vec::new());
        let (address, lies) = (Mutex::new(address), Mutex::default());
        Self { name, address, card: Arc::new(Mutex::new(card)), lies }
    }

    /// A kiosk that has this reader only.
    async fn kiosk(&self) -> Site {
        let name = self.name.clone();
        site_in(tempfile::tempdir().unwrap(), move |options| {
            options.reader = Some(name);
            options.accept_practice_cards = Some(true);
        })
        .await
    }
}

impl Placing for Lane {
    fn place(&self) {
        self.remove();
        let inserted = InsertedCard::insert_scripted(&lock(&self.address), Arc::clone(&self.card));
        *lock(&self.lies) = Some(inserted.unwrap());
    }

    fn remove(&self) {
        drop(lock(&self.lies).take());
    }

    fn trouble(&self) -> Option<Instant> {
        lock(&self.card).happened_at()
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn no_fault_loses_a_visit_over_pcscd() {
    // The mute card has a reader for itself: vpcd carries out one command of a reader at a time.
    let pcscd = blocking(|| Pcscd::start_with(1 + FAULTS.len().div_ceil(2)).unwrap()).await;
    let columns: Vec<_> = FAULTS
        .into_iter()
        .enumerate()
        .map(|(number, (_, effect))| {
            let slot = match effect {
                Effect::Mute => pcscd.slot(0, 0),
                _ => pcscd.slot(1 + number / 2, u16::try_from(number % 2).unwrap()),
            };
            tokio::spawn(column(slot, effect))
        })
        .collect();
    let mut all = Vec::new();
    for column in columns {
        all.extend(column.await.unwrap());
    }
    let most = all.iter().max().unwrap();
    println!(
        "{} visits over pcscd, each with a fault and a result; noticed after {most:?} at most",
        all.len()
    );
    blocking(move || drop(pcscd)).await;
}

/// One fault at every step; how long each took to be noticed.
async fn column(slot: (String, String), effect: Effect) -> Vec<Duration> {
    let lane = blocking(|| Lane::new(slot)).await;
    let site = lane.kiosk().await;
    let mut noticed = Vec::new();
    for (name, on, app, file, nth) in STEPS {
        let fault = Fault { app: Some(app), file, nth, ..Fault::once(on, effect) };
        lock(&lane.card).set_faults(vec![fault]);
        let visit = visit(&site, &lane).await;
        assert_eq!(lock(&lane.card).happened(), 1, "{effect:?} at {name}");
        assert_eq!(
            tries_of(&mut lock(&lane.card)),
            ([0x63, 0xC3], [0x63, 0xCA]),
            "{effect:?} at {name}"
        );
        let after = visit.noticed.unwrap();
        println!("{effect:?} at {name}: {} ({after:?}, visit {:?})", visit.seen, visit.took);
        assert!(
            after < NOTICED && visit.took < LONGEST_VISIT,
            "{effect:?} at {name}: {after:?}, {:?}",
            visit.took
        );
        noticed.push(after);
    }
    site.stop().await;
    noticed
}

/// Where in a visit something happens.
#[derive(Clone, Copy, Debug, PartialEq)]
enum At {
    Idle,
    Method,
    Code,
    Photo,
    Face,
    Pin,
    Staff,
    Consent,
    Finished,
    TakeCard,
}

const PLACES: [At; 10] = [
    At::Idle,
    At::Method,
    At::Code,
    At::Photo,
    At::Face,
    At::Pin,
    At::Staff,
    At::Consent,
    At::Finished,
    At::TakeCard,
];

/// From the idle screen to there, card on the reader.
async fn walk(page: &mut Page, lane: &Lane, at: At) {
    page.idle().await;
    if at == At::Idle {
        return;
    }
    lane.place();
    let choose = |method| Action::Choose { method };
    let methods = |screen: &Screen| matches!(screen, Screen::Method { .. });
    let method = match at {
        At::Method => {
            page.until(methods).await;
            return;
        }
        At::Code | At::Photo | At::Face => Method::Face,
        At::Staff => Method::Visual,
        _ => Method::Pin,
    };
    page.on(methods, choose(method)).await;
    match at {
        At::Code => drop(page.until(|screen| matches!(screen, Screen::Code { .. })).await),
        At::Staff => drop(page.until(|screen| matches!(screen, Screen::Staff { .. })).await),
        At::Pin => drop(page.until(|screen| matches!(screen, Screen::Pin { .. })).await),
        At::Photo | At::Face => {
            page.on(|screen| matches!(screen, Screen::Code { .. }), code("12", "2285")).await;
            page.until(|screen| *screen == Screen::ReadingPhoto).await;
            if at == At::Face {
                page.until_photo().await;
                page.act(Action::Reference { outcome: ReferenceOutcome::Ready }).await;
                page.until(|screen| matches!(screen, Screen::Face { .. })).await;
            }
        }
        _ => {
            page.on(|screen| matches!(screen, Screen::Pin { .. }), typed("1234")).await;
            page.until(|screen| matches!(screen, Screen::ConsentAll { .. })).await;
            if at != At::Consent {
                page.act(Action::ConsentAll { answer: Overall::All }).await;
                page.until(|screen| matches!(screen, Screen::Finished { .. })).await;
            }
            if at == At::TakeCard {
                page.act(Action::Continue).await;
                page.until(|screen| matches!(screen, Screen::TakeCard { .. })).await;
            }
        }
    }
}

/// Ends the service and starts it with so many readers, the card taken away meanwhile.
async fn restart(mut pcscd: Pcscd, lane: &Arc<Lane>, readers: usize) -> Pcscd {
    let lane = Arc::clone(lane);
    blocking(move || {
        pcscd.restart_with(readers, || lane.remove()).unwrap();
        if readers > 0 {
            *lock(&lane.address) = pcscd.slot(0, 0).1;
        }
        pcscd
    })
    .await
}

/// Through whatever is shown to the idle screen.
async fn rest(page: &mut Page) {
    loop {
        let screen = page.view.as_ref().unwrap().screen.clone();
        match screen {
            Screen::Idle => return,
            Screen::CardAway { .. } => page.act(Action::Stop).await,
            Screen::Farewell { .. } | Screen::Finished { .. } => page.act(Action::Continue).await,
            _ => {}
        }
        page.next().await;
    }
}

/// One test, so that the service is started once: restarted and without readers in every state, another program that keeps
/// the card, and what such a program finds afterwards.
#[tokio::test(flavor = "multi_thread")]
async fn service_readers_and_other_programs_come_and_go() {
    let mut pcscd = blocking(|| Pcscd::start().unwrap()).await;
    let slot = pcscd.slot(0, 0);
    let lane = Arc::new(blocking(|| Lane::new(slot)).await);
    let site = lane.kiosk().await;
    let mut page = page(&site).await;
    let mut slowest = Duration::ZERO;
    for at in PLACES {
        for unplugged in [false, true] {
            walk(&mut page, &lane, at).await;
            let away = |screen: &Screen| matches!(screen, Screen::OutOfService { .. });
            if unplugged {
                pcscd = restart(pcscd, &lane, 0).await;
                let lost = |screen: &Screen| {
                    let missing = Screen::OutOfService { fault: Trouble::ReaderMissing };
                    *screen == missing
                        || matches!(
                            screen,
                            Screen::CardAway { .. }
                                | Screen::Finished { .. }
                                | Screen::Farewell { .. }
                        )
                };
                page.until(lost).await;
            }
            pcscd = restart(pcscd, &lane, 1).await;
            let back = Instant::now();
            rest(&mut page).await;
            page.until(|screen| !away(screen)).await;
            slowest = slowest.max(back.elapsed());
            println!(
                "{at:?}, {}: {:?}",
                if unplugged { "unplugged" } else { "restarted" },
                back.elapsed()
            );
            assert!(back.elapsed() < NOTICED, "{at:?}: {:?}", back.elapsed());
        }
    }
    println!("after the service is back, {slowest:?} at most to the idle screen");
    let visited = visit(&site, &*lane).await;
    assert_eq!(visited.seen, "");
    assert_eq!(tries_of(&mut lock(&lane.card)), ([0x63, 0xC3], [0x63, 0xCA]));
    strangers(&mut page, &lane).await;
    site.stop().await;
    blocking(move || drop(pcscd)).await;
}

/// Another program with the card.
fn take(name: &str, share: ShareMode) -> Option<(Context, pcsc::Card)> {
    let context = Context::establish(Scope::User).ok()?;
    let card = context.connect(&CString::new(name).ok()?, share, Protocols::ANY).ok()?;
    Some((context, card))
}

/// As soon as it lies there.
fn grab(name: &str) -> (Context, pcsc::Card) {
    let deadline = Instant::now() + Duration::from_secs(5);
    loop {
        if let Some(taken) = take(name, ShareMode::Exclusive) {
            return taken;
        }
        assert!(Instant::now() < deadline, "the other program does not get the card");
    }
}

async fn strangers(page: &mut Page, lane: &Arc<Lane>) {
    page.idle().await;
    // For a moment: nobody notices. For good: said, and mended by placing the card again.
    for hold in [Duration::from_millis(700), Duration::from_secs(5)] {
        let (name, reader) = (lane.name.clone(), Arc::clone(lane));
        let taken = blocking(move || {
            let other = std::thread::spawn(move || grab(&name));
            reader.place();
            other.join().unwrap()
        })
        .await;
        let holding = tokio::task::spawn_blocking(move || {
            std::thread::sleep(hold);
            drop(taken.1.disconnect(Disposition::ResetCard));
        });
        let told =
            |screen: &Screen| matches!(screen, Screen::Method { .. } | Screen::CardProblem { .. });
        let shown = page.until(told).await;
        println!(
            "another program kept the card for {hold:?}: {}",
            matches!(shown, Screen::Method { .. })
        );
        holding.await.unwrap();
        if hold > NOTICED {
            assert_eq!(shown, Screen::CardProblem { problem: CardProblem::Unreadable });
        }
        let reader = Arc::clone(lane);
        blocking(move || reader.remove()).await;
        page.idle().await;
    }
    // The PIN was verified and used; a program that comes afterwards finds it unverified.
    walk(page, lane, At::Consent).await;
    let name = lane.name.clone();
    let answers = blocking(move || {
        let deadline = Instant::now() + Duration::from_secs(5);
        let (_context, card) = loop {
            if let Some(taken) = take(&name, ShareMode::Shared) {
                break taken;
            }
            assert!(Instant::now() < deadline, "the kiosk keeps the card");
        };
        let say = |command: &[u8]| {
            let mut buffer = [0; 300];
            card.transmit(command, &mut buffer).unwrap().to_vec()
        };
        say(JPKI);
        let counter = say(&[0x00, 0x20, 0x00, 0x98]);
        let info = [&[0x00, 0x2A, 0x00, 0x97, 0x33][..], &[0x30; 51], &[0x00]].concat();
        (counter, say(&info))
    })
    .await;
    assert_eq!(answers, (vec![0x63, 0xC3], vec![0x69, 0x82]), "PIN state was left behind");
    let reader = Arc::clone(lane);
    blocking(move || reader.remove()).await;
    rest(page).await;
    page.until(|screen| *screen != Screen::OutOfService { fault: Trouble::ServiceDown }).await;
}
