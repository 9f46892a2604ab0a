//! Wiring, start and stop.

use crate::accounts::Reach;
use crate::clock::{self, Clock};
use crate::config::{Config, NetworkConfig};
use crate::daily::Daily;
use crate::desk::{Desk, Desks};
use crate::gateway::{ClientError, EligibilityGateway, Gateways};
use crate::kiosk::{Kiosk, Kiosks};
use crate::ledger::Ledgers;
use crate::patients::PatientList;
use crate::reader::Kind;
use crate::self_test::SelfTest;
use crate::sessions::new_token;
use crate::settings::{Settings, SettingsError};
use crate::site::Site;
use crate::store::{FolderLock, StoreError};
use crate::tls::{CertificateError, Certificates};
use crate::vital::{Ended, Vital};
use crate::{http, reader};
use card::{AnchorError, Anchors};
use std::io::ErrorKind;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::task::JoinSet;
use tracing::Instrument as _;

/// Connections get this long to take their leave.
const STOPPING: Duration = Duration::from_secs(3);

/// Why the bridge does not start. Each is one sentence with a way out.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Another program listens there.
    #[error(
        "port {0} is in use by another program, perhaps a kiosk that still runs: stop it, or choose another with --port"
    )]
    PortInUse(u16),
    /// The system refuses the port.
    #[error("cannot listen on 127.0.0.1:{0}: {1}")]
    Port(u16, std::io::Error),
    /// Another bridge runs on the data folder.
    #[error("{0}")]
    InUse(StoreError),
    /// The store.
    #[error("{0}; `uketsuke-bridge doctor` tells more")]
    Store(StoreError),
    /// The address of `[network]`.
    #[error("cannot listen on {0}: {1}")]
    Network(SocketAddr, std::io::Error),
    /// Its certificate.
    #[error("[network]: {0}")]
    Certificate(#[from] CertificateError),
    /// What managers decided.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// A root certificate.
    #[error(transparent)]
    Roots(#[from] AnchorError),
    /// The eligibility system.
    #[error("[gateway]: {0}")]
    Gateway(#[from] ClientError),
}

impl From<StoreError> for StartError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::InUse { .. } => Self::InUse(error),
            other => Self::Store(other),
        }
    }
}

/// A running bridge.
pub struct Bridge {
    /// Where it listens.
    pub address: SocketAddr,
    /// Where it listens on the site's network, if it does.
    pub network: Option<SocketAddr>,
    /// The token of this start.
    pub token: String,
    /// The kiosks that it serves.
    pub kiosks: Kiosks,
    ledgers: Ledgers,
    stop: watch::Sender<bool>,
    /// Closes when the last connection is gone.
    gone: mpsc::Receiver<()>,
    tasks: JoinSet<()>,
    /// Threads that must not end.
    ended: Ended,
    /// Turns `true` when it is time for the daily restart.
    restarts: watch::Receiver<bool>,
    /// Freed when everything else has ended.
    _folder: FolderLock,
}

/// Starts everything; returns when the port answers.
///
/// # Errors
/// [`StartError`].
pub async fn start(config: Config) -> Result<Bridge, StartError> {
    let system = Gateways::system_of(&config)?;
    start_with(config, system).await
}

/// The same with another eligibility system than the configuration names. Practice asks it only if it is simulated itself, and a
/// simulator of its own if not.
///
/// # Errors
/// [`StartError`].
pub async fn start_with(
    config: Config,
    gateway: Arc<dyn EligibilityGateway>,
) -> Result<Bridge, StartError> {
    start_at(config, gateway, clock::System::start()).await
}

/// The same, going by another clock than the computer's.
///
/// # Errors
/// [`StartError`].
pub async fn start_at(
    config: Config,
    gateway: Arc<dyn EligibilityGateway>,
    clock: Arc<dyn Clock>,
) -> Result<Bridge, StartError> {
    start_on(config, gateway, clock, None).await
}

/// The same, with these patients in the place of the list that was imported.
///
/// # Errors
/// [`StartError`].
pub async fn start_among(
    config: Config,
    gateway: Arc<dyn EligibilityGateway>,
    clock: Arc<dyn Clock>,
    patients: Arc<dyn PatientList>,
) -> Result<Bridge, StartError> {
    start_on(config, gateway, clock, Some(patients)).await
}

