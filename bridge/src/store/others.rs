//! What the bridges of a site tell each other by its database: the rows of the staff board, which each of them alone writes.

use super::KeptRow;
use checkin::VisitId;
use jiff::Timestamp;
use std::collections::HashMap;

/// Where a row lies: which bridge keeps it, of which visit, in which version of its form.
pub(super) type Key = (String, VisitId, i64);

/// What another bridge's rows say, in short: a change of a row is a change of this.
pub(super) type Said = String;

/// What has been heard so far. It outlives a connection, so that whatever changed meanwhile is noticed behind it.
#[derive(Default)]
pub(super) struct Known(HashMap<Key, Said>);

/// What has changed since. No `Debug`: rows name people.
#[derive(Default)]
pub struct News {
    /// All other bridges of the site, each with the time by its own clock when it was connected last; `None`: damaged.
    pub bridges: Vec<(String, Option<Timestamp>)>,
    /// Rows that are new or say something else now, each with its bridge.
    pub rows: Vec<(String, KeptRow)>,
    /// Rows that are there no more: bridge, visit and version.
    pub gone: Vec<(String, VisitId, i64)>,
}

impl Known {
    /// The rows that are there no more.
    pub(super) fn gone(&self, there: &HashMap<Key, Said>) -> Vec<Key> {
        self.0.keys().filter(|key| !there.contains_key(*key)).cloned().collect()
    }

    /// The visits whose rows have to be fetched, by bridge: one of them is new, or says something else.
    pub(super) fn wanted(&self, there: &HashMap<Key, Said>) -> HashMap<String, Vec<VisitId>> {
        let mut wanted = HashMap::<String, Vec<VisitId>>::new();
        let changed = there.iter().filter(|(key, said)| self.0.get(*key) != Some(*said));
        for ((bridge, visit, _), _) in changed {
            wanted.entry(bridge.clone()).or_default().push(*visit);
        }
        wanted
    }

    /// All of it was told.
    pub(super) fn told(&mut self, gone: &[Key], said: Vec<(Key, Said)>) {
        for key in gone {
            self.0.remove(key);
        }
        self.0.extend(said);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_new_changed_or_gone_is_noticed_once() {
        let key = |bridge: &str, visit| (bridge.to_owned(), VisitId(visit), 3);
        let there = |rows: &[(Key, &str)]| {
            rows.iter()
                .map(|(key, said)| (key.clone(), (*said).to_owned()))
                .collect::<HashMap<_, _>>()
        };
        let mut known = Known::default();
        let first = there(&[(key("east", 1), "a"), (key("east", 2), "a"), (key("west", 1), "a")]);
        let mut wanted = known.wanted(&first);
        wanted.get_mut("east").unwrap().sort_unstable();
        assert_eq!(wanted["east"], [VisitId(1), VisitId(2)]);
        assert_eq!(wanted["west"], [VisitId(1)]);
        known.told(&[], first.clone().into_iter().collect());
        assert!(known.wanted(&first).is_empty() && known.gone(&first).is_empty());
        let second = there(&[(key("east", 1), "b"), (key("west", 1), "a")]);
        assert_eq!(known.wanted(&second), HashMap::from([("east".to_owned(), vec![VisitId(1)])]));
        assert_eq!(known.gone(&second), [key("east", 2)]);
    }
}
