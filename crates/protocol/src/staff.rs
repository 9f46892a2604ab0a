//! HTTP interface of the staff board (`/staff`), JSON, same origin and token as the kiosk. Everything
//! but [`Enter`] also carries the session that the bridge gave out, in `x-uketsuke-staff`.

mod alarm;
mod kiosks;
mod listed;
mod live;
mod typed;

pub use alarm::Alarm;
pub use kiosks::{EndVisit, Kiosk, KioskState, Need, Needed, Step};
pub use listed::{ChoosePatient, Fit, Insured, Listed};
pub use live::{LIVE_ALIVE_MS, LIVE_SILENCE_MS, Live};
pub use typed::{FormUp, KioskForm, TypeFor, Typed, TypedStatement, UsualShare};

use crate::account::Me;
use crate::action::VisualReason;
use crate::call::Place;
pub use crate::marks::{Called, Mark, Marks, NOTE_CHARS, SetMark, SetNote};
use crate::screen::{Document, Outcome, PasscodeProblem, Topic};
use crate::secret::Redacted;
use serde::{Deserialize, Serialize};

/// `POST /staff/api/enter`: the facility's passcode. Answer: [`Entered`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enter {
    /// The facility's passcode, 4 digits; full width is taken.
    pub passcode: Redacted,
    /// The board of practice is asked for, also where other kiosks serve patients. Without it the patients', or that of
    /// practice where every kiosk practises.
    #[serde(default)]
    pub practice: bool,
}

/// A staff session, for the board of patients or for that of practice: nothing of the other one is in its answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entered {
    /// For `x-uketsuke-staff`; ends after 12 hours, without use, or with the bridge.
    pub session: Redacted,
    /// It ends after so many seconds without use, and the page shows nothing any more by then.
    pub lock_s: u32,
    /// Whose it is; left out where the facility's passcode opened it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub me: Option<Me>,
}

/// `GET /staff/api/board`: the visits of today, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Board {
    /// Grows with every change; a board with a lower one is older.
    pub revision: u64,
    /// The kiosks whose visits these are, in the order of the configuration.
    pub kiosks: Vec<Kiosk>,
    /// This is the board of practice.
    pub practice: bool,
    /// Telephone of the national call centre for institutions; `None` = left out.
    pub call_centre: Option<String>,
    /// Eligibility comes from the simulator.
    pub simulated: bool,
    /// Visits whose answer is waited for.
    pub parked: u16,
    /// Who waits for 目視, by kiosk.
    pub waiting: Vec<Waiting>,
    /// What is wrong with the site itself; empty when all is well.
    pub alarms: Vec<Alarm>,
    /// When the last self-test was made, RFC 3339 with +09:00; left out while there was none since the start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tested: Option<String>,
    /// Rows that this version of the bridge cannot read, newest first; empty when all is well.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<Unread>,
    /// The other bridges of this site whose visits are here, too, by name; empty where the bridge shares no database.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<OtherBridge>,
    /// Where people may be called to, in this order; one at least.
    pub call_places: Vec<Place>,
    /// The visits of today, newest first.
    pub visits: Vec<Visit>,
}

/// Another bridge of this site. Its visits are here to look at: what is to be done about them is done at its own board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OtherBridge {
    /// Its name at the site, of `a`–`z`, `0`–`9` and `-`.
    pub name: String,
    /// Its visits are shown as they were at this moment, RFC 3339 with +09:00: it or the site's database is away since then;
    /// `None`: they are as they are now.
    pub since: Option<String>,
    /// Rows of it that this version of the bridge cannot read.
    pub unread: u32,
}

/// A row that another version of the bridge wrote, or that is damaged. It is kept as it is until its day is over, and until
/// [`EnteredByHand`] where there is a result to enter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unread {
    /// Number of the visit at this site.
    pub visit: u64,
    /// Reception number of the day.
    pub number: Option<u16>,
    /// When the visit ended, RFC 3339 with +09:00, where that is known.
    pub at: Option<String>,
    /// A result in it is still to be entered by hand.
    pub by_hand: bool,
    /// A newer version wrote it; otherwise it is damaged.
    pub newer: bool,
}

/// Somebody at a kiosk waits for 目視.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Waiting {
    /// [`Kiosk::name`] of where.
    pub kiosk: String,
    /// Goes back in [`Confirm`]: this visit at this moment, and no other one at this kiosk.
    pub seen: u64,
    /// What was wrong with the last passcode, be it typed here or at the kiosk.
    pub problem: Option<PasscodeProblem>,
}

