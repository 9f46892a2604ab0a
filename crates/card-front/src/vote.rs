//! Several frames must agree, and each digit must be certain: the card counts wrong tries.

use crate::net::likeliest;
use crate::read::Sighting;
use crate::reading::{Day, Reading};

/// Frames that must say the same, from poses that differ.
const AGREEING: f32 = 3.0;
/// So many agree for each that does not.
const TO_ONE: f32 = 4.0;
/// What a frame counts in which the card lies as in one before: its faults are the same again.
const AGAIN: f32 = 0.25;
/// A corner that has moved on average by fewer pixels has not moved.
const MOVED: f32 = 1.0;
/// Least logarithm of the odds of each digit and of the era, over all frames.
const CERTAIN: f32 = 12.0;
/// Frames that are remembered.
const MOST: usize = 40;

/// Sightings of one card so far.
pub struct Vote {
    today: Day,
    seen: Vec<(Sighting, f32)>,
}

impl Vote {
    /// Nothing seen yet; `today` judges which cards are possible.
    pub fn new(today: Day) -> Self {
        Self { today, seen: Vec::new() }
    }

    /// Takes what a frame says. Comes back with what is accepted, if anything is.
    pub fn add(&mut self, sighting: Sighting) -> Option<Reading> {
        let known = self.seen.iter().any(|(other, _)| !has_moved(other, &sighting));
        if self.seen.len() == MOST {
            self.seen.remove(0);
        }
        self.seen.push((sighting, if known { AGAIN } else { 1.0 }));
        self.accepted()
    }

    /// How far the vote is, 0 to 1.
    pub fn progress(&self) -> f32 {
        let most =
            self.seen.iter().map(|(one, _)| self.agreement(&one.best()).0).fold(0.0, f32::max);
        (most / AGREEING).min(1.0)
    }

    fn accepted(&self) -> Option<Reading> {
        let (last, _) = self.seen.last()?;
        let best = self.together(last).best();
        let (agree, all) = self.agreement(&best);
        let certain = self.certainty(last) >= CERTAIN;
        let many = agree >= AGREEING && agree >= TO_ONE * (all - agree);
        (many && certain && best.is_possible(self.today)).then_some(best)
    }

    /// Weight of the frames that say `reading`, and of all.
    fn agreement(&self, reading: &Reading) -> (f32, f32) {
        let weigh = |of: &dyn Fn(&Sighting) -> bool| -> f32 {
            self.seen.iter().filter(|(one, _)| of(one)).map(|(_, weight)| weight).sum()
        };
        (weigh(&|one| one.best() == *reading), weigh(&|_| true))
    }

    /// What the frames of the same form as `like` say together.
    fn together(&self, like: &Sighting) -> Sighting {
        let mut sum = like.clone();
        sum.era = [0.0; 5];
        sum.digits.iter_mut().for_each(|digit| *digit = [0.0; 10]);
        for (one, weight) in self.seen.iter().filter(|(one, _)| one.shape == like.shape) {
            let add = |sum: &mut [f32], part: &[f32]| {
                sum.iter_mut().zip(part).for_each(|(sum, part)| *sum += weight * part);
            };
            add(&mut sum.era, &one.era);
            sum.digits.iter_mut().zip(&one.digits).for_each(|(sum, part)| add(sum, part));
        }
        sum
    }

    /// Logarithm of the odds of the least certain part.
    fn certainty(&self, like: &Sighting) -> f32 {
        let sum = self.together(like);
        let digits = sum.digits.iter().map(|digit| lead(digit));
        digits.fold(lead(&sum.era), f32::min)
    }
}

/// By how much the likeliest is before the next.
fn lead(logarithms: &[f32]) -> f32 {
    let best = likeliest(logarithms);
    let others = logarithms.iter().enumerate().filter(|(at, _)| *at != best);
    logarithms[best] - others.map(|(_, value)| *value).fold(f32::MIN, f32::max)
}

fn has_moved(one: &Sighting, other: &Sighting) -> bool {
    let apart = |(a, b): (&(f32, f32), &(f32, f32))| (a.0 - b.0).hypot(a.1 - b.1);
    one.corners.iter().zip(&other.corners).map(apart).sum::<f32>() > 4.0 * MOVED
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Day = Day { year: 2026, month: 11, day: 25 };

    /// 昭和55年2月17日, 2035, 2285, each digit with this much before the others.
    fn sighting(day: &[usize], lead: f32, place: f32) -> Sighting {
        let digits = [&[5, 5, 2], day, &[2, 0, 3, 5, 2, 2, 8, 5]].concat();
        let digit = |of: &usize| std::array::from_fn(|at| if at == *of { 0.0 } else { -lead });
        let corners = [(place, 0.0), (900.0 + place, 0.0), (900.0, 560.0), (0.0, 560.0)];
        let era = std::array::from_fn(|at| if at == 2 { 0.0 } else { -lead });
        Sighting {
            shape: [2, 1, day.len()],
            era,
            digits: digits.iter().map(digit).collect(),
            corners,
        }
    }

    fn places(lead: f32, places: &[f32]) -> Option<Reading> {
        let mut vote = Vote::new(TODAY);
        places.iter().map(|place| vote.add(sighting(&[1, 7], lead, *place))).last().flatten()
    }

    #[test]
    fn three_certain_frames_from_different_poses_are_enough() {
        assert!(places(6.0, &[0.0, 9.0]).is_none());
        let accepted = places(6.0, &[0.0, 9.0, 18.0]).unwrap();
        assert_eq!((accepted.era, accepted.era_year, accepted.day), (2, 55, 17));
        assert_eq!(format!("{accepted:?}"), "<redacted>");
        assert!(places(3.0, &[0.0, 9.0, 18.0]).is_none(), "not certain enough");
        assert!(places(3.0, &[0.0, 9.0, 18.0, 27.0]).is_some());
    }

    #[test]
    fn a_card_that_lies_still_needs_many_frames() {
        assert!(places(6.0, &[5.0; 8]).is_none());
        assert!(places(6.0, &[5.0; 9]).is_some());
    }

    #[test]
    fn who_disagrees_delays_and_the_impossible_is_never_accepted() {
        let mut vote = Vote::new(TODAY);
        assert!(vote.add(sighting(&[7], 6.0, 0.0)).is_none());
        for place in [9.0, 18.0, 27.0] {
            assert!(vote.add(sighting(&[1, 7], 6.0, place)).is_none());
        }
        assert!(vote.progress() >= 1.0);
        assert!(vote.add(sighting(&[1, 7], 6.0, 36.0)).is_some());
        let mut vote = Vote::new(TODAY);
        for place in [9.0, 18.0, 27.0, 36.0] {
            assert!(vote.add(sighting(&[3, 9], 6.0, place)).is_none());
        }
    }
}
