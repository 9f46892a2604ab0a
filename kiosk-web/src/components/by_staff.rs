//! Staff have typed into the form that is up: said where it stands, and to screen readers from a place that stays while the form
//! is drawn anew.

use super::notice::{Notice, Tint};
use crate::shell::Shell;
use crate::words::say;
use leptos::prelude::*;

/// Above the fields.
#[component]
pub(crate) fn ByStaff() -> impl IntoView {
    let shell = Shell::get();
    view! {
        <Show when=move || shell.by_staff.get()>
            <Notice tint=Tint::Info test="by-staff">{say!(numbers.by_staff)}</Notice>
        </Show>
    }
}

/// The same, heard only.
#[component]
pub(crate) fn Heard() -> impl IntoView {
    let shell = Shell::get();
    view! {
        <p class="visually-hidden" role="status">
            <Show when=move || shell.by_staff.get()>{say!(numbers.by_staff)}</Show>
        </p>
    }
}
