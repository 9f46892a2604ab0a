//! The card cannot be used: why, and what to do.

use super::renewal::Renewal;
use super::ways::OtherWays;
use crate::components::button::{Button, Kind};
use crate::components::frame::Frame;
use crate::components::icon::{Icon, Shape};
use crate::model::shown::Step;
use crate::shell::Shell;
use crate::words::{self, Tongue, language, say, text};
use leptos::prelude::*;
use protocol::Action;
use protocol::screen::{CardProblem, Payment};

/// Title, sentence, and up to three things to do.
struct Advice {
    title: &'static str,
    body: &'static str,
    to_do: Vec<&'static str>,
}

/// One problem in plain words; with an expired certificate there is help to renew it.
#[component]
pub(crate) fn Problem(problem: CardProblem, payment: Payment) -> impl IntoView {
    let help = RwSignal::new(false);
    move || {
        if help.get() {
            view! { <Renewal alert=None open=help step=Step::Card/> }.into_any()
        } else {
            view! { <Plain problem payment help/> }.into_any()
        }
    }
}

#[component]
fn Plain(problem: CardProblem, payment: Payment, help: RwSignal<bool>) -> impl IntoView {
    let language = language();
    let advice = move || advice(language.0.get(), problem);
    let steps =
        move || advice().to_do.into_iter().map(|step| view! { <li>{step}</li> }).collect_view();
    let shell = Shell::get();
    let ways = move || {
        view! {
            <OtherWays words=Signal::derive(say!(ways.other_ways)) kind=Kind::Primary/>
            <Button kind=Kind::Quiet test="continue" on_press=move || shell.act(Action::Continue)>{say!(finished.done)}</Button>
        }
    };
    let renewal = (problem == CardProblem::CertificateExpired).then(|| {
        view! {
            <button type="button" class="button button--secondary button--small" data-test="renewal-open" on:click=move |_| help.set(true)>
                {say!(renewal.open)}
            </button>
        }
    });
    view! {
        <Frame name="card_problem" step=Step::Card title=Signal::derive(move || advice().title.to_owned()) can_stop=false ways>
            <div class="stack" role="alert">
                <p class="lead lead--icon"><Icon shape=Shape::Warning/>{move || advice().body}</p>
                <section class="panel">
                    <h2 class="panel__title">{say!(problem.what_to_do)}</h2>
                    <ol class="numbered">{steps}</ol>
                </section>
                {renewal}
                <p class="strong" data-test=words::payment_test(payment)>{move || words::payment(language.0.get(), payment)}</p>
            </div>
        </Frame>
    }
}

macro_rules! advice {
    ($locale:ident, $key:ident: $($step:ident),+) => {
        Advice {
            title: text!($locale, problem.$key.title),
            body: text!($locale, problem.$key.body),
            to_do: vec![$(text!($locale, problem.$key.$step)),+],
        }
    };
}

fn advice(locale: Tongue, problem: CardProblem) -> Advice {
    match problem {
        CardProblem::Unreadable => advice!(locale, unreadable: do_1, do_2, do_3),
        CardProblem::NotMyNumber => advice!(locale, not_my_number: do_1, do_2),
        CardProblem::DrivingLicence => advice!(locale, driving_licence: do_1, do_2),
        CardProblem::ResidenceCard => advice!(locale, residence_card: do_1, do_2),
        CardProblem::TransitCard => advice!(locale, transit_card: do_1, do_2),
        CardProblem::PaymentCard => advice!(locale, payment_card: do_1, do_2),
        CardProblem::JukiCard => advice!(locale, juki_card: do_1, do_2),
        CardProblem::Phone => advice!(locale, phone: do_1, do_2, do_3),
        CardProblem::CertificateExpired => advice!(locale, certificate_expired: do_1, do_2, do_3),
        CardProblem::NotGenuine => advice!(locale, not_genuine: do_1, do_2),
        CardProblem::NotVerified => advice!(locale, not_verified: do_1, do_2),
        CardProblem::PracticeCard => advice!(locale, practice_card: do_1),
    }
}
