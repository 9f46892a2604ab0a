//! Kinds of files, and what each of them needs. Names: domain-facts B2; needs: B4, G1 (what programs that
//! read such files demand) and `MynaReception`'s notes on `OQSsiimm01`; all seen in programs, none official.

use crate::codes::{Answer, Class, Segment, Status, Validity};
use crate::consent::Consent;
use crate::message::{Body, Header, Message, ResultOfQualification, SearchInfo};
use std::fmt;

/// Kinds of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// `OQSsiquc01req`: asks about one person by numbers.
    Request,
    /// `OQSsiquc01res_face`: the result of a check-in at a reader.
    Face,
    /// `OQSsiquc01res`: the answer to a [`Self::Request`].
    Result,
    /// `OQSsiimm01req`: gives an insured person a chart number (照会番号).
    Register,
    /// `OQSsiimm01res`: whether that was done.
    Registered,
    /// `OQSmuquc01req`: asks about several people.
    BulkRequest,
    /// `OQSmuquc01res`: the number under which their answers can be fetched.
    BulkReceipt,
    /// `OQSmuquc02req`: fetches them.
    BulkFetch,
    /// `OQSmuquc02res`: their answers.
    BulkResult,
}

impl Kind {
    /// All kinds; one whose prefix begins with another one's stands before it.
    pub const ALL: [Self; 9] = [
        Self::Request,
        Self::Face,
        Self::Result,
        Self::Register,
        Self::Registered,
        Self::BulkRequest,
        Self::BulkReceipt,
        Self::BulkFetch,
        Self::BulkResult,
    ];

    /// How the names of such files begin.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Request => "OQSsiquc01req_",
            Self::Face => "OQSsiquc01res_face_",
            Self::Result => "OQSsiquc01res_",
            Self::Register => "OQSsiimm01req_",
            Self::Registered => "OQSsiimm01res_",
            Self::BulkRequest => "OQSmuquc01req_",
            Self::BulkReceipt => "OQSmuquc01res_",
            Self::BulkFetch => "OQSmuquc02req_",
            Self::BulkResult => "OQSmuquc02res_",
        }
    }

    /// By the name of a file.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| name.starts_with(kind.prefix()))
    }

    /// What answers it; `None` for an answer. The name of an answer is that of the question with `res` for
    /// `req` (domain-facts B1, seen).
    #[must_use]
    pub const fn answer(self) -> Option<Self> {
        match self {
            Self::Request => Some(Self::Result),
            Self::Register => Some(Self::Registered),
            Self::BulkRequest => Some(Self::BulkReceipt),
            Self::BulkFetch => Some(Self::BulkResult),
            _ => None,
        }
    }
}

/// Something that a file lacks, or that contradicts itself. Repeats no value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Problem {
    /// Names of the elements around it with `/` between them, its own last.
    pub path: String,
    /// What is wrong, as the end of a sentence about it.
    pub what: &'static str,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.what)
    }
}

const MISSING: &str = "missing or empty; programs that read such a file need it";

impl Message {
    /// What kind of file it is, by what is in it. A [`Kind::Face`] cannot be told from a [`Kind::Result`]
    /// without its name.
    #[must_use]
    pub fn kind(&self) -> Kind {
        let (header, body) = (self.header.as_ref(), self.body.as_ref());
        let answered = header.is_some_and(|header| header.segment.is_some())
            || body.is_some_and(|body| body.status.is_some() || body.validity.is_some());
        let Some(body) = body else { return if answered { Kind::Result } else { Kind::Request } };
        let received = body.reception_number.is_some()
            || header.is_some_and(|header| header.reception_number.is_some());
        match (answered || !body.units.is_empty(), received) {
            _ if body.registration.is_some() && answered => Kind::Registered,
            _ if body.registration.is_some() => Kind::Register,
            (true, _) if !body.units.is_empty() => Kind::BulkResult,
            (true, true) => Kind::BulkReceipt,
            (true, false) => Kind::Result,
            (false, true) => Kind::BulkFetch,
            (false, false) if body.searches.len() > 1 => Kind::BulkRequest,
            (false, false) => Kind::Request,
        }
    }

    /// What such a file lacks. Nothing: every program that is known here takes it.
    #[must_use]
    pub fn check(&self, kind: Kind) -> Vec<Problem> {
        let mut found = Found::default();
        if let Some(header) = &self.header {
            found.header(header, kind);
        }
        if let Some(body) = &self.body {
            found.body(body, kind);
        }
        let results: Vec<_> = self.results().collect();
        match results.len() {
            1 => {}
            _ if kind != Kind::Face => {}
            0 => found.add("XmlMsg/MessageBody/ResultList", NONE),
            _ => found.add("XmlMsg/MessageBody/ResultList", SEVERAL),
        }
        let assisted = self.body.as_ref().and_then(|body| body.validity);
        for result in results {
            found.result(result, kind, assisted == Some(Validity::ValidUnregistered));
        }
        found.0
    }
}

