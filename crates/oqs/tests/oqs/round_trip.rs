use checkin::consent::{ConsentAnswer, LimitAnswer, Topic};
use checkin::effect::Handover;
use checkin::eligibility::{
    Asked, ElderlyRecipient, Eligibility, InsuredKind, MedicalTicket, Qualification, Sex,
    SpecificDisease, Validity,
};
use checkin::limit::{LimitCategory, LimitCertificate, LimitClass};
use jiff::Timestamp;
use jiff::civil::Date;
use oqs::{Encoding, InstitutionCode, Kind, Message, WriteError, parse, to_xml};
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;

/// Characters that both encodings have, and those that XML escapes.
const TEXT: &str = "[ぁ-んァ-ヶ診療田中髙﨑●A-Za-z0-9<>&\"'\\]-][　ぁ-ん髙﨑●ｱ-ﾝ<>&\"'\\]~-]{0,18}";

fn date() -> impl Strategy<Value = Date> {
    (1900..2100_i16, 1..=12_i8, 1..=28_i8).prop_map(|(y, m, d)| Date::constant(y, m, d))
}

fn time() -> impl Strategy<Value = Timestamp> {
    (0..4_000_000_000_i64).prop_map(|second| Timestamp::from_second(second).unwrap())
}

fn qualification() -> impl Strategy<Value = Qualification> {
    let insurer = ("[1-9][0-9]{5}|0[1-9][0-9]{6}|[1-9][0-9]{7}", TEXT, TEXT, TEXT, of("[0-9]{2}"));
    let kind = of(select(vec![InsuredKind::InsuredPerson, InsuredKind::Family]));
    let sex = select(vec![Sex::Male, Sex::Female, Sex::NotSet]);
    let person = (kind, TEXT, TEXT, sex, date(), of(TEXT), of("[0-9]{3}-[0-9]{4}"));
    let days = (of(date()), of(date()), of(date()), of(0..=100_u8));
    let elderly = (of(date()), of(date()), of(date()), of(0..=100_u8)).prop_map(
        |(issued_on, valid_from, valid_to, share_percent)| ElderlyRecipient {
            issued_on,
            valid_from,
            valid_to,
            share_percent,
        },
    );
    let days_of_limit = (of(date()), of(date()), of(date()), of(date()));
    let limit = (of("0[1-3]"), of("A0[1-6]|B0[1-9]|B10"), days_of_limit).prop_map(
        |(class, category, days)| LimitCertificate {
            class: class.as_deref().and_then(LimitClass::of),
            category: category.as_deref().and_then(LimitCategory::of),
            issued_on: days.0,
            valid_from: days.1,
            valid_to: days.2,
            long_term_from: days.3,
        },
    );
    let tickets = proptest::collection::vec("[0-9]{2}", 0..3);
    let disease = (of("[A-Z0-9]{1,8}"), of(date()), of(date()), of(date()), of("[0-9]{1,20}"));
    let disease = disease.prop_map(|(disease, issued_on, valid_from, valid_to, self_pay)| {
        SpecificDisease { disease, issued_on, valid_from, valid_to, self_pay }
    });
    let diseases = proptest::collection::vec(disease, 0..3);
    let more = (of("[1-9]"), diseases);
    let beside = (of("0[1-7]|A1"), of(elderly), tickets, of(limit), more);
    (insurer, person, days, beside).prop_map(|(insurer, person, days, beside)| Qualification {
        insurer_number: insurer.0,
        insurer_name: insurer.1,
        symbol: insurer.2,
        number: insurer.3,
        branch: insurer.4,
        kind: person.0,
        name: person.1,
        name_kana: person.2,
        sex: person.3,
        birth: person.4.into(),
        address: person.5,
        post_number: person.6,
        valid_from: days.0,
        valid_to: days.1,
        lost_on: days.2,
        share_percent: days.3,
        class: beside.0,
        elderly_recipient: beside.1.filter(|one| *one != ElderlyRecipient::default()),
        limit_certificate: beside.3.filter(|one| *one != LimitCertificate::default()),
        preschool: beside.4.0,
        specific_diseases: beside
            .4
            .1
            .into_iter()
            .filter(|one| *one != SpecificDisease::default())
            .collect(),
        medical_tickets: beside
            .2
            .into_iter()
            .map(|text| MedicalTicket(vec![("TicketType".into(), text)]))
            .collect(),
    })
}

