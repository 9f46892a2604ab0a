//! What counts: every setting with its value.

use super::hours::Hours;
use super::setting::{Setting, TABLE};
use crate::checks::Sentence;
use crate::config::Config;
use protocol::settings::Key;

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Values {
    /// When the site is open, and what is done before and outside of that.
    pub hours: Hours,
    /// Whatever watches over the bridge starts it again; not a setting, but a daily restart needs it.
    pub supervised: bool,
}

impl Values {
    /// What the configuration says.
    pub fn start(config: &Config) -> Self {
        Self { hours: Hours::default(), supervised: config.supervised }
    }

    /// One of them.
    pub fn get(&self, key: Key) -> Setting {
        let hours = &self.hours;
        match key {
            Key::OpeningHours => Setting::OpeningHours(hours.week),
            Key::ClosedDays => Setting::ClosedDays(hours.closed.clone()),
            Key::SelfTestMinutes => Setting::SelfTestMinutes(hours.test_minutes),
            Key::RestartAt => Setting::RestartAt(hours.restart_at),
        }
    }

    /// One of them has this value now.
    pub fn set(&mut self, setting: Setting) {
        let hours = &mut self.hours;
        match setting {
            Setting::OpeningHours(week) => hours.week = week,
            Setting::ClosedDays(days) => hours.closed = days,
            Setting::SelfTestMinutes(minutes) => hours.test_minutes = minutes,
            Setting::RestartAt(at) => hours.restart_at = at,
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

    /// The first value that cannot be, by itself or beside the others, and what is expected.
    pub fn trouble(&self) -> Option<(Key, Sentence)> {
        let alone = TABLE.iter().find_map(|rule| Some((rule.key, self.get(rule.key).trouble()?)));
        let while_open = || {
            let said = Sentence::new(
                "開院前の自己点検から閉院までの間は選べません",
                "choose a time that is not between the self-test before opening and closing",
            );
            self.hours.restarts_while_open().then_some((Key::RestartAt, said))
        };
        alone.or_else(while_open)
    }
}
