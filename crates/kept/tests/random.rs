//! Visits by chance over the bridge's own store and outbox: whatever fails, nothing is lost or doubled.

use simulation::{Count, Role, Summary, World};

fn visit(cast: &[Role], seed: u64) -> Summary {
    let visit = World::random_kept(cast, start(), seed, kept::keeper);
    visit.unwrap_or_else(|broken| panic!("{broken}"))
}

fn start() -> jiff::Timestamp {
    "2026-11-23T09:00:00+09:00".parse().expect("a moment")
}

/// `cargo xtask simulate --faults --visits 100000` is the long form.
#[test]
fn whatever_fails_every_confirmed_visit_has_one_file_or_one_row_by_hand() {
    let cast = Role::all(start());
    let counts = (0..3_000).map(|seed| visit(&cast, seed).kept);
    let count = counts.fold(Count::default(), Count::and);
    assert_eq!(count.confirmed, count.one_file + count.by_hand + count.told_again);
    assert_eq!(count.consents, count.consent_lines);
    assert!(count.crashes > 20 && count.by_hand > 0 && count.one_file > 500, "{count:?}");
}

#[test]
fn what_once_broke_a_rule_breaks_none() {
    let cast = Role::all(start());
    // A question in the background was asked with a consent that was just being withdrawn.
    for seed in [82_438, 111_036] {
        visit(&cast, seed);
    }
}

#[test]
fn a_seed_replays() {
    let cast = Role::all(start());
    for seed in 0..50 {
        let replay = || World::replay_kept(&cast, start(), seed, kept::keeper).unwrap();
        assert_eq!(replay(), replay(), "{seed}");
    }
}
