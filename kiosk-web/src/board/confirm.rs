//! 目視 from the board: the person waits at the kiosk, a staff member has compared.

use super::api::Trouble;
use super::{BoardState, api};
use crate::components::by_eye::{ByEye, Compare, Confirm, Passcode};
use crate::components::icon::{Icon, Shape};
use crate::components::notice::{Notice, Tint};
use crate::words::{language, say};
use leptos::prelude::*;
use leptos_i18n::td_string;
use protocol::staff::{self, Waiting};
use wasm_bindgen_futures::spawn_local;

/// HTTP status when nobody waits any more.
const CONFLICT: u16 = 409;

/// Shown while somebody waits. A new moment of waiting is a new panel: nothing typed for one person
/// is left for the next.
#[component]
pub(super) fn WaitingForStaff(state: BoardState) -> impl IntoView {
    let waiting = Memo::new(move |_| state.board.with(|board| board.as_ref()?.waiting.clone()));
    // Outlives the panel: it says what became of the click.
    let came_late = RwSignal::new(false);
    view! {
        <Show when=move || came_late.get()>
            <Notice tint=Tint::Warning test="visual-late">{say!(board.visual_late)}</Notice>
        </Show>
        {move || waiting.get().map(|waiting| view! { <Panel state waiting came_late/> })}
    }
}

#[component]
fn Panel(state: BoardState, waiting: Waiting, came_late: RwSignal<bool>) -> impl IntoView {
    let language = language();
    let Waiting { seen, problem } = waiting;
    let by_eye = ByEye::new(move |passcode, reason| {
        let Some(session) = state.session.get_untracked() else { return };
        came_late.set(false);
        spawn_local(async move {
            let answer = api::visual(&session, &staff::Confirm { seen, passcode, reason }).await;
            match answer {
                // The board says what was wrong, as the kiosk does.
                Err(Trouble::Refused(403 | 429)) => state.refresh(),
                Err(Trouble::Refused(CONFLICT)) => {
                    came_late.set(true);
                    state.refresh();
                }
                answer => state.take(answer, true),
            }
        });
    });
    let kiosk = state.board.with_untracked(|board| board.as_ref().map(|board| board.kiosk.clone()));
    let title = move || {
        let kiosk = kiosk.clone().unwrap_or_default();
        td_string!(language.0.get(), board.visual_title, kiosk)
    };
    view! {
        <section class="panel panel--waiting stack" aria-labelledby="visual-title" aria-live="polite" data-test="visual-waiting">
            <h2 class="panel__title" id="visual-title"><Icon shape=Shape::Staff/>{title}</h2>
            <div class="split split--keypad">
                <div class="stack">
                    <Compare instruction=Signal::derive(say!(board.visual_instruction)) problem test="visual-problem" by_eye/>
                </div>
                <div class="stack">
                    <Passcode by_eye/>
                    <Confirm by_eye/>
                </div>
            </div>
        </section>
    }
}
