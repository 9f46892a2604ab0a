//! From bytes to [`ResultFile`].

use crate::codes;
use crate::encoding::decode;
use crate::error::ParseError;
use crate::fields::{Fields, Short, required, value};
use crate::file::{Consent, ConsentItem, Header, Reference, ResultFile, ResultOfQualification};
use crate::name::InstitutionCode;
use crate::tree::{self, Content, Element};
use crate::{MAX_BYTES, MAX_RESULTS};
use checkin::eligibility::{
    ElderlyRecipient, MEDICAL_ASSISTANCE, MedicalTicket, Qualification, Sex, Validity,
};
use checkin::limit::{LimitCategory, LimitCertificate, LimitClass};
use checkin::number::half_width;
use jiff::Timestamp;
use jiff::civil::Date;

const DATE: &str = "a date of 8 digits, yyyyMMdd";
const TIME: &str = "a time of 14 digits, yyyyMMddHHmmss";

/// Reads the result of a check-in or single query. Encoding by XML declaration; children in any
/// order; blanks around values and space- or zero-padding of `InsurerNumber` are dropped; what is
/// not known is kept.
///
/// # Errors
/// [`ParseError`] names the element and what was expected, never the value.
pub fn parse(bytes: &[u8]) -> Result<ResultFile, ParseError> {
    if bytes.len() > MAX_BYTES {
        return Err(ParseError::TooLarge { bytes: bytes.len() });
    }
    let (text, _) = decode(bytes)?;
    let root = tree::read(&text)?;
    if root.name() != "XmlMsg" {
        return Err(ParseError::Missing { element: "XmlMsg".to_owned() });
    }
    let mut root = Fields::of(root)?;
    let header = Fields::of(required(root.element("MessageHeader")?, "MessageHeader")?)?;
    let body = Fields::of(required(root.element("MessageBody")?, "MessageBody")?)?;
    if let Some(more) = root.rest().first() {
        return Err(value(more.name(), "only MessageHeader and MessageBody inside XmlMsg"));
    }
    read_body(read_header(header)?, body)
}

fn read_header(mut fields: Fields) -> Result<Header, ParseError> {
    // The declaration decided already; programs disagree about the meaning of this one.
    fields.text("CharacterCodeIdentifier")?;
    match fields.text("SegmentOfResult")?.as_deref() {
        Some("1") | None => {}
        Some("2") => return Err(ParseError::StillProcessing),
        Some("9") => {
            let code = fields.short("ErrorCode", Short::Number)?.unwrap_or_default();
            return Err(ParseError::Terminal { code });
        }
        Some(_) => return Err(value("SegmentOfResult", "1, 2 or 9")),
    }
    Ok(Header {
        executed_at: required(time(&mut fields, "ProcessExecutionTime")?, "ProcessExecutionTime")?,
        confirmed_on: required(
            date(&mut fields, "QualificationConfirmationDate")?,
            "QualificationConfirmationDate",
        )?,
        institution: required(
            fields.value("MedicalInstitutionCode", "10 digits", |text| {
                InstitutionCode::new(text).ok()
            })?,
            "MedicalInstitutionCode",
        )?,
        file_identifier: fields.short("ArbitraryFileIdentifier", Short::Line)?.unwrap_or_default(),
        reference: fields.value("ReferenceClassification", "one digit from 1 to 9", reference)?,
        rest: fields.rest(),
    })
}

fn reference(text: &str) -> Option<Reference> {
    match text {
        "1" => Some(Reference::Card),
        "2" => Some(Reference::Number),
        _ => codes::digits(text, 1)
            .and_then(|code| u8::try_from(code).ok())
            .filter(|code| *code >= 3)
            .map(Reference::Other),
    }
}

fn read_body(header: Header, mut fields: Fields) -> Result<ResultFile, ParseError> {
    match fields.text("ProcessingResultStatus")?.as_deref() {
        Some("1") | None => {}
        Some("2") => {
            let code = fields.short("ProcessingResultCode", Short::Number)?.unwrap_or_default();
            return Err(ParseError::Terminal { code });
        }
        Some(_) => return Err(value("ProcessingResultStatus", "1 or 2")),
    }
    let validity =
        fields.value("QualificationValidity", "one digit from 1 to 6", codes::validity)?;
    let validity = required(validity, "QualificationValidity")?;
    let results = match fields.element("ResultList")? {
        Some(list) => read_results(list, validity)?,
        None => Vec::new(),
    };
    Ok(ResultFile { header, validity, results, rest: fields.rest() })
}

