//! Visits by chance: every one ends, and no rule is broken.

use simulation::{Count, Role, World};

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

/// `cargo xtask simulate --faults --visits 100000` is the long form.
#[test]
fn whatever_fails_every_confirmed_visit_has_one_file_or_one_row_by_hand() {
    let start = "2026-11-23T09:00:00+09:00".parse().unwrap();
    let cast = Role::all(start);
    let mut count = Count::default();
    for seed in 0..3_000 {
        let summary = World::random_kept(&cast, start, seed);
        count = count.and(summary.unwrap_or_else(|broken| panic!("{broken}")).kept);
    }
    assert_eq!(count.confirmed, count.one_file + count.by_hand + count.told_again);
    assert_eq!(count.consents, count.consent_lines);
    assert!(count.crashes > 20 && count.by_hand > 0 && count.one_file > 500, "{count:?}");
}

#[test]
fn what_once_broke_a_rule_breaks_none() {
    let start = "2026-11-23T09:00:00+09:00".parse().unwrap();
    let cast = Role::all(start);
    // A question in the background was asked with a consent that was just being withdrawn.
    for seed in [82_438, 111_036] {
        World::random_kept(&cast, start, seed).unwrap_or_else(|broken| panic!("{broken}"));
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
        let kept = World::replay_kept(&cast, start, seed);
        assert_eq!(kept, World::replay_kept(&cast, start, seed), "{seed}");
    }
}
