//! Staff who entered the board. What opens and ends a session is audited, the passcode is not.

use crate::accounts::Reach;
use crate::reader::Kind;
use crate::rights::{FRESH, Role};
use crate::store::{Actor, WhyLocked};
use checkin::Millis;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use subtle::ConstantTimeEq as _;
use tokio::sync::watch;

/// A working day.
const LONGEST: Duration = Duration::from_hours(12);
/// Computers that may look at once; the oldest session ends first.
const MOST: usize = 8;

/// Sessions of staff, in memory. Each belongs to one kind of reader, for which its passcode was checked: practice has a
/// passcode that everybody knows, and opens nothing of patients. Times are those of the bridge's clock, sleep included.
pub struct Sessions {
    open: Mutex<Vec<Session>>,
    /// So long without use, and a session ends: it may be changed while they are open.
    unused: Box<dyn Fn() -> Duration + Send + Sync>,
    /// Told whenever sessions end.
    ends: watch::Sender<()>,
}

struct Session {
    token: String,
    since: Millis,
    used: Millis,
    staff: Staff,
}

/// Who is in, and at whose board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Staff {
    /// Patients or practice.
    pub(crate) kind: Kind,
    /// Whose acts these are.
    pub(crate) by: Actor,
    /// What they may do.
    pub(crate) role: Role,
    /// From which side; nobody else holds it from the other one.
    pub(crate) reach: Reach,
    /// Nothing but the own account, until an authenticator is set up.
    pub(crate) limited: bool,
    /// When the password was typed last.
    pub(crate) checked: Millis,
    /// When it was typed with all that its account has: its authenticator's code, where there is one.
    pub(crate) proven: Option<Millis>,
}

impl Staff {
    /// Of the account, where it is not the passcode that opened the session.
    pub(crate) fn account(&self) -> Option<&str> {
        match &self.by {
            Actor::Account { id, .. } => Some(id),
            _ => None,
        }
    }

    /// Whether the password was typed a short while ago.
    pub(crate) fn is_fresh(&self, now: Millis) -> bool {
        passed(self.checked, now) < FRESH
    }

    /// Whether password and code were given together a short while ago.
    pub(crate) fn is_proven(&self, now: Millis) -> bool {
        self.proven.is_some_and(|proven| passed(proven, now) < FRESH)
    }
}

/// A session that ended, and whose it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ended {
    pub(crate) staff: Staff,
    pub(crate) why: WhyLocked,
}

impl Sessions {
    /// None yet; each ends when it was not used for so long.
    pub fn new(unused: impl Fn() -> Duration + Send + Sync + 'static) -> Self {
        Self { open: Mutex::default(), unused: Box::new(unused), ends: watch::channel(()).0 }
    }

    /// Tells whenever sessions ended.
    pub(crate) fn ends(&self) -> watch::Receiver<()> {
        self.ends.subscribe()
    }

    /// How long a session lasts without use.
    pub(crate) fn unused(&self) -> Duration {
        (self.unused)()
    }

    /// The token of a new session, and the one that had to make room.
    pub(crate) fn open(&self, staff: Staff, now: Millis) -> (String, Option<Ended>) {
        let token = new_token();
        let mut sessions = self.sessions();
        let full = sessions.len() == MOST;
        let ended =
            full.then(|| Ended { staff: sessions.remove(0).staff, why: WhyLocked::Replaced });
        sessions.push(Session { token: token.clone(), since: now, used: now, staff });
        if full {
            self.ends.send_replace(());
        }
        (token, ended)
    }

    /// Ends those whose time is over, and those of a kind of reader that no kiosk uses any more.
    pub(crate) fn sweep(&self, in_use: impl Fn(Kind) -> bool, now: Millis) -> Vec<Ended> {
        let unused = self.unused();
        let over = |session: &Session| {
            if !in_use(session.staff.kind) {
                Some(WhyLocked::ReaderChanged)
            } else if passed(session.used, now) >= unused {
                Some(WhyLocked::Unused)
            } else if passed(session.since, now) >= LONGEST {
                Some(WhyLocked::DayOver)
            } else {
                None
            }
        };
        let mut ended = Vec::new();
        self.sessions().retain(|session| {
            let why = over(session);
            ended.extend(why.map(|why| Ended { staff: session.staff.clone(), why }));
            why.is_none()
        });
        if !ended.is_empty() {
            self.ends.send_replace(());
        }
        ended
    }

    /// Whose this one is, if it is open and was opened from this side; `used`: a person did something with it.
    pub(crate) fn holds(
        &self,
        token: &str,
        reach: Reach,
        now: Millis,
        used: bool,
    ) -> Option<Staff> {
        let mut sessions = self.sessions();
        let mut sessions = sessions.iter_mut().filter(|session| session.staff.reach == reach);
        let session = sessions.find(|session| session.is(token))?;
        if used {
            session.used = now;
        }
        Some(session.staff.clone())
    }

    /// Ends this one, because somebody asked for it.
    pub(crate) fn lock(&self, token: &str) -> Option<Ended> {
        let mut sessions = self.sessions();
        let at = sessions.iter().position(|session| session.is(token))?;
        let ended = Ended { staff: sessions.remove(at).staff, why: WhyLocked::Asked };
        self.ends.send_replace(());
        Some(ended)
    }

