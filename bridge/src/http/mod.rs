//! Pages, health, kiosk sockets and practice trays, on loopback only.

mod accounts;
mod alarms;
mod at;
mod bucket;
mod call;
mod day;
mod entrance;
mod eye;
mod frames;
mod guard;
mod health;
mod help;
mod kiosk;
mod live;
mod login;
mod look;
mod mark;
mod me;
mod message;
mod note;
mod pages;
mod patient;
mod practice;
mod reception;
mod rows;
mod self_test;
mod serve;
mod settings;
mod socket;
mod staff;
mod upgrade;
mod vault;

pub(crate) use live::Streams;
pub(crate) use serve::{Serving, serve};

use crate::accounts::Reach;
use crate::kiosk::Kiosks;
use crate::limits::Limits;
use crate::reader::Kind;
use crate::self_test::SelfTest;
use crate::site::Site;
use crate::tls::Certificates;
use crate::workers::{Undone, Workers};
use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::response::Redirect;
use axum::routing::{get, post};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use subtle::ConstantTimeEq as _;
use tokio::sync::{Semaphore, mpsc, watch};

/// What the handlers share.
pub struct App {
    /// What the kiosks share.
    pub site: Arc<Site>,
    /// The kiosks.
    pub kiosks: Kiosks,
    /// What `Host` may be on this listener: names and ports.
    pub hosts: Vec<String>,
    /// Who reaches this listener.
    pub reach: Reach,
    /// The certificate of the site's network, where there is a listener on it.
    pub certificates: Option<Arc<Certificates>>,
    /// Folder with the pages.
    pub dist: PathBuf,
    /// 64 hex digits, new with every start; put into the pages and asked back.
    pub token: String,
    /// Calls of the store go here: the disk may take its time, and pages go on being served meanwhile.
    pub disk: Workers,
    /// Looks at what managers choose from go here: a share or the smart-card service may never answer.
    pub looks: Workers,
    /// Whether everything that checking in needs is well.
    pub self_test: Arc<SelfTest>,
    /// When the program started.
    pub started: Instant,
    /// Turns `true` when the program stops.
    pub stop: watch::Receiver<bool>,
    /// Each connection holds a clone, so that stopping can wait for all of them.
    pub alive: mpsc::Sender<()>,
    /// Places for call displays.
    pub displays: Arc<Semaphore>,
    /// What pages of the staff board hear.
    pub(crate) streams: Arc<Streams>,
    /// How much is taken, and how long it is waited for.
    pub limits: Limits,
}

/// Calls of the store that pages and monitoring may cause at once, and that may wait.
const STORE_CALLS: (usize, usize) = (2, 32);
/// They take at most this long, or are given up.
const STORE_PATIENCE: Duration = Duration::from_secs(8);

impl App {
    /// The threads for [`App::disk`].
    pub fn disk() -> Workers {
        Workers::new("http-store", STORE_CALLS.0, STORE_CALLS.1)
    }

