//! What holds of a screen or an end by itself.

use super::rules::Visit;
use super::world::Thing;
use checkin::Screen;
use checkin::consent::ConsentAnswer;
use checkin::view::{Finished, Outcome};
use jiff::{SignedDuration, Timestamp};

/// Each consent is what the person touched, when they did, and none lies in the grace period.
pub(super) fn all_given(visit: &Visit, consents: &[ConsentAnswer]) -> bool {
    let good_until = visit.card.map_or(Timestamp::MIN, Thing::good_until);
    consents.iter().all(|answer| match visit.given.get(&answer.topic) {
        Some((true, at)) => {
            !answer.agreed || (answer.at == *at && answer.at.as_second() <= good_until.as_second())
        }
        Some((false, _)) => !answer.agreed,
        None => false,
    })
}

pub(super) fn is_claimable(outcome: Outcome) -> bool {
    matches!(
        outcome,
        Outcome::Confirmed
            | Outcome::NotConfirmed(_)
            | Outcome::Unanswered(_)
            | Outcome::ByHand { .. }
    )
}

pub(super) fn belongs_to_a_card(screen: &Screen) -> bool {
    matches!(
        screen,
        Screen::Application
            | Screen::Method { .. }
            | Screen::Code { .. }
            | Screen::ReadingPhoto
            | Screen::Face { .. }
            | Screen::Pin { .. }
            | Screen::PinLastTry
            | Screen::CheckingPin
            | Screen::Staff { .. }
            | Screen::CheckingPasscode
            | Screen::Items { .. }
            | Screen::ItemsPin { .. }
            | Screen::ReadingItems
            | Screen::Opening
            | Screen::ConsentSkipped(_)
            | Screen::ConsentAll { .. }
            | Screen::ConsentOne { .. }
    ) || matches!(screen, Screen::Finished(finished) if finished.name.is_some())
}

pub(super) fn ended_well(visit: &Visit, finished: &Finished) {
    assert!(finished.name.is_none() || visit.confirmed_by_card, "greeted by name unconfirmed");
    assert!(finished.name.as_deref() != Some("別人　渉"), "somebody else's name is shown");
    for (topic, until) in &finished.agreed {
        let given = visit.given.get(topic).filter(|(agreed, _)| *agreed);
        let lives = given.map(|(_, at)| *at + SignedDuration::from_hours(24));
        assert_eq!(lives, Some(*until), "{topic:?} on the receipt");
    }
}
