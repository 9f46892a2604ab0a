//! What a call display is told, as server-sent events. Whoever may open the page may look: numbers and places, nothing that names
//! anybody, and nothing can be changed here.

use super::rows::place;
use super::{App, entrance, guard, pages};
use crate::board::Call;
use crate::reader::Kind;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse as _, Response};
use protocol::{ALIVE_MS, call as wire};
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, watch};

/// Between two events at most, whether anything has changed or not.
const ALIVE: Duration = Duration::from_millis(ALIVE_MS as u64);

/// One display.
struct Display {
    app: Arc<App>,
    practice: bool,
    kind: Kind,
    calls: watch::Receiver<Arc<[Call]>>,
    stop: watch::Receiver<bool>,
    /// It was told something.
    begun: bool,
    _place: OwnedSemaphorePermit,
}

pub(super) async fn live(State(app): State<Arc<App>>, uri: Uri, headers: HeaderMap) -> Response {
    if guard::is_of_another_site(&app, &headers) {
        let advice = "Only the call display of this program may listen here.\n";
        return (StatusCode::FORBIDDEN, advice).into_response();
    }
    let practice = uri.path().starts_with(pages::CALL_OF_PRACTICE);
    let Some(kind) = entrance::board_of(&app, practice) else {
        return (StatusCode::NOT_FOUND, "No kiosk practises now: open /call.\n").into_response();
    };
    let Ok(place) = Arc::clone(&app.displays).try_acquire_owned() else {
        let advice = "Too many call displays are open: close one.\n";
        return (StatusCode::SERVICE_UNAVAILABLE, advice).into_response();
    };
    let calls = app.site.ledgers.of(kind).board.calls();
    let stop = app.stop.clone();
    let display = Display { app, practice, kind, calls, stop, begun: false, _place: place };
    Sse::new(futures_util::stream::unfold(display, Display::event)).into_response()
}

impl Display {
    /// The next event; none when the program stops, or when this address has come to be about visits of the other kind: the
    /// display comes back by itself.
    async fn event(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        if std::mem::replace(&mut self.begun, true) {
            tokio::select! {
                _ = self.stop.wait_for(|stop| *stop) => return None,
                changed = self.calls.changed() => changed.ok()?,
                () = tokio::time::sleep(ALIVE) => {}
            }
        }
        if *self.stop.borrow() || entrance::board_of(&self.app, self.practice) != Some(self.kind) {
            return None;
        }
        let told = self.told();
        let text = serde_json::to_string(&told).expect("numbers and places can be written as JSON");
        Some((Ok(Event::default().data(text)), self))
    }

    fn told(&mut self) -> wire::Calls {
        let now = self.app.site.clock.now().wall;
        let call = |call: &Call| wire::Call {
            number: call.number,
            to: place(&call.called.to),
            at_ms: call.called.at_ms,
            times: call.called.times,
        };
        wire::Calls {
            practice: self.kind == Kind::Practice,
            now_ms: u64::try_from(now.as_millisecond()).unwrap_or(0),
            calls: self.calls.borrow_and_update().iter().map(call).collect(),
        }
    }
}
