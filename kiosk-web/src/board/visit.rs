//! One visit on the board.

use super::api;
use super::by_hand::EnterByHand;
use super::elsewhere::{ToLookAt, Where};
use super::listed::InList;
use super::marks::{Ticked, Ticks};
use super::note::Note;
use super::reception::{Document, KnownNumber};
use super::state::BoardState;
use crate::components::icon::{Icon, Shape};
use crate::components::notice::{Notice, Tint};
use crate::effects::page;
use crate::model::board as model;
use crate::words::{self, language, say, text};
use leptos::prelude::*;
use protocol::Redacted;
use protocol::screen::{Outcome, Topic};
use protocol::staff::{Claim, Complete, Visit, Withdraw};
use wasm_bindgen_futures::spawn_local;

/// Everything about a visit, under its line.
#[component]
pub(super) fn Details(state: BoardState, visit: Visit) -> impl IntoView {
    let language = language();
    let (id, outcome, elsewhere) = (visit.visit, visit.outcome, visit.bridge.is_some());
    let by_hand =
        visit.by_hand.clone().map(|result| view! { <EnterByHand state id result elsewhere/> });
    let late = visit.late.is_some().then(|| {
        view! { <Notice tint=Tint::Warning test="late">{say!(board.late)}</Notice> }
    });
    let lost = (!visit.lost.is_empty()).then(|| view! { <Lost lost=visit.lost.clone()/> });
    let consents = (!visit.agreed.is_empty())
        .then(|| view! { <Consents state id agreed=visit.agreed.clone()/> });
    let sent = visit.completed.is_some().then(|| visit.name.clone()).flatten().map(|name| {
        view! { <p class="small">{say!(board.sent_name)}" "<span lang="ja">{name}</span></p> }
    });
    let (claim, limit) = (visit.claim.clone(), visit.limit.clone());
    let listed = visit.listed.clone().map(|listed| view! { <InList state id listed elsewhere/> });
    let (ticks, rest) = match visit.bridge.clone() {
        Some(bridge) => (
            view! { <Where bridge/><Ticked state id/> }.into_any(),
            view! { <ToLookAt visit/> }.into_any(),
        ),
        None => (view! { <Ticks state id/> }.into_any(), view! { <Acts state visit/> }.into_any()),
    };
    view! {
        <div class="visit">
            <div class="visit__what">
                {ticks}
                <p class="visit__outcome" data-test="outcome">{move || words::staff_outcome(language.0.get(), outcome)}</p>
                {sent}
                {listed}
                {by_hand}
                {late}
                {lost}
                {rest}
            </div>
            <div class="visit__claim">
                <Claiming claim limit/>
                {consents}
            </div>
        </div>
    }
}

/// What staff do about a visit and write down.
#[component]
fn Acts(state: BoardState, visit: Visit) -> impl IntoView {
    let (id, outcome) = (visit.visit, visit.outcome);
    let paper = visit.paper.clone().map(|paper| view! { <Document state id paper/> });
    let insurance = model::known_insurance(&visit);
    let known = (outcome == Outcome::Oral && state.may_act())
        .then(|| view! { <KnownNumber state id insurance/> });
    let circles = (!visit.circles.is_empty() && state.may_act())
        .then(|| view! { <Circles state visit=visit.clone()/> });
    view! {
        {paper}
        {known}
        {circles}
        <Note state id note=visit.note/>
    }
}

/// The reception number.
#[component]
pub(super) fn Number(number: Option<u16>) -> impl IntoView {
    match number {
        Some(number) => {
            view! { <span class="visit__number" data-test="number">{number}</span> }.into_any()
        }
        None => view! { <span class="small">{say!(board.no_number)}</span> }.into_any(),
    }
}

/// What the file for the receipt computer could not hold.
#[component]
fn Lost(lost: Vec<(String, String)>) -> impl IntoView {
    let lines = lost.into_iter().map(|(label, characters)| {
        view! { <li lang="ja">{label}"「"<strong>{characters}</strong>"」"</li> }
    });
    view! {
        <section data-test="lost">
            <p class="small">{say!(board.lost)}</p>
            <ul class="visit__notes">{lines.collect_view()}</ul>
        </section>
    }
}

