//! From bytes to [`ResultFile`].

use crate::codes;
use crate::encoding::decode;
use crate::error::ParseError;
use crate::fields::{Fields, Short, required, value};
use crate::file::{Consent, ConsentItem, Header, Reference, ResultFile, ResultOfQualification};
use crate::name::InstitutionCode;
use crate::tree::{self, Element};
use crate::{MAX_BYTES, MAX_RESULTS};
use checkin::eligibility::{Qualification, Sex};
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
        Some(list) => read_results(list)?,
        None => Vec::new(),
    };
    Ok(ResultFile { header, validity, results, rest: fields.rest() })
}

fn read_results(list: Element) -> Result<Vec<ResultOfQualification>, ParseError> {
    let results = Fields::of(list)?.rest();
    if results.len() > MAX_RESULTS {
        return Err(ParseError::TooManyResults);
    }
    results.into_iter().map(read_result).collect()
}

fn read_result(element: Element) -> Result<ResultOfQualification, ParseError> {
    const NAME: &str = "ResultOfQualificationConfirmation";
    if element.name() != NAME {
        return Err(value("ResultList", "only ResultOfQualificationConfirmation"));
    }
    let mut fields = Fields::of(element)?;
    let qualification = read_qualification(&mut fields)?;
    let consents = ConsentItem::ALL.into_iter().map(|item| read_consent(&mut fields, item));
    let consents = consents.filter_map(Result::transpose).collect::<Result<_, _>>()?;
    Ok(ResultOfQualification { qualification, consents, rest: fields.rest() })
}

fn read_qualification(fields: &mut Fields) -> Result<Qualification, ParseError> {
    let insurer = fields.value("InsurerNumber", "6 or 8 digits", codes::insurer_number)?;
    let branch = |text: &str| codes::digits(text, 2).map(|_| text.to_owned());
    Ok(Qualification {
        insurer_number: required(insurer, "InsurerNumber")?,
        insurer_name: fields.short("InsurerName", Short::Line)?.unwrap_or_default(),
        symbol: fields.short("InsuredCardSymbol", Short::Number)?.unwrap_or_default(),
        number: fields.short("InsuredIdentificationNumber", Short::Number)?.unwrap_or_default(),
        branch: fields.value("InsuredBranchNumber", "2 digits", branch)?,
        kind: fields.value("PersonalFamilyClassification", "1 or 2", codes::kind)?,
        name: required(fields.short("Name", Short::Line)?, "Name")?,
        name_kana: fields.short("NameKana", Short::Line)?.unwrap_or_default(),
        sex: fields.value("Sex1", "1, 2 or 3", codes::sex)?.unwrap_or(Sex::NotSet),
        birth: required(date(fields, "Birthdate")?, "Birthdate")?,
        address: fields.short("Address", Short::Line)?,
        post_number: fields.short("PostNumber", Short::Number)?,
        valid_from: date(fields, "InsuredCardValidDate")?,
        valid_to: date(fields, "InsuredCardExpirationDate")?,
        lost_on: date(fields, "DisqualificationDate")?,
        share_percent: fields.value(
            "InsuredPartialContributionRatio",
            "3 digits, percent from 000 to 100",
            percent,
        )?,
    })
}

fn percent(text: &str) -> Option<u8> {
    codes::digits(text, 3).and_then(|percent| u8::try_from(percent).ok()).filter(|p| *p <= 100)
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
    fields.value(name, DATE, codes::date)
}

fn time(fields: &mut Fields, name: &str) -> Result<Option<Timestamp>, ParseError> {
    fields.value(name, TIME, codes::time)
}
