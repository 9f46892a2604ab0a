//! 目視, at the kiosk and on the staff board: compare, give the reason, give the facility's passcode.

use crate::components::notice::{Notice, Tint};
use crate::components::reasons::Reasons;
use crate::components::secret::{Secret, SecretKeys};
use crate::words::{self, language, say};
use leptos::prelude::*;
use protocol::action::VisualReason;
use protocol::screen::PasscodeProblem;

/// What to compare, what was wrong, and the reasons.
#[component]
pub(crate) fn Compare(
    /// What to do.
    #[prop(into)]
    instruction: Signal<String>,
    /// What was wrong with the passcode.
    problem: Option<PasscodeProblem>,
    /// `data-test` of that.
    test: &'static str,
    /// The reason that is chosen.
    reason: RwSignal<VisualReason>,
) -> impl IntoView {
    let language = language();
    let problem = problem.map(|problem| {
        let said = move || words::passcode_problem(language.0.get(), problem);
        view! { <Notice tint=Tint::Error test>{said}</Notice> }
    });
    view! {
        <p>{instruction}</p>
        {problem}
        <Reasons reason/>
        <p class="small">{say!(staff.once)}</p>
    }
}

/// Keys for the facility's passcode.
#[component]
pub(crate) fn Passcode(
    /// What is typed.
    secret: Secret,
) -> impl IntoView {
    view! {
        <p class="label label--centre">{say!(staff.passcode)}</p>
        <SecretKeys secret label=Signal::derive(say!(staff.keypad))/>
    }
}
