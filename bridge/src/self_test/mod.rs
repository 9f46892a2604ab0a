//! The self-test: whether everything that checking in needs is well, told before the first person comes. The looks are those of
//! `doctor` (`checks`), each on a thread of its own with a deadline; what nothing here can see is told as not tested.

mod plan;

use crate::checks::Finding;
use crate::config::Config;
use crate::kiosk::Kiosks;
use crate::reader::Kind;
use crate::site::Site;
use crate::store::{Actor, Batch, Deed, Op};
use checkin::Millis;
use futures_util::future::join_all;
use jiff::Timestamp;
use plan::{Look, Planned};
use protocol::self_test::Check;
use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{oneshot, watch};

/// What was found of one thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Of what.
    pub check: Check,
    /// The kiosk's name for staff, where there are several.
    pub kiosk: Option<String>,
    /// How it is.
    pub finding: Finding,
}

/// What one test found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// When.
    pub at: Timestamp,
    /// In the order of the plan.
    pub findings: Vec<Found>,
}

impl Report {
    /// What somebody has to mend.
    pub fn faults(&self) -> impl Iterator<Item = &Found> {
        self.findings.iter().filter(|found| matches!(found.finding, Finding::Wrong(_)))
    }
}

/// See the module.
pub struct SelfTest {
    config: Config,
    site: Arc<Site>,
    kiosks: Kiosks,
    started: Millis,
    patients: Half,
    practice: Half,
    /// Told after each test.
    tested: watch::Sender<()>,
}

/// Of one kind of reader.
#[derive(Default)]
struct Half {
    /// One test at a time.
    turn: tokio::sync::Mutex<()>,
    /// Tests that were begun.
    begun: AtomicU64,
    last: Mutex<Option<Report>>,
    /// Looks that have not come back, so that a stuck one is not begun again and again.
    under_way: Arc<Mutex<HashSet<Check>>>,
}

impl SelfTest {
    /// Nothing is tested yet.
    pub fn new(config: Config, site: Arc<Site>, kiosks: Kiosks) -> Self {
        let started = site.clock.now().monotonic;
        let (patients, practice) = (Half::default(), Half::default());
        let tested = watch::Sender::new(());
        Self { config, site, kiosks, started, patients, practice, tested }
    }

    /// Tells whenever a test was made.
    pub fn tested(&self) -> watch::Receiver<()> {
        self.tested.subscribe()
    }

    fn of(&self, kind: Kind) -> &Half {
        match kind {
            Kind::Pcsc => &self.patients,
            Kind::Practice => &self.practice,
        }
    }

    /// What was found last, since the start.
    pub fn last(&self, kind: Kind) -> Option<Report> {
        locked(&self.of(kind).last).clone()
    }

    /// Tests everything now, for kiosks with this kind of reader, and tells the audit. Who asks while another test is under way gets
    /// what the next one finds, together with all who do.
    pub async fn run(&self, kind: Kind, by: Option<Actor>) -> Option<Report> {
        let half = self.of(kind);
        let asked = half.begun.load(SeqCst);
        let _turn = half.turn.lock().await;
        if half.begun.load(SeqCst) != asked {
            return self.last(kind);
        }
        half.begun.fetch_add(1, SeqCst);
        let now = self.site.clock.now();
        let plan = plan::plan(self, kind, now);
        let found = join_all(
            plan.into_iter().map(|planned| half.carry_out(planned, self.config.limits.look)),
        )
        .await;
        let report = Report { at: now.wall, findings: found.into_iter().flatten().collect() };
        self.audit(kind, &report, by);
        *locked(&half.last) = Some(report.clone());
        self.tested.send_replace(());
        Some(report)
    }

    fn audit(&self, kind: Kind, report: &Report, by: Option<Actor>) {
        let faults = report.faults().map(|found| found.check).collect();
        let op = Op::Deed { at: report.at, deed: Deed::SelfTested { faults }, by };
        let ledger = self.site.ledgers.of(kind);
        ledger.writer.send(|| Batch { ops: vec![op], ..Batch::default() });
    }
}

impl Half {
    async fn carry_out(&self, planned: Planned, deadline: Duration) -> Vec<Found> {
        let Planned { check, look } = planned;
        let findings = match look {
            Look::Known(findings) => findings,
            Look::Slow { look, late } => {
                let found = self.within(check, deadline, look).await;
                found.unwrap_or_else(|| vec![(None, late)])
            }
        };
        let found = |(kiosk, finding)| Found { check, kiosk, finding };
        findings.into_iter().map(found).collect()
    }

    /// `None`: it did not come back in time, now or when it was tried before.
    async fn within<T: Send + 'static>(
        &self,
        check: Check,
        deadline: Duration,
        look: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        if !locked(&self.under_way).insert(check) {
            return None;
        }
        let (tell, told) = oneshot::channel();
        let under_way = Arc::clone(&self.under_way);
        let job = move || {
            let found = catch_unwind(AssertUnwindSafe(look));
            locked(&under_way).remove(&check);
            if let Ok(found) = found {
                // Nobody waits any more.
                let _ = tell.send(found);
            }
        };
        if std::thread::Builder::new().name("self-test".into()).spawn(job).is_err() {
            locked(&self.under_way).remove(&check);
            return None;
        }
        tokio::time::timeout(deadline, told).await.ok()?.ok()
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;

    /// Longer than anything takes here.
    const PATIENCE: Duration = Duration::from_mins(1);

    #[tokio::test]
    async fn a_look_that_is_stuck_is_given_up_and_not_begun_again_until_it_has_come_back() {
        let half = Half::default();
        let (go, gone) = channel::<()>();
        let (done, ended) = channel::<()>();
        let stuck = move || {
            // Until the test lets it go on.
            let _ = gone.recv();
            drop(done);
        };
        let none = Duration::ZERO;
        assert_eq!(half.within(Check::Results, none, stuck).await, None);
        assert_eq!(half.within(Check::Results, PATIENCE, || ()).await, None, "still stuck");
        assert_eq!(half.within(Check::Store, PATIENCE, || 7).await, Some(7), "others go on");
        drop(go);
        // It has ended when nothing holds its end any more.
        assert!(ended.recv().is_err());
        while locked(&half.under_way).contains(&Check::Results) {
            std::thread::yield_now();
        }
        assert_eq!(half.within(Check::Results, PATIENCE, || 8).await, Some(8));
    }

    #[tokio::test]
    async fn a_look_that_panics_has_found_nothing_and_may_be_tried_again() {
        let half = Half::default();
        let panics = || -> u8 { panic!("as asked") };
        assert_eq!(half.within(Check::Disk, PATIENCE, panics).await, None);
        assert_eq!(half.within(Check::Disk, PATIENCE, || 1).await, Some(1));
    }
}
