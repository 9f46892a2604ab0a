//! The self-test of the staff pages: whether everything that checking in needs is well. Nothing here names anybody.

use serde::{Deserialize, Serialize};

/// `GET /staff/api/self_test`, and the answer of `POST /staff/api/self_test/run`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SelfTest {
    /// What was found last; `None`: nothing was tested since the bridge started.
    pub report: Option<Report>,
}

/// What was found. All is well as far as it can be tested when no finding is a [`State::Fault`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// When, RFC 3339 with +09:00.
    pub at: String,
    /// One for each thing, and for each kiosk where it has its own; in a fixed order.
    pub findings: Vec<Finding>,
}

/// What was found of one thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Finding {
    /// Of what.
    pub check: Check,
    /// The kiosk's name for staff, where it is about one and there are several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kiosk: Option<String>,
    /// How it is.
    pub state: State,
    /// What it is, or what to do.
    pub said: Sentence,
}

/// The same in each language of the pages, some hundred characters at most.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sentence {
    /// Japanese.
    pub ja: String,
    /// English.
    pub en: String,
}

/// How something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It was tested, and is well.
    Fine,
    /// It works, with less than there could be.
    Note,
    /// Somebody has to do something.
    Fault,
    /// The bridge cannot tell: a person has to look.
    NotTested,
}

/// What is tested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// The kiosk's card reader, and the service that it hangs on.
    Reader,
    /// A card is read there.
    Card,
    /// The kiosk's cameras.
    Camera,
    /// The kiosk's page is open.
    Screen,
    /// The store: audit, consents and results are as they were written.
    Store,
    /// The computer's clock.
    Clock,
    /// Room on the disk of the data folder.
    Disk,
    /// The face models.
    Models,
    /// The files of the pages.
    Pages,
    /// The folder for the receipt computer.
    Results,
    /// The clinic's patient list can be opened.
    Patients,
    /// The folders of the 資格確認端末.
    Terminal,
    /// The facility's passcode for 目視.
    Passcode,
    /// The root certificates of cards.
    Roots,
    /// The certificate of the site's network.
    Network,
    /// The site's database.
    Database,
    /// When the bridge was started last.
    Restart,
}
