//! Which calls a display still has to announce: each once, in their order.

use protocol::call::{Call, Calls};
use std::collections::VecDeque;

/// An older call is shown and not said any more, in milliseconds: the display was away for longer.
const FRESH_MS: u64 = 120_000;
/// A bridge whose clock was set back calls with times before those that were announced.
const AHEAD_MS: u64 = 60_000;

/// Which calls were announced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Announced {
    /// All up to this moment, in milliseconds since 1970; `None` before the display has heard anything.
    upto: Option<u64>,
    /// The moments of those that were called last: where the clock was set back, some of them lie ahead.
    heard: Vec<u64>,
    /// The moments of those that were not said before the display was loaded again.
    left: Vec<u64>,
}

/// In what is kept, before the moments of those that wait to be said.
const LEFT: &str = " | ";

impl Announced {
    /// As it was kept over a reload. A display that opens anew says nothing of what was called before.
    pub(crate) fn kept(text: Option<&str>) -> Self {
        let (heard, left) = text.and_then(|text| text.split_once(LEFT)).unzip();
        let mut moments = moments(heard.or(text));
        Self { upto: moments.next(), left: self::moments(left).collect(), heard: moments.collect() }
    }

    /// To be kept, with those that wait to be said.
    pub(crate) fn text<'a>(&self, waiting: impl IntoIterator<Item = &'a Call>) -> String {
        let words = |moments: &mut dyn Iterator<Item = u64>| {
            moments.map(|moment| moment.to_string()).collect::<Vec<_>>().join(" ")
        };
        let heard = self.heard.iter().copied();
        let heard = words(&mut [self.upto.unwrap_or(0)].into_iter().chain(heard));
        let left = words(&mut waiting.into_iter().map(|call| call.at_ms));
        if left.is_empty() { heard } else { format!("{heard}{LEFT}{left}") }
    }

    /// The calls to announce now, first things first; they count as announced from now on.
    pub(crate) fn take(&mut self, told: &Calls) -> Vec<Call> {
        let heard = told.calls.iter().map(|call| call.at_ms).collect();
        let heard = std::mem::replace(&mut self.heard, heard);
        let Some(upto) = self.upto else {
            self.upto = Some(self.heard.iter().copied().max().unwrap_or(0));
            return Vec::new();
        };
        let was_set_back = upto > told.now_ms + AHEAD_MS;
        // Those were new once, and are said although they are older by now; the queue leaves out what is too old.
        let left = std::mem::take(&mut self.left);
        let is_left = |call: &Call| left.contains(&call.at_ms);
        let is_new = |call: &&Call| {
            is_left(call) || !heard.contains(&call.at_ms) && (was_set_back || call.at_ms > upto)
        };
        let mut new: Vec<Call> = told.calls.iter().filter(is_new).cloned().collect();
        new.sort_by_key(|call| call.at_ms);
        let before = if was_set_back { told.now_ms } else { upto };
        self.upto = Some(new.last().map_or(before, |call| call.at_ms.max(before)));
        new.retain(|call| is_left(call) || told.now_ms.saturating_sub(call.at_ms) <= FRESH_MS);
        new
    }
}

/// Numbers with blanks between, up to what is none.
fn moments(text: Option<&str>) -> impl Iterator<Item = u64> {
    text.unwrap_or("").split(' ').map_while(|text| text.parse().ok())
}

/// A call that waited for its turn longer is not said any more, in milliseconds.
const LATE_MS: u64 = 300_000;

/// What to do about the calls that wait to be announced.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Turn {
    /// Announce this one.
    Say(Call),
    /// Nothing while the bridge is silent: whether they are still called is not known.
    Wait,
    /// None is left.
    Done,
}

/// Takes the next one out, and those before it that were taken back, or done, by the time it is their turn. `told`: what is called
/// now, unless the bridge is silent.
pub(crate) fn next(waiting: &mut VecDeque<Call>, told: Option<&Calls>) -> Turn {
    let Some(told) = told else {
        return if waiting.is_empty() { Turn::Done } else { Turn::Wait };
    };
    let is_due = |call: &Call| {
        told.calls.contains(call) && told.now_ms.saturating_sub(call.at_ms) <= LATE_MS
    };
    while let Some(call) = waiting.pop_front() {
        if is_due(&call) {
            return Turn::Say(call);
        }
    }
    Turn::Done
}

