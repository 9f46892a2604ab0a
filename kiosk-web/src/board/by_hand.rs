//! A result that no file could take: everything in it, for the staff who enter it.

use super::api;
use super::state::BoardState;
use super::visit::Copy;
use crate::components::notice::{Notice, Tint};
use crate::words::say;
use leptos::prelude::*;
use protocol::staff::{ByHand, EnteredByHand};

/// Values, and the button that says they were entered.
#[component]
pub(super) fn EnterByHand(
    state: BoardState,
    id: u64,
    result: ByHand,
    /// That is said at another bridge.
    #[prop(optional)]
    elsewhere: bool,
) -> impl IntoView {
    let ByHand { why, values } = result;
    let line = |(label, value): &(String, String)| format!("{label}\t{value}");
    let all = values.iter().map(line).collect::<Vec<_>>().join("\n");
    let facts = values.into_iter().map(|(label, value)| {
        view! { <div><dt lang="ja">{label}</dt><dd lang="ja"><span class="visit__copy">{value}</span></dd></div> }
    });
    view! {
        <section class="visit__by-hand stack" data-test="by-hand">
            <Notice tint=Tint::Error test="by-hand-notice">{say!(board.by_hand)}</Notice>
            <p class="small" lang="en" data-test="by-hand-why">{why}</p>
            <details>
                <summary>{say!(board.by_hand_values)}</summary>
                <dl class="facts facts--small">{facts.collect_view()}</dl>
                <p class="visit__copy-all"><Copy text=all all=true/></p>
            </details>
            {(!elsewhere).then(|| view! { <Done state id/> })}
        </section>
    }
}

/// Says that the result of a visit was entered.
#[component]
pub(super) fn Done(state: BoardState, id: u64) -> impl IntoView {
    let done = move |_| {
        state.change("entered", id, move |session| async move {
            api::entered(&session, &EnteredByHand { visit: id }).await
        });
    };
    state.may_act().then(|| {
        view! {
            <button type="button" class="button button--secondary button--small" data-test="by-hand-done" on:click=done>
                {say!(board.by_hand_done)}
            </button>
        }
    })
}
