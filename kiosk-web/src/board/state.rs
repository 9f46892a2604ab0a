//! What the page of the board knows, and the one way in which it learns it.

use super::api::{self, Trouble};
use super::help::Helped;
use super::note::Draft;
use super::over::{EyeOver, Over};
use crate::effects::rows as focus;
use crate::effects::sound::{Sound, Tone};
use crate::effects::{page, used};
use crate::model::ahead::Ahead;
use crate::model::asked::{About, Open};
use crate::model::backoff::Backoff;
use crate::model::lines::Tops;
use crate::model::refusal::{Asked, Reason};
use crate::model::rows::{self, Filter, Row};
use crate::model::waits::{self, Wait};
use gloo_timers::callback::Interval;
use leptos::prelude::*;
use protocol::Redacted;
use protocol::account::{Me, Role};
use protocol::staff::{self, Live};
use std::collections::HashMap;
use std::sync::Arc;
use wasm_bindgen_futures::spawn_local;

/// Seconds that are counted on the page, in milliseconds.
const SECOND_MS: u32 = 1_000;
/// A use of the page is told so often, in milliseconds.
const USED_MS: u32 = 5_000;
/// Pause before it is looked again whether the board is open to a session, in milliseconds.
const AGAIN_MS: u32 = 250;
/// HTTP status of a session that is over.
const UNAUTHORIZED: u16 = 401;
/// That of a page which is not one of this start of the bridge.
const FORBIDDEN: u16 = 403;
/// Under this name the browser keeps that the sound is off.
const MUTED: &str = "uketsuke-board-muted";

/// See the module.
#[derive(Clone, Copy)]
pub(super) struct BoardState {
    pub(super) session: RwSignal<Option<Redacted>>,
    /// Whose it is; nobody's where the passcode opened it.
    pub(super) me: RwSignal<Option<Me>>,
    /// The own account is shown in place of the board.
    pub(super) own: RwSignal<bool>,
    /// Seconds without use after which the page locks itself.
    lock_s: StoredValue<u32>,
    /// The board but for its visits, which are the rows.
    pub(super) board: RwSignal<Option<staff::Board>>,
    pub(super) rows: RwSignal<Vec<Arc<Row>>>,
    /// Who waits for staff at a kiosk.
    pub(super) waits: RwSignal<Vec<Wait>>,
    pub(super) filter: RwSignal<Filter>,
    /// The row that is open, by its visit.
    pub(super) open: RwSignal<Option<u64>>,
    /// The row on which the keyboard is.
    pub(super) at: RwSignal<Option<u64>>,
    /// The kiosk whose person is being confirmed by eye.
    pub(super) eye: RwSignal<Option<String>>,
    /// Why that ended by itself.
    pub(super) eye_over: RwSignal<Option<EyeOver>>,
    /// Whom staff help at a kiosk.
    pub(super) help: RwSignal<Option<Helped>>,
    /// Notes that are being written, by visit: a row that changes is drawn anew.
    pub(super) drafts: RwSignal<HashMap<u64, Draft>>,
    /// The clock of the bridge, in milliseconds since 1970.
    pub(super) now_ms: RwSignal<f64>,
    /// How much it is before that of this computer.
    ahead: StoredValue<Ahead>,
    /// The bridge is not heard.
    pub(super) away: RwSignal<bool>,
    /// Why the last change was refused.
    pub(super) refused: RwSignal<Option<Reason>>,
    /// Why the session ended by itself.
    pub(super) over: RwSignal<Option<Over>>,
    pub(super) muted: RwSignal<bool>,
    /// The browser lets the page sound.
    pub(super) may_sound: RwSignal<bool>,
    sound: StoredValue<Sound, LocalStorage>,
    /// Changes that are not answered yet.
    asked: StoredValue<Open>,
    /// Told before anything that the bridge says changes the page.
    pub(super) heard: RwSignal<()>,
    /// Where the lines lay then, until they are looked at.
    pub(super) lay: StoredValue<Option<Tops>>,
}

impl BoardState {
    pub(super) fn new() -> Self {
        Self {
            session: RwSignal::new(None),
            me: RwSignal::new(None),
            own: RwSignal::new(false),
            lock_s: StoredValue::new(0),
            board: RwSignal::new(None),
            rows: RwSignal::new(Vec::new()),
            waits: RwSignal::new(Vec::new()),
            filter: RwSignal::new(Filter::default()),
            open: RwSignal::new(None),
            at: RwSignal::new(None),
            eye: RwSignal::new(None),
            eye_over: RwSignal::new(None),
            help: RwSignal::new(None),
            drafts: RwSignal::new(HashMap::new()),
            now_ms: RwSignal::new(js_sys::Date::now()),
            ahead: StoredValue::new(Ahead::new()),
            away: RwSignal::new(false),
            refused: RwSignal::new(None),
            over: RwSignal::new(None),
            muted: RwSignal::new(page::kept_for_days(MUTED).is_some_and(|kept| kept == "1")),
            may_sound: RwSignal::new(false),
            sound: StoredValue::new_local(Sound::default()),
            asked: StoredValue::new(Open::default()),
            heard: RwSignal::new(()),
            lay: StoredValue::new(None),
        }
    }