/// `POST /staff/api/visual`: 目視確認 of the person who waits at a kiosk. Answer: [`Board`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Confirm {
    /// [`Waiting::kiosk`].
    pub kiosk: String,
    /// [`Waiting::seen`]; refused when somebody else or nobody waits by now.
    pub seen: u64,
    /// The facility's passcode once more, 4 digits, where it opened the board. Left out where an account did, which says who it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passcode: Option<Redacted>,
    /// Why by eye.
    pub reason: VisualReason,
}

/// The person who waits for 目視 at a kiosk: `POST /staff/api/visual/refuse`, 目視 said no (answer: [`Board`]), and `POST
/// /staff/api/visual/face`, with whom to compare (answer: [`ToCompare`]).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AtKiosk {
    /// [`Waiting::kiosk`].
    pub kiosk: String,
    /// [`Waiting::seen`]; refused when somebody else or nobody waits by now.
    pub seen: u64,
}

/// What the chip told in the visit of the person who waits, never kept. Both are missing unless the person opened the photo at
/// the kiosk: then the card in the person's hand is what there is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToCompare {
    /// Birth date of the signed record, `YYYY-MM-DD` as in the register (month and day may be `00`).
    pub birth: Option<Redacted>,
    /// The photo as PNG, in base64.
    pub picture: Option<Redacted>,
}

/// A visit of today, as the board shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Visit {
    /// Number of the visit, one sequence for all kiosks; of another bridge's visit a number that no other row of this board has.
    pub visit: u64,
    /// [`OtherBridge::name`] of the bridge at whose kiosk it was: nothing can be changed here. Left out where it was at this bridge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bridge: Option<String>,
    /// [`Kiosk::title`] of where it was; left out where it is not known any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kiosk: Option<String>,
    /// Reception number of the day.
    pub number: Option<u16>,
    /// When it ended, RFC 3339 with +09:00.
    pub at: String,
    /// How the visit ended: what the person is told about it.
    pub outcome: Outcome,
    /// The answer is waited for in the background.
    pub parked: bool,
    /// `Name` as the system sent it, or as typed.
    pub name: Option<String>,
    /// `NameKana` of the result, half width as it came.
    pub name_kana: Option<String>,
    /// Positions of ● in the name, from 1.
    pub circles: Vec<u16>,
    /// The name with the characters that staff entered; the sent form stays in `name`.
    pub completed: Option<String>,
    /// Where the person is going.
    pub destination: Option<String>,
    /// How to claim.
    pub claim: Claim,
    /// Consents that may be withdrawn here.
    pub agreed: Vec<Topic>,
    /// The document whose numbers were typed at the kiosk.
    pub paper: Option<Paper>,
    /// What is known about 限度額適用認定証, in Japanese; `None` where nobody was asked and nothing was answered.
    pub limit: Option<String>,
    /// Texts of the result file in which ● stands for characters that its encoding lacks: label in Japanese, and the characters.
    pub lost: Vec<(String, String)>,
    /// The visit was of a day before this moment, RFC 3339 with +09:00: its result came only then.
    pub late: Option<String>,
    /// The result did not fit the file for the receipt computer: staff enter it by hand.
    pub by_hand: Option<ByHand>,
    /// What staff have ticked about it.
    pub marks: Marks,
    /// What staff have written about it; left out where they have not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Whom the clinic's patient list knows by what the visit brought; left out where that is nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub listed: Option<Listed>,
}

/// A document that staff have to look at before the visit is done: nobody has seen it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paper {
    /// The document that staff have to look at.
    pub document: Document,
    /// What to look at, in this order.
    pub items: Vec<PaperItem>,
    /// Staff have looked at all of it.
    pub seen: bool,
}

/// One thing to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaperItem {
    /// The My Number Card, without which the document does not count.
    Card,
    /// 負担割合 as printed on the document.
    Share,
    /// 有効期限, where there is one.
    ValidUntil,
    /// 発効期日, from 70 on.
    ShareFrom,
}

/// `POST /staff/api/paper`: the document was looked at. Answer: [`Board`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SeePaper {
    /// The visit's number in the store, as the board gave it.
    pub visit: u64,
    /// What was looked at; refused unless it is all of [`Paper::items`].
    pub seen: Vec<PaperItem>,
}

