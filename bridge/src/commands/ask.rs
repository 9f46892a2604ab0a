//! `patients ask`: the clinic's terminal is asked in bulk about everybody who is expected on a day.

use super::patients::{audit, list};
use crate::config::{Config, GatewayChoice};
use crate::gateway::folder::Said;
use crate::gateway::folder::bulk::{Bulk, MOST, Person, Told};
use crate::store::Deed;
use anyhow::{Result, bail};
use checkin::eligibility::Validity;
use checkin::time::in_japan;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use std::process::ExitCode;
use std::str::FromStr;
use std::time::{Duration, Instant};

/// Between two questions whether the answers are ready.
const AGAIN: Duration = Duration::from_secs(10);
/// In the data folder: how far it is.
const PROGRESS: &str = "ask.json";

/// For which day, in Japan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// This one.
    Today,
    /// The next one.
    Tomorrow,
    /// Any.
    On(Date),
}

impl FromStr for Asked {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "today" => Ok(Self::Today),
            "tomorrow" => Ok(Self::Tomorrow),
            day => day.parse().map(Self::On).map_err(|_| {
                "write today, tomorrow, or a day as 2026-11-30 / today、tomorrow、または 2026-11-30 の形で書いてください".into()
            }),
        }
    }
}

impl Asked {
    fn seen(self, now: Timestamp) -> Date {
        let today = in_japan(now).date();
        match self {
            Self::Today => today,
            Self::Tomorrow => today.saturating_add(1.day()),
            Self::On(day) => day,
        }
    }
}

/// Asks, waits and prints what was answered: by chart number, which tells strangers nothing. Ends with 0 when all are confirmed, with 1
/// when staff have something to look at.
///
/// # Errors
/// Why nothing is known, and what to do.
pub(super) fn run(
    config: &Config,
    day: Asked,
    wait_minutes: u16,
    now: Timestamp,
) -> Result<ExitCode> {
    let GatewayChoice::Folder(terminal) = &config.gateway else {
        bail!(
            "only a terminal can be asked in bulk: set [gateway] kind = \"folder\" / まとめて照会できるのは資格確認端末だけです。[gateway] に kind = \"folder\" を書いてください"
        );
    };
    let day = day.seen(now);
    let (folder, kept) = list(config, false);
    let Some(patients) = kept.load()? else {
        bail!(
            "there is no patient list: import one first / 患者リストがありません。先に取り込んでください"
        );
    };
    let (mut people, mut unknown) = (Vec::new(), Vec::new());
    for patient in patients.expected_on(day) {
        let chart = patient.chart().to_owned();
        match patient.known().numbers {
            Some(numbers) => people.push(Person { chart, numbers }),
            None => unknown.push(chart),
        }
    }
    if people.is_empty() {
        tell(day, &[], &unknown);
        return Ok(ExitCode::from(u8::from(!unknown.is_empty())));
    }
    if people.len() > MOST {
        bail!(
            "more than {MOST} people are expected on {day}: that is more than one question takes / {MOST} 人を超えています"
        );
    }
    let wait = Duration::from_secs(u64::from(wait_minutes) * 60);
    let bulk = Bulk {
        terminal,
        progress: folder.join(PROGRESS),
        results: &config.result_folder,
        again: AGAIN,
        until: Instant::now() + wait,
    };
    let Told { people, file } = bulk.ask(&people, day)?;
    let confirmed = people.iter().filter(|(_, said)| *said == Said::Valid).count();
    audit(config, &folder, false, Deed::PatientsAsked { patients: people.len(), confirmed }, now)?;
    tell(day, &people, &unknown);
    println!("--  {file} → {}", config.result_folder.display());
    let all = confirmed == people.len() && unknown.is_empty();
    Ok(if all { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn tell(day: Date, people: &[(String, Said)], unknown: &[String]) {
    let confirmed = people.iter().filter(|(_, said)| *said == Said::Valid).count();
    let problems = people.len() - confirmed + unknown.len();
    println!(
        "{}  {day} の予約: 照会 {} 人、有効 {confirmed} 人、確認が必要 {problems} 人 / asked about {}, valid {confirmed}, to be looked at {problems}",
        if problems == 0 { "OK" } else { "!!" },
        people.len(),
        people.len()
    );
    for (chart, said) in people {
        if let Some(words) = words(*said) {
            println!("    {chart}  {words}");
        }
    }
    for chart in unknown {
        println!(
            "    {chart}  リストに保険がありません（照会していません） / no insurance in the list: not asked"
        );
    }
}

/// `None`: nothing is to be done.
fn words(said: Said) -> Option<&'static str> {
    Some(match said {
        Said::Valid => return None,
        Said::NotValid(Validity::NoneFound) => "該当する資格がありません / no such qualification",
        Said::NotValid(Validity::InvalidNewerExists) => {
            "無効。新しい資格があります / not valid any more: there is a newer one"
        }
        Said::NotValid(Validity::MoreThanOne) => "複数の資格が該当します / more than one fits",
        Said::NotValid(_) => "無効 / not valid",
        Said::Error => "端末がエラーを返しました / the terminal answered with an error",
        Said::Unfit => {
            "回答がこの患者のものと確かめられません。使っていません / the answer may be about somebody else: not used"
        }
        Said::Missing => "回答がありません / no answer",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_japan() {
        let now: Timestamp = "2026-11-29T15:30:00Z".parse().unwrap();
        let seen = |text: &str| text.parse::<Asked>().unwrap().seen(now).to_string();
        assert_eq!(
            ["today", "tomorrow", "2027-01-04"].map(seen),
            ["2026-11-30", "2026-12-01", "2027-01-04"]
        );
        assert!("next week".parse::<Asked>().is_err());
    }
}