/// What a display shows: the one that is being announced, or else the last one, and those before it.
pub(crate) fn shown(told: &Calls, announcing: Option<&Call>) -> Option<(Call, Vec<Call>)> {
    let is_still = |call: &&Call| told.calls.contains(call);
    let large = announcing.filter(is_still).or(told.calls.first())?.clone();
    let others = told.calls.iter().filter(|call| call.number != large.number).cloned().collect();
    Some((large, others))
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::call::Place;

    fn call(number: u16, at_ms: u64) -> Call {
        Call { number, to: Place::Reception, at_ms, times: 1 }
    }

    fn told(now_ms: u64, calls: &[Call]) -> Calls {
        Calls { practice: false, now_ms, calls: calls.to_vec() }
    }

    fn numbers(calls: &[Call]) -> Vec<u16> {
        calls.iter().map(|call| call.number).collect()
    }

    #[test]
    fn each_call_is_announced_once_and_in_order() {
        let mut announced = Announced::kept(None);
        let first = [call(3, 1_000)];
        assert!(announced.take(&told(900_000, &first)).is_empty(), "called before it was opened");
        let more = [call(5, 900_300), call(4, 900_200), call(3, 1_000)];
        assert_eq!(numbers(&announced.take(&told(900_400, &more))), [4, 5]);
        assert!(announced.take(&told(900_500, &more)).is_empty());
        // Called again: another time.
        let again = [call(3, 900_600), call(5, 900_300), call(4, 900_200)];
        assert_eq!(numbers(&announced.take(&told(900_700, &again))), [3]);
        assert!(announced.take(&told(900_800, &again[1..])).is_empty(), "taken back");
    }

    #[test]
    fn a_reload_repeats_nothing_and_says_what_came_meanwhile_unless_it_is_old() {
        let mut announced = Announced::kept(None);
        announced.take(&told(500_000, &[call(1, 499_000)]));
        let mut reloaded = Announced::kept(Some(&announced.text(&[])));
        let calls = [call(3, 550_000), call(2, 510_000), call(1, 499_000)];
        assert_eq!(numbers(&reloaded.clone().take(&told(560_000, &calls))), [2, 3]);
        assert_eq!(
            numbers(&reloaded.take(&told(640_000, &calls))),
            [3],
            "the older one is shown only"
        );
        assert!(Announced::kept(Some("?")).take(&told(560_000, &calls)).is_empty());
    }

    #[test]
    fn what_waited_to_be_said_is_said_after_a_reload() {
        let mut announced = Announced::kept(None);
        announced.take(&told(500_000, &[]));
        let calls = [call(3, 500_300), call(2, 500_200), call(1, 500_100)];
        let mut waiting = announced.take(&told(500_400, &calls));
        waiting.remove(0);
        let mut reloaded = Announced::kept(Some(&announced.text(&waiting)));
        // 3 was taken back meanwhile.
        let now = told(700_000, &calls[1..]);
        assert_eq!(numbers(&reloaded.take(&now)), [2]);
        assert!(reloaded.take(&now).is_empty(), "once");
    }

    #[test]
    fn a_clock_that_was_set_back_silences_nothing() {
        let mut announced = Announced::kept(Some("9000000"));
        assert_eq!(numbers(&announced.take(&told(1_000_000, &[call(7, 999_900)]))), [7]);
    }

    #[test]
    fn what_was_called_before_the_clock_was_set_back_is_not_called_again() {
        let mut announced = Announced::kept(None);
        let before = [call(6, 9_000_000), call(5, 8_990_000)];
        announced.take(&told(8_995_000, &before[1..]));
        assert_eq!(numbers(&announced.take(&told(9_000_000, &before))), [6]);
        let [six, five] = before;
        for now_ms in [1_000_000, 1_001_000, 1_002_000] {
            let again = announced.take(&told(now_ms, &[six.clone(), five.clone()]));
            assert_eq!(numbers(&again), Vec::<u16>::new(), "at {now_ms}");
        }
        let after = [call(7, 1_003_000), six, five];
        assert_eq!(numbers(&announced.take(&told(1_003_000, &after))), [7], "a new one is");
        let mut reloaded = Announced::kept(Some(&announced.text(&[])));
        assert!(reloaded.take(&told(1_004_000, &after)).is_empty());
        assert!(reloaded.take(&told(9_000_500, &after)).is_empty(), "their time has come again");
    }

    #[test]
    fn what_waits_while_the_bridge_is_silent_is_said_once_it_is_back() {
        let calls = [call(5, 3_000), call(4, 2_000), call(3, 1_000)];
        let mut waiting: VecDeque<Call> = calls.iter().rev().cloned().collect();
        assert_eq!(next(&mut waiting, None), Turn::Wait);
        let back = told(9_000, &calls[..2]);
        assert_eq!(next(&mut waiting, Some(&back)), Turn::Say(call(4, 2_000)), "3 was taken back");
        assert_eq!(next(&mut waiting, None), Turn::Wait);
        let late = told(400_000, &calls[..2]);
        assert_eq!(next(&mut waiting, Some(&late)), Turn::Done, "nobody expects it any more");
        assert_eq!(next(&mut waiting, None), Turn::Done);
    }

    #[test]
    fn the_one_that_is_announced_is_large_while_it_is_called() {
        let all = told(9, &[call(5, 3), call(4, 2), call(3, 1)]);
        let (large, others) = shown(&all, Some(&call(4, 2))).unwrap();
        assert_eq!((large.number, numbers(&others)), (4, vec![5, 3]));
        let (large, others) = shown(&all, Some(&call(9, 2))).unwrap();
        assert_eq!((large.number, numbers(&others)), (5, vec![4, 3]), "it is done meanwhile");
        assert_eq!(shown(&told(9, &[]), None), None);
    }
}
