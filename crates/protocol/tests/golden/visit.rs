//! A row of the staff board.

use protocol::call::Place;
use protocol::screen::{Document, Outcome, Topic};
use protocol::staff::{ByHand, Called, Claim, Marks, Note, Paper, PaperItem, Route, SendTo, Visit};

/// A visit with something of everything.
pub(crate) fn visit(at: impl Fn() -> String) -> Visit {
    let claim = Claim {
        route: Route::Current,
        insurer_number: "06132013".into(),
        symbol: "12".into(),
        number: "345".into(),
        branch: Some("01".into()),
        remarks: vec!["旧資格".into()],
        notes: vec![Note::AskSystemAgain, Note::AtReaderOnly, Note::AtReaderUnsure],
        send_to: Some(SendTo::Either),
        shares: vec![30],
    };
    Visit {
        visit: 3,
        bridge: None,
        kiosk: Some("受付1".into()),
        number: Some(12),
        at: at(),
        outcome: Outcome::Confirmed,
        parked: false,
        name: Some("●療　太郎".into()),
        name_kana: Some("ｼﾝﾘｮｳ ﾀﾛｳ".into()),
        circles: vec![1],
        completed: Some("診療　太郎".into()),
        destination: Some("内科".into()),
        claim,
        agreed: vec![Topic::Operation],
        paper: Some(Paper {
            document: Document::QualificationNotice,
            items: vec![PaperItem::Card, PaperItem::Share, PaperItem::ValidUntil],
            seen: false,
        }),
        limit: Some("提供しない".into()),
        lost: vec![("氏名".into(), "𠮷".into())],
        late: Some("2027-02-17T08:30:00+09:00".into()),
        by_hand: Some(ByHand { why: "…".into(), values: vec![("住所".into(), "…".into())] }),
        marks: Marks {
            seen: 2,
            called: Some(Called { at: at(), times: 1, to: Place::Lane { number: 1 } }),
            done: Some(at()),
        },
        note: Some("車いす".into()),
        listed: Some(listed()),
    }
}

fn listed() -> protocol::staff::Listed {
    use protocol::staff::{Fit, Insured, Listed};
    let insurance = Insured {
        insurer_number: "06132013".into(),
        symbol: "12".into(),
        number: "345".into(),
        branch: None,
    };
    let fit = Fit {
        chart: "000123".into(),
        reading: "ｼﾝﾘｮｳ ﾊﾅｺ".into(),
        next: Some("2027-03-01 14:30".into()),
        insurance: Some(insurance),
        agrees: Some(false),
    };
    let bare =
        Fit { chart: "A-17".into(), next: None, insurance: None, agrees: None, ..fit.clone() };
    Listed { sure: false, fits: vec![fit, bare] }
}
