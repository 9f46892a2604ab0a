//! 目視 from the staff board: whom to compare with, yes, and no. Each names the kiosk and the view that was seen there, so that
//! nothing is told or decided about anybody who came meanwhile; the visit itself decides what it means.

use super::App;
use super::staff::{Refused, change, looked, refused, wrong};
use crate::desk::{Input, ToCompare};
use crate::kiosk::Kiosk;
use crate::rights::Act;
use crate::sessions::Staff;
use crate::store::Actor;
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use card::Photo;
use checkin::Action;
use checkin::deadlines::LOCAL_MS;
use checkin::identity::VisualReason;
use checkin::secret::Passcode;
use protocol::staff::{AtKiosk, Confirm, ToCompare as Shown};
use protocol::{Redacted, Screen};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;
use wire::Twin as _;
use zeroize::Zeroizing;

/// For a passcode to be checked and the visit to go on, which it does by itself after [`LOCAL_MS`].
const CONFIRMING: Duration = Duration::from_millis(LOCAL_MS + 1_000);

/// Yes. By the facility's passcode, as at the kiosk: the same throttle, the same audit. Or without it by an account, which names
/// who it was.
pub(super) async fn confirm(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    text: Bytes,
) -> Response {
    let asked = change::<Confirm>(&app, &headers, &text, Act::Confirm);
    let asked = asked.and_then(|(staff, Confirm { kiosk, seen, passcode, reason })| {
        let action = confirming(&staff, passcode.as_ref(), VisualReason::from_wire(reason))?;
        Ok((staff, AtKiosk { kiosk, seen }, action))
    });
    match asked {
        Ok((staff, at, action)) => decide(&app, staff, at, action).await,
        Err(refused) => refused.into_response(),
    }
}

/// No, as easily.
pub(super) async fn refuse(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    text: Bytes,
) -> Response {
    match change::<AtKiosk>(&app, &headers, &text, Act::Confirm) {
        Ok((staff, at)) => decide(&app, staff, at, Action::NotConfirmed).await,
        Err(refused) => refused.into_response(),
    }
}

/// What the chip told, for those who may decide. Never in a list, and over with the wait.
pub(super) async fn face(State(app): State<Arc<App>>, headers: HeaderMap, text: Bytes) -> Response {
    let (staff, at) = match change::<AtKiosk>(&app, &headers, &text, Act::Confirm) {
        Ok(asked) => asked,
        Err(refused) => return refused.into_response(),
    };
    match ask(&app, &staff, &at).await {
        Some(ToCompare { birth, photo }) => {
            let birth = birth.map(|birth| Redacted::new(birth.to_string()));
            let picture = match photo {
                Some(photo) => {
                    tokio::task::spawn_blocking(move || png(&photo)).await.ok().flatten()
                }
                None => None,
            };
            Json(Shown { birth, picture }).into_response()
        }
        None => over().into_response(),
    }
}

fn confirming(
    staff: &Staff,
    passcode: Option<&Redacted>,
    reason: VisualReason,
) -> Result<Action, Refused> {
    match (staff.account(), passcode) {
        (Some(_), None) => Ok(Action::VisualByAccount { reason }),
        (None, Some(passcode)) => {
            let passcode = wire::four("passcode", passcode, Passcode::parse)
                .map_err(|error| refused(StatusCode::BAD_REQUEST, &error.to_string()))?;
            Ok(Action::Visual { passcode, reason })
        }
        (Some(_), Some(_)) => {
            let advice = "Your account confirms by itself: leave the passcode out.";
            Err(refused(StatusCode::BAD_REQUEST, advice))
        }
        (None, None) => Err(refused(StatusCode::BAD_REQUEST, "Send the facility's passcode.")),
    }
}

fn over() -> Refused {
    refused(StatusCode::CONFLICT, "Nobody waits there for this any more: look again.")
}

/// The kiosk of this name whose visits these staff see.
pub(super) fn named<'a>(app: &'a App, staff: &Staff, name: &str) -> Option<&'a Kiosk> {
    app.kiosks.at(staff.kind).find(|one| one.name.as_str() == name).map(|kiosk| &**kiosk)
}

async fn ask(app: &App, staff: &Staff, at: &AtKiosk) -> Option<ToCompare> {
    let kiosk = named(app, staff, &at.kiosk)?;
    let (answer, told) = oneshot::channel();
    let input = Input::Compare { seen: at.seen, by: staff.by.clone(), answer };
    kiosk.desk.inbox.send(input).await.ok()?;
    told.await.ok()?
}

async fn decide(app: &App, staff: Staff, at: AtKiosk, action: Action) -> Response {
    let decided = match named(app, &staff, &at.kiosk) {
        Some(kiosk) => decide_at(kiosk, at.seen, action, staff.by).await,
        None => Err(over()),
    };
    match decided {
        Ok(()) => looked(app, staff.kind).await,
        Err(refused) => refused.into_response(),
    }
}

async fn decide_at(kiosk: &Kiosk, seen: u64, action: Action, by: Actor) -> Result<(), Refused> {
    let mut views = kiosk.desk.views.clone();
    let (taken, was_taken) = oneshot::channel();
    let input = Input::Compared { seen, action, by, taken };
    kiosk.desk.inbox.send(input).await.map_err(|_| over())?;
    if was_taken.await != Ok(true) {
        return Err(over());
    }
    let judged =
        views.wait_for(|view| view.revision > seen && view.screen != Screen::CheckingPasscode);
    let screen = match tokio::time::timeout(CONFIRMING, judged).await {
        Ok(Ok(view)) => view.screen.clone(),
        _ => return Err(over()),
    };
    match screen {
        Screen::Staff { problem: Some(problem) } => Err(wrong(problem)),
        _ => Ok(()),
    }
}

/// For browsers, which cannot show what cards have; `None` where it is no picture that can be shown. The issuer's signature over
/// it was checked when it was read, and its size is before it is decoded.
fn png(photo: &Photo) -> Option<Redacted> {
    let picture = face::jp2::decode(photo.jp2()).ok()?;
    let frame = picture.frame();
    let (width, height) = (frame.width(), frame.height());
    let mut pixels = Zeroizing::new(Vec::with_capacity(3 * width * height));
    for y in 0..height {
        for x in 0..width {
            pixels.extend_from_slice(&frame.rgb(x, y));
        }
    }
    // An upper bound, so that it is never moved: pixels as they are, a filter's byte a row, and heads.
    let mut file = Zeroizing::new(Vec::with_capacity(pixels.len() + pixels.len() / 8 + 4096));
    let sides = (u32::try_from(width).ok()?, u32::try_from(height).ok()?);
    let mut encoder = png::Encoder::new(&mut *file, sides.0, sides.1);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_compression(png::Compression::Fast);
    encoder.write_header().ok()?.write_image_data(&pixels).ok()?;
    Some(Redacted::new(BASE64_STANDARD.encode(&*file)))
}
