//! The numbers of a document, and the question about the 限度額適用認定証.

use super::ways::Back;
use crate::components::answers::Answers;
use crate::components::button::{Button, Kind};
use crate::components::by_staff::ByStaff;
use crate::components::date_fields::DateFields;
use crate::components::frame::Frame;
use crate::components::icon::{Icon, Shape};
use crate::components::keypad::{Key, Keypad};
use crate::components::problem::Problem;
use crate::effects::field::settled;
use crate::model::numbers_form::{NumbersForm, Place};
use crate::model::shown::Step;
use crate::shell::Shell;
use crate::words::{self, language, say, text};
use leptos::prelude::*;
use protocol::Action;
use protocol::screen::{Document, FieldError};

/// Type the numbers of a document.
#[component]
pub(crate) fn Numbers(document: Document, problem: Option<FieldError>) -> impl IntoView {
    let (shell, language) = (Shell::get(), language());
    let form = shell.numbers;
    // What was wrong may be right now; the next answer builds this screen anew.
    let edited = RwSignal::new(false);
    let place = problem.map(|problem| Place::of(problem.field));
    if let Some(place) = place {
        form.update(|form| form.current = place);
    }
    Effect::new(move || {
        if shell.by_staff.get() {
            edited.set(true);
        }
    });
    let wrong = Signal::derive(move || place.filter(|_| !edited.get()));
    let touch = move |changes: bool| {
        if changes {
            edited.set(true);
        }
    };
    let send = move || shell.act(form.with_untracked(NumbersForm::to_action));
    let on_key = move |key| {
        touch(key != Key::Enter);
        match key {
            Key::Digit(digit) => form.update(|form| form.push(digit)),
            Key::Delete => form.update(NumbersForm::pop),
            Key::Clear => form.set(NumbersForm::default()),
            Key::Enter => send(),
        }
    };
    let error = move || {
        problem.filter(|_| !edited.get()).map(|problem| {
            let words = move || words::field_error(language.0.get(), problem);
            view! { <Problem test="field-problem">{words}</Problem> }
        })
    };
    let on_birth = Signal::derive(move || form.with(|form| form.current == Place::Birth));
    let ways = move || {
        view! {
            <Button kind=Kind::Primary test="confirm" on_press=send>{say!(numbers.send)}</Button>
            <Back/>
        }
    };
    let boxes = Place::TEXTS.map(|place| view! { <TextBox form place wrong edited/> });
    let title = move || words::numbers_title(language.0.get(), document).to_owned();
    view! {
        <Frame name="numbers" loses=true step=Step::Result title=Signal::derive(title) ways>
            <div class="split split--keypad">
                <div class="stack">
                    <ByStaff/>
                    {error}
                    <p class="lead--icon" role="status"><Icon shape=Shape::Info/><span>{move || words::numbers_where(language.0.get(), document)}</span></p>
                    <div class="fields fields--numbers">{boxes}</div>
                    <DateFields form look=|form: &NumbersForm| &form.birth change=|form: &mut NumbersForm| &mut form.birth
                        date=Signal::derive(say!(numbers.birth)) label=Signal::derive(say!(numbers.birth_era)) wrong=Signal::derive(move || wrong.get() == Some(Place::Birth))
                        now=on_birth on_touch=move || { touch(true); form.update(|form| form.current = Place::Birth); }/>
                </div>
                <div class="stack">
                    <Keypad label=Signal::derive(say!(numbers.keypad)) on_key/>
                    <button type="button" class="button button--secondary" data-test="next-field"
                        on:click=move |_| form.update(|form| form.current = form.current.next())>
                        {say!(numbers.next_field)}
                    </button>
                </div>
            </div>
        </Frame>
    }
}

#[component]
fn TextBox(
    form: RwSignal<NumbersForm>,
    place: Place,
    wrong: Signal<Option<Place>>,
    edited: RwSignal<bool>,
) -> impl IntoView {
    let language = language();
    let class = move || {
        let now = if form.with(|form| form.current == place) { " field--now" } else { "" };
        format!("field field--{}{now}", place.name())
    };
    let label = move || {
        let locale = language.0.get();
        match place {
            Place::InsurerNumber => text!(locale, numbers.insurer_number),
            Place::Symbol => text!(locale, numbers.symbol),
            Place::Number if form.with(NumbersForm::is_elderly) => {
                text!(locale, numbers.number_elderly)
            }
            Place::Number | Place::Birth => text!(locale, numbers.number),
            Place::Branch => text!(locale, numbers.branch),
        }
    };
    let note = move || {
        let locale = language.0.get();
        match place {
            Place::InsurerNumber => text!(locale, numbers.note_insurer_number),
            Place::Symbol => text!(locale, numbers.note_symbol),
            Place::Branch => text!(locale, numbers.note_branch),
            Place::Number | Place::Birth => "",
        }
    };
    // 記号 may have letters: the platform's own keyboard comes up for it.
    let keyboard = if place == Place::Symbol { "text" } else { "none" };
    let id = |part: &str| format!("{}-{part}", place.name());
    let take = move |event: &web_sys::Event| {
        if let Some(text) = settled(event) {
            edited.set(true);
            form.update(|form| form.replace(place, &text));
        }
    };
    view! {
        <label class=class>
            <span class="label"><span id=id("label")>{label}</span>" "<span class="field__note" id=id("note")>{note}</span></span>
            <input class="field__box" type="text" lang="ja" inputmode=keyboard autocomplete="off" maxlength=place.longest()
                aria-labelledby=id("label") aria-describedby=id("note")
                data-test=format!("field-{}", place.name())
                aria-invalid=move || (wrong.get() == Some(place)).then_some("true")
                prop:value=move || form.with(|form| form.text(place).to_owned())
                on:focus=move |_| form.update(|form| form.current = place)
                on:input=move |event| take(&event)
                on:compositionend=move |event| take(&event)/>
        </label>
    }
}

/// May the 限度額適用認定証 be shown?
#[component]
pub(crate) fn LimitCertificate() -> impl IntoView {
    let shell = Shell::get();
    let answer = move |agreed| move || shell.act(Action::LimitCertificate { agreed });
    let ways = move || {
        view! {
            <Answers>
                <Button kind=Kind::Secondary test="agree" on_press=answer(true)>{say!(limit.yes)}</Button>
                <Button kind=Kind::Secondary test="refuse" on_press=answer(false)>{say!(limit.no)}</Button>
            </Answers>
            <Back/>
        }
    };
    view! {
        <Frame name="limit_certificate" loses=true step=Step::Consent title=Signal::derive(say!(limit.title)) ways>
            <p class="lead">{say!(limit.body)}</p>
            <p class="strong">{say!(limit.penalty)}</p>
            <section class="panel"><p class="lead lead--icon"><Icon shape=Shape::Info/>{say!(limit.what)}</p></section>
        </Frame>
    }
}
