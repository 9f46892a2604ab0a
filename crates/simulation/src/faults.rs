//! What goes wrong by chance, from a seed.

use checkin::consent::Topic;
use checkin::documents::Document;
use checkin::fallback::Way;
use checkin::identity::Method;
use protocol::action::Overall;
use protocol::{Action, screen};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{Rng as _, SeedableRng as _};

use crate::kept::Trouble;
use crate::patient::{Consents, Listed, Plan};

/// What the world does instead of the expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The card is taken away; put back after so many milliseconds.
    Pull { back_after_ms: u64 },
    /// The reader is unplugged; back after so many milliseconds, with the card still on it or not.
    Unplug { back_after_ms: u64 },
    /// The wall clock is set by so many seconds.
    Clock { seconds: i64 },
    /// The page is reloaded, or another one takes the kiosk over; shown again after so long.
    Reload { gone_ms: u64 },
    /// The person goes away and leaves the card.
    WalkAway,
    /// Something is touched that has nothing to do with the screen, perhaps on an old view.
    Touch { stale: bool },
}

/// What happens to an answer on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Arrives,
    Lost,
    Delayed(u64),
    Doubled(u64),
}

/// Chance, from a seed: the same seed brings the same visit.
pub(crate) struct Chance(StdRng);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(StdRng::seed_from_u64(seed))
    }

    pub(crate) fn below(&mut self, most: usize) -> usize {
        self.0.random_range(0..most.max(1))
    }

    pub(crate) fn fate(&mut self) -> Fate {
        match self.0.random_range(0..100) {
            0 => Fate::Lost,
            1..3 => Fate::Delayed(self.0.random_range(100..90_000)),
            3 => Fate::Doubled(self.0.random_range(1..30_000)),
            _ => Fate::Arrives,
        }
    }

    /// A fault before the person acts, in one of thirty cases.
    pub(crate) fn fault(&mut self) -> Option<Fault> {
        let back_after_ms = self.0.random_range(50..100_000);
        Some(match self.0.random_range(0..300) {
            0..3 => Fault::Pull { back_after_ms },
            3 => Fault::Unplug { back_after_ms },
            4 => Fault::Clock { seconds: self.0.random_range(-100_000..100_000) },
            5 | 6 => Fault::WalkAway,
            7..10 => Fault::Touch { stale: self.0.random() },
            10 => Fault::Reload { gone_ms: self.0.random_range(500..20_000) },
            _ => return None,
        })
    }

    /// What happens to the kiosk: in one visit of ten something.
    pub(crate) fn trouble(&mut self) -> Trouble {
        let from = self.0.random_range(0..20);
        match self.0.random_range(0..40) {
            0 => Trouble::Crash(self.0.random_range(0..30)),
            1 => Trouble::FullDisk(from, from + self.0.random_range(1..40)),
            2 => Trouble::StuckFolder,
            3 => Trouble::StuckGateway(from, from + self.0.random_range(5..60)),
            _ => Trouble::Nothing,
        }
    }

    pub(crate) fn plan(&mut self) -> Plan {
        let methods = [Method::Face, Method::Pin, Method::Visual];
        let consents = [Consents::All, Consents::None, Consents::EverySecond];
        let documents = Document::ALL.map(Way::Document);
        let others = [Way::Oral, Way::Statement, Way::Desk];
        let ways: Vec<Way> = documents.into_iter().chain(others).collect();
        let topics = Topic::ALL;
        Plan {
            method: pick(&mut self.0, &methods),
            wrong_pins: self.0.random_range(0..4_u8).saturating_sub(1),
            wrong_passcodes: if self.0.random_bool(0.1) { 5 } else { 0 },
            face_misses: self.0.random_range(0..5_u8).saturating_sub(1),
            consents: pick(&mut self.0, &consents),
            withdraw: self.0.random_bool(0.1).then(|| pick(&mut self.0, &topics)),
            ways: (0..self.0.random_range(0..4)).map(|_| pick(&mut self.0, &ways)).collect(),
        }
    }

    /// Whether the site's eligibility system is reached by numbers only, and what the clinic's list then says.
    pub(crate) fn by_numbers(&mut self) -> Option<Listed> {
        let listed = [Listed::Known, Listed::Known, Listed::Nobody, Listed::Unsure];
        self.0.random_bool(0.25).then(|| pick(&mut self.0, &listed))
    }

    /// The site's list of destinations.
    pub(crate) fn destinations(&mut self) -> usize {
        pick(&mut self.0, &[0, 1, 3])
    }

    /// When the staff withdraw a consent of a visit that they were told of, in milliseconds, and
    /// which one.
    pub(crate) fn staff_withdraw(&mut self, agreed: &[Topic]) -> Option<(u64, Topic)> {
        let withdraws = !agreed.is_empty() && self.0.random_bool(0.05);
        withdraws.then(|| (self.0.random_range(500..200_000), pick(&mut self.0, agreed)))
    }

    /// Something that a finger could touch.
    pub(crate) fn touch(&mut self) -> Action {
        let touches = [
            Action::Present,
            Action::Stop,
            Action::Continue,
            Action::Back,
            Action::OtherWays,
            Action::Take { way: screen::Way::Oral },
            Action::Take { way: screen::Way::Desk },
            Action::Destination { index: 3 },
            Action::Choose { method: screen::Method::Face },
            Action::Choose { method: screen::Method::Pin },
            Action::CameraMissing,
            Action::InsistOnPin,
            Action::ChooseItems { way: screen::ItemsWay::Code },
            Action::ConsentAll { answer: Overall::Choose },
            Action::LimitCertificate { agreed: false },
        ];
        pick(&mut self.0, &touches)
    }
}

fn pick<T: Clone>(rng: &mut StdRng, from: &[T]) -> T {
    from.choose(rng).expect("the list is not empty").clone()
}
