//! Since when somebody is at a kiosk and needs staff: what the staff board tells beside the view.

use checkin::VisitId;
use jiff::Timestamp;
use protocol::Screen;
use protocol::staff::Need;

/// See the module.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moments {
    /// When the visit began that goes on.
    pub begun: Option<Timestamp>,
    /// Which visit it is; `None` once only its card is waited for.
    pub visit: Option<VisitId>,
    /// What staff are needed for, and since when.
    pub needed: Option<(Need, Timestamp)>,
}

impl Moments {
    /// As they are when this screen is shown next.
    #[must_use]
    pub fn on(self, screen: &Screen, visit: Option<VisitId>, now: Timestamp) -> Self {
        if matches!(screen, Screen::Idle | Screen::OutOfService { .. }) {
            return Self::default();
        }
        let since = |need| match self.needed {
            Some((before, since)) if before == need => since,
            _ => now,
        };
        let needed = need(screen).map(|need| (need, since(need)));
        Self { begun: Some(self.begun.unwrap_or(now)), visit, needed }
    }
}

/// What the person before this screen needs staff for.
fn need(screen: &Screen) -> Option<Need> {
    match screen {
        Screen::Staff { .. } | Screen::CheckingPasscode => Some(Need::Eye),
        Screen::TakeCard { reminder: 1.., .. } => Some(Need::CardLeft),
        Screen::CardAway { reader_lost: true, .. } => Some(Need::Reader),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_goes_on_over_a_wrong_passcode_and_ends_with_the_visit() {
        let at = |second: i64| Timestamp::from_second(1_800_000_000 + second).unwrap();
        let (staff, visit) = (Screen::Staff { problem: None }, Some(VisitId(3)));
        let screens = [Screen::Reading, staff.clone(), Screen::CheckingPasscode, staff];
        let mut moments = Moments::default();
        for (second, screen) in (0..).zip(&screens) {
            moments = moments.on(screen, visit, at(second));
        }
        let waits = Some((Need::Eye, at(1)));
        assert_eq!(moments, Moments { begun: Some(at(0)), visit, needed: waits });
        let next = moments.on(&Screen::ConsentAll { topics: Vec::new() }, visit, at(9));
        assert_eq!(next, Moments { begun: Some(at(0)), visit, needed: None });
        assert_eq!(next.on(&Screen::Idle, None, at(10)), Moments::default());
    }
}
