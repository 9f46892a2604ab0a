//! Whom to compare: what the chip told in the visit of the person who waits, and what to look at. Asked for by a request of its own
//! when the panel opens, held by the panel alone, and gone with it.

use super::api::{self, Trouble};
use super::state::BoardState;
use crate::words::{self, language, say};
use leptos::prelude::*;
use protocol::staff::{AtKiosk, ToCompare};
use wasm_bindgen_futures::spawn_local;

/// The photo beside the points to check, or the words that the card in the person's hand is what there is.
#[component]
pub(super) fn ToCheck(
    /// The board.
    state: BoardState,
    /// Who waits.
    at: AtKiosk,
) -> impl IntoView {
    let told = RwSignal::new(None::<Result<ToCompare, Trouble>>);
    spawn_local(async move {
        let Some(session) = state.session.get_untracked() else { return };
        let answer = api::face(&session, &at).await;
        // The panel may be gone by now, and what was answered with it.
        let _ = told.try_set(Some(answer));
    });
    view! {
        {move || told.with(|told| match told {
            None => None,
            Some(Err(_)) => Some(view! { <p class="small" data-test="eye-no-photo">{say!(board.eye_photo_away)}</p> }.into_any()),
            Some(Ok(told)) => Some(match &told.picture {
                Some(picture) => view! { <Photo png=picture.expose().to_owned()/> }.into_any(),
                None => view! { <p class="small" data-test="eye-no-photo">{say!(board.eye_no_photo)}</p> }.into_any(),
            }),
        })}
        {move || told.with(|told| {
            let told = told.as_ref().and_then(|told| told.as_ref().ok());
            let has_photo = told.is_some_and(|told| told.picture.is_some());
            let birth = told.and_then(|told| told.birth.as_ref()).map(|birth| birth.expose().to_owned());
            view! { <Points has_photo birth/> }
        })}
    }
}

/// Enlarged.
#[component]
fn Photo(png: String) -> impl IntoView {
    view! {
        <figure class="eye__photo" data-test="eye-photo">
            <img src=format!("data:image/png;base64,{png}") alt=say!(board.eye_photo)/>
            <figcaption class="small">{say!(board.eye_photo_note)}</figcaption>
        </figure>
    }
}

/// What to look at, one after the other.
#[component]
fn Points(has_photo: bool, birth: Option<String>) -> impl IntoView {
    let language = language();
    let said = match birth {
        Some(birth) => {
            let birth = move || words::birth(language.0.get(), &birth);
            view! { <span>{say!(board.eye_check_birth)} " " <strong data-test="eye-birth">{birth}</strong></span> }.into_any()
        }
        None => view! { <span>{say!(board.eye_check_said)}</span> }.into_any(),
    };
    let face = if has_photo {
        view! { <span>{say!(board.eye_check_chip)}</span> }.into_any()
    } else {
        view! { <span>{say!(board.eye_check_face)}</span> }.into_any()
    };
    view! {
        <ol class="eye__points" data-test="eye-points">
            <li><span>{say!(board.eye_check_person)}</span></li>
            <li>{face}</li>
            <li>{said}</li>
        </ol>
    }
}
