//! The one table of settings: which there are, how they are called in file and audit, and what a value may be.

use super::equipment::{CamerasOf, ReaderOf};
use super::hours::Span;
use super::time::{ClockTime, Day};
use crate::config::LOCK_MINUTES;
use crate::name::Name;
use checkin::deadlines::{PIN_ALLOWED_MS, READING_ALLOWED_MS};
use protocol::settings::Key;
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;
use std::path::PathBuf;

/// What is fixed about a setting. Who may change it is the same for all: `Act::Settings` of `rights.rs`.
pub struct Rule {
    /// Which one.
    pub key: Key,
    /// In the file and in lines of the audit.
    pub word: &'static str,
    /// Lowest and highest, where it is a number.
    pub bounds: Option<RangeInclusive<u16>>,
    /// From when another value counts.
    pub when: When,
}

/// From when another value of a setting counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// At once; at a kiosk as soon as nobody is there.
    Now,
    /// From the next start of the bridge on.
    Start,
}

/// All settings, in the order in which they are told.
pub static TABLE: [Rule; 13] = [
    now(Key::OpeningHours, "opening_hours"),
    now(Key::ClosedDays, "closed_days"),
    // What is found has to be mended before the first person comes; nobody does that the evening before.
    Rule { bounds: Some(0..=180), ..now(Key::SelfTestMinutes, "self_test_minutes") },
    now(Key::RestartAt, "restart_at"),
    now(Key::Destinations, "destinations"),
    now(Key::InstitutionName, "institution_name"),
    now(Key::CallCentre, "call_centre"),
    Rule { bounds: Some(LOCK_MINUTES), ..now(Key::BoardLockMinutes, "board_lock_minutes") },
    Rule { bounds: Some(READING_SECONDS), ..now(Key::ReadingSeconds, "reading_seconds") },
    Rule { bounds: Some(PIN_SECONDS), ..now(Key::PinSeconds, "pin_seconds") },
    at_start(Key::ResultFolder, "result_folder"),
    at_start(Key::Readers, "readers"),
    now(Key::Cameras, "cameras"),
];

const READING_SECONDS: RangeInclusive<u16> = seconds(READING_ALLOWED_MS);
const PIN_SECONDS: RangeInclusive<u16> = seconds(PIN_ALLOWED_MS);

/// Both are minutes at most.
#[allow(clippy::cast_possible_truncation, reason = "asserted")]
const fn seconds((low, high): (u64, u64)) -> RangeInclusive<u16> {
    assert!(high / 1000 <= u16::MAX as u64);
    (low / 1000) as u16..=(high / 1000) as u16
}

const fn now(key: Key, word: &'static str) -> Rule {
    Rule { key, word, bounds: None, when: When::Now }
}

const fn at_start(key: Key, word: &'static str) -> Rule {
    Rule { key, word, bounds: None, when: When::Start }
}

/// That of a setting.
///
/// # Panics
/// Never: each has one, as a test says.
pub fn rule(key: Key) -> &'static Rule {
    TABLE.iter().find(|rule| rule.key == key).expect("every setting is in the table")
}

/// A setting and its value, as it lies in the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "key", content = "value", rename_all = "snake_case")]
pub enum Setting {
    /// See [`protocol::settings::Setting::OpeningHours`].
    OpeningHours([Option<Span>; 7]),
    /// See [`protocol::settings::Setting::ClosedDays`]; in order, each once.
    ClosedDays(Vec<Day>),
    /// See [`protocol::settings::Setting::SelfTestMinutes`].
    SelfTestMinutes(u16),
    /// See [`protocol::settings::Setting::RestartAt`].
    RestartAt(Option<ClockTime>),
    /// See [`protocol::settings::Setting::Destinations`].
    Destinations(Vec<Name>),
    /// See [`protocol::settings::Setting::InstitutionName`].
    InstitutionName(Option<Name>),
    /// See [`protocol::settings::Setting::CallCentre`].
    CallCentre(Option<String>),
    /// See [`protocol::settings::Setting::BoardLockMinutes`].
    BoardLockMinutes(u16),
    /// See [`protocol::settings::Setting::ReadingSeconds`].
    ReadingSeconds(u16),
    /// See [`protocol::settings::Setting::PinSeconds`].
    PinSeconds(u16),
    /// See [`protocol::settings::Setting::ResultFolder`].
    ResultFolder(PathBuf),
    /// See [`protocol::settings::Setting::Readers`].
    Readers(Vec<ReaderOf>),
    /// See [`protocol::settings::Setting::Cameras`].
    Cameras(Vec<CamerasOf>),
}

impl Setting {
    /// Which one it is.
    pub fn key(&self) -> Key {
        match self {
            Self::OpeningHours(_) => Key::OpeningHours,
            Self::ClosedDays(_) => Key::ClosedDays,
            Self::SelfTestMinutes(_) => Key::SelfTestMinutes,
            Self::RestartAt(_) => Key::RestartAt,
            Self::Destinations(_) => Key::Destinations,
            Self::InstitutionName(_) => Key::InstitutionName,
            Self::CallCentre(_) => Key::CallCentre,
            Self::BoardLockMinutes(_) => Key::BoardLockMinutes,
            Self::ReadingSeconds(_) => Key::ReadingSeconds,
            Self::PinSeconds(_) => Key::PinSeconds,
            Self::ResultFolder(_) => Key::ResultFolder,
            Self::Readers(_) => Key::Readers,
            Self::Cameras(_) => Key::Cameras,
        }
    }

    /// Its value alone, as it lies in the file.
    pub fn value(&self) -> serde_json::Value {
        let mut whole = serde_json::to_value(self).unwrap_or_default();
        whole["value"].take()
    }
}
