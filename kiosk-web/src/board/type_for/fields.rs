//! Fields in which staff type for somebody, all of a form at once.

use crate::components::date_fields::ERAS;
use crate::model::date_entry::year_digits;
use crate::words::{self, language, say};
use leptos::prelude::*;
use protocol::Redacted;
use protocol::action::{Era, EraDate};

/// A line of text.
#[component]
pub(super) fn Line(
    #[prop(into)] label: Signal<String>,
    test: &'static str,
    most: usize,
    on_text: impl Fn(Redacted) + 'static,
) -> impl IntoView {
    view! {
        <label class="field field--line">
            <span class="label">{label}</span>
            <input class="field__box field__box--text" type="text" lang="ja" autocomplete="off" maxlength=most data-test=format!("type-{test}")
                on:input=move |event| on_text(Redacted::new(event_target_value(&event)))/>
        </label>
    }
}

/// One of a few answers, or none: then the person's own stays.
#[component]
pub(super) fn Pick<T: Copy + Send + Sync + 'static>(
    #[prop(into)] label: Signal<String>,
    test: &'static str,
    answers: &'static [T],
    words: fn(words::Tongue, T) -> &'static str,
    on_pick: impl Fn(Option<T>) + 'static,
) -> impl IntoView {
    let language = language();
    let options = answers.iter().enumerate().map(|(at, answer)| {
        view! { <option value=at.to_string()>{move || words(language.0.get(), *answer)}</option> }
    });
    let pick = move |event| {
        let at = event_target_value(&event).parse::<usize>().ok();
        on_pick(at.and_then(|at| answers.get(at)).copied());
    };
    view! {
        <label class="field field--line">
            <span class="label">{label}</span>
            <select class="field__box field__box--text" data-test=format!("type-{test}") on:change=pick>
                <option value="">{say!(board.type_leave)}</option>
                {options.collect_view()}
            </select>
        </label>
    }
}

/// A date in an era.
#[component]
pub(super) fn Date(
    #[prop(into)] label: Signal<String>,
    test: &'static str,
    begins: Era,
    #[prop(optional)] months_only: bool,
    on_date: impl Fn(EraDate) + Copy + 'static,
) -> impl IntoView {
    let language = language();
    let date = RwSignal::new(nothing(begins));
    let change = move |change: &dyn Fn(&mut EraDate)| {
        date.update(change);
        on_date(date.get_untracked());
    };
    let eras = ERAS.map(|(era, test)| {
        view! { <option value=test selected={era == begins}>{move || words::era(language.0.get(), era)}</option> }
    });
    let pick = move |event| {
        let value = event_target_value(&event);
        if let Some((era, _)) = ERAS.into_iter().find(|(_, test)| *test == value) {
            change(&|date| date.era = era);
        }
    };
    let part = |name: Signal<String>, part: &'static str, most: Signal<usize>, of: Part| {
        let typed = move |event| {
            let digits = event_target_value(&event);
            change(&|date| *of(date) = Redacted::new(digits.clone()));
        };
        view! {
            <label class="field">
                <span class="label">{name}</span>
                <input class="field__box field__box--text" type="text" inputmode="numeric" autocomplete="off" maxlength=most
                    data-test=format!("type-{test}-{part}") on:input=typed/>
            </label>
        }
    };
    let year = Signal::derive(move || date.with(|date| year_digits(date.era)));
    let two = Signal::stored(2);
    let day = (!months_only)
        .then(|| part(Signal::derive(say!(numbers.day)), "day", two, |date| &mut date.day));
    view! {
        <fieldset class="type-date">
            <legend class="label">{label}</legend>
            <select class="field__box field__box--text" aria-label=say!(statement.era) data-test=format!("type-{test}-era") on:change=pick>{eras}</select>
            {part(Signal::derive(say!(numbers.year)), "year", year, |date| &mut date.year)}
            {part(Signal::derive(say!(numbers.month)), "month", two, |date| &mut date.month)}
            {day}
        </fieldset>
    }
}

/// A part of a date.
type Part = fn(&mut EraDate) -> &mut Redacted;

/// A date of which nothing was typed.
pub(super) fn nothing(era: Era) -> EraDate {
    let [year, month, day] = [(); 3].map(|()| Redacted::default());
    EraDate { era, year, month, day }
}
