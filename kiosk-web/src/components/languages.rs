//! The choice among all languages, each in its own words.

use super::icon::{Icon, Shape};
use crate::effects::{page, tongues};
use crate::shell::{HOLD_MS, Shell};
use crate::words::{FETCHED, Tongue, say, text};
use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use leptos_i18n::td_string;
use wasm_bindgen_futures::spawn_local;

/// What the button that leads here shows to those who read neither Japanese nor English.
pub(crate) const OTHERS: &str = "中文・한국어…";
/// The same where there is room.
const MORE: &str = "中文　한국어　Português　Tiếng Việt　नेपाली　…";

/// Opens the choice, on the start screen.
#[component]
pub(crate) fn LanguagesRow() -> impl IntoView {
    let open = Shell::get().languages_open;
    tongues::know_letters();
    view! {
        <button type="button" class="languages__row" data-test="languages-row" aria-haspopup="dialog" aria-label=say!(header.language)
            on:click=move |_| open.set(true)>
            <Icon shape=Shape::Globe/>
            <span lang="mul">{MORE}</span>
        </button>
    }
}

/// Over the screen: large choices, and a word where one does not come. Escape closes it.
#[component]
pub(crate) fn Languages() -> impl IntoView {
    let shell = Shell::get();
    let (open, language) = (shell.languages_open, shell.settings.language.0);
    let (fetching, failed) = (RwSignal::new(None), RwSignal::new(false));
    // It stays for as long as a second tap could answer what lies below.
    let take = move |tongue: Tongue| {
        language.set(tongue);
        Timeout::new(HOLD_MS, move || {
            open.try_set(false);
        })
        .forget();
    };
    let choose = move |file: &'static str| {
        failed.set(false);
        fetching.set(Some(file));
        spawn_local(async move {
            let tongue = tongues::fetch(file).await;
            // Another one was chosen meanwhile, or the choice was closed.
            if fetching.try_get_untracked().flatten() != Some(file) {
                return;
            }
            fetching.set(None);
            match tongue {
                Some(tongue) => take(tongue),
                None => failed.set(true),
            }
        });
    };
    Effect::new(move |_| page::focus("#languages-title"));
    on_cleanup(|| page::focus("main h1"));
    let escape = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Escape" {
            open.set(false);
        }
    };
    let own = Tongue::OWN.map(|own| (own.file(), td_string!(own.base(), header.own_name)));
    let choice = move |(file, name): (&'static str, &'static str)| {
        let pressed = move || if language.get().file() == file { "true" } else { "false" };
        let busy = move || (fetching.get() == Some(file)).then_some("true");
        view! {
            <button type="button" class="language" lang=file.trim_end_matches("-easy") data-test=format!("choose-{file}")
                aria-pressed=pressed aria-busy=busy on:click=move |_| choose(file)>{name}</button>
        }
    };
    view! {
        <div class="dialog" role="dialog" aria-modal="true" aria-labelledby="languages-title" data-test="languages" on:keydown=escape>
            <div class="dialog__box dialog__box--wide">
                <h2 class="dialog__title" id="languages-title" tabindex="-1">{say!(header.language)}</h2>
                <div class="languages">{own.into_iter().chain(FETCHED.iter().copied()).map(choice).collect_view()}</div>
                <Show when=move || failed.get()>
                    <p class="strong" role="alert" data-test="language-failed">
                        {text!(Tongue::JA, languages.not_fetched)}" "<span lang="en">{text!(Tongue::EN, languages.not_fetched)}</span>
                    </p>
                </Show>
                <button type="button" class="button button--quiet" data-test="languages-close" on:click=move |_| open.set(false)>
                    {say!(header.close)}
                </button>
            </div>
        </div>
    }
}
