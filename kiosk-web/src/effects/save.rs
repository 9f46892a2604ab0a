//! Gives the person a file that was made here.

use super::page;
use js_sys::Array;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{Blob, BlobPropertyBag, HtmlElement, Url};

/// Has the browser save text under a name.
///
/// # Errors
/// What the browser says.
pub(crate) fn save(name: &str, kind: &str, text: &str) -> Result<(), JsValue> {
    let properties = BlobPropertyBag::new();
    properties.set_type(kind);
    let parts = Array::of1(&JsValue::from_str(text));
    let blob = Blob::new_with_str_sequence_and_options(&parts, &properties)?;
    let address = Url::create_object_url_with_blob(&blob)?;
    let link: HtmlElement = page::document().create_element("a")?.dyn_into()?;
    link.set_attribute("href", &address)?;
    link.set_attribute("download", name)?;
    link.click();
    // The browser has taken the text by then.
    gloo_timers::callback::Timeout::new(10_000, move || {
        let _: Result<(), JsValue> = Url::revoke_object_url(&address);
    })
    .forget();
    Ok(())
}
