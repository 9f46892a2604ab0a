//! One component per screen, chosen here and nowhere else.

mod away;
mod code;
mod consent;
mod destination;
mod face;
pub(crate) mod finished;
mod idle;
mod items;
mod method;
mod numbers;
mod outage;
pub(crate) mod pin;
mod printout;
mod problem;
mod renewal;
mod staff;
mod statement;
mod take;
mod wait;
mod ways;

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
        Screen::OutOfService { fault, reader } => {
            view! { <outage::OutOfService fault reader/> }.into_any()
        }
        Screen::Idle => view! { <idle::Idle/> }.into_any(),
        Screen::Reading => view! { <wait::Reading/> }.into_any(),
        Screen::CardProblem { problem, payment } => {
            view! { <problem::Problem problem payment/> }.into_any()
        }
        Screen::Application => view! { <method::Application/> }.into_any(),
        Screen::Method { offers, alert, notice } => {
            view! { <method::Choose offers alert notice/> }.into_any()
        }
        Screen::Code { problem, purpose } => view! { <code::Code problem purpose/> }.into_any(),
        Screen::ReadingPhoto => view! { <wait::ReadingPhoto/> }.into_any(),
        Screen::Face { of, .. } => view! { <face::Face of/> }.into_any(),
        Screen::Pin { tries_left, wrong } => view! { <pin::Pin tries_left wrong/> }.into_any(),
        Screen::PinLastTry => view! { <pin::LastTry/> }.into_any(),
        Screen::CheckingPin => view! { <wait::CheckingPin/> }.into_any(),
        Screen::Staff { problem } => view! { <staff::Staff problem/> }.into_any(),
        Screen::CheckingPasscode => view! { <wait::CheckingPasscode/> }.into_any(),
        Screen::Items { offers, notice } => view! { <items::Items offers notice/> }.into_any(),
        Screen::ItemsPin { tries_left, wrong } => {
            view! { <items::ItemsPin tries_left wrong/> }.into_any()
        }
        Screen::ReadingItems => view! { <wait::ReadingItems/> }.into_any(),
        Screen::Finding => view! { <wait::Finding/> }.into_any(),
        Screen::Opening => view! { <wait::Opening/> }.into_any(),
        Screen::ConsentSkipped { why } => view! { <consent::Skipped why/> }.into_any(),
        Screen::ConsentAll { topics } => view! { <consent::Overall topics/> }.into_any(),
        Screen::ConsentOne { topic, number, of } => {
            view! { <consent::One topic number of/> }.into_any()
        }
        Screen::Waiting => view! { <wait::Waiting/> }.into_any(),
        Screen::CardAway { problem, reader_lost } => {
            view! { <away::CardAway problem reader_lost/> }.into_any()
        }
        Screen::Fallback { why, ways, back, payment } => {
            view! { <ways::Fallback why ways back payment/> }.into_any()
        }
        Screen::Numbers { document, problem } => {
            view! { <numbers::Numbers document problem/> }.into_any()
        }
        Screen::LimitCertificate => view! { <numbers::LimitCertificate/> }.into_any(),
        Screen::Statement { problem } => view! { <statement::Statement problem/> }.into_any(),
        Screen::StatementReady => view! { <printout::StatementReady/> }.into_any(),
        Screen::Destination { names } => view! { <destination::Destination names/> }.into_any(),
        Screen::TakeCard { outcome, after, payment, reminder } => {
            view! { <take::TakeCard outcome after payment reminder/> }.into_any()
        }
        Screen::Farewell { after } => view! { <take::Farewell after/> }.into_any(),
        screen @ Screen::Finished { .. } => finished(screen),
    }
}

fn finished(screen: Screen) -> AnyView {
    let Screen::Finished {
        outcome,
        person,
        insurers,
        share_percent,
        payment,
        agreed,
        withdrawal,
        delivery,
        paper,
        parked,
        after,
        receipt,
        person_kana: kana,
        consents_at_reader,
        card_at_reader,
        clinic,
    } = screen
    else {
        return ().into_any();
    };
    let end = finished::End {
        outcome,
        person,
        kana,
        insurers,
        share_percent,
        payment,
        agreed,
        withdrawal,
        delivery,
        paper,
        parked,
        after,
        receipt,
        consents_at_reader,
        card_at_reader,
        clinic,
    };
    view! { <finished::Finished end/> }.into_any()
}
