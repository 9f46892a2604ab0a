//! What managers decide about the site.

use super::App;
use super::entrance::{audit, staff};
use super::staff::{MAX_SETTINGS_BYTES, change_within, refused};
use crate::checks::{self, Finding, Sentence};
use crate::kiosk::Kiosk;
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
use protocol::settings::{Attached, AttachedTo, Change, Key, Settings, Wrong};
use std::path::PathBuf;
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
    let folder = settings.iter().find_map(|setting| match setting {
        Setting::ResultFolder(folder) => Some(folder.clone()),
        _ => None,
    });
    if let Some(folder) = folder
        && let Some(said) = no_folder(&app, folder).await
    {
        return wrong(Key::ResultFolder, said);
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
    let changed = app.site.settings.change(seen, set, reset)?;
    // Boards show some of them.
    app.site.shown.send_modify(|count| *count += 1);
    for changed in changed {
        audit(app, Kind::Pcsc, Deed::SettingChanged(changed), Some(by.clone()));
    }
    Ok(())
}

/// What there is to choose from: the readers by the names that `doctor` prints, and what each kiosk's page has told of.
pub(super) async fn attached(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    if let Err(refused) = staff(&app, &headers, Act::SeeSettings) {
        return refused.into_response();
    }
    let readers = app.looks.call(app.limits.look, checks::listed).await;
    let at = |kiosk: &Arc<Kiosk>| AttachedTo {
        kiosk: kiosk.name.to_string(),
        title: kiosk.title.clone(),
        cameras: kiosk.known_cameras(),
    };
    let kiosks = app.kiosks.iter().map(at).collect();
    Json(Attached { readers: readers.ok().and_then(Result::ok), kiosks }).into_response()
}

/// Why result files cannot go to a folder: a file is made in it and removed. The folder that is in use may give trouble all the same:
/// whoever only saves other things is not kept from it.
async fn no_folder(app: &App, folder: PathBuf) -> Option<Sentence> {
    if folder == app.site.settings.now().result_folder {
        return None;
    }
    if !folder.is_absolute() {
        return Some(Sentence::new(
            "フォルダーの場所を / から始めて（Windows では C:\\ のように）すべて入れてください",
            "write the whole path of the folder",
        ));
    }
    let late = Sentence::new(
        "フォルダーが答えません。共有とネットワークを確かめてください",
        "the folder does not answer: check the share and the network",
    );
    let look = move || checks::results(&folder, false);
    match app.looks.call(app.limits.look, look).await {
        Ok(Finding::Wrong(said)) => Some(said),
        Ok(_) => None,
        Err(_) => Some(late),
    }
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
