//! Rows that the bridge cannot read: when the visit was, and what to do.

use super::by_hand::Done;
use super::state::BoardState;
use super::visit::Number;
use crate::components::notice::{Notice, Tint};
use crate::words::{self, language, say, text};
use leptos::prelude::*;
use protocol::staff;

/// One panel for each; nothing when all is well.
#[component]
pub(super) fn Unread(state: BoardState) -> impl IntoView {
    // Read out anew only when something changed.
    let rows = Memo::new(move |_| {
        state
            .board
            .with(|board| board.as_ref().map(|board| board.unread.clone()).unwrap_or_default())
    });
    let panel = move |row| view! { <Row state row/> };
    move || rows.get().into_iter().map(panel).collect_view()
}

#[component]
fn Row(state: BoardState, row: staff::Unread) -> impl IntoView {
    let language = language();
    let staff::Unread { visit, number, at, by_hand, newer } = row;
    let words = move || {
        let locale = language.0.get();
        if newer { text!(locale, board.unread_newer) } else { text!(locale, board.unread_damaged) }
    };
    let enter = by_hand.then(|| {
        view! {
            <p class="small" data-test="unread-by-hand">{say!(board.unread_by_hand)}</p>
            <Done state id=visit/>
        }
    });
    view! {
        <article class="panel visit" data-unread=visit>
            <div class="visit__head">
                <Number number/>
                <span class="visit__time">{at.map(|at| words::time(language.0.get_untracked(), &at))}</span>
            </div>
            <Notice tint=Tint::Error test="unread">{words}</Notice>
            {enter}
        </article>
    }
}
