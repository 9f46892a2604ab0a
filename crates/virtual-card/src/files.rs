//! File contents of one card, made when first asked for: a certificate costs an RSA key.

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;
use rsa::RsaPrivateKey;
use zeroize::Zeroizing;

use crate::{
    keys::{self, Role},
    layout::App,
    persona::{Holder, Kind, Persona},
    portrait::Portrait,
    records,
    x509::{self, Family},
};

pub(crate) struct Files {
    persona: String,
    kind: Kind,
    holder: Option<Holder>,
    portrait: Option<Portrait>,
    now: Timestamp,
    /// Persona whose authentication certificate lies on the card.
    certificate: Option<(String, Holder)>,
    /// Persona whose card face was copied onto the card.
    records: Option<(String, Holder)>,
    made: BTreeMap<(App, u16), Arc<Zeroizing<Vec<u8>>>>,
}

impl Files {
    pub(crate) fn new(persona: &Persona, portrait: Option<Portrait>, now: Timestamp) -> Self {
        Self {
            persona: persona.id.clone(),
            kind: persona.kind,
            holder: persona.holder.clone(),
            portrait,
            now,
            certificate: None,
            records: None,
            made: BTreeMap::new(),
        }
    }

    pub(crate) fn carry_certificate_of(&mut self, other: &Persona) {
        self.certificate = other.holder.clone().map(|holder| (other.id.clone(), holder));
        self.made.clear();
    }

    pub(crate) fn carry_records_of(&mut self, other: &Persona) {
        self.records = other.holder.clone().map(|holder| (other.id.clone(), holder));
        self.made.clear();
    }

    /// Whose face stands in the card-face records, and the key in them.
    fn face(&self) -> Option<(&Holder, Arc<RsaPrivateKey>)> {
        match &self.records {
            Some((id, holder)) => Some((holder, keys::of(Role::Card, id))),
            None => self.holder.as_ref().map(|holder| (holder, self.key(0))),
        }
    }

    /// Makes the keys; the files follow as they are read.
    pub(crate) fn prepare(&self) {
        keys::prepare(&self.persona);
    }

    /// The bytes of a file; empty where this kind of card has nothing to say.
    pub(crate) fn get(&mut self, app: App, id: u16) -> Arc<Zeroizing<Vec<u8>>> {
        if let Some(made) = self.made.get(&(app, id)) {
            return Arc::clone(made);
        }
        let made = Arc::new(Zeroizing::new(self.make(app, id)));
        self.made.insert((app, id), Arc::clone(&made));
        made
    }

    /// The private key behind a key file of the JPKI application, or (`id` = 0) the card's own key.
    pub(crate) fn key(&self, id: u16) -> Arc<RsaPrivateKey> {
        let role = match id {
            0x0017 => Role::Auth,
            0x001A => Role::Sign,
            _ => Role::Card,
        };
        keys::of(role, &self.persona)
    }

    fn make(&mut self, app: App, id: u16) -> Vec<u8> {
        let Some(holder) = &self.holder else {
            return Vec::new();
        };
        match (app, id) {
            (App::Jpki, 0x0001) if holder.sign_password.is_some() => {
                x509::leaf(Family::Signing, &self.persona, holder, self.now)
            }
            (App::Jpki, 0x0002) => x509::root(Family::Signing).to_vec(),
            (App::Jpki, 0x0006) => records::token_info(self.kind),
            (App::Jpki, 0x0008) => records::availability(holder.sign_password.is_some()),
            (App::Jpki, 0x000A) => {
                let (persona, holder) = match &self.certificate {
                    Some((persona, other)) => (persona, other),
                    None => (&self.persona, holder),
                };
                x509::leaf(Family::Authentication, persona, holder, self.now)
            }
            (App::Jpki, 0x000B) => x509::root(Family::Authentication).to_vec(),
            (App::Surface, 0x0001) => {
                let (holder, key) = self.face().expect("there is a holder");
                records::age_record(holder, &key)
            }
            (App::Surface, 0x0002) => {
                let portrait =
                    self.portrait.clone().unwrap_or_else(|| Portrait::drawn(seed(&self.persona)));
                let (holder, key) = self.face().expect("there is a holder");
                records::card_face(holder, &key, portrait.jp2())
            }
            (App::Surface, 0x0003) => records::surface_ap_data(),
            (App::Surface, 0x0004) => records::cv_certificate(records::SURFACE_CA),
            (App::Text, 0x0002) => records::attributes(holder),
            (App::Text, 0x0003) => records::integrity(holder),
            (App::Text, 0x0004) => records::cv_certificate(records::TEXT_CA),
            (App::Text, 0x0005) => records::text_ap_data(),
            _ => Vec::new(),
        }
    }
}

fn seed(persona: &str) -> u64 {
    persona.bytes().fold(7, |seed, byte| seed.wrapping_mul(31).wrapping_add(u64::from(byte)))
}
