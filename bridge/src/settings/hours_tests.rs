use super::*;

fn time(text: &str) -> ClockTime {
    ClockTime::parse(text).unwrap()
}

fn span(text: &str) -> Option<Span> {
    let (from, to) = text.split_once('-')?;
    Some(Span { from: time(from), to: time(to) })
}

/// Monday to Friday by day, Saturday over midnight, Sunday closed, and New Year.
fn clinic() -> Hours {
    let day = span("09:00-18:00");
    Hours {
        week: [day, day, day, day, day, span("20:00-02:00"), None],
        closed: vec![Day("2027-01-01".parse().unwrap())],
        test_minutes: 30,
        restart_at: Some(time("03:00")),
    }
}

/// In Japan. The 28th of December 2026 is a Monday.
fn at(text: &str) -> Timestamp {
    format!("{text}:00+09:00").parse().unwrap()
}

#[test]
fn open_or_not() {
    for (now, open) in [
        ("2026-12-28T08:59", false),
        ("2026-12-28T09:00", true),
        ("2026-12-28T17:59", true),
        ("2026-12-28T18:00", false),
        ("2027-01-01T10:00", false), // a Friday, but closed
        ("2027-01-02T19:59", false),
        ("2027-01-02T20:00", true),
        ("2027-01-03T01:59", true), // Sunday, which Saturday's hours reach into
        ("2027-01-03T02:00", false),
        ("2027-01-03T10:00", false),
    ] {
        assert_eq!(clinic().is_open(at(now)), Some(open), "{now}");
    }
    assert_eq!(Hours::default().is_open(at("2026-12-28T10:00")), None);
}

#[test]
fn the_self_test_is_made_once_for_each_day_before_opening_or_as_soon_as_the_bridge_runs() {
    for (now, last, due) in [
        ("2026-12-28T08:29", None, false),
        ("2026-12-28T08:30", None, true),
        ("2026-12-28T08:30", Some("2026-12-27T20:00"), true),
        ("2026-12-28T08:31", Some("2026-12-28T08:30"), false),
        // By hand, too early to count for today; by hand within the time, which does.
        ("2026-12-28T08:30", Some("2026-12-28T08:29"), true),
        ("2026-12-28T10:00", Some("2026-12-28T08:45"), false),
        // The bridge was started in the middle of the day, or after it.
        ("2026-12-28T13:00", None, true),
        ("2026-12-28T18:00", None, false),
        // Closed, and over midnight.
        ("2027-01-01T08:30", None, false),
        ("2027-01-02T19:30", None, true),
        ("2027-01-03T01:00", Some("2027-01-02T19:31"), false),
        ("2027-01-03T01:00", None, true),
        // The wall clock was set back: a test of a time to come was none. Set on: that day's is missed, and the next one is made.
        ("2026-12-28T08:40", Some("2026-12-29T08:30"), true),
        ("2026-12-29T08:30", Some("2026-12-28T08:30"), true),
    ] {
        assert_eq!(clinic().test_is_due(at(now), last.map(at)), due, "{now} {last:?}");
    }
    assert!(!Hours::default().test_is_due(at("2026-12-28T10:00"), None), "nobody has said when");
    let early = Hours { week: [span("00:10-12:00"); 7], ..clinic() };
    assert!(early.test_is_due(at("2026-12-28T23:45"), None), "on the evening before");
}

#[test]
fn the_restart_comes_once_a_day_while_the_site_is_closed() {
    for (now, ran, due) in [
        ("2026-12-29T02:59", 9_999, false),
        ("2026-12-29T03:00", 9_999, true),
        ("2026-12-29T04:59", 9_999, true), // somebody was served until then
        ("2026-12-29T05:00", 9_999, false),
        // It was started anew already; or was started just before.
        ("2026-12-29T03:01", 0, false),
        ("2026-12-29T04:30", 89, false),
        ("2026-12-29T03:00", 59, false),
        ("2026-12-29T03:00", 60, true),
        // The wall clock was set back behind it.
        ("2026-12-29T03:10", 20, false),
    ] {
        assert_eq!(clinic().restart_is_due(at(now), ran), due, "{now} {ran}");
    }
    let never = Hours { restart_at: None, ..clinic() };
    assert!(!never.restart_is_due(at("2026-12-29T03:00"), 9_999));
    let late = Hours { restart_at: Some(time("23:30")), ..clinic() };
    assert!(late.restart_is_due(at("2026-12-29T00:30"), 9_999), "it waited over midnight");
    let open = Hours { restart_at: Some(time("12:00")), ..clinic() };
    assert!(!open.restart_is_due(at("2026-12-28T12:00"), 9_999), "whatever the file says");
    assert!(open.restart_is_due(at("2027-01-01T12:00"), 9_999), "closed");
}

#[test]
fn a_restart_while_the_site_is_open_is_no_choice() {
    for (restart, during) in [
        ("08:29", false),
        ("08:30", true),
        ("17:59", true),
        ("18:00", false),
        ("19:30", true), // Saturday's
        ("01:59", true),
        ("02:00", false),
    ] {
        let hours = Hours { restart_at: Some(time(restart)), ..clinic() };
        assert_eq!(hours.restarts_while_open(), during, "{restart}");
    }
    let always = Hours { week: [span("09:00-09:00"); 7], ..clinic() };
    assert!(always.restarts_while_open(), "it never closes");
}
