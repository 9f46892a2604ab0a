//! Buttons, at least 56 px high at 100 %.

use leptos::prelude::*;

/// How much a button stands out. Answers to one question are of the same kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The one way on.
    Primary,
    /// One of several equal answers, or another way.
    Secondary,
    /// Leaving.
    Quiet,
}

impl Kind {
    fn class(self) -> &'static str {
        match self {
            Self::Primary => "button button--primary",
            Self::Secondary => "button button--secondary",
            Self::Quiet => "button button--quiet",
        }
    }
}

/// A button with words.
#[component]
pub(crate) fn Button(
    /// How much it stands out.
    kind: Kind,
    /// `data-test`.
    test: &'static str,
    /// What it does.
    on_press: impl Fn() + 'static,
    /// Its words.
    children: Children,
) -> impl IntoView {
    view! {
        <button type="button" class=kind.class() data-test=test on:click=move |_| on_press()>
            {children()}
        </button>
    }
}
