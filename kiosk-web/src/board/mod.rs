//! The staff board: today's visits, how to claim, consents to withdraw, lost characters.

mod account;
mod alarms;
mod api;
mod by_hand;
mod confirm;
mod day;
mod enter;
mod marks;
mod reception;
mod unread;
mod visit;

use crate::components::header::Wordmark;
use crate::components::icon::{Icon, Shape};
use crate::components::notice::{Notice, Tint};
use crate::effects::{page, used};
use crate::shell::Settings;
use crate::words::{language, say};
use account::{Mine, Who};
use alarms::Alarms;
use api::Trouble;
use confirm::WaitingForStaff;
use day::DayView;
use enter::Entrance;
use gloo_timers::callback::Interval;
use leptos::prelude::*;
use leptos_i18n::td_string;
use protocol::Redacted;
use protocol::account::Me;
use protocol::staff;
use std::future::Future;
use unread::Unread;
use visit::VisitCard;
use wasm_bindgen_futures::spawn_local;

/// How often the board is asked for, in milliseconds.
const REFRESH_MS: u32 = 5_000;
/// HTTP status of a session that is over.
const UNAUTHORIZED: u16 = 401;
/// That of a page which is not one of this start of the bridge.
const FORBIDDEN: u16 = 403;

/// What the page knows.
#[derive(Clone, Copy)]
struct BoardState {
    session: RwSignal<Option<Redacted>>,
    /// Whose it is; nobody's where the passcode opened it.
    me: RwSignal<Option<Me>>,
    /// The own account is shown in place of the board.
    own: RwSignal<bool>,
    /// Seconds without use after which the page locks itself.
    lock_s: StoredValue<u32>,
    board: RwSignal<Option<staff::Board>>,
    /// The last refresh did not come through.
    away: RwSignal<bool>,
    /// The last change was refused.
    refused: RwSignal<bool>,
    /// The session ended by itself.
    over: RwSignal<bool>,
}

impl BoardState {
    /// Staff entered.
    fn open(self, entered: staff::Entered) {
        used::touch();
        self.lock_s.set_value(entered.lock_s);
        self.own.set(entered.me.as_ref().is_some_and(|me| me.authenticator_first));
        self.me.set(entered.me);
        self.session.set(Some(entered.session));
        self.refresh();
    }

    /// Back to the entrance, and nothing is left of the board. `by_itself`: the entrance says why.
    fn close(self, by_itself: bool) {
        self.session.set(None);
        self.me.set(None);
        self.own.set(false);
        self.board.set(None);
        self.away.set(false);
        self.refused.set(false);
        self.over.set(by_itself);
    }

    /// Staff leave. Should the bridge not hear of it, its own clock ends the session.
    fn lock(self) {
        if let Some(session) = self.session.get_untracked() {
            self.close(false);
            spawn_local(async move {
                let _: Result<(), Trouble> = api::lock(&session).await;
            });
        }
    }

    /// Looks again, unless nobody has used the page for too long: then it locks itself, whether the bridge answers or not.
    fn tick(self) {
        let is_open = self.session.with_untracked(Option::is_some);
        if is_open && used::is_over(self.lock_s.get_value()) {
            self.close(true);
        }
        self.refresh();
    }

    /// Takes an answer over. A refused session leads back to the entrance, and forgets the board.
    fn take(self, answer: Result<staff::Board, Trouble>, is_change: bool) {
        // It was closed meanwhile.
        if self.session.with_untracked(Option::is_none) {
            return;
        }
        match answer {
            Ok(board) => {
                self.away.set(false);
                self.refused.set(false);
                // What did not change is not built anew: somebody may be typing.
                if self.board.with_untracked(|now| now.as_ref() != Some(&board)) {
                    self.board.set(Some(board));
                }
            }
            Err(Trouble::Refused(UNAUTHORIZED)) => self.close(true),
            // The page of an earlier start of the bridge, which forgot its sessions.
            Err(Trouble::Refused(FORBIDDEN)) if !is_change => {
                self.close(true);
                page::reload();
            }
            Err(_) if is_change => self.refused.set(true),
            Err(_) => self.away.set(true),
        }
    }

    fn refresh(self) {
        // The board is closed to this session until it has an authenticator.
        let limited =
            self.me.with_untracked(|me| me.as_ref().is_some_and(|me| me.authenticator_first));
        if limited {
            return;
        }
        if let Some(session) = self.session.get_untracked() {
            spawn_local(async move {
                let used = used::tell();
                let answer = api::board(&session, used).await;
                if used && answer == Err(Trouble::Away) {
                    used::tell_again();
                }
                self.take(answer, false);
            });
        }
    }

