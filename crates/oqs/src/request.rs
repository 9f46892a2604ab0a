//! Questions by numbers (`OQSsiquc01req`): between files and the types of a visit, in both directions.

use crate::answer::text;
use crate::codes::Answer;
use crate::error::WriteError;
use crate::message::{Body, Header, Message, SearchInfo};
use crate::name::InstitutionCode;
use crate::values::{Branch, Day, InsurerNumber};
use checkin::number::{Numbers, half_width};
use jiff::Timestamp;
use jiff::civil::Date;

impl Message {
    /// Asks about the person with these numbers, for the day in Japan. `identifier` comes back in the answer, as the identifier of the
    /// file and as that of the person; `limit_certificate`: a 限度額適用認定証 may be answered.
    ///
    /// # Errors
    /// [`WriteError`] names the element whose value does not fit the interface.
    pub fn of_numbers(
        institution: InstitutionCode,
        identifier: &str,
        numbers: &Numbers,
        limit_certificate: bool,
        now: Timestamp,
    ) -> Result<Self, WriteError> {
        let consent = if limit_certificate { Answer::Agreed } else { Answer::Refused };
        let search = SearchInfo {
            limit_certificate: Some(consent),
            identifier: text("ArbitraryIdentifier", identifier)?,
            ..SearchInfo::of(numbers)?
        };
        let header = Header::of_today(institution, identifier, now)?;
        let body = Body { searches: vec![search], ..Body::default() };
        Ok(Self { header: Some(header), body: Some(body), ..Self::default() })
    }
}

impl Message {
    /// Asks about several people at once (`OQSmuquc01req`), each with the identifier that comes back, for that day. A
    /// 限度額適用認定証 is not asked for: nobody was asked for consent.
    ///
    /// # Errors
    /// [`WriteError`] names the element whose value does not fit the interface.
    pub fn of_many<'a>(
        institution: InstitutionCode,
        identifier: &str,
        people: impl IntoIterator<Item = (&'a str, &'a Numbers)>,
        on: Date,
    ) -> Result<Self, WriteError> {
        let search = |(own, numbers): (&str, &Numbers)| {
            Ok(SearchInfo {
                limit_certificate: Some(Answer::Refused),
                identifier: text("ArbitraryIdentifier", own)?,
                ..SearchInfo::of(numbers)?
            })
        };
        let searches = people.into_iter().map(search).collect::<Result<_, WriteError>>()?;
        let header = Header {
            confirmed_on: Day::new(on),
            file_identifier: text("ArbitraryFileIdentifier", identifier)?,
            institution: Some(institution),
            ..Header::default()
        };
        let body = Body { searches, ..Body::default() };
        Ok(Self { header: Some(header), body: Some(body), ..Self::default() })
    }

    /// Fetches the answers (`OQSmuquc02req`) under the number that `OQSmuquc01res` gave.
    ///
    /// # Errors
    /// [`WriteError`] names the element whose value does not fit the interface.
    pub fn of_fetch(
        institution: InstitutionCode,
        identifier: &str,
        number: &str,
    ) -> Result<Self, WriteError> {
        let header = Header {
            file_identifier: text("ArbitraryFileIdentifier", identifier)?,
            institution: Some(institution),
            ..Header::default()
        };
        let number = text("ReceptionNumber", number)?;
        let body = Body { reception_number: number, ..Body::default() };
        Ok(Self { header: Some(header), body: Some(body), ..Self::default() })
    }

    /// The number under which the answers to a bulk question can be fetched: in an `OQSmuquc01res`, wherever its program wrote it.
    #[must_use]
    pub fn reception_number(&self) -> Option<&str> {
        let of_header = self.header.as_ref().and_then(|header| header.reception_number.as_deref());
        let of_body = self.body.as_ref().and_then(|body| body.reception_number.as_deref());
        of_header.or(of_body)
    }
}

impl SearchInfo {
    /// These numbers.
    ///
    /// # Errors
    /// [`WriteError`] names the element whose value does not fit the interface.
    pub fn of(numbers: &Numbers) -> Result<Self, WriteError> {
        let wrong =
            |element: &str, expected| WriteError::Value { element: element.into(), expected };
        let insurer = InsurerNumber::new(&numbers.insurer_number)
            .ok_or_else(|| wrong("InsurerNumber", "6 or 8 digits"))?;
        let branch = numbers.branch.as_deref().map(|branch| {
            Branch::new(branch).ok_or_else(|| wrong("InsuredBranchNumber", "2 digits"))
        });
        Ok(Self {
            insurer_number: Some(insurer),
            symbol: text("InsuredCardSymbol", &numbers.symbol)?,
            number: text("InsuredIdentificationNumber", &numbers.number)?,
            branch: branch.transpose()?,
            birth: Some(Day::from(numbers.birth)),
            ..Self::default()
        })
    }

    /// The numbers by which is asked; `None` where one is missing that every question has.
    #[must_use]
    pub fn numbers(&self) -> Option<Numbers> {
        let half = |text: Option<&str>| half_width(text.unwrap_or_default());
        Some(Numbers {
            insurer_number: self.insurer_number.as_ref()?.as_str().to_owned(),
            symbol: half(self.symbol.as_deref()),
            number: half(Some(self.number.as_deref()?)),
            branch: self.branch.map(|branch| branch.to_string()),
            birth: self.birth?.birth(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Encoding, Kind, parse, to_xml};
    use checkin::birth::Birth;

    #[test]
    fn a_question_is_what_terminals_take_and_comes_back() {
        let numbers = Numbers {
            insurer_number: "138057".into(),
            symbol: "練馬12".into(),
            number: "4260".into(),
            branch: Some("02".into()),
            birth: Birth::parse("19450229").unwrap(),
        };
        let institution = InstitutionCode::new("1312345678").unwrap();
        let now = "2026-11-29T00:30:00+09:00".parse().unwrap();
        let asked = Message::of_numbers(institution, "UK1", &numbers, true, now).unwrap();
        assert_eq!(asked.check(Kind::Request), []);
        for encoding in [Encoding::Utf8, Encoding::ShiftJis] {
            let bytes = to_xml(&asked, encoding).unwrap().bytes;
            let text = String::from_utf8_lossy(&bytes);
            assert!(text.contains("<InsurerNumber>  138057</InsurerNumber>"), "{text}");
            assert!(text.contains("<Birthdate>19450229</Birthdate>"), "{text}");
            let (date, flag) =
                ("QualificationConfirmationDate", "LimitApplicationCertificateRelatedConsFlg");
            assert!(text.contains(&format!("<{date}>20261129</{date}>")), "{text}");
            assert!(text.contains(&format!("<{flag}>1</{flag}>")), "{text}");
            let read = parse(&bytes).unwrap();
            assert_eq!(read.kind(), Kind::Request);
            let search = &read.body.as_ref().unwrap().searches[0];
            assert_eq!(search.numbers().as_ref(), Some(&numbers));
            assert_eq!(search.identifier.as_deref(), Some("UK1"));
        }
    }

    #[test]
    fn what_is_no_question_has_no_numbers() {
        assert_eq!(SearchInfo::default().numbers(), None);
    }
}
