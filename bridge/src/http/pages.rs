//! The pages, with the token of this start in them, and the files beside them.

use super::App;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{Html, IntoResponse, Response};
use std::path::Path;
use std::sync::Arc;
use tower_http::services::ServeDir;

/// Stands in the pages where the token goes.
const PLACEHOLDER: &str = "__UKETSUKE_TOKEN__";

pub(super) async fn index(State(app): State<Arc<App>>) -> Response {
    page(&app, "index.html").await
}

pub(super) async fn practice(State(app): State<Arc<App>>) -> Response {
    page(&app, "practice.html").await
}

pub(super) async fn staff(State(app): State<Arc<App>>) -> Response {
    page(&app, "staff.html").await
}

async fn page(app: &App, name: &str) -> Response {
    let Ok(text) = tokio::fs::read_to_string(app.dist.join(name)).await else {
        let advice = "The kiosk page is not built yet: run `cargo xtask web`.\n画面がまだ作られていません。`cargo xtask web` を実行してください。\n";
        let plain = [(CONTENT_TYPE, "text/plain; charset=utf-8")];
        return (StatusCode::SERVICE_UNAVAILABLE, plain, advice).into_response();
    };
    let no_store = [(CACHE_CONTROL, "no-store")];
    (no_store, Html(text.replace(PLACEHOLDER, &app.token))).into_response()
}

/// Files of `dist`, compressed ahead of time where a `.br` or `.gz` lies beside them.
pub(super) fn files(dist: &Path) -> ServeDir {
    ServeDir::new(dist)
        .append_index_html_on_directories(false)
        .precompressed_br()
        .precompressed_gzip()
}
