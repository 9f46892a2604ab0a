//! A large keypad. A physical one types into it too.

use super::icon::{Icon, Shape};
use crate::effects::{height, page};
use crate::model::digits::ascii;
use crate::words::say;
use leptos::ev::{self, KeyboardEvent};
use leptos::html::Div;
use leptos::prelude::*;
use std::rc::Rc;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlInputElement};

/// What was pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key {
    /// 0 to 9.
    Digit(char),
    /// Take the last one away.
    Delete,
    /// Start over.
    Clear,
    /// Confirm, only from a physical key pad.
    Enter,
}

const ROWS: [[char; 3]; 3] = [['1', '2', '3'], ['4', '5', '6'], ['7', '8', '9']];

/// Keys in the order of a telephone, which is what people know by heart.
#[component]
pub(crate) fn Keypad(
    /// What is typed here, for screen readers.
    #[prop(into)]
    label: Signal<String>,
    /// Takes the keys.
    on_key: impl Fn(Key) + 'static,
) -> impl IntoView {
    let on_key = Rc::new(move |key| {
        on_key(key);
        // With large type the next field may be out of sight.
        request_animation_frame(|| page::scroll_into_view(".field--now"));
    });
    let physical = {
        let on_key = Rc::clone(&on_key);
        window_event_listener(ev::keydown, move |event| {
            if let Some(key) = physical_key(&event) {
                event.prevent_default();
                on_key(key);
            }
        })
    };
    on_cleanup(move || physical.remove());
    let digit = |digit: char| {
        let on_key = Rc::clone(&on_key);
        view! {
            <button type="button" class="key" data-test=format!("key-{digit}") on:click=move |_| on_key(Key::Digit(digit))>
                {digit}
            </button>
        }
    };
    let pad = NodeRef::<Div>::new();
    // With what stands under the keys.
    height::tell(pad, "--keys", |pad| pad.parent_element()?.dyn_into().ok());
    let (clear, delete) = (Rc::clone(&on_key), Rc::clone(&on_key));
    view! {
        <div class="keypad" role="group" aria-label=label node_ref=pad>
            {ROWS.map(|row| row.map(digit)).into_iter().flatten().collect_view()}
            <button type="button" class="key key--word" data-test="key-clear" on:click=move |_| clear(Key::Clear)>
                {say!(common.clear_all)}
            </button>
            {digit('0')}
            <button type="button" class="key key--word" data-test="key-delete" on:click=move |_| delete(Key::Delete)>
                <Icon shape=Shape::Delete/>
                {say!(common.clear)}
            </button>
        </div>
    }
}

/// The key of a keyboard event that is meant for the pad: not one for a field, and not Enter on a focused button.
fn physical_key(event: &KeyboardEvent) -> Option<Key> {
    // While text is being composed, Enter and Delete belong to the input method.
    if event.ctrl_key() || event.alt_key() || event.meta_key() || event.is_composing() {
        return None;
    }
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let in_text_field = target
        .as_ref()
        .and_then(|target| target.dyn_ref::<HtmlInputElement>())
        .is_some_and(|field| field.type_() != "radio");
    let on_button = target
        .as_ref()
        .is_some_and(|target| target.tag_name() == "BUTTON" || target.tag_name() == "A");
    match event.key().as_str() {
        "Enter" if !on_button => Some(Key::Enter),
        "Backspace" | "Delete" if !in_text_field => Some(Key::Delete),
        key if !in_text_field => single_digit(key).map(Key::Digit),
        _ => None,
    }
}

fn single_digit(key: &str) -> Option<char> {
    let mut characters = key.chars();
    let digit = characters.next().and_then(ascii)?;
    characters.next().is_none().then_some(char::from(digit))
}

#[cfg(test)]
mod tests {
    use super::single_digit;

    #[test]
    fn only_single_digits_are_digits() {
        assert_eq!(
            ["7", "７", "F7", "77", "", "七"].map(single_digit),
            [Some('7'), Some('7'), None, None, None, None]
        );
    }
}
