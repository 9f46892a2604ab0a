//! What is written into the store.

use super::Which;
use crate::gateway::Registered;
use crate::rights::Role;
use crate::settings::Changed;
use checkin::reception::ReceptionNumber;
use checkin::{Record, VisitId};
use jiff::Timestamp;
use jiff::civil::Date;
use protocol::self_test::Check;

/// One thing to write. No `Debug`: rows and files name people.
#[derive(Clone)]
pub enum Op {
    /// Appends a record, with its audit line.
    Record {
        /// Which visit.
        visit: VisitId,
        /// When.
        at: Timestamp,
        /// What happened.
        record: Record,
        /// Whose act it was; `None`: the person's own, or nobody's.
        by: Option<Actor>,
    },
    /// Appends an audit line about no visit.
    Deed {
        /// When.
        at: Timestamp,
        /// What was done.
        deed: Deed,
        /// Whose act it was; `None`: that of nobody who is known.
        by: Option<Actor>,
    },
    /// Puts a result file into the outbox. What waits of the same visit and is not about to appear is
    /// replaced: the newer one tells all.
    Queue {
        /// Which visit.
        visit: VisitId,
        /// File name, used once.
        name: String,
        /// The XML.
        content: Vec<u8>,
        /// When.
        at: Timestamp,
    },
    /// Keeps a row of the staff board, or replaces the one of this version.
    Row {
        /// Which visit.
        visit: VisitId,
        /// The version of its form.
        version: i64,
        /// Its day in Japan.
        day: Date,
        /// JSON.
        row: String,
        /// Staff still have to enter its result.
        by_hand: bool,
    },
    /// Something becomes of a row of the staff board that was written in another version, or is damaged.
    OldRow {
        /// Which visit.
        visit: VisitId,
        /// Its version.
        version: i64,
        /// What.
        change: OldRow,
    },
    /// Erases what names the person of a visit, its rows of the staff board and its waiting file, and says so in the audit.
    Erase {
        /// Which visit.
        visit: VisitId,
        /// When.
        at: Timestamp,
        /// Whose act it was.
        by: Option<Actor>,
    },
    /// Deletes what was recorded before a moment, the oldest first and some thousand lines at once; see [`super::retention`].
    Forget {
        /// That moment.
        before: Timestamp,
        /// When.
        at: Timestamp,
    },
    /// A waiting file has served. Its content is overwritten, its name stays for a while.
    Settle {
        /// Row in the outbox.
        id: i64,
        /// How.
        how: Settled,
        /// When.
        at: Timestamp,
    },
}

/// Who did something, as the audit tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A member of staff.
    Account {
        /// Of the account: 16 hex digits, never given to another one.
        id: String,
        /// The account's name at that time.
        name: String,
    },
    /// Whoever knows the facility's passcode, at the staff board.
    PasscodeAtBoard,
    /// Whoever knows it, at a kiosk.
    PasscodeAtKiosk {
        /// The kiosk's name for staff.
        kiosk: String,
    },
    /// Whoever may give this program commands on its computer.
    Command,
}

/// What becomes of a row of the staff board that is not written any more as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OldRow {
    /// What it says was written anew: it is deleted.
    Renewed,
    /// It cannot be read, and is put out of the way of a new row, under a version that nobody writes.
    SetAside {
        /// Below 0, and not that of another row of its visit.
        version: i64,
    },
    /// Staff have entered its result.
    Entered,
}

/// A row of the staff board as it lies in the store. No `Debug`: it may name somebody.
#[derive(Clone)]
pub struct KeptRow {
    /// Which visit.
    pub visit: VisitId,
    /// The version of its form; below 0: set aside.
    pub version: i64,
    /// Its day in Japan; `None`: damaged.
    pub day: Option<Date>,
    /// Its text, in whatever form.
    pub row: Vec<u8>,
    /// Staff still have to enter its result.
    pub by_hand: bool,
    /// The visit's reception number, as it is known beside the row.
    pub number: Option<ReceptionNumber>,
    /// When the visit ended, or else began, as it is known beside the row.
    pub at: Option<Timestamp>,
}

