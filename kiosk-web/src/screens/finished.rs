//! How the visit ended: result, consents, what was kept and what was not, and what to do next.

use crate::components::button::{Button, Kind};
use crate::components::frame::Frame;
use crate::components::icon::{Icon, Shape};
use crate::components::notice::{Notice, Tint};
use crate::components::ticket::Ticket;
use crate::model::receipt;
use crate::model::shown::Step;
use crate::shell::Shell;
use crate::words::{self, Tongue, language, say, text};
use leptos::prelude::*;
use protocol::Action;
use protocol::screen::{
    After, Agreed, AtClinic, Delivery, Insurer, Outcome, Paper, Payment, Topic, Withdrawal,
};

/// What the screen shows.
pub(crate) struct End {
    /// How the visit ended.
    pub(crate) outcome: Outcome,
    /// Name of the confirmed person.
    pub(crate) person: Option<String>,
    /// Kana, where the name has lost characters.
    pub(crate) kana: Option<String>,
    /// The insurers that hold today.
    pub(crate) insurers: Vec<Insurer>,
    /// Share to pay in percent.
    pub(crate) share_percent: Option<u8>,
    /// What may be said about paying where there is none.
    pub(crate) payment: Payment,
    /// Consents given.
    pub(crate) agreed: Vec<Agreed>,
    /// Whether they can be withdrawn here.
    pub(crate) withdrawal: Withdrawal,
    /// What became of the result file.
    pub(crate) delivery: Delivery,
    /// The document whose numbers were typed.
    pub(crate) paper: Option<Paper>,
    /// The question goes on in the background.
    pub(crate) parked: bool,
    /// Number and place.
    pub(crate) after: After,
    /// What was read and sent.
    pub(crate) receipt: protocol::screen::Receipt,
    /// Consents to medical information are given at the official reader.
    pub(crate) consents_at_reader: bool,
    /// Whoever has a card lays it on the official reader beside the kiosk.
    pub(crate) card_at_reader: bool,
    /// What the clinic's patient list says about the person.
    pub(crate) clinic: Option<Box<AtClinic>>,
}

/// The end of a visit.
#[component]
pub(crate) fn Finished(end: End) -> impl IntoView {
    let (shell, language) = (Shell::get(), language());
    let End {
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
    } = end;
    let confirmed = outcome == Outcome::Confirmed;
    // Confirmed by typed numbers is not the end: somebody looks at the document.
    let words = move || {
        let locale = language.0.get();
        if confirmed && paper.is_some() {
            (text!(locale, paper.title), text!(locale, paper.confirmed))
        } else {
            title_and_reason(locale, outcome)
        }
    };
    let title = move || words().0.to_owned();
    let reason = move || words().1;
    let ways = move || {
        view! {
            <Button kind=Kind::Primary test="continue" on_press=move || shell.act(Action::Continue)>{say!(finished.done)}</Button>
        }
    };
    let shows = outcome == Outcome::AtDesk && paper.is_none();
    let paper = paper.map(|paper| view! { <ThisPaper paper/> });
    let consented = !agreed.is_empty();
    let has_result = person.is_some() || share_percent.is_some();
    let result = has_result.then(|| view! { <Result person kana insurers share_percent payment/> });
    view! {
        <Frame name="finished" step=Step::Result title=Signal::derive(title) can_stop=false ways>
            <Notice tint=if confirmed { Tint::Success } else { Tint::Info } test="outcome">{reason}</Notice>
            <div class="split split--even">
                <div class="stack">
                    <Ticket after/>
                    {clinic.map(|clinic| view! { <Clinic clinic=*clinic/> })}
                    {parked.then(|| view! { <p class="lead lead--icon" data-test="parked"><Icon shape=Shape::Clock/>{say!(finished.parked)}</p> })}
                    {(!confirmed).then(|| view! { <p class="strong strong--large" data-test=words::payment_test(payment)>{move || words::payment(language.0.get(), payment)}</p> })}
                    {handed_over(delivery)}
                    <Receipt receipt consented/>
                </div>
                <div class="stack">
                    {result}
                    {paper}
                    {shows.then(|| view! { <ToShow/> })}
                    {consented.then(|| view! { <Consents agreed withdrawal/> })}
                    {card_at_reader.then(|| view! { <CardAtReader/> })}
                    {(consents_at_reader && !card_at_reader).then(|| view! { <AtReader known=receipt.known_numbers_sent/> })}
                </div>
            </div>
        </Frame>
    }
}

/// By what the clinic knows the person, and when they come next.
#[component]
fn Clinic(clinic: AtClinic) -> impl IntoView {
    let AtClinic { chart, next } = clinic;
    let next = next.map(|next| {
        view! { <div><dt>{say!(finished.next_appointment)}</dt><dd data-test="next-appointment">{next}</dd></div> }
    });
    view! {
        <section class="panel">
            <dl class="facts">
                <div><dt>{say!(finished.chart)}</dt><dd data-test="chart-number">{chart}</dd></div>
                {next}
            </dl>
        </section>
    }
}

