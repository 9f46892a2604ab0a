//! Rows, their order, and the search.

use super::*;
use protocol::screen::Document;
use protocol::staff::{ByHand, Claim, Marks, Paper};

fn visit(id: u64, name: &str, kana: &str) -> Visit {
    Visit {
        visit: id,
        bridge: None,
        kiosk: Some("受付1".into()),
        number: u16::try_from(id).ok(),
        at: "2027-02-16T09:05:00+09:00".into(),
        outcome: Outcome::Confirmed,
        parked: false,
        name: Some(name.into()),
        name_kana: Some(kana.into()),
        circles: Vec::new(),
        completed: None,
        destination: None,
        claim: Claim {
            route: Route::Current,
            insurer_number: "06132013".into(),
            symbol: "１２".into(),
            number: "345".into(),
            branch: None,
            remarks: Vec::new(),
            notes: Vec::new(),
            send_to: None,
            shares: vec![30],
        },
        agreed: Vec::new(),
        paper: None,
        limit: None,
        lost: Vec::new(),
        late: None,
        by_hand: None,
        marks: Marks::default(),
        note: None,
        listed: None,
    }
}

fn paper(seen: bool) -> Paper {
    Paper { document: Document::QualificationNotice, items: Vec::new(), seen }
}

fn ids(rows: &[Arc<Row>]) -> Vec<u64> {
    rows.iter().map(|row| row.visit.visit).collect()
}

#[test]
fn what_is_to_be_done_comes_first_and_what_waits_longest_before_it() {
    let mut visits: Vec<_> = (1..=5).rev().map(|id| visit(id, "練習　太郎", "")).collect();
    visits[0].paper = Some(paper(true));
    visits[1].paper = Some(paper(false));
    visits[3].by_hand = Some(ByHand { why: String::new(), values: Vec::new() });
    let told = rows(&[], visits.clone());
    assert_eq!(ids(&told), [2, 4, 5, 3, 1]);
    assert_eq!((told[0].todo, told[1].todo), (Some(Todo::ByHand), Some(Todo::Paper)));
    visits[1].paper = Some(paper(true));
    assert_eq!(ids(&rows(&told, visits)), [2, 5, 4, 3, 1], "done on the board");
}

#[test]
fn somebody_to_be_asked_is_to_do_until_a_number_is_known() {
    let mut one = visit(1, "練習　太郎", "");
    (one.outcome, one.claim.route) = (Outcome::Oral, Route::Undecided);
    assert_eq!(rows(&[], vec![one.clone()])[0].todo, Some(Todo::Ask));
    one.claim.route = Route::Current;
    let row = &rows(&[], vec![one])[0];
    assert_eq!((row.todo, row.heed), (None, true));
}

#[test]
fn a_tick_builds_no_row_anew_and_ends_what_is_to_be_done_at_the_desk() {
    let mut visits = vec![visit(2, "練習　花子", ""), visit(1, "練習　太郎", "")];
    visits[0].outcome = Outcome::AtDesk;
    let before = rows(&[], visits.clone());
    assert_eq!((ids(&before), before[0].todo), (vec![2, 1], Some(Todo::Desk)));
    visits[1].marks.done = Some(visits[1].at.clone());
    let ticked = rows(&before, visits.clone());
    assert!(ticked[1].visit.marks.done.is_some() && ticked[1].version == before[1].version);
    visits[0].marks.done = Some(visits[0].at.clone());
    visits[1].by_hand = Some(ByHand { why: String::new(), values: Vec::new() });
    let done = rows(&ticked, visits);
    assert_eq!((ids(&done), done[1].todo), (vec![1, 2], None), "a result is still to be entered");
}

