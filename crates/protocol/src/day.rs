//! The day view of the staff pages: what one day came to, in numbers. Nothing here names anybody or any single visit.

use serde::{Deserialize, Serialize};

/// `GET /staff/api/day`: today so far, for patients or for practice as the session is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Day {
    /// The day in Japan, `2027-02-16`.
    pub date: String,
    /// It is about practice.
    pub practice: bool,
    /// Visits that have ended.
    pub ended: u32,
    /// Tables, in the order in which they are shown; each key comes once, keys without a count are left out.
    pub counts: Vec<Counts>,
    /// How long things took; what nobody did is left out.
    pub times: Vec<Times>,
}

/// One table of counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counts {
    /// What is counted.
    pub of: Counted,
    /// Key and count. Hours are `00` to `23`, kiosks their names for staff (`""` where that is not known any more); everything else
    /// is the word that the audit has for it.
    pub counts: Vec<(String, u32)>,
}

/// What a table counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counted {
    /// Visits by the hour in which they ended.
    Hour,
    /// Visits by kiosk.
    Kiosk,
    /// Visits by their end.
    Outcome,
    /// Identifications by their way: `face`, `pin`, `visual`.
    Way,
    /// 目視 by its reason.
    VisualReason,
    /// Ways of the fallback navigator that were taken.
    Fallback,
    /// What went wrong on the way, whatever the visit came to: cards that were doubted, faces that did not match, and the like.
    Trouble,
}

/// How long one thing took, over all visits of the day that did it. Exact, to the second in which the audit has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Times {
    /// What.
    pub step: Step,
    /// How many there were, from 1.
    pub count: u32,
    /// Half of them took as many seconds or fewer.
    pub median_s: u32,
    /// 95 of 100 took as many or fewer; `None` below 20, of which it would be the longest.
    pub p95_s: Option<u32>,
    /// The longest.
    pub longest_s: u32,
}

/// What is timed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// A card was recognised, up to the end of the visit.
    Whole,
    /// A card was recognised, up to the person being identified.
    Identify,
    /// Identified, up to the last consent.
    Consent,
    /// The last consent, up to the end: the system's answer and what is done with it.
    Answer,
    /// The end of the visit, up to 呼んだ for the first time.
    CallWait,
    /// 呼んだ for the first time, up to 済.
    Desk,
}
