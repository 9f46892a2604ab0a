//! Nothing of a person is left in the memory of the program: the real one, with its allocator, on a
//! real pcscd, read through `/proc/PID/mem` after a visit.

use crate::identify::passcode;
use crate::page::{Page, code, code_b, page_at, typed};
use crate::running::{Running, hash};
use crate::tray::request_at;
use crate::visit::agree;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use needles::{Hit, Leftovers, Needle, search_process};
use protocol::Action;
use protocol::action::ReferenceOutcome;
use protocol::screen::{Method, Screen};
use protocol::staff::{Board, Entered, ToCompare};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use virtual_card::harness::{InsertedCard, Pcscd};
use virtual_card::{Persona, Portrait, Speed, VirtualCard};

/// Until everything that a visit used has been let go, also on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// Four digits that are nowhere in the memory of the program yet, so that every later occurrence is
/// one of the visit.
pub(crate) fn unheard(running: &Running, taken: &[&str]) -> String {
    let candidates = (1000..10_000).step_by(617).map(|number| number.to_string());
    let new = |digits: &String| {
        let needle = [Needle::bytes("digits", digits.as_bytes())];
        !taken.contains(&digits.as_str()) && search(running, &needle).is_empty()
    };
    candidates.into_iter().find(new).unwrap()
}

pub(crate) fn search(running: &Running, needles: &[Needle]) -> Vec<Hit> {
    search_process(running.id(), needles).unwrap()
}

/// The practice card `valid` with this PIN and a picture of its own.
fn card(pin: &str) -> (VirtualCard, Vec<u8>) {
    let (_, text) = eligibility_sim::personas().iter().find(|(id, _)| *id == "valid").unwrap();
    let pin = format!("auth_pin = \"{pin}\"");
    let text = text.replace("auth_pin = \"1234\"", &pin);
    let persona = Persona::from_toml(&text, jiff::Timestamp::now()).unwrap();
    let portrait = Portrait::drawn(7391);
    let photo = portrait.jp2().to_vec();
    let card = VirtualCard::new(&persona, Some(portrait), jiff::Timestamp::now());
    card.prepare();
    (card, photo)
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    tokio::task::spawn_blocking(work).await.unwrap()
}

pub(crate) async fn place(pcscd: Pcscd, card: VirtualCard) -> (Pcscd, InsertedCard) {
    blocking(move || {
        let mut pcscd = pcscd;
        let card = pcscd.insert(Arc::new(Mutex::new(card)), Speed::Contactless106).unwrap();
        (pcscd, card)
    })
    .await
}

