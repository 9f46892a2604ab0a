//! 「受付をやめますか」, where stopping loses what was typed or answered.

use super::answers::Answers;
use super::button::{Button, Kind};
use super::icon::{Icon, Shape};
use crate::effects::page;
use crate::shell::{HOLD_MS, Shell};
use crate::words::say;
use leptos::prelude::*;
use protocol::Action;

/// The question, over the screen. Escape goes on, as the first answer does.
#[component]
pub(crate) fn Leaving(leaving: RwSignal<bool>) -> impl IntoView {
    let shell = Shell::get();
    let shown_ms = page::now_ms();
    // A second tap of the one that opened it stops nothing.
    let stop = move || {
        if page::now_ms() - shown_ms >= f64::from(HOLD_MS) {
            shell.act(Action::Stop);
        }
    };
    Effect::new(move |_| page::focus("#leaving-title"));
    on_cleanup(|| page::focus("[data-test=stop]"));
    let escape = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape" {
            leaving.set(false);
        }
    };
    view! {
        <div class="dialog" role="alertdialog" aria-modal="true" aria-labelledby="leaving-title" aria-describedby="leaving-body"
            data-test="leaving" on:keydown=escape>
            <div class="dialog__box">
                <Icon shape=Shape::Info/>
                <h2 class="dialog__title" id="leaving-title" tabindex="-1">{say!(leaving.title)}</h2>
                <p class="dialog__text" id="leaving-body">{say!(leaving.body)}</p>
                <Answers>
                    <Button kind=Kind::Secondary test="leaving-no" on_press=move || leaving.set(false)>{say!(leaving.no)}</Button>
                    <Button kind=Kind::Secondary test="leaving-yes" on_press=stop>{say!(leaving.yes)}</Button>
                </Answers>
            </div>
        </div>
    }
}
