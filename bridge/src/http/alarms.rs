//! What is wrong with the site itself, as the staff board tells it. Nothing, when all is well.

use super::{App, self_test};
use crate::clock;
use crate::ledger::Ledger;
use crate::reader::Kind;
use crate::store::{Link, LinkState, Standing};
use checkin::time::rfc3339;
use jiff::{SignedDuration, Timestamp};
use protocol::staff::Alarm;
use std::sync::Arc;
use std::time::Duration;

/// A result that waits for less is on its way: its folder is tried again at least once a minute, and so is the site's database.
const ON_ITS_WAY: SignedDuration = SignedDuration::from_mins(2);
/// Wrong log-ins within an hour that are more than slips.
const GUESSING: u64 = 10;
/// The board does not wait longer for the store.
const PATIENCE: Duration = Duration::from_secs(1);

/// Results that wait for their folder: how many, and since when the oldest one.
type Waiting = Option<(u64, Timestamp)>;

pub(super) async fn alarms(app: &App, kind: Kind) -> Vec<Alarm> {
    let ledger = app.site.ledgers.of(kind);
    let standing = ledger.writer.standing();
    let results = if standing.failing { None } else { results(app, ledger).await };
    let now = app.site.clock.now().wall;
    let wrong = app.site.accounts.refused(now).1;
    let guessing = (wrong >= GUESSING).then_some(Alarm::LogInsRefused { count: wrong });
    let told = told(standing, results, clock::is_wrong(now, ledger.newest()), now);
    let database = if standing.failing { None } else { database(app, ledger, now).await };
    let tested = self_test::alarm(app, kind);
    let terminal = (!app.site.gateways.of(kind).is_reached()).then_some(Alarm::TerminalAway);
    told.into_iter().chain(terminal).chain(database).chain(tested).chain(guessing).collect()
}

/// The site's database, where there is one and something waits for it.
async fn database(app: &App, ledger: &Arc<Ledger>, now: Timestamp) -> Option<Alarm> {
    let Link { state, since } = ledger.upstream.as_ref()?.link();
    if !is_missed(&state, since, now) {
        return None;
    }
    let ledger = Arc::clone(ledger);
    let count = move || ledger.upstream.as_ref()?.unsent().ok();
    let count = app.disk.call(PATIENCE, count).await.ok().flatten()?;
    Some(Alarm::DatabaseAway { count, since: rfc3339(since) })
}

/// A short absence mends itself; what a person has to put right does not.
fn is_missed(state: &LinkState, since: Timestamp, now: Timestamp) -> bool {
    match state {
        LinkState::Up => false,
        LinkState::Starting | LinkState::Away(_) => now.duration_since(since) >= ON_ITS_WAY,
        LinkState::Refused(_) => true,
    }
}

/// `None` also where the store does not say it in time: then the next look does.
async fn results(app: &App, ledger: &Ledger) -> Waiting {
    let store = Arc::clone(&ledger.store);
    let look = move || Some((store.waiting().ok()?, store.waiting_since().ok()??));
    app.disk.call(PATIENCE, look).await.ok().flatten()
}

fn told(standing: Standing, results: Waiting, clock_wrong: bool, now: Timestamp) -> Vec<Alarm> {
    let late = results.filter(|(_, since)| now.duration_since(*since) >= ON_ITS_WAY);
    let alarms = [
        (standing.lost > 0).then_some(Alarm::RecordsLost { count: standing.lost }),
        // For a moment every record waits.
        standing.failing.then_some(Alarm::RecordsWait { count: standing.waiting }),
        clock_wrong.then_some(Alarm::ClockWrong),
        late.map(|(count, since)| Alarm::ResultsWait { count, since: rfc3339(since) }),
    ];
    alarms.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_or_was_lost_is_told_and_nothing_when_all_is_well() {
        let now: Timestamp = "2026-11-28T01:00:00Z".parse().unwrap();
        let since = |minutes| Some((2, now - SignedDuration::from_mins(minutes)));
        let well = Standing { waiting: 3, ..Standing::default() };
        assert_eq!(told(well, None, false, now), []);
        assert_eq!(told(well, since(1), false, now), [], "on its way");
        let late = Alarm::ResultsWait { count: 2, since: "2026-11-28T09:55:00+09:00".into() };
        assert_eq!(told(well, since(5), false, now), [late]);
        let bad = Standing { waiting: 3, lost: 1, failing: true };
        let records = [Alarm::RecordsLost { count: 1 }, Alarm::RecordsWait { count: 3 }];
        assert_eq!(told(bad, None, false, now), records);
        assert_eq!(told(well, None, true, now), [Alarm::ClockWrong]);
    }

    #[test]
    fn a_database_that_is_away_is_told_when_it_does_not_come_back_by_itself() {
        let now: Timestamp = "2026-11-28T01:00:00Z".parse().unwrap();
        let missed = |state: &LinkState, minutes| {
            is_missed(state, now - SignedDuration::from_mins(minutes), now)
        };
        let (away, refused) = (LinkState::Away("why".into()), LinkState::Refused("why".into()));
        assert!(!missed(&away, 1) && missed(&away, 2) && missed(&refused, 0));
        assert!(!missed(&LinkState::Starting, 0) && !missed(&LinkState::Up, 60));
    }
}
