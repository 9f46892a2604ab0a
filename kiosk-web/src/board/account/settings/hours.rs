//! Opening hours, and what is done by the clock because of them.

use super::{FieldError, Footer, Site};
use crate::words::{Tongue, language, say, text};
use leptos::prelude::*;
use protocol::settings::{CLOSED_DAYS, Key, Setting, Span};
use std::array::from_fn;

/// What the form saves.
const KEYS: [Key; 4] = [Key::OpeningHours, Key::ClosedDays, Key::SelfTestMinutes, Key::RestartAt];
/// Of a day that is opened now.
const USUAL: (&str, &str) = ("09:00", "18:00");

/// One day of the week, as it is typed.
#[derive(Clone, Copy)]
struct Typed {
    open: RwSignal<bool>,
    from: RwSignal<String>,
    to: RwSignal<String>,
}

impl Typed {
    fn of(span: Option<Span>) -> Self {
        let open = span.is_some();
        let usual = || Span { from: USUAL.0.into(), to: USUAL.1.into() };
        let Span { from, to } = span.unwrap_or_else(usual);
        Self { open: RwSignal::new(open), from: RwSignal::new(from), to: RwSignal::new(to) }
    }

    fn span(self) -> Option<Span> {
        let (from, to) = (self.from.get_untracked(), self.to.get_untracked());
        self.open.get_untracked().then_some(Span { from, to })
    }
}

/// The form.
#[allow(
    clippy::large_types_passed_by_value,
    reason = "handles of signals, which are small in a browser"
)]
#[component]
pub(super) fn HoursForm(site: Site) -> impl IntoView {
    let value = |key| untrack(|| site.entry(key)).map(|entry| entry.setting);
    let week = match value(Key::OpeningHours) {
        Some(Setting::OpeningHours(week)) => week.map(Typed::of),
        _ => from_fn(|_| Typed::of(None)),
    };
    let closed = RwSignal::new(match value(Key::ClosedDays) {
        Some(Setting::ClosedDays(days)) => days,
        _ => Vec::new(),
    });
    let minutes = RwSignal::new(match value(Key::SelfTestMinutes) {
        Some(Setting::SelfTestMinutes(minutes)) => minutes.to_string(),
        _ => String::new(),
    });
    let restart = RwSignal::new(match value(Key::RestartAt) {
        Some(Setting::RestartAt(at)) => at.unwrap_or_default(),
        _ => String::new(),
    });
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let at = restart.get_untracked();
        // A number that is none is out of every bound, and told so by the bridge.
        let typed = minutes.get_untracked().trim().parse().unwrap_or(u16::MAX);
        let set = vec![
            Setting::OpeningHours(Box::new(week.map(Typed::span))),
            Setting::ClosedDays(closed.get_untracked()),
            Setting::SelfTestMinutes(typed),
            Setting::RestartAt((!at.is_empty()).then_some(at)),
        ];
        site.save(KEYS[0], set);
    };
    let supervised =
        untrack(|| site.told.with(|told| told.as_ref().is_some_and(|told| told.supervised)));
    let hint = move || {
        if supervised { say!(settings.restart_hint)() } else { say!(settings.unsupervised)() }
    };
    let bounds = untrack(|| site.entry(Key::SelfTestMinutes)).and_then(|entry| entry.bounds);
    let (low, high) = bounds.unwrap_or_default();
    let rows = (0..7).zip(week).map(|(at, typed)| view! { <WeekDay at typed/> });
    view! {
        <form class="panel stack" on:submit=send data-test="settings-hours">
            <h3>{say!(settings.hours)}</h3>
            <fieldset class="settings__week">
                <legend class="label">{say!(settings.week)}</legend>
                {rows.collect_view()}
            </fieldset>
            <p class="small">{say!(settings.over_midnight)}</p>
            <FieldError site key=Key::OpeningHours/>
            <ClosedDays closed/>
            <FieldError site key=Key::ClosedDays/>
            <label class="field field--line">
                <span class="label">{say!(settings.self_test)}</span>
                <input class="field__box field__box--text settings__short" type="number" min=low max=high required=true data-test="self-test-minutes"
                    prop:value=move || minutes.get() on:input=move |event| minutes.set(event_target_value(&event))/>
            </label>
            <FieldError site key=Key::SelfTestMinutes/>
            <label class="field field--line">
                <span class="label">{say!(settings.restart)}" "<span class="field__note">{hint}</span></span>
                <input class="field__box field__box--text settings__short" type="time" data-test="restart-at"
                    prop:value=move || restart.get() on:input=move |event| restart.set(event_target_value(&event))/>
            </label>
            <FieldError site key=Key::RestartAt/>
            <Footer site keys=&KEYS/>
        </form>
    }
}