    /// Whether whoever is at the page may change anything.
    pub(super) fn may_act(self) -> bool {
        self.me.with_untracked(|me| me.as_ref().is_none_or(|me| me.role != Role::Auditor))
    }

    /// Begins to count seconds, and to tell that the page is used.
    pub(super) fn run(self) {
        used::listen();
        Interval::new(SECOND_MS, move || self.tick()).forget();
        Interval::new(USED_MS, move || self.tell_use()).forget();
    }

    /// Staff entered.
    pub(super) fn open(self, entered: staff::Entered) {
        used::touch();
        self.sound.with_value(Sound::wake);
        self.lock_s.set_value(entered.lock_s);
        self.own.set(entered.me.as_ref().is_some_and(|me| me.authenticator_first));
        self.me.set(entered.me);
        self.session.set(Some(entered.session.clone()));
        spawn_local(self.follow(entered.session));
    }

    /// Back to the entrance, and nothing is left of the board. Where it closed by itself, the entrance says why.
    pub(super) fn close(self, by_itself: Option<Over>) {
        self.session.set(None);
        self.me.set(None);
        self.own.set(false);
        self.board.set(None);
        self.rows.set(Vec::new());
        self.waits.set(Vec::new());
        self.filter.set(Filter::default());
        self.open.set(None);
        self.at.set(None);
        self.eye.set(None);
        self.eye_over.set(None);
        self.help.set(None);
        self.drafts.set(HashMap::new());
        self.away.set(false);
        self.refused.set(None);
        self.over.set(by_itself);
    }

    /// Staff leave. Should the bridge not hear of it, its own clock ends the session.
    pub(super) fn lock(self) {
        if let Some(session) = self.session.get_untracked() {
            self.close(None);
            spawn_local(async move {
                let _: Result<(), Trouble> = api::lock(&session).await;
            });
        }
    }

    fn is_in(self, session: &Redacted) -> bool {
        self.session.with_untracked(|now| now.as_ref() == Some(session))
    }

    /// Takes over what the bridge tells, for as long as this session lasts.
    async fn follow(self, session: Redacted) {
        let mut backoff = Backoff::default();
        while self.is_in(&session) {
            // The board is closed to this session until it has an authenticator.
            let first = |me: &Option<Me>| me.as_ref().is_some_and(|me| me.authenticator_first);
            if self.me.with_untracked(first) {
                page::pause(AGAIN_MS).await;
                continue;
            }
            match api::live(&session).await {
                Ok(mut stream) => {
                    while let Some(events) = stream.next().await
                        && self.is_in(&session)
                    {
                        backoff.reset();
                        self.away.set(false);
                        for event in &events {
                            self.hear(event);
                        }
                    }
                }
                Err(trouble) if self.is_in(&session) => self.fail(trouble),
                Err(_) => return,
            }
            page::pause(backoff.next_ms()).await;
        }
    }

    fn hear(self, event: &str) {
        self.remember();
        let at = match serde_json::from_str(event) {
            Ok(Live::Board { at, board }) => {
                self.show(*board);
                at
            }
            Ok(Live::Kiosks { at, revision, kiosks, waiting }) => {
                let is_newer = |board: &&mut staff::Board| board.revision < revision;
                self.board.update(|board| {
                    if let Some(board) = board.as_mut().filter(is_newer) {
                        (board.revision, board.kiosks, board.waiting) = (revision, kiosks, waiting);
                    }
                });
                self.look_who_waits();
                at
            }
            // Of another version of the bridge: a page of that one is needed.
            Err(_) => return self.away.set(true),
        };
        let told = js_sys::Date::parse(&at);
        if told.is_finite() {
            let difference = told - js_sys::Date::now();
            self.ahead.update_value(|ahead| ahead.hear(difference, page::now_ms()));
            self.count();
        }
    }

    /// Where the lines lie, because the page may be another one in a moment.
    fn remember(self) {
        self.lay.update_value(|lay| _ = lay.get_or_insert_with(focus::tops));
        self.heard.set(());
    }

    /// A board that is not older than the one on the page.
    fn show(self, mut board: staff::Board) {
        let is_old = |now: &Option<staff::Board>| {
            now.as_ref().is_some_and(|now| now.revision > board.revision)
        };
        if self.board.with_untracked(is_old) {
            return;
        }
        let visits = std::mem::take(&mut board.visits);
        let rows = self.rows.with_untracked(|before| rows::rows(before, visits));
        if self.rows.with_untracked(|before| *before != rows) {
            let focused = focus::focused();
            self.rows.set(rows);
            if let Some((visit, part)) = focused {
                request_animation_frame(move || focus::give_back(visit, &part));
            }
        }
        self.board.set(Some(board));
        self.look_who_waits();
    }

