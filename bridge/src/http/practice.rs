//! The practice tray: put cards on the reader, pull them off, make one from the camera.

use super::at::At;
use super::{App, guard};
use crate::kiosk::Kiosk;
use crate::reader::practice::{Tray, TrayError};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use protocol::practice::{CAMERA_CARD, PORTRAIT_HEIGHT, PORTRAIT_WIDTH, Place, PracticeCard};
use std::sync::Arc;
use virtual_card::{Persona, Portrait};
use zeroize::Zeroizing;

const NO_TRAY: &str = "This kiosk uses a real reader: there is no practice tray.\n";
const NOT_OURS: &str = "Only the practice page of this program may do this: reload it.\n";
/// A placement is a short JSON text.
const MAX_PLACE_BYTES: usize = 1024;

type Refused = (StatusCode, &'static str);

/// The tray, if the request may touch it.
fn tray_for<'a>(
    app: &App,
    kiosk: &'a Kiosk,
    headers: &HeaderMap,
    changes: bool,
) -> Result<&'a Arc<Tray>, Refused> {
    if !guard::has_token(app, headers) || (changes && !guard::is_same_origin(app, headers)) {
        return Err((StatusCode::FORBIDDEN, NOT_OURS));
    }
    kiosk.tray.as_ref().ok_or((StatusCode::NOT_FOUND, NO_TRAY))
}

pub(super) async fn tray(
    State(app): State<Arc<App>>,
    At(kiosk): At,
    headers: HeaderMap,
) -> Response {
    match tray_for(&app, &kiosk, &headers, false) {
        Ok(tray) => look(tray),
        Err(refused) => refused.into_response(),
    }
}

fn look(tray: &Tray) -> Response {
    let (personas, placed) = tray.look();
    let cards = personas.iter().map(printed).collect();
    Json(protocol::practice::Tray { active: tray.is_active(), cards, placed }).into_response()
}

pub(super) async fn place(
    State(app): State<Arc<App>>,
    At(kiosk): At,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let tray = match tray_for(&app, &kiosk, &headers, true) {
        Ok(tray) => tray,
        Err(refused) => return refused.into_response(),
    };
    let place = (body.len() <= MAX_PLACE_BYTES)
        .then(|| serde_json::from_slice::<Place>(&body).ok())
        .flatten();
    let Some(place) = place else {
        return (StatusCode::BAD_REQUEST, "Send {\"id\": \"...\"} with the id of a card.\n")
            .into_response();
    };
    match tray.place(&place.id) {
        Ok(()) => look(tray),
        Err(error @ TrayError::Unknown) => {
            (StatusCode::NOT_FOUND, error.to_string()).into_response()
        }
        Err(error @ TrayError::Inactive) => {
            (StatusCode::CONFLICT, error.to_string()).into_response()
        }
    }
}

pub(super) async fn remove(
    State(app): State<Arc<App>>,
    At(kiosk): At,
    headers: HeaderMap,
) -> Response {
    match tray_for(&app, &kiosk, &headers, true) {
        Ok(tray) => {
            tray.remove();
            look(tray)
        }
        Err(refused) => refused.into_response(),
    }
}

pub(super) async fn portrait(
    State(app): State<Arc<App>>,
    At(kiosk): At,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let tray = match tray_for(&app, &kiosk, &headers, true) {
        Ok(tray) => Arc::clone(tray),
        Err(refused) => return refused.into_response(),
    };
    if body.len() != PORTRAIT_WIDTH * PORTRAIT_HEIGHT {
        let advice = format!("Send {PORTRAIT_WIDTH} x {PORTRAIT_HEIGHT} grey bytes, row by row.\n");
        return (StatusCode::BAD_REQUEST, advice).into_response();
    }
    let grey = Zeroizing::new(body.to_vec());
    drop(body);
    let made = tokio::task::spawn_blocking(move || {
        let width = u32::try_from(PORTRAIT_WIDTH).expect("a small constant");
        let height = u32::try_from(PORTRAIT_HEIGHT).expect("a small constant");
        let portrait = Portrait::from_grey(&grey, width, height).ok()?;
        tray.put(tray.template(CAMERA_CARD, "カメラの写真から作った練習カード")?, portrait);
        Some(look(&tray))
    });
    match made.await {
        Ok(Some(response)) => response,
        _ => (StatusCode::UNPROCESSABLE_ENTITY, "The picture cannot become a card photo.\n")
            .into_response(),
    }
}

/// What stands on the card front, so that a person can type it.
fn printed(persona: &Persona) -> PracticeCard {
    let holder = persona.holder.as_ref();
    PracticeCard {
        id: persona.id.clone(),
        story: persona.story.clone(),
        name: holder.map(|holder| holder.name.clone()).unwrap_or_default(),
        birth_printed: holder.map(|holder| checkin::era::printed(holder.birth)).unwrap_or_default(),
        expiry_year: holder
            .map_or(0, |holder| u16::try_from(holder.card_expiry.year()).unwrap_or(0)),
        security_code: holder.map(|holder| holder.code.reveal().to_owned()).unwrap_or_default(),
        pin: holder.and_then(|holder| holder.auth_pin.as_ref()).map(|pin| pin.reveal().to_owned()),
    }
}
