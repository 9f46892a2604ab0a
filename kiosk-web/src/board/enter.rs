//! The entrance: by an account, by an invitation, or by the facility's passcode where that opens the board.

use super::account::{Joining, LoggingIn, door};
use super::api;
use super::api::Trouble;
use super::over::Over;
use super::state::BoardState;
use crate::components::notice::{Notice, Tint};
use crate::components::secret::{Secret, SecretConfirm, SecretKeys};
use crate::effects::page;
use crate::model::backoff::Backoff;
use crate::model::refusal::{Asked, Reason};
use crate::words::{self, Tongue, language, say, text};
use leptos::prelude::*;
use protocol::account::Doorway;
use wasm_bindgen_futures::spawn_local;

/// What is shown of the entrance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Passcode,
    Account,
    Invitation,
    First,
}

/// The form of one way in, and buttons to the others that are open.
#[component]
pub(super) fn Entrance(state: BoardState) -> impl IntoView {
    let language = language();
    let doorway = RwSignal::new(None::<Result<Doorway, Trouble>>);
    let picked = RwSignal::new(None::<Way>);
    let look = Callback::new(move |()| spawn_local(look(doorway)));
    look.run(());
    // Read out anew only when something changed.
    let told = Memo::new(move |_| doorway.get());
    let over = move || {
        let locale = language.0.get();
        let words = state.over.get().map(|over| match over {
            Over::Unused => text!(locale, board.session_over),
            Over::Ended => text!(locale, board.session_ended),
        });
        words.map(|words| view! { <Notice tint=Tint::Error test="session-over">{words}</Notice> })
    };
    let form = move || {
        let Ok(door) = told.get()? else {
            return Some(
                view! { <Notice tint=Tint::Error test="door-away">{say!(board.failed)}</Notice> }
                    .into_any(),
            );
        };
        let way = picked.get().or_else(|| way(door));
        let form = match way {
            Some(Way::Passcode) => view! { <Passcode state door look/> }.into_any(),
            Some(Way::Account) => view! { <LoggingIn state code=door.code/> }.into_any(),
            Some(Way::Invitation) => view! { <Joining state first=false/> }.into_any(),
            Some(Way::First) => view! { <Joining state first=true/> }.into_any(),
            None => view! { <Notice tint=Tint::Info test="no-account">{say!(account.none_here)}</Notice> }.into_any(),
        };
        let others = others(door).into_iter().filter(|other| Some(*other) != way);
        let others = others.map(|other| {
            let (test, words) = (test(other), move || name(language.0.get(), other));
            view! {
                <button type="button" class="button button--quiet" data-test=test on:click=move |_| {
                    state.over.set(None);
                    picked.set(Some(other));
                }>{words}</button>
            }
        });
        let others = others.collect_view();
        Some(view! { {form}<div class="entrance">{others}</div> }.into_any())
    };
    view! { {over}{form} }
}

/// Asks until the bridge answers, or until staff are in.
async fn look(doorway: RwSignal<Option<Result<Doorway, Trouble>>>) {
    let mut backoff = Backoff::default();
    loop {
        let told = door().await;
        match told {
            // A page that was left open over a restart of the bridge.
            Err(Trouble::Refused(403)) => return page::reload(),
            Ok(_) => {
                doorway.try_set(Some(told));
                return;
            }
            // The entrance is left when its signal takes nothing any more.
            Err(_) if doorway.try_set(Some(told)).is_some() => return,
            Err(_) => page::pause(backoff.next_ms()).await,
        }
    }
}

/// The first one to be shown; `None`: no way is open here.
fn way(door: Doorway) -> Option<Way> {
    if door.passcode {
        Some(Way::Passcode)
    } else if door.account {
        Some(Way::Account)
    } else {
        door.first.then_some(Way::First)
    }
}

fn others(door: Doorway) -> Vec<Way> {
    let mut open = Vec::new();
    if door.account {
        open.extend([Way::Account, Way::Invitation]);
    }
    if door.first {
        open.push(Way::First);
    }
    if door.passcode {
        open.push(Way::Passcode);
    }
    open
}

fn test(way: Way) -> &'static str {
    match way {
        Way::Passcode => "to-passcode",
        Way::Account => "to-log-in",
        Way::Invitation => "to-join",
        Way::First => "to-first",
    }
}

fn name(locale: Tongue, way: Way) -> &'static str {
    match way {
        Way::Passcode => text!(locale, account.to_passcode),
        Way::Account => text!(locale, account.to_log_in),
        Way::Invitation => text!(locale, account.to_join),
        Way::First => text!(locale, account.to_first),
    }
}

/// Four digits.
#[component]
fn Passcode(
    state: BoardState,
    door: Doorway,
    /// Asks once more which ways are open.
    look: Callback<()>,
) -> impl IntoView {
    let language = language();
    let trouble = RwSignal::new(None::<Reason>);
    let secret = Secret::new(move |passcode| {
        trouble.set(None);
        state.over.set(None);
        spawn_local(async move {
            match api::enter(passcode).await {
                Ok(entered) => state.open(entered),
                // A wrong passcode, or a page that was left open over a restart of the bridge.
                Err(Trouble::Refused(403)) if api::is_outdated().await => page::reload(),
                // Nobody practises any more.
                Err(Trouble::Refused(404)) => page::reload(),
                Err(error) => {
                    trouble.try_set(Some(error.reason(Asked::Passcode)));
                    // The board may open by an account by now.
                    if error == Trouble::Refused(409) {
                        look.run(());
                    }
                }
            }
        });
    });
    let error = move || {
        let words = words::refusal(language.0.get(), trouble.get()?);
        Some(view! { <Notice tint=Tint::Error test="passcode-problem">{words}</Notice> })
    };
    let none_yet = door.first && !page::is_board_of_practice();
    view! {
        <h1>{say!(board.enter_title)}</h1>
        <p class="lead">{say!(board.enter_lead)}</p>
        <Show when=page::is_board_of_practice>
            <Notice tint=Tint::Info test="practice-passcode">{say!(board.practice_passcode)}</Notice>
        </Show>
        {none_yet.then(|| view! { <Notice tint=Tint::Info test="no-account-yet">{say!(account.none_yet)}</Notice> })}
        {error}
        <div class="entrance">
            <SecretKeys secret label=Signal::derive(say!(staff.keypad))/>
            <SecretConfirm secret words=Signal::derive(say!(board.enter))/>
        </div>
    }
}