fn eligibility() -> impl Strategy<Value = Eligibility> {
    use Validity::{Invalid, InvalidNewerExists, MoreThanOne, NoneFound, Valid, ValidUnregistered};
    let all = [Valid, Invalid, InvalidNewerExists, NoneFound, MoreThanOne, ValidUnregistered];
    let qualifications = proptest::collection::vec(qualification(), 0..4);
    (select(all.to_vec()), qualifications)
        .prop_map(|(validity, qualifications)| Eligibility { validity, qualifications })
}

/// At most one answer to each topic, in the order of the screens.
fn consents() -> impl Strategy<Value = Vec<ConsentAnswer>> {
    let answers = proptest::collection::vec(of((any::<bool>(), time())), Topic::ALL.len());
    answers.prop_map(|answers| {
        let answer = |(topic, answer): (Topic, Option<(bool, Timestamp)>)| {
            answer.map(|(agreed, at)| ConsentAnswer { topic, agreed, at })
        };
        Topic::ALL.into_iter().zip(answers).filter_map(answer).collect()
    })
}

fn asked() -> impl Strategy<Value = Asked> {
    let limit = of((any::<bool>(), time()).prop_map(|(agreed, at)| LimitAnswer { agreed, at }));
    let numbers = limit.prop_map(|limit_certificate| Asked::Numbers { limit_certificate });
    prop_oneof![Just(Asked::Card), numbers]
}

fn institution() -> InstitutionCode {
    InstitutionCode::new("1311111111").unwrap()
}

proptest! {
    #[test]
    fn what_is_written_is_read(
        eligibility in eligibility(),
        consents in consents(),
        asked in asked(),
        now in time(),
        encoding in select(vec![Encoding::Utf8, Encoding::ShiftJis]),
    ) {
        let handover =
            Handover { eligibility: eligibility.clone(), asked, consents: consents.clone() };
        let file = Message::of_check_in(institution(), "", &handover, now).unwrap();
        let xml = to_xml(&file, encoding).unwrap();
        prop_assert_eq!(&xml.lost, &[]);
        let read = parse(&xml.bytes).unwrap();
        prop_assert_eq!(&read, &file);
        prop_assert_eq!(read.eligibility(), Ok(eligibility));
        for consent in read.results().flat_map(|result| result.consents.iter()) {
            if let (Some(from), Some(until)) = (consent.answered_at, consent.available_until) {
                let seconds = |moment: oqs::Moment| moment.timestamp().as_second();
                prop_assert_eq!(seconds(until) - seconds(from), 24 * 60 * 60);
            }
        }
        if read.results().next().is_some() {
            let told = |answers: &[ConsentAnswer]| -> Vec<_> {
                answers.iter().map(|a| (a.topic, a.agreed, a.agreed.then_some(a.at))).collect()
            };
            prop_assert_eq!(told(&read.consents()), told(&consents));
        }
    }

    /// Whatever is read, of any kind and however it is ordered, comes back from what is written.
    #[test]
    fn what_is_read_is_written_and_read_again(
        header in elements(&HEADER),
        body in elements(&BODY),
        result in elements(&RESULT),
        encoding in select(vec![Encoding::Utf8, Encoding::ShiftJis]),
    ) {
        let list = format!("<ResultList><ResultOfQualificationConfirmation>{result}</ResultOfQualificationConfirmation></ResultList>");
        let text = format!("<XmlMsg><MessageBody>{list}{body}</MessageBody><MessageHeader>{header}</MessageHeader></XmlMsg>");
        let file = parse(text.as_bytes()).unwrap();
        let xml = to_xml(&file, encoding).unwrap();
        let read = parse(&xml.bytes).unwrap();
        prop_assert_eq!(&read, &file);
        prop_assert_eq!(to_xml(&read, encoding).unwrap().bytes, xml.bytes, "and keeps its order");
        for kind in Kind::ALL {
            prop_assert_eq!(read.check(kind), file.check(kind));
        }
    }
}

