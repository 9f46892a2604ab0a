//! Several frames must agree: the card counts wrong tries.

use crate::read::Reading;

/// Frames that must say the same.
const AGREEING: u32 = 3;
/// Least certainty of a reading that counts.
const CERTAIN: f32 = 0.90;
/// Different readings that are remembered.
const MOST: usize = 16;

/// Readings of one card so far.
#[derive(Debug, Default)]
pub struct Vote(Vec<(Reading, u32)>);

impl Vote {
    /// Takes the reading of a frame. Comes back with what is accepted: said by at least three frames, and by three times
    /// as many as everything else together.
    pub fn add(&mut self, reading: Reading) -> Option<&Reading> {
        if reading.certainty < CERTAIN {
            return None;
        }
        let known = self.0.iter().position(|(other, _)| other.same(&reading));
        let at = match known {
            Some(at) => {
                self.0[at].1 += 1;
                at
            }
            None if self.0.len() < MOST => {
                self.0.push((reading, 1));
                self.0.len() - 1
            }
            None => return None,
        };
        let all: u32 = self.0.iter().map(|(_, count)| count).sum();
        let (reading, count) = &self.0[at];
        (*count >= AGREEING && *count >= 3 * (all - count)).then_some(reading)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(day: u8, certainty: f32) -> Reading {
        let code = [2, 2, 8, 5];
        Reading { era: 2, era_year: 59, month: 5, day, expiry_year: 2034, code, certainty }
    }

    #[test]
    fn three_agree_and_few_disagree() {
        let mut vote = Vote::default();
        assert!(vote.add(reading(12, 0.99)).is_none());
        assert!(vote.add(reading(12, 0.5)).is_none());
        assert!(vote.add(reading(12, 0.99)).is_none());
        assert!(vote.add(reading(17, 0.99)).is_none());
        assert!(vote.add(reading(12, 0.99)).is_some_and(|accepted| accepted.day == 12));
        assert!(vote.add(reading(17, 0.99)).is_none());
        assert_eq!(format!("{:?}", reading(1, 1.0)), "<redacted>");
    }
}