#[test]
fn a_row_that_did_not_change_stays_the_same_one() {
    let visits = vec![visit(2, "練習　花子", ""), visit(1, "練習　太郎", "")];
    let before = rows(&[], visits.clone());
    let mut changed = visits;
    changed[1].completed = Some("練習　太朗".into());
    changed.insert(0, visit(3, "練習　次郎", ""));
    let after = rows(&before, changed);
    assert!(Arc::ptr_eq(&after[1], &before[0]), "not built anew while somebody types into it");
    let versions: std::collections::HashSet<_> =
        after.iter().chain(&before).map(|row| row.version).collect();
    assert_eq!(versions.len(), 4, "each form of a row has its own");
}

#[test]
fn a_name_is_found_however_it_is_written() {
    let told = rows(
        &[],
        vec![
            visit(12, "診療　太郎", "ｼﾝﾘﾖｳ ﾀﾛｳ"),
            visit(3, "ＡＮＮＡ　ＳＭＩＴＨ", "ｱﾝﾅ ｽﾐｽ"),
            visit(1, "伴　健二", "ﾊﾞﾝ ｹﾝｼﾞ"),
        ],
    );
    let found = |words: &str| ids(&Filter { words: words.into(), ..Filter::default() }.of(&told));
    for words in ["しんりょう", "シンリョウ", "ｼﾝﾘｮｳ", "診療太郎", "たろう しん", " 12 ", "１２"]
    {
        assert_eq!(found(words), [12], "{words}");
    }
    for (words, ids) in
        [("anna", vec![3]), ("すみす", vec![3]), ("ばん", vec![1]), ("はん", vec![])]
    {
        assert_eq!(found(words), ids, "{words}");
    }
    assert_eq!(found("06132013").len(), 3, "the insurer of all of them");
    assert_eq!(found("2"), Vec::<u64>::new(), "a short number is a reception number");
    assert_eq!(found("").len(), 3);
}

#[test]
fn a_reception_number_of_four_digits_is_found_and_so_is_an_insurance_number() {
    let mut visits = vec![visit(1048, "練習　花子", ""), visit(104, "練習　太郎", "")];
    visits[1].claim.number = "1048".into();
    let told = rows(&[], visits);
    let found = |words: &str| ids(&Filter { words: words.into(), ..Filter::default() }.of(&told));
    assert_eq!((found("1048"), found("１０４８")), (vec![1048, 104], vec![1048, 104]));
    assert_eq!((found("104"), found("9999")), (vec![104], vec![]));
}

#[test]
fn rows_of_other_bridges_are_found_by_bridge_and_kiosk() {
    let mut visits: Vec<_> = (1..=4).map(|id| visit(id, "練習　太郎", "")).collect();
    visits[1].bridge = Some("east".into());
    (visits[2].bridge, visits[2].kiosk) = (Some("east".into()), None);
    (visits[3].bridge, visits[3].kiosk) = (Some("west".into()), Some("窓口2".into()));
    let rows = rows(&[], visits);
    let all = places(vec!["受付1".into()], &rows);
    assert_eq!(all, ["受付1", "east", "east 受付1", "west 窓口2"]);
    let of =
        |place: &String| ids(&Filter { kiosk: Some(place.clone()), ..Filter::default() }.of(&rows));
    assert_eq!(all.iter().map(of).collect::<Vec<_>>(), [[1], [3], [2], [4]]);
}

#[test]
fn kiosk_and_destination_are_filtered_together_with_the_words() {
    let mut visits = vec![visit(2, "練習　花子", ""), visit(1, "練習　太郎", "")];
    (visits[0].kiosk, visits[0].destination) = (Some("窓口2".into()), Some("内科".into()));
    let told = rows(&[], visits);
    assert_eq!(destinations(&told), ["内科"]);
    let mut filter = Filter { kiosk: Some("窓口2".into()), ..Filter::default() };
    assert_eq!(ids(&filter.of(&told)), [2]);
    filter.destination = Some("内科".into());
    assert_eq!(ids(&filter.of(&told)), [2]);
    filter.words = "太郎".into();
    assert!(filter.of(&told).is_empty() && !filter.is_empty());
}
