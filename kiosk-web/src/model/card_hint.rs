//! What to do for a better picture of the card, shown calmly.

use worker_messages::CardSeen;

/// Shortest time in milliseconds that a hint stays.
const STABLE_MS: f64 = 500.0;
/// Part of the picture's width that a card must fill for its digits to be read.
const LARGE: f32 = 0.5;
/// Height of the picture by its width: that of the camera.
const ASPECT: f32 = 9.0 / 16.0;

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CardHint {
    /// Camera or worker are not ready.
    Preparing,
    /// There is no card in the picture.
    NoCard,
    /// It is too small.
    Closer,
    /// It is there, but cannot be read: light, blur, a finger.
    Unclear,
    /// It is being read.
    Reading,
}

impl CardHint {
    /// From what the worker saw.
    pub(crate) fn of(seen: &CardSeen) -> Self {
        let Some(corners) = seen.corners else { return Self::NoCard };
        let side = |from: usize, to: usize| {
            let (dx, dy) =
                (corners[2 * to] - corners[2 * from], corners[2 * to + 1] - corners[2 * from + 1]);
            dx.hypot(dy * ASPECT)
        };
        if seen.read {
            Self::Reading
        } else if side(0, 1).max(side(1, 2)) >= LARGE {
            Self::Unclear
        } else {
            Self::Closer
        }
    }
}

impl CardHint {
    /// How often it is said: `again` and again while it stays, or once, when there is nothing to do.
    pub(crate) fn again(self) -> &'static str {
        if matches!(self, Self::Reading | Self::Preparing) { "once" } else { "again" }
    }
}

/// Changes only after the new hint has been the same for a while.
#[derive(Debug)]
pub(crate) struct Calm {
    shown: CardHint,
    candidate: CardHint,
    since_ms: f64,
}

impl Calm {
    /// Starts with [`CardHint::Preparing`].
    pub(crate) fn new(now_ms: f64) -> Self {
        Self { shown: CardHint::Preparing, candidate: CardHint::Preparing, since_ms: now_ms }
    }

    /// Takes the hint of one frame and gives the one to show.
    pub(crate) fn feed(&mut self, hint: CardHint, now_ms: f64) -> CardHint {
        if hint != self.candidate {
            (self.candidate, self.since_ms) = (hint, now_ms);
        }
        if self.shown == CardHint::Preparing || now_ms - self.since_ms >= STABLE_MS {
            self.shown = self.candidate;
        }
        self.shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_cards_come_closer_and_flickers_are_not_shown() {
        let of = |corners, read| {
            CardHint::of(&CardSeen { corners, read, progress: 0.0, numbers: None, ms: 0.0 })
        };
        assert_eq!(of(None, false), CardHint::NoCard);
        let large = [0.1, 0.1, 0.8, 0.1, 0.8, 0.9, 0.1, 0.9];
        let small = [0.3, 0.3, 0.6, 0.3, 0.6, 0.6, 0.3, 0.6];
        assert_eq!(of(Some(large), false), CardHint::Unclear);
        assert_eq!(of(Some(small), false), CardHint::Closer);
        assert_eq!(of(Some(large), true), CardHint::Reading);
        let mut calm = Calm::new(0.0);
        assert_eq!(calm.feed(CardHint::NoCard, 10.0), CardHint::NoCard);
        assert_eq!(calm.feed(CardHint::Reading, 100.0), CardHint::NoCard);
        assert_eq!(calm.feed(CardHint::Reading, 600.0), CardHint::Reading);
    }
}
