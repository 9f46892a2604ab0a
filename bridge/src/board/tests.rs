//! The rows of the staff board.

mod marks;
mod others;
mod versions;

use super::*;
use crate::store::Sqlite;
use checkin::claim::{ClaimNote, ClaimRules, Route, Situation, TypedKnown, advise};
use checkin::consent::Topic;
use checkin::documents::{self, Document, PaperItem};
use checkin::fallback::{Way, Why};
use checkin::reception::{ReceptionNumber, StaffNotice};
use checkin::secret::Serial;
use checkin::view::Outcome;

const KIOSK: &str = "受付1";

fn notice(name: &str) -> StaffNotice {
    let now = Timestamp::now();
    let today = in_japan(now).date();
    let rules = ClaimRules::default();
    let situation = Situation {
        eligibility: None,
        numbers: None,
        statement: None,
        card_shown: true,
        oral: false,
        birth: None,
        today,
        rules: &rules,
    };
    StaffNotice {
        outcome: Outcome::Confirmed,
        parked: true,
        name: Some(name.into()),
        name_kana: None,
        advice: advise(&situation),
        owner: None,
        numbers: None,
        paper: None,
        limit: None,
        destination: Some(1),
        agreed: vec![Topic::Operation],
        serial: Some(Serial::new(vec![1])),
    }
}

fn store(folder: &tempfile::TempDir) -> Arc<dyn Store> {
    Arc::new(Sqlite::open(folder.path(), false).unwrap())
}

fn open(store: Arc<dyn Store>) -> Board {
    let writer = Arc::new(Writer::start(Arc::clone(&store)));
    Board::open(store, writer, 1).unwrap()
}

/// Ends it when everything is kept.
async fn end(board: Board) {
    board.writer.finish().await;
}

fn board() -> (tempfile::TempDir, Board) {
    let folder = tempfile::tempdir().unwrap();
    let board = open(store(&folder));
    (folder, board)
}

#[tokio::test]
async fn a_site_keeps_as_many_visits_as_its_kiosks_see_in_a_day_and_then_the_newest() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    let writer = Arc::new(Writer::start(Arc::clone(&store)));
    let board = Board::open(store, writer, 2).unwrap();
    let mut changes = board.changes();
    for visit in 1..=2_002 {
        board.announce(VisitId(visit), KIOSK, &notice("練習　太郎"), Timestamp::now());
        assert!(changes.has_changed().unwrap(), "each is told");
        changes.mark_unchanged();
    }
    let visits = visits(&board);
    assert_eq!((visits.len(), visits[0], visits[1_999]), (2_000, 2_002, 3));
    end(board).await;
}

/// The newest row.
fn first(board: &Board) -> Row {
    board.look().remove(0).1
}

fn visits(board: &Board) -> Vec<u64> {
    board.look().iter().map(|(visit, _)| visit.0).collect()
}

#[test]
fn a_second_notice_replaces_the_first_and_the_destination_keeps_its_name() {
    let (_folder, board) = board();
    let now = Timestamp::now();
    board.announce(VisitId(1), KIOSK, &notice("練習　太郎"), now);
    board.goes_to(VisitId(1), "小児科");
    board.number(VisitId(1), ReceptionNumber(3));
    let later = StaffNotice { destination: None, parked: false, ..notice("練習　花子") };
    board.announce(VisitId(1), KIOSK, &later, now);
    // As the site calls it by now.
    board.goes_to(VisitId(1), "こども外来");
    let row = first(&board);
    assert_eq!((row.destination.as_deref(), row.parked), (Some("小児科"), false));
    assert_eq!((row.number, row.kiosk.as_deref()), (Some(3), Some(KIOSK)));
}

#[tokio::test]
async fn a_restart_keeps_the_rows_but_not_what_needs_the_serial() {
    let (folder, board) = board();
    board.number(VisitId(1), ReceptionNumber(3));
    board.announce(VisitId(1), KIOSK, &notice("●﨑　春子"), Timestamp::now());
    board.goes_to(VisitId(1), "小児科");
    board.complete(VisitId(1), "𠮷").unwrap().unwrap();
    board.save(VisitId(1));
    end(board).await;
    let board = open(store(&folder));
    let row = first(&board);
    assert_eq!((row.number, row.completed.as_deref()), (Some(3), Some("𠮷﨑　春子")));
    assert_eq!(row.destination.as_deref(), Some("小児科"));
    assert!(!row.parked && row.agreed.is_empty());
    assert!(row.claim.notes.contains(&ClaimNote::AskSystemAgain));
    assert!(board.to_withdraw(VisitId(1), Topic::Operation).is_none());
}

