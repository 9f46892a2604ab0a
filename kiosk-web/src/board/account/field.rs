//! Fields of the account forms, as password managers know them. The browser sends no form in which one is empty: a wrong
//! password counts.

use crate::words::say;
use leptos::prelude::*;
use protocol::Redacted;

/// One line of text.
#[component]
pub(super) fn Line(
    /// Its name.
    #[prop(into)]
    label: Signal<String>,
    /// `data-test` and name.
    id: &'static str,
    /// What a password manager may put there.
    autocomplete: &'static str,
    /// `text` or `numeric`.
    #[prop(default = "text")]
    keyboard: &'static str,
    /// An account may have none.
    #[prop(optional)]
    optional: bool,
    /// What is typed.
    text: RwSignal<String>,
) -> impl IntoView {
    view! {
        <label class="field field--line">
            <span class="label">{label}</span>
            <input class="field__box field__box--text" type="text" name=id autocomplete=autocomplete inputmode=keyboard required=!optional
                autocapitalize="off" spellcheck="false" data-test=id
                prop:value=move || text.get() on:input=move |event| text.set(event_target_value(&event))/>
        </label>
    }
}

/// A password, hidden until it is to be shown.
#[component]
pub(super) fn Password(
    /// Its name.
    #[prop(into)]
    label: Signal<String>,
    /// `data-test` and name.
    id: &'static str,
    /// `current-password` or `new-password`.
    autocomplete: &'static str,
    /// What is typed.
    text: RwSignal<Redacted>,
) -> impl IntoView {
    let shown = RwSignal::new(false);
    view! {
        <label class="field field--line">
            <span class="label">{label}</span>
            <input class="field__box field__box--text" name=id autocomplete=autocomplete data-test=id required=true
                type=move || if shown.get() { "text" } else { "password" }
                autocapitalize="off" spellcheck="false"
                prop:value=move || text.with(|text| text.expose().to_owned())
                on:input=move |event| text.set(Redacted::new(event_target_value(&event)))/>
        </label>
        <label class="option option--small">
            <input type="checkbox" prop:checked=move || shown.get() on:change=move |event| shown.set(event_target_checked(&event))/>
            <span>{say!(account.show)}</span>
        </label>
    }
}
