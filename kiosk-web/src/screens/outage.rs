//! Nobody can be served, or not on this page.

use super::ways::OtherWays;
use crate::components::button::{Button, Kind};
use crate::components::frame::{Busy, Frame};
use crate::components::notice::{Notice, Tint};
use crate::shell::Shell;
use crate::words::{language, say, text};
use leptos::prelude::*;
use protocol::screen::Fault;

/// No connection to the bridge; it comes back by itself.
#[component]
pub(crate) fn Offline() -> impl IntoView {
    view! {
        <Frame name="offline" title=Signal::derive(say!(offline.title)) can_stop=false>
            <Busy text=Signal::derive(say!(offline.body))/>
        </Frame>
    }
}

/// Another page serves this kiosk.
#[component]
pub(crate) fn TakenOver() -> impl IntoView {
    let shell = Shell::get();
    let ways = move || {
        view! {
            <Button kind=Kind::Primary test="use-here" on_press=move || shell.take_back()>{say!(offline.use_here)}</Button>
        }
    };
    view! {
        <Frame name="taken_over" title=Signal::derive(say!(offline.taken_title)) can_stop=false ways>
            <p class="lead">{say!(offline.taken_body)}</p>
        </Frame>
    }
}

/// Page and bridge differ even after a reload.
#[component]
pub(crate) fn Outdated() -> impl IntoView {
    view! {
        <Frame name="outdated" title=Signal::derive(say!(offline.update_title)) can_stop=false>
            <p class="lead">{say!(offline.update_body)}</p>
        </Frame>
    }
}

/// The bridge cannot serve anybody now. Staff read which reader to connect again.
#[component]
pub(crate) fn OutOfService(fault: Fault, reader: Option<String>) -> impl IntoView {
    let language = language();
    let why = move || {
        let locale = language.0.get();
        match fault {
            Fault::ReaderMissing => text!(locale, fault.reader_missing),
            Fault::ServiceDown => text!(locale, fault.service_down),
            Fault::Starting => text!(locale, fault.starting),
            Fault::RecordsNotKept => text!(locale, fault.records_not_kept),
            Fault::ClockWrong => text!(locale, fault.clock_wrong),
        }
    };
    // Whoever cannot use the reader may still go on without it, unless nothing can be kept at all.
    let without_reader = !matches!(fault, Fault::RecordsNotKept | Fault::ClockWrong);
    view! {
        <Frame name="out_of_service" title=Signal::derive(say!(fault.title)) can_stop=false
            ways=move || without_reader.then(|| view! { <OtherWays words=Signal::derive(say!(ways.without_reader)) kind=Kind::Primary/> })>
            <p class="lead">{say!(fault.body)}</p>
            <Notice tint=Tint::Info test="fault">{why}</Notice>
            {(fault == Fault::ClockWrong).then(|| view! { <p class="small" data-test="accept-clock">{say!(common.accept_clock)}</p> })}
            {reader.map(|name| view! { <p class="small" data-test="reader">{move || text!(language.0.get(), common.reader_name, name = name.clone())}</p> })}
        </Frame>
    }
}
