//! The fallback navigator: why the card did not do, and everything that can be done instead.

use crate::components::button::{Button, Kind};
use crate::components::frame::Frame;
use crate::components::icon::{Icon, Shape};
use crate::components::way::WayButton;
use crate::model::shown::Step;
use crate::shell::Shell;
use crate::words::{self, language, say, text};
use leptos::prelude::*;
use protocol::Action;
use protocol::screen::{Payment, Way, Why};

/// Why, and the ways on.
#[component]
pub(crate) fn Fallback(why: Why, ways: Vec<Way>, back: bool, payment: Payment) -> impl IntoView {
    let (shell, language) = (Shell::get(), language());
    let title = move || {
        let locale = language.0.get();
        if why == Why::NoCard {
            text!(locale, ways.title_no_card).to_owned()
        } else {
            text!(locale, ways.title).to_owned()
        }
    };
    let buttons = ways.into_iter().map(|way| {
        let name = Signal::derive(move || words::way(language.0.get(), way).to_owned());
        let note = Signal::derive(move || words::way_note(language.0.get(), way).to_owned());
        view! { <WayButton test=test(way) name note on_press=move || shell.act(Action::Take { way })/> }
    });
    let buttons = buttons.collect_view();
    view! {
        <Frame name="fallback" step=Step::Result title=Signal::derive(title) ways=move || back.then(|| view! { <Back/> })>
            <p class="lead lead--icon" data-test="why"><Icon shape=Shape::Info/>{move || words::why(language.0.get(), why)}</p>
            {(why == Why::NoCard).then(|| view! { <p class="lead--icon"><Icon shape=Shape::Info/>{say!(ways.found_card)}</p> })}
            <p class="strong" data-test=words::payment_test(payment)>{move || words::payment(language.0.get(), payment)}</p>
            <div class="ways" role="group" aria-label=say!(ways.choose)>{buttons}</div>
        </Frame>
    }
}

/// To the question before.
#[component]
pub(super) fn Back() -> impl IntoView {
    let shell = Shell::get();
    view! { <Button kind=Kind::Secondary test="back" on_press=move || shell.act(Action::Back)>{say!(ways.back)}</Button> }
}

/// `other_ways` from any screen that has it.
#[component]
pub(super) fn OtherWays(
    /// Its words.
    #[prop(into)]
    words: Signal<String>,
    /// How much it stands out.
    kind: Kind,
) -> impl IntoView {
    let shell = Shell::get();
    view! { <Button kind test="other-ways" on_press=move || shell.act(Action::OtherWays)>{words}</Button> }
}

fn test(way: Way) -> &'static str {
    match way {
        Way::MynaPortal => "way-myna_portal",
        Way::QualificationNotice => "way-qualification_notice",
        Way::EligibilityCertificate => "way-eligibility_certificate",
        Way::InsuranceCard => "way-insurance_card",
        Way::Oral => "way-oral",
        Way::Statement => "way-statement",
        Way::Desk => "way-desk",
    }
}
