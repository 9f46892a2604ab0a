//! Calm hints: what the worker sees changes with every frame, what a person reads must not.

use worker_messages::{Analysis, Hint};

/// Shortest time in milliseconds that a hint stays.
const STABLE_MS: f64 = 600.0;

/// A hint, and how far the person has come with the two movements that are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cue {
    /// What to do; `None` while camera and models are not ready.
    pub(crate) hint: Option<Hint>,
    /// The first movement is done.
    pub(crate) done: bool,
    /// The movement is the right one, but still too small.
    pub(crate) further: bool,
}

impl Cue {
    /// Before the first frame.
    pub(crate) const PREPARING: Self = Self { hint: None, done: false, further: false };

    /// What the worker says of a frame.
    pub(crate) fn of(analysis: &Analysis) -> Self {
        let (done, further) = (analysis.answered == 1, analysis.further);
        Self { hint: Some(analysis.hint), done, further }
    }

    /// Whether the frame can be used.
    pub(crate) fn is_good(self) -> bool {
        self.hint == Some(Hint::HoldStill)
    }

    /// How often it is said: `again` and again while it stays, or once, when there is nothing to do.
    pub(crate) fn again(self) -> &'static str {
        if matches!(self.hint, Some(Hint::HoldStill) | None) { "once" } else { "again" }
    }

    /// Whether the person is asked to move.
    pub(crate) fn is_asked(self) -> bool {
        self.hint.is_some_and(Hint::is_asked)
    }
}

/// Shows a new hint only when it has been the same for [`STABLE_MS`].
#[derive(Debug)]
pub(crate) struct Stabiliser {
    shown: Cue,
    candidate: Cue,
    since_ms: f64,
}

impl Stabiliser {
    /// Starts with a hint at once.
    pub(crate) fn new(first: Cue, now_ms: f64) -> Self {
        Self { shown: first, candidate: first, since_ms: now_ms }
    }

    /// Takes the hint of one frame and gives the one to show.
    pub(crate) fn feed(&mut self, cue: Cue, now_ms: f64) -> Cue {
        if cue != self.candidate {
            self.candidate = cue;
            self.since_ms = now_ms;
        }
        let leaves_preparing = self.shown.hint.is_none();
        if leaves_preparing || now_ms - self.since_ms >= STABLE_MS {
            self.shown = self.candidate;
        }
        self.shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cue(hint: Hint) -> Cue {
        Cue { hint: Some(hint), done: false, further: false }
    }

    #[test]
    fn a_flicker_is_not_shown() {
        let (good, far) = (cue(Hint::HoldStill), cue(Hint::TooFar));
        let mut calm = Stabiliser::new(good, 0.0);
        assert_eq!(calm.feed(far, 100.0), good);
        assert_eq!(calm.feed(good, 200.0), good);
        assert_eq!(calm.feed(far, 300.0), good);
        assert_eq!(calm.feed(far, 899.0), good);
        assert_eq!(calm.feed(far, 900.0), far);
    }

    #[test]
    fn the_first_frame_ends_preparing() {
        let mut calm = Stabiliser::new(Cue::PREPARING, 0.0);
        assert_eq!(calm.feed(cue(Hint::NoFace), 10.0), cue(Hint::NoFace));
    }
}