    /// Changes what is known of whose this one is.
    pub(crate) fn update(&self, token: &str, change: impl FnOnce(&mut Staff)) {
        if let Some(session) = self.sessions().iter_mut().find(|session| session.is(token)) {
            change(&mut session.staff);
        }
    }

    /// Ends all of these but the one with this token.
    pub(crate) fn end(
        &self,
        which: impl Fn(&Staff) -> bool,
        but: Option<&str>,
        why: WhyLocked,
    ) -> Vec<Ended> {
        let mut ended = Vec::new();
        self.sessions().retain(|session| {
            let ends = which(&session.staff) && but.is_none_or(|token| !session.is(token));
            if ends {
                ended.push(Ended { staff: session.staff.clone(), why });
            }
            !ends
        });
        if !ended.is_empty() {
            self.ends.send_replace(());
        }
        ended
    }

    fn sessions(&self) -> MutexGuard<'_, Vec<Session>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Session {
    /// In constant time.
    fn is(&self, token: &str) -> bool {
        self.token.as_bytes().ct_eq(token.as_bytes()).into()
    }
}

/// 64 hex digits that nobody can foresee.
pub(crate) fn new_token() -> String {
    hex::encode(rand::random::<[u8; 32]>())
}

fn passed(since: Millis, now: Millis) -> Duration {
    Duration::from_millis(now.since(since))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: u64 = 60_000;
    const HERE: Reach = Reach::Computer;

    fn practice() -> Staff {
        Staff {
            kind: Kind::Practice,
            by: Actor::PasscodeAtBoard,
            role: Role::Reception,
            reach: Reach::Computer,
            limited: false,
            checked: Millis(0),
            proven: None,
        }
    }

    fn ended(why: WhyLocked) -> Ended {
        Ended { staff: practice(), why }
    }

    #[test]
    fn a_session_of_practice_ends_when_a_real_reader_comes() {
        let sessions = Sessions::new(|| Duration::from_mins(10));
        let (session, _) = sessions.open(practice(), Millis(0));
        assert_eq!(sessions.holds(&session, HERE, Millis(0), false), Some(practice()));
        assert_eq!(
            sessions.sweep(|_| true, Millis(0)),
            [],
            "one kiosk has a reader, another one practises"
        );
        let only_readers = |kind| kind == Kind::Pcsc;
        assert_eq!(sessions.sweep(only_readers, Millis(0)), [ended(WhyLocked::ReaderChanged)]);
        assert_eq!(sessions.holds(&session, HERE, Millis(0), false), None, "for good");
    }

    #[test]
    fn a_session_belongs_to_its_side_and_ends_with_its_account() {
        let sessions = Sessions::new(|| Duration::from_mins(10));
        let (session, _) = sessions.open(practice(), Millis(0));
        assert!(sessions.holds(&session, Reach::Network, Millis(0), true).is_none());
        let by = Actor::Account { id: "1".into(), name: "a".into() };
        let (one, _) = sessions.open(Staff { by: by.clone(), ..practice() }, Millis(0));
        let (other, _) = sessions.open(Staff { by, ..practice() }, Millis(0));
        let of_one = |staff: &Staff| staff.account() == Some("1");
        let ended = sessions.end(of_one, Some(&other), WhyLocked::AccountChanged);
        assert_eq!(ended.len(), 1);
        let open = |token| sessions.holds(token, HERE, Millis(0), false).is_some();
        assert!(open(&session) && open(&other) && !open(&one));
        let fresh = sessions.holds(&other, HERE, Millis(0), false).unwrap();
        assert!(fresh.is_fresh(Millis(5 * MINUTE - 1)) && !fresh.is_fresh(Millis(5 * MINUTE)));
    }

    #[test]
    fn a_session_ends_without_use_and_looking_on_is_none() {
        let sessions = Sessions::new(|| Duration::from_mins(10));
        let (session, _) = sessions.open(practice(), Millis(0));
        let at = |minutes| Millis(minutes * MINUTE);
        for (minute, used) in [(5, false), (9, true), (18, false)] {
            assert_eq!(sessions.sweep(|_| true, at(minute)), [], "minute {minute}");
            assert!(sessions.holds(&session, HERE, at(minute), used).is_some());
        }
        assert_eq!(sessions.sweep(|_| true, at(19)), [ended(WhyLocked::Unused)]);
        assert!(sessions.holds(&session, HERE, at(19), true).is_none());
    }

    #[test]
    fn a_used_session_ends_with_the_working_day_and_the_ninth_computer() {
        let sessions = Sessions::new(|| Duration::from_hours(20));
        let (first, _) = sessions.open(practice(), Millis(0));
        for _ in 1..MOST {
            assert_eq!(sessions.open(practice(), Millis(1)).1, None);
        }
        let (last, made_room) = sessions.open(practice(), Millis(1));
        assert_eq!(made_room, Some(ended(WhyLocked::Replaced)));
        assert!(sessions.holds(&first, HERE, Millis(1), false).is_none());
        assert_eq!(sessions.lock(&last), Some(ended(WhyLocked::Asked)));
        assert_eq!(sessions.lock(&last), None);
        let over = sessions.sweep(|_| true, Millis(12 * 60 * MINUTE + 1));
        assert_eq!(over, vec![ended(WhyLocked::DayOver); MOST - 1]);
    }
}
