//! Announces calls one after another, however many come at once.

use super::Told;
use crate::effects::announce::announce;
use crate::effects::page;
use crate::effects::sound::Sound;
use crate::effects::voice::Clips;
use crate::model::calls::{self, Announced, Turn};
use crate::words;
use crate::words::Tongue;
use leptos::prelude::*;
use protocol::call::{Call, Calls};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;

/// Each call stays large for so long at least, in milliseconds, with sound or without.
const LARGE_MS: f64 = 5_000.0;
/// How often it is looked whether a bridge that was silent is back, in milliseconds.
const LOOK_MS: u32 = 250;
/// Where it is kept up to which call everything was announced.
const KEPT: &str = "uketsuke-announced";

/// See the module.
#[derive(Clone)]
pub(super) struct Queue {
    inner: Rc<Inner>,
    /// The call that is being announced.
    pub(super) announcing: RwSignal<Option<Call>>,
}

struct Inner {
    sound: Sound,
    told: ReadSignal<Told>,
    announced: RefCell<Announced>,
    waiting: RefCell<VecDeque<Call>>,
    works: Cell<bool>,
}

impl Queue {
    pub(super) fn new(sound: Sound, told: ReadSignal<Told>) -> Self {
        let announced = RefCell::new(Announced::kept(page::kept(&kept()).as_deref()));
        let (waiting, works) = (RefCell::default(), Cell::new(false));
        let inner = Inner { sound, told, announced, waiting, works };
        Self { inner: Rc::new(inner), announcing: RwSignal::new(None) }
    }

    /// Takes what is called now.
    pub(super) fn take(&self, calls: &Calls) {
        let mut announced = self.inner.announced.borrow_mut();
        let due = announced.take(calls);
        drop(announced);
        self.inner.waiting.borrow_mut().extend(due);
        self.keep();
        if !self.inner.waiting.borrow().is_empty() && !self.inner.works.replace(true) {
            let queue = self.clone();
            spawn_local(async move { queue.work().await });
        }
    }

    /// A display that is loaded again goes on from here; the call that is being said counts as said once all of it was.
    fn keep(&self) {
        let now = self.announcing.get_untracked();
        let waiting = self.inner.waiting.borrow();
        let text = self.inner.announced.borrow().text(now.iter().chain(waiting.iter()));
        page::keep(&kept(), &text);
    }

    async fn work(&self) {
        let languages = languages();
        let mut clips = Vec::new();
        for locale in languages {
            clips.push((locale, Clips::load(locale).await));
        }
        // Once the page shows what has been told.
        page::pause(0).await;
        loop {
            let call = match self.next() {
                Turn::Say(call) => call,
                Turn::Wait => {
                    self.announcing.set(None);
                    page::pause(LOOK_MS).await;
                    continue;
                }
                Turn::Done => break,
            };
            let began = page::now_ms();
            self.announcing.set(Some(call.clone()));
            for (locale, clips) in &clips {
                let sentences = words::spoken(*locale, call.number, &call.to);
                announce(&self.inner.sound, clips, &sentences).await;
            }
            page::pause(rest_ms(page::now_ms() - began)).await;
            self.announcing.set(None);
            self.keep();
        }
        self.announcing.set(None);
        self.keep();
        self.inner.works.set(false);
    }

    fn next(&self) -> Turn {
        let mut waiting = self.inner.waiting.borrow_mut();
        self.inner.told.with_untracked(|told| match told {
            Told::Live(calls) => calls::next(&mut waiting, Some(calls)),
            Told::Nothing | Told::Silence => calls::next(&mut waiting, None),
        })
    }
}

/// Each address has its own numbers.
fn kept() -> String {
    format!("{KEPT}{}", page::path())
}

/// `?voice=`: a language, `ja` unless said otherwise; `both` for Japanese and English, or `off` for chime and voice alike.
fn languages() -> Vec<Tongue> {
    match page::wish("voice").as_deref() {
        Some("off") => Vec::new(),
        Some("both") => vec![Tongue::JA, Tongue::EN],
        one => {
            let own = |one: String| Tongue::OWN.into_iter().find(|own| own.tag() == one);
            vec![one.and_then(|one| own(one.to_owned())).unwrap_or(Tongue::JA)]
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a few seconds, clamped"
)]
fn rest_ms(passed: f64) -> u32 {
    (LARGE_MS - passed).clamp(0.0, LARGE_MS) as u32
}
