//! Answers to the page.

use face::{Analysis, Attempt, Challenge, Frame, Hint as Seen, Instruction};
use wasm_bindgen::JsCast as _;
use web_sys::DedicatedWorkerGlobalScope;
use worker_messages::{Failure, FromWorker, Hint, Verdict, envelope};

/// The worker's own global object; `None` when the module was loaded somewhere else.
pub(crate) fn scope() -> Option<DedicatedWorkerGlobalScope> {
    js_sys::global().dyn_into().ok()
}

/// Milliseconds since the worker started.
pub(crate) fn now() -> f64 {
    scope().and_then(|scope| scope.performance()).map_or(0.0, |clock| clock.now())
}

/// Sends a message.
pub(crate) fn post(message: &FromWorker) {
    if let Some(scope) = scope() {
        let _ = scope.post_message(&envelope::pack(message, None));
    }
}

/// Says why something could not be done.
pub(crate) fn failed(reason: Failure) {
    post(&FromWorker::Failed { reason, place: None });
}

/// Sends what became of something, or why it could not be done.
pub(crate) fn report(outcome: Result<FromWorker, Failure>) {
    match outcome {
        Ok(message) => post(&message),
        Err(reason) => failed(reason),
    }
}

/// What to tell the person, with or without an attempt that asks for movements.
pub(crate) fn hint(attempt: Option<&Attempt>, seen: Seen) -> Hint {
    match attempt.map_or(Instruction::Better(seen), |attempt| attempt.say(seen)) {
        Instruction::Better(seen) => match seen {
            Seen::Good => Hint::HoldStill,
            Seen::NoFace => Hint::NoFace,
            Seen::TooFar => Hint::TooFar,
            Seen::TooClose => Hint::TooClose,
            Seen::OffCentre => Hint::OffCentre,
            Seen::SeveralFaces => Hint::SeveralFaces,
            Seen::Turned => Hint::Turned,
            Seen::Tilted => Hint::Tilted,
            Seen::TooDark => Hint::TooDark,
            Seen::BackLit => Hint::BackLit,
            Seen::Blurred => Hint::Blurred,
            Seen::EyesCovered => Hint::EyesCovered,
            Seen::MouthCovered => Hint::MouthCovered,
        },
        Instruction::Move(challenge) => match challenge {
            Challenge::TurnLeft => Hint::TurnLeft,
            Challenge::TurnRight => Hint::TurnRight,
            Challenge::LookUp => Hint::LookUp,
            Challenge::LookDown => Hint::LookDown,
        },
    }
}

/// Where the best face is, as parts of the frame.
pub(crate) fn place(analysis: &Analysis, frame: Frame<'_>) -> Option<[f32; 4]> {
    let (width, height) = (real(frame.width()), real(frame.height()));
    let face = analysis.best()?;
    Some([face.x / width, face.y / height, face.width / width, face.height / height])
}

/// The end of an attempt; `None` while it goes on. Whether the scores are those of a match is the bridge's to judge.
pub(crate) fn verdict(verdict: face::Verdict) -> Option<Verdict> {
    match verdict {
        face::Verdict::Undecided => None,
        face::Verdict::Matched { score, liveness }
        | face::Verdict::NoMatch { best: score, liveness } => {
            Some(Verdict::Compared { score, liveness })
        }
        face::Verdict::NoFace => Some(Verdict::NoFace),
    }
}

/// A side of a frame.
#[expect(clippy::cast_precision_loss, reason = "sides are at most a few thousand pixels")]
pub(crate) fn real(side: usize) -> f32 {
    side as f32
}
