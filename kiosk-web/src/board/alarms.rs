//! What is wrong with the kiosk itself, above the visits: what it means and what to do.

use super::state::BoardState;
use crate::components::notice::{Notice, Tint};
use crate::words::{self, language};
use leptos::prelude::*;
use protocol::staff::Alarm;

/// One notice for each; nothing when all is well.
#[component]
pub(super) fn Alarms(state: BoardState) -> impl IntoView {
    let language = language();
    // Read out anew only when something changed.
    let alarms = Memo::new(move |_| {
        state
            .board
            .with(|board| board.as_ref().map(|board| board.alarms.clone()).unwrap_or_default())
    });
    let notice = move |alarm: Alarm| {
        let (tint, test) = match alarm {
            Alarm::RecordsWait { .. } => (Tint::Error, "alarm-records-wait"),
            Alarm::RecordsLost { .. } => (Tint::Error, "alarm-records-lost"),
            Alarm::ResultsWait { .. } => (Tint::Warning, "alarm-results-wait"),
            Alarm::ClockWrong => (Tint::Error, "alarm-clock-wrong"),
            Alarm::DatabaseAway { .. } => (Tint::Warning, "alarm-database-away"),
            Alarm::TerminalAway => (Tint::Warning, "alarm-terminal-away"),
            Alarm::SelfTest { .. } => (Tint::Error, "alarm-self-test"),
            Alarm::LogInsRefused { .. } => (Tint::Warning, "alarm-log-ins-refused"),
        };
        view! { <Notice tint test>{move || words::alarm(language.0.get(), &alarm)}</Notice> }
    };
    move || alarms.get().into_iter().map(notice).collect_view()
}