/// Elements with values that they may hold; an `Odd…` one is not known.
const HEADER: [(&str, &str); 8] = [
    ("ProcessExecutionTime", "20230221174835"),
    ("SegmentOfResult", "9"),
    ("ErrorCode", "EA0102"),
    ("QualificationConfirmationDate", "20230221"),
    ("ReferenceClassification", "8"),
    ("ReceptionNumber", "202302210001"),
    ("NumberOfError", "3"),
    ("OddHeader", "<Inner>診療 &amp; 1</Inner>"),
];
const BODY: [(&str, &str); 7] = [
    ("PrescriptionIssueSelect", "2"),
    ("QualificationValidity", "Z"),
    ("ProcessingResultMessage", "有効期限が近づいています"),
    ("QualificationConfirmSearchInfo", "<Birthdate>19450229</Birthdate><Odd/>"),
    ("ReferenceNumberRegistrationInfo", "<ReferenceNumber>24434</ReferenceNumber>"),
    (
        "BulkConfirmUnit",
        "<QualificationValidity>4</QualificationValidity><ReferenceNumber>7</ReferenceNumber>",
    ),
    ("OddBody", " 髙﨑　●\t"),
];
const RESULT: [(&str, &str); 16] = [
    ("InsuredCardClassification", "A1"),
    ("InsurerNumber", "  138016"),
    ("InsuredBranchNumber", "1"),
    ("Name", "髙﨑　●&lt;子"),
    ("NameOfOther", "田中"),
    ("Birthdate", "19450229"),
    ("DisqualificationDate", "20230230"),
    ("InsuredPartialContributionRatio", "010"),
    ("PreschoolClassification", "1"),
    ("ReasonOfLoss", "3"),
    (
        "SpecificDiseasesCertificateList",
        "<SpecificDiseasesCertificateInfo><SpecificDiseasesDiseaseCategory>2</SpecificDiseasesDiseaseCategory></SpecificDiseasesCertificateInfo><SpecificDiseasesCertificateInfo><SpecificDiseasesSelfPay>10000</SpecificDiseasesSelfPay></SpecificDiseasesCertificateInfo>",
    ),
    (
        "PublicExpenseResultList",
        "<MedicalTicketInfo><TicketType>1</TicketType><Odd>1</Odd></MedicalTicketInfo><MedicalTicketInfo/>",
    ),
    (
        "LimitApplicationCertificateRelatedInfo",
        "<LimitApplicationCertificateClassificationFlag>B99</LimitApplicationCertificateClassificationFlag>",
    ),
    ("TestInfoConsFlg", "1"),
    ("TestInfoAvailableTime", "20230221174835"),
    ("OddResult", "  7 "),
];

/// Some of them in any order.
fn elements(of: &'static [(&'static str, &'static str)]) -> impl Strategy<Value = String> {
    let some = proptest::sample::subsequence(of, 0..=of.len()).prop_shuffle();
    some.prop_map(|some| {
        let write = |(name, inner): &(&str, &str)| format!("<{name}>{inner}</{name}>");
        some.iter().map(write).collect()
    })
}

#[track_caller]
fn check(change: impl Fn(&mut Qualification), element: &str) {
    let mut eligibility = parse(crate::SAMPLE.as_bytes()).unwrap().eligibility().unwrap();
    change(&mut eligibility.qualifications[0]);
    let handover = Handover { eligibility, asked: Asked::Card, consents: Vec::new() };
    let now = Timestamp::from_second(1_800_000_000).unwrap();
    let error = Message::of_check_in(institution(), "", &handover, now).unwrap_err();
    assert!(matches!(&error, WriteError::Value { element: e, .. } if e == element), "{error}");
}

#[test]
fn values_that_no_reader_would_take_are_not_written() {
    check(|q| q.insurer_number = "12345".to_owned(), "InsurerNumber");
    check(|q| q.insurer_number = "  123456".to_owned(), "InsurerNumber");
    check(|q| q.branch = Some("1".to_owned()), "InsuredBranchNumber");
    check(|q| q.number = "1".repeat(21), "InsuredIdentificationNumber");
    check(|q| q.name = " ".to_owned(), "Name");
    check(|q| q.name = "診\u{7}療".to_owned(), "Name");
    check(|q| q.share_percent = Some(101), "InsuredPartialContributionRatio");
    check(|q| q.class = Some("a1".to_owned()), "InsuredCardClassification");
    check(|q| q.preschool = Some("未".to_owned()), "PreschoolClassification");
    let disease = |disease: &str, self_pay: &str| SpecificDisease {
        disease: Some(disease.to_owned()),
        self_pay: Some(self_pay.to_owned()),
        ..SpecificDisease::default()
    };
    let long = disease("1", &"1".repeat(21));
    check(move |q| q.specific_diseases = vec![long.clone()], "SpecificDiseasesSelfPay");
    let odd = disease("a 1", "");
    check(move |q| q.specific_diseases = vec![odd.clone()], "SpecificDiseasesDiseaseCategory");
    let name = || vec![("a b".to_owned(), String::new())];
    check(|q| q.medical_tickets = vec![MedicalTicket(name())], "MedicalTicketInfo");
}
