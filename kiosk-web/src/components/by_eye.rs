//! 目視, at the kiosk and on the staff board: compare, give the reason, give the facility's passcode.

use crate::components::notice::{Notice, Tint};
use crate::components::reasons::Reasons;
use crate::components::secret::{Secret, SecretConfirm, SecretKeys};
use crate::model::by_eye::{Missing, missing};
use crate::words::{self, language, say, text};
use leptos::prelude::*;
use protocol::Redacted;
use protocol::action::VisualReason;
use protocol::screen::PasscodeProblem;

/// What staff give: nothing at first, so that no reason stands in the audit that nobody chose.
#[derive(Clone, Copy)]
pub(crate) struct ByEye {
    reason: RwSignal<Option<VisualReason>>,
    secret: Secret,
}

/// One of the reasons, below what to compare.
#[component]
pub(crate) fn Why(
    /// Where the reason goes.
    reason: RwSignal<Option<VisualReason>>,
) -> impl IntoView {
    view! {
        <Reasons reason/>
        <p class="small">{say!(staff.once)}</p>
    }
}

/// Why the button to confirm does nothing yet.
#[component]
pub(crate) fn StillMissing(
    /// What is missing.
    #[prop(into)]
    missing: Signal<Option<Missing>>,
) -> impl IntoView {
    let language = language();
    let why = move || {
        let locale = language.0.get();
        missing.get().map(|missing| match missing {
            Missing::Reason => text!(locale, staff.missing_reason),
            Missing::Passcode => text!(locale, staff.missing_passcode),
        })
    };
    view! { <p class="small" role="status" data-test="by-eye-missing">{why}</p> }
}

impl ByEye {
    /// `send` gets passcode and reason once both are there and confirmed.
    pub(crate) fn new(send: impl Fn(Redacted, VisualReason) + 'static) -> Self {
        let reason = RwSignal::new(None);
        let chosen = Signal::derive(move || reason.with(Option::is_some));
        let secret = Secret::when(chosen, move |passcode| {
            if let Some(reason) = reason.get_untracked() {
                send(passcode, reason);
            }
        });
        Self { reason, secret }
    }

    fn missing(self) -> Option<Missing> {
        missing(self.reason.get(), self.secret.is_full())
    }
}

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
    /// Where the reason goes.
    by_eye: ByEye,
) -> impl IntoView {
    let language = language();
    let problem = problem.map(|problem| {
        let said = move || words::passcode_problem(language.0.get(), problem);
        view! { <Notice tint=Tint::Error test>{said}</Notice> }
    });
    view! {
        <p>{instruction}</p>
        {problem}
        <Why reason=by_eye.reason/>
    }
}

/// Keys for the facility's passcode.
#[component]
pub(crate) fn Passcode(
    /// What is typed.
    by_eye: ByEye,
) -> impl IntoView {
    view! {
        <p class="label label--centre">{say!(staff.passcode)}</p>
        <SecretKeys secret=by_eye.secret label=Signal::derive(say!(staff.keypad))/>
    }
}

/// The button that confirms; while it does nothing, the line above it says why.
#[component]
pub(crate) fn Confirm(
    /// What is given.
    by_eye: ByEye,
) -> impl IntoView {
    view! {
        <StillMissing missing=Signal::derive(move || by_eye.missing())/>
        <SecretConfirm secret=by_eye.secret words=Signal::derive(say!(staff.confirm))/>
    }
}
