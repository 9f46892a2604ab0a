//! The staff board: today's visits as a table, who waits at a kiosk, how to claim, consents to withdraw, lost characters.

mod account;
mod alarms;
mod api;
mod bar;
mod by_hand;
mod compare;
mod confirm;
mod day;
mod elsewhere;
mod enter;
mod help;
mod hold;
mod kiosks;
mod listed;
mod marks;
mod note;
mod over;
mod reception;
mod search;
mod self_test;
mod state;
mod steady;
mod table;
mod type_for;
mod unread;
mod visit;

use crate::components::header::Wordmark;
use crate::components::icon::{Icon, Shape};
use crate::components::notice::{Notice, Tint};
use crate::effects::page;
use crate::model::waits;
use crate::shell::Settings;
use crate::words::{self, language, say, text};
use account::{Mine, Who};
use alarms::Alarms;
use bar::Bar;
use confirm::WaitingForStaff;
use day::DayView;
use elsewhere::Others;
use enter::Entrance;
use help::Help;
use kiosks::Kiosks;
use leptos::prelude::*;
use search::Search;
use self_test::SelfTestView;
use state::BoardState;
use table::Table;
use unread::Unread;

/// The page.
#[component]
pub(crate) fn Board() -> impl IntoView {
    let settings = Settings::new();
    settings.apply();
    provide_context(settings.language);
    provide_context(marks::CallTo::default());
    let state = BoardState::new();
    state.run();
    let held = steady::hold_while_moving(state);
    let plain = page::title();
    Effect::new(move || {
        let (eye, all) = state.waits.with(|waits| waits::counts(waits));
        let locale = settings.language.0.get();
        match (eye, all) {
            (0, 0) => page::set_title(&plain),
            (0, count) => page::set_title(&text!(locale, board.title_needs, count)),
            (count, _) => page::set_title(&text!(locale, board.title_eye, count)),
        }
    });
    let entered = Memo::new(move |_| state.session.with(Option::is_some));
    view! {
        <header class="header"><Wordmark/></header>
        <main class="board" data-screen="board" data-held=move || held.get().then_some("")>
            <Show when=move || entered.get() fallback=move || view! { <Entrance state/> }>
                <Show when=move || !state.own.get() fallback=move || view! { <Mine state/> }>
                    <Today state/>
                </Show>
            </Show>
        </main>
    }
}

#[component]
fn Today(state: BoardState) -> impl IntoView {
    Effect::new(|_| page::focus("main h1"));
    let language = language();
    let of_board = move |what: fn(&protocol::staff::Board) -> Option<String>| {
        Memo::new(move |_| state.board.with(|board| board.as_ref().and_then(what)))
    };
    let simulated = Memo::new(move |_| {
        state.board.with(|board| board.as_ref().is_some_and(|board| board.simulated))
    });
    let parked = Memo::new(move |_| {
        state.board.with(|board| board.as_ref().map_or(0, |board| board.parked))
    });
    let parked = move || {
        let parked = parked.get();
        let words = text!(language.0.get(), board.parked_count, parked);
        (parked > 0).then(|| view! { <p class="badge badge--parked" data-test="parked-count"><Icon shape=Shape::Clock/>{words}</p> })
    };
    let call_centre = of_board(|board| board.call_centre.clone());
    let call_centre = move || {
        let words = |number: String| text!(language.0.get(), board.call_centre, number);
        call_centre
            .get()
            .map(|number| view! { <p class="small" data-test="call-centre">{words(number)}</p> })
    };
    let refused = move || {
        let words = words::refusal(language.0.get(), state.refused.get()?);
        Some(view! { <Notice tint=Tint::Error test="board-refused">{words}</Notice> })
    };
    view! {
        <Bar state/>
        <WaitingForStaff state/>
        <div class="board__head">
            <h1 tabindex="-1">{say!(board.title)}</h1>
            {call_centre}
            {parked}
            <span class="board__tools">
                <Who state/>
                <Sounds state/>
                <button type="button" class="button button--secondary button--small" data-test="board-lock" on:click=move |_| state.lock()>
                    {say!(board.lock)}
                </button>
            </span>
        </div>
        <Show when=move || simulated.get()><Notice tint=Tint::Info test="board-simulated">{say!(header.simulated)}</Notice></Show>
        <Show when=move || state.away.get()><Notice tint=Tint::Error test="board-away">{say!(board.failed)}</Notice></Show>
        {refused}
        <Alarms state/>
        <Kiosks state/>
        <Help state/>
        <Unread state/>
        <Others state/>
        <Search state/>
        <Table state/>
        <DayView state/>
        <SelfTestView state/>
    }
}

/// Sound on or off; says so when the browser wants the page touched first.
#[component]
fn Sounds(state: BoardState) -> impl IntoView {
    let language = language();
    let words = move || {
        let locale = language.0.get();
        if state.muted.get() {
            text!(locale, board.sound_off)
        } else {
            text!(locale, board.sound_on)
        }
    };
    let shape = move || if state.muted.get() { Shape::SoundOff } else { Shape::SoundOn };
    let silent = move || !state.muted.get() && !state.may_sound.get();
    view! {
        <Show when=silent><span class="small board__waits" data-test="sound-waits">{say!(board.sound_waits)}</span></Show>
        <button type="button" class="button button--quiet button--small board__sound" data-test="board-sound"
            aria-pressed=move || if state.muted.get() { "false" } else { "true" }
            on:click=move |_| state.mute(!state.muted.get_untracked())>
            {move || view! { <Icon shape=shape()/> }}
            <span>{words}</span>
        </button>
    }
}