#[component]
fn Claiming(claim: Claim, limit: Option<String>) -> impl IntoView {
    let language = language();
    let route = claim.route;
    let numbers = model::numbers(&claim);
    let numbers = (!numbers.is_empty()).then(|| {
        view! {
            <div>
                <dt>{say!(board.number)}</dt>
                <dd><pre class="visit__copy" lang="ja" data-test="claim-numbers">{numbers.clone()}</pre><Copy text=numbers.clone()/></dd>
            </div>
        }
    });
    let shares = model::shares(&claim.shares);
    let several = claim.shares.len() > 1;
    let share = move || {
        let locale = language.0.get();
        let share = shares.clone();
        match (share.is_empty(), several) {
            (true, _) => text!(locale, board.usual).to_owned(),
            (_, true) => text!(locale, board.share_many, share),
            (_, false) => share,
        }
    };
    let notes = claim.notes.into_iter().map(|note| view! { <li><Icon shape=Shape::Info/>{move || words::note(language.0.get(), note)}</li> });
    let send_to = claim.send_to.map(|to| {
        view! { <div><dt>{say!(board.send_to)}</dt><dd data-test="send-to">{move || words::send_to(language.0.get(), to)}</dd></div> }
    });
    let limit = limit.map(|limit| {
        view! { <div><dt>{say!(board.limit)}</dt><dd data-test="limit" lang="ja">{limit}</dd></div> }
    });
    let remarks = claim.remarks.join("\n");
    let remarks = (!remarks.is_empty()).then(|| {
        view! {
            <div><dt>{say!(board.remarks)}</dt><dd><pre class="visit__copy" lang="ja" data-test="remarks">{remarks.clone()}</pre><Copy text=remarks.clone()/></dd></div>
        }
    });
    view! {
        <dl class="facts facts--small">
            <div><dt>{say!(board.claim)}</dt><dd><strong data-test="route">{move || words::route(language.0.get(), route)}</strong></dd></div>
            {numbers}
            {remarks}
            {send_to}
            <div><dt>{say!(board.shares)}</dt><dd data-test="shares">{share}</dd></div>
            {limit}
        </dl>
        <ul class="visit__notes">{notes.collect_view()}</ul>
    }
}

/// Puts a text on the clipboard and says so.
#[component]
pub(super) fn Copy(
    text: String,
    /// More than the line that the button stands in.
    #[prop(optional)]
    all: bool,
) -> impl IntoView {
    let done = RwSignal::new(None::<bool>);
    let text = StoredValue::new(text);
    let copy = move |_| {
        spawn_local(async move {
            let copied = page::copy(&text.get_value()).await.is_ok();
            done.try_set(Some(copied));
        });
    };
    let language = language();
    let name = move || {
        let locale = language.0.get();
        if all { text!(locale, board.copy_all) } else { text!(locale, common.copy) }
    };
    let words = move || match done.get() {
        None => "",
        Some(true) => text!(language.0.get(), board.copied),
        Some(false) => text!(language.0.get(), board.copy_failed),
    };
    view! {
        <button type="button" class="button button--quiet button--small" data-test="copy" on:click=copy>{name}</button>
        <span class="small" role="status">{words}</span>
    }
}

/// The characters in the places of ●.
#[component]
fn Circles(state: BoardState, visit: Visit) -> impl IntoView {
    let language = language();
    let typed = RwSignal::new(String::new());
    let count = visit.circles.len();
    let id = visit.visit;
    let visit = StoredValue::new(visit);
    let ready =
        move || typed.with(|typed| visit.with_value(|visit| model::completes(visit, typed)));
    let save = move |_| {
        if ready() {
            let known = Redacted::new(typed.get_untracked().trim().to_owned());
            state.change("complete", id, move |session| async move {
                api::complete(&session, &Complete { visit: id, known }).await
            });
        }
    };
    let note = move || text!(language.0.get(), board.circle_note, count);
    view! {
        <div class="visit__circles">
            <label class="field field--line">
                <span class="label">{say!(board.circle)}" "<span class="field__note">{note}</span></span>
                <input class="field__box field__box--text" type="text" lang="ja" autocomplete="off" data-test="circle-characters"
                    on:input=move |event| typed.set(event_target_value(&event))/>
            </label>
            <button type="button" class="button button--secondary button--small" data-test="circle-save"
                aria-disabled=move || (!ready()).then_some("true") on:click=save>
                {say!(board.circle_save)}
            </button>
        </div>
    }
}

/// Consents, each withdrawn after one question.
#[component]
fn Consents(state: BoardState, id: u64, agreed: Vec<Topic>) -> impl IntoView {
    let language = language();
    let asking = RwSignal::new(None::<Topic>);
    let lines = agreed.into_iter().map(|topic| {
        let name = move || words::topic(language.0.get(), topic);
        let sure = move || text!(language.0.get(), board.withdraw_sure, topic = name());
        let withdraw = move |_| {
            asking.set(None);
            state.change("withdraw", id, move |session| async move {
                api::withdraw(&session, &Withdraw { visit: id, topic }).await
            });
        };
        view! {
            <li class="consents__line">
                <span>{name}</span>
                <Show when=move || asking.get() == Some(topic) fallback=move || view! {
                    <Show when=move || state.may_act()>
                        <button type="button" class="button button--quiet button--small" data-test="withdraw" on:click=move |_| asking.set(Some(topic))>
                            {say!(board.withdraw)}
                        </button>
                    </Show>
                }>
                    <span role="group" class="consents__sure">
                        <span role="status">{sure}</span>
                        <button type="button" class="button button--secondary button--small" data-test="withdraw-yes" on:click=withdraw>{say!(board.yes_withdraw)}</button>
                        <button type="button" class="button button--secondary button--small" data-test="withdraw-no" on:click=move |_| asking.set(None)>{say!(board.no_withdraw)}</button>
                    </span>
                </Show>
            </li>
        }
    });
    view! {
        <section>
            <h2 class="label">{say!(board.consents)}</h2>
            <ul class="consents">{lines.collect_view()}</ul>
        </section>
    }
}
