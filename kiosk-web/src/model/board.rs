//! What the staff board makes of a visit.

use protocol::staff::{Claim, Insured, Listed, PaperItem, Visit};

/// `(character, is ●)`, for marking the lost characters.
pub(crate) fn marked(name: &str, circles: &[u16]) -> Vec<(char, bool)> {
    name.chars()
        .enumerate()
        .map(|(at, c)| (c, u16::try_from(at + 1).is_ok_and(|place| circles.contains(&place))))
        .collect()
}

/// The numbers of a claim in one line, for pasting into a receipt program.
pub(crate) fn numbers(claim: &Claim) -> String {
    line([
        &claim.insurer_number,
        &claim.symbol,
        &claim.number,
        claim.branch.as_deref().unwrap_or(""),
    ])
}

/// Those of an insurance that the patient list has, likewise.
pub(crate) fn insured(known: &Insured) -> String {
    line([
        &known.insurer_number,
        &known.symbol,
        &known.number,
        known.branch.as_deref().unwrap_or(""),
    ])
}

/// The insurance that the patient list has of the person of a visit, if it is certain who that is.
pub(crate) fn known_insurance(visit: &Visit) -> Option<Insured> {
    let Listed { sure: true, fits } = visit.listed.as_ref()? else { return None };
    fits.first()?.insurance.clone()
}

fn line(numbers: [&str; 4]) -> String {
    let parts = ["保険者番号", "記号", "番号", "枝番"].into_iter().zip(numbers);
    let known = parts.filter(|(_, text)| !text.is_empty());
    known.map(|(label, text)| format!("{label} {text}")).collect::<Vec<_>>().join("　")
}

/// Shares as staff say them: `3割`; several are possible until the person is asked.
pub(crate) fn shares(percents: &[u8]) -> String {
    let say = |percent: &u8| {
        if percent.is_multiple_of(10) {
            format!("{}割", percent / 10)
        } else {
            format!("{percent}%")
        }
    };
    percents.iter().map(say).collect::<Vec<_>>().join("・")
}

/// `09:05` of a moment of the wire.
pub(crate) fn clock(at: &str) -> &str {
    at.get(11..16).unwrap_or("")
}

/// Whether as many characters were typed as the name has ●.
pub(crate) fn completes(visit: &Visit, typed: &str) -> bool {
    !visit.circles.is_empty() && typed.trim().chars().count() == visit.circles.len()
}

/// Whether everything on a document was ticked off.
pub(crate) fn is_all_seen(items: &[PaperItem], ticked: &[PaperItem]) -> bool {
    items.iter().all(|item| ticked.contains(item))
}

/// The number that staff know of somebody, while they type it.
#[derive(Clone, Default)]
pub(crate) struct KnownForm {
    /// 保険者番号.
    pub(crate) insurer_number: String,
    /// 記号.
    pub(crate) symbol: String,
    /// 番号.
    pub(crate) number: String,
    /// 枝番.
    pub(crate) branch: String,
    /// What the person said: it has changed since, or not. Nothing before they were asked.
    pub(crate) past: Option<bool>,
}

impl KnownForm {
    /// With what the patient list has: the person is still to be asked.
    pub(crate) fn of(known: Insured) -> Self {
        let Insured { insurer_number, symbol, number, branch } = known;
        Self { insurer_number, symbol, number, branch: branch.unwrap_or_default(), past: None }
    }

    /// Whether the person was asked and what is needed is typed.
    pub(crate) fn is_ready(&self) -> bool {
        let typed = [&self.insurer_number, &self.number].iter().all(|text| !text.trim().is_empty());
        typed && self.past.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_seen_when_everything_is_ticked() {
        let items = [PaperItem::Card, PaperItem::Share];
        assert!(!is_all_seen(&items, &[]) && !is_all_seen(&items, &[PaperItem::Share]));
        assert!(is_all_seen(&items, &[PaperItem::Share, PaperItem::Card]));
    }

    #[test]
    fn a_known_number_needs_the_question() {
        let mut form = KnownForm {
            insurer_number: "01130012".to_owned(),
            number: "1048".to_owned(),
            ..KnownForm::default()
        };
        assert!(!form.is_ready(), "nobody was asked");
        form.past = Some(false);
        assert!(form.is_ready());
        form.number = " ".to_owned();
        assert!(!form.is_ready());
    }
    use protocol::staff::Route;

    #[test]
    fn numbers_leave_out_what_an_insurance_does_not_have() {
        let mut claim = Claim {
            route: Route::Current,
            insurer_number: "39131016".to_owned(),
            symbol: String::new(),
            number: "12345678".to_owned(),
            branch: None,
            remarks: Vec::new(),
            notes: Vec::new(),
            send_to: None,
            shares: vec![10],
        };
        assert_eq!(numbers(&claim), "保険者番号 39131016　番号 12345678");
        claim.branch = Some("01".to_owned());
        assert!(numbers(&claim).ends_with("枝番 01"));
    }

    #[test]
    fn names_shares_and_times_in_words() {
        assert_eq!(marked("●野", &[1]), [('●', true), ('野', false)]);
        assert_eq!(
            (shares(&[20, 30]), shares(&[]), shares(&[15])),
            ("2割・3割".to_owned(), String::new(), "15%".to_owned())
        );
        assert_eq!((clock("2026-11-23T09:05:00+09:00"), clock("x")), ("09:05", ""));
    }
}
