//! 限度額適用認定証 in the words of the staff.

use checkin::limit::{LimitCertificate, LimitClass, LimitNotice};

/// One line for the staff board.
pub(super) fn limit(notice: LimitNotice) -> String {
    match notice {
        LimitNotice::Refused => {
            "提供しない（限度額を超えた分も、いったん支払いになることがあります）".into()
        }
        LimitNotice::Unknown => "提供に同意（システムの答えはまだありません）".into(),
        LimitNotice::NotRegistered => "提供に同意（登録がありません）".into(),
        LimitNotice::Registered(certificate) => line(&certificate),
    }
}

fn line(certificate: &LimitCertificate) -> String {
    let class = certificate.class.map_or("限度額適用認定証", LimitClass::name);
    let category = certificate.category.map(|category| format!("「{}」", category.name()));
    let from = certificate.valid_from.map(|day| format!(" {day}から"));
    let to = certificate.valid_to.map(|day| format!(" {day}まで"));
    let long = certificate.long_term_from.map(|day| format!(" 長期入院該当 {day}から"));
    let rest = [category, from, to, long].into_iter().flatten();
    std::iter::once(class.to_owned()).chain(rest).collect()
}

/// Label and value of what is known, in the order of the file.
pub(super) fn values(certificate: &LimitCertificate) -> Vec<(&'static str, String)> {
    let date = |date: Option<jiff::civil::Date>| date.map(|date| date.to_string());
    let all = [
        ("限度額適用認定証", certificate.class.map(|class| class.name().to_owned())),
        ("適用区分", certificate.category.map(|category| category.name().to_owned())),
        ("限度額適用認定証の交付日", date(certificate.issued_on)),
        ("限度額適用認定証の有効開始日", date(certificate.valid_from)),
        ("限度額適用認定証の有効終了日", date(certificate.valid_to)),
        ("限度額適用認定証の長期入院該当日", date(certificate.long_term_from)),
    ];
    all.into_iter().filter_map(|(label, value)| Some((label, value?))).collect()
}
