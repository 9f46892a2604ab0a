//! How far each kiosk is.

use super::help::Helped;
use super::state::BoardState;
use crate::model::board::clock;
use crate::words::{self, language, say, text};
use leptos::prelude::*;
use protocol::staff::{Kiosk, KioskState};

/// With more kiosks than this, those where nobody is are only counted.
const ALL: usize = 8;

/// A line of kiosks.
#[component]
pub(super) fn Kiosks(state: BoardState) -> impl IntoView {
    let language = language();
    let kiosks = Memo::new(move |_| {
        state
            .board
            .with(|board| board.as_ref().map(|board| board.kiosks.clone()).unwrap_or_default())
    });
    let is_idle = |kiosk: &Kiosk| kiosk.state == KioskState::Idle;
    let shown = move || {
        let all = kiosks.get();
        let hides = all.len() > ALL;
        all.into_iter().filter(|kiosk| !hides || !is_idle(kiosk)).collect::<Vec<_>>()
    };
    let idle = move || {
        let count = kiosks.with(|all| all.iter().filter(|kiosk| is_idle(kiosk)).count());
        (kiosks.with(Vec::len) > ALL && count > 0).then(|| {
            let words = text!(language.0.get(), board.kiosks_idle, count);
            view! { <li class="kiosk">{words}</li> }
        })
    };
    view! {
        <ul class="kiosks" aria-label=say!(board.kiosks) data-test="kiosks">
            <For each=shown key=|kiosk| (kiosk.name.clone(), format!("{:?}", kiosk.state)) let:kiosk>
                <One board=state kiosk/>
            </For>
            {idle}
        </ul>
    }
}

#[component]
fn One(board: BoardState, kiosk: Kiosk) -> impl IntoView {
    let language = language();
    let Kiosk { name, title, state } = kiosk;
    let (class, since) = match &state {
        KioskState::OutOfService { .. } => ("kiosk kiosk--out", None),
        KioskState::Idle => ("kiosk", None),
        KioskState::InUse { since, needs, .. } => {
            let class = if needs.is_some() { "kiosk kiosk--needs" } else { "kiosk kiosk--used" };
            (class, Some(clock(since).to_owned()))
        }
    };
    let help = match state {
        KioskState::InUse { visit: Some(visit), .. } if board.may_act() => {
            let helped = Helped { kiosk: name.clone(), visit };
            Some(view! {
                <button type="button" class="button button--quiet button--small" data-test="kiosk-help"
                    on:click=move |_| board.help.set(Some(helped.clone()))>
                    {say!(board.help)}
                </button>
            })
        }
        _ => None,
    };
    let since = since.map(|clock| {
        let words = move || text!(language.0.get(), board.kiosk_since, clock = clock.clone());
        view! { <span class="kiosk__since">{words}</span> }
    });
    view! {
        <li class=class data-kiosk=name>
            <strong lang="ja">{title}</strong>
            <span data-test="kiosk-state">{move || words::kiosk_state(language.0.get(), &state)}</span>
            {since}
            {help}
        </li>
    }
}
