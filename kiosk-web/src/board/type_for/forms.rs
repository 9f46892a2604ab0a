//! The fields of each form.

use super::fields::{Date, Line, Pick, nothing};
use super::{PutIn, To};
use crate::model::numbers_form::Place;
use crate::model::statement_form::StatementForm;
use crate::words::{self, language, say};
use leptos::prelude::*;
use protocol::Redacted;
use protocol::action::{Era, Insurance, PaperNumbers, Sex, StatementReason};
use protocol::screen::Document;
use protocol::staff::{Typed, TypedStatement, UsualShare};

/// The numbers of a document.
#[component]
pub(super) fn Numbers(to: To, document: Document) -> impl IntoView {
    let language = language();
    let [insurer_number, symbol, number, branch] = [(); 4].map(|()| Redacted::default());
    let birth = nothing(Era::Showa);
    let form = RwSignal::new(PaperNumbers { insurer_number, symbol, number, branch, birth });
    let line = |label: Signal<String>,
                place: Place,
                text: fn(&mut PaperNumbers) -> &mut Redacted| {
        view! { <Line label test=place.name() most=place.longest() on_text=move |typed| form.update(|form| *text(form) = typed)/> }
    };
    let typed = Signal::derive(move || Typed::Numbers(form.get()));
    view! {
        <section class="type-form stack" data-test="type-numbers" on:input=move |_| to.typing()>
            <h3 class="label">{move || words::paper_name(language.0.get(), document)}</h3>
            <p class="small">{say!(board.type_lead)}</p>
            <div class="type-fields">
                {line(Signal::derive(say!(numbers.insurer_number)), Place::InsurerNumber, |form| &mut form.insurer_number)}
                {line(Signal::derive(say!(numbers.symbol)), Place::Symbol, |form| &mut form.symbol)}
                {line(Signal::derive(say!(numbers.number)), Place::Number, |form| &mut form.number)}
                {line(Signal::derive(say!(numbers.branch)), Place::Branch, |form| &mut form.branch)}
                <Date label=Signal::derive(say!(numbers.birth)) test="birth" begins=Era::Showa on_date=move |date| form.update(|form| form.birth = date)/>
            </div>
            <PutIn to typed/>
        </section>
    }
}

const REASONS: [StatementReason; 6] = [
    StatementReason::NotRegisteredYet,
    StatementReason::NotConfirmed,
    StatementReason::CertificateExpired,
    StatementReason::CardUnreadable,
    StatementReason::SystemDown,
    StatementReason::Other,
];
const INSURANCES: [Insurance; 4] =
    [Insurance::Work, Insurance::National, Insurance::Elderly, Insurance::Unknown];
const SHARES: [UsualShare; 4] =
    [UsualShare::Ten, UsualShare::Twenty, UsualShare::Thirty, UsualShare::Unknown];
const SEXES: [Sex; 3] = [Sex::Male, Sex::Female, Sex::NotSet];

fn nothing_stated() -> TypedStatement {
    let [insurer, employer, name, name_kana, address, phone] =
        [(); 6].map(|()| Redacted::default());
    TypedStatement {
        reason: None,
        insurance: None,
        insurer,
        employer,
        since: nothing(Era::Reiwa),
        share: None,
        name,
        name_kana,
        birth: nothing(Era::Showa),
        sex: None,
        address,
        phone,
        no_phone: false,
    }
}

/// 被保険者資格申立書, all questions at once.
#[component]
pub(super) fn Statement(to: To) -> impl IntoView {
    let form = RwSignal::new(nothing_stated());
    let line = |label: Signal<String>,
                test: &'static str,
                most: usize,
                text: fn(&mut TypedStatement) -> &mut Redacted| {
        view! { <Line label test most on_text=move |typed| form.update(|form| *text(form) = typed)/> }
    };
    let (name, text, phone) =
        (StatementForm::LONGEST_NAME, StatementForm::LONGEST, StatementForm::LONGEST_PHONE);
    let typed = Signal::derive(move || Typed::Statement(Box::new(form.get())));
    view! {
        <section class="type-form stack" data-test="type-statement" on:input=move |_| to.typing()>
            <h3 class="label">{say!(board.type_statement)}</h3>
            <p class="small">{say!(board.type_lead)}</p>
            <div class="type-fields">
                <Pick label=Signal::derive(say!(board.type_reason)) test="reason" answers=&REASONS words=words::statement_reason on_pick=move |it| form.update(|form| form.reason = it)/>
                <Pick label=Signal::derive(say!(board.type_insurance)) test="insurance" answers=&INSURANCES words=words::insurance on_pick=move |it| form.update(|form| form.insurance = it)/>
                {line(Signal::derive(say!(field.insurer)), "insurer", text, |form| &mut form.insurer)}
                {line(Signal::derive(say!(field.employer)), "employer", text, |form| &mut form.employer)}
                <Date label=Signal::derive(say!(field.since)) test="since" begins=Era::Reiwa months_only=true on_date=move |date| form.update(|form| form.since = date)/>
                <Pick label=Signal::derive(say!(field.share)) test="share" answers=&SHARES words=|locale, share: UsualShare| words::usual_share(locale, share.percent()) on_pick=move |it| form.update(|form| form.share = it)/>
                {line(Signal::derive(say!(field.name)), "name", name, |form| &mut form.name)}
                {line(Signal::derive(say!(field.name_kana)), "name_kana", name, |form| &mut form.name_kana)}
                <Date label=Signal::derive(say!(field.birth_date)) test="birth" begins=Era::Showa on_date=move |date| form.update(|form| form.birth = date)/>
                <Pick label=Signal::derive(say!(board.type_sex)) test="sex" answers=&SEXES words=words::sex on_pick=move |it| form.update(|form| form.sex = it)/>
                {line(Signal::derive(say!(field.address)), "address", text, |form| &mut form.address)}
                {line(Signal::derive(say!(field.phone)), "phone", phone, |form| &mut form.phone)}
                <label class="option">
                    <input type="checkbox" data-test="type-no_phone" on:change=move |event| form.update(|form| form.no_phone = event_target_checked(&event))/>
                    <span>{say!(statement.no_phone)}</span>
                </label>
            </div>
            <PutIn to typed/>
        </section>
    }
}
