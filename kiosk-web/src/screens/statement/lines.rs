//! Questions answered by typing. Letters come from the platform's own keyboard, digits also from the keypad.

use super::FormState;
use crate::components::date_fields::DateFields;
use crate::components::keypad::{Key, Keypad};
use crate::model::date_entry::DateEntry;
use crate::model::statement_form::StatementForm;
use crate::words::{say, text};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use protocol::screen::Field;

/// A line of text of the form.
type Text = fn(&mut StatementForm) -> &mut String;

#[component]
fn Line(
    state: FormState,
    field: Field,
    test: &'static str,
    text: Text,
    most: usize,
    #[prop(into)] label: Signal<String>,
    #[prop(default = "text")] keyboard: &'static str,
    #[prop(optional)] hidden_label: bool,
) -> impl IntoView {
    let value = move || {
        let mut form = state.form.get();
        std::mem::take(text(&mut form))
    };
    let wrong = move || state.problem.get().is_some_and(|problem| problem.field == field);
    let enter = move |event: KeyboardEvent| {
        // Enter also ends a conversion from kana: that one is not for us.
        if event.key() == "Enter" && !event.is_composing() {
            event.prevent_default();
            state.next();
        }
    };
    view! {
        <label class="field field--line">
            <span class=if hidden_label { "visually-hidden" } else { "label" }>{label}</span>
            <input class="field__box field__box--text" type="text" lang="ja" inputmode=keyboard autocomplete="off" maxlength=most
                data-test=format!("field-{test}") aria-invalid=move || wrong().then_some("true") prop:value=value
                on:keydown=enter
                on:input=move |event| state.change(|form| *text(form) = event_target_value(&event))/>
        </label>
    }
}

/// Empties an answer and goes on.
#[component]
fn Unknown(state: FormState, forget: fn(&mut StatementForm)) -> impl IntoView {
    let press = move |_| {
        state.change(forget);
        state.next();
    };
    view! { <button type="button" class="button button--secondary" data-test="unknown" on:click=press>{say!(statement.unknown)}</button> }
}

/// 保険者等名称.
#[component]
pub(super) fn Insurer(state: FormState) -> impl IntoView {
    view! {
        <p class="lead">{say!(statement.insurer_hint)}</p>
        <Line state field=Field::Insurer test="insurer" text=|form| &mut form.insurer most=StatementForm::LONGEST label=Signal::derive(say!(field.insurer)) hidden_label=true/>
        <Unknown state forget=|form| form.insurer.clear()/>
        <p class="small">{say!(statement.keyboard)}</p>
    }
}

/// 事業所名.
#[component]
pub(super) fn Employer(state: FormState) -> impl IntoView {
    view! {
        <p class="lead">{say!(statement.employer_hint)}</p>
        <Line state field=Field::Employer test="employer" text=|form| &mut form.employer most=StatementForm::LONGEST label=Signal::derive(say!(field.employer)) hidden_label=true/>
        <Unknown state forget=|form| form.employer.clear()/>
        <p class="small">{say!(statement.keyboard)}</p>
    }
}

/// 氏名 and フリガナ.
#[component]
pub(super) fn Name(state: FormState) -> impl IntoView {
    view! {
        <Line state field=Field::Name test="name" text=|form| &mut form.name most=StatementForm::LONGEST_NAME label=Signal::derive(say!(statement.name_label))/>
        <Line state field=Field::NameKana test="name_kana" text=|form| &mut form.kana most=StatementForm::LONGEST_NAME label=Signal::derive(say!(statement.kana_label))/>
        <p class="small">{say!(statement.keyboard)}</p>
    }
}

/// 住所.
#[component]
pub(super) fn Address(state: FormState) -> impl IntoView {
    view! {
        <p class="lead">{say!(statement.address_hint)}</p>
        <Line state field=Field::Address test="address" text=|form| &mut form.address most=StatementForm::LONGEST label=Signal::derive(say!(field.address)) hidden_label=true/>
        <p>{say!(statement.why)}</p>
        <p class="small">{say!(statement.keyboard)}</p>
    }
}

