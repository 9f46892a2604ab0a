//! The listening sockets: so many connections at once, and no one for longer than it has something to say.

use crate::limits::Limits;
use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch};

/// Headers and bytes of one head.
const MOST_HEADERS: usize = 64;
const LARGEST_HEAD: usize = 64 * 1024;
/// For the rest of a request and its answer together; the largest files are models, over loopback.
const CONNECTION: Duration = Duration::from_mins(5);
/// Pause after a failure of the system, such as no more files.
const PAUSE: Duration = Duration::from_millis(200);

/// What a listener needs of the program.
#[derive(Clone)]
pub(crate) struct Serving {
    pub(crate) router: Router,
    pub(crate) limits: Limits,
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
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                // Taken only now: a listener that waits would keep a place from the other one. Further ones wait in the system's queue.
                let Ok(place) = Arc::clone(places).acquire_owned().await else { return };
                drop(tokio::spawn(connection(stream, peer.ip(), serving.clone(), place)));
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
    place: OwnedSemaphorePermit,
) {
    // Small frames leave at once instead of waiting for the other side's acknowledgement (40 ms each).
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "the socket keeps its default");
    }
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
