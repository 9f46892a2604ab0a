//! What receivers demand holds for every file that is handed over. One receiver is rebuilt here, as a
//! reader that knows nothing of this crate's types: it takes the document for a tree of names and texts.

use checkin::effect::Handover;
use checkin::eligibility::Asked;
use checkin::time::in_japan;
use jiff::Timestamp;
use oqs::{Encoding, FileName, InstitutionCode, Kind, Message, parse, to_xml};
use quick_xml::Reader;
use quick_xml::events::Event;

/// Names and texts of all elements without children, in the order of the file; elements with children
/// with an empty text, before them.
fn tree(text: &str) -> Vec<(String, String)> {
    let mut reader = Reader::from_str(text);
    let mut found: Vec<(String, String)> = Vec::new();
    let mut inside = false;
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) => {
                inside = true;
                found.push((start.name().0.to_owned(), String::new()));
            }
            Event::End(_) => inside = false,
            Event::Text(text) => {
                if let Some((_, last)) = found.last_mut().filter(|_| inside) {
                    last.push_str(&text);
                }
            }
            Event::Eof => return found,
            _ => {}
        }
    }
}

/// What `MyClinic` and `MynaReception` ask of a file in `face` (domain-facts G1), and of its name.
#[track_caller]
pub(crate) fn receive(name: &str, text: &str, today: &str) {
    let tree = tree(text);
    let one = |element: &str| -> String {
        let all: Vec<_> = tree.iter().filter(|(name, _)| name == element).collect();
        assert_eq!(all.len(), 1, "{element} once in {text}");
        all[0].1.trim().to_owned()
    };
    assert_eq!(
        (one("SegmentOfResult").as_str(), one("ProcessingResultStatus").as_str()),
        ("1", "1")
    );
    assert_eq!(one("MedicalInstitutionCode").len(), 10);
    one("ResultOfQualificationConfirmation");
    for element in ["InsuredCardClassification", "Name", "Sex1", "InsurerName", "NameKana"] {
        assert_ne!(one(element), "", "{element}");
    }
    assert_eq!(one("Birthdate").len(), 8);
    if let Some((_, number)) = tree.iter().find(|(name, _)| name == "InsurerNumber") {
        assert_eq!(number.len(), 8, "padded with blanks");
    }
    let time = name.strip_suffix(".xml").and_then(|name| name.rsplit('_').next()).unwrap();
    assert!(name.starts_with("OQSsiquc01res_face_") && time.len() == 14);
    assert!(time.starts_with(today), "the day in the name");
}

#[test]
fn a_check_in_is_what_receivers_take() {
    let sample = parse(crate::SAMPLE.as_bytes()).unwrap();
    let now: Timestamp = "2026-11-23T23:59:59.9+09:00".parse().unwrap();
    let institution = InstitutionCode::new("1311111111").unwrap();
    let handover = Handover {
        eligibility: sample.eligibility().unwrap(),
        asked: Asked::Card,
        consents: sample.consents(),
    };
    let file = Message::of_check_in(institution.clone(), "", &handover, now).unwrap();
    assert_eq!(file.check(Kind::Face), []);
    let text = String::from_utf8(to_xml(&file, Encoding::Utf8).unwrap().bytes).unwrap();
    let name = FileName::face(institution, "0123456789abcdef0123", now).unwrap().to_string();
    receive(&name, &text, &in_japan(now).strftime("%Y%m%d").to_string());
}

#[test]
fn what_receivers_refuse_is_found_before() {
    let without = |from: &str, to: &str| {
        assert!(crate::SAMPLE.contains(from), "{from}");
        let file = parse(crate::SAMPLE.replacen(from, to, 1).as_bytes()).unwrap();
        let problems = file.check(Kind::Face);
        problems.iter().map(|one| one.path.clone()).collect::<Vec<_>>()
    };
    assert_eq!(without("診療", "診療"), [""; 0]);
    for (name, empty) in [
        ("InsuredCardClassification", "InsuredCardClassification>01<"),
        ("NameKana", "NameKana>ｼﾝﾘｮｳ ﾀﾛｳ<"),
        ("InsurerName", "InsurerName>東京都<"),
        ("Birthdate", "Birthdate>20010327<"),
        ("Sex1", "Sex1>1<"),
        ("InsurerNumber", "InsurerNumber>  123456<"),
    ] {
        let path = format!("ResultOfQualificationConfirmation/{name}");
        assert_eq!(without(empty, &format!("{name}>　<")), [path]);
    }
    let path = "XmlMsg/MessageHeader/MedicalInstitutionCode";
    assert_eq!(without("MedicalInstitutionCode>1311111111<", "MedicalInstitutionCode><"), [path]);
    let (start, rest) = crate::SAMPLE.split_once("<ResultList>").unwrap();
    let (result, end) = rest.split_once("</ResultList>").unwrap();
    let two = format!("{start}<ResultList>{result}{result}</ResultList>{end}");
    let problems = parse(two.as_bytes()).unwrap().check(Kind::Face);
    assert_eq!(problems[0].path, "XmlMsg/MessageBody/ResultList");
}
