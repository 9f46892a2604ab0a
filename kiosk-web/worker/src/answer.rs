//! Answers to the page.

use face::{Analysis, Frame, Verdict};
use js_sys::{Array, ArrayBuffer, Object, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::DedicatedWorkerGlobalScope;

/// The worker's own global object; `None` when the module was loaded somewhere else.
pub(crate) fn scope() -> Option<DedicatedWorkerGlobalScope> {
    js_sys::global().dyn_into().ok()
}

/// Milliseconds since the worker started.
pub(crate) fn now() -> f64 {
    scope().and_then(|scope| scope.performance()).map_or(0.0, |clock| clock.now())
}

/// An object with a `type`, filled field by field.
pub(crate) struct Answer(Object);

impl Answer {
    /// A fresh answer of one type.
    pub(crate) fn new(kind: &str) -> Self {
        Self(Object::new()).with("type", kind)
    }

    /// Sets a field.
    pub(crate) fn with(self, name: &str, value: impl Into<JsValue>) -> Self {
        // Setting a field of a plain object of our own cannot fail.
        let _ = Reflect::set(&self.0, &name.into(), &value.into());
        self
    }

    /// The bare object, to be a field of another.
    pub(crate) fn into_value(self) -> JsValue {
        self.0.into()
    }

    /// Sends it.
    pub(crate) fn post(&self) {
        if let Some(scope) = scope() {
            let _ = scope.post_message(&self.0);
        }
    }

    /// Sends it and gives `buffer` back to the page for the next frame.
    pub(crate) fn post_with(self, buffer: &ArrayBuffer) {
        let answer = self.with("buffer", buffer);
        if let Some(scope) = scope() {
            let _ = scope.post_message_with_transfer(&answer.0, &Array::of1(buffer));
        }
    }
}

/// `{type: "failed", reason}`.
pub(crate) fn failed(reason: &str) {
    Answer::new("failed").with("reason", reason).post();
}

/// `{type: "analysis", …}` without `id`, `attempt`, `ms` and `verdict`; `say` is the name of what to tell the person.
pub(crate) fn analysis(analysis: &Analysis, say: &str, frame: Frame<'_>) -> Answer {
    let (width, height) = (real(frame.width()), real(frame.height()));
    let face = analysis.best().map_or(JsValue::NULL, |face| {
        let parts = [face.x / width, face.y / height, face.width / width, face.height / height];
        parts.iter().map(|part| JsValue::from_f64(f64::from(*part))).collect::<Array>().into()
    });
    Answer::new("analysis").with("hint", say).with("box", face)
}

/// `null` while undecided, otherwise `{kind, score, liveness, frames}`.
pub(crate) fn verdict(verdict: Verdict, frames: usize) -> JsValue {
    let (kind, score, liveness) = match verdict {
        Verdict::Undecided => return JsValue::NULL,
        Verdict::Matched { score, liveness } => ("matched", Some(score), Some(liveness)),
        Verdict::NoMatch { best, liveness } => ("no_match", Some(best), Some(liveness)),
        Verdict::NoFace => ("no_face", None, None),
    };
    let value = |number: Option<f32>| number.map_or(JsValue::NULL, JsValue::from);
    let answer = Answer(Object::new())
        .with("kind", kind)
        .with("score", value(score))
        .with("liveness", value(liveness));
    answer.with("frames", f64::from(u32::try_from(frames).unwrap_or(u32::MAX))).0.into()
}

#[expect(clippy::cast_precision_loss, reason = "sides are at most a few thousand pixels")]
fn real(side: usize) -> f32 {
    side as f32
}
