//! Browser journeys against the real stack: real pcscd with a virtual reader, the bridge, Chromium with a fake camera.

pub mod asks;
pub mod authenticator;
pub mod bench;
pub mod bridge;
pub mod camera;
pub mod card;
pub mod card_film;
pub mod cdp;
pub mod certificate;
mod film;
pub mod head_film;
pub mod journeys;
pub mod kiosk;
pub mod service;
pub mod stage;
pub mod unheard;

use std::path::Path;

/// Root of the repository: the programs and test data are found below it.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("this crate lies in the repository")
}
