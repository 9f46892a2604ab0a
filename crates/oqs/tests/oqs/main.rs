//! Reading and writing files of the interface.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod cases;
mod demands;
mod foreign;
mod kinds;
mod malformed;
mod round_trip;
mod sample;

/// The public sample as a terminal wrote it (see `data/LICENSE`).
const SAMPLE: &str = include_str!("../data/terminal-sample.xml");
