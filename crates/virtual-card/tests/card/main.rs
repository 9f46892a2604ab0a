//! The card against independent readers: the crate `myna-card` in process, `OpenSC` over a real pcscd.

#![expect(clippy::unwrap_used, reason = "a test may fail on the spot")]

mod commands;
mod oracle;
mod pcscd;
mod script;

use jiff::Timestamp;
use virtual_card::{Persona, VirtualCard};

fn persona(name: &str) -> Persona {
    let path = format!("{}/tests/personas/{name}.toml", env!("CARGO_MANIFEST_DIR"));
    Persona::from_toml(&std::fs::read_to_string(path).unwrap(), now()).unwrap()
}

fn now() -> Timestamp {
    "2026-11-22T03:00:00Z".parse().unwrap()
}

fn card(name: &str) -> VirtualCard {
    VirtualCard::new(&persona(name), None, now())
}
