//! What else may lie on the reader, over a real pcscd: the screen says what it is.

use crate::lane::{blocking, persona};
use crate::page::page_at;
use crate::running::{Running, hash};
use protocol::screen::{CardProblem, Screen};
use std::sync::{Arc, Mutex};
use virtual_card::harness::Pcscd;
use virtual_card::{Persona, Speed, VirtualCard};

/// A card without a holder.
fn thing(kind: &str) -> Persona {
    let text = format!("id = \"thing\"\nstory = \"…\"\n[card]\nkind = \"{kind}\"\n");
    Persona::from_toml(&text, jiff::Timestamp::now()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_else_is_called_by_its_name() {
    let (pcscd, kiosk) = blocking(|| {
        let pcscd = Pcscd::start().unwrap_or_else(|error| panic!("{error}"));
        (pcscd, Running::start(&Pcscd::name(0, 0), &hash("0417"), "info"))
    })
    .await;
    let mut page = page_at(kiosk.address, &kiosk.token).await;
    for (lies, says) in [
        (thing("driving_licence"), CardProblem::DrivingLicence),
        (thing("residence_card"), CardProblem::ResidenceCard),
        (thing("payment_card"), CardProblem::PaymentCard),
        (thing("transit"), CardProblem::TransitCard),
        (thing("transit_f011"), CardProblem::TransitCard),
        (thing("storage_card"), CardProblem::NotMyNumber),
        (thing("desfire"), CardProblem::NotMyNumber),
        (thing("not_my_number"), CardProblem::NotMyNumber),
        (persona("juki-card"), CardProblem::JukiCard),
        (persona("phone"), CardProblem::Phone),
        (persona("expired-long"), CardProblem::CertificateExpired),
    ] {
        page.idle().await;
        let slot = pcscd.slot(0, 0);
        let card = blocking(move || {
            let card = VirtualCard::new(&lies, None, jiff::Timestamp::now());
            slot.insert(Arc::new(Mutex::new(card)), Speed::Instant)
        })
        .await;
        let shown = page.until(|screen| matches!(screen, Screen::CardProblem { .. })).await;
        assert!(
            matches!(shown, Screen::CardProblem { problem, .. } if problem == says),
            "{shown:?}"
        );
        drop(card);
    }
    // A card in its sleeve or beside the reader: nothing is seen, and the screen goes on asking for one.
    page.idle().await;
    assert_eq!(page.view.as_ref().unwrap().screen, Screen::Idle);
    blocking(move || drop((kiosk, pcscd))).await;
}
