//! Replies by the key of their question (`Idempotency-Key`), so that a question that is put again is not carried out again.

use axum::http::StatusCode;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::OnceCell;

/// A question is put again within seconds.
const KEPT: Duration = Duration::from_mins(10);
/// Of so many questions; the oldest go first.
const MOST: usize = 20_000;

/// Status and body.
pub(crate) type Told = (StatusCode, Vec<u8>);

/// One question: the place of its reply, which is filled once.
type Place = Arc<OnceCell<Told>>;

/// See the module.
#[derive(Default)]
pub(crate) struct Remembered(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    places: HashMap<String, ([u8; 32], Place)>,
    /// Keys by age.
    order: VecDeque<(Instant, String)>,
}

/// The same key with another question.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct OtherQuestion;

impl Remembered {
    /// Where the reply to the question with this key and this digest is, or is to be.
    pub(crate) fn place(
        &self,
        key: &str,
        digest: [u8; 32],
        now: Instant,
    ) -> Result<Place, OtherQuestion> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.forget_old(now);
        if let Some((of, place)) = kept.places.get(key) {
            return if *of == digest { Ok(Arc::clone(place)) } else { Err(OtherQuestion) };
        }
        let place = Place::default();
        kept.places.insert(key.to_owned(), (digest, Arc::clone(&place)));
        kept.order.push_back((now, key.to_owned()));
        Ok(place)
    }

    /// Questions that are remembered.
    #[cfg(test)]
    fn count(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).places.len()
    }
}

impl Kept {
    fn forget_old(&mut self, now: Instant) {
        while let Some((since, _)) = self.order.front() {
            if self.order.len() < MOST && now.duration_since(*since) < KEPT {
                break;
            }
            if let Some((_, key)) = self.order.pop_front() {
                self.places.remove(&key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_key_is_one_question() {
        let remembered = Remembered::default();
        let now = Instant::now();
        let first = remembered.place("a", [1; 32], now).unwrap();
        let again = remembered.place("a", [1; 32], now).unwrap();
        assert!(Arc::ptr_eq(&first, &again));
        assert_eq!(remembered.place("a", [2; 32], now).unwrap_err(), OtherQuestion);
        assert!(!Arc::ptr_eq(&first, &remembered.place("b", [1; 32], now).unwrap()));
    }

    #[test]
    fn the_oldest_are_forgotten() {
        let remembered = Remembered::default();
        let start = Instant::now();
        for at in 0..MOST + 5 {
            remembered.place(&at.to_string(), [0; 32], start).unwrap();
        }
        assert_eq!(remembered.count(), MOST);
        remembered.place("later", [0; 32], start + KEPT).unwrap();
        assert_eq!(remembered.count(), 1);
    }
}
