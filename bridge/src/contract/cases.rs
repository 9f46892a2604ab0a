//! Answers of the eligibility system: of everybody whom the simulator knows, and of every case that the interface has.

use super::NOW;
use checkin::consent::{ConsentAnswer, LimitAnswer, Topic};
use checkin::effect::Handover;
use checkin::eligibility::{
    Asked, ElderlyRecipient, Eligibility, InsuredKind, MedicalTicket, Qualification, Sex,
    SpecificDisease, Validity,
};
use checkin::limit::{LimitCategory, LimitCertificate, LimitClass};
use eligibility_sim::{Person, personas};
use jiff::Timestamp;
use jiff::civil::date;

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

/// Everybody whom the simulator knows, and what it answers about them before an insurer has registered.
pub(super) fn people() -> Vec<(String, Eligibility)> {
    let mut all = Vec::new();
    let people = personas().iter().filter_map(|(_, text)| Person::from_toml(text, now()).unwrap());
    for person in people {
        if let Some(delay) = person.delay {
            all.push((format!("{} before", person.id), delay.until_then));
        }
        all.push((person.id, person.eligibility));
    }
    all
}

/// All of them, asked by card and by numbers, with and without consent.
pub(super) fn all() -> Vec<(String, Handover)> {
    let mut all = Vec::new();
    for (who, eligibility) in people().into_iter().chain(made()) {
        let consents = |agreed| Topic::ALL.map(|topic| ConsentAnswer { topic, agreed, at: now() });
        let limit =
            |agreed| Asked::Numbers { limit_certificate: Some(LimitAnswer { agreed, at: now() }) };
        for (how, asked, consents) in [
            ("by card, yes", Asked::Card, consents(true).to_vec()),
            ("by card, no", Asked::Card, consents(false).to_vec()),
            ("by numbers, yes", limit(true), vec![]),
            ("by numbers, no", limit(false), vec![]),
        ] {
            let eligibility = eligibility.clone();
            all.push((format!("{who} {how}"), Handover { eligibility, asked, consents }));
        }
    }
    all
}

/// Every class, every 適用区分, 高齢受給者証, 未就学, two 特定疾病療養受療証, several 医療券, births that no calendar has, shares.
fn made() -> Vec<(String, Eligibility)> {
    let mut all = Vec::new();
    let mut add = |who: String, q: Qualification| {
        let qualifications = vec![q];
        all.push((who, Eligibility { validity: Validity::Valid, qualifications }));
    };
    for class in ["01", "02", "03", "04", "05", "06", "07", "A1", "Z9"] {
        add(format!("class {class}"), Qualification { class: Some(class.into()), ..plain() });
    }
    for category in (1..=6).map(|n| format!("A{n:02}")).chain((1..=10).map(|n| format!("B{n:02}")))
    {
        for class in ["01", "02", "03"] {
            let limit_certificate = Some(limit(&category, class));
            add(
                format!("limit {category} {class}"),
                Qualification { limit_certificate, ..plain() },
            );
        }
    }
    for percent in [10, 20, 30] {
        let elderly_recipient = Some(elderly(percent));
        add(format!("elderly {percent}"), Qualification { elderly_recipient, ..plain() });
        let share_percent = Some(percent);
        add(format!("share {percent}"), Qualification { share_percent, ..plain() });
    }
    for code in ["1", "2", "9"] {
        let preschool = Some(code.to_owned());
        add(format!("preschool {code}"), Qualification { preschool, ..plain() });
        let specific_diseases = vec![specific_disease(code), specific_disease("2")];
        add(format!("specific disease {code}"), Qualification { specific_diseases, ..plain() });
    }
    for tickets in 1..=3 {
        let medical_tickets = (0..tickets).map(ticket).collect();
        let class = Some("A1".to_owned());
        let assisted = Qualification { class, medical_tickets, ..plain() };
        let numberless = Qualification { insurer_number: String::new(), ..assisted.clone() };
        add(format!("{tickets} 医療券"), assisted);
        add(format!("{tickets} 医療券 without a number"), numberless);
    }
    for birth in ["19450229", "19400100", "19400000"] {
        let birth = checkin::birth::Birth::parse(birth).unwrap();
        add(format!("birth {birth:?}"), Qualification { birth, ..plain() });
    }
    all
}

fn plain() -> Qualification {
    Qualification {
        class: Some("01".into()),
        insurer_number: "138057".into(),
        insurer_name: "練習健康保険組合".into(),
        symbol: "２１１３".into(),
        number: "1048".into(),
        branch: Some("01".into()),
        kind: Some(InsuredKind::InsuredPerson),
        name: "受付　太郎".into(),
        name_kana: "ｳｹﾂｹ ﾀﾛｳ".into(),
        sex: Sex::Male,
        birth: date(1954, 3, 2).into(),
        post_number: Some("100-0000".into()),
        address: Some("東京都練習区受付町一丁目１番１号".into()),
        valid_from: Some(date(2024, 4, 1)),
        valid_to: Some(date(2027, 3, 31)),
        lost_on: None,
        share_percent: None,
        elderly_recipient: None,
        limit_certificate: None,
        preschool: None,
        specific_diseases: Vec::new(),
        medical_tickets: Vec::new(),
    }
}

fn limit(category: &str, class: &str) -> LimitCertificate {
    LimitCertificate {
        class: LimitClass::of(class),
        category: LimitCategory::of(category),
        issued_on: Some(date(2026, 8, 1)),
        valid_from: Some(date(2026, 8, 1)),
        valid_to: Some(date(2027, 7, 31)),
        long_term_from: Some(date(2026, 9, 1)),
    }
}

fn elderly(percent: u8) -> ElderlyRecipient {
    ElderlyRecipient {
        issued_on: Some(date(2026, 8, 1)),
        valid_from: Some(date(2026, 8, 1)),
        valid_to: Some(date(2027, 7, 31)),
        share_percent: Some(percent),
    }
}

fn specific_disease(code: &str) -> SpecificDisease {
    SpecificDisease {
        disease: Some(code.to_owned()),
        issued_on: Some(date(2024, 4, 1)),
        valid_from: Some(date(2024, 4, 1)),
        valid_to: None,
        self_pay: Some("10000".to_owned()),
    }
}

fn ticket(nth: u32) -> MedicalTicket {
    let leaves = [("TicketType", "01".to_owned()), ("IssueNumber", format!("{nth:08}"))];
    MedicalTicket(leaves.map(|(name, text)| (name.to_owned(), text)).to_vec())
}

/// One answer with everything that a rule looks at.
pub(super) fn everything() -> Handover {
    let q = Qualification {
        preschool: Some("1".into()),
        specific_diseases: vec![specific_disease("1"), specific_disease("3")],
        elderly_recipient: Some(elderly(20)),
        limit_certificate: Some(limit("A03", "01")),
        medical_tickets: vec![ticket(1), ticket(2)],
        ..plain()
    };
    let eligibility = Eligibility { validity: Validity::Valid, qualifications: vec![q] };
    let agreed = |topic| ConsentAnswer { topic, agreed: true, at: now() };
    Handover { eligibility, asked: Asked::Card, consents: Topic::ALL.map(agreed).to_vec() }
}
