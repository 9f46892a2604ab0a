//! What a value may be by itself.

use super::equipment::{cameras_trouble, readers_trouble};
use super::setting::{Setting, rule};
use crate::checks::Sentence;
use crate::config::{DESTINATION, LINE, is_line};
use crate::name::Name;
use protocol::settings::{CLOSED_DAYS, DESTINATIONS, Key};
use std::path::Path;

/// Longest path of a folder, in characters.
const PATH_CHARS: usize = 400;

impl Setting {
    /// What is expected, where the value is out of its bounds.
    pub fn trouble(&self) -> Option<Sentence> {
        match self {
            Self::SelfTestMinutes(number)
            | Self::BoardLockMinutes(number)
            | Self::ReadingSeconds(number)
            | Self::PinSeconds(number) => out_of_bounds(self.key(), *number),
            Self::ClosedDays(days) => (days.len() > CLOSED_DAYS).then(|| {
                Sentence::new(
                    format!("休診日は{CLOSED_DAYS}日までです"),
                    format!("there may be {CLOSED_DAYS} closed days at most"),
                )
            }),
            Self::Destinations(names) => destinations(names),
            Self::InstitutionName(name) => name.as_ref().and_then(institution_name),
            Self::CallCentre(number) => number.as_deref().and_then(call_centre),
            Self::ResultFolder(folder) => path(folder),
            Self::Readers(readers) => readers_trouble(readers),
            Self::Cameras(cameras) => cameras_trouble(cameras),
            Self::OpeningHours(_) | Self::RestartAt(_) => None,
        }
    }
}

fn destinations(names: &[Name]) -> Option<Sentence> {
    let (ja, other) = DESTINATION;
    let fit = names.len() <= DESTINATIONS && names.iter().all(|name| name.fits(ja, other));
    (!fit).then(|| {
        Sentence::new(
            format!("行き先は{DESTINATIONS}つまで、名前は日本語{ja}文字、ほかの言語{other}文字までです"),
            format!("there may be {DESTINATIONS} destinations at most, with names of {ja} characters in Japanese and {other} in other languages"),
        )
    })
}

fn institution_name(name: &Name) -> Option<Sentence> {
    let (ja, other) = LINE;
    (!name.fits(ja, other)).then(|| {
        Sentence::new(
            format!("名前は日本語{ja}文字、ほかの言語{other}文字までです"),
            format!("the name may have {ja} characters in Japanese and {other} in other languages"),
        )
    })
}

fn call_centre(number: &str) -> Option<Sentence> {
    let most = LINE.0;
    (!is_line(number)).then(|| {
        Sentence::new(
            format!("{most}文字までで入れてください"),
            format!("write {most} characters at most"),
        )
    })
}

fn path(folder: &Path) -> Option<Sentence> {
    let fits = folder.to_string_lossy().chars().count() <= PATH_CHARS;
    (!fits).then(|| Sentence::new("フォルダーの場所が長すぎます", "the path is too long"))
}

fn out_of_bounds(key: Key, number: u16) -> Option<Sentence> {
    let bounds = rule(key).bounds.as_ref().filter(|bounds| !bounds.contains(&number))?;
    let (low, high) = (bounds.start(), bounds.end());
    Some(Sentence::new(
        format!("{low}から{high}までの数を入れてください"),
        format!("write a number from {low} to {high}"),
    ))
}
