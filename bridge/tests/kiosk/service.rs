//! The service restarted and the readers unplugged in every state, over a real pcscd; and what other programs can do and see.

use crate::faults::{JPKI, Placing as _, TRIES, tries_of, visit};
use crate::lane::{Lane, blocking};
use crate::page::{Page, code, page_at, typed};
use pcsc::{Context, Disposition, Protocols, Scope, ShareMode};
use protocol::Action;
use protocol::action::{Overall, ReferenceOutcome};
use protocol::screen::{CardProblem, Fault as Trouble, Method, Screen};
use std::ffi::CString;
use std::time::{Duration, Instant};
use virtual_card::harness::Pcscd;

/// Another program gets or keeps the card for so long, at most.
const OTHER: Duration = Duration::from_secs(5);

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

async fn kiosk() -> (Pcscd, Lane, Page) {
    let (pcscd, lane) = blocking(|| {
        let pcscd = Pcscd::start().unwrap();
        let lane = Lane::new(&pcscd, 0, 0);
        (pcscd, lane)
    })
    .await;
    let (address, token) = lane.kiosk();
    let page = page_at(address, token).await;
    (pcscd, lane, page)
}

/// From the idle screen to there, card on the reader.
async fn walk(page: &mut Page, lane: &Lane, at: At) {
    page.idle().await;
    if at == At::Idle {
        return;
    }
    lane.place();
    let methods = |screen: &Screen| matches!(screen, Screen::Method { .. });
    page.until(methods).await;
    let method = match at {
        At::Method => return,
        At::Code | At::Photo | At::Face => Method::Face,
        At::Staff => Method::Visual,
        _ => Method::Pin,
    };
    page.act(Action::Choose { method }).await;
    match at {
        At::Code => drop(page.until(|screen| matches!(screen, Screen::Code { .. })).await),
        At::Staff => drop(page.until(|screen| matches!(screen, Screen::Staff { .. })).await),
        At::Pin => drop(page.until(|screen| matches!(screen, Screen::Pin { .. })).await),
        At::Photo | At::Face => {
            page.on(|screen| matches!(screen, Screen::Code { .. }), code("12", "2285")).await;
            page.until_photo().await;
            if at == At::Face {
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

/// The reader is known to be lost. A result that is there stays said; only its person is gone.
fn lost(screen: &Screen) -> bool {
    match screen {
        Screen::OutOfService { fault, .. } => {
            matches!(fault, Trouble::ServiceDown | Trouble::ReaderMissing)
        }
        Screen::CardAway { reader_lost, .. } => *reader_lost,
        Screen::Farewell { .. } => true,
        _ => false,
    }
}

/// The reader is back with the card that lay there all the time: the visit goes on where it was, by itself. One that was
/// over begins again, because a card lies there.
async fn goes_on(page: &mut Page, at: At, before: &Screen) {
    page.until(|screen| match at {
        At::Finished | At::TakeCard => matches!(screen, Screen::Method { .. }),
        // An attempt that begins again has a nonce of its own.
        At::Face => std::mem::discriminant(screen) == std::mem::discriminant(before),
        _ => screen == before,
    })
    .await;
}

/// Through whatever is shown to the idle screen, card taken.
async fn rest(page: &mut Page, lane: &Lane) {
    lane.remove();
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

#[tokio::test(flavor = "multi_thread")]
async fn the_service_and_the_readers_come_and_go_in_every_state() {
    let (mut pcscd, lane, mut page) = kiosk().await;
    let mut slowest = Duration::ZERO;
    for at in PLACES {
        for unplugged in [false, true] {
            walk(&mut page, &lane, at).await;
            let before = page.view.as_ref().unwrap().screen.clone();
            if unplugged {
                pcscd = blocking(move || pcscd.plug(false).map(|()| pcscd).unwrap()).await;
                page.until(lost).await;
                pcscd = blocking(move || pcscd.plug(true).map(|()| pcscd).unwrap()).await;
            } else {
                pcscd = blocking(move || pcscd.restart().map(|()| pcscd).unwrap()).await;
                page.until(lost).await;
            }
            let back = Instant::now();
            goes_on(&mut page, at, &before).await;
            let took = back.elapsed();
            println!("{at:?}, unplugged {unplugged}: goes on after {took:?}");
            slowest = slowest.max(took);
            rest(&mut page, &lane).await;
        }
    }
    println!("after the service is back, {slowest:?} at most");
    assert_eq!(visit(&lane).await.seen, "");
    assert_eq!(tries_of(&mut lane.card()), TRIES);
    assert!(lane.lives(), "the program ended");
    blocking(move || drop((lane, pcscd))).await;
}

/// The card, or the reader, in the hands of another program, as soon as it can be had.
fn grab(reader: &str, share: ShareMode) -> (Context, pcsc::Card) {
    let name = CString::new(reader).unwrap();
    let deadline = Instant::now() + OTHER;
    loop {
        let context = Context::establish(Scope::User).unwrap();
        let direct = matches!(share, ShareMode::Direct);
        let protocols = if direct { Protocols::UNDEFINED } else { Protocols::ANY };
        match context.connect(&name, share, protocols) {
            Ok(card) => return (context, card),
            Err(error) => assert!(Instant::now() < deadline, "the other program: {error}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn other_programs_neither_stop_a_visit_nor_find_a_verified_pin() {
    let (pcscd, lane, mut page) = kiosk().await;
    // For a moment: nobody notices. For good: said, and mended by placing the card again.
    for (hold, noticed) in [(Duration::from_millis(700), false), (OTHER, true)] {
        page.idle().await;
        let name = lane.name.clone();
        // It has the reader before the card lies there, so that it is first for certain.
        let (_context, held) = blocking(move || grab(&name, ShareMode::Direct)).await;
        lane.place();
        let other = std::thread::spawn(move || {
            // What the other program does with the card takes this long.
            std::thread::sleep(hold);
            drop(held.disconnect(Disposition::LeaveCard));
        });
        let told =
            |screen: &Screen| matches!(screen, Screen::Method { .. } | Screen::CardProblem { .. });
        let shown = page.until(told).await;
        let unreadable =
            matches!(shown, Screen::CardProblem { problem: CardProblem::Unreadable, .. });
        assert_eq!(unreadable, noticed, "{hold:?}: {shown:?}");
        blocking(move || other.join().unwrap()).await;
        rest(&mut page, &lane).await;
    }
    // The PIN was verified and used; a program that comes afterwards finds it unverified.
    walk(&mut page, &lane, At::Consent).await;
    let name = lane.name.clone();
    let answers = blocking(move || {
        let (_context, card) = grab(&name, ShareMode::Shared);
        let say = |command: &[u8]| {
            let mut buffer = [0; 300];
            card.transmit(command, &mut buffer).unwrap().to_vec()
        };
        let signature = [&[0x80, 0x2A, 0x00, 0x97, 51][..], &[0x30; 51], &[0x00]].concat();
        say(JPKI);
        (say(&[0x00, 0x20, 0x00, 0x98]), say(&signature))
    })
    .await;
    assert_eq!(answers, (vec![0x63, 0xC3], vec![0x69, 0x82]), "a verified PIN was left behind");
    assert!(lane.lives(), "the program ended");
    blocking(move || drop((lane, pcscd))).await;
}
