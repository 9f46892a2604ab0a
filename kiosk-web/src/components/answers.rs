//! The answers to one question, alike and in one row, never where the button of the question before was.

use crate::effects::touch;
use leptos::html::Div;
use leptos::prelude::*;

/// Goes into the bar of a [`super::frame::Frame`].
#[component]
pub(crate) fn Answers(
    /// Buttons.
    children: Children,
) -> impl IntoView {
    let row = NodeRef::<Div>::new();
    let under_last = touch::lies_under_last(row);
    let class = move || if under_last.get() { "answers answers--last" } else { "answers" };
    view! { <div class=class node_ref=row>{children()}</div> }
}
