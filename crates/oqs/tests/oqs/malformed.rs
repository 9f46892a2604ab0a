use crate::SAMPLE;
use encoding_rs::SHIFT_JIS;
use oqs::{MAX_BYTES, NoAnswer, ParseErrorKind, parse};
use proptest::prelude::*;

#[track_caller]
fn check(from: &str, to: &str, expected: &str) {
    assert!(SAMPLE.contains(from), "{from}");
    let error = parse(SAMPLE.replacen(from, to, 1).as_bytes()).unwrap_err();
    assert!(error.to_string().contains(expected), "{error}");
}

#[test]
fn a_wrong_value_is_named_with_what_was_expected() {
    check(">20010327<", ">2001327<", "<Birthdate> is not valid: expected a date of 8 digits");
    check(">20010327<", ">20011329<", "<Birthdate> is not valid");
    check(">20230221<", ">2023-02-21<", "<QualificationConfirmationDate>");
    check(">20191001</InsuredCardV", ">0</InsuredCardV", "<InsuredCardValidDate>");
    check(
        "ConsTime>20230221174835",
        "ConsTime>202302211748",
        "<SpecificHealthCheckupsInfoConsTime>",
    );
    check("DiagnosisInfoConsFlg>0", "DiagnosisInfoConsFlg>いいえ", "<DiagnosisInfoConsFlg>");
    check("  123456", " 1234567", "<InsurerNumber> is not valid: expected 6 or 8 digits");
    check("1311111111", "131111111", "<MedicalInstitutionCode> is not valid: expected 10 digits");
    check("Sex1>1<", "Sex1>男<", "<Sex1> is not valid: expected a code");
    check(">4260<", ">123456789012345678901<", "at most 20 characters");
    check(
        ">01</InsuredB",
        ">001</InsuredB",
        "<InsuredBranchNumber> is not valid: expected 2 digits",
    );
    check("<Sex1>1</Sex1>", "<Sex1><A/></Sex1>", "<Sex1> is not valid: expected text");
    check("<Sex1>1</Sex1>", "<Sex1>1</Sex1><Sex1>1</Sex1>", "<Sex1> occurs more than once");
    let flag = "<DiagnosisInfoConsFlg>0</DiagnosisInfoConsFlg>";
    check(flag, &flag.repeat(2), "<DiagnosisInfoConsFlg> occurs more than once");
}

#[test]
fn an_error_says_where_it_is() {
    let place = |from: &str, to: &str| {
        let text = SAMPLE.replacen(from, to, 1);
        parse(text.as_bytes()).unwrap_err().at
    };
    let at = place(">20010327<", ">2001327<");
    assert_eq!((at.line, at.column), (30, 17));
    assert_eq!(
        at.path,
        "XmlMsg/MessageBody/ResultList/ResultOfQualificationConfirmation/Birthdate"
    );
    let at = place("診療", "&a;");
    assert_eq!((at.line, at.column), (22, 23));
    let shown = parse(SAMPLE.replacen(">20010327<", "><Name/><", 1).as_bytes()).unwrap_err();
    let start = "line 30, column 17, in XmlMsg/MessageBody/ResultList/";
    assert!(shown.to_string().starts_with(start), "{shown}");
}

#[test]
fn codes_that_are_not_known_are_read_and_are_no_answer() {
    let answer = |from: &str, to: &str| {
        let file = parse(SAMPLE.replacen(from, to, 1).as_bytes()).unwrap();
        file.eligibility().unwrap_err()
    };
    let validity = "QualificationValidity";
    assert_eq!(answer("Validity>1<", "Validity>7<"), NoAnswer::Unknown(validity));
    assert_eq!(answer("Validity>1<", "Validity><"), NoAnswer::Missing(validity));
    assert_eq!(answer(">20010327<", "><"), NoAnswer::Missing("Birthdate"));
    assert_eq!(answer("診療　太郎", "　"), NoAnswer::Missing("Name"));
    let error = |code: &str| NoAnswer::Terminal { code: code.to_owned() };
    let segment = "<SegmentOfResult>";
    assert_eq!(answer("SegmentOfResult>1", "SegmentOfResult>2"), NoAnswer::StillProcessing);
    assert_eq!(answer("SegmentOfResult>1", "SegmentOfResult>9"), error(""));
    let code = "<ErrorCode>EA01</ErrorCode><SegmentOfResult>";
    assert_eq!(answer(&format!("{segment}1"), &format!("{code}3")), error("EA01"));
    assert_eq!(answer("ResultStatus>1", "ResultStatus>2"), error(""));
}

#[test]
fn a_consent_that_contradicts_itself_is_none() {
    let flag = "<PharmacistsInfoConsFlg>1</PharmacistsInfoConsFlg>";
    for instead in ["", "<PharmacistsInfoConsFlg>0</PharmacistsInfoConsFlg>"] {
        let file = parse(SAMPLE.replace(flag, instead).as_bytes()).unwrap();
        let topic = checkin::consent::Topic::TreatmentAndMedicine;
        assert!(file.consents().iter().all(|one| one.topic != topic || !one.agreed));
        let problems = file.check(oqs::Kind::Face);
        assert!(problems[0].path.contains("PharmacistsInfo"), "{problems:?}");
    }
}

