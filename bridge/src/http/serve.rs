//! The listening sockets: so many connections at once, and no one for longer than it has something to say.

use crate::accounts::network_of;
use crate::limits::Limits;
use crate::tls::Certificates;
use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch};

/// Headers and bytes of one head.
const MOST_HEADERS: usize = 64;
const LARGEST_HEAD: usize = 64 * 1024;
/// For the rest of a request and its answer together; the largest files are models, over loopback.
const CONNECTION: Duration = Duration::from_mins(5);
/// Pause after a failure of the system, such as no more files.
const PAUSE: Duration = Duration::from_millis(200);

/// Connections of one address, or one IPv6 network, at once over the network: a browser opens six, and several may sit behind one.
const OF_ONE_ADDRESS: usize = 24;

/// How many connections each address has over the network.
#[derive(Clone, Default)]
struct Addresses(Arc<Mutex<HashMap<IpAddr, usize>>>);

/// One of them, given back by itself.
struct Place(Addresses, IpAddr);

impl Addresses {
    fn take(&self, address: IpAddr) -> Option<Place> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(address).or_default();
        if *count == OF_ONE_ADDRESS {
            return None;
        }
        *count += 1;
        Some(Place(self.clone(), address))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut counts = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.1) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.1);
            }
        }
    }
}

/// What a listener needs of the program.
#[derive(Clone)]
pub(crate) struct Serving {
    pub(crate) router: Router,
    pub(crate) limits: Limits,
    /// Encrypts, where it is the listener on the site's network.
    pub(crate) tls: Option<Arc<Certificates>>,
    /// How many kiosks there are.
    pub(crate) kiosks: usize,
    /// Turns `true` when the program stops.
    pub(crate) stop: watch::Receiver<bool>,
    /// Each connection holds a clone.
    pub(crate) alive: mpsc::Sender<()>,
}

/// Serves until the program stops. Several listeners share one limit.
pub(crate) async fn serve(listeners: Vec<TcpListener>, serving: Serving) {
    let Limits { connections, connections_more, .. } = serving.limits;
    let more = connections_more.saturating_mul(serving.kiosks.saturating_sub(1));
    let places = Arc::new(Semaphore::new(connections.saturating_add(more)));
    let mut stop = serving.stop.clone();
    let all = listeners.into_iter().map(|listener| accept(listener, &serving, &places));
    tokio::select! {
        _ = stop.wait_for(|stop| *stop) => {}
        _ = futures_util::future::join_all(all) => {}
    }
}

async fn accept(listener: TcpListener, serving: &Serving, places: &Arc<Semaphore>) {
    let addresses = Addresses::default();
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                // Taken only now: a listener that waits would keep a place from the other one. Further ones wait in the system's queue.
                let Ok(place) = Arc::clone(places).acquire_owned().await else { return };
                // Over the network nobody takes all places away from the others.
                let own = serving.tls.as_ref().map(|_| addresses.take(network_of(peer.ip())));
                if matches!(own, Some(None)) {
                    continue;
                }
                drop(tokio::spawn(connection(
                    stream,
                    peer.ip(),
                    serving.clone(),
                    (place, own.flatten()),
                )));
            }
            Err(error) => {
                tracing::warn!(%error, "a connection was not accepted");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

async fn connection(
    stream: TcpStream,
    peer: IpAddr,
    serving: Serving,
    place: (OwnedSemaphorePermit, Option<Place>),
) {
    // Small frames leave at once instead of waiting for the other side's acknowledgement (40 ms each).
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "the socket keeps its default");
    }
    match serving.tls.clone() {
        None => serve_on(stream, peer, serving, place).await,
        Some(certificates) => {
            let shaken = certificates.acceptor().accept(stream);
            // Whoever is slow or speaks something else is left.
            if let Ok(Ok(stream)) = tokio::time::timeout(serving.limits.head, shaken).await {
                serve_on(stream, peer, serving, place).await;
            }
        }
    }
}

async fn serve_on(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    peer: IpAddr,
    serving: Serving,
    place: (OwnedSemaphorePermit, Option<Place>),
) {
    let service = TowerToHyperService::new(serving.router.layer(Extension(peer)));
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(serving.limits.head)
        .max_headers(MOST_HEADERS)
        .max_buf_size(LARGEST_HEAD)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    tokio::pin!(connection);
    let mut stop = serving.stop;
    let stopped = async move {
        // An error means that nobody is there any more to say so.
        let _ = stop.wait_for(|stop| *stop).await;
    };
    let whole = async {
        tokio::select! {
            served = connection.as_mut() => served,
            () = stopped => {
                connection.as_mut().graceful_shutdown();
                connection.as_mut().await
            }
        }
    };
    // A connection that broke is the other side's business; an upgraded one goes on as a socket, outside of this limit.
    let _ = tokio::time::timeout(CONNECTION, whole).await;
    drop((serving.alive, place));
}
