//! 目視: the patient waits, a staff member compares, gives a reason and the facility's passcode.

use crate::components::by_eye::{ByEye, Compare, Confirm, Passcode};
use crate::components::frame::Frame;
use crate::components::icon::{Icon, Shape};
use crate::components::other_methods::OtherMethods;
use crate::model::shown::Step;
use crate::shell::Shell;
use crate::words::say;
use leptos::prelude::*;
use protocol::Action;
use protocol::screen::{Method, PasscodeProblem};

/// Passcode and reason.
#[component]
pub(crate) fn Staff(problem: Option<PasscodeProblem>) -> impl IntoView {
    let shell = Shell::get();
    let by_eye = ByEye::new(move |passcode, reason| shell.act(Action::Visual { passcode, reason }));
    let ways = move || {
        view! {
            <Confirm by_eye/>
            <OtherMethods except=Method::Visual/>
        }
    };
    view! {
        <Frame name="staff" step=Step::Identity title=Signal::derive(say!(staff.title)) ways>
            <p class="lead">{say!(staff.patient)}</p>
            <p class="small">{say!(staff.photo_note)}</p>
            <div class="split split--keypad">
                <section class="panel stack">
                    <h2 class="panel__title"><Icon shape=Shape::Staff/>{say!(staff.for_staff)}</h2>
                    <Compare instruction=Signal::derive(say!(staff.instruction)) problem test="passcode-problem" by_eye/>
                </section>
                <div class="stack"><Passcode by_eye/></div>
            </div>
        </Frame>
    }
}
