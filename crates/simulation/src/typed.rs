//! What is typed or read off a paper, as the page sends it.

use crate::card::Card;
use checkin::code_b::TypedCode;
use checkin::eligibility::Qualification;
use checkin::era::TypedDate;
use protocol::action::{
    EraDate, Insurance, PaperNumbers, PrintedCode, Sex, StatementForm, StatementReason,
};
use protocol::{Action, Redacted, action};
use wire::Twin as _;

#[expect(clippy::needless_pass_by_value, reason = "numbers and literals, which are copied")]
fn hidden(text: impl ToString) -> Redacted {
    Redacted::new(text.to_string())
}

fn date(date: impl Into<TypedDate>) -> EraDate {
    let TypedDate { era: of, year, month, day } = date.into();
    EraDate { era: of.to_wire(), year: hidden(year), month: hidden(month), day: hidden(day) }
}

fn no_date() -> EraDate {
    EraDate { era: action::Era::Reiwa, year: hidden(""), month: hidden(""), day: hidden("") }
}

/// 照合番号B.
pub(crate) fn code(printed: &TypedCode) -> Action {
    let security = String::from_utf8_lossy(printed.security_code.expose()).into_owned();
    Action::Code(PrintedCode {
        era: printed.era.to_wire(),
        era_year: hidden(printed.era_year),
        month: hidden(printed.month),
        day: hidden(printed.day),
        expiry_year: hidden(printed.expiry_year),
        security_code: hidden(security),
    })
}

/// The numbers on a paper.
pub(crate) fn numbers(paper: &Qualification) -> Action {
    Action::Numbers(PaperNumbers {
        insurer_number: hidden(&paper.insurer_number),
        symbol: hidden(&paper.symbol),
        number: hidden(&paper.number),
        branch: hidden(paper.branch.as_deref().unwrap_or_default()),
        birth: date(paper.birth.date().unwrap_or(jiff::civil::Date::ZERO)),
    })
}

/// 被保険者資格申立書 of somebody who does not know their insurance.
pub(crate) fn statement(card: &Card) -> Option<Action> {
    let holder = card.holder()?;
    let form = StatementForm {
        reason: StatementReason::NotConfirmed,
        insurance: Insurance::Unknown,
        insurer: hidden(""),
        employer: hidden("練習商事"),
        since: no_date(),
        share_percent: None,
        name: hidden(&holder.name),
        name_kana: hidden(&holder.name_kana),
        birth: date(holder.birth),
        sex: match holder.sex {
            virtual_card::Sex::Male => Sex::Male,
            virtual_card::Sex::Female => Sex::Female,
            virtual_card::Sex::NotApplicable => Sex::NotSet,
        },
        address: hidden(&holder.address),
        phone: hidden("03-1234-5678"),
        no_phone: false,
    };
    Some(Action::Statement { form: Box::new(form) })
}