/// 電話番号.
#[component]
pub(super) fn Phone(state: FormState) -> impl IntoView {
    let on_key = move |key| match key {
        Key::Digit(digit) => state.change(|form| {
            if form.phone.len() < StatementForm::LONGEST_PHONE {
                form.phone.push(digit);
            }
            form.no_phone = false;
        }),
        Key::Delete => state.change(|form| {
            form.phone.pop();
        }),
        Key::Clear => state.change(|form| form.phone.clear()),
        Key::Enter => state.next(),
    };
    let none = move |_| {
        state.change(|form| {
            form.phone.clear();
            form.no_phone = true;
        });
        state.next();
    };
    view! {
        <div class="split split--keypad">
            <div class="stack">
                <Line state field=Field::Phone test="phone" text=|form| &mut form.phone most=StatementForm::LONGEST_PHONE keyboard="none"
                    label=Signal::derive(say!(field.phone)) hidden_label=true/>
                <button type="button" class="button button--secondary" data-test="no-phone" on:click=none>{say!(statement.no_phone)}</button>
                <p>{say!(statement.why)}</p>
            </div>
            <div class="stack"><Keypad label=Signal::derive(say!(numbers.keypad)) on_key/></div>
        </div>
    }
}

/// 生年月日.
#[component]
pub(super) fn Birth(state: FormState) -> impl IntoView {
    view! {
        <DateQuestion state field=Field::BirthDate look=|form| &form.birth change=|form| &mut form.birth
            date=Signal::derive(say!(field.birth_date)) label=Signal::derive(say!(numbers.birth_era)) months_only=false/>
    }
}

/// 資格取得（交付）時期.
#[component]
pub(super) fn Since(state: FormState) -> impl IntoView {
    view! {
        <p class="lead">{say!(statement.since_hint)}</p>
        <DateQuestion state field=Field::Since look=|form| &form.since change=|form| &mut form.since
            date=Signal::derive(say!(field.since)) label=Signal::derive(say!(statement.era)) months_only=true/>
        <Unknown state forget=|form| form.since.clear()/>
    }
}

#[component]
fn DateQuestion(
    state: FormState,
    field: Field,
    look: fn(&StatementForm) -> &DateEntry,
    change: fn(&mut StatementForm) -> &mut DateEntry,
    date: Signal<String>,
    label: Signal<String>,
    months_only: bool,
) -> impl IntoView {
    let on_key = move |key| match key {
        Key::Digit(digit) => state.change(|form| {
            change(form).push(digit);
            if months_only && change(form).current == crate::model::date_entry::Part::Day {
                change(form).current = crate::model::date_entry::Part::Month;
            }
        }),
        Key::Delete => state.change(|form| change(form).pop()),
        Key::Clear => state.change(|form| change(form).clear()),
        Key::Enter => state.next(),
    };
    let wrong = move || state.problem.get().is_some_and(|problem| problem.field == field);
    view! {
        <div class="split split--keypad">
            <div class="stack">
                <DateFields form=state.form look change date label wrong=Signal::derive(wrong) now=Signal::stored(true) months_only
                    on_touch=move || state.problem.set(None)/>
            </div>
            <div class="stack"><Keypad label=Signal::derive(say!(numbers.keypad)) on_key/></div>
        </div>
    }
}

/// A date as it was typed: `昭和55年2月17日`.
pub(super) fn date_words(locale: crate::words::Tongue, date: &DateEntry) -> String {
    use crate::model::date_entry::Part;
    if date.is_empty() {
        return text!(locale, statement.unknown).to_owned();
    }
    let part = |part, unit: &str| {
        let typed = date.typed(part).expose();
        match typed.as_str() {
            "" => String::new(),
            "00" if part != Part::Year => format!("{unit}不詳"),
            _ => format!("{typed}{unit}"),
        }
    };
    let era = crate::words::era(locale, date.era);
    format!("{era}{}{}{}", part(Part::Year, "年"), part(Part::Month, "月"), part(Part::Day, "日"))
}
