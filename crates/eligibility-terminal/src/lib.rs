//! The folder service: does with `req` and `res` what the official program of a 資格確認端末 does (domain-facts B1), with the
//! invented people of `eligibility-sim`. For practice, tests and vendors; no real terminal, and nothing of it is official.

use eligibility_sim::{
    NationalSystem, answer, answer_delay, bulk_number, bulk_receipt, bulk_result, registered,
};
use jiff::Timestamp;
use oqs::{ExchangeName, FolderError, Kind, Message};
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

/// Questions that it answers.
const ANSWERED: [Kind; 4] = [Kind::Request, Kind::Register, Kind::BulkRequest, Kind::BulkFetch];

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
    /// Bulk questions by the number that each was given, and when their answers are ready.
    bulk: HashMap<String, (Message, Instant)>,
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
        let (making, answers, bulk) = (HashMap::new(), Vec::new(), HashMap::new());
        Ok(Self { req, res, pace, system, taken: 0, making, answers, bulk })
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
        let wall = Timestamp::now();
        let usual = match self.pace {
            Pace::Usual(seed) => answer_delay(seed, self.taken),
            Pace::Fixed(delay) => delay,
        };
        let (bytes, delay) = match request.kind() {
            Kind::BulkRequest => (self.receive(bytes, now + usual + usual, wall), usual),
            Kind::BulkFetch => (self.fetch(bytes, now, wall), usual),
            Kind::Register => (registered(&mut self.system, bytes, wall), usual),
            _ => {
                let answer = answer(&mut self.system, bytes, wall);
                let late = answer.late && matches!(self.pace, Pace::Usual(_));
                (answer.bytes, usual + if late { LATE } else { Duration::ZERO })
            }
        };
        self.taken += 1;
        self.answers.push(Due { at: now + delay, name, bytes });
    }

    /// Takes a bulk question, whose answers are `ready` then.
    fn receive(&mut self, request: &[u8], ready: Instant, wall: Timestamp) -> Vec<u8> {
        let number = format!("{:012}", self.taken + 1);
        let (bytes, asked) = bulk_receipt(request, &number, wall);
        if let Some(asked) = asked.filter(|_| self.bulk.len() < MOST) {
            self.bulk.insert(number, (asked, ready));
        }
        bytes
    }

    fn fetch(&mut self, request: &[u8], now: Instant, wall: Timestamp) -> Vec<u8> {
        let asked = bulk_number(request).and_then(|number| self.bulk.get(&number));
        let is_ready = asked.is_some_and(|(_, ready)| *ready <= now);
        bulk_result(&mut self.system, request, asked.map(|(asked, _)| asked), is_ready, wall)
    }

    /// Single and bulk questions, and chart numbers; others stay where they are.
    fn requests(&self) -> Result<Vec<ExchangeName>, FolderError> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.req)? {
            let name = entry?.file_name();
            let name = name.to_str().and_then(|name| name.parse::<ExchangeName>().ok());
            names.extend(name.filter(|name| ANSWERED.contains(&name.kind())));
        }
        Ok(names)
    }
}

#[cfg(test)]
mod tests;
