//! Answers: between files and the types of a visit, in both directions. Questions: `request.rs`.

use crate::codes::{Class, Preschool, Reference, Segment, Sex, Status};
use crate::consent::Consents;
use crate::error::{NoAnswer, WriteError};
use crate::message::{
    Body, ElderlyRecipient, Header, LimitCertificate, MedicalTicket, Message, PublicExpense,
    ResultList, ResultOfQualification, SpecificDiseases,
};
use crate::name::InstitutionCode;
use crate::record::Value;
use crate::values::{Branch, CharacterCode, Day, InsurerNumber, Moment, Percent, Text};
use crate::{MAX_RESULTS, codes};
use checkin::consent::{ConsentAnswer, LimitAnswer, Topic};
use checkin::effect::Handover;
use checkin::eligibility::{self, Asked, Eligibility, Qualification, Validity};
use checkin::time::in_japan;
use jiff::Timestamp;
use jiff::civil::Date;

impl Header {
    /// Of a file of today by this institution.
    pub(crate) fn of_today(
        institution: InstitutionCode,
        file_identifier: &str,
        now: Timestamp,
    ) -> Result<Self, WriteError> {
        Ok(Self {
            confirmed_on: day("QualificationConfirmationDate", Some(in_japan(now).date()))?,
            file_identifier: text("ArbitraryFileIdentifier", file_identifier)?,
            institution: Some(institution),
            ..Self::default()
        })
    }
}

impl Message {
    /// The file that a check-in leaves for the receipt computer. `file_identifier` is free text, may be
    /// empty; the consents are written beside every qualification.
    ///
    /// # Errors
    /// [`WriteError`] names the element whose value does not fit the interface.
    pub fn of_check_in(
        institution: InstitutionCode,
        file_identifier: &str,
        handover: &Handover,
        now: Timestamp,
    ) -> Result<Self, WriteError> {
        let Handover { eligibility, asked, consents } = handover;
        let (reference, limit) = match asked {
            Asked::Card => (Reference::Card, None),
            Asked::Numbers { limit_certificate } => (Reference::Number, *limit_certificate),
        };
        let consents = Consents::of(consents, limit);
        let results = eligibility.qualifications.iter().map(|qualification| {
            let result = ResultOfQualification::of(qualification)?;
            Ok(ResultOfQualification { consents: consents.clone(), ..result })
        });
        let results = results.collect::<Result<_, _>>()?;
        let header = Header {
            executed_at: Some(value("ProcessExecutionTime", YEAR, Moment::new(now))?),
            encoding: Some(CharacterCode),
            segment: Some(Segment::Done),
            reference: Some(reference),
            ..Header::of_today(institution, file_identifier, now)?
        };
        let body = Body {
            results: Some(ResultList { results, ..ResultList::default() }),
            status: Some(Status::Done),
            validity: Some(eligibility.validity.into()),
            ..Body::default()
        };
        Ok(Self { header: Some(header), body: Some(body), ..Self::default() })
    }

    /// What was handed over: what [`Self::of_check_in`] made the file of, as far as the file tells.
    ///
    /// # Errors
    /// [`NoAnswer`], as [`Self::eligibility`].
    pub fn handover(&self) -> Result<Handover, NoAnswer> {
        let reference = self.header.as_ref().and_then(|header| header.reference);
        let asked = match reference {
            Some(Reference::Number) => Asked::Numbers { limit_certificate: self.limit_answer() },
            _ => Asked::Card,
        };
        Ok(Handover { eligibility: self.eligibility()?, asked, consents: self.consents() })
    }

    /// Validity and qualifications of the one person that the file is about.
    ///
    /// # Errors
    /// [`NoAnswer`] says what it is instead.
    pub fn eligibility(&self) -> Result<Eligibility, NoAnswer> {
        let header = self.header.as_ref().ok_or(NoAnswer::Missing("MessageHeader"))?;
        let body = self.body.as_ref().ok_or(NoAnswer::Missing("MessageBody"))?;
        let code = |code: Option<&str>| code.unwrap_or_default().to_owned();
        match header.segment {
            None | Some(Segment::Done) => {}
            Some(Segment::Processing) => return Err(NoAnswer::StillProcessing),
            Some(_) => return Err(NoAnswer::Terminal { code: code(header.error_code.as_deref()) }),
        }
        match body.status {
            None | Some(Status::Done) => {}
            Some(_) => return Err(NoAnswer::Terminal { code: code(body.code.as_deref()) }),
        }
        if !body.units.is_empty() {
            return Err(NoAnswer::Several);
        }
        let results: Vec<_> = self.results().collect();
        answer(body.validity, &results)
    }

