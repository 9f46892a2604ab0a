//! The rows of other bridges, as they are looked at here.

use super::*;
use crate::board::others::Others;
use crate::store::{Link, LinkState, News};
use jiff::SignedDuration;

fn kept(visit: u64, version: i64, day: Date, name: &str) -> KeptRow {
    let (row, by_hand) = (Row { name: Some(name.into()), ..Row::bare(Timestamp::now()) }, false);
    let row = kept::write(&Row { agreed: vec![Topic::Operation], ..row }).into_bytes();
    KeptRow { visit: VisitId(visit), version, day: Some(day), row, by_hand, number: None, at: None }
}

fn news(bridge: &str, seen: Timestamp, rows: Vec<KeptRow>) -> News {
    let rows = rows.into_iter().map(|row| (bridge.to_owned(), row)).collect();
    News { bridges: vec![(bridge.into(), Some(seen))], rows, gone: Vec::new() }
}

fn names(others: &Others, now: Timestamp) -> Vec<(String, String)> {
    let rows = others.look(now).into_iter();
    rows.map(|other| (other.bridge, other.row.name.unwrap())).collect()
}

#[test]
fn each_row_has_a_number_of_its_own_and_of_each_visit_the_newest_version_is_shown() {
    let (others, now) = (Others::default(), Timestamp::now());
    let today = in_japan(now).date();
    let versions = [kept(1, kept::VERSION - 1, today, "old"), kept(1, kept::VERSION, today, "new")];
    others.hear(news("east", now, versions.to_vec()));
    others.hear(news("west", now, vec![kept(1, kept::VERSION, today, "another")]));
    assert_eq!(
        names(&others, now),
        [("east", "new"), ("west", "another")]
            .map(|(bridge, name)| { (bridge.to_owned(), name.to_owned()) })
    );
    let rows = others.look(now);
    assert_ne!(rows[0].number, rows[1].number);
    assert!(rows.iter().all(|row| row.number > 1 << 40 && row.number < 1 << 53));
    assert!(rows.iter().all(|row| row.row.agreed.is_empty()));
    let before = others.revision();
    let gone = vec![("east".to_owned(), VisitId(1), kept::VERSION)];
    others.hear(News { gone, ..news("east", now, Vec::new()) });
    assert_eq!(names(&others, now)[0].1, "old");
    assert!(others.revision() > before);
    let before = others.revision();
    others.hear(news("east", now, Vec::new()));
    assert_eq!(others.revision(), before, "nothing that is shown has changed");
}

#[test]
fn names_leave_with_their_day_whether_the_database_is_there_or_not() {
    let (others, now) = (Others::default(), Timestamp::now());
    let today = in_japan(now).date();
    let entered = KeptRow { by_hand: true, ..kept(2, kept::VERSION, today, "to enter") };
    others.hear(news("east", now, vec![kept(1, kept::VERSION, today, "a name"), entered]));
    let tomorrow = now + SignedDuration::from_hours(24);
    assert_eq!(names(&others, tomorrow).len(), 1);
    others.forget(tomorrow);
    assert_eq!(names(&others, now), [("east".to_owned(), "to enter".to_owned())]);
}

#[test]
fn it_is_said_since_when_rows_are_not_as_they_are_now_and_how_many_cannot_be_read() {
    let (others, now) = (Others::default(), Timestamp::now());
    let today = in_japan(now).date();
    let link = |state| Link { state, since: now };
    let newer = KeptRow { version: kept::VERSION + 1, ..kept(1, 1, today, "a name") };
    others.hear(news("east", now, vec![newer]));
    let long_ago = now - SignedDuration::from_hours(72);
    others.hear(news("left", long_ago, Vec::new()));
    let up = others.standing(&link(LinkState::Up), now);
    assert_eq!(up.len(), 1, "one that was not here today has nothing to tell");
    assert_eq!((up[0].bridge.as_str(), up[0].since, up[0].unread), ("east", None, 1));
    let away = others.standing(&link(LinkState::Away("why".into())), now);
    assert_eq!(away[0].since, Some(now));
    assert!(others.look(now).is_empty());
}
