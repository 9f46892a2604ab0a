//! HTTP interface of staff accounts (`/staff/api/…`), JSON: who is at the board. The same origin and token as the board;
//! [`LogIn`] and [`Join`] need no session, everything else does.

use crate::secret::Redacted;
use serde::{Deserialize, Serialize};

/// `GET /staff/api/door`: by what the board of this page opens now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each says whether one way in is open")]
pub struct Doorway {
    /// By the facility's passcode: practice, and patients while there is no account, on the computer itself only.
    pub passcode: bool,
    /// By an account: there is one.
    pub account: bool,
    /// The first manager is still to be made, with the code that the bridge wrote into its data folder.
    pub first: bool,
    /// The code of an authenticator is asked for beside the password: the page came over the network.
    pub code: bool,
}

/// `POST /staff/api/login`. Answer: [`Entered`](crate::staff::Entered).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogIn {
    /// Name of the account.
    pub name: String,
    /// Its password, 128 characters at most.
    pub password: Redacted,
    /// Six digits of the authenticator, or a recovery code; may be empty on the computer itself.
    #[serde(default)]
    pub code: Redacted,
    /// As in [`Enter`](crate::staff::Enter::practice).
    #[serde(default)]
    pub practice: bool,
}

/// `POST /staff/api/join`: whoever was invited chooses a password. Answer: [`Entered`](crate::staff::Entered).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Join {
    /// Name of the account as the manager wrote it; for the first manager, who chooses it, 1 to 40 characters.
    pub name: String,
    /// The code of the invitation: 16 letters and digits, blanks and hyphens may stand between.
    pub invitation: Redacted,
    /// From now on: 15 to 128 characters.
    pub password: Redacted,
    /// As in [`Enter`](crate::staff::Enter::practice).
    #[serde(default)]
    pub practice: bool,
}

/// What an account is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Works with the board.
    Reception,
    /// Does so too, and looks after the accounts.
    Manager,
    /// Reads, and changes nothing.
    Auditor,
}

/// The own account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Me {
    /// Its name.
    pub name: String,
    /// Its role.
    pub role: Role,
    /// An authenticator is set up.
    pub authenticator: bool,
    /// Nothing else is allowed before one is: the session is over the network.
    pub authenticator_first: bool,
    /// Recovery codes that were not used yet, 8 at most.
    pub recovery_left: u8,
}

/// `POST /staff/api/again`: the password once more; for 5 minutes accounts may be changed, and settings, too, where the code was
/// given with it or the account has no authenticator. Answer: 204.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Again {
    /// The own password.
    pub password: Redacted,
    /// As in [`LogIn::code`].
    #[serde(default)]
    pub code: Redacted,
}

/// `POST /staff/api/me/password`. All other sessions of the account end. Answer: 204.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewPassword {
    /// The one until now.
    pub old: Redacted,
    /// From now on: 15 to 128 characters.
    pub new: Redacted,
}

/// Answer of `POST /staff/api/me/authenticator`: a secret for the authenticator, told once. It counts once it was confirmed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Secret {
    /// Base32, to be typed.
    pub secret: Redacted,
    /// The same as an address to be drawn as a QR code: `otpauth://totp/…`.
    pub uri: Redacted,
}

/// `POST /staff/api/me/authenticator/confirm`. Answer: [`Recovery`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfirmCode {
    /// The six digits that the authenticator shows now.
    pub code: Redacted,
}

/// Codes for a lost telephone, told once; each counts once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recovery {
    /// 8 codes of 16 letters and digits.
    pub codes: Vec<Redacted>,
}

/// `GET /staff/api/accounts`, and the answer to every change of one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accounts {
    /// All of them, by name.
    pub accounts: Vec<Account>,
    /// The code of an invitation that was just made, told once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invitation: Option<Redacted>,
}

/// One account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// 16 hex digits; in the audit for ever.
    pub id: String,
    /// Name of the member of staff.
    pub name: String,
    /// What it is there for.
    pub role: Role,
    /// Whether it may be used.
    pub state: AccountState,
    /// An authenticator is set up.
    pub authenticator: bool,
    /// When somebody last logged in with it, RFC 3339 with +09:00.
    pub seen: Option<String>,
}

/// Whether an account may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountState {
    /// Its owner may log in.
    Open,
    /// Its owner has not chosen a password yet.
    Invited,
    /// Nobody may.
    Closed,
}

/// `POST /staff/api/accounts/add`. Answer: [`Accounts`] with the invitation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AddAccount {
    /// 1 to 40 characters, none that another account has.
    pub name: String,
    /// What it is there for.
    pub role: Role,
}

/// `POST /staff/api/accounts/change`. Answer: [`Accounts`], with an invitation where one was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChangeAccount {
    /// [`Account::id`].
    pub id: String,
    /// What becomes of it.
    pub change: AccountChange,
}

/// What becomes of an account. Its sessions end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountChange {
    /// Its password and authenticator count no more; its owner chooses anew, by an invitation.
    Invite,
    /// Nobody may use it.
    Close,
    /// Its owner may use it again.
    Open,
    /// It becomes one of the reception.
    MakeReception,
    /// It becomes one of a manager.
    MakeManager,
    /// It becomes one of an auditor.
    MakeAuditor,
}
