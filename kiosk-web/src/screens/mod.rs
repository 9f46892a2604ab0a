//! One component per screen, chosen here and nowhere else.

mod code;
mod consent;
mod face;
mod finished;
mod idle;
mod method;
mod outage;
mod pin;
mod problem;
mod staff;
mod take;
mod wait;

use crate::model::shown::Shown;
use crate::shell::Shell;
use leptos::prelude::*;
use protocol::Screen;

/// The screen that is up. Attempts of one face screen do not rebuild it, so that the camera runs on.
#[component]
pub(crate) fn ScreenBody() -> impl IntoView {
    let shell = Shell::get();
    let shown = Memo::new(move |_| shell.shown.get().without_attempt());
    move || match shown.get() {
        Shown::Offline => view! { <outage::Offline/> }.into_any(),
        Shown::TakenOver => view! { <outage::TakenOver/> }.into_any(),
        Shown::Outdated => view! { <outage::Outdated/> }.into_any(),
        Shown::View(view) => screen(view.screen),
    }
}

fn screen(screen: Screen) -> AnyView {
    match screen {
        Screen::OutOfService { fault } => view! { <outage::OutOfService fault/> }.into_any(),
        Screen::Idle => view! { <idle::Idle/> }.into_any(),
        Screen::Reading => view! { <wait::Reading/> }.into_any(),
        Screen::CardProblem { problem } => view! { <problem::Problem problem/> }.into_any(),
        Screen::Application => view! { <method::Application/> }.into_any(),
        Screen::Method { offers, alert, notice } => {
            view! { <method::Choose offers alert notice/> }.into_any()
        }
        Screen::Code { problem } => view! { <code::Code problem/> }.into_any(),
        Screen::ReadingPhoto => view! { <wait::ReadingPhoto/> }.into_any(),
        Screen::Face { of, .. } => view! { <face::Face of/> }.into_any(),
        Screen::Pin { tries_left, wrong } => view! { <pin::Pin tries_left wrong/> }.into_any(),
        Screen::PinLastTry => view! { <pin::LastTry/> }.into_any(),
        Screen::CheckingPin => view! { <wait::CheckingPin/> }.into_any(),
        Screen::Staff { problem } => view! { <staff::Staff problem/> }.into_any(),
        Screen::CheckingPasscode => view! { <wait::CheckingPasscode/> }.into_any(),
        Screen::Opening => view! { <wait::Opening/> }.into_any(),
        Screen::ConsentSkipped { why } => view! { <consent::Skipped why/> }.into_any(),
        Screen::ConsentAll { topics } => view! { <consent::Overall topics/> }.into_any(),
        Screen::ConsentOne { topic, number, of } => {
            view! { <consent::One topic number of/> }.into_any()
        }
        Screen::Waiting => view! { <wait::Waiting/> }.into_any(),
        Screen::Finished { outcome, person, share_percent, agreed, delivery_queued, .. } => {
            view! { <finished::Finished outcome person share_percent agreed delivery_queued/> }
                .into_any()
        }
        Screen::TakeCard { outcome, reminder, .. } => {
            view! { <take::TakeCard outcome reminder/> }.into_any()
        }
        // Shown as waiting until each has its own screen.
        Screen::CardAway { .. }
        | Screen::Fallback { .. }
        | Screen::Numbers { .. }
        | Screen::LimitCertificate
        | Screen::Statement { .. }
        | Screen::StatementReady
        | Screen::Destination { .. }
        | Screen::Farewell { .. } => view! { <wait::Waiting/> }.into_any(),
    }
}
