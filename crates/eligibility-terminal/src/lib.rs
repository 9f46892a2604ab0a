//! The folder service: does with `req` and `res` what the official program of a 資格確認端末 does (domain-facts B1), with the
//! invented people of `eligibility-sim`. For practice, tests and vendors; no real terminal, and nothing of it is official.

use eligibility_sim::{NationalSystem, answer, answer_delay};
use jiff::Timestamp;
use oqs::{ExchangeName, FolderError, Kind};
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Between two looks into `req`.
const TICK: Duration = Duration::from_millis(50);
/// A file that did not change for so long is whole (domain-facts B3: 300 ms).
const SETTLED: Duration = Duration::from_millis(300);
/// For whom lateness is rehearsed, the answer comes so much later: after the person stopped waiting.
const LATE: Duration = Duration::from_secs(30);
/// Requests that may be under way; more stay in `req` until some are answered, as long as they need.
const MOST: usize = 1_000;

/// How fast it works.
#[derive(Clone, Copy, Debug)]
pub enum Pace {
    /// As terminals do: 3 to 7 s, by this seed.
    Usual(u64),
    /// So long after a request, and nobody is late longer.
    Fixed(Duration),
}

/// See the crate.
pub struct Service {
    req: PathBuf,
    res: PathBuf,
    pace: Pace,
    system: NationalSystem,
    /// Requests taken so far.
    taken: u64,
    /// Requests that may still be in the making: what was in them, since when.
    making: HashMap<ExchangeName, (Vec<u8>, Instant)>,
    /// Answers on their way.
    answers: Vec<Due>,
}

struct Due {
    at: Instant,
    name: ExchangeName,
    bytes: Vec<u8>,
}

impl Service {
    /// On `req` and `res` in this folder, which are made if they are not there.
    ///
    /// # Errors
    /// [`FolderError`].
    pub fn open(folder: &Path, pace: Pace) -> Result<Self, FolderError> {
        let (req, res) = (folder.join("req"), folder.join("res"));
        fs::create_dir_all(&req)?;
        fs::create_dir_all(&res)?;
        let system = NationalSystem::practice(Timestamp::now());
        let (making, answers) = (HashMap::new(), Vec::new());
        Ok(Self { req, res, pace, system, taken: 0, making, answers })
    }

    /// Serves until `stop`. What it did is told line by line, without numbers or names of people.
    pub fn run(&mut self, stop: &AtomicBool, mut tell: impl FnMut(&str)) {
        let mut well = true;
        while !stop.load(Ordering::Relaxed) {
            match self.pass(Instant::now(), &mut tell) {
                Ok(()) => well = true,
                Err(error) => {
                    if std::mem::replace(&mut well, false) {
                        tell(&format!("waiting: {error}"));
                    }
                }
            }
            std::thread::sleep(TICK);
        }
    }

    /// One look: takes what is whole, answers what is due.
    ///
    /// # Errors
    /// [`FolderError`]: nothing is lost, the next look tries again.
    pub fn pass(&mut self, now: Instant, mut tell: impl FnMut(&str)) -> Result<(), FolderError> {
        self.take(now, &mut tell)?;
        let mut at = 0;
        while at < self.answers.len() {
            if self.answers[at].at > now {
                at += 1;
                continue;
            }
            let Due { name, bytes, .. } = &self.answers[at];
            match oqs::put(&self.res, name, bytes) {
                Ok(()) => tell(&format!("answered {name}")),
                Err(FolderError::NameTaken) => tell(&format!("{name} is there already")),
                Err(error) => return Err(error),
            }
            self.answers.swap_remove(at);
        }
        Ok(())
    }

    fn take(&mut self, now: Instant, mut tell: impl FnMut(&str)) -> Result<(), FolderError> {
        let names = self.requests()?;
        self.making.retain(|name, _| names.contains(name));
        for name in names {
            if self.answers.len() >= MOST {
                break;
            }
            // Another program may have taken it.
            let Some(bytes) = oqs::read(&self.req, &name)? else { continue };
            match self.making.get(&name) {
                Some((before, since)) if *before == bytes => {
                    if now.duration_since(*since) < SETTLED {
                        continue;
                    }
                }
                _ => {
                    self.making.insert(name, (bytes, now));
                    continue;
                }
            }
            self.making.remove(&name);
            oqs::remove(&self.req, &name)?;
            tell(&format!("took {name}"));
            self.answer(&name, &bytes, now);
        }
        Ok(())
    }

    fn answer(&mut self, request: &ExchangeName, bytes: &[u8], now: Instant) {
        let Some(name) = request.answer() else { return };
        let answer = answer(&mut self.system, bytes, Timestamp::now());
        let delay = match self.pace {
            Pace::Usual(seed) => {
                answer_delay(seed, self.taken) + if answer.late { LATE } else { Duration::ZERO }
            }
            Pace::Fixed(delay) => delay,
        };
        self.taken += 1;
        self.answers.push(Due { at: now + delay, name, bytes: answer.bytes });
    }

    /// Only single requests; others stay where they are.
    fn requests(&self) -> Result<Vec<ExchangeName>, FolderError> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.req)? {
            let name = entry?.file_name();
            let name = name.to_str().and_then(|name| name.parse::<ExchangeName>().ok());
            names.extend(name.filter(|name| name.kind() == Kind::Request));
        }
        Ok(names)
    }
}

#[cfg(test)]
mod tests;
