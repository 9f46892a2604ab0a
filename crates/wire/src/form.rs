//! The fallback navigator and its forms.

use super::action::{ActionError, number, year};
use checkin::card::CardProblem;
use checkin::documents::Document;
use checkin::eligibility::{Sex, Validity};
use checkin::era::{Era, TypedDate, UNKNOWN};
use checkin::fallback::{Way, Why};
use checkin::gateway::GatewayTrouble;
use checkin::number::{Field, FieldError, FieldProblem, TypedNumbers};
use checkin::statement::{Insurance, Reason, TypedStatement};
use protocol::Redacted;
use protocol::action as acts;
use protocol::screen as wire;

/// Longest field in characters; the rules of each field are stricter.
const LONGEST: usize = 300;

pub(super) fn why_of(why: Why) -> wire::Why {
    match why {
        Why::NoCard => wire::Why::NoCard,
        Why::Card(CardProblem::CertificateExpired) => wire::Why::CardExpired,
        Why::Card(_) => wire::Why::CardUnusable,
        Why::NotRegistered => wire::Why::NotRegistered,
        Why::NotIdentified => wire::Why::NotIdentified,
        Why::NotConfirmed(Validity::Invalid) => wire::Why::Invalid,
        Why::NotConfirmed(Validity::InvalidNewerExists) => wire::Why::InvalidNewerExists,
        Why::NotConfirmed(Validity::MoreThanOne) => wire::Why::MoreThanOne,
        Why::NotConfirmed(Validity::NoneFound | Validity::Valid | Validity::ValidUnregistered) => {
            wire::Why::NoneFound
        }
        Why::Unanswered(GatewayTrouble::Down) => wire::Why::SystemDown,
        Why::Unanswered(GatewayTrouble::Late) => wire::Why::SystemLate,
        Why::Unanswered(GatewayTrouble::UnknownCertificate) => wire::Why::UnknownCertificate,
    }
}

pub(super) fn way_of(way: Way) -> wire::Way {
    match way {
        Way::Document(Document::MynaPortal) => wire::Way::MynaPortal,
        Way::Document(Document::QualificationNotice) => wire::Way::QualificationNotice,
        Way::Document(Document::EligibilityCertificate) => wire::Way::EligibilityCertificate,
        Way::Document(Document::InsuranceCard) => wire::Way::InsuranceCard,
        Way::Oral => wire::Way::Oral,
        Way::Statement => wire::Way::Statement,
        Way::Desk => wire::Way::Desk,
    }
}

pub(super) fn way_back(way: wire::Way) -> Way {
    match way {
        wire::Way::MynaPortal => Way::Document(Document::MynaPortal),
        wire::Way::QualificationNotice => Way::Document(Document::QualificationNotice),
        wire::Way::EligibilityCertificate => Way::Document(Document::EligibilityCertificate),
        wire::Way::InsuranceCard => Way::Document(Document::InsuranceCard),
        wire::Way::Oral => Way::Oral,
        wire::Way::Statement => Way::Statement,
        wire::Way::Desk => Way::Desk,
    }
}

/// A document that a person brought, for the page and the staff board.
pub fn document_of(document: Document) -> wire::Document {
    match document {
        Document::MynaPortal => wire::Document::MynaPortal,
        Document::QualificationNotice => wire::Document::QualificationNotice,
        Document::EligibilityCertificate => wire::Document::EligibilityCertificate,
        Document::InsuranceCard => wire::Document::InsuranceCard,
    }
}

pub(super) fn field_error(error: FieldError) -> wire::FieldError {
    wire::FieldError {
        field: match error.field {
            Field::InsurerNumber => wire::Field::InsurerNumber,
            Field::Symbol => wire::Field::Symbol,
            Field::Number => wire::Field::Number,
            Field::Branch => wire::Field::Branch,
            Field::BirthDate => wire::Field::BirthDate,
            Field::Name => wire::Field::Name,
            Field::NameKana => wire::Field::NameKana,
            Field::Address => wire::Field::Address,
            Field::Phone => wire::Field::Phone,
            Field::Employer => wire::Field::Employer,
            Field::Since => wire::Field::Since,
            Field::Insurer => wire::Field::Insurer,
            Field::Share => wire::Field::Share,
        },
        problem: match error.problem {
            FieldProblem::Empty => wire::FieldProblem::Empty,
            FieldProblem::TooLong { most } => wire::FieldProblem::TooLong { most },
            FieldProblem::NotDigits => wire::FieldProblem::NotDigits,
            FieldProblem::WrongLength => wire::FieldProblem::WrongLength,
            FieldProblem::CheckDigit => wire::FieldProblem::CheckDigit,
            FieldProblem::NoSuchDate => wire::FieldProblem::NoSuchDate,
            FieldProblem::FutureDate => wire::FieldProblem::FutureDate,
            FieldProblem::Characters => wire::FieldProblem::Characters,
            FieldProblem::NotOfCard => wire::FieldProblem::NotOfCard,
        },
    }
}

