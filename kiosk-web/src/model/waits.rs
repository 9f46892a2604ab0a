//! Who waits for staff at a kiosk, for how long, and when to sound.

use protocol::screen::Fault;
use protocol::staff::{Kiosk, KioskState, Need};

/// What is needed at a kiosk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cause {
    /// Somebody needs staff.
    Needs(Need),
    /// It is out of service.
    Out(Fault),
}

/// A kiosk that needs staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wait {
    /// Name of the kiosk in addresses.
    pub(crate) kiosk: String,
    /// Its name for staff.
    pub(crate) title: String,
    /// What for.
    pub(crate) cause: Cause,
    /// Since when, where it is a person who waits.
    pub(crate) since: Option<String>,
}

impl Wait {
    /// What is needed, where and since when: a line about something else is another line, and read out anew.
    pub(crate) fn key(&self) -> (String, Option<String>, String) {
        (self.kiosk.clone(), self.since.clone(), format!("{:?}", self.cause))
    }
}

/// All of them: people first, and whoever has waited longest before the others.
pub(crate) fn waits(kiosks: &[Kiosk]) -> Vec<Wait> {
    let wait = |it: &Kiosk| {
        let (cause, since) = match &it.state {
            KioskState::InUse { needs: Some(needs), .. } => {
                (Cause::Needs(needs.what), Some(needs.since.clone()))
            }
            // A start is over in a moment.
            KioskState::OutOfService { fault, .. } if *fault != Fault::Starting => {
                (Cause::Out(*fault), None)
            }
            _ => return None,
        };
        Some(Wait { kiosk: it.name.clone(), title: it.title.clone(), cause, since })
    };
    let mut waits: Vec<_> = kiosks.iter().filter_map(wait).collect();
    // Moments in the same form and zone are in order as texts are.
    waits.sort_by_key(|wait| (wait.since.is_none(), wait.since.clone()));
    waits
}

/// Whether there is one that was not there before.
pub(crate) fn is_new(before: &[Wait], now: &[Wait]) -> bool {
    now.iter().any(|wait| !before.contains(wait))
}

/// Whether somebody who waited for 目視 at this kiosk waits no more, be it that the next one does. A wait goes on over a wrong
/// passcode.
pub(crate) fn is_eye_over(before: &[Wait], now: &[Wait], kiosk: &str) -> bool {
    let since = |waits: &[Wait]| {
        let is_it = |it: &&Wait| it.kiosk == kiosk && it.cause == Cause::Needs(Need::Eye);
        waits.iter().find(is_it).map(|wait| wait.since.clone())
    };
    since(now).is_none() || since(before) != since(now)
}

/// How many wait for 目視, and how many need staff for anything.
pub(crate) fn counts(waits: &[Wait]) -> (usize, usize) {
    let eye = |wait: &&Wait| wait.cause == Cause::Needs(Need::Eye);
    (waits.iter().filter(eye).count(), waits.len())
}

/// `0:42`, `12:05`. Clocks that differ make nobody wait for less than nothing.
pub(crate) fn waited(seconds: i64) -> String {
    let seconds = seconds.max(0);
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::staff::{Needed, Step};

    fn kiosk(name: &str, state: KioskState) -> Kiosk {
        Kiosk { name: name.into(), title: name.into(), state }
    }

    fn needs(what: Need, minute: u8) -> KioskState {
        let since = format!("2027-02-16T09:{minute:02}:00+09:00");
        let needs = Some(Needed { what, since: since.clone() });
        KioskState::InUse { since, step: Step::Eye, needs, visit: Some(1), form: None }
    }

    #[test]
    fn whoever_waits_longest_comes_first_and_each_new_need_sounds_once() {
        let out = |fault| KioskState::OutOfService { fault, reader: None };
        let kiosks = [
            kiosk("a", out(Fault::ReaderMissing)),
            kiosk("b", needs(Need::Eye, 7)),
            kiosk("c", KioskState::Idle),
            kiosk("d", needs(Need::CardLeft, 5)),
            kiosk("e", out(Fault::Starting)),
        ];
        let told = waits(&kiosks);
        let names: Vec<_> = told.iter().map(|wait| &*wait.kiosk).collect();
        assert_eq!(names, ["d", "b", "a"]);
        assert_eq!(counts(&told), (1, 3));
        assert!(is_new(&[], &told) && !is_new(&told, &told) && !is_new(&told, &told[1..]));
        let next = waits(&[kiosk("b", needs(Need::Eye, 9))]);
        assert!(is_new(&told, &next), "the next person at the same kiosk");
    }

    #[test]
    fn whoever_waits_next_is_not_whom_staff_have_asked_for() {
        let eye = |minute| waits(&[kiosk("a", needs(Need::Eye, minute))]);
        let (first, next) = (eye(5), eye(9));
        assert!(!is_eye_over(&first, &first, "a"));
        assert!(is_eye_over(&first, &[], "a") && is_eye_over(&first, &next, "a"));
        let left = waits(&[kiosk("a", needs(Need::CardLeft, 5))]);
        assert!(is_eye_over(&first, &left, "a") && is_eye_over(&first, &first, "b"));
    }

    #[test]
    fn a_line_about_something_else_is_another_line() {
        let out = |fault| waits(&[kiosk("a", KioskState::OutOfService { fault, reader: None })]);
        let (missing, down) = (out(Fault::ReaderMissing), out(Fault::ServiceDown));
        assert_ne!(missing[0].key(), down[0].key());
        assert_eq!(missing[0].key(), out(Fault::ReaderMissing)[0].key());
    }

    #[test]
    fn a_wait_is_told_in_minutes_and_seconds() {
        assert_eq!([-3, 0, 42, 725].map(waited), ["0:00", "0:00", "0:42", "12:05"]);
    }
}