    /// Asks for a change; the answer is the new board.
    fn change<F>(self, request: impl FnOnce(Redacted) -> F)
    where
        F: Future<Output = Result<staff::Board, Trouble>> + 'static,
    {
        if let Some(session) = self.session.get_untracked() {
            let request = request(session);
            spawn_local(async move { self.take(request.await, true) });
        }
    }
}

/// The page.
#[component]
pub(crate) fn Board() -> impl IntoView {
    let settings = Settings::new();
    settings.apply();
    provide_context(settings.language);
    provide_context(marks::LastPlace::default());
    let state = BoardState {
        session: RwSignal::new(None),
        me: RwSignal::new(None),
        own: RwSignal::new(false),
        lock_s: StoredValue::new(0),
        board: RwSignal::new(None),
        away: RwSignal::new(false),
        refused: RwSignal::new(false),
        over: RwSignal::new(false),
    };
    used::listen();
    Interval::new(REFRESH_MS, move || state.tick()).forget();
    let entered = Memo::new(move |_| state.session.with(Option::is_some));
    view! {
        <header class="header"><Wordmark/></header>
        <main class="board" data-screen="board">
            <Show when=move || entered.get() fallback=move || view! { <Entrance state/> }>
                <Show when=move || !state.own.get() fallback=move || view! { <Mine state/> }>
                    <Visits state/>
                </Show>
            </Show>
        </main>
    }
}

#[component]
fn Visits(state: BoardState) -> impl IntoView {
    Effect::new(|_| page::focus("main h1"));
    let language = language();
    let simulated = move || state.board.with(|board| board.as_ref().is_some_and(|it| it.simulated));
    let parked = move || {
        let parked = state.board.with(|board| board.as_ref().map_or(0, |board| board.parked));
        (parked > 0).then(|| td_string!(language.0.get(), board.parked_count, parked))
    };
    let kiosks = move || {
        state.board.with(|board| {
            let titles = board.iter().flat_map(|board| &board.kiosks).map(|kiosk| &*kiosk.title);
            titles.collect::<Vec<_>>().join("・")
        })
    };
    let call_centre = move || {
        let number = state.board.with(|board| board.as_ref()?.call_centre.clone())?;
        Some(td_string!(language.0.get(), board.call_centre, number))
    };
    // Each visit is its own, so that a new one does not disturb what is typed into another.
    let ids = Memo::new(move |_| {
        state.board.with(|board| {
            board.as_ref().map(|board| board.visits.iter().map(|it| it.visit).collect::<Vec<_>>())
        })
    });
    let list = move || {
        match ids.get() {
        None => view! { <p role="status" data-test="board-loading">{say!(board.loading)}</p> }.into_any(),
        Some(ids) if ids.is_empty() => view! { <p data-test="board-empty" class="lead">{say!(board.empty)}</p> }.into_any(),
        Some(_) => {
            view! {
                <div class="board__visits">
                    <For each=move || ids.get().unwrap_or_default() key=|id| *id children=move |id| view! { <VisitCard state id/> }/>
                </div>
            }
            .into_any()
        }
    }
    };
    view! {
        <div class="board__head">
            <h1 tabindex="-1">{say!(board.title)}</h1>
            <p class="small" data-test="kiosks">{kiosks}</p>
            {move || call_centre().map(|words| view! { <p class="small" data-test="call-centre">{words}</p> })}
            {move || parked().map(|words| view! { <p class="badge badge--parked" data-test="parked-count"><Icon shape=Shape::Clock/>{words}</p> })}
            <Who state/>
            <button type="button" class="button button--secondary button--small board__lock" data-test="board-lock" on:click=move |_| state.lock()>
                {say!(board.lock)}
            </button>
        </div>
        <Show when=simulated><Notice tint=Tint::Info test="board-simulated">{say!(header.simulated)}</Notice></Show>
        <Show when=move || state.away.get()><Notice tint=Tint::Error test="board-away">{say!(board.failed)}</Notice></Show>
        <Show when=move || state.refused.get()><Notice tint=Tint::Error test="board-refused">{say!(board.refused)}</Notice></Show>
        <Alarms state/>
        <WaitingForStaff state/>
        <Unread state/>
        {list}
        <DayView state/>
    }
}
