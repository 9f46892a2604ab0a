//! What staff do at the reception about a visit and tell the board: look at a document, enter a number that they know.

use super::App;
use super::staff::{Refused, audit, change, refused, saved};
use crate::rights::Act;
use crate::sessions::Staff;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use checkin::claim::TypedKnown;
use checkin::documents::PaperItem;
use checkin::time::in_japan;
use checkin::{Record, VisitId};
use jiff::Timestamp;
use protocol::staff::{Known, SeePaper};
use std::sync::Arc;
use wire::Twin as _;

/// Longest field in characters; the rules of each are stricter.
const LONGEST: usize = 100;

pub(super) async fn paper(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    text: Bytes,
) -> Response {
    let (staff, SeePaper { visit, seen }) = match change(&app, &headers, &text, Act::Row) {
        Ok(asked) => asked,
        Err(refused) => return refused.into_response(),
    };
    let visit = VisitId(visit);
    let seen: Vec<_> = seen.into_iter().map(PaperItem::from_wire).collect();
    match app.site.ledgers.of(staff.kind).board.see_paper(visit, &seen) {
        Some(true) => done(&app, &staff, visit, Record::PaperSeen).await,
        Some(false) => {
            let advice = "Look at everything that the row names, then send all of it.";
            refused(StatusCode::UNPROCESSABLE_ENTITY, advice).into_response()
        }
        None => gone().into_response(),
    }
}

pub(super) async fn known(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    text: Bytes,
) -> Response {
    let asked = change(&app, &headers, &text, Act::Row);
    let (staff, (visit, typed)) = match asked.and_then(|(staff, known)| Ok((staff, typed(known)?)))
    {
        Ok(asked) => asked,
        Err(refused) => return refused.into_response(),
    };
    let today = in_japan(Timestamp::now()).date();
    match app.site.ledgers.of(staff.kind).board.know(visit, &typed, today) {
        Some(Ok(())) => done(&app, &staff, visit, Record::KnownNumberEntered).await,
        Some(Err(error)) => {
            refused(StatusCode::UNPROCESSABLE_ENTITY, &error.to_string()).into_response()
        }
        None => gone().into_response(),
    }
}

fn typed(known: Known) -> Result<(VisitId, TypedKnown), Refused> {
    let Known { visit, insurer_number, symbol, number, branch, past } = known;
    let text = |text: protocol::Redacted| {
        if text.expose().chars().count() <= LONGEST {
            Ok(text.expose().to_owned())
        } else {
            Err(refused(StatusCode::BAD_REQUEST, "A field has at most 100 characters."))
        }
    };
    let typed = TypedKnown {
        insurer_number: text(insurer_number)?,
        symbol: text(symbol)?,
        number: text(number)?,
        branch: text(branch)?,
        past,
    };
    Ok((VisitId(visit), typed))
}

async fn done(app: &App, staff: &Staff, visit: VisitId, record: Record) -> Response {
    audit(app, staff, visit, record);
    saved(app, staff.kind, visit).await
}

fn gone() -> Refused {
    refused(StatusCode::NOT_FOUND, "There is nothing of the kind to do: reload.")
}