async fn start_on(
    mut config: Config,
    gateway: Arc<dyn EligibilityGateway>,
    clock: Arc<dyn Clock>,
    patients: Option<Arc<dyn PatientList>>,
) -> Result<Bridge, StartError> {
    let (listeners, address) = listen(config.port).await?;
    let network = match config.network.clone() {
        Some(network) => Some(Network::open(network).await?),
        None => None,
    };
    let folder = FolderLock::take(&config.data)?;
    let anchors = Arc::new(Anchors::load(&config.trusted_roots)?);
    let (vital, ended) = Vital::new();
    let (desks, inboxes) = Desks::new(config.kiosks.len());
    let (settings, gateways) = (Settings::open(&config)?, Gateways::new(gateway));
    settings.now().apply(&mut config);
    let site = Arc::new(Site::open(&config, settings, gateways, patients, clock, desks)?);
    let (mut kiosks, mut desks) = (Vec::new(), Vec::new());
    for (at, inbox) in inboxes.into_iter().enumerate() {
        let kiosk = config.kiosks[at].clone();
        let readers = reader::start(&kiosk.reader, config.readers_but(at), &anchors, &vital);
        if let Some(tray) = &readers.tray {
            let system = Arc::clone(site.gateways.of(Kind::Practice));
            tray.when_taken(move |serial| system.practice_card_taken(serial));
        }
        let sockets = config.limits.sockets;
        let (kiosk, desk) = Kiosk::open(&site, kiosk, readers, inbox, &config.font, sockets);
        desks.push((tracing::info_span!("kiosk", name = %kiosk.name), desk));
        kiosks.push(kiosk);
    }
    let kiosks = Kiosks::new(kiosks);
    let self_test = Arc::new(SelfTest::new(config.clone(), Arc::clone(&site), kiosks.clone()));
    let (stop, stopping) = watch::channel(false);
    let (alive, gone) = mpsc::channel(1);
    let token = new_token();
    let certificates = network.as_ref().map(|network| Arc::clone(&network.certificates));
    // Whoever looks on, from here or over the network, hears the same.
    let streams = Arc::new(http::Streams::new());
    let app = |reach, hosts| http::App {
        site: Arc::clone(&site),
        kiosks: kiosks.clone(),
        hosts,
        reach,
        certificates: certificates.clone(),
        dist: config.dist.clone(),
        token: token.clone(),
        disk: http::App::disk(),
        looks: http::App::looks(),
        self_test: Arc::clone(&self_test),
        started: Instant::now(),
        stop: stopping.clone(),
        alive: alive.clone(),
        displays: Arc::new(Semaphore::new(config.limits.displays)),
        streams: Arc::clone(&streams),
        limits: config.limits.clone(),
    };
    let names = ["127.0.0.1", "localhost", "[::1]"];
    let hosts = names.map(|name| format!("{name}:{}", address.port())).to_vec();
    let reached =
        network.as_ref().map(|network| Arc::new(app(Reach::Network, network.hosts.clone())));
    let app = Arc::new(app(Reach::Computer, hosts));
    let mut tasks = JoinSet::new();
    let count = desks.len();
    for (span, desk) in desks {
        tasks.spawn(Desk::run(desk, stopping.clone()).instrument(span));
    }
    let (gateway, mut stops) = (Arc::clone(site.gateways.of(Kind::Pcsc)), stopping.clone());
    tasks.spawn(async move {
        let _ = stops.wait_for(|stop| *stop).await;
        gateway.stop();
    });
    let ledgers = site.ledgers.clone();
    tasks.spawn(until(stopping.clone(), ledgers.clone().run()));
    tasks.spawn(until(stopping.clone(), http::watch(Arc::clone(&app))));
    let (restart, restarts) = watch::channel(false);
    let daily = Daily::new(Arc::clone(&site), kiosks.clone(), self_test, config.limits.due);
    tasks.spawn(until(stopping.clone(), daily.run(restart)));
    let (router, limits) = (http::router(app), config.limits);
    let serving = http::Serving { router, tls: None, limits, kiosks: count, stop: stopping, alive };
    let mut network_address = None;
    if let (Some(network), Some(app)) = (network, reached) {
        let (router, tls) = (http::network_router(app), Some(Arc::clone(&network.certificates)));
        let serving = http::Serving { router, tls, kiosks: 1, ..serving.clone() };
        tasks.spawn(until(serving.stop.clone(), Arc::clone(&network.certificates).watch()));
        tasks.spawn(http::serve(vec![network.listener], serving));
        network_address = Some(network.address);
    }
    tasks.spawn(http::serve(listeners, serving));
    Ok(Bridge {
        address,
        network: network_address,
        token,
        kiosks,
        ledgers,
        stop,
        gone,
        tasks,
        ended,
        restarts,
        _folder: folder,
    })
}

