//! Staff help at a kiosk: what can be done there from the board for the person who is there now.

use super::api::{self, Trouble};
use super::hold::Hold;
use super::state::BoardState;
use super::type_for::AtForm;
use crate::components::icon::{Icon, Shape};
use crate::components::notice::{Notice, Tint};
use crate::effects::page;
use crate::model::asked::About;
use crate::model::help::visit_at;
use crate::words::{self, language, say, text};
use leptos::prelude::*;
use protocol::staff::EndVisit;

/// HTTP status when the visit is over or cannot be ended just now.
const CONFLICT: u16 = 409;

/// Whom staff help: a kiosk, by its name, and the visit there.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Helped {
    pub(super) kiosk: String,
    pub(super) visit: u64,
}

/// Shown for as long as the visit is there that staff asked to help with: whoever comes next is another one.
#[component]
pub(super) fn Help(state: BoardState) -> impl IntoView {
    let late = RwSignal::new(false);
    let helped = Memo::new(move |_| {
        let helped = state.help.get()?;
        let now = state.board.with(|board| visit_at(&board.as_ref()?.kiosks, &helped.kiosk));
        (now == Some(helped.visit)).then_some(helped)
    });
    view! {
        <Show when=move || late.get()>
            <Notice tint=Tint::Warning test="help-late">{say!(board.help_late)}</Notice>
        </Show>
        <For each=move || helped.get() key=Helped::clone let:helped>
            <Panel state helped late/>
        </For>
    }
}

#[component]
fn Panel(state: BoardState, helped: Helped, late: RwSignal<bool>) -> impl IntoView {
    let language = language();
    late.set(false);
    let (name, of_form) = (helped.kiosk.clone(), helped.kiosk.clone());
    let kiosk = Memo::new(move |_| {
        state.board.with(|board| {
            let mut kiosks = board.iter().flat_map(|board| &board.kiosks);
            kiosks.find(|kiosk| kiosk.name == name).cloned()
        })
    });
    let title = move || {
        let kiosk = kiosk.get().map(|kiosk| kiosk.title).unwrap_or_default();
        text!(language.0.get(), board.help_title, kiosk)
    };
    let step = move || {
        let locale = language.0.get();
        kiosk.get().map(|kiosk| words::kiosk_state(locale, &kiosk.state))
    };
    Effect::new(|_| page::scroll_into_view("[data-test=help]"));
    view! {
        <section class="panel stack" aria-labelledby="help-title" data-test="help">
            <h2 class="panel__title" id="help-title"><Icon shape=Shape::Staff/>{title}</h2>
            <p data-test="help-step">{step}</p>
            <AtForm state kiosk=of_form/>
            <End state helped late/>
            <button type="button" class="button button--quiet button--small" data-test="help-close" on:click=move |_| state.help.set(None)>
                {say!(board.help_close)}
            </button>
        </section>
    }
}

/// The visit is ended after one question.
#[component]
fn End(state: BoardState, helped: Helped, late: RwSignal<bool>) -> impl IntoView {
    let asking = RwSignal::new(false);
    let hold = Hold::new();
    let helped = StoredValue::new(helped);
    let ask = move |_| {
        asking.set(true);
        hold.begin();
    };
    let end = move |_| {
        if !hold.is_over() {
            return;
        }
        let Helped { kiosk, visit } = helped.get_value();
        let about = About::Kiosk(kiosk.clone(), visit);
        let end = EndVisit { kiosk, visit };
        let request = async move |session| api::end_visit(&session, &end).await;
        state.ask("end", about, request, move |answer| match answer {
            Err(Trouble::Refused(CONFLICT)) => {
                late.set(true);
                asking.try_set(false);
            }
            answer => {
                state.help.set(None);
                state.take(answer);
            }
        });
    };
    view! {
        <p class="small">{say!(board.help_end_what)}</p>
        <Show when=move || asking.get() fallback=move || view! {
            <button type="button" class="button button--secondary" data-test="help-end" on:click=ask>{say!(board.help_end)}</button>
        }>
            <div role="group" class="consents__sure" data-held=move || hold.mark()>
                <span role="status">{say!(board.help_end_sure)}</span>
                <button type="button" class="button button--secondary button--small" data-test="help-end-yes" on:click=end>{say!(board.help_end_yes)}</button>
                <button type="button" class="button button--secondary button--small" data-test="help-end-no" on:click=move |_| asking.set(false)>{say!(board.help_end_no)}</button>
            </div>
        </Show>
    }
}
