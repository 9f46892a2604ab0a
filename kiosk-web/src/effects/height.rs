//! The height of an element, told to the stylesheet.

use super::page::document;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{HtmlElement, ResizeObserver};

/// Keeps a property of the stylesheet at the height of an element, in pixels, until dropped.
pub(crate) struct Height {
    observer: ResizeObserver,
    _on_resize: Closure<dyn FnMut()>,
}

impl Height {
    /// Begins at once; `None` where the browser does not tell.
    pub(crate) fn follow(element: HtmlElement, property: &'static str) -> Option<Self> {
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

impl Drop for Height {
    fn drop(&mut self) {
        self.observer.disconnect();
    }
}
