//! What may happen around the kiosk, one thing at a time, and what lies on its reader.

use checkin::card::{CardFacts, CardProblem, TriesLeft, Trust};
use checkin::secret::Serial;
use jiff::Timestamp;
use proptest::prelude::*;
use proptest_state_machine::ReferenceStateMachine;

/// What people put on a reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Thing {
    Good,
    SomebodyElses,
    /// The certificate ends in the middle of the night.
    EndsTonight,
    Expiring,
    InGrace,
    LongExpired,
    PinLocked,
    OneTryLeft,
    /// 顔認証マイナンバーカード.
    WithoutPin,
    CodeNearlyLocked,
    Licence,
    Nonsense,
}

/// The night begins here, so that midnight lies inside the visits.
pub(super) const EVENING: &str = "2026-11-23T23:55:00+09:00";

/// One line about a thing: last second of the certificate, last second in which it does for health
/// insurance at all, PIN tries, tries of 照合番号B.
type Line = (Thing, &'static str, &'static str, Option<u8>, u8);

/// Written down by hand, so that no rule of the visit is needed to know it.
const CARDS: [Line; 10] = {
    use Thing::*;
    const FAR: (&str, &str) = ("2030-02-17T23:59:59+09:00", "2030-05-31T23:59:59+09:00");
    [
        (Good, FAR.0, FAR.1, Some(3), 10),
        (SomebodyElses, FAR.0, FAR.1, Some(3), 10),
        (EndsTonight, "2026-11-23T23:59:59+09:00", "2027-02-28T23:59:59+09:00", Some(3), 10),
        (Expiring, "2027-02-20T23:59:59+09:00", "2027-05-31T23:59:59+09:00", Some(2), 7),
        (InGrace, "2026-10-31T23:59:59+09:00", "2027-01-31T23:59:59+09:00", Some(3), 10),
        (LongExpired, "2026-07-31T23:59:59+09:00", "2026-10-31T23:59:59+09:00", Some(3), 10),
        (PinLocked, FAR.0, FAR.1, Some(0), 10),
        (OneTryLeft, FAR.0, FAR.1, Some(1), 10),
        (WithoutPin, FAR.0, FAR.1, None, 10),
        (CodeNearlyLocked, FAR.0, FAR.1, Some(3), 5),
    ]
};

impl Thing {
    const ALL: [Self; 12] = {
        use Thing::*;
        [
            Good,
            SomebodyElses,
            EndsTonight,
            Expiring,
            InGrace,
            LongExpired,
            PinLocked,
            OneTryLeft,
            WithoutPin,
            CodeNearlyLocked,
            Licence,
            Nonsense,
        ]
    };

    fn line(self) -> Option<&'static Line> {
        CARDS.iter().find(|line| line.0 == self)
    }

    pub(super) fn serial(self) -> Serial {
        Serial::new(vec![1 + self as u8])
    }

    pub(super) fn of(serial: &Serial) -> Self {
        Self::ALL.into_iter().find(|thing| thing.serial() == *serial).expect("nobody made it up")
    }

    /// Last second in which medical information may be asked for.
    pub(super) fn good_until(self) -> Timestamp {
        self.line().map_or(Timestamp::MIN, |line| line.1.parse().unwrap())
    }

    /// Last second in which it does for health insurance.
    pub(super) fn usable_until(self) -> Timestamp {
        self.line().map_or(Timestamp::MIN, |line| line.2.parse().unwrap())
    }

    pub(super) fn counters(self) -> (Option<u8>, u8) {
        self.line().map_or((None, 0), |line| (line.3, line.4))
    }

    /// What the reader finds out, with the counters as they are now.
    pub(super) fn inspect(self, (pin, code): (Option<u8>, u8)) -> Result<CardFacts, CardProblem> {
        if self.line().is_none() {
            let licence = self == Self::Licence;
            return Err(if licence {
                CardProblem::DrivingLicence
            } else {
                CardProblem::Unreadable
            });
        }
        Ok(CardFacts {
            serial: self.serial(),
            not_after: self.good_until(),
            trust: Trust::Production,
            pin_tries: pin.map_or(TriesLeft::Absent, TriesLeft::Count),
            code_b_tries: TriesLeft::Count(code),
        })
    }
}

