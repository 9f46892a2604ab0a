//! What a day came to, in numbers, out of the lines of the audit: they are kept anyhow, name nobody, and survive a restart.

use jiff::Timestamp;
use protocol::day::{Counted, Counts, Day, Step, Times};
use serde_json::Value;
use std::collections::BTreeMap;

/// From so many on the 95th of 100 is another one than the longest.
const ENOUGH: usize = 20;
/// More keys than a table has for one day.
const MOST_KEYS: usize = 100;

/// When one visit came to what.
#[derive(Default)]
struct Moments {
    started: Option<Timestamp>,
    identified: Option<Timestamp>,
    consented: Option<Timestamp>,
    ended: Option<Timestamp>,
    called: Option<Timestamp>,
    done: Option<Timestamp>,
}

#[derive(Default)]
struct Tables(BTreeMap<u8, (Option<Counted>, BTreeMap<String, u32>)>);

impl Tables {
    fn count(&mut self, of: Counted, key: &str) {
        let (counted, table) = self.0.entry(of as u8).or_default();
        *counted = Some(of);
        if table.len() < MOST_KEYS || table.contains_key(key) {
            *table.entry(key.into()).or_default() += 1;
        }
    }

    fn list(self) -> Vec<Counts> {
        let tables = self.0.into_values();
        tables
            .filter_map(|(of, counts)| {
                Some(Counts { of: of?, counts: counts.into_iter().collect() })
            })
            .collect()
    }
}

/// Of these lines of one day, oldest first. `kiosk`: where a visit was, as far as that is known.
pub fn day(
    date: String,
    practice: bool,
    lines: &[String],
    kiosk: impl Fn(u64) -> Option<String>,
) -> Day {
    let (mut tables, mut visits, mut ended) = (Tables::default(), BTreeMap::new(), 0);
    for line in lines {
        let Ok(line) = serde_json::from_str::<Value>(line) else { continue };
        let Some(at) = line["at"].as_str() else { continue };
        let what = line["what"].as_str().unwrap_or_default();
        if what == "ended" {
            ended += 1;
            tables.count(Counted::Hour, at.get(11..13).unwrap_or_default());
            let kiosk = line["visit"].as_u64().and_then(&kiosk);
            tables.count(Counted::Kiosk, &kiosk.unwrap_or_default());
        }
        count(&mut tables, what, &line["detail"]);
        if let (Some(visit), Ok(at)) = (line["visit"].as_u64(), at.parse()) {
            note(visits.entry(visit).or_default(), what, at);
        }
    }
    Day { date, practice, ended, counts: tables.list(), times: times(&visits) }
}

fn count(tables: &mut Tables, what: &str, detail: &Value) {
    let word = |key: &str| detail[key].as_str();
    let key = |of, key| word(key).map(|word| (of, word));
    let counted = match what {
        "ended" => key(Counted::Outcome, "outcome"),
        "identified" => key(Counted::Way, "method"),
        "way_taken" => key(Counted::Fallback, "way"),
        "face_attempt" if word("verdict") == Some("matched") => None,
        "card_doubted"
        | "face_attempt"
        | "pin_refused"
        | "passcode_refused"
        | "not_confirmed"
        | "board_refused"
        | "log_in_refused"
        | "parked"
        | "gave_up"
        | "answer_about_another"
        | "entered_by_hand" => Some((Counted::Trouble, what)),
        _ => None,
    };
    if let Some((of, key)) = counted {
        tables.count(of, key);
    }
    if what == "identified"
        && let Some(reason) = word("reason")
    {
        tables.count(Counted::VisualReason, reason);
    }
}

fn note(visit: &mut Moments, what: &str, at: Timestamp) {
    match what {
        "started" => _ = visit.started.get_or_insert(at),
        "identified" => visit.identified = Some(at),
        "consent" => visit.consented = Some(at),
        "ended" => visit.ended = Some(at),
        "called" => _ = visit.called.get_or_insert(at),
        "call_taken_back" => visit.called = None,
        "staff_done" => visit.done = Some(at),
        "done_taken_back" => visit.done = None,
        _ => {}
    }
}

fn times(visits: &BTreeMap<u64, Moments>) -> Vec<Times> {
    type Span = fn(&Moments) -> [Option<Timestamp>; 2];
    let spans: [(Step, Span); 6] = [
        (Step::Whole, |it| [it.started, it.ended]),
        (Step::Identify, |it| [it.started, it.identified]),
        (Step::Consent, |it| [it.identified, it.consented]),
        (Step::Answer, |it| [it.consented, it.ended]),
        (Step::CallWait, |it| [it.ended, it.called]),
        (Step::Desk, |it| [it.called, it.done]),
    ];
    let of = |(step, span): (Step, Span)| {
        let seconds = visits.values().filter_map(|visit| {
            let [from, to] = span(visit);
            // A clock that was set back in between measures nothing.
            u32::try_from(to?.duration_since(from?).as_secs()).ok()
        });
        summary(step, seconds.collect())
    };
    spans.into_iter().filter_map(of).collect()
}

