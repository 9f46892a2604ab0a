//! Asking by number, as the receipt computer does with a paper instead of a card.

use crate::person::{Step, answer_for};
use crate::system::NationalSystem;
use checkin::eligibility::{Eligibility, Qualification, Validity};
use checkin::gateway::GatewayTrouble;
use checkin::number::{Numbers, same_number, same_symbol};
use checkin::time::in_japan;
use jiff::Timestamp;

impl NationalSystem {
    /// Looks for a qualification by 保険者番号, 記号, 番号, birth date and, where given, 枝番. Without a
    /// 枝番 several people may be found: [`Validity::MoreThanOne`]. What only the card could show (a
    /// newer qualification) is not disclosed, only that it exists. 限度額適用認定証 is answered with consent
    /// (`limit_agreed`), as with a 資格確認書, and only if one person is found. 特定疾病療養受療証 are not answered: such a
    /// question has no place for a consent to them.
    ///
    /// # Errors
    /// [`GatewayTrouble`] of a person who is found.
    pub fn query_by_number(
        &mut self,
        numbers: &Numbers,
        limit_agreed: bool,
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
            let found = Qualification { specific_diseases: Vec::new(), ..found.clone() };
            answers.push(answer_for(&found, &known, today));
        }
        match answers.len() {
            0 => Ok(Eligibility { validity: Validity::NoneFound, qualifications: Vec::new() }),
            1 if limit_agreed => Ok(answers.remove(0)),
            1 => {
                let only = answers.remove(0);
                let qualifications = only.qualifications.into_iter().map(without_limit);
                Ok(Eligibility { qualifications: qualifications.collect(), ..only })
            }
            _ => {
                let found = answers.into_iter().flat_map(|answer| answer.qualifications);
                let qualifications = found.take(16).map(without_limit).collect();
                Ok(Eligibility { validity: Validity::MoreThanOne, qualifications })
            }
        }
    }
}

fn without_limit(q: Qualification) -> Qualification {
    Qualification { limit_certificate: None, ..q }
}

fn is_meant(q: &Qualification, numbers: &Numbers) -> bool {
    let branch = numbers.branch.is_none() || q.branch.is_none() || q.branch == numbers.branch;
    branch
        && q.birth.may_be(numbers.birth)
        && q.insurer_number == numbers.insurer_number
        && same_symbol(&q.symbol, &numbers.symbol)
        && same_number(&q.number, &numbers.number)
}
