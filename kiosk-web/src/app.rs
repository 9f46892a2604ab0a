//! The one place where socket, view signal and dispatcher meet.

use crate::components::by_staff;
use crate::components::header::Header;
use crate::components::presence::Presence;
use crate::effects::aloud::read_aloud;
use crate::effects::bridge::{Bridge, Incoming};
use crate::effects::camera;
use crate::effects::face::{FaceEvent, FaceWorker};
use crate::effects::furigana;
use crate::effects::page;
use crate::effects::sound::Tone;
use crate::effects::touch;
use crate::model::pace::Pace;
use crate::model::shown::Shown;
use crate::screens::ScreenBody;
use crate::shell::{FaceListener, Settings, Shell};
use leptos::ev;
use leptos::prelude::*;
use protocol::action::ReferenceOutcome;
use protocol::screen::{MethodNotice, Why};
use protocol::{Action, ErrorCode, FromBridge, FromKiosk, Screen};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

/// The kiosk.
#[component]
pub(crate) fn App() -> impl IntoView {
    let settings = Settings::new();
    settings.apply();
    provide_context(settings.language);
    let (shown, set_shown) = signal(Shown::default());
    #[cfg(not(feature = "gallery"))]
    let shell = connect(settings, shown, set_shown);
    #[cfg(feature = "gallery")]
    let shell = connect_gallery(settings, shown, set_shown);
    provide_context(shell);
    report_presence(shell);
    read_aloud(shell);
    furigana::write_above();
    touch::hold_while(move || shell.ready.try_get_untracked() == Some(false));
    let asked =
        Memo::new(move |_| shown.with(|shown| shown.view().is_some_and(|view| view.asks_presence)));
    view! {
        <div class="page" inert=move || asked.get() data-ready=move || shell.ready.get().then_some("")>
            <Header/>
            <ScreenBody/>
            <by_staff::Heard/>
        </div>
        <Presence/>
    }
}

#[cfg_attr(feature = "gallery", expect(dead_code, reason = "the gallery has no bridge"))]
fn connect(settings: Settings, shown: ReadSignal<Shown>, set_shown: WriteSignal<Shown>) -> Shell {
    let bridge: Rc<RefCell<Option<Bridge>>> = Rc::default();
    let act = {
        let bridge = Rc::clone(&bridge);
        move |action: Action| {
            let seen = shown.with_untracked(|shown| shown.view().map(|view| view.revision));
            if let (Some(seen), Some(bridge)) = (seen, &*bridge.borrow()) {
                bridge.send(&FromKiosk::Act { seen, action });
            }
        }
    };
    let take_back = {
        let bridge = Rc::clone(&bridge);
        move |()| {
            set_shown.set(Shown::Offline);
            if let Some(bridge) = &*bridge.borrow() {
                bridge.take_back();
            }
        }
    };
    let shell = with_worker(settings, shown, act, take_back);
    let hold = Rc::clone(&bridge);
    let connection = Bridge::connect(move |incoming| receive(shell, set_shown, incoming, &hold));
    bridge.replace(Some(connection));
    shell
}

/// One example view of the gallery, without bridge and worker.
#[cfg(feature = "gallery")]
fn connect_gallery(
    settings: Settings,
    shown: ReadSignal<Shown>,
    set_shown: WriteSignal<Shown>,
) -> Shell {
    let shell = with_worker(settings, shown, |_| {}, |()| {});
    crate::gallery::show(shell, set_shown);
    shell
}

fn with_worker(
    settings: Settings,
    shown: ReadSignal<Shown>,
    act: impl Fn(Action) + 'static,
    take_back: impl Fn(()) + 'static,
) -> Shell {
    let listener = Rc::new(FaceListener::default());
    let act = Rc::new(act);
    let worker = {
        let (listener, act) = (Rc::clone(&listener), Rc::clone(&act));
        FaceWorker::new(move |event| heard(shown, &listener, &*act, event))
    };
    Shell::new(shown, settings, move |action| act(action), take_back, worker, listener)
}

/// What the worker says while the photo is prepared; everything else belongs to the face screen.
fn heard(
    shown: ReadSignal<Shown>,
    listener: &FaceListener,
    act: &dyn Fn(Action),
    event: FaceEvent,
) {
    let preparing = shown.with_untracked(|shown| {
        shown.view().is_some_and(|view| matches!(view.screen, Screen::ReadingPhoto))
    });
    match event {
        FaceEvent::Reference(outcome) if preparing || outcome != ReferenceOutcome::Ready => {
            act(Action::Reference { outcome });
        }
        FaceEvent::GivenUp if preparing || listener.is_up() => act(Action::CameraMissing),
        other => listener.tell(other),
    }
}

/// Which cameras there are, for those who choose one at the staff pages: the browser names them once one was allowed.
fn tell_cameras(bridge: &Rc<RefCell<Option<Bridge>>>) {
    let bridge = Rc::clone(bridge);
    spawn_local(async move {
        let labels = camera::names().await;
        if let Some(bridge) = &*bridge.borrow()
            && !labels.is_empty()
        {
            bridge.send(&FromKiosk::Cameras { labels });
        }
    });
}

