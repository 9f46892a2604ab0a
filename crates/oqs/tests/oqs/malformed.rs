use crate::SAMPLE;
use oqs::{MAX_BYTES, ParseError, parse};
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
    check(">20010327<", "><", "<Birthdate> is missing");
    check(">20230221<", ">2023-02-21<", "<QualificationConfirmationDate>");
    check(">20191001</InsuredCardV", ">0</InsuredCardV", "<InsuredCardValidDate>");
    check(
        "ConsTime>20230221174835",
        "ConsTime>202302211748",
        "<SpecificHealthCheckupsInfoConsTime>",
    );
    check("DiagnosisInfoConsFlg>0", "DiagnosisInfoConsFlg>2", "<DiagnosisInfoConsFlg>");
    check("Validity>1<", "Validity>0<", "one digit from 1 to 6");
    check("Validity>1<", "Validity>7<", "one digit from 1 to 6");
    check("Validity>1<", "Validity><", "<QualificationValidity> is missing");
    check("  123456", " 1234567", "<InsurerNumber> is not valid: expected 6 or 8 digits");
    check("1311111111", "131111111", "<MedicalInstitutionCode> is not valid: expected 10 digits");
    check("Sex1>1<", "Sex1>9<", "<Sex1> is not valid");
    check(">4260<", ">123456789012345678901<", "at most 20 characters");
    check(
        ">01</InsuredB",
        ">001</InsuredB",
        "<InsuredBranchNumber> is not valid: expected 2 digits",
    );
    check("<Sex1>1</Sex1>", "<Sex1><A/></Sex1>", "<Sex1> is not valid: expected text");
    check("<Sex1>1</Sex1>", "<Sex1>1</Sex1><Sex1>1</Sex1>", "<Sex1> occurs more than once");
}

#[test]
fn contradictory_consents_are_refused() {
    let flag = "<PharmacistsInfoConsFlg>1</PharmacistsInfoConsFlg>";
    check(flag, "", "<PharmacistsInfoConsFlg> is missing");
    check(flag, "<PharmacistsInfoConsFlg>0</PharmacistsInfoConsFlg>", "beside a refused consent");
}

#[test]
fn not_a_result_or_not_yet() {
    check("Segment", "segment", "tags do not match");
    check("SegmentOfResult>1", "SegmentOfResult>2", "still processing");
    check("SegmentOfResult>1", "SegmentOfResult>9", "reports an error");
    check("ResultStatus>1", "ResultStatus>2", "reports an error");
    check("<MessageBody>", "<MessageBody>x", "text beside elements");
    let other = parse(b"<html></html>").unwrap_err();
    assert_eq!(other, ParseError::Missing { element: "XmlMsg".to_owned() });
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
    check("</XmlMsg>", "", "ends before");
    let deep = "<a>".repeat(100_000);
    assert_eq!(parse(deep.as_bytes()), Err(ParseError::TooDeep));
    let wide = format!("<a>{}</a>", "<b/>".repeat(30_000));
    assert_eq!(parse(wide.as_bytes()), Err(ParseError::TooManyElements));
    let large = vec![b' '; MAX_BYTES + 1];
    assert_eq!(parse(&large), Err(ParseError::TooLarge { bytes: MAX_BYTES + 1 }));
    let (start, rest) = SAMPLE.split_once("<ResultList>").unwrap();
    let (result, end) = rest.split_once("</ResultList>").unwrap();
    let many = format!("{start}<ResultList>{}</ResultList>{end}", result.repeat(17));
    assert_eq!(parse(many.as_bytes()), Err(ParseError::TooManyResults));
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
fn every_shortened_file_is_refused() {
    let end = SAMPLE.trim_end().len();
    for length in 0..end {
        assert!(parse(&SAMPLE.as_bytes()[..length]).is_err(), "{length}");
    }
}

proptest! {
    #[test]
    fn damaged_files_never_panic(at in 0..SAMPLE.len(), with in any::<[u8; 3]>(), cut in 0..20_usize) {
        let mut bytes = SAMPLE.as_bytes().to_vec();
        let end = (at + cut).min(bytes.len());
        bytes.splice(at..end, with);
        if let Ok(file) = parse(&bytes) {
            prop_assert!(file.results.len() <= 1);
        }
    }

    #[test]
    fn any_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let head = b"<?xml version=\"1.0\" encoding=\"Shift_JIS\"?><XmlMsg>".as_slice();
        prop_assert!(parse(&bytes).is_err());
        prop_assert!(parse(&[head, &bytes].concat()).is_err());
    }
}
