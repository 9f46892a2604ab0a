//! A secret number of four digits on a keypad. In memory only: never in the document, never in an attribute.

use crate::components::entered::Entered;
use crate::components::keypad::{Key, Keypad};
use crate::model::digits::Digits;
use crate::shell::Local;
use leptos::prelude::*;
use protocol::Redacted;
use std::rc::Rc;

/// What is typed, and where it goes.
#[derive(Clone, Copy)]
pub(crate) struct Secret {
    digits: RwSignal<Digits>,
    /// Whether what else is needed is there.
    ready: Signal<bool>,
    send: Local<Redacted>,
}

impl Secret {
    /// Nothing typed yet; `send` gets the number once it is complete and confirmed.
    pub(crate) fn new(send: impl Fn(Redacted) + 'static) -> Self {
        Self::when(Signal::stored(true), send)
    }

    /// The same, but nothing is sent before `ready`.
    pub(crate) fn when(ready: Signal<bool>, send: impl Fn(Redacted) + 'static) -> Self {
        let digits = RwSignal::new(Digits::new(4));
        Self { digits, ready, send: StoredValue::new_local(Rc::new(send)) }
    }

    /// Whether all digits are typed.
    pub(crate) fn is_full(self) -> bool {
        self.digits.with(Digits::is_full)
    }

    /// Sends and forgets a complete number; does nothing before.
    fn confirm(self) {
        if self.ready.get_untracked() && self.digits.with_untracked(Digits::is_full) {
            let number = self.digits.with_untracked(Digits::to_wire);
            self.digits.update(Digits::clear);
            self.send.with_value(|send| send(number));
        }
    }

    fn press(self, key: Key) {
        match key {
            Key::Digit(digit) => self.digits.update(|digits| {
                digits.push(digit);
            }),
            Key::Delete => self.digits.update(|digits| {
                digits.pop();
            }),
            Key::Clear => self.digits.update(Digits::clear),
            Key::Enter => self.confirm(),
        }
    }
}

/// Dots and keypad.
#[component]
pub(crate) fn SecretKeys(
    /// What is typed.
    secret: Secret,
    /// Name of the keypad.
    #[prop(into)]
    label: Signal<String>,
) -> impl IntoView {
    view! {
        <div class="secret">
            <Entered digits=secret.digits/>
            <Keypad label on_key=move |key| secret.press(key)/>
        </div>
    }
}

/// The button that sends it.
#[component]
pub(crate) fn SecretConfirm(
    /// What is typed.
    secret: Secret,
    /// Words of the button.
    #[prop(into)]
    words: Signal<String>,
) -> impl IntoView {
    let ready = Memo::new(move |_| secret.ready.get() && secret.is_full());
    view! {
        <button type="button" class="button button--primary" data-test="confirm"
            aria-disabled=move || (!ready.get()).then_some("true") on:click=move |_| secret.confirm()>
            {words}
        </button>
    }
}
