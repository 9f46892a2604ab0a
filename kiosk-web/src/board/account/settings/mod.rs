//! Settings of the site, for managers: one form a section, saved by itself; what is wrong stands beside its field.

mod destinations;
mod equipment;
mod hours;
mod institution;
mod name;
mod times;

use super::super::api::Trouble;
use super::super::over::Over;
use super::api;
use super::mine::Changes;
use crate::components::notice::{Notice, Tint};
use crate::effects::page;
use crate::model::backoff::Backoff;
use crate::model::refusal::{Asked, Reason};
use crate::words::{self, language, say};
use destinations::DestinationsForm;
use equipment::{CamerasForm, ReadersForm};
use hours::HoursForm;
use institution::{FolderForm, InstitutionForm};
use leptos::prelude::*;
use protocol::Redacted;
use protocol::settings::{
    Attached, AttachedTo, Change, Entry, Key, Origin, Setting, Settings, Wrong,
};
use times::{LockForm, PatienceForm};
use wasm_bindgen_futures::spawn_local;

/// What the forms share.
#[derive(Clone, Copy)]
struct Site {
    changes: Changes,
    /// What counts now, as it was told last.
    told: RwSignal<Option<Settings>>,
    /// What there is to choose from, once it is known.
    attached: RwSignal<Option<Attached>>,
    /// Forms begin anew with what counts when this changes.
    anew: RwSignal<u32>,
    wrong: RwSignal<Option<Wrong>>,
    /// Of which form something was saved last, by its first setting.
    saved: RwSignal<Option<Key>>,
}

impl Site {
    fn entry(self, key: Key) -> Option<Entry> {
        let is_it = |entry: &&Entry| entry.setting.key() == key;
        self.told.with(|told| told.as_ref()?.entries.iter().find(is_it).cloned())
    }

    /// What counts now, of a form that is begun.
    fn value(self, key: Key) -> Option<Setting> {
        untrack(|| self.entry(key)).map(|entry| entry.setting)
    }

    /// What is attached to a kiosk.
    fn at(self, kiosk: &str) -> Option<AttachedTo> {
        let is_it = |at: &&AttachedTo| at.kiosk == kiosk;
        self.attached.with(|told| told.as_ref()?.kiosks.iter().find(is_it).cloned())
    }

    /// Looks again what is attached.
    fn look(self) {
        let Some(session) = self.changes.state.session.get_untracked() else { return };
        spawn_local(async move {
            match api::attached(&session).await {
                // The page may have been left.
                Ok(attached) => drop(self.attached.try_set(Some(attached))),
                Err(Trouble::Refused(401)) => self.changes.state.close(Some(Over::Ended)),
                Err(error) => {
                    self.changes.trouble.try_set(Some(error.reason(Asked::Other)));
                }
            }
        });
    }

    /// Saves a form, which is known by its first setting.
    fn save(self, form: Key, set: Vec<Setting>) {
        self.change(form, set, Vec::new());
    }

    /// For these it counts again what the configuration file says.
    fn reset(self, form: Key, reset: Vec<Key>) {
        self.change(form, Vec::new(), reset);
    }

    fn change(self, form: Key, set: Vec<Setting>, reset: Vec<Key>) {
        let Some(seen) = self.told.with_untracked(|told| Some(told.as_ref()?.version)) else {
            return;
        };
        self.wrong.set(None);
        self.saved.set(None);
        let begins_anew = !reset.is_empty();
        let change = Change { seen, set, reset };
        let request = move |session| {
            let change = change.clone();
            async move { api::change_settings(&session, &change).await }
        };
        let done = move |answer| match answer {
            Ok(settings) => {
                self.told.set(Some(settings));
                self.saved.set(Some(form));
                if begins_anew {
                    self.anew.update(|count| *count += 1);
                }
            }
            Err(wrong) => self.wrong.set(Some(wrong)),
        };
        let undone = move || {
            // Somebody else has changed something: what counts now is shown.
            if self.changes.trouble.get_untracked() == Some(Reason::Stale)
                && let Some(session) = self.changes.state.session.get_untracked()
            {
                spawn_local(self.begin(session, Some(Reason::Stale)));
            }
        };
        self.changes.ask_or(Asked::Setting, request, done, undone);
    }

