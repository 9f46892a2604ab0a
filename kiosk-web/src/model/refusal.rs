//! Why something was not done that staff asked for: the same HTTP status has another reason for each thing that is asked.

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    /// In, by the facility's passcode.
    Passcode,
    /// In, by an account.
    LogIn,
    /// In for the first time, with a name and a password.
    Join,
    /// Something for which the own password is typed.
    Password,
    /// The code of an authenticator that is being set up.
    Code,
    /// Another account.
    Add,
    /// The own password and code once more.
    Proof,
    /// A change of an account.
    Change,
    /// A change of a setting.
    Setting,
    /// Anything else.
    Other,
}

/// Why it was not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    /// The facility's passcode.
    WrongPasscode,
    /// Name, password or code.
    WrongLogIn,
    /// Name or code of an invitation.
    WrongInvitation,
    /// The own password.
    WrongPassword,
    /// The code of an authenticator.
    WrongCode,
    /// The own password, or the code.
    WrongProof,
    /// The role may not.
    Forbidden,
    /// No passcode has been set.
    NotSet,
    /// The name is another account's.
    Taken,
    /// Nobody would be left to manage the accounts.
    LastManager,
    /// Somebody else has changed it meanwhile.
    Stale,
    /// The password, or the name, cannot be used.
    Weak,
    /// The name cannot be used.
    Name,
    /// Too many were wrong.
    Throttled,
    /// It did not work; nothing more is known.
    Failed,
}

/// By the HTTP status of the refusal; `None`: nobody answered.
pub(crate) fn reason(asked: Asked, status: Option<u16>) -> Reason {
    match (status, asked) {
        (Some(429), _) => Reason::Throttled,
        (Some(403), Asked::Passcode) => Reason::WrongPasscode,
        (Some(403 | 422), Asked::LogIn) => Reason::WrongLogIn,
        (Some(403), Asked::Join) => Reason::WrongInvitation,
        (Some(403), Asked::Password) => Reason::WrongPassword,
        (Some(403), Asked::Code) => Reason::WrongCode,
        (Some(403), Asked::Proof) => Reason::WrongProof,
        (Some(403), _) => Reason::Forbidden,
        (Some(409), Asked::Passcode) => Reason::NotSet,
        (Some(409), Asked::Add | Asked::Join) => Reason::Taken,
        (Some(409), Asked::Change) => Reason::LastManager,
        (Some(409), Asked::Setting) => Reason::Stale,
        (Some(422), Asked::Join | Asked::Password) => Reason::Weak,
        (Some(422), Asked::Add) => Reason::Name,
        _ => Reason::Failed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_refusal_has_the_reason_of_what_was_asked() {
        use Reason::{Failed, Forbidden, LastManager, Name, Taken, Throttled, Weak};
        let reasons = |asked| [403, 409, 422, 429, 503].map(|status| reason(asked, Some(status)));
        for (asked, [wrong, conflict, unfit]) in [
            (Asked::Passcode, [Reason::WrongPasscode, Reason::NotSet, Failed]),
            (Asked::LogIn, [Reason::WrongLogIn, Failed, Reason::WrongLogIn]),
            (Asked::Join, [Reason::WrongInvitation, Taken, Weak]),
            (Asked::Password, [Reason::WrongPassword, Failed, Weak]),
            (Asked::Code, [Reason::WrongCode, Failed, Failed]),
            (Asked::Add, [Forbidden, Taken, Name]),
            (Asked::Proof, [Reason::WrongProof, Failed, Failed]),
            (Asked::Setting, [Forbidden, Reason::Stale, Failed]),
            (Asked::Change, [Forbidden, LastManager, Failed]),
            (Asked::Other, [Forbidden, Failed, Failed]),
        ] {
            assert_eq!(reasons(asked), [wrong, conflict, unfit, Throttled, Failed], "{asked:?}");
            assert_eq!(reason(asked, None), Failed);
        }
    }
}
