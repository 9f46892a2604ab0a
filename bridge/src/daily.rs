//! What is done by the clock: the self-test before opening, and the daily restart that the ministry advises.
//! What is due, `settings/hours.rs` decides; here it is looked and done.

use crate::kiosk::Kiosks;
use crate::reader::Kind;
use crate::self_test::SelfTest;
use crate::site::Site;
use checkin::Millis;
use protocol::Screen;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// See the module.
pub(crate) struct Daily {
    site: Arc<Site>,
    kiosks: Kiosks,
    self_test: Arc<SelfTest>,
    /// How often it is looked.
    every: Duration,
    started: Millis,
}

impl Daily {
    /// From now on.
    pub(crate) fn new(
        site: Arc<Site>,
        kiosks: Kiosks,
        self_test: Arc<SelfTest>,
        every: Duration,
    ) -> Self {
        let started = site.clock.now().monotonic;
        Self { site, kiosks, self_test, every, started }
    }

    /// Never returns: somebody has to stop the bridge after `restart` was told.
    pub(crate) async fn run(self, restart: watch::Sender<bool>) {
        loop {
            tokio::time::sleep(self.every).await;
            self.site.clock.look();
            for kind in [Kind::Pcsc, Kind::Practice] {
                self.test(kind).await;
            }
            if self.restart_is_due() {
                tracing::info!("the daily restart: the program ends, and is started again");
                restart.send_replace(true);
                return std::future::pending().await;
            }
        }
    }

    async fn test(&self, kind: Kind) {
        if !self.kiosks.any_at(kind) {
            return;
        }
        let last = self.self_test.last(kind).map(|report| report.at);
        let now = self.site.clock.now().wall;
        if self.site.settings.now().hours.test_is_due(now, last) {
            self.self_test.run(kind, None).await;
        }
    }

    fn restart_is_due(&self) -> bool {
        let (now, values) = (self.site.clock.now(), self.site.settings.now());
        let ran = i64::try_from(now.monotonic.since(self.started) / 60_000).unwrap_or(i64::MAX);
        values.supervised && values.hours.restart_is_due(now.wall, ran) && self.is_free()
    }

    /// Nobody is at a kiosk, and nobody's answer is waited for, which a restart would lose.
    fn is_free(&self) -> bool {
        let rests = |screen: &Screen| matches!(screen, Screen::Idle | Screen::OutOfService { .. });
        let mut kiosks = self.kiosks.iter();
        let waits = |kind| self.site.ledgers.of(kind).board.is_waiting();
        kiosks.all(|kiosk| rests(&kiosk.desk.views.borrow().screen))
            && ![Kind::Pcsc, Kind::Practice].into_iter().any(waits)
    }
}
