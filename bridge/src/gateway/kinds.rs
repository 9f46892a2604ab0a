//! Whom a kiosk asks, by its kind of reader.

use super::{Beside, ClientError, EligibilityGateway, Folder, Gateway, Http, Simulator};
use crate::config::{Config, GatewayChoice};
use crate::reader::Kind;
use std::sync::Arc;

/// One for patients and one for practice: what is practised never reaches a real system, whatever the site has set up.
pub struct Gateways {
    patients: Arc<Gateway>,
    practice: Arc<Gateway>,
}

impl Gateways {
    /// Patients are asked about at this system. So is practice if it may, and at a simulator of its own if not.
    pub fn new(system: Arc<dyn EligibilityGateway>) -> Self {
        let may_practise = system.may_practise();
        let patients = Arc::new(Gateway::new(system));
        let practice = if may_practise {
            Arc::clone(&patients)
        } else {
            Arc::new(Gateway::new(Arc::new(Simulator::practice())))
        };
        Self { patients, practice }
    }

    /// The system that the site chose.
    ///
    /// # Errors
    /// [`ClientError`].
    pub fn system_of(config: &Config) -> Result<Arc<dyn EligibilityGateway>, ClientError> {
        Ok(match &config.gateway {
            GatewayChoice::Simulator if config.own_cards => Arc::new(Simulator::for_own_cards()),
            GatewayChoice::Simulator => Arc::new(Simulator::practice()),
            GatewayChoice::Folder(terminal) => Arc::new(Folder::start(terminal.clone())),
            GatewayChoice::Beside(folder) => Arc::new(Beside::new(folder.clone())),
            GatewayChoice::Http(service) => Arc::new(Http::new(service)?),
        })
    }

    /// The one for this kind of reader.
    pub fn of(&self, kind: Kind) -> &Arc<Gateway> {
        match kind {
            Kind::Pcsc => &self.patients,
            Kind::Practice => &self.practice,
        }
    }
}
