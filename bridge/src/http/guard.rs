//! Who may ask: only pages that this program served, under a name of loopback. Ends DNS rebinding
//! (`Host`) and requests from other sites (`Origin`; sockets ignore CORS).

use super::App;
use crate::accounts::Reach;
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// Bytes of a body, as for axum's own extractors. What each request takes is less, and refused with more advice.
const MOST: usize = 2 * 1024 * 1024;

const CSP: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; \
    img-src 'self' blob: data:; font-src 'self'; media-src 'self' blob:; worker-src 'self'; frame-ancestors 'none'; \
    base-uri 'none'; form-action 'none'";

/// Whose board a page of staff is for, as it stands in the page.
pub(super) const BOARD: HeaderName = HeaderName::from_static("x-uketsuke-board");

/// A browser that came over the network once does not come without encryption again.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// Set on every answer.
const HEADERS: [(HeaderName, HeaderValue); 7] = [
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CSP)),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(self), microphone=(), geolocation=()"),
    ),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("cross-origin-embedder-policy"),
        HeaderValue::from_static("require-corp"),
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
];

/// Refuses foreign hosts, adds the headers.
pub(super) async fn guard(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let cache = cache_control(request.uri());
    let path = request.uri().path();
    let (personal, plain) = (is_personal(path), is_plain(path));
    let network = app.reach == Reach::Network;
    let mut response = if !plain || network && !is_for_network(path) {
        (StatusCode::NOT_FOUND, "There is no such page.\n").into_response()
    } else if is_our_host(&app, request.headers()) {
        to_its_end(app.limits.request, request, next).await
    } else {
        let advice = format!("This kiosk answers to these only: {}.\n", app.hosts.join(", "));
        (StatusCode::MISDIRECTED_REQUEST, advice).into_response()
    };
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, value);
    }
    if network {
        response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, HSTS);
    }
    // What is missing today may be there tomorrow.
    let cache = if response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED {
        cache
    } else {
        HeaderValue::from_static("no-cache")
    };
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(cache);
    if personal {
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// What has begun is done to its end, audit included, also when whoever asked has gone or stopped waiting meanwhile. It begins when
/// all of the request is there, so that one whose body never comes is dropped, and its connection with it.
async fn to_its_end(limit: Duration, request: Request, next: Next) -> Response {
    let late = || (StatusCode::REQUEST_TIMEOUT, "That took too long: try again.\n").into_response();
    let until = Instant::now() + limit;
    let request = match timeout_at(until, whole(request)).await {
        Ok(Ok(request)) => request,
        Ok(Err(refused)) => return refused,
        Err(_) => return late(),
    };
    match timeout_at(until, tokio::spawn(next.run(request))).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(error)) => {
            tracing::error!(%error, "a request ended in a panic");
            (StatusCode::INTERNAL_SERVER_ERROR, "That went wrong: try again.\n").into_response()
        }
        Err(_) => late(),
    }
}

/// The request with all of its body.
async fn whole(request: Request) -> Result<Request, Response> {
    let (head, body) = request.into_parts();
    match to_bytes(body, MOST).await {
        Ok(bytes) => Ok(Request::from_parts(head, bytes.into())),
        Err(_) => Err((StatusCode::PAYLOAD_TOO_LARGE, "That is too long.\n").into_response()),
    }
}

/// Whether a path is written in the one way that names a page or file here. The pages with the token in them have routes of their
/// own; `/./index.html` or `/%69ndex.html` would give their raw text.
fn is_plain(path: &str) -> bool {
    !["//", "/.", "%"].iter().any(|piece| path.contains(piece))
}

/// Of all files those of the staff pages only: no kiosk, no models, nothing that is printed there.
fn is_for_network(path: &str) -> bool {
    let of_kiosks =
        ["/models/", "/worker/", "/voice/", "/print/", "/practice", "/k/", "/kiosk", "/health"];
    // The page's own script begins like the kiosk's socket.
    path.starts_with("/kiosk_web")
        || !of_kiosks.iter().any(|start| path.starts_with(start))
            && (path == "/staff.html" || Path::new(path).extension().is_none_or(|it| it != "html"))
}

/// Requests or answers that tell of persons: their connection ends with the answer, because its
/// buffers live as long as it does, and are wiped with it.
fn is_personal(path: &str) -> bool {
    // Each kiosk has them under its own address.
    let named = path.strip_prefix("/k/").and_then(|rest| rest.find('/').map(|at| &rest[at..]));
    let path = named.unwrap_or(path);
    ["/staff/api/", "/practice/api/", "/statement.svg"].iter().any(|start| path.starts_with(start))
}

/// Font slices do not change under their names, nor do spoken clips, which are named by their hash, or files that are asked
/// for by it (`?v=…`) or lie in a folder named by it. For everything else the browser asks each time whether it changed.
fn cache_control(uri: &Uri) -> HeaderValue {
    let by_hash = uri.path().starts_with("/models/")
        && uri
            .query()
            .and_then(|query| query.strip_prefix("v="))
            .is_some_and(|hash| hash.len() >= 16);
    let kept = ["/fonts/files/", "/voice/clips/", "/worker/"]
        .iter()
        .any(|folder| uri.path().starts_with(folder));
    let text = if by_hash || kept { "public, max-age=31536000, immutable" } else { "no-cache" };
    HeaderValue::from_static(text)
}

/// The only value of a header that must be there once.
pub(super) fn single<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

fn is_our_host(app: &App, headers: &HeaderMap) -> bool {
    single(headers, &header::HOST).is_some_and(|host| app.hosts.iter().any(|ours| ours == host))
}

/// Whether the request comes from a page of ours: `Origin` is there and names the host asked.
pub(super) fn is_same_origin(app: &App, headers: &HeaderMap) -> bool {
    let scheme = match app.reach {
        Reach::Computer => "http://",
        Reach::Network => "https://",
    };
    match (single(headers, &header::HOST), single(headers, &header::ORIGIN)) {
        (Some(host), Some(origin)) => origin.strip_prefix(scheme) == Some(host),
        _ => false,
    }
}

/// Whether a page of another site asks, as far as the browser tells: `Origin` or `Sec-Fetch-Site` say so.
pub(super) fn is_of_another_site(app: &App, headers: &HeaderMap) -> bool {
    let fetched = HeaderName::from_static("sec-fetch-site");
    let is_elsewhere = match single(headers, &fetched) {
        Some(site) => !matches!(site, "same-origin" | "none"),
        None => headers.contains_key(&fetched),
    };
    is_elsewhere || headers.contains_key(header::ORIGIN) && !is_same_origin(app, headers)
}

/// Whether the request carries the token of this start.
pub(super) fn has_token(app: &App, headers: &HeaderMap) -> bool {
    single(headers, &HeaderName::from_static("x-uketsuke-token"))
        .is_some_and(|token| app.is_token(token))
}
