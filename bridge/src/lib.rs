//! The native half of the kiosk: owns the card reader, the visit, the store and the gateway, and
//! serves the kiosk page on loopback.
//!
//! Start at [`start`], which wires the parts together; [`desk`] owns the visit; [`reader`] and
//! [`card`] talk to the card; [`http`] talks to the page.

pub mod accept_clock;
pub mod board;
pub mod clock;
pub mod config;
pub mod delivery;
pub mod desk;
pub mod doctor;
pub mod gateway;
pub mod http;
pub mod ledger;
pub mod logs;
pub mod models;
pub mod passcode;
pub mod printout;
pub mod reader;
mod start;
pub mod store;
pub mod vital;
pub mod wire;
mod words;
pub mod workers;

pub use start::{Bridge, StartError, start, start_at, start_with};
