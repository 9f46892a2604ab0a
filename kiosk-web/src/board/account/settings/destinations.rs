//! Where people go from the kiosks.

use super::name::{NameFields, Typed};
use super::{FieldError, Footer, Site};
use crate::words::{language, say, text};
use leptos::prelude::*;
use protocol::settings::{DESTINATIONS, Key, Setting};

const KEYS: [Key; 1] = [Key::Destinations];

/// The destinations as they are typed, each with a number of its own.
#[derive(Clone, Copy)]
struct Rows {
    all: RwSignal<Vec<(u32, Typed)>>,
    next: StoredValue<u32>,
}

impl Rows {
    fn add(self, typed: Typed) {
        let id = self.next.get_value();
        self.next.set_value(id + 1);
        self.all.update(|all| all.push((id, typed)));
    }

    fn remove(self, id: u32) {
        self.all.update(|all| all.retain(|(other, _)| *other != id));
    }

    /// One place up.
    fn raise(self, id: u32) {
        self.all.update(|all| {
            if let Some(at) = all.iter().position(|(other, _)| *other == id).filter(|at| *at > 0) {
                all.swap(at, at - 1);
            }
        });
    }

    fn place(self, id: u32) -> usize {
        self.all.with(|all| all.iter().position(|(other, _)| *other == id).unwrap_or(0))
    }
}

/// The form.
#[allow(
    clippy::large_types_passed_by_value,
    reason = "handles of signals, which are small in a browser"
)]
#[component]
pub(super) fn DestinationsForm(site: Site) -> impl IntoView {
    let rows = Rows { all: RwSignal::new(Vec::new()), next: StoredValue::new(0) };
    if let Some(Setting::Destinations(names)) =
        untrack(|| site.entry(Key::Destinations)).map(|entry| entry.setting)
    {
        for name in &names {
            rows.add(Typed::of(Some(name)));
        }
    }
    let send = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        // A row in which nothing was typed is none.
        let typed = rows.all.get_untracked().into_iter().filter(|(_, typed)| !typed.is_empty());
        let names = typed.map(|(_, typed)| typed.name()).collect();
        site.save(KEYS[0], vec![Setting::Destinations(names)]);
    };
    let has_room = move || rows.all.with(Vec::len) < DESTINATIONS;
    view! {
        <form class="panel stack" on:submit=send data-test="settings-destinations">
            <h3>{say!(settings.destinations)}</h3>
            <p class="small">{say!(settings.destinations_hint)}</p>
            <ul class="settings__rows">
                <For each=move || rows.all.get() key=|(id, _)| *id let:row>
                    <Destination rows id=row.0 typed=row.1/>
                </For>
            </ul>
            <Show when=move || rows.all.with(Vec::is_empty)><p>{say!(settings.no_destinations)}</p></Show>
            <Show when=has_room>
                <div class="settings__acts">
                    <button type="button" class="button button--secondary" data-test="add-destination"
                        on:click=move |_| rows.add(Typed::of(None))>{say!(settings.add_destination)}</button>
                </div>
            </Show>
            <FieldError site key=Key::Destinations/>
            <Footer site keys=&KEYS/>
        </form>
    }
}

#[component]
fn Destination(rows: Rows, id: u32, typed: Typed) -> impl IntoView {
    let language = language();
    let number = move || rows.place(id) + 1;
    let title = move || text!(language.0.get(), settings.destination, number = number());
    let up = move || text!(language.0.get(), settings.up_of, number = number());
    let remove = move || text!(language.0.get(), settings.remove_of, number = number());
    view! {
        <li>
            <fieldset class="settings__row">
                <legend class="label">{title}</legend>
                <NameFields typed test=format!("destination-{id}")/>
                <div class="settings__row-acts">
                    <Show when=move || { number() > 1 }>
                        <button type="button" class="button button--secondary button--small" aria-label=up
                            on:click=move |_| rows.raise(id)>{say!(settings.up)}</button>
                    </Show>
                    <button type="button" class="button button--secondary button--small" aria-label=remove data-test=format!("remove-destination-{id}")
                        on:click=move |_| rows.remove(id)>{say!(settings.remove)}</button>
                </div>
            </fieldset>
        </li>
    }
}
