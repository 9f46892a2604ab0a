use crate::SAMPLE;
use checkin::consent::{ConsentAnswer, LimitAnswer, Topic};
use checkin::effect::Handover;
use checkin::eligibility::{Asked, MedicalTicket, Qualification, Validity};
use jiff::Timestamp;
use jiff::civil::date;
use oqs::{
    Answer, Class, ConsentItem, Content, Encoding, InsuredKind, Lost, Message, Reference,
    ResultOfQualification, Sex, parse, to_xml,
};

fn sample() -> Message {
    parse(SAMPLE.as_bytes()).unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn only(file: &Message) -> &ResultOfQualification {
    assert_eq!(file.results().count(), 1);
    file.results().next().unwrap()
}

#[test]
fn the_terminals_header() {
    let header = sample().header.unwrap();
    assert_eq!(header.executed_at.unwrap().timestamp(), at("2023-02-21T17:48:35+09:00"));
    assert_eq!(header.confirmed_on.unwrap().date(), Some(date(2023, 2, 21)));
    assert_eq!(header.institution.unwrap().as_str(), "1311111111");
    assert_eq!(header.file_identifier.as_deref(), Some("ArnHCeDfNjMCFzg="));
    assert_eq!(header.reference, Some(Reference::Card));
    assert_eq!(header.kept.elements().count(), 0);
}

#[test]
fn the_terminals_qualification() {
    let file = sample();
    assert_eq!(file.eligibility().unwrap().validity, Validity::Valid);
    let q = only(&file);
    assert_eq!(q.insurer_number.as_ref().unwrap().as_str(), "123456");
    assert_eq!((q.symbol.as_deref(), q.number.as_deref()), (Some("12-34"), Some("4260")));
    assert_eq!(q.branch.unwrap().to_string(), "01");
    assert_eq!((q.kind, q.class), (Some(InsuredKind::InsuredPerson), Some(Class::General)));
    assert_eq!(
        (q.name.as_deref(), q.name_kana.as_deref()),
        (Some("診療　太郎"), Some("ｼﾝﾘｮｳ ﾀﾛｳ"))
    );
    assert_eq!((q.sex, q.birth.unwrap().date()), (Some(Sex::Male), Some(date(2001, 3, 27))));
    assert_eq!(q.valid_from.unwrap().date(), Some(date(2019, 10, 1)));
    assert_eq!(q.issued_on, q.valid_from);
    assert_eq!((q.valid_to, q.lost_on, q.share), (None, None, None));
    assert_eq!(q.post_number.as_deref(), Some("123-4567"));
    assert!(file.eligibility().unwrap().is_valid());
    assert_eq!(q.kept.elements().count(), 0, "everything in it is known");
}

#[test]
fn the_terminals_consents() {
    let file = sample();
    let of = |item| only(&file).consents.to(&item).unwrap().clone();
    let medicine = of(ConsentItem::PHARMACISTS);
    assert!(medicine.agreed());
    assert_eq!(medicine.answered_at.unwrap().timestamp(), at("2023-02-21T17:48:35+09:00"));
    assert_eq!(medicine.available_until.unwrap().timestamp(), at("2023-02-22T17:48:35+09:00"));
    for refused in [ConsentItem::DIAGNOSIS, ConsentItem::LIMIT_CERTIFICATE] {
        let refused = of(refused);
        assert_eq!(refused.answer, Some(Answer::Refused));
        assert_eq!((refused.answered_at, refused.available_until), (None, None));
    }
    let topics: Vec<_> = file.consents().into_iter().map(|a| (a.topic, a.agreed)).collect();
    let expected = [
        // Medicine without treatment is not what the combined question asks.
        (Topic::TreatmentAndMedicine, false),
        (Topic::HealthCheckups, true),
        (Topic::SpecificDiseases, false),
    ];
    assert_eq!(topics, expected);
}

#[test]
fn a_file_that_is_written_again_keeps_its_order() {
    let written = to_xml(&sample(), Encoding::Utf8).unwrap().bytes;
    let lines = |text: &str| -> Vec<String> { text.lines().map(ToOwned::to_owned).collect() };
    assert_eq!(lines(&String::from_utf8(written).unwrap()), lines(SAMPLE));
}

#[test]
fn the_sample_survives_both_encodings() {
    for encoding in [Encoding::Utf8, Encoding::ShiftJis] {
        let xml = to_xml(&sample(), encoding).unwrap();
        assert_eq!(xml.lost, []);
        assert_eq!(parse(&xml.bytes).unwrap(), sample());
    }
}

#[test]
fn a_check_in_looks_like_the_terminals_file() {
    let now = at("2023-02-21T17:48:35.75+09:00");
    let answer = |topic, agreed| ConsentAnswer { topic, agreed, at: now };
    let consents =
        [answer(Topic::TreatmentAndMedicine, true), answer(Topic::HealthCheckups, false)];
    let institution = oqs::InstitutionCode::new("1311111111").unwrap();
    let handover = Handover {
        eligibility: sample().eligibility().unwrap(),
        asked: Asked::Card,
        consents: consents.to_vec(),
    };
    let file = Message::of_check_in(institution, "visit-7", &handover, now).unwrap();
    let text = String::from_utf8(to_xml(&file, Encoding::Utf8).unwrap().bytes).unwrap();
    let head = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n<XmlMsg>\n    <MessageHeader>";
    assert!(text.starts_with(head), "{text}");
    for expected in [
        "<ProcessExecutionTime>20230221174835</ProcessExecutionTime>",
        "<CharacterCodeIdentifier>0</CharacterCodeIdentifier>",
        "<SegmentOfResult>1</SegmentOfResult>",
        "<QualificationConfirmationDate>20230221</QualificationConfirmationDate>",
        "<ReferenceClassification>1</ReferenceClassification>",
        "<InsurerNumber>  123456</InsurerNumber>",
        "<DiagnosisInfoConsFlg>1</DiagnosisInfoConsFlg>",
        "<DiagnosisInfoAvailableTime>20230222174835</DiagnosisInfoAvailableTime>",
        "<PharmacistsInfoConsTime>20230221174835</PharmacistsInfoConsTime>",
        "<PharmacistsInfoAvailableTime>20230222174835</PharmacistsInfoAvailableTime>",
        "<SpecificHealthCheckupsInfoConsFlg>0</SpecificHealthCheckupsInfoConsFlg>",
        "<ProcessingResultStatus>1</ProcessingResultStatus>",
        "<QualificationValidity>1</QualificationValidity>",
    ] {
        assert!(text.contains(expected), "{expected} in {text}");
    }
    for absent in ["SpecificHealthCheckupsInfoAvailableTime", "OperationInfo"] {
        assert!(!text.contains(absent), "{absent} in {text}");
    }
    let read = parse(text.as_bytes()).unwrap();
    assert_eq!(read, file);
    assert_eq!(read.consents().len(), 2);
}

#[test]
fn numbers_of_a_document_are_said_with_the_answer_about_the_limit() {
    let now = at("2026-11-23T09:00:00+09:00");
    let written = |limit_certificate: Option<LimitAnswer>| {
        let asked = Asked::Numbers { limit_certificate };
        let eligibility = sample().eligibility().unwrap();
        let handover = Handover { eligibility, asked, consents: Vec::new() };
        let institution = oqs::InstitutionCode::new("1311111111").unwrap();
        let file = Message::of_check_in(institution, "", &handover, now).unwrap();
        let bytes = to_xml(&file, Encoding::Utf8).unwrap().bytes;
        assert_eq!(parse(&bytes).unwrap(), file);
        String::from_utf8(bytes).unwrap()
    };
    let limit = |text: &str| -> Vec<String> {
        let lines = text.lines().map(str::trim).filter(|line| line.contains("LimitApplication"));
        lines.map(ToOwned::to_owned).collect()
    };
    let answer = |agreed| Some(LimitAnswer { agreed, at: now });
    for asked in [None, answer(true), answer(false)] {
        assert!(written(asked).contains("<ReferenceClassification>2</ReferenceClassification>"));
    }
    assert_eq!(limit(&written(None)), [""; 0]);
    let flag = |n| {
        format!(
            "<LimitApplicationCertificateRelatedConsFlg>{n}</LimitApplicationCertificateRelatedConsFlg>"
        )
    };
    let time = "<LimitApplicationCertificateRelatedConsTime>20261123090000</LimitApplicationCertificateRelatedConsTime>";
    assert_eq!(limit(&written(answer(true))), [flag(1), time.to_owned()]);
    assert_eq!(limit(&written(answer(false))), [flag(0)]);
}

/// The sample's person with a change, as a check-in writes it.
fn changed(change: impl Fn(&mut Qualification), encoding: Encoding) -> Result<oqs::Xml, String> {
    let mut eligibility = sample().eligibility().unwrap();
    change(&mut eligibility.qualifications[0]);
    let handover = Handover { eligibility, asked: Asked::Card, consents: Vec::new() };
    let institution = oqs::InstitutionCode::new("1311111111").unwrap();
    let now = at("2026-11-23T09:00:00+09:00");
    let file = Message::of_check_in(institution, "", &handover, now).unwrap();
    to_xml(&file, encoding).map_err(|error| error.to_string())
}

#[test]
fn what_shift_jis_lacks_becomes_a_circle_and_is_reported() {
    let xml = changed(|q| q.name = "𠮷田　😀?".to_owned(), Encoding::ShiftJis).unwrap();
    let lost = Lost { element: "Name".into(), characters: vec!['𠮷', '😀'] };
    assert_eq!(xml.lost, [lost]);
    let read = parse(&xml.bytes).unwrap();
    assert_eq!(only(&read).name.as_deref(), Some("●田　●?"));
}

#[test]
fn a_digit_or_number_that_shift_jis_lacks_is_not_written() {
    type Change = fn(&mut Qualification);
    let changes: [(&str, Change); 5] = [
        ("InsuredCardSymbol", |q| q.symbol = "𠮷12".into()),
        ("InsuredIdentificationNumber", |q| q.number = "42６😀".into()),
        ("PostNumber", |q| q.post_number = Some("123–4567".into())),
        // ARABIC-INDIC DIGIT ONE.
        ("Address", |q| q.address = Some("受付町\u{661}番地".into())),
        ("IssueNumber", |q| {
            let number = ("IssueNumber".into(), "𠮷1".into());
            q.medical_tickets = vec![MedicalTicket(vec![number])];
        }),
    ];
    for (element, change) in changes {
        assert!(changed(change, Encoding::Utf8).is_ok(), "{element}");
        let refused = changed(change, Encoding::ShiftJis).unwrap_err();
        assert!(refused.starts_with(&format!("<{element}>")), "{refused}");
    }
}

#[test]
fn unknown_elements_come_back_in_their_place_with_their_children() {
    let odd = "<TemplateInfo><Number>  7 &amp; &#13;8</Number><Empty/></TemplateInfo>";
    let text = SAMPLE.replace("<Sex1>", &format!("{odd}<Sex1>"));
    let text = text.replace("<ResultList>", "<NewCode>N1</NewCode><ResultList>");
    let text = text.replace("<XmlMsg>", "<XmlMsg xmlns:xsi=\"urn:x\">");
    let file = parse(text.as_bytes()).unwrap();
    let body = file.body.as_ref().unwrap();
    assert_eq!(body.kept.elements().next().unwrap().name(), "NewCode");
    let kept = only(&file).kept.elements().next().unwrap();
    let Content::Children(children) = kept.content() else { panic!("{kept:?}") };
    assert_eq!(children[0].content(), &Content::Text("  7 & \r8".to_owned()));
    let written = to_xml(&file, Encoding::Utf8).unwrap().bytes;
    assert_eq!(parse(&written).unwrap(), file);
    let written = String::from_utf8(written).unwrap();
    let place = |name: &str| written.find(name).unwrap();
    assert!(place("<PersonalFamily") < place("<TemplateInfo"));
    assert!(place("<TemplateInfo") < place("<Sex1>"));
    assert!(place("<NewCode>") < place("<ResultList>"));
}

#[test]
fn consent_items_are_data() {
    let more = "<AllergyInfoConsFlg>1</AllergyInfoConsFlg><ReferralInfoConsFlg>0</ReferralInfoConsFlg>\
        <ReferralInfoConsTime>20230221174835</ReferralInfoConsTime><DiagnosisInfoConsTim>x</DiagnosisInfoConsTim><Sex1>";
    let file = parse(SAMPLE.replace("<Sex1>", more).as_bytes()).unwrap();
    let consents = &only(&file).consents;
    let found: Vec<_> = consents.iter().filter(|one| one.item.topic().is_none()).collect();
    let names: Vec<_> = found.iter().map(|one| (one.item.start(), one.item.japanese())).collect();
    let limit = ("LimitApplicationCertificateRelated", Some("限度額適用認定証"));
    let expected = [("AllergyInfo", Some("アレルギー情報")), ("ReferralInfo", None), limit];
    assert_eq!(names, expected);
    assert!(found[0].agreed() && !found[1].agreed());
    assert_eq!(only(&file).kept.elements().count(), 1, "a slip of one program stays as it is");
    assert_eq!(parse(&to_xml(&file, Encoding::ShiftJis).unwrap().bytes).unwrap(), file);
}

#[track_caller]
fn insurer_number(written: &str) -> String {
    let text = SAMPLE.replace("  123456", written);
    only(&parse(text.as_bytes()).unwrap()).insurer_number.as_ref().unwrap().as_str().to_owned()
}

#[test]
fn padding_blanks_and_order_do_not_matter() {
    assert_eq!(insurer_number("00123456"), "123456");
    assert_eq!(insurer_number("123456"), "123456");
    assert_eq!(insurer_number("01130012"), "01130012");
    let blanks = SAMPLE.replace("</Name>", "</Name >").replace("</XmlMsg>", "</XmlMsg \n>");
    assert_eq!(parse(blanks.as_bytes()).unwrap(), sample());
    let (start, end) = SAMPLE.split_once("<MessageHeader>").unwrap();
    let (header, body) = end.split_once("</MessageHeader>").unwrap();
    let body = body.replace("</XmlMsg>", "");
    let turned = format!("{start}{body}<MessageHeader>{header}</MessageHeader></XmlMsg>");
    assert_eq!(parse(turned.as_bytes()).unwrap(), sample());
}

#[test]
fn nobody_found_has_an_empty_list_or_none() {
    let (start, end) = SAMPLE.split_once("<ResultList>").unwrap();
    let (_, end) = end.split_once("</ResultList>").unwrap();
    let end = end.replace("Validity>1<", "Validity>4<");
    for list in ["", "<ResultList/>", "<ResultList>\n </ResultList>"] {
        let file = parse(format!("{start}{list}{end}").as_bytes()).unwrap();
        let answer = file.eligibility().unwrap();
        assert_eq!((answer.validity, answer.qualifications.len()), (Validity::NoneFound, 0));
        assert_eq!(parse(&to_xml(&file, Encoding::ShiftJis).unwrap().bytes).unwrap(), file);
    }
}
