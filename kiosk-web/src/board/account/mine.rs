//! The own account: authenticator, password, all sessions; for managers the list of all accounts behind it.

use super::super::BoardState;
use super::super::api::Trouble;
use super::super::over::Over;
use super::field::{Line, Password};
use super::list::Accounts;
use super::settings::SiteSettings;
use super::{Problem, api, role};
use crate::components::notice::{Notice, Tint};
use crate::components::qr::QrOf;
use crate::effects::page;
use crate::model::refusal::{Asked, Reason};
use crate::words::{language, say, text};
use leptos::prelude::*;
use protocol::Redacted;
use protocol::account::{Me, Recovery, Role, Secret};
use std::future::Future;
use wasm_bindgen_futures::spawn_local;

/// HTTP status of what the password is asked for again.
const AGAIN: u16 = 428;

/// See [`Changes::waits`].
type Waiting = Box<dyn FnOnce(bool)>;

/// What the parts of this page share.
#[derive(Clone, Copy)]
pub(super) struct Changes {
    pub(super) state: BoardState,
    pub(super) trouble: RwSignal<Option<Reason>>,
    /// The password is asked for again.
    again: RwSignal<bool>,
    /// What was asked for and goes on by itself once the password was right; told `false`, it is given up.
    waits: StoredValue<Option<Waiting>, LocalStorage>,
    /// Something is being asked for: what is pressed meanwhile, for instance by a double tap, counts for nothing.
    busy: RwSignal<bool>,
}

impl Changes {
    /// Asks for something, and hands over what came.
    pub(super) fn ask<T: 'static, F>(
        self,
        what: Asked,
        request: impl Fn(Redacted) -> F + 'static,
        done: impl FnOnce(T) + 'static,
    ) where
        F: Future<Output = Result<T, Trouble>> + 'static,
    {
        self.ask_or(what, request, done, || {});
    }

    /// The same, and says when it was not done.
    pub(super) fn ask_or<T: 'static, F>(
        self,
        what: Asked,
        request: impl Fn(Redacted) -> F + 'static,
        done: impl FnOnce(T) + 'static,
        undone: impl FnOnce() + 'static,
    ) where
        F: Future<Output = Result<T, Trouble>> + 'static,
    {
        if self.busy.get_untracked() {
            return undone();
        }
        let Some(session) = self.state.session.get_untracked() else { return };
        crate::effects::used::touch();
        self.trouble.set(None);
        self.busy.set(true);
        let asked = request(session);
        spawn_local(async move {
            let answer = asked.await;
            // The page may have been left, or closed.
            if self.busy.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(answer) => return done(answer),
                Err(Trouble::Refused(401)) => return self.state.close(Some(Over::Ended)),
                Err(Trouble::Refused(AGAIN)) => {
                    let goes_on = move |goes_on| {
                        if goes_on { self.ask_or(what, request, done, undone) } else { undone() }
                    };
                    self.waits.set_value(Some(Box::new(goes_on)));
                    return self.again.set(true);
                }
                Err(error) => self.trouble.set(Some(error.reason(what))),
            }
            undone();
        });
    }
}