#[component]
fn WeekDay(at: usize, typed: Typed) -> impl IntoView {
    let language = language();
    let name = move || weekday(language.0.get(), at);
    let of = move |what: &str| format!("{} {what}", name());
    let from = move || of(&say!(settings.from)());
    let to = move || of(&say!(settings.to)());
    view! {
        <div class="settings__day">
            <label class="option option--small">
                <input type="checkbox" data-test=format!("open-{at}") prop:checked=move || typed.open.get()
                    on:change=move |event| typed.open.set(event_target_checked(&event))/>
                <span>{name}</span>
            </label>
            <Show when=move || typed.open.get() fallback=move || view! { <span>{say!(settings.closed)}</span> }>
                <span class="settings__span">
                    <Time text=typed.from test=format!("from-{at}") label=Signal::derive(from)/>
                    <span aria-hidden="true">"–"</span>
                    <Time text=typed.to test=format!("to-{at}") label=Signal::derive(to)/>
                </span>
            </Show>
        </div>
    }
}

#[component]
fn Time(text: RwSignal<String>, test: String, label: Signal<String>) -> impl IntoView {
    view! {
        <input class="field__box field__box--text" type="time" required=true data-test=test aria-label=label
            prop:value=move || text.get() on:input=move |event| text.set(event_target_value(&event))/>
    }
}

/// Days on which the site is closed all the same.
#[component]
fn ClosedDays(closed: RwSignal<Vec<String>>) -> impl IntoView {
    let language = language();
    let next = RwSignal::new(String::new());
    let add = move |_| {
        let day = next.get_untracked();
        closed.update(|days| {
            if !day.is_empty() && !days.contains(&day) && days.len() < CLOSED_DAYS {
                days.push(day);
                days.sort_unstable();
            }
        });
        next.set(String::new());
    };
    let days = move || {
        let day = |day: String| {
            let (label, gone) = (day.clone(), day.clone());
            let words = move || text!(language.0.get(), settings.open_again, day = label.clone());
            view! {
                <li>
                    <span class="settings__date">{day}</span>
                    <button type="button" class="button button--secondary button--small" aria-label=words
                        on:click=move |_| closed.update(|days| days.retain(|it| *it != gone))>{say!(settings.remove)}</button>
                </li>
            }
        };
        closed.get().into_iter().map(day).collect_view()
    };
    view! {
        <fieldset class="stack">
            <legend class="label">{say!(settings.closed_days)}</legend>
            <ul class="settings__days" data-test="closed-days">{days}</ul>
            <div class="account__add">
                <label class="field field--line">
                    <span class="label">{say!(settings.day)}</span>
                    <input class="field__box field__box--text" type="date" data-test="closed-day"
                        prop:value=move || next.get() on:input=move |event| next.set(event_target_value(&event))/>
                </label>
                <button type="button" class="button button--secondary" data-test="add-closed-day" on:click=add>{say!(settings.add)}</button>
            </div>
        </fieldset>
    }
}

fn weekday(locale: Tongue, at: usize) -> &'static str {
    match at {
        0 => text!(locale, settings.monday),
        1 => text!(locale, settings.tuesday),
        2 => text!(locale, settings.wednesday),
        3 => text!(locale, settings.thursday),
        4 => text!(locale, settings.friday),
        5 => text!(locale, settings.saturday),
        _ => text!(locale, settings.sunday),
    }
}
