//! The handshake that turns a request into a socket (RFC 6455, 4.2).

use axum::body::Body;
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use tungstenite::handshake::derive_accept_key;

/// A connection that speaks WebSocket from now on.
pub(super) type Stream = TokioIo<Upgraded>;

/// What the request wants; `None` when it is not a handshake.
pub(super) fn accept(parts: &mut Parts) -> Option<(Response, OnUpgrade)> {
    let headers = &parts.headers;
    let asks = parts.method == Method::GET
        && lists(headers, &header::CONNECTION, "upgrade")
        && lists(headers, &header::UPGRADE, "websocket")
        && super::guard::single(headers, &header::SEC_WEBSOCKET_VERSION) == Some("13");
    let key = headers.get(&header::SEC_WEBSOCKET_KEY).map(|key| derive_accept_key(key.as_bytes()));
    let key = key.filter(|_| asks).and_then(|key| HeaderValue::from_str(&key).ok())?;
    let upgrade = parts.extensions.remove::<OnUpgrade>()?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let answer = response.headers_mut();
    answer.insert(header::CONNECTION, HeaderValue::from_static("upgrade"));
    answer.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    answer.insert(header::SEC_WEBSOCKET_ACCEPT, key);
    Some((response, upgrade))
}

/// The refusal of anything else, which says what is spoken here (RFC 9110, 15.5.22; RFC 6455, 4.4).
pub(super) fn refusal() -> Response {
    let spoken = [
        (header::CONNECTION, "upgrade"),
        (header::UPGRADE, "websocket"),
        (header::SEC_WEBSOCKET_VERSION, "13"),
    ];
    let advice = "Open a WebSocket (version 13) here.\n";
    (StatusCode::UPGRADE_REQUIRED, spoken, advice).into_response()
}

/// Whether a list of words has `word`, in any case.
fn lists(headers: &HeaderMap, name: &HeaderName, word: &str) -> bool {
    let lines = headers.get_all(name).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(',')).any(|item| item.trim().eq_ignore_ascii_case(word))
}

/// The connection, once the answer has gone out.
pub(super) async fn upgraded(upgrade: OnUpgrade) -> Option<Stream> {
    upgrade.await.ok().map(TokioIo::new)
}