/// One thing that happens.
#[derive(Clone, Debug)]
pub(super) enum Happening {
    Place(Thing),
    Lift,
    Unplug,
    Plug,
    /// The person does something that the screen asks for; the number chooses what.
    Act(u8),
    /// A touch that has nothing to do with the screen, perhaps on a view that is gone.
    Fumble {
        what: u8,
        stale: bool,
    },
    /// The n-th open request is answered, with this luck (0 good … 7 bad), once or twice.
    Answer {
        n: usize,
        luck: u8,
        twice: bool,
    },
    /// The request or its answer is lost.
    Lose(usize),
    Wait(u64),
    /// Nothing happens until something is due.
    WaitUntilDue,
    SetClock(i64),
}

/// What lies there; what the site is like.
#[derive(Clone, Debug)]
pub(super) struct World {
    pub(super) destinations: u8,
    pub(super) passcode_set: bool,
    /// The eligibility system is reached by numbers only.
    pub(super) by_numbers: bool,
    pub(super) lying: Option<Thing>,
    pub(super) plugged: bool,
    /// How often something was lifted: what was begun before concerns another placing.
    pub(super) lifted: u32,
}

impl ReferenceStateMachine for World {
    type State = Self;
    type Transition = Happening;

    fn init_state() -> BoxedStrategy<Self> {
        let of = |weight| prop::bool::weighted(weight);
        let site = (prop::sample::select(vec![0, 1, 3]), of(0.8), of(0.4));
        let world = site.prop_map(|(destinations, passcode_set, by_numbers)| Self {
            destinations,
            passcode_set,
            by_numbers,
            lying: None,
            plugged: true,
            lifted: 0,
        });
        world.boxed()
    }

    fn transitions(state: &Self) -> BoxedStrategy<Happening> {
        // The first card counts double: most visits are ordinary ones.
        let things: Vec<_> = Thing::ALL.into_iter().chain([Thing::Good; 2]).collect();
        let hand = match (state.plugged, state.lying) {
            (false, _) => Just(Happening::Plug).boxed(),
            (true, None) => prop::sample::select(things).prop_map(Happening::Place).boxed(),
            (true, Some(_)) => {
                prop_oneof![3 => Just(Happening::Lift), 1 => Just(Happening::Unplug)].boxed()
            }
        };
        let placing = if state.lying.is_none() { 8 } else { 1 };
        let fumble = (any::<u8>(), prop::bool::weighted(0.3));
        let answer = (0..3_usize, 0..8_u8, prop::bool::weighted(0.1));
        prop_oneof![
            placing => hand,
            12 => any::<u8>().prop_map(Happening::Act),
            2 => fumble.prop_map(|(what, stale)| Happening::Fumble { what, stale }),
            14 => answer.prop_map(|(n, luck, twice)| Happening::Answer { n, luck, twice }),
            1 => (0..3_usize).prop_map(Happening::Lose),
            2 => (0..70_000_u64).prop_map(Happening::Wait),
            1 => Just(Happening::WaitUntilDue),
            1 => (-90_000_i64..90_000).prop_map(Happening::SetClock),
        ]
        .boxed()
    }

    fn preconditions(state: &Self, happening: &Happening) -> bool {
        match happening {
            Happening::Place(_) => state.plugged && state.lying.is_none(),
            Happening::Lift => state.lying.is_some(),
            Happening::Unplug => state.plugged,
            Happening::Plug => !state.plugged,
            _ => true,
        }
    }

    fn apply(mut state: Self, happening: &Happening) -> Self {
        match happening {
            Happening::Place(thing) => state.lying = Some(*thing),
            Happening::Lift => {
                state.lying = None;
                state.lifted += 1;
            }
            Happening::Unplug => {
                state.plugged = false;
                state.lying = None;
                state.lifted += 1;
            }
            Happening::Plug => state.plugged = true,
            _ => {}
        }
        state
    }
}
