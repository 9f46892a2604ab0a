//! Calm hints: what the worker sees changes with every frame, what a person reads must not.

/// Shortest time in milliseconds that a hint stays.
const STABLE_MS: f64 = 600.0;

/// What to do for a better picture, as named by the face worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hint {
    /// The camera or the models are not ready.
    Preparing,
    /// All is well.
    HoldStill,
    /// No face.
    NoFace,
    /// Face too small.
    TooFar,
    /// Face too large.
    TooClose,
    /// Face not in the middle.
    OffCentre,
    /// Too dark.
    TooDark,
    /// More than one face.
    SeveralFaces,
    /// Not looking at the camera.
    Turned,
    /// Head not upright.
    Tilted,
    /// The light comes from behind.
    BackLit,
    /// Moving too fast.
    Blurred,
    /// Eyes hidden.
    EyesCovered,
    /// Mouth hidden.
    MouthCovered,
    /// Asked: turn to the person's left.
    TurnLeft,
    /// Asked: turn to the person's right.
    TurnRight,
    /// Asked: look up.
    LookUp,
    /// Asked: look down.
    LookDown,
}

impl Hint {
    /// Reads the worker's name of a hint; an unknown one asks to hold still.
    pub(crate) fn from_worker(name: &str) -> Self {
        match name {
            "no_face" => Self::NoFace,
            "too_far" => Self::TooFar,
            "too_close" => Self::TooClose,
            "off_centre" => Self::OffCentre,
            "too_dark" => Self::TooDark,
            "several_faces" => Self::SeveralFaces,
            "turned" => Self::Turned,
            "tilted" => Self::Tilted,
            "back_lit" => Self::BackLit,
            "blurred" => Self::Blurred,
            "eyes_covered" => Self::EyesCovered,
            "mouth_covered" => Self::MouthCovered,
            "turn_left" => Self::TurnLeft,
            "turn_right" => Self::TurnRight,
            "look_up" => Self::LookUp,
            "look_down" => Self::LookDown,
            _ => Self::HoldStill,
        }
    }

    /// Whether the frame can be used.
    pub(crate) fn is_good(self) -> bool {
        self == Self::HoldStill
    }

    /// How often it is said: `again` and again while it stays, or once, when there is nothing to do.
    pub(crate) fn again(self) -> &'static str {
        if matches!(self, Self::HoldStill | Self::Preparing) { "once" } else { "again" }
    }

    /// Whether the person is asked to move.
    pub(crate) fn is_asked(self) -> bool {
        matches!(self, Self::TurnLeft | Self::TurnRight | Self::LookUp | Self::LookDown)
    }
}

/// A hint, and how far the person has come with the two movements that are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cue {
    /// What to do.
    pub(crate) hint: Hint,
    /// The first movement is done.
    pub(crate) done: bool,
    /// The movement is the right one, but still too small.
    pub(crate) further: bool,
}

impl Cue {
    /// Before the first frame.
    pub(crate) const PREPARING: Self = Self { hint: Hint::Preparing, done: false, further: false };
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
        let leaves_preparing = self.shown.hint == Hint::Preparing;
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
        Cue { hint, done: false, further: false }
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

    #[test]
    fn unknown_names_are_harmless() {
        assert!(Hint::from_worker("something new").is_good());
        assert_eq!(Hint::from_worker("too_close"), Hint::TooClose);
    }
}
