//! The call display (`/call`): who is called and where to, for the waiting room. Numbers and places only.

mod parts;
mod queue;

use crate::effects::sound::Sound;
use crate::effects::{awake, listen, page};
use crate::model::calls;
use crate::words::{Language, Tongue, text};
use gloo_timers::callback::Interval;
use leptos::ev;
use leptos::prelude::*;
use parts::{Called, Earlier, Message};
use protocol::call::Calls;
use queue::Queue;

/// Numbers beside the large one; what is older has been read.
const EARLIER: usize = 4;
/// How often clock and loudspeaker are looked at, in milliseconds.
const LOOK_MS: u32 = 1_000;

/// What is known.
#[derive(Clone, PartialEq)]
enum Told {
    /// Nothing yet.
    Nothing,
    /// What is called now.
    Live(Calls),
    /// The bridge is silent: no number is shown as if it were called.
    Silence,
}

/// What stands below the head.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Starting,
    Silence,
    Nobody,
    Calls,
}

/// The page.
#[component]
pub(crate) fn Display() -> impl IntoView {
    provide_context(Language(RwSignal::new(Tongue::JA)));
    page::mark_root("data-theme", page::wish("theme").as_deref());
    let (told, set_told) = signal(Told::Nothing);
    let sound = StoredValue::new_local(Sound::default());
    sound.with_value(Sound::wake);
    let queue = Queue::new(sound.get_value(), told);
    let hears = queue.clone();
    listen::listen(format!("{}/live", page::path().trim_end_matches('/')), move |calls| {
        if let Some(calls) = &calls {
            hears.take(calls);
        }
        set_told.set(calls.map_or(Told::Silence, Told::Live));
    });
    awake::keep_awake();
    let sounds = RwSignal::new(false);
    let clock = RwSignal::new(String::new());
    let look = move || {
        sounds.set(sound.with_value(Sound::is_allowed));
        clock.set(page::date_and_time("ja").1);
    };
    look();
    Interval::new(LOOK_MS, look).forget();
    // Browsers let a page sound once somebody has touched it.
    let touched = move || sound.with_value(Sound::wake);
    window_event_listener(ev::click, move |_| touched());
    window_event_listener(ev::keydown, move |_| touched());
    let announcing = queue.announcing;
    let shown = Memo::new(move |_| match told.get() {
        Told::Live(calls) => announcing.with(|now| calls::shown(&calls, now.as_ref())),
        _ => None,
    });
    let practice = move || told.with(|told| matches!(told, Told::Live(calls) if calls.practice));
    let large = Memo::new(move |_| shown.get().map(|(large, _)| large));
    let earlier = Memo::new(move |_| {
        let others = shown.get().map(|(_, others)| others).unwrap_or_default();
        others.into_iter().take(EARLIER).collect::<Vec<_>>()
    });
    let one = move || earlier.with(Vec::is_empty);
    let kind = Memo::new(move |_| match told.with(|told| matches!(told, Told::Live(_))) {
        true if large.with(Option::is_some) => Kind::Calls,
        true => Kind::Nobody,
        false if told.with(|told| *told == Told::Silence) => Kind::Silence,
        false => Kind::Starting,
    });
    let board = move || {
        match kind.get() {
        // Each call is an element of its own, which flashes as it comes.
        Kind::Calls => view! {
            <div class="call__board" class:call__board--one=one>
                <For each=move || large.get() key=|call| call.at_ms let:call><Called call/></For>
                <Show when=move || !one()><Earlier calls=earlier/></Show>
            </div>
        }
        .into_any(),
        Kind::Nobody => view! { <Message title=|l| text!(l, call.none) test="call-none"/> }.into_any(),
        Kind::Silence => view! {
            <Message title=|l| text!(l, call.silent_title) body=|l| text!(l, call.silent_body) test="call-silent"/>
        }
        .into_any(),
        Kind::Starting => view! { <div class="call__message" data-test="call-starting"></div> }.into_any(),
    }
    };
    let said = move || queue.announcing.with(|call| call.as_ref().map(parts::sentence));
    view! {
        <main class="call" data-screen="call">
            <header class="call__head">
                <h1>{text!(Tongue::JA, call.title)}<span lang="en">{text!(Tongue::EN, call.title)}</span></h1>
                <span class="call__clock">{clock}</span>
            </header>
            <Show when=practice>
                <p class="call__practice" data-test="call-practice">{text!(Tongue::JA, call.practice)}" "<span lang="en">{text!(Tongue::EN, call.practice)}</span></p>
            </Show>
            {board}
            <p class="visually-hidden" role="status" aria-live="assertive" data-test="call-said">{said}</p>
            <Show when=move || !sounds.get()>
                <button type="button" class="call__sound" data-test="call-sound">{text!(Tongue::JA, call.sound)}" "<span lang="en">{text!(Tongue::EN, call.sound)}</span></button>
            </Show>
        </main>
    }
}
