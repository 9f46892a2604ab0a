//! What the institution says of itself, and where result files go.

use super::name::{NameFields, Typed};
use super::{FieldError, Footer, Site};
use crate::words::say;
use leptos::prelude::*;
use protocol::settings::{Key, Setting};

const INSTITUTION: [Key; 2] = [Key::InstitutionName, Key::CallCentre];
const FOLDER: [Key; 1] = [Key::ResultFolder];

/// Name for patients, call centre for staff.
#[allow(
    clippy::large_types_passed_by_value,
    reason = "handles of signals, which are small in a browser"
)]
#[component]
pub(super) fn InstitutionForm(site: Site) -> impl IntoView {
    let name = match site.value(Key::InstitutionName) {
        Some(Setting::InstitutionName(name)) => Typed::of(name.as_ref()),
        _ => Typed::of(None),
    };
    let number = RwSignal::new(match site.value(Key::CallCentre) {
        Some(Setting::CallCentre(number)) => number.unwrap_or_default(),
        _ => String::new(),
    });
    let typed = name.clone();
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (name, number) = ((!typed.is_empty()).then(|| typed.name()), number.get_untracked());
        let number = (!number.trim().is_empty()).then_some(number);
        site.save(
            INSTITUTION[0],
            vec![Setting::InstitutionName(name), Setting::CallCentre(number)],
        );
    };
    view! {
        <form class="panel stack" on:submit=send data-test="settings-institution">
            <h3>{say!(settings.institution)}</h3>
            <p class="small">{say!(settings.institution_hint)}</p>
            <NameFields typed=name test="institution-name".to_owned()/>
            <FieldError site key=Key::InstitutionName/>
            <label class="field field--line">
                <span class="label">{say!(settings.call_centre)}" "<span class="field__note">{say!(settings.call_centre_hint)}</span></span>
                <input class="field__box field__box--text" type="text" autocomplete="off" maxlength="40" data-test="call-centre"
                    prop:value=move || number.get() on:input=move |event| number.set(event_target_value(&event))/>
            </label>
            <FieldError site key=Key::CallCentre/>
            <Footer site keys=&INSTITUTION/>
        </form>
    }
}

/// Where result files go.
#[allow(
    clippy::large_types_passed_by_value,
    reason = "handles of signals, which are small in a browser"
)]
#[component]
pub(super) fn FolderForm(site: Site) -> impl IntoView {
    let folder = RwSignal::new(match site.value(Key::ResultFolder) {
        Some(Setting::ResultFolder(folder)) => folder,
        _ => String::new(),
    });
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        site.save(FOLDER[0], vec![Setting::ResultFolder(folder.get_untracked())]);
    };
    view! {
        <form class="panel stack" on:submit=send data-test="settings-folder">
            <h3>{say!(settings.folder)}</h3>
            <label class="field field--line">
                <span class="label">{say!(settings.folder_path)}" "<span class="field__note">{say!(settings.folder_hint)}</span></span>
                <input class="field__box field__box--text" type="text" autocomplete="off" spellcheck="false" autocapitalize="off" required=true maxlength="400" data-test="result-folder"
                    prop:value=move || folder.get() on:input=move |event| folder.set(event_target_value(&event))/>
            </label>
            <FieldError site key=Key::ResultFolder/>
            <Footer site keys=&FOLDER/>
        </form>
    }
}
