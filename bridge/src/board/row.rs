//! One row: what staff know about one visit. It is in the store's words, not in the wire's: what goes over HTTP is made of it
//! there.

use super::beside::Beside;
use super::claim::Claim;
use super::limit::limit;
use super::listed::Listed;
use super::marks::Marks;
use crate::words::{maybe, one, several};
use checkin::claim::{ClaimRules, Situation, advise};
use checkin::consent::Topic;
use checkin::documents::{self, Document, PaperItem};
use checkin::effect::Handover;
use checkin::eligibility::Asked;
use checkin::ended::Ended;
use checkin::reception::StaffNotice;
use checkin::view::Outcome;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// See the module. No `Debug`: rows name people.
#[derive(Clone, Serialize, Deserialize)]
pub struct Row {
    /// When the visit ended.
    #[serde(with = "one")]
    pub at: Timestamp,
    /// Name of the kiosk, for staff; `None` where that is not known (any more).
    #[serde(default)]
    pub kiosk: Option<String>,
    /// Reception number of the day.
    pub number: Option<u16>,
    /// How it ended.
    #[serde(with = "one")]
    pub outcome: Ended,
    /// The answer is waited for in the background.
    pub parked: bool,
    /// `Name` as the system sent it, or as typed.
    pub name: Option<String>,
    /// `NameKana`.
    pub name_kana: Option<String>,
    /// The name with the characters that staff entered in the places of ●.
    pub completed: Option<String>,
    /// Where the person is going, by the site's Japanese name for it on that day.
    pub destination: Option<String>,
    /// How to claim, as the visit told it.
    pub claim: Claim,
    /// How to claim on the number that staff know of a person who was here before.
    #[serde(default)]
    pub known: Option<Claim>,
    /// The consents that may be withdrawn.
    #[serde(with = "several")]
    pub agreed: Vec<Topic>,
    /// The document whose numbers were typed.
    pub paper: Option<Paper>,
    /// What is known about 限度額適用認定証, in the words of the staff.
    pub limit: Option<String>,
    /// What the result's file could not hold: label and characters.
    pub lost: Vec<(String, String)>,
    /// When its result came, on a later day than the visit's.
    #[serde(with = "maybe")]
    pub late: Option<Timestamp>,
    /// The result that no file could take.
    pub by_hand: Option<ByHand>,
    /// What staff have ticked.
    #[serde(default)]
    pub marks: Marks,
    /// What staff have written about it, for their colleagues.
    #[serde(default)]
    pub note: Option<String>,
    /// Whom the clinic's patient list knows by what the visit brought; `None`: nobody.
    #[serde(default)]
    pub listed: Option<Listed>,
    /// What it has to do with the official reader beside the kiosk.
    #[serde(default)]
    pub beside: Option<Beside>,
}

/// A document that staff have to look at.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// Which.
    #[serde(with = "one")]
    pub document: Document,
    /// What to look at, in this order.
    #[serde(with = "several")]
    pub items: Vec<PaperItem>,
    /// Staff have looked at all of it.
    pub seen: bool,
}

/// A result that staff enter into the receipt computer.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ByHand {
    /// What does not fit: the element and what it may hold, never its value.
    pub why: String,
    /// Everything that the file would have told, label and value, in its order.
    pub values: Vec<(String, String)>,
}

impl Row {
    /// Of a visit that has not told anything of itself.
    pub(super) fn bare(at: Timestamp) -> Self {
        Self {
            at,
            kiosk: None,
            number: None,
            outcome: Ended::Confirmed,
            parked: false,
            name: None,
            name_kana: None,
            completed: None,
            destination: None,
            claim: Claim::unknown(),
            known: None,
            agreed: Vec::new(),
            paper: None,
            limit: None,
            lost: Vec::new(),
            late: None,
            by_hand: None,
            marks: Marks::default(),
            note: None,
            listed: None,
            beside: None,
        }
    }

    /// What the visit tells now; where the person is going, and what staff have done, stays.
    pub(super) fn tell(&mut self, kiosk: &str, notice: &StaffNotice) {
        self.kiosk = Some(kiosk.to_owned());
        self.outcome = Ended::of(notice.outcome);
        self.parked = notice.parked;
        self.name.clone_from(&notice.name);
        self.name_kana.clone_from(&notice.name_kana);
        self.claim = Claim::of(&notice.advice);
        self.agreed.clone_from(&notice.agreed);
        let seen = self.paper.take().is_some_and(|paper| paper.seen);
        self.paper = notice.paper.as_ref().map(|paper| Paper::of(paper, seen));
        self.limit = notice.limit.map(limit);
    }

    /// What the result file of a visit tells that was forgotten with its day.
    pub(super) fn tell_result(&mut self, handover: &Handover, today: Date) {
        let Handover { eligibility, asked, .. } = handover;
        let first = eligibility.qualifications.first();
        let validity = eligibility.validity;
        let valid = eligibility.is_valid();
        self.outcome =
            Ended::of(if valid { Outcome::Confirmed } else { Outcome::NotConfirmed(validity) });
        self.claim = Claim::of(&advise(&Situation {
            eligibility: Some(eligibility),
            numbers: None,
            statement: None,
            card_shown: *asked == Asked::Card,
            oral: false,
            birth: None,
            today,
            rules: &ClaimRules::default(),
        }));
        self.name = first.map(|q| q.name.clone());
        self.name_kana = first.map(|q| q.name_kana.clone());
    }

    /// How to claim. A later answer of the system counts more than what was known before.
    pub fn claim(&self) -> &Claim {
        let known = self.known.as_ref().filter(|_| self.outcome == Ended::Oral);
        known.unwrap_or(&self.claim)
    }
}

impl Paper {
    fn of(paper: &documents::Paper, seen: bool) -> Self {
        Self { document: paper.document, items: paper.items.clone(), seen }
    }
}
