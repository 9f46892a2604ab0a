//! What a call display is made of. Everything stands there in both languages.

use crate::words;
use crate::words::{Tongue, text};
use leptos::prelude::*;
use protocol::call::{Call, Place};

/// Names of more characters are written smaller.
const SHORT: usize = 8;

/// Larger numbers are written smaller: four digits.
const SHORT_NUMBER: u16 = 999;

/// What a screen reader says of a call.
pub(super) fn sentence(call: &Call) -> String {
    let number = words::number_called(Tongue::JA, call.number);
    format!("{number} {}", words::place(Tongue::JA, &call.to))
}

fn is_long(place: &Place) -> bool {
    words::place(Tongue::JA, place).chars().count() > SHORT
}

/// The English name, unless it is the same.
fn english(place: &Place) -> Option<String> {
    let [ja, en] = [Tongue::JA, Tongue::EN].map(|locale| words::place(locale, place));
    (ja != en).then_some(en)
}

/// The large one.
#[component]
pub(super) fn Called(call: Call) -> impl IntoView {
    let Call { number, to, at_ms, .. } = call;
    let title = text!(Tongue::JA, call.number, number);
    // What follows the digits is written smaller.
    let after = title.replacen(&number.to_string(), "", 1);
    let (number_en, place_en) = (words::number_called(Tongue::EN, number), english(&to));
    let in_english = [Some(number_en), place_en].into_iter().flatten().collect::<Vec<_>>();
    view! {
        <section class="call__now call__now--new" data-test="call-now" data-call=at_ms.to_string()>
            <p class="call__number" class:call__number--long={number > SHORT_NUMBER}><span data-test="call-number">{number}</span><small>{after}</small></p>
            <p class="call__place" class:call__place--long=is_long(&to) data-test="call-place">{words::place(Tongue::JA, &to)}</p>
            <p class="call__english" lang="en">{in_english.join(" → ")}</p>
        </section>
    }
}

/// Those before it.
#[component]
pub(super) fn Earlier(calls: Memo<Vec<Call>>) -> impl IntoView {
    let line = |call: Call| {
        let (place, long) = (words::place(Tongue::JA, &call.to), is_long(&call.to));
        view! {
            <li data-test="call-earlier"><b>{call.number}</b><span class:call__long=long>{place}</span><span lang="en">{english(&call.to)}</span></li>
        }
    };
    view! {
        <section class="call__earlier">
            <h2>{text!(Tongue::JA, call.earlier)}</h2>
            <ol>{move || calls.get().into_iter().map(line).collect_view()}</ol>
        </section>
    }
}

/// Words in place of numbers.
#[component]
pub(super) fn Message(
    title: fn(Tongue) -> &'static str,
    #[prop(optional)] body: Option<fn(Tongue) -> &'static str>,
    test: &'static str,
) -> impl IntoView {
    let body = body.map(|body| view! { <p>{body(Tongue::JA)}</p> });
    view! {
        <div class="call__message" role="status" data-test=test>
            <p><strong>{title(Tongue::JA)}</strong></p>
            {body}
            <p lang="en">{title(Tongue::EN)}</p>
        </div>
    }
}
