//! Tests of the visit without bridge or browser.
#![expect(clippy::unwrap_used, reason = "a failed parse of a constant is a broken test")]

mod boundaries;
mod by_numbers;
mod diagram;
mod double_tap;
mod ended_by_staff;
mod in_hand;
mod journeys;
mod kiosk;
mod matrix;
mod model;
mod papers;
mod terminal;
mod time;
mod ways;
