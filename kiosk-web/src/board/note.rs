//! A note about a visit, for colleagues.

use super::api;
use super::state::BoardState;
use crate::words::{language, say, text};
use leptos::prelude::*;
use protocol::Redacted;
use protocol::staff::{NOTE_CHARS, SetNote};

/// A note that is being written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Draft {
    /// What stood there when it was begun.
    was: Option<String>,
    text: String,
}

#[component]
pub(super) fn Note(state: BoardState, id: u64, note: Option<String>) -> impl IntoView {
    if !state.may_act() {
        return note.map(|note| view! { <p data-test="note-read">{say!(board.note)}": "<span lang="ja">{note}</span></p> }).into_any();
    }
    let language = language();
    let draft = state.drafts.with_untracked(|drafts| drafts.get(&id).cloned());
    // What a colleague wrote meanwhile is shown beside what is being written here, so that it is not lost unread.
    let differs = draft.as_ref().is_some_and(|draft| draft.was != note);
    let other = differs.then(|| {
        let note = note.clone();
        let words = move || match note.clone() {
            Some(note) => text!(language.0.get(), board.note_other, note),
            None => text!(language.0.get(), board.note_other_gone).to_owned(),
        };
        view! { <p class="small" role="status" data-test="note-other">{words}</p> }
    });
    let before = StoredValue::new(note.clone());
    let begun = draft.map_or_else(|| note.unwrap_or_default(), |draft| draft.text);
    let typed = RwSignal::new(begun.clone());
    let changed = move || {
        let before = before.get_value().unwrap_or_default();
        typed.with(|typed| typed.trim() != before)
    };
    let write = move |text: String| {
        typed.set(text.clone());
        state.drafts.update(|drafts| {
            let was = before.get_value();
            if text.trim() == was.as_deref().unwrap_or_default() {
                drafts.remove(&id);
            } else {
                drafts.entry(id).or_insert(Draft { was, text: String::new() }).text = text;
            }
        });
    };
    let save = move |_| {
        if changed() {
            let was = before.get_value().map(Redacted::new);
            let ask = SetNote { visit: id, was, note: Redacted::new(typed.get_untracked()) };
            let request = async move |session| {
                let answer = api::note(&session, &ask).await;
                if answer.is_ok() {
                    state.drafts.update(|drafts| _ = drafts.remove(&id));
                }
                answer
            };
            state.change("note", id, request);
        }
    };
    view! {
        {other}
        <div class="visit__circles">
            <label class="field field--line">
                <span class="label">{say!(board.note)}" "<span class="field__note">{say!(board.note_hint)}</span></span>
                <input class="field__box field__box--text" type="text" lang="ja" autocomplete="off" maxlength=NOTE_CHARS data-test="note"
                    prop:value=begun on:input=move |event| write(event_target_value(&event))/>
            </label>
            <button type="button" class="button button--secondary button--small" data-test="note-save"
                aria-disabled=move || (!changed()).then_some("true") on:click=save>
                {say!(board.note_save)}
            </button>
        </div>
    }
    .into_any()
}