/// The page.
#[component]
pub(in super::super) fn Mine(state: BoardState) -> impl IntoView {
    Effect::new(|_| page::focus("main h1"));
    let language = language();
    let changes = Changes {
        state,
        trouble: RwSignal::new(None),
        again: RwSignal::new(false),
        waits: StoredValue::new_local(None),
        busy: RwSignal::new(false),
    };
    let me = move || state.me.get();
    let head = move || {
        me().map(|Me { name, role: what, .. }| {
            view! { <p class="lead"><span lang="ja">{name}</span>"・"{move || role(language.0.get(), what)}</p> }
        })
    };
    let first = move || me().is_some_and(|me| me.authenticator_first);
    let manages = Memo::new(move |_| me().is_some_and(|me| me.role == Role::Manager) && !first());
    let leave = move |_| {
        changes.ask(
            Asked::Other,
            |session| async move { api::leave(&session).await },
            move |()| {
                state.close(None);
            },
        );
    };
    view! {
        <div class="board__head">
            <h1 tabindex="-1">{say!(account.mine)}</h1>
            {head}
            <Show when=move || !first()>
                <button type="button" class="button button--secondary button--small board__lock" data-test="account-back"
                    on:click=move |_| state.own.set(false)>{say!(account.back)}</button>
            </Show>
        </div>
        <Problem trouble=changes.trouble/>
        <Show when=first><Notice tint=Tint::Info test="authenticator-first">{say!(account.authenticator_first)}</Notice></Show>
        <Again changes/>
        // What waits for the password goes on as it was asked for: nothing is changed here meanwhile.
        <div class="stack" inert=move || changes.again.get()>
            <div class="account">
                <Authenticator changes/>
                <NewPassword changes/>
                <section class="panel stack">
                    <button type="button" class="button button--secondary" data-test="leave-everywhere" on:click=leave>
                        {say!(account.leave_everywhere)}
                    </button>
                </section>
            </div>
            <Show when=move || manages.get()>
                <Accounts changes/>
                <SiteSettings changes/>
            </Show>
        </div>
    }
}

/// The password once more, before something is changed, which then goes on by itself.
#[component]
fn Again(changes: Changes) -> impl IntoView {
    let (password, code) = (RwSignal::new(Redacted::default()), RwSignal::new(String::new()));
    let coded = move || changes.state.me.with(|me| me.as_ref().is_some_and(|me| me.authenticator));
    // Whoever pressed something further down is brought here, and back.
    let pressed = StoredValue::new_local(None);
    Effect::new(move || {
        if changes.again.get() {
            pressed.set_value(page::focused());
            request_animation_frame(|| page::focus("[data-test=again-password]"));
        }
    });
    let over = move |goes_on: bool| {
        changes.again.set(false);
        if let Some(Some(waits)) = changes.waits.try_update_value(Option::take) {
            waits(goes_on);
        }
        let pressed = pressed.try_update_value(Option::take).flatten();
        request_animation_frame(move || page::focus_again(pressed));
    };
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (typed, shown) = (password.get_untracked(), Redacted::new(code.get_untracked()));
        password.set(Redacted::default());
        code.set(String::new());
        changes.ask(
            Asked::Proof,
            move |session| {
                let (typed, shown) = (typed.clone(), shown.clone());
                async move { api::again(&session, typed, shown).await }
            },
            move |()| over(true),
        );
    };
    view! {
        <Show when=move || changes.again.get()>
            <form class="panel stack account__again" on:submit=send data-test="again">
                <Notice tint=Tint::Warning test="again-notice">{say!(account.again)}</Notice>
                <Password label=Signal::derive(say!(account.password)) id="again-password" autocomplete="current-password" text=password/>
                <Show when=coded>
                    <Line label=Signal::derive(say!(account.code)) id="again-code" autocomplete="one-time-code" optional=true text=code/>
                </Show>
                <div class="settings__acts">
                    <button type="submit" class="button button--primary" data-test="again-confirm">{say!(account.confirm)}</button>
                    <button type="button" class="button button--secondary" data-test="again-not" on:click=move |_| over(false)>{say!(account.again_not)}</button>
                </div>
            </form>
        </Show>
    }
}