#[tokio::test]
async fn a_result_to_enter_by_hand_outlives_its_day() {
    let (folder, board) = board();
    let yesterday = Timestamp::now() - jiff::SignedDuration::from_hours(24);
    for visit in [VisitId(1), VisitId(2)] {
        board.announce(visit, KIOSK, &notice("練習　太郎"), yesterday);
        board.save(visit);
    }
    board.announce(VisitId(1), KIOSK, &notice("練習　太郎"), yesterday);
    board.by_hand(VisitId(1), "…".into(), None);
    board.save(VisitId(1));
    // Of a visit that told nothing of itself, because the program was killed.
    board.by_hand(VisitId(9), "…".into(), None);
    board.save(VisitId(9));
    end(board).await;
    let store = store(&folder);
    assert_eq!(store.by_hand().unwrap(), 2);
    let board = open(Arc::clone(&store));
    assert_eq!(visits(&board), [9, 1]);
    assert!(board.entered(VisitId(1)) && !board.entered(VisitId(1)));
    assert!(board.entered(VisitId(9)));
    assert!(board.writer.flush(std::time::Duration::from_secs(9)).await);
    assert_eq!(store.by_hand().unwrap(), 0);
    assert_eq!(visits(&board), [9]);
}

#[tokio::test]
async fn a_result_of_a_visit_that_told_nothing_is_entered_once() {
    let (folder, board) = board();
    // The program was killed before the visit told of itself; its result goes to the staff at the next start.
    board.by_hand(VisitId(1), "…".into(), None);
    board.save(VisitId(1));
    assert!(board.entered(VisitId(1)));
    end(board).await;
    let store = store(&folder);
    assert_eq!(store.by_hand().unwrap(), 0, "nobody is to enter it again");
    let board = open(store);
    assert!(first(&board).by_hand.is_none());
}

#[test]
fn the_cap_never_drops_what_staff_have_to_enter() {
    let (_folder, board) = board();
    let now = Timestamp::now();
    board.announce(VisitId(1), KIOSK, &notice("練習　太郎"), now);
    board.by_hand(VisitId(1), "…".into(), None);
    for visit in 2..=1002 {
        board.announce(VisitId(visit), KIOSK, &notice("練習　太郎"), now);
    }
    let visits = visits(&board);
    assert_eq!((visits.len(), visits.last()), (1000, Some(&1)));
}

#[tokio::test]
async fn midnight_wipes_names_but_a_clock_that_goes_back_wipes_nothing() {
    let (folder, board) = board();
    let (now, day) = (Timestamp::now(), jiff::SignedDuration::from_hours(24));
    let answered = StaffNotice { parked: false, ..notice("練習　太郎") };
    board.announce(VisitId(1), KIOSK, &answered, now);
    board.save(VisitId(1));
    assert!(board.writer.flush(std::time::Duration::from_secs(9)).await);
    board.forget(now - day).unwrap();
    assert_eq!((board.look().len(), store(&folder).rows().unwrap().len()), (1, 1));
    board.forget(now + day).unwrap();
    assert!(board.entries().visits.is_empty());
    assert!(store(&folder).rows().unwrap().is_empty());
}

#[tokio::test]
async fn an_answer_of_the_next_day_says_so_and_its_name_was_wiped_in_between() {
    let (folder, board) = board();
    let (now, day) = (Timestamp::now(), jiff::SignedDuration::from_hours(24));
    for visit in [VisitId(1), VisitId(2)] {
        board.announce(visit, KIOSK, &notice("練習　太郎"), now - day);
    }
    board.forget(now).unwrap();
    assert!(board.look().is_empty());
    let nothing = kept::write(&Row::bare(now - day));
    let wiped = |entry: &Entry| kept::write(&entry.row) == nothing && entry.serial.is_none();
    assert!(board.entries().visits.values().all(|entry| !entry.told && wiped(entry)));
    board.announce(VisitId(1), KIOSK, &StaffNotice { parked: false, ..notice("練習　太郎") }, now);
    board.unpark(VisitId(2));
    assert_eq!(board.entries().visits.len(), 1, "one that ended without an answer is forgotten");
    let row = first(&board);
    assert_eq!((row.late, row.at), (Some(now), now - day));
    // It is a row of this day.
    board.save(VisitId(1));
    end(board).await;
    let board = open(store(&folder));
    assert_eq!(first(&board).late.map(checkin::time::rfc3339), Some(checkin::time::rfc3339(now)));
    board.forget(now + day).unwrap();
    assert!(board.look().is_empty());
}

