//! A note of staff about a visit.

use super::App;
use super::staff::{Refused, change, kept, refused};
use crate::board::NotNoted;
use crate::rights::Act;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use checkin::VisitId;
use protocol::Redacted;
use protocol::staff::SetNote;
use std::sync::Arc;

pub(super) async fn note(State(app): State<Arc<App>>, headers: HeaderMap, text: Bytes) -> Response {
    let (staff, SetNote { visit, was, note }) = match change(&app, &headers, &text, Act::Row) {
        Ok(asked) => asked,
        Err(refused) => return refused.into_response(),
    };
    let board = &app.site.ledgers.of(staff.kind).board;
    let was = was.as_ref().map(Redacted::expose);
    match board.note(VisitId(visit), was, note.expose(), &staff.by) {
        Ok(()) => kept(&app, staff.kind).await,
        Err(why) => because(why).into_response(),
    }
}

fn because(why: NotNoted) -> Refused {
    let (status, advice) = match why {
        NotNoted::Gone => (StatusCode::NOT_FOUND, "That visit is not there: reload."),
        NotNoted::Changed => {
            (StatusCode::CONFLICT, "Somebody has written another note: look at it first.")
        }
        NotNoted::NotOneLine => {
            (StatusCode::UNPROCESSABLE_ENTITY, "A note is one line of 200 characters at most.")
        }
    };
    refused(status, advice)
}
