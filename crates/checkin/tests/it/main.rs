//! Tests of the visit without bridge or browser.
#![expect(clippy::unwrap_used, reason = "a failed parse of a constant is a broken test")]

mod diagram;
mod journeys;
mod kiosk;
mod matrix;
mod random;
mod time;
mod ways;
