//! Whose answer is it: one check for everything that the system says about the card's owner, before
//! a consent is asked for, before a name is shown and before a file is written. Insurers have linked
//! cards to the records of other people.

use super::person::Person;
use crate::birth::Birth;
use crate::eligibility::{Eligibility, Qualification};
use crate::time::in_japan;
use jiff::civil::Date;

/// The best that is known about the person's birth without the answer itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Known {
    /// From the chip (照合番号B or the PIN of the items was accepted); else as typed from a document or into the 申立書.
    pub(super) birth: Option<Birth>,
    /// The day in Japan on which the card's certificate ends: mostly a birthday, but not with people
    /// whose stay is limited. So it is a hint and refuses nobody.
    pub(super) certificate_ends: Option<Date>,
}

impl Known {
    /// Of the person's card.
    pub(super) fn of(person: &Person) -> Self {
        Self {
            birth: person.proved.or(person.owner.as_ref().map(|owner| owner.birth)),
            certificate_ends: Some(in_japan(person.card.not_after).date()),
        }
    }

    /// What the person typed counts where the chip told nothing.
    pub(super) fn or(self, typed: Option<Birth>) -> Self {
        Self { birth: self.birth.or(typed), ..self }
    }

    /// Judges whom the system answered about.
    pub(super) fn judge<B: Into<Birth> + Copy>(self, births: &[B]) -> Whose {
        let all = |same: &dyn Fn(Birth) -> bool| births.iter().all(|birth| same((*birth).into()));
        match (self.birth, self.certificate_ends) {
            _ if births.is_empty() => Whose::Untold,
            (Some(known), _) if all(&|birth| is_born_on(birth, known)) => Whose::Owners,
            (Some(_), _) => Whose::SomebodyElses,
            (None, Some(ends)) if all(&|birth| may_end_on(birth, ends)) => Whose::Owners,
            (None, _) => Whose::Unproved,
        }
    }
}

/// Whom an answer is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Whose {
    /// It names nobody.
    #[default]
    Untold,
    /// The birth date is the known one; or the certificate ends on that birthday.
    Owners,
    /// Nothing tells: it counts, without a name on the screen, and staff ask for the birth date.
    Unproved,
    /// Born on another day: not shown, not handed on, and no consent is asked for.
    SomebodyElses,
}

/// The birth dates that an answer names.
pub(super) fn births(answer: &Eligibility) -> Vec<Birth> {
    answer.qualifications.iter().map(|q| q.birth).collect()
}

fn is_born_on(answered: Birth, known: Birth) -> bool {
    Qualification::is_born_on(answered, known)
}

/// Whether the certificate of somebody born on that day may end on `day`. Born on 29 February, it
/// is the day before or after in a year without one.
fn may_end_on(birth: Birth, day: Date) -> bool {
    // A day that no calendar has proves nothing: staff ask.
    let Some(birth) = birth.date() else { return false };
    let day = (day.month(), day.day());
    match (birth.month(), birth.day()) {
        (2, 29) => [(2, 28), (2, 29), (3, 1)].contains(&day),
        birthday => birthday == day,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const BIRTH: Date = date(1980, 2, 17);

    fn judged(birth: Option<Date>, ends: Option<Date>, births: &[Date]) -> Whose {
        Known { birth: birth.map(Birth::from), certificate_ends: ends }.judge(births)
    }

    #[test]
    fn the_known_birth_decides() {
        let ends = Some(date(2030, 2, 17));
        assert_eq!(judged(Some(BIRTH), ends, &[BIRTH, BIRTH]), Whose::Owners);
        let other = date(1980, 2, 18);
        assert_eq!(judged(Some(BIRTH), ends, &[BIRTH, other]), Whose::SomebodyElses);
        // The certificate does not speak against the chip.
        assert_eq!(judged(Some(BIRTH), Some(date(2027, 6, 30)), &[BIRTH]), Whose::Owners);
        assert_eq!(judged(Some(BIRTH), ends, &[]), Whose::Untold);
        // One that no calendar has is compared by what is known.
        let birth = Birth::parse("19800200");
        let known = Known { birth, certificate_ends: None };
        assert_eq!(known.judge(&[BIRTH]), Whose::Owners);
        assert_eq!(known.judge(&[date(1980, 3, 17)]), Whose::SomebodyElses);
    }

    #[test]
    fn the_end_of_the_certificate_is_a_hint() {
        assert_eq!(judged(None, Some(date(2030, 2, 17)), &[BIRTH]), Whose::Owners);
        assert_eq!(judged(None, Some(date(2030, 2, 18)), &[BIRTH]), Whose::Unproved);
        assert_eq!(judged(None, None, &[BIRTH]), Whose::Unproved);
        let leap = date(1984, 2, 29);
        for end in [date(2027, 2, 28), date(2028, 2, 29), date(2027, 3, 1)] {
            assert_eq!(judged(None, Some(end), &[leap]), Whose::Owners, "{end}");
        }
        assert_eq!(judged(None, Some(date(2027, 3, 2)), &[leap]), Whose::Unproved);
    }
}