/// The photo as the staff board shows it to whoever compares the person who waits for 目視, in base64.
async fn shown_to_staff(running: &Running) -> String {
    let (host, token) = (running.address, &running.token);
    let ours = format!("Origin: http://{host}\r\nX-Uketsuke-Token: {token}\r\n");
    let enter = br#"{"passcode":"0417"}"#;
    let entered = request_at(host, "POST /staff/api/enter", &ours, enter).await;
    let entered: Entered = serde_json::from_str(&entered.body).expect(&entered.body);
    let ours = format!("{ours}x-uketsuke-staff: {}\r\n", entered.session.expose());
    let board = request_at(host, "GET /staff/api/board", &ours, b"").await;
    let board: Board = serde_json::from_str(&board.body).expect(&board.body);
    let seen = board.waiting[0].seen;
    let at = format!(r#"{{"kiosk":"first","seen":{seen}}}"#);
    let face = request_at(host, "POST /staff/api/visual/face", &ours, at.as_bytes()).await;
    let face: ToCompare = serde_json::from_str(&face.body).expect(&face.body);
    request_at(host, "POST /staff/api/lock", &ours, b"").await;
    face.picture.expect("the photo was opened").expose().to_owned()
}

/// Pieces of it: of the text, and of the file that it stands for.
fn pieces(base64: &str) -> [Needle; 4] {
    let png = BASE64_STANDARD.decode(base64).unwrap();
    // Not the end, where a single-coloured ground may lie; not the heads, which other pictures have as well.
    let [text, file] = [base64.len() / 3, png.len() / 3];
    [
        Needle::text("photo for staff (base64)", &base64[text..text + 64]),
        Needle::text("photo for staff (base64, middle)", &base64[text * 3 / 2..text * 3 / 2 + 64]),
        Needle::bytes("photo for staff (PNG)", &png[file..file + 48]),
        Needle::bytes("photo for staff (PNG, middle)", &png[file * 3 / 2..file * 3 / 2 + 48]),
    ]
}

/// Everything that can be typed or read, in one visit: the number of the card front, the photo, which staff look at too, a
/// wrong passcode, a wrong PIN, the right one. Gives the photo as staff saw it.
async fn visit(
    running: &Running,
    page: &mut Page,
    typed_digits: [&str; 3],
    seen: impl Fn(),
) -> String {
    let [wrong_passcode, wrong_pin, pin] = typed_digits;
    let choose = |method| Action::Choose { method };
    page.on(|screen| matches!(screen, Screen::Method { .. }), choose(Method::Face)).await;
    page.on(|screen| matches!(screen, Screen::Code { .. }), code("12", "2285")).await;
    page.until_photo().await;
    seen();
    let no_face = Action::Reference { outcome: ReferenceOutcome::NoFace };
    page.on(|screen| *screen == Screen::ReadingPhoto, no_face).await;
    page.on(|screen| matches!(screen, Screen::Method { .. }), choose(Method::Visual)).await;
    page.until(|screen| matches!(screen, Screen::Staff { problem: None })).await;
    let shown = shown_to_staff(running).await;
    page.act(passcode(wrong_passcode)).await;
    let refused = |screen: &Screen| matches!(screen, Screen::Staff { problem: Some(_) });
    page.on(refused, choose(Method::Pin)).await;
    page.on(|screen| matches!(screen, Screen::Pin { wrong: false, .. }), typed(wrong_pin)).await;
    page.on(|screen| matches!(screen, Screen::Pin { wrong: true, .. }), typed(pin)).await;
    agree(page).await;
    page.act(Action::Continue).await;
    page.until(|screen| matches!(screen, Screen::TakeCard { .. })).await;
    shown
}

/// One visit, and what it left in the memory of the program. `true` when another one is needed.
async fn another(running: &Running, pcscd: Pcscd, leftovers: &mut Leftovers) -> (bool, Pcscd) {
    let passcode = unheard(running, &[]);
    let wrong = unheard(running, &[&passcode]);
    let pin = unheard(running, &[&passcode, &wrong]);
    let (card, photo) = card(&pin);
    let middle = photo.len() / 2;
    let picture = Needle::bytes("photo (coded data)", &photo[middle..middle + 32]);
    let mut needles = vec![
        Needle::alone("wrong passcode", &passcode),
        Needle::alone("wrong PIN", &wrong),
        Needle::alone("PIN", &pin),
        Needle::text("照合番号B", &code_b()),
        Needle::bytes("photo (start)", &photo[..160]),
        Needle::bytes("photo (JP2 mark)", b"\x00\x00\x00\x0C\x6A\x50\x20\x20\x0D\x0A\x87\x0A"),
        picture.clone(),
    ];
    let mut page = page_at(running.address, &running.token).await;
    page.idle().await;
    let (pcscd, card) = place(pcscd, card).await;
    let seen = || {
        assert!(!search(running, std::slice::from_ref(&picture)).is_empty(), "the search is blind");
    };
    let shown = visit(running, &mut page, [&passcode, &wrong, &pin], seen).await;
    needles.extend(pieces(&shown));
    let pcscd = blocking(move || {
        let mut pcscd = pcscd;
        pcscd.pull(card).unwrap();
        pcscd
    })
    .await;
    page.idle().await;

    let began = Instant::now();
    let mut left = search(running, &needles);
    while !left.is_empty() && began.elapsed() < PATIENCE {
        tokio::time::sleep(Duration::from_millis(100)).await;
        left = search(running, &needles);
    }
    for hit in &left {
        println!("after a visit: {hit}");
    }
    let found: Vec<_> = left.iter().map(|hit| hit.needle).collect();
    (leftovers.add(&needles, &found), pcscd)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_leaves_nothing_personal_in_the_memory_of_the_program() {
    let mut pcscd = blocking(Pcscd::start).await.unwrap_or_else(|error| panic!("{error}"));
    let running =
        blocking(|| Running::start(&Pcscd::name(0, 0), &hash("0417"), "info,bridge=trace")).await;
    let mut leftovers = Leftovers::default();
    loop {
        let again;
        (again, pcscd) = another(&running, pcscd, &mut leftovers).await;
        if !again {
            break;
        }
    }
    assert_eq!(leftovers.names(), [""; 0], "left behind");
    blocking(move || drop(pcscd)).await;
}
