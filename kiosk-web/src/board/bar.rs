//! The bar that stays while a kiosk needs staff: what for, where, and for how many seconds a person has waited.

use super::state::BoardState;
use crate::components::icon::{Icon, Shape};
use crate::model::waits::{Cause, Wait, waited};
use crate::words::{self, language, say};
use leptos::prelude::*;
use protocol::staff::Need;

/// One line for each kiosk. What is needed is read out when it is new; the seconds are not.
#[component]
pub(super) fn Bar(state: BoardState) -> impl IntoView {
    view! {
        <div class="bar" role="region" aria-label=say!(board.bar) data-test="bar">
            <ul aria-live="assertive" aria-relevant="additions">
                <For each=move || state.waits.get() key=Wait::key let:wait>
                    <Line state wait/>
                </For>
            </ul>
        </div>
    }
}

#[component]
fn Line(state: BoardState, wait: Wait) -> impl IntoView {
    let language = language();
    let Wait { kiosk, title, cause, since } = wait;
    let words = move || words::cause(language.0.get(), cause);
    let since = since.map(|since| js_sys::Date::parse(&since)).filter(|since| since.is_finite());
    let seconds = move |since: f64| {
        #[expect(clippy::cast_possible_truncation, reason = "seconds of a day")]
        let seconds = ((state.now_ms.get() - since) / 1_000.0) as i64;
        waited(seconds)
    };
    let clock = since.map(|since| {
        view! { <span class="bar__clock" aria-hidden="true" data-test="bar-waited">{move || seconds(since)}</span> }
    });
    let is_eye = cause == Cause::Needs(Need::Eye);
    let class = if is_eye { "bar__line bar__line--eye" } else { "bar__line" };
    let to_confirm = kiosk.clone();
    let confirm = (is_eye && state.may_act()).then(|| {
        view! {
            <button type="button" class="button button--small bar__go" data-test="bar-confirm"
                on:click=move |_| state.look_at(to_confirm.clone())>
                {say!(board.bar_confirm)}
            </button>
        }
    });
    view! {
        <li class=class data-wait=kiosk>
            <Icon shape=if is_eye { Shape::Staff } else { Shape::Warning }/>
            <strong lang="ja">{title}</strong>
            <span>{words}</span>
            {clock}
            {confirm}
        </li>
    }
}
