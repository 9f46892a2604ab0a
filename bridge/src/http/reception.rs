//! What staff do at the reception about a visit and tell the board: look at a document, enter a number that they know.

use super::App;
use super::entrance::staff;
use super::staff::{Refused, audit, body, refused, saved};
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
    let asked = staff(&app, &headers, true).and_then(|()| body::<SeePaper>(&text));
    let SeePaper { visit, seen } = match asked {
        Ok(asked) => asked,
        Err(refused) => return refused.into_response(),
    };
    let visit = VisitId(visit);
    let seen: Vec<_> = seen.into_iter().map(PaperItem::from_wire).collect();
    match app.ledger().board.see_paper(visit, &seen) {
        Some(true) => done(app, visit, Record::PaperSeen).await,
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
    let asked = staff(&app, &headers, true).and_then(|()| body::<Known>(&text));
    let asked = match asked.and_then(typed) {
        Ok(asked) => asked,
        Err(refused) => return refused.into_response(),
    };
    let (visit, typed) = asked;
    let today = in_japan(Timestamp::now()).date();
    match app.ledger().board.know(visit, &typed, today) {
        Some(Ok(())) => done(app, visit, Record::KnownNumberEntered).await,
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

async fn done(app: Arc<App>, visit: VisitId, record: Record) -> Response {
    audit(app.ledger(), visit, record);
    saved(app, visit).await
}

fn gone() -> Refused {
    refused(StatusCode::NOT_FOUND, "There is nothing of the kind to do: reload.")
}
