//! The practice tray: puts practice cards on the in-process reader and makes one from the camera.

mod api;
mod camera_card;
mod search;

use crate::components::button::{Button, Kind};
use crate::components::header::Wordmark;
use crate::components::icon::{Icon, Shape};
use crate::components::notice::{Notice, Tint};
use crate::effects::page;
use crate::shell::Settings;
use crate::words::{say, text};
use camera_card::CameraCard;
use gloo_timers::callback::Interval;
use leptos::prelude::*;
use protocol::practice::{PracticeCard, Tray};
use std::future::Future;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

/// How often the tray is asked for, in milliseconds: the kiosk's visit may end meanwhile.
const REFRESH_MS: u32 = 2_000;

/// What the page knows of the tray.
#[derive(Clone, Copy)]
struct TrayState {
    tray: RwSignal<Option<Tray>>,
    failed: RwSignal<bool>,
}

impl TrayState {
    /// Runs one request and then asks for the tray.
    fn run(self, request: impl Future<Output = Result<(), JsValue>> + 'static) {
        spawn_local(async move {
            let done = request.await;
            let tray = api::tray().await;
            self.failed.set(done.is_err() || tray.is_err());
            if let Ok(tray) = tray
                && self.tray.with_untracked(|now| now.as_ref() != Some(&tray))
            {
                self.tray.set(Some(tray));
            }
        });
    }
}

/// The page.
#[component]
pub(crate) fn Practice() -> impl IntoView {
    let settings = Settings::new();
    settings.apply();
    provide_context(settings.language);
    let state = TrayState { tray: RwSignal::new(None), failed: RwSignal::new(false) };
    let kiosk =
        Some(page::of_kiosk("")).filter(|own| !own.is_empty()).unwrap_or_else(|| "/".into());
    let ask = move || state.run(async { Ok(()) });
    ask();
    Interval::new(REFRESH_MS, ask).forget();
    let active =
        Memo::new(move |_| state.tray.with(|tray| tray.as_ref().is_none_or(|tray| tray.active)));
    let wanted = RwSignal::new(String::new());
    // Only a change of the cards or of the search builds them anew, not every placing.
    let found = Memo::new(move |_| {
        let cards = state.tray.with(|tray| tray.as_ref().map(|tray| tray.cards.clone()));
        wanted.with(|wanted| cards.map(|cards| search::matching(cards, wanted)))
    });
    let cards = move || {
        found
            .get()
            .map(|cards| cards.into_iter().map(|card| view! { <Card state card/> }).collect_view())
    };
    view! {
        <header class="header"><Wordmark/></header>
        <main class="tray" data-screen="tray">
            <div class="tray__head">
                <div><h1>{say!(tray.title)}</h1><p>{say!(tray.lead)}</p><p data-test="passcode">{say!(tray.passcode)}</p></div>
                <a class="button button--secondary" href="/staff/practice" target="_blank" rel="noopener" data-test="open-board">{say!(tray.open_board)}</a>
                <a class="button button--primary" href=kiosk target="_blank" rel="noopener" data-test="open-kiosk">{say!(tray.open_kiosk)}</a>
            </div>
            <Show when=move || state.failed.get()><Notice tint=Tint::Error test="tray-failed">{say!(tray.failed)}</Notice></Show>
            <Show when=move || !active.get()><Notice tint=Tint::Warning test="tray-inactive">{say!(tray.inactive)}</Notice></Show>
            <OnReader state/>
            <Search wanted found/>
            <div class="tray__cards">{cards}</div>
            <CameraCard on_portrait=move |grey| state.run(api::portrait(grey))/>
        </main>
    }
}

#[component]
fn Search(wanted: RwSignal<String>, found: Memo<Option<Vec<PracticeCard>>>) -> impl IntoView {
    let language = crate::words::language();
    let count = move || {
        let count = found.with(|found| found.as_ref().map_or(0, Vec::len));
        match (found.with(Option::is_none), count) {
            (true, _) => String::new(),
            (_, 0) => text!(language.0.get(), tray.none_found).to_owned(),
            _ => text!(language.0.get(), tray.found, count),
        }
    };
    view! {
        <div class="tray__search">
            <label class="field field--line">
                <span class="label">{say!(tray.search)}</span>
                <input class="field__box field__box--text" type="search" lang="ja" autocomplete="off" data-test="search"
                    prop:value=wanted on:input=move |event| wanted.set(event_target_value(&event))/>
            </label>
            <p role="status" data-test="found">{count}</p>
        </div>
    }
}

#[component]
fn OnReader(state: TrayState) -> impl IntoView {
    let placed = move || {
        state.tray.with(|tray| {
            let tray = tray.as_ref()?;
            tray.cards
                .iter()
                .find(|card| Some(&card.id) == tray.placed.as_ref())
                .map(|card| card.story.clone())
        })
    };
    let words = move || match placed() {
        Some(story) => view! { <p class="strong" data-test="placed">{story}</p> }.into_any(),
        None => view! { <p data-test="placed">{say!(tray.nothing)}</p> }.into_any(),
    };
    view! {
        <section class="panel tray__reader" aria-live="polite">
            <div>
                <h2 class="panel__title"><Icon shape=Shape::Practice/>{say!(tray.on_reader)}</h2>
                {words}
            </div>
            <Show when=move || placed().is_some()>
                <Button kind=Kind::Secondary test="remove" on_press=move || state.run(api::remove())>{say!(tray.remove)}</Button>
            </Show>
        </section>
    }
}

#[component]
fn Card(state: TrayState, card: PracticeCard) -> impl IntoView {
    let PracticeCard { id, story, name, birth_printed, expiry_year, security_code, pin } = card;
    let id = StoredValue::new(id);
    let placed = Memo::new(move |_| {
        state.tray.with(|tray| {
            tray.as_ref()
                .and_then(|tray| tray.placed.as_ref())
                .is_some_and(|placed| id.with_value(|id| id == placed))
        })
    });
    let class = move || {
        if placed.get() {
            "panel practice-card practice-card--placed"
        } else {
            "panel practice-card"
        }
    };
    let printed = (!name.is_empty()).then(|| {
        view! {
            <dl class="practice-card__printed">
                <dt>{say!(tray.birth)}</dt><dd data-test="birth">{birth_printed}</dd>
                <dt>{say!(tray.expiry)}</dt><dd data-test="expiry">{expiry_year}</dd>
                <dt>{say!(tray.code)}</dt><dd data-test="code">{security_code}</dd>
                <dt>{say!(tray.pin)}</dt>
                <dd data-test="pin">{match pin { Some(pin) => pin.into_any(), None => say!(tray.no_pin).into_any() }}</dd>
            </dl>
        }
    });
    view! {
        <section class=class data-card=id.get_value()>
            <p class="practice-card__story">{story}</p>
            <p class="practice-card__name">{name}</p>
            {printed}
            <button type="button" class="button button--secondary" data-test="place" on:click=move |_| {
                let id = id.get_value();
                state.run(async move { if placed.get_untracked() { api::remove().await } else { api::place(id).await } });
            }>
                {move || if placed.get() { say!(tray.remove)() } else { say!(tray.place)() }}
            </button>
        </section>
    }
}
