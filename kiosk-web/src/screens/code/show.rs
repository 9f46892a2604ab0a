//! The card before a camera. Purpose first, then the camera, which is on only while this is up; typing is one tap away.

use super::{Note, Otherwise, Way};
use crate::components::button::{Button, Kind};
use crate::components::frame::Frame;
use crate::components::icon::{Icon, Shape};
use crate::effects::camera::{Camera, Wish};
use crate::effects::card_front::{CardEvent, CardWorker};
use crate::effects::page;
use crate::effects::sound::Tone;
use crate::effects::watch::watch;
use crate::model::card_hint::{Calm, CardHint};
use crate::model::shown::Step;
use crate::shell::Shell;
use crate::words::{Tongue, language, say, text};
use leptos::html::Video;
use leptos::prelude::*;
use protocol::Action;
use protocol::screen::{CodePurpose, Method};
use std::cell::RefCell;
use worker_messages::CardSeen;

/// How often a new frame is offered, in milliseconds. The worker takes one at a time.
const EVERY_MS: u32 = 60;
/// Frames large enough for digits of 2 mm on a card held by hand.
const FRAME: (u32, u32) = (1280, 720);

/// Show the card to the camera.
#[component]
pub(crate) fn Scan(way: RwSignal<Way>, purpose: CodePurpose) -> impl IntoView {
    let shell = Shell::get();
    let started = RwSignal::new(false);
    let lies = shell.card_camera.with_untracked(Option::is_some);
    // The bridge has to know that the card is taken to be shown, and that it is not any more.
    let start = move || {
        if !lies {
            shell.act(Action::ShowCard);
        }
        started.set(true);
    };
    let type_instead = move || {
        shell.code.update(|form| form.by_hand = true);
        if started.get_untracked() && !lies {
            shell.act(not_shown(purpose));
        }
        way.set(Way::Typed(Note::None));
    };
    let ways = move || {
        view! {
            <Show when=move || !started.get()>
                <Button kind=Kind::Primary test="start-card-camera" on_press=start>{say!(show.start)}</Button>
            </Show>
            <Button kind=Kind::Secondary test="type-code" on_press=type_instead>
                {say!(show.type_instead)}
            </Button>
            <Otherwise purpose/>
        }
    };
    let (before, lift, lying) = (say!(show.title), say!(show.title_lift), say!(show.title_lying));
    let title = Signal::derive(move || match (lies, started.get()) {
        (true, _) => lying(),
        (false, false) => before(),
        (false, true) => lift(),
    });
    view! {
        <Frame name="code" step=Step::Identity title ways>
            <Show when=move || started.get() fallback=move || view! { <Purpose lies purpose/> }>
                <Live way lies purpose/>
            </Show>
        </Frame>
    }
}

#[component]
fn Purpose(lies: bool, purpose: CodePurpose) -> impl IntoView {
    let (by_hand, lying) = (say!(show.how), say!(show.how_lying));
    let (photo, items) = (say!(show.purpose), say!(show.purpose_items));
    view! {
        <p class="lead">{move || match purpose {
            CodePurpose::Photo => photo(),
            CodePurpose::Items => items(),
        }}</p>
        <section class="panel">
            <ul class="ticked">
                <li><Icon shape=Shape::Camera/>{move || if lies { lying() } else { by_hand() }}</li>
                {(!lies).then(|| view! { <li><Icon shape=Shape::Info/>{say!(show.put_back)}</li> })}
                <li><Icon shape=Shape::Lock/>{say!(show.kept)}</li>
            </ul>
        </section>
    }
}

