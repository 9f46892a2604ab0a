//! In with name and password, over the network with the authenticator's code.

use super::super::BoardState;
use super::super::api::{Trouble, is_outdated};
use super::field::{Line, Password};
use super::{Problem, api};
use crate::effects::page;
use crate::model::refusal::{Asked, Reason};
use crate::words::say;
use leptos::prelude::*;
use protocol::Redacted;
use wasm_bindgen_futures::spawn_local;

/// The form.
#[component]
pub(in super::super) fn LoggingIn(
    state: BoardState,
    /// The code is asked for.
    code: bool,
) -> impl IntoView {
    let trouble = RwSignal::new(None::<Reason>);
    // Sent already: a double tap sends it once.
    let busy = RwSignal::new(false);
    let (name, digits) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let password = RwSignal::new(Redacted::default());
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        trouble.set(None);
        state.over.set(None);
        let (name, password) = (name.get_untracked(), password.get_untracked());
        let typed = Redacted::new(digits.get_untracked());
        spawn_local(async move {
            let answer = api::log_in(name, password, typed).await;
            busy.try_set(false);
            match answer {
                Ok(entered) => state.open(entered),
                // Wrong, or a page that was left open over a restart of the bridge.
                Err(Trouble::Refused(403)) if is_outdated().await => page::reload(),
                // Nobody practises any more.
                Err(Trouble::Refused(404)) => page::reload(),
                Err(error) => {
                    trouble.try_set(Some(error.reason(Asked::LogIn)));
                }
            }
        });
    };
    view! {
        <h1>{say!(account.log_in_title)}</h1>
        <p class="lead">{say!(account.log_in_lead)}</p>
        <Problem trouble/>
        <form class="entrance" on:submit=send>
            <Line label=Signal::derive(say!(account.name)) id="account-name" autocomplete="username" text=name/>
            <Password label=Signal::derive(say!(account.password)) id="account-password" autocomplete="current-password" text=password/>
            {code.then(|| view! {
                <Line label=Signal::derive(say!(account.code)) id="account-code" autocomplete="one-time-code" optional=true text=digits/>
            })}
            <button type="submit" class="button button--primary" data-test="log-in">{say!(account.log_in)}</button>
        </form>
    }
}
