//! What all kiosks of a site share.

use crate::accounts::Accounts;
use crate::beside::Beside;
use crate::clock::Clock;
use crate::config::Config;
use crate::desk::Desks;
use crate::gateway::{Gateways, Unasked};
use crate::ledger::Ledgers;
use crate::models;
use crate::passcode::Guards;
use crate::patients::PatientList;
use crate::reader::Kind;
use crate::sessions::Sessions;
use crate::settings::Settings;
use crate::store::StoreError;
use checkin::claim::ClaimRules;
use checkin::gateway::Reach;
use checkin::identity::FaceRule;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::watch;

/// See the module. Nothing in here belongs to one place or to one person.
pub struct Site {
    /// What is kept: visits and audit, the staff board, result files; for patients and for practice.
    pub ledgers: Ledgers,
    /// The eligibility system: that of the patients, and that of practice.
    pub gateways: Gateways,
    /// Whom the clinic knows, in the place of the ledgers' lists.
    patients: Option<Arc<dyn PatientList>>,
    /// Who checks passcodes.
    pub guards: Guards,
    /// Accounts of staff.
    pub accounts: Accounts,
    /// Staff who entered the board.
    pub sessions: Sessions,
    /// Who waits for the official reader beside the kiosks of patients, where there is one.
    pub beside: Option<Arc<Beside>>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// What visits go by.
    pub rules: Rules,
    /// What managers decided.
    pub settings: Settings,
    /// What its institution is, as far as its code tells.
    pub institution: Option<protocol::InstitutionKind>,
    /// Where the desks of its kiosks hear of what concerns all of them.
    pub desks: Desks,
    /// Counts the changes of what kiosks show, for those who look on.
    pub shown: watch::Sender<u64>,
    /// The data folder, for the room that is left on its disk.
    pub data: PathBuf,
}

/// What the site decided and its visits have to know.
pub struct Rules {
    /// Operating point of the face match; `None`: its models are not prepared.
    pub face: Option<FaceRule>,
    accept_practice_cards: bool,
    claim: ClaimRules,
}

impl Site {
    /// Opens what is kept and reads what else is needed from files.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open(
        config: &Config,
        settings: Settings,
        gateways: Gateways,
        patients: Option<Arc<dyn PatientList>>,
        clock: Arc<dyn Clock>,
        desks: Desks,
    ) -> Result<Self, StoreError> {
        let face = models::load(&config.models);
        if let Err(error) = &face {
            tracing::warn!(%error, "face matching is not available");
        }
        let values = settings.changes();
        let ledgers = Ledgers::open(config)?;
        let patients_at = gateways.of(Kind::Pcsc);
        let beside = (patients_at.reach() == Reach::Nothing).then(|| {
            let beside = Arc::new(Beside::open(Arc::clone(ledgers.of(Kind::Pcsc))));
            patients_at.tell_unasked(Arc::clone(&beside) as Arc<dyn Unasked>);
            beside
        });
        Ok(Self {
            ledgers,
            beside,
            gateways,
            patients,
            guards: Guards::new(config.passcode_hash.clone(), &config.data),
            accounts: Accounts::open(&config.data)?,
            sessions: Sessions::new(move || values.borrow().board_lock()),
            clock,
            rules: Rules {
                face: face.ok(),
                accept_practice_cards: config.accept_practice_cards,
                claim: config.claim,
            },
            settings,
            institution: config.institution.score_table().map(kind_of),
            desks,
            shown: watch::channel(0).0,
            data: config.data.clone(),
        })
    }

    /// Whether the facility's passcode opens the board of this kind of reader: practice and rehearsals, which show no patient,
    /// and patients' until somebody has an account.
    pub(crate) fn opens_by_passcode(&self, kind: Kind) -> bool {
        kind == Kind::Practice || self.rules.accept_practice_cards || !self.accounts.any()
    }

    /// Whom the clinic knows, for visits at this kind of reader.
    pub(crate) fn patients_of(&self, kind: Kind) -> Arc<dyn PatientList> {
        let own = || Arc::clone(&self.ledgers.of(kind).patients) as Arc<dyn PatientList>;
        self.patients.clone().unwrap_or_else(own)
    }

    /// What a visit at this kind of reader goes by, at a kiosk with so many destinations.
    pub(crate) fn rules_at(&self, kind: Kind, destinations: usize) -> checkin::Config {
        let Rules { face, accept_practice_cards, claim, .. } = &self.rules;
        checkin::Config {
            face: face.clone().unwrap_or_else(models::never),
            accept_practice_cards: kind == Kind::Practice || *accept_practice_cards,
            passcode_set: self.guards.is_set(kind),
            destinations: u8::try_from(destinations).unwrap_or(u8::MAX),
            claim: *claim,
            reach: self.gateways.of(kind).reach(),
            patience: self.settings.now().patience,
        }
    }
}

/// What the 点数表 of an institution's code makes it.
fn kind_of(table: oqs::ScoreTable) -> protocol::InstitutionKind {
    match table {
        oqs::ScoreTable::Medical => protocol::InstitutionKind::Medical,
        oqs::ScoreTable::Dental => protocol::InstitutionKind::Dental,
        oqs::ScoreTable::Dispensing => protocol::InstitutionKind::Pharmacy,
    }
}
