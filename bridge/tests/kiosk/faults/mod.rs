//! Every fault at every step of the card, in whole visits through the code that works real readers.
//!
//! Each visit reads the photo and then signs with the PIN, so that every step is reached. After the
//! fault the person does what the screen asks for; every visit must end with a result, and no try
//! of any counter may be lost. The table goes into `docs/card.md`; `UKETSUKE_BLESS=1` rewrites it.

mod over_pcscd;
mod person;
pub(crate) mod table;

use crate::site::{Site, site};
use person::OnTray;
pub(crate) use person::{Placing, visit};
use std::time::Duration;
use virtual_card::script::{Effect, Fault, On, ScriptedCard, Target};

/// A step and its name in the table.
const STEPS: [(&str, On, Target, Option<u16>, u32); 18] = [
    ("select JPKI", On::Select, Target::Jpki, None, 1),
    ("token label", On::Read, Target::Jpki, Some(0x0006), 1),
    ("certificate, first read", On::Read, Target::Jpki, Some(0x000A), 1),
    ("certificate, third read", On::Read, Target::Jpki, Some(0x000A), 3),
    ("counter of the PIN", On::Counter, Target::Jpki, Some(0x0018), 1),
    ("select card face", On::Select, Target::Face, None, 1),
    ("counter of 照合番号B", On::Counter, Target::Face, Some(0x0012), 1),
    ("ahead: issuer's certificate", On::Read, Target::Face, Some(0x0004), 2),
    ("ahead: answer of the chip", On::Sign, Target::Face, None, 1),
    ("photo: select card face", On::Select, Target::Face, None, 2),
    ("photo: counter", On::Counter, Target::Face, Some(0x0012), 2),
    ("photo: present 照合番号B", On::Verify, Target::Face, Some(0x0012), 1),
    ("photo: first read", On::Read, Target::Face, Some(0x0002), 1),
    ("photo: fourth read", On::Read, Target::Face, Some(0x0002), 4),
    ("PIN: select JPKI", On::Select, Target::Jpki, None, 2),
    ("PIN: counter", On::Counter, Target::Jpki, Some(0x0018), 2),
    ("PIN: present", On::Verify, Target::Jpki, Some(0x0018), 1),
    ("PIN: signature", On::Sign, Target::Jpki, Some(0x0017), 1),
];

/// A fault and its name in the table.
const FAULTS: [(&str, Effect); 13] = [
    ("mute", Effect::Mute),
    ("pulled", Effect::Pull),
    ("late", Effect::Delay(300)),
    ("6F00", Effect::Status(0x6F00)),
    ("6982", Effect::Status(0x6982)),
    ("6A82", Effect::Status(0x6A82)),
    ("6700", Effect::Status(0x6700)),
    ("61xx for ever", Effect::More),
    ("6Cxx for ever", Effect::Length),
    ("no data", Effect::Cut(0)),
    ("wrong byte", Effect::Corrupt { at: 0, xor: 0x10 }),
    ("no status", Effect::Empty),
    ("too long", Effect::Long(400)),
];

/// For mute readers, of which there are eighteen. What answers is never taken for mute, however late.
const PATIENCE: Duration = Duration::from_millis(1800);

#[tokio::test(flavor = "multi_thread")]
async fn no_fault_loses_a_visit() {
    let columns: Vec<_> =
        FAULTS.into_iter().map(|(_, effect)| tokio::spawn(column(effect))).collect();
    let mut cells = Vec::new();
    for column in columns {
        cells.push(column.await.unwrap());
    }
    table::check(&STEPS.map(|step| step.0), &FAULTS.map(|fault| fault.0), &cells);
}

/// One fault at every step, one visit after the other at the same kiosk.
async fn column(effect: Effect) -> Vec<String> {
    let site = site().await;
    // A fault must not cost a try, in whichever placement.
    site.tray().keep_cards();
    // Makes the keys of the card, which takes a moment.
    assert_eq!(visit(&OnTray(&site)).await.seen, "");
    if effect == Effect::Mute {
        site.tray().set_patience(PATIENCE);
    }
    let mut cells = Vec::new();
    for (name, on, app, file, nth) in STEPS {
        let fault = Fault { app: Some(app), file, nth, ..Fault::once(on, effect) };
        rig(&site, vec![fault]);
        let visit = visit(&OnTray(&site)).await;
        let happened = site.tray().rig("valid", |card| card.happened());
        assert_eq!(happened, Ok(1), "{effect:?} at {name}");
        assert_eq!(tries(&site), TRIES, "{effect:?} at {name}");
        cells.push(visit.seen);
    }
    site.stop().await;
    cells
}

fn rig(site: &Site, faults: Vec<Fault>) {
    site.tray().rig("valid", |card| card.set_faults(faults)).unwrap();
}

pub(crate) const JPKI: &[u8] = b"\x00\xA4\x04\x0C\x0A\xD3\x92\xF0\x00\x26\x01\x00\x00\x00\x01";
const FACE: &[u8] = b"\x00\xA4\x04\x0C\x0A\xD3\x92\x10\x00\x31\x00\x01\x01\x04\x02";

/// Nothing lost: three and ten.
pub(crate) const TRIES: ([u8; 2], [u8; 2]) = ([0x63, 0xC3], [0x63, 0xCA]);

/// What the card says about its counters, PIN and 照合番号B.
fn tries(site: &Site) -> ([u8; 2], [u8; 2]) {
    site.tray().rig("valid", tries_of).unwrap()
}

pub(crate) fn tries_of(card: &mut ScriptedCard) -> ([u8; 2], [u8; 2]) {
    let card = card.card();
    card.transmit(JPKI);
    let pin = card.transmit(&[0x00, 0x20, 0x00, 0x98]);
    card.transmit(FACE);
    let code = card.transmit(&[0x00, 0x20, 0x00, 0x92]);
    card.reset();
    (pin.try_into().unwrap(), code.try_into().unwrap())
}
