//! The face screen. Purpose first, then the camera; the camera is on only while this screen is up.

use crate::components::button::{Button, Kind};
use crate::components::frame::Frame;
use crate::components::icon::{Icon, Shape};
use crate::components::other_methods::OtherMethods;
use crate::effects::camera::Camera;
use crate::effects::face::{FaceEvent, FaceWorker};
use crate::effects::page;
use crate::effects::sound::Tone;
use crate::effects::watch::watch;
use crate::model::hint::{Cue, Stabiliser};
use crate::model::shown::Step;
use crate::shell::Shell;
use crate::words::{self, language, say};
use leptos::html::Video;
use leptos::prelude::*;
use protocol::Action;
use protocol::screen::Method;
use std::cell::RefCell;
use worker_messages::Hint;

/// How often a new frame is offered to the worker, in milliseconds. It takes one at a time.
const EVERY_MS: u32 = 50;

/// Look into the camera.
#[component]
pub(crate) fn Face(of: u8) -> impl IntoView {
    let shell = Shell::get();
    // Attempts after the first start at once: the person has just been told.
    let started = RwSignal::new(shell.shown.with_untracked(|shown| shown.attempt() > 1));
    let ways = move || {
        view! {
            <Show when=move || !started.get()>
                <Button kind=Kind::Primary test="start-camera" on_press=move || started.set(true)>{say!(face.start)}</Button>
            </Show>
            <OtherMethods except=Method::Face/>
        }
    };
    let (before, during) = (say!(face.title_before), say!(face.title));
    let title = Signal::derive(move || if started.get() { during() } else { before() });
    view! {
        <Frame name="face" step=Step::Identity title ways>
            <Show when=move || started.get() fallback=|| view! { <Purpose/> }>
                <Live of/>
            </Show>
        </Frame>
    }
}

#[component]
fn Purpose() -> impl IntoView {
    // Pictures that stand in for people in practice cannot be asked to move.
    let asked = !is_practice(Shell::get());
    view! {
        <p class="lead">{say!(face.purpose)}</p>
        <section class="panel">
            <ul class="ticked">
                <li><Icon shape=Shape::Face/>{say!(face.uncover)}</li>
                {asked.then(|| view! { <li><Icon shape=Shape::Info/>{say!(face.move_head)}</li> })}
                <li><Icon shape=Shape::Lock/>{say!(face.kept)}</li>
            </ul>
        </section>
    }
}

#[component]
fn Live(of: u8) -> impl IntoView {
    let (shell, language) = (Shell::get(), language());
    let video = NodeRef::<Video>::new();
    let cue = RwSignal::new(Cue::PREPARING);
    let asked = Memo::new(move |_| shell.shown.with(crate::model::shown::Shown::attempt_and_nonce));
    let attempt = Memo::new(move |_| asked.get().0);

    listen(shell, cue);
    let worker = shell.face();
    let look = move |camera: &Camera| {
        if worker.wants_frame()
            && let Some(frame) = camera.film()
        {
            worker.analyse(&frame, camera.label());
        }
    };
    let missing = move || shell.act(Action::CameraMissing);
    let open = async move |video| {
        let (face, card) = (shell.face_camera.get_untracked(), shell.card_camera.get_untracked());
        Camera::open(video, face.as_deref(), card.as_deref()).await
    };
    watch(video, ".camera", EVERY_MS, open, look, missing);
    // Begins every attempt, the first as well.
    Effect::new(move |_| {
        let (attempt, nonce) = asked.get();
        if attempt > 0 {
            cue.set(Cue::PREPARING);
            shell.face().begin(nonce, !is_practice(shell));
        }
    });
    let leaving = StoredValue::new_local(shell.face());
    on_cleanup(move || {
        leaving.try_with_value(FaceWorker::end);
    });

    let guide = move || {
        if cue.get().is_good() { "camera__guide camera__guide--good" } else { "camera__guide" }
    };
    let number = move || {
        let number = attempt.get();
        words::text!(language.0.get(), face.attempt, number, of)
    };
    view! {
        <div class="camera">
            <div class="camera__picture">
                <video class="camera__video" node_ref=video playsinline="" aria-label=say!(face.video)></video>
                <svg class=guide viewBox="0 0 400 300" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
                    <path class="camera__veil" fill-rule="evenodd" d="M-400-400h1200v1100h-1200zM200 36c-56 0-92 42-92 104s36 124 92 124 92-62 92-124-36-104-92-104z"/>
                    <ellipse class="camera__oval" cx="200" cy="150" rx="92" ry="114"/>
                    {move || arrow(cue.get().hint).map(|turn| view! {
                        <path class="camera__arrow" transform=turn d="M-34 0L0-34v20h34v28H0v20z"/>
                    })}
                </svg>
                <p class="camera__on"><span class="camera__lamp" aria-hidden="true"></span>{say!(face.camera_on)}</p>
            </div>
            <p class="camera__hint" role="status" data-test="hint" data-say=move || cue.get().again()>{move || words::cue(language.0.get(), cue.get())}</p>
            <p class="camera__out">{say!(face.way_out)}</p>
            <p class="small camera__attempt" data-test="attempt">{number}</p>
        </div>
    }
}

fn is_practice(shell: Shell) -> bool {
    shell.shown.with_untracked(|shown| shown.view().is_some_and(|view| view.practice))
}

/// Where the arrow stands, and how it is turned: the picture is a mirror, so that the person's left is on the left.
fn arrow(hint: Option<Hint>) -> Option<&'static str> {
    match hint? {
        Hint::TurnLeft => Some("translate(54 150)"),
        Hint::TurnRight => Some("translate(346 150) rotate(180)"),
        Hint::LookUp => Some("translate(200 44) rotate(90)"),
        Hint::LookDown => Some("translate(200 256) rotate(-90)"),
        _ => None,
    }
}

fn listen(shell: Shell, cue: RwSignal<Cue>) {
    let calm = RefCell::new(Stabiliser::new(Cue::PREPARING, page::now_ms()));
    shell.listen_to_face(move |event| match event {
        FaceEvent::Analysis { cue: seen } => {
            let shown = calm.borrow_mut().feed(seen, page::now_ms());
            if let Some(before) = cue.try_get_untracked()
                && before != shown
            {
                // Heard, too: something is asked, or was done.
                match (shown.done && !before.done, shown.is_asked()) {
                    (true, _) => shell.play(Tone::Success),
                    (_, true) => shell.play(Tone::Card),
                    _ => {}
                }
                cue.try_set(shown);
            }
        }
        FaceEvent::Verdict { nonce, model_hash, score, liveness } => {
            let attempt = shell.shown.with_untracked(crate::model::shown::Shown::attempt);
            shell.act(Action::Face { attempt, nonce, model_hash, score, liveness });
        }
        FaceEvent::Reference(_) | FaceEvent::GivenUp => {}
    });
}
