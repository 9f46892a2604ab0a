//! In for the first time: by an invitation, and with a password that is chosen now.

use super::super::BoardState;
use super::super::api::{Trouble, is_outdated};
use super::field::{Line, Password};
use super::{Problem, api};
use crate::effects::page;
use crate::model::refusal::{Asked, Reason};
use crate::words::{language, say, text};
use leptos::prelude::*;
use protocol::Redacted;
use wasm_bindgen_futures::spawn_local;

/// The form.
#[component]
pub(in super::super) fn Joining(
    state: BoardState,
    /// It makes the first manager.
    first: bool,
) -> impl IntoView {
    let language = language();
    let trouble = RwSignal::new(None::<Reason>);
    // Sent already: a double tap sends it once.
    let busy = RwSignal::new(false);
    let (name, invitation) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let password = RwSignal::new(Redacted::default());
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        trouble.set(None);
        let (name, password) = (name.get_untracked(), password.get_untracked());
        let code = Redacted::new(invitation.get_untracked());
        spawn_local(async move {
            let answer = api::join(name, code, password).await;
            busy.try_set(false);
            match answer {
                Ok(entered) => state.open(entered),
                Err(Trouble::Refused(403)) if is_outdated().await => page::reload(),
                // Nobody practises any more.
                Err(Trouble::Refused(404)) => page::reload(),
                Err(error) => {
                    trouble.try_set(Some(error.reason(Asked::Join)));
                }
            }
        });
    };
    let title = move || {
        if first {
            text!(language.0.get(), account.first_title)
        } else {
            text!(language.0.get(), account.join_title)
        }
    };
    let lead = move || {
        if first {
            text!(language.0.get(), account.first_lead)
        } else {
            text!(language.0.get(), account.join_lead)
        }
    };
    view! {
        <h1>{title}</h1>
        <p class="lead">{lead}</p>
        <Problem trouble/>
        <form class="entrance" on:submit=send>
            <Line label=Signal::derive(say!(account.invitation)) id="account-invitation" autocomplete="off" text=invitation/>
            <Line label=Signal::derive(say!(account.name)) id="account-name" autocomplete="username" text=name/>
            <Password label=Signal::derive(say!(account.new_password)) id="account-new-password" autocomplete="new-password" text=password/>
            <p class="small">{say!(account.password_note)}</p>
            <button type="submit" class="button button--primary" data-test="join">{say!(account.join)}</button>
        </form>
    }
}
