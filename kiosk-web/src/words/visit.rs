//! Sentences of the navigator, the forms and the end of a visit.

use super::why_not;
use crate::model::receipt::Line;
use crate::words::{Tongue, text};
use protocol::action::{Insurance, Sex, StatementReason};
use protocol::screen::{
    Document, Field, FieldError, FieldProblem, ItemsNotice, ItemsWay, Payment, Way, Why, WhyNot,
};

macro_rules! pick {
    ($locale:ident, $value:ident, $($pattern:pat => $section:ident.$key:ident),+ $(,)?) => {
        match $value { $($pattern => text!($locale, $section.$key)),+ }
    };
}

/// Why the navigator is open.
pub(crate) fn why(locale: Tongue, why: Why) -> &'static str {
    pick!(locale, why,
        Why::NoCard => ways.why_no_card,
        Why::CardExpired => ways.why_card_expired,
        Why::CardUnusable => ways.why_card_unusable,
        Why::NotRegistered => ways.why_not_registered,
        Why::NotIdentified => ways.why_not_identified,
        Why::Invalid => ways.why_invalid,
        Why::InvalidNewerExists => ways.why_invalid_newer_exists,
        Why::NoneFound => ways.why_none_found,
        Why::MoreThanOne => ways.why_more_than_one,
        Why::SystemDown => ways.why_system_down,
        Why::SystemLate => ways.why_system_late,
        Why::UnknownCertificate => ways.why_unknown_certificate,
        Why::ItemsUnread => ways.why_items_unread,
        Why::NotInList => ways.why_not_in_list,
        Why::NumbersNotKnown => ways.why_numbers_not_known,
        Why::PatientUnsure => ways.why_patient_unsure,
    )
}

/// What name, birth date and sex are read by.
pub(crate) fn items_way(locale: Tongue, way: ItemsWay) -> &'static str {
    pick!(locale, way, ItemsWay::Code => items.code, ItemsWay::Pin => items.pin)
}

/// What that asks of the person.
pub(crate) fn items_way_note(locale: Tongue, way: ItemsWay) -> &'static str {
    pick!(locale, way, ItemsWay::Code => items.code_note, ItemsWay::Pin => items.pin_note)
}

/// Why it cannot be chosen.
pub(crate) fn items_why_not(locale: Tongue, why: WhyNot) -> &'static str {
    match why {
        WhyNot::CodeTriesLow => text!(locale, items.code_tries_low),
        WhyNot::PinTriesLow => text!(locale, items.pin_tries_low),
        other => why_not(locale, other),
    }
}

/// What happened before the question came back.
pub(crate) fn items_notice(locale: Tongue, notice: ItemsNotice) -> &'static str {
    pick!(locale, notice,
        ItemsNotice::CodeTriesLow => items.code_tries_low,
        ItemsNotice::PinTriesLow => items.pin_tries_low,
        ItemsNotice::Unreadable => items.unreadable,
        ItemsNotice::CardFailed => notice.card_failed,
    )
}

/// A way in the words of the person.
pub(crate) fn way(locale: Tongue, way: Way) -> &'static str {
    pick!(locale, way,
        Way::MynaPortal => ways.myna_portal,
        Way::QualificationNotice => ways.qualification_notice,
        Way::EligibilityCertificate => ways.eligibility_certificate,
        Way::InsuranceCard => ways.insurance_card,
        Way::Oral => ways.oral,
        Way::Statement => ways.statement,
        Way::Desk => ways.desk,
    )
}

/// What a way asks of the person.
pub(crate) fn way_note(locale: Tongue, way: Way) -> &'static str {
    pick!(locale, way,
        Way::MynaPortal => ways.myna_portal_note,
        Way::QualificationNotice => ways.qualification_notice_note,
        Way::EligibilityCertificate => ways.eligibility_certificate_note,
        Way::InsuranceCard => ways.insurance_card_note,
        Way::Oral => ways.oral_note,
        Way::Statement => ways.statement_note,
        Way::Desk => ways.desk_note,
    )
}

/// The request to type a document's numbers.
pub(crate) fn numbers_title(locale: Tongue, document: Document) -> &'static str {
    pick!(locale, document,
        Document::MynaPortal => numbers.title_myna_portal,
        Document::QualificationNotice => numbers.title_qualification_notice,
        Document::EligibilityCertificate => numbers.title_eligibility_certificate,
        Document::InsuranceCard => numbers.title_insurance_card,
    )
}

/// Name of a document.
pub(crate) fn paper_name(locale: Tongue, document: Document) -> &'static str {
    pick!(locale, document,
        Document::MynaPortal => paper.myna_portal,
        Document::QualificationNotice => paper.qualification_notice,
        Document::EligibilityCertificate => paper.eligibility_certificate,
        Document::InsuranceCard => paper.insurance_card,
    )
}

/// Where a document shows its numbers.
pub(crate) fn numbers_where(locale: Tongue, document: Document) -> &'static str {
    pick!(locale, document,
        Document::MynaPortal => numbers.where_myna_portal,
        Document::QualificationNotice => numbers.where_qualification_notice,
        Document::EligibilityCertificate => numbers.where_eligibility_certificate,
        Document::InsuranceCard => numbers.where_insurance_card,
    )
}

