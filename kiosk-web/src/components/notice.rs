//! A sentence that stands out: icon, words and colour say the same.

use super::icon::{Icon, Shape};
use leptos::prelude::*;

/// How serious.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tint {
    /// Good to know.
    Info,
    /// To be heeded.
    Warning,
    /// Something went wrong; read out at once.
    Error,
    /// Something worked.
    Success,
}

/// A notice with an optional title.
#[component]
pub(crate) fn Notice(
    /// How serious.
    tint: Tint,
    /// `data-test`.
    test: &'static str,
    /// One line above the sentence.
    #[prop(into, optional)]
    title: MaybeProp<String>,
    /// The sentence.
    children: Children,
) -> impl IntoView {
    let (class, shape) = match tint {
        Tint::Info => ("notice notice--info", Shape::Info),
        Tint::Warning => ("notice notice--warning", Shape::Warning),
        Tint::Error => ("notice notice--error", Shape::Warning),
        Tint::Success => ("notice notice--success", Shape::Done),
    };
    view! {
        <div class=class role=(tint == Tint::Error).then_some("alert") data-test=test>
            <Icon shape=shape/>
            <div class="notice__words">
                {move || title.get().map(|title| view! { <p class="notice__title">{title}</p> })}
                <p class="notice__text">{children()}</p>
            </div>
        </div>
    }
}
