//! 目視 from the board: a person waits at a kiosk, a staff member has compared.

use super::api;
use super::api::Trouble;
use super::state::BoardState;
use crate::components::by_eye::{ByEye, Compare, Confirm, Passcode};
use crate::components::icon::{Icon, Shape};
use crate::components::notice::{Notice, Tint};
use crate::effects::page;
use crate::words::{language, say};
use leptos::prelude::*;
use leptos_i18n::td_string;
use protocol::staff::{self, Waiting};
use wasm_bindgen_futures::spawn_local;

/// HTTP status when nobody waits any more.
const CONFLICT: u16 = 409;

/// Shown while somebody waits and staff have asked for it. A new moment of waiting is a new panel: nothing typed for one person
/// is left for the next.
#[component]
pub(super) fn WaitingForStaff(state: BoardState) -> impl IntoView {
    let waiting = Memo::new(move |_| {
        state
            .board
            .with(|board| board.as_ref().map(|board| board.waiting.clone()).unwrap_or_default())
    });
    let asked = Memo::new(move |_| {
        let eye = state.eye.get();
        waiting.with(|waiting| {
            let is_it = |it: &&Waiting| Some(&it.kiosk) == eye.as_ref();
            waiting.iter().find(is_it).cloned()
        })
    });
    // Outlives the panels: it says what became of the click.
    let came_late = RwSignal::new(false);
    view! {
        <Show when=move || came_late.get()>
            <Notice tint=Tint::Warning test="visual-late">{say!(board.visual_late)}</Notice>
        </Show>
        <For each=move || asked.get() key=|waiting| (waiting.kiosk.clone(), waiting.seen) let:waiting>
            <Panel state waiting came_late/>
        </For>
    }
}

#[component]
fn Panel(state: BoardState, waiting: Waiting, came_late: RwSignal<bool>) -> impl IntoView {
    let language = language();
    let Waiting { kiosk: name, seen, problem } = waiting;
    let (title_id, asked) = (format!("visual-title-{name}"), name.clone());
    let labelled_by = title_id.clone();
    let by_eye = ByEye::new(move |passcode, reason| {
        let Some(session) = state.session.get_untracked() else { return };
        came_late.set(false);
        let kiosk = asked.clone();
        spawn_local(async move {
            let confirm = staff::Confirm { kiosk, seen, passcode, reason };
            let answer = api::visual(&session, &confirm).await;
            match answer {
                // The board says what was wrong, as the kiosk does.
                Err(Trouble::Refused(403 | 429)) => {}
                Err(Trouble::Refused(CONFLICT)) => {
                    came_late.set(true);
                    state.eye.set(None);
                }
                answer => {
                    state.eye.set(None);
                    state.take(answer);
                }
            }
        });
    });
    let kiosk = state.board.with_untracked(|board| {
        let mut kiosks = board.iter().flat_map(|board| &board.kiosks);
        kiosks.find(|kiosk| kiosk.name == name).map(|kiosk| kiosk.title.clone())
    });
    // Wherever the page is scrolled to.
    Effect::new(|_| page::scroll_into_view("[data-test=visual-waiting]"));
    let title = move || {
        let kiosk = kiosk.clone().unwrap_or_default();
        td_string!(language.0.get(), board.visual_title, kiosk)
    };
    view! {
        <section class="panel panel--waiting stack" aria-labelledby=labelled_by aria-live="polite" data-test="visual-waiting">
            <h2 class="panel__title" id=title_id><Icon shape=Shape::Staff/>{title}</h2>
            <div class="split split--keypad">
                <div class="stack">
                    <Compare instruction=Signal::derive(say!(board.visual_instruction)) problem test="visual-problem" by_eye/>
                </div>
                <div class="stack">
                    <Passcode by_eye/>
                    <Confirm by_eye/>
                    <button type="button" class="button button--quiet button--small" data-test="visual-close" on:click=move |_| state.eye.set(None)>
                        {say!(board.visual_close)}
                    </button>
                </div>
            </div>
        </section>
    }
}
