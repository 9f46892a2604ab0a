//! What staff do at the reception about a visit: look at a document, enter a number that they know.

use super::api;
use super::state::BoardState;
use crate::components::icon::{Icon, Shape};
use crate::components::notice::{Notice, Tint};
use crate::model::board as model;
use crate::words::{self, language, say, text};
use leptos::prelude::*;
use protocol::Redacted;
use protocol::staff::{Insured, Known, Paper, PaperItem, SeePaper};

/// The document whose numbers were typed: every thing on it is ticked off, then the visit is done.
#[component]
pub(super) fn Document(state: BoardState, id: u64, paper: Paper) -> impl IntoView {
    let language = language();
    let Paper { document, items, seen } = paper;
    if seen {
        return view! { <p class="lead--icon" data-test="paper-seen"><Icon shape=Shape::Done/>{say!(board.paper_seen)}</p> }.into_any();
    }
    let ticked = RwSignal::new(Vec::<PaperItem>::new());
    let boxes = items.clone().into_iter().map(|item| {
        let name = move || words::paper_item(language.0.get(), item);
        view! {
            <label class="option">
                <input type="checkbox" data-test=item_test(item) on:change=move |event| {
                    let on = event_target_checked(&event);
                    ticked.update(|ticked| {
                        ticked.retain(|other| *other != item);
                        if on {
                            ticked.push(item);
                        }
                    });
                }/>
                <span>{name}</span>
            </label>
        }
    });
    let boxes = boxes.collect_view();
    let ready = Memo::new(move |_| ticked.with(|ticked| model::is_all_seen(&items, ticked)));
    let done = move |_| {
        if ready.get_untracked() {
            let seen = ticked.get_untracked();
            state.change("paper", id, move |session| async move {
                api::paper(&session, &SeePaper { visit: id, seen }).await
            });
        }
    };
    let title = move || {
        let locale = language.0.get();
        text!(locale, board.paper_title, document = words::paper_name(locale, document))
    };
    view! {
        <section class="visit__by-hand stack" data-test="paper">
            <Notice tint=Tint::Warning test="paper-notice">{title}</Notice>
            <fieldset class="options" disabled={!state.may_act()}>
                <legend>{say!(board.paper_items)}</legend>
                {boxes}
            </fieldset>
            <p class="small" role="status">{move || (state.may_act() && !ready.get()).then(|| text!(language.0.get(), board.paper_missing))}</p>
            <Show when=move || state.may_act()>
                <button type="button" class="button button--secondary button--small" data-test="paper-done"
                    aria-disabled=move || (!ready.get()).then_some("true") on:click=done>
                    {say!(board.paper_done)}
                </button>
            </Show>
        </section>
    }
    .into_any()
}

fn item_test(item: PaperItem) -> &'static str {
    match item {
        PaperItem::Card => "paper-card",
        PaperItem::Share => "paper-share",
        PaperItem::ValidUntil => "paper-valid_until",
        PaperItem::ShareFrom => "paper-share_from",
    }
}

/// The number that staff know of somebody who was here before, once they have asked.
#[component]
pub(super) fn KnownNumber(
    state: BoardState,
    id: u64,
    /// That the patient list has: nobody needs to type it.
    insurance: Option<Insured>,
) -> impl IntoView {
    let language = language();
    let typed = RwSignal::new(insurance.map(model::KnownForm::of).unwrap_or_default());
    let ready = Memo::new(move |_| typed.with(model::KnownForm::is_ready));
    let answer = |past: bool, test: &'static str| {
        let name = move || {
            let locale = language.0.get();
            if past { text!(locale, board.known_past) } else { text!(locale, board.known_same) }
        };
        view! {
            <label class="option">
                <input type="radio" name=format!("known-{id}") data-test=test
                    prop:checked=move || typed.with(|typed| typed.past == Some(past))
                    on:change=move |_| typed.update(|typed| typed.past = Some(past))/>
                <span>{name}</span>
            </label>
        }
    };
    let save = move |_| {
        if !ready.get_untracked() {
            return;
        }
        let form = typed.get_untracked();
        let text = |text: &str| Redacted::new(text.trim().to_owned());
        let known = Known {
            visit: id,
            insurer_number: text(&form.insurer_number),
            symbol: text(&form.symbol),
            number: text(&form.number),
            branch: text(&form.branch),
            past: form.past == Some(true),
        };
        state.change("known", id, move |session| async move { api::known(&session, &known).await });
    };
    let line = |name: Signal<String>,
                test: &'static str,
                text: fn(&mut model::KnownForm) -> &mut String| {
        view! {
            <label class="field field--line">
                <span class="label">{name}</span>
                <input class="field__box field__box--text" type="text" lang="ja" autocomplete="off" data-test=test
                    prop:value=move || text(&mut typed.get()).clone()
                    on:input=move |event| typed.update(|typed| *text(typed) = event_target_value(&event))/>
            </label>
        }
    };
    let name = |key: fn(words::Tongue) -> &'static str| {
        Signal::derive(move || key(language.0.get()).to_owned())
    };
    view! {
        <details class="visit__by-hand stack" data-test="known" prop:open=false>
            <summary>{say!(board.known_title)}</summary>
            <p class="small">{say!(board.known_note)}</p>
            <fieldset class="options">
                <legend>{say!(board.known_asked)}</legend>
                {answer(false, "known-same")}
                {answer(true, "known-past")}
            </fieldset>
            <div class="visit__circles">
                {line(name(|l| text!(l, numbers.insurer_number)), "known-insurer_number", |form| &mut form.insurer_number)}
                {line(name(|l| text!(l, numbers.symbol)), "known-symbol", |form| &mut form.symbol)}
                {line(name(|l| text!(l, numbers.number)), "known-number", |form| &mut form.number)}
                {line(name(|l| text!(l, numbers.branch)), "known-branch", |form| &mut form.branch)}
            </div>
            <button type="button" class="button button--secondary button--small" data-test="known-save"
                aria-disabled=move || (!ready.get()).then_some("true") on:click=save>
                {say!(board.known_save)}
            </button>
        </details>
    }
}