/// What is done at the staff board as a whole, or to the kiosk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Somebody entered.
    BoardOpened,
    /// Somebody typed a wrong one.
    BoardRefused {
        /// The next one is not looked at for so many seconds.
        wait_s: Option<u32>,
    },
    /// Somebody typed a wrong name, password or code of an account.
    LogInRefused {
        /// Whose, where the name is that of an account: its id.
        account: Option<String>,
        /// The address from which it came.
        from: String,
        /// The next one is not looked at for so many seconds.
        wait_s: Option<u32>,
    },
    /// Something became of an account.
    Account {
        /// Its id.
        id: String,
        /// What.
        change: AccountDeed,
    },
    /// It was tested whether everything that checking in needs is well.
    SelfTested {
        /// What was not.
        faults: Vec<Check>,
    },
    /// A manager has changed a setting.
    SettingChanged(Changed),
    /// A session ended.
    BoardLocked(WhyLocked),
    /// A backup was brought back: what was recorded behind it is not in this store.
    Restored {
        /// The number of the backup's last line.
        lines: i64,
        /// Its hash.
        head: [u8; 32],
        /// The last line of the store that was put aside, as far as that could be read.
        aside: Option<(i64, [u8; 32])>,
    },
    /// What is kept was told by a command.
    Exported {
        /// Of whom.
        of: Which,
        /// Visits that were told.
        visits: usize,
        /// Rows of the staff board among it, which name people.
        rows: usize,
        /// Waiting result files among it, which name people.
        files: usize,
    },
    /// The clinic's patient list was replaced by a new one.
    PatientsImported {
        /// Patients in it.
        patients: usize,
        /// Rows of the export that were wrong, and are not.
        refused: usize,
    },
    /// The terminal was asked in bulk about patients of the list.
    PatientsAsked {
        /// How many.
        patients: usize,
        /// Of them are confirmed.
        confirmed: usize,
    },
    /// The terminal was told by which number the clinic knows a person, after their visit.
    ChartRegistered {
        /// Whose.
        visit: VisitId,
        /// What became of it.
        outcome: Registered,
    },
    /// Patients were deleted from the list, or all of it.
    PatientsErased {
        /// How many; `None`: the list could not be opened any more.
        patients: Option<usize>,
    },
    /// Somebody checked the clock: the present time is right, although there were records of a later one.
    ClockAccepted {
        /// The time of the newest of those.
        newest: Timestamp,
    },
}

/// What became of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountDeed {
    /// It is new.
    Made {
        /// Whose.
        name: String,
        /// What its owner may do.
        role: Role,
    },
    /// Its owner is to choose a password, by a code.
    Invited,
    /// Its owner has chosen one.
    Joined,
    /// Nobody may use it any more.
    Closed,
    /// Its owner may use it again.
    Opened,
    /// Its owner may do something else now.
    RoleSet(Role),
    /// Its owner has another password.
    PasswordSet,
    /// Its owner has set up an authenticator.
    AuthenticatorSet,
    /// A recovery code stood in for the authenticator.
    RecoveryUsed,
}

/// Why a session of the staff board ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyLocked {
    /// Nobody used it for a while.
    Unused,
    /// Staff asked for it.
    Asked,
    /// It was open for a working day.
    DayOver,
    /// Too many computers were in at once.
    Replaced,
    /// Another kind of reader came into use.
    ReaderChanged,
    /// Something became of its account.
    AccountChanged,
}

/// What became of a result file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// It appeared in the folder.
    Delivered,
    /// Staff enter it.
    ByHand,
}

/// A result file that waits for its folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Row in the outbox.
    pub id: i64,
    /// Whose result; 0 when a version before wrote it.
    pub visit: VisitId,
    /// File name.
    pub name: String,
    /// Since when; `None` when a version before wrote it.
    pub queued_at: Option<Timestamp>,
    /// The folder in which the complete file was about to get its name.
    pub placing: Option<String>,
}
