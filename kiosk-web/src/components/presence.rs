//! 「操作を続けますか」 over any screen. Any touch or key goes on, see `app`.

use super::button::{Button, Kind};
use super::icon::{Icon, Shape};
use crate::effects::page;
use crate::shell::Shell;
use crate::words::say;
use leptos::prelude::*;
use protocol::Action;

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
    Effect::new(move |_| page::focus("[data-test=present]"));
    on_cleanup(|| page::focus("main h1"));
    view! {
        <div class="dialog" role="alertdialog" aria-modal="true" aria-labelledby="presence-title" aria-describedby="presence-body"
            data-test="presence">
            <div class="dialog__box">
                <Icon shape=Shape::Clock/>
                <h2 class="dialog__title" id="presence-title">{say!(presence.title)}</h2>
                <p class="dialog__text" id="presence-body">{say!(presence.body)}</p>
                <Button kind=Kind::Primary test="present" on_press=move || shell.act(Action::Present)>
                    {say!(presence.yes)}
                </Button>
            </div>
        </div>
    }
}
