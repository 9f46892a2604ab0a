//! Where the person is, and when: name of the institution, date and clock, beside the mark of the kiosk.

use super::header::Mark;
use crate::effects::page;
use crate::shell::Shell;
use crate::words::{self, language};
use gloo_timers::callback::Interval;
use leptos::prelude::*;

/// How often the clock is looked at, in milliseconds: it is never more than this behind.
const TICK_MS: u32 = 1_000;

/// Name, date and clock.
#[component]
pub(crate) fn Place() -> impl IntoView {
    let (shell, language) = (Shell::get(), language());
    let name = move || match shell.institution_name.get() {
        Some(name) => {
            let (name, lang) = words::named(language.0.get(), &name);
            view! { <span class="place__name" lang=lang data-test="institution">{name}</span> }
                .into_any()
        }
        None => view! {
            <span class="wordmark__name" lang="ja">"受付"</span>
            <span class="wordmark__latin" lang="en">"Uketsuke"</span>
        }
        .into_any(),
    };
    view! {
        <div class="wordmark">
            <Mark/>
            {name}
            <Clock/>
        </div>
    }
}

/// Date and time in Japan, in the language of the page.
#[component]
fn Clock() -> impl IntoView {
    let language = language();
    let second = RwSignal::new(0_u32);
    let ticks =
        Interval::new(TICK_MS, move || second.update(|second| *second = second.wrapping_add(1)));
    let ticks = StoredValue::new_local(ticks);
    on_cleanup(move || ticks.dispose());
    // The words change once a minute; in between nothing of the page is touched.
    let now = Memo::new(move |_| {
        second.track();
        page::date_and_time(language.0.get().tag())
    });
    view! {
        <time class="place__clock" data-test="clock">
            <span>{move || now.get().0}</span>" "<strong>{move || now.get().1}</strong>
        </time>
    }
}
