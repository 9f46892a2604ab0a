//! What ended on the board without an act of whoever sits there.

/// Why a session ended by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Over {
    /// Nobody used the page for too long.
    Unused,
    /// The bridge does not know it any more.
    Ended,
}

/// What became of somebody whose panel closed by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EyeOver {
    /// Confirmed at the kiosk, or gone, while the panel was open.
    Elsewhere,
    /// Gone before a decision of this board arrived.
    Late,
}