/// Why a bridge is to be stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// A task or thread that is needed ended by itself, which is a bug: better no kiosk, which its supervisor starts again, than one
    /// that serves nobody.
    Failed,
    /// It is time for the daily restart, and nobody is served.
    Daily,
}

impl Bridge {
    /// Takes leave of the page, releases the card, empties the queues, closes the store.
    pub async fn stop(mut self) {
        // Nobody listening means that everything ended already.
        let _ = self.stop.send(true);
        let rest = async {
            while self.tasks.join_next().await.is_some() {}
            // Every connection holds a sender; the last one closes the channel.
            let _ = self.gone.recv().await;
        };
        if tokio::time::timeout(STOPPING, rest).await.is_err() {
            tracing::warn!("some connections did not end in time");
        }
        // Behind everything that any kiosk had to keep.
        self.ledgers.finish().await;
    }

    /// Resolves when the bridge is to be stopped although nobody asked for it.
    pub async fn ends(&mut self) -> End {
        let daily = async {
            if self.restarts.wait_for(|due| *due).await.is_err() {
                // The task that would tell has ended, which the other side of the choice sees.
                std::future::pending::<()>().await;
            }
        };
        tokio::select! {
            () = failed(&mut self.tasks, &mut self.ended) => End::Failed,
            () = daily => End::Daily,
        }
    }
}

async fn failed(tasks: &mut JoinSet<()>, threads: &mut Ended) {
    tokio::select! {
        ended = tasks.join_next() => {
            tracing::error!(?ended, "a part of the bridge ended by itself: the program ends");
        }
        thread = threads.next() => {
            tracing::error!(thread, "a thread ended by itself: the program ends");
        }
    }
}

/// The listener on the site's network.
struct Network {
    listener: TcpListener,
    address: SocketAddr,
    hosts: Vec<String>,
    certificates: Arc<Certificates>,
}

impl Network {
    async fn open(config: NetworkConfig) -> Result<Self, StartError> {
        let certificates = Arc::new(Certificates::load(&config.certificate, &config.key)?);
        let trouble = |error| StartError::Network(config.listen, error);
        let listener = TcpListener::bind(config.listen).await.map_err(trouble)?;
        let address = listener.local_addr().map_err(trouble)?;
        Ok(Self { hosts: config.hosts(address.port()), listener, address, certificates })
    }
}

/// On 127.0.0.1, and on `::1` under the same port where there is IPv6: `localhost` means either, and nobody else may answer to it.
async fn listen(port: u16) -> Result<(Vec<TcpListener>, SocketAddr), StartError> {
    let trouble = |error: std::io::Error| match error.kind() {
        ErrorKind::AddrInUse => StartError::PortInUse(port),
        _ => StartError::Port(port, error),
    };
    let first = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(trouble)?;
    let address = first.local_addr().map_err(trouble)?;
    let mut listeners = vec![first];
    match TcpListener::bind((Ipv6Addr::LOCALHOST, address.port())).await {
        Ok(second) => listeners.push(second),
        // A port that was asked for must be ours alone; any other one is.
        Err(error) if error.kind() == ErrorKind::AddrInUse && port != 0 => {
            return Err(trouble(error));
        }
        Err(error) => tracing::debug!(%error, "there is no IPv6 here"),
    }
    Ok((listeners, address))
}

async fn until(mut stop: watch::Receiver<bool>, work: impl Future<Output = ()>) {
    tokio::select! {
        _ = stop.wait_for(|stop| *stop) => {}
        () = work => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_end_of_a_vital_thread_is_a_failure_of_the_bridge() {
        let (vital, mut ended) = Vital::new();
        let mut tasks = JoinSet::new();
        tasks.spawn(std::future::pending());
        vital.spawn("pcsc-jobs", || panic!("as asked"));
        failed(&mut tasks, &mut ended).await;
    }
}
