//! The height of an element, told to the stylesheet.

use super::page::document;
use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{HtmlElement, ResizeObserver};

/// Keeps a property of the stylesheet at the height of an element, in pixels, until dropped.
struct Height {
    observer: ResizeObserver,
    _on_resize: Closure<dyn FnMut()>,
}

impl Height {
    /// Begins at once; `None` where the browser does not tell.
    fn follow(element: HtmlElement, property: &'static str) -> Option<Self> {
        let watched = element.clone();
        let on_resize = Closure::new(move || {
            let root = document().document_element();
            if let Some(root) = root.and_then(|root| root.dyn_into::<HtmlElement>().ok()) {
                let height = format!("{}px", element.offset_height());
                let _: Result<(), JsValue> = root.style().set_property(property, &height);
            }
        });
        let observer = ResizeObserver::new(on_resize.as_ref().unchecked_ref()).ok()?;
        observer.observe(&watched);
        Some(Self { observer, _on_resize: on_resize })
    }
}

/// Tells the stylesheet the height of what `which` makes of an element, for as long as the component is there.
pub(crate) fn tell(
    node: NodeRef<Div>,
    property: &'static str,
    which: fn(HtmlElement) -> Option<HtmlElement>,
) {
    let following = StoredValue::new_local(None);
    Effect::new(move |_| {
        let element = node.get().and_then(|node| which(node.into()));
        following.set_value(element.and_then(|element| Height::follow(element, property)));
    });
}

impl Drop for Height {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
