//! The hand that works the card: carries out jobs one after another, and is given up and replaced
//! when a reader goes mute in the middle of a command.
//!
//! A command to a mute reader cannot be cancelled, only abandoned. So jobs are carried out by a
//! worker, and a watchdog looks at how long its present command takes.

use super::jobs::Job;
use super::slot::{Connection, NoCard, Slot};
use super::try_spawn;
use card::{Anchors, Done, Session, Verb, perform, prefetch};
use checkin::Answer;
use checkin::card::CardProblem;
use myna_card::{Error, Transmit};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How often the watchdog looks.
const LOOK: Duration = Duration::from_millis(50);
/// Workers that may be stuck at the same time. Each holds a thread until its reader lets go; with
/// more than this the reader is beyond what a program can do.
const MAX_STUCK: usize = 8;

/// What a worker is told that was given up.
const GIVEN_UP: &str = "another worker has the card";

/// Since when the present command (or connecting) waits; `None` while nothing waits for the card.
type Waiting = Arc<Mutex<Option<Instant>>>;

/// One call to the card at a time, also between a worker and one that was given up and has come back: the PC/SC library
/// keeps its connections in lists that one call may change while another walks through them, and then the program ends.
#[derive(Clone, Default)]
struct Turn(Arc<(Mutex<Calls>, Condvar)>);

#[derive(Default)]
struct Calls {
    last: u64,
    present: Option<u64>,
}

impl Turn {
    fn call<T>(&self, call: impl FnOnce() -> T) -> T {
        let (calls, over) = &*self.0;
        let free = over.wait_while(lock(calls), |calls| calls.present.is_some());
        let mut now = free.unwrap_or_else(PoisonError::into_inner);
        now.last += 1;
        let mine = Some(now.last);
        now.present = mine;
        drop(now);
        let result = call();
        let mut now = lock(calls);
        if now.present == mine {
            now.present = None;
            over.notify_one();
        }
        result
    }

    /// The present call may never come back: nobody waits for it any more.
    fn abandon(&self) {
        let (calls, over) = &*self.0;
        lock(calls).present = None;
        over.notify_one();
    }
}

/// What the card that lies there has told; outlives a worker that is given up.
type Known = Arc<Mutex<Session>>;

/// What a worker reports.
enum Report {
    /// The answer; the worker may still read ahead.
    Done(Done),
    /// Ready for the next job.
    Free,
}

/// Until the queue closes.
pub(super) fn run(name: &str, jobs: &Receiver<Job>, slot: &Arc<dyn Slot>, anchors: &Arc<Anchors>) {
    let (known, turn) = (Known::default(), Turn::default());
    let start = |stopped| Worker::start(name, slot, anchors, &known, &turn, stopped);
    let mut worker = start(false);
    let mut stuck: Vec<Worker> = Vec::new();
    for job in jobs {
        stuck.retain(|worker| !worker.ended());
        let failed = job.verb.failed();
        // Perhaps it still reads ahead, or takes leave of the last card.
        let free = worker.until_free(&**slot);
        let done = if free { worker.carry_out(job.verb, &**slot) } else { None };
        if done.is_none() {
            tracing::warn!("the reader is mute: it is given up and tried afresh");
            worker.give_up(&known);
            turn.abandon();
            if stuck.len() < MAX_STUCK {
                stuck.push(std::mem::replace(&mut worker, start(true)));
            } else {
                tracing::error!("the reader stays mute: unplug it and plug it in again");
            }
        }
        // The desk may have stopped waiting; that is its decision.
        let _ = job.answer.send(done.unwrap_or(failed));
    }
}

struct Worker {
    jobs: SyncSender<Verb>,
    reports: Receiver<Report>,
    waiting: Waiting,
    given_up: Arc<AtomicBool>,
    free: bool,
}

impl Worker {
    fn start(
        name: &str,
        slot: &Arc<dyn Slot>,
        anchors: &Arc<Anchors>,
        known: &Known,
        turn: &Turn,
        stopped: bool,
    ) -> Self {
        let (jobs, orders) = sync_channel(1);
        // Enough for everything that one job reports: a worker never waits for its watchdog.
        let (report, reports) = sync_channel(2);
        let mut hand = Hand {
            slot: Arc::clone(slot),
            anchors: Arc::clone(anchors),
            known: Arc::clone(known),
            turn: turn.clone(),
            stopped,
            waiting: Waiting::default(),
            given_up: Arc::default(),
            report,
        };
        let (waiting, given_up) = (Arc::clone(&hand.waiting), Arc::clone(&hand.given_up));
        if let Err(error) = try_spawn(name, move || hand.work(&orders)) {
            // Its queue is closed, so that the next job fails and tries again.
            tracing::error!(%error, "there is no thread for the card");
        }
        Self { jobs, reports, waiting, given_up, free: true }
    }

    /// From now on nothing that it learns counts.
    fn give_up(&self, known: &Known) {
        let _known = lock(known);
        self.given_up.store(true, Ordering::Relaxed);
    }

