//! The reader and the cameras of each kiosk, chosen from what is attached.

use super::{FieldError, Footer, Site};
use crate::words::{language, say, text};
use leptos::prelude::*;
use protocol::settings::{AttachedTo, Cameras, Key, Reader, Setting};

const READERS: [Key; 1] = [Key::Readers];
const CAMERAS: [Key; 1] = [Key::Cameras];

/// Which reader each kiosk uses.
#[allow(
    clippy::large_types_passed_by_value,
    reason = "handles of signals, which are small in a browser"
)]
#[component]
pub(super) fn ReadersForm(site: Site) -> impl IntoView {
    let Some(Setting::Readers(readers)) = site.value(Key::Readers) else { return ().into_any() };
    let chosen: Vec<_> = readers
        .into_iter()
        .map(|Reader { kiosk, reader }| (kiosk, RwSignal::new(reader)))
        .collect();
    let kept = chosen.clone();
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let reader = |(kiosk, reader): &(String, RwSignal<String>)| Reader {
            kiosk: kiosk.clone(),
            reader: reader.get_untracked(),
        };
        site.save(READERS[0], vec![Setting::Readers(kept.iter().map(reader).collect())]);
    };
    let silent =
        move || site.attached.with(|it| it.as_ref().is_some_and(|it| it.readers.is_none()));
    let fields =
        chosen.into_iter().map(|(kiosk, chosen)| view! { <ReaderField site kiosk chosen/> });
    view! {
        <form class="panel stack" on:submit=send data-test="settings-readers">
            <h3>{say!(settings.readers)}</h3>
            <p class="small">{say!(settings.readers_hint)}</p>
            {fields.collect_view()}
            <Show when=silent><p role="status" data-test="readers-silent">{say!(settings.readers_silent)}</p></Show>
            <div class="settings__acts">
                <button type="button" class="button button--secondary" data-test="look-again" on:click=move |_| site.look()>{say!(settings.look_again)}</button>
            </div>
            <FieldError site key=Key::Readers/>
            <Footer site keys=&READERS/>
        </form>
    }
    .into_any()
}

#[component]
fn ReaderField(site: Site, kiosk: String, chosen: RwSignal<String>) -> impl IntoView {
    let language = language();
    let test = format!("reader-{kiosk}");
    let title = title_of(site, kiosk);
    let options = move || {
        let locale = language.0.get();
        let attached = site.attached.with(|it| it.as_ref().and_then(|it| it.readers.clone()));
        let mut names: Vec<String> = ["auto", "practice", "none"].map(str::to_owned).into();
        names.extend(attached.clone().unwrap_or_default());
        let now = chosen.get();
        if !names.contains(&now) {
            names.push(now);
        }
        let option = |name: String| {
            let words = match name.as_str() {
                "auto" => text!(locale, settings.reader_auto).to_owned(),
                "practice" => text!(locale, settings.reader_practice).to_owned(),
                "none" => text!(locale, settings.reader_none).to_owned(),
                _ => name.clone(),
            };
            let (value, selected) = (name.clone(), move || chosen.with(|now| *now == name));
            view! { <option value=value prop:selected=selected>{words}</option> }
        };
        names.into_iter().map(option).collect_view()
    };
    view! {
        <label class="field field--line">
            <span class="label">{title}</span>
            <select class="field__box field__box--text" data-test=test on:change=move |event| chosen.set(event_target_value(&event))>{options}</select>
        </label>
    }
}

/// The cameras of a kiosk as they are typed.
#[derive(Clone)]
struct Typed {
    kiosk: String,
    card: RwSignal<String>,
    face: RwSignal<String>,
}

/// Which cameras each kiosk uses.
#[allow(
    clippy::large_types_passed_by_value,
    reason = "handles of signals, which are small in a browser"
)]
#[component]
pub(super) fn CamerasForm(site: Site) -> impl IntoView {
    let Some(Setting::Cameras(cameras)) = site.value(Key::Cameras) else { return ().into_any() };
    let signal = |name: Option<String>| RwSignal::new(name.unwrap_or_default());
    let typed = |Cameras { kiosk, card, face }: Cameras| Typed {
        kiosk,
        card: signal(card),
        face: signal(face),
    };
    let all: Vec<_> = cameras.into_iter().map(typed).collect();
    let kept = all.clone();
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let name = |text: RwSignal<String>| Some(text.get_untracked()).filter(|it| !it.is_empty());
        let cameras = |typed: &Typed| Cameras {
            kiosk: typed.kiosk.clone(),
            card: name(typed.card),
            face: name(typed.face),
        };
        site.save(CAMERAS[0], vec![Setting::Cameras(kept.iter().map(cameras).collect())]);
    };
    let fields = all.into_iter().map(|typed| view! { <CamerasOf site typed/> });
    view! {
        <form class="panel stack" on:submit=send data-test="settings-cameras">
            <h3>{say!(settings.cameras)}</h3>
            <p class="small">{say!(settings.cameras_hint)}</p>
            {fields.collect_view()}
            <FieldError site key=Key::Cameras/>
            <Footer site keys=&CAMERAS/>
        </form>
    }
    .into_any()
}

#[component]
fn CamerasOf(site: Site, typed: Typed) -> impl IntoView {
    let Typed { kiosk, card, face } = typed;
    let (title, list) = (title_of(site, kiosk.clone()), format!("cameras-{kiosk}"));
    let at = kiosk.clone();
    let known = move || {
        let cameras = site.at(&at).map(|at| at.cameras).unwrap_or_default();
        cameras.into_iter().map(|name| view! { <option value=name/> }).collect_view()
    };
    let (of_card, of_face) = (format!("card-camera-{kiosk}"), format!("face-camera-{kiosk}"));
    view! {
        <fieldset class="settings__row">
            <legend class="label">{title}</legend>
            <datalist id=list.clone()>{known}</datalist>
            <Camera label=Signal::derive(say!(settings.face_camera)) text=face list=list.clone() test=of_face/>
            <Camera label=Signal::derive(say!(settings.card_camera)) text=card list test=of_card/>
        </fieldset>
    }
}

#[component]
fn Camera(
    label: Signal<String>,
    text: RwSignal<String>,
    list: String,
    test: String,
) -> impl IntoView {
    view! {
        <label class="field field--line">
            <span class="label">{label}</span>
            <input class="field__box field__box--text" type="text" list=list autocomplete="off" maxlength="120" data-test=test
                prop:value=move || text.get() on:input=move |event| text.set(event_target_value(&event))/>
        </label>
    }
}

/// The kiosk's name for staff, once it is known.
#[allow(
    clippy::large_types_passed_by_value,
    reason = "handles of signals, which are small in a browser"
)]
fn title_of(site: Site, kiosk: String) -> impl Fn() -> String + Clone {
    move || match site.at(&kiosk) {
        Some(AttachedTo { title, .. }) if title != kiosk => format!("{title}（{kiosk}）"),
        _ => kiosk.clone(),
    }
}
