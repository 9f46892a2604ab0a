//! 目視: the patient waits, a staff member compares, gives a reason and the facility's passcode.

use super::pin::{Secret, type_key};
use crate::components::frame::Frame;
use crate::components::icon::{Icon, Shape};
use crate::components::notice::{Notice, Tint};
use crate::components::other_methods::OtherMethods;
use crate::components::reasons::Reasons;
use crate::model::digits::Digits;
use crate::model::shown::Step;
use crate::shell::Shell;
use crate::words::{self, language, say};
use leptos::prelude::*;
use protocol::Action;
use protocol::action::VisualReason;
use protocol::screen::{Method, PasscodeProblem};

/// Passcode and reason.
#[component]
pub(crate) fn Staff(problem: Option<PasscodeProblem>) -> impl IntoView {
    let (shell, language) = (Shell::get(), language());
    let digits = RwSignal::new(Digits::new(4));
    let reason = RwSignal::new(VisualReason::FaceNotMatched);
    let confirm = move || {
        if digits.with_untracked(Digits::is_full) {
            let passcode = digits.with_untracked(Digits::to_wire);
            digits.update(Digits::clear);
            shell.act(Action::Visual { passcode, reason: reason.get_untracked() });
        }
    };
    let on_key = move |key| {
        if type_key(digits, key) {
            confirm();
        }
    };
    let problem = problem.map(|problem| {
        let text = move || words::passcode_problem(language.0.get(), problem);
        view! { <Notice tint=Tint::Error test="passcode-problem">{text}</Notice> }
    });
    view! {
        <Frame name="staff" step=Step::Identity title=Signal::derive(say!(staff.title)) ways=move || view! { <OtherMethods except=Method::Visual/> }>
            <p class="lead">{say!(staff.patient)}</p>
            <div class="split split--keypad">
                <section class="panel stack">
                    <h2 class="panel__title"><Icon shape=Shape::Staff/>{say!(staff.for_staff)}</h2>
                    <p>{say!(staff.instruction)}</p>
                    {problem}
                    <Reasons reason/>
                    <p class="small">{say!(staff.once)}</p>
                </section>
                <div class="stack">
                    <p class="label label--centre">{say!(staff.passcode)}</p>
                    <Secret digits label=Signal::derive(say!(staff.keypad)) on_key on_confirm=confirm
                        confirm_words=Signal::derive(say!(staff.confirm))/>
                </div>
            </div>
        </Frame>
    }
}
