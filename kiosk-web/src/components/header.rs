//! The quiet header of every screen: where one is, language, text size, sound, and what is not real here.

use super::icon::{Icon, Shape};
use super::languages::{Languages, OTHERS};
use super::place::Place;
use crate::model::shown::Shown;
use crate::shell::{Shell, TEXT_SIZES};
use crate::words::{Tongue, say, text};
use leptos::prelude::*;
use protocol::Screen;

/// Header and banners.
#[component]
pub(crate) fn Header() -> impl IntoView {
    let shell = Shell::get();
    let practice = Memo::new(move |_| {
        shell.shown.with(|shown| shown.view().is_some_and(|view| view.practice))
    });
    let simulated = Memo::new(move |_| shell.shown.with(shows_simulated_results));
    let open = RwSignal::new(false);
    // The next person finds it as everybody does.
    Effect::new(move || {
        if shell.shown.with(|shown| shown.view().is_some_and(|view| view.screen == Screen::Idle)) {
            open.set(false);
            shell.languages_open.set(false);
        }
    });
    let class = move || if open.get() { "header header--open" } else { "header" };
    view! {
        <header class=class>
            <Place/>
            <button type="button" class="chip header__open" data-test="settings-open" aria-controls="settings"
                aria-expanded=move || if open.get() { "true" } else { "false" } on:click=move |_| open.update(|open| *open = !*open)>
                {say!(header.region)}
            </button>
            <div class="header__settings" id="settings" role="group" aria-label=say!(header.region)>
                <LanguageChoice/>
                <TextSize/>
                <SoundSwitch/>
            </div>
        <Show when=move || practice.get()>
            <p class="banner banner--practice" data-test="practice-banner">
                <Icon shape=Shape::Practice/>
                <strong>{say!(header.practice)}</strong>
                <span>{say!(header.practice_note)}</span>
            </p>
        </Show>
        <Show when=move || simulated.get()>
            <p class="banner banner--simulated" data-test="simulated-banner">
                <Icon shape=Shape::Info/>
                <span>{say!(header.simulated)}</span>
            </p>
        </Show>
        <Show when=move || shell.languages_open.get()><Languages/></Show>
        </header>
    }
}

fn shows_simulated_results(shown: &Shown) -> bool {
    shown.view().is_some_and(|view| {
        view.simulated && matches!(view.screen, Screen::Finished { .. } | Screen::TakeCard { .. })
    })
}

/// Our mark: a card bowing into a slot.
#[component]
pub(crate) fn Mark() -> impl IntoView {
    view! {
        <svg class="wordmark__mark" viewBox="0 0 48 48" aria-hidden="true">
            <rect class="wordmark__ground" x="0" y="0" width="48" height="48" rx="12"/>
            <rect class="wordmark__card" x="11" y="9" width="26" height="19" rx="3"/>
            <circle class="wordmark__face" cx="19" cy="17" r="3.5"/>
            <path class="wordmark__face" d="M13.5 25a5.5 5.5 0 0 1 11 0z"/>
            <path class="wordmark__line" d="M28 16h5M28 21h5"/>
            <path class="wordmark__slot" d="M8 33h32M13 39h22"/>
        </svg>
    }
}

/// Our mark and our name, for the pages that no patient sees.
#[component]
pub(crate) fn Wordmark() -> impl IntoView {
    view! {
        <div class="wordmark">
            <Mark/>
            <span class="wordmark__name" lang="ja">"受付"</span>
            <span class="wordmark__latin" lang="en">"Uketsuke"</span>
        </div>
    }
}

#[component]
fn LanguageChoice() -> impl IntoView {
    let shell = Shell::get();
    let (locale, open) = (shell.settings.language.0, shell.languages_open);
    let choice = move |to: Tongue| {
        let lang = to.tag();
        view! {
            <button type="button" class="chip" lang=lang data-test=format!("language-{lang}")
                aria-pressed=move || if locale.get() == to { "true" } else { "false" }
                on:click=move |_| locale.set(to)>
                {text!(to, header.own_name)}
            </button>
        }
    };
    // The language that was fetched, while it is the one.
    let others = move || Some(locale.get()).filter(|now| !Tongue::OWN.contains(now));
    view! {
        <div class="chips" role="group" aria-label=say!(header.language)>
            {Tongue::OWN.map(choice).into_iter().collect_view()}
            <button type="button" class="chip" data-test="languages-open" aria-haspopup="dialog"
                aria-label=say!(header.language) aria-pressed=move || if others().is_some() { "true" } else { "false" }
                lang=move || others().map_or("mul", Tongue::tag) on:click=move |_| open.set(true)>
                {move || others().map_or(OTHERS, |other| text!(other, header.own_name))}
            </button>
        </div>
    }
}

#[component]
fn TextSize() -> impl IntoView {
    let size = Shell::get().settings.text_percent;
    let move_by = move |by: isize| {
        let now =
            TEXT_SIZES.iter().position(|percent| *percent == size.get_untracked()).unwrap_or(0);
        if let Some(next) = now.checked_add_signed(by).and_then(|next| TEXT_SIZES.get(next)) {
            size.set(*next);
        }
    };
    view! {
        <div class="chips" role="group" aria-label=say!(header.text_size)>
            <button type="button" class="chip chip--text-small" data-test="text-smaller"
                aria-disabled=move || (size.get() == TEXT_SIZES[0]).then_some("true") on:click=move |_| move_by(-1)>
                "A−"<span class="visually-hidden">{say!(header.smaller)}</span>
            </button>
            <output class="chips__value" data-test="text-size">
                {move || { let percent = size.get(); say!(header.percent, percent)() }}
            </output>
            <button type="button" class="chip chip--text-large" data-test="text-larger"
                aria-disabled=move || (Some(&size.get()) == TEXT_SIZES.last()).then_some("true") on:click=move |_| move_by(1)>
                "A+"<span class="visually-hidden">{say!(header.larger)}</span>
            </button>
        </div>
    }
}

#[component]
fn SoundSwitch() -> impl IntoView {
    let on = Shell::get().settings.sound_on;
    // Next to the heading, where every screen begins: one step back with the keyboard.
    view! {
        <button type="button" class="chip chip--sound" data-test="sound" aria-pressed=move || if on.get() { "true" } else { "false" }
            on:click=move |_| on.update(|on| *on = !*on)>
            {move || if on.get() { view! { <Icon shape=Shape::SoundOn/> } } else { view! { <Icon shape=Shape::SoundOff/> } }}
            {say!(header.sound)}
        </button>
    }
}