/// `POST /staff/api/known`: nothing has changed, or since when, and the number that staff know of a
/// person who was here before. Answer: [`Board`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Known {
    /// Which visit; its outcome is `oral`.
    pub visit: u64,
    /// 保険者番号 as on the document, digits of either width.
    pub insurer_number: Redacted,
    /// 記号, may be empty.
    pub symbol: Redacted,
    /// 番号 of the 被保険者証等記号・番号; leading zeros count.
    pub number: Redacted,
    /// 枝番, may be empty.
    pub branch: Redacted,
    /// It has changed since: ②, not ①.
    pub past: bool,
}

/// A result that no file could take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ByHand {
    /// What does not fit: the element and what it may hold, never its value.
    pub why: String,
    /// Everything that the file would have told, label and value, in Japanese.
    pub values: Vec<(String, String)>,
}

/// Advice for the claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Claim {
    /// Which of the three ways to claim.
    pub route: Route,
    /// 保険者番号; this and the following are empty where nothing is decided yet.
    pub insurer_number: String,
    /// 記号; empty where the insurer has none.
    pub symbol: String,
    /// 番号 of the 被保険者証等記号・番号; leading zeros count.
    pub number: String,
    /// 枝番, 2 digits; `None` where there is none.
    pub branch: Option<String>,
    /// Lines for 摘要, in Japanese.
    pub remarks: Vec<String>,
    /// What to do besides.
    pub notes: Vec<Note>,
    /// Where a claim on unknown numbers goes; `null` for the other routes.
    pub send_to: Option<SendTo>,
    /// Possible shares in percent; one = certain, none = neither card nor paper was shown. Never 100.
    pub shares: Vec<u8>,
}

/// Where a claim on unknown numbers goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SendTo {
    /// 社会保険診療報酬支払基金: claims of 被用者保険 go there.
    PaymentFund,
    /// 国民健康保険団体連合会: claims of 国保 and 後期高齢 go there.
    Federation,
    /// The facility chooses.
    Either,
}

/// The three ways to claim, and none yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Route {
    /// ① on the current number.
    Current,
    /// ② on a past number (旧資格).
    Past,
    /// ③ on unknown numbers (不詳).
    Unknown,
    /// The reception decides: neither card nor paper was shown, or the known number is to be confirmed.
    Undecided,
}

/// What staff should do or know besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Note {
    /// The card could not be verified.
    CardNotVerified,
    /// Ask for a My Number Card or a paper that counts by itself.
    AskForCard,
    /// Ask whether anything has changed: that counts in place of a 申立書.
    AskWhetherChanged,
    /// Ask the system again before claiming.
    AskSystemAgain,
    /// Ask the person for the new number.
    AskNewNumber,
    /// Ask which qualification is used now.
    AskWhich,
    /// The answer is about somebody born on another day; it was not used.
    AnswerAboutAnother,
    /// Ask for name and birth date: nothing at the kiosk tells whether the answer is about this person.
    CompareBirth,
    /// The answer contradicts itself.
    Contradictory,
    /// Compare the typed numbers with the paper.
    CompareWithPaper,
    /// 医療扶助: by the 医療券.
    MedicalAssistance,
    /// A 申立書 is needed.
    StatementNeeded,
    /// Keep the signed 申立書 until the claim is paid, then destroy it.
    KeepStatement,
    /// The clinic's patient list does not have the card's owner.
    PatientNotInList,
    /// It has, but no insurance: enter the one of today.
    PatientWithoutNumbers,
    /// More than one in it fits, or nearly: look which it is.
    PatientUnsure,
    /// The official reader has confirmed somebody who has taken no number at the kiosk: give the person this one.
    AtReaderOnly,
    /// A result of the official reader and another line may be the same person's: look which, by name and birth date.
    AtReaderUnsure,
}

/// `POST /staff/api/withdraw`. Answer: [`Board`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withdraw {
    /// The visit's number in the store, as the board gave it.
    pub visit: u64,
    /// The topic whose consent is taken back.
    pub topic: Topic,
}

/// `POST /staff/api/entered`: a result was entered by hand. Answer: [`Board`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnteredByHand {
    /// The visit's number in the store, as the board gave it.
    pub visit: u64,
}

/// `POST /staff/api/complete`: the characters in the places of ●, in order. Answer: [`Board`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Complete {
    /// The visit's number in the store, as the board gave it.
    pub visit: u64,
    /// As many characters as the name has ●.
    pub known: Redacted,
}
