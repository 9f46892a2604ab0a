//! The one table of settings: which there are, how they are called in file and audit, and what a value may be.

use super::hours::Span;
use super::time::{ClockTime, Day};
use crate::checks::Sentence;
use protocol::settings::{self as wire, CLOSED_DAYS, Key};
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

/// What is fixed about a setting. Who may change it is the same for all: `Act::Settings` of `rights.rs`.
pub struct Rule {
    /// Which one.
    pub key: Key,
    /// In the file and in lines of the audit.
    pub word: &'static str,
    /// Lowest and highest, where it is a number.
    pub bounds: Option<RangeInclusive<u16>>,
}

/// All settings, in the order in which they are told.
pub static TABLE: [Rule; 4] = [
    Rule { key: Key::OpeningHours, word: "opening_hours", bounds: None },
    Rule { key: Key::ClosedDays, word: "closed_days", bounds: None },
    // What is found has to be mended before the first person comes; nobody does that the evening before.
    Rule { key: Key::SelfTestMinutes, word: "self_test_minutes", bounds: Some(0..=180) },
    Rule { key: Key::RestartAt, word: "restart_at", bounds: None },
];

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
    /// See [`wire::Setting::OpeningHours`].
    OpeningHours([Option<Span>; 7]),
    /// See [`wire::Setting::ClosedDays`]; in order, each once.
    ClosedDays(Vec<Day>),
    /// See [`wire::Setting::SelfTestMinutes`].
    SelfTestMinutes(u16),
    /// See [`wire::Setting::RestartAt`].
    RestartAt(Option<ClockTime>),
}

impl Setting {
    /// What the page says.
    ///
    /// # Errors
    /// What is expected, where it is no such value. Whether it is within its bounds, [`Setting::trouble`] says.
    pub fn from_wire(setting: wire::Setting) -> Result<Self, Sentence> {
        let no_time =
            || Sentence::new("時刻は 08:30 のように入れてください", "write the time like 08:30");
        let time = |text: &str| ClockTime::parse(text).ok_or_else(no_time);
        let span = |wire::Span { from, to }: wire::Span| -> Result<_, Sentence> {
            Ok(Span { from: time(&from)?, to: time(&to)? })
        };
        Ok(match setting {
            wire::Setting::OpeningHours(week) => {
                let mut days = [None; 7];
                for (day, asked) in days.iter_mut().zip(*week) {
                    *day = asked.map(span).transpose()?;
                }
                Self::OpeningHours(days)
            }
            wire::Setting::ClosedDays(days) => {
                let no_day = || {
                    Sentence::new(
                        "日付は 2027-01-01 のように入れてください",
                        "write each day like 2027-01-01",
                    )
                };
                let days = days.iter().map(|day| Day::parse(day).ok_or_else(no_day));
                let mut days = days.collect::<Result<Vec<_>, _>>()?;
                days.sort_unstable();
                days.dedup();
                Self::ClosedDays(days)
            }
            wire::Setting::SelfTestMinutes(minutes) => Self::SelfTestMinutes(minutes),
            wire::Setting::RestartAt(at) => Self::RestartAt(at.as_deref().map(time).transpose()?),
        })
    }

    /// The same, for the page.
    pub fn to_wire(&self) -> wire::Setting {
        match self {
            Self::OpeningHours(week) => wire::Setting::OpeningHours(Box::new(week.map(|day| {
                day.map(|Span { from, to }| wire::Span { from: from.into(), to: to.into() })
            }))),
            Self::ClosedDays(days) => {
                wire::Setting::ClosedDays(days.iter().map(|day| String::from(*day)).collect())
            }
            Self::SelfTestMinutes(minutes) => wire::Setting::SelfTestMinutes(*minutes),
            Self::RestartAt(at) => wire::Setting::RestartAt(at.map(String::from)),
        }
    }

    /// Which one it is.
    pub fn key(&self) -> Key {
        match self {
            Self::OpeningHours(_) => Key::OpeningHours,
            Self::ClosedDays(_) => Key::ClosedDays,
            Self::SelfTestMinutes(_) => Key::SelfTestMinutes,
            Self::RestartAt(_) => Key::RestartAt,
        }
    }

    /// Its value alone, as it lies in the file.
    pub fn value(&self) -> serde_json::Value {
        let mut whole = serde_json::to_value(self).unwrap_or_default();
        whole["value"].take()
    }

    /// What is expected, where the value is out of its bounds.
    pub fn trouble(&self) -> Option<Sentence> {
        match self {
            Self::SelfTestMinutes(number) => out_of_bounds(self.key(), *number),
            Self::ClosedDays(days) if days.len() > CLOSED_DAYS => Some(Sentence::new(
                format!("休診日は{CLOSED_DAYS}日までです"),
                format!("there may be {CLOSED_DAYS} closed days at most"),
            )),
            Self::OpeningHours(_) | Self::ClosedDays(_) | Self::RestartAt(_) => None,
        }
    }
}

fn out_of_bounds(key: Key, number: u16) -> Option<Sentence> {
    let bounds = rule(key).bounds.as_ref().filter(|bounds| !bounds.contains(&number))?;
    let (low, high) = (bounds.start(), bounds.end());
    Some(Sentence::new(
        format!("{low}から{high}までの数を入れてください"),
        format!("write a number from {low} to {high}"),
    ))
}
