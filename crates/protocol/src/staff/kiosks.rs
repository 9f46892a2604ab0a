//! What the board tells of each kiosk: nothing of the person but how far they are.

use super::FormUp;
use crate::screen::Fault;
use serde::{Deserialize, Serialize};

/// One kiosk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kiosk {
    /// Its name in addresses, `/k/NAME`: `a`–`z`, `0`–`9` and `-`, 32 at most; goes back in [`super::Confirm`].
    pub name: String,
    /// Its name for staff, 40 characters at most.
    pub title: String,
    /// Whether somebody is there, and how far.
    pub state: KioskState,
}

/// Whether somebody is at a kiosk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum KioskState {
    /// Nobody can be served there.
    OutOfService {
        /// What is missing.
        fault: Fault,
        /// Name of the reader that is missing, as on the kiosk's own screen.
        reader: Option<String>,
    },
    /// Nobody is there.
    Idle,
    /// Somebody is.
    InUse {
        /// When this visit began, RFC 3339 with +09:00.
        since: String,
        /// What they are at.
        step: Step,
        /// What they need staff for; `null`: nothing, as far as the kiosk knows.
        needs: Option<Needed>,
        /// Number of the visit, which goes back in [`EndVisit`]; left out once it is over and only its card is waited for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        visit: Option<u64>,
        /// The form that is up, where there is one that staff can help with.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        form: Option<FormUp>,
    },
}

/// `POST /staff/api/kiosk/end`: the visit at a kiosk ends, as it would by itself in time. Answer: [`super::Board`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndVisit {
    /// [`Kiosk::name`].
    pub kiosk: String,
    /// [`KioskState::InUse::visit`]; refused when another one is there by now, or while a machine is asked.
    pub visit: u64,
}

/// What somebody at a kiosk needs staff for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Needed {
    /// What.
    pub what: Need,
    /// Since when, RFC 3339 with +09:00.
    pub since: String,
}

wire_enum! {
    /// What staff are needed for.
    Need {
        /// 目視.
        Eye,
        /// The card lies there although the visit is over: call its owner back.
        CardLeft,
        /// The reader went away in the middle of the visit: look after its cable.
        Reader,
    }
}

wire_enum! {
    /// How far a visit is, coarser than its screens.
    Step {
        /// The card is laid down and read; also where it is of no use.
        Card,
        /// 本人確認の方法.
        Method,
        /// 顔認証, with the numbers of the card front.
        Face,
        /// 暗証番号.
        Pin,
        /// 目視.
        Eye,
        /// 同意.
        Consent,
        /// The eligibility system is asked.
        Eligibility,
        /// Ways without the card.
        OtherWays,
        /// The numbers of a document, with the question about 限度額.
        Numbers,
        /// 被保険者資格申立書.
        Statement,
        /// 行き先.
        Destination,
        /// The result is on the screen.
        Result,
        /// The card is to be taken, or was.
        TakeCard,
    }
}
