//! A note about a visit, for colleagues.

use super::api;
use super::state::BoardState;
use crate::words::say;
use leptos::prelude::*;
use protocol::Redacted;
use protocol::staff::{NOTE_CHARS, SetNote};

#[component]
pub(super) fn Note(state: BoardState, id: u64, note: Option<String>) -> impl IntoView {
    let typed = RwSignal::new(note.clone().unwrap_or_default());
    let before = StoredValue::new(note.clone());
    let changed = move || {
        let before = before.get_value().unwrap_or_default();
        typed.with(|typed| typed.trim() != before)
    };
    let save = move |_| {
        if changed() {
            let was = before.get_value().map(Redacted::new);
            let ask = SetNote { visit: id, was, note: Redacted::new(typed.get_untracked()) };
            state.change("note", id, async move |session| api::note(&session, &ask).await);
        }
    };
    view! {
        <div class="visit__circles">
            <label class="field field--line">
                <span class="label">{say!(board.note)}" "<span class="field__note">{say!(board.note_hint)}</span></span>
                <input class="field__box field__box--text" type="text" lang="ja" autocomplete="off" maxlength=NOTE_CHARS data-test="note"
                    prop:value=note.unwrap_or_default() on:input=move |event| typed.set(event_target_value(&event))/>
            </label>
            <button type="button" class="button button--secondary button--small" data-test="note-save"
                aria-disabled=move || (!changed()).then_some("true") on:click=save>
                {say!(board.note_save)}
            </button>
        </div>
    }
}
