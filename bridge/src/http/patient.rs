//! Staff say which patient of the list somebody is.

use super::App;
use super::staff::{Refused, change, kept, refused};
use crate::board::NotChosen;
use crate::rights::Act;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use checkin::VisitId;
use protocol::Redacted;
use protocol::staff::ChoosePatient;
use std::sync::Arc;

pub(super) async fn choose(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    text: Bytes,
) -> Response {
    let (staff, ChoosePatient { visit, chart }) = match change(&app, &headers, &text, Act::Row) {
        Ok(asked) => asked,
        Err(refused) => return refused.into_response(),
    };
    let board = &app.site.ledgers.of(staff.kind).board;
    match board.choose(VisitId(visit), chart.as_ref().map(Redacted::expose), &staff.by) {
        Ok(()) => kept(&app, staff.kind).await,
        Err(why) => because(why).into_response(),
    }
}

fn because(why: NotChosen) -> Refused {
    match why {
        NotChosen::Gone => {
            refused(StatusCode::NOT_FOUND, "There is nobody to choose for that visit: reload.")
        }
        NotChosen::Changed => refused(
            StatusCode::CONFLICT,
            "It is certain by now, or somebody else fits: look again.",
        ),
    }
}
