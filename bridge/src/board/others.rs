//! The rows that other bridges of the site have on their boards, to look at: each bridge alone writes its own. They come by the
//! site's database, are in memory only, and leave with their day as all rows do.

use super::kept;
use super::row::Row;
use crate::store::{KeptRow, Link, LinkState, News};
use checkin::VisitId;
use checkin::time::in_japan;
use jiff::Timestamp;
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// A bridge says several times a minute that it is there: of one that does not for so long nothing new comes.
const SILENT: Duration = Duration::from_mins(1);
/// Below this are the numbers of visits of each bridge, and above it that of the bridge: on one board no two are the same.
const BRIDGE_BITS: u32 = 44;
/// More bridges than a site has, so that the numbers fit.
const MOST_BRIDGES: usize = 1 << 8;

/// See the module.
pub struct Others {
    bridges: Mutex<BTreeMap<String, Other>>,
    changes: watch::Sender<u64>,
}

/// What is known of one bridge.
struct Other {
    /// From 1, in the order in which they were heard of.
    number: u64,
    /// When it was connected last, by its own clock.
    seen: Option<Timestamp>,
    /// When that moved, as it was heard here.
    moved: Instant,
    rows: BTreeMap<(VisitId, i64), Held>,
}

/// A row. No `Debug`: it names somebody.
struct Held {
    day: Option<Date>,
    by_hand: bool,
    /// `None`: this version of the program cannot read it.
    row: Option<Row>,
}

/// A row of another bridge. No `Debug`: it names somebody.
pub struct OtherRow {
    /// Whose.
    pub bridge: String,
    /// Number of the visit on this board, where no other row has it.
    pub number: u64,
    /// What it tells.
    pub row: Row,
}

/// How another bridge is seen from here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Which.
    pub bridge: String,
    /// Its rows here are those of this moment; `None`: they are as new as can be.
    pub since: Option<Timestamp>,
    /// Rows of it that this version of the program cannot read.
    pub unread: usize,
}

impl Default for Others {
    fn default() -> Self {
        Self { bridges: Mutex::default(), changes: watch::channel(0).0 }
    }
}

impl Others {
    /// Takes over what has changed.
    pub fn hear(&self, news: News) {
        let News { bridges, rows, gone } = news;
        let changed = !rows.is_empty() || !gone.is_empty();
        let mut all = self.bridges();
        for (bridge, seen) in bridges {
            let is_known = all.contains_key(&bridge);
            if let Some(other) = of(&mut all, &bridge)
                && (!is_known || other.seen != seen)
            {
                (other.seen, other.moved) = (seen, Instant::now());
            }
        }
        for (bridge, visit, version) in gone {
            if let Some(other) = all.get_mut(&bridge) {
                other.rows.remove(&(visit, version));
            }
        }
        for (bridge, kept) in rows {
            if let Some(other) = of(&mut all, &bridge) {
                other.rows.insert((kept.visit, kept.version), Held::of(&kept));
            }
        }
        if changed {
            self.changes.send_modify(|count| *count += 1);
        }
    }

    /// Tells of every change of the rows by a number that grows.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// The number of the newest change.
    pub fn revision(&self) -> u64 {
        *self.changes.borrow()
    }

    /// The rows of today, and those whose result is still to be entered. A consent is withdrawn at the bridge that has the
    /// certificate's serial.
    pub fn look(&self, now: Timestamp) -> Vec<OtherRow> {
        let today = in_japan(now).date();
        let mut shown = Vec::new();
        for (bridge, other) in &*self.bridges() {
            let mut last = None;
            // Of each visit the newest version first.
            for ((visit, _), held) in other.rows.iter().rev().filter(|(_, held)| held.is_of(today))
            {
                if let Some(row) = held.row.as_ref().filter(|_| last != Some(*visit)) {
                    last = Some(*visit);
                    let number = (other.number << BRIDGE_BITS) | visit.0;
                    let row = Row { agreed: Vec::new(), ..row.clone() };
                    shown.push(OtherRow { bridge: bridge.clone(), number, row });
                }
            }
        }
        shown
    }

    /// The bridges that were there today or have something to show, by name. `link`: how this bridge gets on with the database.
    pub fn standing(&self, link: &Link, now: Timestamp) -> Vec<Standing> {
        let today = in_japan(now).date();
        let stands = |(bridge, other): (&String, &Other)| {
            let unread = other.rows.values().filter(|held| held.is_of(today) && held.row.is_none());
            let unread = unread.count();
            let shows = other.rows.values().any(|held| held.is_of(today));
            let was_here = other.seen.is_some_and(|seen| in_japan(seen).date() >= today);
            let since = other.since(link);
            (shows || was_here).then(|| Standing { bridge: bridge.clone(), since, unread })
        };
        self.bridges().iter().filter_map(stands).collect()
    }

    /// Wipes the names of the days before.
    pub fn forget(&self, now: Timestamp) {
        let today = in_japan(now).date();
        let mut gone = false;
        for other in self.bridges().values_mut() {
            let before = other.rows.len();
            other.rows.retain(|_, held| held.is_of(today));
            gone |= other.rows.len() != before;
        }
        if gone {
            self.changes.send_modify(|count| *count += 1);
        }
    }

    fn bridges(&self) -> MutexGuard<'_, BTreeMap<String, Other>> {
        self.bridges.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The bridge of this name, which may be a new one; `None`: there are too many.
fn of<'a>(all: &'a mut BTreeMap<String, Other>, bridge: &str) -> Option<&'a mut Other> {
    let count = all.len();
    if !all.contains_key(bridge) && count < MOST_BRIDGES {
        let number = u64::try_from(count).unwrap_or(u64::MAX) + 1;
        let other = Other { number, seen: None, moved: Instant::now(), rows: BTreeMap::new() };
        all.insert(bridge.to_owned(), other);
    }
    all.get_mut(bridge)
}

impl Other {
    fn since(&self, link: &Link) -> Option<Timestamp> {
        let silent = self.moved.elapsed() >= SILENT;
        match link.state {
            LinkState::Up => silent.then_some(self.seen).flatten(),
            _ => Some(self.seen.filter(|_| silent).unwrap_or(link.since)),
        }
    }
}

impl Held {
    fn of(kept: &KeptRow) -> Self {
        let fits = kept.visit.0 < 1 << BRIDGE_BITS;
        Self { day: kept.day, by_hand: kept.by_hand, row: kept::read(kept).filter(|_| fits) }
    }

    /// A damaged day is as good as today.
    fn is_of(&self, today: Date) -> bool {
        self.by_hand || self.day.is_none_or(|day| day >= today)
    }
}