fn summary(step: Step, mut seconds: Vec<u32>) -> Option<Times> {
    seconds.sort_unstable();
    let longest_s = *seconds.last()?;
    Some(Times {
        step,
        count: u32::try_from(seconds.len()).unwrap_or(u32::MAX),
        median_s: *percentile(&seconds, 50)?,
        p95_s: percentile(&seconds, 95).copied().filter(|_| seconds.len() >= ENOUGH),
        longest_s,
    })
}

/// The smallest value that so many of 100 do not exceed (nearest rank), of values in order: always one of them.
fn percentile<T>(sorted: &[T], percent: usize) -> Option<&T> {
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_occurred() {
        assert_eq!(percentile::<u32>(&[], 50), None);
        assert_eq!(percentile(&[7], 95), Some(&7));
        assert_eq!(percentile(&[1, 2, 3, 4], 50), Some(&2));
        let hundred: Vec<u32> = (1..=100).collect();
        assert_eq!(
            [50, 95, 100].map(|of| percentile(&hundred, of).copied()),
            [50, 95, 100].map(Some)
        );
        let nineteen = summary(Step::Whole, (1..=19).rev().collect()).unwrap();
        assert_eq!((nineteen.median_s, nineteen.p95_s, nineteen.longest_s), (10, None, 19));
        assert_eq!(summary(Step::Whole, (1..=20).collect()).unwrap().p95_s, Some(19));
        assert_eq!(summary(Step::Whole, Vec::new()), None);
    }

    fn line(at: &str, visit: u64, what: &str, detail: &str) -> String {
        format!(
            r#"{{"at":"2026-11-28T{at}+09:00","detail":{detail},"visit":{visit},"what":"{what}"}}"#
        )
    }

    #[test]
    fn a_day_is_counted_and_timed() {
        let lines = [
            line("08:59:00", 1, "started", "null"),
            line("08:59:20", 1, "face_attempt", r#"{"verdict":"missed","score":0.1}"#),
            line("08:59:30", 1, "face_attempt", r#"{"verdict":"matched","score":0.9}"#),
            line("08:59:30", 1, "identified", r#"{"method":"face","reason":null}"#),
            line("08:59:50", 1, "consent", r#"{"topic":"operation","agreed":true}"#),
            line("09:00:00", 1, "ended", r#"{"outcome":"confirmed"}"#),
            line("09:05:00", 1, "called", r#"{"to":"lane 1","times":1}"#),
            line("09:06:00", 1, "called", r#"{"to":"lane 1","times":2}"#),
            line("09:07:00", 1, "staff_done", "null"),
            line("09:10:00", 2, "identified", r#"{"method":"visual","reason":"cannot_operate"}"#),
            line("09:11:00", 2, "way_taken", r#"{"way":"oral"}"#),
            line("09:12:00", 2, "ended", r#"{"outcome":"oral"}"#),
            "damaged".into(),
        ];
        let day =
            day("2026-11-28".into(), false, &lines, |visit| (visit == 1).then(|| "窓口".into()));
        assert_eq!(day.ended, 2);
        let of = |counted| {
            let table = day.counts.iter().find(|table| table.of == counted).unwrap();
            let text = table.counts.iter().map(|(key, count)| format!("{key} {count}"));
            text.collect::<Vec<_>>().join(", ")
        };
        assert_eq!(of(Counted::Hour), "09 2");
        assert_eq!(of(Counted::Kiosk), " 1, 窓口 1");
        assert_eq!(of(Counted::Outcome), "confirmed 1, oral 1");
        assert_eq!(of(Counted::Way), "face 1, visual 1");
        assert_eq!(of(Counted::VisualReason), "cannot_operate 1");
        assert_eq!(of(Counted::Fallback), "oral 1");
        assert_eq!(of(Counted::Trouble), "face_attempt 1");
        let times: Vec<_> = day.times.iter().map(|it| (it.step, it.count, it.median_s)).collect();
        let expected = [
            (Step::Whole, 1, 60),
            (Step::Identify, 1, 30),
            (Step::Consent, 1, 20),
            (Step::Answer, 1, 10),
            (Step::CallWait, 1, 300),
            (Step::Desk, 1, 120),
        ];
        assert_eq!(times, expected);
    }
}
