//! 照合番号B: the card is shown to a camera, or the numbers are typed. Either way the person confirms them.

mod show;
mod typed;

use leptos::prelude::*;
use protocol::screen::{CodeProblem, CodePurpose, Method};

use super::ways::Back;
use crate::components::other_methods::OtherMethods;
use crate::model::code_form::CodeForm;
use crate::shell::Shell;

/// How the numbers come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// From the camera.
    Show,
    /// From the keys, beginning with what is there.
    Typed(Note),
}

/// What stands over the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Note {
    /// Nothing.
    None,
    /// The camera has read them: please check.
    Read,
    /// There is no camera, or it does not do.
    NoCamera,
}

/// What else can be done: another method, or, once the person is identified, another way to the items.
#[component]
fn Otherwise(purpose: CodePurpose) -> impl IntoView {
    match purpose {
        CodePurpose::Photo => view! { <OtherMethods except=Method::Face/> }.into_any(),
        CodePurpose::Items => view! { <Back/> }.into_any(),
    }
}

/// The numbers of the card front.
#[component]
pub(crate) fn Code(problem: Option<CodeProblem>, purpose: CodePurpose) -> impl IntoView {
    let begun = Shell::get().code.with_untracked(|form| *form != CodeForm::default());
    let typed = problem.is_some() || begun;
    let way = RwSignal::new(if typed { Way::Typed(Note::None) } else { Way::Show });
    move || match way.get() {
        Way::Show => view! { <show::Scan way purpose/> }.into_any(),
        Way::Typed(note) => view! { <typed::Typed problem note purpose/> }.into_any(),
    }
}
