//! Every persona comes in once. The journals say which screens, records, result file, staff notice
//! and claim advice follow from card, answers and date.

use checkin::consent::Topic;
use checkin::documents::Document;
use checkin::fallback::Way;
use checkin::identity::Method;
use eligibility_sim::personas;
use simulation::{Consents, Plan, World};

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
