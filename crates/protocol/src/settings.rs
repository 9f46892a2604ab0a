//! HTTP interface of the site's settings (`/staff/api/settings…`), JSON: for managers. What the configuration file says is where
//! each begins; what was changed here counts more.

use crate::Name;
use crate::self_test::Sentence;
use serde::{Deserialize, Serialize};

/// Closed days at most.
pub const CLOSED_DAYS: usize = 60;
/// Destinations at most: as many as a person finds on one screen.
pub const DESTINATIONS: usize = 9;

/// `GET /staff/api/settings`, and the answer to every change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Grows with every change, from 0.
    pub version: u64,
    /// Whatever watches over the bridge starts it again when it ends; without that there is no daily restart.
    pub supervised: bool,
    /// Each of them once, in a fixed order.
    pub entries: Vec<Entry>,
}

/// One setting.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// What counts now.
    pub setting: Setting,
    /// Who said so.
    pub origin: Origin,
    /// Lowest and highest, where it is a number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bounds: Option<(u16, u16)>,
    /// It counts from the next start of the bridge on; another value is in use until then.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub waits: bool,
}

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The configuration file, or what counts without it.
    Start,
    /// A change of a manager.
    Page,
}

/// Which setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Key {
    /// [`Setting::OpeningHours`].
    OpeningHours,
    /// [`Setting::ClosedDays`].
    ClosedDays,
    /// [`Setting::SelfTestMinutes`].
    SelfTestMinutes,
    /// [`Setting::RestartAt`].
    RestartAt,
    /// [`Setting::Destinations`].
    Destinations,
    /// [`Setting::InstitutionName`].
    InstitutionName,
    /// [`Setting::CallCentre`].
    CallCentre,
    /// [`Setting::BoardLockMinutes`].
    BoardLockMinutes,
    /// [`Setting::ReadingSeconds`].
    ReadingSeconds,
    /// [`Setting::PinSeconds`].
    PinSeconds,
    /// [`Setting::ResultFolder`].
    ResultFolder,
    /// [`Setting::Readers`].
    Readers,
    /// [`Setting::Cameras`].
    Cameras,
}

/// A setting and its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "key", content = "value", rename_all = "snake_case")]
pub enum Setting {
    /// When the site is open, from Monday to Sunday; `None`: closed all day.
    OpeningHours(Box<[Option<Span>; 7]>),
    /// On which days it is closed all the same: `YYYY-MM-DD`, [`CLOSED_DAYS`] at most.
    ClosedDays(Vec<String>),
    /// So many minutes before opening the self-test is made.
    SelfTestMinutes(u16),
    /// The bridge is started anew every day at this time, `HH:MM` in Japan, while nobody is served; `None`: it is not.
    RestartAt(Option<String>),
    /// Where people go from the kiosks, [`DESTINATIONS`] at most. A kiosk takes another list when nobody is there.
    Destinations(Vec<Name>),
    /// The institution, for patients; `None`: not told.
    InstitutionName(Option<Name>),
    /// Whom staff call when the national system fails; `None`: nobody.
    CallCentre(Option<String>),
    /// A staff board that was not used for so many minutes locks itself.
    BoardLockMinutes(u16),
    /// A kiosk asks a person who reads for so many seconds whether they are still there. It waits otherwise when nobody is there.
    ReadingSeconds(u16),
    /// The same on the PIN pad.
    PinSeconds(u16),
    /// The folder of the receipt computer, from the next start on: an absolute path.
    ResultFolder(String),
    /// The reader of each kiosk, from the next start on.
    Readers(Vec<Reader>),
    /// The cameras of each kiosk. It takes other ones when nobody is there.
    Cameras(Vec<Cameras>),
}

/// The reader of a kiosk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reader {
    /// The kiosk, as in its address.
    pub kiosk: String,
    /// `auto`, `practice`, or a piece of the reader's name.
    pub reader: String,
}

/// The cameras of a kiosk: a piece of the name of each, as the browser there shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cameras {
    /// The kiosk, as in its address.
    pub kiosk: String,
    /// The one that looks at the card on the reader; `None`: there is none.
    pub card: Option<String>,
    /// The one that looks at the person; `None`: any other.
    pub face: Option<String>,
}

/// `GET /staff/api/settings/attached`: what there is to choose from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attached {
    /// The readers of this computer, by the names that `doctor` prints; `None`: the smart-card service does not answer.
    pub readers: Option<Vec<String>>,
    /// In the order of the configuration.
    pub kiosks: Vec<AttachedTo>,
}

/// What is attached to a kiosk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AttachedTo {
    /// The kiosk, as in its address.
    pub kiosk: String,
    /// Its name, for staff.
    pub title: String,
    /// Cameras that the browser there has named since the bridge was started.
    pub cameras: Vec<String>,
}

/// From opening to closing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// `HH:MM` in Japan.
    pub from: String,
    /// `HH:MM`; on the next day where it is not later than [`Span::from`].
    pub to: String,
}

/// `POST /staff/api/settings/change`: all of it or nothing. Answer: [`Settings`], or [`Wrong`] with 422.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// [`Settings::version`] as it was seen; refused with 409 when somebody has changed something since.
    pub seen: u64,
    /// These have other values from now on.
    #[serde(default)]
    pub set: Vec<Setting>,
    /// For these it counts again what the configuration file says.
    #[serde(default)]
    pub reset: Vec<Key>,
}

/// A value that cannot be: nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wrong {
    /// Of what.
    pub key: Key,
    /// What is expected.
    pub said: Sentence,
}

impl Setting {
    /// Which one it is.
    #[must_use]
    pub fn key(&self) -> Key {
        match self {
            Self::OpeningHours(_) => Key::OpeningHours,
            Self::ClosedDays(_) => Key::ClosedDays,
            Self::SelfTestMinutes(_) => Key::SelfTestMinutes,
            Self::RestartAt(_) => Key::RestartAt,
            Self::Destinations(_) => Key::Destinations,
            Self::InstitutionName(_) => Key::InstitutionName,
            Self::CallCentre(_) => Key::CallCentre,
            Self::BoardLockMinutes(_) => Key::BoardLockMinutes,
            Self::ReadingSeconds(_) => Key::ReadingSeconds,
            Self::PinSeconds(_) => Key::PinSeconds,
            Self::ResultFolder(_) => Key::ResultFolder,
            Self::Readers(_) => Key::Readers,
            Self::Cameras(_) => Key::Cameras,
        }
    }
}
