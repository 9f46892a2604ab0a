//! What counts: every setting with its value.

use super::equipment::{CamerasOf, ReaderOf};
use super::hours::Hours;
use super::setting::Setting;
use crate::call_place::CallPlace;
use crate::checks::Sentence;
use crate::config::{Config, KioskConfig, KioskName, apart, with_destinations};
use crate::name::Name;
use checkin::Patience;
use protocol::settings::Key;
use std::path::PathBuf;
use std::time::Duration;

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Values {
    /// When the site is open, and what is done before and outside of that.
    pub hours: Hours,
    /// Whatever watches over the bridge starts it again; not a setting, but a daily restart needs it.
    pub supervised: bool,
    /// Where people go from the kiosks.
    pub destinations: Vec<Name>,
    /// The institution, for patients: on every screen and on the 申立書.
    pub institution_name: Option<Name>,
    /// For staff: whom to call when the national system fails.
    pub call_centre: Option<String>,
    /// A staff board that was not used for so many minutes locks itself.
    pub board_lock_minutes: u16,
    /// How long kiosks wait for a person.
    pub patience: Patience,
    /// Where result files go. It counts at the start of the bridge.
    pub result_folder: PathBuf,
    /// The kiosks with their readers, which count at the start, and their cameras.
    pub kiosks: Vec<KioskConfig>,
    /// Where staff call people to beside the destinations; not a setting.
    listed: Vec<CallPlace>,
    /// The bridge takes practice cards; not a setting, but then there is no receipt computer.
    rehearses: bool,
}

impl Values {
    /// What the configuration says.
    pub fn start(config: &Config) -> Self {
        Self {
            hours: Hours::default(),
            supervised: config.supervised,
            destinations: config.destinations.clone(),
            institution_name: config.institution_name.clone(),
            call_centre: config.call_centre.clone(),
            board_lock_minutes: config.board_lock_minutes,
            patience: Patience::default(),
            result_folder: config.result_folder.clone(),
            kiosks: config.kiosks.clone(),
            listed: config.call_places.clone(),
            rehearses: config.accept_practice_cards,
        }
    }

    /// Puts what counts at the start of the bridge in the place of what the configuration file says.
    pub(crate) fn apply(&self, config: &mut Config) {
        config.result_folder.clone_from(&self.result_folder);
        config.kiosks.clone_from(&self.kiosks);
    }

    /// Where staff call people to: one place at least.
    pub fn call_places(&self) -> Vec<CallPlace> {
        let all = with_destinations(&self.listed, &self.destinations);
        all.unwrap_or_else(|| self.listed.clone())
    }

    /// So long without use, and a board locks itself.
    pub fn board_lock(&self) -> Duration {
        Duration::from_mins(self.board_lock_minutes.into())
    }

    /// The kiosk of this name.
    pub fn kiosk(&self, name: &KioskName) -> Option<&KioskConfig> {
        self.kiosks.iter().find(|kiosk| kiosk.name == *name)
    }

    /// One of them.
    pub fn get(&self, key: Key) -> Setting {
        let hours = &self.hours;
        match key {
            Key::OpeningHours => Setting::OpeningHours(hours.week),
            Key::ClosedDays => Setting::ClosedDays(hours.closed.clone()),
            Key::SelfTestMinutes => Setting::SelfTestMinutes(hours.test_minutes),
            Key::RestartAt => Setting::RestartAt(hours.restart_at),
            Key::Destinations => Setting::Destinations(self.destinations.clone()),
            Key::InstitutionName => Setting::InstitutionName(self.institution_name.clone()),
            Key::CallCentre => Setting::CallCentre(self.call_centre.clone()),
            Key::BoardLockMinutes => Setting::BoardLockMinutes(self.board_lock_minutes),
            Key::ReadingSeconds => Setting::ReadingSeconds(seconds(self.patience.reading_ms)),
            Key::PinSeconds => Setting::PinSeconds(seconds(self.patience.pin_ms)),
            Key::ResultFolder => Setting::ResultFolder(self.result_folder.clone()),
            Key::Readers => Setting::Readers(self.kiosks.iter().map(ReaderOf::of).collect()),
            Key::Cameras => Setting::Cameras(self.kiosks.iter().map(CamerasOf::of).collect()),
        }
    }