fn read_results(
    list: Element,
    validity: Validity,
) -> Result<Vec<ResultOfQualification>, ParseError> {
    let results = Fields::of(list)?.rest();
    if results.len() > MAX_RESULTS {
        return Err(ParseError::TooManyResults);
    }
    results.into_iter().map(|result| read_result(result, validity)).collect()
}

fn read_result(element: Element, validity: Validity) -> Result<ResultOfQualification, ParseError> {
    const NAME: &str = "ResultOfQualificationConfirmation";
    if element.name() != NAME {
        return Err(value("ResultList", "only ResultOfQualificationConfirmation"));
    }
    let mut fields = Fields::of(element)?;
    let qualification = read_qualification(&mut fields, validity)?;
    let consents = ConsentItem::ALL.into_iter().map(|item| read_consent(&mut fields, item));
    let consents = consents.filter_map(Result::transpose).collect::<Result<_, _>>()?;
    Ok(ResultOfQualification { qualification, consents, rest: fields.rest() })
}

fn read_qualification(
    fields: &mut Fields,
    validity: Validity,
) -> Result<Qualification, ParseError> {
    let insurer = fields.value("InsurerNumber", "6 or 8 digits", codes::insurer_number)?;
    let qualification = Qualification {
        class: fields.value("InsuredCardClassification", "2 digits or letters", codes::class)?,
        insurer_number: insurer.unwrap_or_default(),
        insurer_name: fields.short("InsurerName", Short::Line)?.unwrap_or_default(),
        symbol: fields.short("InsuredCardSymbol", Short::Number)?.unwrap_or_default(),
        number: fields.short("InsuredIdentificationNumber", Short::Number)?.unwrap_or_default(),
        branch: fields.value("InsuredBranchNumber", "2 digits", codes::branch)?,
        kind: fields.value("PersonalFamilyClassification", "1 or 2", codes::kind)?,
        name: required(fields.short("Name", Short::Line)?, "Name")?,
        name_kana: fields.short("NameKana", Short::Line)?.unwrap_or_default(),
        sex: fields.value("Sex1", "1, 2 or 3", codes::sex)?.unwrap_or(Sex::NotSet),
        birth: required(fields.value("Birthdate", DATE, codes::birth)?, "Birthdate")?,
        address: fields.short("Address", Short::Line)?,
        post_number: fields.short("PostNumber", Short::Number)?,
        valid_from: date(fields, "InsuredCardValidDate")?,
        valid_to: date(fields, "InsuredCardExpirationDate")?,
        lost_on: date(fields, "DisqualificationDate")?,
        share_percent: percent(fields, "InsuredPartialContributionRatio")?,
        elderly_recipient: read_elderly_recipient(fields)?,
        limit_certificate: read_limit_certificate(fields)?,
        medical_tickets: read_medical_tickets(fields)?,
    };
    // 医療扶助 has no insurer; everybody else has.
    let assistance = validity == Validity::ValidUnregistered
        || qualification.class.as_deref() == Some(MEDICAL_ASSISTANCE)
        || !qualification.medical_tickets.is_empty();
    let known = !qualification.insurer_number.is_empty();
    required((known || assistance).then_some(qualification), "InsurerNumber")
}

/// 高齢受給者証. Where it has more than the known elements, all of it is kept too, and written instead.
fn read_elderly_recipient(fields: &mut Fields) -> Result<Option<ElderlyRecipient>, ParseError> {
    const NAME: &str = "ElderlyRecipientCertificateInfo";
    let Some(element) = fields.element(NAME)? else { return Ok(None) };
    let mut inner = Fields::of(element.clone())?;
    let read = ElderlyRecipient {
        issued_on: date(&mut inner, "ElderlyRecipientCertificateDate")?,
        valid_from: date(&mut inner, "ElderlyRecipientValidStartDate")?,
        valid_to: date(&mut inner, "ElderlyRecipientValidEndDate")?,
        share_percent: percent(&mut inner, "ElderlyRecipientContributionRatio")?,
    };
    if !inner.rest().is_empty() {
        fields.keep(element);
    }
    Ok((read != ElderlyRecipient::default()).then_some(read))
}

