//! Which staff may do what: one table, which every request of the staff pages asks.

use std::time::Duration;

/// After this long the password is asked for again before accounts or settings are changed.
pub const FRESH: Duration = Duration::from_mins(5);

/// What a member of staff is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Works with the board.
    Reception,
    /// Does so too, and looks after accounts and settings.
    Manager,
    /// Reads, and changes nothing but the own account.
    Auditor,
}

/// What may be asked of the staff pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Read the board.
    Look,
    /// 目視確認 of somebody who waits at a kiosk.
    Confirm,
    /// Help at a kiosk: type for the person, print their 申立書, end the visit.
    Help,
    /// Take a consent back for a patient.
    Withdraw,
    /// Work on a row: a document seen, a number known, characters of a name, a result entered by hand, called, done, a note.
    Row,
    /// Test whether everything that checking in needs is well.
    Test,
    /// Leave, and what concerns the own account only.
    Own,
    /// Set up another authenticator for the own account.
    Authenticator,
    /// Read the list of accounts.
    SeeAccounts,
    /// Invite, close and change accounts.
    Accounts,
    /// Read the settings of the site.
    SeeSettings,
    /// Change them.
    Settings,
}

impl Act {
    /// Every act, in the order of the table.
    pub const ALL: [Self; 12] = [
        Self::Look,
        Self::Confirm,
        Self::Help,
        Self::Withdraw,
        Self::Row,
        Self::Test,
        Self::Own,
        Self::Authenticator,
        Self::SeeAccounts,
        Self::Accounts,
        Self::SeeSettings,
        Self::Settings,
    ];

    /// It changes something: asking for it is a use of the session, and needs our own page as its origin.
    pub fn changes(self) -> bool {
        !matches!(self, Self::Look | Self::SeeAccounts | Self::SeeSettings)
    }

    /// The password was typed within the last [`FRESH`].
    pub fn needs_fresh(self) -> bool {
        matches!(self, Self::Authenticator | Self::Accounts)
    }

    /// So was, where the account has an authenticator, its code.
    pub fn needs_proof(self) -> bool {
        matches!(self, Self::Settings)
    }

    /// Open to a session over the network whose account has no authenticator yet.
    pub fn before_authenticator(self) -> bool {
        matches!(self, Self::Own | Self::Authenticator)
    }

    /// Who may.
    fn allowed(self) -> &'static [Role] {
        use Role::{Auditor, Manager, Reception};
        match self {
            Self::Look | Self::Own | Self::Authenticator => &[Reception, Manager, Auditor],
            Self::Confirm | Self::Help | Self::Withdraw | Self::Row | Self::Test => {
                &[Reception, Manager]
            }
            Self::SeeAccounts | Self::Accounts | Self::SeeSettings | Self::Settings => &[Manager],
        }
    }
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 3] = [Self::Reception, Self::Manager, Self::Auditor];

    /// In the store and in lines of the audit.
    pub fn word(self) -> &'static str {
        match self {
            Self::Reception => "reception",
            Self::Manager => "manager",
            Self::Auditor => "auditor",
        }
    }

    /// The same, for the page.
    pub(crate) fn to_wire(self) -> protocol::account::Role {
        match self {
            Self::Reception => protocol::account::Role::Reception,
            Self::Manager => protocol::account::Role::Manager,
            Self::Auditor => protocol::account::Role::Auditor,
        }
    }

    /// The same, as the page says it.
    pub(crate) fn from_wire(role: protocol::account::Role) -> Self {
        match role {
            protocol::account::Role::Reception => Self::Reception,
            protocol::account::Role::Manager => Self::Manager,
            protocol::account::Role::Auditor => Self::Auditor,
        }
    }

    /// Whether the table has it.
    pub fn may(self, act: Act) -> bool {
        act.allowed().contains(&self)
    }
}
