//! All accounts, for managers.

use super::super::api::Trouble;
use super::super::over::Over;
use super::field::Line;
use super::mine::Changes;
use super::{api, role};
use crate::components::notice::{Notice, Tint};
use crate::effects::page;
use crate::model::backoff::Backoff;
use crate::model::refusal::Asked;
use crate::words::{self, language, say, text};
use leptos::prelude::*;
use protocol::Redacted;
use protocol::account::{self, Account, AccountChange, AccountState, Role};
use wasm_bindgen_futures::spawn_local;

const ROLES: [(Role, &str, AccountChange); 3] = [
    (Role::Reception, "reception", AccountChange::MakeReception),
    (Role::Manager, "manager", AccountChange::MakeManager),
    (Role::Auditor, "auditor", AccountChange::MakeAuditor),
];

#[derive(Clone, Copy)]
struct List {
    changes: Changes,
    all: RwSignal<Vec<Account>>,
    /// For whom, and the code that is shown now and never again.
    invited: RwSignal<Option<(String, Redacted)>>,
}

impl List {
    fn take(self, name: &str, answer: account::Accounts) {
        self.all.set(answer.accounts);
        self.invited.set(answer.invitation.map(|code| (name.to_owned(), code)));
    }

    fn change(self, account: &Account, change: AccountChange, undone: impl FnOnce() + 'static) {
        let (id, name) = (account.id.clone(), account.name.clone());
        let request = move |session| {
            let id = id.clone();
            async move { api::change(&session, id, change).await }
        };
        let done = move |answer| self.take(&name, answer);
        self.changes.ask_or(Asked::Change, request, done, undone);
    }

    /// Asks for all of them until the bridge answers, or until the page is left.
    async fn begin(self, session: Redacted) {
        let mut backoff = Backoff::default();
        loop {
            let told = api::list(&session).await;
            match told {
                Ok(answer) => {
                    self.changes.trouble.try_set(None);
                    self.all.try_set(answer.accounts);
                    return;
                }
                Err(Trouble::Refused(401)) => return self.changes.state.close(Some(Over::Ended)),
                Err(error) => {
                    let reason = error.reason(Asked::Other);
                    if self.changes.trouble.try_set(Some(reason)).is_some() {
                        return;
                    }
                }
            }
            page::pause(backoff.next_ms()).await;
        }
    }
}

/// The table, and the form for one more.
#[component]
pub(super) fn Accounts(changes: Changes) -> impl IntoView {
    let language = language();
    let list = List { changes, all: RwSignal::new(Vec::new()), invited: RwSignal::new(None) };
    if let Some(session) = changes.state.session.get_untracked() {
        spawn_local(list.begin(session));
    }
    let invited = move || {
        list.invited.get().map(|(name, code)| {
            let words = text!(language.0.get(), account.invited, name = name);
            view! {
                <Notice tint=Tint::Warning test="invited">{words}</Notice>
                <p class="account__letters" lang="en" data-test="invitation">{code.expose().to_owned()}</p>
            }
        })
    };
    let rows = move || {
        list.all.get().into_iter().map(|account| view! { <Row list account/> }).collect_view()
    };
    view! {
        <section class="panel stack">
            <h2>{say!(account.list)}</h2>
            {invited}
            <div class="account__table">
                <table data-test="accounts">
                    <thead><tr>
                        <th scope="col">{say!(account.name)}</th>
                        <th scope="col">{say!(account.role)}</th>
                        <th scope="col">{say!(account.authenticator)}</th>
                        <th scope="col">{say!(account.seen)}</th>
                        <th scope="col">{say!(account.actions)}</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <Add list/>
        </section>
    }
}