    /// Asks for all of them until the bridge answers, or until the page is left.
    async fn begin(self, session: Redacted, trouble: Option<Reason>) {
        let mut backoff = Backoff::default();
        loop {
            match api::settings(&session).await {
                Ok(settings) => {
                    if self.told.try_set(Some(settings)).is_none() {
                        self.changes.trouble.set(trouble);
                        self.anew.update(|count| *count += 1);
                    }
                    return;
                }
                Err(Trouble::Refused(401)) => return self.changes.state.close(Some(Over::Ended)),
                Err(error) => {
                    if self.changes.trouble.try_set(Some(error.reason(Asked::Other))).is_some() {
                        return;
                    }
                }
            }
            page::pause(backoff.next_ms()).await;
        }
    }
}

/// All sections.
#[component]
pub(super) fn SiteSettings(changes: Changes) -> impl IntoView {
    let site = Site {
        changes,
        told: RwSignal::new(None),
        attached: RwSignal::new(None),
        anew: RwSignal::new(0),
        wrong: RwSignal::new(None),
        saved: RwSignal::new(None),
    };
    if let Some(session) = changes.state.session.get_untracked() {
        spawn_local(site.begin(session, None));
        site.look();
    }
    let forms = move || {
        site.anew.get();
        let told = site.told.with_untracked(Option::is_some);
        told.then(|| {
            view! {
                <HoursForm site/>
                <DestinationsForm site/>
                <InstitutionForm site/>
                <PatienceForm site/>
                <LockForm site/>
                <FolderForm site/>
                <ReadersForm site/>
                <CamerasForm site/>
            }
        })
    };
    view! {
        <section class="settings stack" data-test="settings">
            <h2>{say!(settings.title)}</h2>
            <p class="small">{say!(settings.lead)}</p>
            {forms}
        </section>
    }
}

/// What is wrong with a setting, beside its field.
#[component]
fn FieldError(site: Site, key: Key) -> impl IntoView {
    let language = language();
    move || {
        let wrong = site.wrong.get().filter(|wrong| wrong.key == key)?;
        let words = words::sentence(language.0.get(), &wrong.said);
        Some(view! { <p class="field__error" role="alert" data-test="setting-wrong">{words}</p> })
    }
}

/// The end of a form: saved or not, and back to what the configuration file says.
#[component]
fn Footer(
    site: Site,
    /// Of the form; it is known by the first.
    keys: &'static [Key],
) -> impl IntoView {
    let form = keys[0];
    let from_page = move || {
        let is_changed =
            |key: &Key| site.entry(*key).is_some_and(|entry| entry.origin == Origin::Page);
        keys.iter().any(is_changed)
    };
    let origin = move || {
        if from_page() { say!(settings.from_page)() } else { say!(settings.from_start)() }
    };
    let waits = move || keys.iter().any(|key| site.entry(*key).is_some_and(|entry| entry.waits));
    view! {
        <p class="small" data-test="setting-origin">{origin}</p>
        <Show when=waits><Notice tint=Tint::Warning test="setting-waits">{say!(settings.waits)}</Notice></Show>
        <div class="settings__acts">
            <button type="submit" class="button button--primary" data-test="setting-save">{say!(settings.save)}</button>
            <Show when=from_page>
                <button type="button" class="button button--secondary" data-test="setting-reset"
                    on:click=move |_| site.reset(form, keys.to_vec())>{say!(settings.reset)}</button>
            </Show>
        </div>
        <div aria-live="polite">
            <Show when=move || site.saved.get() == Some(form)>
                <Notice tint=Tint::Success test="setting-saved">{say!(settings.saved)}</Notice>
            </Show>
        </div>
    }
}
