//! Whom the clinic's patient list knows: chart number and appointment, or a question to staff where more than one fits.

use super::api;
use super::state::BoardState;
use super::visit::Copy;
use crate::components::notice::{Notice, Tint};
use crate::model::board as model;
use crate::words::{language, say, text};
use leptos::prelude::*;
use protocol::Redacted;
use protocol::staff::{ChoosePatient, Fit, Listed};

#[component]
pub(super) fn InList(state: BoardState, id: u64, listed: Listed, elsewhere: bool) -> impl IntoView {
    let Listed { sure, mut fits } = listed;
    match (sure, fits.is_empty()) {
        (true, true) => {
            view! { <p class="small" data-test="list-nobody">{say!(board.list_nobody)}</p> }
                .into_any()
        }
        (true, false) => view! { <Patient fit=fits.remove(0)/> }.into_any(),
        (false, _) => view! { <Which state id fits elsewhere/> }.into_any(),
    }
}

/// The one that it is.
#[component]
fn Patient(fit: Fit) -> impl IntoView {
    let Fit { chart, next, insurance, agrees, .. } = fit;
    let next = next.map(|next| {
        view! { <div><dt>{say!(board.next_appointment)}</dt><dd data-test="next-appointment">{next}</dd></div> }
    });
    let differs = agrees == Some(false);
    // What the claim says already is not said twice.
    let insurance = insurance.filter(|_| agrees != Some(true)).map(|known| {
        let numbers = model::insured(&known);
        view! { <div><dt>{say!(board.list_insurance)}</dt><dd lang="ja" data-test="list-insurance">{numbers}</dd></div> }
    });
    let warning = differs.then(|| {
        view! { <Notice tint=Tint::Warning test="list-differs">{say!(board.list_differs)}</Notice> }
    });
    view! {
        <dl class="facts facts--small" data-test="listed">
            <div><dt>{say!(board.chart)}</dt><dd><span data-test="chart-number">{chart.clone()}</span>" "<Copy text=chart/></dd></div>
            {next}
            {insurance}
        </dl>
        {warning}
    }
}

/// Who of them is it? Staff ask the person.
#[component]
fn Which(state: BoardState, id: u64, fits: Vec<Fit>, elsewhere: bool) -> impl IntoView {
    let language = language();
    let may = move || state.may_act() && !elsewhere;
    let choose = move |chart: Option<String>| {
        let chart = chart.map(Redacted::new);
        state.change("patient", id, move |session| async move {
            api::patient(&session, &ChoosePatient { visit: id, chart }).await
        });
    };
    let lines = fits.into_iter().map(|fit| {
        let Fit { chart, reading, next, .. } = fit;
        let next = next.map(|next| view! { <span class="small">{say!(board.next_appointment)}" "{next}</span> });
        let (name, its) = (chart.clone(), StoredValue::new(chart));
        let words = move || text!(language.0.get(), board.which_this, chart = its.get_value());
        view! {
            <li class="consents__line" data-test="which-fit">
                <span>{name}" "<span lang="ja">{reading}</span>" "{next}</span>
                <Show when=may>
                    <button type="button" class="button button--secondary button--small" data-test="which-this" aria-label=words
                        on:click=move |_| choose(Some(its.get_value()))>
                        {say!(board.which_this_short)}
                    </button>
                </Show>
            </li>
        }
    });
    view! {
        <section class="visit__by-hand stack" data-test="which">
            <Notice tint=Tint::Warning test="which-notice">{say!(board.which_title)}</Notice>
            <p class="small">{say!(board.which_note)}</p>
            <ul class="consents">{lines.collect_view()}</ul>
            <Show when=may>
                <button type="button" class="button button--secondary button--small" data-test="which-none" on:click=move |_| choose(None)>
                    {say!(board.which_none)}
                </button>
            </Show>
        </section>
    }
}
