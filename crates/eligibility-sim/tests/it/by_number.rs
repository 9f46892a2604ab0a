//! Questions by the number of a paper.

use crate::practice::*;
use checkin::eligibility::Validity;
use checkin::number::{Numbers, half_width};
use eligibility_sim::NationalSystem;

pub(crate) fn numbers(id: &str) -> Numbers {
    let person = person(id);
    let q = &person.eligibility.qualifications[0];
    Numbers {
        insurer_number: q.insurer_number.clone(),
        symbol: half_width(&q.symbol),
        number: half_width(&q.number),
        branch: q.branch.clone(),
        birth: q.birth,
    }
}

#[track_caller]
fn by_number(numbers: &Numbers, at: &str, expected: Validity, people: usize) {
    let mut system = NationalSystem::practice(now());
    let answer = system.query_by_number(numbers, false, at.parse().unwrap()).unwrap();
    assert_eq!((answer.validity, answer.qualifications.len()), (expected, people));
}

#[test]
fn numbers_of_a_paper_find_the_person() {
    let today = "2026-11-23T09:00:00+09:00";
    by_number(&numbers("valid"), today, Validity::Valid, 1);
    by_number(&numbers("symbol-wide"), today, Validity::Valid, 1);
    by_number(&numbers("medical-assistance"), today, Validity::ValidUnregistered, 1);
    by_number(&numbers("left-job"), today, Validity::Invalid, 1);
    by_number(&numbers("not-registered"), today, Validity::Valid, 1);
    let other_birth = Numbers { birth: person("invalid").birth.into(), ..numbers("valid") };
    by_number(&other_birth, today, Validity::NoneFound, 0);
    let other_branch = Numbers { branch: Some("09".into()), ..numbers("valid") };
    by_number(&other_branch, today, Validity::NoneFound, 0);
    let without_branch = Numbers { branch: None, ..numbers("valid") };
    by_number(&without_branch, today, Validity::Valid, 1);
}

#[test]
fn twins_are_told_apart_by_the_branch_only() {
    let today = "2026-11-23T09:00:00+09:00";
    by_number(&numbers("twin-elder"), today, Validity::Valid, 1);
    let either = Numbers { branch: None, ..numbers("twin-elder") };
    by_number(&either, today, Validity::MoreThanOne, 2);
}

#[test]
fn a_lost_number_says_that_a_newer_one_exists_and_no_more() {
    let person = person("new-job");
    let lost = &person.eligibility.qualifications[1];
    let old = Numbers {
        insurer_number: lost.insurer_number.clone(),
        symbol: lost.symbol.clone(),
        number: lost.number.clone(),
        ..numbers("new-job")
    };
    by_number(&old, "2026-11-25T23:59:59+09:00", Validity::Invalid, 1);
    by_number(&old, "2026-11-26T00:00:00+09:00", Validity::InvalidNewerExists, 1);
    by_number(&numbers("new-job"), "2026-11-25T23:59:59+09:00", Validity::NoneFound, 0);
    by_number(&numbers("new-job"), "2026-11-26T00:00:00+09:00", Validity::Valid, 1);
}

#[test]
fn certificates_of_specific_diseases_need_consent_by_card() {
    use checkin::consent::Topic;
    let mut system = NationalSystem::practice(now());
    let serial = serial("specific-disease");
    let mut told = |consents: &[_]| {
        let found = system.query(&serial, consents, now()).unwrap();
        found.qualifications[0].specific_diseases.clone()
    };
    assert_eq!(told(&[]), []);
    let agreed = agree(Topic::SpecificDiseases, now());
    assert_eq!(told(&[agreed])[0].disease.as_deref(), Some("1"));
    assert_eq!(told(&[]).len(), 1, "it was agreed to before");
    let refused = checkin::consent::ConsentAnswer { agreed: false, ..agreed };
    assert_eq!(told(&[refused]), []);
    told(&[agreed]);
    let paper = numbers("specific-disease");
    let found = system.query_by_number(&paper, true, now()).unwrap();
    assert_eq!(found.qualifications[0].specific_diseases, []);
}

#[test]
fn children_before_school_are_called_so() {
    let class = |id| person(id).eligibility.qualifications[0].preschool.clone();
    assert_eq!(class("preschool").as_deref(), Some("1"));
    assert_eq!((class("school-child"), class("valid")), (None, None));
}
