//! The thread that looks after the terminal's folders: the only one that touches them.

use super::answer::{Judged, judge};
use super::asked::{Asked, Put};
use super::register::Registering;
use super::{AT_ONCE, POLL, Task, Terminal, names};
use jiff::Timestamp;
use oqs::{ExchangeName, FolderError, Kind};
use std::collections::{HashSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

/// Between two looks while nobody waits.
const IDLE: Duration = Duration::from_mins(1);
/// What nobody waits for any more is looked for so often.
const SWEEP: Duration = Duration::from_mins(30);
/// Questions without an answer that are remembered; the oldest is forgotten first.
const MOST: usize = 4 * AT_ONCE;

pub(super) struct Watch {
    terminal: Terminal,
    req: PathBuf,
    res: PathBuf,
    tasks: Receiver<Task>,
    asked: Vec<Asked>,
    registering: Vec<Registering>,
    /// Answered, or a chart number that was not in its time: should an answer be there all the same, it is removed.
    done: VecDeque<ExchangeName>,
    /// The folders could be used at the last look.
    reached: bool,
    /// The terminal left a request where it was.
    untaken: bool,
    /// Both is well, for others to see.
    well: Arc<AtomicBool>,
    swept: Option<Instant>,
}

impl Watch {
    pub(super) fn new(terminal: Terminal, tasks: Receiver<Task>, well: Arc<AtomicBool>) -> Self {
        let (req, res) = (terminal.req(), terminal.res());
        Self {
            terminal,
            req,
            res,
            tasks,
            asked: Vec::new(),
            registering: Vec::new(),
            done: VecDeque::new(),
            reached: true,
            untaken: false,
            well,
            swept: None,
        }
    }

    /// Until nobody can ask any more.
    pub(super) fn run(mut self) {
        loop {
            let waits = !self.registering.is_empty() || self.asked.iter().any(Asked::is_waited_for);
            match self.tasks.recv_timeout(if waits { POLL } else { IDLE }) {
                Ok(task) => self.take(task),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            while let Ok(task) = self.tasks.try_recv() {
                self.take(task);
            }
            self.pass(Instant::now());
        }
    }

    fn take(&mut self, task: Task) {
        match task {
            Task::Ask(put) => self.ask(put),
            // Each waits for its time at most, and the desks of a site tell one after each visit.
            Task::Register(registering) => self.registering.push(registering),
        }
    }

    fn ask(&mut self, put: Put) {
        let now = Timestamp::now();
        if let Some(same) = self.asked.iter_mut().find(|one| one.is_asked_again_by(&put, now)) {
            same.adopt(put);
            return;
        }
        if self.asked.len() >= MOST
            && let Some(oldest) = self.asked.iter().position(|one| !one.is_waited_for())
        {
            self.asked.remove(oldest);
        }
        self.asked.push(Asked::new(put, now));
    }

    /// One look after everything.
    fn pass(&mut self, now: Instant) {
        self.asked.iter_mut().filter(|asked| !asked.is_waited_for()).for_each(Asked::leave);
        // A request that never came to be asks nobody.
        self.asked.retain(|asked| asked.put || asked.is_waited_for());
        let there = answers(&self.res);
        self.heed(there.as_ref().err());
        let listed = there.is_ok();
        let mut there = there.unwrap_or_default();
        let mut at = 0;
        while at < self.asked.len() {
            let asked = &mut self.asked[at];
            asked.worked |= listed && asked.put;
            if asked.is_waited_for() && self.step(at, &there, now) {
                let over = self.asked.remove(at);
                self.over(over.name, &mut there);
            } else {
                at += 1;
            }
        }
        self.register(&mut there, now);
        self.tidy(&there, now);
    }

    /// Its answer was taken in this look: `tidy` is about those that come again.
    fn over(&mut self, name: ExchangeName, there: &mut HashSet<ExchangeName>) {
        name.answer().map(|name| there.remove(&name));
        self.done.push_back(name);
        if self.done.len() > MOST {
            self.done.pop_front();
        }
    }

    fn register(&mut self, there: &mut HashSet<ExchangeName>, now: Instant) {
        let mut at = 0;
        while at < self.registering.len() {
            match self.registering[at].step(&self.terminal, there, now) {
                Ok(true) => {
                    let over = self.registering.remove(at);
                    self.over(over.name, there);
                    continue;
                }
                Ok(false) => {}
                Err(error) => self.heed(Some(&error)),
            }
            at += 1;
        }
    }

    /// `true`: this question is over.
    fn step(&mut self, at: usize, there: &HashSet<ExchangeName>, now: Instant) -> bool {
        let asked = &mut self.asked[at];
        if !asked.put {
            match put(&self.terminal, &self.req, asked) {
                Ok(put) => (asked.put, asked.worked) = (put, put),
                Err(error) => self.heed(Some(&error)),
            }
        }
        let asked = &mut self.asked[at];
        if asked.put && self.read(at, there, now) {
            return true;
        }
        let asked = &mut self.asked[at];
        if now >= asked.until {
            self.late(at);
        }
        false
    }

    /// The time of this question is over. Whoever waits hears of it when all else is known.
    fn late(&mut self, at: usize) {
        let asked = &self.asked[at];
        let (name, put) = (&asked.name, asked.put);
        if put && std::fs::symlink_metadata(self.req.join(name.to_string())).is_ok() {
            tracing::error!(%name, "the terminal does not take requests: is its program running?");
            self.untaken = true;
            self.show();
        } else {
            tracing::warn!(%name, put, "the terminal has not answered in time");
        }
        self.asked[at].tell_late();
    }

    /// `true`: the answer was taken, and this question is over.
    fn read(&mut self, at: usize, there: &HashSet<ExchangeName>, now: Instant) -> bool {
        let asked = &mut self.asked[at];
        let Some(name) = asked.name.answer().filter(|name| there.contains(name)) else {
            return false;
        };
        let bytes = match oqs::read(&self.res, &name) {
            Ok(Some(bytes)) if asked.reading.is_settled(&bytes, now) => bytes,
            Ok(_) => return false,
            Err(error) => {
                self.heed(Some(&error));
                return false;
            }
        };
        match judge(&bytes, asked.name.own(), &asked.what.numbers) {
            Judged::Waits => false,
            Judged::Unreadable(error) => {
                if !std::mem::replace(&mut asked.unreadable, true) {
                    tracing::error!(%name, error, "the terminal's answer cannot be read");
                }
                false
            }
            Judged::Says(reply) => {
                (asked.unreadable, self.untaken) = (false, false);
                // First told, then removed: an answer that reached nobody stays for when the same is asked again.
                let told = asked.tell(reply);
                if told && let Err(error) = oqs::remove(&self.res, &name) {
                    tracing::warn!(%name, %error, "an answer that was taken stays for now");
                }
                self.show();
                told
            }
        }
    }

    /// Whether the folders can be used, told when it changes.
    fn heed(&mut self, error: Option<&FolderError>) {
        let before = std::mem::replace(&mut self.reached, error.is_none());
        self.show();
        match error {
            Some(error) if before => {
                tracing::error!(%error, folder = %self.terminal.folder.display(), "the terminal's folders cannot be used");
            }
            None if !before => tracing::info!("the terminal's folders can be used again"),
            _ => {}
        }
    }

    fn show(&self) {
        self.well.store(self.reached && !self.untaken, Relaxed);
    }

    /// An answer that comes a second time is removed, and so is everything of ours that nobody waits for any more.
    fn tidy(&mut self, there: &HashSet<ExchangeName>, now: Instant) {
        let again = self.done.iter().filter_map(ExchangeName::answer);
        for name in again.filter(|name| there.contains(name)) {
            if oqs::remove(&self.res, &name).is_ok() {
                tracing::warn!(%name, "an answer that nobody waits for any more was removed");
            }
        }
        if self.swept.is_some_and(|at| now.duration_since(at) < SWEEP) {
            return;
        }
        self.swept = Some(now);
        let wall = Timestamp::now();
        self.asked.retain(|asked| asked.is_waited_for() || !names::is_over(&asked.name, wall));
        for folder in [&self.req, &self.res] {
            if let Err(error) = sweep(folder, wall) {
                tracing::debug!(%error, "the terminal's folder was not tidied");
            }
        }
    }
}

/// Writes the request. `false`: another file has its name, so it gets another one.
fn put(terminal: &Terminal, req: &Path, asked: &mut Asked) -> Result<bool, FolderError> {
    let now = Timestamp::now();
    let identifier = asked.name.own();
    let written = terminal.request(identifier, &asked.what.numbers, asked.what.limit, now);
    let Ok(xml) = written.inspect_err(|error| {
        // It names the element, and no value.
        tracing::error!(%error, "the numbers do not fit a request");
    }) else {
        asked.tell(checkin::Reply::Queried(Err(checkin::gateway::GatewayTrouble::Refused)));
        return Ok(false);
    };
    match oqs::put(req, &asked.name, &xml.bytes) {
        Ok(()) => Ok(true),
        Err(FolderError::NameTaken) => {
            asked.name = names::new(Kind::Request, now);
            Ok(false)
        }
        Err(error) => Err(error),
    }
}

/// The answers that lie in the folder.
fn answers(res: &Path) -> Result<HashSet<ExchangeName>, FolderError> {
    let mut found = HashSet::new();
    for entry in std::fs::read_dir(res)? {
        let name = entry?.file_name();
        found.extend(name.to_str().and_then(|name| name.parse::<ExchangeName>().ok()));
    }
    Ok(found)
}

fn sweep(folder: &Path, now: Timestamp) -> Result<(), FolderError> {
    for entry in std::fs::read_dir(folder)? {
        let name = entry?.file_name();
        let name = name.to_str().unwrap_or_default();
        let (whole, part) = match name.strip_suffix(".part") {
            Some(whole) => (whole, true),
            None => (name, false),
        };
        let Ok(name) = whole.parse::<ExchangeName>() else { continue };
        if names::is_over(&name, now) {
            tracing::info!(%name, "a file of ours that nobody waits for was removed");
            if part { oqs::unstage(folder, &name)? } else { oqs::remove(folder, &name)? }
        }
    }
    Ok(())
}
