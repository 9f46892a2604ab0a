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
            <rect class="front__photo" x="300" y="66" width="104" height="134" rx="4"/>
            <circle class="front__person" cx="352" cy="114" r="24"/>
            <path class="front__person" d="M308 200c0-32 18-50 44-50s44 18 44 50z"/>
            <text class="front__label" x="24" y="42">{say!(code.card_name)}</text>
            <path class="front__bar" d="M74 37h150"/>
            <text class="front__label" x="24" y="80">{say!(code.card_address)}</text>
            <path class="front__bar" d="M74 75h190M74 99h130"/>
            <rect class=mark(&[Field::EraYear, Field::Month, Field::Day]) x="16" y="130" width="132" height="44" rx="6"/>
            <text class="front__number" x="24" y="158">"昭和55.2.17"</text>
            <rect class=mark(&[Field::ExpiryYear]) x="156" y="130" width="68" height="44" rx="6"/>
            <text class="front__number" x="164" y="158">"2035"</text>
            <text class="front__number front__number--small" x="226" y="158">"年…"</text>
            <text class="front__label" x="24" y="206">{say!(code.card_until)}</text>
            <path class="front__bar" d="M100 201h100"/>
            <rect class=mark(&[Field::SecurityCode]) x="316" y="210" width="72" height="44" rx="6"/>
            <text class="front__number" x="328" y="240">"2285"</text>
        </svg>
    }
}