const NONE: &str = "no qualification; receipt computers take files with one";
const SEVERAL: &str = "more than one qualification; receipt computers take files with one";

#[derive(Default)]
struct Found(Vec<Problem>);

impl Found {
    fn add(&mut self, path: impl Into<String>, what: &'static str) {
        self.0.push(Problem { path: path.into(), what });
    }

    fn need(&mut self, there: bool, within: &str, element: &str) {
        if !there {
            self.add(format!("{within}/{element}"), MISSING);
        }
    }

    fn header(&mut self, header: &Header, kind: Kind) {
        const WITHIN: &str = "XmlMsg/MessageHeader";
        self.need(header.institution.is_some(), WITHIN, "MedicalInstitutionCode");
        let dated = matches!(kind, Kind::Request | Kind::BulkRequest | Kind::Result | Kind::Face);
        if dated {
            let there = header.confirmed_on.is_some();
            self.need(there, WITHIN, "QualificationConfirmationDate");
        }
        if kind.answer().is_some() {
            return;
        }
        self.need(header.segment.is_some(), WITHIN, "SegmentOfResult");
        if kind == Kind::Face {
            self.need(header.executed_at.is_some(), WITHIN, "ProcessExecutionTime");
            self.need(header.reference.is_some(), WITHIN, "ReferenceClassification");
            if header.segment.is_some_and(|segment| segment != Segment::Done) {
                self.add(format!("{WITHIN}/SegmentOfResult"), "not 1: receipt computers refuse it");
            }
        }
    }

    fn body(&mut self, body: &Body, kind: Kind) {
        const WITHIN: &str = "XmlMsg/MessageBody";
        match kind {
            Kind::Request | Kind::BulkRequest => {
                self.need(!body.searches.is_empty(), WITHIN, "QualificationConfirmSearchInfo");
                body.searches.iter().for_each(|search| self.search(search));
            }
            Kind::Register => match &body.registration {
                None => self.need(false, WITHIN, "ReferenceNumberRegistrationInfo"),
                Some(one) => {
                    let within = format!("{WITHIN}/ReferenceNumberRegistrationInfo");
                    self.need(one.reference_number.is_some(), &within, "ReferenceNumber");
                    self.need(one.insurer_number.is_some(), &within, "InsurerNumber");
                    self.need(one.number.is_some(), &within, "InsuredIdentificationNumber");
                }
            },
            Kind::BulkFetch => {
                self.need(body.reception_number.is_some(), WITHIN, "ReceptionNumber");
            }
            Kind::Result | Kind::Face => {
                self.need(body.status.is_some(), WITHIN, "ProcessingResultStatus");
                if body.status == Some(Status::Done) {
                    self.need(body.validity.is_some(), WITHIN, "QualificationValidity");
                }
            }
            Kind::Registered | Kind::BulkReceipt | Kind::BulkResult => {}
        }
    }

    fn search(&mut self, search: &SearchInfo) {
        const WITHIN: &str = "XmlMsg/MessageBody/QualificationConfirmSearchInfo";
        self.need(search.insurer_number.is_some(), WITHIN, "InsurerNumber");
        self.need(search.number.is_some(), WITHIN, "InsuredIdentificationNumber");
        self.need(search.birth.is_some(), WITHIN, "Birthdate");
    }

    fn result(&mut self, result: &ResultOfQualification, kind: Kind, assisted: bool) {
        const WITHIN: &str = "ResultOfQualificationConfirmation";
        self.need(result.class.is_some(), WITHIN, "InsuredCardClassification");
        let assisted = assisted
            || result.class == Some(Class::MedicalAssistance)
            || result.public_expense.as_ref().is_some_and(|expense| !expense.tickets.is_empty());
        self.need(result.insurer_number.is_some() || assisted, WITHIN, "InsurerNumber");
        self.need(result.insurer_name.is_some(), WITHIN, "InsurerName");
        self.need(result.name.is_some(), WITHIN, "Name");
        if kind == Kind::Face {
            self.need(result.name_kana.is_some(), WITHIN, "NameKana");
        }
        self.need(result.sex.is_some(), WITHIN, "Sex1");
        self.need(result.birth.is_some(), WITHIN, "Birthdate");
        result.consents.iter().for_each(|consent| self.consent(consent));
    }

    fn consent(&mut self, consent: &Consent) {
        let path = |end| format!("ResultOfQualificationConfirmation/{}{end}", consent.item.start());
        match consent.answer {
            None => self.add(path("ConsFlg"), "missing beside the time of an answer"),
            Some(Answer::Refused) if consent.available_until.is_some() => {
                self.add(path("AvailableTime"), "there beside a refusal");
            }
            _ => {}
        }
        if let (Some(from), Some(until)) = (consent.answered_at, consent.available_until)
            && from.timestamp().checked_add(checkin::consent::CONSENT_LIFE).ok()
                != Some(until.timestamp())
        {
            self.add(path("AvailableTime"), "not 24 hours after the consent");
        }
    }
}