#[tokio::test]
async fn a_paper_is_seen_as_a_whole_and_stays_so() {
    use PaperItem::{Card, Share, ValidUntil};
    let (folder, board) = board();
    let today = in_japan(Timestamp::now()).date();
    let birth = checkin::birth::Birth::parse("19840512").unwrap();
    let paper = documents::Paper::new(Document::QualificationNotice, birth, today);
    let notice = StaffNotice { paper: Some(paper), ..notice("練習　太郎") };
    board.announce(VisitId(1), KIOSK, &notice, Timestamp::now());
    assert_eq!(board.see_paper(VisitId(1), &[Share, ValidUntil]), Some(false), "without the card");
    assert!(!first(&board).paper.as_ref().unwrap().seen);
    assert_eq!(board.see_paper(VisitId(1), &[ValidUntil, Card, Share]), Some(true));
    assert_eq!(board.see_paper(VisitId(2), &[Share]), None);
    board.save(VisitId(1));
    end(board).await;
    let board = open(store(&folder));
    assert!(first(&board).paper.as_ref().unwrap().seen);
}

#[test]
fn staff_enter_the_number_that_they_know() {
    let (_folder, board) = board();
    let (why, way) = (Why::NotIdentified, Way::Oral);
    let outcome = Outcome::ByHand { why, way };
    let asked = StaffNotice { outcome, ..notice("練習　太郎") };
    board.announce(VisitId(1), KIOSK, &asked, Timestamp::now());
    let known = |number: &str| TypedKnown {
        insurer_number: "01130012".into(),
        symbol: "２１１３".into(),
        number: number.into(),
        branch: String::new(),
        past: true,
    };
    let today = in_japan(Timestamp::now()).date();
    assert!(board.know(VisitId(1), &known(""), today).unwrap().is_err());
    board.know(VisitId(1), &known("1048"), today).unwrap().unwrap();
    let claim = first(&board).claim().clone();
    assert_eq!((claim.route, claim.number.as_str()), (Route::Past, "1048"));
    assert_eq!((claim.remarks, claim.send_to), (vec!["旧資格".to_owned()], None));
    // The system's answer comes after all.
    board.announce(VisitId(1), KIOSK, &notice("練習　太郎"), Timestamp::now());
    assert_ne!(first(&board).claim().number, "1048");
    assert!(board.know(VisitId(1), &known("1048"), today).is_none(), "nobody is to be asked");
}

#[test]
fn yesterday_is_forgotten() {
    let (_folder, board) = board();
    let yesterday = Timestamp::now() - jiff::SignedDuration::from_hours(24);
    board.announce(VisitId(1), KIOSK, &notice("練習　太郎"), yesterday);
    assert!(board.look().is_empty());
}

#[test]
fn known_characters_stand_beside_the_sent_name() {
    let (_folder, board) = board();
    board.announce(VisitId(1), KIOSK, &notice("●﨑　春子"), Timestamp::now());
    assert!(board.complete(VisitId(1), "吉田").unwrap().is_err(), "one ●, one character");
    board.complete(VisitId(1), "𠮷").unwrap().unwrap();
    let row = first(&board);
    assert_eq!(
        (row.name.as_deref(), row.completed.as_deref()),
        (Some("●﨑　春子"), Some("𠮷﨑　春子"))
    );
    assert!(board.complete(VisitId(2), "𠮷").is_none());
}

#[test]
fn the_serial_goes_with_the_last_consent() {
    let (_folder, board) = board();
    board.announce(VisitId(1), KIOSK, &notice("練習　太郎"), Timestamp::now());
    assert!(board.to_withdraw(VisitId(1), Topic::HealthCheckups).is_none());
    assert!(board.to_withdraw(VisitId(1), Topic::Operation).is_some());
    board.withdraw(&Serial::new(vec![1]), Topic::Operation, Timestamp::now());
    assert!(board.entries().visits[&VisitId(1)].serial.is_none());
}

#[test]
fn a_consent_is_withdrawn_in_all_visits_of_a_person() {
    let (_folder, board) = board();
    let other = StaffNotice { serial: Some(Serial::new(vec![2])), ..notice("練習　花子") };
    for (visit, notice) in [(1, notice("練習　太郎")), (2, other), (3, notice("練習　太郎"))]
    {
        board.announce(VisitId(visit), KIOSK, &notice, Timestamp::now());
    }
    let serial = Serial::new(vec![1]);
    let changed = board.withdraw(&serial, Topic::Operation, Timestamp::now());
    assert_eq!(changed.iter().map(|one| one.0).collect::<Vec<_>>(), [VisitId(1), VisitId(3)]);
    let agreed: Vec<_> = board.look().iter().map(|(_, row)| row.agreed.len()).collect();
    assert_eq!(agreed, [0, 1, 0]);
}
