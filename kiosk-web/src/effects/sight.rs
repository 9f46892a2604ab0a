//! Whether an element is in sight.

use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, IntersectionObserver, IntersectionObserverEntry};

/// Watches until dropped.
struct Watch {
    observer: IntersectionObserver,
    _on_change: Closure<dyn FnMut(js_sys::Array)>,
}

impl Watch {
    /// Begins at once; `None` where the browser does not tell.
    fn begin(element: &Element, seen: RwSignal<bool>) -> Option<Self> {
        let on_change = Closure::new(move |entries: js_sys::Array| {
            // The last is the newest.
            if let Ok(entry) = entries.pop().dyn_into::<IntersectionObserverEntry>() {
                // The page may have gone on.
                let _ = seen.try_set(entry.is_intersecting());
            }
        });
        let observer = IntersectionObserver::new(on_change.as_ref().unchecked_ref()).ok()?;
        observer.observe(element);
        Some(Self { observer, _on_change: on_change })
    }
}

/// Whether any of it is. Where the browser does not tell, it counts as if it was.
pub(crate) fn of(node: NodeRef<Div>) -> RwSignal<bool> {
    let seen = RwSignal::new(true);
    let watch = StoredValue::new_local(None);
    Effect::new(move |_| watch.set_value(node.get().and_then(|node| Watch::begin(&node, seen))));
    seen
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
