//! When a board locks itself, and how long a kiosk waits for a person.

#![allow(
    clippy::large_types_passed_by_value,
    reason = "handles of signals, which are small in a browser"
)]

use super::{FieldError, Footer, Site};
use crate::words::{language, say, text};
use leptos::prelude::*;
use protocol::settings::{Key, Setting};

const LOCK: [Key; 1] = [Key::BoardLockMinutes];
const PATIENCE: [Key; 2] = [Key::ReadingSeconds, Key::PinSeconds];

/// A number that is being typed.
#[derive(Clone, Copy)]
struct Number {
    key: Key,
    text: RwSignal<String>,
    low: u16,
    high: u16,
}

impl Number {
    /// With what counts now.
    fn of(site: Site, key: Key) -> Self {
        let value = match site.value(key) {
            Some(
                Setting::BoardLockMinutes(number)
                | Setting::ReadingSeconds(number)
                | Setting::PinSeconds(number),
            ) => number.to_string(),
            _ => String::new(),
        };
        let bounds = untrack(|| site.entry(key)).and_then(|entry| entry.bounds);
        let (low, high) = bounds.unwrap_or_default();
        Self { key, text: RwSignal::new(value), low, high }
    }

    /// A number that is none is out of every bound, and told so by the bridge.
    fn typed(self) -> u16 {
        self.text.get_untracked().trim().parse().unwrap_or(u16::MAX)
    }
}

/// When a board locks itself.
#[component]
pub(super) fn LockForm(site: Site) -> impl IntoView {
    let language = language();
    let minutes = Number::of(site, LOCK[0]);
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        site.save(LOCK[0], vec![Setting::BoardLockMinutes(minutes.typed())]);
    };
    let (low, high) = (minutes.low, minutes.high);
    let hint = move || text!(language.0.get(), settings.lock_hint, low, high);
    view! {
        <form class="panel stack" on:submit=send data-test="settings-lock">
            <h3>{say!(settings.lock)}</h3>
            {number_field(site, minutes, "lock-minutes", say!(settings.lock_minutes), hint)}
            <Footer site keys=&LOCK/>
        </form>
    }
}

/// When a kiosk asks whether the person is still there.
#[component]
pub(super) fn PatienceForm(site: Site) -> impl IntoView {
    let language = language();
    let [reading, pin] = PATIENCE.map(|key| Number::of(site, key));
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let set = vec![Setting::ReadingSeconds(reading.typed()), Setting::PinSeconds(pin.typed())];
        site.save(PATIENCE[0], set);
    };
    let hint = move |number: Number| {
        move || {
            let (low, high) = (number.low, number.high);
            text!(language.0.get(), settings.seconds_hint, low, high)
        }
    };
    view! {
        <form class="panel stack" on:submit=send data-test="settings-patience">
            <h3>{say!(settings.patience)}</h3>
            <p class="small">{say!(settings.patience_hint)}</p>
            {number_field(site, reading, "reading-seconds", say!(settings.reading_seconds), hint(reading))}
            {number_field(site, pin, "pin-seconds", say!(settings.pin_seconds), hint(pin))}
            <Footer site keys=&PATIENCE/>
        </form>
    }
}

/// With its bounds, and what is wrong with it.
fn number_field(
    site: Site,
    number: Number,
    test: &'static str,
    label: impl Fn() -> String + Send + Sync + 'static,
    hint: impl Fn() -> String + Send + Sync + 'static,
) -> impl IntoView {
    let Number { key, text, low, high } = number;
    view! {
        <label class="field field--line">
            <span class="label">{label}" "<span class="field__note">{hint}</span></span>
            <input class="field__box field__box--text settings__short" type="number" min=low max=high required=true data-test=test
                prop:value=move || text.get() on:input=move |event| text.set(event_target_value(&event))/>
        </label>
        <FieldError site key/>
    }
}