/// What is not done yet is said; that it is done goes without saying.
fn handed_over(delivery: Delivery) -> Option<AnyView> {
    match delivery {
        Delivery::Done => None,
        Delivery::Queued => Some(
            view! { <p class="small" data-test="queued">{say!(finished.queued)}</p> }.into_any(),
        ),
        Delivery::ByHand => Some(
            view! { <p class="small" data-test="by-hand">{say!(finished.by_hand)}</p> }.into_any(),
        ),
    }
}

#[component]
fn Result(
    person: Option<String>,
    kana: Option<String>,
    insurers: Vec<Insurer>,
    share_percent: Option<u8>,
    payment: Payment,
) -> impl IntoView {
    let language = language();
    let share = share_percent.map(|percent| {
        view! { <div><dt>{say!(finished.share)}</dt><dd class="facts__large" data-test="share">{move || share(language.0.get(), percent)}</dd></div> }
    });
    let usual = share_percent.is_none().then(|| {
        view! { <p class="strong">{move || words::payment(language.0.get(), payment)}</p> }
    });
    // Without a name the staff ask for it: nothing here tells whose answer it is.
    let person = person.map(|person| {
        view! { <div><dt>{say!(finished.person)}</dt><dd class="facts__large" data-test="person" lang="ja">{person}</dd></div> }
    });
    let circle = kana
        .is_some()
        .then(|| view! { <p class="small" data-test="circle">{say!(finished.circle)}</p> });
    let kana = kana.map(|kana| {
        view! {
            <div>
                <dt>{say!(finished.kana)}</dt>
                <dd class="facts__kana" data-test="person-kana" lang="ja">{kana}</dd>
            </div>
        }
    });
    // More than one: 医療扶助 beside an insurance.
    let insurers = (!insurers.is_empty()).then(|| {
        let names = insurers.into_iter().map(|insurer| {
            view! { <dd data-test="insurer" lang="ja">{move || insurer_name(language.0.get(), &insurer)}</dd> }
        });
        view! { <div><dt>{say!(finished.insurers)}</dt>{names.collect_view()}</div> }
    });
    view! {
        <section class="panel">
            <dl class="facts facts--result">
                {person}
                {kana}
                {insurers}
                {share}
            </dl>
            {circle}
            {usual}
        </section>
    }
}

fn insurer_name(locale: Tongue, insurer: &Insurer) -> String {
    let assistance = text!(locale, finished.medical_assistance);
    match (insurer.medical_assistance, insurer.name.as_str()) {
        (false, name) => name.to_owned(),
        (true, "") => assistance.to_owned(),
        (true, name) => format!("{name}（{assistance}）"),
    }
}

/// Whole tenths are said as 割.
fn share(locale: Tongue, percent: u8) -> String {
    if percent.is_multiple_of(10) && percent > 0 {
        text!(locale, finished.share_value, share = percent / 10)
    } else {
        text!(locale, finished.share_percent, percent)
    }
}

/// The document whose numbers were typed, and the card where it needs one.
#[component]
fn ThisPaper(paper: Paper) -> impl IntoView {
    let language = language();
    let document = move || words::paper_name(language.0.get(), paper.document);
    let card = paper
        .with_card
        .then(|| view! { <p class="strong" data-test="with-card">{say!(paper.with_card)}</p> });
    view! {
        <section class="panel" data-test="paper">
            <h2 class="panel__title">{say!(outcome.show_title)}</h2>
            <p class="lead lead--icon"><Icon shape=Shape::Info/>{document}</p>
            {card}
        </section>
    }
}

#[component]
fn ToShow() -> impl IntoView {
    view! {
        <section class="panel">
            <h2 class="panel__title">{say!(outcome.show_title)}</h2>
            <ol class="numbered">
                <li>{say!(outcome.show_1)}</li>
                <li>{say!(outcome.show_2)}</li>
                <li>{say!(outcome.show_3)}</li>
            </ol>
        </section>
    }
}

/// The system heard of no card: where consents are given, and with what it was asked.
#[component]
fn AtReader(known: bool) -> impl IntoView {
    view! {
        <section class="panel" data-test="consents-at-reader">
            <h2 class="panel__title">{say!(at_reader.title)}</h2>
            <p class="strong">{say!(at_reader.body)}</p>
            {known.then(|| view! { <p class="small" data-test="known-numbers">{say!(at_reader.known)}</p> })}
        </section>
    }
}

