//! Requests, answers and bulk files.

use oqs::{
    Body, Branch, Day, Encoding, Header, InstitutionCode, InsurerNumber, Kind, Line, Message,
    NoAnswer, ReferenceNumber, Registration, SearchInfo, Short, parse, to_xml,
};

fn header() -> Header {
    Header {
        institution: InstitutionCode::new("1312345678").ok(),
        file_identifier: Line::new("visit-7"),
        ..Header::default()
    }
}

fn search() -> SearchInfo {
    SearchInfo {
        insurer_number: InsurerNumber::new("138016"),
        symbol: Short::new("練01"),
        number: Short::new("4260"),
        branch: Branch::new("01"),
        birth: Day::new(jiff::civil::date(1954, 3, 2)),
        ..SearchInfo::default()
    }
}

fn message(header: Header, body: Body) -> Message {
    Message { header: Some(header), body: Some(body), ..Message::default() }
}

/// Writes it, and reads it back in both encodings.
#[track_caller]
fn written(message: &Message, kind: Kind) -> String {
    assert_eq!((message.check(kind), message.kind()), (vec![], kind));
    for encoding in [Encoding::ShiftJis, Encoding::Utf8] {
        assert_eq!(parse(&to_xml(message, encoding).unwrap().bytes).unwrap(), *message);
    }
    String::from_utf8(to_xml(message, Encoding::Utf8).unwrap().bytes).unwrap()
}

#[test]
fn a_request_by_numbers() {
    let confirmed_on = Day::new(jiff::civil::date(2026, 11, 23));
    let body = Body { searches: vec![search()], ..Body::default() };
    let request = message(Header { confirmed_on, ..header() }, body.clone());
    let text = written(&request, Kind::Request);
    let start = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"?>\n<XmlMsg>\n    <MessageHeader>\n        <QualificationConfirmationDate>20261123</QualificationConfirmationDate>";
    assert!(text.starts_with(start), "{text}");
    assert!(text.contains("<InsurerNumber>  138016</InsurerNumber>"), "{text}");
    let missing = message(header(), body).check(Kind::Request);
    assert_eq!(missing[0].path, "XmlMsg/MessageHeader/QualificationConfirmationDate");
    let bulk = Body { searches: vec![search(), search()], ..Body::default() };
    written(&message(Header { confirmed_on, ..header() }, bulk), Kind::BulkRequest);
}

#[test]
fn a_chart_number_is_registered() {
    let registration = Registration {
        reference_number: ReferenceNumber::new("24434"),
        insurer_number: InsurerNumber::new("138016"),
        number: Short::new("4260"),
        ..Registration::default()
    };
    let body = Body { registration: Some(registration.clone()), ..Body::default() };
    let text = written(&message(header(), body), Kind::Register);
    assert!(text.contains("<ReferenceNumber>24434</ReferenceNumber>"), "{text}");
    let body = Body {
        registration: Some(Registration { reference_number: None, ..registration }),
        ..Body::default()
    };
    assert_eq!(message(header(), body).check(Kind::Register).len(), 1);
}

#[test]
fn a_bulk_request_is_fetched_by_its_number() {
    let number = Line::new("202611230001");
    let body = Body { reception_number: number, ..Body::default() };
    let header = Header { file_identifier: None, ..header() };
    let text = written(&message(header, body), Kind::BulkFetch);
    assert!(text.contains("<ReceptionNumber>202611230001</ReceptionNumber>"), "{text}");
}

#[test]
fn a_bulk_result_is_about_several_people() {
    let person = |validity: &str, result: &str| {
        format!(
            "<BulkConfirmUnit><ProcessingResultStatus>1</ProcessingResultStatus><QualificationValidity>{validity}</QualificationValidity>{result}<ReferenceNumber>24434</ReferenceNumber></BulkConfirmUnit>"
        )
    };
    let (_, rest) = crate::SAMPLE.split_once("<ResultList>").unwrap();
    let (result, _) = rest.split_once("</ResultList>").unwrap();
    let text = format!(
        "<XmlMsg><MessageHeader><SegmentOfResult>1</SegmentOfResult><ReceptionNumber>1</ReceptionNumber><NumberOfProcessingResult>2</NumberOfProcessingResult></MessageHeader><MessageBody>{}{}</MessageBody></XmlMsg>",
        person("1", result),
        person("4", "")
    );
    let file = parse(text.as_bytes()).unwrap();
    assert_eq!(file.kind(), Kind::BulkResult);
    assert_eq!(file.eligibility(), Err(NoAnswer::Several));
    let units = &file.body.as_ref().unwrap().units;
    assert_eq!(units[0].eligibility().unwrap().qualifications[0].name, "診療　太郎");
    assert_eq!(units[1].eligibility().unwrap().qualifications, []);
    assert_eq!(file.header.as_ref().unwrap().results, Some(2));
    assert_eq!(parse(&to_xml(&file, Encoding::ShiftJis).unwrap().bytes).unwrap(), file);
}

#[test]
fn names_tell_the_kind() {
    for (name, kind) in [
        ("OQSsiquc01req_202611230001.xml", Some(Kind::Request)),
        ("OQSsiquc01res_202611230001.xml", Some(Kind::Result)),
        ("OQSsiquc01res_face_27142063864da5260a16de5a3d3ad7_20260929160112.xml", Some(Kind::Face)),
        ("OQSsiimm01res_202611230001.xml", Some(Kind::Registered)),
        ("OQSmuquc02res_202611230001.xml", Some(Kind::BulkResult)),
        ("YZKsiquc01res_202611230001.xml", None),
    ] {
        assert_eq!(Kind::of_name(name), kind, "{name}");
    }
    for kind in Kind::ALL {
        let answer = kind.answer().map(Kind::prefix);
        assert!(answer.is_none_or(|answer| answer == kind.prefix().replace("req_", "res_")));
    }
}
