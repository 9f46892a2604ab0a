//! The native half of the kiosks: owns the card readers, the visits, the store and the gateway, and
//! serves the pages on loopback.
//!
//! Start at [`start`], which wires the parts together; [`site`] is what all kiosks share, [`kiosk`] one place; [`desk`] owns its
//! visit; [`reader`] and
//! [`card`] talk to the card; [`http`] talks to the page.

pub mod accept_clock;
pub mod accounts;
pub mod beside;
pub mod board;
pub mod call_place;
pub mod checks;
pub mod clock;
pub mod commands;
pub mod config;
#[cfg(test)]
mod contract;
mod daily;
pub mod day;
pub mod delivery;
pub mod desk;
pub mod doctor;
pub mod gateway;
pub mod heap;
pub mod http;
pub mod kiosk;
pub mod ledger;
pub mod limits;
pub mod logs;
pub mod models;
pub mod name;
pub mod passcode;
pub mod patients;
pub mod printout;
mod private;
pub mod reader;
pub mod rights;
pub mod self_test;
pub mod sessions;
pub mod settings;
pub mod site;
mod start;
pub mod store;
pub mod tls;
pub mod vital;
mod words;
pub mod workers;

pub use start::{Bridge, End, StartError, start, start_among, start_at, start_with};
