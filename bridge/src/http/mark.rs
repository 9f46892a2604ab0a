//! The two ticks of the staff board: called, and where to; done.

use super::staff::{Refused, change, kept, refused};
use super::{App, rows};
use crate::board::{Mark, NotMarked};
use crate::rights::Act;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use checkin::VisitId;
use protocol::staff::{self as wire, SetMark};
use std::sync::Arc;

pub(super) async fn mark(State(app): State<Arc<App>>, headers: HeaderMap, text: Bytes) -> Response {
    let asked = change::<SetMark>(&app, &headers, &text, Act::Row);
    let asked = asked.and_then(|(staff, SetMark { visit, seen, mark })| {
        Ok((staff, VisitId(visit), seen, read(&app, mark)?))
    });
    let (staff, visit, seen, mark) = match asked {
        Ok(asked) => asked,
        Err(refused) => return refused.into_response(),
    };
    let now = app.site.clock.now();
    match app.site.ledgers.of(staff.kind).board.mark(visit, seen, mark, &staff.by, now) {
        Ok(()) => kept(&app, staff.kind).await,
        Err(why) => because(why).into_response(),
    }
}

fn read(app: &App, mark: wire::Mark) -> Result<Mark, Refused> {
    Ok(match mark {
        wire::Mark::Called { to } => {
            let places = app.site.settings.now().call_places();
            let place = places.into_iter().find(|place| rows::place(place) == to);
            let none =
                || refused(StatusCode::CONFLICT, "The site has other places now: look again.");
            Mark::Called(place.ok_or_else(none)?)
        }
        wire::Mark::NotCalled => Mark::NotCalled,
        wire::Mark::Done => Mark::Done,
        wire::Mark::NotDone => Mark::NotDone,
    })
}

fn because(why: NotMarked) -> Refused {
    let (status, advice) = match why {
        NotMarked::Gone => (StatusCode::NOT_FOUND, "That visit is not there: reload."),
        NotMarked::Changed => (StatusCode::CONFLICT, "It was ticked a moment ago: look again."),
        NotMarked::NoNumber => {
            (StatusCode::UNPROCESSABLE_ENTITY, "That visit has no number to call.")
        }
        NotMarked::Nothing => (StatusCode::CONFLICT, "It is so already: look again."),
    };
    refused(status, advice)
}
