//! Slower after wrong tries: by account and side, and by address; kept over restarts.
//!
//! Guesses over the network never close the kiosk's own computer to a member of staff, so nobody is kept out for good.

use super::{Caller, Reach};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};
use std::net::{IpAddr, Ipv6Addr};

/// How one kind of key slows down.
#[derive(Debug)]
pub(super) struct Rule {
    /// Wrong ones before the first wait.
    free: u32,
    /// Doubled with every further wrong one.
    first: SignedDuration,
    longest: SignedDuration,
    /// Quiet for so long after its wait, and it begins anew.
    forgotten: SignedDuration,
}

/// One account, or names that no account has.
pub(super) const ACCOUNT: Rule = Rule {
    free: 5,
    first: SignedDuration::from_secs(5),
    longest: SignedDuration::from_mins(5),
    forgotten: SignedDuration::from_hours(24),
};
/// One computer, whatever names it tries.
pub(super) const ADDRESS: Rule = Rule {
    free: 20,
    first: SignedDuration::from_secs(5),
    longest: SignedDuration::from_mins(5),
    forgotten: SignedDuration::from_mins(15),
};
/// Addresses that are remembered; the longest unused goes first.
pub(super) const MOST_ADDRESSES: u32 = 4096;

/// What is kept of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Delay {
    pub(super) wrong: u32,
    pub(super) until: Option<Timestamp>,
    pub(super) at: Timestamp,
}

/// The key of an account, or of a name that none has: those share a few, and behave the same. `salt`: nobody outside knows which
/// of those names share one.
pub(super) fn of_account(id: Option<&str>, looked_for: &str, reach: Reach, salt: &[u8]) -> String {
    let side = match reach {
        Reach::Computer => "computer",
        Reach::Network => "network",
    };
    if let Some(id) = id {
        return format!("account {side} {id}");
    }
    let digest = Sha256::new().chain_update(salt).chain_update(looked_for).finalize();
    format!("nobody {side} {:02x}", digest[0])
}

/// Whom an address stands for: itself, or the IPv6 network of 64 bits of which one computer has all addresses.
pub(crate) fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
    }
}

/// The key of an address.
pub(super) fn of_address(caller: &Caller) -> String {
    format!("address {}", network_of(caller.address))
}

impl Rule {
    /// Seconds to wait; `None`: not at all. A clock that was set back makes no wait longer than the longest.
    pub(super) fn wait(&self, kept: Option<&Delay>, now: Timestamp) -> Option<u32> {
        let left = kept?.until?.duration_since(now).min(self.longest);
        let seconds = (left.as_millis().max(0) + 999) / 1000;
        u32::try_from(seconds).ok().filter(|seconds| *seconds > 0)
    }

    /// After one more wrong one.
    pub(super) fn wrong(&self, kept: Option<&Delay>, now: Timestamp) -> Delay {
        let quiet = |kept: &&Delay| {
            now.duration_since(kept.until.unwrap_or(kept.at).max(kept.at)) <= self.forgotten
        };
        let wrong = kept.filter(quiet).map_or(0, |kept| kept.wrong).saturating_add(1);
        let until = wrong.checked_sub(self.free).map(|further| {
            let wait = self.first.checked_mul(1 << further.min(16)).unwrap_or(self.longest);
            now.saturating_add(wait.min(self.longest)).unwrap_or(now)
        });
        Delay { wrong, until, at: now }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_five_minutes_and_a_quiet_day_forgets() {
        let mut now: Timestamp = "2026-11-28T01:00:00Z".parse().unwrap();
        let mut kept = None;
        let mut waits = Vec::new();
        for _ in 0..14 {
            kept = Some(ACCOUNT.wrong(kept.as_ref(), now));
            let wait = ACCOUNT.wait(kept.as_ref(), now).unwrap_or(0);
            waits.push(wait);
            now += SignedDuration::from_secs(wait.into());
            assert_eq!(ACCOUNT.wait(kept.as_ref(), now), None);
        }
        assert_eq!(waits, [0, 0, 0, 0, 5, 10, 20, 40, 80, 160, 300, 300, 300, 300]);
        let back = now - SignedDuration::from_hours(9);
        assert_eq!(ACCOUNT.wait(kept.as_ref(), back), Some(300), "the clock was set back");
        let quiet = now + SignedDuration::from_hours(25);
        assert_eq!(ACCOUNT.wrong(kept.as_ref(), quiet).wrong, 1);
    }

    #[test]
    fn names_that_nobody_has_share_a_few_keys() {
        let keys: std::collections::BTreeSet<_> = (0..5_000)
            .map(|name| of_account(None, &name.to_string(), Reach::Network, b"salt"))
            .collect();
        assert_eq!(keys.len(), 256);
        let other = |name: u32| of_account(None, &name.to_string(), Reach::Network, b"pepper");
        assert!((0..9).any(
            |name| other(name) != of_account(None, &name.to_string(), Reach::Network, b"salt")
        ));
        let of = |address: &str| {
            of_address(&Caller { reach: Reach::Network, address: address.parse().unwrap() })
        };
        assert_eq!(of("2001:db8:0:1::1"), of("2001:db8:0:1:ffff::2"));
        assert_ne!(of("2001:db8:0:1::1"), of("2001:db8:0:2::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
    }
}
