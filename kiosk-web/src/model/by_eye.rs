//! 目視: what staff still have to give before they can confirm. The reason goes into the audit, so that none is chosen for them.

use protocol::action::VisualReason;

/// What is missing; one sentence beside the button.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Missing {
    /// No reason is chosen.
    Reason,
    /// The passcode has fewer than 4 digits.
    Passcode,
}

/// The first thing that is missing, in the order of the screen.
pub(crate) fn missing(reason: Option<VisualReason>, passcode_is_full: bool) -> Option<Missing> {
    match reason {
        None => Some(Missing::Reason),
        Some(_) if !passcode_is_full => Some(Missing::Passcode),
        Some(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_confirmed_before_a_reason_is_chosen() {
        assert_eq!(missing(None, false), Some(Missing::Reason));
        assert_eq!(missing(None, true), Some(Missing::Reason));
        let reason = Some(VisualReason::CannotOperate);
        assert_eq!(missing(reason, false), Some(Missing::Passcode));
        assert_eq!(missing(reason, true), None);
    }
}
