//! What stands in a field, once an input method has finished composing it: writing into a field before that would tear the
//! text out of the method's hands, and the digits would come twice.

use super::js;
use leptos::prelude::event_target_value;
use web_sys::Event;

/// The text after an `input` or `compositionend` event; `None` while it is still being composed.
pub(crate) fn settled(event: &Event) -> Option<String> {
    let composing = event.type_() == "input" && js::get(event, "isComposing").is_truthy();
    (!composing).then(|| event_target_value(event))
}