pub(super) fn era_of(era: acts::Era) -> Era {
    match era {
        acts::Era::Meiji => Era::Meiji,
        acts::Era::Taisho => Era::Taisho,
        acts::Era::Showa => Era::Showa,
        acts::Era::Heisei => Era::Heisei,
        acts::Era::Reiwa => Era::Reiwa,
        acts::Era::Gregorian => Era::Gregorian,
    }
}

fn text(field: &'static str, text: &Redacted) -> Result<String, ActionError> {
    let text = text.expose();
    if text.chars().count() > LONGEST {
        return Err(ActionError { field, expected: "write at most 300 characters" });
    }
    Ok(text.to_owned())
}

/// Empty parts become 0, which the rules read as "not typed"; months and days of `00` or `99` are not known.
fn date(field: &'static str, date: &acts::EraDate) -> Result<TypedDate, ActionError> {
    let expected = "write digits, at most 2 for each part, 4 for a Gregorian year; empty where nothing was typed";
    let part = |part: &Redacted, longest| match part.expose() {
        "" => Ok(0_u16),
        _ => number(field, part, longest).map_err(|_| ActionError { field, expected }),
    };
    let small = |text: &Redacted| {
        let typed = part(text, 2)?;
        let unknown = typed == 0 && !text.expose().is_empty();
        Ok(if unknown { UNKNOWN } else { u8::try_from(typed).unwrap_or(u8::MAX) })
    };
    Ok(TypedDate {
        era: era_of(date.era),
        year: match date.year.expose() {
            "" => 0,
            _ => year(field, date.era, &date.year).map_err(|_| ActionError { field, expected })?,
        },
        month: small(&date.month)?,
        day: small(&date.day)?,
    })
}

pub(super) fn numbers(action: &protocol::Action) -> Result<TypedNumbers, ActionError> {
    let protocol::Action::Numbers { insurer_number, symbol, number, branch, birth } = action else {
        unreachable!("called for this variant only")
    };
    Ok(TypedNumbers {
        insurer_number: text("insurer_number", insurer_number)?,
        symbol: text("symbol", symbol)?,
        number: text("number", number)?,
        branch: text("branch", branch)?,
        birth: date("birth", birth)?,
    })
}

pub(super) fn statement(form: &acts::StatementForm) -> Result<TypedStatement, ActionError> {
    Ok(TypedStatement {
        reason: match form.reason {
            acts::StatementReason::NotConfirmed => Reason::NotConfirmed,
            acts::StatementReason::NotRegisteredYet => Reason::NotRegisteredYet,
            acts::StatementReason::CertificateExpired => Reason::CertificateExpired,
            acts::StatementReason::CardUnreadable => Reason::CardUnreadable,
            acts::StatementReason::SystemDown => Reason::SystemDown,
            acts::StatementReason::Other => Reason::Other,
        },
        insurance: match form.insurance {
            acts::Insurance::Work => Insurance::Work,
            acts::Insurance::National => Insurance::National,
            acts::Insurance::Elderly => Insurance::Elderly,
            acts::Insurance::Unknown => Insurance::Unknown,
        },
        insurer: text("insurer", &form.insurer)?,
        employer: text("employer", &form.employer)?,
        since: date("since", &form.since)?,
        share_percent: form.share_percent,
        name: text("name", &form.name)?,
        name_kana: text("name_kana", &form.name_kana)?,
        birth: date("birth", &form.birth)?,
        sex: match form.sex {
            acts::Sex::Male => Sex::Male,
            acts::Sex::Female => Sex::Female,
            acts::Sex::NotSet => Sex::NotSet,
        },
        address: text("address", &form.address)?,
        phone: text("phone", &form.phone)?,
        no_phone: form.no_phone,
    })
}
