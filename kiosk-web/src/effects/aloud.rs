//! Reads the screen aloud: whatever of it changes, its title and its leading sentences are said as they stand there.

use super::page;
use super::voice::{Clips, Voice};
use crate::model::aloud::{Kind, Line, Reader, Say};
use crate::shell::Shell;
use crate::words::Tongue;
use gloo_timers::callback::{Interval, Timeout};
use leptos::prelude::*;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, MutationObserver, MutationObserverInit};

/// What is said of a screen, in the order of the page. `data-say` marks a hint; with the value `again` it is repeated.
const SPOKEN: &str =
    "h1, .lead, .strong, .busy__text, .notice__title, .notice__text, .ticket__place, [data-say]";
/// What is said of a question over the screen.
const DIALOG: &str = "[role=alertdialog]";
const SPOKEN_DIALOG: &str = ".dialog__title, .dialog__text";
/// A screen is built in several steps; this many milliseconds later it is whole.
const SETTLED_MS: u32 = 60;
/// How often a hint is looked at whether it still stands, in milliseconds.
const TICK_MS: u32 = 500;

/// Reads aloud while it exists.
struct Aloud {
    shell: Shell,
    voice: Voice,
    reader: RefCell<Reader>,
    /// Those of the language of the page, once they are here.
    clips: RefCell<Option<(Tongue, Clips)>>,
    /// Name of the screen that was looked at last. Its element may be the one of the screen before.
    screen: RefCell<Option<String>>,
    /// A look is on its way.
    waiting: Cell<bool>,
}

/// Observer, its listener and the clock; they live as long as the page.
struct Parts {
    observer: MutationObserver,
    _on_change: Closure<dyn FnMut()>,
    _clock: Interval,
}

/// Begins, and ends with the component that called this.
pub(crate) fn read_aloud(shell: Shell) {
    let aloud = Rc::new(Aloud {
        shell,
        voice: shell.voice(),
        reader: RefCell::default(),
        clips: RefCell::default(),
        screen: RefCell::default(),
        waiting: Cell::new(false),
    });
    let of_language = Rc::clone(&aloud);
    Effect::new(move |_| of_language.speak(shell.settings.language.0.get()));
    let of_switch = Rc::clone(&aloud);
    Effect::new(move |before: Option<bool>| {
        let on = shell.settings.sound_on.get();
        if before.is_some_and(|before| before != on) {
            of_switch.switched(on);
        }
        on
    });
    match aloud.watch() {
        Ok(parts) => {
            let parts = StoredValue::new_local(parts);
            on_cleanup(move || {
                parts.try_with_value(|parts| parts.observer.disconnect());
            });
        }
        Err(error) => leptos::logging::warn!("the screens are not read aloud: {error:?}"),
    }
}

impl Aloud {
    fn watch(self: &Rc<Self>) -> Result<Parts, JsValue> {
        let aloud = Rc::clone(self);
        let on_change = Closure::<dyn FnMut()>::new(move || aloud.look_soon());
        let observer = MutationObserver::new(on_change.as_ref().unchecked_ref())?;
        let all = MutationObserverInit::new();
        all.set_child_list(true);
        all.set_character_data(true);
        all.set_subtree(true);
        let body = page::document().body().ok_or(JsValue::NULL)?;
        observer.observe_with_options(&body, &all)?;
        let aloud = Rc::clone(self);
        let clock = Interval::new(TICK_MS, move || {
            let speaks = aloud.voice.speaks();
            let say = aloud.reader.borrow_mut().tick(speaks, page::now_ms());
            aloud.say(say);
        });
        Ok(Parts { observer, _on_change: on_change, _clock: clock })
    }

    /// Gets the clips of a language, then reads what is on the screen.
    fn speak(self: &Rc<Self>, language: Tongue) {
        self.clips.take();
        let aloud = Rc::clone(self);
        spawn_local(async move {
            let clips = Clips::load(language).await;
            if aloud.shell.settings.language.0.try_get_untracked() == Some(language) {
                aloud.clips.replace(Some((language, clips)));
                aloud.look();
            }
        });
    }

    /// Whoever turns the sound on hears where they are.
    fn switched(self: &Rc<Self>, on: bool) {
        if on {
            self.reader.take();
            self.look_soon();
        } else {
            self.voice.stop();
        }
    }

    fn look_soon(self: &Rc<Self>) {
        // What belongs to a screen ends with it.
        let shown = shown().map(|(screen, _)| name(&screen));
        if self.screen.borrow().is_some() && *self.screen.borrow() != shown {
            self.voice.stop();
        }
        if !self.waiting.replace(true) {
            let aloud = Rc::clone(self);
            Timeout::new(SETTLED_MS, move || {
                aloud.waiting.set(false);
                aloud.look();
            })
            .forget();
        }
    }

    fn look(&self) {
        let Some((screen, selector)) = shown() else { return };
        let name = name(&screen);
        let rebuilt = self.screen.borrow().as_ref() != Some(&name);
        let lines = self.lines(&screen, selector);
        self.screen.replace(Some(name.clone()));
        let say = self.reader.borrow_mut().see(&name, rebuilt, lines, page::now_ms());
        self.say(say);
    }

    /// Only what has a clip is looked at any further.
    fn lines(&self, screen: &Element, selector: &str) -> Vec<Line> {
        let clips = self.clips.borrow();
        let (Some((_, clips)), Ok(found)) = (&*clips, screen.query_selector_all(selector)) else {
            return Vec::new();
        };
        let elements = (0..found.length()).filter_map(|at| found.get(at)?.dyn_into().ok());
        elements
            .filter_map(|element: Element| {
                let text = element.text_content()?.trim().to_owned();
                clips.address(&text).map(|_| Line { kind: kind(&element), text })
            })
            .collect()
    }

    fn say(&self, say: Option<Say>) {
        if let (Some(say), Some((_, clips))) = (say, &*self.clips.borrow())
            && self.shell.settings.sound_on.try_get_untracked() == Some(true)
        {
            self.voice.say(say, clips);
        }
    }
}

/// The question over the screen, or else the screen; and what is said of it.
fn shown() -> Option<(Element, &'static str)> {
    let found = |selector| page::document().query_selector(selector).ok().flatten();
    let dialog = found(DIALOG).map(|dialog| (dialog, SPOKEN_DIALOG));
    dialog.or_else(|| found("main[data-screen]").map(|main| (main, SPOKEN)))
}

fn name(screen: &Element) -> String {
    screen.get_attribute("data-screen").unwrap_or_default()
}

fn kind(element: &Element) -> Kind {
    match element.get_attribute("data-say") {
        Some(value) => Kind::Hint { again: value == "again" },
        None if matches!(element.tag_name().as_str(), "H1" | "H2") => Kind::Title,
        None => Kind::Words,
    }
}