    /// The answers of the first qualification, by topic. A topic of several items is agreed only if all of
    /// them are. An answer without `ConsTime` counts from the file's own time.
    #[must_use]
    pub fn consents(&self) -> Vec<ConsentAnswer> {
        let Some(first) = self.results().next() else { return Vec::new() };
        let answer = |topic: Topic| {
            let of_topic = || {
                let of_topic = first.consents.iter().filter(|c| c.item.topic() == Some(topic));
                of_topic.filter(|consent| consent.answer.is_some())
            };
            of_topic().next()?;
            let at = of_topic().filter_map(|consent| consent.answered_at).min();
            let agreed = of_topic().all(crate::Consent::agreed);
            Some(ConsentAnswer { topic, agreed, at: self.moment(at)? })
        };
        Topic::ALL.into_iter().filter_map(answer).collect()
    }

    fn limit_answer(&self) -> Option<LimitAnswer> {
        let consents = &self.results().next()?.consents;
        let limit = consents.to(&crate::ConsentItem::LIMIT_CERTIFICATE)?;
        limit.answer?;
        Some(LimitAnswer { agreed: limit.agreed(), at: self.moment(limit.answered_at)? })
    }

    /// That moment, or the file's own.
    fn moment(&self, at: Option<Moment>) -> Option<Timestamp> {
        let own = || self.header.as_ref()?.executed_at;
        at.or_else(own).map(Moment::timestamp)
    }
}

impl crate::message::BulkUnit {
    /// What is answered about this person.
    ///
    /// # Errors
    /// [`NoAnswer`].
    pub fn eligibility(&self) -> Result<Eligibility, NoAnswer> {
        if !matches!(self.status, None | Some(Status::Done)) {
            let code = self.code.as_deref().unwrap_or_default().to_owned();
            return Err(NoAnswer::Terminal { code });
        }
        answer(self.validity, &self.results().collect::<Vec<_>>())
    }
}

fn answer(
    validity: Option<codes::Validity>,
    results: &[&ResultOfQualification],
) -> Result<Eligibility, NoAnswer> {
    const VALIDITY: &str = "QualificationValidity";
    let validity = validity.ok_or(NoAnswer::Missing(VALIDITY))?;
    let validity = validity.domain().ok_or(NoAnswer::Unknown(VALIDITY))?;
    if results.len() > MAX_RESULTS {
        return Err(NoAnswer::TooMany(results.len()));
    }
    let qualifications = results.iter().map(|result| result.qualification());
    let qualifications = qualifications.collect::<Result<Vec<_>, _>>()?;
    // 医療扶助 has no insurer; everybody else has.
    let nobody = |q: &Qualification| q.insurer_number.is_empty() && !assisted(q);
    if validity != Validity::ValidUnregistered && qualifications.iter().any(nobody) {
        return Err(NoAnswer::Missing("InsurerNumber"));
    }
    Ok(Eligibility { validity, qualifications })
}

fn assisted(q: &Qualification) -> bool {
    q.class.as_deref() == Some(eligibility::MEDICAL_ASSISTANCE) || !q.medical_tickets.is_empty()
}

impl ResultOfQualification {
    /// One qualification as the system answers it.
    ///
    /// # Errors
    /// [`WriteError`] names the element whose value does not fit the interface.
    pub fn of(q: &Qualification) -> Result<Self, WriteError> {
        let insurer = Some(&q.insurer_number)
            .filter(|number| !(number.is_empty() && q.has_medical_assistance()));
        let insurer = insurer.map(|number| {
            let read = InsurerNumber::new(number).filter(|read| read.as_str() == number);
            value("InsurerNumber", InsurerNumber::EXPECTED, read)
        });
        let branch = q.branch.as_ref().map(|branch| {
            let read = Branch::new(branch).filter(|read| read.to_string() == *branch);
            value("InsuredBranchNumber", Branch::EXPECTED, read)
        });
        let class = q.class.as_ref().map(|class| {
            let read = Class::parse(class).filter(|read| read.code() == class);
            let expected = "2 digits or upper-case letters";
            value("InsuredCardClassification", expected, read)
        });
        let name = text("Name", &q.name)?;
        if name.is_none() {
            return Err(wrong("Name", "at least one character"));
        }
        let preschool = q.preschool.as_ref().map(|code| {
            let read = Preschool::parse(code).filter(|read| read.code() == code);
            value("PreschoolClassification", Preschool::EXPECTED, read)
        });
        let tickets = q.medical_tickets.iter().map(MedicalTicket::of);
        let tickets = tickets.collect::<Result<Vec<_>, _>>()?;
        let expense = PublicExpense { tickets, ..PublicExpense::default() };
        Ok(Self {
            class: class.transpose()?,
            insurer_number: insurer.transpose()?,
            symbol: text("InsuredCardSymbol", &q.symbol)?,
            number: text("InsuredIdentificationNumber", &q.number)?,
            branch: branch.transpose()?,
            kind: q.kind.map(Into::into),
            name,
            name_kana: text("NameKana", &q.name_kana)?,
            sex: Some(q.sex.into()),
            birth: Some(Day::from(q.birth)),
            address: text("Address", q.address.as_deref().unwrap_or_default())?,
            post_number: text("PostNumber", q.post_number.as_deref().unwrap_or_default())?,
            valid_from: day("InsuredCardValidDate", q.valid_from)?,
            valid_to: day("InsuredCardExpirationDate", q.valid_to)?,
            lost_on: day("DisqualificationDate", q.lost_on)?,
            share: percent("InsuredPartialContributionRatio", q.share_percent)?,
            insurer_name: text("InsurerName", &q.insurer_name)?,
            preschool: preschool.transpose()?,
            elderly_recipient: q.elderly_recipient.map(ElderlyRecipient::of).transpose()?,
            limit_certificate: q.limit_certificate.map(LimitCertificate::of).transpose()?,
            specific_diseases: SpecificDiseases::of(&q.specific_diseases)?,
            public_expense: (!expense.tickets.is_empty()).then_some(expense),
            ..Self::default()
        })
    }

