//! Rows as versions of the program wrote them: what was written once is read for ever, and what cannot be read does not vanish.

use super::*;

/// As the version wrote them that kept what the wire says.
const V0: &str = include_str!("v0.jsonl");
/// As the version did that had no marks, and one more.
const V1: &str = include_str!("v1.jsonl");
/// As the version did that had no notes, and one more.
const V2: &str = include_str!("v2.jsonl");
/// As the version did that knew no patient list, and one more.
const V3: &str = include_str!("v3.jsonl");
/// As the version did that knew no official reader, and one more.
const V4: &str = include_str!("v4.jsonl");
/// The same rows as they are written now, and more. A line is added, none is ever changed: a change of the form is a new version.
const V5: &str = include_str!("v5.jsonl");

fn kept(version: i64, row: &str) -> KeptRow {
    let (visit, row) = (VisitId(1), row.as_bytes().to_vec());
    KeptRow { visit, version, day: None, row, by_hand: false, number: None, at: None }
}

fn op(visit: u64, version: i64, day: Date, row: &str, by_hand: bool) -> Op {
    Op::Row { visit: VisitId(visit), version, day, row: row.into(), by_hand }
}

fn today() -> Date {
    in_japan(Timestamp::now()).date()
}

fn texts(store: &Arc<dyn Store>) -> Vec<(u64, i64, String)> {
    let text = |row: KeptRow| (row.visit.0, row.version, String::from_utf8(row.row).unwrap());
    store.rows().unwrap().into_iter().map(text).collect()
}

#[test]
fn golden_rows_are_read_and_written_as_ever() {
    let written = |version, line| kept::write(&kept::read(&kept(version, line)).unwrap());
    for (version, old) in [(0, V0), (1, V1), (2, V2), (3, V3), (4, V4)] {
        for (old, new) in old.lines().zip(V5.lines()) {
            assert_eq!(written(version, old), new);
        }
    }
    for line in V5.lines() {
        assert_eq!(written(5, line), line);
    }
    let count = |rows: &str| rows.lines().count();
    assert!(
        count(V5) > count(V4)
            && count(V4) > count(V3)
            && count(V3) > count(V2)
            && count(V2) > count(V1)
            && count(V1) > count(V0)
    );
}

#[tokio::test]
async fn an_update_of_the_program_keeps_the_rows_of_the_day() {
    let (folder, board) = board();
    end(board).await;
    let before = store(&folder);
    let (today, mut visits_before) = (today(), Vec::new());
    for line in V0.lines() {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        let visit = row["visit"].as_u64().unwrap();
        let day = |text: &str| text.replace(text.get(..10).unwrap(), &today.to_string());
        let mut text = line.replace("2026-11-24", "2026-11-23");
        text = text.replace("2026-11-23", &today.to_string());
        text = text.replace(row["at"].as_str().unwrap(), &day(row["at"].as_str().unwrap()));
        before.commit(&[op(visit, 0, today, &text, !row["by_hand"].is_null())]).unwrap();
        visits_before.insert(0, visit);
    }
    let board = open(Arc::clone(&before));
    assert_eq!((visits(&board), board.unread()), (visits_before, Vec::new()));
    let row = |visit| board.look().into_iter().find(|(of, _)| of.0 == visit).unwrap().1;
    assert_eq!(row(1).completed.as_deref(), Some("𠮷﨑　春子"));
    assert_eq!((row(1).number, row(1).lost), (Some(3), vec![("氏名".into(), "𠮷".into())]));
    assert!(row(1).limit.unwrap().starts_with("提供しない"));
    assert!(!row(2).parked && row(2).claim.notes.contains(&ClaimNote::AskSystemAgain));
    assert!(row(3).paper.unwrap().seen);
    assert_eq!(
        (row(4).outcome, row(4).claim().number.as_str()),
        (checkin::ended::Ended::Oral, "1048")
    );
    assert_eq!(row(5).by_hand.unwrap().values[0].1, "01130012");
    assert!(row(6).by_hand.is_some() && row(7).late.is_some());
    // They are written anew, and what was to be entered still is.
    assert!(texts(&before).iter().all(|(_, version, _)| *version == kept::VERSION));
    assert_eq!(before.by_hand().unwrap(), 2);
    end(board).await;
    assert_eq!(visits(&open(before)).len(), 8);
}

#[tokio::test]
async fn a_row_that_cannot_be_read_stays_and_is_shown() {
    let (folder, board) = board();
    let first = Timestamp::now();
    board.announce(VisitId(9), KIOSK, &notice("練習　太郎"), first);
    board.save(VisitId(9));
    end(board).await;
    let store = store(&folder);
    let number = store.take_number(VisitId(1), today()).unwrap();
    let rows = [
        op(1, 99, today(), "of a newer version", false),
        op(2, kept::VERSION, today().yesterday().unwrap(), "{\"damaged", true),
        op(3, 0, today(), "{\"visit\":3,\"outcome\":\"unheard of\"}", false),
    ];
    store.commit(&rows).unwrap();
    let lies = |board: &Board| {
        let unread = board.unread();
        assert_eq!(unread.iter().map(|row| row.visit.0).collect::<Vec<_>>(), [3, 2, 1]);
        assert_eq!(unread.iter().map(|row| row.newer).collect::<Vec<_>>(), [false, false, true]);
        assert_eq!((unread[2].number, unread[1].by_hand), (Some(number.0), true));
        assert_eq!(visits(board), [9], "the others are not touched by it");
    };
    let board = open(Arc::clone(&store));
    lies(&board);
    let text = |visit: u64| texts(&store).into_iter().filter(move |row| row.0 == visit);
    assert_eq!(text(1).collect::<Vec<_>>(), [(1, 99, "of a newer version".to_owned())]);
    assert_eq!(text(2).collect::<Vec<_>>(), [(2, -1, "{\"damaged".to_owned())]);
    assert_eq!(store.by_hand().unwrap(), 1);
    // What is told about its visit later gets a row of its own.
    board.by_hand(VisitId(2), "…".into(), None);
    board.save(VisitId(2));
    assert!(board.writer.flush(std::time::Duration::from_secs(9)).await);
    assert_eq!((store.by_hand().unwrap(), text(2).count()), (2, 2));
    assert!(board.entered(VisitId(2)) && board.unread()[1].by_hand, "the one that was shown first");
    assert!(board.entered(VisitId(2)) && !board.entered(VisitId(2)));
    end(board).await;
    assert_eq!((store.by_hand().unwrap(), text(1).count()), (0, 1));
    // The day of the second one is over.
    let board = open(Arc::clone(&store));
    assert_eq!(board.unread().len(), 2);
    board.forget(first + jiff::SignedDuration::from_hours(24)).unwrap();
    assert!(board.unread().is_empty() && texts(&store).is_empty());
}