    /// The thread for [`App::looks`].
    pub fn looks() -> Workers {
        Workers::new("http-looks", 1, 4)
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

/// Ends sessions of staff in time, and tells them what changes. Never returns.
pub(crate) async fn watch(app: Arc<App>) {
    let (patients, practice) = (live::tell(&app, Kind::Pcsc), live::tell(&app, Kind::Practice));
    tokio::join!(entrance::watch(&app), patients, practice);
}

/// Everything that is served on the computer itself.
pub fn router(app: Arc<App>) -> Router {
    let kiosk = format!("/k/{{{}}}", at::NAME);
    Router::new()
        .route("/", get(pages::index))
        .route("/index.html", get(pages::index))
        .route("/practice.html", get(pages::practice))
        .route(&kiosk, get(pages::index))
        .route(&format!("{kiosk}/"), get(pages::without_slash))
        .route("/staff/", get(pages::without_slash))
        .route("/call/", get(pages::without_slash))
        .nest(&kiosk, of_a_kiosk())
        .merge(of_a_kiosk())
        .merge(staff_pages())
        .route(pages::CALL, get(pages::call))
        .route(pages::CALL_OF_PRACTICE, get(pages::call))
        .route("/call.html", get(pages::call))
        .route("/call/live", get(call::live))
        .route("/call/practice/live", get(call::live))
        .route("/health", get(health::health))
        .fallback_service(pages::files(&app.dist))
        .layer(from_fn_with_state(Arc::clone(&app), guard::guard))
        .with_state(app)
}

/// What is served on the site's network: the staff pages, and no kiosk.
pub fn network_router(app: Arc<App>) -> Router {
    Router::new()
        .route("/", get(|| async { Redirect::to("/staff") }))
        .merge(staff_pages())
        .fallback_service(pages::files(&app.dist))
        .layer(from_fn_with_state(Arc::clone(&app), guard::guard))
        .with_state(app)
}

/// The pages of staff and all that they ask for.
fn staff_pages() -> Router<Arc<App>> {
    Router::new()
        .merge(accounts())
        .route("/staff", get(pages::staff))
        .route(pages::STAFF_OF_PRACTICE, get(pages::staff))
        .route("/staff.html", get(pages::staff))
        .route("/staff/api/enter", post(entrance::enter))
        .route("/staff/api/lock", post(entrance::lock))
        .route("/staff/api/board", get(staff::board))
        .route("/staff/api/live", get(live::live))
        .route("/staff/api/used", post(staff::used))
        .route("/staff/api/day", get(day::today))
        .route("/staff/api/self_test", get(self_test::last))
        .route("/staff/api/self_test/run", post(self_test::run))
        .route("/staff/api/withdraw", post(staff::withdraw))
        .route("/staff/api/complete", post(staff::complete))
        .route("/staff/api/entered", post(staff::entered))
        .route("/staff/api/visual", post(eye::confirm))
        .route("/staff/api/visual/refuse", post(eye::refuse))
        .route("/staff/api/visual/face", post(eye::face))
        .route("/staff/api/kiosk/end", post(help::end))
        .route("/staff/api/kiosk/type", post(help::type_for))
        .route("/staff/api/kiosk/statement", post(help::statement))
        .route("/staff/api/paper", post(reception::paper))
        .route("/staff/api/known", post(reception::known))
        .route("/staff/api/mark", post(mark::mark))
        .route("/staff/api/note", post(note::note))
        .route("/staff/api/patient", post(patient::choose))
}

/// Who is at the staff pages.
fn accounts() -> Router<Arc<App>> {
    Router::new()
        .route("/staff/api/door", get(login::door))
        .route("/staff/api/login", post(login::log_in))
        .route("/staff/api/join", post(login::join))
        .route("/staff/api/again", post(me::again))
        .route("/staff/api/me", post(me::me))
        .route("/staff/api/me/password", post(me::password))
        .route("/staff/api/me/leave", post(me::leave))
        .route("/staff/api/me/authenticator", post(me::authenticator))
        .route("/staff/api/me/authenticator/confirm", post(me::confirm))
        .route("/staff/api/accounts", get(accounts::list))
        .route("/staff/api/accounts/add", post(accounts::add))
        .route("/staff/api/accounts/change", post(accounts::change))
        .route("/staff/api/settings", get(settings::look))
        .route("/staff/api/settings/attached", get(settings::attached))
        .route("/staff/api/settings/change", post(settings::change))
}

/// What each kiosk has under its own address, the first one also without a name.
fn of_a_kiosk() -> Router<Arc<App>> {
    Router::new()
        .route("/kiosk", get(kiosk::upgrade))
        .route("/statement.svg", get(staff::statement))
        .route("/practice", get(pages::practice))
        .route("/practice/api/tray", get(practice::tray))
        .route("/practice/api/place", post(practice::place))
        .route("/practice/api/remove", post(practice::remove))
        .route("/practice/api/portrait", post(practice::portrait))
}
