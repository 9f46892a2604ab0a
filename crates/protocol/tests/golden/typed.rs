//! What staff type for somebody.

use super::{date, secret};
use protocol::action::{Insurance, PaperNumbers};
use protocol::screen::Document;
use protocol::staff::{FormUp, KioskForm, Typed, TypedStatement, UsualShare};

pub(super) fn numbers() -> Typed {
    Typed::Numbers(PaperNumbers {
        insurer_number: secret("33120015"),
        symbol: secret(""),
        number: secret("345"),
        branch: secret("01"),
        birth: date("55", "2", "17"),
    })
}

/// All but one answer.
pub(super) fn statement() -> Typed {
    Typed::Statement(Box::new(TypedStatement {
        reason: None,
        insurance: Some(Insurance::Work),
        insurer: secret("練習健康保険組合"),
        employer: secret(""),
        since: date("", "", ""),
        share: Some(UsualShare::Thirty),
        name: secret("診療　太郎"),
        name_kana: secret(""),
        birth: date("55", "2", "17"),
        sex: None,
        address: secret("練習区受付町一丁目"),
        phone: secret(""),
        no_phone: true,
    }))
}

/// Each kind of form.
pub(super) fn forms() -> [FormUp; 3] {
    let document = Document::EligibilityCertificate;
    [KioskForm::Numbers { document }, KioskForm::Statement, KioskForm::StatementReady]
        .map(|form| FormUp { seen: 6, form })
}
