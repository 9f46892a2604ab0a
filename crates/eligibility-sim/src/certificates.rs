//! What the system knows beside the insurance itself.

use checkin::eligibility::SpecificDisease;
use checkin::limit::{LimitCategory, LimitCertificate, LimitClass};
use checkin::share::preschool_until;
use jiff::civil::Date;

/// With low incomes the certificate lowers the price of meals in hospital, too.
pub(crate) fn limit_certificate(
    category: LimitCategory,
    valid_from: Option<Date>,
    valid_to: Option<Date>,
) -> LimitCertificate {
    let low = matches!(category.code(), "A05" | "B05" | "B06");
    LimitCertificate {
        class: LimitClass::of(if low { "02" } else { "01" }),
        category: Some(category),
        valid_from,
        valid_to,
        ..LimitCertificate::default()
    }
}

/// Which disease a code means is not public: each persona with one has the same.
pub(crate) fn specific_disease(valid_from: Option<Date>) -> SpecificDisease {
    SpecificDisease {
        disease: Some("1".to_owned()),
        valid_from,
        self_pay: Some("10000".to_owned()),
        ..SpecificDisease::default()
    }
}

/// `PreschoolClassification` of somebody born on that day.
pub(crate) fn preschool(birth: Date, today: Date) -> Option<String> {
    (today <= preschool_until(birth)).then(|| "1".to_owned())
}