    /// The fields that rules of a visit use.
    ///
    /// # Errors
    /// [`NoAnswer::Missing`].
    pub fn qualification(&self) -> Result<Qualification, NoAnswer> {
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let insurer = self.insurer_number.as_ref().map(InsurerNumber::as_str);
        let name = self.name.as_deref().ok_or(NoAnswer::Missing("Name"))?;
        let tickets = self.public_expense.iter().flat_map(|expense| &expense.tickets);
        Ok(Qualification {
            class: self.class.map(|class| class.code().to_owned()),
            insurer_number: insurer.unwrap_or_default().to_owned(),
            insurer_name: text(self.insurer_name.as_deref()),
            symbol: text(self.symbol.as_deref()),
            number: text(self.number.as_deref()),
            branch: self.branch.map(|branch| branch.to_string()),
            kind: self.kind.and_then(codes::InsuredKind::domain),
            name: name.to_owned(),
            name_kana: text(self.name_kana.as_deref()),
            sex: self.sex.and_then(Sex::domain).unwrap_or(eligibility::Sex::NotSet),
            birth: self.birth.ok_or(NoAnswer::Missing("Birthdate"))?.birth(),
            address: self.address.as_deref().map(ToOwned::to_owned),
            post_number: self.post_number.as_deref().map(ToOwned::to_owned),
            valid_from: self.valid_from.and_then(Day::nearest),
            valid_to: self.valid_to.and_then(Day::nearest),
            lost_on: self.lost_on.and_then(Day::nearest),
            share_percent: self.share.map(Percent::get),
            elderly_recipient: self.elderly_recipient.as_ref().and_then(ElderlyRecipient::domain),
            limit_certificate: self.limit_certificate.as_ref().and_then(LimitCertificate::domain),
            preschool: self.preschool.map(|code| code.code().to_owned()),
            specific_diseases: self
                .specific_diseases
                .as_ref()
                .map(SpecificDiseases::domain)
                .unwrap_or_default(),
            medical_tickets: tickets.map(MedicalTicket::domain).collect(),
        })
    }
}

const YEAR: &str = "a year of four digits";

pub(crate) fn wrong(element: &str, expected: &'static str) -> WriteError {
    WriteError::Value { element: element.to_owned(), expected }
}

fn value<T>(element: &str, expected: &'static str, value: Option<T>) -> Result<T, WriteError> {
    value.ok_or_else(|| wrong(element, expected))
}

/// `None` for blank text.
pub(crate) fn text<const MOST: usize>(
    element: &str,
    text: &str,
) -> Result<Option<Text<MOST>>, WriteError> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let expected =
        if crate::cursor::is_xml(text) { Text::<MOST>::EXPECTED } else { "no control characters" };
    value(element, expected, Text::new(text)).map(Some)
}

pub(crate) fn day(element: &str, date: Option<Date>) -> Result<Option<Day>, WriteError> {
    date.map(|date| value(element, YEAR, Day::new(date))).transpose()
}

pub(crate) fn percent(element: &str, percent: Option<u8>) -> Result<Option<Percent>, WriteError> {
    let read = |percent| value(element, "percent from 0 to 100", Percent::new(percent));
    percent.map(read).transpose()
}
