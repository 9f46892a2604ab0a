//! Short tones, made here. Each only repeats what the screen says.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsValue;
use web_sys::{AudioContext, AudioContextState, OscillatorType};

/// Loudest part of a tone, 0 to 1.
const VOLUME: f32 = 0.18;
/// Fade at both ends in seconds, so that nothing clicks.
const FADE_S: f64 = 0.02;

/// When to sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// A card was found.
    Card,
    /// Something worked.
    Success,
    /// Something did not.
    Error,
    /// Somebody is asked for.
    Reminder,
    /// A number is called.
    Call,
}

impl Tone {
    /// Notes one after another: frequency in hertz, length in seconds.
    fn notes(self) -> &'static [(f32, f64)] {
        match self {
            Self::Card => &[(880.0, 0.12)],
            Self::Success => &[(659.3, 0.14), (880.0, 0.14), (1_318.5, 0.24)],
            Self::Error => &[(330.0, 0.2), (262.0, 0.3)],
            Self::Call => &[(784.0, 0.45), (622.3, 0.8)],
            Self::Reminder => &[(784.0, 0.18), (0.0, 0.1), (784.0, 0.18), (0.0, 0.1), (988.0, 0.3)],
        }
    }
}

/// The loudspeaker; silent where the browser has none or does not allow it yet.
#[derive(Clone, Default)]
pub(crate) struct Sound(Rc<Inner>);

#[derive(Default)]
struct Inner {
    context: RefCell<Option<AudioContext>>,
    /// When the last tone has ended, in seconds of the context.
    quiet_s: Cell<f64>,
}

impl Sound {
    /// Opens the loudspeaker, when the page begins and at every touch until the browser allows it.
    pub(crate) fn wake(&self) {
        let mut context = self.0.context.borrow_mut();
        if context.is_none() {
            *context = AudioContext::new().ok();
        }
        if let Some(context) = &*context
            && context.state() != AudioContextState::Running
        {
            let _: Result<js_sys::Promise, JsValue> = context.resume();
        }
    }

    /// Plays a tone. What cannot sound now is left out: late tones would say something wrong.
    pub(crate) fn play(&self, tone: Tone) {
        self.wake();
        let Some(context) = self.running() else { return };
        match play(&context, tone) {
            Ok(end_s) => self.0.quiet_s.set(end_s),
            Err(_) => leptos::logging::warn!("no sound"),
        }
    }

    /// Whether the browser lets it sound: it wants a touch of the page first.
    pub(crate) fn is_allowed(&self) -> bool {
        self.running().is_some()
    }

    /// What sounds now, unless the browser does not allow it yet.
    pub(super) fn running(&self) -> Option<AudioContext> {
        let context = self.0.context.borrow().clone();
        context.filter(|context| context.state() == AudioContextState::Running)
    }

    /// The next moment at which no tone sounds, after a pause; in seconds of the context.
    pub(super) fn free_at(&self, context: &AudioContext, pause_s: f64) -> f64 {
        context.current_time().max(self.0.quiet_s.get()) + pause_s
    }
}

/// Gives the time at which the tone ends, in seconds of the context.
fn play(context: &AudioContext, tone: Tone) -> Result<f64, JsValue> {
    let mut start = context.current_time() + 0.01;
    for (frequency, length) in tone.notes().iter().copied() {
        if frequency > 0.0 {
            let (oscillator, gain) = (context.create_oscillator()?, context.create_gain()?);
            oscillator.set_type(OscillatorType::Sine);
            oscillator.frequency().set_value(frequency);
            gain.gain().set_value_at_time(0.0, start)?;
            gain.gain().linear_ramp_to_value_at_time(VOLUME, start + FADE_S)?;
            gain.gain().set_value_at_time(VOLUME, start + length - FADE_S)?;
            gain.gain().linear_ramp_to_value_at_time(0.0, start + length)?;
            oscillator
                .connect_with_audio_node(&gain)?
                .connect_with_audio_node(&context.destination())?;
            oscillator.start_with_when(start)?;
            oscillator.stop_with_when(start + length)?;
        }
        start += length;
    }
    Ok(start)
}
