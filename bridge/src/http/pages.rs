//! The pages, with the token of this start and their kiosk in them, and the files beside them.

use super::at::At;
use super::{App, entrance};
use crate::reader::Kind;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{StatusCode, Uri};
use axum::response::{Html, IntoResponse, Redirect, Response};
use std::path::Path;
use std::sync::Arc;
use tower_http::services::ServeDir;

/// The page for the board of practice, where other kiosks serve patients.
pub(super) const STAFF_OF_PRACTICE: &str = "/staff/practice";
/// The call display of the patients.
pub(super) const CALL: &str = "/call";
/// That of practice, where other kiosks serve patients.
pub(super) const CALL_OF_PRACTICE: &str = "/call/practice";
/// Stands in the pages where the token goes.
const TOKEN: &str = "__UKETSUKE_TOKEN__";
/// Where the beginning of the addresses of a kiosk goes, which is empty for the first one.
const KIOSK: &str = "__UKETSUKE_KIOSK__";
/// Where it is said whose board the page is for: `patients` or `practice`.
const BOARD: &str = "__UKETSUKE_BOARD__";

pub(super) async fn index(State(app): State<Arc<App>>, At(kiosk): At) -> Response {
    page(&app, "index.html", KIOSK, &kiosk.base()).await
}

pub(super) async fn practice(State(app): State<Arc<App>>, At(kiosk): At) -> Response {
    page(&app, "practice.html", KIOSK, &kiosk.base()).await
}

pub(super) async fn staff(State(app): State<Arc<App>>, uri: Uri) -> Response {
    let board = match entrance::board_of(&app, uri.path() == STAFF_OF_PRACTICE) {
        Some(Kind::Pcsc) => "patients",
        Some(Kind::Practice) | None => "practice",
    };
    page(&app, "staff.html", BOARD, board).await
}

/// An address typed with a slash at its end is that of the page without one.
pub(super) async fn without_slash(uri: Uri) -> Redirect {
    Redirect::permanent(uri.path().trim_end_matches('/'))
}

/// Without a token: it asks for nothing but to be told.
pub(super) async fn call(State(app): State<Arc<App>>) -> Response {
    page(&app, "call.html", BOARD, "").await
}

async fn page(app: &App, name: &str, place: &str, text_there: &str) -> Response {
    let Ok(text) = tokio::fs::read_to_string(app.dist.join(name)).await else {
        let advice = "The kiosk page is not built yet: run `cargo xtask web`.\n画面がまだ作られていません。`cargo xtask web` を実行してください。\n";
        let plain = [(CONTENT_TYPE, "text/plain; charset=utf-8")];
        return (StatusCode::SERVICE_UNAVAILABLE, plain, advice).into_response();
    };
    let no_store = [(CACHE_CONTROL, "no-store")];
    (no_store, Html(text.replace(TOKEN, &app.token).replace(place, text_there))).into_response()
}

/// Files of `dist`, compressed ahead of time where a `.br` or `.gz` lies beside them.
pub(super) fn files(dist: &Path) -> ServeDir {
    ServeDir::new(dist)
        .append_index_html_on_directories(false)
        .precompressed_br()
        .precompressed_gzip()
}
