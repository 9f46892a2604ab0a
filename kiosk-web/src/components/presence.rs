//! 「操作を続けますか」 over any screen. Any touch or key goes on, see `app`.

use super::button::{Button, Kind};
use super::icon::{Icon, Shape};
use crate::effects::page;
use crate::shell::Shell;
use crate::words::say;
use gloo_timers::callback::Interval;
use leptos::prelude::*;
use protocol::Action;

const SECOND_MS: u32 = 1_000;

/// The question, while the bridge asks it.
#[component]
pub(crate) fn Presence() -> impl IntoView {
    let shell = Shell::get();
    let asked = Memo::new(move |_| {
        shell.shown.with(|shown| shown.view().is_some_and(|view| view.asks_presence))
    });
    view! { <Show when=move || asked.get()><Question/></Show> }
}

#[component]
fn Question() -> impl IntoView {
    let shell = Shell::get();
    let left = RwSignal::new(i64::from(protocol::ASKING_MS / SECOND_MS));
    let second =
        Interval::new(SECOND_MS, move || left.update(|left| *left = left.saturating_sub(1).max(0)));
    let second = StoredValue::new_local(second);
    on_cleanup(move || second.dispose());
    Effect::new(move |_| page::focus("[data-test=present]"));
    on_cleanup(|| page::focus("main h1"));
    view! {
        <div class="dialog" role="alertdialog" aria-modal="true" aria-labelledby="presence-title" aria-describedby="presence-body"
            data-test="presence">
            <div class="dialog__box">
                <Icon shape=Shape::Clock/>
                <h2 class="dialog__title" id="presence-title">{say!(presence.title)}</h2>
                <p class="dialog__text" id="presence-body">{say!(presence.body)}</p>
                // Said once, by the words above; a number a second would be all that is heard.
                <p class="dialog__count" role="timer" aria-live="off" data-test="presence-left">
                    {move || { let left = left.get(); say!(presence.left, left)() }}
                </p>
                <Button kind=Kind::Primary test="present" on_press=move || shell.act(Action::Present)>
                    {say!(presence.yes)}
                </Button>
            </div>
        </div>
    }
}
