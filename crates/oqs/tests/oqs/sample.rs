use crate::SAMPLE;
use checkin::consent::{ConsentAnswer, LimitAnswer, Topic};
use checkin::effect::Handover;
use checkin::eligibility::{Asked, InsuredKind, MedicalTicket, Qualification, Sex, Validity};
use jiff::Timestamp;
use jiff::civil::date;
use oqs::{ConsentItem, Content, Encoding, Lost, Reference, ResultFile, parse, to_xml};

fn sample() -> ResultFile {
    parse(SAMPLE.as_bytes()).unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn the_terminals_header() {
    let header = sample().header;
    assert_eq!(header.executed_at, at("2023-02-21T17:48:35+09:00"));
    assert_eq!(header.confirmed_on, date(2023, 2, 21));
    assert_eq!(header.institution.as_str(), "1311111111");
    assert_eq!(header.file_identifier, "ArnHCeDfNjMCFzg=");
    assert_eq!(header.reference, Some(Reference::Card));
    assert_eq!(header.rest, []);
}

#[test]
fn the_terminals_qualification() {
    let file = sample();
    assert_eq!(file.validity, Validity::Valid);
    assert_eq!(file.results.len(), 1);
    let q = &file.results[0].qualification;
    assert_eq!(q.insurer_number, "123456");
    assert_eq!((q.symbol.as_str(), q.number.as_str()), ("12-34", "4260"));
    assert_eq!(q.branch.as_deref(), Some("01"));
    assert_eq!(q.kind, Some(InsuredKind::InsuredPerson));
    assert_eq!((q.name.as_str(), q.name_kana.as_str()), ("診療　太郎", "ｼﾝﾘｮｳ ﾀﾛｳ"));
    assert!(q.sex == Sex::Male && q.birth == date(2001, 3, 27));
    assert_eq!(q.class.as_deref(), Some("01"));
    assert_eq!(q.valid_from, Some(date(2019, 10, 1)));
    assert_eq!((q.valid_to, q.lost_on, q.share_percent), (None, None, None));
    assert_eq!(q.post_number.as_deref(), Some("123-4567"));
    assert!(file.eligibility().is_valid());
    let kept: Vec<_> = file.results[0].rest.iter().map(oqs::Element::name).collect();
    assert_eq!(kept, ["InsuredCertificateIssuanceDate"]);
}

#[test]
fn the_terminals_consents() {
    let file = sample();
    let of = |item| *file.results[0].consents.iter().find(|c| c.item == item).unwrap();
    let medicine = of(ConsentItem::Pharmacists);
    assert!(medicine.agreed);
    assert_eq!(medicine.answered_at, Some(at("2023-02-21T17:48:35+09:00")));
    assert_eq!(medicine.available_until, Some(at("2023-02-22T17:48:35+09:00")));
    let treatment = of(ConsentItem::Diagnosis);
    assert_eq!(
        (treatment.agreed, treatment.answered_at, treatment.available_until),
        (false, None, None)
    );
    let limit = of(ConsentItem::LimitCertificate);
    assert_eq!((limit.agreed, limit.answered_at), (false, None));
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
        eligibility: sample().eligibility(),
        asked: Asked::Card,
        consents: consents.to_vec(),
    };
    let file = ResultFile::of_check_in(institution, "visit-7", &handover, now);
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
        let eligibility = sample().eligibility();
        let handover = Handover { eligibility, asked, consents: Vec::new() };
        let institution = oqs::InstitutionCode::new("1311111111").unwrap();
        let file = ResultFile::of_check_in(institution, "", &handover, now);
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

#[test]
fn what_shift_jis_lacks_becomes_a_circle_and_is_reported() {
    let mut file = sample();
    file.results[0].qualification.name = "𠮷田　😀?".to_owned();
    let xml = to_xml(&file, Encoding::ShiftJis).unwrap();
    let lost = Lost { element: "Name".into(), characters: vec!['𠮷', '😀'] };
    assert_eq!(xml.lost, [lost]);
    assert_eq!(parse(&xml.bytes).unwrap().results[0].qualification.name, "●田　●?");
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
        let mut file = sample();
        change(&mut file.results[0].qualification);
        assert!(to_xml(&file, Encoding::Utf8).is_ok(), "{element}");
        let refused = to_xml(&file, Encoding::ShiftJis).unwrap_err();
        assert!(refused.to_string().starts_with(&format!("<{element}>")), "{refused}");
    }
}

#[test]
fn unknown_elements_come_back_with_their_children() {
    let more = "<AllergyInfoConsFlg>1</AllergyInfoConsFlg><MedicalTicketInfo>\
        <Number>  7 &amp; &#13;8</Number><Empty/></MedicalTicketInfo></ResultOfQualificationConfirmation>";
    let text = SAMPLE.replace("</ResultOfQualificationConfirmation>", more);
    let text =
        text.replace("<ResultList>", "<ProcessingResultCode>N1</ProcessingResultCode><ResultList>");
    let text = text.replace("<XmlMsg>", "<XmlMsg xmlns:xsi=\"urn:x\">");
    let file = parse(text.as_bytes()).unwrap();
    assert_eq!(file.rest[0].name(), "ProcessingResultCode");
    let ticket = file.results[0].rest.last().unwrap();
    let Content::Children(children) = ticket.content() else { panic!("{ticket:?}") };
    assert_eq!(children[0].content(), &Content::Text("  7 & \r8".to_owned()));
    assert_eq!(parse(&to_xml(&file, Encoding::Utf8).unwrap().bytes).unwrap(), file);
}

#[track_caller]
fn insurer_number(written: &str) -> String {
    let text = SAMPLE.replace("  123456", written);
    parse(text.as_bytes()).unwrap().results[0].qualification.insurer_number.clone()
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
        assert_eq!((file.validity, file.results.len()), (Validity::NoneFound, 0));
        assert_eq!(parse(&to_xml(&file, Encoding::ShiftJis).unwrap().bytes).unwrap(), file);
    }
}
