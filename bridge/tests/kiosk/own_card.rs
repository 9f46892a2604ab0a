//! A card of one's own, which the simulator does not know, over a real pcscd.

use crate::lane::blocking;
use crate::page::{Page, page};
use crate::site::{Site, only_result, site_in};
use crate::visit::agree;
use crate::ways::{board, enter};
use protocol::Action;
use protocol::screen::{Outcome, Screen, Why};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use virtual_card::harness::{InsertedCard, Pcscd};
use virtual_card::{Persona, Speed, VirtualCard};

/// Its own, in the bytes of the certificate.
const SERIAL: &str = "7E51A94C0D";
const SERIAL_BYTES: [u8; 5] = [0x7E, 0x51, 0xA9, 0x4C, 0x0D];

/// The card of somebody whom nobody here has invented an insurance for.
fn stranger() -> Persona {
    let text = format!(
        "id = \"stranger\"\nstory = \"a card of one's own\"\n[card]\nkind = \"my_number\"\nname = \"余所野　真帆\"\nname_kana = \"ﾖｿﾉ ﾏﾎ\"\naddress = \"東京都練習区受付町二丁目７番１号\"\nbirth = \"1987-09-21\"\nsex = \"female\"\ncode = \"6318\"\ncard_expiry = {{ birthday = 8 }}\ncertificate_not_after = {{ birthday = 3 }}\nserial = \"{SERIAL}\"\nauth_pin = \"4826\"\n"
    );
    Persona::from_toml(&text, jiff::Timestamp::now()).unwrap()
}

async fn place(pcscd: &Pcscd) -> InsertedCard {
    let slot = pcscd.slot(0, 0);
    blocking(move || {
        let card = VirtualCard::new(&stranger(), None, jiff::Timestamp::now());
        card.prepare();
        slot.insert(Arc::new(Mutex::new(card)), Speed::Instant)
    })
    .await
}

async fn kiosk(own_cards: bool) -> (Site, Page) {
    let site = site_in(tempfile::tempdir().unwrap(), |options| {
        let passcode = checkin::secret::Passcode::parse("0000").unwrap();
        options.passcode_hash = Some(bridge::passcode::hash(&passcode));
        options.reader = Some(Pcscd::name(0, 0));
        options.accept_practice_cards = Some(true);
        options.own_cards = Some(own_cards);
    })
    .await;
    let mut page = page(&site).await;
    page.idle().await;
    (site, page)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

/// The card's own number, name and birth stand in no file of this folder.
fn nothing_is_kept(folder: &Path) {
    let lower_case = SERIAL.to_lowercase();
    let secrets = [
        &SERIAL_BYTES[..],
        SERIAL.as_bytes(),
        lower_case.as_bytes(),
        "余所野".as_bytes(),
        "ﾖｿﾉ".as_bytes(),
        b"19870921",
        b"4826",
    ];
    let all = files(folder);
    assert!(!all.is_empty());
    for file in all {
        let bytes = std::fs::read(&file).unwrap();
        for secret in secrets {
            let found = bytes.windows(secret.len()).any(|window| window == secret);
            assert!(!found, "{} in {}", String::from_utf8_lossy(secret), file.display());
        }
    }
}

/// One test, because it has one reader.
#[tokio::test(flavor = "multi_thread")]
async fn a_card_of_ones_own_gets_an_invented_answer_where_that_was_chosen() {
    let pcscd = blocking(|| Pcscd::start().unwrap_or_else(|error| panic!("{error}"))).await;

    // "No", which is what nobody has to say: the card ends as ever.
    let (site, mut page) = kiosk(false).await;
    let card = place(&pcscd).await;
    let unknown =
        |screen: &Screen| matches!(screen, Screen::Fallback { why: Why::UnknownCertificate, .. });
    page.until(unknown).await;
    drop(page);
    site.stop().await;
    blocking(move || drop(card)).await;

    let (site, mut page) = kiosk(true).await;
    let card = place(&pcscd).await;
    page.pin("4826").await;
    let shown = agree(&mut page).await;
    let Screen::Finished { outcome, person, .. } = shown else { unreachable!("awaited above") };
    assert_eq!((outcome, person), (Outcome::Confirmed, None), "nobody's name is shown as theirs");
    assert!(page.view.as_ref().unwrap().simulated, "the screen says that it is simulated");
    let session = enter(&site).await;
    let seen = board(&site, &session).await;
    let row = &seen.visits[0];
    assert_eq!((seen.simulated, row.name.as_deref()), (true, Some("架空　見本")));

    let file = only_result(&site.results_of_the_reader());
    let header = file.header.as_ref().unwrap();
    assert_eq!(header.file_identifier.as_deref(), Some("PRACTICE"));
    assert_eq!(header.institution.as_ref().unwrap().as_str(), "9999999999");
    let answer = file.eligibility().unwrap();
    assert_eq!(answer.qualifications[0].insurer_name, "架空の保険者（お試し）");
    page.act(Action::Continue).await;
    blocking(move || drop(card)).await;
    page.idle().await;
    drop(page);
    let folder = site.stop().await;
    nothing_is_kept(&folder.path().join("data"));
    blocking(move || drop(pcscd)).await;
}
