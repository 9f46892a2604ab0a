//! Settings as the page says them, in both directions.

use super::equipment::{CamerasOf, ReaderOf};
use super::hours::Span;
use super::setting::Setting;
use super::time::{ClockTime, Day};
use crate::checks::Sentence;
use crate::name::Name;
use protocol::settings as wire;

impl Setting {
    /// What the page says.
    ///
    /// # Errors
    /// What is expected, where it is no such value. Whether it is within its bounds, [`Setting::trouble`] says.
    pub fn from_wire(setting: wire::Setting) -> Result<Self, Sentence> {
        Ok(match setting {
            wire::Setting::OpeningHours(week) => {
                let mut days = [None; 7];
                for (day, asked) in days.iter_mut().zip(*week) {
                    *day = asked.map(span).transpose()?;
                }
                Self::OpeningHours(days)
            }
            wire::Setting::ClosedDays(days) => Self::ClosedDays(closed_days(&days)?),
            wire::Setting::SelfTestMinutes(minutes) => Self::SelfTestMinutes(minutes),
            wire::Setting::RestartAt(at) => Self::RestartAt(at.as_deref().map(time).transpose()?),
            wire::Setting::Destinations(names) => Self::Destinations(destinations(names)?),
            wire::Setting::InstitutionName(name) => {
                Self::InstitutionName(name.map(name_of).transpose()?)
            }
            wire::Setting::CallCentre(number) => {
                let number = number.map(|number| number.trim().to_owned());
                Self::CallCentre(number.filter(|number| !number.is_empty()))
            }
            wire::Setting::BoardLockMinutes(minutes) => Self::BoardLockMinutes(minutes),
            wire::Setting::ReadingSeconds(seconds) => Self::ReadingSeconds(seconds),
            wire::Setting::PinSeconds(seconds) => Self::PinSeconds(seconds),
            wire::Setting::ResultFolder(folder) => Self::ResultFolder(folder.trim().into()),
            wire::Setting::Readers(readers) => {
                Self::Readers(readers.into_iter().map(ReaderOf::from_wire).collect())
            }
            wire::Setting::Cameras(cameras) => {
                Self::Cameras(cameras.into_iter().map(CamerasOf::from_wire).collect())
            }
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
            Self::Destinations(names) => {
                wire::Setting::Destinations(names.iter().map(Name::to_wire).collect())
            }
            Self::InstitutionName(name) => {
                wire::Setting::InstitutionName(name.as_ref().map(Name::to_wire))
            }
            Self::CallCentre(number) => wire::Setting::CallCentre(number.clone()),
            Self::BoardLockMinutes(minutes) => wire::Setting::BoardLockMinutes(*minutes),
            Self::ReadingSeconds(seconds) => wire::Setting::ReadingSeconds(*seconds),
            Self::PinSeconds(seconds) => wire::Setting::PinSeconds(*seconds),
            Self::ResultFolder(folder) => {
                wire::Setting::ResultFolder(folder.to_string_lossy().into_owned())
            }
            Self::Readers(readers) => {
                wire::Setting::Readers(readers.iter().map(ReaderOf::to_wire).collect())
            }
            Self::Cameras(cameras) => {
                wire::Setting::Cameras(cameras.iter().map(CamerasOf::to_wire).collect())
            }
        }
    }
}

fn time(text: &str) -> Result<ClockTime, Sentence> {
    let said = || Sentence::new("時刻は 08:30 のように入れてください", "write the time like 08:30");
    ClockTime::parse(text).ok_or_else(said)
}

fn span(wire::Span { from, to }: wire::Span) -> Result<Span, Sentence> {
    Ok(Span { from: time(&from)?, to: time(&to)? })
}

fn closed_days(days: &[String]) -> Result<Vec<Day>, Sentence> {
    let said = || {
        Sentence::new("日付は 2027-01-01 のように入れてください", "write each day like 2027-01-01")
    };
    let days = days.iter().map(|day| Day::parse(day).ok_or_else(said));
    let mut days = days.collect::<Result<Vec<_>, _>>()?;
    days.sort_unstable();
    days.dedup();
    Ok(days)
}

/// Two of one name could not be told apart.
fn destinations(names: Vec<protocol::Name>) -> Result<Vec<Name>, Sentence> {
    let names = names.into_iter().map(name_of).collect::<Result<Vec<_>, _>>()?;
    let twice = |(at, name): (usize, &Name)| names[..at].iter().any(|other| other.ja == name.ja);
    if names.iter().enumerate().any(twice) {
        return Err(Sentence::new(
            "同じ名前の行き先が2つあります",
            "two destinations have the same name",
        ));
    }
    Ok(names)
}

fn name_of(name: protocol::Name) -> Result<Name, Sentence> {
    Name::from_wire(name).ok_or_else(|| {
        Sentence::new(
            "日本語の名前を入れてください（改行などは使えません）",
            "write the Japanese name, each on one line",
        )
    })
}
