//! A large button with a name and one line about it.

use super::icon::{Icon, Shape};
use leptos::prelude::*;

/// One of several ways or answers.
#[component]
pub(crate) fn WayButton(
    /// `data-test`.
    #[prop(into)]
    test: String,
    /// Its name.
    #[prop(into)]
    name: Signal<String>,
    /// Language of the name, where it is not that of the page.
    #[prop(into, optional)]
    lang: MaybeProp<String>,
    /// One line about it.
    #[prop(into, optional)]
    note: MaybeProp<String>,
    /// Whether it was chosen before.
    #[prop(optional)]
    chosen: bool,
    /// What it does.
    on_press: impl Fn() + 'static,
) -> impl IntoView {
    view! {
        <button type="button" class=if chosen { "way way--chosen" } else { "way" } data-test=test on:click=move |_| on_press()>
            <span class="way__words">
                <span class="way__name" lang=move || lang.get()>{name}</span>
                {move || note.get().map(|note| view! { <span class="way__note">{note}</span> })}
            </span>
            {chosen.then(|| view! { <Icon shape=Shape::Done/> })}
        </button>
    }
}
