//! A drawing of the card front that shows where each number is printed.

use crate::model::code_form::Field;
use crate::words::say;
use leptos::prelude::*;

/// The front with a mark at the number that is typed now.
#[component]
pub(crate) fn CardFront(
    /// The field that is typed now.
    #[prop(into)]
    current: Signal<Field>,
) -> impl IntoView {
    let mark = move |fields: &'static [Field]| {
        move || {
            if fields.contains(&current.get()) {
                "front__mark front__mark--now"
            } else {
                "front__mark"
            }
        }
    };
    view! {
        <svg class="front" viewBox="0 0 428 270" role="img" aria-label=say!(code.picture)>
            <rect class="front__ground" x="1" y="1" width="426" height="268" rx="16"/>
            <text class="front__label" x="24" y="34">{say!(code.card_name)}</text>
            <path class="front__bar" d="M74 29h150"/>
            <text class="front__label" x="24" y="62">{say!(code.card_address)}</text>
            <path class="front__bar" d="M74 57h230"/>
            <rect class="front__photo" x="22" y="78" width="96" height="124" rx="4"/>
            <circle class="front__person" cx="70" cy="122" r="22"/>
            <path class="front__person" d="M30 202c0-30 16-46 40-46s40 16 40 46z"/>
            <rect class=mark(&[Field::EraYear, Field::Month, Field::Day]) x="126" y="76" width="136" height="40" rx="6"/>
            <text class="front__number" x="132" y="103">"昭和55.2.17"</text>
            <rect class=mark(&[Field::ExpiryYear]) x="268" y="76" width="66" height="40" rx="6"/>
            <text class="front__number" x="276" y="103">"2035"</text>
            <text class="front__number front__number--small" x="338" y="101">{say!(code.card_until)}</text>
            <path class="front__bar" d="M140 150h150"/>
            <rect class=mark(&[Field::SecurityCode]) x="28" y="212" width="78" height="44" rx="6"/>
            <text class="front__number" x="42" y="241">"2285"</text>
        </svg>
    }
}
