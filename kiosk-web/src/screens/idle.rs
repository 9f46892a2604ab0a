//! Please place the card.

use super::ways::OtherWays;
use crate::components::button::Kind;
use crate::components::frame::Frame;
use crate::components::icon::{Icon, Shape};
use crate::components::languages::LanguagesRow;
use crate::components::picture::{Motion, ReaderPicture};
use crate::effects::camera;
use crate::shell::Shell;
use crate::words::say;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

/// Where cards are laid down at this place.
#[component]
pub(crate) fn Idle() -> impl IntoView {
    let own = Shell::get().own_reader;
    move || {
        if own.get() {
            view! { <PlaceCard/> }.into_any()
        } else {
            view! { <CardsBeside/> }.into_any()
        }
    }
}

/// The official reader beside takes them; here are the other ways.
#[component]
fn CardsBeside() -> impl IntoView {
    view! {
        <Frame name="idle" title=Signal::derive(say!(idle.beside_title)) can_stop=false
            ways=|| view! { <OtherWays words=Signal::derive(say!(idle.beside_other)) kind=Kind::Primary/><LanguagesRow/> }>
            <p class="lead" data-test="cards-beside">{say!(idle.beside_lead)}</p>
            <div class="split">
                <div class="panel panel--picture">
                    <ReaderPicture motion=Motion::Place label=Signal::derive(say!(idle.picture))/>
                </div>
                <div class="stack">
                    <section>
                        <h2 class="panel__title">{say!(idle.beside_card_title)}</h2>
                        <p>{say!(idle.beside_card)}</p>
                    </section>
                    <section>
                        <h2 class="panel__title">{say!(idle.beside_done_title)}</h2>
                        <p>{say!(idle.beside_done)}</p>
                    </section>
                    <section>
                        <h2 class="panel__title">{say!(idle.beside_without_title)}</h2>
                        <p>{say!(idle.beside_without)}</p>
                    </section>
                </div>
            </div>
        </Frame>
    }
}

/// Where the card goes, and what this kiosk does with it.
#[component]
fn PlaceCard() -> impl IntoView {
    let not_allowed = RwSignal::new(false);
    spawn_local(async move {
        not_allowed.try_set(camera::is_not_allowed().await);
    });
    view! {
        <Frame name="idle" title=Signal::derive(say!(idle.title)) can_stop=false
            ways=|| view! { <OtherWays words=Signal::derive(say!(ways.no_card)) kind=Kind::Quiet/><LanguagesRow/> }>
            <p class="lead">{say!(idle.lead)}</p>
            <Show when=move || not_allowed.get()>
                <p class="small" data-test="camera-not-allowed">{say!(idle.camera_not_allowed)}</p>
            </Show>
            <div class="split">
                <div class="panel panel--picture">
                    <ReaderPicture motion=Motion::Place label=Signal::derive(say!(idle.picture))/>
                </div>
                <div class="stack">
                    <ol class="numbered">
                        <li>{say!(idle.how_1)}</li>
                        <li>{say!(idle.how_2)}</li>
                        <li>{say!(idle.how_3)}</li>
                    </ol>
                    <section class="aside">
                        <h2 class="aside__title"><Icon shape=Shape::Info/>{say!(idle.purpose_title)}</h2>
                        <p>{say!(idle.purpose)}</p>
                    </section>
                </div>
            </div>
        </Frame>
    }
}
