//! Please take the card; the reminder rises while it is left.

use super::finished::title_and_reason;
use crate::components::button::{Button, Kind};
use crate::components::frame::Frame;
use crate::components::notice::{Notice, Tint};
use crate::components::picture::{Motion, ReaderPicture};
use crate::components::ticket::Ticket;
use crate::model::shown::Step;
use crate::shell::Shell;
use crate::words::{self, language, say, text};
use leptos::prelude::*;
use protocol::Action;
use protocol::screen::{After, Outcome, Payment};

/// Reminder from which on the words and colours are strongest.
const STRONG_FROM: u8 = 2;

/// The card is to be taken.
#[component]
pub(crate) fn TakeCard(
    outcome: Outcome,
    after: After,
    payment: Payment,
    reminder: u8,
) -> impl IntoView {
    let language = language();
    let ended = move || title_and_reason(language.0.get(), outcome);
    let notice = (reminder > 0).then(|| {
        let tint = if reminder >= STRONG_FROM { Tint::Error } else { Tint::Warning };
        let words = move || {
            let locale = language.0.get();
            if reminder >= STRONG_FROM {
                text!(locale, take.reminder_strong)
            } else {
                text!(locale, take.reminder)
            }
        };
        view! { <Notice tint test="reminder">{words}</Notice> }
    });
    let ticket = after.number.is_some().then(|| view! { <Ticket after/> });
    view! {
        <Frame name="take_card" step=Step::Take title=Signal::derive(say!(take.title)) can_stop=false>
            {notice}
            <div class="split">
                <div class="panel panel--picture">
                    <ReaderPicture motion=Motion::Take label=Signal::derive(say!(take.picture))/>
                </div>
                <div class="stack">
                    {ticket}
                    <section class="panel">
                        <h2 class="panel__title" data-test="outcome">{move || ended().0}</h2>
                        <p>{move || ended().1}</p>
                    </section>
                    <p class="lead">{say!(take.body)}</p>
                    {(outcome != Outcome::Confirmed).then(|| view! { <p class="strong">{move || words::payment(language.0.get(), payment)}</p> })}
                </div>
            </div>
        </Frame>
    }
}

/// The card was taken: number and place once more, nothing personal.
#[component]
pub(crate) fn Farewell(after: After) -> impl IntoView {
    let shell = Shell::get();
    let ways = move || {
        view! { <Button kind=Kind::Secondary test="continue" on_press=move || shell.act(Action::Continue)>{say!(after.close)}</Button> }
    };
    view! {
        <Frame name="farewell" step=Step::Take title=Signal::derive(say!(after.farewell)) can_stop=false ways>
            <Ticket after/>
            <p class="lead">{say!(after.farewell_body)}</p>
        </Frame>
    }
}