#[component]
fn Live(way: RwSignal<Way>, lies: bool, purpose: CodePurpose) -> impl IntoView {
    let (shell, language) = (Shell::get(), language());
    let video = NodeRef::<Video>::new();
    let seen = RwSignal::new(None::<CardSeen>);
    let hint = RwSignal::new(CardHint::Preparing);
    let worker = read(shell, way, seen, hint);
    let open = async move |video| {
        let label = shell.card_camera.get_untracked().or(shell.face_camera.get_untracked());
        let wish = Wish { width: FRAME.0, height: FRAME.1, label: label.as_deref(), not: None };
        Camera::open_as(video, &wish).await
    };
    let look = move |camera: &Camera| {
        if let Some(worker) = &worker
            && worker.wants_frame()
            && let Some(frame) = camera.grab()
        {
            worker.read(&frame);
        }
    };
    // Without a camera the face cannot be compared either: no need to type anything. Items need no face.
    let missing = move || {
        if !lies {
            shell.act(Action::CameraMissing);
        }
        if lies || purpose == CodePurpose::Items {
            leave(way, Note::NoCamera);
        }
    };
    watch(video, ".card-camera", EVERY_MS, open, look, missing);
    let class = if lies {
        "card-camera__picture"
    } else {
        "card-camera__picture card-camera__picture--mirror"
    };
    let outline = move || seen.with(|seen| seen.as_ref().and_then(|seen| seen.corners.map(points)));
    let found = move || {
        outline().map(|points| view! { <polygon class="card-camera__found" points=points/> })
    };
    let ms = move || seen.with(|seen| seen.as_ref().map(|seen| seen.ms.round().to_string()));
    let percent = move || {
        seen.with(|seen| seen.as_ref().map_or(0.0, |seen| 100.0 * f64::from(seen.progress)))
    };
    view! {
        <div class="card-camera">
            <div class="card-camera__frame">
                <div class=class>
                    <video class="card-camera__video" node_ref=video playsinline="" aria-label=say!(show.video)></video>
                    <svg class="card-camera__guide" viewBox="0 0 160 90" preserveAspectRatio="none" aria-hidden="true">
                        <rect class="card-camera__place" x="27" y="11" width="106" height="67" rx="4"/>
                        {found}
                    </svg>
                </div>
                <p class="camera__on"><span class="camera__lamp" aria-hidden="true"></span>{say!(face.camera_on)}</p>
            </div>
            <p class="camera__hint" role="status" data-test="card-hint" data-say=move || hint.get().again()>{move || words(language.0.get(), hint.get())}</p>
            <progress class="card-camera__progress" data-ms=ms max="100" prop:value=percent aria-label=say!(show.progress)></progress>
        </div>
    }
}

/// What tells the bridge that the card is not shown any more.
fn not_shown(purpose: CodePurpose) -> Action {
    match purpose {
        CodePurpose::Photo => Action::Choose { method: Method::Face },
        CodePurpose::Items => Action::CameraMissing,
    }
}

/// Starts the worker and listens to it. It ends with what looks through the camera.
fn read(
    shell: Shell,
    way: RwSignal<Way>,
    seen: RwSignal<Option<CardSeen>>,
    hint: RwSignal<CardHint>,
) -> Option<CardWorker> {
    let calm = RefCell::new(Calm::new(page::now_ms()));
    let worker = CardWorker::start(move |event| match event {
        CardEvent::Seen(now) => {
            let next = CardHint::of(&now);
            let shown = calm.borrow_mut().feed(next, page::now_ms());
            if hint.try_get_untracked().is_some_and(|before| before != shown) {
                hint.try_set(shown);
            }
            seen.try_set(Some(now));
        }
        CardEvent::Numbers(form) => {
            shell.play(Tone::Success);
            shell.code.set(form);
            leave(way, Note::Read);
        }
        CardEvent::GivenUp => leave(way, Note::NoCamera),
    });
    if worker.is_err() {
        leave(way, Note::NoCamera);
    }
    worker.ok()
}

/// Later: what called this belongs to what is dropped then.
fn leave(way: RwSignal<Way>, note: Note) {
    gloo_timers::callback::Timeout::new(0, move || {
        way.try_set(Way::Typed(note));
    })
    .forget();
}

/// Corners as parts of the picture, in the units of the drawing over it.
fn points(corners: [f32; 8]) -> String {
    let pairs = corners.chunks_exact(2);
    let pairs = pairs.map(|at| format!("{:.1},{:.1}", 160.0 * at[0], 90.0 * at[1]));
    pairs.collect::<Vec<_>>().join(" ")
}

fn words(locale: Tongue, hint: CardHint) -> &'static str {
    match hint {
        CardHint::Preparing => text!(locale, show.preparing),
        CardHint::NoCard => text!(locale, show.no_card),
        CardHint::Closer => text!(locale, show.closer),
        CardHint::Unclear => text!(locale, show.unclear),
        CardHint::Reading => text!(locale, show.reading),
    }
}