    /// `None` when the reader went mute.
    fn carry_out(&mut self, verb: Verb, slot: &dyn Slot) -> Option<Done> {
        self.jobs.try_send(verb).ok()?;
        self.free = false;
        match self.report(slot)? {
            Report::Done(done) => Some(done),
            Report::Free => None,
        }
    }

    fn until_free(&mut self, slot: &dyn Slot) -> bool {
        while !self.free {
            match self.report(slot) {
                Some(Report::Free) => self.free = true,
                Some(Report::Done(_)) => {}
                None => return false,
            }
        }
        true
    }

    /// The next report, unless a command takes longer than the reader may.
    fn report(&self, slot: &dyn Slot) -> Option<Report> {
        loop {
            match self.reports.recv_timeout(LOOK) {
                Ok(report) => return Some(report),
                Err(RecvTimeoutError::Disconnected) => return None,
                Err(RecvTimeoutError::Timeout) => {}
            }
            if lock(&self.waiting).is_some_and(|since| since.elapsed() > slot.patience()) {
                return None;
            }
        }
    }

    /// Whether a worker that was given up has come back; its reports are of no use any more.
    fn ended(&self) -> bool {
        loop {
            match self.reports.try_recv() {
                Ok(Report::Free) => return true,
                Ok(Report::Done(_)) => {}
                Err(error) => return error == std::sync::mpsc::TryRecvError::Disconnected,
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The thread of a worker.
struct Hand {
    slot: Arc<dyn Slot>,
    anchors: Arc<Anchors>,
    known: Known,
    turn: Turn,
    /// What lies there has stopped answering.
    stopped: bool,
    waiting: Waiting,
    given_up: Arc<AtomicBool>,
    report: SyncSender<Report>,
}

impl Hand {
    fn work(&mut self, orders: &Receiver<Verb>) {
        for verb in orders {
            // Practice keys are made on the first job, which the switch sends when practice begins.
            self.anchors.warm_up();
            let mut session = lock(&self.known).clone();
            if !self.attempt(&mut session, &verb, false) {
                self.attempt(&mut session, &verb, true);
            }
            if !self.remember(&session) || self.report.send(Report::Free).is_err() {
                return;
            }
        }
    }

    /// `false` when this worker was given up: what it learned does not count.
    fn remember(&self, session: &Session) -> bool {
        let mut known = lock(&self.known);
        let counts = !self.is_given_up();
        if counts {
            known.clone_from(session);
        }
        counts
    }

    /// Connects, carries out, reports, reads ahead. A card that could not be inspected is not
    /// reported the first time (`false`): nothing was presented to it, so it may be asked again.
    fn attempt(&mut self, session: &mut Session, verb: &Verb, again: bool) -> bool {
        let off_and_on = again || std::mem::take(&mut self.stopped);
        let slot = Arc::clone(&self.slot);
        let connected = self.timed(|| {
            if self.is_given_up() {
                return Err(NoCard::Unreachable(GIVEN_UP));
            }
            slot.connect(off_and_on)
        });
        let mut card = match connected {
            Ok(card) => card,
            Err(problem) => {
                tracing::info!(%problem, "no card");
                let done = match (problem, verb) {
                    (NoCard::Other(kind), Verb::Inspect) => Answer::Inspected(Err(kind)).into(),
                    _ => verb.failed(),
                };
                self.done(done);
                return true;
            }
        };
        let given_up = &self.given_up;
        let mut link =
            Timed { card: &mut *card, turn: &self.turn, waiting: &self.waiting, given_up };
        let done = perform(&mut link, session, &self.anchors, verb);
        if !again && matches!(done.answer, Some(Answer::Inspected(Err(CardProblem::Unreadable)))) {
            self.stopped = self.timed(|| card.end());
            return false;
        }
        let goes_on = matches!(done.answer, Some(Answer::Inspected(Ok(_))));
        // Before the answer: the next job may find this worker stuck in reading ahead.
        self.remember(session);
        self.done(done);
        if goes_on {
            prefetch(&mut link, session);
        }
        self.stopped = self.timed(|| card.end());
        true
    }

    /// One that comes back must not speak to the card between the commands of the worker in its place.
    fn is_given_up(&self) -> bool {
        self.given_up.load(Ordering::Relaxed)
    }

    fn done(&self, done: Done) {
        // Nobody listens to a worker that was given up.
        let _ = self.report.send(Report::Done(done));
    }

    fn timed<T>(&self, work: impl FnOnce() -> T) -> T {
        *lock(&self.waiting) = Some(Instant::now());
        let result = self.turn.call(work);
        *lock(&self.waiting) = None;
        result
    }
}

/// A connection whose commands the watchdog sees.
struct Timed<'a> {
    card: &'a mut (dyn Connection + 'a),
    turn: &'a Turn,
    waiting: &'a Waiting,
    given_up: &'a AtomicBool,
}

impl Transmit for Timed<'_> {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, Error> {
        *lock(self.waiting) = Some(Instant::now());
        // See `Hand::is_given_up`.
        let answer = self.turn.call(|| {
            if self.given_up.load(Ordering::Relaxed) {
                return Err(Error::NoReader);
            }
            self.card.transmit(command)
        });
        *lock(self.waiting) = None;
        answer
    }
}

#[cfg(test)]
mod tests;
