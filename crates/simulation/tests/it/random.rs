//! Visits by chance: every one ends, and no rule is broken.

use simulation::{Role, World};

#[test]
fn a_hundred_thousand_random_visits_end_well() {
    let start = "2026-11-23T09:00:00+09:00".parse().unwrap();
    let cast = Role::all(start);
    let mut endings = std::collections::BTreeSet::new();
    for seed in 0..100_000 {
        let summary = World::random(&cast, start, seed).unwrap_or_else(|broken| panic!("{broken}"));
        let names = summary.outcomes.iter().map(|outcome| format!("{outcome:?}"));
        endings.extend(names.map(|name| name.split(['(', ' ']).next().unwrap().to_owned()));
    }
    for expected in ["Confirmed", "ByHand", "Stopped", "TimedOut", "CardTaken"] {
        assert!(endings.contains(expected), "{expected} in {endings:?}");
    }
}

#[test]
fn a_seed_replays() {
    let start = "2026-11-23T09:00:00+09:00".parse().unwrap();
    let cast = Role::all(start);
    for seed in 0..50 {
        let journal = World::replay(&cast, start, seed);
        assert!(!journal.records.is_empty() || !journal.screens.is_empty());
        assert_eq!(journal, World::replay(&cast, start, seed), "{seed}");
    }
}
