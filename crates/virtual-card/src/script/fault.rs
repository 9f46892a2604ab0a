//! One fault: when it happens and what it is.

use serde::Deserialize;

/// Kind of command, as a reader sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum On {
    /// Every command.
    #[default]
    Any,
    /// SELECT of an application or a file.
    Select,
    /// READ BINARY.
    Read,
    /// VERIFY without data.
    Counter,
    /// VERIFY with data.
    Verify,
    /// COMPUTE SIGNATURE.
    Sign,
    /// GET CHALLENGE.
    Challenge,
    /// Everything else.
    Other,
}

/// Application that is selected when the command comes (for a SELECT: afterwards).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// 公的個人認証.
    Jpki,
    /// 券面事項確認.
    Face,
    /// 券面事項入力補助.
    Text,
}

/// What happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Never answers; a reader that does not wait for ever takes its power away.
    Mute,
    /// Taken out.
    Pull,
    /// Not carried out; this status word.
    Status(u16),
    /// Carried out; this status word in place of the answer.
    RefuseAfter(u16),
    /// Only so many data bytes, and the status word.
    Cut(usize),
    /// The byte at a place is changed by exclusive-or.
    Corrupt {
        /// Place in the answer; past its end nothing happens.
        at: usize,
        /// With this.
        xor: u8,
    },
    /// Nothing, not even a status word.
    Empty,
    /// So many bytes and `9000`.
    Long(usize),
    /// Later, in milliseconds.
    Delay(u32),
    /// `61FF`, and again for every GET RESPONSE.
    More,
    /// `6C10`, whatever length is asked for.
    Length,
}

/// When and what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Kind of command.
    pub on: On,
    /// Application; `None` = any.
    pub app: Option<Target>,
    /// File; `None` = any.
    pub file: Option<u16>,
    /// At the nth such command, from 1.
    pub nth: u32,
    /// So often; 0 = always from then on.
    pub times: u32,
    /// Only after so many bytes in both directions since power-up.
    pub after_bytes: usize,
    /// What.
    pub effect: Effect,
}

impl Fault {
    /// Happens once, at the first command of a kind.
    pub fn once(on: On, effect: Effect) -> Self {
        Self { on, app: None, file: None, nth: 1, times: 1, after_bytes: 0, effect }
    }

    /// Only for a file of an application.
    #[must_use]
    pub fn of(self, app: Target, file: u16) -> Self {
        Self { app: Some(app), file: Some(file), ..self }
    }

    /// At the nth such command.
    #[must_use]
    pub fn at(self, nth: u32) -> Self {
        Self { nth, ..self }
    }

    /// From then on always.
    #[must_use]
    pub fn always(self) -> Self {
        Self { times: 0, ..self }
    }

    pub(super) fn fits(&self, on: On, app: Option<Target>, file: Option<u16>) -> bool {
        (self.on == On::Any || self.on == on)
            && (self.app.is_none() || self.app == app)
            && (self.file.is_none() || self.file == file)
    }

    /// Whether it happens at the `count`th fitting command.
    pub(super) fn happens(&self, count: u32) -> bool {
        count >= self.nth && (self.times == 0 || count - self.nth < self.times)
    }
}