    fn look_who_waits(self) {
        let now = self.board.with_untracked(|board| {
            board.as_ref().map(|board| waits::waits(&board.kiosks)).unwrap_or_default()
        });
        let before = self.waits.get_untracked();
        if waits::is_new(&before, &now) && !self.muted.get_untracked() {
            self.sound.with_value(|sound| sound.play(Tone::Reminder));
        }
        let is_over = |kiosk: &String| waits::is_eye_over(&before, &now, kiosk);
        // Whoever comes next is asked for anew.
        if self.eye.with_untracked(|eye| eye.as_ref().is_some_and(is_over)) {
            let kiosk = self.eye.try_update(Option::take).flatten().unwrap_or_default();
            // What ends the wait while a decision is not answered yet is this board's own doing.
            if !self.asked.with_value(|asked| asked.is_about_kiosk(&kiosk)) {
                self.eye_over.set(Some(EyeOver::Elsewhere));
            }
        }
        if before != now {
            self.waits.set(now);
        }
    }

    /// Opens the panel about the person who waits at this kiosk.
    pub(super) fn look_at(self, kiosk: String) {
        self.eye_over.set(None);
        self.eye.set(Some(kiosk));
    }

    fn fail(self, trouble: Trouble) {
        match trouble {
            Trouble::Refused(UNAUTHORIZED) => self.close(Some(Over::Ended)),
            // The page of an earlier start of the bridge, which forgot its sessions.
            Trouble::Refused(FORBIDDEN) => {
                self.close(Some(Over::Ended));
                page::reload();
            }
            Trouble::Refused(_) | Trouble::Away => self.away.set(true),
        }
    }

    fn count(self) {
        self.now_ms.set(js_sys::Date::now() + self.ahead.get_value().ms());
    }

    /// A second has passed. When nobody has used the page for too long it locks itself, whether the bridge answers or not.
    fn tick(self) {
        let is_open = self.session.with_untracked(Option::is_some);
        if is_open && used::is_over(self.lock_s.get_value()) {
            self.close(Some(Over::Unused));
        }
        self.count();
        let allowed = self.sound.with_value(Sound::is_allowed);
        if allowed != self.may_sound.get_untracked() {
            self.may_sound.set(allowed);
        }
    }

    fn tell_use(self) {
        let Some(session) = self.session.get_untracked() else { return };
        self.sound.with_value(Sound::wake);
        if used::tell() {
            spawn_local(async move {
                match api::used(&session).await {
                    Err(Trouble::Away) => used::tell_again(),
                    Err(Trouble::Refused(UNAUTHORIZED)) if self.is_in(&session) => {
                        self.close(Some(Over::Ended));
                    }
                    _ => {}
                }
            });
        }
    }

    /// The answer to a change, unless it was closed meanwhile.
    pub(super) fn take(self, answer: Result<staff::Board, Trouble>) {
        if self.session.with_untracked(Option::is_none) {
            return;
        }
        self.remember();
        match answer {
            Ok(board) => {
                self.refused.set(None);
                self.show(board);
            }
            Err(Trouble::Refused(UNAUTHORIZED)) => self.close(Some(Over::Ended)),
            Err(trouble) => self.refused.set(Some(trouble.reason(Asked::Other))),
        }
    }

    /// Asks for a change of a visit; the answer is the new board.
    pub(super) fn change(
        self,
        what: &'static str,
        visit: u64,
        request: impl AsyncFnOnce(Redacted) -> Result<staff::Board, Trouble> + 'static,
    ) {
        self.ask(what, About::Visit(visit), request, move |answer| self.take(answer));
    }

    /// Asks for something. What has been asked for and not answered yet, for instance by the first tap of a double tap, is not
    /// asked for again.
    pub(super) fn ask<T: 'static>(
        self,
        what: &'static str,
        about: About,
        request: impl AsyncFnOnce(Redacted) -> Result<T, Trouble> + 'static,
        answered: impl FnOnce(Result<T, Trouble>) + 'static,
    ) {
        let Some(session) = self.session.get_untracked() else { return };
        if self.asked.try_update_value(|asked| asked.ask(what, &about)) != Some(true) {
            return;
        }
        spawn_local(async move {
            let answer = request(session).await;
            self.asked.update_value(|asked| asked.answered(what, &about));
            answered(answer);
        });
    }

    /// Sound on or off, also on another day.
    pub(super) fn mute(self, muted: bool) {
        self.muted.set(muted);
        page::keep_for_days(MUTED, if muted { "1" } else { "0" });
        if !muted {
            self.sound.with_value(|sound| sound.play(Tone::Reminder));
        }
    }
}
