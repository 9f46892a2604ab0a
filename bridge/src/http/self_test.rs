//! The self-test: what was found last, and once more now.

use super::App;
use super::entrance::staff;
use crate::checks::{Finding, Sentence};
use crate::reader::Kind;
use crate::rights::Act;
use crate::self_test::{Found, Report};
use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Response};
use checkin::time::rfc3339;
use protocol::self_test as wire;
use protocol::staff::Alarm;
use std::sync::Arc;

pub(super) async fn last(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    match staff(&app, &headers, Act::Look) {
        Ok(staff) => told(app.self_test.last(staff.kind)),
        Err(refused) => refused.into_response(),
    }
}

pub(super) async fn run(State(app): State<Arc<App>>, headers: HeaderMap) -> Response {
    match staff(&app, &headers, Act::Test) {
        Ok(staff) => told(app.self_test.run(staff.kind, Some(staff.by)).await),
        Err(refused) => refused.into_response(),
    }
}

/// Until a test finds nothing to mend.
pub(super) fn alarm(app: &App, kind: Kind) -> Option<Alarm> {
    let report = app.self_test.last(kind)?;
    let count = u64::try_from(report.faults().count()).unwrap_or(u64::MAX);
    (count > 0).then(|| Alarm::SelfTest { count, since: rfc3339(report.at) })
}

fn told(report: Option<Report>) -> Response {
    let report = report.map(|Report { at, findings }| wire::Report {
        at: rfc3339(at),
        findings: findings.into_iter().map(finding).collect(),
    });
    Json(wire::SelfTest { report }).into_response()
}

fn finding(found: Found) -> wire::Finding {
    let Found { check, kiosk, finding } = found;
    let (state, Sentence { ja, en }) = match finding {
        Finding::Fine(said) => (wire::State::Fine, said),
        Finding::Note(said) => (wire::State::Note, said),
        Finding::Wrong(said) => (wire::State::Fault, said),
        Finding::Unknown(said) => (wire::State::NotTested, said),
    };
    wire::Finding { check, kiosk, state, said: wire::Sentence { ja, en } }
}
