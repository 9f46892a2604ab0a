//! What every screen can reach: the view, the dispatcher, settings, worker, sound.

use crate::effects::face::{FaceEvent, FaceWorker};
use crate::effects::page;
use crate::effects::sound::{Sound, Tone};
use crate::effects::voice::Voice;
use crate::model::code_form::CodeForm;
use crate::model::numbers_form::NumbersForm;
use crate::model::shown::Shown;
use crate::model::statement_form::StatementForm;
use crate::words::{Language, Tongue};
use gloo_timers::callback::Timeout;
use leptos::prelude::*;
use protocol::screen::{Method, Offer};
use protocol::staff::Typed;
use protocol::{Action, InstitutionKind, Screen};
use std::cell::RefCell;
use std::rc::Rc;

/// Text sizes in percent.
pub(crate) const TEXT_SIZES: [u16; 5] = [100, 125, 150, 175, 200];

/// As long as the bridge holds acts, and a little longer: timers of browsers may end early, and what the page lets pass
/// is not to be dropped.
pub(crate) const HOLD_MS: u32 = protocol::ACTS_AFTER_MS + 20;

/// A callback that stays on this thread.
pub(crate) type Local<T> = StoredValue<Rc<dyn Fn(T)>, LocalStorage>;

/// What a person can set for themselves; back to the defaults when a visit ends.
#[derive(Clone, Copy)]
pub(crate) struct Settings {
    /// Language.
    pub(crate) language: Language,
    /// One of [`TEXT_SIZES`].
    pub(crate) text_percent: RwSignal<u16>,
    /// Whether tones and voice sound.
    pub(crate) sound_on: RwSignal<bool>,
}

impl Settings {
    /// Japanese, 100 %, with sound.
    pub(crate) fn new() -> Self {
        Self {
            language: Language(RwSignal::new(Tongue::JA)),
            text_percent: RwSignal::new(100),
            sound_on: RwSignal::new(true),
        }
    }

    /// For the next person.
    pub(crate) fn reset(self) {
        self.language.0.set(Tongue::JA);
        self.text_percent.set(100);
        self.sound_on.set(true);
    }

    /// Keeps the document in step with the settings.
    pub(crate) fn apply(self) {
        Effect::new(move || page::set_language(self.language.0.get().tag()));
        Effect::new(move || page::set_text_size(self.text_percent.get()));
    }
}

/// The context of every screen. Events go through callbacks, never through signals: signals coalesce.
#[derive(Clone, Copy)]
pub(crate) struct Shell {
    /// What to show.
    pub(crate) shown: ReadSignal<Shown>,
    /// Settings.
    pub(crate) settings: Settings,
    /// What is being typed from the card front.
    pub(crate) code: RwSignal<CodeForm>,
    /// Name of the camera over the reader, if the kiosk has one.
    pub(crate) card_camera: RwSignal<Option<String>>,
    /// Name of the camera that looks at the person, if the site has set one.
    pub(crate) face_camera: RwSignal<Option<String>>,
    /// Name of the institution, where the bridge was told one.
    pub(crate) institution_name: RwSignal<Option<protocol::Name>>,
    /// What it is, where its code tells.
    pub(crate) institution_kind: RwSignal<Option<InstitutionKind>>,
    /// The choice among all languages is up.
    pub(crate) languages_open: RwSignal<bool>,
    /// Cards are laid down at this kiosk; otherwise on the official reader beside it.
    pub(crate) own_reader: RwSignal<bool>,
    /// What is being typed from a document.
    pub(crate) numbers: RwSignal<NumbersForm>,
    /// What is being answered for a 申立書.
    pub(crate) statement: RwSignal<StatementForm>,
    /// Staff have typed into the form that is up.
    pub(crate) by_staff: RwSignal<bool>,
    /// Whether the question has been up long enough to be answered.
    pub(crate) ready: RwSignal<bool>,
    becoming_ready: StoredValue<Option<Timeout>, LocalStorage>,
    refused: StoredValue<Vec<Method>>,
    act: Local<Action>,
    take_back: Local<()>,
    face: StoredValue<FaceWorker, LocalStorage>,
    face_listener: StoredValue<Rc<FaceListener>, LocalStorage>,
    sound: StoredValue<Sound, LocalStorage>,
}

/// The face screen, while it is up.
#[derive(Default)]
pub(crate) struct FaceListener(RefCell<Option<Listener>>);

type Listener = Rc<dyn Fn(FaceEvent)>;

impl FaceListener {
    /// Hands an event to the screen that is up, if any.
    pub(crate) fn tell(&self, event: FaceEvent) {
        // Out of the cell first: the screen may leave while it is told.
        let listener = self.0.borrow().clone();
        if let Some(listener) = listener {
            listener(event);
        }
    }