/// The answer comes from the official reader beside the kiosk.
#[component]
fn CardAtReader() -> impl IntoView {
    view! {
        <section class="panel" data-test="card-at-reader">
            <h2 class="panel__title">{say!(at_reader.card_title)}</h2>
            <p class="strong">{say!(at_reader.card)}</p>
        </section>
    }
}

/// What was agreed to, each to be withdrawn by one touch.
#[component]
fn Consents(agreed: Vec<Agreed>, withdrawal: Withdrawal) -> impl IntoView {
    let (shell, language) = (Shell::get(), language());
    let here = matches!(withdrawal, Withdrawal::Here | Withdrawal::Failed);
    let lines = (1..).zip(agreed).map(|(number, Agreed { topic, until })| {
        // 特定疾病療養受療証 has no end of 24 hours.
        let until = move || {
            let locale = language.0.get();
            if topic == Topic::SpecificDiseases {
                String::new()
            } else {
                text!(locale, finished.until, until = words::time(locale, &until))
            }
        };
        let label = move || {
            let locale = language.0.get();
            format!("{} {}", words::topic(locale, topic), text!(locale, withdraw.button))
        };
        view! {
            <li class="consents__line">
                <span><strong>{move || words::topic(language.0.get(), topic)}</strong>" "<span class="small">{until}</span></span>
                {here.then(|| view! {
                    <button type="button" class="button button--quiet button--small" data-test=format!("withdraw-{number}")
                        aria-label=label on:click=move |_| shell.act(Action::Withdraw { topic })>
                        {say!(withdraw.button)}
                    </button>
                })}
            </li>
        }
    });
    let lines = lines.collect_view();
    let state = match withdrawal {
        Withdrawal::Here => None,
        Withdrawal::Asking => Some(view! { <p role="status" data-test="withdrawing">{say!(withdraw.asking)}</p> }.into_any()),
        Withdrawal::Failed => {
            Some(view! { <Notice tint=Tint::Error test="withdraw-failed">{say!(withdraw.failed)}</Notice> }.into_any())
        }
        Withdrawal::AtReception => Some(view! { <p class="small">{say!(withdraw.at_reception)}</p> }.into_any()),
    };
    view! {
        <section class="panel" data-test="consents">
            <h2 class="panel__title">{say!(finished.consents)}</h2>
            <ul class="consents">{lines}</ul>
            {state}
        </section>
    }
}

/// Privacy receipt, folded: for whoever wants to know.
#[component]
fn Receipt(receipt: protocol::screen::Receipt, consented: bool) -> impl IntoView {
    let language = language();
    let [read, sent, shown, until, not_kept] = receipt::lines(receipt, consented).map(|lines| {
        let lines = lines
            .into_iter()
            .map(|line| view! { <li>{move || words::receipt_line(language.0.get(), line)}</li> });
        view! { <ul class="plain">{lines.collect_view()}</ul> }
    });
    view! {
        <details class="panel receipt" data-test="receipt">
            <summary class="receipt__title"><Icon shape=Shape::Lock/>{say!(receipt.title)}</summary>
            <dl class="facts">
                <div><dt>{say!(receipt.read)}</dt><dd>{read}</dd></div>
                <div><dt>{say!(receipt.sent)}</dt><dd>{sent}</dd></div>
                <div><dt>{say!(receipt.shown)}</dt><dd>{shown}</dd></div>
                <div><dt>{say!(receipt.until)}</dt><dd>{until}</dd></div>
                <div><dt>{say!(receipt.not_kept)}</dt><dd>{not_kept}</dd></div>
            </dl>
        </details>
    }
}

/// Title, and the reason or next step.
pub(crate) fn title_and_reason(locale: Tongue, outcome: Outcome) -> (&'static str, &'static str) {
    macro_rules! words {
        ($key:ident) => {
            (text!(locale, outcome.$key.title), text!(locale, outcome.$key.reason))
        };
    }
    match outcome {
        Outcome::Confirmed => {
            (text!(locale, outcome.confirmed.title), text!(locale, outcome.confirmed.next))
        }
        Outcome::Invalid => words!(invalid),
        Outcome::InvalidNewerExists => words!(invalid_newer_exists),
        Outcome::NoneFound => words!(none_found),
        Outcome::MoreThanOne => words!(more_than_one),
        Outcome::SystemDown => words!(system_down),
        Outcome::SystemLate => words!(system_late),
        Outcome::UnknownCertificate => words!(unknown_certificate),
        Outcome::Stopped => words!(stopped),
        Outcome::TimedOut => words!(timed_out),
        Outcome::CardRefused => words!(card_refused),
        Outcome::CardTaken => words!(card_taken),
        Outcome::ReaderLost => words!(reader_lost),
        Outcome::NumbersTyped => words!(numbers_typed),
        Outcome::Oral => words!(oral),
        Outcome::StatementMade => words!(statement_made),
        Outcome::AtDesk => words!(at_desk),
    }
}
