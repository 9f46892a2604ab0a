//! The face screen. Purpose first, then the camera; the camera is on only while this screen is up.

use crate::components::button::{Button, Kind};
use crate::components::frame::Frame;
use crate::components::icon::{Icon, Shape};
use crate::components::other_methods::OtherMethods;
use crate::effects::camera::Camera;
use crate::effects::face::{FaceEvent, FaceWorker};
use crate::effects::page;
use crate::effects::watch::watch;
use crate::model::hint::{Hint, Stabiliser};
use crate::model::shown::Step;
use crate::shell::Shell;
use crate::words::{self, language, say};
use leptos::html::Video;
use leptos::prelude::*;
use protocol::Action;
use protocol::screen::Method;
use std::cell::RefCell;

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
            <OtherMethods except=Method::Face/>
            <Show when=move || !started.get()>
                <Button kind=Kind::Primary test="start-camera" on_press=move || started.set(true)>{say!(face.start)}</Button>
            </Show>
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
    view! {
        <p class="lead">{say!(face.purpose)}</p>
        <section class="panel">
            <ul class="ticked">
                <li><Icon shape=Shape::Lock/>{say!(face.kept_1)}</li>
                <li><Icon shape=Shape::Camera/>{say!(face.kept_2)}</li>
                <li><Icon shape=Shape::Face/>{say!(face.kept_3)}</li>
            </ul>
        </section>
    }
}

#[component]
fn Live(of: u8) -> impl IntoView {
    let (shell, language) = (Shell::get(), language());
    let video = NodeRef::<Video>::new();
    let hint = RwSignal::new(Hint::Preparing);
    let attempt = Memo::new(move |_| shell.shown.with(crate::model::shown::Shown::attempt));

    listen(shell, hint);
    let worker = shell.face();
    let look = move |camera: &Camera| {
        if worker.wants_frame()
            && let Some(frame) = camera.film()
        {
            worker.analyse(&frame, camera.label());
        }
    };
    let missing = move || shell.act(Action::CameraMissing);
    watch(video, ".camera", EVERY_MS, Camera::open, look, missing);
    // Begins every attempt, the first as well.
    Effect::new(move |_| {
        let attempt = attempt.get();
        if attempt > 0 {
            hint.set(Hint::Preparing);
            let practice =
                shell.shown.with_untracked(|shown| shown.view().is_some_and(|view| view.practice));
            shell.face().begin(attempt, !practice);
        }
    });
    let leaving = StoredValue::new_local(shell.face());
    on_cleanup(move || {
        leaving.try_with_value(FaceWorker::end);
    });

    let guide = move || {
        if hint.get().is_good() { "camera__guide camera__guide--good" } else { "camera__guide" }
    };
    let number = move || {
        let number = attempt.get();
        leptos_i18n::td_string!(language.0.get(), face.attempt, number, of)
    };
    view! {
        <div class="camera">
            <div class="camera__picture">
                <video class="camera__video" node_ref=video playsinline="" aria-label=say!(face.video)></video>
                <svg class=guide viewBox="0 0 400 300" preserveAspectRatio="xMidYMid slice" aria-hidden="true">
                    <path class="camera__veil" fill-rule="evenodd" d="M-400-400h1200v1100h-1200zM200 36c-56 0-92 42-92 104s36 124 92 124 92-62 92-124-36-104-92-104z"/>
                    <ellipse class="camera__oval" cx="200" cy="150" rx="92" ry="114"/>
                </svg>
                <p class="camera__on"><span class="camera__lamp" aria-hidden="true"></span>{say!(face.camera_on)}</p>
            </div>
            <p class="camera__hint" role="status" data-test="hint">{move || words::hint(language.0.get(), hint.get())}</p>
            <p class="small camera__attempt" data-test="attempt">{number}</p>
        </div>
    }
}

fn listen(shell: Shell, hint: RwSignal<Hint>) {
    let calm = RefCell::new(Stabiliser::new(Hint::Preparing, page::now_ms()));
    shell.listen_to_face(move |event| match event {
        FaceEvent::Analysis { hint: seen } => {
            let shown = calm.borrow_mut().feed(seen, page::now_ms());
            if hint.try_get_untracked().is_some_and(|now| now != shown) {
                hint.try_set(shown);
            }
        }
        FaceEvent::Verdict { model_hash, score, liveness } => {
            let attempt = shell.shown.with_untracked(crate::model::shown::Shown::attempt);
            shell.act(Action::Face { attempt, model_hash, score, liveness });
        }
        FaceEvent::Ready
        | FaceEvent::ReferenceReady
        | FaceEvent::ReferenceFailed { .. }
        | FaceEvent::GivenUp => {}
    });
}
