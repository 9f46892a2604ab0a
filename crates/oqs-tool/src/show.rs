//! A file for people's eyes.

use anyhow::Result;
use oqs::{Content, Element, Message, japanese, meaning};
use serde_json::{Map, Value};
use std::fmt::Write as _;

/// Stands for what tells about a person.
const MASK: &str = "***";

/// Elements whose texts tell nothing about a person by themselves. Everything else is masked: also what
/// is not known.
const OPEN: [&str; 38] = [
    "ProcessExecutionTime",
    "CharacterCodeIdentifier",
    "SegmentOfResult",
    "ErrorCode",
    "QualificationConfirmationDate",
    "ReferenceClassification",
    "MedicalInstitutionCode",
    "ReceptionNumber",
    "NumberOfProcessingResult",
    "NumberOfNormalProcessing",
    "NumberOfError",
    "PrescriptionIssueSelect",
    "ProcessingResultStatus",
    "ProcessingResultCode",
    "QualificationValidity",
    "InsuredCardClassification",
    "PersonalFamilyClassification",
    "QualificationDate",
    "DisqualificationDate",
    "InsuredCertificateIssuanceDate",
    "InsuredCardValidDate",
    "InsuredCardExpirationDate",
    "InsuredPartialContributionRatio",
    "PreschoolClassification",
    "ElderlyRecipientCertificateDate",
    "ElderlyRecipientValidStartDate",
    "ElderlyRecipientValidEndDate",
    "ElderlyRecipientContributionRatio",
    "LimitApplicationCertificateClassification",
    "LimitApplicationCertificateClassificationFlag",
    "LimitApplicationCertificateDate",
    "LimitApplicationCertificateValidStartDate",
    "LimitApplicationCertificateValidEndDate",
    "LimitApplicationCertificateLongTermDate",
    "TicketType",
    "MedicalTicketValidDate",
    "MedicalTicketExpirationDate",
    "MedicalTreatmentMonth",
];

fn is_open(element: &str) -> bool {
    let consent = ["ConsFlg", "ConsTime", "AvailableTime"];
    OPEN.contains(&element) || consent.iter().any(|end| element.ends_with(end))
}

fn shown<'a>(element: &str, text: &'a str, personal: bool) -> &'a str {
    if personal || text.trim().is_empty() || is_open(element) { text.trim() } else { MASK }
}

/// Indented lines: name in Japanese, name in the file, value, what a code means.
pub(crate) fn text(message: &Message, personal: bool) -> Result<String> {
    let mut out = String::new();
    for element in message.to_element()?.children() {
        line(element, 0, personal, &mut out);
    }
    Ok(out)
}

fn line(element: &Element, depth: usize, personal: bool, out: &mut String) {
    let name = element.name();
    out.push_str(&"  ".repeat(depth));
    out.push_str(
        &japanese(name).map_or_else(|| name.to_owned(), |known| format!("{known} {name}")),
    );
    match element.content() {
        Content::Text(text) => {
            let value = shown(name, text, personal);
            // Nothing can fail that writes into a text.
            let _ = write!(out, ": {value}");
            if let Some(meaning) = meaning(name, value) {
                let _ = write!(out, " ({meaning})");
            }
            out.push('\n');
        }
        Content::Children(children) => {
            out.push('\n');
            for child in children {
                line(child, depth + 1, personal, out);
            }
        }
    }
}

/// Elements by name; what occurs several times is an array.
pub(crate) fn json(message: &Message, personal: bool) -> Result<Value> {
    Ok(value(&message.to_element()?, personal))
}

fn value(element: &Element, personal: bool) -> Value {
    match element.content() {
        Content::Text(text) => shown(element.name(), text, personal).into(),
        Content::Children(children) => {
            let mut map = Map::new();
            for child in children {
                let value = value(child, personal);
                match map.get_mut(child.name()) {
                    None => {
                        map.insert(child.name().to_owned(), value);
                    }
                    Some(Value::Array(several)) => several.push(value),
                    Some(first) => *first = Value::Array(vec![first.take(), value]),
                }
            }
            map.into()
        }
    }
}
