//! A bridge in a folder of its own.

use bridge::Bridge;
use bridge::clock::Clock;
use bridge::config::{Config, Options};
use bridge::gateway::{EligibilityGateway, Simulator};
use bridge::reader::practice::Tray;
use checkin::{Millis, Now};
use jiff::{SignedDuration, Timestamp};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Model hash in the `prepared.json` of these tests.
pub(crate) const MODEL_HASH: &str =
    "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

pub(crate) struct Site {
    pub(crate) bridge: Bridge,
    pub(crate) folder: TempDir,
}

/// Starts in a fresh folder.
pub(crate) async fn site() -> Site {
    site_in(tempfile::tempdir().unwrap(), |_| {}).await
}

/// Starts in `folder`, which may hold the store of an earlier start.
pub(crate) async fn site_in(folder: TempDir, change: impl FnOnce(&mut Options)) -> Site {
    let bridge = bridge::start(options_in(folder.path(), change)).await.unwrap();
    Site { bridge, folder }
}

/// Starts in `folder` with another eligibility system.
pub(crate) async fn site_with(folder: TempDir, gateway: Arc<dyn EligibilityGateway>) -> Site {
    let bridge = bridge::start_with(options_in(folder.path(), |_| {}), gateway).await.unwrap();
    Site { bridge, folder }
}

/// Starts in a fresh folder, going by a clock that the test sets.
pub(crate) async fn site_at(
    change: impl FnOnce(&mut Options),
    limits: impl FnOnce(&mut Config),
) -> (Site, Arc<SetClock>) {
    let folder = tempfile::tempdir().unwrap();
    let mut config = options_in(folder.path(), change);
    limits(&mut config);
    let clock = Arc::new(SetClock::default());
    let gateway = Arc::new(Simulator::practice());
    let bridge = bridge::start_at(config, gateway, Arc::clone(&clock) as _).await.unwrap();
    (Site { bridge, folder }, clock)
}

/// The clocks of this computer, moved by hand.
#[derive(Default)]
pub(crate) struct SetClock {
    began: OnceLock<Instant>,
    passed: AtomicU64,
    /// Not looked for yet.
    slept: AtomicU64,
    wall_minutes: AtomicI64,
}

impl SetClock {
    /// So much time passes at once, for both clocks.
    pub(crate) fn pass(&self, time: Duration) {
        self.passed.fetch_add(u64::try_from(time.as_millis()).unwrap(), SeqCst);
    }

    /// The computer sleeps for so long; both clocks tell it once somebody has looked.
    pub(crate) fn sleep(&self, time: Duration) {
        self.slept.fetch_add(u64::try_from(time.as_millis()).unwrap(), SeqCst);
    }

    /// The wall clock is wrong by so much, from now on.
    pub(crate) fn set_wrong_by(&self, minutes: i64) {
        self.wall_minutes.store(minutes, SeqCst);
    }
}

impl Clock for SetClock {
    fn now(&self) -> Now {
        let passed = Duration::from_millis(self.passed.load(SeqCst));
        let awake = self.began.get_or_init(Instant::now).elapsed() + passed;
        let wrong = SignedDuration::from_mins(self.wall_minutes.load(SeqCst));
        let monotonic = Millis(u64::try_from(awake.as_millis()).unwrap());
        Now { monotonic, wall: Timestamp::now() + passed + wrong }
    }

    fn look(&self) {
        self.passed.fetch_add(self.slept.swap(0, SeqCst), SeqCst);
    }
}

/// The configuration of a practice kiosk in `folder`.
pub(crate) fn options_in(folder: &Path, change: impl FnOnce(&mut Options)) -> Config {
    let (models, dist) = lay_out(folder);
    let mut options = Options {
        port: Some(0),
        dist: Some(dist),
        data: Some(folder.join("data")),
        reader: Some("practice".into()),
        models: Some(models),
        ..Options::default()
    };
    change(&mut options);
    Config::from_options(options).unwrap()
}

/// Makes the folders that every bridge needs, and gives those of models and pages.
pub(crate) fn lay_out(folder: &Path) -> (PathBuf, PathBuf) {
    let models = folder.join("models");
    std::fs::create_dir_all(&models).unwrap();
    let prepared = format!(
        r#"{{"model_hash":"{MODEL_HASH}","threshold":0.4,"min_liveness":0.05,"files":{{}}}}"#
    );
    std::fs::write(models.join("prepared.json"), prepared).unwrap();
    let dist = folder.join("dist");
    std::fs::create_dir_all(&dist).unwrap();
    std::fs::write(
        dist.join("index.html"),
        "<meta name=\"uketsuke-token\" content=\"__UKETSUKE_TOKEN__\"><meta name=\"uketsuke-kiosk\" content=\"__UKETSUKE_KIOSK__\">",
    )
    .unwrap();
    std::fs::write(dist.join("kiosk_web.js"), "// script").unwrap();
    (models, dist)
}

impl Site {
    /// Of the first kiosk.
    pub(crate) fn tray(&self) -> &Tray {
        self.bridge.kiosks.first().tray.as_ref().unwrap()
    }

    pub(crate) fn place(&self, card: &str) {
        self.tray().place(card).unwrap();
    }

    pub(crate) fn remove(&self) {
        self.tray().remove();
    }

    /// Where visits of the practice tray go.
    pub(crate) fn results(&self) -> PathBuf {
        self.folder.path().join("data/practice/face")
    }

    /// Where visits at a reader go.
    pub(crate) fn results_of_the_reader(&self) -> PathBuf {
        self.folder.path().join("data/face")
    }

    /// Stops the bridge, keeps the folder.
    pub(crate) async fn stop(self) -> TempDir {
        self.bridge.stop().await;
        self.folder
    }
}

/// The only result file in a folder, read back.
pub(crate) fn only_result(folder: &Path) -> oqs::Message {
    let files: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 1, "{files:?}");
    oqs::parse(&std::fs::read(&files[0]).unwrap()).unwrap()
}