#[component]
fn Row(list: List, account: Account) -> impl IntoView {
    let language = language();
    // What is asked again before it is done.
    let sure = RwSignal::new(None::<AccountChange>);
    let (state, name) = (account.state, account.name.clone());
    let state_words = move || match state {
        AccountState::Open => text!(language.0.get(), account.state_open),
        AccountState::Invited => text!(language.0.get(), account.state_invited),
        AccountState::Closed => text!(language.0.get(), account.state_closed),
    };
    let seen = account.seen.clone();
    let seen = move || match &seen {
        Some(at) => words::date(language.0.get(), at),
        None => text!(language.0.get(), account.never).to_owned(),
    };
    let kept = StoredValue::new(account.clone());
    // What the field shows: put back where the change is not wanted, or not done.
    let has = account.role;
    let picked = RwSignal::new(has);
    let do_it = move |change| {
        sure.set(None);
        let undone = move || {
            picked.try_set(has);
        };
        kept.with_value(|account| list.change(account, change, undone));
    };
    let no = move |_| {
        sure.set(None);
        picked.set(has);
    };
    let options = ROLES.map(|(one, word, _)| {
        let is = move || picked.get() == one;
        view! { <option value=word prop:selected=is>{move || role(language.0.get(), one)}</option> }
    });
    let pick = move |event| {
        let word = event_target_value(&event);
        if let Some((one, _, change)) = ROLES.into_iter().find(|(_, one, _)| *one == word) {
            picked.set(one);
            sure.set((one != has).then_some(change));
        }
    };
    let question = move || {
        let change = sure.get()?;
        let locale = language.0.get();
        let words = match change {
            AccountChange::Close => text!(locale, account.sure_close).to_owned(),
            AccountChange::Invite => text!(locale, account.sure_invite).to_owned(),
            _ => text!(locale, account.sure_role, role = role(locale, picked.get())),
        };
        Some(view! {
            <p role="status">{words}</p>
            <button type="button" class="button button--secondary button--small" data-test="account-yes" on:click=move |_| do_it(change)>{say!(account.yes)}</button>
            <button type="button" class="button button--secondary button--small" data-test="account-no" on:click=no>{say!(account.no)}</button>
        })
    };
    let close = move || {
        match state {
        AccountState::Closed => view! {
            <button type="button" class="button button--secondary button--small" data-test="account-open" on:click=move |_| do_it(AccountChange::Open)>{say!(account.open)}</button>
        }.into_any(),
        _ => view! {
            <button type="button" class="button button--secondary button--small" data-test="account-close" on:click=move |_| sure.set(Some(AccountChange::Close))>{say!(account.close)}</button>
        }.into_any(),
    }
    };
    let label = name.clone();
    view! {
        <tr>
            <th scope="row" lang="ja">{name}" "<span class="small">{state_words}</span></th>
            <td><select data-test="account-role" aria-label=move || format!("{label} {}", text!(language.0.get(), account.role)) on:change=pick>{options.collect_view()}</select></td>
            <td>{if account.authenticator { "✓" } else { "－" }}</td>
            <td>{seen}</td>
            <td class="account__acts">
                <Show when=move || sure.with(Option::is_none)>
                    <button type="button" class="button button--secondary button--small" data-test="account-invite"
                        on:click=move |_| sure.set(Some(AccountChange::Invite))>{say!(account.invite)}</button>
                    {close}
                </Show>
                {question}
            </td>
        </tr>
    }
}

#[component]
fn Add(list: List) -> impl IntoView {
    let language = language();
    let (name, picked) = (RwSignal::new(String::new()), RwSignal::new(Role::Reception));
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (typed, picked) = (name.get_untracked(), picked.get_untracked());
        let told = typed.clone();
        let request = move |session| {
            let typed = typed.clone();
            async move { api::add(&session, typed, picked).await }
        };
        list.changes.ask(Asked::Add, request, move |answer| {
            name.set(String::new());
            list.take(&told, answer);
        });
    };
    let options = ROLES.map(|(one, word, _)| {
        view! { <option value=word>{move || role(language.0.get(), one)}</option> }
    });
    let pick = move |event| {
        let word = event_target_value(&event);
        if let Some((one, ..)) = ROLES.into_iter().find(|(_, one, _)| *one == word) {
            picked.set(one);
        }
    };
    view! {
        <form class="account__add" on:submit=send>
            <Line label=Signal::derive(say!(account.name)) id="add-name" autocomplete="off" text=name/>
            <label class="field field--line">
                <span class="label">{say!(account.role)}</span>
                <select class="field__box field__box--text" data-test="add-role" on:change=pick>{options.collect_view()}</select>
            </label>
            <button type="submit" class="button button--secondary" data-test="add-account">{say!(account.add)}</button>
        </form>
    }
}