/// The authenticator: a code to scan, then the recovery codes, each shown once.
#[component]
fn Authenticator(changes: Changes) -> impl IntoView {
    let language = language();
    let state = changes.state;
    let (secret, recovery) = (RwSignal::new(None::<Secret>), RwSignal::new(None::<Recovery>));
    let code = RwSignal::new(String::new());
    let start = move |_| {
        changes.ask(
            Asked::Other,
            |session| async move { api::authenticator(&session).await },
            move |told| {
                secret.set(Some(told));
            },
        );
    };
    let confirm = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let typed = Redacted::new(code.get_untracked());
        code.set(String::new());
        changes.ask(
            Asked::Code,
            move |session| {
                let typed = typed.clone();
                async move { api::confirm(&session, typed).await }
            },
            move |told| {
                secret.set(None);
                recovery.set(Some(told));
            },
        );
    };
    let kept = move |_| {
        changes.ask(
            Asked::Other,
            |session| async move { api::me(&session).await },
            move |me| {
                recovery.set(None);
                state.me.set(Some(me));
            },
        );
    };
    let on = move || {
        state.me.with(|me| me.as_ref().filter(|me| me.authenticator).map(|me| me.recovery_left))
    };
    let status = move || on().map(|count| text!(language.0.get(), account.authenticator_on, count));
    let start_words = move || {
        if on().is_some() {
            text!(language.0.get(), account.authenticator_again)
        } else {
            text!(language.0.get(), account.authenticator_start)
        }
    };
    let scan = move || {
        secret.get().map(|told| {
            let (uri, letters) = (told.uri.expose().to_owned(), told.secret.expose().to_owned());
            view! {
                <form class="stack" on:submit=confirm>
                    <p>{say!(account.authenticator_scan)}</p>
                    <QrOf text=uri label=Signal::derive(say!(account.qr))/>
                    <p class="account__letters" lang="en" data-test="authenticator-secret">{letters}</p>
                    <Line label=Signal::derive(say!(account.code_here)) id="authenticator-code" autocomplete="one-time-code" keyboard="numeric" text=code/>
                    <button type="submit" class="button button--primary" data-test="authenticator-confirm">{say!(account.authenticator_done)}</button>
                </form>
            }
        })
    };
    let codes = move || {
        recovery.get().map(|told| {
            let lines = told.codes.iter().map(|code| view! { <li>{code.expose().to_owned()}</li> });
            view! {
                <Notice tint=Tint::Warning test="recovery-notice">{say!(account.recovery)}</Notice>
                <ul class="account__codes" lang="en" data-test="recovery-codes">{lines.collect_view()}</ul>
                <button type="button" class="button button--primary" data-test="recovery-kept" on:click=kept>{say!(account.recovery_kept)}</button>
            }
        })
    };
    let idle = move || secret.with(Option::is_none) && recovery.with(Option::is_none);
    view! {
        <section class="panel stack">
            <h2>{say!(account.authenticator)}</h2>
            <p>{say!(account.authenticator_lead)}</p>
            <p>{status}</p>
            <Show when=idle>
                <button type="button" class="button button--secondary" data-test="authenticator-start" on:click=start>{start_words}</button>
            </Show>
            {scan}
            {codes}
        </section>
    }
}

/// Another password.
#[component]
fn NewPassword(changes: Changes) -> impl IntoView {
    let (old, new) = (RwSignal::new(Redacted::default()), RwSignal::new(Redacted::default()));
    let changed = RwSignal::new(false);
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        changed.set(false);
        let (before, after) = (old.get_untracked(), new.get_untracked());
        let request = move |session| {
            let (before, after) = (before.clone(), after.clone());
            async move { api::set_password(&session, before, after).await }
        };
        changes.ask(Asked::Password, request, move |()| {
            old.set(Redacted::default());
            new.set(Redacted::default());
            changed.set(true);
        });
    };
    view! {
        <form class="panel stack" on:submit=send>
            <h2>{say!(account.change_password)}</h2>
            <Password label=Signal::derive(say!(account.old_password)) id="old-password" autocomplete="current-password" text=old/>
            <Password label=Signal::derive(say!(account.new_password)) id="new-password" autocomplete="new-password" text=new/>
            <Show when=move || changed.get()><Notice tint=Tint::Success test="password-changed">{say!(account.changed)}</Notice></Show>
            <button type="submit" class="button button--secondary" data-test="change-password">{say!(account.change_password)}</button>
        </form>
    }
}
