//! Which staff may do what: one table, which every request of the staff pages asks.

/// What a member of staff is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Works with the board.
    Reception,
    /// Does so too, and looks after the accounts.
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
    /// Take a consent back for a patient.
    Withdraw,
    /// Work on a row: a document seen, a number known, characters of a name, a result entered by hand, called, done.
    Row,
    /// Leave, and what concerns the own account only.
    Own,
}

impl Act {
    /// Every act, in the order of the table.
    pub const ALL: [Self; 5] = [Self::Look, Self::Confirm, Self::Withdraw, Self::Row, Self::Own];

    /// It changes something: asking for it is a use of the session, and needs our own page as its origin.
    pub fn changes(self) -> bool {
        self != Self::Look
    }

    /// Who may.
    fn allowed(self) -> &'static [Role] {
        use Role::{Auditor, Manager, Reception};
        match self {
            Self::Look | Self::Own => &[Reception, Manager, Auditor],
            Self::Confirm | Self::Withdraw | Self::Row => &[Reception, Manager],
        }
    }
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 3] = [Self::Reception, Self::Manager, Self::Auditor];

    /// Whether the table has it.
    pub fn may(self, act: Act) -> bool {
        act.allowed().contains(&self)
    }
}
