//! 暗証番号. The digits are in memory only: never in the document, never in an attribute.

use crate::components::button::{Button, Kind};
use crate::components::entered::Entered;
use crate::components::frame::Frame;
use crate::components::icon::{Icon, Shape};
use crate::components::keypad::{Key, Keypad};
use crate::components::notice::{Notice, Tint};
use crate::components::other_methods::OtherMethods;
use crate::model::digits::Digits;
use crate::model::shown::Step;
use crate::shell::Shell;
use crate::words::say;
use leptos::prelude::*;
use protocol::Action;
use protocol::screen::Method;

/// Types a key into a secret number; `true` when Enter was pressed.
pub(crate) fn type_key(digits: RwSignal<Digits>, key: Key) -> bool {
    digits.update(|digits| match key {
        Key::Digit(digit) => {
            digits.push(digit);
        }
        Key::Delete => {
            digits.pop();
        }
        Key::Clear => digits.clear(),
        Key::Enter => {}
    });
    key == Key::Enter
}

/// Four digits on a keypad.
#[component]
pub(crate) fn Pin(tries_left: u8, wrong: bool) -> impl IntoView {
    let shell = Shell::get();
    let digits = RwSignal::new(Digits::new(4));
    let confirm = move || {
        if digits.with_untracked(Digits::is_full) {
            let pin = digits.with_untracked(Digits::to_wire);
            digits.update(Digits::clear);
            shell.act(Action::Pin { pin });
        }
    };
    let on_key = move |key| {
        if type_key(digits, key) {
            confirm();
        }
    };
    let left = i64::from(tries_left);
    let ways = move || {
        view! { <OtherMethods except=Method::Pin/> }
    };
    view! {
        <Frame name="pin" step=Step::Identity title=Signal::derive(say!(pin.title)) ways>
            <div class="split split--keypad">
                <div class="stack">
                    {wrong.then(|| view! { <Notice tint=Tint::Error test="wrong">{say!(pin.wrong)}</Notice> })}
                    <p class="lead">{say!(pin.body)}</p>
                    <p class="strong" data-test="tries-left">{say!(pin.tries_left, left)}</p>
                    <section class="aside"><p class="lead--icon"><Icon shape=Shape::Lock/>{say!(pin.private)}</p></section>
                </div>
                <Secret digits label=Signal::derive(say!(pin.keypad)) on_key on_confirm=confirm confirm_words=Signal::derive(say!(common.confirm))/>
            </div>
        </Frame>
    }
}

/// Dots, keypad and the confirming button.
#[component]
pub(crate) fn Secret(
    digits: RwSignal<Digits>,
    label: Signal<String>,
    on_key: impl Fn(Key) + 'static,
    on_confirm: impl Fn() + 'static,
    confirm_words: Signal<String>,
) -> impl IntoView {
    let ready = Memo::new(move |_| digits.with(Digits::is_full));
    view! {
        <div class="secret">
            <Entered digits/>
            <Keypad label on_key/>
            <button type="button" class="button button--primary button--wide" data-test="confirm"
                aria-disabled=move || (!ready.get()).then_some("true") on:click=move |_| on_confirm()>
                {confirm_words}
            </button>
        </div>
    }
}

/// One try left: another way is offered first.
#[component]
pub(crate) fn LastTry() -> impl IntoView {
    let shell = Shell::get();
    view! {
        <Frame name="pin_last_try" step=Step::Identity title=Signal::derive(say!(pin.last_title))>
            <Notice tint=Tint::Warning test="last-try">{say!(pin.last_body)}</Notice>
            <div class="answers answers--methods">
                <OtherMethods except=Method::Pin/>
                <Button kind=Kind::Secondary test="insist" on_press=move || shell.act(Action::InsistOnPin)>{say!(pin.insist)}</Button>
            </div>
            <p class="small">{say!(pin.last_note)}</p>
        </Frame>
    }
}
