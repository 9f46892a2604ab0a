//! What codes mean, by element: for people who look at a file.

use crate::codes::{
    Answer, Class, InsuredKind, Preschool, Prescription, ReasonOfLoss, Reference, Segment, Sex,
    Status, Validity,
};
use crate::record::Value;
use checkin::limit::{LimitCategory, LimitClass};

/// What the code of that element means, in Japanese; `None` where nothing is known of it.
#[must_use]
pub fn meaning(element: &str, code: &str) -> Option<&'static str> {
    fn of<T: Value>(code: &str, name: impl Fn(&T) -> Option<&'static str>) -> Option<&'static str> {
        T::parse(code).and_then(|known| name(&known))
    }
    match element {
        "QualificationValidity" => of(code, Validity::japanese),
        "Sex1" | "Sex2" => of(code, Sex::japanese),
        "PersonalFamilyClassification" => of(code, InsuredKind::japanese),
        "InsuredCardClassification" => of(code, Class::japanese),
        "ReferenceClassification" => of(code, Reference::japanese),
        "SegmentOfResult" => of(code, Segment::japanese),
        "ProcessingResultStatus" => of(code, Status::japanese),
        "PrescriptionIssueSelect" => of(code, Prescription::japanese),
        "ReasonOfLoss" => of(code, ReasonOfLoss::japanese),
        "PreschoolClassification" => of(code, Preschool::japanese),
        "LimitApplicationCertificateClassification" => LimitClass::of(code).map(LimitClass::name),
        "LimitApplicationCertificateClassificationFlag" => {
            LimitCategory::of(code).map(LimitCategory::name)
        }
        _ if element.ends_with("ConsFlg") => of(code, Answer::japanese),
        _ => None,
    }
}

/// What people call an element: the name of a known one, or of a consent's.
#[must_use]
pub fn japanese(element: &str) -> Option<String> {
    if let Some(known) = crate::known().find(|known| known.element == element) {
        return Some(known.japanese.to_owned());
    }
    let (start, end) = crate::consent::split(element)?;
    let item = crate::ConsentItem::of(start).japanese()?;
    Some(format!("{item}の{}", ["同意", "同意日時", "閲覧有効期限"][end]))
}
