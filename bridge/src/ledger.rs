//! What is kept: the store with its one writer, the staff board, and the results on their way.

use crate::board::{Board, Others};
use crate::config::Config;
use crate::delivery::Delivery;
use crate::patients::{Clue, Patients};
use crate::reader::Kind;
use crate::store::retention::Pace;
use crate::store::{Op, Sqlite, Store, StoreError, Target, Upstream, Writer};
use checkin::consent::Topic;
use checkin::secret::Serial;
use checkin::{VisitId, VisitIds};
use jiff::{SignedDuration, Timestamp};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Names of the day before are wiped so long after midnight at most.
const TICK: Duration = Duration::from_secs(30);
/// Numbers of visits that the store has given and nobody uses yet: more than begin in two ticks.
const AHEAD: u32 = 512;

/// One for the patients and one for practice, which are never mixed.
#[derive(Clone)]
pub struct Ledgers {
    patients: Arc<Ledger>,
    practice: Arc<Ledger>,
}

impl Ledgers {
    /// In the data folder; practice has a folder of its own in it, for its results too, whatever the
    /// configuration says. A kiosk that accepts practice cards at its reader has none for patients: its
    /// store is one of practice as well, and the configuration gives it no folder of a receipt computer.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open(config: &Config) -> Result<Self, StoreError> {
        let [_, practice] = Self::folders(&config.data);
        let rehearses = config.accept_practice_cards;
        let (results, upstream) = (&config.result_folder, config.upstream.as_ref());
        let patients = Ledger::open(config, &config.data, results, rehearses, upstream)?;
        let practice = Ledger::open(config, &practice, &practice.join("face"), true, None)?;
        Ok(Self { patients: Arc::new(patients), practice: Arc::new(practice) })
    }

    /// Where they are kept in a data folder: that of the patients, that of practice.
    pub fn folders(data: &Path) -> [PathBuf; 2] {
        [data.to_owned(), data.join("practice")]
    }

    /// The one for this kind of reader.
    pub fn of(&self, kind: Kind) -> &Arc<Ledger> {
        match kind {
            Kind::Pcsc => &self.patients,
            Kind::Practice => &self.practice,
        }
    }

    /// See [`Ledger::run`].
    pub async fn run(self) {
        tokio::select! {
            () = self.patients.run() => {}
            () = self.practice.run() => {}
        }
    }

    /// See [`Ledger::finish`].
    pub async fn finish(&self) {
        tokio::join!(self.patients.finish(), self.practice.finish());
    }
}

/// See the module.
pub struct Ledger {
    /// Visits, audit, outbox, rows.
    pub store: Arc<dyn Store>,
    /// The one way into it.
    pub writer: Arc<Writer>,
    /// Brings it to the site's database, where there is one.
    pub upstream: Option<Upstream>,
    /// What the staff see.
    pub board: Arc<Board>,
    /// What other bridges of the site have on their boards.
    pub others: Arc<Others>,
    /// Result files.
    pub delivery: Arc<Delivery>,
    /// The clinic's patient list.
    pub patients: Arc<Patients>,
    /// The numbers of visits, for all kiosks.
    pub visits: VisitIds,
    /// Records are kept for so long.
    records_years: u8,
    /// The store gave numbers up to before this one.
    given: AtomicU64,
    /// The time of the newest record of any kiosk; `None` before the first.
    newest: Mutex<Option<Timestamp>>,
    opened: Instant,
    /// How fast records are deleted whose time is over by the computer's clock.
    pace: Mutex<Pace>,
}