/// 限度額適用認定証. Where it has codes or elements that are not known, all of it is kept too, and written
/// instead.
fn read_limit_certificate(fields: &mut Fields) -> Result<Option<LimitCertificate>, ParseError> {
    let Some(element) = fields.element("LimitApplicationCertificateRelatedInfo")? else {
        return Ok(None);
    };
    let mut inner = Fields::of(element.clone())?;
    let class = inner.text("LimitApplicationCertificateClassification")?;
    let category = inner.text("LimitApplicationCertificateClassificationFlag")?;
    let read = LimitCertificate {
        class: class.as_deref().and_then(|code| LimitClass::of(&half_width(code))),
        category: category.as_deref().and_then(|code| LimitCategory::of(&half_width(code))),
        issued_on: date(&mut inner, "LimitApplicationCertificateDate")?,
        valid_from: date(&mut inner, "LimitApplicationCertificateValidStartDate")?,
        valid_to: date(&mut inner, "LimitApplicationCertificateValidEndDate")?,
        long_term_from: date(&mut inner, "LimitApplicationCertificateLongTermDate")?,
    };
    let codes = (class.is_some(), category.is_some());
    if codes != (read.class.is_some(), read.category.is_some()) || !inner.rest().is_empty() {
        fields.keep(element);
    }
    Ok((read != LimitCertificate::default()).then_some(read))
}

/// Lists of another form are kept as they are.
fn read_medical_tickets(fields: &mut Fields) -> Result<Vec<MedicalTicket>, ParseError> {
    let Some(list) = fields.element("PublicExpenseResultList")? else { return Ok(Vec::new()) };
    let tickets = match list.content() {
        Content::Children(children) => children.iter().map(ticket).collect::<Option<Vec<_>>>(),
        Content::Text(_) => None,
    };
    if tickets.is_none() {
        fields.keep(list);
    }
    Ok(tickets.unwrap_or_default())
}

fn ticket(element: &Element) -> Option<MedicalTicket> {
    let text = |child: &Element| match child.content() {
        Content::Text(text) => Some((child.name().to_owned(), text.trim_ascii().to_owned())),
        Content::Children(_) => None,
    };
    match element.content() {
        _ if element.name() != "MedicalTicketInfo" => None,
        Content::Children(children) => children.iter().map(text).collect::<Option<_>>(),
        Content::Text(text) => text.trim_ascii().is_empty().then(Vec::new),
    }
    .map(MedicalTicket)
}

fn percent(fields: &mut Fields, name: &str) -> Result<Option<u8>, ParseError> {
    fields.value(name, "3 digits, percent from 000 to 100", codes::percent)
}

fn read_consent(fields: &mut Fields, item: ConsentItem) -> Result<Option<Consent>, ParseError> {
    let name = |end| format!("{}{end}", item.prefix());
    let flag = |text: &str| match text {
        "0" => Some(false),
        "1" => Some(true),
        _ => None,
    };
    let agreed = fields.value(&name("ConsFlg"), "0 or 1", flag)?;
    let answered_at = time(fields, &name("ConsTime"))?;
    let available_until = if item.ends() { time(fields, &name("AvailableTime"))? } else { None };
    let Some(agreed) = agreed else {
        if answered_at.is_some() || available_until.is_some() {
            return Err(ParseError::Missing { element: name("ConsFlg") });
        }
        return Ok(None);
    };
    if !agreed && available_until.is_some() {
        return Err(value(name("AvailableTime"), "none beside a refused consent"));
    }
    Ok(Some(Consent { item, agreed, answered_at, available_until }))
}

fn date(fields: &mut Fields, name: &str) -> Result<Option<Date>, ParseError> {
    let read = |text: &str| match codes::date(text) {
        None if codes::no_date(text) => Some(None),
        date => date.map(Some),
    };
    fields.value(name, DATE, read).map(Option::flatten)
}

fn time(fields: &mut Fields, name: &str) -> Result<Option<Timestamp>, ParseError> {
    fields.value(name, TIME, codes::time)
}