    /// Whether the face screen is up.
    pub(crate) fn is_up(&self) -> bool {
        self.0.borrow().is_some()
    }
}

impl Shell {
    /// Joins the parts; done once by the root.
    pub(crate) fn new(
        shown: ReadSignal<Shown>,
        settings: Settings,
        act: impl Fn(Action) + 'static,
        take_back: impl Fn(()) + 'static,
        face: FaceWorker,
        face_listener: Rc<FaceListener>,
    ) -> Self {
        Self {
            shown,
            settings,
            code: RwSignal::new(CodeForm::default()),
            card_camera: RwSignal::new(None),
            face_camera: RwSignal::new(None),
            institution_name: RwSignal::new(None),
            institution_kind: RwSignal::new(None),
            languages_open: RwSignal::new(false),
            own_reader: RwSignal::new(true),
            numbers: RwSignal::new(NumbersForm::default()),
            statement: RwSignal::new(StatementForm::default()),
            by_staff: RwSignal::new(false),
            ready: RwSignal::new(true),
            becoming_ready: StoredValue::new_local(None),
            refused: StoredValue::new(Vec::new()),
            act: StoredValue::new_local(Rc::new(act)),
            take_back: StoredValue::new_local(Rc::new(take_back)),
            face: StoredValue::new_local(face),
            face_listener: StoredValue::new_local(face_listener),
            sound: StoredValue::new_local(Sound::default()),
        }
    }

    /// The shell, from anywhere below the root.
    pub(crate) fn get() -> Self {
        expect_context()
    }

    /// Sends what the person did.
    pub(crate) fn act(self, action: Action) {
        if let Some(act) = self.act.try_get_value() {
            act(action);
        }
    }

    /// Another question appears: for a moment it cannot be answered.
    pub(crate) fn appears(self) {
        self.ready.set(false);
        let timer = Timeout::new(HOLD_MS, move || {
            self.ready.try_set(true);
        });
        self.becoming_ready.set_value(Some(timer));
    }

    /// Whether the method screen offered a method when it was last up; unknown counts as offered.
    pub(crate) fn offers(self, method: Method) -> bool {
        self.refused.with_value(|refused| !refused.contains(&method))
    }

    /// Notes what the method screen refused.
    pub(crate) fn note_offers(self, offers: &[Offer]) {
        self.refused.set_value(
            offers
                .iter()
                .filter(|offer| offer.why_not.is_some())
                .map(|offer| offer.method)
                .collect(),
        );
    }

    /// Makes this page the kiosk's page again.
    pub(crate) fn take_back(self) {
        if let Some(take_back) = self.take_back.try_get_value() {
            take_back(());
        }
    }

    /// The face worker.
    pub(crate) fn face(self) -> FaceWorker {
        self.face.get_value()
    }

    /// Lets the face screen hear the worker until it leaves.
    pub(crate) fn listen_to_face(self, listener: impl Fn(FaceEvent) + 'static) {
        let cell = self.face_listener.get_value();
        cell.0.replace(Some(Rc::new(listener)));
        let leaving = StoredValue::new_local(cell);
        on_cleanup(move || {
            leaving.try_with_value(|cell| cell.0.take());
        });
    }

    /// Sounds a tone unless the person turned sound off.
    pub(crate) fn play(self, tone: Tone) {
        if self.settings.sound_on.get_untracked() {
            self.sound.with_value(|sound| sound.play(tone));
        }
    }

    /// The voice, through the same loudspeaker.
    pub(crate) fn voice(self) -> Voice {
        Voice::new(self.sound.get_value())
    }

    /// Lets the browser sound tones; it may want a touch first.
    pub(crate) fn wake_sound(self) {
        self.sound.with_value(Sound::wake);
    }

    /// Puts what staff typed into the form that asks this question, if it is up. What it says then is to be read first.
    pub(crate) fn take_typed(self, question: u64, typed: &Typed) {
        let screen = self.shown.with_untracked(|shown| {
            let view = shown.view().filter(|view| view.question == question);
            view.map(|view| view.screen.clone())
        });
        match (screen, typed) {
            (Some(Screen::Numbers { .. }), Typed::Numbers(numbers)) => {
                self.numbers.update(|form| form.take(numbers));
            }
            (Some(Screen::Statement { .. }), Typed::Statement(statement)) => {
                self.statement.update(|form| form.take(statement));
            }
            _ => return,
        }
        self.by_staff.set(true);
        self.appears();
    }

    /// Forgets what was typed in the navigator.
    pub(crate) fn forget_forms(self) {
        self.by_staff.set(false);
        self.numbers.set(NumbersForm::default());
        self.statement.set(StatementForm::default());
    }

    /// Forgets everything personal that this page holds.
    pub(crate) fn forget(self) {
        self.code.set(CodeForm::default());
        self.forget_forms();
        self.refused.set_value(Vec::new());
        self.face().forget();
    }
}
