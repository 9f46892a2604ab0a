//! What managers decide about the site.

use super::App;
use super::entrance::{audit, staff};
use super::staff::{MAX_SETTINGS_BYTES, change_within, refused};
use crate::checks::Sentence;
use crate::reader::Kind;
use crate::rights::Act;
use crate::settings::{Refusal, Setting};
use crate::store::{Actor, Deed};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use protocol::self_test::Sentence as Said;
use protocol::settings::{Change, Key, Settings, Wrong};
use std::sync::Arc;

pub(super) async fn look(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    match staff(&app, &headers, Act::SeeSettings) {
        Ok(_) => told(&app),
        Err(refused) => refused.into_response(),
    }
}

pub(super) async fn change(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    text: Bytes,
) -> Response {
    let asked = change_within::<Change>(&app, &headers, &text, Act::Settings, MAX_SETTINGS_BYTES);
    let (by, Change { seen, set, reset }) = match asked {
        Ok((staff, change)) => (staff.by, change),
        Err(refused) => return refused.into_response(),
    };
    let mut settings = Vec::with_capacity(set.len());
    for setting in set {
        let key = setting.key();
        match Setting::from_wire(setting) {
            Ok(setting) => settings.push(setting),
            Err(said) => return wrong(key, said),
        }
    }
    let there = Arc::clone(&app);
    // Also where nobody waits for the answer any more.
    let done = app.on_disk(move || change_and_tell(&there, seen, settings, &reset, &by)).await;
    match done {
        Ok(Ok(())) => told(&app),
        Ok(Err(Refusal::Wrong(key, said))) => wrong(key, said),
        Ok(Err(Refusal::Stale)) => {
            refused(StatusCode::CONFLICT, &Refusal::Stale.to_string()).into_response()
        }
        Ok(Err(Refusal::Disk(error))) => {
            tracing::error!(%error, "settings");
            unavailable()
        }
        Err(_) => unavailable(),
    }
}

/// Each setting that has another value now is in the audit, with both values.
fn change_and_tell(
    app: &App,
    seen: u64,
    set: Vec<Setting>,
    reset: &[Key],
    by: &Actor,
) -> Result<(), Refusal> {
    for changed in app.site.settings.change(seen, set, reset)? {
        audit(app, Kind::Pcsc, Deed::SettingChanged(changed), Some(by.clone()));
    }
    Ok(())
}

fn told(app: &App) -> Response {
    let (version, entries) = app.site.settings.look();
    let supervised = app.site.settings.now().supervised;
    Json(Settings { version, supervised, entries }).into_response()
}

fn wrong(key: Key, Sentence { ja, en }: Sentence) -> Response {
    (StatusCode::UNPROCESSABLE_ENTITY, Json(Wrong { key, said: Said { ja, en } })).into_response()
}

fn unavailable() -> Response {
    let advice = "The disk does not take it now: try again.";
    refused(StatusCode::SERVICE_UNAVAILABLE, advice).into_response()
}
