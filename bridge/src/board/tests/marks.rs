//! 呼んだ and 済.

use super::*;
use crate::call_place::CallPlace;
use crate::store::Actor;
use checkin::{ACTS_AFTER_MS, Millis, Now};

const BY: Actor = Actor::PasscodeAtBoard;
const LANE: CallPlace = CallPlace::Lane(1);

fn now(ms: u64) -> Now {
    Now { monotonic: Millis(ms), wall: Timestamp::now() }
}

/// A board with the visits 1 to 3, whose numbers are 11 to 13.
fn visited() -> (tempfile::TempDir, Board) {
    let (folder, board) = board();
    for visit in 1..=3 {
        board.number(VisitId(visit), ReceptionNumber(10 + u16::try_from(visit).unwrap()));
        board.announce(VisitId(visit), KIOSK, &notice("練習　太郎"), Timestamp::now());
    }
    (folder, board)
}

fn numbers(board: &Board) -> Vec<u16> {
    board.calls().borrow().iter().map(|call| call.number).collect()
}

fn marks(board: &Board, visit: u64) -> Marks {
    board.look().into_iter().find(|(of, _)| of.0 == visit).unwrap().1.marks
}

#[tokio::test]
async fn who_is_called_is_shown_until_staff_are_done() {
    let (_folder, board) = visited();
    let mut calls = board.calls();
    let call = |visit, seen, at| {
        board.mark(VisitId(visit), seen, Mark::Called(LANE), &BY, now(at)).unwrap();
    };
    call(1, 0, 0);
    call(3, 0, 0);
    assert!(calls.has_changed().unwrap());
    assert_eq!(numbers(&board), [13, 11], "the last one first");
    calls.mark_unchanged();
    // Called again it is the last one, and no two calls have the same time.
    call(1, 1, 10_000);
    assert_eq!(numbers(&board), [11, 13]);
    let at: Vec<_> = board.calls().borrow().iter().map(|call| call.called.at_ms).collect();
    assert!(at[0] > at[1], "{at:?}");
    assert_eq!(marks(&board, 1).called.unwrap().times, 2);
    board.mark(VisitId(1), 2, Mark::Done, &BY, now(20_000)).unwrap();
    assert_eq!((numbers(&board), marks(&board, 1).called.is_some()), (vec![13], true));
    board.mark(VisitId(1), 3, Mark::NotDone, &BY, now(30_000)).unwrap();
    assert_eq!(numbers(&board), [11, 13]);
    board.mark(VisitId(1), 4, Mark::NotCalled, &BY, now(40_000)).unwrap();
    assert_eq!((numbers(&board), marks(&board, 1).called), (vec![13], None));
}

#[tokio::test]
async fn a_double_tap_takes_nothing_back_and_the_slower_of_two_hands_changes_nothing() {
    let (_folder, board) = visited();
    let mark = |seen, mark, at| board.mark(VisitId(1), seen, mark, &BY, now(at));
    assert_eq!(mark(0, Mark::Called(LANE), 5_000), Ok(()));
    // The other receptionist saw it not called yet.
    assert_eq!(mark(0, Mark::Called(LANE), 9_000), Err(NotMarked::Changed));
    let soon = 5_000 + ACTS_AFTER_MS - 1;
    assert_eq!(mark(1, Mark::NotCalled, soon), Err(NotMarked::Changed), "nobody has read it");
    assert_eq!(marks(&board, 1).called.unwrap().times, 1);
    assert_eq!(mark(1, Mark::NotCalled, soon + 1), Ok(()));
    assert_eq!(mark(2, Mark::NotDone, 20_000), Err(NotMarked::Nothing));
    assert_eq!(board.mark(VisitId(9), 0, Mark::Done, &BY, now(0)), Err(NotMarked::Gone));
    board.announce(VisitId(4), KIOSK, &notice("練習　花子"), Timestamp::now());
    let unnumbered = board.mark(VisitId(4), 0, Mark::Called(LANE), &BY, now(0));
    assert_eq!(unnumbered, Err(NotMarked::NoNumber));
    assert_eq!(board.mark(VisitId(4), 0, Mark::Done, &BY, now(0)), Ok(()), "that can be done with");
}

#[tokio::test]
async fn calls_survive_a_restart_and_end_with_the_day() {
    let (folder, board) = visited();
    board.mark(VisitId(2), 0, Mark::Called(CallPlace::named("採血室")), &BY, now(0)).unwrap();
    let before = board.calls().borrow().clone();
    end(board).await;
    let board = open(store(&folder));
    assert_eq!(*board.calls().borrow(), before);
    // A later notice about the visit takes nothing from it.
    board.announce(VisitId(2), KIOSK, &notice("練習　太郎"), Timestamp::now());
    assert_eq!(marks(&board, 2).called, Some(before[0].called.clone()));
    let tomorrow = Timestamp::now() + jiff::SignedDuration::from_hours(24);
    board.forget(tomorrow).unwrap();
    assert!(numbers(&board).is_empty());
}

#[test]
fn the_display_has_room_for_the_last_ones() {
    let (_folder, board) = board();
    for visit in 1..=20 {
        board.number(VisitId(visit), ReceptionNumber(u16::try_from(visit).unwrap()));
        board.announce(VisitId(visit), KIOSK, &notice("練習　太郎"), Timestamp::now());
        board.mark(VisitId(visit), 0, Mark::Called(LANE), &BY, now(0)).unwrap();
    }
    assert_eq!(numbers(&board), (9..=20).rev().collect::<Vec<_>>());
}