#[test]
fn not_a_file_of_the_interface() {
    check("Segment", "segment", "tags do not match");
    check("<MessageBody>", "<MessageBody>x", "text beside elements");
    let kind = |text: &str| parse(text.as_bytes()).unwrap_err().kind;
    assert_eq!(kind("<html></html>"), ParseErrorKind::Missing { element: "XmlMsg" });
    assert_eq!(kind("<XmlMsg/>"), ParseErrorKind::Missing { element: "MessageHeader" });
}

#[test]
fn dangerous_documents_are_refused() {
    check("<XmlMsg>", "<!DOCTYPE XmlMsg [<!ENTITY a \"b\">]><XmlMsg>", "DTD");
    check("診療", "&a;", "unknown entity");
    check("診療", "&#1;", "control character");
    check("診療", "&#0;", "unknown entity");
    check("診療", "\u{1}", "control character");
    check("standalone=\"no\"?>", "?><?xml version=\"1.0\"?>", "inside the document");
    check("version=\"1.0\"", "version=\"1.1\"", "version 1.0");
    check("</XmlMsg>", "</XmlMsg><XmlMsg/>", "after the end");
    check("</XmlMsg>", "", "ends early");
    check("<XmlMsg>", "<!ENTITY a \"b\"><XmlMsg>", "unknown markup");
    let deep = "<a>".repeat(100_000);
    let kind = |bytes: &[u8]| parse(bytes).unwrap_err().kind;
    let deep = format!("<XmlMsg>{deep}");
    assert_eq!(kind(deep.as_bytes()), ParseErrorKind::TooDeep);
    let wide = format!("<XmlMsg>{}</XmlMsg>", "<b/>".repeat(120_000));
    assert_eq!(kind(wide.as_bytes()), ParseErrorKind::TooManyElements);
    let large = vec![b' '; MAX_BYTES + 1];
    assert_eq!(kind(&large), ParseErrorKind::TooLarge { bytes: MAX_BYTES + 1 });
    let (start, rest) = SAMPLE.split_once("<ResultList>").unwrap();
    let (result, end) = rest.split_once("</ResultList>").unwrap();
    let many = format!("{start}<ResultList>{}</ResultList>{end}", result.repeat(17));
    assert_eq!(parse(many.as_bytes()).unwrap().eligibility(), Err(NoAnswer::TooMany(17)));
}

#[test]
fn messages_do_not_repeat_personal_data() {
    for broken in ["診療　太郎<", "診療　太郎</診療>", "診療　太郎&診療;", "診療　太郎<診療>"]
    {
        let error = parse(SAMPLE.replace("診療　太郎", broken).as_bytes()).unwrap_err();
        assert!(!format!("{error} {error:?}").contains("診療"), "{error}");
    }
}

#[test]
fn every_shortened_file_ends_early() {
    let end = SAMPLE.trim_end().len();
    for length in 0..end {
        let error = parse(&SAMPLE.as_bytes()[..length]).unwrap_err();
        assert_eq!(error.kind, ParseErrorKind::EndsEarly, "{length}: {error}");
    }
    let japanese = SAMPLE.replace("UTF-8", "Shift_JIS").replace('\n', "\r\n");
    let (bytes, ..) = SHIFT_JIS.encode(&japanese);
    for length in 0..bytes.trim_ascii_end().len() {
        let error = parse(&bytes[..length]).unwrap_err();
        assert_eq!(error.kind, ParseErrorKind::EndsEarly, "{length}: {error}");
    }
    for (more, kind) in
        [("<A>x&am", true), ("<A>x&am<B>", false), ("<!-- x", true), ("<![CD", true)]
    {
        let text = format!("<XmlMsg>{more}");
        let error = parse(text.as_bytes()).unwrap_err();
        assert_eq!(error.kind == ParseErrorKind::EndsEarly, kind, "{more}: {error}");
    }
}

proptest! {
    #[test]
    fn damaged_files_never_panic(at in 0..SAMPLE.len(), with in any::<[u8; 3]>(), cut in 0..20_usize) {
        let mut bytes = SAMPLE.as_bytes().to_vec();
        let end = (at + cut).min(bytes.len());
        bytes.splice(at..end, with);
        if let Ok(file) = parse(&bytes) {
            prop_assert!(file.results().count() <= 1);
        }
    }

    #[test]
    fn any_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let head = b"<?xml version=\"1.0\" encoding=\"Shift_JIS\"?><XmlMsg>".as_slice();
        prop_assert!(parse(&bytes).is_err());
        prop_assert!(parse(&[head, &bytes].concat()).is_err());
    }
}
