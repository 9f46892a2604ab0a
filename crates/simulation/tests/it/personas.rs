//! Every persona comes in once. The journals say which screens, records, result file, staff notice
//! and claim advice follow from card, answers and date.

use checkin::consent::Topic;
use checkin::documents::Document;
use checkin::fallback::Way;
use checkin::identity::Method;
use eligibility_sim::personas;
use simulation::{Consents, Listed, Plan, World};

/// What each persona does differently from everybody else.
fn plan(id: &str) -> Plan {
    use Document::{EligibilityCertificate, MynaPortal, QualificationNotice};
    let usual = Plan::default();
    let shows = |document| Plan { ways: vec![Way::Document(document)], ..Plan::default() };
    let takes = |way| Plan { ways: vec![way], ..Plan::default() };
    match id {
        "valid-elderly" | "staff-only" => Plan { method: Method::Visual, ..usual },
        "valid-young" => Plan { method: Method::Pin, consents: Consents::None, ..usual },
        "specific-disease" => Plan { consents: Consents::EverySecond, ..usual },
        "expiring" => Plan { withdraw: Some(Topic::TreatmentAndMedicine), ..usual },
        "pin-locked" | "pin-last-try" => Plan { method: Method::Pin, ..usual },
        "pin-two-left" => Plan { method: Method::Pin, wrong_pins: 1, ..usual },
        "elderly-two" => Plan { face_misses: 2, ..usual },
        "elderly-three" => Plan { face_misses: 9, ..usual },
        "expired-long" | "juki-card" | "not-my-number" => shows(EligibilityCertificate),
        "new-job" | "moved" => shows(QualificationNotice),
        "newer-exists" | "two-qualifications" => shows(MynaPortal),
        "newborn" | "none-found" | "answer-empty" => takes(Way::Statement),
        "invalid" | "down-query" | "late-then-answer" => takes(Way::Oral),
        "system-down" => Plan { ways: vec![Way::Document(MynaPortal), Way::Statement], ..usual },
        _ => usual,
    }
}

#[test]
fn every_persona_comes_to_a_claimable_end() {
    let start = "2026-11-23T09:00:00+09:00".parse().unwrap();
    for (id, text) in personas() {
        let journal = World::visit(text, start, plan(id)).unwrap_or_else(|e| panic!("{id}: {e}"));
        assert!(journal.records.iter().any(|record| record.starts_with("Ended")), "{id}");
        let story = text.lines().find(|line| line.starts_with("story")).unwrap();
        insta::with_settings!({ prepend_module_to_snapshot => false, description => story }, {
            insta::assert_snapshot!(*id, journal.to_string());
        });
    }
}

/// The same people where the eligibility system is reached by numbers only: no question by card, no consent, and an end for everybody.
#[test]
fn every_persona_ends_where_the_system_hears_of_no_card() {
    let start = "2026-11-23T09:00:00+09:00".parse().unwrap();
    let mut confirmed = 0;
    for (id, text) in personas() {
        for listed in [Listed::Known, Listed::Nobody, Listed::Unsure] {
            let journal = World::visit_by_numbers(text, start, plan(id), listed)
                .unwrap_or_else(|error| panic!("{id}: {error}"));
            let said = |part: &str| journal.records.iter().any(|record| record.starts_with(part));
            assert!(said("Ended"), "{id}");
            assert!(!said("Consent") && !said("Registered"), "{id}");
            assert!(journal.system.is_empty(), "{id}: {:?}", journal.system);
            let as_card = |line: &&String| line.starts_with("ReferenceClassification=1");
            assert_eq!(journal.files.iter().find(as_card), None, "{id}");
            let found = listed == Listed::Known && said("PatientSought(Known)");
            confirmed += usize::from(found && said("Ended(Confirmed)"));
        }
    }
    assert!(confirmed > 20, "{confirmed} people were found and confirmed");
}

#[test]
fn one_who_is_known_and_one_who_is_not() {
    let start = "2026-11-23T09:00:00+09:00".parse().unwrap();
    let (_, text) = personas().iter().find(|(id, _)| *id == "valid").unwrap();
    let by_pin = Plan { method: Method::Pin, ..Plan::default() };
    let paper = Plan {
        ways: vec![Way::Document(Document::QualificationNotice)],
        method: Method::Visual,
        ..Plan::default()
    };
    for (name, plan, listed) in [
        ("by-numbers-face", Plan::default(), Listed::Known),
        ("by-numbers-pin", by_pin, Listed::Known),
        ("by-numbers-not-in-list", paper, Listed::Nobody),
    ] {
        let journal = World::visit_by_numbers(text, start, plan, listed).unwrap();
        insta::with_settings!({ prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(name, journal.to_string());
        });
    }
}
