//! What is done with a question.

use crate::day::Day;
use crate::remembered::{Remembered, Told};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use checkin::deadlines::{QUERY_LATE_MS, SYSTEM_MS};
use checkin::gateway::GatewayTrouble;
use checkin::{Question, Reply};
use eligibility_api::{IDEMPOTENCY_KEY, MAX_QUESTION, PATH, READY, TIME_LEFT};
use eligibility_sim::NationalSystem;
use jiff::Timestamp;
use oqs::InstitutionCode;
use sha2::{Digest as _, Sha256};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// No institution has it.
const INSTITUTION: &str = "9999999999";
/// A person for whom lateness is rehearsed is answered when a person has stopped waiting, and before the question is given up.
const LATE: Duration = Duration::from_millis(SYSTEM_MS + 2_000);
const _: () = assert!(SYSTEM_MS + 2_000 < QUERY_LATE_MS);
/// Longest key of a question.
const LONGEST_KEY: usize = 64;

/// The system with what it remembers.
pub struct Service {
    system: Mutex<NationalSystem>,
    institution: InstitutionCode,
    remembered: Remembered,
    day: Day,
    start: Instant,
    asked: AtomicU64,
    carried_out: AtomicU64,
}

impl Service {
    /// With the people of the practice cards, on such a day.
    #[must_use]
    pub fn practice(day: Day) -> Self {
        Self::new(NationalSystem::practice(Timestamp::now()), day)
    }

    /// With this system behind it, on such a day.
    ///
    /// # Panics
    /// Never: the built-in code of an institution is tested.
    #[must_use]
    pub fn new(system: NationalSystem, day: Day) -> Self {
        Self {
            system: Mutex::new(system),
            institution: InstitutionCode::new(INSTITUTION).expect("ten digits"),
            remembered: Remembered::default(),
            day,
            start: Instant::now(),
            asked: AtomicU64::new(0),
            carried_out: AtomicU64::new(0),
        }
    }

    /// Questions that the system has heard, each once however often it was put.
    pub fn carried_out(&self) -> u64 {
        self.carried_out.load(Ordering::Relaxed)
    }

    /// Requests that came, with those that were repeated or refused.
    pub fn asked(&self) -> u64 {
        self.asked.load(Ordering::Relaxed)
    }

    async fn answer(&self, headers: &HeaderMap, body: &[u8]) -> Told {
        let nth = self.asked.fetch_add(1, Ordering::Relaxed);
        if self.day.is_out(self.start.elapsed()) {
            return refusal(StatusCode::SERVICE_UNAVAILABLE, "the service is out of order today");
        }
        let came = Instant::now();
        let Some(key) = key_of(headers) else {
            return refusal(
                StatusCode::BAD_REQUEST,
                "send an Idempotency-Key of 1 to 64 letters, digits, hyphens",
            );
        };
        let question = match eligibility_api::read_question(body) {
            Ok(question) => question,
            Err(error) => return refusal(StatusCode::BAD_REQUEST, &error.to_string()),
        };
        let Ok(place) = self.remembered.place(key, Sha256::digest(body).into(), came) else {
            return refusal(
                StatusCode::CONFLICT,
                "this Idempotency-Key belongs to another question",
            );
        };
        let left = time_left(headers);
        let told = place.get_or_try_init(|| async {
            tokio::time::sleep(self.day.delay(nth)).await;
            if left.is_some_and(|left| came.elapsed() > left) {
                return Err(refusal(StatusCode::GATEWAY_TIMEOUT, "nobody waits for it any more"));
            }
            self.carry_out(&question).await
        });
        match told.await {
            Ok(told) => told.clone(),
            Err(told) => told,
        }
    }

    /// `Err`: what is not to be remembered, because another try may find the system well.
    async fn carry_out(&self, question: &Question) -> Result<Told, Told> {
        self.carried_out.fetch_add(1, Ordering::Relaxed);
        let now = Timestamp::now();
        let reply = self.system.lock().unwrap_or_else(PoisonError::into_inner).ask(question, now);
        if reply == Reply::Queried(Err(GatewayTrouble::Late)) {
            tokio::time::sleep(LATE).await;
        }
        let status = StatusCode::from_u16(eligibility_api::status_of(&reply));
        let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        match eligibility_api::write_reply(question, &reply, &self.institution, now) {
            Ok(body) if status == StatusCode::SERVICE_UNAVAILABLE => Err((status, body)),
            Ok(body) => Ok((status, body)),
            Err(error) => Ok(refusal(StatusCode::INTERNAL_SERVER_ERROR, &error.to_string())),
        }
    }
}

/// The service at [`PATH`], and [`READY`] for whoever wants to know whether it is there.
pub fn router(service: Arc<Service>) -> Router {
    let ask = |State(service): State<Arc<Service>>, headers: HeaderMap, body: Bytes| async move {
        // Whoever asked may be gone meanwhile: what was begun is brought to its end, so that another try finds its reply.
        let answered = tokio::spawn(async move { service.answer(&headers, &body).await });
        match answered.await {
            Ok(told) => response(told),
            Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        }
    };
    Router::new()
        .route(PATH, post(ask))
        .route(READY, get(|| async { StatusCode::NO_CONTENT }))
        .layer(DefaultBodyLimit::max(MAX_QUESTION))
        .with_state(service)
}

fn key_of(headers: &HeaderMap) -> Option<&str> {
    let key = headers.get(IDEMPOTENCY_KEY)?.to_str().ok()?;
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    ((1..=LONGEST_KEY).contains(&key.len()) && key.bytes().all(letter)).then_some(key)
}

fn time_left(headers: &HeaderMap) -> Option<Duration> {
    headers.get(TIME_LEFT)?.to_str().ok()?.parse().ok().map(Duration::from_millis)
}

fn refusal(status: StatusCode, why: &str) -> Told {
    (status, why.as_bytes().to_vec())
}

fn response((status, body): Told) -> Response {
    let json = body.first() == Some(&b'{');
    let kind = if json { "application/json" } else { "text/plain; charset=utf-8" };
    let mut response = (status, body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
