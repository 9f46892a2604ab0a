//! Pages, health, kiosk socket and practice tray, on loopback only.

mod alarms;
mod bucket;
mod entrance;
mod frames;
mod guard;
mod health;
mod kiosk;
mod limits;
mod message;
mod pages;
mod practice;
mod reception;
mod rows;
mod serve;
mod sessions;
mod socket;
mod staff;
mod upgrade;

pub(crate) use entrance::watch;
pub use limits::Limits;
pub(crate) use serve::{Serving, serve};
pub use sessions::Sessions;

use crate::clock::Clock;
use crate::desk::DeskHandle;
use crate::gateway::Gateway;
use crate::ledger::{Ledger, Ledgers};
use crate::passcode::Guards;
use crate::printout::Printout;
use crate::reader::Switch;
use crate::reader::practice::Tray;
use crate::workers::{Undone, Workers};
use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::{Duration, Instant};
use subtle::ConstantTimeEq as _;
use tokio::sync::{Semaphore, mpsc, watch};

/// What the handlers share.
pub struct App {
    /// Port that is listened on.
    pub port: u16,
    /// Folder with the pages.
    pub dist: PathBuf,
    /// For staff.
    pub kiosk_name: String,
    /// For patients.
    pub institution_name: Option<String>,
    /// What the institution is.
    pub institution_kind: Option<protocol::InstitutionKind>,
    /// For staff, when the national system fails.
    pub call_centre: Option<String>,
    /// Label of the camera over the reader.
    pub card_camera: Option<String>,
    /// Label of the camera that looks at the person.
    pub face_camera: Option<String>,
    /// 64 hex digits, new with every start; put into the pages and asked back.
    pub token: String,
    /// Time, the same as that of the visit.
    pub clock: Arc<dyn Clock>,
    /// The visit.
    pub desk: DeskHandle,
    /// The reader in use.
    pub switch: Arc<Switch>,
    /// The practice tray, if there may be one.
    pub tray: Option<Arc<Tray>>,
    /// What is kept, for patients and for practice.
    pub ledgers: Ledgers,
    /// Staff who entered.
    pub sessions: Sessions,
    /// Who checks passcodes.
    pub guards: Guards,
    /// To withdraw consents.
    pub gateway: Arc<Gateway>,
    /// The page to print.
    pub printout: Arc<Printout>,
    /// Calls of the store go here: the disk may take its time, and pages go on being served meanwhile.
    pub disk: Workers,
    /// Whether the face models are prepared.
    pub models_ready: bool,
    /// When the program started.
    pub started: Instant,
    /// Numbers kiosk connections.
    pub next_kiosk: AtomicU64,
    /// Turns `true` when the program stops.
    pub stop: watch::Receiver<bool>,
    /// Each connection holds a clone, so that stopping can wait for all of them.
    pub alive: mpsc::Sender<()>,
    /// How much is taken, and how long it is waited for.
    pub limits: Limits,
    /// Places for kiosk sockets.
    pub sockets: Arc<Semaphore>,
    /// Kiosk pages that were let in and are there.
    pub pages: AtomicU64,
    /// The data folder, for the room that is left on its disk.
    pub data: PathBuf,
}

/// Calls of the store that pages and monitoring may cause at once, and that may wait.
const STORE_CALLS: (usize, usize) = (2, 32);
/// They take at most this long, or are given up.
const STORE_PATIENCE: Duration = Duration::from_secs(8);

impl App {
    /// What is kept at the reader in use.
    fn ledger(&self) -> &Arc<Ledger> {
        self.ledgers.of(self.switch.status().kind)
    }

    /// The threads for [`App::disk`].
    pub fn disk() -> Workers {
        Workers::new("http-store", STORE_CALLS.0, STORE_CALLS.1)
    }

    /// Calls the store away from the threads that serve pages.
    async fn on_disk<T: Send + 'static>(
        &self,
        call: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Undone> {
        self.disk.call(STORE_PATIENCE, call).await
    }

    /// Compares in constant time.
    fn is_token(&self, text: &str) -> bool {
        self.token.as_bytes().ct_eq(text.as_bytes()).into()
    }
}

/// A fresh token.
pub fn new_token() -> String {
    hex::encode(rand::random::<[u8; 32]>())
}

/// Everything that is served.
pub fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/", get(pages::index))
        .route("/index.html", get(pages::index))
        .route("/practice", get(pages::practice))
        .route("/practice.html", get(pages::practice))
        .route("/staff", get(pages::staff))
        .route("/staff.html", get(pages::staff))
        .route("/staff/api/enter", post(entrance::enter))
        .route("/staff/api/lock", post(entrance::lock))
        .route("/staff/api/board", get(staff::board))
        .route("/staff/api/withdraw", post(staff::withdraw))
        .route("/staff/api/complete", post(staff::complete))
        .route("/staff/api/entered", post(staff::entered))
        .route("/staff/api/visual", post(staff::visual))
        .route("/staff/api/paper", post(reception::paper))
        .route("/staff/api/known", post(reception::known))
        .route("/statement.svg", get(staff::statement))
        .route("/health", get(health::health))
        .route("/kiosk", get(kiosk::upgrade))
        .route("/practice/api/tray", get(practice::tray))
        .route("/practice/api/place", post(practice::place))
        .route("/practice/api/remove", post(practice::remove))
        .route("/practice/api/portrait", post(practice::portrait))
        .fallback_service(pages::files(&app.dist))
        .layer(from_fn_with_state(Arc::clone(&app), guard::guard))
        .with_state(app)
}
