//! The entrance: the facility's passcode.

use super::api::Trouble;
use super::{BoardState, api};
use crate::components::notice::{Notice, Tint};
use crate::components::secret::{Secret, SecretConfirm, SecretKeys};
use crate::effects::page;
use crate::i18n::Locale;
use crate::words::{language, say};
use leptos::prelude::*;
use leptos_i18n::td_string;
use wasm_bindgen_futures::spawn_local;

/// Four digits.
#[component]
pub(super) fn Entrance(state: BoardState) -> impl IntoView {
    let language = language();
    let trouble = RwSignal::new(None::<Trouble>);
    let secret = Secret::new(move |passcode| {
        trouble.set(None);
        state.over.set(false);
        spawn_local(async move {
            match api::enter(passcode).await {
                Ok(entered) => state.open(entered),
                // A wrong passcode, or a page that was left open over a restart of the bridge.
                Err(Trouble::Refused(403)) if api::is_outdated().await => page::reload(),
                // Nobody practises any more.
                Err(Trouble::Refused(404)) => page::reload(),
                Err(error) => {
                    trouble.try_set(Some(error));
                }
            }
        });
    });
    let error = move || {
        let words = match (trouble.get(), state.over.get()) {
            (Some(trouble), _) => words(language.0.get(), trouble),
            (None, true) => td_string!(language.0.get(), board.session_over),
            (None, false) => return None,
        };
        Some(view! { <Notice tint=Tint::Error test="passcode-problem">{words}</Notice> })
    };
    view! {
        <h1>{say!(board.enter_title)}</h1>
        <p class="lead">{say!(board.enter_lead)}</p>
        <Show when=page::is_board_of_practice>
            <Notice tint=Tint::Info test="practice-passcode">{say!(board.practice_passcode)}</Notice>
        </Show>
        {error}
        <div class="entrance">
            <SecretKeys secret label=Signal::derive(say!(staff.keypad))/>
            <SecretConfirm secret words=Signal::derive(say!(board.enter))/>
        </div>
    }
}

fn words(locale: Locale, trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::Refused(403) => td_string!(locale, board.wrong),
        Trouble::Refused(429) => td_string!(locale, board.throttled),
        Trouble::Refused(409) => td_string!(locale, board.not_set),
        Trouble::Refused(_) | Trouble::Away => td_string!(locale, board.failed),
    }
}
