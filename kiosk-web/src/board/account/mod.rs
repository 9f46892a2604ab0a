//! Accounts of staff: the ways in, the own account, and for managers all of them.

mod api;
mod field;
mod join;
mod list;
mod log_in;
mod mine;
mod settings;

pub(super) use api::door;
pub(super) use join::Joining;
pub(super) use log_in::LoggingIn;
pub(super) use mine::Mine;

use super::BoardState;
use crate::components::notice::{Notice, Tint};
use crate::model::refusal::Reason;
use crate::words::{self, Tongue, language, say, text};
use leptos::prelude::*;
use protocol::account::Role;

fn role(locale: Tongue, role: Role) -> &'static str {
    match role {
        Role::Reception => text!(locale, account.reception),
        Role::Manager => text!(locale, account.manager),
        Role::Auditor => text!(locale, account.auditor),
    }
}

/// Who is in, and the way to the own account; nothing where the passcode opened the board.
#[component]
pub(super) fn Who(state: BoardState) -> impl IntoView {
    move || {
        state.me.get().map(|me| {
            view! {
                <button type="button" class="button button--secondary button--small" data-test="board-account"
                    on:click=move |_| state.own.set(true)>
                    <span lang="ja">{me.name}</span>"・"{say!(account.mine)}
                </button>
            }
        })
    }
}

/// What went wrong last, read out at once; nothing when all is well.
#[component]
fn Problem(trouble: RwSignal<Option<Reason>>) -> impl IntoView {
    let language = language();
    let trouble = Memo::new(move |_| trouble.get());
    move || {
        let words = words::refusal(language.0.get(), trouble.get()?);
        Some(view! { <Notice tint=Tint::Error test="account-problem">{words}</Notice> })
    }
}
