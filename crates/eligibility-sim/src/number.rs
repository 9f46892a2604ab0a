//! Asking by number, as the receipt computer does with a paper instead of a card.

use crate::person::{Limit, Step, answer_for};
use crate::system::{Entry, NationalSystem};
use checkin::eligibility::{Eligibility, Qualification, Validity};
use checkin::event::GatewayTrouble;
use checkin::number::{Numbers, same_number, same_symbol};
use checkin::time::in_japan;
use jiff::Timestamp;

impl NationalSystem {
    /// Looks for a qualification by 保険者番号, 記号, 番号, birth date and, where given, 枝番. Without a
    /// 枝番 several people may be found: [`Validity::MoreThanOne`]. What only the card could show (a
    /// newer qualification) is not disclosed, only that it exists.
    ///
    /// # Errors
    /// [`GatewayTrouble`] of a person who is found.
    pub fn query_by_number(
        &mut self,
        numbers: &Numbers,
        now: Timestamp,
    ) -> Result<Eligibility, GatewayTrouble> {
        let today = in_japan(now).date();
        let mut answers = Vec::new();
        for entry in self.people.values_mut() {
            let known = entry.person.eligibility_at(now).clone();
            let Some(found) = known.qualifications.iter().find(|q| is_meant(q, numbers)) else {
                continue;
            };
            entry.trouble_at(Step::Query, now)?;
            answers.push(answer_for(found, &known, today));
        }
        match answers.len() {
            0 => Ok(Eligibility { validity: Validity::NoneFound, qualifications: Vec::new() }),
            1 => Ok(answers.remove(0)),
            _ => {
                let found = answers.into_iter().flat_map(|answer| answer.qualifications);
                let qualifications = found.take(16).collect();
                Ok(Eligibility { validity: Validity::MoreThanOne, qualifications })
            }
        }
    }

    /// 限度額適用認定 of the card's owner; on the card path nobody is asked for consent.
    #[must_use]
    pub fn limit(&self, serial: &checkin::secret::Serial) -> Option<Limit> {
        self.find(serial)?.person.limit
    }

    /// 限度額適用認定 by number, as with a 資格確認書: only with consent, and only if one person is found.
    #[must_use]
    pub fn limit_by_number(
        &self,
        numbers: &Numbers,
        agreed: bool,
        now: Timestamp,
    ) -> Option<Limit> {
        let meant = |entry: &&Entry| {
            entry.person.eligibility_at(now).qualifications.iter().any(|q| is_meant(q, numbers))
        };
        let mut found = self.people.values().filter(meant);
        let first = found.next().filter(|_| agreed && found.next().is_none())?;
        first.person.limit
    }
}

fn is_meant(q: &Qualification, numbers: &Numbers) -> bool {
    let branch = numbers.branch.is_none() || q.branch.is_none() || q.branch == numbers.branch;
    branch
        && q.birth.may_be(numbers.birth.into())
        && q.insurer_number == numbers.insurer_number
        && same_symbol(&q.symbol, &numbers.symbol)
        && same_number(&q.number, &numbers.number)
}
