//! Which kiosk an address is about.

use super::App;
use crate::kiosk::Kiosk;
use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Response};
use std::sync::Arc;

/// What stands in routes for the name.
pub(super) const NAME: &str = "kiosk";

/// The kiosk that the address names: `/k/NAME` and what lies under it. Addresses without a name are the first one's.
pub(super) struct At(pub(super) Arc<Kiosk>);

impl FromRequestParts<Arc<App>> for At {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Response> {
        let params = RawPathParams::from_request_parts(parts, app).await;
        let params = params.map_err(axum::response::IntoResponse::into_response)?;
        let kiosk = match params.iter().find(|(name, _)| *name == NAME) {
            None => Some(app.kiosks.first()),
            Some((_, name)) => app.kiosks.find(name),
        };
        kiosk.cloned().map(Self).ok_or_else(|| unknown(app))
    }
}

fn unknown(app: &App) -> Response {
    let there: Vec<_> = app.kiosks.iter().map(|kiosk| format!("/k/{}", kiosk.name)).collect();
    let advice = format!(
        "There is no kiosk of this name. Open one of these, or add it to the configuration: {there}\nこの名前の受付はありません。次のどれかを開くか、設定ファイルに加えてください: {there}\n",
        there = there.join(" ")
    );
    let plain = [(CONTENT_TYPE, "text/plain; charset=utf-8")];
    (StatusCode::NOT_FOUND, plain, advice).into_response()
}
