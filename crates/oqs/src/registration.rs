//! Chart numbers given to insured people (照会番号, `OQSsiimm01`). Seen in one program only (`MynaReception`), none of it official: try it
//! with the terminal before it is relied on.

use crate::codes::{Segment, Status};
use crate::error::{NoAnswer, WriteError};
use crate::message::{Body, Header, Message, Registration, SearchInfo};
use crate::name::InstitutionCode;
use crate::values::ReferenceNumber;
use checkin::number::Numbers;
use jiff::Timestamp;

impl Message {
    /// Gives the person with these numbers this chart number; their birth date is no part of it. `identifier` comes back in the answer.
    ///
    /// # Errors
    /// [`WriteError`] names the element whose value does not fit the interface.
    pub fn of_registration(
        institution: InstitutionCode,
        identifier: &str,
        chart: &str,
        numbers: &Numbers,
        now: Timestamp,
    ) -> Result<Self, WriteError> {
        let expected = "1 to 50 characters";
        let wrong = || WriteError::Value { element: "ReferenceNumber".into(), expected };
        let search = SearchInfo::of(numbers)?;
        let registration = Registration {
            reference_number: Some(ReferenceNumber::new(chart).ok_or_else(wrong)?),
            insurer_number: search.insurer_number,
            symbol: search.symbol,
            number: search.number,
            branch: search.branch,
            ..Registration::default()
        };
        let header = Header::of_today(institution, identifier, now)?;
        let body = Body { registration: Some(registration), ..Body::default() };
        Ok(Self { header: Some(header), body: Some(body), ..Self::default() })
    }

    /// Whether an `OQSsiimm01res` says that it was done. What it repeats of the question is for the caller to compare.
    ///
    /// # Errors
    /// [`NoAnswer`] says what it says instead; a file that says neither is [`NoAnswer::Missing`].
    pub fn registered(&self) -> Result<(), NoAnswer> {
        let code = |code: Option<&str>| code.unwrap_or_default().to_owned();
        let header = self.header.as_ref().ok_or(NoAnswer::Missing("MessageHeader"))?;
        match header.segment.ok_or(NoAnswer::Missing("SegmentOfResult"))? {
            Segment::Done => {}
            Segment::Processing => return Err(NoAnswer::StillProcessing),
            _ => return Err(NoAnswer::Terminal { code: code(header.error_code.as_deref()) }),
        }
        let body = self.body.as_ref();
        match body.and_then(|body| body.status) {
            None | Some(Status::Done) => Ok(()),
            Some(_) => {
                let said = body.and_then(|body| body.code.as_deref());
                Err(NoAnswer::Terminal { code: code(said) })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Encoding, Kind, parse, to_xml};
    use checkin::birth::Birth;

    fn asked() -> Message {
        let numbers = Numbers {
            insurer_number: "138057".into(),
            symbol: "練馬12".into(),
            number: "4260".into(),
            branch: Some("02".into()),
            birth: Birth::parse("19840512").unwrap(),
        };
        let institution = InstitutionCode::new("1312345678").unwrap();
        let now = "2026-11-29T00:30:00+09:00".parse().unwrap();
        Message::of_registration(institution, "UK1", "000123", &numbers, now).unwrap()
    }

    #[test]
    fn a_registration_has_the_chart_number_and_the_insurance_and_no_birth() {
        assert_eq!((asked().kind(), asked().check(Kind::Register)), (Kind::Register, vec![]));
        for encoding in [Encoding::Utf8, Encoding::ShiftJis] {
            let bytes = to_xml(&asked(), encoding).unwrap().bytes;
            let text = String::from_utf8_lossy(&bytes);
            assert!(text.contains("<ReferenceNumber>000123</ReferenceNumber>"), "{text}");
            assert!(text.contains("<InsurerNumber>  138057</InsurerNumber>"), "{text}");
            assert!(!text.contains("Birthdate") && !text.contains("19840512"), "{text}");
            assert_eq!(parse(&bytes).unwrap(), asked());
        }
    }

    #[test]
    fn an_answer_says_whether_it_was_done() {
        let with = |segment, status| {
            let mut answer = asked();
            let body = answer.body.as_mut().unwrap();
            (body.status, body.code) = (status, crate::Short::new("X1"));
            answer.header.as_mut().unwrap().segment = segment;
            answer.registered()
        };
        assert_eq!(with(Some(Segment::Done), None), Ok(()));
        assert_eq!(with(Some(Segment::Done), Some(Status::Done)), Ok(()));
        assert_eq!(with(Some(Segment::Processing), None), Err(NoAnswer::StillProcessing));
        let refused = NoAnswer::Terminal { code: "X1".into() };
        assert_eq!(with(Some(Segment::Done), Some(Status::Error)), Err(refused));
        let refused = with(Some(Segment::Error), None);
        assert!(matches!(refused, Err(NoAnswer::Terminal { .. })));
        assert_eq!(with(None, None), Err(NoAnswer::Missing("SegmentOfResult")));
    }
}