fn field(locale: Tongue, of: Field) -> &'static str {
    pick!(locale, of,
        Field::InsurerNumber => field.insurer_number,
        Field::Symbol => field.symbol,
        Field::Number => field.number,
        Field::Branch => field.branch,
        Field::BirthDate => field.birth_date,
        Field::Name => field.name,
        Field::NameKana => field.name_kana,
        Field::Address => field.address,
        Field::Phone => field.phone,
        Field::Employer => field.employer,
        Field::Since => field.since,
        Field::Insurer => field.insurer,
        Field::Share => field.share,
    )
}

/// What is wrong with a field and what to do.
pub(crate) fn field_error(locale: Tongue, error: FieldError) -> String {
    let field = field(locale, error.field);
    match error.problem {
        FieldProblem::Empty => text!(locale, field.empty, field),
        FieldProblem::TooLong { most: 0 } => text!(locale, field.none_here, field),
        FieldProblem::TooLong { most } => text!(locale, field.too_long, field, most),
        FieldProblem::NotDigits => text!(locale, field.not_digits, field),
        FieldProblem::WrongLength => text!(locale, field.wrong_length, field),
        FieldProblem::CheckDigit => text!(locale, field.check_digit, field),
        FieldProblem::NoSuchDate => text!(locale, field.no_such_date, field),
        FieldProblem::FutureDate => text!(locale, field.future_date, field),
        FieldProblem::Characters => text!(locale, field.characters, field),
        FieldProblem::NotOfCard => text!(locale, field.not_of_card, field),
    }
}

/// Why the qualification cannot be shown.
pub(crate) fn statement_reason(locale: Tongue, reason: StatementReason) -> &'static str {
    pick!(locale, reason,
        StatementReason::NotConfirmed => statement.reason_not_confirmed,
        StatementReason::NotRegisteredYet => statement.reason_not_registered_yet,
        StatementReason::CertificateExpired => statement.reason_certificate_expired,
        StatementReason::CardUnreadable => statement.reason_card_unreadable,
        StatementReason::SystemDown => statement.reason_system_down,
        StatementReason::Other => statement.reason_other,
    )
}

/// Kind of insurance.
pub(crate) fn insurance(locale: Tongue, insurance: Insurance) -> &'static str {
    pick!(locale, insurance,
        Insurance::Work => statement.insurance_work,
        Insurance::National => statement.insurance_national,
        Insurance::Elderly => statement.insurance_elderly,
        Insurance::Unknown => statement.unknown,
    )
}

/// Who has that kind of insurance.
pub(crate) fn insurance_note(locale: Tongue, insurance: Insurance) -> Option<&'static str> {
    Some(match insurance {
        Insurance::Work => text!(locale, statement.insurance_work_note),
        Insurance::National => text!(locale, statement.insurance_national_note),
        Insurance::Elderly => text!(locale, statement.insurance_elderly_note),
        Insurance::Unknown => return None,
    })
}

/// 性別.
pub(crate) fn sex(locale: Tongue, sex: Sex) -> &'static str {
    pick!(locale, sex,
        Sex::Male => statement.sex_male,
        Sex::Female => statement.sex_female,
        Sex::NotSet => statement.sex_not_set,
    )
}

/// What may be said about paying.
pub(crate) fn payment(locale: Tongue, payment: Payment) -> &'static str {
    pick!(locale, payment,
        Payment::AsAlways => common.usual_share,
        Payment::AtReception => common.payment_at_reception,
    )
}

/// `data-test` of that sentence.
pub(crate) fn payment_test(payment: Payment) -> &'static str {
    match payment {
        Payment::AsAlways => "usual-share",
        Payment::AtReception => "payment-at-reception",
    }
}

/// Usual share of a statement; `None` = unknown.
pub(crate) fn usual_share(locale: Tongue, percent: Option<u8>) -> &'static str {
    pick!(locale, percent,
        Some(10) => statement.share_1,
        Some(20) => statement.share_2,
        Some(30) => statement.share_3,
        _ => statement.unknown,
    )
}

/// A sentence of the privacy receipt.
pub(crate) fn receipt_line(locale: Tongue, line: Line) -> &'static str {
    pick!(locale, line,
        Line::ReadCertificate => receipt.read_certificate,
        Line::ReadPhoto => receipt.read_photo,
        Line::ReadItems => receipt.read_items,
        Line::ReadNumbers => receipt.read_numbers,
        Line::ReadStatement => receipt.read_statement,
        Line::ReadNothing => receipt.read_nothing,
        Line::SentCertificate => receipt.sent_certificate,
        Line::SentNumbers => receipt.sent_numbers,
        Line::SentKnown => receipt.sent_known,
        Line::SentNothing => receipt.sent_nothing,
        Line::ShownStaff => receipt.shown_staff,
        Line::ShownRecords => receipt.shown_records,
        Line::ShownStatement => receipt.shown_statement,
        Line::UntilAgreed => receipt.until_agreed,
        Line::UntilStatement => receipt.until_statement,
        Line::UntilKept => receipt.until_kept,
        Line::NotFace => receipt.not_face,
        Line::NotPin => receipt.not_pin,
        Line::NotMyNumber => receipt.not_my_number,
    )
}
