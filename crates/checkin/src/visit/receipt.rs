//! What a visit used of the person, for them to see.

use super::case::Case;
use super::person::Person;
use super::shared::Shared;
use crate::gateway::Reach;
use crate::view::Receipt;

pub(super) fn of(shared: &Shared, case: &Case) -> Receipt {
    let (person, sent) = (case.person.as_deref(), shared.config.reach != Reach::Nothing);
    Receipt {
        method: person.and_then(|person| person.method),
        card_used: person.is_some(),
        card_sent: person.is_some() && shared.config.reach.hears_of_cards(),
        photo_read: person.is_some_and(Person::photo_was_read),
        items_read: person.is_some_and(|person| person.owner.is_some()),
        numbers_sent: sent && case.numbers_typed(),
        known_numbers_sent: sent && case.numbers_known(),
        statement_made: case.statement.is_some(),
    }
}
