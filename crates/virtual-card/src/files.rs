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
            made: BTreeMap::new(),
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
                x509::leaf(Family::Authentication, &self.persona, holder, self.now)
            }
            (App::Jpki, 0x000B) => x509::root(Family::Authentication).to_vec(),
            (App::Surface, 0x0001) => records::age_record(holder, &self.key(0)),
            (App::Surface, 0x0002) => {
                let portrait =
                    self.portrait.take().unwrap_or_else(|| Portrait::drawn(seed(&self.persona)));
                records::card_face(holder, &self.key(0), portrait.jp2())
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
