//! Reception number and where to wait: what every visit ends with.

use crate::words::{self, language, say, text};
use leptos::prelude::*;
use protocol::screen::After;

/// The number, large, and one sentence.
#[component]
pub(crate) fn Ticket(
    /// Number and place.
    after: After,
) -> impl IntoView {
    let language = language();
    let After { number, destination } = after;
    let counted = number.is_some();
    let sentence = move || {
        let locale = language.0.get();
        match &destination {
            _ if !counted => text!(locale, after.no_number).to_owned(),
            Some(place) => {
                let (place, _) = words::named(locale, place);
                text!(locale, after.place, place)
            }
            None => text!(locale, after.reception).to_owned(),
        }
    };
    // Broken between sentences before anywhere else.
    let lines = move || {
        let text = sentence();
        let parts = text
            .split_inclusive('。')
            .map(|part| view! { <span class="ticket__sentence">{part.to_owned()}</span> });
        parts.collect_view()
    };
    let number = number.map(|number| {
        // Heard digit by digit, as it is called out.
        let digits: String = number.to_string().chars().flat_map(|digit| [digit, ' ']).collect();
        let spoken = move || {
            let digits = digits.trim_end();
            text!(language.0.get(), after.spoken, digits)
        };
        view! {
            <p class="ticket__label" aria-hidden="true">{say!(after.number)}</p>
            <p class="ticket__number" aria-hidden="true" data-test="reception-number">{number}</p>
            <p class="visually-hidden">{spoken}</p>
        }
    });
    view! {
        <section class="panel ticket" data-test="ticket">
            {number}
            <p class="ticket__place" data-test="place-to-wait">{lines}</p>
        </section>
    }
}
