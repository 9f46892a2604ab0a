//! What is wrong with a form: in sight together with the field, also where large type leaves little room.

use super::notice::{Notice, Tint};
use crate::effects::page;
use leptos::prelude::*;

/// An error about the field that the keys type into.
#[component]
pub(crate) fn Problem(
    /// `data-test`.
    test: &'static str,
    /// The sentence.
    children: Children,
) -> impl IntoView {
    // In the frame after the next: a new screen scrolls to its heading first, and the height of its keys is known then.
    Effect::new(|_| {
        request_animation_frame(|| {
            request_animation_frame(|| page::scroll_into_view(".field--now"));
        });
    });
    view! { <div class="problem"><Notice tint=Tint::Error test>{children()}</Notice></div> }
}
