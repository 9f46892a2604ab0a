//! The fallback navigator and its forms.

use super::action::{number, year};
use super::error::ActionError;
use super::twin::Twin;
use checkin::card::CardProblem;
use checkin::documents::Document;
use checkin::eligibility::{Sex, Validity};
use checkin::era::{Era, TypedDate, UNKNOWN};
use checkin::fallback::{NoNumbers, Way, Why};
use checkin::gateway::GatewayTrouble;
use checkin::number::{FieldError, TypedNumbers};
use checkin::statement::{Insurance, Reason, TypedStatement};
use protocol::Redacted;
use protocol::action as acts;
use protocol::screen as wire;
use protocol::staff::Typed;

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
        Why::Unanswered(
            GatewayTrouble::Down | GatewayTrouble::Refused | GatewayTrouble::AboutAnother,
        ) => wire::Why::SystemDown,
        Why::Unanswered(GatewayTrouble::Late) => wire::Why::SystemLate,
        Why::Unanswered(GatewayTrouble::UnknownCertificate) => wire::Why::UnknownCertificate,
        Why::NoNumbers(NoNumbers::ItemsUnread) => wire::Why::ItemsUnread,
        Why::NoNumbers(NoNumbers::NotInList) => wire::Why::NotInList,
        Why::NoNumbers(NoNumbers::NotKnown) => wire::Why::NumbersNotKnown,
        Why::NoNumbers(NoNumbers::Unsure) => wire::Why::PatientUnsure,
    }
}

/// The navigator knows papers one by one.
impl Twin for Way {
    type Wire = wire::Way;

    fn to_wire(self) -> wire::Way {
        match self {
            Self::Document(Document::MynaPortal) => wire::Way::MynaPortal,
            Self::Document(Document::QualificationNotice) => wire::Way::QualificationNotice,
            Self::Document(Document::EligibilityCertificate) => wire::Way::EligibilityCertificate,
            Self::Document(Document::InsuranceCard) => wire::Way::InsuranceCard,
            Self::Oral => wire::Way::Oral,
            Self::Statement => wire::Way::Statement,
            Self::Desk => wire::Way::Desk,
        }
    }

    fn from_wire(way: wire::Way) -> Self {
        match way {
            wire::Way::MynaPortal => Self::Document(Document::MynaPortal),
            wire::Way::QualificationNotice => Self::Document(Document::QualificationNotice),
            wire::Way::EligibilityCertificate => Self::Document(Document::EligibilityCertificate),
            wire::Way::InsuranceCard => Self::Document(Document::InsuranceCard),
            wire::Way::Oral => Self::Oral,
            wire::Way::Statement => Self::Statement,
            wire::Way::Desk => Self::Desk,
        }
    }
}

pub(super) fn field_error(error: FieldError) -> wire::FieldError {
    wire::FieldError { field: error.field.to_wire(), problem: error.problem.to_wire() }
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
        era: Era::from_wire(date.era),
        year: match date.year.expose() {
            "" => 0,
            _ => year(field, date.era, &date.year).map_err(|_| ActionError { field, expected })?,
        },
        month: small(&date.month)?,
        day: small(&date.day)?,
    })
}

/// What staff typed for a person is bounded as what the person types; the page then takes what fits its form.
///
/// # Errors
/// [`ActionError`] names the field.
pub fn typed(typed: &Typed) -> Result<(), ActionError> {
    let form = match typed {
        Typed::Numbers(paper) => return numbers(paper).map(drop),
        Typed::Statement(form) => form,
    };
    let texts = [
        ("insurer", &form.insurer),
        ("employer", &form.employer),
        ("name", &form.name),
        ("name_kana", &form.name_kana),
        ("address", &form.address),
        ("phone", &form.phone),
    ];
    texts.into_iter().try_for_each(|(field, it)| text(field, it).map(drop))?;
    date("since", &form.since)?;
    date("birth", &form.birth).map(drop)
}

pub(super) fn numbers(paper: &acts::PaperNumbers) -> Result<TypedNumbers, ActionError> {
    Ok(TypedNumbers {
        insurer_number: text("insurer_number", &paper.insurer_number)?,
        symbol: text("symbol", &paper.symbol)?,
        number: text("number", &paper.number)?,
        branch: text("branch", &paper.branch)?,
        birth: date("birth", &paper.birth)?,
    })
}

pub(super) fn statement(form: &acts::StatementForm) -> Result<TypedStatement, ActionError> {
    Ok(TypedStatement {
        reason: Reason::from_wire(form.reason),
        insurance: Insurance::from_wire(form.insurance),
        insurer: text("insurer", &form.insurer)?,
        employer: text("employer", &form.employer)?,
        since: date("since", &form.since)?,
        share_percent: form.share_percent,
        name: text("name", &form.name)?,
        name_kana: text("name_kana", &form.name_kana)?,
        birth: date("birth", &form.birth)?,
        sex: Sex::from_wire(form.sex),
        address: text("address", &form.address)?,
        phone: text("phone", &form.phone)?,
        no_phone: form.no_phone,
    })
}
