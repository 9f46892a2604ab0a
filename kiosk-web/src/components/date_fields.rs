//! Era, year, month and day of a form; digits come from its keypad.

use crate::effects::field::settled;
use crate::model::date_entry::{DateEntry, Part};
use crate::model::digits::Digits;
use crate::words::{self, language, text};
use leptos::prelude::*;
use protocol::action::Era;

/// Eras in the order of how many people were born in them, then 西暦.
pub(crate) const ERAS: [(Era, &str); 6] = [
    (Era::Showa, "era-showa"),
    (Era::Heisei, "era-heisei"),
    (Era::Reiwa, "era-reiwa"),
    (Era::Taisho, "era-taisho"),
    (Era::Meiji, "era-meiji"),
    (Era::Gregorian, "era-gregorian"),
];

/// A choice of eras.
#[component]
pub(crate) fn Eras(
    /// Its name.
    #[prop(into)]
    label: Signal<String>,
    /// The chosen one.
    #[prop(into)]
    era: Signal<Era>,
    /// Takes the choice.
    on_pick: impl Fn(Era) + Copy + 'static,
) -> impl IntoView {
    let language = language();
    let options = ERAS.map(|(value, test)| {
        view! {
            <label class="segment">
                <input type="radio" name="era" data-test=test prop:checked=move || era.get() == value on:change=move |_| on_pick(value)/>
                <span>{move || words::era(language.0.get(), value)}</span>
            </label>
        }
    });
    view! {
        <fieldset class="segments">
            <legend class="label">{label}</legend>
            {options}
        </fieldset>
    }
}

/// The parts of a date within a form.
#[component]
pub(crate) fn DateFields<Form: Send + Sync + 'static>(
    /// The form.
    form: RwSignal<Form>,
    /// Its date.
    look: fn(&Form) -> &DateEntry,
    /// The same, to be changed.
    change: fn(&mut Form) -> &mut DateEntry,
    /// Name of the date, heard before the name of each box.
    #[prop(into)]
    date: Signal<String>,
    /// Name of the eras.
    #[prop(into)]
    label: Signal<String>,
    /// Whether something is wrong with it.
    #[prop(into)]
    wrong: Signal<bool>,
    /// Whether the keypad types here now.
    #[prop(into)]
    now: Signal<bool>,
    /// Without a day.
    #[prop(optional)]
    months_only: bool,
    /// Told before every change and when a box gets the focus.
    on_touch: impl Fn() + Copy + 'static,
) -> impl IntoView {
    let language = language();
    let parts = Part::ALL.into_iter().filter(|part| !(months_only && *part == Part::Day));
    let boxes = parts.map(|part| {
        let class = move || {
            let here = now.get() && form.with(|form| look(form).current == part);
            if here { "field field--now" } else { "field" }
        };
        let name = move || match part {
            Part::Year => text!(language.0.get(), numbers.year),
            Part::Month => text!(language.0.get(), numbers.month),
            Part::Day => text!(language.0.get(), numbers.day),
        };
        let take = move |event: &web_sys::Event| {
            if let Some(text) = settled(event) {
                on_touch();
                form.update(|form| change(form).replace(part, &text));
            }
        };
        view! {
            <label class=class>
                <span class="label"><span class="visually-hidden">{date}" "</span>{name}</span>
                <input class="field__box" type="text" inputmode="none" autocomplete="off" maxlength=move || form.with(|form| look(form).typed(part).max())
                    data-test=format!("field-{}", part.name())
                    aria-invalid=move || wrong.get().then_some("true")
                    prop:value=move || form.with(|form| Digits::expose(look(form).typed(part)))
                    on:focus=move |_| { on_touch(); form.update(|form| change(form).current = part); }
                    on:input=move |event| take(&event)
                    on:compositionend=move |event| take(&event)/>
            </label>
        }
    });
    let era = Signal::derive(move || form.with(|form| look(form).era));
    view! {
        <Eras label era on_pick=move |era| { on_touch(); form.update(|form| change(form).pick(era)); }/>
        <div class="fields fields--date">{boxes.collect_view()}</div>
    }
}