fn receive(
    shell: Shell,
    set_shown: WriteSignal<Shown>,
    incoming: Incoming,
    bridge: &Rc<RefCell<Option<Bridge>>>,
) {
    match incoming {
        Incoming::Message(FromBridge::Welcome {
            card_camera,
            face_camera,
            institution_name,
            institution_kind,
            own_reader,
            ..
        }) => {
            shell.card_camera.set(card_camera);
            shell.face_camera.set(face_camera);
            shell.institution_name.set(institution_name);
            shell.institution_kind.set(institution_kind);
            shell.own_reader.set(own_reader);
            page::forget_reload();
            tell_cameras(bridge);
            // The bridge answers, so the models can be fetched: now, and again after it was away.
            shell.face().warm_up();
        }
        Incoming::Message(FromBridge::View(view)) => {
            if view.screen == Screen::Idle {
                tell_cameras(bridge);
            }
            show(shell, set_shown, Shown::View(Box::new(view)));
        }
        // Answered where the socket is.
        Incoming::Message(FromBridge::Alive) => {}
        Incoming::Message(FromBridge::Typed { question, typed }) => {
            shell.take_typed(question, &typed);
        }
        Incoming::Message(FromBridge::Forget) => shell.forget(),
        Incoming::Message(FromBridge::TakenOver) => {
            show(shell, set_shown, Shown::TakenOver);
            if let Some(bridge) = &*bridge.borrow() {
                bridge.leave();
            }
        }
        Incoming::Message(FromBridge::Refused {
            code: ErrorCode::VersionMismatch | ErrorCode::BadToken,
            ..
        }) => {
            if !page::reload_once() {
                show(shell, set_shown, Shown::Outdated);
            }
        }
        Incoming::Message(FromBridge::Refused { code, detail }) => {
            leptos::logging::error!("bridge refused: {code:?} {detail}");
        }
        Incoming::Photo(jp2) => shell.face().set_reference(jp2),
        Incoming::Message(FromBridge::Goodbye) => show(shell, set_shown, Shown::Offline),
        Incoming::Lost => {
            let keeps_saying = shell
                .shown
                .with_untracked(|shown| matches!(shown, Shown::TakenOver | Shown::Outdated));
            if !keeps_saying {
                show(shell, set_shown, Shown::Offline);
            }
        }
    }
}

fn show(shell: Shell, set_shown: WriteSignal<Shown>, next: Shown) {
    let before = shell.shown.get_untracked();
    if let Some(tone) = tone(&before, &next) {
        shell.play(tone);
    }
    if before.is_visit() && !next.is_visit() {
        shell.forget();
        shell.settings.reset();
    } else if !next.keeps_code() && before.keeps_code() {
        shell.code.set(crate::model::code_form::CodeForm::default());
    }
    if !next.keeps_forms() && before.keeps_forms() {
        shell.forget_forms();
    }
    if next.clone().without_attempt() != before.clone().without_attempt() {
        shell.by_staff.set(false);
    }
    if !next.asks_the_same(&before) {
        shell.appears();
    }
    set_shown.set(next);
}

/// The tone that goes with a change of screen. Every one repeats words on the screen.
fn tone(before: &Shown, next: &Shown) -> Option<Tone> {
    let (before, next) = (before.view(), next.view()?);
    if next.asks_presence && before.is_some_and(|view| !view.asks_presence) {
        return Some(Tone::Reminder);
    }
    // The same problem again has the same screen in a new view.
    if before.is_some_and(|view| view.screen == next.screen && view.revision == next.revision) {
        return None;
    }
    match &next.screen {
        Screen::Reading => Some(Tone::Card),
        Screen::Finding | Screen::Opening | Screen::Finished { .. } | Screen::StatementReady => {
            Some(Tone::Success)
        }
        Screen::Fallback { why: Why::NoCard | Why::NotRegistered | Why::NotIdentified, .. } => None,
        Screen::CardProblem { .. }
        | Screen::Fallback { .. }
        | Screen::Numbers { problem: Some(_), .. }
        | Screen::Statement { problem: Some(_) }
        | Screen::CardAway { problem: Some(_), .. }
        | Screen::Pin { wrong: true, .. }
        | Screen::PinLastTry
        | Screen::Code { problem: Some(_), .. }
        | Screen::ItemsPin { wrong: true, .. }
        | Screen::Items { notice: Some(_), .. }
        | Screen::Staff { problem: Some(_) }
        | Screen::Method {
            notice:
                Some(
                    MethodNotice::FaceMissed { .. }
                    | MethodNotice::FaceNotSeen
                    | MethodNotice::NotConfirmed
                    | MethodNotice::PinLocked,
                ),
            ..
        } => Some(Tone::Error),
        Screen::TakeCard { .. } | Screen::CardAway { .. } => Some(Tone::Reminder),
        _ => None,
    }
}

/// Any touch or key says that somebody is there.
fn report_presence(shell: Shell) {
    let pace = Rc::new(RefCell::new(Pace::default()));
    shell.wake_sound();
    let touched = move || {
        shell.wake_sound();
        let (visit, asked) = shell.shown.with_untracked(|shown| {
            (shown.is_visit(), shown.view().is_some_and(|view| view.asks_presence))
        });
        if visit && (asked || pace.borrow_mut().admits(page::now_ms())) {
            shell.act(Action::Present);
        }
    };
    let touched_again = touched.clone();
    let pointer = window_event_listener(ev::pointerdown, move |_| touched());
    let key = window_event_listener(ev::keydown, move |_| touched_again());
    on_cleanup(move || {
        pointer.remove();
        key.remove();
    });
}
