//! What a person can show when the card did not lead to an answer, by date: a change of law is one
//! line of [`RULES`].

use crate::birth::Birth;
use crate::share::senior_from;
use jiff::civil::Date;

/// Something to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Document {
    /// マイナポータルの資格情報画面 on a phone, or its PDF.
    MynaPortal,
    /// 資格情報のお知らせ.
    QualificationNotice,
    /// 資格確認書.
    EligibilityCertificate,
    /// 健康保険証.
    InsuranceCard,
}

/// Under which condition it is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Way {
    /// By itself.
    Alone,
    /// Together with the My Number Card.
    WithCard,
    /// By itself, if the national system confirms its numbers.
    IfConfirmed,
}

/// One line of law: accepted in this way from the first to the last day, both included.
struct Rule {
    document: Document,
    way: Way,
    from: Date,
    until: Date,
}

/// Ministry guidance on qualification checks. Uncertain: whether the exceptional handling that ended
/// on 2026-03-31 was prolonged; by what was published until then it was not.
const RULES: [Rule; 6] = [
    // Together with the card whenever the card check fails; no end announced.
    rule(Document::MynaPortal, Way::WithCard, Date::MIN, Date::MAX),
    rule(Document::QualificationNotice, Way::WithCard, Date::MIN, Date::MAX),
    // 資格情報のお知らせ alone, taken for a 資格確認書: exceptional handling since 2025-08-01.
    rule(Document::QualificationNotice, Way::IfConfirmed, ymd(2025, 8, 1), ymd(2026, 3, 31)),
    // Issued since the end of new 健康保険証.
    rule(Document::EligibilityCertificate, Way::Alone, ymd(2024, 12, 2), Date::MAX),
    // Existing cards at the latest until this day; one card may have ended earlier: look at its date.
    rule(Document::InsuranceCard, Way::Alone, Date::MIN, ymd(2025, 12, 1)),
    // Expired cards: exceptional handling, also since 2025-08-01 (municipal cards ended then).
    rule(Document::InsuranceCard, Way::IfConfirmed, ymd(2025, 8, 1), ymd(2026, 3, 31)),
];

const fn rule(document: Document, way: Way, from: Date, until: Date) -> Rule {
    Rule { document, way, from, until }
}

const fn ymd(year: i16, month: i8, day: i8) -> Date {
    Date::constant(year, month, day)
}

impl Document {
    /// All documents, the ones that most people have at hand first.
    pub const ALL: [Self; 4] = [
        Self::MynaPortal,
        Self::QualificationNotice,
        Self::EligibilityCertificate,
        Self::InsuranceCard,
    ];

    /// In which ways it is accepted on that day; empty = not at all.
    #[must_use]
    pub fn ways(self, today: Date) -> Vec<Way> {
        let applies =
            |rule: &&Rule| rule.document == self && (rule.from..=rule.until).contains(&today);
        RULES.iter().filter(applies).map(|rule| rule.way).collect()
    }

    /// Whether it counts only together with the My Number Card on that day.
    #[must_use]
    pub fn needs_card(self, today: Date) -> bool {
        self.ways(today) == [Way::WithCard]
    }
}

/// A document whose numbers were typed at the kiosk. Nobody has looked at it yet: the system confirms
/// that somebody is insured under these numbers, not that the person holds the document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// Which.
    pub document: Document,
    /// What staff look at before the visit is done, in this order.
    pub items: Vec<PaperItem>,
}

/// One thing to look at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PaperItem {
    /// The My Number Card beside it: this document counts only together with the card.
    Card,
    /// 負担割合.
    Share,
    /// 有効期限, where it has one.
    ValidUntil,
    /// 発効期日 of the share, from 70 on.
    ShareFrom,
}

impl Paper {
    /// Of somebody born on `birth`.
    #[must_use]
    pub fn new(document: Document, birth: Birth, today: Date) -> Self {
        // Of a day that is not known in full, the earliest that it can be.
        let senior = birth.range().is_none_or(|(first, _)| today >= senior_from(first));
        let items = [
            (document.needs_card(today), PaperItem::Card),
            (true, PaperItem::Share),
            (true, PaperItem::ValidUntil),
            (senior, PaperItem::ShareFrom),
        ];
        let items = items.into_iter().filter_map(|(asked, item)| asked.then_some(item));
        Self { document, items: items.collect() }
    }

    /// Whether it counts only together with the My Number Card.
    #[must_use]
    pub fn needs_card(&self) -> bool {
        self.items.contains(&PaperItem::Card)
    }
}

/// What can be shown on that day, in the order in which to offer it.
#[must_use]
pub fn accepted(today: Date) -> Vec<Document> {
    Document::ALL.into_iter().filter(|document| !document.ways(today).is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use Document::{EligibilityCertificate, InsuranceCard, MynaPortal, QualificationNotice};

    #[track_caller]
    fn check(today: &str, document: Document, expected: &[Way]) {
        let today = today.parse().unwrap();
        assert_eq!(document.ways(today), expected, "{today}");
        assert_eq!(accepted(today).contains(&document), !expected.is_empty());
    }

    #[test]
    fn insurance_cards_ended_by_date() {
        check("2025-07-31", InsuranceCard, &[Way::Alone]);
        check("2025-12-01", InsuranceCard, &[Way::Alone, Way::IfConfirmed]);
        check("2025-12-02", InsuranceCard, &[Way::IfConfirmed]);
        check("2026-03-31", InsuranceCard, &[Way::IfConfirmed]);
        check("2026-04-01", InsuranceCard, &[]);
    }

    #[test]
    fn staff_look_at_what_nobody_has_seen() {
        use PaperItem::{Card, Share, ShareFrom, ValidUntil};
        let today = "2026-11-23".parse().unwrap();
        let items =
            |document, birth: &str| Paper::new(document, Birth::parse(birth).unwrap(), today).items;
        assert_eq!(items(EligibilityCertificate, "19840512"), [Share, ValidUntil]);
        assert_eq!(items(QualificationNotice, "19840512"), [Card, Share, ValidUntil]);
        // From the month after the 70th birthday.
        assert_eq!(items(EligibilityCertificate, "19561123"), [Share, ValidUntil]);
        assert_eq!(items(EligibilityCertificate, "19561023"), [Share, ValidUntil, ShareFrom]);
        assert_eq!(items(EligibilityCertificate, "19560000"), [Share, ValidUntil, ShareFrom]);
        assert_eq!(items(MynaPortal, "19400101"), [Card, Share, ValidUntil, ShareFrom]);
    }

    #[test]
    fn certificates_began_by_date_and_notices_need_the_card() {
        check("2024-12-01", EligibilityCertificate, &[]);
        check("2024-12-02", EligibilityCertificate, &[Way::Alone]);
        check("2026-03-31", QualificationNotice, &[Way::WithCard, Way::IfConfirmed]);
        check("2026-04-01", QualificationNotice, &[Way::WithCard]);
        let today = "2026-11-23".parse().unwrap();
        assert_eq!(accepted(today), [MynaPortal, QualificationNotice, EligibilityCertificate]);
        let with_card = Document::ALL.map(|document| document.needs_card(today));
        assert_eq!(with_card, [true, true, false, false]);
    }
}
