//! A service that is asked over HTTP with mutual TLS, in the interface of the crate `eligibility-api`. It stands in the place of the
//! national system, whose interface is not public, so its answers count as invented.
//!
//! A question is put again while there is time and the service is away, always under the same key, so that the service carries it
//! out once ([`eligibility_api::IDEMPOTENCY_KEY`]).

mod breaker;
mod client;
mod pause;
#[cfg(test)]
mod tests;

pub use client::{ClientError, Service};

use super::EligibilityGateway;
use breaker::Breaker;
use checkin::gateway::GatewayTrouble;
use checkin::{Question, Reply};
use client::client;
use eligibility_api::{
    IDEMPOTENCY_KEY, MAX_REPLY, PATH, READY, TIME_LEFT, read_reply, write_question,
};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use reqwest::{Client, Response, StatusCode, header};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Questions that may be under way at the same time.
const AT_ONCE: usize = 256;
/// The question ends by itself so long before it is given up.
const MARGIN: Duration = Duration::from_millis(500);
/// So long `doctor` waits for the service.
const PROBE: Duration = Duration::from_secs(5);
/// With less time than this left nothing new is begun.
const LEAST: Duration = Duration::from_millis(300);

/// See the module.
pub struct Http {
    client: Client,
    url: String,
    breaker: Mutex<Breaker>,
}

/// What became of one try.
enum Tried {
    /// It is answered, well or not.
    Replied(Reply),
    /// The service is away; it may have asked for a pause.
    Away(Option<Duration>),
}

impl Http {
    /// Reads the certificates. Nothing is asked yet.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn new(service: &Service) -> Result<Self, ClientError> {
        let url = format!("{}{PATH}", service.address);
        Ok(Self { client: client(service)?, url, breaker: Mutex::default() })
    }

    fn breaker(&self) -> MutexGuard<'_, Breaker> {
        self.breaker.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn put(&self, question: &Question, time: Duration) -> Reply {
        let end = Instant::now() + time;
        let key = hex::encode(rand::random::<[u8; 16]>());
        let body = write_question(question);
        let mut failed = 0;
        loop {
            let now = Instant::now();
            let left = end.saturating_duration_since(now);
            if left < LEAST || !self.breaker().may_try(now) {
                return question.failed(GatewayTrouble::Down);
            }
            let once = self.once(question, &key, &body, left);
            let Ok(tried) = tokio::time::timeout(left, once).await else {
                self.breaker().failed(Instant::now());
                return question.failed(GatewayTrouble::Late);
            };
            match tried {
                Tried::Replied(reply) => {
                    self.breaker().replied();
                    return reply;
                }
                Tried::Away(asked) => {
                    self.breaker().failed(Instant::now());
                    failed += 1;
                    let pause = pause::pause(failed, rand::random(), asked);
                    if pause + LEAST > end.saturating_duration_since(Instant::now()) {
                        return question.failed(GatewayTrouble::Down);
                    }
                    tokio::time::sleep(pause).await;
                }
            }
        }
    }

    async fn once(&self, question: &Question, key: &str, body: &[u8], left: Duration) -> Tried {
        let request = self
            .client
            .post(&self.url)
            .header(header::CONTENT_TYPE, "application/json")
            .header(IDEMPOTENCY_KEY, key)
            .header(TIME_LEFT, left.as_millis().to_string())
            .body(body.to_vec());
        let response = match request.send().await {
            Ok(response) => response,
            Err(error) => {
                // Its text names the address and nothing of the question.
                tracing::warn!(
                    error = reasons(&error),
                    "the eligibility service cannot be reached"
                );
                return Tried::Away(None);
            }
        };
        let (status, asked) = (response.status(), retry_after(&response));
        if matches!(
            status,
            StatusCode::BAD_GATEWAY
                | StatusCode::SERVICE_UNAVAILABLE
                | StatusCode::TOO_MANY_REQUESTS
        ) {
            tracing::warn!(%status, "the eligibility service is away");
            return Tried::Away(asked);
        }
        let Some(told) = bounded(response).await else { return Tried::Away(None) };
        Tried::Replied(read_reply(question, &told).unwrap_or_else(|error| {
            let trouble = match status {
                StatusCode::GATEWAY_TIMEOUT => GatewayTrouble::Late,
                _ => GatewayTrouble::Refused,
            };
            tracing::error!(%status, %error, question = question.name(), "the eligibility service did not answer as agreed");
            question.failed(trouble)
        }))
    }
}

impl EligibilityGateway for Http {
    fn simulated(&self) -> bool {
        true
    }

    fn at_once(&self) -> usize {
        AT_ONCE
    }

    fn is_well(&self) -> bool {
        self.breaker().is_closed()
    }

    fn ask(&self, question: Question) -> BoxFuture<'_, Reply> {
        let time = self.late_after(&question).saturating_sub(MARGIN);
        async move { self.put(&question, time).await }.boxed()
    }
}

/// Asks the service whether it is there.
///
/// # Errors
/// Why not, for a person.
pub(crate) async fn is_there(service: &Service) -> Result<(), String> {
    let client = client(service).map_err(|error| error.to_string())?;
    let request = client.get(format!("{}{READY}", service.address)).timeout(PROBE);
    let response = request.send().await.map_err(|error| reasons(&error))?;
    let status = response.status();
    if status.is_success() { Ok(()) } else { Err(status.to_string()) }
}

/// An error with what is behind it: the certificate that was refused, for example.
fn reasons(error: &dyn std::error::Error) -> String {
    let mut said = error.to_string();
    let mut behind = error.source();
    while let Some(error) = behind {
        said = format!("{said}: {error}");
        behind = error.source();
    }
    said
}

/// The body, if it comes whole and is no longer than a reply can be.
async fn bounded(mut response: Response) -> Option<Vec<u8>> {
    let mut told = Vec::new();
    while let Some(piece) = response.chunk().await.ok()? {
        if told.len() + piece.len() > MAX_REPLY {
            tracing::error!("the eligibility service sends more than a reply can be");
            return None;
        }
        told.extend_from_slice(&piece);
    }
    Some(told)
}

/// `Retry-After` in seconds (RFC 9110, 10.2.3); dates are not read.
fn retry_after(response: &Response) -> Option<Duration> {
    let seconds = response.headers().get(header::RETRY_AFTER)?.to_str().ok()?.parse().ok()?;
    Some(Duration::from_secs(seconds))
}
