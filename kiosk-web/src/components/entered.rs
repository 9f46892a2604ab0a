//! Dots for a secret number: how many digits, never which.

use crate::model::digits::Digits;
use crate::words;
use crate::words::text;
use leptos::prelude::*;

/// As many dots as digits fit, the typed ones filled.
#[component]
pub(crate) fn Entered(
    /// What is being typed.
    digits: RwSignal<Digits>,
) -> impl IntoView {
    let language = words::language();
    let max = digits.with_untracked(Digits::max);
    let dots = (0..max).map(|place| {
        let class = move || {
            if digits.with(|digits| place < digits.len()) { "dot dot--filled" } else { "dot" }
        };
        view! { <span class=class></span> }
    });
    let words = move || {
        let count = digits.with(Digits::len);
        text!(language.0.get(), pin.entered, count)
    };
    view! {
        <div class="dots">
            <div class="dots__row" aria-hidden="true" data-test="dots">{dots.collect_view()}</div>
            <p class="visually-hidden" role="status">{words}</p>
        </div>
    }
}
