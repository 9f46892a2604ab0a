//! The voice: clips that were spoken when the pages were built (`cargo xtask voice`), one for each fixed sentence. A sentence
//! without a clip stays silent, so that nothing about a person can be heard.

use super::sound::Sound;
use super::{js, page};
use crate::model::aloud::{Kind, Line, Say};
use crate::words::Tongue;
use js_sys::{ArrayBuffer, Promise};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    AudioBuffer, AudioBufferSourceNode, AudioContext, AudioScheduledSourceNode, Response,
};

/// Pause between two sentences, in seconds.
const PAUSE_S: f64 = 0.25;
/// On the root of the document, for the journeys: the sentence that is heard now, and the last one that was heard to its end.
pub(super) const NOW: &str = "data-speaking";
pub(super) const BEFORE: &str = "data-spoken";

/// The clips of one language: from sentence to file.
pub(crate) struct Clips(JsValue);

impl Clips {
    /// Those of a language; none where the pages were built without, and of a language that nobody has spoken: another one's voice
    /// would read it wrongly.
    pub(crate) async fn load(language: Tongue) -> Self {
        if !Tongue::OWN.contains(&language) {
            return Self(JsValue::UNDEFINED);
        }
        let text = page::fetch_text(&format!("/voice/{}.json", language.tag()), &[]).await;
        Self(text.and_then(|text| js_sys::JSON::parse(&text)).unwrap_or(JsValue::UNDEFINED))
    }

    /// Address of the clip of a sentence.
    pub(crate) fn address(&self, sentence: &str) -> Option<String> {
        js::text(&self.0, sentence).map(|file| format!("/voice/clips/{file}"))
    }
}

/// Says one thing at a time; whatever is said next comes instead of what is being said.
#[derive(Clone)]
pub(crate) struct Voice(Rc<Inner>);

struct Inner {
    sound: Sound,
    /// Counts what was to be said: an older one that is still being fetched is not said any more.
    turn: Cell<u32>,
    playing: RefCell<Option<Playing>>,
}

/// The clip that is heard.
struct Playing {
    source: AudioBufferSourceNode,
    kind: Kind,
    ended: Promise,
}

impl Voice {
    /// Speaks through the loudspeaker of the tones.
    pub(crate) fn new(sound: Sound) -> Self {
        Self(Rc::new(Inner { sound, turn: Cell::new(0), playing: RefCell::default() }))
    }

    /// Says some sentences, each with the address of its clip.
    pub(crate) fn say(&self, say: Say, clips: &Clips) {
        let turn = self.next_turn();
        let title = |playing: &Playing| say.after_title && playing.kind == Kind::Title;
        if !self.0.playing.borrow().as_ref().is_some_and(title) {
            self.cut();
        }
        let lines: Vec<(Line, String)> = say
            .lines
            .into_iter()
            .filter_map(|line| clips.address(&line.text).map(|address| (line, address)))
            .collect();
        let voice = self.clone();
        spawn_local(async move {
            if voice.one_after_another(turn, lines).await.is_err() {
                leptos::logging::warn!("no voice");
            }
        });
    }

    /// Whether a sentence is heard now.
    pub(crate) fn speaks(&self) -> bool {
        self.0.playing.borrow().is_some()
    }

    /// Silence, at once.
    pub(crate) fn stop(&self) {
        self.next_turn();
        self.cut();
    }

    fn next_turn(&self) -> u32 {
        self.0.turn.set(self.0.turn.get().wrapping_add(1));
        self.0.turn.get()
    }

    fn cut(&self) {
        if let Some(playing) = self.0.playing.take() {
            // Fails only before the start.
            let _: Result<(), JsValue> = scheduled(&playing.source).stop();
            page::mark_root(NOW, None);
        }
    }

    async fn one_after_another(
        &self,
        turn: u32,
        lines: Vec<(Line, String)>,
    ) -> Result<(), JsValue> {
        // The title that comes to its end.
        let before = self.0.playing.borrow().as_ref().map(|playing| playing.ended.clone());
        if let Some(before) = before {
            JsFuture::from(before).await?;
        }
        for (line, address) in lines {
            // What cannot be heard now is left out: later it would be wrong.
            let Some(context) = self.0.sound.running() else { return Ok(()) };
            let clip = fetch(&context, &address).await?;
            if self.0.turn.get() != turn {
                return Ok(());
            }
            JsFuture::from(self.start(&context, &clip, &line)?).await?;
            if self.0.turn.get() != turn {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Starts a clip after the tones. The promise is kept when it has ended, by itself or not.
    fn start(
        &self,
        context: &AudioContext,
        clip: &AudioBuffer,
        line: &Line,
    ) -> Result<Promise, JsValue> {
        let source = context.create_buffer_source()?;
        source.set_buffer(Some(clip));
        source.connect_with_audio_node(&context.destination())?;
        let heard = self.clone();
        let text = line.text.clone();
        let ended = Promise::new(&mut |resolve, _| {
            let (heard, text) = (heard.clone(), text.clone());
            let of_source = source.clone();
            let on_end = Closure::once_into_js(move || {
                // A source that is stopped in the moment of its end says so twice.
                scheduled(&of_source).set_onended(None);
                let is_own = |playing: &Playing| playing.source == of_source;
                if heard.0.playing.borrow().as_ref().is_some_and(is_own) {
                    heard.0.playing.take();
                    page::mark_root(NOW, None);
                    page::mark_root(BEFORE, Some(&text));
                }
                // Takes any value.
                let _: Result<JsValue, JsValue> = resolve.call0(&JsValue::NULL);
            });
            scheduled(&source).set_onended(Some(on_end.unchecked_ref()));
        });
        source.start_with_when(self.0.sound.free_at(context, PAUSE_S))?;
        page::mark_root(NOW, Some(&line.text));
        self.0.playing.replace(Some(Playing { source, kind: line.kind, ended: ended.clone() }));
        Ok(ended)
    }
}

/// Where the browser's standard has `stop` and `onended`.
fn scheduled(source: &AudioBufferSourceNode) -> &AudioScheduledSourceNode {
    source
}

/// Fetched from the browser's own store but for the first time, and decoded.
pub(super) async fn fetch(context: &AudioContext, address: &str) -> Result<AudioBuffer, JsValue> {
    let response: Response =
        JsFuture::from(page::window().fetch_with_str(address)).await?.dyn_into()?;
    let bytes: ArrayBuffer = JsFuture::from(response.array_buffer()?).await?.dyn_into()?;
    JsFuture::from(context.decode_audio_data(&bytes)?).await?.dyn_into()
}