    /// One of them has this value now. What is said of a kiosk that the configuration has no more is passed over.
    pub fn set(&mut self, setting: Setting) {
        let hours = &mut self.hours;
        match setting {
            Setting::OpeningHours(week) => hours.week = week,
            Setting::ClosedDays(days) => hours.closed = days,
            Setting::SelfTestMinutes(minutes) => hours.test_minutes = minutes,
            Setting::RestartAt(at) => hours.restart_at = at,
            Setting::Destinations(names) => self.destinations = names,
            Setting::InstitutionName(name) => self.institution_name = name,
            Setting::CallCentre(number) => self.call_centre = number,
            Setting::BoardLockMinutes(minutes) => self.board_lock_minutes = minutes,
            Setting::ReadingSeconds(seconds) => {
                self.patience.reading_ms = u64::from(seconds) * 1000;
            }
            Setting::PinSeconds(seconds) => self.patience.pin_ms = u64::from(seconds) * 1000,
            Setting::ResultFolder(folder) => self.result_folder = folder,
            Setting::Readers(readers) => {
                for kiosk in &mut self.kiosks {
                    for reader in &readers {
                        reader.put(kiosk);
                    }
                }
            }
            Setting::Cameras(cameras) => {
                for kiosk in &mut self.kiosks {
                    for cameras in &cameras {
                        cameras.put(kiosk);
                    }
                }
            }
        }
    }

    /// A daily restart that nothing would bring the bridge back from. One that lies in the file already is left out instead, so that the
    /// bridge starts wherever its data are brought.
    pub fn unsupervised(&self) -> Option<(Key, Sentence)> {
        let said = || {
            Sentence::new(
                "終わったときに起動し直す仕組みの下で動いていないため、設定できません（設定ファイルの supervised）",
                "nothing would start the bridge again: run it under a supervisor, see `supervised` of the configuration file",
            )
        };
        let asked = self.hours.restart_at.is_some() && !self.supervised;
        asked.then(|| (Key::RestartAt, said()))
    }

    /// The first value that cannot be beside the others, and what is expected. `start` is what the configuration says.
    pub fn trouble(&self, start: &Self) -> Option<(Key, Sentence)> {
        if self.hours.restarts_while_open() {
            let said = Sentence::new(
                "開院前の自己点検から閉院までの間は選べません",
                "choose a time that is not between the self-test before opening and closing",
            );
            return Some((Key::RestartAt, said));
        }
        if with_destinations(&self.listed, &self.destinations).is_none() {
            let said = Sentence::new(
                "行き先と、設定ファイルの呼び出し先（call_places）を合わせて30までにしてください",
                "there may be 30 places to call to at most: the destinations, and call_places of the configuration file",
            );
            return Some((Key::Destinations, said));
        }
        if self.rehearses && self.result_folder != start.result_folder {
            let said = Sentence::new(
                "練習用カードを受け付ける設定のため、レセコンのフォルダーは選べません",
                "this bridge takes practice cards, which go to no receipt computer",
            );
            return Some((Key::ResultFolder, said));
        }
        let error = apart(&self.kiosks).err()?;
        let said = Sentence::new(
            "受付機ごとに別のリーダーを選んでください。自動（auto）は、リーダーを使う受付機が1台のときだけ選べます",
            error.to_string(),
        );
        Some((Key::Readers, said))
    }
}

/// Whole ones are all that can be chosen.
fn seconds(ms: u64) -> u16 {
    u16::try_from(ms / 1000).unwrap_or(u16::MAX)
}