impl Ledger {
    /// Opens the store in `data` and starts its threads.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open(
        config: &Config,
        data: &Path,
        results: &Path,
        practice: bool,
        upstream: Option<&Target>,
    ) -> Result<Self, StoreError> {
        let sqlite = Arc::new(Sqlite::open(data, practice)?);
        let others = Arc::new(Others::default());
        let upstream = upstream.map(|target| {
            let heard = Arc::clone(&others);
            Upstream::start(Arc::clone(&sqlite), target.clone(), move |news| heard.hear(news))
        });
        let upstream = upstream.transpose()?;
        if upstream.is_none() {
            sqlite.follow_nobody()?;
        }
        let store: Arc<dyn Store> = sqlite;
        let writer = Arc::new(Writer::start(Arc::clone(&store)));
        let board = Board::open(Arc::clone(&store), Arc::clone(&writer), config.kiosks.len())?;
        let board = Arc::new(board);
        let delivery = Delivery::start(
            config,
            practice,
            results.to_owned(),
            Arc::clone(&store),
            Arc::clone(&board),
        );
        let patients = Arc::new(Patients::open(config.patient_list(data)));
        let first = store.next_visits(AHEAD)?;
        let (visits, given) =
            (VisitIds::starting_at(first), AtomicU64::new(first.0 + u64::from(AHEAD)));
        let newest = store.newest()?;
        let pace = Mutex::new(Pace::new(newest.unwrap_or_else(Timestamp::now)));
        let (newest, opened) = (Mutex::new(newest), Instant::now());
        let records_years = config.records_years;
        Ok(Self {
            store,
            writer,
            upstream,
            board,
            others,
            delivery,
            patients,
            visits,
            records_years,
            given,
            newest,
            opened,
            pace,
        })
    }

    /// Has the store give further numbers of visits before they are needed, because a visit begins at once and a disk may take
    /// its time. Nobody else takes any from the store, so they go on where the others end. Blocks.
    ///
    /// # Errors
    /// [`StoreError`].
    fn give_ahead(&self) -> Result<(), StoreError> {
        let left = self.given.load(SeqCst).saturating_sub(self.visits.coming().0);
        if left < u64::from(AHEAD / 2) {
            let first = self.store.next_visits(AHEAD)?;
            self.given.store(first.0 + u64::from(AHEAD), SeqCst);
        }
        Ok(())
    }

    /// The time by which the clock is judged: that of the newest record.
    pub fn newest(&self) -> Option<Timestamp> {
        *self.newest.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A record of this time goes to the writer. A visit may go on while the clock is set back.
    pub fn recorded(&self, at: Timestamp) {
        let mut newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        *newest = (*newest).max(Some(at));
    }

    /// Looks in the patient list who that is, and has the board say it. Its row is to be kept afterwards.
    pub fn recognise(&self, visit: VisitId, clue: &Clue<'_>) {
        if let Some(listed) = self.patients.listed(clue) {
            self.board.recognised(visit, listed);
        }
    }

    /// The owner of this card took a consent back. The files of today's visits say so: in place of what
    /// waits, and behind what has appeared. To be called on the runtime.
    pub fn withdraw(&self, serial: &Serial, topic: Topic, at: Timestamp) {
        for (visit, handover) in self.board.withdraw(serial, topic, at) {
            match handover {
                Some(handover) => {
                    let kept = self.delivery.tell_again(visit, &handover, at);
                    let delivery = Arc::clone(&self.delivery);
                    tokio::spawn(async move {
                        // Should the program end before, the next start looks.
                        let _ = kept.await;
                        delivery.poke();
                    });
                }
                None => self.board.save(visit),
            }
        }
    }

    /// Keeps numbers of visits ahead and wipes what has had its day, until a thread ends by itself, which is a bug.
    pub async fn run(self: &Arc<Self>) {
        let look_after = async {
            loop {
                tokio::time::sleep(TICK).await;
                let ledger = Arc::clone(self);
                let done = tokio::task::spawn_blocking(move || {
                    let ran = SignedDuration::try_from(ledger.opened.elapsed());
                    ledger.look_after(Timestamp::now(), ran.unwrap_or(SignedDuration::ZERO))
                });
                if let Ok(Err(error)) = done.await {
                    tracing::warn!(%error, "what has had its time was not wiped");
                }
            }
        };
        tokio::select! {
            () = look_after => {}
            () = self.patients.watch() => {}
            () = self.writer.ended() => tracing::error!("the thread of the store ended"),
            () = self.delivery.ended() => tracing::error!("the thread of the result files ended"),
        }
    }

    /// `ran`: for how long the store has been open, whatever the clock says.
    fn look_after(&self, now: Timestamp, ran: SignedDuration) -> Result<(), StoreError> {
        self.give_ahead()?;
        self.others.forget(now);
        self.board.forget(now)?;
        let oldest = self.store.oldest(now)?;
        let before = {
            let mut pace = self.pace.lock().unwrap_or_else(PoisonError::into_inner);
            pace.cut(now, ran, self.records_years, oldest)
        };
        // Cheap on the days' later looks: the oldest line tells that there is nothing more.
        if let Some(before) = before.filter(|before| oldest.is_some_and(|oldest| oldest < *before))
        {
            self.store.commit(&[Op::Forget { before, at: now }])?;
        }
        self.store.tidy()
    }

    /// Ends the threads when everything is kept, for a while.
    pub async fn finish(&self) {
        self.delivery.finish().await;
        self.writer.finish().await;
        if let Some(upstream) = &self.upstream {
            upstream.finish().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Options;

    #[test]
    fn numbers_of_visits_go_on_where_they_end_and_never_come_again() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let options = Options { data: Some(data.clone()), ..Options::default() };
        let config = Config::from_options(options).unwrap();
        let open = || Ledger::open(&config, &data, &data.join("face"), true, None).unwrap();
        let ledger = open();
        let first = ledger.visits.coming();
        ledger.give_ahead().unwrap();
        assert_eq!(ledger.given.load(SeqCst), first.0 + u64::from(AHEAD), "there are enough");
        let used = first.0 + u64::from(AHEAD / 2) + 1;
        let ledger = Ledger { visits: VisitIds::starting_at(VisitId(used)), ..ledger };
        ledger.give_ahead().unwrap();
        assert_eq!(ledger.given.load(SeqCst), first.0 + 2 * u64::from(AHEAD), "without a gap");
        // As after a kill: nothing was recorded.
        drop(ledger);
        assert_eq!(open().visits.coming().0, first.0 + 2 * u64::from(AHEAD));
    }

    #[test]
    fn a_clock_that_is_ahead_does_not_delete_the_audit_not_even_over_a_start() {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let options = Options { data: Some(data.clone()), ..Options::default() };
        let config = Config::from_options(options).unwrap();
        let first: Timestamp = "2026-11-02T09:00:00+09:00".parse().unwrap();
        let hours = SignedDuration::from_hours;
        let started = |store: &dyn Store, visit, at| {
            store.append(VisitId(visit), at, &checkin::Record::Started).unwrap();
        };
        let store = Sqlite::open(&data, true).unwrap();
        for day in 0..20_i32 {
            started(&store, u64::from(day.unsigned_abs()) + 1, first + hours(24) * day);
        }
        drop(store);
        let open = || Ledger::open(&config, &data, &data.join("face"), true, None).unwrap();
        let wrong = first + hours(24 * 366 * 9);
        let ledger = open();
        for hour in 0..48_i32 {
            ledger.look_after(wrong + hours(1) * hour, hours(1) * hour).unwrap();
        }
        assert_eq!(ledger.store.check_chain().unwrap(), 20);
        // Somebody checks in, and the program begins anew.
        started(&*ledger.store, 99, wrong);
        drop(ledger);
        let ledger = open();
        for hour in 0..24_i32 {
            ledger.look_after(wrong + hours(1) * hour, hours(1) * hour).unwrap();
        }
        let left = ledger.store.lines_of("2026-11-09".parse().unwrap()).unwrap();
        assert_eq!(left.len(), 1, "no more than a week of records in a day");
        assert!(ledger.store.lines_of("2026-11-02".parse().unwrap()).unwrap().is_empty());
    }
}
