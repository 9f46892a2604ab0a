//! Touches and keys before any screen sees them: none counts on a question that appeared a moment ago, and the place of
//! the last one is known.

use super::page::{document, window};
use leptos::html::Div;
use leptos::prelude::*;
use std::cell::Cell;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, Event, KeyboardEvent, MouseEvent};

thread_local! {
    /// Where a button was pressed last, in pixels of the window.
    static LAST: Cell<Option<(f64, f64)>> = const { Cell::new(None) };
}

/// Swallows what would answer the question, by a touch or a key, while `is_new`. For as long as the page lives.
pub(crate) fn hold_while(is_new: impl Fn() -> bool + 'static) {
    before_all(&["click", "keydown"], move |event| {
        if is_new() && answers(event) {
            return true;
        }
        if let Some(click) = event.dyn_ref::<MouseEvent>() {
            LAST.set(Some((f64::from(click.client_x()), f64::from(click.client_y()))));
        }
        false
    });
}

/// Swallows what is pressed with a pointer within what the selector names, while `moves`. For as long as the page lives.
pub(crate) fn hold_presses(selector: &'static str, moves: impl Fn() -> bool + 'static) {
    before_all(&["click"], move |event| {
        // A key that presses a button makes a click too, but one that no pointer counts.
        let by_pointer = event.dyn_ref::<MouseEvent>().is_some_and(|click| click.detail() > 0);
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let within =
            || target.is_some_and(|it| it.closest(selector).is_ok_and(|found| found.is_some()));
        by_pointer && moves() && within()
    });
}

/// Swallows events of these kinds for which `holds`, while they are on their way down, before any button hears of them.
fn before_all(kinds: &[&str], holds: impl Fn(&Event) -> bool + 'static) {
    let hold = Closure::<dyn Fn(Event)>::new(move |event: Event| {
        if holds(&event) {
            event.stop_propagation();
            event.prevent_default();
        }
    });
    for kind in kinds {
        let listener = hold.as_ref().unchecked_ref();
        let added = window().add_event_listener_with_callback_and_bool(kind, listener, true);
        debug_assert!(added.is_ok(), "a window takes listeners");
    }
    hold.forget();
}

/// Whether the event could press something of the screen itself; language, text size and sound answer nothing.
fn answers(event: &Event) -> bool {
    let presses = match event.dyn_ref::<KeyboardEvent>() {
        Some(key) => matches!(key.key().as_str(), "Enter" | " "),
        None => true,
    };
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let body = document().body().map(Element::from);
    presses
        && target.is_some_and(|it| {
            it.closest("main").is_ok_and(|main| main.is_some()) || Some(it) == body
        })
}

/// Becomes `true` where an element appears under the place that was touched last: what lay there before is not to be
/// answered by a second tap.
pub(crate) fn lies_under_last(node: NodeRef<Div>) -> RwSignal<bool> {
    let under = RwSignal::new(false);
    Effect::new(move |_| {
        if let (Some(element), Some((x, y))) = (node.get(), LAST.get()) {
            let place = element.get_bounding_client_rect();
            under.set(
                (place.left()..=place.right()).contains(&x)
                    && (place.top()..=place.bottom()).contains(&y),
            );
        }
    });
    under
}
